"""The API key of an AI service for the one role that needs it."""

import pulumi
import pulumi_aws as aws

config = pulumi.Config()

key = aws.kms.Key("ai", description="Encrypts the API keys", enable_key_rotation=True)
secret = aws.secretsmanager.Secret(
    "ai-api-key", description="API key of the transcription service", kms_key_id=key.arn, tags={"team": "ai"}
)
aws.secretsmanager.SecretVersion("ai-api-key", secret_id=secret.id, secret_string=config.require_secret("apiKey"))

role = aws.iam.Role(
    "reader",
    assume_role_policy={
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    },
)

aws.iam.RolePolicy(
    "reader",
    role=role.name,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": secret.arn},
                {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key.arn},
            ],
        }
    ),
)

pulumi.export("api_secret_arn", secret.arn)
