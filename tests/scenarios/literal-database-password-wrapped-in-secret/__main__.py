"""A database whose password is a constant of the program, wrapped before use."""

import pulumi
import pulumi_aws as aws

DB_PASSWORD = "Zp4-synthetic-hT6yN"

database = aws.rds.Instance(
    "metadata",
    identifier="model-metadata",
    engine="mysql",
    engine_version="8.4",
    instance_class="db.t4g.small",
    allocated_storage=20,
    db_name="metadata",
    username="app",
    password=pulumi.Output.secret(DB_PASSWORD),
    storage_encrypted=True,
    publicly_accessible=False,
    skip_final_snapshot=True,
)

pulumi.export("database_host", database.address)
