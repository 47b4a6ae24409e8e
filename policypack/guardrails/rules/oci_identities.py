"""The subjects of a stack's OCI policies, each with all that is said of it.

A subject is a group or dynamic group, of the stack or only named by statements, or the callers that a condition of a
statement for everybody describes, as the matching rule of a dynamic group would. What is granted to everybody counts
for each of them, unless it asks who the caller is. Statements are kept with their places as paths from the root of the
tenancy, so that those of several policies can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ..model import Resource, Stack, Value
from ..oci.conditions import tests_of, ways
from ..oci.grants import ADMINISTRATORS, full_name
from ..oci.meaning import ANYONE
from ..oci.permissions import ALL_RESOURCES
from ..oci.tree import (
    Condition,
    Grant,
    Kind,
    Name,
    OpaqueTail,
    Place,
    PlaceKind,
    Subject,
    SubjectKind,
    Test,
    Verb,
    VerbAction,
)
from ..oci.variables import Says, says
from ..values import has_stand_in
from .oci_compartments import ROOT, Compartments, as_place, compartments
from .oci_groups import DYNAMIC_GROUPS
from .oci_holdings import Said
from .oci_identity import Identity, literal, texts_of
from .oci_ids import ids
from .oci_statements import STATEMENT_TYPES, statements
from .oci_users import GROUPS, USERS, group_name, groups_of_users, is_administrators

CALLER_ID: Final = "request.principal.id"
CALLER_COMPARTMENT: Final = "request.principal.compartment.id"
_DEFAULT_DOMAIN: Final = "default/"
_STATEMENTS: Final = "statements"
# Every tenancy has it, and nobody can change it.
OF_ADMINISTRATORS: Final = Grant(
    kind=Kind.ALLOW,
    denies=False,
    subject=Subject(SubjectKind.GROUP, names=(Name("Administrators"),)),
    action=VerbAction(Verb.MANAGE, ALL_RESOURCES),
    place=Place(PlaceKind.TENANCY),
)
# Statements are put to their subjects before they are asked, so whoever asks is meant.
_SUBJECT: Final = Subject(SubjectKind.ANY_USER)
_TYPES: Final = {SubjectKind.GROUP: GROUPS, SubjectKind.DYNAMIC_GROUP: DYNAMIC_GROUPS}
_CLASSIC: Final = frozenset({GROUPS[0], DYNAMIC_GROUPS[0]})
_USER_ID: Final = "request.user.id"
_PERSONS: Final = frozenset({_USER_ID, "request.groups.id"})


class Identities:
    """All that statements of a stack are about."""

    def __init__(self, stack: Stack) -> None:
        self.compartments: Compartments = compartments(stack)
        self.everybody = Identity(SubjectKind.ANY_USER, "everyone", "")
        self._in_groups = Identity(SubjectKind.ANY_GROUP, "everyone in a group", "", everybody=self.everybody)
        # What statements allow to everybody, or to those who meet a condition.
        self.open: list[Said] = []
        self._stack = stack
        self._by_key: dict[tuple[SubjectKind, str], Identity] = {}
        self._named: dict[tuple[SubjectKind, str], list[Resource]] = {}
        self._unnamed: dict[SubjectKind, list[Resource]] = {}
        self._of_users: dict[str, list[Said]] = {}
        for kind, types in _TYPES.items():
            for resource in stack.of_type(types):
                self._declare(kind, resource)
        for policy in stack.of_type(STATEMENT_TYPES):
            for value, statement in statements(policy):
                if isinstance(statement, Grant) and statement.kind is Kind.ALLOW:
                    self._join(policy, value, statement)
        self._different = self._told_apart()

    def _told_apart(self) -> Sequence[Identity]:
        """One of all those of which the same is said; the others share its answers."""
        found: dict[object, Identity] = {}
        for each in self.subjects():
            of_its_own = each.callers is not None or each.maybe or each.resource is not None
            alike = each.kind, each.administrators, tuple(map(id, each.said)), tuple(map(id, each.denying))
            first = found.setdefault(id(each) if of_its_own else alike, each)
            if first is not each:
                each.share_memory(first)
        return list(found.values())

    def subjects(self) -> Iterator[Identity]:
        """Each group, dynamic group and sort of callers that something is said of, or that the stack has."""
        yield from dict.fromkeys(self._by_key.values())

    def different(self) -> Sequence[Identity]:
        """The same, and of those of which all the same is said only the first."""
        return self._different

    def dynamic_groups(self) -> Iterator[Identity]:
        """The dynamic groups of the stack, and those that may be one of it."""
        for identity in self.subjects():
            if identity.kind is SubjectKind.DYNAMIC_GROUP and (identity.resource is not None or identity.maybe):
                yield identity

    def callers(self) -> Iterator[Identity]:
        """The callers that conditions of statements for everybody describe."""
        yield from (each for each in self.subjects() if each.callers is not None)

    def group(self, group: Resource | str) -> Identity | None:
        """A group of the stack, or one by its OCID of which something is said."""
        return self._by_key.get((SubjectKind.GROUP, group.lower() if isinstance(group, str) else group.urn))

    def users(self) -> Sequence[Identity]:
        """Users of the stack that are known to be in groups, or that conditions name, with all they hold together."""
        return self._stack.remember("OCI users", lambda: list(self._users()))

    def named_users(self) -> Iterator[Identity]:
        """Those of them that conditions name."""
        yield from (each for each in self.users() if each.resource and each.resource.urn in self._named_users())

    def user(self, urn: str) -> Identity | None:
        """One of these users."""
        by_urn = self._stack.remember(
            "OCI users by URN", lambda: {each.resource.urn: each for each in self.users() if each.resource is not None}
        )
        return by_urn.get(urn)

    def _users(self) -> Iterator[Identity]:
        of_users, named = groups_of_users(self._stack), self._named_users()
        for user in dict.fromkeys((*of_users, *named)):
            resource = self._stack.by_urn.get(user)
            own = [each for group in of_users.get(user, ()) if (each := self.group(group)) is not None]
            if resource is not None and resource.type in USERS and (own or user in named):
                yield self._union(resource, list(dict.fromkeys(own)), named.get(user, ()))

    def _named_users(self) -> Mapping[str, Sequence[Said]]:
        """What conditions allow to users of the stack by their OCID."""
        found = ((ids(self._stack).resource(text), said) for text, said in self._of_users.items())
        return {user.urn: said for user, said in found if user is not None}

    def _union(self, resource: Resource, groups: Sequence[Identity], named: Sequence[Said]) -> Identity:
        name = resource["userName"] if resource["name"].absent else resource["name"]
        return Identity(
            SubjectKind.GROUP,
            f"user {resource.name if name.secret or not name.text else name.text}",
            name.text or "",
            resource,
            list(dict.fromkeys((*named, *(said for group in groups for said in group.said)))),
            list(dict.fromkeys(said for group in groups for said in group.denying)),
            everybody=self._in_groups if groups else self.everybody,
            groups=groups,
            administrators=any(group.administrators for group in groups),
            inherent=next((group.inherent for group in groups if group.inherent is not None), None),
        )

    def _declare(self, kind: SubjectKind, resource: Resource) -> None:
        name = group_name(resource)
        title = f"{kind.value} {resource.name if name.secret or not name.text else name.text}"
        identity = Identity(kind, title, name.text or "", resource, everybody=self._in_groups)
        identity.administrators = kind is SubjectKind.GROUP and is_administrators(self._stack, resource) is True
        if identity.administrators:
            everything = Value("", (_STATEMENTS,))
            identity.inherent = Said(
                resource, everything, OF_ADMINISTRATORS, OF_ADMINISTRATORS, ROOT, self.compartments
            )
        self._by_key[kind, resource.urn] = identity
        for text in ids(self._stack).of(resource):
            self._by_key.setdefault((kind, text.lower()), identity)
        if name.text:
            self._named.setdefault((kind, name.text.lower()), []).append(resource)
        if not name.text or has_stand_in(name.text):
            self._unnamed.setdefault(kind, []).append(resource)

    def _join(self, policy: Resource, value: Value, statement: Grant) -> None:
        subject = statement.subject
        if not isinstance(subject, Subject):
            return
        path = self.compartments.of_statement(policy, statement.place)
        grant = replace(statement, subject=_SUBJECT)
        if path is not None:
            grant = replace(grant, place=as_place(path))
        said = Said(policy, value, statement, grant, path, self.compartments)
        if subject.kind in ANYONE:
            self._join_anyone(said, subject)
            return
        for identity in self._meant(subject) if subject.kind in _TYPES else ():
            (identity.denying if statement.denies else identity.said).append(said)

    def _join_anyone(self, said: Said, subject: Subject) -> None:
        condition = said.written.condition
        everybody = self.everybody if subject.kind is SubjectKind.ANY_USER else self._in_groups
        if not said.written.denies:
            self.open.append(said)
        if not _asks_who(condition):
            (everybody.denying if said.written.denies else everybody.said).append(said)
        elif said.written.denies:
            everybody.tell_apart.append(said)
        elif condition is not None and not isinstance(condition, OpaqueTail):
            if _describes_callers(condition):
                title = f"callers that meet `{said.show(condition)}`"
                new = Identity(SubjectKind.ANY_USER, title, "", everybody=self.everybody, callers=condition)
                key = SubjectKind.ANY_USER, title.lower() + str(condition).lower()
                self._by_key.setdefault(key, new).said.append(said)
            for variable, text in _persons(condition):
                if variable == _USER_ID:
                    self._of_users.setdefault(text, []).append(said)
                else:
                    self._of_key(SubjectKind.GROUP, text, f"id {text}").said.append(said)

    def _meant(self, subject: Subject) -> Iterator[Identity]:
        named = {self._key(subject.kind, each): each for each in subject.names}
        for key, name in named.items():
            yield self._of_key(subject.kind, key, str(name), name)
        for ocid in {each.text.lower(): each for each in subject.ids}.values():
            yield self._of_key(subject.kind, ocid.text.lower(), f"id {ocid}")

    def _of_key(self, kind: SubjectKind, key: str, title: str, name: Name | None = None) -> Identity:
        known = self._by_key.get((kind, key))
        if known is not None:
            return known
        new = Identity(kind, f"{kind.value} {title}", name.text if name else "", everybody=self._in_groups)
        if name is not None:
            new.administrators = kind is SubjectKind.GROUP and key == ADMINISTRATORS
            new.maybe = self._fitting(kind, name) or self._unnamed.get(kind, ())
        self._by_key[kind, key] = new
        return new

    def _key(self, kind: SubjectKind, name: Name) -> str:
        """By what a group is found: the URN where it is certain which one of the stack is meant, else its name."""
        fitting = self._fitting(kind, name)
        return fitting[0].urn if len(fitting) == 1 else full_name(name)

    def _fitting(self, kind: SubjectKind, name: Name) -> Sequence[Resource]:
        known = self._named.get((kind, name.text.lower()), ())
        classic = [each for each in known if each.type in _CLASSIC]
        in_default = full_name(name).startswith(_DEFAULT_DOMAIN)
        return classic if classic and in_default else [each for each in known if each not in classic]


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


def _persons(condition: Condition) -> set[tuple[str, str]]:
    """The users and groups of which a condition wants one, whichever way it is met: variable and OCID."""
    found = set[tuple[str, str]]()
    for way in ways(condition) or ():
        own = [test for test in literal(way) if test.variable.lower() in _PERSONS]
        if len(own) != 1:
            return set()
        found |= {(own[0].variable.lower(), text) for text in texts_of(own[0])}
    return found


def identities(stack: Stack) -> Identities:
    """The subjects of a stack with what is said of them."""
    return stack.remember("OCI identities", lambda: Identities(stack))
