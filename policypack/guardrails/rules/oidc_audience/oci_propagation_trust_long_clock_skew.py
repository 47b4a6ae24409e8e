"""An identity propagation trust takes tokens long after they have expired."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ..propagation_trusts import TRUST_TYPES, of_active

# What libraries for JSON Web Tokens allow at most by default.
_MOST: Final = 300


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from of_active(resource, _findings(resource))


def _findings(resource: Resource) -> Iterator[Finding]:
    skew = resource["clockSkewSeconds"]
    seconds = _seconds(skew.raw)
    if seconds is not None and seconds > _MOST:
        message = f"a token is taken until {seconds:.0f} seconds after it has expired"
        yield Finding(path=skew.path, message=message)
    elif seconds is None and not skew.absent:
        yield undecided(skew.path, "for how long an expired token is taken cannot be read yet")


def _seconds(raw: object) -> float | None:
    if isinstance(raw, str) and raw.strip().isdecimal() and len(raw) < 20:
        return float(raw)
    return float(raw) if isinstance(raw, int | float) else None


RULE = ResourceRule(
    id="oci-propagation-trust-long-clock-skew",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.LOW,
    title="An identity propagation trust takes tokens long after they expired",
    why="Tokens of workloads live for minutes so that a leaked one is soon worth nothing; a long clock skew undoes that.",
    fix="Set clockSkewSeconds to 60, and at most to 300.",
    covers=("OI-12b",),
    types=TRUST_TYPES,
    check=check,
)
