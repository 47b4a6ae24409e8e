"""The parser: the grammar file, and the tree nodes it builds.

Importing this module loads lark and takes some ten milliseconds, so `reading` imports it on first use only. Working out
the tables of the parser takes twice that time; they are kept in data/grammar.json, which scripts/oci_grammar.py writes.
Nodes are made while the parser reduces, hence no recursion over the input anywhere.
"""

from __future__ import annotations

import gc
import hashlib
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

import lark
from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput
from lark.visitors import v_args

from ..values import may_be_anything
from .rejections.stop import Misplaced
from .tree import (
    Action,
    Combination,
    Condition,
    DefinedKind,
    Definition,
    Grant,
    Kind,
    Name,
    Ocid,
    Opaque,
    OpaqueTail,
    Operator,
    Pairing,
    Permissions,
    Place,
    PlaceKind,
    Quantifier,
    Subject,
    SubjectKind,
    Test,
    Value,
    ValueKind,
    Verb,
    VerbAction,
)

_OCID: Final = re.compile(r"ocid1\.[\w.-]+|standin0[cx][0-9a-f]{16}[\w.-]*", re.IGNORECASE)
_BLANKS: Final = " \t\r\n\f\v"  # those of the grammar
_OPTIONS: Final[dict[str, Any]] = {"start": ["statement", "matching_rule"], "parser": "lalr", "lexer": "contextual"}
_Granted: TypeAlias = tuple[Action, Place | Opaque, Pairing | None]


def _at(token: Token) -> int:
    return (token.start_pos or 0) + 1


def _no_ocid(name: Name) -> None:
    """The service looks a name up as it stands, and nothing is called like an OCID."""
    if name.text.lower().startswith("ocid1."):
        raise Misplaced(name.column - 1, frozenset({"_ID"}))


def _bare(token: Token) -> str:
    return token[1:-1] if token.type == "QUOTED" else str(token)


@v_args(inline=True)
class _Builder(Transformer[Token, object]):
    """Makes a node of each reduced rule; method names are those of the grammar."""

    def opaque(self, token: Token) -> Opaque:
        return Opaque(str(token), column=_at(token))

    def name(self, token: Token) -> Name:
        if not _bare(token):
            raise Misplaced(_at(token) - 1, frozenset({"NAME"}))
        return Name(_bare(token), column=_at(token))

    def qualified(self, first: Name, second: Name | None) -> Name:
        return first if second is None else Name(second.text, first.text, column=first.column)

    def ocid(self, token: Token) -> Ocid:
        text = _bare(token)
        if not _OCID.fullmatch(text):
            raise Misplaced(_at(token) - 1, frozenset({"OCID"}))
        return Ocid(text, column=_at(token))

    def everyone(self, token: Token) -> Subject:
        return Subject(SubjectKind(token.lower()), column=_at(token))

    def named(self, kind: Token, *names: Name) -> Subject:
        for name in names:
            _no_ocid(name)
        return Subject(SubjectKind(kind.lower()), names=names, column=_at(kind))

    def identified(self, kind: Token, *ids: Ocid) -> Subject:
        return Subject(SubjectKind(kind.lower()), ids=ids, column=_at(kind))

    def verb_action(self, verb: Token, resource_type: Token) -> VerbAction:
        known = self.opaque(verb) if verb.type == "OPAQUE" else Verb(verb.lower())
        return VerbAction(known, str(resource_type), column=_at(verb), type_column=_at(resource_type))

    def permissions(self, *names: Token) -> Permissions:
        return Permissions(tuple(map(str, names)), column=_at(names[0]))

    def own_tenancy(self, token: Token) -> Place:
        return Place(PlaceKind.TENANCY, column=_at(token))

    def tenancy(self, token: Token, alias: Name) -> Place:
        return Place(PlaceKind.TENANCY, tenancy=alias, column=_at(token))

    def any_tenancy(self, token: Token) -> Place:
        return Place(PlaceKind.ANY_TENANCY, column=_at(token))

    def path(self, *names: Name) -> tuple[Name, ...]:
        _no_ocid(names[0])
        return names

    def compartment(self, token: Token, path: tuple[Name, ...], tenancy: Name | None = None) -> Place:
        return Place(PlaceKind.COMPARTMENT, path=path, tenancy=tenancy, column=_at(token))

    def compartment_id(self, token: Token, ocid: Ocid, tenancy: Name | None = None) -> Place:
        return Place(PlaceKind.COMPARTMENT, ocid=ocid, tenancy=tenancy, column=_at(token))

    def origin(self, alias: Name) -> Name:
        return alias

    def anywhere(self, _token: Token) -> PlaceKind:
        return PlaceKind.ANY_TENANCY

    def pairing(self, resource_type: Token, place: Place | Opaque) -> Pairing:
        return Pairing(str(resource_type), place, column=_at(resource_type))

    def tail(self, token: Token) -> OpaqueTail:
        return OpaqueTail(str(token), column=_at(token))

    def granted(self, action: Action, place: Place | Opaque, pairing: Pairing | None = None) -> _Granted:
        return action, place, pairing

    def allow(
        self,
        effect: Token,
        subject: Subject | Opaque,
        action: Action,
        place: Place | Opaque,
        condition: Condition | OpaqueTail | None,
    ) -> Grant:
        return Grant(Kind.ALLOW, effect.type == "DENY", subject, action, place, condition=condition)

    def endorse(
        self,
        deny: Token | None,
        subject: Subject | Opaque,
        granted: _Granted,
        condition: Condition | OpaqueTail | None,
    ) -> Grant:
        action, place, pairing = granted
        return Grant(Kind.ENDORSE, deny is not None, subject, action, place, None, pairing, condition)

    def admit(
        self,
        deny: Token | None,
        subject: Subject | Opaque,
        origin: Name | PlaceKind | None,
        granted: _Granted,
        condition: Condition | OpaqueTail | None,
    ) -> Grant:
        action, place, pairing = granted
        return Grant(Kind.ADMIT, deny is not None, subject, action, place, origin, pairing, condition)

    def define(self, kind: Token, alias: Name, ocid: Ocid) -> Definition:
        return Definition(DefinedKind(kind.lower()), alias, ocid)

    def literal(self, token: Token) -> Value:
        text = _bare(token)
        # Unquoted, a stand-in may turn out to be a pattern; inside quotes whatever it is stays a literal.
        hidden = token.type == "OCID" and may_be_anything(text) and not text.lower().startswith("ocid1.")
        return Value(ValueKind.OPAQUE if hidden else ValueKind.LITERAL, text, column=_at(token))

    def variable(self, token: Token) -> Value:
        return Value(ValueKind.VARIABLE, str(token), column=_at(token))

    def pattern(self, token: Token) -> Value:
        return Value(ValueKind.PATTERN, token[1:-1], column=_at(token))

    def comparison(self, variable: Token, operator: Token, *values: Value) -> Test:
        return Test(str(variable), Operator(operator.lower()), values, column=_at(variable))

    def excluded(self, variable: Token, _not: Token, *values: Value) -> Test:
        return Test(str(variable), Operator.NOT_IN, values, column=_at(variable))

    def intersecting(self, variable: Token, *values: Value) -> Test:
        return Test(str(variable), Operator.INTERSECTS, values, column=_at(variable))

    def present(self, variable: Token) -> Test:
        return Test(str(variable), Operator.PRESENT, column=_at(variable))

    def tag_present(self, variable: Token) -> Test:
        if not re.fullmatch(r"tag\..+\.value", variable, re.IGNORECASE):
            raise Misplaced((variable.end_pos or 0), frozenset({"EQUALITY"}))
        return self.present(variable)

    def absent(self, variable: Token) -> Test:
        return Test(str(variable), Operator.ABSENT, column=_at(variable))

    def combination(self, quantifier: Token, *members: Condition) -> Combination:
        return Combination(Quantifier(quantifier.lower()), members, column=_at(quantifier))


