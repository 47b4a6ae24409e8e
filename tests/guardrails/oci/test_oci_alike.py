"""Permissions that a condition cannot tell apart: asked for one of a set, it answers as for each of the set."""

from __future__ import annotations

import pytest

from policypack.guardrails.oci.alike import alike
from policypack.guardrails.oci.conditions import Asked, Part, find
from policypack.guardrails.oci.permissions import permissions
from policypack.guardrails.oci.statement import parse
from policypack.guardrails.oci.tree import Condition, Grant, OpaqueTail

NAMES = sorted({*sorted(permissions())[::9], "BUCKET_READ", "BUCKET_UPDATE", "OBJECT_READ", "USER_CREATE"})


def condition(text: str) -> Condition:
    found = parse(f"allow group A to manage all-resources in tenancy where {text}")
    assert isinstance(found, Grant), found
    assert found.condition is not None
    assert not isinstance(found.condition, OpaqueTail)
    return found.condition


@pytest.mark.parametrize(
    ("text", "sets"),
    [
        ("target.bucket.name = 'x'", 1),
        ("request.permission = 'bucket_read'", 2),
        ("any {request.permission != 'BUCKET_READ', request.permission = /BUCKET_*/}", 3),
        ("request.permission in ('BUCKET_READ', standin0x0123456789abcdef)", 2),
        ("all {request.operation = /Update*/, request.operation != 'UpdateBucket'}", None),
        ("any {request.operation = 'UpdateBucket', request.permission = 'OBJECT_READ'}", None),
    ],
)
def test_a_set_is_answered_as_one(text: str, sets: int | None) -> None:
    tested = condition(text)
    found = alike(tested, NAMES)
    assert found is not None
    assert sorted(name for each in found for name in each) == sorted(NAMES)
    assert sets in {None, len(found)}
    for part in (Part.CHOSEN, Part.UNNAMED):
        for each in found:
            assert len({type(find(tested, Asked(permission=name, what=part))) for name in each}) == 1


def test_many_tests_make_few_sets_and_too_many_patterns_none() -> None:
    tests = ", ".join(f"request.operation = 'NoSuch{number}'" for number in range(200))
    assert len(alike(condition(f"any {{{tests}}}"), NAMES) or ()) <= 2
    patterns = ", ".join(f"request.permission = /A{number}*/" for number in range(30))
    assert alike(condition(f"any {{{patterns}}}"), NAMES) is None
