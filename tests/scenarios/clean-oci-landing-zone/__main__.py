"""A landing zone as it is usually laid out: one compartment a concern, one group for each, and services where they work."""

import pulumi
import pulumi_oci as oci

tenancy = pulumi.Config().require("tenancyOcid")


def compartment(name: str) -> oci.identity.Compartment:
    return oci.identity.Compartment(name, compartment_id=tenancy, name=name, description=name, enable_delete=False)


network, security, apps, data = (compartment(name) for name in ("network", "security", "apps", "data"))


def dynamic_group(name: str, resource_type: str) -> oci.identity.DynamicGroup:
    return oci.identity.DynamicGroup(
        name,
        compartment_id=tenancy,
        name=name,
        description=name,
        matching_rule=pulumi.Output.format(
            "ALL {{resource.type = '{0}', resource.compartment.id = '{1}'}}", resource_type, apps.id
        ),
    )


dynamic_group("order-functions", "fnfunc")
dynamic_group("gateways", "ApiGateway")
dynamic_group("order-databases", "autonomousdatabase")

oci.identity.Policy(
    "people",
    compartment_id=tenancy,
    name="people",
    description="Who administers and who looks",
    statements=[
        "Allow group NetworkAdmins to manage virtual-network-family in tenancy",
        "Allow group NetworkAdmins to manage load-balancers in compartment network",
        "Allow group NetworkAdmins to read instance-family in compartment apps",
        "Allow group SecurityAdmins to manage vaults in compartment security",
        "Allow group SecurityAdmins to manage keys in compartment security",
        "Allow group SecurityAdmins to manage secret-family in compartment security",
        "Allow group SecurityAdmins to manage bastion-family in compartment security",
        "Allow group SecurityAdmins to read audit-events in tenancy",
        "Allow group 'Default'/'Auditors' to inspect all-resources in compartment apps",
        "Allow group 'Default'/'Auditors' to inspect users in tenancy",
        "Allow group 'Default'/'Auditors' to inspect policies in tenancy",
        "Allow group 'Default'/'Auditors' to read audit-events in tenancy",
        "Allow group DatabaseAdmins to manage database-family in compartment data",
        "Allow group DatabaseAdmins to manage autonomous-database-family in compartment data",
        "Allow group DatabaseAdmins to use virtual-network-family in compartment network",
        "Allow group StorageUsers to manage object-family in compartment data",
        "Allow group StorageUsers to manage volume-family in compartment data",
        "Allow group AppDevelopers to use fn-invocation in compartment apps",
        "Allow group AppDevelopers to manage cluster-family in compartment apps",
        "Allow group AppDevelopers to read repos in tenancy",
    ],
)
oci.identity.Policy(
    "services",
    compartment_id=tenancy,
    name="services",
    description="What the services of Oracle do for us",
    statements=[
        "Allow service FaaS to use virtual-network-family in compartment network",
        "Allow service FaaS to read repos in compartment apps",
        "Allow service OKE to use virtual-network-family in compartment network",
        "Allow service objectstorage-eu-frankfurt-1 to manage object-family in compartment data",
        "Allow service objectstorage-eu-frankfurt-1, blockstorage to use keys in compartment security",
    ],
)
oci.identity.Policy(
    "workloads",
    compartment_id=tenancy,
    name="workloads",
    description="What runs in the compartment of the applications",
    statements=[
        "Allow dynamic-group order-functions to read objects in compartment data where target.bucket.name = 'orders'",
        "Allow dynamic-group order-functions to read secret-bundles in compartment security where target.secret.name = 'orders'",
        "Allow dynamic-group gateways to use fn-invocation in compartment apps",
        "Allow dynamic-group order-databases to use keys in compartment security",
        pulumi.Output.format(
            "Allow any-user to use fn-invocation in compartment id {0} where ALL {{request.principal.type = 'ApiGateway', "
            "request.resource.compartment.id = '{0}'}}",
            apps.id,
        ),
    ],
)
