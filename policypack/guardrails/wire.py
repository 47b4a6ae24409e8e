"""Protobuf requests to the model and back, keeping every mark. The only module that knows how marks are written.

The signatures and sentinels are those of Pulumi's property protocol (sdk/go/common/resource/properties.go, and
`pulumi.runtime.rpc` in Python).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from google.protobuf.struct_pb2 import Struct
from google.protobuf.struct_pb2 import Value as ProtoValue
from pulumi.runtime.proto import analyzer_pb2

from .model import REDACTED, Asset, Keys, Reference, Resource, Secret
from .rule import Edit, MarkSecret, SwitchOn
from .values import UNKNOWN

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the protocol's mark of a secret, not one
_ASSETS: Final = {"c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"}
_REFERENCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UNKNOWNS: Final = frozenset(
    {
        UNKNOWN_TEXT,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


# Deeper than anything a provider takes. What lies below is not read: it exists, and nothing is known of it.
_DEEPEST: Final = 64


def decode(struct: Struct) -> dict[str, object]:
    """The members of `struct` as plain values in which `UNKNOWN`, `Secret`, `Asset` and `Reference` may stand."""
    return {key: _decode_value(value, 0) for key, value in struct.fields.items()}


def _decode_value(value: ProtoValue, depth: int) -> object:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        if text == REDACTED:
            return Secret(UNKNOWN)
        return UNKNOWN if len(text) == len(UNKNOWN_TEXT) and text in _UNKNOWNS else text
    if kind == "struct_value":
        return _decode_struct(value.struct_value, depth + 1) if depth < _DEEPEST else UNKNOWN
    if kind == "bool_value":
        return value.bool_value
    if kind == "number_value":
        return value.number_value
    if kind == "list_value":
        if depth >= _DEEPEST:
            return UNKNOWN
        return [_decode_value(item, depth + 1) for item in value.list_value.values]
    return None


def _decode_struct(struct: Struct, depth: int) -> object:
    fields = struct.fields
    if SIGNATURE not in fields:
        return {key: _decode_value(value, depth) for key, value in fields.items()}
    signature = fields[SIGNATURE].string_value
    members = {key: _decode_value(value, depth) for key, value in fields.items() if key != SIGNATURE}
    if signature == SECRET:
        # A secret of an exported state holds ciphertext in place of its value.
        return Secret(members.get("value", UNKNOWN))
    if signature in _ASSETS:
        return _asset(members)
    if signature == _REFERENCE:
        return Reference(str(members.get("urn", "")), members.get("id"))
    if signature == _OUTPUT:
        inner = members.get("value", UNKNOWN)
        return Secret(inner) if members.get("secret") is True else inner
    # A kind of value this version does not know: it exists and cannot be read.
    return UNKNOWN


def _asset(members: Mapping[str, object]) -> Asset:
    text, nested = members.get("text"), members.get("assets")
    location = members.get("path") or members.get("uri")
    return Asset(
        text=text if isinstance(text, str) else None,
        location=location if isinstance(location, str) else None,
        members=nested if isinstance(nested, dict) else {},
    )


def resource(request: analyzer_pb2.AnalyzeRequest | analyzer_pb2.AnalyzerResource) -> Resource:
    """The model of one resource as Analyze, Remediate or AnalyzeStack sends it."""
    by_property: dict[str, list[str]] = {}
    if isinstance(request, analyzer_pb2.AnalyzerResource):
        by_property = {key: list(entry.urns) for key, entry in request.propertyDependencies.items()}
    return Resource(
        urn=request.urn,
        type=request.type,
        name=request.name,
        properties=decode(request.properties),
        additional_secret_outputs=tuple(request.options.additionalSecretOutputs),
        property_dependencies=by_property,
        provider=request.provider.urn,
    )


def apply(edits: Iterable[Edit], properties: Struct) -> bool:
    """Carry out `edits` on `properties` in place, so that everything they do not name keeps its form on the wire.

    Returns whether anything changed. An edit of something that is not there changes nothing, but for a switch.
    """
    changed = False
    for edit in edits:
        if isinstance(edit, SwitchOn):
            flag = _within_secrets(properties.fields[edit.key])
            changed = changed or not flag.bool_value
            flag.bool_value = True
            continue
        value = _at(properties, edit.keys)
        if value is None:
            continue
        if isinstance(edit, MarkSecret):
            if is_secret(value):
                continue
            inner = ProtoValue()
            inner.CopyFrom(value)
            # A map and an asset are structs as the mark is: what they hold must not stand beside it.
            value.Clear()
            value.struct_value.fields[SIGNATURE].string_value = SECRET
            value.struct_value.fields["value"].CopyFrom(inner)
        else:
            target = _within_secrets(value)
            if target.string_value == edit.text:
                continue
            target.string_value = edit.text
        changed = True
    return changed


def _at(properties: Struct, keys: Keys) -> ProtoValue | None:
    """The value that `keys` lead to, with its own secret mark if it has one; None where there is none."""
    first, *rest = keys
    found = properties.fields.get(str(first))
    for key in rest:
        if found is None:
            return None
        value = _within_secrets(found)
        if isinstance(key, int):
            items = value.list_value.values
            found = items[key] if key < len(items) else None
        else:
            found = value.struct_value.fields.get(key)
    return found


def _within_secrets(value: ProtoValue) -> ProtoValue:
    while is_secret(value):
        value = value.struct_value.fields["value"]
    return value


def is_secret(value: ProtoValue) -> bool:
    """Whether `value` is written as a secret."""
    if value.WhichOneof("kind") != "struct_value":
        return False
    mark = value.struct_value.fields.get(SIGNATURE)
    return mark is not None and mark.string_value == SECRET
