"""Texts that the program's source spells out: string constants, and what is put together from constants alone.

Nothing is executed. What is not listed here is not folded: a text that is found is in the source for certain, one that
is not found may still be.
"""

from __future__ import annotations

import ast
import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from typing import Final

_MAX_LENGTH: Final = 65_536
_MAX_DEPTH: Final = 60
_PERCENT: Final = re.compile(r"%[sd%]")
_ENCODINGS: Final = frozenset({"utf-8", "utf8", "ascii", "latin-1", "latin1", "iso-8859-1"})
_PLAIN_CONVERSIONS: Final = (-1, ord("s"))

_Text = str | bytes


@dataclass(frozen=True, slots=True)
class Literal:
    """A text with the place of the longest literal that it is made of: the file's absolute path, and the line."""

    value: _Text
    file: str
    line: int
    weight: int


@dataclass(slots=True)
class _Module:
    file: str
    name: str
    tree: ast.Module
    names: dict[str, ast.expr] = field(default_factory=dict)
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)


def of_files(files: Mapping[str, str]) -> Iterator[Literal]:
    """All texts that the sources spell out, docstrings left out; `files` gives the module's name for each path.

    Files that cannot be read or parsed are passed over.
    """
    modules = [module for file, name in files.items() if (module := _load(file, name)) is not None]
    folder = _Folder({module.name: module for module in modules})
    for module in modules:
        docstrings = set(_docstrings(module.tree))
        for node in ast.walk(module.tree):
            if isinstance(node, ast.expr) and node not in docstrings:
                found = folder.fold(node, module, 0)
                if found is not None:
                    yield found


