"""The policies that AWS manages: AWS takes them all, so nothing is wrong with any, and each verdict can be explained."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Any

import pytest
from managed_policies import managed_policies

from policypack.guardrails.aws import managed
from policypack.guardrails.aws.answers import Answer, No, Undecided, Yes
from policypack.guardrails.aws.document import Document, Kind, parse
from policypack.guardrails.aws.evaluate import Verdict, evaluate
from policypack.guardrails.aws.questions import administrator

ADMINISTRATORS = {"AdministratorAccess", "IAMFullAccess"}

# What a plain reading of the text takes for power over arbitrary identities, and why it is no administrator access.
NOT_ADMINISTRATORS = {
    "AWSCodeStarServiceRole": "attaches only policies named CodeStar_*",
    "AWSMcpServiceActionsFullAccess": "holds for the actions of MCP servers, never for those of IAM",
    "AWSQuickSetupDistributorPermissionsBoundary": "attaches only two policies that AWS manages",
    "AWSQuickSetupManagedInstanceProfileExecutionPolicy": "attaches only policies that AWS manages for Systems Manager",
    "AWSQuickSetupPatchPolicyPermissionsBoundary": "attaches only policies that AWS manages for Systems Manager",
    "AWSQuickSetupSSMHostMgmtPermissionsBoundary": "attaches only two policies that AWS manages",
    "AdministratorAccess-Amplify": "roles alone, and few services: an escalation, but not most of IAM",
}
GRANTING = frozenset(
    {"iam:putuserpolicy", "iam:putrolepolicy", "iam:putgrouppolicy", "iam:attachuserpolicy", "iam:attachrolepolicy",
     "iam:attachgrouppolicy", "iam:createpolicyversion", "iam:updateassumerolepolicy"}
)  # fmt: skip
ARBITRARY = re.compile(r"\*|arn:aws:iam::\*:(\w+/)?\*")


def name_of(arn: str) -> str:
    return arn.rpartition("/")[2]


@cache
def documents() -> dict[str, Document]:
    return {name_of(arn): parse(source, Kind.IDENTITY) for arn, source in managed_policies().items()}


@cache
def answers() -> dict[str, Answer]:
    return {name: administrator([document]) for name, document in documents().items()}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@cache
def granted_by(pattern: str) -> frozenset[str]:
    shape = ".*".join(re.escape(part) for part in pattern.lower().split("*"))
    return frozenset(action for action in GRANTING if re.fullmatch(shape, action))


def grants_plainly(source: dict[str, Any]) -> Iterator[str]:
    """Granting actions on arbitrary identities, read off the text: conditions and denials are passed over."""
    for statement in listed(source["Statement"]):
        aimed_at = listed(statement.get("Resource", "*"))
        if statement["Effect"] != "Allow" or not any(ARBITRARY.fullmatch(each) for each in aimed_at):
            continue
        named = frozenset(chain(*map(granted_by, listed(statement.get("Action", statement.get("NotAction"))))))
        yield from named if "Action" in statement else GRANTING - named


def test_the_record_is_whole():
    arns = list(managed_policies())
    assert len(arns) > 1_500
    assert arns == sorted(arns)
    assert all(arn.startswith("arn:aws:iam::aws:policy/") for arn in arns)
    assert len({name_of(arn) for arn in arns}) == len(arns)


def test_nothing_is_wrong_with_a_policy_that_aws_took():
    found = {name: document.problems for name, document in documents().items() if document.problems}
    assert found == {}
    assert not any(document.holes for document in documents().values())
    assert all(document.statements for document in documents().values())


def test_every_policy_is_decided():
    assert {name: each for name, each in answers().items() if isinstance(each, Undecided)} == {}


def test_the_administrators_are_these():
    assert {name for name, each in answers().items() if not isinstance(each, No)} == ADMINISTRATORS


@pytest.mark.parametrize("name", sorted(ADMINISTRATORS))
def test_an_administrator_has_a_request_to_show(name: str):
    answer = answers()[name]
    assert isinstance(answer, Yes)
    decision = evaluate([documents()[name]], answer.witness.request)
    assert (decision.verdict, decision.path) == (Verdict.ALLOWED, answer.path)


def test_a_plain_reading_finds_no_others_without_a_reason():
    """A second, coarser method: whatever it takes for an administrator must be one, or be explained by name."""
    found = {name_of(arn) for arn, source in managed_policies().items() if any(grants_plainly(source))}
    assert found == ADMINISTRATORS | set(NOT_ADMINISTRATORS)


@pytest.mark.parametrize("name", ["AdministratorAccess", "IAMFullAccess"])
def test_a_deny_of_all_iam_ends_it(name: str):
    denied = {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}}
    assert administrator([documents()[name], parse(denied, Kind.IDENTITY)]) == No()


def test_power_users_become_administrators_with_iam():
    assert answers()["PowerUserAccess"] == No()
    both = [documents()["PowerUserAccess"], documents()["IAMFullAccess"]]
    answer = administrator(both)
    assert isinstance(answer, Yes)
    assert (answer.document, answer.witness.note) == (1, "administrator access")
    assert evaluate(both, answer.witness.request).verdict is Verdict.ALLOWED


@pytest.mark.parametrize(
    ("arn", "listed"),
    [
        ("arn:aws:iam::aws:policy/AdministratorAccess", True),
        ("arn:aws-cn:iam::aws:policy/AdministratorAccess", True),
        ("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", True),
        ("arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole", False),
        ("arn:aws:iam::aws:policy/zzz", False),
        ("arn:aws:iam::123456789012:policy/AdministratorAccess", False),
        ("AdministratorAccess", False),
    ],
)
def test_a_listed_policy_is_found_by_its_arn(arn: str, listed: bool):
    found = managed.document(arn)
    assert (found is not None) is listed
    assert found is None or (found.statements and not found.problems)


def test_in_another_partition_a_policy_speaks_of_that_partition():
    text = managed.text_of("arn:aws-us-gov:iam::aws:policy/AmazonECS_FullAccess")
    assert text is not None
    assert '"arn:aws-us-gov:' in text
    assert '"arn:aws:' not in text
