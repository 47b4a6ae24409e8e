"""The AWS provider's `aws_iam_policy_document` (`aws:iam/getPolicyDocument:getPolicyDocument`), computed offline.

Source of the semantics: hashicorp/terraform-provider-aws, `internal/service/iam/policy_document_data_source.go` and
`policy_model.go`; hashicorp/terraform-plugin-sdk, `helper/schema/set.go` and `serialize.go`; and for scalars that
become text pulumi-terraform-bridge, `pkg/tfbridge/schema.go`. Principals and conditions are unordered sets there and
come out in the order of their hash codes, so the hash is part of the result and is computed here too.

This module runs inside a foreign environment: it imports the standard library only.
"""

from __future__ import annotations

import json
import math
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeVar

from .misspellings import Problem, as_meant, python_name

_T = TypeVar("_T")
_Statement = dict[str, object]
_Principals = list[tuple[str, str | list[str]]]
_Conditions = list[tuple[str, str, list[str]]]

_DEFAULT_VERSION: Final = "2012-10-17"
_VERSION_WITHOUT_VARIABLES: Final = "2008-10-17"
_EFFECTS: Final = ("Allow", "Deny")
_SID: Final = re.compile(r"[a-zA-Z0-9]*")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")

# Go's encoder writes these so that JSON may stand inside HTML and JavaScript.
_GO_ESCAPES: Final = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})

_DOCUMENT_FIELDS: Final = ("Version", "Id", "Statement")
_LIST_FIELDS: Final = ("Action", "NotAction", "Resource", "NotResource")
_PRINCIPAL_FIELDS: Final = ("Principal", "NotPrincipal")
_STATEMENT_FIELDS: Final = ("Sid", "Effect", *_LIST_FIELDS, *_PRINCIPAL_FIELDS, "Condition")


