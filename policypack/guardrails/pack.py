"""The pack as the engine meets it: rules declared as CrossGuard policies, and the analyzer service that answers.

The service of `pulumi_policy` takes the secret marks off, decodes each request once per policy and lets one unknown
end a policy. This one decodes once, keeps every mark, and runs all rules that read the type on that one model.
Ordinary `pulumi_policy` policies may stand beside the rules; the stock service answers for those.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc, plugin_pb2
from pulumi_policy import (
    EnforcementLevel,
    PolicyComplianceFramework,
    PolicyConfigSchema,
    ResourceValidationPolicy,
    StackValidationPolicy,
)
from pulumi_policy import (
    Policy as CrossGuardPolicy,
)
from pulumi_policy import (
    Severity as CrossGuardSeverity,
)

# The stock service is not part of pulumi_policy's public names. It is what describes policies to the engine and what
# ordinary policies are written against, and a second copy of its behaviour would drift; the version is locked.
from pulumi_policy.policy import _PolicyAnalyzerServicer as StockServicer

from . import __version__, configuration, details, wire
from .findings import Level, Severity
from .judge import (
    Judged,
    Policy,
    Scene,
    Spoken,
    crash,
    default_policy,
    judge_alone,
    judge_resource,
    judge_stack,
    order,
    spoken,
)
from .messages import render
from .model import Resource, Run, Stack
from .rule import AnyRule, ProgramRule, Remediation, ResourceRule, StackRule

NAME: Final = "guardrails"
_MESSAGE_LIMIT: Final = 400 * 1024 * 1024  # the engine's own
_LEVELS: Final = {
    Level.ADVISORY: pb.ADVISORY,
    Level.MANDATORY: pb.MANDATORY,
    Level.DISABLED: pb.DISABLED,
    Level.REMEDIATE: pb.REMEDIATE,
}
_FROM_WIRE: Final = {number: level for level, number in _LEVELS.items()}
_SEVERITIES: Final = {
    Severity.LOW: pb.POLICY_SEVERITY_LOW,
    Severity.MEDIUM: pb.POLICY_SEVERITY_MEDIUM,
    Severity.HIGH: pb.POLICY_SEVERITY_HIGH,
    Severity.CRITICAL: pb.POLICY_SEVERITY_CRITICAL,
}

PackRule = ResourceRule | StackRule


def declare(rule: PackRule) -> CrossGuardPolicy:
    """`rule` as a public CrossGuard policy: everything an engine or a service shows of it."""
    arguments: dict[str, Any] = {
        "name": rule.id,
        "description": f"{rule.title}. {rule.why}",
        "display_name": rule.title,
        "enforcement_level": EnforcementLevel(rule.default_level.value),
        "severity": CrossGuardSeverity(rule.severity.value),
        "tags": [rule.concern.value, *rule.controls],
        "remediation_steps": rule.fix,
        "url": rule.docs,
        "framework": _framework(rule.controls),
        "config_schema": PolicyConfigSchema({key: dict(schema) for key, schema in rule.settings.items()})
        if rule.settings
        else None,
        "validate": _answered_by_the_servicer,
    }
    if isinstance(rule, StackRule):
        return StackValidationPolicy(**arguments)
    return ResourceValidationPolicy(**arguments)


def _framework(controls: Sequence[str]) -> PolicyComplianceFramework | None:
    """The first benchmark a rule answers; CrossGuard has room for one, the others stand in the tags."""
    if not controls:
        return None
    benchmark, _, control = controls[0].partition(":")
    name, _, version = benchmark.rpartition("-")
    return PolicyComplianceFramework(name=name, version=version, reference=control)


def _answered_by_the_servicer(*_: object) -> NoReturn:
    raise RuntimeError("rules are answered by guardrails.pack.Servicer, which keeps secret marks")


@dataclass(frozen=True, slots=True)
class _Analyzed:
    """What Analyze has seen of a resource, and said of it.

    AnalyzeStack sends outputs alone: which of them somebody gave, and what a provider keeps of an input in another
    form, only the inputs tell.
    """

    resource: Resource
    spoken: Spoken


class Servicer(analyzer_pb2_grpc.AnalyzerServicer):
    """The analyzer service for `rules`, and for `ordinary` CrossGuard policies beside them."""

    def __init__(
        self,
        rules: Iterable[AnyRule],
        ordinary: Sequence[CrossGuardPolicy] = (),
        collector: details.Collector | None = None,
    ) -> None:
        rules = tuple(rules)
        self._rules: tuple[PackRule, ...] = tuple(rule for rule in rules if not isinstance(rule, ProgramRule))
        self._ordinary_names = [policy.name for policy in ordinary]
        # One configuration serves the engine and preflight, so it may name rules that only preflight answers.
        self._other_names = [*self._ordinary_names, *(rule.id for rule in rules if isinstance(rule, ProgramRule))]
        self._described: Any = StockServicer(
            NAME, __version__, [*map(declare, self._rules), *ordinary], EnforcementLevel.ADVISORY
        )
        self._ordinary: Any = (
            StockServicer(NAME, __version__, list(ordinary), EnforcementLevel.ADVISORY) if ordinary else None
        )
        self._run = Run()
        self._analyzed: dict[str, _Analyzed] = {}
        self.details = collector or details.Collector()
        self._use([default_policy(rule) for rule in self._rules])

    def _use(self, policies: Iterable[Policy[PackRule]]) -> None:
        """Index the policies that are on by the types they read, so that the rest costs one lookup a request."""
        self._by_type: dict[str, tuple[Policy[ResourceRule], ...]] = {}
        self._stack_policies: list[Policy[StackRule]] = []
        resource_policies: list[Policy[ResourceRule]] = []
        for policy in policies:
            if policy.level is Level.DISABLED:
                continue
            if isinstance(policy.rule, StackRule):
                self._stack_policies.append(Policy(policy.rule, policy.level, policy.settings))
            else:
                resource_policies.append(Policy(policy.rule, policy.level, policy.settings))
        self._every_type = tuple(policy for policy in resource_policies if not policy.rule.types)
        for token in {token for policy in resource_policies for token in policy.rule.types}:
            self._by_type[token] = tuple(
                policy for policy in resource_policies if not policy.rule.types or token in policy.rule.types
            )
        self._joined_types = {token for policy in self._stack_policies for token in policy.rule.types}
        self._joins_every_type = any(not policy.rule.types for policy in self._stack_policies)
        self.details.types = frozenset(self._by_type) | self._joined_types
        chosen: Sequence[Policy[PackRule]] = (*resource_policies, *self._stack_policies)
        self._remediates = any(policy.level is Level.REMEDIATE for policy in chosen)

    def _policies(self, token: str) -> tuple[Policy[ResourceRule], ...]:
        return self._by_type.get(token, self._every_type)

    def Analyze(self, request: pb.AnalyzeRequest, context: grpc.ServicerContext) -> pb.AnalyzeResponse:
        response: pb.AnalyzeResponse = (
            self._ordinary.Analyze(request, context) if self._ordinary else pb.AnalyzeResponse()
        )
        policies = self._policies(request.type)
        joined = self._joins_every_type or request.type in self._joined_types
        if not (policies or joined):
            return response
        resource = wire.resource(request)
        scene = Scene([resource], self._run)
        timed = self.details.timed
        judged = [one for each in policies for one in timed(each.rule.id, judge_resource(each, resource, scene))]
        if joined:
            self._analyzed[request.urn] = _Analyzed(resource.kept(), spoken(judged))
        self._answer(response, order(judged))
        return response

    def AnalyzeStack(self, request: pb.AnalyzeStackRequest, context: grpc.ServicerContext) -> pb.AnalyzeResponse:
        response: pb.AnalyzeResponse = (
            self._ordinary.AnalyzeStack(request, context) if self._ordinary else pb.AnalyzeResponse()
        )
        present = {resource.type for resource in request.resources}
        policies = [
            policy
            for policy in self._stack_policies
            if not (policy.rule.types and present.isdisjoint(policy.rule.types))
        ]
        if policies:
            analyzed = self._analyzed
            decoded = map(wire.resource, request.resources)
            stack = Stack(
                tuple(one.with_inputs(analyzed[one.urn].resource) if one.urn in analyzed else one for one in decoded)
            )
            scene = Scene(stack.resources, self._run)
            timed = self.details.timed
            judged = [one for each in policies for one in timed(each.rule.id, judge_stack(each, stack, scene))]
            before = {said: rank for one in analyzed.values() for said, rank in one.spoken.items()}
            self._answer(response, order(judged, before))
        return response

    def _answer(self, response: pb.AnalyzeResponse, judged: Iterable[Judged]) -> None:
        for one in judged:
            response.diagnostics.append(
                pb.AnalyzeDiagnostic(
                    policyName=one.rule.id,
                    policyPackName=NAME,
                    policyPackVersion=__version__,
                    description=one.rule.title,
                    message=render(one),
                    urn=one.urn,
                    enforcementLevel=_LEVELS[one.level],
                    severity=_SEVERITIES[one.severity],
                )
            )
            self.details.add(one)

    def Remediate(self, request: pb.AnalyzeRequest, context: grpc.ServicerContext) -> pb.RemediateResponse:
        response: pb.RemediateResponse = (
            self._ordinary.Remediate(request, context) if self._ordinary else pb.RemediateResponse()
        )
        if not self._remediates:
            return response
        joined = (policy for policy in self._stack_policies if request.type in policy.rule.mends)
        policies: Sequence[Policy[PackRule]] = (*self._policies(request.type), *joined)
        for policy in policies:
            if policy.level is not Level.REMEDIATE:
                continue
            remediate = policy.rule.remediate
            if remediate is None:
                response.not_applicable.append(
                    pb.PolicyNotApplicable(policy_name=policy.rule.id, reason="Policy does not implement remediate")
                )
                continue
            self._remediate(policy, remediate, request, response)
        return response

    def _remediate(
        self,
        policy: Policy[PackRule],
        remediate: Remediation,
        request: pb.AnalyzeRequest,
        response: pb.RemediateResponse,
    ) -> None:
        # Decoded anew for each policy: what an earlier one has mended is mended.
        before, resource = self._found(policy, request)
        try:
            changed = wire.apply(remediate(resource, policy.context(self._run)), request.properties)
        except Exception as exception:  # noqa: BLE001 - the other remediations still run, and Analyze still reports
            diagnostic = crash(policy.rule, exception, request.urn).message
            response.remediations.append(self._remediation(policy, diagnostic=diagnostic))
            return
        if changed:
            response.remediations.append(self._remediation(policy, properties=request.properties))
            left = {(one.path, one.message) for one in self._found(policy, request)[0]}
            for one in before:
                if (one.path, one.message) not in left:
                    self.details.add(one, mended=True)

    def _found(self, policy: Policy[PackRule], request: pb.AnalyzeRequest) -> tuple[list[Judged], Resource]:
        resource = wire.resource(request)
        return order(judge_alone(policy, resource, Scene([resource], self._run))), resource

    @staticmethod
    def _remediation(policy: Policy[PackRule], **content: Any) -> pb.Remediation:  # noqa: ANN401 - proto fields
        return pb.Remediation(
            policyName=policy.rule.id,
            policyPackName=NAME,
            policyPackVersion=__version__,
            description=policy.rule.title,
            **content,
        )

    def GetAnalyzerInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> pb.AnalyzerInfo:
        info: pb.AnalyzerInfo = self._described.GetAnalyzerInfo(request, context)
        return info

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=__version__)

    def Configure(self, request: pb.ConfigureAnalyzerRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        configured = {
            name: configuration.Configured(
                _FROM_WIRE[entry.enforcementLevel], json_format.MessageToDict(entry.properties)
            )
            for name, entry in request.policyConfig.items()
        }
        try:
            policies = configuration.policies(self._rules, configured, self._other_names)
        except configuration.ConfigurationError as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"policy configuration: {error}")
        self._use(policies.values())
        self._analyzed = {}
        if self._ordinary:
            own = {name: entry for name, entry in request.policyConfig.items() if name in self._ordinary_names}
            self._ordinary.Configure(pb.ConfigureAnalyzerRequest(policyConfig=own), context)
        return empty_pb2.Empty()

    def ConfigureStack(
        self, request: pb.AnalyzerStackConfigureRequest, context: grpc.ServicerContext
    ) -> pb.AnalyzerStackConfigureResponse:
        self._run = Run(configuration=dict(request.config), secret_keys=frozenset(request.config_secret_keys))
        if self._ordinary:
            self._ordinary.ConfigureStack(request, context)
        return pb.AnalyzerStackConfigureResponse()

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()


class Deferred(analyzer_pb2_grpc.AnalyzerServicer):
    """Answers once there is a servicer: the engine learns the port while the rules are still being loaded."""

    def __init__(self, servicer: Future[Servicer]) -> None:
        self._servicer = servicer

    def Analyze(self, request: pb.AnalyzeRequest, context: grpc.ServicerContext) -> pb.AnalyzeResponse:
        return self._servicer.result().Analyze(request, context)

    def AnalyzeStack(self, request: pb.AnalyzeStackRequest, context: grpc.ServicerContext) -> pb.AnalyzeResponse:
        return self._servicer.result().AnalyzeStack(request, context)

    def Remediate(self, request: pb.AnalyzeRequest, context: grpc.ServicerContext) -> pb.RemediateResponse:
        return self._servicer.result().Remediate(request, context)

    def GetAnalyzerInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> pb.AnalyzerInfo:
        return self._servicer.result().GetAnalyzerInfo(request, context)

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return self._servicer.result().GetPluginInfo(request, context)

    def Configure(self, request: pb.ConfigureAnalyzerRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return self._servicer.result().Configure(request, context)

    def ConfigureStack(
        self, request: pb.AnalyzerStackConfigureRequest, context: grpc.ServicerContext
    ) -> pb.AnalyzerStackConfigureResponse:
        return self._servicer.result().ConfigureStack(request, context)

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()


def start(servicer: analyzer_pb2_grpc.AnalyzerServicer, collector: details.Collector) -> tuple[grpc.Server, int]:
    """Serve on a free loopback port; returns the running server and the port."""
    size = [("grpc.max_receive_message_length", _MESSAGE_LIMIT), ("grpc.max_send_message_length", _MESSAGE_LIMIT)]
    server = grpc.server(ThreadPoolExecutor(max_workers=4), options=size)
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(servicer, server)
    server.add_generic_rpc_handlers((details.handler(collector),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def serve(ordinary: Sequence[CrossGuardPolicy] = ()) -> None:
    """Run the pack until the engine ends it. Prints the port and nothing else, as the engine expects.

    Loading the rules takes longer than the engine takes to call, so the port goes out first.
    """
    collector = details.Collector()
    ready: Future[Servicer] = Future()
    _, port = start(Deferred(ready), collector)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    try:
        from .catalogue import RULES

        ready.set_result(Servicer(RULES, ordinary, collector))
    except BaseException as error:
        ready.set_exception(error)
        raise
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return
