"""Code that runs with the rights of dynamic groups: who may put it where, and which groups take in what runs it.

Semantics: Oracle Cloud Infrastructure documentation, "Writing Matching Rules to Define Dynamic Groups" (a group takes
in the resources of a compartment that it names, not of those below it).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ..model import Resource, Stack
from ..oci.conditions import Asked, Met, Part, Unclear, find, tests_of
from ..oci.membership import (
    INSTANCE_COMPARTMENT,
    INSTANCE_ID,
    RESOURCE_COMPARTMENT,
    RESOURCE_ID,
    RESOURCE_TYPE,
)
from ..oci.powers import CODE
from ..oci.principals import INSTANCE
from ..oci.rejections.rejection import Rejected, Unreadable
from ..oci.tree import Condition, Operator, SubjectKind, Test
from .oci_compartments import Compartments, Path, within
from .oci_gains import worth
from .oci_groups import PROPERTY, rule_of
from .oci_identities import CALLER_COMPARTMENT, CALLER_ID, Identities, Identity, identities
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


class Admissions:
    """Which dynamic groups take in what, found by kind and by any place around it."""

    def __init__(self, stack: Stack, subjects: Identities) -> None:
        self._compartments: Compartments = subjects.compartments
        self._ids = ids(stack)
        self._stack = stack
        self._around: dict[tuple[str, Path], list[Admission]] = {}
        self._anywhere: dict[str, list[Admission]] = {}
        self._placed: dict[str, list[Admission]] = {}
        self._working: dict[tuple[str, Path], list[Admission]] = {}
        # From the one that holds most, so that the first that is worth it is the worst.
        for group in sorted((*subjects.dynamic_groups(), *subjects.callers()), key=worth, reverse=True):
            if worth(group):
                for kind in dict.fromkeys(code.kind for code in CODE):
                    for admission in self._admissions(group, kind):
                        self._add(kind, admission)

    def _add(self, kind: str, admission: Admission) -> None:
        path = admission.path
        if path is None:
            self._anywhere.setdefault(kind, []).append(admission)
            return
        self._placed.setdefault(kind, []).append(admission)
        for place in {said.path for said in admission.group.said if said.path is not None}:
            self._working.setdefault((kind, place), []).append(admission)
        for end in range(len(path) + 1):
            self._around.setdefault((kind, path[:end]), []).append(admission)

    def near(self, kind: str, place: Path) -> Iterator[Admission]:
        """The admissions of resources of a kind that are, for certain, in or below a place."""
        yield from self._around.get((kind, place), ())
        yield from (each for each in self._anywhere.get(kind, ()) if place not in each.but)

    def perhaps_near(self, kind: str, place: Path) -> Iterator[tuple[Admission, str]]:
        """The admissions of resources of a kind of which it is not known whether they are in or below a place, with
        what is not known. What a group is granted in the same place speaks for it that its members are there too."""
        working = self._working.get((kind, place), ())
        for likely, admissions_ in ((True, working), (False, self._placed.get(kind, ()))):
            for admission in admissions_:
                if admission.path is not None and within(admission.path, place) is None:
                    yield admission, "" if likely else "whether what it takes in lies in"

    def of(self, resource: Resource) -> Iterator[Admission]:
        """The admissions that take in a resource of the stack which runs code."""
        path, own = self.place(resource), self._ids.of(resource)
        for admission in self.near(_RUNNING[resource.type], path or ()):
            if admission.one:
                taken_in = admission.one in own
            else:
                taken_in = not admission.tagged and admission.path in {None, path}
            if taken_in:
                yield admission

    def named(self, ocid: str) -> Iterator[Admission]:
        """The admissions of a function that the stack only names."""
        yield from (each for each in self._placed.get(OF_FUNCTIONS, ()) if each.one == ocid.lower())

    def place(self, resource: Resource) -> Path | None:
        """The compartment of a resource that runs code."""
        if resource.type != FUNCTION:
            return self._compartments.of(resource)
        applications = self._stack.targets(resource, "applicationId", [APPLICATION], ["id"])
        return self._compartments.of(applications[0]) if len(applications) == 1 else None

    def _admissions(self, group: Identity, kind: str) -> Iterator[Admission]:
        if group.callers is not None:
            yield from self._of_rule(group, group.callers, kind)
        if group.resource is None:
            return
        rule = rule_of(group.resource)
        if isinstance(rule, Unreadable):
            yield Admission(group, None, doubt=f"its matching rule ({rule.reason})")
        elif not isinstance(rule, Rejected):
            yield from self._of_rule(group, rule, kind)

    def _of_rule(self, group: Identity, rule: Condition, kind: str) -> Iterator[Admission]:
        tests = tests_of(rule)
        loose = _asked(tests, kind)
        refused = _texts(tests, _COMPARTMENTS, Operator.UNEQUAL)
        but = frozenset(map(self._compartments.of_ocid, refused))
        doubt = ""
        for asked, tagged in ((loose, False), (_with_tags(loose, tests), True)):
            answer = find(rule, asked)
            if isinstance(answer, Met):
                yield Admission(group, None, but, tagged=tagged)
                return
            doubt = doubt or (answer.part if isinstance(answer, Unclear) else "")
            found = False
            for text in _texts(tests, _COMPARTMENTS):
                if isinstance(find(rule, _in_compartment(asked, text)), Met):
                    found = True
                    yield Admission(group, self._compartments.of_ocid(text), tagged=tagged)
            if found:
                break
        for text in _texts(tests, _RESOURCES):
            running = self._ids.resource(text)
            if _may_be(text, running, tests) == kind and isinstance(find(rule, _named(loose, text)), Met):
                path = self.place(running) if running is not None else None
                yield Admission(group, path if path is not None else (f"@around {text}",), one=text.lower())
        if doubt:
            secret = group.resource is None or group.resource[PROPERTY].secret
            yield Admission(group, None, doubt=f"a part of {_RULE[group.kind]}" + ("" if secret else f" (`{doubt}`)"))


def _texts(tests: Sequence[Test], variables: frozenset[str], operator: Operator = Operator.EQUAL) -> list[str]:
    """What some variables are tested for."""
    found = (test for test in tests if test.variable.lower() in variables and test.operator is operator)
    return list(dict.fromkeys(value.text for test in found for value in test.values))


def _may_be(ocid: str, running: Resource | None, tests: Sequence[Test]) -> str:
    """The kind of the resource with an OCID: of the stack's, by the OCID or by what the rule says; else empty."""
    if running is not None:
        return _RUNNING.get(running.type, "")
    parts = ocid.lower().split(".")
    if parts[0] == "ocid1":
        return parts[1] if len(parts) > 1 else ""
    types = _texts(tests, _TYPES)
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
