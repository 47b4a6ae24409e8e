"""A policy names an action that does not exist."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ...aws.actions import about
from ...aws.document import Effect
from ...aws.misnomers import Misnomer, misnomers
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..every_document import ALL_TYPES, all_documents


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in all_documents(resource):
        for found in placed.ask(misnomers):
            fix = f"Write {json.dumps(found.meant)} in place of {json.dumps(found.name)}." if found.meant else ""
            yield placed.finding(found.path, _message(found), fix=fix, cause=placed.place(found.path))


def _message(found: Misnomer) -> str:
    kind = "matches no action" if "*" in found.name or "?" in found.name else "is no action"
    what = f"{found.name} {kind} of {found.service}" if found.listed else f"{found.service} is no service"
    known = f"as of {about().date.isoformat()}"
    effects = {Effect.ALLOW: "grants", Effect.DENY: "denies"}
    does = "excludes" if found.excludes else effects[found.effect] if found.effect is not None else "does"
    return f"{what} ({known}), so naming it {does} nothing"


RULE = ResourceRule(
    id="action-does-not-exist",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="A policy names an action that does not exist",
    why="What was meant is not granted, or not denied, and nothing says so until a request fails or gets through.",
    fix="Look the name up in AWS's Service Authorization Reference: actions are not always called as the API is.",
    covers=("LP-28",),
    yields_to=("role-trust-grants-nothing",),
    types=ALL_TYPES,
    check=check,
)
