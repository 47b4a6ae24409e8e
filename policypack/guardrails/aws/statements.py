"""The statements of an AWS policy document as immutable values, and what is wrong with it.

A text is `None` where it cannot be read: an unknown value, or a stand-in that may be any text. A stand-in for a
computed value is a text like any other; it holds no wildcard and equals only itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

Text = str | None

# The canonical id by which S3 names callers that did not sign in (Amazon S3 User Guide, "ACL overview").
_ANONYMOUS: Final = "65a011a29cdf8ec533ec3d1ccaae921c"


class Kind(Enum):
    """Where a document is used, which decides the elements it may have."""

    IDENTITY = "identity"
    TRUST = "trust"
    RESOURCE = "resource"


class Effect(Enum):
    """What a matching statement does."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that AWS rejects or that never works, and the path of the part."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class PrincipalPattern:
    """One entry of Principal or NotPrincipal. `kind` is AWS, Service, Federated, CanonicalUser, `*` for the plain
    wildcard, or empty where it cannot be read."""

    kind: str
    name: Text
    path: str

    @property
    def is_everyone(self) -> bool:
        """Whether it stands for every caller, anonymous ones included."""
        return self.kind == "*" or (self.kind, self.name) in {("AWS", "*"), ("CanonicalUser", _ANONYMOUS)}


@dataclass(frozen=True, slots=True)
class Condition:
    """One key under one operator. An empty `operator` stands for a part that cannot be read."""

    operator: str
    key: str
    values: tuple[Text, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. An element that is not there is `None`; `effect` is `None` where it cannot be read.

    `variables` tells whether `${key}` is a variable here; it is `None` where the version cannot be read.
    """

    path: str
    effect: Effect | None
    sid: Text = None
    principals: tuple[PrincipalPattern, ...] | None = None
    not_principals: tuple[PrincipalPattern, ...] | None = None
    actions: tuple[Text, ...] | None = None
    not_actions: tuple[Text, ...] | None = None
    resources: tuple[Text, ...] | None = None
    not_resources: tuple[Text, ...] | None = None
    conditions: tuple[Condition, ...] = ()
    variables: bool | None = True
    holes: tuple[str, ...] = ()

    @property
    def unread(self) -> str:
        """The path to name when an answer hangs on what cannot be read here."""
        return self.holes[0] if self.holes else self.path

    def texts(self) -> Iterator[str]:
        """All that can be read of principals, resources and condition values."""
        yield from (each.name for each in self.named_principals if each.name is not None)
        yield from readable(self.resources, self.not_resources, *(each.values for each in self.conditions))

    def entries(self, key: str) -> tuple[Condition, ...]:
        """The conditions on one key, which is given in lower case."""
        return tuple(each for each in self.conditions if each.key.lower() == key)

    @property
    def named_principals(self) -> tuple[PrincipalPattern, ...]:
        """All entries of Principal and NotPrincipal."""
        return (self.principals or ()) + (self.not_principals or ())

    @property
    def principal_path(self) -> str:
        """The path of the element that names the principals."""
        element = "Principal" if self.not_principals is None else "NotPrincipal"
        return join(self.path, element)

    @property
    def action_path(self) -> str:
        """The path of the element that names the actions."""
        return join(self.path, "Action" if self.not_actions is None else "NotAction")


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document: its statements, what the language rejects, and the paths that cannot be read.

    `carried` are condition keys, in lower case, that every request it is asked about holds, with their values.
    """

    kind: Kind
    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...] = ()
    holes: tuple[str, ...] = ()
    carried: tuple[tuple[str, str], ...] = ()


_ACTION: Final = re.compile(r"[A-Za-z0-9_*?-]+:[A-Za-z0-9_*?-]+|[*?]+")


def is_action(text: str) -> bool:
    """Whether a text is an action pattern; anything else (`s3:a,s3:b`, trailing blanks) matches no action."""
    return _ACTION.fullmatch(text) is not None


def join(path: str, element: str) -> str:
    """The path of an element below `path`."""
    return f"{path}.{element}" if path else element


def readable(*elements: tuple[Text, ...] | None) -> list[str]:
    """The texts of some elements that can be read."""
    return [text for element in elements for text in element or () if text is not None]
