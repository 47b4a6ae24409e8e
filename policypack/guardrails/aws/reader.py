"""Reading policy documents: what is there becomes statements, what is wrong becomes problems with their path.

Grammar: IAM User Guide, "Grammar of the IAM JSON policy language".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from ..values import Unknown, has_stand_in, may_be_anything
from .json_text import decode, written
from .notes import Notes, TooLargeError, bounded, noun
from .operators import OPERATORS, operator_of
from .readings import MOST, reading, repeated
from .statements import Condition, Document, Effect, Kind, PrincipalPattern, Statement, Text, is_action, join
from .value_checks import quoted, value_problem, values_problem, variable_problem

# The most characters, white space left out, that AWS takes in any document of a kind: IAM for roles, OpenSearch for
# resources. Most documents have to be shorter. What AWS manages has no such limit, so identities have none here.
_LARGEST: Final[Mapping[Kind, int]] = {Kind.TRUST: 4_096, Kind.RESOURCE: 102_400}

_TOP: Final = ("Version", "Id", "Statement")
_STATEMENT: Final = ("Sid", "Effect", "Action", "NotAction", "Condition", "Principal", "NotPrincipal", "Resource",
                     "NotResource")  # fmt: skip
_PRINCIPAL_KINDS: Final = ("AWS", "Service", "Federated", "CanonicalUser")
_VERSIONS: Final = ("2012-10-17", "2008-10-17")
# Beyond it, a number that was read as a float is no longer the one that was written.
_EXACT: Final = 2**53
_SHORT_API: Final = "execute-api:/"
_LONGEST_INTEGER: Final = 1024


def parse(source: object, kind: Kind) -> Document:
    """Read JSON text or a decoded object, in which `UNKNOWN` and stand-in tokens may stand anywhere.

    Never raises. What AWS rejects becomes a problem with its path; what cannot be read becomes a hole and leaves the
    other statements readable. A statement in which a name stands twice is read once for each, under the same path:
    what any reading allows counts as allowed, and a Deny is in doubt.
    """
    return _Reader(kind=kind).document(source)


def _is_stand_in(value: object) -> bool:
    """Whether a text, or an object by one of its names, stands for content that may be anything."""
    if isinstance(value, dict):
        return any(isinstance(name, str) and may_be_anything(name) for name in value)
    return isinstance(value, str) and may_be_anything(value)


@dataclass(kw_only=True)
class _Reader(Notes):
    kind: Kind

    def document(self, source: object) -> Document:
        statements: tuple[Statement, ...]
        found = self.decoded(source)
        if isinstance(found, dict):
            try:
                statements = tuple(self.statements(found))
            except TooLargeError:
                self.problem("", "the document is far larger than AWS takes")
                statements = (self.unreadable("", variables=None),)
        else:
            statements = (self.unreadable("", variables=None),) if isinstance(found, Unknown) else ()
        problems, holes = dict.fromkeys(self.problems), dict.fromkeys(self.holes)
        return Document(self.kind, statements, tuple(problems), tuple(holes))

    def decoded(self, source: object) -> object:
        found = source
        if isinstance(source, str):
            before = len(self.problems)
            found = decode(source, self.problem)
            if found is None and len(self.problems) > before:
                return None
            if isinstance(found, dict):
                self.check_size(source)
            # One look at the whole spares one at each text; only what is escaped could hide in it.
            self.certain = "\\" not in source and not may_be_anything(source)
        if not isinstance(found, dict | Unknown) and not _is_stand_in(found):
            self.problem("", f"a policy document is a JSON object, not {noun(found)}")
        return Unknown() if _is_stand_in(found) else found

    def check_size(self, text: str) -> None:
        largest = _LARGEST.get(self.kind)
        if largest is None or len(text) <= largest or has_stand_in(text):
            return
        size = len("".join(text.split()))
        if size > largest:
            self.problem("", f"the document has {size} characters; AWS takes at most {largest} of its kind")

    def unreadable(self, path: str, *, variables: bool | None) -> Statement:
        """A statement of which nothing is known: it may allow anything."""
        self.hole(path)
        unknown = (PrincipalPattern("", None, path),)
        return Statement(path, None, principals=unknown, actions=(None,), resources=(None,), variables=variables,
                         holes=(path,))  # fmt: skip

    def report_repeated(self, source: object, path: str) -> int:
        """Make problems of the names that stand twice in a statement; how often one stands at most."""
        most = 1
        for each in repeated(source):
            self.spend()
            most = max(most, each.count)
            where = join(path, ".".join(map(bounded, each.names)))
            how = "and AWS takes it once" if each.count > 1 else "in different letter case, which makes no difference"
            self.problem(where, f"the {each.what} {quoted(each.names[-1])} is given twice, {how}")
        return most

    def statements(self, source: dict[object, object]) -> Iterator[Statement]:
        self.elements(source, _TOP, "")
        given: dict[str, list[object]] = {}
        for name, value in written(source):
            given.setdefault(str(name).lower(), []).append(value)
        for name in _TOP:
            if len(given.get(name.lower(), ())) > 1:
                self.problem(name, f"the element {quoted(name)} is given twice, and AWS takes it once")
        versions = {self.version(each) for each in given.get("version", ["2008-10-17"])}
        variables = versions.pop() if len(versions) == 1 else None
        if "statement" not in given:
            self.problem("Statement", "the document has no Statement")
            return
        sids: set[str] = set()
        for number, one in enumerate(given["statement"]):
            if isinstance(one, list) and not one:
                self.problem("Statement", "the list of statements is empty")
            for path, item in self.items(one, f"Statement({number + 1})" if number else "Statement"):
                try:
                    readings = self.readings(item, path, variables=variables)
                except TooLargeError:
                    self.problem(path, "the document is far larger than AWS takes; the rest was not read")
                    yield self.unreadable(path, variables=variables)
                    return
                if readings and readings[0].sid:
                    if readings[0].sid in sids:
                        self.problem(join(path, "Sid"), f"the Sid {quoted(readings[0].sid)} is used twice")
                    sids.add(readings[0].sid)
                yield from readings

    def readings(self, item: object, path: str, *, variables: bool | None) -> list[Statement]:
        """The readings of one statement: one, where no name stands twice."""
        self.spend()
        if isinstance(item, Unknown) or _is_stand_in(item):
            return [self.unreadable(path, variables=variables)]
        if not isinstance(item, dict):
            self.problem(path, f"a statement is a JSON object, not {noun(item)}")
            return []
        most = self.report_repeated(item, path)
        if most == 1:
            return [self.statement(item, path, variables=variables)]
        if most > MOST:
            return [self.unreadable(path, variables=variables)]
        found: list[Statement] = []
        for number in range(most):
            one = reading(item, number)
            if isinstance(one, dict):
                found.append(self.statement(one, path, variables=variables))
        allowing = [each for each in found if each.effect is not Effect.DENY]
        doubt = Condition("", "", (None,), path)
        return allowing or [replace(each, conditions=(*each.conditions, doubt)) for each in found]

    def version(self, given: object) -> bool | None:
        """Whether variables are read; a missing version means 2008-10-17, which has none."""
        text = self.text(given, "Version")
        if text is None:
            return None
        if text not in _VERSIONS:
            self.problem("Version", f"unknown version {quoted(text)}; use 2012-10-17")
            return None
        return text == _VERSIONS[0]

    def statement(self, source: dict[object, object], path: str, *, variables: bool | None) -> Statement:
        first = len(self.holes)
        found = self.elements(source, _STATEMENT, path)
        effect = self.effect(found, path)
        sid = self.text(found["Sid"], join(path, "Sid")) if "Sid" in found else None
        if sid and self.kind is not Kind.RESOURCE and not has_stand_in(sid) and not (sid.isascii() and sid.isalnum()):
            self.problem(join(path, "Sid"), f"a Sid holds letters and digits only, not {quoted(sid)}")
        principals = self.principals(found, "Principal", path)
        not_principals = self.principals(found, "NotPrincipal", path)
        actions, not_actions = self.actions(found, "Action", path), self.actions(found, "NotAction", path)
        resources = self.resources(found, "Resource", path, variables=variables)
        not_resources = self.resources(found, "NotResource", path, variables=variables)
        self.check_elements(found, path)
        conditions: tuple[Condition, ...] = ()
        if "Condition" in found:
            conditions = tuple(self.conditions(found["Condition"], join(path, "Condition"), variables=variables))
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
                    self.problem(path, f"the effect is written `{effect.value}`, not {quoted(text)}")
                return effect
        if text is not None:
            self.problem(path, f"the effect is `Allow` or `Deny`, not {quoted(text)}")
        return None

    def texts(self, given: object, path: str) -> tuple[tuple[str, Text], ...]:
        """The texts of an element with their paths."""
        if given == []:
            self.problem(path, "the list is empty, so it matches nothing")
        return tuple((where, self.text(item, where)) for where, item in self.items(given, path))

    def actions(self, found: dict[str, object], element: str, path: str) -> tuple[Text, ...] | None:
        if element not in found:
            return None
        texts = self.texts(found[element], join(path, element))
        read: list[Text] = []
        for where, text in texts:
            if text is None or is_action(text):
                read.append(text)
            elif has_stand_in(text):
                # What is computed may well be an action.
                self.hole(where)
                read.append(None)
            else:
                why = "no variables are read in it" if "${" in text else "so it matches nothing"
                self.problem(where, f"{quoted(text)} is no action (`service:Name`), {why}")
                read.append(text)
        return tuple(read)

    def resources(
        self, found: dict[str, object], element: str, path: str, *, variables: bool | None
    ) -> tuple[Text, ...] | None:
        if element not in found:
            return None
        texts = self.texts(found[element], join(path, element))
        if self.kind is Kind.RESOURCE:
            texts = tuple((where, _expanded(text)) for where, text in texts)
        for where, text in texts:
            if text is None or (text[:4] == "arn:" and "$" not in text) or has_stand_in(text):
                continue
            if text[:1] not in ("*", "?") and text[:4] != "arn:":
                self.problem(where, f"{quoted(text)} is neither an ARN nor `*`")
            wrong = variable_problem(text, variables=variables)
            if wrong:
                self.problem(where, wrong)
        return tuple(text for _, text in texts)

    def principals(self, found: dict[str, object], element: str, path: str) -> tuple[PrincipalPattern, ...] | None:
        if element not in found:
            return None
        path, given = join(path, element), found[element]
        if isinstance(given, dict):
            if not given:
                self.problem(path, "the principal names nobody")
            kinds = self.elements(given, _PRINCIPAL_KINDS, path)
            return tuple(each for kind, names in kinds.items() for each in self.names(kind, names, join(path, kind)))
        if given != "*" and not isinstance(given, Unknown) and not _is_stand_in(given):
            self.problem(path, 'a principal is `*` or an object such as `{"AWS": …}`')
        if isinstance(given, list) and given:
            # Meant as the principals of AWS, and judged so, lest the mistake hide what they are granted.
            return tuple(self.names("AWS", given, path))
        text = self.text(given, path)
        return (PrincipalPattern("" if text is None else "*" if text == "*" else "AWS", text, path),)

    def names(self, kind: str, names: object, path: str) -> Iterator[PrincipalPattern]:
        """The principals of one kind."""
        if names == []:
            self.problem(path, "the list is empty, so it matches nobody")
        for where, item in self.items(names, path):
            name = self.name(item, where)
            if name and "${" in name:
                self.problem(where, f"no variables are read in the principal {quoted(name)}")
            elif name and name != "*" and ("*" in name or "?" in name):
                self.problem(where, f"AWS refuses a wildcard inside the principal {quoted(name)}")
            elif name == "":
                self.problem(where, "the principal is empty, so it names nobody")
            yield PrincipalPattern(kind, name, where)

    def name(self, item: object, path: str) -> Text:
        """The name of a principal. A number is read as the account that was meant."""
        if isinstance(item, bool) or not isinstance(item, int | float):
            return self.text(item, path)
        self.problem(path, "an account is written as a text of twelve digits, not as a number")
        written_out = _number(item)
        return self.text(written_out.zfill(12) if written_out else Unknown(), path)

    def conditions(self, given: object, path: str, *, variables: bool | None) -> Iterator[Condition]:
        if not isinstance(given, dict):
            self.hole(path)
            if not isinstance(given, Unknown) and not _is_stand_in(given):
                self.problem(path, f"Condition is an object, not {noun(given)}")
            yield Condition("", "", (None,), path)
            return
        for name, keys in given.items():
            self.spend()
            operator = name if isinstance(name, str) else ""
            where = join(path, bounded(operator))
            if self.is_anything(operator) or not isinstance(keys, dict):
                self.hole(where)
                if not isinstance(keys, dict | Unknown) and not _is_stand_in(keys):
                    self.problem(where, f"an operator holds an object of condition keys, not {noun(keys)}")
                yield Condition("", "", (None,), where)
                continue
            if operator_of(operator) is None:
                near = self.nearest(operator, OPERATORS)
                hint = f"; did you mean `{near}`?" if near else ""
                self.problem(where, f"unknown condition operator {quoted(operator)}{hint}")
            if not keys:
                self.problem(where, "the operator holds no condition key, so it restricts nothing")
            for key, values in keys.items():
                yield self.condition(operator, key if isinstance(key, str) else "", values, where, variables=variables)

    def condition(self, operator: str, key: str, given: object, path: str, *, variables: bool | None) -> Condition:
        self.spend()
        path = f'{path}["{bounded(key)}"]'
        key = self.whole(key, path)
        if self.is_anything(key):
            self.hole(path)
            return Condition("", "", (None,), path)
        if not key.strip():
            self.problem(path, "the condition key has no name")
        found = [(where, self.value(item, where)) for where, item in self.items(given, path)]
        values = tuple(text for _, text in found)
        meant = operator_of(operator)
        if meant is not None:
            for where, text in found:
                wrong = None if text is None else value_problem(meant, key, text, variables=variables)
                if wrong:
                    self.problem(where, wrong)
            wrong = values_problem(meant, values)
            if wrong:
                self.problem(path, wrong)
        return Condition(operator, key, values, path)

    def value(self, given: object, path: str) -> Text:
        """A condition value: text, or a number or boolean, which AWS reads as its text."""
        if isinstance(given, bool):
            given = "true" if given else "false"
        elif isinstance(given, int | float):
            given = _number(given) or given
        return self.text(given, path)


def _number(given: float) -> str | None:
    """A JSON number as text, or `None` for what no JSON number says exactly."""
    if isinstance(given, int):
        return str(given) if given.bit_length() < _LONGEST_INTEGER else None
    if not abs(given) <= _EXACT:
        return None
    return str(int(given)) if given.is_integer() else str(given)


def _expanded(resource: Text) -> Text:
    """A resource without the short form that API Gateway takes for its own APIs (API Gateway, "resource policies")."""
    if resource is None or not resource.startswith(_SHORT_API):
        return resource
    return f"arn:*:execute-api:*:*:*/{resource.removeprefix(_SHORT_API)}"
