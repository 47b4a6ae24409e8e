"""The data on credential properties against the provider SDKs that are installed, and the rules on each of its entries."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest
from rule_tables import struct

from policypack.guardrails import wire
from policypack.guardrails.catalogue import RULES
from policypack.guardrails.findings import Concern, Finding, Outcome
from policypack.guardrails.judge import default_policy
from policypack.guardrails.model import REDACTED, STACK_TYPE, Context, Resource, Run, Secret, Stack
from policypack.guardrails.rule import ResourceRule, StackRule
from policypack.guardrails.rules.secret_marking import credential_output_unmarked, credential_property_unmarked
from policypack.guardrails.secrets.free_form import FREE_FORM
from policypack.guardrails.secrets.properties import (
    NOT_CREDENTIALS,
    REFERENCE_INPUTS,
    UNMARKED_INPUTS,
    UNMARKED_OUTPUTS,
    credential_inputs,
    is_plain_parameter,
    marked,
)
from policypack.guardrails.values import UNKNOWN

sys.path.append(str(Path(__file__).parents[3] / "scripts"))
credential_properties = importlib.import_module("credential_properties")

INPUTS = [(token, path) for token, paths in credential_inputs().items() for path in paths]
REFERENCES = [(token, path) for token, paths in REFERENCE_INPUTS.items() for path in paths]
TRUST = "aws:directoryservice/trust:Trust"
PLAIN = "correct horse battery"
ELSEWHERE = "tagged"


def test_the_data_files_are_what_the_installed_sdks_say_and_no_property_is_undecided() -> None:
    assert credential_properties.TARGET.read_text() == credential_properties.render()
    # Here, because reading the SDKs takes seconds.
    takes = {
        each.token: {one.name for one in each.given}
        for package in credential_properties.PACKAGES
        for each in credential_properties.resources(package)
    }
    for token, names in FREE_FORM.items():
        if token.startswith(("aws:", "oci:")):
            assert takes[token].issuperset(names), token


def test_a_new_property_is_a_credential_by_its_name_or_undecided() -> None:
    decisions = credential_properties.Decisions(credential_properties.DECISIONS.read_text())
    answers = {
        name: decisions.is_credential(f"aws:new/thing:Thing in block.{name}", name)
        for name in ("adminPassword", "adminPasswordWo", "adminPasswordWoVersion", "passwordSecretId", "seedPhrase")
    }
    assert answers == {
        "adminPassword": True,
        "adminPasswordWo": True,
        "adminPasswordWoVersion": False,
        "passwordSecretId": False,
        "seedPhrase": None,
    }


def test_what_no_sdk_marks_is_not_what_it_marks() -> None:
    for table, side in ((UNMARKED_INPUTS, "inputs"), (REFERENCE_INPUTS, "inputs"), (UNMARKED_OUTPUTS, "outputs")):
        for token, paths in table.items():
            tops = {path.split(".")[0].removesuffix("[*]") for path in paths}
            assert not tops & {*marked().get(token, {}).get(side, ())}, token


def test_what_is_no_credential_was_marked_and_is_not_asked_to_be() -> None:
    for token, names in NOT_CREDENTIALS.items():
        assert names <= {*marked()[token]["inputs"], *marked()[token]["outputs"]}
        assert not names & {*credential_inputs().get(token, ())}


@pytest.mark.parametrize(
    ("token", "path"),
    [
        ("aws:ec2/instance:Instance", "passwordData"),  # encrypted to the key pair
        ("aws:iam/accessKey:AccessKey", "encryptedSecret"),
        ("aws:lambda/permission:Permission", "eventSourceToken"),  # the id of an Alexa skill
        ("aws:cognito/userPoolClient:UserPoolClient", "tokenValidityUnits.refreshToken"),
        ("aws:apigateway/method:Method", "authorization"),
    ],
)
def test_what_only_sounds_like_a_credential_is_none(token: str, path: str) -> None:
    assert path not in (*credential_inputs().get(token, ()), *UNMARKED_OUTPUTS.get(token, ()))


def resource(token: str, path: str, value: object) -> tuple[Resource, str]:
    """A resource with `value` at `path` and a mark elsewhere, and the path of the value there."""
    held = value
    for part in reversed(path.split(".")):
        name = part.removesuffix("[*]")
        held = {name: [held] if name != part else held}
    assert isinstance(held, dict)
    return Resource(urn="u", type=token, name="r", properties={**held, ELSEWHERE: Secret("kept")}), path.replace(
        "*", "0"
    )


def found(each: Resource) -> list[tuple[Outcome, str, str]]:
    findings: list[Finding] = list(credential_property_unmarked.RULE.check(each, Context()))
    assert not any(PLAIN in f"{one.path}{one.message}{one.fix}" for one in findings)
    return [(one.outcome, one.path, one.cause) for one in findings]


def test_every_credential_input_is_found_in_plain_and_not_marked() -> None:
    for token, path in (*INPUTS, *REFERENCES):
        each, place = resource(token, path, PLAIN)
        assert found(each) == [(Outcome.VIOLATION, place, place)], token
        assert found(resource(token, path, UNKNOWN)[0]) == [(Outcome.UNDECIDED, place, place)], token
        for hidden in (Secret(PLAIN), Secret(UNKNOWN)):
            assert not found(resource(token, path, hidden)[0]), token
        around = {key: Secret(value) for key, value in each.properties.items()}
        assert not found(Resource(urn="u", type=token, name="r", properties=around)), token


def test_a_secret_that_is_not_shown_is_no_finding_of_any_rule_on_marks() -> None:
    shown = {"trustPassword": REDACTED, "tags": {"password": REDACTED}, "export_password": Secret(REDACTED)}
    each = Resource(urn="u", type=TRUST, name="r", properties=wire.decode(struct(shown)))
    root = Resource(urn="s", type=STACK_TYPE, name="s", properties=each.properties)
    for rule in RULES:
        if rule.concern is not Concern.SECRET_MARKING:
            continue
        if isinstance(rule, ResourceRule) and (not rule.types or TRUST in rule.types):
            assert not list(rule.check(each, default_policy(rule).context(Run()))), rule.id
        if isinstance(rule, StackRule):
            assert not list(rule.check(Stack([root, each]), default_policy(rule).context(Run()))), rule.id


def test_every_credential_input_is_marked_by_remediation_and_nothing_else() -> None:
    for token, path in INPUTS:
        each, _ = resource(token, path, PLAIN)
        properties = struct(each.properties)
        remediate = credential_property_unmarked.RULE.remediate
        assert remediate is not None
        assert wire.apply(remediate(each, Context()), properties)
        assert properties == struct(resource(token, path, Secret(PLAIN))[0].properties), token


def test_every_credential_output_has_to_be_named() -> None:
    check = credential_output_unmarked.RULE.check
    for token, names in UNMARKED_OUTPUTS.items():
        plain = Resource(urn="u", type=token, name="r", properties={})
        assert [(one.outcome, one.path, one.cause) for one in check(plain, Context())] == [
            (Outcome.VIOLATION, name, name) for name in names
        ]
        for name in names:
            named = Resource(urn="u", type=token, name="r", properties={}, additional_secret_outputs=[name])
            assert [one.path for one in check(named, Context())] == [other for other in names if other != name]


@pytest.mark.parametrize(
    ("token", "kind", "expected"),
    [
        ("aws:ssm/parameter:Parameter", "String", True),
        ("aws:ssm/parameter:Parameter", Secret("StringList"), True),
        ("aws:ssm/parameter:Parameter", "SecureString", False),
        ("aws:ssm/parameter:Parameter", UNKNOWN, False),
        ("aws:ssm/getParameter:getParameter", "String", False),
    ],
)
def test_a_parameter_is_plain_where_its_type_says_so(token: str, kind: object, expected: bool) -> None:
    assert is_plain_parameter(Resource(urn="u", type=token, name="r", properties={"type": kind})) is expected
