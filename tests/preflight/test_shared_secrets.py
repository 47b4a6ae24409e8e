"""Values that conditions have to name and reports must not."""

from __future__ import annotations

import pytest

from policypack.guardrails.aws.document import Document, Kind, parse
from preflight.shared_secrets import Hiding, shown


def document(operator: str, key: str, *values: str) -> Document:
    return parse(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "sts:AssumeRole",
                "Condition": {operator: {key: list(values)}},
            },
        },
        Kind.TRUST,
    )


@pytest.mark.parametrize(
    ("operator", "key", "values", "expected"),
    [
        ("StringEquals", "sts:ExternalId", ["a-secret"], "<hidden>"),
        ("StringEquals", "STS:externalid", ["a-secret", "another"], "<hidden>"),
        ("StringLike", "sts:ExternalId", ["a-secret", "*"], "<hidden> or *"),
        ("StringLike", "sts:ExternalId", ["a*"], "<hidden>"),
        ("Null", "sts:ExternalId", ["true"], "true"),
        ("StringLikeIfExists", "aws:Referer", ["https://example.com/*"], "<hidden>"),
        ("StringEquals", "lambda:EventSourceToken", ["amzn1.ask.skill.1"], "<hidden>"),
        ("StringEquals", "aws:PrincipalOrgID", ["o-abc"], "o-abc"),
        ("DateLessThan", "aws:TokenIssueTime", ["2026-01-31T00:00:00Z"], "2026-01-31T00:00:00Z"),
    ],
)
def test_conditions(operator: str, key: str, values: list[str], expected: str) -> None:
    (condition,) = document(operator, key, *values).statements[0].conditions
    assert shown(condition) == f"{key} {operator} {expected}"


def test_witnesses_hide_what_is_made_from_a_pattern() -> None:
    hide = Hiding([document("StringLike", "sts:ExternalId", "tenant-*-4711")])
    context = {"STS:ExternalId": "tenant-x-4711", "aws:username": ["ann"], "aws:userid": "of tenant-x-4711"}
    record = {"principal": "p", "action": "sts:AssumeRole", "resource": "*", "context": context}
    hidden = hide.witness([record])
    assert hidden[0]["context"] == {
        "STS:ExternalId": "<hidden>",
        "aws:username": ["ann"],
        "aws:userid": "of <hidden>x<hidden>",
    }
    assert hide.witness(None) is None


def test_sentences() -> None:
    hide = Hiding([document("StringEquals", "sts:ExternalId", "hunter2hunter2", "hunter2", "no")])
    assert hide("`hunter2hunter2` and hunter2 are no dates") == "`<hidden>` and <hidden> are no dates"
