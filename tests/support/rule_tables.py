"""Tables of cases for rules. Each case runs on the plain model and through the pack's real gRPC servicer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc

from policypack.guardrails import details, pack, wire
from policypack.guardrails.findings import Level
from policypack.guardrails.judge import Policy, Scene, judge_resource, judge_stack, order
from policypack.guardrails.model import STACK_TYPE, Asset, Reference, Resource, Run, Secret, Stack
from policypack.guardrails.rule import ResourceRule, StackRule
from policypack.guardrails.values import Unknown

COMPUTED: Final = "standin0c0123456789abcdef"
ANYTHING: Final = "standin0x0123456789abcdef"
ANY_ACCOUNT: Final = "864209751234"

Kind = Literal["fail", "pass", "undecided", "not-applicable", "boundary"]


def urn(type_: str, name: str) -> str:
    return f"urn:pulumi:dev::tables::{type_}::{name}"


def R(
    type_: str,
    name: str = "r",
    /,
    *,
    secret_outputs: Sequence[str] = (),
    deps: Mapping[str, Sequence[str]] | None = None,
    **properties: object,
) -> Resource:
    """A resource; `deps` maps a property to the `type::name` it was computed from."""
    by_property = {
        key: [f"urn:pulumi:dev::tables::{target}" for target in targets] for key, targets in (deps or {}).items()
    }
    return Resource(
        urn=urn(type_, name),
        type=type_,
        name=name,
        properties=properties,
        additional_secret_outputs=tuple(secret_outputs),
        property_dependencies=by_property,
    )


def exports(**values: object) -> Resource:
    return R(STACK_TYPE, "tables-dev", **values)


@dataclass(frozen=True)
class Case:
    """`expect` are `(outcome, path)` or `(outcome, path, severity)`, in the order of the report; none for no finding."""

    kind: Kind
    id: str
    resources: Resource | Sequence[Resource]
    expect: Sequence[tuple[str, ...]] = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    secrets: Sequence[str] = ()
    plain: Mapping[str, str] = field(default_factory=dict)

    @property
    def configured(self) -> tuple[dict[str, str], list[str]]:
        """The configuration of the run, `secrets` under keys of their own, and the keys that are secret."""
        secret = {f"tables:secret{index}": text for index, text in enumerate(self.secrets)}
        return {**self.plain, **secret}, list(secret)

    @property
    def all(self) -> tuple[Resource, ...]:
        return (self.resources,) if isinstance(self.resources, Resource) else tuple(self.resources)


def encode(raw: object) -> object:
    """A model value as the engine writes it, for `Struct.update`."""
    if isinstance(raw, Unknown):
        return wire.UNKNOWN_TEXT
    if isinstance(raw, Secret):
        return {wire.SIGNATURE: wire.SECRET, "value": encode(raw.value)}
    if isinstance(raw, Asset):
        return {wire.SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": raw.text}
    if isinstance(raw, Reference):
        return {wire.SIGNATURE: "5cf8f73096256a8f31e491e813e4eb8e", "urn": raw.urn, "id": encode(raw.id)}
    if isinstance(raw, dict):
        return {key: encode(value) for key, value in raw.items()}
    if isinstance(raw, (list, tuple)):
        return [encode(value) for value in raw]
    return raw


def struct(properties: Mapping[str, object]) -> Struct:
    message = Struct()
    message.update({key: encode(value) for key, value in properties.items()})
    return message


def analyze_request(resource: Resource) -> pb.AnalyzeRequest:
    return pb.AnalyzeRequest(
        type=resource.type,
        urn=resource.urn,
        name=resource.name,
        properties=struct(resource.properties),
        options=pb.AnalyzerResourceOptions(additionalSecretOutputs=resource.additional_secret_outputs),
    )


def stack_request(resources: Sequence[Resource]) -> pb.AnalyzeStackRequest:
    return pb.AnalyzeStackRequest(
        resources=[
            pb.AnalyzerResource(
                type=one.type,
                urn=one.urn,
                name=one.name,
                properties=struct(one.properties),
                options=pb.AnalyzerResourceOptions(additionalSecretOutputs=one.additional_secret_outputs),
                propertyDependencies={
                    key: pb.AnalyzerPropertyDependencies(urns=urns) for key, urns in one.property_dependencies.items()
                },
            )
            for one in resources
        ]
    )


# A server that is collected while one of its calls is under way cancels it.
_ALIVE: Final[list[object]] = []


class Client:
    """A real client of a real server that runs `rules`, switched on whatever their default level."""

    def __init__(self, *rules: ResourceRule | StackRule) -> None:
        self.servicer = pack.Servicer(rules)
        self.server, port = pack.start(self.servicer, self.servicer.details)
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self.stub = analyzer_pb2_grpc.AnalyzerStub(self.channel)
        self._details("Subscribe")
        self.rules = rules
        _ALIVE.append(self)

    def _details(self, method: str) -> bytes:
        call: bytes = self.channel.unary_unary(f"/{details.SERVICE}/{method}")(b"")
        return call

    def take(self) -> list[dict[str, object]]:
        taken: list[dict[str, object]] = json.loads(self._details("Take"))
        return taken

    def configure(self, case: Case) -> None:
        config, secret_keys = case.configured
        self.stub.ConfigureStack(pb.AnalyzerStackConfigureRequest(config=config, config_secret_keys=secret_keys))
        request = pb.ConfigureAnalyzerRequest()
        for rule in self.rules:
            entry = request.policyConfig[rule.id]
            entry.enforcementLevel = pack._LEVELS[_level(rule)]
            entry.properties.update(dict(case.settings))
        self.stub.Configure(request)


def _level(rule: ResourceRule | StackRule) -> Level:
    return rule.severity.level if rule.default_level is Level.DISABLED else rule.default_level


@cache
def _client(rule: ResourceRule | StackRule) -> Client:
    return Client(rule)


def on_model(rule: ResourceRule | StackRule, case: Case) -> Iterator[tuple[str, str, str]]:
    defaults = {key: schema["default"] for key, schema in rule.settings.items()}
    configuration, secret_keys = case.configured
    run = Run(configuration=configuration, secret_keys=frozenset(secret_keys))
    if isinstance(rule, StackRule):
        policy = Policy(rule, _level(rule), {**defaults, **case.settings})
        judged = list(judge_stack(policy, Stack(case.all), Scene(case.all, run)))
    else:
        policies = Policy(rule, _level(rule), {**defaults, **case.settings})
        judged = [
            one
            for resource in case.all
            if not rule.types or resource.type in rule.types
            for one in judge_resource(policies, resource, Scene([resource], run))
        ]
    return ((one.outcome.value, one.path, one.severity.value) for one in order(judged))


def on_wire(rule: ResourceRule | StackRule, case: Case) -> Iterator[tuple[str, str, str]]:
    client = _client(rule)
    client.configure(case)
    client.take()
    diagnostics = []
    if isinstance(rule, StackRule):
        diagnostics += client.stub.AnalyzeStack(stack_request(case.all)).diagnostics
    else:
        for resource in case.all:
            diagnostics += client.stub.Analyze(analyze_request(resource)).diagnostics
    found = client.take()
    assert [one["rule"] for one in found] == [one.policyName for one in diagnostics]
    for one, diagnostic in zip(found, diagnostics, strict=True):
        assert diagnostic.message.startswith("undecided: ") == (one["outcome"] == "undecided")
        if one["outcome"] == "undecided":
            assert diagnostic.enforcementLevel == pb.ADVISORY
    return ((str(one["outcome"]), str(one["path"]), str(one["severity"])) for one in found)


ENGINES: Final[Mapping[str, Callable[[ResourceRule | StackRule, Case], Iterator[tuple[str, str, str]]]]] = {
    "model": on_model,
    "wire": on_wire,
}


def table(
    rule: ResourceRule | StackRule, cases: Sequence[Case], *, without: Mapping[Kind, str] | None = None
) -> Callable[..., None]:
    """A test function over `cases` on both engines. `without` names the kinds a rule cannot have, with the reason."""
    missing = (
        {"fail", "pass", "undecided", "not-applicable", "boundary"} - {case.kind for case in cases} - set(without or {})
    )
    assert not missing, f"the table of {rule.id} lacks a case of kind {sorted(missing)}"
    assert len({case.id for case in cases}) == len(cases), f"the table of {rule.id} repeats a case id"

    @pytest.mark.parametrize("engine", ENGINES)
    @pytest.mark.parametrize("case", cases, ids=lambda case: f"{case.kind}-{case.id}")
    def test(case: Case, engine: str) -> None:
        found = list(ENGINES[engine](rule, case))
        width = {len(row) for row in case.expect} or {2}
        assert [row[: max(width)] for row in found] == [tuple(row) for row in case.expect]
        assert ("error" in {row[0] for row in found}) is False

    test.rule = rule  # type: ignore[attr-defined]
    return test
