"""The rules on IAM users, groups, keys, passwords and how policies are attached."""

import json

from rule_tables import ANYTHING, Case, R, table

from policypack.guardrails.rules.least_privilege import (
    cloudshell_full_access_attached,
    console_user_without_mfa,
    exposed_instance_shares_profile,
    functions_share_role,
    group_without_users,
    inline_policy,
    instance_without_profile,
    managed_policy_of_aws_attached,
    password_policy_weak,
    permission_set_long_session,
    policy_on_user,
    role_policies_managed_twice,
    root_access_key,
    user_created,
    user_outside_groups,
    user_with_two_access_keys,
)
from policypack.guardrails.values import UNKNOWN

USER = "aws:iam/user:User"
GROUP = "aws:iam/group:Group"
ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/policy:Policy"
KEY = "aws:iam/accessKey:AccessKey"
PROFILE = "aws:iam/userLoginProfile:UserLoginProfile"
OF_USER = "aws:iam/userGroupMembership:UserGroupMembership"
OF_GROUP = "aws:iam/groupMembership:GroupMembership"
USER_POLICY = "aws:iam/userPolicy:UserPolicy"
USER_ATTACHMENT = "aws:iam/userPolicyAttachment:UserPolicyAttachment"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
EVERYWHERE = "aws:iam/policyAttachment:PolicyAttachment"
EXCLUSIVE = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
PASSWORDS = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy"
PERMISSION_SET = "aws:ssoadmin/permissionSet:PermissionSet"
FUNCTION = "aws:lambda/function:Function"
INSTANCE = "aws:ec2/instance:Instance"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"

OWN = "arn:aws:iam::402918573664:policy/own"
AWS = "arn:aws:iam::aws:policy/"
SHELL = f"{AWS}AWSCloudShellFullAccess"

ITSELF = "the resource itself is the finding"
NO_JOIN = "a join that is not known to exist is none"

test_user_created = table(
    user_created.RULE,
    [
        Case("fail", "any", R(USER, name="u"), [("violation", "", "low")]),
        Case("boundary", "native", R("aws-native:iam:User"), [("violation", "")]),
        Case("not-applicable", "group", R(GROUP)),
    ],
    without={"pass": ITSELF, "undecided": ITSELF},
)

test_user_outside_groups = table(
    user_outside_groups.RULE,
    [
        Case("fail", "alone", R(USER, name="u"), [("violation", "", "low")]),
        Case(
            "fail", "membership-in-nothing", [R(USER, name="u"), R(OF_USER, user="u", groups=[])], [("violation", "")]
        ),
        Case("pass", "by-name", [R(USER, name="u"), R(OF_USER, user="u", groups=["g"])]),
        Case("pass", "native", R("aws-native:iam:User", groups=["g"])),
        Case(
            "boundary",
            "by-dependency-in-a-list",
            [R(USER, "u"), R(OF_GROUP, users=[UNKNOWN], group=UNKNOWN, deps={"users": [f"{USER}::u"]})],
        ),
        Case("not-applicable", "no-user", R(GROUP, name="g")),
    ],
    without={"undecided": NO_JOIN},
)

test_group_without_users = table(
    group_without_users.RULE,
    [
        Case("fail", "empty", R(GROUP, name="g"), [("violation", "", "low")]),
        Case("fail", "nobody-listed", [R(GROUP, name="g"), R(OF_GROUP, users=[], group="g")], [("violation", "")]),
        Case("pass", "listed", [R(GROUP, name="g"), R(OF_GROUP, users=["u"], group="g")]),
        Case("boundary", "from-the-user", [R(GROUP, name="g"), R("aws-native:iam:User", groups=["g"])]),
        Case("not-applicable", "no-group", R(USER)),
    ],
    without={"undecided": NO_JOIN},
)

test_managed_policy_of_aws_attached = table(
    managed_policy_of_aws_attached.RULE,
    [
        Case("fail", "attached", R(ATTACHMENT, policyArn=f"{AWS}ReadOnlyAccess"), [("violation", "policyArn", "low")]),
        Case(
            "fail",
            "second-in-a-list-of-another-partition",
            R(ROLE, managedPolicyArns=[OWN, "arn:aws-cn:iam::aws:policy/job-function/Billing"]),
            [("violation", "managedPolicyArns[1]")],
        ),
        Case("pass", "own", R(ATTACHMENT, policyArn=OWN)),
        Case("boundary", "unknown", R(ATTACHMENT, policyArn=UNKNOWN)),
        Case("not-applicable", "inline", R(ROLE_POLICY, policy="{}")),
    ],
    without={"undecided": "advice on what a program writes out"},
)

