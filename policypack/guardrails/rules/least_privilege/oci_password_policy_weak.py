"""A password policy of OCI lets weak passwords be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Value
from ...rule import ResourceRule
from ..passwords import SHORT, Policy, classes, length, settings, weaknesses

_TENANCY: Final = "oci:Identity/authenticationPolicy:AuthenticationPolicy"
_DOMAIN: Final = "oci:Identity/domainsPasswordPolicy:DomainsPasswordPolicy"
# Oracle's "Managing Authentication Settings": the length that a tenancy begins with.
_FIRST_LENGTH: Final = 12
_CLASSES: Final = {
    "isLowercaseCharactersRequired": "a lowercase letter",
    "isUppercaseCharactersRequired": "an uppercase letter",
    "isNumericCharactersRequired": "a digit",
    "isSpecialCharactersRequired": "a special character",
}
_NUMBERS: Final = ("minLowerCase", "minUpperCase", "minNumerals", "minSpecialChars")
# "A value of 0 or no value indicates no minimum": the identity domains' API on all of them but the age, which ends
# nothing at 0 either.
_OF_DOMAIN: Final = Policy(
    shortest="minLength",
    remembered="numPasswordsInHistory",
    valid="passwordExpiresAfter",
    classes=dict(zip(_NUMBERS, _CLASSES.values(), strict=True)),
)
# Policies of these strengths are Oracle's own and cannot be modified.
_FIXED: Final = frozenset({"simple", "standard"})


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    strength = resource["passwordStrength"]
    if resource.type == _TENANCY:
        yield from _of_tenancy(resource["passwordPolicy"], context)
    elif (strength.text or "").lower() in _FIXED:
        message = f"the policy is Oracle's own {strength.text!r} one, which is weaker than what is asked for"
        yield Finding(path=strength.path, message=message, fix='Set password_strength="Custom" and the settings.')
    else:
        yield from weaknesses(resource, context, _OF_DOMAIN)
        if resource["userNameDisallowed"].flag is False:
            yield Finding(path="userNameDisallowed", message="the password may be the name of the user")


def _of_tenancy(policy: Value, context: Context) -> Iterator[Finding]:
    if policy.unknown:
        yield undecided(policy.path, "the password policy is not known yet")
    if policy.unknown or policy.absent:
        return
    shortest = policy["minimumPasswordLength"]
    kept = "characters if the tenancy still has the length it began with"
    yield from length(shortest, context, _FIRST_LENGTH, SHORT.replace("characters", kept) if shortest.absent else SHORT)
    asked = [(policy[key], what) for key, what in _CLASSES.items()]
    yield from classes((value, what) for value, what in asked if not value.absent)
    if left := [(value, what) for value, what in asked if value.absent]:
        listed = ", ".join(what for _, what in left)
        reason = f"whether passwords need {listed} is left to what the tenancy has now, which is not in the program"
        yield undecided(left[0][0].path, reason)
    contained = policy["isUsernameContainmentAllowed"]
    if contained.flag:
        yield Finding(path=contained.path, message="the password may hold the name of the user")


RULE = ResourceRule(
    id="oci-password-policy-weak",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A password policy of OCI allows weak passwords",
    why="A short or reused password is guessed, or known from another breach, and every user who signs in with one may have it.",
    fix="Ask for 14 characters with a letter of each case, a digit and a special one, for 24 remembered passwords and for an end after 365 days.",
    controls=("CIS-OCI-3.0.0:1.4", "CIS-OCI-3.0.0:1.5", "CIS-OCI-3.0.0:1.6"),
    covers=("LP-86",),
    settings=settings(longest=100, remembered=500, age=365),
    types=(_TENANCY, _DOMAIN),
    check=check,
)
