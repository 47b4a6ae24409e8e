"""A statement across tenancies uses a name that its policy does not define."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...oci.aliases import undefined
from ...oci.rejections.rejection import Unreadable
from ...oci.tree import DefinedKind, Definition, Grant
from ...rule import ResourceRule
from ..oci_statements import STATEMENT_TYPES, shown, statements

_IN_AN_OCID: Final = {DefinedKind.DYNAMIC_GROUP: "dynamicgroup"}


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    read = statements(resource)
    definitions = [statement for _, statement in read if isinstance(statement, Definition)]
    may_define = any(isinstance(statement, Unreadable) for _, statement in read)
    for value, statement in read:
        missing = list(undefined(statement, definitions)) if isinstance(statement, Grant) else []
        if missing and may_define:
            reason = f"whether `{missing[0][1]}` is defined hangs on another statement, which is not known"
            yield shown(value, undecided(value.path, reason))
        elif missing:
            names = " and ".join(f"{kind.value} `{name}`" for kind, name in missing)
            added = ", ".join(
                f'"Define {kind.value} {name} as ocid1.{_IN_AN_OCID.get(kind, kind.value)}.oc1..UNIQUE_ID"'
                for kind, name in missing
            )
            found = Finding(
                path=value.path,
                message=f"column {missing[0][1].column}: no statement of this policy defines {names}",
                fix=f"Add to the statements of the policy: {added}.",
            )
            yield shown(value, found)


RULE = ResourceRule(
    id="oci-policy-alias-undefined",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="A policy names something of another tenancy without defining it",
    why="OCI refuses the whole policy when it is created: a name of another tenancy means nothing without its OCID.",
    fix='Add to the same policy "Define tenancy NAME as OCID", and the same for groups and compartments of that tenancy.',
    covers=("LP-88b",),
    types=STATEMENT_TYPES,
    check=check,
)
