"""A database login as one JSON secret, password in the source."""

import json

import pulumi
import pulumi_aws as aws

secret = aws.secretsmanager.Secret("feature-db-login", description="Login of the feature database")
aws.secretsmanager.SecretVersion(
    "feature-db-login-value",
    secret_id=secret.id,
    secret_string=json.dumps(
        {
            "engine": "postgres",
            "host": "features.internal.example.com",
            "username": "app",
            "password": "Vt8-synthetic-Lq3zP",
        }
    ),
)

pulumi.export("login_secret_arn", secret.arn)
