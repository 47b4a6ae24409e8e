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
        (Kind.IDENTITY, None, "", "not null"),
        (Kind.IDENTITY, '"a text"', "", "not a text"),
        (Kind.IDENTITY, "null", "", "not null"),
        (Kind.IDENTITY, "\ufeff" + json.dumps(policy(GOOD)), "", "byte order mark"),
        (Kind.IDENTITY, {"statement": GOOD, "Version": "2012-10-17"}, "statement", "`Statement`"),
        (Kind.IDENTITY, {**policy(GOOD), "Comment": "x"}, "Comment", "unknown element `Comment`"),
        (Kind.IDENTITY, policy({**GOOD, "Version": "2012-10-17"}), "Statement[0].Version", "unknown element"),
        (Kind.IDENTITY, policy(GOOD, version=20121017), "Version", "a number"),
        (Kind.IDENTITY, policy({}), "Statement[0]", "no Action"),
        (Kind.IDENTITY, policy([GOOD]), "Statement[0]", "not a list"),
        (Kind.IDENTITY, policy({**GOOD, "Effect": ["Allow"]}), "Statement[0].Effect", "a list"),
        (Kind.IDENTITY, policy({**GOOD, "Action": ["s3:*", ""]}), "Statement[0].Action[1]", "no action"),
        (Kind.IDENTITY, policy({**GOOD, "Action": {"s3": "*"}}), "Statement[0].Action", "an object"),
        (Kind.IDENTITY, policy({**GOOD, "Action": None}), "Statement[0].Action", "null"),
        (Kind.IDENTITY, policy({**GOOD, "Action": "s3:${aws:username}"}), "Statement[0].Action", "no variables"),
        (Kind.IDENTITY, policy({**GOOD, "Resource": ["*", ""]}), "Statement[0].Resource[1]", "ARN"),
        (Kind.IDENTITY, policy({**GOOD, "Resource": True}), "Statement[0].Resource", "a boolean"),
        (Kind.IDENTITY, policy({**GOOD, "Resource": "arn:aws:s3:::a\ud800"}), "Statement[0].Resource", "half of a character"),
        (Kind.IDENTITY, policy({**GOOD, "Condition": "x"}), "Statement[0].Condition", "a text"),
        (Kind.IDENTITY, policy({**GOOD, "Condition": {"Bool": []}}), "Statement[0].Condition.Bool", "a list"),
        (Kind.IDENTITY, policy({**GOOD, "Condition": {"Bool": {}}}), "Statement[0].Condition.Bool", "restricts nothing"),
        (Kind.IDENTITY, policy({**GOOD, "Condition": {"StringEquals": {"": "x"}}}), 'Statement[0].Condition.StringEquals[""]', "no name"),
        (Kind.IDENTITY, policy({**GOOD, "Condition": {"StringEquals": {"k": None}}}), 'Statement[0].Condition.StringEquals["k"]', "null"),
        (Kind.IDENTITY, policy({**GOOD, "Condition": {"StringEquals": {"k": [["x"]]}}}), 'Statement[0].Condition.StringEquals["k"][0]', "a list"),
        (Kind.RESOURCE, policy({**GOOD, "Principal": ["*"]}), "Statement[0].Principal", "an object"),
        (Kind.RESOURCE, policy({**GOOD, "Principal": {}}), "Statement[0].Principal", "nobody"),
        (Kind.RESOURCE, policy({**GOOD, "Principal": {"AWS": []}}), "Statement[0].Principal.AWS", "nobody"),
        (Kind.RESOURCE, policy({**GOOD, "Principal": {"AWS": ["1", ""]}}), "Statement[0].Principal.AWS[1]", "nobody"),
        (Kind.RESOURCE, policy({**GOOD, "Principal": {"AWS": 123456789012}}), "Statement[0].Principal.AWS", "twelve digits"),
        (Kind.RESOURCE, policy({**GOOD, "Principal": {"AWS": "arn:aws:iam::1:user/${aws:username}"}}), "Statement[0].Principal.AWS", "no variables"),
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
    assert parse({**policy({**GOOD, "Condition": {}, "Principal": "*"}), "Id": "x"}, Kind.RESOURCE).problems == ()
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
        pytest.param(policy({**GOOD, "Condition": {"NumericEquals": {"k": 10**6_000}}}), id="an integer of 6000 digits"),
        pytest.param(policy({**GOOD, "Condition": {"NumericEquals": {"k": float("nan")}}}), id="not a number"),
        pytest.param(policy({**GOOD, "Condition": {"IpAddress": {"k": "1.2.3." + "4" * 5_000}}}), id="an address of 5000 digits"),
        pytest.param(policy({**GOOD, "Condition": {"S" * 100_000: {f"k{number}": "v" for number in range(9_000)}}}), id="a long operator"),
        pytest.param('{"Statement":[' + ",".join(['{"Effect":"Allow","Effect":"Deny"}'] * 20_000) + "]}", id="many repeated names"),
        pytest.param('{"Statement":{' + ",".join(['"Action":"*"'] * 70_000) + "}}", id="one name 70000 times"),
        pytest.param(policy({**GOOD, "Resource": "${" * 100_000}), id="many open braces"),
        pytest.param(json.dumps(policy(*[GOOD] * 3_000)), id="larger than AWS takes"),
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


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "line 1, column 1: it is empty"),
        ("hello", "line 1, column 1: expecting value"),
        ('{\n  "Version": "2012-10-17",\n}', "line 3, column 1: a comma stands before the closing bracket"),
        ('{"Statement": [1,]}', "line 1, column 18: a comma stands before the closing bracket"),
        ("{\n  // mine\n}", "line 2, column 3: JSON has no comments"),
        ("{\n  # mine\n}", "line 2, column 3: JSON has no comments"),
        ("{'Version': 1}", "line 1, column 2: JSON texts stand in double quotes"),
        ('{"Statement": [', "line 1, column 16: it ends too early"),
        ('{"a" "hunter2"}', "line 1, column 6: expecting ':' delimiter"),
        ('{"a": "hunter2\n"}', "line 1, column 15: invalid control character at"),
    ],
)
def test_a_json_error_tells_the_place_and_quotes_nothing(source: str, message: str) -> None:
    (problem,) = parse(source, Kind.IDENTITY).problems
    assert problem.message == f"the document is not JSON: {message}"
    assert "hunter2" not in problem.message