test_inline_policy = table(
    inline_policy.RULE,
    [
        Case("fail", "beside", R(USER_POLICY, policy=UNKNOWN), [("violation", "policy", "low")]),
        Case("fail", "inside", R(ROLE, inlinePolicies=[{"name": "a"}]), [("violation", "inlinePolicies[0]")]),
        Case("pass", "none", R(ROLE, name="r")),
        Case("boundary", "empty-entry-means-none", R(ROLE, inlinePolicies=[{}])),
        Case("not-applicable", "managed", R(POLICY, policy="{}")),
    ],
    without={"undecided": "that it is inline does not hang on what it says"},
)

test_functions_share_role = table(
    functions_share_role.RULE,
    [
        Case(
            "fail",
            "by-dependency",
            [R(ROLE, "r"), *(R(FUNCTION, name, role=UNKNOWN, deps={"role": [f"{ROLE}::r"]}) for name in "ab")],
            [("violation", "role", "low")],
        ),
        Case("fail", "by-arn", [R(FUNCTION, name, role=OWN) for name in "abc"], [("violation", "role")]),
        Case("pass", "one-each", [R(FUNCTION, name, role=f"{OWN}{name}") for name in "ab"]),
        Case("boundary", "both-unknown", [R(FUNCTION, name, role=UNKNOWN) for name in "ab"]),
        Case("not-applicable", "no-function", R(ROLE)),
    ],
    without={"undecided": NO_JOIN},
)

test_instance_without_profile = table(
    instance_without_profile.RULE,
    [
        Case("fail", "none", R(INSTANCE, ami="a"), [("violation", "iamInstanceProfile", "low")]),
        Case(
            "fail",
            "nor-in-its-template",
            [
                R(TEMPLATE, "t"),
                R(INSTANCE, launchTemplate={"id": UNKNOWN}, deps={"launchTemplate": [f"{TEMPLATE}::t"]}),
            ],
            [("violation", "iamInstanceProfile")],
        ),
        Case("pass", "named", R(INSTANCE, iamInstanceProfile=UNKNOWN)),
        Case(
            "boundary",
            "in-its-template",
            [
                R(TEMPLATE, "t", iamInstanceProfile={"name": "p"}),
                R(INSTANCE, launchTemplate={"id": UNKNOWN}, deps={"launchTemplate": [f"{TEMPLATE}::t"]}),
            ],
        ),
        Case(
            "undecided", "other-template", R(INSTANCE, launchTemplate={"id": "lt-1"}), [("undecided", "launchTemplate")]
        ),
        Case("not-applicable", "template-alone", R(TEMPLATE)),
    ],
)

test_exposed_instance_shares_profile = table(
    exposed_instance_shares_profile.RULE,
    [
        Case(
            "fail",
            "by-name",
            [
                R(INSTANCE, "front", iamInstanceProfile="p", associatePublicIpAddress=True),
                R(INSTANCE, "back", iamInstanceProfile="p"),
            ],
            [("violation", "iamInstanceProfile", "low")],
        ),
        Case(
            "pass",
            "one-each",
            [
                R(INSTANCE, "front", iamInstanceProfile="p", associatePublicIpAddress=True),
                R(INSTANCE, "back", iamInstanceProfile="q"),
            ],
        ),
        Case(
            "boundary",
            "both-exposed",
            [R(INSTANCE, name, iamInstanceProfile="p", associatePublicIpAddress=True) for name in "ab"],
        ),
        Case(
            "undecided",
            "address-unknown",
            [
                R(INSTANCE, "front", iamInstanceProfile="p", associatePublicIpAddress=UNKNOWN),
                R(INSTANCE, "back", iamInstanceProfile="p", associatePublicIpAddress=False),
            ],
            [("undecided", "associatePublicIpAddress")],
        ),
        Case("not-applicable", "no-profile", R(INSTANCE, associatePublicIpAddress=True)),
    ],
)

