"""What one statement grants on resources that nobody named: by meaning, whatever the spelling."""

import json

import pytest
from managed_policies import managed_policies

from policypack.guardrails.aws import actions as table
from policypack.guardrails.aws import dangers
from policypack.guardrails.aws.answers import Undecided, Yes
from policypack.guardrails.aws.breadth import breadths
from policypack.guardrails.aws.dangers import Danger, danger_of
from policypack.guardrails.aws.document import Document, Kind, parse
from policypack.guardrails.aws.evaluate import Verdict, evaluate

ACCOUNT = "402918573664"
TABLES = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table"


def document(*statements: object) -> Document:
    return parse(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}), Kind.IDENTITY)


def reached(statement: dict[str, object], *others: object) -> dict[Danger, str]:
    """The action of each witness, by danger; `?` where it is undecided."""
    first = breadths(document({"Effect": "Allow", **statement}, *others))[0]
    return {
        danger: each.answer.witness.request.action if isinstance(each.answer, Yes) else "?"
        for danger, each in first.reaches.items()
    }


@pytest.mark.parametrize(
    "resource",
    [
        "*", "**", "arn:*", "arn:aws:*", "arn:aws:dynamodb:*", "arn:aws:dynamodb", "arn:*:*:*:*:*", f"{TABLES}/*",
        f"{TABLES}/?*", f"{TABLES}*", "arn:aws-cn:dynamodb:cn-north-1:*:table/*", ["arn:aws:s3:::data", f"{TABLES}/*"],
        "arn:aws:dynamodb:*:${aws:PrincipalAccount}:table/*",
        "arn:aws:dynamodb:${aws:RequestedRegion}:${aws:PrincipalAccount}:table/*",
    ],
)  # fmt: skip
def test_every_table_in_any_spelling(resource: object) -> None:
    assert reached({"Action": "dynamodb:Scan", "Resource": resource}) == {Danger.DATA: "dynamodb:Scan"}


@pytest.mark.parametrize(
    "resource",
    [
        f"{TABLES}/orders", f"{TABLES}/shop-*", f"{TABLES}/*-shop", f"{TABLES}/orders/index/*", f"{TABLES}/${{aws:username}}",
        "arn:aws:s3:::*", f"arn:aws:dynamodb:*:{ACCOUNT}:backup/*", "arn:aws:dynamodb:*:*:table/shop/*",
    ],
)  # fmt: skip
def test_a_part_of_the_name_narrows(resource: str) -> None:
    assert reached({"Action": "dynamodb:Scan", "Resource": resource}) == {}


def test_what_is_not_excluded_is_wide() -> None:
    assert reached({"Action": "dynamodb:Scan", "NotResource": f"{TABLES}/orders"}) == {Danger.DATA: "dynamodb:Scan"}
    assert reached({"Action": "dynamodb:Scan", "NotResource": "arn:aws:dynamodb:*:*:table/*"}) == {}


@pytest.mark.parametrize(
    ("operator", "key", "value", "narrows"),
    [
        ("StringEquals", "aws:ResourceTag/team", "a", True),
        ("StringEquals", "aws:ResourceTag/team", "${aws:PrincipalTag/team}", True),
        ("StringEquals", "dynamodb:Select", "COUNT", True),
        ("ForAllValues:StringEquals", "dynamodb:LeadingKeys", "a", False),
        ("StringEqualsIfExists", "aws:ResourceTag/team", "a", False),
        ("StringNotEquals", "aws:ResourceTag/team", "a", False),
        ("StringEquals", "aws:PrincipalTag/team", "a", False),
        ("StringEquals", "aws:RequestedRegion", "eu-west-1", False),
        ("StringEquals", "ec2:Region", "eu-west-1", False),
        ("Bool", "aws:MultiFactorAuthPresent", "true", False),
        ("IpAddress", "aws:SourceIp", "10.0.0.0/8", False),
    ],
)
def test_conditions_narrow_by_whose_choice_the_key_is(operator: str, key: str, value: str, *, narrows: bool) -> None:
    statement = {"Action": "dynamodb:Scan", "Resource": "*", "Condition": {operator: {key: value}}}
    assert (reached(statement) == {}) == narrows


