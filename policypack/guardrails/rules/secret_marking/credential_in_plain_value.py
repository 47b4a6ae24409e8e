"""A text that no mark covers holds a credential, told by the form that its issuer gives it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...findings import Concern, Finding, Severity
from ...model import STACK_TYPE, Context, Keys, Resource
from ...rule import Edit, MarkSecret, ResourceRule
from ...secrets.encoded import SHORTEST_ENCODED, decoded
from ...secrets.format_checks import is_aws_secret_key
from ...secrets.format_table import ACCESS_KEY_ID, SECRET_KEY
from ...secrets.formats import Found, find
from ...secrets.places import Place, unmarked
from ...secrets.properties import REFERENCE_INPUTS, credential_inputs, select
from ..plain_parameters import SECURE, plain_parameter


@dataclass(frozen=True, slots=True)
class _Held:
    place: Place
    found: Found
    how: str


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    held = _held(resource)
    # The id of an access key is worth something beside its secret.
    pair = any(one.found.kind == SECRET_KEY for one in held)
    for one in held:
        path = one.place.path
        kind = one.found.kind
        alone = kind == ACCESS_KEY_ID and not pair
        yield Finding(
            path=path,
            cause=path,
            severity=one.found.severity if alone or kind != ACCESS_KEY_ID else Severity.HIGH,
            message=f"{'a name in ' if one.place.is_name else ''}{path} holds {kind}{one.how} in clear"
            + (": some long-lived key is used here, and its secret half has to be somewhere" if alone else ""),
        )
    value = plain_parameter(resource)
    if value is not None and (found := _gravest(Place(value.keys, value.text or ""), resource)) is not None:
        yield Finding(
            path=value.path,
            cause=value.path,
            severity=found.found.severity,
            message=f"the parameter holds {found.found.kind}{found.how} and is of a type that the service stores unencrypted",
            fix=SECURE,
        )


def _held(resource: Resource) -> list[_Held]:
    """What stands in clear, at each place the gravest, without what other rules decide."""
    if resource.type == STACK_TYPE:
        return []
    places = list(unmarked(resource.properties))
    # Once for all texts together: most resources hold nothing.
    plain = next(find("\n".join([place.text for place in places])), None) is not None
    found = [
        one
        for place in places
        if (plain or len(place.text) >= SHORTEST_ENCODED)
        and (one := _gravest(place, resource, plain=plain)) is not None
    ]
    if not found:
        return []
    decided = _decided(resource)
    return [one for one in found if not any(one.place.keys[: len(keys)] == keys for keys in decided)]


def _gravest(place: Place, resource: Resource, *, plain: bool = True) -> _Held | None:
    """The gravest in one text; `plain` says whether it is worth looking for anything that is not encoded."""
    text = place.text
    held: list[_Held] = []
    if plain:
        held += (_Held(place, found, _how(text)) for found in find(text))
    if is_aws_secret_key(text) and "secret" in _name(place.keys, resource).lower():
        held.append(_Held(place, Found(SECRET_KEY, 0, len(text), Severity.HIGH), ""))
    if not place.is_name:
        held += (_Held(place, found, f" {layer.how}") for layer in decoded(text) for found in find(layer.text))
    return max(held, key=lambda one: one.found.severity.rank, default=None)


def _how(text: str) -> str:
    return " inside its JSON text" if text.lstrip().startswith(("{", "[")) else ""


def _name(keys: Keys, resource: Resource) -> str:
    """What a value is called: the name it stands under, or that of the entry of a list of variables."""
    value = resource[str(keys[0])]
    for key in keys[1:-1]:
        value = value[key]
    if len(keys) > 1 and str(keys[-1]).lower() == "value":
        return value["name"].text or value["key"].text or ""
    return next((key for key in reversed(keys) if isinstance(key, str)), "")


def _decided(resource: Resource) -> set[Keys]:
    """The places that `credential-property-unmarked` decides, and the parameter that is judged by its type."""
    paths = (*credential_inputs().get(resource.type, ()), *REFERENCE_INPUTS.get(resource.type, ()))
    decided = {value.keys for path in paths for value in select(resource, path)}
    value = plain_parameter(resource)
    return decided if value is None else decided | {value.keys}


def remediate(resource: Resource, context: Context) -> Iterator[Edit]:
    return (MarkSecret(one.place.keys) for one in _held(resource))


RULE = ResourceRule(
    id="credential-in-plain-value",
    concern=Concern.SECRET_MARKING,
    severity=Severity.HIGH,
    title="A plain value holds a credential",
    why="Tags, environments, start scripts and descriptions are shown to everyone who may describe the resource, and stand in the state in clear.",
    fix="Replace the credential, keep the new one in a secret store and pass the name of its entry; wrap what must stay here in `pulumi.Output.secret(…)`.",
    controls=("FSBP-1.0.0:ECS.8", "FSBP-1.0.0:CodeBuild.1", "FSBP-1.0.0:CodeBuild.2"),
    covers=("SM-02", "SM-03", "SM-04", "SM-05", "SM-14", "SM-16", "SM-18", "SM-43"),
    yields_to=(
        "secret-configuration-in-plain",
        "credential-property-unmarked",
        "api-key-private-key",
        "build-environment-with-access-keys",
    ),
    types=(),
    check=check,
    remediate=remediate,
)
