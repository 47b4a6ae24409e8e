"""What password policies have in common, whoever keeps the passwords: numbers that they have to reach, classes of
characters and an age."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from ..findings import Finding, undecided
from ..model import Context, Resource, Value
from ..values import State

SHORT: Final = "passwords may be as short as {} characters; {} are asked for"
REUSED: Final = "{} earlier passwords are refused; {} are asked for"
_LENGTH: Final = "minimumLength"
_HISTORY: Final = "reusePrevention"
_AGE: Final = "maximumAge"


@dataclass(frozen=True, slots=True)
class Policy:
    """Where a password policy says what: the properties that hold the length, the number of passwords that are
    remembered and the days that one is valid, and for each class of characters a flag or a least number of them.
    `length` is what holds where the program gives none."""

    shortest: str
    remembered: str
    valid: str
    classes: Mapping[str, str]
    length: int = 0


def weaknesses(resource: Resource, context: Context, policy: Policy) -> Iterator[Finding]:
    """What a policy lets pass that the settings do not. What the program does not give is taken for not asked for."""
    yield from length(given(resource, policy.shortest), context, policy.length)
    yield from _at_least(given(resource, policy.remembered), _setting(context, _HISTORY), 0, REUSED)
    yield from _age(given(resource, policy.valid), _setting(context, _AGE))
    yield from classes((given(resource, key), what) for key, what in policy.classes.items())


def given(resource: Resource, key: str) -> Value:
    """A property; absent where the program did not give it, whatever the provider is going to report."""
    return resource[key] if resource.gave(key) else Value(None, (key,))


def length(value: Value, context: Context, otherwise: int, message: str = SHORT) -> Iterator[Finding]:
    """What is said of the shortest password; `otherwise` is what holds where none is given."""
    yield from _at_least(value, _setting(context, _LENGTH), otherwise, message)


def _at_least(value: Value, asked: int, otherwise: int, message: str) -> Iterator[Finding]:
    found = _number(value, otherwise)
    if found is None:
        yield undecided(value.path, f"whether this is at least {asked} is not known yet")
    elif found < asked:
        yield Finding(path=value.path, message=message.format(f"{found:g}", asked))


def _age(value: Value, longest: int) -> Iterator[Finding]:
    days = _number(value, 0)
    if not longest:
        return
    if days is None:
        yield undecided(value.path, f"whether this is at most {longest} days is not known yet")
    elif not 0 < days <= longest:
        valid = f"for {days:g} days" if days else "for ever"
        yield Finding(path=value.path, message=f"passwords are valid {valid}; at most {longest} days are asked for")


def classes(values: Iterable[tuple[Value, str]]) -> Iterator[Finding]:
    """What is said of classes of characters, each with a flag or a least number of them."""
    missing: dict[str, str] = {}
    for value, what in values:
        number = value.flag if value.flag is not None else _number(value, 0)
        if number is None:
            yield undecided(value.path, f"whether passwords need {what} is not known yet")
        elif not number:
            missing[value.path] = what
    if missing:
        yield Finding(path=next(iter(missing)), message=f"passwords need not hold {', '.join(missing.values())}")


def settings(*, longest: int, remembered: int, age: int) -> Mapping[str, Mapping[str, object]]:
    """The settings of a rule on password policies: the most that may be asked for, and the days that it begins with."""
    return {
        _LENGTH: _schema("The fewest characters that a password must have.", 14, longest),
        _HISTORY: _schema("How many earlier passwords must be refused.", 24, remembered),
        _AGE: _schema("The most days that a password may be valid; 0 does not ask for an end.", age, 1095),
    }


def _schema(description: str, default: int, most: int) -> Mapping[str, object]:
    return {"type": "integer", "minimum": 0, "maximum": most, "default": default, "description": description}


def _setting(context: Context, key: str) -> int:
    """A setting, which comes as a JSON number."""
    return int(cast("float", context.settings[key]))


def _number(value: Value, otherwise: int) -> float | None:
    """A number; None where it cannot be told."""
    if value.absent:
        return otherwise
    try:
        known = value.state is State.KNOWN and isinstance(value.raw, (int, float, str))
        return float(cast("float", value.raw)) if known else None
    except ValueError:
        return None