class PolicyDocumentError(ValueError):
    """The provider refuses these arguments. The message names the place and quotes no value of the program.

    `problems` are the unknown arguments of the same call, which are often the cause.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.problems: list[Problem] = []


@dataclass(slots=True)
class _Document:
    """A document in the making: statements are in the shape and order of elements in which they are printed."""

    version: str = ""
    id: str = ""
    statements: list[_Statement] = field(default_factory=list)
    _place_of_sid: dict[object, int] = field(default_factory=dict)

    def merge(self, other: _Document) -> None:
        """Let `other` replace statements of the same non-empty Sid, and append the rest of it."""
        self.id = other.id or self.id
        self.version = max(self.version, other.version)
        for statement in other.statements:
            sid = statement.get("Sid")
            if sid is not None and sid in self._place_of_sid:
                self.statements[self._place_of_sid[sid]] = statement
                continue
            if sid is not None:
                self._place_of_sid[sid] = len(self.statements)
            self.statements.append(statement)


def render(args: Mapping[str, object]) -> tuple[dict[str, object], list[Problem]]:
    """Return what the provider answers to `args`, and the arguments in `args` that it does not know.

    `args` are wire arguments: names in camelCase, values of JSON types. The result has `json` (indented by two
    spaces), `minifiedJson`, `id`, `version` and the given arguments, with defaults filled in and sets in the
    provider's order. A misspelt argument is listed and counts as the one that was meant (see `misspellings`).

    Raises `PolicyDocumentError`, and nothing else, where the provider refuses: a wrong type, a missing required
    argument, an effect, version or Sid that is not allowed, a Sid used twice among the statements or among the source
    documents, `&{` in version 2008-10-17, a source or override document that does not decode, a non-empty
    `sourceJson` or `overrideJson` (kept by the provider in name only). One check is stricter than the provider: an
    Action or Resource of a source document that is neither text nor a list of texts, which IAM itself refuses.
    """
    if not isinstance(args, Mapping):
        raise PolicyDocumentError("the arguments of getPolicyDocument must be an object")
    meant, problems = as_meant(args)
    try:
        return _render(meant), problems
    except PolicyDocumentError as error:
        error.problems = problems
        raise


def _render(args: Mapping[str, object]) -> dict[str, object]:
    result: dict[str, object] = {}
    for name in ("sourceJson", "overrideJson"):
        if args.get(name) is not None:
            result[name] = _text(args[name], python_name(name))
            if result[name] != "":
                plural = python_name(name.replace("Json", "PolicyDocuments"))
                raise PolicyDocumentError(f"{python_name(name)} is no longer used and must be empty; use {plural}")

    version = _DEFAULT_VERSION if args.get("version") is None else _text(args["version"], "version")
    if version not in (_DEFAULT_VERSION, _VERSION_WITHOUT_VARIABLES):
        raise PolicyDocumentError(f'version must be "{_VERSION_WITHOUT_VARIABLES}" or "{_DEFAULT_VERSION}"')
    result["version"] = version
    own = _Document(version)
    if args.get("policyId") is not None:
        result["policyId"] = own.id = _text(args["policyId"], "policy_id")
    if args.get("statements") is not None:
        own.statements, result["statements"] = _own_statements(args["statements"], version)

    merged = _Document()
    sources = _documents(args, "sourcePolicyDocuments", result)
    _refuse_repeated_sids([s for document in sources for s in document.statements], "source_policy_documents")
    for document in (*sources, own, *_documents(args, "overridePolicyDocuments", result)):
        merged.merge(document)

    printed: dict[str, object] = {}
    if merged.version:
        printed["Version"] = merged.version
    if merged.id:
        printed["Id"] = merged.id
    if merged.statements:
        printed["Statement"] = merged.statements
    result["json"] = json.dumps(printed, ensure_ascii=False, indent=2).translate(_GO_ESCAPES)
    result["minifiedJson"] = json.dumps(printed, ensure_ascii=False, separators=(",", ":")).translate(_GO_ESCAPES)
    result["id"] = _hash_code(str(result["json"]))
    return result


# Statements given as arguments


def _own_statements(value: object, version: str) -> tuple[list[_Statement], list[dict[str, object]]]:
    """Return the statements as printed and as echoed in the result."""
    printed: list[_Statement] = []
    echoed: list[dict[str, object]] = []
    for i, item in enumerate(_list(value, "statements")):
        statement, echo = _own_statement(_object(item, f"statements[{i}]"), f"statements[{i}]", version)
        printed.append(statement)
        echoed.append(echo)
    _refuse_repeated_sids(printed, "statements")
    return printed, echoed


def _own_statement(given: Mapping[str, object], path: str, version: str) -> tuple[_Statement, dict[str, object]]:
    statement: _Statement = {}
    echo: dict[str, object] = {}
    if given.get("sid") is not None:
        sid = echo["sid"] = _text(given["sid"], f"{path}.sid")
        if not _SID.fullmatch(sid):
            raise PolicyDocumentError(f"{path}.sid must have letters A to Z and digits only")
        if sid:
            statement["Sid"] = sid
    effect = "Allow" if given.get("effect") is None else _text(given["effect"], f"{path}.effect")
    if effect not in _EFFECTS:
        raise PolicyDocumentError(f'{path}.effect must be "Allow" or "Deny"')
    statement["Effect"] = echo["effect"] = effect

    for element in _LIST_FIELDS:
        name = element[0].lower() + element[1:] + "s"
        if given.get(name) is None:
            continue
        place = f"{path}.{python_name(name)}"
        members = _set_of_texts(given[name], place)
        echo[name] = members
        if members:
            # The provider replaces variables in resources but leaves actions as they are.
            replaced = version if element.endswith("Resource") else None
            statement[element] = _one_or_sorted(members, place, replaced)
    for element in _PRINCIPAL_FIELDS:
        name = element[0].lower() + element[1:] + "s"
        if given.get(name) is not None:
            principals, echo[name] = _own_principals(given[name], f"{path}.{python_name(name)}", version)
            if principals:
                statement[element] = _print_principals(principals)
    if given.get("conditions") is not None:
        conditions, echo["conditions"] = _own_conditions(given["conditions"], f"{path}.conditions", version)
        if conditions:
            statement["Condition"] = _print_conditions(conditions)
    return statement, echo


def _own_principals(value: object, path: str, version: str) -> tuple[_Principals, list[dict[str, object]]]:
    members: list[tuple[str, list[str]]] = []
    for i, item in enumerate(_list(value, path)):
        given = _object(item, f"{path}[{i}]")
        kind = _text(_required(given, "type", f"{path}[{i}]"), f"{path}[{i}].type")
        place = f"{path}[{i}].identifiers"
        identifiers = _set_of_texts(_required(given, "identifiers", f"{path}[{i}]"), place)
        members.append((kind, identifiers))
    members = _in_set_order(members, lambda m: f"identifiers:{{{''.join(f'{v};' for v in m[1])}}};type:{m[0]};")
    principals = [(kind, _one_or_sorted(ids, f"{path}.identifiers", version)) for kind, ids in members]
    return principals, [{"identifiers": ids, "type": kind} for kind, ids in members]


def _own_conditions(value: object, path: str, version: str) -> tuple[_Conditions, list[dict[str, object]]]:
    members: _Conditions = []
    for i, item in enumerate(_list(value, path)):
        place = f"{path}[{i}]"
        given = _object(item, place)
        test = _text(_required(given, "test", place), f"{place}.test")
        variable = _text(_required(given, "variable", place), f"{place}.variable")
        members.append((test, variable, _texts(_required(given, "values", place), f"{place}.values")))
    members = _in_set_order(
        members, lambda m: f"test:{m[0]};values:({''.join(f'{v};' for v in m[2])});variable:{m[1]};"
    )
    conditions = [
        (test, variable, [_with_variables(v, f"{path}.values", version) for v in values])
        for test, variable, values in members
    ]
    return conditions, [{"test": test, "values": values, "variable": variable} for test, variable, values in members]


def _one_or_sorted(members: list[str], path: str, version: str | None) -> str | list[str]:
    """Return a single member bare and several in descending order; `version` asks for variables to be replaced."""
    # Sorted before the replacement, as the provider does: the two orders differ where `&{` stands against `%`.
    ordered = sorted(members, reverse=True)
    if version is not None:
        ordered = [_with_variables(member, path, version) for member in ordered]
    return ordered[0] if len(ordered) == 1 else ordered


def _with_variables(text: str, path: str, version: str) -> str:
    if version == _VERSION_WITHOUT_VARIABLES and "&{" in text:
        raise PolicyDocumentError(f"{path} holds &{{, which is not supported in version {version}")
    return text.replace("&{", "${")


# Documents given as text


def _documents(args: Mapping[str, object], name: str, result: dict[str, object]) -> list[_Document]:
    """Decode the documents of argument `name`, and echo them in `result`."""
    if args.get(name) is None:
        return []
    path = python_name(name)
    given = _list(args[name], path)
    texts = [(i, _text(item, f"{path}[{i}]")) for i, item in enumerate(given) if item is not None]
    result[name] = [text for _, text in texts]
    return [_decode(text, f"{path}[{i}]") for i, text in texts]


def _decode(text: str, path: str) -> _Document:
    try:
        raw = json.loads(text, parse_int=float, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise PolicyDocumentError(f"{path} is not valid JSON") from None
    if raw is None:
        return _Document()
    fields = _fields(raw, _DOCUMENT_FIELDS, path)
    document = _Document(_plain_text(fields, "Version", path), _plain_text(fields, "Id", path))
    statements = fields.get("Statement")
    if statements is not None and not isinstance(statements, list):
        raise PolicyDocumentError(f"{path}: Statement must be a list; the provider takes no single statement here")
    for i, statement in enumerate(statements or []):
        document.statements.append(_decode_statement(statement, f"{path}: Statement[{i}]"))
    return document


def _decode_statement(raw: object, path: str) -> _Statement:
    fields = _fields(raw, _STATEMENT_FIELDS, path)
    statement: _Statement = {}
    for name in ("Sid", "Effect"):
        if text := _plain_text(fields, name, path):
            statement[name] = text
    for name in _LIST_FIELDS:
        value = fields.get(name)
        if isinstance(value, str):
            statement[name] = _whole(value)
        elif isinstance(value, list) and all(isinstance(member, str) for member in value):
            statement[name] = [_whole(member) for member in value]
        elif value is not None:
            raise PolicyDocumentError(f"{path}.{name} must be text or a list of texts")
    for name in _PRINCIPAL_FIELDS:
        if name in fields and (principals := _decode_principals(fields[name], f"{path}.{name}")):
            statement[name] = _print_principals(principals)
    if conditions := _decode_conditions(fields.get("Condition"), f"{path}.Condition"):
        statement["Condition"] = _print_conditions(conditions)
    return statement


def _decode_principals(raw: object, path: str) -> _Principals:
    if isinstance(raw, str):
        # The provider reads any bare text as the wildcard.
        return [("*", ["*"])]
    if not isinstance(raw, dict):
        raise PolicyDocumentError(f"{path} must be text or an object")
    principals: _Principals = []
    for kind, identifiers in raw.items():
        if isinstance(identifiers, str):
            principals.append((_whole(kind), _whole(identifiers)))
        elif isinstance(identifiers, list) and all(isinstance(member, str) for member in identifiers):
            principals.append((_whole(kind), [_whole(member) for member in identifiers]))
        else:
            raise PolicyDocumentError(f"{path}: identifiers must be text or a list of texts")
    return principals


def _decode_conditions(raw: object, path: str) -> _Conditions:
    if raw is None:
        return []
    if not isinstance(raw, dict) or not all(v is None or isinstance(v, dict) for v in raw.values()):
        raise PolicyDocumentError(f"{path} must be an object of objects")
    conditions: _Conditions = []
    for test, variables in raw.items():
        for variable, values in (variables or {}).items():
            where = (_whole(test), _whole(variable))
            # A single number, object or null is lost without a word in the provider; so it is here.
            if isinstance(values, str):
                conditions.append((*where, [_whole(values)]))
            elif isinstance(values, bool):
                conditions.append((*where, ["true" if values else "false"]))
            elif isinstance(values, list):
                if not all(isinstance(value, str) for value in values):
                    raise PolicyDocumentError(f"{path}: a list of values must hold texts only")
                conditions.append((*where, [_whole(value) for value in values]))
    return conditions


def _fields(raw: object, names: tuple[str, ...], path: str) -> dict[str, object]:
    """Return the members of `raw` called `names`, which Go's decoder matches without regard to case."""
    if not isinstance(raw, dict):
        raise PolicyDocumentError(f"{path} must be an object")
    known = {name.casefold(): name for name in names}
    return {known[key.casefold()]: value for key, value in raw.items() if key.casefold() in known}


