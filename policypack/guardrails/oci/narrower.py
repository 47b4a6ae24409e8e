"""A statement, and the same with less in it: what a fix pastes. Names in capitals are for the reader to fill in."""

from __future__ import annotations

from dataclasses import replace

from .tree import (
    Combination,
    Grant,
    Name,
    OpaqueTail,
    Operator,
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
    """The statement with a test for equality beside its own tests."""
    test = Test(variable, Operator.EQUAL, (Value(ValueKind.LITERAL, text),))
    condition = statement.condition
    if condition is None or isinstance(condition, OpaqueTail):
        return replace(statement, condition=test)
    if isinstance(condition, Combination) and condition.quantifier is Quantifier.ALL:
        return replace(statement, condition=Combination(Quantifier.ALL, (*condition.members, test)))
    return replace(statement, condition=Combination(Quantifier.ALL, (condition, test)))


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


def of_one_family(statement: Grant) -> Grant:
    """The statement for one family in place of everything, in one compartment."""
    action = statement.action
    if isinstance(action, VerbAction):
        action = VerbAction(action.verb, "FAMILY")
    return replace(in_a_compartment(statement), action=action)
