"""Documents that are meant to take a reader or a search forever: each must end soon, whatever the answer."""

import json
from collections.abc import Callable
from random import Random
from string import ascii_lowercase
from typing import Any, Final

Statement = dict[str, Any]

# Of each effect: about as many as are read before a document counts as far too large.
_MANY: Final = 1_900


def hostile_documents(*, of_resource: bool = False) -> dict[str, str]:
    """`{name: JSON text}`: policies of an identity, or of a resource that anyone may come to."""
    found: dict[str, str] = {}
    for name, statements in _STATEMENTS.items():
        granted = [{**each, "Principal": "*"} if of_resource else each for each in statements()]
        found[name] = json.dumps({"Version": "2012-10-17", "Statement": granted})
    return found | {name: text() for name, text in _TEXTS.items()}


def allow(action: str | list[str] = "*", resource: str | list[str] = "*", **further: object) -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **further}


def deny(action: str | list[str] = "*", resource: str | list[str] = "*", **further: object) -> Statement:
    return {**allow(action, resource, **further), "Effect": "Deny"}


def infix_globs() -> list[Statement]:
    return [
        allow("s3:GetObject", [_object(f"{'*a?' * 20}{n}") for n in range(20)]),
        deny("s3:*", [f"*{'?b*' * 20}{n}" for n in range(20)]),
    ]


def double_star_denies() -> list[Statement]:
    return [
        allow("s3:GetObject", _object("a*")),
        *[deny("s3:GetObject", _object(f"*x{n}*y{n}*")) for n in range(20)],
    ]


def wildcards_in_resources() -> list[Statement]:
    return [allow("s3:GetObject", _object("*?" * 5_000)), deny("s3:GetObject", _object("?*" * 5_000 + "a"))]


def wildcards_in_actions() -> list[Statement]:
    return [allow("s3:" + "*?" * 5_000), deny("s3:" + "?*" * 5_000)]


def wildcards_in_conditions() -> list[Statement]:
    return [
        allow(Condition={"StringLike": {"s3:prefix": "*" * 5_000 + "a" * 5_000}}),
        deny(Condition={"StringLike": {"s3:prefix": "?" * 10_000}}),
    ]


def prefixes() -> list[Statement]:
    return [effect("s3:GetObject", _object(f"d/{n}*")) for effect in (allow, deny) for n in range(_MANY)]


def infixes() -> list[Statement]:
    return [
        *[allow("s3:GetObject", _object(f"*d{n}*")) for n in range(_MANY)],
        *[deny("s3:GetObject", _object(f"*{n}d*")) for n in range(_MANY)],
    ]


def variables_apart() -> list[Statement]:
    return [allow("s3:GetObject", _object(f"d/${{aws:PrincipalTag/t{n}}}/*")) for n in range(500)]


def variables_together() -> list[Statement]:
    return [
        allow("s3:GetObject", [_object(f"d/${{aws:PrincipalTag/t{n}}}/*") for n in range(500)]),
        deny("s3:*", [_object(f"d/${{aws:PrincipalTag/u{n}}}/*") for n in range(500)]),
    ]


def keys_and_values() -> list[Statement]:
    values = [f"*{m}*" for m in range(100)]
    return [
        allow("s3:GetObject", Condition={"StringLike": {_tag(n): values for n in range(100)}}),
        deny("s3:GetObject", Condition={"StringNotLike": {_tag(n): [f"*{n}*"] for n in range(100)}}),
    ]


def set_operators() -> list[Statement]:
    ends, starts = [f"*{m}" for m in range(10)], [f"{m}*" for m in range(10)]
    keys = [f"k:{n}" for n in range(30)]
    return [
        allow(
            "s3:GetObject",
            Condition={
                "ForAnyValue:StringLike": dict.fromkeys(keys, ends),
                "ForAllValues:StringLike": dict.fromkeys(keys, starts),
            },
        )
    ]


def denies_on_their_own_keys() -> list[Statement]:
    return [allow("s3:GetObject"), *[deny("s3:GetObject", Condition=_equal({_tag(n): "x"})) for n in range(1_000)]]


