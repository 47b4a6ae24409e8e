"""What a policy statement or a matching rule says, as a tree of frozen nodes.

Two nodes are equal when they say the same; where they stood in the text (`column`, counted in characters from 1)
does not count. `str(node)` prints canonical text, which reads back as an equal node. Names, types and values keep the
letter case they were written in, though the language compares them without regard to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeAlias

_BRIEF: Final = 120
_PLAIN_NAME: Final = re.compile(r"\w[\w.@+-]*")
# Some of these may stand bare in some places; printing all of them in quotes is right in every place.
_KEYWORDS: Final = frozenset(
    {"id", "to", "in", "of", "as", "with", "where", "all", "any", "not", "before", "after", "between", "and"}
)


def _column() -> int:
    return field(default=1, compare=False, repr=False, kw_only=True)


def _quote(text: str) -> str:
    return text if _PLAIN_NAME.fullmatch(text) and text.lower() not in _KEYWORDS else f"'{text}'"


class Kind(Enum):
    """The kinds of statement that grant or deny."""

    ALLOW = "allow"
    ENDORSE = "endorse"
    ADMIT = "admit"


class SubjectKind(Enum):
    """Whom a statement is about."""

    ANY_USER = "any-user"
    ANY_GROUP = "any-group"
    GROUP = "group"
    DYNAMIC_GROUP = "dynamic-group"
    SERVICE = "service"
    RESOURCE = "resource"


class Verb(Enum):
    """What may be done. The first four imply each other from the right to the left."""

    INSPECT = "inspect"
    READ = "read"
    USE = "use"
    MANAGE = "manage"
    ASSOCIATE = "associate"


class PlaceKind(Enum):
    """What a location names: a tenancy, a compartment with all below it, or each tenancy there is."""

    TENANCY = "tenancy"
    COMPARTMENT = "compartment"
    ANY_TENANCY = "any-tenancy"


class Operator(Enum):
    """The comparisons of a condition."""

    EQUAL = "="
    UNEQUAL = "!="
    IN = "in"
    NOT_IN = "not in"
    INTERSECTS = "sets-intersect"
    BEFORE = "before"
    AFTER = "after"
    BETWEEN = "between"
    PRESENT = "present"
    ABSENT = "absent"


class ValueKind(Enum):
    """How a value is compared: as it stands, by the asterisks in it, or as what another variable holds."""

    LITERAL = "literal"
    PATTERN = "pattern"
    VARIABLE = "variable"
    OPAQUE = "opaque"


@dataclass(frozen=True, slots=True)
class Opaque:
    """A part that holds a stand-in for any text; what it says is not known."""

    text: str
    column: int = _column()

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a group, service, compartment or alias; a group without a domain is in the default one."""

    text: str
    domain: str | None = None
    column: int = _column()

    def __str__(self) -> str:
        return _quote(self.text) if self.domain is None else f"{_quote(self.domain)}/{_quote(self.text)}"


@dataclass(frozen=True, slots=True)
class Ocid:
    """An Oracle Cloud identifier, or a stand-in for one."""

    text: str
    column: int = _column()

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a statement is about; names and ids are empty for any-user and any-group, and never both filled.

    A resource has two names: its kind, and the service or the one resource that is meant.
    """

    kind: SubjectKind
    names: tuple[Name, ...] = ()
    ids: tuple[Ocid, ...] = ()
    column: int = _column()

    def __str__(self) -> str:
        between = " " if self.kind is SubjectKind.RESOURCE else ", "
        who = between.join([*map(str, self.names), *(f"id {ocid}" for ocid in self.ids)])
        return f"{self.kind.value} {who}".rstrip()


@dataclass(frozen=True, slots=True)
class VerbAction:
    """A verb on a resource type or family, such as `manage buckets`."""

    verb: Verb | Opaque
    resource_type: str
    column: int = _column()
    type_column: int = _column()

    def __str__(self) -> str:
        return f"{self.verb.value if isinstance(self.verb, Verb) else self.verb} {self.resource_type}"


@dataclass(frozen=True, slots=True)
class Permissions:
    """A set of permissions named one by one, in place of verb and type."""

    names: tuple[str, ...]
    column: int = _column()

    def __str__(self) -> str:
        return f"{{{', '.join(self.names)}}}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement holds.

    A tenancy without `tenancy` is the one the policy lives in, with it the alias of another one. A compartment has
    either a `path` from the compartment the policy is attached to, or an `ocid`.
    """

    kind: PlaceKind
    path: tuple[Name, ...] = ()
    ocid: Ocid | None = None
    tenancy: Name | None = None
    column: int = _column()

    def __str__(self) -> str:
        if self.kind is not PlaceKind.COMPARTMENT:
            return self.kind.value if self.tenancy is None else f"{self.kind.value} {self.tenancy}"
        where = f"id {self.ocid}" if self.ocid else ":".join(map(str, self.path))
        return f"compartment {where}" if self.tenancy is None else f"compartment {where} of tenancy {self.tenancy}"


