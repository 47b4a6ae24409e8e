"""What is said where a known secret shows without a mark."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Final

from ..findings import Evidence, Finding, undecided
from ..model import Resource
from ..secrets.places import Place, presentable, within
from ..secrets.search import KnownSecret, KnownSecrets, Sighting
from ..values import has_stand_in

LOST_MARK: Final = (
    "Pulumi hides and encrypts a value where it is marked, not where it is copied to: a copy without the mark stands in "
    "the state, in previews and in the cloud's own console in clear."
)
KEEP_MARK: Final = (
    "Pass it on as an output (`config.require_secret`, `Output.format`, without `Output.unsecret`), or let the workload "
    "read it from a secret store; then replace the secret, which former states hold."
)
_LABELS: Final = re.compile(
    r"(?:^|.*\W)(?:tags|tagsAll|freeformTags|definedTags|labels|annotations|name|\w*Name|name\w*Prefix|description|alias)(?:$|\W.*)"
)
_TAKE_OUT: Final = (
    "Take the secret out: names, tags and descriptions are shown to whoever may list resources, marked or not. Then "
    "replace it."
)


def at_place(
    place: Place, known: KnownSecrets, resource: Resource, but: Container[KnownSecret] = ()
) -> Iterator[Finding]:
    """What is said of one place of a resource: all the secrets that it shows, `but` for some.

    In a JSON document the place is the one inside it.
    """
    look = known.look(place.text)
    if look.cut and not look.sightings:
        yield _too_much(place, known, resource)
    if not look.sightings:
        return
    shown = _shown(place, known, but, resource)
    if not shown:
        return
    inner = [(one, found) for one in within(place) if (found := _shown(one, known, but, resource))]
    for one, found in inner or [(place, shown)]:
        yield _at(one, found, resource, known)


def _shown(place: Place, known: KnownSecrets, but: Container[KnownSecret], resource: Resource) -> list[Sighting]:
    own = f"of {resource.type} {resource.name!r}"
    # What nobody has marked stands unmarked where it is known from: other rules say that.
    return [
        one
        for one in known.sightings(place.text)
        if one.secret not in but and (one.secret.marked or (one.secret.place, one.secret.keys) != (own, place.keys))
    ]


def _at(place: Place, shown: Sequence[Sighting], resource: Resource, known: KnownSecrets) -> Finding:
    path = presentable(place.keys, known.sightings)
    what = f"a name in {path}" if place.is_name else path
    return Finding(
        path=path,
        cause=path,
        urn=resource.urn,
        message=f"{what} shows {sources(shown, known)} without a secret mark",
        fix=_TAKE_OUT if _LABELS.fullmatch(path) else _fix(shown, known),
        evidence=evidence(shown),
    )


def _fix(shown: Iterable[Sighting], known: KnownSecrets) -> str:
    """What to do where no rule's general advice fits; empty otherwise."""
    unmarked = [_place(one.secret, known) for one in shown if not one.secret.marked]
    if not unmarked:
        return ""
    return f"Mark {unmarked[0]} first: name it in `additional_secret_outputs` of that resource, and pass on the output."


def _too_much(place: Place, known: KnownSecrets, resource: Resource) -> Finding:
    path = presentable(place.keys, known.sightings)
    reason = f"{path} holds more encoded text than is decoded here, so whether a secret stands in it is not known"
    return undecided(path, reason, cause=path, urn=resource.urn)


def at_name(resource: Resource, known: KnownSecrets) -> Iterator[Finding]:
    """What is said of a resource whose name in the program shows secrets."""
    if shown := known.sightings(resource.name):
        yield Finding(
            path="",
            cause="urn",
            urn=resource.urn,
            message=f"the name of this resource shows {sources(shown, known)}",
            fix=_TAKE_OUT,
            evidence=evidence(shown),
        )


def sources(shown: Iterable[Sighting], known: KnownSecrets) -> str:
    """The secrets in words, by where they are from."""
    said = (f"{_place(one.secret, known)}{f' {one.how}' if one.how else ''}" for one in shown)
    return " and ".join(dict.fromkeys(said))


def _place(secret: KnownSecret, known: KnownSecrets) -> str:
    return f"`{presentable(secret.keys, known.sightings)}` {secret.place}" if secret.keys else secret.place


def evidence(shown: Iterable[Sighting]) -> Evidence:
    """A canary is known to preflight alone."""
    return Evidence.PROGRAM if all(map(_is_canary, (one.secret for one in shown))) else Evidence.WIRE


def _is_canary(secret: KnownSecret) -> bool:
    return has_stand_in(secret.text)
