"""Nothing that the pack says, writes or raises holds a secret's value, nor eight characters of it, nor its base64."""

from __future__ import annotations

import base64
import importlib.util
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Final

import grpc
import pytest
from pulumi.runtime.proto import analyzer_pb2 as pb
from rule_tables import Case, Client, R, _level, analyze_request, stack_request, struct

from policypack.guardrails import details, wire
from policypack.guardrails.catalogue import RULES
from policypack.guardrails.findings import Concern, Finding, Outcome, Severity, Source
from policypack.guardrails.judge import Judged, Policy, Scene, judge_resource, judge_stack, order
from policypack.guardrails.messages import render
from policypack.guardrails.model import Asset, Context, Resource, Run, Secret, Stack
from policypack.guardrails.rule import Program, ProgramRule, ResourceRule, SecretLiteral, StackRule
from policypack.guardrails.secrets import formats, known
from policypack.guardrails.secrets.layers import layers

# In small letters: some messages write what they quote in small letters.
CANARY: Final = "kq7qxvb2zr9wt4" + "lm8hd3np6c"
TOKEN: Final = "ghp_" + "aB3dE5gH7jK9mN1pQ3rS5tU7vW9xY1" + "zA3b4C"
KEY: Final = "leaks:canary"
CASES_OF_A_RULE: Final = 4

Rewrite = Callable[[str], str]


@cache
def traces(secret: str) -> Sequence[str]:
    """What would give a secret away: each part of eight characters, and its base64 wherever that begins."""
    parts = {secret[start : start + 8] for start in range(len(secret) - 7)}
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + secret.encode()).decode()[4:-4]
        parts |= {encoded[start : start + 12] for start in range(len(encoded) - 11)}
    return sorted(part.lower() for part in parts)


def shows(text: str, secret: str = CANARY) -> bool:
    lowered = text.lower()
    return any(trace in lowered for trace in traces(secret))


