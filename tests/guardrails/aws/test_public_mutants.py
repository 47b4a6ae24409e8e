"""Every key that may fix who is let in, with every slip there is, before both questions about a policy.

What is to follow is worked out beside the product: from the values that a stranger's request can hold, tried one by
one, and from the words of the definition.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

import pytest

from policypack.guardrails.aws.answers import No, Yes
from policypack.guardrails.aws.document import Kind, parse
from policypack.guardrails.aws.evaluate import Verdict, evaluate
from policypack.guardrails.aws.fixed_values import Public, open_by_definition
from policypack.guardrails.aws.questions import strangers

OURS, THEIRS = "213098465721", "777788889999"
CHOSEN = "aws:Referer"
# For each key a fixed value, a value of a stranger's, and a pattern that matches both.
KEYS: dict[str, tuple[str, str, str]] = {
    "aws:PrincipalArn": (f"arn:aws:iam::{OURS}:role/app", f"arn:aws:iam::{THEIRS}:role/app", "arn:aws:iam::*"),
    "aws:PrincipalAccount": (OURS, THEIRS, "*7*"),
    "aws:PrincipalOrgID": ("o-ours123456", "o-them123456", "o-*"),
    "aws:SourceArn": (f"arn:aws:sns:eu-west-1:{OURS}:t", f"arn:aws:sns:eu-west-1:{THEIRS}:t", "arn:aws:sns:*"),
    "aws:SourceVpc": ("vpc-0a1b2c3d", "vpc-99999999", "vpc-*"),
    "aws:SourceVpce": ("vpce-0a1b2c3d", "vpce-99999999", "vpce-*"),
    "aws:SourceOwner": (OURS, THEIRS, "*7*"),
    "aws:SourceAccount": (OURS, THEIRS, "*7*"),
    "aws:userid": ("AIDAOURS", "AIDATHEIRS", "AIDA*"),
    "s3:x-amz-server-side-encryption-aws-kms-key-id": (
        f"arn:aws:kms:eu-west-1:{OURS}:key/k",
        f"arn:aws:kms:eu-west-1:{THEIRS}:key/k",
        "arn:aws:kms:*",
    ),
    "s3:DataAccessPointArn": (
        f"arn:aws:s3:eu-west-1:{OURS}:accesspoint/p",
        f"arn:aws:s3:eu-west-1:{THEIRS}:accesspoint/p",
        "arn:aws:s3:*",
    ),
    "s3:DataAccessPointAccount": (OURS, THEIRS, "*7*"),
}
# Keys whose ARNs tell the account, so that a pattern for the rest of it names nothing of a stranger's.
OF_AN_ACCOUNT = [key for key, (fixed, *_) in KEYS.items() if fixed.startswith("arn:")]

Conditions = dict[str, dict[str, Any]]


@dataclass
class Mutant:
    key: str
    allowed: Conditions = field(default_factory=dict)
    denied: Conditions | None = None
    is_fixed: bool = False


def on(operator: str, key: str, value: Any, **more: Any) -> Conditions:
    return {operator: {key: value}, **{name: {key: each} for name, each in more.items()}}


def mutants() -> Iterator[tuple[str, Mutant]]:
    for key, (fixed, _, pattern) in KEYS.items():
        limits = {
            "fixed": on("StringEquals", key, fixed),
            "one-of-two": on("StringEquals", key, [fixed, f"{fixed}2"]),
            "like-without-glob": on("StringLike", key, fixed),
            "for-any": on("ForAnyValue:StringEquals", key, fixed),
            "for-all-present": on("ForAllValues:StringEquals", key, fixed, Null="false"),
        }
        slips = {
            "if-exists": on("StringEqualsIfExists", key, fixed),
            "for-all": on("ForAllValues:StringEquals", key, fixed),
            "for-any-if-exists": on("ForAnyValue:StringEqualsIfExists", key, fixed),
            "negated": on("StringNotEquals", key, fixed),
            "not-like": on("StringNotLike", key, fixed),
            "for-any-negated": on("ForAnyValue:StringNotEquals", key, fixed),
            "glob": on("StringLike", key, pattern),
            "one-glob-of-two": on("StringLike", key, [fixed, pattern]),
            "variable": on("StringEquals", key, f"${{{CHOSEN}}}"),
            "absent": on("Null", key, "true"),
            "present": on("Null", key, "false"),
        }
        denies = {
            "deny-others": on("StringNotEquals", key, fixed),
            "deny-others-if-exists": on("StringNotEqualsIfExists", key, fixed),
            "deny-others-for-all": on("ForAllValues:StringNotEquals", key, fixed),
            "deny-others-for-any": on("ForAnyValue:StringNotEquals", key, fixed),
            "deny-ours-only": on("StringEquals", key, fixed),
            "deny-ours-if-exists": on("StringEqualsIfExists", key, fixed),
            "deny-unlike-a-glob": on("StringNotLike", key, pattern),
            "deny-absent": on("Null", key, "true"),
            "deny-present": on("Null", key, "false"),
        }
        yield from ((f"{key}-{name}", Mutant(key, each, is_fixed=True)) for name, each in limits.items())
        yield from ((f"{key}-{name}", Mutant(key, each)) for name, each in slips.items())
        yield from ((f"{key}-{name}", Mutant(key, denied=each)) for name, each in denies.items())
    for key in OF_AN_ACCOUNT:
        pattern = f"{KEYS[key][0][:-1]}*"
        is_fixed = key == "s3:DataAccessPointArn"
        yield f"{key}-glob-in-our-account", Mutant(key, on("ArnLike", key, pattern), is_fixed=is_fixed)


def holds(conditions: Conditions, value: str | None, chosen: str) -> bool:
    """Whether conditions on one key hold for its value, None where it is absent; `chosen` is what the variable is."""
    return all(_holds(operator, each, value, chosen) for operator, keys in conditions.items() for each in keys.values())


def _holds(operator: str, wanted: Any, value: str | None, chosen: str) -> bool:
    wanted = [each.replace(f"${{{CHOSEN}}}", chosen) for each in ([wanted] if isinstance(wanted, str) else wanted)]
    if operator == "Null":
        return (value is None) == (wanted == ["true"])
    prefix, _, bare = operator.rpartition(":")
    base = bare.removesuffix("IfExists")
    if value is None:
        if base != bare or prefix == "ForAllValues":
            return True
        return "Not" in base and prefix != "ForAnyValue"
    matched = any(fnmatchcase(value, each) if "Like" in base else value == each for each in wanted)
    return matched != ("Not" in base)


def stranger_passes(mutant: Mutant) -> bool:
    theirs = KEYS[mutant.key][1]
    return any(
        holds(mutant.allowed, value, theirs) and not (mutant.denied and holds(mutant.denied, value, theirs))
        for value in (None, theirs)
    )


def document(allowed: Conditions, denied: Conditions | None = None) -> Any:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*"}
    found = [{**statement, "Condition": allowed} if allowed else statement]
    if denied is not None:
        found.append({**statement, "Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": denied})
    return parse({"Version": "2012-10-17", "Statement": found}, Kind.RESOURCE)


def check(read: Any, *, passes: bool, is_public: bool) -> None:
    answer = strangers(read, frozenset())
    assert isinstance(answer, Yes if passes else No)
    if isinstance(answer, Yes):
        assert evaluate((read,), answer.witness.request).verdict is Verdict.ALLOWED
    assert isinstance(open_by_definition(read), Public if is_public else No)


MUTANTS = dict(mutants())


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS)
def test_mutant_of_a_fixed_condition_gets_the_verdict_that_follows(mutant) -> None:
    read = document(mutant.allowed, mutant.denied)
    check(read, passes=stranger_passes(mutant), is_public=not mutant.is_fixed)


def test_mutants_tell_both_questions_apart() -> None:
    told = {(stranger_passes(each), each.is_fixed) for each in MUTANTS.values()}
    assert told == {(True, False), (False, False), (False, True)}


RANGES = {
    "address": ["203.0.113.7/32"],
    "network": ["198.51.100.0/24", "203.0.113.0/24"],
    "slash-8": ["8.0.0.0/8"],
    "slash-7": ["8.0.0.0/7"],
    "two-slash-9": ["8.0.0.0/9", "8.128.0.0/9"],
    "many-slash-9": [f"{first}.0.0.0/9" for first in range(20, 60)],
    "overlapping": ["8.0.0.0/8", "8.1.0.0/16", "8.0.0.0/9"],
    "two-slash-1": ["0.0.0.0/1", "128.0.0.0/1"],
    "everything": ["0.0.0.0/0"],
    "private": ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
    "private-and-slash-8": ["10.0.0.0/8", "8.0.0.0/8"],
    "ipv6-slash-32": ["2001:db8::/32"],
    "ipv6-slash-31": ["2001:db8::/31"],
    "ipv6-everything": ["::/0"],
    "both-versions": ["8.0.0.0/8", "2001:db8::/32"],
}
PRIVATE = [ipaddress.ip_network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")]


def is_wide(ranges: list[str]) -> bool:
    """Whether more than a /8, or a /32 of IPv6, is left of some ranges without the private ones."""
    wide = False
    for version, bits in ((4, 24), (6, 96)):
        networks = [each for each in map(ipaddress.ip_network, ranges) if each.version == version]
        count = 0
        for network in ipaddress.collapse_addresses(networks):  # type: ignore[type-var]
            inside = [each for each in PRIVATE if each.version == version and each.subnet_of(network)]
            within = any(each.version == version and network.subnet_of(each) for each in PRIVATE)
            count += 0 if within else network.num_addresses - sum(each.num_addresses for each in inside)
        wide = wide or count > 1 << bits
    return wide


IP = "aws:SourceIp"
NETWORKS: dict[str, tuple[Conditions, Conditions | None, bool, bool]] = {
    **{name: (on("IpAddress", IP, ranges), None, is_wide(ranges), is_wide(ranges)) for name, ranges in RANGES.items()},
    "if-exists": (on("IpAddressIfExists", IP, RANGES["network"]), None, True, True),
    "for-all": (on("ForAllValues:IpAddress", IP, RANGES["network"]), None, True, True),
    "for-any": (on("ForAnyValue:IpAddress", IP, RANGES["network"]), None, False, False),
    "negated": (on("NotIpAddress", IP, RANGES["network"]), None, True, True),
    "absent": (on("Null", IP, "true"), None, True, True),
    "deny-others": ({}, on("NotIpAddress", IP, RANGES["network"]), False, True),
    "deny-others-if-exists": ({}, on("NotIpAddressIfExists", IP, RANGES["network"]), False, True),
    "deny-others-of-everything": ({}, on("NotIpAddress", IP, RANGES["two-slash-1"]), True, True),
    "deny-ours-only": ({}, on("IpAddress", IP, RANGES["network"]), True, True),
    "deny-the-rest-of-everything": (
        on("IpAddress", IP, "0.0.0.0/0"),
        on("NotIpAddress", IP, RANGES["network"]),
        False,
        True,
    ),
}


@pytest.mark.parametrize(("allowed", "denied", "passes", "is_public"), NETWORKS.values(), ids=NETWORKS)
def test_mutant_of_a_network_gets_the_verdict_that_follows(allowed, denied, passes, is_public) -> None:
    check(document(allowed, denied), passes=passes, is_public=is_public)
