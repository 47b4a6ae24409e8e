"""A role with one narrow and one open statement in its trust policy."""

import pulumi
import pulumi_aws as aws

role = aws.iam.Role(
    "indexer",
    assume_role_policy=aws.iam.PolicyDocumentArgs(
        version=aws.iam.PolicyDocumentVersion.POLICY_DOCUMENT_VERSION_2012_10_17,
        statement=[
            aws.iam.PolicyStatementArgs(
                effect=aws.iam.PolicyStatementEffect.ALLOW,
                principal=aws.iam.ServicePrincipalArgs(service="lambda.amazonaws.com"),
                action="sts:AssumeRole",
            ),
            aws.iam.PolicyStatementArgs(
                sid="Debug",
                effect=aws.iam.PolicyStatementEffect.ALLOW,
                principal="*",
                action="sts:AssumeRole",
            ),
        ],
    ),
)

pulumi.export("role_name", role.name)
