"""Recorded verdicts of a third-party simulator, replayed on ours; see scripts/simulator for how they came about."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from scripts.simulator.__main__ import POOL, SEED
from scripts.simulator.differences import KNOWN
from scripts.simulator.engine import NAME, PACKAGES, Case
from scripts.simulator.generate import generated
from scripts.simulator.points import written
from scripts.simulator.product import agrees, verdict

RECORD = Path(__file__).parents[2] / "data" / "aws_simulator.json"
DIFFERENCES = {each.name: each for each in KNOWN}
# A case for each name of a difference; a case that does not differ any more is to be taken out.
WAIVED: dict[str, list[str]] = {
    "IPv4 network of every address": [
        "14 Deny IpAddress aws:SourceIp 0.0.0.0/0: v4",
        "14 Deny NotIpAddress aws:SourceIp 0.0.0.0/0: v4",
        "14 IpAddress aws:SourceIp 0.0.0.0/0: v4",
        "14 NotIpAddress aws:SourceIp 0.0.0.0/0: v4",
    ],
    "IPv6 address and IPv4 network": [
        "14 Deny NotIpAddress aws:SourceIp 203.0.113.7: v6",
        "14 NotIpAddress aws:SourceIp 203.0.113.7: v6",
    ],
    "wildcard across segments": [
        "08 Deny on arn:aws:sns:*:topic for a topic",
        "08 NotResource */key",
        "08 NotResource arn:aws:s3*bucket/key",
        "08 NotResource arn:aws:s3:*:bucket/*",
        "08 Resource */key",
        "08 Resource arn:aws:lambda:*:function:work:prod",
        "08 Resource arn:aws:s3*bucket/key",
        "08 Resource arn:aws:s3:*:bucket/*",
        "08 Resource arn:aws:sns:*:topic for a topic",
    ],
    "wildcard in the type of a resource": [
        "08 Resource arn:aws:lambda:us-*:*:*:*:*",
    ],
    "NotResource with fewer than six segments": [
        "08 NotResource arn:aws:sqs",
    ],
    "lone question mark as a resource": [
        "08 NotResource ?",
        "08 Resource ?",
    ],
    "variable under an old version": [
        "11 variable as plain text under the old version",
        "11 variable under version 2008-10-17",
        "11 variable under version None",
    ],
    "variable without a value in NotResource": [
        "11 variable in NotResource: absent",
        "11 variable in NotResource: several values",
    ],
    "variable without a value under a negated operator": [
        "12 StringNotEquals with a variable: no variable",
        "12 StringNotEquals with an absent variable, another value",
    ],
    "variable without a value beside other values": [
        "12 StringEquals with an absent variable among values",
    ],
    "default of a variable in an unusual form": [
        "11 variable in Resource: default that is empty",
        "11 variable in Resource: default without blank",
    ],
    "wildcard in the service of an action": [
        "07 odd Action `*:GetObject`",
        "07 odd Action `s*:Get*`",
        "07 odd Action `s?:GetObject`",
        "07 odd NotAction `*:GetObject`",
        "07 odd NotAction `s*:Get*`",
        "07 odd NotAction `s?:GetObject`",
    ],
    "session or everyone named, session policy silent": [
        "03 resource policy names everyone, called by the session: session policy silent",
        "03 resource policy names the session, called by the session: session policy silent",
    ],
    "NotPrincipal in a Deny": [
        "20 Deny but for only root",
        "20 Deny but for role and root, called by the session",
        "20 Deny but for the account",
        "20 Deny but for the user",
    ],
    "ARN condition with fewer than six segments": [
        "14 ArnLike aws:SourceArn *: any",
        "14 ArnLike aws:SourceArn arn:aws:sns:*: more segments",
        "14 Deny ArnLike aws:SourceArn *: any",
        "14 Deny ArnLike aws:SourceArn arn:aws:sns:*: more segments",
    ],
    "seconds since 1970 as a bound": [
        "14 DateGreaterThan aws:CurrentTime 1700000000: earlier",
    ],
    "empty list of values": [
        "14 Null aws:TagKeys false: empty list",
        "14 Null aws:TagKeys true: empty list",
    ],
    "ForAnyValue with IfExists on an absent key": [
        "15 Deny ForAnyValue:StringEqualsIfExists: absent",
        "15 ForAnyValue:StringEqualsIfExists: absent",
        "15 ForAnyValue:StringEqualsIfExists: empty",
    ],
    "operator that does not exist": [
        "16 unknown operator",
        "17 NullIfExists",
    ],
    "Null with both values": [
        "17 Null with true and false",
    ],
}
WAIVERS = [(difference, name) for difference, names in WAIVED.items() for name in names]


@cache
def record() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return found


@cache
def recorded() -> dict[str, tuple[Case, str]]:
    rows = record()["cases"]
    return {row["name"]: (Case(row["name"], row["policies"], row["request"]), row["verdict"]) for row in rows}


def parts() -> list[str]:
    """The points of the cases written by hand, and one part for the generated ones."""
    return [*(f"{point:02}" for point in (*range(1, 18), 18, 20, 21, 22, 24, 26, 27)), "seed"]


@pytest.mark.parametrize("part", parts())
def test_verdicts(part: str) -> None:
    waived = {name for _, name in WAIVERS}
    mine = [each for name, each in recorded().items() if name.startswith(f"{part} ") and name not in waived]
    assert mine
    assert [(case.name, said, verdict(case)) for case, said in mine if not agrees(case, said)] == []


@pytest.mark.parametrize(("difference", "name"), WAIVERS, ids=[name for _, name in WAIVERS])
def test_a_waived_case_differs_for_its_reason(difference: str, name: str) -> None:
    case, said = recorded()[name]
    assert DIFFERENCES[difference].concerns(case)
    assert not agrees(case, said)


def test_every_known_difference_is_seen() -> None:
    assert set(WAIVED) == set(DIFFERENCES)


def test_every_part_of_the_record_is_replayed() -> None:
    assert {name.split(" ")[0] for name in recorded()} == set(parts())


def test_the_record_is_what_the_script_asks() -> None:
    asked = {case.name: case.as_json() for case in (*written(), *islice(generated(SEED), POOL))}
    assert all(case.as_json() == asked[name] for name, (case, _) in recorded().items())
    assert {case.name for case in written()} <= set(recorded())
    assert record()["about"]["simulator"] == NAME
    assert record()["about"]["packages"] == PACKAGES


def test_no_verdict_is_rare_among_the_generated() -> None:
    counted = Counter(said for name, (_, said) in recorded().items() if name.startswith("seed "))
    assert set(counted) == {"Allowed", "ExplicitlyDenied", "ImplicitlyDenied"}
    assert max(counted.values()) == min(counted.values())
