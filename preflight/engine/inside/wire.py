"""Values as they travel: protobuf Structs with marks for unknowns, secrets and references.

Structs are edited in place and never rebuilt from Python values: rebuilding loses nested marks, assets and archives.
The sentinels are those of the Pulumi protocol (`pulumi.runtime.rpc` holds the same constants, partly private).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from google.protobuf import struct_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a public constant of the protocol
RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_INTERNAL: Final = "__"

Plain = str | float | bool | None | list["Plain"] | dict[str, "Plain"]
"""A decoded value without marks."""

Keys = tuple[str | int, ...]
"""The steps that lead to a value from a resource's properties."""


def signature(value: struct_pb2.Value) -> str:
    """The signature of a marked value (secret, asset, archive, reference), or an empty text."""
    if value.WhichOneof("kind") != "struct_value":
        return ""
    fields = value.struct_value.fields
    return fields[SIGNATURE].string_value if SIGNATURE in fields else ""


def reveal(value: struct_pb2.Value) -> struct_pb2.Value:
    """The value inside its secret mark, or the value itself."""
    return value.struct_value.fields["value"] if signature(value) == SECRET else value


def mark_secret(value: struct_pb2.Value) -> None:
    """Put a secret mark around a value, unless it has one."""
    if signature(value) == SECRET:
        return
    inner = struct_pb2.Value()
    inner.CopyFrom(value)
    fields = value.struct_value.fields
    fields.clear()
    fields[SIGNATURE].string_value = SECRET
    fields["value"].CopyFrom(inner)


def mentions(message: struct_pb2.Struct | struct_pb2.Value, text: str) -> bool:
    """Whether `text` may stand somewhere in the message: a fast test before a walk, never wrong when it says no."""
    return text.encode() in message.SerializeToString()


def known_text(value: struct_pb2.Value) -> str | None:
    """The text of a known, unmarked string value; None for anything else."""
    if value.WhichOneof("kind") != "string_value" or value.string_value == UNKNOWN:
        return None
    return value.string_value


def assign(value: struct_pb2.Value, plain: Plain) -> None:
    """Set a protobuf value to a plain Python value."""
    match plain:
        case None:
            value.null_value = struct_pb2.NULL_VALUE
        case bool():
            value.bool_value = plain
        case str():
            value.string_value = plain
        case int() | float():
            value.number_value = plain
        case list():
            value.list_value.Clear()
            for item in plain:
                assign(value.list_value.values.add(), item)
        case dict():
            value.struct_value.Clear()
            for key, item in plain.items():
                assign(value.struct_value.fields[key], item)


def to_plain(value: struct_pb2.Value) -> Plain:
    """A value as a plain Python value, its secret marks dropped. Unknowns stay as their sentinel text."""
    value = reveal(value)
    match value.WhichOneof("kind"):
        case "string_value":
            return value.string_value
        case "number_value":
            return value.number_value
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [to_plain(item) for item in value.list_value.values]
        case "struct_value":
            return struct_to_plain(value.struct_value)
    return None


def struct_to_plain(struct: struct_pb2.Struct) -> dict[str, Plain]:
    """A struct as a plain dictionary; see `to_plain`."""
    return {key: to_plain(item) for key, item in struct.fields.items()}


def as_json_text(value: struct_pb2.Value) -> None:
    """Turn a document given as an object or list into text, as bridged providers do in place.

    A document with an unknown anywhere is unknown as a whole, and one with a secret anywhere is secret.
    """
    secret = mentions(value, SECRET)
    if mentions(value, UNKNOWN):
        value.string_value = UNKNOWN
    else:
        value.string_value = json.dumps(to_plain(value), sort_keys=True)
    if secret:
        mark_secret(value)


def without_internal_keys(struct: struct_pb2.Struct) -> struct_pb2.Struct:
    """The struct without the keys that the engine keeps to itself (`__defaults` and the like).

    Only its own: inside a value the engine leaves such keys where they are.
    """
    internal = [key for key in struct.fields if key.startswith(_INTERNAL)]
    if not internal:
        return struct
    copy = struct_pb2.Struct()
    copy.CopyFrom(struct)
    for key in internal:
        del copy.fields[key]
    return copy


def replace_references(struct: struct_pb2.Struct) -> None:
    """Replace each resource that was passed as a value by its id (a component, which has none: by its URN).

    This is what reaches providers and packs, neither of which accept references. A reference whose id is empty
    belongs to a resource that has no id yet: unknown.
    """
    if not mentions(struct, RESOURCE):
        return
    for value in struct.fields.values():
        _replace_reference(value)


def _replace_reference(value: struct_pb2.Value) -> None:
    match value.WhichOneof("kind"):
        case "struct_value":
            fields = value.struct_value.fields
            if signature(value) == RESOURCE:
                text = (fields["id"].string_value or UNKNOWN) if "id" in fields else fields["urn"].string_value
                value.string_value = text
                return
            for item in fields.values():
                _replace_reference(item)
        case "list_value":
            for item in value.list_value.values:
                _replace_reference(item)


def secret_texts(struct: struct_pb2.Struct) -> Iterator[tuple[Keys, str]]:
    """Each known text under a secret mark, with the names and indices that lead to it."""
    if not mentions(struct, SECRET):
        return
    for key, value in struct.fields.items():
        yield from _secret_texts(value, (key,), inside=False)


def _secret_texts(value: struct_pb2.Value, keys: Keys, *, inside: bool) -> Iterator[tuple[Keys, str]]:
    match value.WhichOneof("kind"):
        case "string_value":
            if inside and value.string_value != UNKNOWN:
                yield keys, value.string_value
        case "list_value":
            for index, item in enumerate(value.list_value.values):
                yield from _secret_texts(item, (*keys, index), inside=inside)
        case "struct_value":
            kind = signature(value)
            if kind == SECRET:
                yield from _secret_texts(value.struct_value.fields["value"], keys, inside=True)
            elif not kind:
                for key, item in value.struct_value.fields.items():
                    yield from _secret_texts(item, (*keys, key), inside=inside)