def denies_on_pairs_of_keys() -> list[Statement]:
    return [
        allow("s3:GetObject"),
        *[deny("s3:GetObject", Condition=_equal({_tag(n): "x", _tag(n * 7 % 40): "y"})) for n in range(40)],
    ]


def three_literals_each() -> list[Statement]:
    """Thirty keys that hold `a` or `b`, and combinations of three that are denied: a knot as of boolean formulas."""
    random = Random(5)
    keys = [f"k:{n}" for n in range(30)]
    return [
        allow("s3:GetObject", Condition={"StringLike": dict.fromkeys(keys, "?")}),
        *[
            deny("s3:GetObject", Condition=_equal({key: random.choice("ab") for key in random.sample(keys, 3)}))
            for _ in range(200)
        ],
        *[deny("s3:GetObject", Condition={"StringNotEquals": {key: ["a", "b"]}}) for key in keys],
    ]


def networks() -> list[Statement]:
    starts = [f"{n % 200 + 11}.{n // 200}.0.0" for n in range(2_000)]
    return [
        allow("s3:GetObject", Condition={"IpAddress": {"aws:SourceIp": [f"{each}/24" for each in starts]}}),
        deny("s3:GetObject", Condition={"NotIpAddress": {"aws:SourceIp": [f"{each}/25" for each in starts]}}),
    ]


def services() -> list[Statement]:
    return [
        allow([f"{first}*:*{inner}*" for first in ascii_lowercase for inner in "abcdef"]),
        deny([f"*:{first}*" for first in "abcdefghij"]),
    ]


def all_but_wildcards() -> list[Statement]:
    excluded = [f"s3:*{first}*{second}*" for first in "abcdefghij" for second in "abcdefghij"]
    return [
        {"Effect": "Allow", "NotAction": excluded, "Resource": "*"},
        deny([f"*:{first}*{second}" for first in "abcdefghij" for second in "abcde"]),
    ]


def nested_lists() -> str:
    return '{"Version": "2012-10-17", "Statement": ' + "[" * 100_000 + "]" * 100_000 + "}"


def nested_conditions() -> str:
    inner = '{"StringLike":' * 10_000 + '"*"' + "}" * 10_000
    granted = '"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"'
    return f'{{"Version": "2012-10-17", "Statement": [{{{granted}, "Condition": {inner}}}]}}'


def nested_variables() -> str:
    resource = "${" * 5_000 + "aws:username" + "}" * 5_000
    return json.dumps({"Version": "2012-10-17", "Statement": [{**allow("*", resource), "Principal": "*"}]})


def _object(path: str) -> str:
    return f"arn:aws:s3:::{path}"


def _tag(number: int) -> str:
    return f"aws:RequestTag/{number}"


def _equal(values: dict[str, str]) -> dict[str, dict[str, str]]:
    return {"StringEquals": values}


_STATEMENTS: Final[dict[str, Callable[[], list[Statement]]]] = {
    "many infix globs": infix_globs,
    "20 double-star denies": double_star_denies,
    "10 kB of wildcards in a resource": wildcards_in_resources,
    "10 kB of wildcards in an action": wildcards_in_actions,
    "10 kB of wildcards in a condition": wildcards_in_conditions,
    "3,800 statements on prefixes": prefixes,
    "3,800 statements on infixes": infixes,
    "500 variables, one a statement": variables_apart,
    "1,000 variables in two statements": variables_together,
    "100 keys with 100 values each": keys_and_values,
    "set operators on 30 keys": set_operators,
    "1,000 denies on their own keys": denies_on_their_own_keys,
    "40 denies on pairs of keys": denies_on_pairs_of_keys,
    "200 denies of three literals each": three_literals_each,
    "2,000 networks": networks,
    "wildcards over all services": services,
    "all but 100 wildcards": all_but_wildcards,
}
_TEXTS: Final[dict[str, Callable[[], str]]] = {
    "100,000 nested lists": nested_lists,
    "10,000 nested conditions": nested_conditions,
    "5,000 nested variables": nested_variables,
}
