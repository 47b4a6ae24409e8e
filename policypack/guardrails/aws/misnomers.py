"""Actions that a document names and that no service has."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from ..glob import compiled, has_wildcard
from ..values import has_stand_in
from . import actions as table
from .document import Document, Effect, Statement, is_action

# Operations of S3 that are authorized by an action of another name, and names that tools give them (Amazon S3 User
# Guide, "Required permissions for Amazon S3 API operations").
_OPERATIONS: Final[Mapping[str, str]] = {
    "s3:listobjects": "s3:ListBucket",
    "s3:listobjectsv2": "s3:ListBucket",
    "s3:headbucket": "s3:ListBucket",
    "s3:listbuckets": "s3:ListAllMyBuckets",
    "s3:headobject": "s3:GetObject",
    "s3:copyobject": "s3:PutObject",
    "s3:uploadpart": "s3:PutObject",
    "s3:createmultipartupload": "s3:PutObject",
    "s3:completemultipartupload": "s3:PutObject",
    "s3:deleteobjects": "s3:DeleteObject",
    "s3:deletebucketlifecycle": "s3:PutLifecycleConfiguration",
    "lambda:invoke": "lambda:InvokeFunction",
}
# What AWS writes into the policy of a new topic, and asks for in that of a catalogue which is shared, though no service
# has it.
_OF_AWS: Final = frozenset({"sns:receive", "glue:shareresource"})
# How alike two names have to be for one to be the other misspelt.
_ALIKE: Final = 0.8
# Finding what a name is like takes milliseconds, and going through the actions of a service for a pattern too.
_MOST_COMPARED: Final = 20
_MOST_MATCHED: Final = 50_000


@dataclass(frozen=True, slots=True)
class Misnomer:
    """A name at `path` that nothing is called. `service` is its prefix, in lower case, and `listed` tells whether there
    is such a service; `meant` is what the name is most like, or empty. `effect` and `excludes` (whether it stands in
    NotAction) are the statement's."""

    path: str
    name: str
    service: str
    listed: bool
    meant: str
    effect: Effect | None
    excludes: bool


def misnomers(document: Document) -> tuple[Misnomer, ...]:
    """The action names and patterns of a document that match nothing in the table of actions.

    A service that the table does not list may be new; it counts only where its prefix is nearly that of one it does.
    Names that are unknown in part are none.
    """
    reader = _Reader()
    return tuple(found for statement in document.statements for found in reader.of(statement))


@dataclass
class _Reader:
    compared: int = _MOST_COMPARED
    matched: int = _MOST_MATCHED

    def of(self, statement: Statement) -> Iterator[Misnomer]:
        excludes = statement.not_actions is not None
        written = statement.not_actions if excludes else statement.actions
        several = len(written or ()) > 1
        for index, name in enumerate(written or ()):
            if name is None or table.rank(name) >= 0 or has_stand_in(name) or not is_action(name):
                continue
            prefix, _, bare = name.lower().partition(":")
            if not bare or has_wildcard(prefix) or name.lower() in _OF_AWS:
                continue
            service = table.service(prefix)
            if service is not None and self.names_something(service, name, bare):
                continue
            meant = self.meant(service, prefix, bare)
            if service is not None or meant:
                path = f"{statement.action_path}[{index}]" if several else statement.action_path
                yield Misnomer(path, name, prefix, service is not None, meant, statement.effect, excludes)

    def names_something(self, service: table.Service, name: str, bare: str) -> bool:
        """Whether an action of the service is called so, or may be: past the budget, a pattern is taken for good."""
        if not has_wildcard(bare):
            return bare in service.actions
        pattern = compiled(bare)
        names = list(service.actions)
        for candidate in names[bisect_left(names, pattern.lead) :]:
            self.matched -= 1
            if self.matched < 0 or pattern.matches(candidate):
                return True
            if not candidate.startswith(pattern.lead):
                break
        return False

    def meant(self, service: table.Service | None, prefix: str, bare: str) -> str:
        """The action, or the pattern of actions, that is most like this one."""
        operation = _OPERATIONS.get(f"{prefix}:{bare}")
        if operation is not None:
            return operation
        self.compared -= 1
        if self.compared < 0:
            return ""
        if service is None:
            near = get_close_matches(prefix, table.services(), 1, _ALIKE)
            found = table.action(f"{near[0]}:{bare}") if near else None
            return found.name if found is not None else f"{near[0]}:{bare}" if near else ""
        if has_wildcard(bare):
            return ""
        close = get_close_matches(bare, service.actions, 1, _ALIKE)
        return service.actions[close[0]].name if close else ""
