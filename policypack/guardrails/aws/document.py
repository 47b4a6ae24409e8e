"""AWS policy documents as immutable statements, with what the language rejects and what cannot be read.

A text is `None` where it cannot be read: an unknown value, or a stand-in that may be any text. A stand-in for a
computed value is a text like any other; it holds no wildcard and equals only itself.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum
from typing import Final

from ..values import Unknown, has_stand_in, may_be_anything
from .operators import OPERATORS, operator_of

# AWS takes at most 20 480 characters for any kind of policy; past these bounds a document is not worth reading.
MAX_TEXT: Final = 1_000_000
MAX_VALUES: Final = 20_000
_QUOTED: Final = 60
_MANY_PROBLEMS: Final = 100

Text = str | None


# The canonical id by which S3 names callers that did not sign in (Amazon S3 User Guide, "ACL overview").
_ANONYMOUS: Final = "65a011a29cdf8ec533ec3d1ccaae921c"


class Kind(Enum):
    """Where a document is used, which decides the elements it may have."""

    IDENTITY = "identity"
    TRUST = "trust"
    RESOURCE = "resource"


class Effect(Enum):
    """What a matching statement does."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that AWS rejects or that never works, and the path of the part."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class PrincipalPattern:
    """One entry of Principal or NotPrincipal. `kind` is AWS, Service, Federated, CanonicalUser, `*` for the plain
    wildcard, or empty where it cannot be read."""

    kind: str
    name: Text
    path: str

    @property
    def is_everyone(self) -> bool:
        """Whether it stands for every caller, anonymous ones included."""
        return self.kind == "*" or (self.kind, self.name) in {("AWS", "*"), ("CanonicalUser", _ANONYMOUS)}


@dataclass(frozen=True, slots=True)
class Condition:
    """One key under one operator. An empty `operator` stands for a part that cannot be read."""

    operator: str
    key: str
    values: tuple[Text, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. An element that is not there is `None`; `effect` is `None` where it cannot be read.

    `variables` tells whether `${key}` is a variable here; it is `None` where the version cannot be read.
    """

    path: str
    effect: Effect | None
    sid: Text = None
    principals: tuple[PrincipalPattern, ...] | None = None
    not_principals: tuple[PrincipalPattern, ...] | None = None
    actions: tuple[Text, ...] | None = None
    not_actions: tuple[Text, ...] | None = None
    resources: tuple[Text, ...] | None = None
    not_resources: tuple[Text, ...] | None = None
    conditions: tuple[Condition, ...] = ()
    variables: bool | None = True
    holes: tuple[str, ...] = ()

    @property
    def unread(self) -> str:
        """The path to name when an answer hangs on what cannot be read here."""
        return self.holes[0] if self.holes else self.path

    @property
    def named_principals(self) -> tuple[PrincipalPattern, ...]:
        """All entries of Principal and NotPrincipal."""
        return (self.principals or ()) + (self.not_principals or ())

    @property
    def principal_path(self) -> str:
        """The path of the element that names the principals."""
        element = "Principal" if self.not_principals is None else "NotPrincipal"
        return join(self.path, element)

    @property
    def action_path(self) -> str:
        """The path of the element that names the actions."""
        return join(self.path, "Action" if self.not_actions is None else "NotAction")


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document: its statements, what the language rejects, and the paths that cannot be read."""

    kind: Kind
    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...] = ()
    holes: tuple[str, ...] = ()


_TOP: Final = ("Version", "Id", "Statement")
_COMMON: Final = ("Sid", "Effect", "Action", "NotAction", "Condition")
_STATEMENT: Final = (*_COMMON, "Principal", "NotPrincipal", "Resource", "NotResource")
_PRINCIPAL_KINDS: Final = ("AWS", "Service", "Federated", "CanonicalUser")
_ACTION: Final = re.compile(r"[A-Za-z0-9_*?-]+:[A-Za-z0-9_*?-]+|[*?]+")
_SID: Final = re.compile(r"[A-Za-z0-9]*")
_VARIABLE_OR_WILDCARD: Final = re.compile(r"[*?]")


def is_action(text: str) -> bool:
    """Whether a text is an action pattern; anything else (`s3:a,s3:b`, trailing blanks) matches no action."""
    return _ACTION.fullmatch(text) is not None


def join(path: str, element: str) -> str:
    """The path of an element below `path`."""
    return f"{path}.{element}" if path else element


def parse(source: object, kind: Kind) -> Document:
    """Read JSON text or a decoded object, in which `UNKNOWN` and stand-in tokens may stand anywhere.

    Never raises. What AWS rejects becomes a problem with its path; what cannot be read becomes a hole and leaves the
    other statements readable. Grammar: IAM User Guide, "Grammar of the IAM JSON policy language".
    """
    return _Reader(kind).document(source)


