"""Survey data as it should be kept: private, versioned, logged, with a key and a copy, and handed out one file at a time."""

from datetime import UTC, datetime, timedelta

import pulumi
import pulumi_oci as oci

tenancy = pulumi.Config().require("tenancyOcid")
namespace = oci.objectstorage.get_namespace_output(compartment_id=tenancy).namespace
survey = oci.identity.Compartment(
    "survey", compartment_id=tenancy, name="survey", description="Survey data", enable_delete=True
)
vault = oci.kms.Vault("survey", compartment_id=survey.id, display_name="survey", vault_type="DEFAULT")
key = oci.kms.Key(
    "survey",
    compartment_id=survey.id,
    display_name="survey",
    management_endpoint=vault.management_endpoint,
    key_shape={"algorithm": "AES", "length": 32},
)
logs = oci.logging.LogGroup("survey", compartment_id=survey.id, display_name="survey")


def bucket(name: str, provider: oci.Provider | None = None) -> oci.objectstorage.Bucket:
    made = oci.objectstorage.Bucket(
        name,
        compartment_id=survey.id,
        namespace=namespace,
        name=name,
        access_type="NoPublicAccess",
        versioning="Enabled",
        kms_key_id=key.id,
        object_events_enabled=True,
        opts=pulumi.ResourceOptions(provider=provider),
    )
    oci.logging.Log(
        f"{name}-writes",
        display_name=f"{name}-writes",
        log_group_id=logs.id,
        log_type="SERVICE",
        is_enabled=True,
        configuration={
            "source": {
                "source_type": "OCISERVICE",
                "service": "objectstorage",
                "category": "write",
                "resource": made.name,
            }
        },
        opts=pulumi.ResourceOptions(provider=provider),
    )
    return made


reports = bucket("survey-reports")
copy = bucket("survey-reports-copy", oci.Provider("zurich", region="eu-zurich-1"))
oci.objectstorage.ReplicationPolicy(
    "copy",
    namespace=namespace,
    bucket=reports.name,
    name="copy",
    destination_bucket_name=copy.name,
    destination_region_name="eu-zurich-1",
)

oci.identity.Policy(
    "survey",
    compartment_id=survey.id,
    name="survey",
    description="Who works with the survey data, and what copies it",
    statements=[
        "Allow group Surveyors to manage objects in compartment survey where target.bucket.name = 'survey-reports'",
        "Allow group Auditors to read objects in compartment survey",
        "Allow service objectstorage-eu-frankfurt-1 to manage object-family in compartment survey",
        "Allow service objectstorage-eu-frankfurt-1 to use keys in compartment survey",
    ],
)

# Each deployment makes a new URL for the report of the day, and the last one ends.
report = oci.objectstorage.Preauthrequest(
    "report",
    namespace=namespace,
    bucket=reports.name,
    name="report",
    access_type="ObjectRead",
    object_name="latest/report.pdf",
    time_expires=(datetime.now(UTC) + timedelta(days=3)).isoformat(),
    opts=pulumi.ResourceOptions(additional_secret_outputs=["accessUri", "fullPath"]),
)

pulumi.export("report_url", pulumi.Output.secret(report.full_path))
