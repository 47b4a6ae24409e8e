"""The subjects of a stack's OCI policies, each with all that is said of it.

A subject is a group or dynamic group, of the stack or only named by statements. What is granted to everybody counts for
each of them, unless it asks who the caller is. Statements are kept with their places as paths from the root of the
tenancy, so that those of several policies can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar, cast

from ..findings import Finding, WitnessRecord
from ..model import Resource, Stack, Value
from ..oci import grants
from ..oci.conditions import ways
from ..oci.grants import full_name
from ..oci.meaning import ANYONE, No, Power, Reached, Scope, Undecided
from ..oci.permissions import is_listed
from ..oci.tree import Grant, Kind, Name, OpaqueTail, Subject, SubjectKind, Test, brief
from ..oci.variables import Says, says
from .oci_compartments import ROOT, Compartments, Path, as_place, compartments
from .oci_groups import DYNAMIC_GROUPS
from .oci_ids import ids
from .oci_statements import STATEMENT_TYPES, shown, statements
from .oci_users import GROUPS, USERS, group_name, groups_of_users

_COMPARTMENT: Final = "target.compartment.id"
_DEFAULT_DOMAIN: Final = "default/"
# Statements are put to their subjects before they are asked, so whoever asks is meant.
_SUBJECT: Final = Subject(SubjectKind.ANY_USER)
_TYPES: Final = {SubjectKind.GROUP: GROUPS, SubjectKind.DYNAMIC_GROUP: DYNAMIC_GROUPS}
_CLASSIC: Final = frozenset({GROUPS[0], DYNAMIC_GROUPS[0]})

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """A statement at its place in a policy: as it is `written`, and as it is compared, with the `path` of where it
    grants. The path is None where it is not known."""

    policy: Resource
    value: Value
    written: Grant
    grant: Grant
    path: Path | None

    def __str__(self) -> str:
        return self.show(self.written)

    def show(self, part: object) -> str:
        """A part of the statement for a message, unless the statement is marked secret."""
        return "[secret]" if self.value.secret else brief(part)

    def finding(self, finding: Finding) -> Finding:
        """`finding` for this statement, without the quotes where it is secret."""
        return shown(self.value, replace(finding, path=self.value.path, urn=self.policy.urn, cause=self.value.path))


@dataclass(frozen=True, slots=True, eq=False)
class Holding:
    """A power that a subject holds by a statement: the `path` of where, None if that is not known, and how it is
    reached, or why it is not known whether it is."""

    said: Said
    reached: Reached | Undecided
    path: Path | None

    @property
    def doubt(self) -> str:
        """Why it is not known whether the power is held; empty where it is."""
        return f"`{self.said}`: {self.reached.reason}" if isinstance(self.reached, Undecided) else ""

    def request(self, actor: str) -> WitnessRecord:
        """The request by which somebody uses the power."""
        said, reached = self.said, self.reached
        known = reached if isinstance(reached, Reached) and not said.value.secret else None
        return {
            "principal": actor,
            "action": known.permission if known and is_listed(known.permission) else said.show(said.written.action),
            "resource": said.show(said.written.place),
            "context": dict(known.context) if known else {},
        }


@dataclass(eq=False, slots=True)
class Identity:
    """A group, a dynamic group, or a user with all that his groups hold.

    `title` names it in messages; `name` is what conditions compare, without a domain, and empty where it is not known.
    """

    kind: SubjectKind
    title: str
    name: str
    compartments: Compartments
    resource: Resource | None = None
    said: list[Said] = field(default_factory=list)
    denied: list[Said] = field(default_factory=list)
    everybody: Identity | None = None
    groups: Sequence[Identity] = ()
    _held: dict[int, tuple[Power, Sequence[Holding]]] = field(default_factory=dict)
    _memory: dict[object, object] = field(default_factory=dict)

    def remember(self, question: object, answer: Callable[[], T]) -> T:
        """The answer to `question`, worked out once."""
        if question not in self._memory:
            self._memory[question] = answer()
        return cast("T", self._memory[question])

    def holds(self, power: Power) -> Sequence[Holding]:
        """Each statement by which it holds a power that nothing denies it again, or may."""
        if id(power) not in self._held:
            # The power is kept, so that no other one gets its id.
            self._held[id(power)] = power, tuple(self._holds(power))
        return self._held[id(power)][1]

    def _holds(self, power: Power) -> Iterator[Holding]:
        for said in self.said:
            yield from self.by(said, power)
        if self.everybody is not None:
            for holding in self.everybody.holds(power):
                if not self.denied:
                    yield holding
                else:
                    yield from self.by(holding.said, power)

    def by(self, said: Said, power: Power) -> Iterator[Holding]:
        """Whether it holds a power by one statement, or may: then the one holding."""
        everybody = self.everybody.denied if self.everybody is not None else ()
        denied = (each.grant for each in (*self.denied, *everybody))
        answer = grants.held([said.grant, *denied], _SUBJECT, power)
        if isinstance(answer, Undecided):
            yield Holding(said, answer, said.path)
        elif not isinstance(answer, No):
            yield Holding(said, answer.reached, self._path(said, answer.reached))

    def _path(self, said: Said, reached: Reached) -> Path | None:
        """Where a power is held: in the compartment that the condition asks for, where it asks for one."""
        if said.path != ROOT or reached.scope is Scope.TENANCY:
            return said.path
        asked = (text for name, text in reached.context.items() if name.lower() == _COMPARTMENT)
        return next(map(self.compartments.of_ocid, asked), None)


class Identities:
    """All that statements of a stack are about."""

    def __init__(self, stack: Stack) -> None:
        self.compartments: Compartments = compartments(stack)
        self.everybody = Identity(SubjectKind.ANY_USER, "everyone", "", self.compartments)
        self._stack = stack
        self._by_key: dict[tuple[SubjectKind, str], Identity] = {}
        self._named: dict[tuple[SubjectKind, str], list[Resource]] = {}
        for kind, types in _TYPES.items():
            for resource in stack.of_type(types):
                self._declare(kind, resource)
        for policy in stack.of_type(STATEMENT_TYPES):
            for value, statement in statements(policy):
                if isinstance(statement, Grant) and statement.kind is Kind.ALLOW:
                    self._join(policy, value, statement)

    def subjects(self) -> Iterator[Identity]:
        """Each group and dynamic group that something is said of, or that the stack has."""
        yield from dict.fromkeys(self._by_key.values())

    def dynamic_groups(self) -> Iterator[Identity]:
        """The dynamic groups of the stack."""
        for identity in self.subjects():
            if identity.kind is SubjectKind.DYNAMIC_GROUP and identity.resource is not None:
                yield identity

    def group(self, resource: Resource) -> Identity | None:
        """A group of the stack."""
        return self._by_key.get((SubjectKind.GROUP, resource.urn))

    def users(self) -> Iterator[Identity]:
        """Users of the stack that are known to be in groups of the stack, with what these hold together."""
        for user, groups in groups_of_users(self._stack).items():
            resource = self._stack.by_urn.get(user)
            own = [each for group in groups if group is not None and (each := self.group(group)) is not None]
            if resource is not None and resource.type in USERS and own:
                yield self._union(resource, list(dict.fromkeys(own)))

    def _union(self, user: Resource, groups: Sequence[Identity]) -> Identity:
        name = user["userName"] if user["name"].absent else user["name"]
        return Identity(
            SubjectKind.GROUP,
            f"user {user.name if name.secret or not name.text else name.text}",
            name.text or "",
            self.compartments,
            user,
            list(dict.fromkeys(said for group in groups for said in group.said)),
            list(dict.fromkeys(said for group in groups for said in group.denied)),
            self.everybody,
            groups,
        )

    def _declare(self, kind: SubjectKind, resource: Resource) -> None:
        name = group_name(resource)
        title = f"{kind.value} {resource.name if name.secret or not name.text else name.text}"
        identity = Identity(kind, title, name.text or "", self.compartments, resource, everybody=self.everybody)
        self._by_key[kind, resource.urn] = identity
        for text in ids(self._stack).of(resource):
            self._by_key.setdefault((kind, text.lower()), identity)
        if name.text:
            self._named.setdefault((kind, name.text.lower()), []).append(resource)

    def _join(self, policy: Resource, value: Value, statement: Grant) -> None:
        subject = statement.subject
        if not isinstance(subject, Subject):
            return
        path = self.compartments.of_statement(policy, statement.place)
        grant = replace(statement, subject=_SUBJECT)
        if path is not None:
            grant = replace(grant, place=as_place(path))
        said = Said(policy, value, statement, grant, path)
        for identity in self._meant(statement, subject):
            (identity.denied if statement.denies else identity.said).append(said)

    def _meant(self, statement: Grant, subject: Subject) -> Iterator[Identity]:
        if subject.kind in ANYONE:
            if not _asks_who(statement):
                yield self.everybody
        elif subject.kind in _TYPES:
            named = {self._key(subject.kind, each): (str(each), each.text) for each in subject.names}
            named |= {ocid.text.lower(): (f"id {ocid}", "") for ocid in subject.ids}
            for key, (title, name) in named.items():
                new = Identity(
                    subject.kind, f"{subject.kind.value} {title}", name, self.compartments, everybody=self.everybody
                )
                yield self._by_key.setdefault((subject.kind, key), new)

    def _key(self, kind: SubjectKind, name: Name) -> str:
        """By what a group is found: the URN where it is certain which one of the stack is meant, else its name."""
        full = full_name(name)
        known = self._named.get((kind, name.text.lower()), ())
        classic = [each for each in known if each.type in _CLASSIC]
        fitting = classic if classic and full.startswith(_DEFAULT_DOMAIN) else [e for e in known if e not in classic]
        return fitting[0].urn if len(fitting) == 1 else full


def _asks_who(statement: Grant) -> bool:
    """Whether a condition tells callers apart, so that not everybody is meant."""
    condition = statement.condition
    if condition is None:
        return False
    if isinstance(condition, OpaqueTail):
        return True
    several = ways(condition)
    return several is None or any(
        not isinstance(part, Test) or says(part.variable) in {Says.WHO, Says.KIND, None}
        for way in several
        for part in way
    )


def identities(stack: Stack) -> Identities:
    """The subjects of a stack with what is said of them."""
    return stack.remember("OCI identities", lambda: Identities(stack))
