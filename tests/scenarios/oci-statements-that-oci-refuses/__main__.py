"""Policies with the slips that people make, beside statements that OCI takes."""

import pulumi
import pulumi_oci as oci

config = pulumi.Config()
tenancy = config.require("tenancyOcid")

data = oci.identity.Compartment(
    "data", compartment_id=tenancy, name="Data", description="What the platform holds", enable_delete=True
)
loaders = oci.identity.DynamicGroup(
    "loaders",
    compartment_id=tenancy,
    name="loaders",
    description="The functions that load",
    matching_rule='ALL {resource.type = "fnfunc", resource.compartment.id = "ocid1.compartment.oc1..exampledata"}',
)
analysts = oci.identity.Policy(
    "analysts",
    compartment_id=tenancy,
    name="analysts",
    description="The analysts read",
    statements=[
        "Allow group Data Analysts to read objects in compartment Data",
        "Allow group Analysts to read bukets in compartment Data",
        "Allow group Analysts to read, inspect log-content in compartment Data",
        "Allow group Analysts to read objects in compartment Data where target.bucket.name = 'raw' and request.region = 'fra'",
        "Allow group Analysts to read objects in compartment Data where target.bucket.name = raw",
        "Allow group Analysts to inspect buckets in compartment Data",
        "allow group 'Data Analysts' to READ objects in compartment Data where ALL{target.bucket.name=/raw-*/}",
    ],
    opts=pulumi.ResourceOptions(depends_on=[data]),
)
operators = oci.identity.Policy(
    "operators",
    compartment_id=tenancy,
    name="operators",
    description="The operators run",
    statements=[
        "Allow user Olga to use instances in compartment Data",
        "Allow group Operators to use instances in Data",
        "Allow group Operators to use instances in compartment ocid1.compartment.oc1..exampledata",
        "Allow group Operators to use instances in compartment Data where any {request.region = 'fra', request.region = 'iad'",
        "Allow group Operators to {INSTANCE_POWER_ACTION} instances in compartment Data",
        "Allow group Operators to read instance family in compartment Data // for the night shift",
        "Allow group Operators to read metrics in compartment Data",
        "Disallow group Operators to manage instances in compartment Data",
        "Allow group Operators but Olga to use instances in compartment Data",
        "Allow group id ocid1.group.oc1..exampleoperators to use instances in compartment Data where request.region in ('fra', 'iad')",
    ],
    opts=pulumi.ResourceOptions(depends_on=[data]),
)
partners = oci.identity.Policy(
    "partners",
    compartment_id=tenancy,
    name="partners",
    description="What the partners share",
    statements=[
        "Endorse group Exporters to use objects in tenancy Partner",
        "Define tenancy Supplier as ocid1.tenancy.oc1..examplesupplier",
        "Endorse group Exporters to read objects in tenancy Supplier",
    ],
    opts=pulumi.ResourceOptions(depends_on=[data]),
)

pulumi.export("loaders", loaders.id)
pulumi.export("policies", [analysts.id, operators.id, partners.id])