@cache
def tables() -> Mapping[ResourceRule | StackRule, Sequence[Case]]:
    """The cases of every rule that find something, a few of each."""
    found: dict[ResourceRule | StackRule, Sequence[Case]] = {}
    for path in sorted((Path(__file__).parent / "rules").glob("test_*.py")):
        spec = importlib.util.spec_from_file_location(f"tables_of_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for test in vars(module).values():
            if hasattr(test, "rule") and hasattr(test, "pytestmark"):
                (cases,) = (mark.args[1] for mark in test.pytestmark if mark.args[0] == "case")
                found[test.rule] = [case for case in cases if case.expect][:CASES_OF_A_RULE]
    return found


def rewritten(raw: Any, rewrite: Rewrite, *, names: Mapping[str, object] | None = None, top: bool = True) -> Any:
    """`raw` with its texts rewritten, those in JSON texts too, and with `names` added to each inner map."""
    if isinstance(raw, Secret):
        return Secret(rewritten(raw.value, rewrite, names=names, top=False))
    if isinstance(raw, str):
        if raw.startswith(("{", "[")):
            try:
                return json.dumps(rewritten(json.loads(raw), rewrite, names=names, top=False))
            except ValueError:
                pass
        return rewrite(raw)
    if isinstance(raw, dict):
        inner = {key: rewritten(value, rewrite, names=names, top=False) for key, value in raw.items()}
        return inner if top else {**inner, **(names or {})}
    if isinstance(raw, (list, tuple)):
        return [rewritten(value, rewrite, names=names, top=False) for value in raw]
    return raw


def every(number: int, of: int, change: Rewrite) -> Rewrite:
    """Changes one of so many texts, so that what a rule looks for stays in the others."""
    position = count()
    return lambda text: change(text) if next(position) % of == number else text


def with_(case: Case, rewrite: Rewrite, *, marked: bool = False, names: Mapping[str, object] | None = None) -> Case:
    resources = []
    for resource in case.all:
        properties = {key: rewritten(value, rewrite, names=names) for key, value in resource.properties.items()}
        if marked:
            properties = {key: Secret(value) for key, value in properties.items()}
        resources.append(replace(resource, properties=properties, _memory={}, _of_inputs={}))
    return replace(case, resources=resources)


def found(rule: ResourceRule | StackRule, case: Case, run: Run) -> Sequence[Judged]:
    defaults = {key: schema["default"] for key, schema in rule.settings.items()}
    if isinstance(rule, StackRule):
        stack = Policy(rule, _level(rule), {**defaults, **case.settings})
        return order(judge_stack(stack, Stack(case.all), Scene(case.all, run)))
    policy = Policy(rule, _level(rule), {**defaults, **case.settings})
    subjects = [one for one in case.all if not rule.types or one.type in rule.types]
    return order(judged for one in subjects for judged in judge_resource(policy, one, Scene([one], run)))


def said(judged: Judged) -> str:
    # A URN is the resource's address: an engine shows it beside every diagnostic, whatever a pack says.
    record = {key: value for key, value in details.record(judged, judged.level).items() if key != "urn"}
    return json.dumps(record, ensure_ascii=False) + render(judged)


def leaking(
    change: Callable[[Case], Iterator[tuple[Case, Run]]], secret: str = CANARY, concern: Concern | None = None
) -> tuple[list[str], int]:
    """The rules and cases whose findings on the changed cases show the secret, and how many findings there are."""
    leaks: list[str] = []
    number = 0
    for rule, cases in tables().items():
        for case in cases if concern in (None, rule.concern) else ():
            for changed, run in change(case):
                for judged in found(rule, changed, run):
                    number += 1
                    if judged.outcome is Outcome.ERROR or shows(said(judged), secret):
                        leaks.append(f"{rule.id}, {case.id}: {judged.message}")
    return leaks, number


def knowing(case: Case) -> Run:
    return Run(configuration={**case.plain, KEY: CANARY}, secret_keys=frozenset({KEY}))


def test_every_rule_has_cases_here() -> None:
    judged = {rule.id for rule in RULES if not isinstance(rule, ProgramRule)}
    assert judged == {rule.id for rule, cases in tables().items() if cases}


def test_secret_configuration_in_any_part_of_any_input() -> None:
    def change(case: Case) -> Iterator[tuple[Case, Run]]:
        for number in range(2):
            yield with_(case, every(number, 2, lambda text: f"{text}-{CANARY}")), knowing(case)

    leaks, number = leaking(change)
    assert leaks == []
    assert number > 500


@pytest.mark.parametrize(
    ("concern", "least"),
    [
        (Concern.SECRET_MARKING, 20),
        (Concern.PRIVATE_BUCKETS, 5),
        (Concern.OIDC_AUDIENCE, 60),
        (Concern.LEAST_PRIVILEGE, 150),
    ],
    ids=str,
)
def test_marked_inputs(concern: Concern, least: int) -> None:
    def change(case: Case) -> Iterator[tuple[Case, Run]]:
        for number in range(2):
            yield with_(case, every(number, 2, lambda text: f"{text}-{CANARY}"), marked=True), Run()

    leaks, number = leaking(change, concern=concern)
    assert leaks == []
    assert number > least


def test_secrets_as_names_of_members_and_of_resources() -> None:
    def change(case: Case) -> Iterator[tuple[Case, Run]]:
        names = {CANARY: "x", f"db{CANARY}": TOKEN, f"{CANARY} password": "Kx8Lw2Pz5Rt1"}
        yield with_(case, str, names=names), knowing(case)
        named = [replace(one, name=f"{one.name}{CANARY}", _memory={}, _of_inputs={}) for one in case.all]
        yield replace(case, resources=named), knowing(case)

    leaks, number = leaking(change)
    assert leaks == []
    assert number > 500


def test_credentials_that_only_their_form_tells() -> None:
    def change(case: Case) -> Iterator[tuple[Case, Run]]:
        for number in range(2):
            yield with_(case, every(number, 2, lambda text: f"{text} {TOKEN}")), Run()

    leaks, number = leaking(change, TOKEN)
    assert leaks == []
    assert number > 500


def test_rules_on_secrets_quote_no_value_that_nothing_tells() -> None:
    def change(case: Case) -> Iterator[tuple[Case, Run]]:
        plain = Run(configuration={key: text + CANARY for key, text in case.plain.items()})
        yield with_(case, lambda _: CANARY), Run(configuration=dict.fromkeys(case.plain, CANARY))
        for number in range(3):
            yield with_(case, every(number, 3, lambda _: CANARY)), plain
            yield with_(case, every(number, 3, lambda text: text + CANARY)), plain

    leaks, number = leaking(change, concern=Concern.SECRET_MARKING)
    assert leaks == []
    assert number > 150


def test_diagnostics_and_details_as_an_engine_gets_them(capfd: pytest.CaptureFixture[str]) -> None:
    judging = [rule for rule in RULES if not isinstance(rule, ProgramRule)]
    client = Client(*judging)
    cases = [with_(cases[0], every(0, 2, lambda text: f"{text}-{CANARY}")) for cases in tables().values()]
    client.configure(replace(cases[0], settings={}, secrets=[CANARY]))
    answered = 0
    for index, case in enumerate(cases):
        answers = [client.stub.Analyze(analyze_request(one)) for one in case.all]
        answers += [client.stub.AnalyzeStack(stack_request(case.all))] if index % 3 == 0 else []
        for diagnostic in (one for answer in answers for one in answer.diagnostics):
            answered += 1
            assert not shows(diagnostic.message), diagnostic.policyName
    taken = client.take()
    assert answered == len(taken) > 500
    for record in taken:
        assert not shows(json.dumps({**record, "urn": ""})), record["rule"]
    written = capfd.readouterr()
    assert written.out == written.err == ""


# What a rule quotes may be cut on the way.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"near: …x = '{CANARY[:12]}…", "near: …x = '[secret]…"),
        (f"near: …{CANARY[5:]}' in tenancy", "near: …[secret]' in tenancy"),
        (f"…{CANARY[3:]} and {CANARY[:9]}…", "…[secret] and [secret]…"),
        (f"`{TOKEN[:25]}…`", "`[secret]…`"),
        ("`arn:aws:iam::123456789012:role/deploy-produ…`", "`arn:aws:iam::123456789012:role/deploy-produ…`"),
        ("wrap it in `pulumi.Output.secret(…)`", "wrap it in `pulumi.Output.secret(…)`"),
    ],
)
def test_what_is_left_of_a_secret_beside_a_cut(text: str, expected: str) -> None:
    assert Scene([], Run(configuration={KEY: CANARY}, secret_keys=frozenset({KEY}))).show(text) == expected


