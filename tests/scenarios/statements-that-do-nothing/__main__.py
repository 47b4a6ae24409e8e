"""A worker's role, put together from several guides, with one slip from each."""

import json

import pulumi_aws as aws

REGION = "eu-west-1"
READ_ONLY = "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"

trust = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
role = aws.iam.Role("worker", name="worker", assume_role_policy=json.dumps(trust), managed_policy_arns=[READ_ONLY])

worker = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Orders",
            "Effect": "Allow",
            "Action": ["dynamodb:PutItem", "dynamodb:UpdateItems"],
            "Resource": f"arn:aws:dynamodb:{REGION}:111122223333:table/orders",
        },
        {
            "Sid": "Jobs",
            "Effect": "Allow",
            "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage"],
            "Resource": f"arn:aws:sns:{REGION}:402918573664:jobs",
        },
        {
            "Sid": "Reports",
            "Effect": "Allow",
            "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::acme-reports/worker/*",
            "Condition": {"StringLike": {"aws:PrincipalArn": "*"}},
        },
    ],
}
policy = aws.iam.Policy("worker-work", name="worker-work", policy=json.dumps(worker))
aws.iam.RolePolicyAttachment("worker-work-attached", role=role.name, policy_arn=policy.arn)
