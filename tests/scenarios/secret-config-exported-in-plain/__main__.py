"""A database whose connection string, password included, is a plain export."""

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
password = config.require("dbPassword")

database = aws.rds.Instance(
    "features",
    identifier="features",
    engine="postgres",
    engine_version="17.2",
    instance_class="db.t4g.small",
    allocated_storage=20,
    db_name="features",
    username="app",
    password=password,
    storage_encrypted=True,
    publicly_accessible=False,
    skip_final_snapshot=True,
)

pulumi.export("database_host", database.address)
pulumi.export("database_url", pulumi.Output.concat("postgres://app:", password, "@", database.endpoint, "/features"))