test_policy_on_user = table(
    policy_on_user.RULE,
    [
        Case("fail", "inline", R(USER_POLICY, user=UNKNOWN, policy="{}"), [("violation", "user", "low")]),
        Case("fail", "attached", R(USER_ATTACHMENT, user="u", policyArn=OWN), [("violation", "user")]),
        Case("fail", "among-others", R(EVERYWHERE, users=[UNKNOWN], roles=["r"]), [("violation", "users")]),
        Case("fail", "native", R("aws-native:iam:User", managedPolicyArns=[OWN]), [("violation", "managedPolicyArns")]),
        Case("pass", "roles-only", R(EVERYWHERE, roles=["r"], groups=["g"])),
        Case("boundary", "empty-lists", R(EVERYWHERE, users=[], groups=["g"])),
        Case(
            "boundary",
            "exclusively-none",
            R("aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive", userName="u", policyArns=[]),
        ),
        Case("undecided", "unknown-list", R(EVERYWHERE, users=UNKNOWN), [("undecided", "users")]),
        Case("not-applicable", "group", R("aws:iam/groupPolicy:GroupPolicy", group="g")),
    ],
)

STRONG = {
    "minimumPasswordLength": 14,
    "passwordReusePrevention": 24,
    "requireLowercaseCharacters": True,
    "requireUppercaseCharacters": True,
    "requireNumbers": "true",
    "requireSymbols": True,
}

test_password_policy_weak = table(
    password_policy_weak.RULE,
    [
        Case(
            "fail",
            "nothing-said",
            R(PASSWORDS),
            [
                ("violation", "minimumPasswordLength", "medium"),
                ("violation", "passwordReusePrevention", "medium"),
                ("violation", "requireLowercaseCharacters", "medium"),
            ],
        ),
        Case(
            "fail",
            "one-short-of-each",
            R(PASSWORDS, **{**STRONG, "minimumPasswordLength": 13, "passwordReusePrevention": 23}),
            [("violation", "minimumPasswordLength"), ("violation", "passwordReusePrevention")],
        ),
        Case(
            "fail", "no-symbols", R(PASSWORDS, **{**STRONG, "requireSymbols": False}), [("violation", "requireSymbols")]
        ),
        Case(
            "fail",
            "never-expires",
            R(PASSWORDS, **STRONG),
            [("violation", "maxPasswordAge")],
            settings={"maximumAge": 90},
        ),
        Case("pass", "strong", R(PASSWORDS, **STRONG)),
        Case(
            "boundary",
            "asked-less",
            R(PASSWORDS, **{**STRONG, "minimumPasswordLength": 8}),
            settings={"minimumLength": 8},
        ),
        Case("boundary", "expires", R(PASSWORDS, **STRONG, maxPasswordAge=90), settings={"maximumAge": 90}),
        Case(
            "undecided",
            "unknown",
            R(PASSWORDS, **{**STRONG, "minimumPasswordLength": UNKNOWN, "requireNumbers": ANYTHING}),
            [("undecided", "minimumPasswordLength"), ("undecided", "requireNumbers")],
        ),
        Case("not-applicable", "user", R(USER)),
    ],
)

test_root_access_key = table(
    root_access_key.RULE,
    [
        Case("fail", "root", R(KEY, user="root"), [("violation", "user", "high")]),
        Case("fail", "as-in-reports", R(KEY, user="<root_account>", status="Inactive"), [("violation", "user")]),
        Case("pass", "user", R(KEY, user="ci")),
        Case("boundary", "user-of-that-name", [R(USER, name="root"), R(KEY, user="root")]),
        Case("undecided", "unknown", R(KEY, user=UNKNOWN), [("undecided", "user")]),
        Case("not-applicable", "user-alone", R(USER, name="root")),
    ],
)

test_user_with_two_access_keys = table(
    user_with_two_access_keys.RULE,
    [
        Case("fail", "by-name", [R(KEY, "a", user="u"), R(KEY, "b", user="u")], [("violation", "user", "medium")]),
        Case(
            "fail",
            "name-and-dependency",
            [R(USER, "u", name="u"), R(KEY, "a", user="u"), R(KEY, "b", user=UNKNOWN, deps={"user": [f"{USER}::u"]})],
            [("violation", "user")],
        ),
        Case("pass", "one-each", [R(KEY, "a", user="u"), R(KEY, "b", user="v")]),
        Case("boundary", "one-inactive", [R(KEY, "a", user="u"), R(KEY, "b", user="u", status="Inactive")]),
        Case(
            "undecided",
            "status-unknown",
            [R(KEY, "a", user="u"), R(KEY, "b", user="u", status=UNKNOWN)],
            [("undecided", "status")],
        ),
        Case("not-applicable", "no-key", R(USER)),
    ],
)

