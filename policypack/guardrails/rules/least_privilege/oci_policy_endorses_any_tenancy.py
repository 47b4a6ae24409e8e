"""An OCI policy endorses access to any tenancy."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...oci.conditions import Asked, Part, Unmet, find, tests_of
from ...oci.meaning import Open, open_to_anyone
from ...oci.permissions import changing
from ...oci.tree import Grant, Kind, Opaque, Place, PlaceKind, ValueKind, brief
from ...rule import ResourceRule
from ..oci_grants import granted, request, who
from ..oci_statements import STATEMENT_TYPES, shown
from ..precedence import above


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for value, statement in granted(resource):
        if statement.kind is not Kind.ENDORSE:
            continue
        if isinstance(find(statement.condition, Asked(what=Part.CHOSEN)), Unmet):
            continue
        places = [statement.place, *([statement.pairing.place] if statement.pairing else [])]
        if any(isinstance(place, Place) and place.kind is PlaceKind.ANY_TENANCY for place in places):
            yield shown(value, _finding(value.path, statement))
        elif any(isinstance(place, Opaque) for place in places):
            reason = f"whether that is any tenancy hangs on its location (`{brief(statement.place)}`)"
            yield shown(value, undecided(value.path, reason, cause=value.path))


def _finding(path: str, statement: Grant) -> Finding:
    anyone = isinstance(open_to_anyone(statement), Open)
    carries = bool(changing(statement.action))
    means = "carry data into a tenancy that somebody else owns" if carries else "read what strangers offer"
    severity = Severity.HIGH if carries or anyone else Severity.MEDIUM
    # Each caller for itself, such as an agent that reports to the tenancy of its maker.
    own = any(value.kind is ValueKind.VARIABLE for test in tests_of(statement.condition) for value in test.values)
    severity = Severity.LOW if own and not anyone else severity
    return Finding(
        path=path,
        message=f"{who(statement)} may {means}: `{brief(statement.action)} in any-tenancy`",
        severity=Severity.CRITICAL if anyone and carries else severity,
        witness={**request(statement), "resource": "a tenancy that a stranger makes"},
        cause=path,
    )


RULE = ResourceRule(
    id="oci-policy-endorses-any-tenancy",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="An OCI policy endorses access to any tenancy",
    why="A tenancy that the thief owns takes whatever he may write there; nothing of your own tenancy stands in the way.",
    fix="Define the tenancy and name it: Define tenancy PARTNER as ocid1.tenancy.oc1..UNIQUE_ID, then endorse access in tenancy PARTNER.",
    covers=("LP-88b", "PB-65"),
    yields_to=above("oci-policy-endorses-any-tenancy"),
    types=STATEMENT_TYPES,
    check=check,
)
