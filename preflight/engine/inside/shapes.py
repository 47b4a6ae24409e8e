"""The shape of resources and functions: which inputs and outputs they declare, read from the provider SDK's classes."""

from __future__ import annotations

import enum
import functools
import importlib
import types
import typing
from dataclasses import dataclass
from typing import Any, Final

import pulumi
from pulumi import _types
from pulumi.runtime import rpc

from . import sdk

Hint: typing.TypeAlias = Any
"""A type hint as `typing` gives it: a class, or a generic alias such as `Sequence[str]`."""

_PLUMBING: Final = frozenset({"self", "__self__", "resource_name", "opts", "args", "kwargs", "__props__"})


@dataclass(frozen=True, slots=True)
class Property:
    """One declared output. `optional`: the provider may leave it out. `settable`: it is an input too."""

    name: str
    type: Hint
    optional: bool
    settable: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """What a class declares: its outputs, and for a resource the wire names of its inputs."""

    outputs: tuple[Property, ...]
    inputs: frozenset[str]

    def output(self, name: str) -> Property | None:
        """The declared output of that wire name, or None."""
        return next((item for item in self.outputs if item.name == name), None)


@functools.cache
def unwrap(hint: Hint) -> tuple[Hint, bool]:
    """A type hint without `Output[...]` and `Optional[...]`, and whether it was optional.

    Of a union with several members the first one is taken.
    """
    optional = False
    while True:
        origin, arguments = base(hint), typing.get_args(hint)
        if origin is pulumi.Output and arguments:
            hint = arguments[0]
        elif origin in (typing.Union, types.UnionType):
            members = [member for member in arguments if member is not type(None)]
            optional = optional or len(members) < len(arguments)
            hint = members[0]
        else:
            return hint, optional


@functools.cache
def base(hint: Hint) -> Hint:
    """What a generic alias is an alias of (`collections.abc.Sequence` of `Sequence[str]`), or the hint itself."""
    return typing.get_origin(hint) or hint


@functools.cache
def of_object(cls: type) -> Shape:
    """The shape of a nested output type or of a function's result class."""
    return Shape(
        tuple(Property(name, *unwrap(hint), settable=False) for name, hint in sdk.raw_hints(cls).items()),
        frozenset(),
    )


@functools.cache
def of_resource(cls: type) -> Shape:
    """The shape of a resource class."""
    hints: dict[str, Hint] = {**_types.resource_types(cls), **sdk.raw_hints(cls)}
    python_names = _types.resource_pulumi_to_py_names(cls)
    parameters = _parameters(cls)
    inputs = frozenset(name for name in hints if python_names.get(name, name) in parameters)
    return Shape(
        tuple(
            Property(name, *unwrap(hint), settable=name in inputs)
            for name, hint in hints.items()
            if name not in ("id", "urn")
        ),
        inputs,
    )


def _parameters(cls: type) -> frozenset[str]:
    constructor = getattr(cls, "_internal_init", None) or vars(cls).get("__init__")
    code = getattr(constructor, "__code__", None)
    if code is None:
        return frozenset()
    return frozenset(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]) - _PLUMBING


@functools.cache
def resource_class(token: str, version: str) -> type | None:
    """The class that an SDK in this environment has for a type token, or None (components, dynamic resources)."""
    package, _, rest = token.partition(":")
    module = rpc.get_resource_module(package, rest.rpartition(":")[0], version) if rest else None
    info = getattr(module, "mod_info", None)
    if isinstance(info, dict) and token in info.get("classes", {}):
        found = getattr(importlib.import_module(info["fqn"]), info["classes"][token], None)
        if isinstance(found, type):
            return found
    return next((cls for cls in _subclasses(pulumi.Resource) if getattr(cls, "pulumi_type", "") == token), None)


def _subclasses(cls: type) -> typing.Iterator[type]:
    children: list[type] = cls.__subclasses__()
    for child in children:
        yield child
        yield from _subclasses(child)


@functools.cache
def is_enum(hint: Hint) -> bool:
    """Whether a type is an enumeration."""
    return isinstance(hint, type) and issubclass(hint, enum.Enum)


@functools.cache
def is_object(hint: Hint) -> bool:
    """Whether a type is a nested output type, whose fields are declared."""
    return isinstance(hint, type) and _types.is_output_type(hint)


def is_resource(hint: Hint) -> bool:
    """Whether a type is a resource class: what is passed there travels as a reference."""
    return isinstance(hint, type) and issubclass(hint, pulumi.Resource)
