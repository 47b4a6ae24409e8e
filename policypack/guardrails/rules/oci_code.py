"""Code that runs with the rights of dynamic groups: who may put it where, and which groups take in what runs it.

Semantics: Oracle Cloud Infrastructure documentation, "Writing Matching Rules to Define Dynamic Groups" (a group takes
in the resources of a compartment that it names, not of those below it).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ..model import Resource, Stack
from ..oci.comparison import POSITIVE
from ..oci.conditions import Asked, Met, Part, Unclear, Way, find, meets, tests_of, ways
from ..oci.membership import (
    INSTANCE_COMPARTMENT,
    INSTANCE_ID,
    RESOURCE_COMPARTMENT,
    RESOURCE_ID,
    RESOURCE_TYPE,
)
from ..oci.principals import INSTANCE
from ..oci.rejections.rejection import Rejected, Unreadable
from ..oci.tree import Condition, Operator, SubjectKind, Test
from .oci_compartments import Compartments, Path, apart, within
from .oci_gains import worth
from .oci_groups import PROPERTY, rule_of
from .oci_identities import CALLER_COMPARTMENT, CALLER_ID, Identities, identities
from .oci_identity import Identity
from .oci_ids import ids

FUNCTION: Final = "oci:Functions/function:Function"
APPLICATION: Final = "oci:Functions/application:Application"
OF_FUNCTIONS: Final = "fnfunc"
_CALLER_TYPE: Final = "request.principal.type"
_COMPARTMENTS: Final = frozenset({INSTANCE_COMPARTMENT, RESOURCE_COMPARTMENT, CALLER_COMPARTMENT})
_RESOURCES: Final = frozenset({INSTANCE_ID, RESOURCE_ID, CALLER_ID})
_TYPES: Final = frozenset({RESOURCE_TYPE, _CALLER_TYPE})
# What runs code, by the kind of resource that it is to a dynamic group.
_RUNNING: Final[Mapping[str, str]] = {
    FUNCTION: OF_FUNCTIONS,
    "oci:Core/instance:Instance": INSTANCE,
    "oci:ContainerInstances/containerInstance:ContainerInstance": "computecontainerinstance",
    "oci:DevOps/buildPipeline:BuildPipeline": "devopsbuildpipeline",
    "oci:DevOps/deployPipeline:DeployPipeline": "devopsdeploypipeline",
    "oci:DataScience/notebookSession:NotebookSession": "datasciencenotebooksession",
}
_RULE: Final = {SubjectKind.DYNAMIC_GROUP: "its matching rule", SubjectKind.ANY_USER: "the condition"}
# Of more it is not looked into what each takes in.
_MOST_MEANT: Final = 10
RUNNING_TYPES: Final = tuple(_RUNNING)


@dataclass(frozen=True, slots=True)
class Admission:
    """A dynamic group takes in resources of a kind: those in the compartment at `path`, or where that is None wherever
    they are `but` in some compartments. `one` is the OCID of the one that it names, if it does; `tagged`: only those
    with a tag; `doubt` says on what it hangs that it takes them in."""

    group: Identity
    path: Path | None
    but: frozenset[Path] = frozenset()
    one: str = ""
    tagged: bool = False
    doubt: str = ""


class _Table:
    """The admissions of resources of one kind."""

    def __init__(self) -> None:
        self.anywhere: list[Admission] = []
        self.placed: dict[Path, list[Admission]] = {}
        self.named: dict[str, list[Admission]] = {}
        self.around: dict[Path, dict[object, Admission]] = {}
        self.by_group: dict[Identity, dict[Path, Admission]] = {}
        self.working: dict[Path, dict[Identity, None]] = {}

    def add(self, admission: Admission) -> None:
        group, path = admission.group, admission.path
        if path is None:
            self.anywhere.append(admission)
            return
        self.placed.setdefault(path, []).append(admission)
        if admission.one:
            self.named.setdefault(admission.one, []).append(admission)
        if group not in self.by_group:
            for place in {said.path for said in group.said if said.path is not None}:
                self.working.setdefault(place, {})[group] = None
        self.by_group.setdefault(group, {}).setdefault(apart(path), admission)
        alike = group, bool(admission.one), admission.tagged, admission.doubt
        for end in range(len(path) + 1):
            self.around.setdefault(path[:end], {}).setdefault(alike, admission)


class Admissions:
    """Which dynamic groups take in what, found by kind and by any place around it.

    Of admissions that nothing tells apart to somebody who works in a place, the first stands for all.
    """

    def __init__(self, stack: Stack, subjects: Identities) -> None:
        self._compartments: Compartments = subjects.compartments
        self._ids = ids(stack)
        self._stack = stack
        self._tables: dict[str, _Table] = {}
        # From the one that holds most, so that the first that is worth it is the worst.
        taking_in = (*subjects.dynamic_groups(), *subjects.callers())
        self._groups = sorted(filter(worth, taking_in), key=worth, reverse=True)

    def near(self, kind: str, place: Path) -> Iterator[Admission]:
        """The admissions of resources of a kind that are, for certain, in or below a place."""
        table = self._table(kind)
        yield from table.around.get(place, {}).values()
        yield from (each for each in table.anywhere if place not in each.but)

    def each_near(self, kind: str, place: Path) -> Iterator[Admission]:
        """The same, each by itself."""
        table = self._table(kind)
        for path, several in table.placed.items():
            if path[: len(place)] == place:
                yield from several
        yield from (each for each in table.anywhere if place not in each.but)

    def perhaps_near(self, kind: str, place: Path) -> Iterator[tuple[Admission, str]]:
        """The admissions of resources of a kind of which it is not known whether they are in or below a place, with
        what is not known. What a group is granted in the same place speaks for it that its members are there too."""
        table = self._table(kind)
        for likely, groups in ((True, table.working.get(place, ())), (False, table.by_group)):
            for group in groups:
                for admission in table.by_group.get(group, {}).values():
                    if admission.path is not None and within(admission.path, place) is None:
                        yield admission, "" if likely else "whether what it takes in lies in"
                        break

    def _table(self, kind: str) -> _Table:
        if kind not in self._tables:
            self._tables[kind] = table = _Table()
            for group in self._groups:
                for admission in self._admissions(group, kind):
                    table.add(admission)
        return self._tables[kind]

    def of(self, resource: Resource) -> Iterator[Admission]:
        """The admissions that take in a resource of the stack which runs code."""
        path, own = self.place(resource), self._ids.of(resource)
        table = self._table(_RUNNING[resource.type])
        for admission in (*table.placed.get(path or (), ()), *table.anywhere):
            if admission.one:
                taken_in = admission.one in own
            else:
                taken_in = not admission.tagged and admission.path in {None, path}
            if taken_in:
                yield admission

    def named(self, ocid: str) -> Iterator[Admission]:
        """The admissions of a function that the stack only names."""
        yield from self._table(OF_FUNCTIONS).named.get(ocid.lower(), ())

    def place(self, resource: Resource) -> Path | None:
        """The compartment of a resource that runs code."""
        if resource.type != FUNCTION:
            return self._compartments.of(resource)
        applications = self._stack.targets(resource, "applicationId", [APPLICATION], ["id"])
        return self._compartments.of(applications[0]) if len(applications) == 1 else None

    def _admissions(self, group: Identity, kind: str) -> Iterator[Admission]:
        if group.callers is not None:
            yield from self._of_rule(group, group.callers, kind)
        if group.resource is not None:
            yield from self._of_group(group, group.resource, kind)
        which = f"which group of the stack {group.title} is"
        for resource in group.maybe[:_MOST_MEANT]:
            for admission in self._of_group(group, resource, kind):
                yield replace(admission, doubt=which)
        if len(group.maybe) > _MOST_MEANT:
            yield Admission(group, None, doubt=which)

    def _of_group(self, group: Identity, resource: Resource, kind: str) -> Iterator[Admission]:
        rule = rule_of(resource)
        if isinstance(rule, Unreadable):
            yield Admission(group, None, doubt=f"its matching rule ({rule.reason})")
        elif not isinstance(rule, Rejected):
            yield from self._of_rule(group, rule, kind)

    def _of_rule(self, group: Identity, rule: Condition, kind: str) -> Iterator[Admission]:
        tests = tests_of(rule)
        loose = _asked(tests, kind)
        refused = _texts(tests, _COMPARTMENTS, {Operator.UNEQUAL})
        but = frozenset(map(self._compartments.of_ocid, refused))
        doubt = ""
        several = ways(rule) or ()
        with_tags = _with_tags(loose, tests)
        for asked, tagged in ((loose, False), (with_tags, True))[: 1 if with_tags == loose else 2]:
            answer = find(rule, asked)
            if isinstance(answer, Met):
                yield Admission(group, None, but, tagged=tagged)
                return
            doubt = doubt or (answer.part if isinstance(answer, Unclear) else "")
            found = dict.fromkeys(text for way in several for text in _compartments_of(way, asked))
            for text in found:
                yield Admission(group, self._compartments.of_ocid(text), tagged=tagged)
            if found:
                break
        types = _texts(tests, _TYPES)
        for text in dict.fromkeys(text for way in several for text in _resources_of(way, loose)):
            running = self._ids.resource(text)
            if _may_be(text, running, types) == kind:
                path = self.place(running) if running is not None else None
                yield Admission(group, path if path is not None else (f"@around {text}",), one=text.lower())
        if doubt:
            secret = group.resource is None or group.resource[PROPERTY].secret
            yield Admission(group, None, doubt=f"a part of {_RULE[group.kind]}" + ("" if secret else f" (`{doubt}`)"))


def _compartments_of(way: Way, asked: Asked) -> Iterator[str]:
    """The compartments whose resources meet a way, of those that it names."""
    own = [part for part in way if isinstance(part, Test)]
    for text in _texts(own, _COMPARTMENTS):
        if isinstance(meets(way, _in_compartment(asked, text)), Met):
            yield text


def _resources_of(way: Way, asked: Asked) -> Iterator[str]:
    """The resources that meet a way, of those that it names."""
    own = [part for part in way if isinstance(part, Test)]
    for text in _texts(own, _RESOURCES):
        if isinstance(meets(way, _named(asked, text)), Met):
            yield text


def _texts(tests: Sequence[Test], variables: frozenset[str], operators: Collection[Operator] = POSITIVE) -> list[str]:
    """What some variables are tested for."""
    found = (test for test in tests if test.variable.lower() in variables and test.operator in operators)
    return list(dict.fromkeys(value.text for test in found for value in test.values))


def _may_be(ocid: str, running: Resource | None, types: Sequence[str]) -> str:
    """The kind of the resource with an OCID: of the stack's, by the OCID or by the `types` of the rule; else empty."""
    if running is not None:
        return _RUNNING.get(running.type, "")
    parts = ocid.lower().split(".")
    if parts[0] == "ocid1":
        return parts[1] if len(parts) > 1 else ""
    return types[0].lower() if len(types) == 1 else ""