def _plain_text(fields: Mapping[str, object], name: str, path: str) -> str:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise PolicyDocumentError(f"{path}: {name} must be text")
    return _whole(value or "")


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


# What both kinds share


def _refuse_repeated_sids(statements: list[_Statement], path: str) -> None:
    seen: dict[object, int] = {}
    for i, statement in enumerate(statements):
        sid = statement.get("Sid")
        if sid is not None and seen.setdefault(sid, i) != i:
            raise PolicyDocumentError(
                f"{path}: statement {i} repeats the Sid of statement {seen[sid]} (counted from 0); "
                "remove the Sid or make it unique"
            )


def _print_principals(principals: _Principals) -> object:
    if principals in ([("*", "*")], [("*", ["*"])]):
        return "*"
    printed: dict[str, str | list[str]] = {}
    for kind, identifiers in principals:
        before = printed.get(kind)
        if before is None and isinstance(identifiers, str):
            printed[kind] = identifiers
            continue
        joined = before if isinstance(before, list) else [] if before is None else [before]
        joined.extend([identifiers] if isinstance(identifiers, str) else sorted(identifiers, reverse=True))
        printed[kind] = joined
    return dict(sorted(printed.items()))


def _print_conditions(conditions: _Conditions) -> object:
    joined: dict[str, dict[str, list[str]]] = {}
    for test, variable, values in conditions:
        joined.setdefault(test, {}).setdefault(variable, []).extend(values)
    return {
        test: {name: values[0] if len(values) == 1 else values for name, values in sorted(variables.items())}
        for test, variables in sorted(joined.items())
    }


