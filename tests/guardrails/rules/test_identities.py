"""Which documents bear on an identity: how the resources of a stack are joined."""

import json

import pytest
from rule_tables import COMPUTED, R

from policypack.guardrails.model import Resource, Stack
from policypack.guardrails.rules.identities import Identity, identities, unheld
from policypack.guardrails.values import UNKNOWN

ROLE, USER, GROUP = "aws:iam/role:Role", "aws:iam/user:User", "aws:iam/group:Group"
POLICY = "aws:iam/policy:Policy"
ARN = f"arn:aws:iam::864209751234:policy/{COMPUTED}"
MANAGED = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def text(action: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": action, "Resource": "*"}})


def actions(identity: Identity) -> list[str]:
    """The first action of every document, in the order in which they are held."""
    return [(one.placed.document.statements[0].actions or ("",))[0] or "" for one in identity.held]


def joined(*resources: Resource) -> dict[str, list[str]]:
    return {str(one): actions(one) for one in identities(Stack(resources))}


policy = R(POLICY, "p", arn=ARN, policy=text("sqs:SendMessage"))


@pytest.mark.parametrize(
    ("resources", "held"),
    [
        (
            [
                R(
                    ROLE,
                    "r",
                    name="app",
                    inlinePolicies=[{"policy": text("s3:GetObject")}, {"policy": text("s3:ListBucket")}],
                )
            ],
            ["s3:GetObject", "s3:ListBucket"],
        ),
        (
            [R(ROLE, "r", name="app"), R("aws:iam/rolePolicy:RolePolicy", role="app", policy=text("s3:GetObject"))],
            ["s3:GetObject"],
        ),
        (
            [
                R(ROLE, "r"),
                R(
                    "aws:iam/rolePolicy:RolePolicy",
                    role=UNKNOWN,
                    policy=text("s3:GetObject"),
                    deps={"role": [f"{ROLE}::r"]},
                ),
            ],
            ["s3:GetObject"],
        ),
        (
            [
                R(ROLE, "r", name="app"),
                policy,
                R("aws:iam/rolePolicyAttachment:RolePolicyAttachment", role="app", policyArn=ARN),
            ],
            ["sqs:SendMessage"],
        ),
        (
            [
                R(ROLE, "r", name="app"),
                R(POLICY, "p", policy=text("sqs:SendMessage")),
                R(
                    "aws:iam/policyAttachment:PolicyAttachment",
                    roles=["app"],
                    policyArn=UNKNOWN,
                    deps={"policyArn": [f"{POLICY}::p"]},
                ),
            ],
            ["sqs:SendMessage"],
        ),
        ([R(ROLE, "r", name="app", managedPolicyArns=[ARN]), policy], ["sqs:SendMessage"]),
        (
            [
                R("aws-native:iam:Role", "r", roleName="app", policies=[{"policyDocument": json.loads(text("a:B"))}]),
                R("aws-native:iam:Policy", roles=["app"], policyDocument=json.loads(text("c:D"))),
            ],
            ["a:B", "c:D"],
        ),
    ],
    ids=["inline", "by-name", "by-dependency", "attached-by-arn", "attached-by-dependency", "listed", "native"],
)
def test_a_role_holds(resources: list[Resource], held: list[str]):
    assert joined(*resources) == {"the role 'r'": held}
    assert not list(unheld(Stack(resources)))


def test_an_attached_policy_that_aws_manages_is_read():
    (role,) = identities(Stack([R(ROLE, "r", managedPolicyArns=[MANAGED])]))
    assert role.documents[0].statements
    assert role.attached == [MANAGED]
    assert not role.unread


def test_what_is_not_known_of_an_attachment_is_kept():
    (role,) = identities(Stack([R(ROLE, "r", managedPolicyArns=[UNKNOWN, "arn:aws:iam::402918573664:policy/x"])]))
    assert [value.path for _, value in role.unread] == ["managedPolicyArns[0]", "managedPolicyArns[1]"]


def test_members_of_a_group_hold_what_the_group_holds():
    found = joined(
        R(USER, "u", name="ann"),
        R(USER, "v", name="bob"),
        R(GROUP, "g", name="staff"),
        R("aws:iam/groupPolicy:GroupPolicy", group="staff", policy=text("s3:GetObject")),
        R("aws:iam/userPolicy:UserPolicy", user="ann", policy=text("sqs:SendMessage")),
        R("aws:iam/userGroupMembership:UserGroupMembership", user="ann", groups=["staff"]),
        R("aws:iam/groupMembership:GroupMembership", users=["bob"], group="staff"),
    )
    assert found == {
        "the group 'g'": ["s3:GetObject"],
        "the user 'u'": ["sqs:SendMessage", "s3:GetObject"],
        "the user 'v'": ["s3:GetObject"],
    }


def test_an_identity_that_the_stack_only_names_is_put_together_by_its_name():
    found = joined(
        R("aws:iam/rolePolicy:RolePolicy", "a", role="elsewhere", policy=text("s3:GetObject")),
        R("aws:iam/rolePolicy:RolePolicy", "b", role="elsewhere", policy=text("s3:ListBucket")),
    )
    assert found == {"the role 'elsewhere'": ["s3:GetObject", "s3:ListBucket"]}


def test_documents_without_a_holder_are_told():
    stack = Stack(
        [policy, R("aws:iam/rolePolicy:RolePolicy", "a", role=UNKNOWN, policy=text("s3:GetObject")), R(ROLE, "r")]
    )
    assert not any(one.held for one in identities(stack))
    assert [resource.name for resource, _ in unheld(stack)] == ["p", "a"]


@pytest.mark.parametrize(
    ("boundary", "actions_of_boundary"),
    [(ARN, ["sqs:SendMessage"]), (MANAGED, None), ("arn:aws:iam::402918573664:policy/limit", []), (UNKNOWN, [])],
    ids=["of-the-stack", "of-aws", "of-another-stack", "unknown"],
)
def test_a_boundary_limits(boundary: object, actions_of_boundary: list[str] | None):
    role = R(ROLE, "r", permissionsBoundary=boundary, inlinePolicies=[{"policy": text("s3:GetObject")}])
    (identity,) = identities(Stack([role, policy]))
    assert identity.boundary is not None
    (limit,) = identity.boundary
    if actions_of_boundary is not None:
        named = [each for one in limit.document.statements for each in one.actions or () if each]
        assert named == actions_of_boundary
    assert bool(limit.document.holes) is (actions_of_boundary == [])
