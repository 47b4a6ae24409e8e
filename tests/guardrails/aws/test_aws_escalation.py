"""Privilege escalation: each method against grants made for it, and hand-written identities."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from aws_replay import replays

from policypack.guardrails.aws.actions import action
from policypack.guardrails.aws.arns import format_of
from policypack.guardrails.aws.authority import Authority, Layers, effective
from policypack.guardrails.aws.document import Document, Kind, parse
from policypack.guardrails.aws.escalation import (
    METHODS,
    Escalation,
    Escalations,
    Holder,
    Target,
    escalations,
    escalations_onto,
    speaks_of,
)
from policypack.guardrails.aws.escalation_methods import SELF, Method, Needs, Step, Way
from policypack.guardrails.aws.evaluate import Verdict, decide
from policypack.guardrails.aws.state import Budget
from policypack.guardrails.values import UNKNOWN

ACCOUNT = "123456789012"
COMPUTED = "standin0c0123456789abcdef"
OTHER_COMPUTED = "standin0cfedcba9876543210"
ANYTHING = "standin0x0123456789abcdef"
IAM = f"arn:aws:iam::{ACCOUNT}:"
FUNCTION = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:"
ROLE = Holder("role", f"{IAM}role/deployer", ACCOUNT)
USER = Holder("user", f"{IAM}user/bob", ACCOUNT, groups=("dev",))
LAMBDA = ["lambda:CreateFunction", "lambda:InvokeFunction"]

Json = dict[str, Any]


def allow(actions: object, resource: object = "*", **more: object) -> Json:
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **more}


def deny(actions: object, resource: object = "*", **more: object) -> Json:
    return {**allow(actions, resource, **more), "Effect": "Deny"}


def when(operator: str, key: str, value: object) -> dict[str, object]:
    return {"Condition": {operator: {key: value}}}


def policy(*statements: Json) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def read(*policies: Json) -> list[Document]:
    return [parse(each, Kind.IDENTITY) for each in policies]


def judged(*policies: Json, holder: Holder | None = None, boundary: Json | None = None) -> Escalations:
    """What is found, after each witness has been replayed by both evaluators."""
    documents = read(*policies)
    who = holder or Holder()
    limits = None if boundary is None else read(boundary)
    authority = effective(Layers(identity=documents, boundary=limits), who.principal)
    answer = escalations(authority, who)
    for each in answer.found:
        check(each, authority)
        for (index, path), witness in zip(each.places, each.witnesses, strict=True):
            assert path in [one.path for one in documents[index].statements]
            if boundary is None:
                assert replays(policies, [Kind.IDENTITY] * len(policies), witness), (each.method.id, str(witness))
    return answer


def check(found: Escalation, authority: Authority) -> None:
    """Every witness is allowed, is one of its step, and lies on the target that steps share."""
    shared: dict[tuple[str, str], set[str]] = {}
    for step, witness in zip(found.way.steps, found.witnesses, strict=True):
        request = witness.request
        assert decide(authority, request).verdict is Verdict.ALLOWED, (found.method.id, str(witness))
        assert request.action in step.actions
        if step.target:
            shared.setdefault((step.kind, step.target), set()).add(request.resource)
    assert all(len(each) == 1 for each in shared.values()), found
    assert not found.target or found.target in {each.request.resource.rstrip(":") for each in found.witnesses}


def grants(way: Way, resource: str = "*") -> list[Json]:
    return [allow(step.actions[0], resource) for step in way.steps]


def surroundings(method: Method, statements: Iterable[Json]) -> tuple[list[Json], Json | None]:
    """The policies and the boundary that an identity has for whom a method makes sense."""
    policies = [policy(*statements)]
    if method.id == "remove-deny":
        policies.append(policy(deny("s3:DeleteBucket")))
    return policies, policy(allow("*")) if method.id == "remove-boundary" else None


def of(method: Method, statements: Iterable[Json], holder: Holder | None = None) -> Escalation | None:
    policies, boundary = surroundings(method, statements)
    found = judged(*policies, holder=holder, boundary=boundary)
    assert not found.doubts
    return next((each for each in found.found if each.method is method), None)


def expected(method: Method, granted: set[str]) -> bool:
    """Whether actions that are granted on everything are enough."""
    return any(all(granted & set(step.actions) for step in way.steps) for way in method.ways)


EVERY = pytest.mark.parametrize("method", METHODS, ids=lambda each: each.id)


@EVERY
def test_each_way_is_enough_and_no_step_less(method: Method) -> None:
    for way in method.ways:
        for step in way.steps:
            for each in step.actions:
                granted = [each if one is step else one.actions[0] for one in way.steps]
                assert of(method, [allow(one) for one in granted]) is not None, granted
            rest = [one for one in way.steps if one is not step]
            found = of(method, [allow(one.actions[0]) for one in rest])
            assert (found is not None) == expected(method, {one.actions[0] for one in rest}), step


@EVERY
def test_a_deny_a_foreign_resource_or_a_condition_on_one_step_is_in_the_way(method: Method) -> None:
    for way in method.ways:
        for step in way.steps:
            rest = {one.actions[0] for one in way.steps if one is not step}
            possible = expected(method, rest)
            others = [allow(one.actions[0]) for one in way.steps if one is not step]
            # Of an action that nobody lists it is not known what it works on.
            elsewhere = "arn:aws:nothing:eu-west-1:123456789012:thing/one" if action(step.actions[0]) else []
            for spoilt in (
                [allow(step.actions[0]), deny(step.actions[0].swapcase())],
                [allow(step.actions[0], elsewhere)],
                [allow(step.actions[0], **when("StringEquals", "aws:ResourceTag/team", "blue"))],
            ):
                assert (of(method, [*others, *spoilt]) is not None) == possible, spoilt
            session = when("Bool", "aws:MultiFactorAuthPresent", "true")
            assert of(method, [*others, allow(step.actions[0], **session)]) is not None


@EVERY
def test_spelling_and_order_make_no_difference(method: Method) -> None:
    for way in method.ways:
        plain = of(method, grants(way))
        assert plain is not None
        actions = [step.actions[0] for step in way.steps]
        globs = [re.sub(r":(...).*(...)$", r":\1*\2", each) for each in actions]
        for variant in (
            [allow([each.upper() for each in actions])],
            [allow([each.lower() for each in reversed(actions)])],
            [allow(each[:-1] + "?") for each in actions],
            [allow(globs), allow("s3:ListBucket")],
        ):
            found = of(method, variant)
            assert found is not None, variant
            assert (found.conditional, found.bounded) <= (plain.conditional, plain.bounded)
        policies = [surroundings(method, [each])[0][0] for each in grants(way)]
        others, boundary = surroundings(method, [allow("s3:ListBucket")])
        spread = judged(*policies, *others, boundary=boundary).found
        assert next(each for each in spread if each.method is method) == Escalation(
            method, plain.way, plain.witnesses, tuple((index, "Statement[0]") for index in order(plain, actions)),
            plain.target, plain.bounded,
        )  # fmt: skip


def order(found: Escalation, actions: Sequence[str]) -> list[int]:
    """The policy of each witness where every action stands in one of its own."""
    return [actions.index(each.request.action) for each in found.witnesses]


def shared(way: Way) -> list[list[Step]]:
    groups: dict[tuple[str, str], list[Step]] = {}
    for step in way.steps:
        if step.target:
            groups.setdefault((step.kind, step.target), []).append(step)
    return [each for each in groups.values() if len(each) > 1]


def named(step: Step, name: str) -> str:
    assert step.formats
    return format_of(step.formats[0], ACCOUNT).example.replace("any-", f"{name}-")


@pytest.mark.parametrize(
    ("method", "way"),
    [(method, way) for method in METHODS for way in method.ways if shared(way)],
    ids=lambda each: each.id if isinstance(each, Method) else "",
)
def test_shared_targets(method: Method, way: Way) -> None:
    for group in shared(way):
        rest = [allow(step.actions[0]) for step in way.steps if step not in group]
        same = of(method, [*rest, *(allow(step.actions[0], named(step, "one")) for step in group)])
        assert same is not None
        crossing = [named(group[0], "one*")] + [named(group[0], "*").replace("*-", "*") for _ in group[1:]]
        both = [allow(step.actions[0], text) for step, text in zip(group, crossing, strict=True)]
        assert of(method, [*rest, *both]) is not None
        apart = [named(step, f"name{index}") for index, step in enumerate(group)]
        other = of(method, [*rest, *(allow(step.actions[0], text) for step, text in zip(group, apart, strict=True))])
        assert other is None or other.way is not way


PASSING = [each for each in METHODS if each.services]


@pytest.mark.parametrize("method", PASSING, ids=lambda each: each.id)
def test_a_role_is_passed_to_the_service_of_the_method(method: Method) -> None:
    rest = grants(method.ways[0])[1:]
    for service in method.services:
        found = of(method, [allow("iam:PassRole", **when("StringEquals", "iam:PassedToService", service)), *rest])
        assert found is not None
        assert not found.conditional
        assert not found.bounded
        assert found.witnesses[0].request.context["iam:PassedToService"] == service
    for entry in (
        when("StringEquals", "iam:PassedToService", "else.amazonaws.com"),
        when("StringNotLike", "iam:PassedToService", [f"{each}*" for each in method.services]),
        when("StringLike", "iam:PassedToService", "*.amazonaws.com.cn"),
        when("Null", "iam:PassedToService", "true"),
    ):
        assert of(method, [allow("iam:PassRole", **entry), *rest]) is None
    china = when("StringLike", "iam:PassedToService", "*.amazonaws.com.cn")
    assert of(method, [allow("iam:PassRole", "arn:aws-cn:iam::*:role/*", **china), *rest]) is not None
    free = when("ArnLike", "iam:AssociatedResourceARN", "arn:aws:*:*:*:thing/*")
    assert of(method, [allow("iam:PassRole", **free), *rest]) is not None
    narrow = of(method, [allow("iam:PassRole", f"{IAM}role/app-*"), *rest])
    assert narrow is not None
    assert narrow.conditional
    assert narrow.bounded
    assert narrow.target.startswith(f"{IAM}role/app-")


def tags(answer: Escalations) -> set[str]:
    """The methods found: `?` in doubt, `~` conditional, `*` bounded; what goes with every grant to another left out."""
    shown = {
        each.method.id + ("~" if each.conditional else "") + ("*" if each.bounded else "")
        for each in answer.found
        if each.method.id not in OTHERS
    }
    return shown | {f"?{each.method.id}" for each in answer.doubts if each.method.id not in OTHERS}


OTHERS = {"grant-to-users", "grant-to-groups", "grant-to-roles", "rewrite-policies"}
ONLY_READ_ONLY = when("ArnEquals", "iam:PolicyARN", "arn:aws:iam::aws:policy/ReadOnlyAccess")
WITH_BOUNDARY = when("StringEquals", "iam:PermissionsBoundary", f"{IAM}policy/limit")
SELF_CARE = ["iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:UpdateLoginProfile", "iam:EnableMFADevice",
             "iam:DeactivateMFADevice", "iam:ResyncMFADevice", "iam:CreateVirtualMFADevice"]  # fmt: skip


@pytest.mark.parametrize(
    ("statements", "holder", "methods"),
    [
        # The holder itself.
        ([allow("iam:PutRolePolicy", f"{IAM}role/deployer")], ROLE, {"put-role-policy"}),
        ([allow("iam:PutRolePolicy", f"{IAM}role/deploy*")], ROLE, {"put-role-policy"}),
        ([allow("iam:PutRolePolicy", f"{IAM}role/app")], ROLE, set()),
        ([allow("iam:PutRolePolicy", f"{IAM}role/deployer")], None, set()),
        ([allow("iam:PutRolePolicy", f"{IAM}role/*")], None, {"put-role-policy"}),
        ([allow("iam:PutRolePolicy"), deny("iam:*", f"{IAM}role/deployer")], ROLE, set()),
        ([allow("iam:PutUserPolicy")], ROLE, set()),
        ([allow("iam:PutUserPolicy", "arn:aws:iam::*:user/${aws:username}")], USER, {"put-user-policy"}),
        ([allow("iam:PutUserPolicy", "arn:aws:iam::*:user/${aws:username}")], None, {"put-user-policy"}),
        ([allow("iam:PutUserPolicy", "arn:aws:iam::*:user/${aws:username}")], ROLE, set()),
        ([allow("iam:PutGroupPolicy", f"{IAM}group/dev")], USER, {"put-group-policy"}),
        ([allow("iam:PutGroupPolicy", f"{IAM}group/ops")], USER, set()),
        ([allow("iam:PutGroupPolicy", f"{IAM}group/dev")], Holder("group", f"{IAM}group/dev"), {"put-group-policy"}),
        ([allow("iam:PutGroupPolicy")], Holder("user", f"{IAM}user/bob", groups=()), set()),
        ([allow("iam:PutRolePolicy", COMPUTED)], Holder("role", COMPUTED), {"put-role-policy"}),
        ([allow("iam:PutRolePolicy", COMPUTED)], Holder("role", OTHER_COMPUTED), set()),
        ([allow("iam:PutRolePolicy", f"{IAM}role/*")], Holder("role", COMPUTED, ACCOUNT), {"put-role-policy"}),
        ([allow("iam:PutRolePolicy", "arn:aws:iam::864209751234:role/*")], ROLE, {"put-role-policy"}),
        ([allow("iam:PutRolePolicy", "arn:aws:iam::999988887777:role/*")], ROLE, set()),
        ([allow("iam:PutRolePolicy", "arn:aws-cn:iam::*:role/*")], None, {"put-role-policy"}),
        ([allow("iam:PutRolePolicy", **when("ArnLike", "aws:PrincipalArn", f"{IAM}role/x"))], ROLE, set()),
        # Managed policies.
        ([allow("iam:CreatePolicyVersion", "arn:aws:iam::aws:policy/*")], None, set()),
        ([allow("iam:CreatePolicyVersion")], Holder("role", attached=()), set()),
        ([allow("iam:CreatePolicyVersion")], Holder("role", attached=(f"{IAM}policy/p",), account=ACCOUNT),
         {"create-policy-version"}),
        ([allow("iam:CreatePolicyVersion")], Holder("role", attached=("arn:aws:iam::aws:policy/p",)), set()),
        ([allow("iam:CreatePolicyVersion", f"{IAM}policy/q")], Holder("role", attached=(f"{IAM}policy/p",)), set()),
        ([allow("iam:CreatePolicyVersion", f"{IAM}policy/q"), allow("iam:UpdateAssumeRolePolicy", f"{IAM}role/r")],
         None, {"create-policy-version-of-a-role~*", "update-assume-role-policy~*"}),
        ([allow("iam:SetDefaultPolicyVersion")], None, {"set-default-policy-version~"}),
        ([allow("iam:Attach*Policy", **ONLY_READ_ONLY)], None, set()),
        ([allow("iam:AttachRolePolicy", **when("ArnLike", "iam:PolicyARN", "arn:aws:iam::aws:policy/*"))], ROLE,
         {"attach-role-policy"}),
        ([allow("iam:AttachRolePolicy", **when("ArnNotLike", "iam:PolicyARN", "arn:aws:iam::aws:policy/Admin*"))], ROLE,
         {"attach-role-policy"}),
        # Another identity that the holder becomes.
        ([allow(["iam:PutRolePolicy", "sts:AssumeRole"], f"{IAM}role/app")], ROLE,
         {"put-role-policy~*", "assume-role~*"}),
        ([allow(["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"], f"{IAM}role/app")], ROLE,
         {"put-role-policy*", "update-assume-role-policy~*"}),
        ([allow("iam:PutRolePolicy", f"{IAM}role/a-*"), allow("iam:UpdateAssumeRolePolicy", f"{IAM}role/*-b")], ROLE,
         {"put-role-policy*", "update-assume-role-policy~*"}),
        ([allow("iam:PutRolePolicy", f"{IAM}role/app"), allow("sts:AssumeRole", f"{IAM}role/web")], ROLE,
         {"assume-role~*"}),
        ([allow(["iam:PutRolePolicy", "sts:AssumeRole"], COMPUTED)], ROLE, {"put-role-policy~*", "assume-role~*"}),
        ([allow("iam:CreateAccessKey", f"{IAM}user/alice")], USER, {"create-access-key~*"}),
        ([allow("iam:CreateAccessKey", f"{IAM}user/bob")], USER, set()),
        ([allow("iam:CreateAccessKey"), deny("iam:*", f"{IAM}user/admin*")], USER, {"create-access-key"}),
        ([allow("iam:AddUserToGroup", f"{IAM}group/dev"), allow("iam:PutGroupPolicy")],
         Holder("user", f"{IAM}user/bob", groups=()), {"put-group-policy*", "add-user-to-group~*"}),
        ([allow("sts:AssumeRole", f"{IAM}role/*", **when("StringEquals", "sts:ExternalId", "x"))], ROLE,
         {"assume-role~"}),
        # New identities, and the guard against them.
        ([allow(["iam:CreateRole", "iam:AttachRolePolicy"], f"{IAM}role/app-*")], ROLE, {"create-role*"}),
        ([allow(["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"], **WITH_BOUNDARY)], ROLE, set()),
        ([allow(["iam:CreateRole", "iam:AttachRolePolicy"], f"{IAM}role/app-*", **ONLY_READ_ONLY)], ROLE, set()),
        ([allow("iam:CreateRole", f"{IAM}role/a"), allow("iam:PutRolePolicy", f"{IAM}role/b")], ROLE, set()),
        ([allow(["iam:DeleteUserPermissionsBoundary", "iam:PutRolePermissionsBoundary"])], None, set()),
        ([allow("iam:DetachRolePolicy")], ROLE, set()),
        ([allow("iam:DetachRolePolicy"), deny("s3:DeleteBucket")], ROLE, {"remove-deny~"}),
        # Roles that are passed.
        ([allow("iam:PassRole"), allow(LAMBDA)], ROLE, {"pass-role-lambda"}),
        ([allow("iam:PassRole"), allow(LAMBDA, f"{FUNCTION}app-*")], ROLE, {"pass-role-lambda"}),
        ([allow("iam:PassRole", f"{IAM}role/x"), allow(LAMBDA)], ROLE, {"pass-role-lambda~*"}),
        ([allow("iam:PassRole"), deny("iam:PassRole", f"{IAM}role/admin"), allow(LAMBDA)], ROLE, {"pass-role-lambda"}),
        ([allow("iam:PassRole"), {**deny("iam:PassRole"), "NotResource": f"{IAM}role/x", "Resource": None},
          allow(LAMBDA)], ROLE, None),
        ([{"Effect": "Allow", "Action": "iam:PassRole", "NotResource": f"{IAM}role/x"}, allow(LAMBDA)], ROLE,
         {"pass-role-lambda"}),
        ([allow("iam:PassRole"), allow("ec2:RunInstances", "arn:aws:ec2:*:*:subnet/*")], ROLE, set()),
        ([allow("iam:PassRole"), allow("ec2:RunInstances"), deny("ec2:*", **when("Bool", "aws:SecureTransport", "false"))],
         ROLE, {"pass-role-ec2"}),
        # What runs already.
        ([allow("lambda:UpdateFunctionCode", f"{FUNCTION}*")], ROLE, {"update-function-code~"}),
        ([allow("lambda:UpdateFunctionCode", f"{FUNCTION}app")], ROLE, {"update-function-code~*"}),
        # Policies of resources.
        ([allow("kms:*", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/*")], ROLE, {"key-policy"}),
        ([allow("kms:CreateGrant", **when("Bool", "kms:GrantIsForAWSResource", "true"))], ROLE, set()),
        ([allow("s3:*", ["arn:aws:s3:::data", "arn:aws:s3:::data/*"])], ROLE, {"bucket-policy~*"}),
        # What cannot be read.
        ([allow("sts:AssumeRole", UNKNOWN)], ROLE, {"?assume-role"}),
        ([allow("iam:PassRole", UNKNOWN), allow(LAMBDA)], ROLE, {"?pass-role-lambda"}),
        ([allow("iam:PassRole", UNKNOWN), allow("lambda:CreateFunction")], ROLE, set()),
        ([allow("iam:PassRole", ANYTHING), allow(LAMBDA)], ROLE, {"?pass-role-lambda"}),
        ([allow("iam:PassRole", [UNKNOWN, f"{IAM}role/x"]), allow(LAMBDA)], ROLE,
         {"pass-role-lambda~*", "?pass-role-lambda"}),
        ([allow("iam:PassRole", [UNKNOWN, "*"]), allow(LAMBDA)], ROLE, {"pass-role-lambda"}),
        ([allow("iam:PassRole", **when("StringEquals", "iam:PassedToService", UNKNOWN)), allow(LAMBDA)], ROLE,
         {"?pass-role-lambda"}),
        # Ordinary identities.
        ([allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]),
          allow(["dynamodb:GetItem", "dynamodb:PutItem"], f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/t"),
          allow(["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "xray:Put*"])], None, set()),
        ([allow(["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "secretsmanager:GetSecretValue"])], None, set()),
        ([allow(["ssm:UpdateInstanceInformation", "ssmmessages:*", "ec2messages:*", "ssm:GetParameter"])], None, set()),
        ([allow(["iam:List*", "iam:Get*", "ec2:Describe*", "s3:Get*", "s3:List*", "lambda:List*"])], None, set()),
        ([allow(SELF_CARE, "arn:aws:iam::*:user/${aws:username}"),
          allow("iam:CreateVirtualMFADevice", "arn:aws:iam::*:mfa/*")], None, set()),
        ([allow(SELF_CARE, "arn:aws:iam::*:user/${aws:username}")], USER, set()),
        ([], None, set()),
    ],
)  # fmt: skip
def test_identities(statements: list[Json], holder: Holder | None, methods: set[str] | None) -> None:
    if methods is None:
        statements = [{key: value for key, value in each.items() if value is not None} for each in statements]
        methods = {"pass-role-lambda~*"}
    assert tags(judged(policy(*statements), holder=holder)) == methods


@pytest.mark.parametrize(
    ("action", "resource", "bounded"),
    [
        ("iam:PutUserPolicy", "*", False),
        ("iam:AttachGroupPolicy", f"{IAM}group/*", False),
        ("iam:CreatePolicyVersion", "*", False),
        ("iam:AttachUserPolicy", f"{IAM}user/app-*", True),
    ],
)
def test_a_role_that_grants_to_others(action: str, resource: str, bounded: bool) -> None:
    (found,) = (each for each in judged(policy(allow(action, resource)), holder=ROLE).found if each.method.id in OTHERS)
    assert found.conditional
    assert found.bounded is bounded


def test_a_boundary_limits_and_can_be_lifted() -> None:
    grant = policy(allow("*"))
    assert tags(judged(grant, holder=ROLE, boundary=policy(allow("s3:Get*")))) == set()
    lifting = policy(allow("iam:DeleteRolePermissionsBoundary"), allow("s3:Get*"))
    assert tags(judged(grant, holder=ROLE, boundary=lifting)) == {"remove-boundary"}
    loose = policy(allow("iam:PutRolePermissionsBoundary", **WITH_BOUNDARY))
    assert tags(judged(grant, holder=ROLE, boundary=loose)) == set()


def test_all_of_iam_and_all_of_everything() -> None:
    absent = {"remove-boundary", "remove-deny", *OTHERS}
    assert tags(judged(policy(allow("*")), holder=Holder())) >= {
        each.id + ("~" if each.conditional else "") for each in METHODS if each.id not in absent
    }
    of_iam = {each.id for each in METHODS if all(one.startswith("iam:") for one in each.actions)} - absent
    found = {each.method.id for each in judged(policy(allow("iam:*"))).found}
    assert of_iam <= found
    everything_but = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
    left = judged(policy(everything_but), holder=ROLE)
    assert all(each.conditional or each.method.row == 39 for each in left.found)


def test_takeover_of_one_target() -> None:
    role, other = f"{IAM}role/app", f"{IAM}role/web"
    authority = Authority.of(
        read(policy(allow("iam:PassRole", [role, COMPUTED]), allow(LAMBDA), allow("sts:AssumeRole", other)))
    )

    def onto(arn: str, *services: str, kind: str = "iam:role") -> list[str]:
        target = Target(arn, kind, frozenset(services))
        answer = escalations_onto(authority, ROLE, target)
        assert not answer.doubts
        for each in answer.found:
            check(each, authority)
            assert each.target == arn
            assert each.bounded
        return [each.method.id for each in answer.found]

    assert onto(role, "lambda.amazonaws.com") == ["pass-role-lambda"]
    assert onto(role, "ec2.amazonaws.com") == []
    assert onto(COMPUTED, "lambda.amazonaws.com") == ["pass-role-lambda"]
    assert onto(OTHER_COMPUTED, "lambda.amazonaws.com") == []
    assert onto(other) == ["assume-role"]
    assert onto(f"{FUNCTION}f", kind="lambda:function") == []
    update = Authority.of(read(policy(allow("lambda:UpdateFunctionCode", f"{FUNCTION}f*"))))
    target = Target(f"{FUNCTION}f", "lambda:function")
    assert [each.method.id for each in escalations_onto(update, ROLE, target).found] == ["update-function-code"]


def test_statements_that_take_part() -> None:
    found = judged(
        policy(allow("s3:Get*"), allow("iam:PassRole")),
        policy(allow(LAMBDA), allow("sts:AssumeRole")),
        holder=ROLE,
    )
    assert tags(found) == {"pass-role-lambda", "assume-role~"}
    places = {place for each in found.found if not each.conditional for place in each.places}
    assert places == {(0, "Statement[1]"), (1, "Statement[0]")}


def test_a_doubt_names_the_document() -> None:
    found = judged(policy(allow(LAMBDA)), policy(allow("iam:PassRole", UNKNOWN)), policy(allow("s3:*", UNKNOWN)))
    doubt = next(each for each in found.doubts if each.method.id == "pass-role-lambda")
    assert (doubt.document, doubt.statement) == (1, "Statement[0]")
    twice = judged(policy(allow("iam:PassRole", UNKNOWN)), policy(allow(LAMBDA, UNKNOWN)))
    assert [each.document for each in twice.doubts] == [0]


def test_an_unknown_action_hides_nothing() -> None:
    found = judged(policy(allow([UNKNOWN, "s3:Get*"], f"{IAM}role/deployer"), allow("iam:PutRolePolicy")), holder=ROLE)
    assert tags(found) >= {"put-role-policy", "?attach-role-policy", "?update-assume-role-policy"}
    assert not {"?put-role-policy", "?put-user-policy", "?pass-role-lambda"} & tags(found)


def test_past_the_budget_is_undecided() -> None:
    roles = [f"{IAM}role/*{index}*" for index in range(40)]
    wide = policy(allow("iam:PutRolePolicy", roles), allow("iam:UpdateAssumeRolePolicy", [f"{IAM}role/x?", *roles]))
    authority = Authority.of(read(wide))
    answer = escalations(authority, ROLE, Budget(30))
    assert answer.doubts
    assert not answer.found
    accounts = [f"arn:aws:iam::{index:012}:role/x" for index in range(1, 40)]
    many = escalations(Authority.of(read(policy(allow("iam:PutRolePolicy", accounts)))))
    assert [each.method.id for each in many.doubts] == ["put-role-policy", "grant-to-roles"]


def test_actions_that_a_statement_speaks_of() -> None:
    (document,) = read(
        policy(
            allow(["IAM:put*policy", "s3:GetObject", "iam:PassRole,iam:CreateRole"]),
            {"Effect": "Allow", "NotAction": ["iam:*", "s3:*"], "Resource": "*"},
        )
    )
    first, second = map(speaks_of, document.statements)
    assert first == {"iam:PutUserPolicy", "iam:PutRolePolicy", "iam:PutGroupPolicy"}
    assert "sts:AssumeRole" in second
    assert not any(each.startswith(("iam:", "s3:")) for each in second)


def test_the_table_of_methods() -> None:
    assert len({each.id for each in METHODS}) == len(METHODS)
    assert {each.row for each in METHODS} == set(range(1, 41))
    # CodeStar is gone, and with it an action that nobody lists any more.
    retired = {"codestar:CreateProjectFromTemplate"}
    for method in METHODS:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", method.id)
        assert method.title
        assert not method.title.endswith(".")
        assert method.fix("iam:Put*").endswith(".")
        assert bool(method.services) == any("iam:PassRole" in way.steps[0].actions for way in method.ways)
        assert method.conditional == all(way.needs in (Needs.MORE, Needs.CONTROL) for way in method.ways)
        for step in (step for way in method.ways for step in way.steps):
            assert step.target != SELF or step.kind.startswith("iam:")
            for name in set(step.actions) - retired:
                listed = action(name)
                assert listed is not None
                assert listed.name == name
                kind = step.kind.rpartition(":")[2]
                assert not kind or kind in {each.type for each in listed.resources}, (name, kind)
