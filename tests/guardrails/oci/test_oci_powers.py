"""The powers that rules look for are made of permissions that somebody can be granted."""

import pytest

from policypack.guardrails.oci import powers
from policypack.guardrails.oci.meaning import Power
from policypack.guardrails.oci.permissions import ALL_RESOURCES, LADDER, of_verb, permissions, types
from policypack.guardrails.oci.principals import mistaken_type

POWERS = {name: value for name, value in vars(powers).items() if isinstance(value, Power)}
GRANTED = frozenset().union(*(of_verb(verb, name) for verb in LADDER for name in types()))


@pytest.mark.parametrize("name", POWERS)
def test_some_type_grants_each_permission_of_a_power(name: str) -> None:
    assert set(POWERS[name].permissions) <= GRANTED
    assert set(POWERS[name].permissions) <= of_verb(LADDER[-1], ALL_RESOURCES)


def test_what_runs_code_is_a_kind_of_member_and_can_be_granted() -> None:
    for code in powers.CODE:
        assert mistaken_type(code.kind) is None, code
        assert set(code.power.permissions) <= GRANTED, code
    named = {name for code in powers.CODE for name in code.power.permissions}
    assert {*powers.RUN_CODE.permissions, *powers.RUN_COMMANDS.permissions} == named
    assert len(powers.RUN_CODE.permissions) == len(set(powers.RUN_CODE.permissions))
    assert permissions() & named