def test_a_byte_order_mark_hides_nothing() -> None:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    assert type(administrator([parse("\ufeff" + json.dumps(policy(everything)), Kind.IDENTITY)])).__name__ == "Yes"


def test_no_lone_surrogate_gets_out() -> None:
    text = r'{"Statement": {"Effect": "\ud800", "Action": ["\udfff"], "\ud801": 1, "Condition": {"\ud802": {"\ud803": "\ud804"}}}}'
    document = parse(text, Kind.IDENTITY)
    assert document.problems
    repr(document).encode()
    "".join(each.path + each.message for each in document.problems).encode()
    (condition,) = document.statements[0].conditions
    (condition.key + condition.path + str(condition.values)).encode()


def test_an_account_as_a_number_is_read_as_the_account() -> None:
    statement = {**GOOD, "Principal": {"AWS": [123456789012.0, 1234567890, 1e300]}}
    names = [each.name for each in parse(policy(statement), Kind.RESOURCE).statements[0].principals or ()]
    assert names == ["123456789012", "001234567890", None]


def test_a_list_of_principals_is_read_as_it_was_meant() -> None:
    document = parse(policy({**GOOD, "Principal": ["*"]}), Kind.RESOURCE)
    assert type(strangers(document, frozenset())).__name__ == "Yes"


def body(*pairs: str) -> str:
    return '{"Version": "2012-10-17", "Statement": {' + ", ".join(pairs) + "}}"


def effects(document: Document) -> list[Effect | None]:
    return [each.effect for each in document.statements]


ALLOW, DENY = '"Effect": "Allow"', '"Effect": "Deny"'
ALL, GET, ANYWHERE, BUCKET = '"Action": "*"', '"Action": "s3:Get*"', '"Resource": "*"', '"Resource": "arn:aws:s3:::b"'
WHOLE = f"{{{ALLOW}, {ALL}, {ANYWHERE}}}"


@pytest.mark.parametrize(
    ("source", "path", "administrates"),
    [
        (body(ALLOW, ALL, ANYWHERE), None, True),
        (body(ALLOW, GET, ANYWHERE), None, False),
        (body(ALLOW, ALL, GET, ANYWHERE), "Statement.Action", True),
        (body(ALLOW, GET, ALL, ANYWHERE), "Statement.Action", True),
        (body(ALLOW, DENY, ALL, ANYWHERE), "Statement.Effect", True),
        (body(DENY, ALLOW, ALL, ANYWHERE), "Statement.Effect", True),
        (body(ALLOW, ALL, ANYWHERE, BUCKET), "Statement.Resource", True),
        (body(ALLOW, GET, '"action": "*"', ANYWHERE), "Statement.action", True),
        (body(ALLOW, ALL, ANYWHERE, '"Condition": {}', '"Condition": {"StringEquals": {"aws:ResourceTag/a": "b"}}'), "Statement.Condition", True),
        (body(ALLOW, ALL, ANYWHERE, '"Condition": {"StringLike": {"s3:prefix": "x"}, "StringLike": {"aws:username": "*"}}'), "Statement.Condition.StringLike", True),
        ('{"Statement": [], "Statement": ' + WHOLE + "}", "Statement", True),
        ('{"Statement": ' + WHOLE + ', "Statement": []}', "Statement", True),
    ],
    ids=str,
)  # fmt: skip
def test_a_repeated_name_hides_no_grant(source: str, path: str | None, administrates: bool) -> None:
    document = parse(source, Kind.IDENTITY)
    twice = [each.path for each in document.problems if "twice" in each.message]
    assert twice == ([path] if path else [])
    assert (type(administrator([document])).__name__ == "Yes") is administrates


