"""Texts that the program's source spells out: string constants, and what is put together from constants alone.

Nothing is executed. What is not listed here is not folded: a text that is found is in the source for certain, one that
is not found may still be.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from . import scopes, text_changes
from .scopes import Module, Scope
from .text_changes import Text

_MAX_DEPTH: Final = 60
_MAX_KEYS: Final = 1_000
_PLAIN_CONVERSIONS: Final = (-1, ord("s"))


@dataclass(frozen=True, slots=True)
class Literal:
    """A text with the place of the longest literal that it is made of: the file's absolute path, and the line."""

    value: Text
    file: str
    line: int
    weight: int


def of_files(files: Mapping[str, str]) -> Iterator[Literal]:
    """All texts that the sources spell out, docstrings left out; `files` gives the module's name for each path.

    Files that cannot be read or parsed are passed over.
    """
    modules = [module for file, name in files.items() if (module := scopes.load(file, name)) is not None]
    folder = _Folder({module.name: module for module in modules})
    for module in modules:
        docstrings = set(scopes.docstrings(module.tree))
        for node in ast.walk(module.tree):
            if isinstance(node, ast.expr) and node not in docstrings:
                found = folder.fold(node, module, 0)
                if found is not None:
                    yield found


_Meaning = tuple[ast.AST, Module]


