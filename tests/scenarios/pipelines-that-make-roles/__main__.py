"""The roles of the pipelines of four teams, which make and pass roles of their own."""

import json

import pulumi
import pulumi_aws as aws

account = aws.get_caller_identity().account_id
region = aws.get_region().region
here = f"{region}:{account}"

provider = aws.iam.OpenIdConnectProvider(
    "github", url="https://token.actions.githubusercontent.com", client_id_lists=["sts.amazonaws.com"]
)


def pipeline(team: str) -> aws.iam.Role:
    return aws.iam.Role(
        f"{team}-pipeline",
        name=f"{team}-pipeline",
        assume_role_policy=aws.iam.get_policy_document_output(
            statements=[
                {
                    "actions": ["sts:AssumeRoleWithWebIdentity"],
                    "principals": [{"type": "Federated", "identifiers": [provider.arn]}],
                    "conditions": [
                        {
                            "test": "StringEquals",
                            "variable": "token.actions.githubusercontent.com:aud",
                            "values": ["sts.amazonaws.com"],
                        },
                        {
                            "test": "StringEquals",
                            "variable": "token.actions.githubusercontent.com:sub",
                            "values": [f"repo:acme/{team}:ref:refs/heads/main"],
                        },
                    ],
                }
            ]
        ).json,
    )


# The web team deploys one service of ECS, and passes its task role to whatever service.
web = pipeline("web")
aws.iam.RolePolicy(
    "web-pipeline",
    role=web.name,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "ecs:UpdateService",
                    "Resource": f"arn:aws:ecs:{here}:service/web/web",
                },
                {"Effect": "Allow", "Action": "iam:PassRole", "Resource": f"arn:aws:iam::{account}:role/web-task"},
                {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
                {
                    "Effect": "Allow",
                    "Action": ["ecr:BatchCheckLayerAvailability", "ecr:PutImage", "ecr:UploadLayerPart"],
                    "Resource": f"arn:aws:ecr:{here}:repository/web",
                },
            ],
        }
    ),
)

# The storage team starts backups before a release, with "the backup role, whatever it is called".
storage = pipeline("storage")
storage_policy = aws.iam.Policy(
    "storage-pipeline",
    policy=aws.iam.get_policy_document(
        statements=[
            {
                "actions": ["backup:StartBackupJob"],
                "resources": [f"arn:aws:backup:{here}:backup-vault:releases"],
            },
            {"actions": ["iam:PassRole"], "resources": ["*"]},
        ]
    ).json,
)
aws.iam.RolePolicyAttachment("storage-pipeline", role=storage.name, policy_arn=storage_policy.arn)

# The preview environments make a role each, and give it one policy; nothing bounds what else the role gets.
previews = pipeline("previews")
preview_policy = aws.iam.Policy(
    "preview",
    policy={
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Action": ["dynamodb:GetItem", "dynamodb:PutItem"],
            "Resource": f"arn:aws:dynamodb:{here}:table/preview-*",
        },
    },
)
aws.iam.RolePolicy(
    "previews-pipeline",
    role=previews.name,
    policy={
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["iam:CreateRole", "iam:DeleteRole", "iam:GetRole", "iam:TagRole"],
                "Resource": f"arn:aws:iam::{account}:role/preview-*",
            },
            {
                "Effect": "Allow",
                "Action": ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
                "Resource": f"arn:aws:iam::{account}:role/preview-*",
                "Condition": {"ArnEquals": {"iam:PolicyARN": preview_policy.arn}},
            },
        ],
    },
)

# Jobs of the data team: what somebody took away again in haste keeps it from running functions, and nothing else.
jobs = pipeline("jobs")
aws.iam.RolePolicy(
    "jobs-everything",
    role=jobs.name,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction", "glue:StartJobRun"],
                "Resource": "*",
            },
        }
    ),
)
aws.iam.RolePolicy(
    "jobs-no-functions",
    role=jobs.name,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Deny", "Action": "lambda:CreateFunction", "Resource": "*"},
        }
    ),
)

# The platform team deploys to every account by assuming "the deployer", and looks after keys.
platform = pipeline("platform")
aws.iam.RolePolicy(
    "platform-assumes",
    role=platform.name,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Resource": "*"},
        }
    ),
)
aws.iam.RolePolicy(
    "platform-keys",
    role=platform.name,
    policy=aws.iam.get_policy_document(
        statements=[
            {
                "sid": "KeyPolicies",
                "actions": ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:PutKeyPolicy", "kms:EnableKeyRotation"],
                "resources": [f"arn:aws:kms:{here}:key/*"],
            }
        ]
    ).json,
)

pulumi.export("pipelines", [each.arn for each in (web, storage, previews, platform)])
