"""A worker that calls a partner's API, whose token has found its way into everything around it."""

import base64
import json
from urllib.parse import quote

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
token = config.require("partnerToken")

tagged = aws.Provider("tagged", region="eu-west-1", default_tags={"tags": {"partner": token}})

role = aws.iam.Role(
    "worker",
    description=f"Calls the partner with {token}",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        }
    ),
)

function = aws.lambda_.Function(
    "worker",
    role=role.arn,
    runtime="python3.12",
    handler="main.handler",
    s3_bucket="releases-of-the-worker",
    s3_key="worker.zip",
    environment={"variables": {"PARTNER": token, "LOG_LEVEL": "info"}},
)

start = f"#!/bin/sh\n/opt/agent --partner {token}\n"
template = aws.ec2.LaunchTemplate(
    "agents",
    image_id="ami-0123456789abcdef0",
    instance_type="t4g.small",
    metadata_options={"http_tokens": "required"},
    user_data=base64.b64encode(start.encode()).decode(),
)

task = aws.ecs.TaskDefinition(
    "agent",
    family="agent",
    container_definitions=json.dumps(
        [{"name": "agent", "image": "agent:1", "environment": [{"name": "PARTNER", "value": token}]}]
    ),
)

topic = aws.sns.Topic("events", tags={"partner": token.upper()})

hook = aws.sns.TopicSubscription(
    "hook", topic=topic.arn, protocol="https", endpoint=f"https://partner.example.com/hook?k={quote(token, safe='')}"
)

queue = aws.sqs.Queue("events", name="events")
aws.sqs.QueuePolicy(
    "events",
    queue_url=queue.url,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": token[:18].replace("+", "").replace("/", ""),
                    "Effect": "Allow",
                    "Principal": {"Service": "sns.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": "arn:aws:sqs:eu-west-1:471112345678:events",
                    "Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:eu-west-1:471112345678:events"}},
                }
            ],
        }
    ),
)

manifest = aws.s3.BucketObject(
    "manifest",
    bucket="releases-of-the-worker",
    key="manifest.json",
    content='{"version": 1}',
    metadata={"partner": token.encode().hex()},
)

pulumi.export("partner", {"endpoint": "partner.example.com", "header": f"Bearer {token}"})
