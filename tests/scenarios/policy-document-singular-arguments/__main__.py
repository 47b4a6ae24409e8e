"""A policy for a queue worker with one argument in the singular."""

import pulumi
import pulumi_aws as aws

queue = aws.sqs.Queue("jobs", name="inference-jobs", message_retention_seconds=86400)
region = aws.get_region().region
account = aws.get_caller_identity().account_id
queue_arn = f"arn:aws:sqs:{region}:{account}:inference-jobs"

document = aws.iam.get_policy_document(
    statements=[
        {
            "sid": "Take",
            "effect": "Allow",
            "actions": ["sqs:ReceiveMessage", "sqs:DeleteMessage"],
            "resources": [queue_arn],
        },
        {
            "sid": "Look",
            "effect": "Allow",
            "action": ["sqs:GetQueueAttributes"],
            "resources": [queue_arn],
        },
    ]
)
policy = aws.iam.Policy("take-jobs", policy=document.json)

pulumi.export("policy_arn", policy.arn)
pulumi.export("queue_url", queue.url)