def _asked(tests: Sequence[Test], kind: str) -> Asked:
    """A resource of a kind, that no rule names, in a compartment that none names, without a tag that any asks for."""
    instance = Part.UNNAMED if kind == INSTANCE else Part.ABSENT
    tags = {test.variable.lower() for test in tests if test.variable.lower().startswith("tag.")}
    present = {test.variable.lower() for test in tests if test.operator is Operator.PRESENT}
    held: dict[str, str | Part] = {
        **dict.fromkeys(_TYPES, kind),
        **dict.fromkeys(_RESOURCES | _COMPARTMENTS, Part.UNNAMED),
        INSTANCE_ID: instance,
        INSTANCE_COMPARTMENT: instance,
        **{tag: Part.ABSENT if tag in present else Part.UNNAMED for tag in tags},
    }
    # Who calls is a resource; what it asks for is up to it.
    return Asked(who=Part.ABSENT, what=Part.CHOSEN, held=held)


def _with_tags(asked: Asked, tests: Sequence[Test]) -> Asked:
    tags = {test.variable.lower() for test in tests if test.variable.lower().startswith("tag.")}
    return replace(asked, held={**asked.held, **dict.fromkeys(tags, Part.CHOSEN)})


def _in_compartment(asked: Asked, value: str | Part) -> Asked:
    return _holding(asked, dict.fromkeys(_COMPARTMENTS, value))


def _named(asked: Asked, ocid: str) -> Asked:
    return _holding(_in_compartment(asked, Part.CHOSEN), dict.fromkeys(_RESOURCES, ocid))


def _holding(asked: Asked, values: Mapping[str, str | Part]) -> Asked:
    """The same with other values for the variables that the resource has."""
    had = {name: value for name, value in values.items() if asked.held[name] is not Part.ABSENT}
    return replace(asked, held={**asked.held, **had})


def admissions(stack: Stack) -> Admissions:
    """Which dynamic groups of a stack take in what runs code."""
    return stack.remember("OCI admissions", lambda: Admissions(stack, identities(stack)))