def grammar_text() -> str:
    """The grammar, for lark."""
    return Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")


def digest() -> str:
    """What the kept tables are of: the grammar, what is asked of lark, and its version, as they are private to it."""
    of = [lark.__version__, *(f"{option}={value}" for option, value in _OPTIONS.items()), grammar_text()]
    return hashlib.sha256("\n".join(of).encode()).hexdigest()


def from_grammar(transformer: Transformer[Token, object] | None) -> Lark:
    """The parser as lark works it out from the grammar."""
    return Lark(grammar_text(), transformer=transformer, **_OPTIONS)


def _numbers(members: dict[str, Any]) -> dict[str | int, Any]:
    # JSON has no numbers for keys; nothing in a grammar is called by digits alone.
    return {int(key) if key.isdigit() else key: member for key, member in members.items()}


@cache
def _parser() -> Lark:
    # Building leaves no garbage worth collecting. In a process that holds the Pulumi SDK, the collections it would set
    # off cost a third of its time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        text = Path(__file__).with_name("data").joinpath("grammar.json").read_text(encoding="utf-8")
        kept = json.loads(text, object_hook=_numbers)
        if kept["digest"] != digest():
            return from_grammar(_Builder())
        load: Callable[..., Lark] = Lark._load_from_dict
        return load(kept["data"], kept["memo"], transformer=_Builder())
    finally:
        if collecting:
            gc.enable()


def build(text: str, start: str) -> object:
    """Read `text` as a `statement` or a `matching_rule` of the grammar, and return its node.

    Raises `Misplaced` at the first place that does not fit.
    """
    try:
        return _parser().parse(text, start=start)
    except UnexpectedInput as error:
        raise _misplaced(text, error) from None


def _misplaced(text: str, error: UnexpectedInput) -> Misplaced:
    end = getattr(getattr(error, "token", None), "type", None) == "$END"
    offset = len(text.rstrip(_BLANKS)) if end else error.pos_in_stream or 0
    # The exception itself names what one state of the parser can take; asking the parser tells what can really follow.
    stopped: Any = error
    # Where a whole text has been read, it names nothing.
    return Misplaced(offset, frozenset(stopped.interactive_parser.accepts() or {"$END"}))
