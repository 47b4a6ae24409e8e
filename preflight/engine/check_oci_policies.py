"""From a file of OCI statements to what they mean, and to what the rules say of them."""

# The pack starts before gRPC and `pulumi` are imported: while these load, so does it.

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from policypack.guardrails.findings import Outcome
from policypack.guardrails.oci import matching, statement
from policypack.guardrails.oci.explanation.places import aliases
from policypack.guardrails.oci.explanation.statements import Explanation, explain, explain_rule
from policypack.guardrails.oci.rejections.rejection import Rejected, Unreadable

from .. import report as reports
from ..report import Entry, Place, Report, Subject
from ..sources import oci_policy_file
from ..sources.oci_policy_file import OciPolicyFile, Part, Written
from . import policy_configuration
from .checks import Clock, Options
from .judge_documents import UNDECIDED_FIX, Carrier, judge

_POLICY: Final = "oci:Identity/policy:Policy"
_GROUP: Final = "oci:Identity/dynamicGroup:DynamicGroup"
_STATEMENTS: Final = "statements"
_RULE: Final = "matchingRule"

Said: TypeAlias = Explanation | Rejected | Unreadable


@dataclass(frozen=True, slots=True)
class Explained:
    """A file and what each of its statements says, in the order of the file; with each the part that it is of."""

    file: OciPolicyFile
    statements: tuple[tuple[Part, Written, Said], ...]


def check_statements(path: Path, text: str, options: Options, clock: Clock) -> tuple[Report, Explained]:
    """Explain the statements in `text`, which the file at `path` holds, and judge them as `check` judges the policies
    and dynamic groups that carry such ones.

    Raises CheckError where there are none.
    """
    given = policy_configuration.read(options.policy_config)
    file = oci_policy_file.parse(path, text)
    with closing(options.start_pack()) as pack:
        found = Explained(file, tuple(explained(file)))
        clock.mark("statements explained")
        carriers = [_carrier(part, f"policy-{number}") for number, part in enumerate(file.parts)]
        judged = judge(pack, carriers, given, options, clock)
    parts = {carrier.urn: part for carrier, part in zip(carriers, file.parts, strict=True)}
    entries = [_placed(entry, path, parts[entry.urn]) if entry.urn in parts else entry for entry in judged.entries]
    subject = Subject(kind="policy", path=str(path))
    return reports.build([subject], rules=judged.rules, findings=entries, notices=judged.notices), found


def explained(file: OciPolicyFile) -> Iterator[tuple[Part, Written, Said]]:
    """What each statement and matching rule of a file says."""
    for part in file.parts:
        if part.rule:
            for each in part.written:
                rule = matching.parse(each.text)
                yield part, each, rule if isinstance(rule, Rejected | Unreadable) else explain_rule(rule)
            continue
        read = [statement.parse(each.text) for each in part.written]
        defined = aliases(read)
        for each, found in zip(part.written, read, strict=True):
            yield part, each, found if isinstance(found, Rejected | Unreadable) else explain(found, defined)


def _carrier(part: Part, name: str) -> Carrier:
    """The resource that carries a part; what the file does not say of it is not known."""
    texts = [each.text for each in part.written]
    own = {"name": part.name, "compartmentId": part.compartment}
    known = {key: value for key, value in own.items() if value}
    if part.rule:
        return Carrier(_GROUP, {**known, _RULE: texts[0]}, name)
    return Carrier(_POLICY, {**known, _STATEMENTS: texts}, name)


def _placed(entry: Entry, path: Path, part: Part) -> Entry:
    """A finding as one on the file, whose parts no resource of anybody's carries."""
    property_ = _RULE if part.rule else _STATEMENTS
    within = entry.path.startswith(property_)
    place = f"{part.path}{entry.path.removeprefix(property_)}" if within else entry.path
    line = next((each.line for each in part.written if each.path == place), None)
    return replace(
        entry,
        urn="",
        type="",
        name=part.name,
        path=place,
        fix=UNDECIDED_FIX if entry.outcome == Outcome.UNDECIDED else entry.fix,
        source=Place(str(path), line) if line is not None else None,
    )