def _load(file: str, name: str) -> _Module | None:
    try:
        tree = ast.parse(Path(file).read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None
    module = _Module(file, name, tree)
    seen: dict[str, int] = {}
    for node in _of_module_scope(tree):
        match node:
            case ast.Name(id=bound, ctx=ast.Store() | ast.Del()):
                seen[bound] = seen.get(bound, 0) + 1
            case ast.Assign(targets=[ast.Name(id=bound)], value=value):
                module.names[bound] = value
            case ast.AnnAssign(target=ast.Name(id=bound), value=ast.expr() as value):
                module.names[bound] = value
            case ast.ImportFrom():
                source = _absolute(module, node)
                module.imports |= {alias.asname or alias.name: (source, alias.name) for alias in node.names}
            case ast.Import():
                plain = [alias for alias in node.names if alias.asname or "." not in alias.name]
                module.imports |= {alias.asname or alias.name: (alias.name, "") for alias in plain}
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            seen |= dict.fromkeys(node.names, 2)
    module.names = {bound: value for bound, value in module.names.items() if seen.get(bound) == 1}
    return module


def _of_module_scope(tree: ast.Module) -> Iterator[ast.AST]:
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            pending.extend(ast.iter_child_nodes(node))


def _absolute(module: _Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    is_package = Path(module.file).name == "__init__.py"
    parts = parts[: len(parts) - node.level + is_package]
    return ".".join([*parts, *([node.module] if node.module else [])])


def _docstrings(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


class _Folder:
    """Folds expressions, each at most once."""

    def __init__(self, modules: dict[str, _Module]) -> None:
        self._modules = modules
        self._done: dict[ast.expr, Literal | None] = {}

    def fold(self, node: ast.expr, module: _Module, depth: int) -> Literal | None:
        """The text that the expression is certain to have if it is made of constants, else None."""
        if node in self._done:
            return self._done[node]
        if depth > _MAX_DEPTH:
            return None
        # A name that is defined by itself finds this.
        self._done[node] = None
        found = self._fold(node, module, depth + 1)
        self._done[node] = found
        return found

    def _fold(self, node: ast.expr, module: _Module, depth: int) -> Literal | None:
        match node:
            case ast.Constant(value=str() | bytes() as value) if len(value) <= _MAX_LENGTH:
                return Literal(value, module.file, node.lineno, len(value))
            case ast.Constant(value=int() as value) if not isinstance(value, bool) and value.bit_length() < _MAX_DEPTH:
                return Literal(str(value), module.file, node.lineno, 0)
            case ast.Name(id=name):
                return self._named(module, name, depth)
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner in module.imports:
                return self._member(".".join(filter(None, module.imports[owner])), name, depth)
            case ast.JoinedStr(values=parts):
                return self._joined("", parts, module, depth)
            case ast.FormattedValue(value=value, conversion=conversion, format_spec=None):
                return self.fold(value, module, depth) if conversion in _PLAIN_CONVERSIONS else None
            case ast.BinOp(left=left, op=ast.Add(), right=right) if not _is_number(left) and not _is_number(right):
                return self._joined(None, [left, right], module, depth)
            case ast.BinOp(left=left, op=ast.Mod(), right=right):
                parts = right.elts if isinstance(right, ast.Tuple) else [right]
                return self._filled(self.fold(left, module, depth), self._all(parts, module, depth), _percent_pieces)
            case ast.Call(func=ast.Name(id=name), args=[value], keywords=[]):
                return _changed(name, self.fold(value, module, depth), [])
            case ast.Call(func=ast.Attribute() as method):
                return self._method(method, node, module, depth)
        return None

    def _named(self, module: _Module, name: str, depth: int) -> Literal | None:
        if name in module.names:
            return self.fold(module.names[name], module, depth)
        source, original = module.imports.get(name, ("", ""))
        return self._member(source, original, depth) if original else None

    def _member(self, source: str, name: str, depth: int) -> Literal | None:
        module = self._modules.get(source)
        # Modules may import a name from each other in a circle.
        return self._named(module, name, depth + 1) if module is not None and depth <= _MAX_DEPTH else None

    def _all(self, nodes: Iterable[ast.expr], module: _Module, depth: int) -> list[Literal] | None:
        found = [self.fold(node, module, depth) for node in nodes]
        return [part for part in found if part is not None] if None not in found else None

    def _joined(
        self, separator: _Text | None, nodes: Iterable[ast.expr], module: _Module, depth: int
    ) -> Literal | None:
        parts = self._all(nodes, module, depth)
        if not parts:
            return None
        if separator is None:
            separator = parts[0].value[:0]
        return _together(_between([part.value for part in parts], separator), parts)

    def _filled(
        self,
        template: Literal | None,
        parts: list[Literal] | None,
        split: Callable[[str, list[str]], list[str] | None],
    ) -> Literal | None:
        if template is None or parts is None or not isinstance(template.value, str):
            return None
        values = [part.value for part in parts if isinstance(part.value, str)]
        pieces = split(template.value, values) if len(values) == len(parts) else None
        return None if pieces is None else _together(pieces, [template, *parts])

    def _method(self, method: ast.Attribute, call: ast.Call, module: _Module, depth: int) -> Literal | None:
        name, args, keywords = method.attr, call.args, call.keywords
        if name in _BASE64 and len(args) == 1 and not keywords:
            return _changed(name, self.fold(args[0], module, depth), [])
        text = self.fold(method.value, module, depth)
        if text is None:
            return None
        if name == "join" and len(args) == 1 and isinstance(args[0], ast.List | ast.Tuple) and not keywords:
            joined = self._joined(text.value, args[0].elts, module, depth)
            return None if joined is None else _heaviest(joined.value, [joined, text])
        if name == "format":
            named = [keyword.arg for keyword in keywords]
            parts = self._all([*args, *(keyword.value for keyword in keywords)], module, depth)
            return self._filled(text, parts, lambda template, values: _format_pieces(template, values, named))
        given = self._all(args, module, depth)
        return None if given is None or keywords else _changed(name, text, given)


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not isinstance(node.value, str | bytes)


def _heaviest(value: _Text, parts: list[Literal]) -> Literal | None:
    if len(value) > _MAX_LENGTH:
        return None
    heaviest = max(parts, key=lambda part: part.weight)
    return Literal(value, heaviest.file, heaviest.line, heaviest.weight)


def _together(pieces: Sequence[_Text], parts: list[Literal]) -> Literal | None:
    if sum(map(len, pieces)) > _MAX_LENGTH:
        return None
    texts = [piece for piece in pieces if isinstance(piece, str)]
    octets = [piece for piece in pieces if isinstance(piece, bytes)]
    if texts and octets:
        return None
    return _heaviest(b"".join(octets) if octets else "".join(texts), parts)


def _between(pieces: list[_Text], separator: _Text) -> list[_Text]:
    return [text for piece in pieces for text in (separator, piece)][1:]


def _percent_pieces(template: str, values: list[str]) -> list[str] | None:
    marks = _PERCENT.findall(template)
    if template.count("%") != len(marks) + marks.count("%%"):  # a mark with a width or a name
        return None
    if len(marks) - marks.count("%%") != len(values):
        return None
    remaining = iter(values)
    filled = ["%" if mark == "%%" else next(remaining) for mark in marks]
    fixed = _PERCENT.split(template)
    return [text for pair in zip(fixed, [*filled, ""], strict=True) for text in pair]


def _format_pieces(template: str, values: list[str], named: list[str | None]) -> list[str] | None:
    positional = len(values) - len(named)
    known = {str(index): value for index, value in enumerate(values[:positional])}
    known |= {name: value for name, value in zip(named, values[positional:], strict=True) if name is not None}
    pieces: list[str] = []
    automatic = 0
    try:
        for fixed, name, spec, conversion in Formatter().parse(template):
            pieces.append(fixed)
            if name is None:
                continue
            if not name:
                name, automatic = str(automatic), automatic + 1  # noqa: PLW2901 - as `str.format` counts
            if spec or conversion or name not in known:
                return None
            pieces.append(known[name])
    except ValueError:
        return None
    return pieces


_BASE64: Final[dict[str, Callable[[bytes], bytes]]] = {
    "b64decode": base64.b64decode,
    "standard_b64decode": base64.standard_b64decode,
    "urlsafe_b64decode": base64.urlsafe_b64decode,
    "b64encode": base64.b64encode,
    "standard_b64encode": base64.standard_b64encode,
    "urlsafe_b64encode": base64.urlsafe_b64encode,
}


def _changed(name: str, text: Literal | None, given: list[Literal]) -> Literal | None:
    """What a method or function of that name makes of `text`, or None where it is not one that is folded."""
    if text is None:
        return None
    try:
        value = _apply(name, text.value, [part.value for part in given])
    except (ValueError, LookupError, TypeError):
        return None
    return None if value is None else _heaviest(value, [text, *given])


def _apply(name: str, value: _Text, given: list[_Text]) -> _Text | None:
    match name, value, given:
        case "str", str(), []:
            return value
        case "decode", bytes(), [] | [str()]:
            return value.decode(_encoding(given))
        case "encode", str(), [] | [str()]:
            return value.encode(_encoding(given))
        case (("lower" | "upper"), _, []):
            return value.lower() if name == "lower" else value.upper()
        case (("strip" | "lstrip" | "rstrip"), str(), [] | [str()]):
            return str(getattr(value, name)(*given))
        case "replace", str(), [str() as old, str() as new]:
            fits = len(value) + value.count(old) * len(new) <= _MAX_LENGTH
            return value.replace(old, new) if fits else None
        case _ if name in _BASE64 and not given:
            return _BASE64[name](value.encode("ascii") if isinstance(value, str) else value)
    return None


def _encoding(given: list[_Text]) -> str:
    encoding = given[0] if given else "utf-8"
    if not isinstance(encoding, str) or encoding.lower() not in _ENCODINGS:
        raise LookupError(encoding)
    return encoding