@dataclass(frozen=True, slots=True)
class Pairing:
    """The other side of a statement that joins two resources, such as two peering gateways."""

    resource_type: str
    place: Place | Opaque
    column: int = _column()

    def __str__(self) -> str:
        return f"with {self.resource_type} in {self.place}"


@dataclass(frozen=True, slots=True)
class Value:
    """What a variable is compared with, without its quotes or slashes."""

    kind: ValueKind
    text: str
    column: int = _column()

    def __str__(self) -> str:
        match self.kind:
            case ValueKind.LITERAL:
                return f"'{self.text}'"
            case ValueKind.PATTERN:
                return f"/{self.text}/"
            case ValueKind.VARIABLE | ValueKind.OPAQUE:
                return self.text


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of a variable. `PRESENT` and `ABSENT` take no value, `BETWEEN` two, `IN` and `NOT_IN` many."""

    __test__ = False  # keeps pytest from collecting the class

    variable: str
    operator: Operator
    values: tuple[Value, ...] = ()
    column: int = _column()

    def __str__(self) -> str:
        values = tuple(map(str, self.values))
        match self.operator:
            case Operator.PRESENT:
                return self.variable
            case Operator.ABSENT:
                return f"not {self.variable}"
            case Operator.BETWEEN:
                return f"{self.variable} between {values[0]} and {values[1]}"
            case Operator.INTERSECTS:
                return f"sets-intersect({self.variable}, ({', '.join(values)}))"
            case Operator.IN | Operator.NOT_IN:
                return f"{self.variable} {self.operator.value} ({', '.join(values)})"
            case _:
                return f"{self.variable} {self.operator.value} {values[0]}"


class Quantifier(Enum):
    """How many members of a combination have to hold."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Combination:
    """Several conditions of which all or any have to hold; there is at least one."""

    quantifier: Quantifier
    members: tuple[Condition, ...]
    column: int = _column()

    def __str__(self) -> str:
        return f"{self.quantifier.value} {{{', '.join(map(str, self.members))}}}"


Condition: TypeAlias = Test | Combination | Opaque
Action: TypeAlias = VerbAction | Permissions | Opaque


@dataclass(frozen=True, slots=True)
class OpaqueTail:
    """A part after the location that is not known; it may hold a condition or be empty."""

    text: str
    column: int = _column()

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Grant:
    """A statement that allows or denies something.

    `denies` turns each kind round. `origin` is where the subject of an admit statement comes from: the alias of a
    tenancy, `ANY_TENANCY`, or None where the statement does not say.
    """

    kind: Kind
    denies: bool
    subject: Subject | Opaque
    action: Action
    place: Place | Opaque
    origin: Name | PlaceKind | None = None
    pairing: Pairing | None = None
    condition: Condition | OpaqueTail | None = None

    def __str__(self) -> str:
        words = [self._head(), str(self.subject)]
        if self.origin is PlaceKind.ANY_TENANCY:
            words.append("of any-tenancy")
        elif self.origin is not None:
            words.append(f"of tenancy {self.origin}")
        words += ["to", str(self.action), "in", str(self.place)]
        if self.pairing is not None:
            words.append(str(self.pairing))
        if isinstance(self.condition, OpaqueTail):
            words.append(str(self.condition))
        elif self.condition is not None:
            words += ["where", str(self.condition)]
        return " ".join(words)

    def _head(self) -> str:
        if self.kind is Kind.ALLOW:
            return "deny" if self.denies else "allow"
        return f"deny {self.kind.value}" if self.denies else self.kind.value


class DefinedKind(Enum):
    """What an alias can stand for."""

    TENANCY = "tenancy"
    COMPARTMENT = "compartment"
    GROUP = "group"
    DYNAMIC_GROUP = "dynamic-group"


@dataclass(frozen=True, slots=True)
class Definition:
    """A `define` statement: an alias for an OCID within its policy. It grants nothing."""

    kind: DefinedKind
    alias: Name
    ocid: Ocid

    def __str__(self) -> str:
        return f"define {self.kind.value} {self.alias} as {self.ocid}"


Statement: TypeAlias = Grant | Definition


def brief(node: object) -> str:
    """Canonical text of a node, cut to what fits into a sentence."""
    text = str(node)
    return text if len(text) <= _BRIEF else f"{text[: _BRIEF - 1]}…"
