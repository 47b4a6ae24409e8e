"""A text that no mark covers holds a credential, told by the form that its issuer gives it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import STACK_TYPE, Context, Keys, Resource
from ...rule import Edit, MarkSecret, ResourceRule
from ...secrets.encoded import SHORTEST_ENCODED
from ...secrets.format_checks import is_aws_secret_key
from ...secrets.format_table import ACCESS_KEY_ID, SECRET_KEY
from ...secrets.formats import find
from ...secrets.held import Held, encoded, issued, showing
from ...secrets.looks import is_example
from ...secrets.places import Place, joined, presentable, unmarked, within
from ...secrets.properties import decided
from ..plain_parameters import SECURE, plain_parameter

_FORTY: Final = re.compile(r"[A-Za-z0-9/+]{40}")  # an AWS secret access key has so many of these
_LARGE: Final = 65_536  # what is larger is looked at in its parts, lest decoding stop before the end


@dataclass(frozen=True, slots=True)
class _At:
    """A credential at a place, which may lie in a JSON text; `whole` is the place of the text that the resource has."""

    place: Place
    held: Held
    whole: Place


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    found = _found(resource)
    # The id of an access key is worth something beside its secret.
    pair = any(one.held.kind == SECRET_KEY for one in found)
    said: set[str] = set()
    for one in found:
        path = presentable(one.place.keys, showing(one.held.text))
        # Where a name on the way is a credential, the place that can be named may be that of several.
        if path in said:
            continue
        said.add(path)
        is_id = one.held.kind == ACCESS_KEY_ID
        more = (
            ": some long-lived key is used here, and its secret half has to be somewhere" if is_id and not pair else ""
        )
        yield Finding(
            path=path,
            cause=path,
            severity=Severity.HIGH if is_id and pair else one.held.severity,
            message=f"{'a name in ' if one.place.is_name else ''}{path} holds {_words(one.held)} without a secret mark{more}",
        )
    value = plain_parameter(resource)
    if value is not None and (gravest := _gravest(Place(value.keys, value.text or ""), resource)) is not None:
        yield Finding(
            path=value.path,
            cause=value.path,
            severity=gravest.severity,
            message=f"the parameter holds {_words(gravest)} and is of a type that the service stores unencrypted",
            fix=SECURE,
        )


def _words(held: Held) -> str:
    return f"{held.kind} {held.how}".rstrip()


def _found(resource: Resource) -> list[_At]:
    """What stands in clear, at each place the gravest, without what other rules decide."""
    if resource.type == STACK_TYPE:
        return []
    # Once for all texts together: most resources hold nothing, and are not looked at place by place.
    texts = joined(resource.properties)
    plain = next(find(texts), None) is not None
    if not (plain or len(texts) > _LARGE or _FORTY.search(texts) or next(encoded(texts), None)):
        return []
    places = list(unmarked(resource.properties))
    found = [
        one
        for place in places
        if plain or len(place.text) >= SHORTEST_ENCODED
        for one in _at(place, resource, plain=plain)
    ]
    if not found:
        return []
    found += _beside_ids(found, places)
    others = decided(resource)
    value = plain_parameter(resource)
    if value is not None:
        others.add(value.keys)
    return [one for one in found if not any(one.whole.keys[: len(keys)] == keys for keys in others)]


def _at(place: Place, resource: Resource, *, plain: bool) -> Iterator[_At]:
    """The gravest at a place; in a JSON text at each place inside it, where they are found there too."""
    gravest = _gravest(place, resource, plain=plain)
    if gravest is not None:
        inner = [
            _At(one, held, place) for one in within(place) if (held := max(issued(one.text), key=_rank, default=None))
        ]
        yield from inner or [_At(place, gravest, place)]


def _gravest(place: Place, resource: Resource, *, plain: bool = True) -> Held | None:
    """The gravest in one text; `plain` says whether it is worth looking for anything that is not encoded."""
    text = place.text
    held = list(issued(text) if plain else encoded(text))
    if _is_secret_key(text) and "secret" in _name(place.keys, resource).lower():
        held.append(_secret_key(text))
    return max(held, key=_rank, default=None)


def _rank(held: Held) -> int:
    return held.severity.rank


def _beside_ids(found: Iterable[_At], places: Iterable[Place]) -> Iterator[_At]:
    """The secret keys beside the ids of access keys, in the same map or list of variables, whatever they are called."""
    maps = {_around(one.place.keys) for one in found if one.held.kind == ACCESS_KEY_ID and not one.place.is_name}
    if maps:
        known = {one.place for one in found}
        for place in places:
            if place not in known and _is_secret_key(place.text) and _around(place.keys) in maps:
                yield _At(place, _secret_key(place.text), place)


def _around(keys: Keys) -> Keys:
    is_entry = len(keys) > 2 and isinstance(keys[-2], int) and str(keys[-1]).lower() == "value"
    return keys[: -2 if is_entry else -1]


def _is_secret_key(text: str) -> bool:
    return is_aws_secret_key(text) and not is_example(text)


def _secret_key(text: str) -> Held:
    return Held(SECRET_KEY, 0, len(text), "", Severity.HIGH, text)


def _name(keys: Keys, resource: Resource) -> str:
    """What a value is called: the name it stands under, or that of the entry of a list of variables."""
    value = resource[str(keys[0])]
    for key in keys[1:-1]:
        value = value[key]
    if len(keys) > 1 and str(keys[-1]).lower() == "value":
        return value["name"].text or value["key"].text or ""
    return next((key for key in reversed(keys) if isinstance(key, str)), "")


def remediate(resource: Resource, context: Context) -> Iterator[Edit]:
    return map(MarkSecret, dict.fromkeys(one.whole.keys for one in _found(resource)))


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
