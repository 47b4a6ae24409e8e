"""A team set up by hand: users with passwords and keys, one of them with more than the group has."""

import json

import pulumi_aws as aws

aws.iam.AccountPasswordPolicy(
    "passwords",
    minimum_password_length=14,
    password_reuse_prevention=5,
    require_lowercase_characters=True,
    require_uppercase_characters=True,
    require_numbers=True,
    require_symbols=True,
)

group = aws.iam.Group("operators", name="operators")
aws.iam.GroupPolicyAttachment(
    "operators-shell", group=group.name, policy_arn="arn:aws:iam::aws:policy/AWSCloudShellFullAccess"
)

ada = aws.iam.User("ada", name="ada")
aws.iam.UserGroupMembership("ada-operators", user=ada.name, groups=[group.name])
aws.iam.UserLoginProfile("ada-login", user=ada.name, pgp_key="keybase:ada")
aws.iam.UserPolicy(
    "ada-releases",
    user=ada.name,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-releases/*"}],
        }
    ),
)

ci = aws.iam.User("ci", name="ci")
aws.iam.AccessKey("ci-key", user=ci.name, pgp_key="keybase:ada")
aws.iam.AccessKey("ci-key-old", user=ci.name, pgp_key="keybase:ada")
aws.iam.AccessKey("root-key", user="root", pgp_key="keybase:ada")

aws.ssoadmin.PermissionSet(
    "night-shift", name="night-shift", instance_arn="arn:aws:sso:::instance/ssoins-0f1e2d3c", session_duration="PT12H"
)