class _Folder:
    """Folds expressions, each at most once."""

    def __init__(self, modules: dict[str, Module]) -> None:
        self._modules = modules
        self._done: dict[ast.expr, Literal | None] = {}

    def fold(self, node: ast.expr, module: Module, depth: int) -> Literal | None:
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

    def _fold(self, node: ast.expr, module: Module, depth: int) -> Literal | None:
        match node:
            case ast.Constant(value=str() | bytes() as value) if len(value) <= text_changes.MAX_LENGTH:
                return Literal(value, module.file, node.lineno, len(value))
            case ast.Constant(value=int() as value) if not isinstance(value, bool) and value.bit_length() < _MAX_DEPTH:
                return Literal(str(value), module.file, node.lineno, 0)
            case ast.JoinedStr(values=parts):
                return self._joined("", parts, module, depth)
            case ast.FormattedValue(value=value, conversion=conversion, format_spec=None):
                return self.fold(value, module, depth) if conversion in _PLAIN_CONVERSIONS else None
            case ast.BinOp(left=left, op=ast.Add(), right=right) if not _is_number(left) and not _is_number(right):
                return self._joined(None, [left, right], module, depth)
            case ast.BinOp(left=left, op=ast.Mod(), right=right):
                parts = right.elts if isinstance(right, ast.Tuple) else [right]
                return self._filled(
                    self.fold(left, module, depth), self._all(parts, module, depth), text_changes.percent_pieces
                )
            case ast.Call(func=ast.Name(id="getenv"), args=[_, default], keywords=[]):
                return self.fold(default, module, depth)
            case ast.Call(func=ast.Name(id=name), args=[value], keywords=[]):
                return _changed(name, self.fold(value, module, depth), [])
            case ast.Call(func=ast.Attribute() as method):
                return self._method(method, node, module, depth)
        return self._referred(node, module, depth)

    def _referred(self, node: ast.expr, module: Module, depth: int) -> Literal | None:
        """The text of what a name, a member, an element or a choice refers to."""
        match node:
            case ast.Name() | ast.Attribute():
                return self._meant(node, module, depth)
            case ast.Subscript(value=text, slice=ast.Slice() as cut):
                return _cut(self.fold(text, module, depth), cut)
            case ast.Subscript(value=ast.Call() as call, slice=index) if (part := _number(index)) is not None:
                return self._part_of(call, part, module, depth)
            case ast.Subscript():
                return self._meant(node, module, depth)
            case ast.BoolOp(op=ast.Or(), values=choices):
                return self._first(choices, module, depth)
            case ast.IfExp(body=body, orelse=otherwise):
                return self._first([body, otherwise], module, depth)
        return None

    def _first(self, nodes: Iterable[ast.expr], module: Module, depth: int) -> Literal | None:
        return next((found for node in nodes if (found := self.fold(node, module, depth)) is not None), None)

    def _meant(self, node: ast.expr, module: Module, depth: int) -> Literal | None:
        """The text of what a name, a member or an element refers to."""
        found = self._resolve(node, module, depth)
        if found is None or found[0] is node or not isinstance(found[0], ast.expr):
            return None
        return self.fold(found[0], found[1], depth)

    def _resolve(self, node: ast.AST, module: Module, depth: int) -> _Meaning | None:
        """The expression or the class that an expression refers to, and its module; itself where it is no reference."""
        if depth > _MAX_DEPTH:
            return None
        depth += 1
        match node:
            case ast.Name(id=name):
                scope = module.uses.get(node, module.top).find(name)
                return self._bound(scope, name, module, depth) if scope else self._imported(module, name, depth)
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if (
                owner in module.imports and (source := self._module(module, owner)) is not None
            ):
                return self._bound(source.top, name, source, depth)
            case ast.Attribute(value=ast.Attribute() as member, attr="value"):  # of an enumeration's member
                return self._resolve(member, module, depth)
            case ast.Attribute(value=owner, attr=name):
                return self._member(owner, name, module, depth)
            case ast.Subscript(value=owner, slice=key):
                return self._element(self._resolve(owner, module, depth), key, module, depth)
        return node, module

    def _bound(self, scope: Scope, name: str, module: Module, depth: int) -> _Meaning | None:
        if scope.bound[name] != 1:
            return None if scope.bound[name] else self._imported(module, name, depth)
        if name in scope.classes:
            return scope.classes[name].node, module
        return self._resolve(scope.names[name], module, depth) if name in scope.names else None

    def _module(self, module: Module, name: str) -> Module | None:
        """The module that an imported name stands for; None where it stands for something else."""
        return self._modules.get(".".join(filter(None, module.imports[name])))

    def _imported(self, module: Module, name: str, depth: int) -> _Meaning | None:
        source, original = module.imports.get(name, ("", ""))
        found = self._modules.get(source) if original else None
        # Modules may import a name from each other in a circle.
        return self._bound(found.top, original, found, depth + 1) if found and depth <= _MAX_DEPTH else None

    def _member(self, owner: ast.expr, name: str, module: Module, depth: int) -> _Meaning | None:
        """What a class, an object of it, or a method's own object has under `name`."""
        if isinstance(owner, ast.Name):
            scope = module.uses.get(owner, module.top)
            method, around = scope.node, scope.parent
            if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and around is not None:
                own = [argument.arg for argument in method.args.args[:1]]
                if own == [owner.id] and isinstance(around.node, ast.ClassDef):
                    return self._bound(around, name, module, depth)
        found = self._resolve(owner, module, depth)
        if found is None:
            return None
        class_, where = found
        if isinstance(class_, ast.Call):
            given = next((each.value for each in class_.keywords if each.arg == name), None)
            if given is not None:
                return self._resolve(given, where, depth)
            made = self._resolve(class_.func, where, depth)
            if made is None:
                return None
            class_, where = made
        inner = where.classes.get(class_) if isinstance(class_, ast.ClassDef) else None
        return self._bound(inner, name, where, depth) if inner else None

    def _element(self, found: _Meaning | None, key: ast.expr, module: Module, depth: int) -> _Meaning | None:
        match found:
            case (ast.Dict(keys=keys, values=values), where) if len(keys) <= _MAX_KEYS:
                wanted = self.fold(key, module, depth)
                for one, value in zip(keys, values, strict=True):
                    folded = self.fold(one, where, depth) if one is not None else None
                    if wanted is not None and folded is not None and folded.value == wanted.value:
                        return self._resolve(value, where, depth)
            case (ast.List(elts=elements) | ast.Tuple(elts=elements), where):
                index = _number(key)
                if index is not None and -len(elements) <= index < len(elements):
                    return self._resolve(elements[index], where, depth)
        return None

    def _part_of(self, call: ast.Call, index: int, module: Module, depth: int) -> Literal | None:
        """One of the parts that `split` makes."""
        match call:
            case ast.Call(func=ast.Attribute(value=whole, attr="split"), args=[] | [_] as separators, keywords=[]):
                text, given = self.fold(whole, module, depth), self._all(separators, module, depth)
                if text is None or given is None or not isinstance(text.value, str):
                    return None
                separator = given[0].value if given else None
                parts = (
                    text.value.split(separator)
                    if separator is None or (isinstance(separator, str) and separator)
                    else []
                )
                return _heaviest(parts[index], [text]) if -len(parts) <= index < len(parts) else None
        return None

    def _all(self, nodes: Iterable[ast.expr], module: Module, depth: int) -> list[Literal] | None:
        found = [self.fold(node, module, depth) for node in nodes]
        return [part for part in found if part is not None] if None not in found else None

    def _joined(self, separator: Text | None, nodes: Iterable[ast.expr], module: Module, depth: int) -> Literal | None:
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

    def _backwards(self, call: ast.Call, module: Module, depth: int) -> Literal | None:
        if not isinstance(call.func, ast.Name) or call.func.id != "reversed" or len(call.args) != 1:
            return None
        text = self.fold(call.args[0], module, depth)
        return None if text is None else _heaviest(text.value[::-1], [text])

    def _looked_up(self, owner: ast.expr, args: list[ast.expr], module: Module, depth: int) -> Literal | None:
        """What a dictionary has under a key, or the default that is given for it."""
        found = self._element(self._resolve(owner, module, depth), args[0], module, depth)
        if found is not None and isinstance(found[0], ast.expr):
            return self.fold(found[0], found[1], depth)
        return self.fold(args[1], module, depth) if len(args) == _KEY_AND_DEFAULT else None

    def _method(self, method: ast.Attribute, call: ast.Call, module: Module, depth: int) -> Literal | None:
        name, args, keywords = method.attr, call.args, call.keywords
        if name in _WITH_DEFAULT and not keywords and len(args) in _WITH_DEFAULT[name]:
            return self._looked_up(method.value, args, module, depth)
        if name in _OF_ARGUMENT and len(args) == 1 and not keywords:
            return _changed(name, self.fold(args[0], module, depth), [])
        text = self.fold(method.value, module, depth)
        if text is None:
            return None
        if name == "join" and not text.value and len(args) == 1 and isinstance(args[0], ast.Call) and not keywords:
            return self._backwards(args[0], module, depth)
        if name == "join" and len(args) == 1 and isinstance(args[0], ast.List | ast.Tuple) and not keywords:
            joined = self._joined(text.value, args[0].elts, module, depth)
            return None if joined is None else _heaviest(joined.value, [joined, text])
        if name == "format":
            named = [keyword.arg for keyword in keywords]
            parts = self._all([*args, *(keyword.value for keyword in keywords)], module, depth)
            return self._filled(
                text, parts, lambda template, values: text_changes.format_pieces(template, values, named)
            )
        given = self._all(args, module, depth)
        return None if given is None or keywords else _changed(name, text, given)