test_permission_set_long_session = table(
    permission_set_long_session.RULE,
    [
        Case(
            "fail", "half-a-day", R(PERMISSION_SET, sessionDuration="PT12H"), [("violation", "sessionDuration", "low")]
        ),
        Case("fail", "a-minute-more", R(PERMISSION_SET, sessionDuration="PT8H1M"), [("violation", "sessionDuration")]),
        Case(
            "fail",
            "stricter",
            R(PERMISSION_SET, sessionDuration="PT90M"),
            [("violation", "sessionDuration")],
            settings={"maxHours": 1},
        ),
        Case("pass", "default", R(PERMISSION_SET, name="p")),
        Case("boundary", "just-so", R(PERMISSION_SET, sessionDuration="PT480M")),
        Case("undecided", "unknown", R(PERMISSION_SET, sessionDuration=UNKNOWN), [("undecided", "sessionDuration")]),
        Case("not-applicable", "role", R(ROLE, maxSessionDuration=43200)),
    ],
)

test_cloudshell_full_access_attached = table(
    cloudshell_full_access_attached.RULE,
    [
        Case("fail", "role", R(ATTACHMENT, policyArn=SHELL), [("violation", "policyArn", "low")]),
        Case(
            "fail",
            "permission-set-of-another-partition",
            R(
                "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
                managedPolicyArn=SHELL.replace("aws", "aws-us-gov", 1),
            ),
            [("violation", "managedPolicyArn")],
        ),
        Case("fail", "listed", R(ROLE, managedPolicyArns=[OWN, SHELL]), [("violation", "managedPolicyArns[1]")]),
        Case("pass", "another", R(ATTACHMENT, policyArn=f"{AWS}ReadOnlyAccess")),
        Case("boundary", "own-of-that-name", R(ATTACHMENT, policyArn=SHELL.replace("::aws:", "::402918573664:"))),
        Case("not-applicable", "no-attachment", R(USER)),
    ],
    without={"undecided": "administrator-policy-attached says of an unknown ARN that it is unknown"},
)

test_role_policies_managed_twice = table(
    role_policies_managed_twice.RULE,
    [
        Case(
            "fail",
            "listed-and-attached",
            [R(ROLE, "r", name="r", managedPolicyArns=[OWN]), R(ATTACHMENT, role="r", policyArn=UNKNOWN)],
            [("violation", "managedPolicyArns", "medium")],
        ),
        Case(
            "fail",
            "inline-both-ways",
            [
                R(ROLE, "r", inlinePolicies=[{"name": "a", "policy": "{}"}]),
                R(ROLE_POLICY, role=UNKNOWN, policy="{}", deps={"role": [f"{ROLE}::r"]}),
            ],
            [("violation", "inlinePolicies")],
        ),
        Case(
            "fail",
            "not-in-the-exclusive-list",
            [R(EXCLUSIVE, roleName="r", policyArns=[OWN]), R(ATTACHMENT, role="r", policyArn=SHELL)],
            [("violation", "policyArns")],
        ),
        Case(
            "fail",
            "everywhere-and-single",
            [R(EVERYWHERE, policyArn=SHELL, roles=["a"]), R(USER_ATTACHMENT, user="u", policyArn=SHELL)],
            [("violation", "policyArn")],
        ),
        Case(
            "fail",
            "everywhere-twice",
            [
                R(POLICY, "p"),
                *(R(EVERYWHERE, name, policyArn=UNKNOWN, deps={"policyArn": [f"{POLICY}::p"]}) for name in "ab"),
            ],
            [("violation", "policyArn")] * 2,
        ),
        Case("pass", "attached-only", [R(ROLE, name="r"), *(R(ATTACHMENT, n, role="r", policyArn=n) for n in "ab")]),
        Case(
            "pass", "of-another-role", [R(ROLE, name="r", managedPolicyArns=[]), R(ATTACHMENT, role="s", policyArn=OWN)]
        ),
        Case(
            "boundary",
            "in-the-exclusive-list",
            [R(EXCLUSIVE, roleName="r", policyArns=[SHELL, OWN]), R(ATTACHMENT, role="r", policyArn=SHELL)],
        ),
        Case(
            "boundary",
            "unknown-in-the-exclusive-list",
            [
                R(POLICY, "p"),
                R(EXCLUSIVE, roleName="r", policyArns=[UNKNOWN], deps={"policyArns": [f"{POLICY}::p"]}),
                R(ATTACHMENT, role="r", policyArn=UNKNOWN, deps={"policyArn": [f"{POLICY}::p"]}),
            ],
        ),
        Case("not-applicable", "no-attachment", R(ROLE, managedPolicyArns=[OWN])),
    ],
    without={"undecided": "two that may be of different roles are no conflict"},
)