# Rules that crash with the secret in hand


def _nested(text: str) -> Exception:
    try:
        try:
            raise KeyError(text)
        except KeyError as inner:
            raise ExceptionGroup(text, [ValueError(text), inner]) from inner
    except ExceptionGroup as error:
        error.add_note(text)
        return error


def _endless(text: str) -> str:
    return _endless(text + text[:1])


def _raise_nested(text: str) -> str:
    raise _nested(text)


CRASHES: Final[Mapping[str, Callable[[str], object]]] = {
    "text": int,
    "key": lambda text: {}[text],
    "nested": _raise_nested,
    "recursion": _endless,
    "unicode": lambda text: f"{text}\ud800".encode(),
    "attribute": lambda text: getattr(object(), text),
    "made": lambda text: type(text, (Exception,), {"__str__": lambda self: text})().args[1],
}


def crashing(name: str, crash: Callable[[str], object]) -> ResourceRule:
    def check(resource: Resource, context: Context) -> Iterator[Finding]:
        yield Finding(path="password", message=f"before the crash: {resource['password'].text}")
        crash(context.run.secrets[KEY])

    def remediate(resource: Resource, context: Context) -> Sequence[Any]:
        del context
        crash(str(resource["password"].text))
        return ()

    return ResourceRule(
        id=f"crash-{name}",
        types=("aws:rds/instance:Instance",),
        concern=Concern.SECRET_MARKING,
        severity=Severity.HIGH,
        title="Crashes",
        why="A test.",
        fix="None.",
        check=check,
        remediate=remediate,
    )


