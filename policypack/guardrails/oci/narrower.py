"""A statement, and the same with less in it: what a fix pastes. Names in capitals are for the reader to fill in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .comparison import holds_always
from .conditions import tests_of
from .tree import (
    Combination,
    Condition,
    Grant,
    Name,
    OpaqueTail,
    Operator,
    Permissions,
    Place,
    PlaceKind,
    Quantifier,
    Test,
    Value,
    ValueKind,
    Verb,
    VerbAction,
)


def with_test(statement: Grant, variable: str, text: str) -> Grant:
    """The statement with a test for equality beside its own tests of other variables."""
    return _with_tests(statement, (Test(variable, Operator.EQUAL, (Value(ValueKind.LITERAL, text),)),))


def _with_tests(statement: Grant, tests: tuple[Test, ...]) -> Grant:
    condition = statement.condition
    own: tuple[Condition, ...] = ()
    if isinstance(condition, Combination) and condition.quantifier is Quantifier.ALL:
        own = condition.members
    elif condition is not None and not isinstance(condition, OpaqueTail):
        own = (condition,)
    said = {test.variable.lower() for test in tests if test.operator is Operator.EQUAL}
    others = (member for member in own if not _is_about(member, said) and not holds_always(member))
    both = (*others, *tests)
    return replace(statement, condition=both[0] if len(both) == 1 else Combination(Quantifier.ALL, both))


def _is_about(condition: Condition, variables: set[str]) -> bool:
    """Whether a condition tests these variables and no others."""
    tests = tests_of(condition)
    return bool(tests) and all(test.variable.lower() in variables for test in tests)


def of_one_user(statement: Grant) -> Grant:
    """The statement for one user."""
    return with_test(statement, "target.user.name", "NAME")


def of_one_group(statement: Grant) -> Grant:
    """The statement for one group."""
    return with_test(statement, "target.group.name", "NAME")


def of_one_dynamic_group(statement: Grant) -> Grant:
    """The statement for one dynamic group."""
    return with_test(statement, "target.dynamicgroup.name", "NAME")


def inspecting(statement: Grant) -> Grant:
    """The statement with the lowest verb in place of its own."""
    return _with_verb(statement, Verb.INSPECT)


def using(statement: Grant) -> Grant:
    """The statement for work with what there is, without creating and deleting."""
    return _with_verb(statement, Verb.USE)


def _with_verb(statement: Grant, verb: Verb) -> Grant:
    if not isinstance(statement.action, VerbAction):
        return statement
    return replace(statement, action=VerbAction(verb, statement.action.resource_type))


def in_a_compartment(statement: Grant) -> Grant:
    """The statement for one compartment in place of wherever it grants now."""
    return replace(statement, place=Place(PlaceKind.COMPARTMENT, path=(Name("COMPARTMENT"),)))


def of_one_instance(statement: Grant) -> Grant:
    """The statement for one instance."""
    return with_test(statement, "target.instance.id", "OCID")


def without(statement: Grant, permissions: Iterable[str]) -> Grant:
    """The statement without some of the permissions it grants, in the form that CIS asks for."""
    if isinstance(statement.action, Permissions):
        left = tuple(name for name in statement.action.names if name.upper() not in permissions)
        return replace(statement, action=Permissions(left)) if left else statement
    tests = tuple(
        Test("request.permission", Operator.UNEQUAL, (Value(ValueKind.LITERAL, name),)) for name in permissions
    )
    return _with_tests(statement, tests)


def of_one_family(statement: Grant) -> Grant:
    """The statement for one family in place of everything, in one compartment."""
    action = statement.action
    if isinstance(action, VerbAction):
        action = VerbAction(action.verb, "FAMILY")
    inside = isinstance(statement.place, Place) and statement.place.kind is PlaceKind.COMPARTMENT
    return replace(statement if inside else in_a_compartment(statement), action=action)
