"""What the rules say of documents, each judged as `check` judges the resource that carries such a one."""

# The pack starts before gRPC and `pulumi` are imported here: while these load, so does it.

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from ..redact import Redactor
from ..report import Entry, Notice
from . import projects
from .checks import Clock, Options, Placer, enabled, for_pack, policy_notices
from .pack import Pack
from .policy_configuration import Given

UNDECIDED_FIX: Final = "Correct the part that is named: in a file nothing is left to be known later."
_PROJECT: Final = "policy"
_STACK: Final = "document"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A resource that carries a document. `name` is unique among those of its type."""

    type: str
    properties: Mapping[str, str | Sequence[str]]
    name: str = _PROJECT

    @property
    def urn(self) -> str:
        """The URN under which findings are on it."""
        return f"urn:pulumi:{_STACK}::{_PROJECT}::{self.type}::{self.name}"


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say, the number of those that are on, and what is to know of their configuration."""

    entries: list[Entry]
    rules: int
    notices: list[Notice]


def judge(
    pack: Pack, carriers: Iterable[Carrier], given: Mapping[str, Given], options: Options, clock: Clock
) -> Judged:
    """Judge documents that belong to one stack. Raises CheckError where the pack cannot be asked."""
    from pulumi.runtime.proto import analyzer_pb2 as pb

    from .analyzer import Analyzer, Deployment

    with closing(Analyzer(pack)) as analyzer:
        clock.mark("pack ready")
        analyzer.configure(
            Deployment(
                project=_PROJECT,
                stack=_STACK,
                organization=projects.DEFAULT_ORGANIZATION,
                config={},
                secret_keys=(),
            ),
            for_pack(given, analyzer),
        )
        resources = []
        for carrier in carriers:
            request = pb.AnalyzeRequest(urn=carrier.urn, type=carrier.type, name=carrier.name)
            request.properties.update(carrier.properties)
            resource = pb.AnalyzerResource(
                urn=carrier.urn, type=carrier.type, name=carrier.name, properties=request.properties
            )
            analyzer.analyze(request.SerializeToString(), carrier.urn, carrier.type)
            resources.append(resource.SerializeToString())
        analyzer.analyze_stack(resources, "")
        placer = Placer(0, {}, analyzer.levels, Redactor(), strict=options.strict)
        entries = placer.entries(analyzer.take())
        clock.mark("Analyze and AnalyzeStack")
        clock.rules = analyzer.times()
        notices: list[Notice] = []
        if analyzer.has_details:
            from . import program_rules

            notices = policy_notices(program_rules.notices(given))
        return Judged(entries, enabled(analyzer.levels), notices)
