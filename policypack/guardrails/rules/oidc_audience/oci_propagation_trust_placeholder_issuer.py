"""The issuer of an identity propagation trust was never filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..propagation_trusts import TRUST_TYPES, of_active, quoted

_PLACEHOLDER: Final = re.compile(
    r"[<>{}]|\$\w|\b(?:your|my)[-_ ]?(?:issuer|tenant|tenancy|domain|org|idp|url|host)|(?:change|replace)[-_ ]?me\b"
    r"|placeholder|\btodo\b|\bx{4,}\b|0{8}-0{4}-0{4}-0{4}-0{12}",
    re.IGNORECASE,
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    issuer = resource["issuer"]
    if issuer.text is not None and (not issuer.text.strip() or _PLACEHOLDER.search(issuer.text)):
        shown = quoted(issuer) if issuer.text.strip() else "is empty: it"
        message = f"the issuer {shown} was never filled in"
        yield from of_active(resource, [Finding(path=issuer.path, message=message)])


RULE = ResourceRule(
    id="oci-propagation-trust-placeholder-issuer",
    concern=Concern.OIDC_AUDIENCE,
    severity=Severity.MEDIUM,
    title="The issuer of an identity propagation trust is a placeholder",
    why="No token of the workload is taken; where the name or tenant of an example exists, its owner's tokens are.",
    fix="Write the issuer as it stands in the iss claim of your workload's tokens.",
    covers=("OI-12b",),
    types=TRUST_TYPES,
    check=check,
)
