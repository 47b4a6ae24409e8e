"""The subjects of a stack's OCI policies, each with all that is said of it.

A subject is a group or dynamic group, of the stack or only named by statements, or the callers that a condition of a
statement for everybody describes, as the matching rule of a dynamic group would. What is granted to everybody counts
for each of them, unless it asks who the caller is. Statements are kept with their places as paths from the root of the
tenancy, so that those of several policies can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from ..model import Resource, Stack, Value
from ..oci.conditions import tests_of, ways
from ..oci.grants import full_name, without
from ..oci.meaning import ANYONE, Power
from ..oci.tree import Condition, Grant, Kind, Name, OpaqueTail, Subject, SubjectKind, Test
from ..oci.variables import Says, says
from .oci_compartments import Compartments, as_place, compartments
from .oci_groups import DYNAMIC_GROUPS
from .oci_holdings import Denials, Holding, Memory, Said
from .oci_ids import ids
from .oci_statements import STATEMENT_TYPES, statements
from .oci_users import GROUPS, USERS, group_name, groups_of_users

CALLER_ID: Final = "request.principal.id"
CALLER_COMPARTMENT: Final = "request.principal.compartment.id"
_DEFAULT_DOMAIN: Final = "default/"
# Statements are put to their subjects before they are asked, so whoever asks is meant.
_SUBJECT: Final = Subject(SubjectKind.ANY_USER)
_TYPES: Final = {SubjectKind.GROUP: GROUPS, SubjectKind.DYNAMIC_GROUP: DYNAMIC_GROUPS}
_CLASSIC: Final = frozenset({GROUPS[0], DYNAMIC_GROUPS[0]})
_NOTHING: Final[frozenset[str]] = frozenset()

T = TypeVar("T")


@dataclass(eq=False, slots=True)
class Identity:
    """A group, a dynamic group, a user with all that his groups hold, or the `callers` that a condition describes.

    `title` names it in messages; `name` is what conditions compare, without a domain, and empty where it is not known.
    """

    kind: SubjectKind
    title: str
    name: str
    resource: Resource | None = None
    said: list[Said] = field(default_factory=list)
    denying: list[Said] = field(default_factory=list)
    everybody: Identity | None = None
    groups: Sequence[Identity] = ()
    callers: Condition | None = None
    _memory: Memory = field(default_factory=Memory)

    @property
    def one_of_it(self) -> str:
        """How a message names what is taken in, after `as`."""
        return f"one of the {self.title}" if self.callers is not None else f"a member of {self.title}"

    def remember(self, question: object, answer: Callable[[], T]) -> T:
        """The answer to `question`, worked out once."""
        return self._memory.remember(question, answer)

    def of_power(self, question: str, power: Power, answer: Callable[[Power], T]) -> T:
        """The answer to a question about a power that is asked for often, worked out once."""
        return self._memory.of_power(question, power, answer)

    def holds(self, power: Power) -> Sequence[Holding]:
        """Each statement by which it holds a power that nothing denies it again, or may."""
        return self.of_power("holds", power, self._holds)

    def own(self, power: Power) -> Sequence[Holding]:
        """The same, without what everybody holds."""
        return self.of_power("own", power, self._own)

    def _holds(self, power: Power) -> Sequence[Holding]:
        own = self.own(power)
        if self.everybody is None:
            return own
        shared = self.everybody.holds(power)
        if not self._denials().permissions.isdisjoint(power.permissions):
            shared = self._left(shared, power)
        return (*own, *shared) if own else shared

    def _own(self, power: Power) -> Sequence[Holding]:
        return self._left((held for said in self.said if (held := said.holding(power)) is not None), power)

    def _left(self, holdings: Iterable[Holding], power: Power) -> tuple[Holding, ...]:
        """What is left of what statements grant, after what it is denied."""
        every = ((each, self._taken(each.said)) for each in holdings)
        left = (each if taken.isdisjoint(power.permissions) else self.by(each.said, power) for each, taken in every)
        return tuple(each for each in left if each is not None)

    def by(self, said: Said, power: Power) -> Holding | None:
        """Whether it holds a power by one statement, or may: then the holding."""
        return said.grants(without(power, self._taken(said)))

    def _taken(self, said: Said) -> frozenset[str]:
        """The permissions that it is denied wherever a statement grants them."""
        everybody = _NOTHING if self.everybody is None else self.everybody._taken(said)
        if not self.denying:
            return everybody
        return everybody | self.remember(said, lambda: self._denials().taken(said))

    def _denials(self) -> Denials:
        return self.remember("denials", lambda: Denials(self.denying))


class Identities:
    """All that statements of a stack are about."""

    def __init__(self, stack: Stack) -> None:
        self.compartments: Compartments = compartments(stack)
        self.everybody = Identity(SubjectKind.ANY_USER, "everyone", "")
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
        """Each group, dynamic group and sort of callers that something is said of, or that the stack has."""
        yield from dict.fromkeys(self._by_key.values())

    def dynamic_groups(self) -> Iterator[Identity]:
        """The dynamic groups of the stack."""
        for identity in self.subjects():
            if identity.kind is SubjectKind.DYNAMIC_GROUP and identity.resource is not None:
                yield identity

    def callers(self) -> Iterator[Identity]:
        """The callers that conditions of statements for everybody describe."""
        yield from (each for each in self.subjects() if each.callers is not None)

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
            user,
            list(dict.fromkeys(said for group in groups for said in group.said)),
            list(dict.fromkeys(said for group in groups for said in group.denying)),
            self.everybody,
            groups,
        )

    def _declare(self, kind: SubjectKind, resource: Resource) -> None:
        name = group_name(resource)
        title = f"{kind.value} {resource.name if name.secret or not name.text else name.text}"
        identity = Identity(kind, title, name.text or "", resource, everybody=self.everybody)
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
        said = Said(policy, value, statement, grant, path, self.compartments)
        for identity in self._meant(said, subject):
            (identity.denying if statement.denies else identity.said).append(said)

    def _meant(self, said: Said, subject: Subject) -> Iterator[Identity]:
        if subject.kind in ANYONE:
            condition = said.written.condition
            if not _asks_who(condition):
                yield self.everybody
            elif condition is not None and not isinstance(condition, OpaqueTail) and _describes_callers(condition):
                title = f"callers that meet `{said.show(condition)}`"
                new = Identity(SubjectKind.ANY_USER, title, "", everybody=self.everybody, callers=condition)
                yield self._by_key.setdefault((SubjectKind.ANY_USER, title.lower() + str(condition).lower()), new)
        elif subject.kind in _TYPES:
            named = {self._key(subject.kind, each): (str(each), each.text) for each in subject.names}
            named |= {ocid.text.lower(): (f"id {ocid}", "") for ocid in subject.ids}
            for key, (title, name) in named.items():
                new = Identity(subject.kind, f"{subject.kind.value} {title}", name, everybody=self.everybody)
                yield self._by_key.setdefault((subject.kind, key), new)

    def _key(self, kind: SubjectKind, name: Name) -> str:
        """By what a group is found: the URN where it is certain which one of the stack is meant, else its name."""
        full = full_name(name)
        known = self._named.get((kind, name.text.lower()), ())
        classic = [each for each in known if each.type in _CLASSIC]
        fitting = classic if classic and full.startswith(_DEFAULT_DOMAIN) else [e for e in known if e not in classic]
        return fitting[0].urn if len(fitting) == 1 else full


def _asks_who(condition: Condition | OpaqueTail | None) -> bool:
    """Whether a condition tells callers apart, so that not everybody is meant."""
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


def _describes_callers(condition: Condition) -> bool:
    """Whether a condition names resources that call, or where they are."""
    return any(test.variable.lower() in {CALLER_ID, CALLER_COMPARTMENT} for test in tests_of(condition))


def identities(stack: Stack) -> Identities:
    """The subjects of a stack with what is said of them."""
    return stack.remember("OCI identities", lambda: Identities(stack))