class _TooLargeError(Exception):
    """The document holds more texts than any real one."""


class _Pairs(dict[str, object]):
    """A decoded JSON object that remembers the names it was given twice."""

    repeated: tuple[str, ...] = ()


def _pairs(items: list[tuple[str, object]]) -> _Pairs:
    found = _Pairs(items)
    if len(found) < len(items):
        counted = Counter(name for name, _ in items)
        found.repeated = tuple(name for name, count in counted.items() if count > 1)
    return found


def _quoted(text: str) -> str:
    return f"`{text if len(text) <= _QUOTED else text[:_QUOTED] + '…'}`"


def _is_stand_in(value: object) -> bool:
    """Whether a text, or an object by one of its names, stands for content that may be anything."""
    if isinstance(value, dict):
        return any(isinstance(name, str) and may_be_anything(name) for name in value)
    return isinstance(value, str) and may_be_anything(value)


@dataclass
class _Reader:
    kind: Kind
    problems: list[Problem] = field(default_factory=list)
    holes: list[str] = field(default_factory=list)
    left: int = MAX_VALUES

    def document(self, source: object) -> Document:
        statements: tuple[Statement, ...]
        found = self.decoded(source)
        if isinstance(found, dict):
            try:
                statements = tuple(self.statements(found))
            except _TooLargeError:
                self.problem("", "the document is far larger than AWS takes")
                statements = (self.unreadable("", variables=None),)
        else:
            statements = (self.unreadable("", variables=None),) if isinstance(found, Unknown) else ()
        return Document(self.kind, statements, tuple(self.problems), tuple(self.holes))

    def decoded(self, source: object) -> object:
        if not isinstance(source, str):
            if not isinstance(source, dict | Unknown):
                self.problem("", "a policy document is a JSON object")
            return Unknown() if _is_stand_in(source) else source
        if len(source) > MAX_TEXT:
            self.problem("", f"the document has {len(source)} characters; AWS takes at most 20480")
            return Unknown()
        try:
            found: object = json.loads(source, object_pairs_hook=_pairs, parse_constant=self.constant)
        except (ValueError, RecursionError):
            if has_stand_in(source):
                return Unknown()
            self.problem("", "the document is not JSON")
            return None
        if not isinstance(found, dict):
            self.problem("", "a policy document is a JSON object")
        return Unknown() if _is_stand_in(found) else found

    def constant(self, name: str) -> Unknown:
        """NaN and the infinities are no JSON; the rest of the document is judged all the same, lest they hide it."""
        self.problem("", f"the document is not JSON: {name} is no JSON value")
        return Unknown()

    def problem(self, path: str, message: str) -> None:
        self.problems.append(Problem(path, message))

    def nearest(self, name: str, known: tuple[str, ...]) -> str | None:
        """The known spelling that a wrong one most resembles; not looked for in documents that are wrong all over."""
        if len(self.problems) > _MANY_PROBLEMS:
            return None
        lowered = {each.lower(): each for each in known}
        near = get_close_matches(name[:_QUOTED].lower(), lowered, 1, 0.7)
        return lowered[near[0]] if near else None

    def hole(self, path: str) -> None:
        self.holes.append(path)

    def unreadable(self, path: str, *, variables: bool | None) -> Statement:
        """A statement of which nothing is known: it may allow anything."""
        self.hole(path)
        unknown = (PrincipalPattern("", None, path),)
        return Statement(path, None, principals=unknown, actions=(None,), resources=(None,), variables=variables,
                         holes=(path,))  # fmt: skip

    def elements(self, source: dict[object, object], known: tuple[str, ...], path: str) -> dict[str, object]:
        """The known elements, under their proper spelling; the others are problems."""
        for name in getattr(source, "repeated", ()):
            self.problem(join(path, name), f"the element {_quoted(name)} is given twice")
        found: dict[str, object] = {}
        for name, value in source.items():
            if name in known:
                found[str(name)] = value
                continue
            text = name if isinstance(name, str) else ""
            self.spend()
            proper = self.nearest(text, known)
            hint = f"; did you mean `{proper}`?" if proper else ""
            self.problem(join(path, text[:_QUOTED]), f"unknown element {_quoted(text)}{hint}")
            if proper and text.lower() == proper.lower() and proper not in source:
                # A wrongly cased element is judged as what it was meant to be, lest the mistake hide what it grants.
                found[proper] = value
        return found

    def statements(self, source: dict[object, object]) -> Iterator[Statement]:
        top = self.elements(source, _TOP, "")
        variables = self.version(top)
        if "Statement" not in top:
            self.problem("Statement", "the document has no Statement")
            return
        given = top["Statement"]
        if isinstance(given, list) and not given:
            self.problem("Statement", "the list of statements is empty")
        sids: set[str] = set()
        for path, item in self.items(given, "Statement"):
            if isinstance(item, Unknown) or _is_stand_in(item):
                yield self.unreadable(path, variables=variables)
            elif not isinstance(item, dict):
                self.problem(path, "a statement is a JSON object")
            else:
                try:
                    statement = self.statement(item, path, variables=variables)
                except _TooLargeError:
                    self.problem(path, "the document is far larger than AWS takes; the rest was not read")
                    yield self.unreadable(path, variables=variables)
                    return
                if statement.sid and statement.sid in sids:
                    self.problem(join(path, "Sid"), f"the Sid {_quoted(statement.sid)} is used twice")
                sids.add(statement.sid or "")
                yield statement

    def version(self, top: dict[str, object]) -> bool | None:
        """Whether variables are read; a missing version means 2008-10-17, which has none."""
        given = top.get("Version", "2008-10-17")
        text = self.text(given, "Version")
        if text is None and not isinstance(given, str | Unknown):
            return False
        if text is not None and text not in ("2012-10-17", "2008-10-17"):
            self.problem("Version", f"unknown version {_quoted(text)}; use 2012-10-17")
        return None if text is None else text == "2012-10-17"

    def statement(self, source: dict[object, object], path: str, *, variables: bool | None) -> Statement:
        first = len(self.holes)
        self.spend()
        found = self.elements(source, _STATEMENT, path)
        effect = self.effect(found, path)
        sid = self.text(found["Sid"], join(path, "Sid")) if "Sid" in found else None
        if sid and self.kind is not Kind.RESOURCE and not has_stand_in(sid) and not _SID.fullmatch(sid):
            self.problem(join(path, "Sid"), f"a Sid holds letters and digits only, not {_quoted(sid)}")
        principals = self.principals(found, "Principal", path)
        not_principals = self.principals(found, "NotPrincipal", path)
        actions, not_actions = self.actions(found, "Action", path), self.actions(found, "NotAction", path)
        resources, not_resources = self.resources(found, "Resource", path), self.resources(found, "NotResource", path)
        self.check_elements(found, path)
        conditions = tuple(self.conditions(found["Condition"], join(path, "Condition"))) if "Condition" in found else ()
        return Statement(
            path, effect, sid, principals, not_principals, actions, not_actions, resources, not_resources, conditions,
            variables, tuple(self.holes[first:]),
        )  # fmt: skip

    def check_elements(self, found: dict[str, object], path: str) -> None:
        for element in ("Principal", "Action", "Resource"):
            if element in found and f"Not{element}" in found:
                self.problem(path, f"a statement has {element} or Not{element}, not both")
        if "Action" not in found and "NotAction" not in found:
            self.problem(path, "the statement has no Action")
        named = "Principal" in found or "NotPrincipal" in found
        if self.kind is Kind.IDENTITY and named:
            self.problem(path, "a policy of an identity names no Principal")
        if self.kind is not Kind.IDENTITY and not named:
            self.problem(path, "the statement has no Principal, so it never matches")
        if self.kind is Kind.TRUST and "NotPrincipal" in found:
            self.problem(join(path, "NotPrincipal"), "a trust document takes no NotPrincipal")
        aimed = "Resource" in found or "NotResource" in found
        if self.kind is Kind.IDENTITY and not aimed:
            self.problem(path, "the statement has no Resource")
        if self.kind is Kind.TRUST and aimed:
            self.problem(path, "a trust document names no Resource: it is the role itself")

    def effect(self, found: dict[str, object], path: str) -> Effect | None:
        path = join(path, "Effect")
        if "Effect" not in found:
            self.problem(path, "the statement has no Effect")
            return None
        text = self.text(found["Effect"], path)
        for effect in Effect:
            if text is not None and text.lower() == effect.value.lower():
                if text != effect.value:
                    self.problem(path, f"the effect is written `{effect.value}`, not {_quoted(text)}")
                return effect
        if text is not None:
            self.problem(path, f"the effect is `Allow` or `Deny`, not {_quoted(text)}")
        return None

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise _TooLargeError

    def items(self, given: object, path: str) -> Iterator[tuple[str, object]]:
        """The items of a list, or the one item that stands without a list."""
        if isinstance(given, list):
            for index, item in enumerate(given):
                yield f"{path}[{index}]", item
        else:
            yield path, given

    def text(self, given: object, path: str) -> Text:
        """A text, or `None` with a hole or a problem."""
        self.spend()
        if isinstance(given, str):
            if may_be_anything(given):
                self.hole(path)
                return None
            return given
        self.hole(path)
        if not isinstance(given, Unknown):
            self.problem(path, f"a text is expected here, not {_noun(given)}")
        return None

    def texts(self, given: object, path: str) -> tuple[Text, ...]:
        if given == []:
            self.problem(path, "the list is empty, so it matches nothing")
        return tuple(self.text(item, where) for where, item in self.items(given, path))

    def actions(self, found: dict[str, object], element: str, path: str) -> tuple[Text, ...] | None:
        if element not in found:
            return None
        path = join(path, element)
        texts = self.texts(found[element], path)
        for text in texts:
            if text is not None and not is_action(text) and not has_stand_in(text):
                self.problem(path, f"{_quoted(text)} is no action (`service:Name`), so it matches nothing")
        return texts

    def resources(self, found: dict[str, object], element: str, path: str) -> tuple[Text, ...] | None:
        if element not in found:
            return None
        path = join(path, element)
        texts = self.texts(found[element], path)
        for text in texts:
            if text is not None and text[:1] not in ("*", "?") and text[:4] != "arn:" and not has_stand_in(text):
                self.problem(path, f"{_quoted(text)} is neither an ARN nor `*`")
        return texts

    def principals(self, found: dict[str, object], element: str, path: str) -> tuple[PrincipalPattern, ...] | None:
        if element not in found:
            return None
        path, given = join(path, element), found[element]
        if not isinstance(given, dict):
            text = self.text(given, path)
            if text == "*":
                return (PrincipalPattern("*", "*", path),)
            if text is None:
                return (PrincipalPattern("", None, path),)
            self.problem(path, 'a principal is `*` or an object such as `{"AWS": …}`')
            return (PrincipalPattern("AWS", text, path),)
        if not given:
            self.problem(path, "the principal names nobody")
        kinds = self.elements(given, _PRINCIPAL_KINDS, path)
        patterns = []
        for kind, names in kinds.items():
            if names == []:
                self.problem(join(path, kind), "the list is empty, so it matches nobody")
            for where, item in self.items(names, join(path, kind)):
                name = self.text(item, where)
                if name and name != "*" and _VARIABLE_OR_WILDCARD.search(name):
                    self.problem(where, f"AWS refuses a wildcard inside the principal {_quoted(name)}")
                patterns.append(PrincipalPattern(kind, name, where))
        return tuple(patterns)

    def conditions(self, given: object, path: str) -> Iterator[Condition]:
        if not isinstance(given, dict):
            self.hole(path)
            if not isinstance(given, Unknown):
                self.problem(path, f"Condition is an object, not {_noun(given)}")
            yield Condition("", "", (None,), path)
            return
        for name in getattr(given, "repeated", ()):
            self.problem(join(path, name), f"the operator {_quoted(name)} is given twice")
        for name, keys in given.items():
            operator = name if isinstance(name, str) else ""
            where = join(path, operator)
            if may_be_anything(operator) or not isinstance(keys, dict):
                self.hole(where)
                if not isinstance(keys, dict | Unknown):
                    self.problem(where, f"an operator holds an object of condition keys, not {_noun(keys)}")
                yield Condition("", "", (None,), where)
                continue
            if operator_of(operator) is None:
                near = self.nearest(operator, OPERATORS)
                hint = f"; did you mean `{near}`?" if near else ""
                self.problem(where, f"unknown condition operator {_quoted(operator)}{hint}")
            for twice in getattr(keys, "repeated", ()):
                self.problem(where, f"the condition key {_quoted(twice)} is given twice")
            for key, values in keys.items():
                yield self.condition(operator, key if isinstance(key, str) else "", values, where)

    def condition(self, operator: str, key: str, values: object, path: str) -> Condition:
        path = f'{path}["{key}"]'
        if may_be_anything(key):
            self.hole(path)
            return Condition("", "", (None,), path)
        if values == []:
            self.problem(path, "the list is empty, so no value matches")
        found = tuple(self.value(item, where) for where, item in self.items(values, path))
        if operator == "Null" and {"true", "false"} <= {text.lower() for text in found if text}:
            self.problem(path, "Null with both true and false contradicts itself")
        return Condition(operator, key, found, path)

    def value(self, given: object, path: str) -> Text:
        """A condition value: text, or a number or boolean, which AWS reads as its text."""
        if isinstance(given, bool):
            given = "true" if given else "false"
        elif isinstance(given, int | float):
            given = str(int(given)) if isinstance(given, float) and given.is_integer() else str(given)
        return self.text(given, path)


def _noun(given: object) -> str:
    for kind, noun in ((dict, "an object"), (list, "a list"), (bool, "a boolean"), (int | float, "a number")):
        if isinstance(given, kind):
            return noun
    return "null" if given is None else "something else"
