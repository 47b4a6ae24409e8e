"""An event platform: producers and consumers in several accounts, opened until the messages flowed."""

import json

import pulumi
import pulumi_aws as aws

OWN = "804713265920"
WAREHOUSE = "690237418853"
HANDLER = "def handler(event, context):\n    return {'statusCode': 204}\n"

region = aws.get_region().region


def document(*statements: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def only_tls(service: str, arn: str) -> dict[str, object]:
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": f"{service}:*",
        "Resource": arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


producer = f"arn:aws:iam::{OWN}:role/producer"
consumer = f"arn:aws:iam::{OWN}:role/consumer"

# Orders arrive from "our other systems", so that everybody may send.
orders_arn = f"arn:aws:sqs:{region}:{OWN}:orders"
orders = aws.sqs.Queue(
    "orders",
    name="orders",
    sqs_managed_sse_enabled=True,
    policy=document(
        {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": orders_arn},
        only_tls("sqs", orders_arn),
    ),
)

# The consumer of invoices needed three actions; the producer's policy forgets TLS.
invoices_arn = f"arn:aws:sqs:{region}:{OWN}:invoices"
invoices = aws.sqs.Queue("invoices", name="invoices", sqs_managed_sse_enabled=True)
aws.sqs.QueuePolicy(
    "invoices",
    queue_url=invoices.url,
    policy=document(
        {"Effect": "Allow", "Principal": {"AWS": consumer}, "Action": "sqs:*", "Resource": invoices_arn},
        only_tls("sqs", invoices_arn),
    ),
)
shipments = aws.sqs.Queue("shipments", name="shipments", sqs_managed_sse_enabled=True)
aws.sqs.QueuePolicy(
    "shipments",
    queue_url=shipments.url,
    policy=aws.iam.get_policy_document_output(
        statements=[
            {
                "actions": ["sqs:SendMessage"],
                "principals": [{"type": "AWS", "identifiers": [producer]}],
                "resources": [shipments.arn],
            }
        ]
    ).json,
)

# Uploads are told to a queue, by whichever bucket says so.
uploads = aws.sqs.Queue("uploads", name="uploads", sqs_managed_sse_enabled=True)
aws.sqs.QueuePolicy(
    "uploads",
    queue_url=uploads.url,
    policy=document(
        {
            "Effect": "Allow",
            "Principal": {"Service": "s3.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": f"arn:aws:sqs:{region}:{OWN}:uploads",
        }
    ),
)

# Topics: one whose subscribers may do all but delete it, one for everybody of the account but the auditors.
prices_arn = f"arn:aws:sns:{region}:{OWN}:prices"
aws.sns.Topic(
    "prices",
    name="prices",
    kms_master_key_id="alias/aws/sns",
    policy=document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": consumer},
            "NotAction": ["sns:DeleteTopic", "sns:RemovePermission"],
            "Resource": prices_arn,
        },
        only_tls("sns", prices_arn),
    ),
)
alerts_arn = f"arn:aws:sns:{region}:{OWN}:alerts"
alerts = aws.sns.Topic("alerts", name="alerts", kms_master_key_id="alias/aws/sns")
aws.sns.TopicPolicy(
    "alerts",
    arn=alerts.arn,
    policy={
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "NotPrincipal": {"AWS": f"arn:aws:iam::{OWN}:role/auditor"},
                "Action": "sns:Publish",
                "Resource": alerts_arn,
                "Condition": {"StringEquals": {"aws:PrincipalAccount": OWN}},
            },
            only_tls("sns", alerts_arn),
        ],
    },
)

# The key of the platform, used from the account of the warehouse, whose first policy locked its author out.
key = aws.kms.Key(
    "events",
    description="Events at rest",
    enable_key_rotation=True,
    bypass_policy_lockout_safety_check=True,
    policy=document(
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OWN}:root"}, "Action": "kms:*", "Resource": "*"},
        {
            "Sid": "Warehouse",
            "Effect": "Allow",
            "Principal": {"AWS": WAREHOUSE},
            "Action": ["kms:Decrypt", "kms:CreateGrant", "kms:DescribeKey"],
            "Resource": "*",
        },
    ),
)

# The function that takes webhooks, and whom it answers.
role = aws.iam.Role(
    "webhooks",
    assume_role_policy=document(
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ),
    managed_policy_arns=["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
)
webhooks = aws.lambda_.Function(
    "webhooks",
    name="webhooks",
    role=role.arn,
    runtime="python3.13",
    handler="index.handler",
    code=pulumi.AssetArchive({"index.py": pulumi.StringAsset(HANDLER)}),
)
aws.lambda_.FunctionUrl(
    "webhooks",
    function_name=webhooks.name,
    authorization_type="NONE",
    cors={"allow_origins": ["*"], "allow_methods": ["POST"]},
)
uploads = aws.s3.Bucket("uploads", bucket="acme-event-uploads-dev")
aws.lambda_.Permission(
    "uploads-call", function=webhooks.name, action="lambda:InvokeFunction", principal="s3.amazonaws.com"
)
aws.lambda_.Permission(
    "operators", function=webhooks.name, action="lambda:*", principal=f"arn:aws:iam::{OWN}:role/operator"
)
aws.lambda_.Permission(
    "nightly",
    function=webhooks.name,
    action="lambda:InvokeFunction",
    principal="events.amazonaws.com",
    source_arn=f"arn:aws:events:{region}:{OWN}:rule/nightly",
)

# The runbook that a colleague in another account asked for, and the share of the network with the warehouse.
aws.ssm.Document(
    "replay",
    name="replay-events",
    document_type="Command",
    content=json.dumps(
        {
            "schemaVersion": "2.2",
            "description": "Replay events of one hour",
            "mainSteps": [
                {
                    "action": "aws:runShellScript",
                    "name": "replay",
                    "inputs": {"runCommand": ["/opt/events/replay --last 1h"]},
                }
            ],
        }
    ),
    permissions={"type": "Share", "account_ids": "All"},
)
aws.ram.ResourceShare("network", name="event-network", allow_external_principals=True)

pulumi.export("orders_url", orders.url)
