"""Allowed actions in words: service by service, what is most dangerous first, cut where nobody would read on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from policypack.guardrails.aws import actions as table
from policypack.guardrails.aws.explanation import Share

# The most dangerous first; what the table does not list comes last.
_ORDER: Final = (*reversed(table.DANGER), None)
_UNLISTED: Final = "not listed"
_READING: Final = table.DANGER.index(table.AccessLevel.READ)
_SERVICES: Final = 8
_NAMES: Final = 6


def level_name(level: table.AccessLevel | None) -> str:
    """A level as a report calls it."""
    return level.value.lower() if level is not None else _UNLISTED


def by_level(share: Share) -> Mapping[str, Sequence[str]]:
    """The actions of a share under the names of their levels, the most dangerous first, none empty."""
    found = {level_name(level): share.at(level) for level in _ORDER}
    return {level: names for level, names in found.items() if names}


def shares_of(names: Iterable[str]) -> tuple[Share, ...]:
    """Actions as shares of their services, in alphabetical order."""
    services: dict[str, list[str]] = {}
    for name in names:
        services.setdefault(name.partition(":")[0], []).append(name)
    return tuple(
        Share(service, tuple(sorted(set(found))), len(listed.actions) if (listed := table.service(service)) else None)
        for service, found in sorted(services.items())
    )


def lines(shares: Sequence[Share], *, whole: bool) -> list[str]:
    """A line for each service, the most dangerous first; `whole` leaves nothing out."""
    ordered = sorted(shares, key=_danger)
    shown = ordered if whole or len(ordered) <= _SERVICES + 1 else ordered[:_SERVICES]
    rest = ordered[len(shown) :]
    found = [_line(share, whole=whole) for share in shown]
    if rest:
        number = sum(len(share.actions) for share in rest)
        found.append(f"and {number:,} actions of {len(rest)} more services ({_levels(rest)}); --verbose lists them")
    if len(ordered) > _SERVICES + 1:
        number = sum(len(share.actions) for share in ordered)
        found.insert(0, f"{number:,} actions of {len(ordered)} services ({_levels(ordered)}), among them")
    return found


def _danger(share: Share) -> tuple[int, int, str]:
    return (-max(map(table.rank, share.actions), default=-1), -len(share.actions), share.service)


def _line(share: Share, *, whole: bool) -> str:
    service = table.service(share.service)
    unlisted = share.at(None)
    if service is None:
        return f"{share.service}, which AWS does not list: {_cut(share.actions, whole=whole)}"
    missing = sorted({action.name for action in service.actions.values()} - set(share.actions))
    names = [name for level, found in by_level(share).items() if level != _UNLISTED for name in found]
    if not missing:
        said = f"all {share.total} actions"
    elif len(missing) < len(names) and len(missing) <= _NAMES:
        said = f"all {share.total} actions but {', '.join(missing)}"
    elif names:
        listed = replace(share, actions=tuple(names))
        said = f"{len(names)} of {share.total} actions ({_levels([listed])}){_named(names, whole=whole)}"
    else:
        return f"{share.service}: {_cut(unlisted, whole=whole)}, which AWS does not list"
    more = f"; not listed by AWS: {_cut(unlisted, whole=whole)}" if unlisted else ""
    return f"{share.service}: {said}{more}"


def _named(names: Sequence[str], *, whole: bool) -> str:
    """The actions by name, or of many those that change something."""
    if whole or len(names) <= _NAMES + 1:
        return f": {', '.join(names)}"
    telling = [name for name in names if table.rank(name) > _READING][:_NAMES]
    return f": {', '.join(telling)} and {len(names) - len(telling)} more" if telling else ""


def _levels(shares: Sequence[Share]) -> str:
    """How many actions there are of each level; the level alone where there is one only."""
    counts = {
        level_name(level): number for level in _ORDER if (number := sum(len(share.at(level)) for share in shares))
    }
    if len(counts) == 1:
        return next(iter(counts))
    return ", ".join(f"{number:,} {level}" for level, number in counts.items())


def _cut(names: Sequence[str], *, whole: bool) -> str:
    return series(names, _NAMES, whole=whole)


def series(
    texts: Sequence[str], most: int, *, whole: bool, show: Callable[[str], str] = str, between: str = ", "
) -> str:
    """Texts one after the other, the first `most` of them where not the `whole` is asked for."""
    # In place of a single one that is left out there is room for the one itself.
    if whole or len(texts) <= most + 1:
        return between.join(map(show, texts))
    return f"{between.join(map(show, texts[:most]))} and {len(texts) - most} more"


def phrase(shares: Sequence[Share]) -> str:
    """What may be done, in half a sentence."""
    names = [name for share in shares for name in share.actions]
    if len(names) == 1:
        return names[0]
    full = [share.service for share in shares if share.total == len(share.actions)] if len(shares) <= _SERVICES else []
    worst = max(map(table.rank, names))
    upto = f" (up to {level_name(table.DANGER[worst])})" if worst >= 0 else ""
    if full:
        more = "" if len(full) == len(shares) else f" and more{upto}"
        return f"use all of {series(full, 3, whole=False)}{more}"
    where = shares[0].service if len(shares) == 1 else f"{len(shares)} services"
    return f"use {len(names):,} actions of {where}{upto}"
