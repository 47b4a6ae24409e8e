"""How bad it is that a resource policy grants something to another account."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Final

from ..aws.document import Document, Effect, Kind
from ..aws.evaluate import ANONYMOUS, action_truth
from ..aws.exposure import Exposure
from ..aws.offers import actions_of, manages_permissions
from ..aws.truth import Truth
from ..findings import Severity

# What Security Hub keeps from other accounts beside what changes permissions (S3.6): each undoes a safeguard, and the
# last is what writers from elsewhere are given to hand their objects over.
_RISKY: Final = {"s3:PutEncryptionConfiguration": Severity.MEDIUM, "s3:PutObjectAcl": Severity.MEDIUM}


def may_be_risky(document: Document, services: tuple[str, ...]) -> bool:
    """Whether an Allow of a bucket's policy may grant what is worth a word in whoever's hands."""
    return any(
        action_truth(each, Kind.RESOURCE, ANONYMOUS, action) is not Truth.NO
        for each in document.statements
        if each.effect is not Effect.DENY
        for action in _risky_actions(services)
    )


@cache
def _risky_actions(services: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in actions_of(services) if each in _RISKY or manages_permissions(each))


def grade(exposure: Exposure) -> Severity:
    """How bad it is that another account may do this."""
    return Severity.HIGH if _decides(exposure) else _RISKY.get(exposure.witness.request.action, Severity.LOW)


def riskiest(exposure: Exposure) -> Exposure:
    """The same grant, shown by the most risky of the actions that it is like for."""
    risky = [each for each in exposure.actions if each in _RISKY]
    request = exposure.witness.request
    if not risky or _decides(exposure):
        return exposure
    return replace(exposure, witness=replace(exposure.witness, request=replace(request, action=risky[0])))


def _decides(exposure: Exposure) -> bool:
    """Whether it changes who may use the resource: a grant that a service of AWS makes for its own work does not."""
    request = exposure.witness.request
    given = {key.lower(): value for key, value in request.context.items()}
    # Whoever may write an object may say who else reads it, and nothing more.
    by_object = request.action in ("s3:PutObjectAcl", "s3:PutObjectVersionAcl")
    return manages_permissions(request.action) and not by_object and given.get("kms:grantisforawsresource") != "true"
