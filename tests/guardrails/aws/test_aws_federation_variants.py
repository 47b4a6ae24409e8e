"""Whatever a trust looks like, its verdict is the same: variants of the public cases, and pairs for each provider."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

import policypack
from policypack.guardrails.aws.answers import Yes
from policypack.guardrails.aws.document import Kind, parse
from policypack.guardrails.aws.federation import federation
from policypack.guardrails.catalogue import RULES
from policypack.guardrails.findings import Concern, Level, Outcome, Severity
from policypack.guardrails.issuers.table import issuer_of
from policypack.guardrails.judge import Judged, Scene, default_policy, judge_resource, order
from policypack.guardrails.model import Resource, Run
from policypack.guardrails.rule import ResourceRule

DATA: Final = Path(__file__).parents[2] / "data"
CASES: Final[list[dict[str, Any]]] = json.loads((DATA / "oidc-trust-cases.json").read_text())
PAIRS: Final[list[dict[str, Any]]] = json.loads((DATA / "oidc_providers.json").read_text())["pairs"]
PACK: Final = Path(policypack.__file__).parent
ROLE: Final = "aws:iam/role:Role"
GRAVE: Final = (Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)
ON_TRUSTS: Final = [
    default_policy(rule)
    for rule in RULES
    if isinstance(rule, ResourceRule)
    and rule.default_level is not Level.DISABLED
    and (rule.concern is Concern.OIDC_AUDIENCE or rule.id.startswith("role-trust-"))
    and (not rule.types or ROLE in rule.types)
]

Trust = dict[str, Any]


def judged(policy: Trust | str) -> list[Judged]:
    """What the rules on trusts say of a role with a trust policy, as they are by default."""
    role = Resource(urn=f"urn:pulumi:d::p::{ROLE}::r", type=ROLE, name="r", properties={"assumeRolePolicy": policy})
    scene = Scene([role], Run())
    return order(one for each in ON_TRUSTS for one in judge_resource(each, role, scene))


def verdict(policy: Trust | str) -> set[tuple[str, str, str]]:
    """What is said, wherever and in whatever words."""
    return {(one.rule.id, one.outcome.value, one.severity.value) for one in judged(policy)}


def grave(policy: Trust | str) -> list[Judged]:
    return [one for one in judged(policy) if one.outcome is Outcome.VIOLATION and one.severity in GRAVE]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_public_cases(case: dict[str, Any]) -> None:
    assert bool(grave(case["policy"])) == (case["verdict"] == "violation")
    assert not any(one.outcome is Outcome.UNDECIDED for one in judged(case["policy"]))


# Variants that mean the same


def statements(trust: Trust) -> list[Trust]:
    found: list[Trust] = trust["Statement"]
    return found


def conditions(trust: Trust) -> Iterator[tuple[Trust, str, dict[str, Any]]]:
    """Each statement with a condition, its operators and what they test."""
    for statement in statements(trust):
        for operator, tests in statement.get("Condition", {}).items():
            yield statement, operator, tests


def recased(text: str, random: Random) -> str:
    return "".join(random.choice((char.lower(), char.upper())) for char in text)


def recased_keys(trust: Trust, random: Random) -> None:
    for statement, operator, tests in list(conditions(trust)):
        statement["Condition"][operator] = {recased(key, random): value for key, value in tests.items()}


def recased_operators(trust: Trust, random: Random) -> None:
    for statement in statements(trust):
        if "Condition" in statement:
            statement["Condition"] = {recased(name, random): tests for name, tests in statement["Condition"].items()}


def recased_actions(trust: Trust, random: Random) -> None:
    for statement in statements(trust):
        actions = statement["Action"]
        cased = [recased(each, random) for each in ([actions] if isinstance(actions, str) else actions)]
        statement["Action"] = cased[0] if isinstance(actions, str) else cased


def other_operators(trust: Trust, random: Random) -> None:
    """A text without a wildcard is compared alike by both."""
    for statement in statements(trust):
        blocks = statement.get("Condition", {})
        exact = blocks.get("StringEquals", {})
        for key, value in list(exact.items()):
            if not set("*?") & set(str(value)) and key not in blocks.get("StringLike", {}) and random.random() < 0.5:
                blocks.setdefault("StringLike", {})[key] = exact.pop(key)
        if not exact:
            blocks.pop("StringEquals", None)


def split_values(trust: Trust, random: Random) -> None:
    """The values of a condition are alternatives, and so are statements that allow."""
    apart: list[Trust] = []
    for statement in statements(trust):
        blocks = statement.get("Condition", {})
        lists = [
            (operator, key)
            for operator in ("StringEquals", "StringLike")
            for key, value in blocks.get(operator, {}).items()
            if isinstance(value, list) and len(value) > 1
        ]
        if statement["Effect"] != "Allow" or not lists:
            apart.append(statement)
            continue
        operator, key = lists[0]
        for value in blocks[operator][key]:
            one = deepcopy(statement)
            one["Condition"][operator][key] = value
            apart.append(one)
    trust["Statement"] = apart


def said_twice(trust: Trust, random: Random) -> None:
    trust["Statement"] = [each for each in statements(trust) for each in (each, deepcopy(each))]


def shuffled_statements(trust: Trust, random: Random) -> None:
    random.shuffle(statements(trust))
    trust["Statement"] = [dict(random.sample(list(each.items()), len(each))) for each in statements(trust)]


def shuffled_conditions(trust: Trust, random: Random) -> None:
    for statement in statements(trust):
        if "Condition" in statement:
            blocks = {name: dict(reversed(tests.items())) for name, tests in statement["Condition"].items()}
            statement["Condition"] = dict(reversed(blocks.items()))


def lists(trust: Trust, random: Random) -> None:
    for statement in statements(trust):
        statement["Action"] = _listed(statement["Action"])
        statement["Principal"] = {kind: _listed(names) for kind, names in statement["Principal"].items()}
    for _, _, tests in conditions(trust):
        tests.update({key: _listed(value) for key, value in tests.items()})


def single_values(trust: Trust, random: Random) -> None:
    for statement in statements(trust):
        statement["Action"] = _single(statement["Action"])
        statement["Principal"] = {kind: _single(names) for kind, names in statement["Principal"].items()}
    for _, _, tests in conditions(trust):
        tests.update({key: _single(value) for key, value in tests.items()})
    trust["Statement"] = _single(trust["Statement"])


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _single(value: object) -> object:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def repeated_values(trust: Trust, random: Random) -> None:
    for _, _, tests in conditions(trust):
        tests.update({key: [value, value] for key, value in tests.items() if isinstance(value, str)})


def with_sids(trust: Trust, random: Random) -> None:
    for index, statement in enumerate(statements(trust)):
        statement["Sid"] = f"Trust{index}"


def with_a_service(trust: Trust, random: Random) -> None:
    service = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    statements(trust).insert(random.randrange(len(statements(trust)) + 1), service)


def renamed(before: str, after: str) -> Callable[[Trust, Random], None]:
    def rewrite(trust: Trust, random: Random) -> None:
        text = json.dumps(trust)
        trust.clear()
        trust.update(json.loads(re.sub(rf"(?<![a-z]){before}(?![a-z])", after, text)))

    return rewrite


REWRITES: Final[dict[str, Callable[[Trust, Random], None]]] = {
    "re-cased keys": recased_keys,
    "re-cased operators": recased_operators,
    "re-cased actions": recased_actions,
    "other operators": other_operators,
    "values in statements of their own": split_values,
    "every statement twice": said_twice,
    "order of statements": shuffled_statements,
    "order of conditions": shuffled_conditions,
    "lists": lists,
    "single values": single_values,
    "repeated values": repeated_values,
    "Sids": with_sids,
    "a service beside": with_a_service,
    "another organization": renamed("acme", "octo-labs"),
    "an organization of one letter": renamed("acme", "z"),
    "another repository": renamed(r"app(?=[:*])", "web-2.x_y"),
    "another branch": renamed("main", "release/7"),
    "another account": renamed("111122223333", "402918573664"),
    "China": renamed("arn:aws:iam", "arn:aws-cn:iam"),
    "GovCloud": renamed("arn:aws:iam", "arn:aws-us-gov:iam"),
}
# These leave a trust that the others can go on with.
COMBINED: Final = [each for name, each in REWRITES.items() if name != "single values"]


@pytest.mark.parametrize("rewrite", REWRITES.values(), ids=REWRITES)
def test_a_variant_has_the_same_verdict(rewrite: Callable[[Trust, Random], None]) -> None:
    for case in CASES:
        trust = deepcopy(case["policy"])
        rewrite(trust, Random(case["name"]))
        assert verdict(trust) == verdict(case["policy"]), (case["name"], trust)


def test_variants_of_variants_have_the_same_verdict() -> None:
    random = Random(7)
    for case in CASES:
        trust = deepcopy(case["policy"])
        for rewrite in random.sample(COMBINED, 6):
            rewrite(trust, random)
        assert verdict(trust) == verdict(case["policy"]), (case["name"], trust)


@pytest.mark.parametrize("indent", [None, 4])
def test_a_document_as_text_has_the_same_verdict(indent: int | None) -> None:
    for case in CASES:
        assert verdict(json.dumps(case["policy"], indent=indent)) == verdict(case["policy"]), case["name"]


def test_each_rewrite_changes_something() -> None:
    for name, rewrite in REWRITES.items():
        texts = [json.dumps(case["policy"]) for case in CASES]
        trusts = deepcopy([case["policy"] for case in CASES])
        for trust in trusts:
            rewrite(trust, Random(1))
        assert texts != [json.dumps(each) for each in trusts], name


# A trust that says too much in one statement is as bad as that statement


def test_the_weakest_statement_decides() -> None:
    random = Random(3)
    alone = {case["name"]: verdict(case["policy"]) for case in CASES}
    for case in CASES:
        other = random.choice(CASES)
        if any(each["Effect"] == "Deny" for one in (case, other) for each in one["policy"]["Statement"]):
            continue
        both = {**case["policy"], "Statement": [*case["policy"]["Statement"], *other["policy"]["Statement"]]}
        said = {each for each in verdict(both) if each[2] in GRAVE}
        assert said == {each for each in alone[case["name"]] | alone[other["name"]] if each[2] in GRAVE}


# Good and bad for each provider

PASTED: Final = re.compile(r'"Condition": (\{.*\})')


def trust_of(issuer: str, blocks: dict[str, dict[str, str]]) -> Trust:
    """The trust policy with conditions on the claims of an issuer."""
    provider = issuer if issuer_of(issuer).built_in else f"arn:aws:iam::402918573664:oidc-provider/{issuer}"
    condition = {
        operator: {key if ":" in key else f"{issuer}:{key}": value for key, value in tests.items()}
        for operator, tests in blocks.items()
    }
    return _trust(provider, condition)


def _trust(provider: str, condition: object) -> Trust:
    principal = {"Principal": {"Federated": provider}, "Action": "sts:AssumeRoleWithWebIdentity"}
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **principal, "Condition": condition}]}


each_pair = pytest.mark.parametrize("pair", PAIRS, ids=[each["name"] for each in PAIRS])


@each_pair
def test_what_pins_a_provider_is_good(pair: dict[str, Any]) -> None:
    trust = trust_of(pair["issuer"], pair["good"])
    (found,) = federation(parse(trust, Kind.TRUST))
    assert found.issuer.listed
    assert isinstance(found.anybody, Yes)
    assert not grave(trust)
    assert not any(one.outcome is Outcome.UNDECIDED for one in judged(trust))


@each_pair
def test_what_leaves_a_provider_open_is_told(pair: dict[str, Any]) -> None:
    trust = trust_of(pair["issuer"], pair["bad"])
    (found,) = federation(parse(trust, Kind.TRUST))
    if pair["reach"] == "AUDIENCE":
        assert isinstance(found.audience, Yes)
    else:
        assert found.reach is not None
        assert found.reach.name == pair["reach"]
    said = grave(trust)
    assert said
    worst = max(one.severity.rank for one in said)
    assert (worst == Severity.CRITICAL.rank) == (pair["reach"] == "STRANGERS")


@each_pair
def test_the_fix_that_is_offered_is_good(pair: dict[str, Any]) -> None:
    trust = trust_of(pair["issuer"], pair["bad"])
    pasted = [match for one in judged(trust) for match in PASTED.findall(one.fix)]
    assert pasted
    for text in pasted:
        mended = _trust(trust["Statement"][0]["Principal"]["Federated"], json.loads(text))
        assert not grave(mended), mended


def test_variants_of_the_pairs_have_the_same_verdict() -> None:
    random = Random(11)
    for pair in PAIRS:
        for blocks in (pair["good"], pair["bad"]):
            trust = trust_of(pair["issuer"], blocks)
            before = verdict(trust)
            for rewrite in random.sample([recased_keys, recased_operators, lists, shuffled_conditions, with_sids], 3):
                rewrite(trust, random)
            assert verdict(trust) == before, (pair["name"], trust)


def test_providers_beside_each_other_are_judged_each_for_itself() -> None:
    for index, pair in enumerate(PAIRS):
        other = PAIRS[index - 1]
        good, bad = trust_of(pair["issuer"], pair["good"]), trust_of(other["issuer"], other["bad"])
        both = {**good, "Statement": [*good["Statement"], *bad["Statement"]]}
        assert {one.rule.id for one in grave(both)} == {one.rule.id for one in grave(bad)}, pair["name"]
        assert all("Statement[1]" in one.path for one in grave(both)), pair["name"]


def test_every_provider_of_the_table_has_a_pair() -> None:
    table = json.loads((PACK / "guardrails" / "issuers" / "data" / "issuers.json").read_text())
    assert {issuer_of(pair["issuer"]).name for pair in PAIRS} == {
        issuer_of(issuer).name for each in table["issuers"] for issuer in each["issuers"] if "{" not in issuer
    } | {each["name"] for each in table["issuers"] if "name" in each}


# Nothing of the cases stands in the code

# Names, numbers and hosts that somebody made up for the cases.
CHOSEN: Final = re.compile(
    r"\b(?:acme|alice|abc123|corp|legacy|aws-federation)\b|example\b|[0-9a-f]{8}-|\d{13}|[A-Z\d]{16}|\b(?:12345|76543)"
)


def test_no_literal_of_the_cases_stands_in_the_pack() -> None:
    texts = set(_texts([case["policy"] for case in CASES]))
    parts = {part for text in texts for part in re.split(r"[\s/|@{},*:]+", text)}
    literals = {each.lower() for each in texts | parts if CHOSEN.search(each)} | {case["name"] for case in CASES}
    assert {"acme", "33333333-3333-3333-3333-333333333333", "github.example.com", "repo:acme/app:*"} <= literals
    assert not {"token.actions.githubusercontent.com", "sts.amazonaws.com", "aud"} & literals
    files = [path for path in PACK.rglob("*") if path.suffix in (".py", ".json", ".yaml")]
    standing = re.compile(rf"(?<![\w.-])(?:{'|'.join(map(re.escape, sorted(literals)))})(?![\w-])", re.IGNORECASE)
    assert not {path.name: found for path in files if (found := standing.findall(path.read_text(encoding="utf-8")))}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    else:
        yield str(value)
