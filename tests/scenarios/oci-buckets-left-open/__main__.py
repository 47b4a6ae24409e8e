"""Survey data that partners fetch and deliver by whatever worked on the day."""

import pulumi
import pulumi_oci as oci

tenancy = pulumi.Config().require("tenancyOcid")
namespace = oci.objectstorage.get_namespace_output(compartment_id=tenancy).namespace
survey = oci.identity.Compartment(
    "survey", compartment_id=tenancy, name="survey", description="Survey data", enable_delete=True
)

maps = oci.objectstorage.Bucket(
    "maps",
    compartment_id=survey.id,
    namespace=namespace,
    name="survey-maps",
    access_type="ObjectRead",
    versioning="Enabled",
)
raw = oci.objectstorage.Bucket(
    "raw",
    compartment_id=survey.id,
    namespace=namespace,
    name="survey-raw",
    object_events_enabled=True,
)
for name, bucket in (("maps", maps), ("raw", raw)):
    oci.logging.Log(
        f"{name}-writes",
        display_name=f"{name}-writes",
        log_group_id="ocid1.loggroup.oc1..survey",
        log_type="SERVICE",
        is_enabled=name == "maps",
        configuration={
            "source": {
                "source_type": "OCISERVICE",
                "service": "objectstorage",
                "category": "write",
                "resource": bucket.name,
            }
        },
    )
oci.objectstorage.ReplicationPolicy(
    "copy",
    namespace=namespace,
    bucket=raw.name,
    name="copy",
    destination_bucket_name="survey-raw-copy",
    destination_region_name="eu-zurich-1",
)

everything = oci.objectstorage.Preauthrequest(
    "partner",
    namespace=namespace,
    bucket=raw.name,
    name="partner",
    access_type="AnyObjectReadWrite",
    bucket_listing_action="ListObjects",
    time_expires="2099-12-31T23:59:59Z",
)
oci.objectstorage.Preauthrequest(
    "delivery",
    namespace=namespace,
    bucket=raw.name,
    name="delivery",
    access_type="ObjectWrite",
    object_name="delivery.zip",
    time_expires="2099-12-31T23:59:59+01:00",
    opts=pulumi.ResourceOptions(additional_secret_outputs=["accessUri", "fullPath"]),
)

oci.identity.Policy(
    "partners",
    compartment_id=tenancy,
    name="survey-partners",
    description="What the partner may do with the survey data",
    statements=[
        "Define tenancy Partner as ocid1.tenancy.oc1..examplepartner",
        "Define group Surveyors as ocid1.group.oc1..examplesurveyors",
        "Admit group Surveyors of tenancy Partner to use object-family in compartment survey",
    ],
)

pulumi.export("partner_url", everything.full_path)
