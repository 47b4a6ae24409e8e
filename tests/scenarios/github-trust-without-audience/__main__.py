"""A deployment role that names the repository and takes a token meant for anything."""

import pulumi
import pulumi_aws as aws

ISSUER = "token.actions.githubusercontent.com"

github = aws.iam.OpenIdConnectProvider(
    "github", url=f"https://{ISSUER}", client_id_lists=["sts.amazonaws.com", "https://github.com/acme"]
)
trust = aws.iam.get_policy_document_output(
    statements=[
        {
            "actions": ["sts:AssumeRoleWithWebIdentity"],
            "principals": [{"type": "Federated", "identifiers": [github.arn]}],
            "conditions": [
                {"test": "StringEquals", "variable": f"{ISSUER}:sub", "values": ["repo:acme/site:ref:refs/heads/main"]}
            ],
        }
    ]
)
role = aws.iam.Role("deployer", name="site-deployer", assume_role_policy=trust.json)

pulumi.export("role_name", role.name)
