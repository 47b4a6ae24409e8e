"""The SDK wraps the password whatever the program passes."""

import pulumi
import pulumi_aws as aws

config = pulumi.Config()

database = aws.rds.Instance(
    "features",
    identifier="features",
    engine="postgres",
    engine_version="17.2",
    instance_class="db.t4g.small",
    allocated_storage=20,
    db_name="features",
    username="app",
    password=config.require("dbPassword"),
    storage_encrypted=True,
    publicly_accessible=False,
    skip_final_snapshot=True,
)

pulumi.export("database_host", database.address)