def test_a_deny_with_a_repeated_name_is_in_doubt() -> None:
    document = parse(body(DENY, ALL, GET, ANYWHERE), Kind.IDENTITY)
    assert effects(document) == [Effect.DENY, Effect.DENY]
    assert {each.path for each in document.statements} == {"Statement"}
    everything = parse(policy({"Effect": "Allow", "Action": "*", "Resource": "*"}), Kind.IDENTITY)
    assert type(administrator([everything, document])).__name__ == "Undecided"
    assert type(administrator([everything, parse(body(DENY, ALL, ANYWHERE), Kind.IDENTITY)])).__name__ == "No"


def test_a_name_repeated_very_often_leaves_the_statement_unread() -> None:
    document = parse(body(DENY, ANYWHERE, *[ALL] * 9), Kind.IDENTITY)
    assert effects(document) == [None]
    assert document.holes == ("Statement",)


def test_versions_that_differ_leave_variables_in_doubt() -> None:
    text = json.dumps(policy(GOOD))
    twice = text.replace("{", '{"Version": "2008-10-17", ', 1)
    assert parse(twice, Kind.IDENTITY).statements[0].variables is None
    assert parse(text.replace("{", '{"Version": "2012-10-17", ', 1), Kind.IDENTITY).statements[0].variables is True


def test_keys_and_operators_in_either_case_are_no_problem_alone() -> None:
    condition = {"StringEquals": {"AWS:PRINCIPALORGID": "o-a"}, "StringLike": {"aws:PrincipalOrgId": "o-*"}}
    assert parse(policy({**GOOD, "Condition": condition}), Kind.IDENTITY).problems == ()


def test_condition_keys_in_two_letter_cases_must_both_hold() -> None:
    condition = {"StringEquals": {"aws:username": ["a", "b"], "AWS:UserName": "b"}}
    document = parse(policy({**GOOD, "Condition": condition}), Kind.IDENTITY)
    (problem,) = document.problems
    assert problem.path == "Statement[0].Condition.StringEquals.AWS:UserName"
    assert "letter case" in problem.message
    assert [each.values for each in document.statements[0].entries("aws:username")] == [("a", "b"), ("b",)]


FULL = policy(
    {
        "Sid": "one",
        "Effect": "Allow",
        "Principal": {"AWS": ["111122223333"], "Service": ["ec2.amazonaws.com"]},
        "Action": ["s3:GetObject"],
        "Resource": ["arn:aws:s3:::b/${aws:username}"],
        "Condition": {"StringLike": {"s3:prefix": ["${aws:username, 'x'}/*"]}, "IpAddress": {"aws:SourceIp": ["10.0.0.0/8"]}},
    }
)  # fmt: skip
TEXT = json.dumps(FULL)


@settings(max_examples=100)
@given(
    st.integers(0, len(TEXT)),
    st.integers(0, 3),
    st.text('{}[]",:\\/*$\ud800\ufeff01ab \n', max_size=6),
    st.sampled_from(Kind),
)
def test_no_text_raises(place: int, cut: int, put_in: str, kind: Kind) -> None:
    document = parse(TEXT[:place] + put_in + TEXT[place + cut :], kind)
    "".join(each.path + each.message for each in document.problems).encode()
    strangers(document, frozenset())


def unlisted(value: object) -> object:
    """The value with each list of one put in place of the list."""
    if isinstance(value, list) and len(value) == 1:
        return unlisted(value[0])
    return {name: unlisted(each) for name, each in value.items()} if isinstance(value, dict) else value


def test_single_values_and_lists_read_alike_everywhere() -> None:
    listed, single = parse(TEXT, Kind.RESOURCE), parse(json.dumps(unlisted(FULL)), Kind.RESOURCE)
    assert listed.problems == single.problems == ()
    ((one,), (other,)) = listed.statements, single.statements
    for name in ("sid", "effect", "actions", "resources", "variables"):
        assert getattr(one, name) == getattr(other, name)
    assert [(each.kind, each.name) for each in one.principals or ()] == [
        (each.kind, each.name) for each in other.principals or ()
    ]
    assert [(each.operator, each.key, each.values) for each in one.conditions] == [
        (each.operator, each.key, each.values) for each in other.conditions
    ]