def test_a_crash_in_the_middle_says_nothing_of_what_the_rule_held(capfd: pytest.CaptureFixture[str]) -> None:
    rules = [crashing(name, crash) for name, crash in CRASHES.items()]
    client = Client(*rules)
    client.stub.ConfigureStack(pb.AnalyzerStackConfigureRequest(config={KEY: CANARY}, config_secret_keys=[KEY]))
    resource = R("aws:rds/instance:Instance", "r", password=Secret(CANARY), tags={"note": CANARY})
    diagnostics = client.stub.Analyze(analyze_request(resource)).diagnostics
    assert len(diagnostics) == 2 * len(rules)
    request = pb.ConfigureAnalyzerRequest()
    for rule in rules:
        request.policyConfig[rule.id].enforcementLevel = pb.REMEDIATE
    client.stub.Configure(request)
    remediations = client.stub.Remediate(analyze_request(resource)).remediations
    assert len(remediations) == len(rules)
    assert not any(shows(str(one)) for one in (*diagnostics, *remediations))
    assert not shows(json.dumps(client.take()))
    written = capfd.readouterr()
    assert not shows(written.out + written.err)


def test_what_the_servicer_refuses_is_refused_without_quoting_it(capfd: pytest.CaptureFixture[str]) -> None:
    client = Client(*(rule for rule in RULES if not isinstance(rule, ProgramRule)))
    request = pb.ConfigureAnalyzerRequest()
    request.policyConfig["oidc-trust-without-subject"].properties.update({"own_issuers": [{CANARY: CANARY}, CANARY]})
    request.policyConfig["oci-policy-statement-rejected"].properties.update({"vocabulary": CANARY})
    with pytest.raises(grpc.RpcError) as refused:
        client.stub.Configure(request)
    call = client.channel.unary_unary("/pulumirpc.Analyzer/Analyze")
    with pytest.raises(grpc.RpcError) as unparsed:
        call(b"\x0a\xff" + CANARY.encode())
    assert not shows(f"{refused.value} {unparsed.value}")
    assert not shows("".join(capfd.readouterr()))


# What a debugger, a log or a failing assertion shows


def test_objects_show_no_value() -> None:
    configuration = {KEY: CANARY, "leaks:plain": CANARY}
    run = Run(configuration=configuration, secret_keys=frozenset({KEY}))
    resource = R("aws:rds/instance:Instance", "r", password=Secret(CANARY), tags={"a": [CANARY]})
    stack = Stack([resource])
    sent = wire.resource(analyze_request(resource)).with_inputs(resource)
    secrets = known.of_stack(stack, run)
    text = f"see {CANARY} and {TOKEN}"
    objects = [
        run,
        resource,
        sent,
        stack,
        Context({}, run),
        resource["password"],
        resource["tags"]["a"][0],
        list(resource["tags"].leaves()),
        Secret(CANARY),
        Asset(text=CANARY, members={"a": CANARY}),
        secrets,
        known.of_run(run),
        secrets.sightings(text),
        list(formats.find(text)),
        list(layers(base64.b64encode(text.encode()).decode())),
        Scene([resource], run),
        Program(
            stack="s", secret_literals=[SecretLiteral(urn="u", type="t", keys=("p",), source=Source(file="f", line=1))]
        ),
    ]
    for one in objects:
        shown = f"{one!r} {one} {[one]}"
        assert not shows(shown)
        assert not shows(shown, TOKEN)


def test_a_value_that_no_message_can_hold_is_not_quoted() -> None:
    with pytest.raises((TypeError, ValueError)) as error:
        struct({"password": {CANARY: object()}})
    assert not shows(str(error.value))
