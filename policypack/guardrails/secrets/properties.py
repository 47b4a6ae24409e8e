"""Which properties carry a credential.

Everything here is read from `data/properties.json`, which scripts/credential_properties.py writes from the sources of
the provider SDKs: what they mark secret themselves, and what they leave unmarked. A path names nested properties with
dots and every element of a list with `[*]`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from ..model import Keys, Resource, Value

_TYPES: Final[Mapping[str, Mapping[str, Sequence[str]]]] = json.loads(
    Path(__file__).with_name("data").joinpath("properties.json").read_text(encoding="utf-8")
)["types"]


def _column(name: str) -> Mapping[str, Sequence[str]]:
    return {token: entry[name] for token, entry in _TYPES.items() if name in entry}


# Properties that the SDKs mark and that are no credentials: names, texts, public keys. A plain value here is no leak,
# and the value itself may well appear elsewhere.
NOT_CREDENTIALS: Final[Mapping[str, frozenset[str]]] = {
    token: frozenset(names) for token, names in _column("not_credentials").items()
}

# Paths of inputs that hold a credential and that no SDK marks.
UNMARKED_INPUTS: Final = _column("inputs")

# Inputs that take the id of a secret in a vault: any other text is the credential itself, in the wrong place.
REFERENCE_INPUTS: Final = _column("references")

# Outputs that hold a credential and that no SDK marks: the program has to name them in additional_secret_outputs. Some
# are generated only where the input of that name is not given.
UNMARKED_OUTPUTS: Final = _column("outputs")


@cache
def marked() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """`{type token: {"inputs": [...], "outputs": [...]}}` as the SDKs mark them."""
    return {
        token: {"inputs": entry.get("marked_inputs", []), "outputs": entry["marked_outputs"]}
        for token, entry in _TYPES.items()
        if "marked_outputs" in entry
    }


@cache
def credential_inputs() -> Mapping[str, Sequence[str]]:
    """The paths of credential-bearing inputs by type: marked by the SDK and not."""
    paths: dict[str, list[str]] = {}
    for token, marks in marked().items():
        wanted = [name for name in marks["inputs"] if name not in NOT_CREDENTIALS.get(token, frozenset())]
        if wanted:
            paths[token] = wanted
    for token, unmarked in UNMARKED_INPUTS.items():
        paths[token] = [*paths.get(token, []), *unmarked]
    return paths


def decided(resource: Resource) -> set[Keys]:
    """The places that `credential-property-unmarked` and `credential-output-unmarked` decide."""
    token = resource.type
    given = [
        path
        for path in (*credential_inputs().get(token, ()), *REFERENCE_INPUTS.get(token, ()))
        if resource.gave(path.split(".")[0].removesuffix("[*]"))
    ]
    return {value.keys for path in (*given, *UNMARKED_OUTPUTS.get(token, ())) for value in select(resource, path)}


def is_plain_parameter(resource: Resource) -> bool:
    """Whether a resource is a parameter that Systems Manager stores unencrypted: a setting.

    The SDK marks the value of every parameter; only a SecureString is one that somebody meant to be secret.
    """
    return resource.type == "aws:ssm/parameter:Parameter" and resource["type"].text in ("String", "StringList")


def select(resource: Resource, path: str) -> Iterator[Value]:
    """The values at `path`; nothing where any step of it is absent."""
    first, *rest = path.split(".")
    values = _step(resource[first.removesuffix("[*]")], first)
    for part in rest:
        values = [inner for value in values for inner in _step(value[part.removesuffix("[*]")], part)]
    return (value for value in values if not value.absent)


def _step(value: Value, part: str) -> list[Value]:
    # A block that may stand once is sent as an object or as a list of one, depending on the provider's version.
    return list(value.elements()) if part.endswith("[*]") or isinstance(value.raw, list) else [value]
