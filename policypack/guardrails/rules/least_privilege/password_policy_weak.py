"""The password policy of the account lets weak passwords be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..passwords import Policy, settings, weaknesses

# Where the program says nothing, the provider sends a length of 6, and AWS takes what is not sent for not asked for
# (IAM API, UpdateAccountPasswordPolicy).
_POLICY: Final = Policy(
    shortest="minimumPasswordLength",
    length=6,
    remembered="passwordReusePrevention",
    valid="maxPasswordAge",
    classes={
        "requireLowercaseCharacters": "a lowercase letter",
        "requireUppercaseCharacters": "an uppercase letter",
        "requireNumbers": "a digit",
        "requireSymbols": "a symbol",
    },
)


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    yield from weaknesses(resource, context, _POLICY)


RULE = ResourceRule(
    id="password-policy-weak",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="The account's password policy allows weak passwords",
    why="A short or reused password is guessed, or known from another breach, and every IAM user with a console login may have one.",
    fix="Set minimum_password_length=14, password_reuse_prevention=24 and the four require_… arguments to True.",
    controls=("CIS-AWS-3.0.0:1.8", "CIS-AWS-3.0.0:1.9", "FSBP-1.0.0:IAM.7"),
    covers=("LP-73",),
    settings=settings(longest=128, remembered=24, age=0),
    types=("aws:iam/accountPasswordPolicy:AccountPasswordPolicy",),
    check=check,
)
