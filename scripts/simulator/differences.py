"""Where the simulator and this project are known to differ, and why each difference is not a mistake of ours.

The User Guide is the IAM User Guide of AWS.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from .engine import Case

_SEGMENTS: Final = 6
_VARIABLE: Final = re.compile(r"\$\{([^},*?$]+)(,[^}]*)?\}")


@dataclass(frozen=True, slots=True)
class Difference:
    """A known difference and the cases that it may concern."""

    name: str
    reason: str
    concerns: Callable[[Case], bool]


def documents(case: Case) -> Iterator[tuple[str, dict[str, Any]]]:
    """All documents of a case, each with its layer."""
    for layer, given in case.policies.items():
        for level in given if isinstance(given, list) else [given]:
            for policy in level if isinstance(level, list) else [level]:
                yield layer, policy


def statements(case: Case) -> Iterator[tuple[str, dict[str, Any]]]:
    """All statements of a case, each with its layer."""
    for layer, policy in documents(case):
        found = policy["Statement"]
        for statement in found if isinstance(found, list) else [found]:
            yield layer, statement


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _conditions(case: Case) -> Iterator[tuple[str, str, list[Any]]]:
    for _, statement in statements(case):
        for form, keys in statement.get("Condition", {}).items():
            for key, values in keys.items():
                yield form, key, _listed(values)


def _resources(case: Case, *elements: str) -> Iterator[str]:
    for _, statement in statements(case):
        for element in elements:
            yield from _listed(statement.get(element, []))


def _value_of(case: Case, key: str) -> object:
    return next((value for name, value in case.request["context"].items() if name.lower() == key.lower()), None)


def _without_value(case: Case, text: object) -> bool:
    """Whether a text has a variable without default whose key has no value, or several."""
    for key, default in _VARIABLE.findall(text) if isinstance(text, str) else ():
        if not default and not isinstance(_value_of(case, key.strip()), str):
            return True
    return False


def _globbed(pattern: str, text: str) -> bool:
    written = re.escape(re.sub(r"\$\{[^}]*\}", "*", pattern)).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(written, text) is not None


def _crosses(case: Case, pattern: str) -> bool:
    """Whether the resource matches, but not segment by segment."""
    given = str(case.request["resource"])
    segments = pattern.split(":", _SEGMENTS - 1)
    pairs = zip_longest(segments, given.split(":", _SEGMENTS - 1), fillvalue="*")
    return pattern != "*" and _globbed(pattern, given) and not all(_globbed(*each) for each in pairs)


def _typed_by_wildcard(pattern: str) -> bool:
    """Whether the type of the resource, which begins the last segment of most ARNs, has a wildcard."""
    parts = pattern.split(":", _SEGMENTS - 1)
    kind = re.match(r"([^:/]*)[:/]", parts[-1]) if len(parts) == _SEGMENTS and parts[2] != "s3" else None
    return kind is not None and bool(re.search(r"[*?]", kind[1]))


def _short(pattern: object) -> bool:
    return isinstance(pattern, str) and pattern != "*" and pattern.count(":") < _SEGMENTS - 1


def _directly_named(case: Case) -> bool:
    """Whether the caller has a session policy, and an Allow of the resource names it or everyone."""
    for layer, statement in statements(case):
        who = statement.get("Principal", "*")
        named = _listed(who.get("AWS", [])) if isinstance(who, dict) else [who]
        if layer == "resource" and statement["Effect"] == "Allow" and {"*", case.request["principal"]} & set(named):
            return "session" in case.policies
    return False


KNOWN: Final = (
    Difference(
        "IPv4 network of every address",
        "There, 0.0.0.0/0 holds no address.",
        lambda case: any("0.0.0.0/0" in values for _, _, values in _conditions(case)),
    ),
    Difference(
        "IPv6 address and IPv4 network",
        "An address of one version is in no network of the other, so a negated operator matches; there it does not.",
        lambda case: any(
            "NotIpAddress" in form and any(":" in each for each in _listed(_value_of(case, key) or ""))
            for form, key, _ in _conditions(case)
        ),
    ),
    Difference(
        "wildcard across segments",
        "There, a wildcard stays inside its segment. The User Guide keeps it there in one edition and lets it pass a "
        "colon at the end of a segment in another (Resource element), so a match only across colons is undecided here.",
        lambda case: any(_crosses(case, each) for each in _resources(case, "Resource", "NotResource")),
    ),
    Difference(
        "wildcard in the type of a resource",
        "A wildcard may stand anywhere in a segment; there, one before the first slash or colon of the last segment "
        "matches nothing.",
        lambda case: any(map(_typed_by_wildcard, _resources(case, "Resource", "NotResource"))),
    ),
    Difference(
        "NotResource with fewer than six segments",
        "Missing segments are completed with wildcards, so an ARN of another service is not excluded; there it is.",
        lambda case: any(map(_short, _resources(case, "NotResource"))),
    ),
    Difference(
        "lone question mark as a resource",
        "It stands for one character, and no resource has a name of one; there it stands for every resource.",
        lambda case: "?" in _resources(case, "Resource", "NotResource"),
    ),
    Difference(
        "variable under an old version",
        "Before version 2012-10-17 a variable is plain text (User Guide, Version element); there it is replaced.",
        lambda case: any(policy.get("Version") != "2012-10-17" for _, policy in documents(case)),
    ),
    Difference(
        "variable without a value in NotResource",
        "A pattern with such a variable matches no resource (User Guide, policy variables with no value), so it "
        "excludes none; there the statement does not match.",
        lambda case: any(_without_value(case, each) for each in _resources(case, "NotResource")),
    ),
    Difference(
        "variable without a value under a negated operator",
        "A negated operator matches it (User Guide, policy variables with no value); there the statement does "
        "not match.",
        lambda case: any(
            "Not" in form and any(_without_value(case, each) for each in values)
            for form, _, values in _conditions(case)
        ),
    ),
    Difference(
        "variable without a value beside other values",
        "Undecided here, as the User Guide says that the statement then does not take effect; there, the other values "
        "count.",
        lambda case: any(
            len(values) > 1 and any(_without_value(case, each) for each in values) for _, _, values in _conditions(case)
        ),
    ),
    Difference(
        "default of a variable in an unusual form",
        "The User Guide shows a comma, a blank, and a text that is not empty; there, other forms have no default.",
        lambda case: any(re.search(r",'|''", each) for each in _resources(case, "Resource")),
    ),
    Difference(
        "wildcard in the service of an action",
        "There the document is refused; AWS only advises against it.",
        lambda case: any(re.match(r"[^:]*[*?][^:]*:", each) for each in _resources(case, "Action", "NotAction")),
    ),
    Difference(
        "session or everyone named, session policy silent",
        "What names a session itself, or everyone, is not limited by what its session policy leaves out (User Guide, "
        "policy evaluation logic, IAM role session; Principal element, IAM role principals); there it is.",
        _directly_named,
    ),
    Difference(
        "NotPrincipal in a Deny",
        "Whom it spares is undecided unless the principal and its account are both named: the User Guide says that "
        "AWS might deny the rest; there, either name is enough.",
        lambda case: any("NotPrincipal" in each and each["Effect"] == "Deny" for _, each in statements(case)),
    ),
    Difference(
        "ARN condition with fewer than six segments",
        "There, missing segments match nothing.",
        lambda case: any(
            form.startswith("Arn") and any(each == "*" or _short(each) for each in values)
            for form, _, values in _conditions(case)
        ),
    ),
    Difference(
        "seconds since 1970 as a bound",
        "A date may be written so (User Guide, date condition operators); there it is misread.",
        lambda case: any(
            form.startswith("Date") and any(str(each).isdigit() for each in values)
            for form, _, values in _conditions(case)
        ),
    ),
    Difference(
        "empty list of values",
        "A key with no value is null, as an absent one; there it is present.",
        lambda case: any(value == [] for value in case.request["context"].values()),
    ),
    Difference(
        "ForAnyValue with IfExists on an absent key",
        "The User Guide calls it true under IfExists and false under ForAnyValue; there it is false.",
        lambda case: any(
            form.startswith("ForAnyValue") and form.endswith("IfExists") for form, _, _ in _conditions(case)
        ),
    ),
    Difference(
        "operator that does not exist",
        "Undecided here, as AWS refuses the document; there it is false, or taken for another.",
        lambda case: any(form in ("StringIs", "NullIfExists") for form, _, _ in _conditions(case)),
    ),
    Difference(
        "Null with both values",
        "Undecided here, as it contradicts itself; there it is true.",
        lambda case: any(form == "Null" and len(values) > 1 for form, _, values in _conditions(case)),
    ),
)
