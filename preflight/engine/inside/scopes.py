"""Which expression a name of the program's source stands for: in modules, classes and functions.

Only what is bound once is known: a name that is assigned twice may hold either.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_SCOPES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_TWICE: Final = 2


@dataclass(slots=True)
class Scope:
    """The names of one function, class or module. `bound` are all that it binds, `names` those bound once."""

    node: ast.AST
    parent: Scope | None
    names: dict[str, ast.expr] = field(default_factory=dict)
    bound: Counter[str] = field(default_factory=Counter)
    classes: dict[str, Scope] = field(default_factory=dict)
    functions: dict[str, Scope] = field(default_factory=dict)

    def find(self, name: str) -> Scope | None:
        """The scope in which `name` is bound for code in this one; None where no scope of the module binds it."""
        scope: Scope | None = self
        while scope is not None:
            # What a class binds is not seen from the functions in it.
            if name in scope.bound and (scope is self or not isinstance(scope.node, ast.ClassDef)):
                return scope
            scope = scope.parent
        return None


@dataclass(slots=True)
class Module:
    """One source file: its path, the name it is imported under, what it imports, and where each name is used.

    `imports` maps a name to the module and the member that it stands for, an empty member for the module itself;
    `uses` gives the scope of each name that is read, `classes` the one of each class.
    """

    file: str
    name: str
    tree: ast.Module
    top: Scope
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)
    uses: dict[ast.Name, Scope] = field(default_factory=dict)
    classes: dict[ast.ClassDef, Scope] = field(default_factory=dict)


def load(file: str, name: str) -> Module | None:
    """The module in a file; None where it cannot be read or parsed."""
    try:
        tree = ast.parse(Path(file).read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None
    module = Module(file, name, tree, Scope(tree, None))
    calls: dict[str, list[ast.Call]] = {}
    scopes = [module.top]
    pending: list[tuple[ast.AST, Scope]] = [(child, module.top) for child in ast.iter_child_nodes(tree)]
    while pending:
        node, scope = pending.pop()
        inner = scope
        _note(node, scope, module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            calls.setdefault(node.func.id, []).append(node)
        if isinstance(node, _SCOPES):
            inner = Scope(node, scope)
            scopes.append(inner)
            _define(scope, node, inner)
            if isinstance(node, ast.ClassDef):
                module.classes[node] = inner
        pending.extend((child, inner) for child in ast.iter_child_nodes(node))
    for scope in scopes:
        for called, function in scope.functions.items():
            _pass(function, calls.get(called, []) if scope.bound[called] == 1 else [])
    for scope in scopes:
        scope.names = {bound: value for bound, value in scope.names.items() if scope.bound[bound] == 1}
    return module


def _note(node: ast.AST, scope: Scope, module: Module) -> None:
    """Take down what a node binds or uses."""
    match node:
        case ast.Name(ctx=ast.Load()):
            module.uses[node] = scope
        case ast.Name(id=bound) | ast.ExceptHandler(name=str() as bound) | ast.MatchAs(name=str() as bound):
            scope.bound[bound] += 1
        case ast.Assign(targets=[ast.Name(id=bound)], value=value):
            scope.names[bound] = value
        case ast.AnnAssign(target=ast.Name(id=bound), value=ast.expr() as value):
            scope.names[bound] = value
        case ast.Global(names=names):
            module.top.bound.update(names * _TWICE)
        case ast.Nonlocal(names=names):
            for name in names:
                found = scope.parent.find(name) if scope.parent else None
                (found or module.top).bound[name] += _TWICE
        case ast.ImportFrom():
            _import(module, node, _absolute(module, node))
        case ast.Import():
            _import(module, node, None)


def _define(scope: Scope, node: ast.AST, inner: Scope) -> None:
    if isinstance(node, ast.ClassDef):
        scope.bound[node.name] += 1
        scope.classes[node.name] = inner
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        scope.bound[node.name] += 1
        scope.functions[node.name] = inner
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        inner.bound.update(_parameters(node))
        inner.names |= _defaults(node)


def _parameters(function: _Function) -> Iterator[str]:
    arguments = function.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        yield argument.arg
    for rest in (arguments.vararg, arguments.kwarg):
        if rest is not None:
            yield rest.arg


def _defaults(function: _Function) -> dict[str, ast.expr]:
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    with_default = positional[len(positional) - len(arguments.defaults) :]
    found = {one.arg: value for one, value in zip(with_default, arguments.defaults, strict=True)}
    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return found | {one.arg: value for one, value in named if value is not None}


def _pass(function: Scope, calls: list[ast.Call]) -> None:
    """Let the parameters stand for what the only call of a function gives them."""
    node = function.node
    if len(calls) != 1 or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return
    (call,) = calls
    positional = [*node.args.posonlyargs, *node.args.args]
    for parameter, given in zip(positional, call.args, strict=False):
        if isinstance(given, ast.Starred):
            break
        function.names[parameter.arg] = given
    named = {parameter.arg for parameter in (*node.args.args, *node.args.kwonlyargs)}
    function.names |= {each.arg: each.value for each in call.keywords if each.arg in named}


def _import(module: Module, node: ast.Import | ast.ImportFrom, source: str | None) -> None:
    for alias in node.names:
        name = alias.asname or alias.name
        if source is not None:
            module.imports[name] = (source, alias.name)
        elif alias.asname or "." not in alias.name:
            module.imports[name] = (alias.name, "")


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    is_package = Path(module.file).name == "__init__.py"
    parts = parts[: len(parts) - node.level + is_package]
    return ".".join([*parts, *([node.module] if node.module else [])])


def docstrings(tree: ast.Module) -> Iterator[ast.expr]:
    """The expressions that are documentation."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value
