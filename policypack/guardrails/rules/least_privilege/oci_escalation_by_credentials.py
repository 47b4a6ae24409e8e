"""An OCI policy lets its subject give itself the credentials of others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...oci.narrower import of_one_user
from ...oci.powers import GIVE_CREDENTIALS_TO_ADMINISTRATORS
from ...rule import ResourceRule
from ..oci_grants import Danger, found
from ..oci_statements import STATEMENT_TYPES
from ..precedence import above

_ADMINISTRATORS: Final = Danger(
    power=GIVE_CREDENTIALS_TO_ADMINISTRATORS,
    means="may set a password or an API key for any user {where}, an administrator too",
    narrower=of_one_user,
    tenancy=Severity.CRITICAL,
    compartment=Severity.MEDIUM,
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from found(resource, _ADMINISTRATORS)


RULE = ResourceRule(
    id="oci-escalation-by-credentials",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="An OCI policy lets its subject give itself the credentials of others",
    why="It takes one permission such as USER_APIKEY_ADD to escalate: whoever sets the key of an administrator signs in as one.",
    fix="Name the users: where target.user.name = 'NAME', or leave credentials to the users themselves.",
    controls=("CIS-OCI-3.0.0:1.3",),
    covers=("LP-82", "LP-88c"),
    yields_to=above("oci-escalation-by-credentials"),
    types=STATEMENT_TYPES,
    check=check,
)