def test_a_deny_takes_away() -> None:
    scan = {"Action": ["dynamodb:Scan", "dynamodb:GetItem"], "Resource": "*"}
    assert reached(scan, {"Effect": "Deny", "Action": "dynamodb:GetItem", "Resource": "*"}) == {
        Danger.DATA: "dynamodb:Scan"
    }
    assert reached(scan, {"Effect": "Deny", "Action": "*", "NotResource": f"{TABLES}/orders"}) == {}


def test_ec2_needs_all_its_resources_in_whatever_statements() -> None:
    kinds = ["image", "instance", "network-interface", "security-group", "subnet", "volume"]
    each = [
        {"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": f"arn:aws:ec2:*:*:{kind}/*"} for kind in kinds
    ]
    assert reached(*each) == {Danger.WRITING: "ec2:RunInstances"}
    assert reached(*each[:4], each[5]) == {}


def test_actions_of_no_resource_are_wide_only_where_they_change_the_whole_account() -> None:
    assert reached({"Action": ["xray:PutTraceSegments", "ec2:Describe*"], "Resource": "*"}) == {}
    assert reached({"Action": "s3:PutAccountPublicAccessBlock", "Resource": "*"}) == {
        Danger.PERMISSIONS: "s3:PutAccountPublicAccessBlock"
    }


def test_every_service_at_once() -> None:
    (power,) = breadths(document({"Effect": "Allow", "NotAction": ["iam:*", "sts:*"], "Resource": "*"}))
    assert isinstance(power.everything, Yes)
    assert set(power.reaches) == set(Danger) - {Danger.METADATA, Danger.PASSING}
    assert reached({"Action": "*:Export*", "Resource": "*"}).keys() >= {Danger.DATA}


def test_tangled_conditions_are_undecided_not_narrow() -> None:
    text = json.dumps(
        {"Statement": {"Effect": "Allow", "Action": "dynamodb:Scan", "Resource": "standin0x0123456789abcdef"}}
    )
    (found,) = breadths(parse(text, Kind.IDENTITY))
    assert isinstance(found.reaches[Danger.DATA].answer, Undecided)


def test_witnesses_on_the_policies_of_aws_replay() -> None:
    sample = list(managed_policies().items())[::40]
    for arn, policy in sample:
        one = parse(json.dumps(policy), Kind.IDENTITY)
        for found in breadths(one):
            for reach in found.reaches.values():
                if isinstance(reach.answer, Yes):
                    assert evaluate((one,), reach.answer.witness.request).verdict is Verdict.ALLOWED, arn


LISTS = [
    name
    for each in (dangers._CREDENTIALS, dangers._POLICIES, dangers._DECRYPTION, dangers._OBJECTS, dangers._DATA, dangers._EVERYDAY,
                 dangers.REPRESENTATIVES, dangers.AGENT_READS, dangers.ACCOUNT_WIDE)
    for name in each
]  # fmt: skip


def test_the_lists_name_actions_as_aws_writes_them() -> None:
    assert [name for name in LISTS if (found := table.action(name)) is None or found.name != name] == []
    assert [name for name in dangers.ACCOUNT_WIDE if table.action(name).resources] == []  # type: ignore[union-attr]


def test_dangers() -> None:
    assert {
        name: danger_of(name)
        for name in ("s3:GetObject", "s3:GetBucketPolicy", "sqs:AddPermission", "logs:PutLogEvents", "no:Such")
    } == {
        "s3:GetObject": Danger.OBJECTS,
        "s3:GetBucketPolicy": Danger.METADATA,
        "sqs:AddPermission": Danger.PERMISSIONS,
        "logs:PutLogEvents": None,
        "no:Such": None,
    }
