"""Roles that vendors, partners and managed services assume, each trusted a little more than it was meant to be."""

import json

import pulumi
import pulumi_aws as aws

OWN = "804713265920"
MONITORING_VENDOR = "515872064189"
COST_VENDOR = "690237418853"
PARTNER = "276409518347"
AUDIT_FIRM = "348157902266"


def trust(*statements: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


bucket = aws.s3.Bucket("reports", bucket="acme-vendor-reports-dev")
reads_reports = aws.iam.Policy(
    "reads-reports",
    policy={
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": pulumi.Output.concat(bucket.arn, "/*")}
        ],
    },
)
provider = aws.iam.OpenIdConnectProvider(
    "ci", url="https://token.actions.githubusercontent.com", client_id_lists=["sts.amazonaws.com"]
)

# Monitoring: the guide of the vendor has an external id, which somebody left out.
monitoring = aws.iam.Role(
    "monitoring",
    assume_role_policy=aws.iam.get_policy_document(
        statements=[
            {
                "actions": ["sts:AssumeRole"],
                "principals": [{"type": "AWS", "identifiers": [f"arn:aws:iam::{MONITORING_VENDOR}:root"]}],
            }
        ]
    ).json,
)
aws.iam.RolePolicyAttachment(
    "monitoring", role=monitoring.name, policy_arn="arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"
)

# Costs: an external id, as it should be, and a statement for the vendor's support beside it.
costs = aws.iam.Role(
    "costs",
    assume_role_policy=trust(
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{COST_VENDOR}:role/importer"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "acme-5c1e"}},
        },
        {
            "Sid": "VendorSupport",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{COST_VENDOR}:root"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEqualsIfExists": {"sts:ExternalId": "acme-5c1e"}},
        },
    ),
)

# Audits: people of the firm need a second factor; the operator lets in those whose keys have none.
audits = aws.iam.Role(
    "audits",
    assume_role_policy=trust(
        {
            "Effect": "Allow",
            "Principal": {"AWS": AUDIT_FIRM},
            "Action": "sts:AssumeRole",
            "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}},
        }
    ),
)
aws.iam.RolePolicyAttachment("audits", role=audits.name, policy_arn="arn:aws:iam::aws:policy/SecurityAudit")

# The partner: "everything but SAML", with an external id.
partner = aws.iam.Role(
    "partner",
    assume_role_policy={
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{PARTNER}:role/delivery"},
                "NotAction": "sts:AssumeRoleWithSAML",
                "Condition": {"StringEquals": {"sts:ExternalId": "acme-91b7"}},
            }
        ],
    },
)
aws.iam.RolePolicyAttachment("partner", role=partner.name, policy_arn=reads_reports.arn)

# The intern is kept out, and with that statement everybody else let in.
shared = aws.iam.Role(
    "shared-reports",
    assume_role_policy=trust(
        {
            "Effect": "Allow",
            "NotPrincipal": {"AWS": f"arn:aws:iam::{OWN}:user/intern"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:PrincipalAccount": OWN}},
        }
    ),
)
aws.iam.RolePolicyAttachment("shared-reports", role=shared.name, policy_arn=reads_reports.arn)

# The workflow that uploads reports: right condition, wrong call.
uploader = aws.iam.Role(
    "uploader",
    assume_role_policy=provider.arn.apply(
        lambda arn: trust(
            {
                "Effect": "Allow",
                "Principal": {"Federated": arn},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {
                        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                        "token.actions.githubusercontent.com:sub": "repo:acme/reports:ref:refs/heads/main",
                    }
                },
            }
        )
    ),
)

# The instances that render reports trust the service with a wildcard.
renderer = aws.iam.Role(
    "renderer",
    assume_role_policy=trust({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:*"}),
)
aws.iam.RolePolicyAttachment("renderer", role=renderer.name, policy_arn=reads_reports.arn)

# The transfer server of the partner writes its files with this role, as it does for each of its customers.
inbox = aws.iam.Role(
    "partner-inbox",
    assume_role_policy=aws.iam.get_policy_document(
        statements=[
            {
                "actions": ["sts:AssumeRole"],
                "principals": [{"type": "Service", "identifiers": ["transfer.amazonaws.com"]}],
            }
        ]
    ).json,
    inline_policies=[
        aws.iam.RoleInlinePolicyArgs(
            name="inbox",
            policy=bucket.arn.apply(
                lambda arn: json.dumps(
                    {
                        "Version": "2012-10-17",
                        "Statement": {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"{arn}/inbox/*"},
                    }
                )
            ),
        )
    ],
)

# The deployment of the reports, of this account, as it should be.
deployer = aws.iam.Role(
    "deployer",
    assume_role_policy=trust(
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OWN}:role/pipeline"}, "Action": "sts:AssumeRole"}
    ),
)

pulumi.export("monitoring_role", monitoring.arn)
