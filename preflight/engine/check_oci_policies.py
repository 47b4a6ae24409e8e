"""From a file of OCI statements to what they mean, and to what the rules say of them."""

# The pack starts before gRPC and `pulumi` are imported: while these load, so does it.

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from policypack.guardrails.findings import Outcome
from policypack.guardrails.glob import compiled
from policypack.guardrails.oci import matching, statement
from policypack.guardrails.oci.explanation.places import aliases
from policypack.guardrails.oci.explanation.statements import Explanation, explain, explain_rule
from policypack.guardrails.oci.rejections.rejection import Rejected, Unreadable
from policypack.guardrails.oci.rejections.unknown_words import unknown_words

from .. import report as reports
from ..report import Entry, Place, Report, Subject
from ..sources import oci_policy_file
from ..sources.oci_policy_file import OciPolicyFile, Part, Written
from . import policy_configuration
from .checks import Clock, Options
from .judge_documents import Carrier, judge
from .policy_configuration import Given

_POLICY: Final = "oci:Identity/policy:Policy"
_GROUP: Final = "oci:Identity/dynamicGroup:DynamicGroup"
_STATEMENTS: Final = "statements"
_RULE: Final = "matchingRule"
# The rule that says which types OCI has beside those that are listed, and its setting.
_REJECTING: Final = "oci-policy-statement-rejected"
_TYPES: Final = "resourceTypes"
_UNDECIDED_FIX: Final = (
    "Correct the part that is named, if it is a slip; if it is right, check by hand what it decides: "
    "nothing more is known of it here."
)
# Where a message and its fix say that a column is.
_IN_MESSAGE: Final = re.compile(r"(column )(\d+)(?=:)")
_IN_FIX: Final = re.compile(r"((?:Write|What fits)(?: `[^`]*`)? at column )(\d+)\b")


@dataclass(frozen=True, slots=True)
class Refused:
    """A statement that reads well and has words that OCI does not know."""

    words: tuple[Rejected, ...]
    explanation: Explanation


Said: TypeAlias = Explanation | Refused | Rejected | Unreadable


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
        found = Explained(file, tuple(explained(file, _listed(given))))
        clock.mark("statements explained")
        carriers = [_carrier(part, f"policy-{number}") for number, part in enumerate(file.parts)]
        judged = judge(pack, carriers, given, options, clock)
    parts = {carrier.urn: part for carrier, part in zip(carriers, file.parts, strict=True)}
    entries = [_placed(entry, path, parts[entry.urn]) if entry.urn in parts else entry for entry in judged.entries]
    subject = Subject(kind="policy", path=str(path))
    return reports.build([subject], rules=judged.rules, findings=entries, notices=judged.notices), found


def _listed(given: Mapping[str, Given]) -> Sequence[str]:
    """The resource types that the configuration lists, which is checked when the rules are asked."""
    found = given[_REJECTING].settings.get(_TYPES) if _REJECTING in given else None
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def explained(file: OciPolicyFile, types: Sequence[str] = ()) -> Iterator[tuple[Part, Written, Said]]:
    """What each statement and matching rule of a file says; `types` are patterns of resource types that OCI has beside
    those that are listed."""
    patterns = [compiled(each, fold=True) for each in types]
    for part in file.parts:
        if part.rule:
            for each in part.written:
                rule = matching.parse(each.text)
                yield part, each, rule if isinstance(rule, Rejected | Unreadable) else explain_rule(rule)
            continue
        read = [statement.parse(each.text) for each in part.written]
        defined = aliases(read)
        for each, found in zip(part.written, read, strict=True):
            if isinstance(found, Rejected | Unreadable):
                yield part, each, found
                continue
            unknown = tuple(unknown_words(found, each.text, lambda name: any(one.matches(name) for one in patterns)))
            said = explain(found, defined)
            yield part, each, Refused(unknown, said) if unknown else said


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
    fix = _UNDECIDED_FIX if entry.outcome == Outcome.UNDECIDED else entry.fix
    message, line = entry.message, None
    written = next((each for each in part.written if each.path == place), None)
    if written is not None:
        found = _IN_MESSAGE.match(message)
        line, _, _ = written.position(int(found[2]) if found else 1)
        message, fix = _in_file(_IN_MESSAGE, message, written), fix_in_file(fix, written)
    return replace(
        entry,
        message=message,
        urn="",
        type="",
        name=part.name,
        path=place,
        fix=fix,
        source=Place(str(path), line) if line is not None else None,
    )


def fix_in_file(fix: str, written: Written) -> str:
    """What to do about a statement, with the column of its line in the file where one is named."""
    return _in_file(_IN_FIX, fix, written)


def _in_file(form: re.Pattern[str], text: str, written: Written) -> str:
    """A text that starts with a column of a statement, with that of its line in the file."""
    found = form.match(text)
    return f"{found[1]}{written.position(int(found[2]))[2]}{text[found.end() :]}" if found else text
