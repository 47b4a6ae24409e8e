"""An OCI policy lets its subject decide how users sign in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.narrower import inspecting
from ...oci.powers import ADMIT_IDENTITIES, LOOSEN_SIGN_IN
from ...rule import ResourceRule
from ..oci_grants import Danger, found
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above

_RULES: Final = Danger(
    power=LOOSEN_SIGN_IN,
    means="may loosen the rules by which users {where} sign in",
    narrower=inspecting,
    tenancy=Severity.MEDIUM,
    compartment=Severity.LOW,
)
_DANGER: Final = Danger(
    power=ADMIT_IDENTITIES,
    means="may change how users {where} sign in, and sign in as any of them",
    narrower=inspecting,
    tenancy=Severity.HIGH,
    compartment=Severity.MEDIUM,
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from found(resource, _DANGER, _RULES)


RULE = ResourceRule(
    id="oci-escalation-by-identity-providers",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="An OCI policy lets its subject decide how users sign in",
    why="A rogue identity provider, domain or client vouches for whomever its owner wants, and so lets him escalate.",
    fix="Leave identity providers, domains, clients and authentication policies to the Administrators of the tenancy.",
    covers=("LP-88c",),
    yields_to=above("oci-escalation-by-identity-providers"),
    types=STATEMENT_TYPES,
    check=check,
)
