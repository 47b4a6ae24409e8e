"""What a statement, or a matching rule, says: all of it in words, and what its condition leaves open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from ..aliases import undefined
from ..conditions import Met
from ..meaning import Open, never_holds, open_to_anyone
from ..membership import Breadth, membership
from ..permissions import granted, permissions
from ..tree import Condition, Definition, Grant, Kind, OpaqueTail, Permissions, Statement, brief
from .actions import What, what
from .conditions import Clause, clause, clause_of_rule, to_a_stranger
from .places import Aliases, Where, Who, where, who
from .words import series

_SAYS: Final = {
    (Kind.ALLOW, False): "",
    (Kind.ALLOW, True): "Denies, whatever is allowed elsewhere; the Administrators of the default domain are spared. "
    "It counts only in a tenancy where deny policies have been switched on.",
    (Kind.ENDORSE, False): "Lets those of this tenancy act in another one, as far as that one admits them.",
    (Kind.ENDORSE, True): "Keeps those of this tenancy from acting in another one, even where that one admits them.",
    (Kind.ADMIT, False): "Lets those of another tenancy act in this one, as far as their own endorses them.",
    (Kind.ADMIT, True): "Keeps those of another tenancy out, even where their own endorses them.",
}
_TAKEN: Final = {
    Breadth.EVERY_RESOURCE: "every resource of the tenancy",
    Breadth.EVERY_COMPARTMENT: "every resource of type {type} in the whole tenancy",
    Breadth.WHOLE_COMPARTMENT: "every resource of any type in the compartment {compartment}",
    Breadth.EVERY_INSTANCE: "every instance in the compartment {compartment}",
    Breadth.TAGGED: "whatever bears the tag in the whole tenancy",
}
_NAMED: Final = 6


class Form(Enum):
    """What is explained."""

    ALLOW = "allow"
    ENDORSE = "endorse"
    ADMIT = "admit"
    DEFINE = "define"
    MATCHING_RULE = "matching-rule"


_FORMS: Final = {Kind.ALLOW: Form.ALLOW, Kind.ENDORSE: Form.ENDORSE, Kind.ADMIT: Form.ADMIT}


@dataclass(frozen=True, slots=True)
class Explanation:
    """One statement, or one matching rule, which has only a condition.

    `text` is canonical; `denies` turns allow, endorse and admit round. `says` is what there is to say of the form, or
    all of it for a definition.
    """

    text: str
    form: Form
    says: str
    denies: bool = False
    who: Who | None = None
    what: What | None = None
    where: Where | None = None
    condition: Clause | None = None
    notes: tuple[str, ...] = ()


def explain(statement: Statement, defined: Aliases) -> Explanation:
    """Explain a statement; `defined` are the aliases of its policy."""
    if isinstance(statement, Definition):
        alias, thing = statement.alias, f"the {statement.kind.value} {statement.ocid}"
        says = f"In this policy `{alias}` stands for {thing}. It grants nothing by itself."
        return Explanation(str(statement), Form.DEFINE, says)
    granted_ = what(statement)
    return Explanation(
        str(statement),
        _FORMS[statement.kind],
        _SAYS[statement.kind, statement.denies],
        statement.denies,
        who(statement, defined),
        granted_,
        where(statement, defined),
        _condition(statement),
        (*_worth(statement, granted_), *_unlisted(statement), *_undefined(statement, defined)),
    )


def explain_rule(rule: Condition) -> Explanation:
    """Explain the matching rule of a dynamic group: which resources it takes in."""
    says = "The dynamic group takes in every resource of which this holds."
    return Explanation(str(rule), Form.MATCHING_RULE, says, condition=clause_of_rule(rule), notes=tuple(_reach(rule)))


def _reach(rule: Condition) -> Iterator[str]:
    """What a matching rule takes in that its words do not say outright."""
    found = membership(rule)
    for taken in found.taken:
        if taken.breadth is not Breadth.MEANT:
            what = _TAKEN[taken.breadth].format(type=taken.type, compartment=taken.compartment)
            yield f"`{taken.way}` takes in {what}, those that are made later too."
    for dead in found.dead:
        yield f"`{dead.way}` takes in nothing: {dead.reason}."
    if found.doubt:
        yield f"What it takes in cannot be told: {found.doubt}."


def _condition(statement: Grant) -> Clause | None:
    match statement.condition:
        case None:
            return None
        case OpaqueTail() as tail:
            return Clause.opaque(str(tail))
        case condition:
            return clause(condition, denies=statement.denies)


def _worth(statement: Grant, granted_: What) -> Iterator[str]:
    """What a condition makes of the whole statement: nothing, or less of a limit than it looks like."""
    condition = statement.condition
    if condition is None or isinstance(condition, OpaqueTail):
        return
    never = never_holds(statement)
    if never:
        end = "" if never.endswith("?") else "."
        yield f"The statement {'denies' if statement.denies else 'grants'} nothing: {never}{end}"
        return
    if granted_.left == () and granted_.total:
        verb = "denies" if statement.denies else "grants"
        yield f"Of the permissions that are listed here the statement {verb} none; one that is not listed may be left."
    if statement.denies:
        return
    takes_away = granted_.left is not None and len(granted_.left) < granted_.total
    anyone = open_to_anyone(statement)
    if isinstance(anyone, Open):
        whoever = "anyone with a caller of that kind, in any compartment," if anyone.kind_only else "anyone"
        yield f"The condition leaves open who it is: {whoever} can meet it."
    elif not takes_away and isinstance(to_a_stranger(condition), Met):
        yield "The condition limits neither who nor what: all that it does not name is left in."


def _unlisted(statement: Grant) -> Iterator[str]:
    """The permissions that a statement names and no list here has."""
    if isinstance(statement.action, Permissions):
        names = sorted(granted(statement.action).permissions - permissions())
        shown = [f"`{brief(name)}`" for name in names[:_NAMED]]
        if len(names) > len(shown):
            shown.append(f"{len(names) - len(shown):,} more")
        if names:
            yield f"Not listed here: {series(shown, 'and')}."


def _undefined(statement: Grant, defined: Aliases) -> Iterator[str]:
    """The names of another tenancy that the policy has no definition of."""
    for kind, name in undefined(statement, defined.values()):
        yield f"The policy lacks `define {kind.value} {name} as OCID`."
