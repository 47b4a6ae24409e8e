"""Reading documents: forms, problems, holes, hostile input."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policypack.guardrails.aws.document import Document, Effect, Kind, parse
from policypack.guardrails.aws.questions import administrator, strangers
from policypack.guardrails.values import UNKNOWN

ANY = "standin0x0123456789abcdef"
COMPUTED = "standin0c0123456789abcdef"
GOOD = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def policy(*statements: object, version: object = "2012-10-17") -> dict[str, object]:
    return {"Version": version, "Statement": list(statements)}


def paths(document: Document) -> list[str]:
    return [problem.path for problem in document.problems]


def test_one_statement_and_lists_read_alike() -> None:
    single = parse({"Version": "2012-10-17", "Statement": GOOD}, Kind.IDENTITY)
    listed = parse(json.dumps(policy({**GOOD, "Action": ["s3:GetObject"], "Resource": ["*"]})), Kind.IDENTITY)
    assert single.statements[0].actions == listed.statements[0].actions == ("s3:GetObject",)
    assert (single.statements[0].path, listed.statements[0].path) == ("Statement", "Statement[0]")
    assert single.problems == listed.problems == ()


def test_condition_paths_and_values() -> None:
    source = policy(
        {
            **GOOD,
            "Condition": {
                "StringEquals": {"aws:SourceIp": ["a", "b"]},
                "Bool": {"k": True},
                "NumericEquals": {"n": 5.0},
            },
        }
    )
    conditions = parse(source, Kind.IDENTITY).statements[0].conditions
    assert conditions[0].path == 'Statement[0].Condition.StringEquals["aws:SourceIp"]'
    assert [each.values for each in conditions] == [("a", "b"), ("true",), ("5",)]


@pytest.mark.parametrize(
    ("kind", "source", "path", "words"),
    [
        (Kind.IDENTITY, "{", "", "not JSON"),
        (Kind.IDENTITY, "[]", "", "JSON object"),
        (Kind.IDENTITY, 7, "", "JSON object"),
        (Kind.IDENTITY, {"Version": "2012-10-17"}, "Statement", "no Statement"),
        (Kind.IDENTITY, policy(), "Statement", "empty"),
        (Kind.IDENTITY, policy(GOOD, version="2012-10-18"), "Version", "2012-10-17"),
        (Kind.IDENTITY, policy("x"), "Statement[0]", "JSON object"),
        (Kind.IDENTITY, policy({**GOOD, "Effect": "allow"}), "Statement[0].Effect", "`Allow`"),
        (Kind.IDENTITY, policy({**GOOD, "Effect": "Permit"}), "Statement[0].Effect", "Permit"),
        (Kind.IDENTITY, policy({"Action": "*", "Resource": "*"}), "Statement[0].Effect", "no Effect"),
        (Kind.IDENTITY, policy({"Effect": "Allow", "Resource": "*"}), "Statement[0]", "no Action"),
        (Kind.IDENTITY, policy({"Effect": "Allow", "Action": "s3:*"}), "Statement[0]", "no Resource"),
        (Kind.IDENTITY, policy({**GOOD, "Actions": "s3:*"}), "Statement[0].Actions", "`Action`"),
        (Kind.IDENTITY, policy({**GOOD, "NotAction": "s3:*"}), "Statement[0]", "not both"),
        (Kind.IDENTITY, policy({**GOOD, "Action": "s3:a,s3:b"}), "Statement[0].Action", "no action"),
        (Kind.IDENTITY, policy({**GOOD, "Action": "s3:GetObject "}), "Statement[0].Action", "no action"),
        (Kind.IDENTITY, policy({**GOOD, "Action": []}), "Statement[0].Action", "empty"),
        (Kind.IDENTITY, policy({**GOOD, "Action": [["s3:*"]]}), "Statement[0].Action[0]", "a list"),
        (Kind.IDENTITY, policy({**GOOD, "Resource": "my-bucket"}), "Statement[0].Resource", "ARN"),
        (Kind.IDENTITY, policy({**GOOD, "Principal": "*"}), "Statement[0]", "no Principal"),
        (Kind.IDENTITY, policy({**GOOD, "NotPrincipal": "*"}), "Statement[0]", "no Principal"),
        (Kind.IDENTITY, policy({**GOOD, "Sid": "a-b"}), "Statement[0].Sid", "letters"),
        (Kind.IDENTITY, policy({**GOOD, "Sid": "A"}, {**GOOD, "Sid": "A"}), "Statement[1].Sid", "twice"),
        (Kind.IDENTITY, policy({**GOOD, "Condition": []}), "Statement[0].Condition", "object"),
        (Kind.IDENTITY, policy({**GOOD, "Condition": {"StringEqual": {"a": "b"}}}), "Statement[0].Condition.StringEqual", "`StringEquals`"),
        (Kind.IDENTITY, policy({**GOOD, "Condition": {"NullIfExists": {"a": "true"}}}), "Statement[0].Condition.NullIfExists", "unknown"),
        (Kind.IDENTITY, policy({**GOOD, "Condition": {"Null": {"a": ["true", "false"]}}}), 'Statement[0].Condition.Null["a"]', "contradicts"),
        (Kind.IDENTITY, '{"Statement": [], "Statement": []}', "Statement", "twice"),
        (Kind.RESOURCE, policy(GOOD), "Statement[0]", "never matches"),
        (Kind.TRUST, policy({"Effect": "Allow", "NotPrincipal": {"AWS": "1"}, "Action": "sts:AssumeRole"}), "Statement[0].NotPrincipal", "NotPrincipal"),
        (Kind.TRUST, policy({**GOOD, "Principal": "*"}), "Statement[0]", "no Resource"),
        (Kind.TRUST, policy({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::*:root"}, "Action": "sts:AssumeRole"}), "Statement[0].Principal.AWS", "wildcard"),
        (Kind.TRUST, policy({"Effect": "Allow", "Principal": {"Aws": "1"}, "Action": "sts:AssumeRole"}), "Statement[0].Principal.Aws", "`AWS`"),
    ],
    ids=str,
)  # fmt: skip
def test_problems_have_path_and_cause(kind: Kind, source: object, path: str, words: str) -> None:
    found = parse(source, kind).problems
    assert any(problem.path == path and words in problem.message for problem in found), found


def test_clean_documents_have_no_problem() -> None:
    trust = policy({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})
    assert parse(policy(GOOD), Kind.IDENTITY).problems == ()
    assert parse(policy({**GOOD, "Principal": "*", "Sid": "a b"}), Kind.RESOURCE).problems == ()
    assert parse(trust, Kind.TRUST).problems == ()


@pytest.mark.parametrize(
    "source",
    [UNKNOWN, ANY, policy(UNKNOWN), policy(ANY), policy({**GOOD, "Action": UNKNOWN}), policy({**GOOD, "Resource": f"arn:aws:s3:::{ANY}/*"}),
     policy({**GOOD, "Condition": UNKNOWN}), policy({**GOOD, "Condition": {"Bool": UNKNOWN}}), policy({**GOOD, "Condition": {"Bool": {f"{ANY}:x": "true"}}}),
     policy({**GOOD, "Effect": UNKNOWN}), {"Version": "2012-10-17", "Statement": UNKNOWN}, policy(GOOD, version=UNKNOWN)],
    ids=str,
)  # fmt: skip
def test_holes_are_named_and_are_no_problem(source: object) -> None:
    document = parse(source, Kind.IDENTITY)
    assert document.holes
    assert document.problems == ()


def test_a_hole_does_not_hide_the_next_statement() -> None:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    document = parse(policy({**GOOD, "Action": UNKNOWN}, everything), Kind.IDENTITY)
    assert document.statements[0].actions == (None,)
    assert type(administrator([document])).__name__ == "Yes"


def test_a_computed_stand_in_is_a_text_and_any_stand_in_is_none() -> None:
    texts = [f"arn:aws:s3:::{COMPUTED}/*", f"arn:aws:s3:::{ANY}/*"]
    assert parse(policy({**GOOD, "Resource": texts}), Kind.IDENTITY).statements[0].resources == (texts[0], None)


def test_wrongly_cased_elements_still_count() -> None:
    document = parse({"statement": {"effect": "Allow", "action": "*", "resource": "*"}}, Kind.IDENTITY)
    assert document.statements[0].effect is Effect.ALLOW
    assert len(document.problems) == 4
    assert type(administrator([document])).__name__ == "Yes"


def test_no_version_means_no_variables() -> None:
    assert parse({"Statement": GOOD}, Kind.IDENTITY).statements[0].variables is False
    assert parse(policy(GOOD), Kind.IDENTITY).statements[0].variables is True
    assert parse(policy(GOOD, version=UNKNOWN), Kind.IDENTITY).statements[0].variables is None


def nested(depth: int) -> str:
    return '{"Statement":' + "[" * depth + "]" * depth + "}"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("x" * 10_000_000, id="10 MB of text"),
        pytest.param(nested(10_000), id="depth 10000"),
        pytest.param(json.dumps(policy(*[GOOD] * 20_000)), id="1.3 MB of statements"),
        pytest.param(policy(*[GOOD] * 30_000), id="30000 statements"),
        pytest.param({f"x{number}": 1 for number in range(50_000)}, id="50000 unknown elements"),
        pytest.param(policy({**GOOD, "Condition": {f"Op{number}": {"k": "v"} for number in range(5_000)}}), id="5000 unknown operators"),
        pytest.param('{"Statement": ' + "9" * 5_000 + "}", id="a number of 5000 digits"),
    ],
)  # fmt: skip
def test_hostile_documents_end_with_a_problem(source: object) -> None:
    document = parse(source, Kind.RESOURCE)
    assert document.problems
    strangers(document, frozenset())


def test_an_oversized_document_is_a_hole() -> None:
    document = parse(" " * 2_000_000 + "{}", Kind.IDENTITY)
    assert document.holes == ("",)
    assert type(administrator([document])).__name__ == "Undecided"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=4) | st.just(UNKNOWN) | st.just("*"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["Statement", "Effect", "Action", "Principal", "Condition", "StringLike", "AWS", "x"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=100)
@given(JSON, st.sampled_from(Kind))
def test_parse_and_questions_never_raise(source: object, kind: Kind) -> None:
    document = parse({"Statement": source}, kind)
    strangers(document, frozenset())
    administrator([document])
