"""The password policy of the account lets weak passwords be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Value
from ...rule import ResourceRule
from ...values import UNKNOWN, Unknown, may_be_anything

_CLASSES: Final[Mapping[str, str]] = {
    "requireLowercaseCharacters": "a lowercase letter",
    "requireUppercaseCharacters": "an uppercase letter",
    "requireNumbers": "a digit",
    "requireSymbols": "a symbol",
}


@dataclass(frozen=True, slots=True)
class _Bound:
    """A number that has to reach what a setting asks for; `default` is what holds where the program gives none."""

    key: str
    setting: str
    default: int
    message: str


# Where the program says nothing, the provider sends a length of 6, and AWS takes what is not sent for not asked for
# (IAM API, UpdateAccountPasswordPolicy).
_BOUNDS: Final = (
    _Bound("minimumPasswordLength", "minimumLength", 6, "passwords may be as short as {} characters; {} are asked for"),
    _Bound("passwordReusePrevention", "reusePrevention", 0, "{} earlier passwords are refused; {} are asked for"),
)
_AGE: Final = "maxPasswordAge"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for bound in _BOUNDS:
        asked = _setting(context, bound.setting)
        found = _number(_given(resource, bound.key), bound.default)
        if isinstance(found, Unknown):
            yield undecided(bound.key, f"whether this is at least {asked} is not known yet")
        elif found < asked:
            yield Finding(path=bound.key, message=bound.message.format(f"{found:g}", asked))
    longest = _setting(context, "maximumAge")
    if longest:
        age = _number(_given(resource, _AGE), 0)
        if isinstance(age, Unknown):
            yield undecided(_AGE, f"whether this is at most {longest} days is not known yet")
        elif not 0 < age <= longest:
            valid = f"for {age:g} days" if age else "for ever"
            yield Finding(path=_AGE, message=f"passwords are valid {valid}; at most {longest} days are asked for")
    missing: dict[str, str] = {}
    for key, what in _CLASSES.items():
        value = _given(resource, key)
        if value.unknown or may_be_anything(value.text or ""):
            yield undecided(key, f"whether passwords need {what} is not known yet")
        elif not value.flag:
            missing[key] = what
    if missing:
        yield Finding(path=next(iter(missing)), message=f"passwords need not hold {', '.join(missing.values())}")


def _given(resource: Resource, key: str) -> Value:
    """A property; absent where the program did not give it, whatever the provider is going to report."""
    return resource[key] if resource.gave(key) else Value(None, (key,))


def _setting(context: Context, key: str) -> int:
    """A setting, which comes as a JSON number."""
    return int(cast("float", context.settings[key]))


def _number(value: Value, default: int) -> float | Unknown:
    if value.absent:
        return default
    try:
        return float(value.raw) if isinstance(value.raw, (int, float, str)) else UNKNOWN
    except ValueError:
        return UNKNOWN


def _schema(description: str, default: int, most: int) -> Mapping[str, object]:
    return {"type": "integer", "minimum": 0, "maximum": most, "default": default, "description": description}


RULE = ResourceRule(
    id="password-policy-weak",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="The account's password policy allows weak passwords",
    why="A short or reused password is guessed, or known from another breach, and every IAM user with a console login may have one.",
    fix="Set minimum_password_length=14, password_reuse_prevention=24 and the four require_… arguments to True.",
    controls=("CIS-AWS-3.0.0:1.8", "CIS-AWS-3.0.0:1.9", "FSBP-1.0.0:IAM.7"),
    covers=("LP-73",),
    settings={
        "minimumLength": _schema("The fewest characters that a password must have.", 14, 128),
        "reusePrevention": _schema("How many earlier passwords must be refused.", 24, 24),
        "maximumAge": _schema("The most days that a password may be valid; 0 does not ask for an end.", 0, 1095),
    },
    types=("aws:iam/accountPasswordPolicy:AccountPasswordPolicy",),
    check=check,
)