# Arguments and their types


def _list(value: object, path: str) -> list[object]:
    if not isinstance(value, (list, tuple)):
        raise PolicyDocumentError(f"{path} must be a list")
    return list(value)


def _object(value: object, path: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise PolicyDocumentError(f"{path} must be an object")
    return value


def _required(given: Mapping[str, object], name: str, path: str) -> object:
    if given.get(name) is None:
        raise PolicyDocumentError(f"{path}.{name} is required")
    return given[name]


def _texts(value: object, path: str) -> list[str]:
    return [_text(member, f"{path}[{i}]") for i, member in enumerate(_list(value, path))]


def _set_of_texts(value: object, path: str) -> list[str]:
    return _in_set_order(_texts(value, path), lambda text: f"{text};")


def _text(value: object, path: str) -> str:
    """Return `value` as the text the bridge makes of it: booleans and numbers become text where text is expected."""
    if isinstance(value, str):
        return _whole(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return format(Decimal(repr(number)).normalize(), "f")
    raise PolicyDocumentError(f"{path} must be text")


def _whole(text: str) -> str:
    """Replace lone surrogates, which have no UTF-8 form, as Go does."""
    return _SURROGATE.sub("\ufffd", text)


def _in_set_order(members: list[_T], serialized: Callable[[_T], str]) -> list[_T]:
    """Return the distinct members in the order of the plugin SDK's sets: by hash code, compared as text."""
    by_code: dict[str, _T] = {}
    for member in members:
        by_code.setdefault(_hash_code(serialized(member)), member)
    return [by_code[code] for code in sorted(by_code)]


def _hash_code(text: str) -> str:
    return str(zlib.crc32(text.encode()))


# Unknown arguments
