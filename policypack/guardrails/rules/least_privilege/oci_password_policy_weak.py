"""A password policy of OCI lets weak passwords be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Value
from ...rule import ResourceRule
from ...values import State

_TENANCY: Final = "oci:Identity/authenticationPolicy:AuthenticationPolicy"
_DOMAIN: Final = "oci:Identity/domainsPasswordPolicy:DomainsPasswordPolicy"
_POLICY: Final = "passwordPolicy"
# Oracle's "Managing Authentication Settings": the length that a tenancy begins with.
_FIRST_LENGTH: Final = 12
_CLASSES: Final[Mapping[str, Mapping[str, str]]] = {
    _TENANCY: {
        "isLowercaseCharactersRequired": "a lowercase letter",
        "isUppercaseCharactersRequired": "an uppercase letter",
        "isNumericCharactersRequired": "a digit",
        "isSpecialCharactersRequired": "a special character",
    },
    _DOMAIN: {
        "minLowerCase": "a lowercase letter",
        "minUpperCase": "an uppercase letter",
        "minNumerals": "a digit",
        "minSpecialChars": "a special character",
    },
}
# Policies of these strengths are Oracle's own and cannot be modified.
_FIXED: Final = frozenset({"simple", "standard"})


@dataclass(frozen=True, slots=True)
class _Bound:
    """A number of days, passwords or characters that a setting asks for."""

    key: str
    setting: str
    message: str


# "A value of 0 or no value indicates no minimum": the identity domains' API on all of them but the age, which ends
# nothing at 0 either.
_BOUNDS: Final = (
    _Bound("minLength", "minimumLength", "passwords may be as short as {} characters; {} are asked for"),
    _Bound("numPasswordsInHistory", "reusePrevention", "{} earlier passwords are refused; {} are asked for"),
)
_AGE: Final = "passwordExpiresAfter"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    if resource.type == _TENANCY:
        yield from _of_tenancy(resource[_POLICY], context)
        return
    strength = resource["passwordStrength"]
    if (strength.text or "").lower() in _FIXED:
        message = f"the policy is Oracle's own {strength.text!r} one, which is weaker than what is asked for"
        yield Finding(path=strength.path, message=message, fix='Set password_strength="Custom" and the settings.')
        return
    for bound in _BOUNDS:
        asked = _asked(context, bound.setting)
        value = resource[bound.key] if resource.gave(bound.key) else Value(None, (bound.key,))
        found = _number(value)
        if found is None:
            yield undecided(value.path, f"whether this is at least {asked} is not known yet")
        elif found < asked:
            yield Finding(path=value.path, message=bound.message.format(f"{found:g}", asked))
    yield from _age(resource[_AGE] if resource.gave(_AGE) else Value(None, (_AGE,)), _asked(context, "maximumAge"))
    yield from _classes(
        [
            (resource[key] if resource.gave(key) else Value(None, (key,)), what)
            for key, what in _CLASSES[_DOMAIN].items()
        ]
    )
    if resource["userNameDisallowed"].flag is False:
        yield Finding(path="userNameDisallowed", message="the password may be the name of the user")


def _of_tenancy(policy: Value, context: Context) -> Iterator[Finding]:
    if policy.absent:
        return
    if policy.unknown:
        yield undecided(policy.path, "the password policy is not known yet")
        return
    length, asked = policy["minimumPasswordLength"], _asked(context, "minimumLength")
    found = float(_FIRST_LENGTH) if length.absent else _number(length)
    if found is None:
        yield undecided(length.path, f"whether this is at least {asked} is not known yet")
    elif found < asked:
        kept = " if the tenancy still has the length it began with" if length.absent else ""
        message = f"passwords may be as short as {found:g} characters{kept}; {asked} are asked for"
        yield Finding(path=length.path, message=message)
    given = [(policy[key], what) for key, what in _CLASSES[_TENANCY].items()]
    yield from _classes([(value, what) for value, what in given if not value.absent])
    kept_as_is = [(value, what) for value, what in given if value.absent]
    if kept_as_is:
        listed = ", ".join(what for _, what in kept_as_is)
        reason = f"whether passwords need {listed} is left to what the tenancy has now, which is not in the program"
        yield undecided(kept_as_is[0][0].path, reason)
    contained = policy["isUsernameContainmentAllowed"]
    if contained.flag:
        yield Finding(path=contained.path, message="the password may hold the name of the user")


def _classes(values: list[tuple[Value, str]]) -> Iterator[Finding]:
    """What is said of classes of characters, each with a flag or a least number of them."""
    missing: dict[str, str] = {}
    for value, what in values:
        number = value.flag if value.flag is not None else _number(value)
        if number is None:
            yield undecided(value.path, f"whether passwords need {what} is not known yet")
        elif not number:
            missing[value.path] = what
    if missing:
        yield Finding(path=next(iter(missing)), message=f"passwords need not hold {', '.join(missing.values())}")


def _age(value: Value, longest: int) -> Iterator[Finding]:
    days = _number(value)
    if not longest:
        return
    if days is None:
        yield undecided(value.path, f"whether this is at most {longest} days is not known yet")
    elif not 0 < days <= longest:
        valid = f"for {days:g} days" if days else "for ever"
        yield Finding(path=value.path, message=f"passwords are valid {valid}; at most {longest} days are asked for")


def _asked(context: Context, key: str) -> int:
    """A setting, which comes as a JSON number."""
    return int(cast("float", context.settings[key]))


def _number(value: Value) -> float | None:
    """A number, 0 where none is given; None where it cannot be told."""
    if value.absent:
        return 0.0
    try:
        known = value.state is State.KNOWN and isinstance(value.raw, (int, float, str))
        return float(cast("float", value.raw)) if known else None
    except ValueError:
        return None


def _schema(description: str, default: int, most: int) -> Mapping[str, object]:
    return {"type": "integer", "minimum": 0, "maximum": most, "default": default, "description": description}


RULE = ResourceRule(
    id="oci-password-policy-weak",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A password policy of OCI allows weak passwords",
    why="A short or reused password is guessed, or known from another breach, and every user who signs in with one may have it.",
    fix="Ask for 14 characters with a letter of each case, a digit and a special one, for 24 remembered passwords and for an end after 365 days.",
    controls=("CIS-OCI-3.0.0:1.4", "CIS-OCI-3.0.0:1.5", "CIS-OCI-3.0.0:1.6"),
    covers=("LP-86",),
    settings={
        "minimumLength": _schema("The fewest characters that a password must have.", 14, 100),
        "reusePrevention": _schema("How many earlier passwords must be refused.", 24, 500),
        "maximumAge": _schema("The most days that a password may be valid; 0 does not ask for an end.", 365, 1095),
    },
    types=(_TENANCY, _DOMAIN),
    check=check,
)
