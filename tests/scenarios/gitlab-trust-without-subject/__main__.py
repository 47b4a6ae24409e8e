"""A role for one GitLab project that every project on GitLab.com may assume."""

import pulumi
import pulumi_aws as aws

gitlab = aws.iam.OpenIdConnectProvider("gitlab", url="https://gitlab.com", client_id_lists=["https://gitlab.com"])

role = aws.iam.Role(
    "model-publisher",
    assume_role_policy=aws.iam.PolicyDocumentArgs(
        version=aws.iam.PolicyDocumentVersion.POLICY_DOCUMENT_VERSION_2012_10_17,
        statement=[
            aws.iam.PolicyStatementArgs(
                effect=aws.iam.PolicyStatementEffect.ALLOW,
                principal=aws.iam.FederatedPrincipalArgs(federated=gitlab.arn),
                action="sts:AssumeRoleWithWebIdentity",
                condition={"StringEquals": {"gitlab.com:aud": "https://gitlab.com"}},
            )
        ],
    ),
)

pulumi.export("role_name", role.name)
