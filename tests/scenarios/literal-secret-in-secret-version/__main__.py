"""The API key of an AI service, stored well and written in the source."""

import pulumi
import pulumi_aws as aws

key = aws.kms.Key("secrets-key", description="Encrypts the API keys", enable_key_rotation=True)
secret = aws.secretsmanager.Secret(
    "ai-api-key",
    description="API key of the transcription service",
    kms_key_id=key.arn,
    tags={"service": "transcription"},
)
aws.secretsmanager.SecretVersion(
    "ai-api-key-value",
    secret_id=secret.id,
    secret_string="kR7-mv2Q-synthetic-x9Wd",
)

pulumi.export("api_secret_arn", secret.arn)
