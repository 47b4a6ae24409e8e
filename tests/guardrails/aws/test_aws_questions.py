"""Administrators, strangers, role assumption: tables both ways, mutants, laws."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policypack.guardrails.aws.answers import Answer, No, Undecided, Yes
from policypack.guardrails.aws.document import Document, Kind, parse
from policypack.guardrails.aws.evaluate import ANONYMOUS, Principal, Request, Verdict, evaluate
from policypack.guardrails.aws.questions import administrator, allows, anyone_may_assume, strangers
from policypack.guardrails.values import UNKNOWN

OWN = frozenset({"111122223333"})
ANY = "standin0x0123456789abcdef"
COMPUTED = "standin0c0123456789abcdef"


def policy(kind: Kind, *statements: object) -> Document:
    return parse({"Version": "2012-10-17", "Statement": list(statements)}, kind)


def name(answer: Answer, *documents: Document) -> str:
    """The kind of an answer; a witness must replay."""
    if isinstance(answer, Yes):
        assert evaluate(documents, answer.witness.request).verdict is Verdict.ALLOWED
    return type(answer).__name__


def allow(action: object = "*", resource: object = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: object = "*", resource: object = "*", **more: object) -> dict[str, object]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def when(operator: str, key: str, value: object) -> dict[str, object]:
    return {"Condition": {operator: {key: value}}}


EVERY_BUT = {"Effect": "Allow", "NotAction": "aws-portal:*", "Resource": "*"}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow()], "Yes"),
        ([allow("*:*")], "Yes"),
        ([allow("**")], "Yes"),
        ([allow("?*")], "Yes"),
        ([allow("*", "arn:aws:*")], "Yes"),
        ([allow("*", "arn:*")], "Yes"),
        ([allow("*", "arn:aws-cn:*")], "Yes"),
        ([EVERY_BUT], "Yes"),
        ([{**EVERY_BUT, "NotAction": "s3:a,iam:*"}], "Yes"),
        ([{**EVERY_BUT, "NotAction": "iam:*"}], "No"),
        ([{**EVERY_BUT, "NotAction": ["iam:*", "organizations:*"]}, allow("iam:CreateServiceLinkedRole")], "No"),
        ([{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::secret/*"}], "Yes"),
        ([*[allow(f"{c}*:*") for c in "abcdefghijklmnopqrstuvwxyz"]], "Yes"),
        ([allow("iam:*")], "Yes"),
        ([allow("IAM:*", "arn:aws:iam::*:*")], "Yes"),
        ([allow("iam:*", "arn:aws:iam::444455556666:*")], "Yes"),
        ([allow("iam:*", "arn:aws:iam::*:role/app-*")], "No"),
        ([allow("iam:Get*"), allow("iam:List*"), allow("s3:*")], "No"),
        ([allow("s3:*")], "No"),
        ([allow("*", "arn:aws:s3:::*")], "No"),
        ([allow(**when("Bool", "aws:MultiFactorAuthPresent", "true"))], "Yes"),
        ([allow(**when("IpAddress", "aws:SourceIp", "192.0.2.0/24"))], "Yes"),
        ([allow(**when("StringEquals", "aws:RequestedRegion", "eu-west-1"))], "Yes"),
        ([allow(**when("StringEquals", "aws:PrincipalTag/team", "ops"))], "Yes"),
        ([allow(**when("DateLessThan", "aws:CurrentTime", "2030-01-01T00:00:00Z"))], "Yes"),
        ([allow(**when("StringEquals", "aws:ResourceTag/team", "ops"))], "No"),
        ([allow(**when("StringEqualsIfExists", "aws:ResourceTag/team", "ops"))], "Yes"),
        ([allow(**when("StringEquals", "iam:PassedToService", "ec2.amazonaws.com"))], "No"),
        ([allow(**when("ForAllValues:StringEquals", "aws:TagKeys", "a"))], "Yes"),
        ([allow(Condition={"StringEquals": {"aws:PrincipalTag/a": "x"}, "StringNotEquals": {"aws:PrincipalTag/a": "x"}})], "No"),
        ([allow(), deny()], "No"),
        ([allow(), deny("iam:*")], "No"),
        ([allow(), deny("s3:DeleteBucket")], "Yes"),
        ([allow(), deny("iam:CreateUser")], "Yes"),
        ([allow(), deny("*", **when("Bool", "aws:SecureTransport", "false"))], "Yes"),
        ([allow(), deny(**when("BoolIfExists", "aws:MultiFactorAuthPresent", "false"))], "Yes"),
        ([allow(), deny(**when("StringNotEquals", "aws:ResourceTag/a", "x"))], "No"),
        ([allow(), deny(UNKNOWN)], "Undecided"),
        ([allow(UNKNOWN)], "Undecided"),
        ([allow(ANY)], "Undecided"),
        ([allow(), allow(UNKNOWN)], "Yes"),
        ([allow("s3:*", UNKNOWN)], "No"),
        ([allow(**when("StringEquals", "aws:PrincipalTag/a", UNKNOWN))], "Undecided"),
        ([allow("iam:*", "arn:aws:iam::*:user/${aws:username}")], "No"),
        ([], "No"),
    ],
)  # fmt: skip
def test_administrator(statements: list[object], expected: str) -> None:
    document = policy(Kind.IDENTITY, *statements)
    answer = administrator([document])
    if isinstance(answer, Undecided) and expected == "No":
        assert any("${" in json.dumps(each) for each in statements), answer
        return
    assert name(answer, document) == expected


def test_administrator_over_several_documents_and_its_flavours() -> None:
    iam, rest = policy(Kind.IDENTITY, allow("s3:*")), policy(Kind.IDENTITY, allow("iam:*"))
    answer = administrator([iam, rest])
    assert isinstance(answer, Yes)
    assert answer.document == 1
    assert "full control of IAM" in str(answer.witness)
    whole = administrator([policy(Kind.IDENTITY, allow(**when("Bool", "aws:MultiFactorAuthPresent", "true")))])
    assert isinstance(whole, Yes)
    assert "administrator access" in str(whole.witness)
    assert whole.witness.to_json() == {
        "principal": "the holder of the policy",
        "action": "iam:PutUserPolicy",
        "resource": "arn:aws:iam::555566667777:user/any-user",
        "context": {"aws:MultiFactorAuthPresent": "true"},
    }


def grant(principal: object = "*", **more: object) -> dict[str, object]:
    return {**allow("s3:GetObject", "arn:aws:s3:::data/*"), "Principal": principal, **more}


def refuse(**more: object) -> dict[str, object]:
    return {**deny("s3:*", ["arn:aws:s3:::data", "arn:aws:s3:::data/*"]), "Principal": "*", **more}


def without(source: dict[str, object], *names: str) -> dict[str, object]:
    return {key: value for key, value in source.items() if key not in names}


STRANGERS: list[tuple[list[object], str]] = [
    ([grant()], "Yes"),
    ([grant({"AWS": "*"})], "Yes"),
    ([grant({"AWS": ["arn:aws:iam::111122223333:root", "*"]})], "Yes"),
    ([{**without(grant(), "Principal"), "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}}], "Yes"),
    ([without(grant(), "Principal")], "No"),
    ([grant({"AWS": "arn:aws:iam::444455556666:root"})], "No"),
    ([grant({"AWS": "444455556666"})], "No"),
    ([grant({"AWS": COMPUTED})], "No"),
    ([grant({"Service": "cloudtrail.amazonaws.com"})], "No"),
    ([grant({"CanonicalUser": "79a5"})], "No"),
    ([grant({"Federated": "cognito-identity.amazonaws.com"})], "Yes"),
    ([grant({"Federated": "graph.facebook.com"})], "Yes"),
    ([grant({"Federated": "cognito-identity.amazonaws.com"}, **when("StringEquals", "cognito-identity.amazonaws.com:aud", "eu-west-1:x"))], "No"),
    ([grant({"Federated": "arn:aws:iam::111122223333:oidc-provider/idp.example"})], "No"),
    ([grant({"AWS": "arn:aws:iam::*:root"})], "Undecided"),
    ([grant({"AWS": UNKNOWN})], "Undecided"),
    ([grant({"Service": UNKNOWN})], "No"),
    ([UNKNOWN], "Undecided"),
    ([UNKNOWN, grant()], "Yes"),
    ([grant(Action=UNKNOWN), grant()], "Yes"),
    # Trusted keys with fixed values keep strangers out; globs in them do not.
    ([grant(**when("StringEquals", "aws:PrincipalOrgID", "o-abc"))], "No"),
    ([grant(**when("StringEquals", "AWS:principalorgid", COMPUTED))], "No"),
    ([grant(**when("StringEquals", "aws:PrincipalOrgID", UNKNOWN))], "Undecided"),
    ([grant(**when("StringLike", "aws:PrincipalOrgID", "o-*"))], "Yes"),
    ([grant(**when("StringLike", "aws:PrincipalOrgID", "*"))], "Yes"),
    ([grant(**when("StringEquals", "aws:PrincipalOrgID", "${aws:ResourceOrgID}"))], "No"),
    ([grant(**when("StringEquals", "aws:PrincipalAccount", "${aws:PrincipalAccount}"))], "Yes"),
    ([grant(**when("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-abc/*"))], "No"),
    ([grant(**when("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-*/r-1/*"))], "Yes"),
    ([grant(**when("StringEquals", "aws:SourceVpce", "vpce-1"))], "No"),
    ([grant(**when("StringLike", "aws:SourceVpce", "vpce-*"))], "Yes"),
    ([grant(**when("StringEquals", "aws:SourceVpc", "vpc-1"))], "No"),
    ([grant(**when("StringEquals", "aws:SourceAccount", "111122223333"))], "No"),
    ([grant(**when("StringLike", "aws:SourceAccount", "1111*"))], "Yes"),
    ([grant(**when("ArnLike", "aws:SourceArn", "arn:aws:s3:::source"))], "No"),
    ([grant(**when("ArnLike", "aws:SourceArn", "arn:aws:s3:::source-*"))], "Yes"),
    ([grant(**when("ArnLike", "aws:SourceArn", "arn:aws:sns:*:111122223333:*"))], "No"),
    ([grant(**when("ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:topic"))], "Yes"),
    ([grant(**when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/*"))], "No"),
    ([grant(**when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/admin"))], "Yes"),
    ([grant(**when("StringLike", "aws:userid", "AROAEXAMPLE:*"))], "No"),
    ([grant(**when("StringLike", "aws:userid", "*:me"))], "Yes"),
    ([grant(**when("StringEquals", "kms:CallerAccount", "111122223333"))], "No"),
    # Keys of the caller's choice never do.
    ([grant(**when("StringLike", "aws:Referer", "https://example.com/*"))], "Yes"),
    ([grant(**when("StringEquals", "aws:UserAgent", "x"))], "Yes"),
    ([grant(**when("Bool", "aws:SecureTransport", "true"))], "Yes"),
    ([grant(**when("StringEquals", "s3:prefix", "public"))], "Yes"),
    ([grant(**when("DateGreaterThan", "aws:CurrentTime", "2020-01-01T00:00:00Z"))], "Yes"),
    ([grant(**when("StringEquals", "lambda:FunctionUrlAuthType", "NONE"))], "Yes"),
    ([grant(**when("Bool", "aws:PrincipalIsAWSService", "true"))], "No"),
    # Missing keys.
    ([grant(**when("StringEqualsIfExists", "aws:PrincipalOrgID", "o-abc"))], "Yes"),
    ([grant(**when("StringNotEquals", "aws:PrincipalOrgID", "o-abc"))], "Yes"),
    ([grant(**when("StringNotEqualsIfExists", "aws:PrincipalOrgID", "o-abc"))], "Yes"),
    ([grant(**when("ForAllValues:StringEquals", "aws:PrincipalOrgID", "o-abc"))], "Yes"),
    ([grant(**when("ForAnyValue:StringEquals", "aws:PrincipalOrgID", "o-abc"))], "No"),
    ([grant(Condition={"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-abc"}, "Null": {"aws:PrincipalOrgID": "false"}})], "No"),
    ([grant(**when("Null", "aws:PrincipalOrgID", "true"))], "Yes"),
    ([grant(**when("Null", "aws:PrincipalOrgID", "false"))], "Yes"),
    ([grant(**when("Null", "aws:PrincipalServiceName", "false"))], "No"),
    # Networks.
    ([grant(**when("IpAddress", "aws:SourceIp", "203.0.113.0/24"))], "No"),
    ([grant(**when("IpAddress", "aws:SourceIp", "0.0.0.0/0"))], "Yes"),
    ([grant(**when("IpAddress", "aws:SourceIp", ["0.0.0.0/1", "128.0.0.0/1"]))], "Yes"),
    ([grant(**when("IpAddress", "aws:SourceIp", "9.0.0.0/8"))], "No"),
    ([grant(**when("IpAddress", "aws:SourceIp", "8.0.0.0/7"))], "Yes"),
    ([grant(**when("IpAddress", "aws:SourceIp", ["8.0.0.0/9", "9.0.0.0/9", "11.0.0.0/9"]))], "Yes"),
    ([grant(**when("IpAddress", "aws:SourceIp", ["8.0.0.0/9", "8.0.0.0/9", "8.128.0.0/9"]))], "No"),
    ([grant(**when("IpAddress", "aws:SourceIp", f"{first}.0.0.0/9")) for first in (3, 4, 5)], "Yes"),
    ([grant(**when("IpAddress", "aws:SourceIp", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]))], "No"),
    ([grant(**when("IpAddress", "aws:SourceIp", "::/0"))], "Yes"),
    ([grant(**when("IpAddress", "aws:SourceIp", "2001:db8::/32"))], "No"),
    ([grant(**when("IpAddress", "aws:SourceIp", "2001:db8::/31"))], "Yes"),
    ([grant(**when("IpAddressIfExists", "aws:SourceIp", "203.0.113.0/24"))], "Yes"),
    ([grant(**when("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"))], "Yes"),
    ([grant(**when("StringEquals", "aws:SourceIp", "203.0.113.7"))], "No"),
    ([grant(**when("IpAddress", "aws:SourceIp", UNKNOWN))], "Undecided"),
    ([grant(**when("IpAddress", "aws:SourceIp", COMPUTED))], "Undecided"),
    # Denies.
    ([grant(), refuse()], "No"),
    ([grant(), refuse(**when("Bool", "aws:SecureTransport", "false"))], "Yes"),
    ([grant(), refuse(**when("StringNotEquals", "aws:PrincipalOrgID", "o-abc"))], "No"),
    ([grant(), refuse(**when("StringNotEqualsIfExists", "aws:PrincipalOrgID", "o-abc"))], "No"),
    ([grant(), refuse(**when("StringNotLike", "aws:PrincipalOrgID", "o-*"))], "Yes"),
    ([grant(), refuse(**when("StringEquals", "aws:PrincipalOrgID", "o-abc"))], "Yes"),
    ([grant(), refuse(**when("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"))], "No"),
    ([grant(), refuse(**when("StringNotEquals", "aws:SourceVpce", "vpce-1"))], "No"),
    ([grant(), refuse(Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-abc"}, "Bool": {"aws:SecureTransport": "false"}})], "Yes"),
    ([grant(), {**refuse(), "Action": "s3:Put*"}], "Yes"),
    ([grant(), {**refuse(), "Resource": "arn:aws:s3:::data/private/*"}], "Yes"),
    ([grant(Action=["s3:GetObject", "s3:ListBucket"], Resource="*"), {**refuse(), "Action": "s3:Get*"}, {**refuse(), "Action": "s3:List*", "Resource": "*"}], "Yes"),
    ([grant(), refuse(Action=UNKNOWN)], "Undecided"),
    ([grant(), {**without(refuse(), "Principal"), "NotPrincipal": {"AWS": ["arn:aws:iam::111122223333:root"]}}], "No"),
    ([grant(), refuse(**when("StringEquals", "aws:username", "${aws:PrincipalTag/owner}"))], "Yes"),
    ([grant(**when("StringNotARealOperator", "aws:SourceIp", "x"))], "Undecided"),
    ([grant(Action="s3:GetObject,s3:PutObject")], "No"),
    ([grant(Action=[])], "No"),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "expected"), STRANGERS)
def test_strangers(statements: list[object], expected: str) -> None:
    document = policy(Kind.RESOURCE, *statements)
    answer = strangers(document, OWN)
    assert name(answer, document) == expected, answer


def test_a_witness_reads_well() -> None:
    answer = strangers(policy(Kind.RESOURCE, grant()), OWN)
    assert isinstance(answer, Yes)
    assert str(answer.witness) == "anonymous may s3:GetObject on arn:aws:s3:::data/any-object"
    assert answer.path == "Statement[0].Principal"


def test_own_accounts_are_no_strangers() -> None:
    document = policy(
        Kind.RESOURCE,
        grant(**when("StringNotEquals", "aws:PrincipalAccount", "444455556666")),
        refuse(**when("Null", "aws:PrincipalAccount", "true")),
    )
    answer = strangers(document, OWN)
    assert isinstance(answer, Yes)
    assert "111122223333" not in str(answer.witness)


def trust(principal: object, action: object = "sts:AssumeRole", **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Principal": principal, "Action": action, **more}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([trust("*")], "Yes"),
        ([trust({"AWS": "*"})], "Yes"),
        ([trust({"AWS": ["arn:aws:iam::444455556666:root", "*"]}, ["sts:AssumeRole", "sts:TagSession"])], "Yes"),
        ([trust({"Federated": "*"}, "sts:AssumeRoleWithWebIdentity")], "Yes"),
        ([trust({"Federated": "*"}, "sts:AssumeRole")], "No"),
        ([trust("*", "sts:TagSession")], "No"),
        ([trust("*", "STS:assume*")], "Yes"),
        ([trust("*", "*")], "Yes"),
        ([{**without(trust("*"), "Principal"), "NotPrincipal": {"AWS": "arn:aws:iam::444455556666:root"}}], "Yes"),
        ([trust({"AWS": "arn:aws:iam::444455556666:root"})], "No"),
        ([trust({"AWS": "arn:aws:iam::*:root"})], "Undecided"),
        ([trust({"Service": "ec2.amazonaws.com"})], "No"),
        ([trust({"AWS": UNKNOWN})], "Undecided"),
        ([trust("*", **when("StringEquals", "aws:PrincipalOrgID", "o-abc"))], "No"),
        ([trust("*", **when("StringLike", "aws:PrincipalOrgID", "o-*"))], "Yes"),
        ([trust("*", **when("StringEqualsIfExists", "aws:PrincipalOrgID", "o-abc"))], "Yes"),
        ([trust("*", **when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::444455556666:role/*"))], "No"),
        ([trust("*", **when("StringEquals", "aws:PrincipalAccount", "444455556666"))], "No"),
        ([trust("*", **when("StringEquals", "sts:ExternalId", "secret"))], "No"),
        ([trust("*", **when("StringLike", "sts:ExternalId", "*"))], "Yes"),
        ([trust("*", **when("StringEquals", "sts:RoleSessionName", "me"))], "Yes"),
        ([trust("*", **when("Bool", "aws:MultiFactorAuthPresent", "true"))], "Yes"),
        ([trust("*"), {**trust("*"), "Effect": "Deny", **when("StringNotEquals", "aws:PrincipalOrgID", "o-abc")}], "No"),
        ([trust("*"), {**trust("*"), "Effect": "Deny", **when("StringNotLike", "aws:PrincipalOrgID", "o-*")}], "Yes"),
    ],
)  # fmt: skip
def test_anyone_may_assume(statements: list[object], expected: str) -> None:
    document = policy(Kind.TRUST, *statements)
    assert name(anyone_may_assume(document), document) == expected


def test_allows() -> None:
    document = policy(
        Kind.IDENTITY,
        allow("s3:Get*", "arn:aws:s3:::a/*"),
        allow("s3:List*", "arn:aws:s3:::a", **when("StringEquals", "s3:prefix", "x")),
    )
    found = allows([document], "s3:GetObject", "arn:aws:s3:::a/k")
    assert isinstance(found, Yes)
    assert found.path == "Statement[0]"
    assert isinstance(allows([document], "s3:ListBucket", "arn:aws:s3:::a"), Yes)
    assert allows([document], "s3:ListBucket", "arn:aws:s3:::a", {"S3:Prefix": "y"}) == No()
    assert allows([document], "s3:GetObject", "arn:aws:s3:::b/k") == No()
    assert isinstance(
        allows([policy(Kind.IDENTITY, allow("s3:Get*", UNKNOWN))], "s3:GetObject", "arn:aws:s3:::b/k"), Undecided
    )
    named = policy(Kind.RESOURCE, grant({"AWS": "arn:aws:iam::444455556666:role/reader"}))
    assert isinstance(allows([named], "s3:GetObject", "arn:aws:s3:::data/k"), Yes)


ORDER = {"Yes": 2, "Undecided": 1, "No": 0}
CONDITIONS = st.sampled_from(
    [
        {},
        when("StringEquals", "aws:PrincipalOrgID", "o-abc"),
        when("StringLike", "aws:PrincipalOrgID", "o-*"),
        when("StringNotEquals", "aws:PrincipalOrgID", "o-abc"),
        when("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
        when("IpAddress", "aws:SourceIp", "0.0.0.0/1"),
        when("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"),
        when("Bool", "aws:SecureTransport", "false"),
        when("StringEquals", "aws:SourceVpce", "vpce-1"),
        when("ForAllValues:StringLike", "aws:TagKeys", "a*"),
        when("ForAnyValue:StringLike", "aws:TagKeys", ["*a", "b?"]),
        when("StringLike", "s3:prefix", "*/x/*"),
        when("NumericLessThan", "s3:max-keys", "10"),
        when("StringEquals", "aws:PrincipalTag/t", "${aws:username}"),
        when("StringEquals", "aws:SourceVpc", UNKNOWN),
    ]
)
STATEMENTS = st.builds(
    lambda effect, principal, action, resource, condition: {"Effect": effect, "Principal": principal, "Action": action, "Resource": resource, **condition},
    st.sampled_from(["Allow", "Allow", "Deny"]),
    st.sampled_from(["*", {"AWS": "*"}, {"AWS": "arn:aws:iam::444455556666:root"}, {"Service": "s3.amazonaws.com"}]),
    st.sampled_from(["*", "s3:*", "s3:Get*", ["s3:GetObject", "s3:PutObject"], "s3:*Object"]),
    st.sampled_from(["*", "arn:aws:s3:::data/*", "arn:aws:s3:::data", "arn:aws:s3:::*/private/*"]),
    CONDITIONS,
)  # fmt: skip
DOCUMENTS = st.lists(STATEMENTS, min_size=1, max_size=3)


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS, STATEMENTS)
def test_a_deny_never_adds_a_stranger(statements: list[dict[str, object]], extra: dict[str, object]) -> None:
    before = strangers(policy(Kind.RESOURCE, *statements), OWN)
    after_document = policy(Kind.RESOURCE, *statements, {**extra, "Effect": "Deny"})
    after = strangers(after_document, OWN)
    hangs = isinstance(after, Undecided) and "policy variable" in after.reason
    assert hangs or ORDER[name(after, after_document)] <= ORDER[type(before).__name__]


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_order_and_letter_case_change_nothing(statements: list[dict[str, object]], random: object) -> None:
    def recased(statement: dict[str, object]) -> dict[str, object]:
        actions = statement["Action"]
        listed = actions if isinstance(actions, list) else [actions]
        condition = statement.get("Condition", {})
        assert isinstance(condition, dict)
        keys = {operator: {key.upper(): value for key, value in entry.items()} for operator, entry in condition.items()}
        return {**statement, "Action": [str(action).upper() for action in listed], "Condition": keys}

    shuffled = [recased(each) for each in statements]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    before, after = (type(strangers(policy(Kind.RESOURCE, *each), OWN)).__name__ for each in (statements, shuffled))
    assert before == after


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS)
def test_if_exists_on_an_allow_never_shrinks(statements: list[dict[str, object]]) -> None:
    def loosened(statement: dict[str, object]) -> dict[str, object]:
        condition = statement.get("Condition", {})
        assert isinstance(condition, dict)
        if statement["Effect"] == "Deny":
            return statement
        return {**statement, "Condition": {f"{operator}IfExists": entry for operator, entry in condition.items()}}

    before = strangers(policy(Kind.RESOURCE, *statements), OWN)
    after = strangers(policy(Kind.RESOURCE, *map(loosened, statements)), OWN)
    assert ORDER[type(after).__name__] >= ORDER[type(before).__name__]


def requests_of_strangers() -> list[Request]:
    role = Principal("AWS", "arn:aws:iam::777788889999:role/stranger")
    own: dict[str, str | tuple[str, ...]] = {"aws:SecureTransport": "true", "aws:SourceVpc": "vpc-9"}
    role_keys = {"aws:PrincipalOrgID": "o-zzz", "aws:username": "bob", "aws:PrincipalTag/t": "bob"}
    contexts = [
        own,
        {**own, "aws:SecureTransport": "false", "aws:TagKeys": ("a",)},
        {**own, "s3:prefix": "a/x/b", "s3:max-keys": "9", "aws:TagKeys": ("ba", "bb")},
        {**own, "aws:SourceVpce": "vpce-9", "aws:TagKeys": ("xa", "aa")},
    ]
    places = [
        ("s3:GetObject", "arn:aws:s3:::data/k"),
        ("s3:PutObject", "arn:aws:s3:::x/private/y"),
        ("s3:GetObject", "arn:aws:s3:::x/private/y"),
        ("s3:ListBucket", "arn:aws:s3:::data"),
        ("sqs:SendMessage", "arn:aws:sqs:us-east-1:444455556666:data"),
    ]
    return [
        Request(principal, action, resource, {**context, **keys})
        for principal, keys in ((ANONYMOUS, {}), (role, role_keys))
        for action, resource in places
        for context in contexts
    ]


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS)
def test_no_request_of_a_stranger_contradicts_a_no(statements: list[dict[str, object]]) -> None:
    document = policy(Kind.RESOURCE, *statements)
    if isinstance(strangers(document, OWN), No):
        verdicts = [evaluate([document], request).verdict for request in requests_of_strangers()]
        assert Verdict.ALLOWED not in verdicts


def test_the_principal_of_a_witness_agrees_with_its_context() -> None:
    document = policy(Kind.RESOURCE, grant(**when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/admin")))
    answer = strangers(document, OWN)
    assert isinstance(answer, Yes)
    request = answer.witness.request
    assert request.principal.name == request.context["aws:PrincipalArn"] == "arn:aws:iam::777788889999:role/admin"


HOSTILE = [
    pytest.param([grant(Resource=[f"arn:aws:s3:::{'*a?' * 20}{n}" for n in range(20)]), refuse(Resource=[f"*{'?b*' * 20}{n}" for n in range(20)])], id="infix globs"),
    pytest.param([grant(**when("StringLike", "s3:prefix", "*" * 5_000 + "a" * 5_000)), refuse(**when("StringLike", "s3:prefix", "?" * 10_000))], id="10 kB of wildcards"),
    pytest.param([grant(), *[refuse(**when("StringLike", f"aws:RequestTag/{n}", f"*{n}*")) for n in range(200)]], id="200 denies on their own keys"),
    pytest.param([grant(Resource=f"arn:aws:s3:::data/{n}*") for n in range(1_000)] + [refuse(Resource=f"arn:aws:s3:::data/{n}*") for n in range(1_000)], id="2000 statements"),
    pytest.param([grant(**when("IpAddress", "aws:SourceIp", [f"{n % 200 + 11}.{n // 200}.0.0/24" for n in range(2_000)]))], id="2000 networks"),
    pytest.param([grant(Condition={"StringLike": {f"aws:RequestTag/{n}": [f"*{m}*" for m in range(10)] for n in range(30)}}), *[refuse(Condition={"StringNotLike": {f"aws:RequestTag/{n}": f"*{n}*" for n in range(30)}})]], id="30 keys"),
]  # fmt: skip


@pytest.mark.parametrize("statements", HOSTILE)
def test_hostile_documents_end(statements: list[object]) -> None:
    document = policy(Kind.RESOURCE, *statements)
    started = time.process_time()
    name(strangers(document, OWN), document)
    # Not a measurement: the alternative is minutes.
    assert time.process_time() - started < 20


OTHER, MORE = "402918573664", "333344445555"


def arn_of(account: str) -> str:
    return f"arn:aws:*:*:{account}:*"


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param([allow(), deny("*", arn_of(OTHER))], "Yes", id="deny-of-one-account-names-none"),
        pytest.param([allow(), deny("*", "arn:aws-cn:*:*:402918573664:*")], "Yes", id="deny-of-another-partition"),
        pytest.param([allow("*", arn_of(OTHER))], "Yes", id="one-account"),
        pytest.param([allow("*", "arn:aws:*:*:4029*:*")], "Yes", id="accounts-by-their-first-digits"),
        pytest.param([allow("*", "arn:aws:*:*:40291857366?:*")], "Yes", id="accounts-but-for-the-last-digit"),
        pytest.param([allow("*", "arn:aws:*:*:${aws:PrincipalAccount}:*")], "Yes", id="the-holder-s-own-account"),
        pytest.param(
            [allow("*", arn_of(OTHER)), *[allow("sqs:SendMessage", [f"arn:aws:sqs:eu-west-1:{MORE}:a", f"arn:aws:sqs:eu-west-1:11110000222{n}:b"]) for n in range(3)]],
            "Yes", id="decoy-accounts",
        ),
        pytest.param(
            [allow("iam:*", [f"arn:aws:iam::1111000022{n:02}:role/x" for n in range(40)]), allow("*", arn_of(OTHER))],
            "Undecided", id="more-decoys-than-are-tried",
        ),
        pytest.param([allow("sqs:SendMessage", [f"arn:aws:sqs:eu-west-1:1111000022{n:02}:q" for n in range(40)])], "No", id="many-accounts-and-no-grant"),
        *[
            pytest.param([statement], "Yes", id=f"perimeter-{n}")
            for n, statement in enumerate([
                allow(**when("StringEquals", "aws:ResourceAccount", OTHER)),
                allow(**when("StringEquals", "aws:ResourceAccount", [MORE, OTHER])),
                allow(**when("StringLike", "aws:ResourceAccount", "4029*")),
                allow(**when("StringEquals", "aws:ResourceAccount", "864209751234")),
                allow(**when("StringEquals", "aws:ResourceAccount", "${aws:PrincipalAccount}")),
                allow(**when("StringEquals", "aws:ResourceOrgID", "o-abc")),
                allow(**when("StringEquals", "aws:ResourceOrgID", "${aws:PrincipalOrgID}")),
                allow(**when("ForAnyValue:StringLike", "aws:ResourceOrgPaths", "o-abc/r-1/*")),
            ])
        ],
        pytest.param([allow(), deny(**when("StringNotEquals", "aws:ResourceAccount", OTHER))], "Yes", id="perimeter-deny"),
        pytest.param([allow(), deny(**when("StringNotEquals", "aws:ResourceOrgID", "o-abc"))], "Yes", id="perimeter-deny-organization"),
    ],
)  # fmt: skip
def test_administrator_of_whatever_account(statements: list[object], expected: str) -> None:
    document = policy(Kind.IDENTITY, *statements)
    assert name(administrator([document]), document) == expected


SIGN_IN = when("StringEquals", "SAML:aud", "https://signin.aws.amazon.com/saml")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        pytest.param(trust("*", "sts:AssumeRoleWithSAML", **SIGN_IN), "Yes", id="everyone"),
        pytest.param(trust({"Federated": "*"}, "sts:AssumeRoleWithSAML", **SIGN_IN), "Yes", id="every-provider"),
        pytest.param(
            trust("*", "sts:AssumeRoleWithSAML", **when("StringEquals", "SAML:iss", "https://idp.example")),
            "Yes", id="an-issuer-that-anyone-can-claim",
        ),
        pytest.param(
            trust("*", "sts:AssumeRoleWithSAML", **when("StringEquals", "SAML:doc", f"{OTHER}/idp")),
            "No", id="the-owner-s-own-provider",
        ),
        pytest.param(
            trust({"Federated": f"arn:aws:iam::{OTHER}:saml-provider/idp"}, "sts:AssumeRoleWithSAML", **SIGN_IN),
            "No", id="a-named-provider",
        ),
    ],
)  # fmt: skip
def test_anyone_may_assume_by_assertion(statement: object, expected: str) -> None:
    document = policy(Kind.TRUST, statement)
    assert name(anyone_may_assume(document), document) == expected


COGNITO = "cognito-identity.amazonaws.com"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        pytest.param(
            grant({"Federated": COGNITO}, **when("ForAnyValue:StringLike", f"{COGNITO}:amr", "authenticated")),
            "Yes", id="signed-in-to-any-pool",
        ),
        pytest.param(grant({"Federated": COGNITO}, **when("StringEquals", f"{COGNITO}:aud", "eu-west-1:1")), "No", id="own-pool"),
        pytest.param(
            grant({"Federated": "accounts.google.com"}, **when("StringEquals", "accounts.google.com:email_verified", "true")),
            "Yes", id="any-verified-address",
        ),
        pytest.param(
            grant({"Federated": "accounts.google.com"}, **when("StringEquals", "accounts.google.com:email", "a@b.example")),
            "No", id="one-address",
        ),
        pytest.param(grant(**when("StringLike", "aws:SourceArn", f"arn:aws:sns:*:{OTHER}:*")), "No", id="source-of-one-account"),
        pytest.param(grant(**when("StringLike", "aws:SourceArn", "arn:aws:sns:*:*:*")), "Yes", id="source-of-any-account"),
        pytest.param(grant(**when("StringLike", "aws:SourceArn", f"*:{OTHER}:*")), "Yes", id="account-in-any-field"),
    ],
)  # fmt: skip
def test_strangers_with_what_everybody_has(statement: object, expected: str) -> None:
    document = policy(Kind.RESOURCE, statement)
    assert name(strangers(document, frozenset()), document) == expected


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param(
            [grant(**when("IpAddress", "aws:SourceIp", f"{n}.0.0.0/8")) for n in range(1, 129)],
            {"Yes"}, id="many-networks-in-many-statements",
        ),
        pytest.param(
            [grant(Condition={"StringEquals": {f"aws:PrincipalTag/{n}": "x" for n in range(2000)}})],
            {"Yes"}, id="many-keys",
        ),
        pytest.param(
            [grant(), *[refuse(**when("StringEquals", f"aws:PrincipalTag/{n}", "x")) for n in range(1000)]],
            {"Yes", "Undecided"}, id="a-key-for-each-of-many-denies",
        ),
        pytest.param(
            [grant(Resource="arn:aws:s3:::" + "*?" * 2000), refuse(Resource="arn:aws:s3:::" + "?*" * 2000)],
            {"No", "Undecided"}, id="long-tangled-globs",
        ),
    ],
)  # fmt: skip
def test_large_documents_end_in_an_answer(statements: list[object], expected: set[str]) -> None:
    document = policy(Kind.RESOURCE, *statements)
    assert name(strangers(document, frozenset()), document) in expected


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_a_constant_that_is_no_json_hides_no_grant(constant: str) -> None:
    source = json.dumps({"Version": "2012-10-17", "Id": 0, "Statement": [allow()]}).replace(
        '"Id": 0', f'"Id": {constant}'
    )
    document = parse(source, Kind.IDENTITY)
    assert any("not JSON" in problem.message for problem in document.problems)
    assert name(administrator([document]), document) == "Yes"


def test_a_computed_document_is_not_known_yet() -> None:
    assert isinstance(administrator([parse(COMPUTED, Kind.IDENTITY)]), Undecided)
