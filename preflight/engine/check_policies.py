"""From policy documents to what they allow, and to what the rules say of one."""

# The pack starts before gRPC and `pulumi` are imported here: while these load, so does it.

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from policypack.guardrails.aws.comparison import Comparison, compare
from policypack.guardrails.aws.document import Kind
from policypack.guardrails.aws.explanation import Explanation, explain
from policypack.guardrails.findings import Outcome
from policypack.guardrails.rules.resource_policies import carrier

from .. import report as reports
from ..errors import CheckError
from ..report import Entry, Notice, Report, Subject
from ..shared_secrets import Hiding
from ..sources import policy_file
from ..sources.policy_file import PolicyFile
from . import policy_configuration
from .checks import Clock, Options
from .judge_documents import UNDECIDED_FIX, Carrier, judge

ARTICLE: Final = {
    Kind.IDENTITY: "an identity policy",
    Kind.TRUST: "a trust policy",
    Kind.RESOURCE: "a resource policy",
}
# The resource that carries a document of each kind, and the property that it stands in.
_CARRIERS: Final = {
    Kind.IDENTITY: ("aws:iam/policy:Policy", "policy"),
    Kind.TRUST: ("aws:iam/role:Role", "assumeRolePolicy"),
}
_BUCKET_POLICY: Final = ("aws:s3/bucketPolicy:BucketPolicy", "policy")
# What is true of a resource policy whatever it is attached to.
REJECTED: Final = "policy-document-rejected"


@dataclass(frozen=True, slots=True)
class Explained:
    """A document and what it grants."""

    file: PolicyFile
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Compared:
    """Two documents of one kind and what one of them allows that the other does not."""

    base: PolicyFile
    head: PolicyFile
    comparison: Comparison


def check_policy(
    path: Path, kind: Kind | None, options: Options, clock: Clock, text: str | None = None
) -> tuple[Report, Explained]:
    """Explain a document, and judge it as `check` judges the resource that carries such a one. `text` is what the file
    at `path` holds, where it has been read already.

    Of a resource policy that is not about one service, or about one whose policies no resource carries, the rules say
    only what AWS rejects, and the report says so. Raises CheckError where the file holds no document.
    """
    given = policy_configuration.read(options.policy_config)
    with closing(options.start_pack()) as pack:
        file = policy_file.read(path, kind) if text is None else policy_file.parse_file(path, text, kind)
        explained = Explained(file, explain([file.document]))
        clock.mark("document explained")
        type_, property_ = _carrier(file) or _BUCKET_POLICY
        judged = judge(pack, [Carrier(type_, {property_: file.text})], given, options, clock)
    said = list(judged.notices)
    if _carrier(file) is None:
        message = "this resource policy is of no one service, so only what AWS rejects of it has been looked at"
        said.append(Notice(subject=0, kind="resource-policy", message=message))
    subject = Subject(kind="policy", path=str(path))
    entries = _entries(file, judged.entries)
    return reports.build([subject], rules=judged.rules, findings=entries, notices=said), explained


def _carrier(file: PolicyFile) -> tuple[str, str] | None:
    """The type of resource that carries such a document, and its property; `None` where it may be about anything."""
    if file.document.kind is not Kind.RESOURCE:
        return _CARRIERS[file.document.kind]
    service = policy_file.service_of(file.document)
    return _BUCKET_POLICY if service == "s3" else carrier(service)


def _entries(file: PolicyFile, entries: list[Entry]) -> Iterator[Entry]:
    """The findings as ones on the document, which no resource of anybody's carries."""
    carried = _carrier(file)
    limited = carried is None
    _, property_ = carried or _BUCKET_POLICY
    hide = Hiding([file.document])
    for entry in entries:
        if limited and entry.rule != REJECTED and entry.outcome != Outcome.ERROR:
            continue
        yield replace(
            entry,
            urn="",
            type="",
            name="",
            path=entry.path.removeprefix(property_).removeprefix("."),
            message=hide(entry.message),
            fix=UNDECIDED_FIX if entry.outcome == Outcome.UNDECIDED else hide(entry.fix),
            witness=hide.witness(entry.witness),
        )


def compare_policies(base: Path, head: Path, kind: Kind | None) -> tuple[Report, Compared]:
    """What the document in one file allows that the one in the other does not.

    Raises CheckError where a file holds no document, or the two are not of one kind.
    """
    if str(base) == str(head) == "-":
        raise CheckError("both documents cannot come from standard input; give a file for one of them.")
    for path in (base, head):
        if path.is_dir():
            raise CheckError(f"{path} is a folder; so far only policy documents can be compared, each in a file.")
    one, other = policy_file.read(base, kind), policy_file.read(head, kind)
    if one.document.kind is not other.document.kind:
        raise CheckError(
            f"{base} reads as {ARTICLE[one.document.kind]} and {head} as {ARTICLE[other.document.kind]}, "
            "so there is nothing to compare; say with --kind what both are."
        )
    # What cannot be read is the same in the same text.
    same = one.text == other.text
    compared = Compared(one, other, Comparison((), (), (), ()) if same else compare([one.document], [other.document]))
    subjects = [Subject(kind="policy", path=str(path)) for path in (base, head)]
    return reports.build(subjects, rules=0, findings=()), compared
