"""What the variables of a condition say about a request.

Source: Oracle's "General Variables for All Requests" and the variables of each service, as of November 2026.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from enum import Enum, auto
from typing import Final


class Says(Enum):
    """What a test of a variable can pin down."""

    WHO = auto()  # one principal, or a set that its owner closes: a group, a compartment, a cluster, a tag
    KIND = auto()  # a sort of principal, of which anybody may own one
    WHAT = auto()  # the thing acted on, or what is done to it
    CIRCUMSTANCES = auto()  # from where, when, how signed in


VARIABLES: Final = {
    "request.user.id": Says.WHO,
    "request.user.name": Says.WHO,
    "request.groups.id": Says.WHO,
    "request.principal.id": Says.WHO,
    "request.instance.id": Says.WHO,
    "request.principal.compartment.id": Says.WHO,
    "request.principal.cluster_id": Says.WHO,
    "request.resource.compartment.id": Says.WHO,
    "request.principal.type": Says.KIND,
    "request.principal.servicetype": Says.KIND,
    "request.principal.namespace": Says.KIND,
    "request.principal.service_account": Says.KIND,
    "request.principal.governingtenancyid": Says.KIND,
    "request.domain.id": Says.KIND,
    "request.domain.name": Says.KIND,
    "request.service": Says.KIND,
    "request.permission": Says.WHAT,
    "request.operation": Says.WHAT,
    "request.user.mfatotpverified": Says.CIRCUMSTANCES,
    "request.networksource.name": Says.CIRCUMSTANCES,
    "request.region": Says.CIRCUMSTANCES,
    "request.ad": Says.CIRCUMSTANCES,
    "request.vcn.id": Says.CIRCUMSTANCES,
    "request.ipv4.ipaddress": Says.CIRCUMSTANCES,
    "request.utc-timestamp": Says.CIRCUMSTANCES,
    # Nobody reaches a target of another tenancy by an allow statement.
    "target.tenant.id": Says.CIRCUMSTANCES,
}
# Variables of targets that Oracle names; each service may have others.
_TARGETS: Final = (
    "target.compartment.id",
    "target.compartment.name",
    "target.bucket.name",
    "target.object.name",
    "target.group.id",
    "target.group.name",
    "target.group.member",
    "target.user.id",
    "target.user.name",
    "target.dynamicgroup.id",
    "target.dynamicgroup.name",
    "target.policy.id",
    "target.policy.name",
    "target.policy.autoupdate",
    "target.policy.type",
    "target.secret.name",
    "target.secret.id",
    "target.key.id",
    "target.vault.id",
    "target.function.id",
    "target.resource.domain.id",
    "target.resource.domain.name",
    "target.tag-namespace.id",
    "target.tag-namespace.name",
    "target.instance.id",
)
# What a service may name of its own things: an identifier, a name, a tag. Another variable of a target may be one that
# each request meets, such as its kind.
_OF_A_TARGET: Final = re.compile(r"target\..*(?:[.\-_](?:id|ocid|name|displayname)|\.tag\..+)")
_PREFIXES: Final = {
    "request.principal.group.tag.": Says.WHO,
    "request.principal.compartment.tag.": Says.WHO,
    "request.utc-timestamp.": Says.CIRCUMSTANCES,
}


def says(variable: str) -> Says | None:
    """Return what a test of `variable`, in any letter case, is about; None if the variable is not known here."""
    folded = variable.lower()
    known = VARIABLES.get(folded)
    if known is not None:
        return known
    if folded in _TARGETS or _OF_A_TARGET.fullmatch(folded):
        return Says.WHAT
    return next((meaning for prefix, meaning in _PREFIXES.items() if folded.startswith(prefix)), None)


def nearest_variable(variable: str) -> str | None:
    """The variable that an unknown one, in any letter case, is likely a misspelling of; None for most."""
    folded = variable[:64].lower()
    if folded in VARIABLES or folded in _TARGETS or ".tag." in folded:
        return None
    if not folded.startswith("target.") and says(folded) is not None:
        return None
    return next(iter(get_close_matches(folded, (*VARIABLES, *_TARGETS), n=1, cutoff=0.92)), None)