def _number(node: ast.expr | None) -> int | None:
    """A whole number that is spelt out."""
    match node:
        case ast.Constant(value=int() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return -value
    return None


def _cut(text: Literal | None, cut: ast.Slice) -> Literal | None:
    ends = [_number(end) for end in (cut.lower, cut.upper, cut.step)]
    spelt = all(
        (end is None) == (number is None) for end, number in zip((cut.lower, cut.upper, cut.step), ends, strict=True)
    )
    if text is None or not spelt or ends[2] == 0:
        return None
    return _heaviest(text.value[slice(*ends)], [text])


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not isinstance(node.value, str | bytes)


def _heaviest(value: Text, parts: list[Literal]) -> Literal | None:
    if len(value) > text_changes.MAX_LENGTH:
        return None
    heaviest = max(parts, key=lambda part: part.weight)
    return Literal(value, heaviest.file, heaviest.line, heaviest.weight)


def _together(pieces: Sequence[Text], parts: list[Literal]) -> Literal | None:
    if sum(map(len, pieces)) > text_changes.MAX_LENGTH:
        return None
    texts = [piece for piece in pieces if isinstance(piece, str)]
    octets = [piece for piece in pieces if isinstance(piece, bytes)]
    if texts and octets:
        return None
    return _heaviest(b"".join(octets) if octets else "".join(texts), parts)


def _between(pieces: list[Text], separator: Text) -> list[Text]:
    return [text for piece in pieces for text in (separator, piece)][1:]


_OF_ARGUMENT: Final = frozenset({*text_changes.BASE64, "dedent", "fromhex"})
# How many arguments the look-up of a key takes.
_WITH_DEFAULT: Final[Mapping[str, frozenset[int]]] = {"get": frozenset({1, 2}), "getenv": frozenset({2})}
_KEY_AND_DEFAULT: Final = 2


def _changed(name: str, text: Literal | None, given: list[Literal]) -> Literal | None:
    """What a method or function of that name makes of `text`, or None where it is not one that is folded."""
    if text is None:
        return None
    try:
        value = text_changes.apply(name, text.value, [part.value for part in given])
    except (ValueError, LookupError, TypeError):
        return None
    return None if value is None else _heaviest(value, [text, *given])
