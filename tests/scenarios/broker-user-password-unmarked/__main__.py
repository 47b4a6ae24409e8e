"""A message broker whose user's password is a plain nested property."""

import pulumi
import pulumi_aws as aws

config = pulumi.Config()

broker = aws.mq.Broker(
    "jobs",
    broker_name="inference-jobs",
    engine_type="RabbitMQ",
    engine_version="3.13",
    host_instance_type="mq.m5.large",
    deployment_mode="SINGLE_INSTANCE",
    auto_minor_version_upgrade=True,
    publicly_accessible=False,
    users=[aws.mq.BrokerUserArgs(username="worker", password=config.require("workerPassword"))],
)

pulumi.export("broker_id", broker.id)