MFA = "aws:MultiFactorAuthPresent"
SET_UP = ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser", "iam:ListMFADevices"]


def allow(action: object, **condition: object) -> dict[str, object]:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return {**statement, "Condition": condition} if condition else statement


def deny_without_mfa(operator: str) -> dict[str, object]:
    return {"Effect": "Deny", "NotAction": SET_UP, "Resource": "*", "Condition": {operator: {MFA: "false"}}}


def document(*statements: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def console(*statements: object) -> list[object]:
    """A user with a login and an inline policy."""
    return [R(USER, name="u"), R(PROFILE, user="u"), R(USER_POLICY, user="u", policy=document(*statements))]


test_console_user_without_mfa = table(
    console_user_without_mfa.RULE,
    [
        Case("fail", "own-policy", console(allow("s3:GetObject")), [("violation", "user", "medium")]),
        Case(
            "fail", "if-exists-admits-keys", console(allow("s3:*", BoolIfExists={MFA: "true"})), [("violation", "user")]
        ),
        Case("fail", "only-without", console(allow("s3:*", Bool={MFA: "false"})), [("violation", "user")]),
        Case("fail", "deny-spares-keys", console(allow("s3:*"), deny_without_mfa("Bool")), [("violation", "user")]),
        Case(
            "fail",
            "through-a-group",
            [
                R(USER, "u"),
                R(PROFILE, user=UNKNOWN, deps={"user": [f"{USER}::u"]}),
                R(GROUP, "g"),
                R(
                    "aws:iam/groupPolicy:GroupPolicy",
                    group=UNKNOWN,
                    policy=document(allow("ec2:*")),
                    deps={"group": [f"{GROUP}::g"]},
                ),
                R(OF_USER, user=UNKNOWN, groups=[UNKNOWN], deps={"user": [f"{USER}::u"], "groups": [f"{GROUP}::g"]}),
            ],
            [("violation", "user")],
        ),
        Case(
            "fail",
            "user-of-another-stack-with-a-policy-of-aws",
            [R(PROFILE, user="u"), R(USER_ATTACHMENT, user="u", policyArn=f"{AWS}ReadOnlyAccess")],
            [("violation", "user")],
        ),
        Case(
            "fail",
            "of-cloudformation",
            R(
                "aws-native:iam:User",
                loginProfile={"passwordResetRequired": True},
                policies=[{"policyName": "p", "policyDocument": document(allow("s3:GetObject"))}],
            ),
            [("violation", "loginProfile")],
        ),
        Case("pass", "with-mfa", console(allow("s3:*", Bool={MFA: "true"}))),
        Case("pass", "recent-mfa", console(allow("*", NumericLessThan={"aws:MultiFactorAuthAge": "3600"}))),
        Case("pass", "denied-without-mfa", console(allow("*"), deny_without_mfa("BoolIfExists"))),
        Case("boundary", "self-service-only", console(allow([*SET_UP, "iam:ChangePassword"]))),
        Case("boundary", "no-policy", [R(USER, name="u"), R(PROFILE, user="u")]),
        Case(
            "undecided",
            "policy-from-elsewhere",
            [R(USER, name="u"), R(PROFILE, user="u"), R(USER_ATTACHMENT, user="u", policyArn=OWN)],
            [("undecided", "user")],
        ),
        Case(
            "undecided",
            "group-of-another-stack",
            [*console()[:2], R(OF_USER, user="u", groups=["admins"])],
            [("undecided", "user")],
        ),
        Case("undecided", "user-unknown", R(PROFILE, user=UNKNOWN), [("undecided", "user")]),
        Case(
            "undecided",
            "document-unknown",
            [*console()[:2], R(USER_POLICY, user="u", policy=UNKNOWN)],
            [("undecided", "user")],
        ),
        Case("not-applicable", "no-login", [R(USER, name="u"), R(USER_POLICY, user="u", policy=document(allow("*")))]),
    ],
)
