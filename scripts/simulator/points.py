"""All cases written by hand.

Each is named after what it shows, behind the number of the point: 01 default deny and ceilings, 02 accounts and keys,
03 what a resource policy names, 04 delegation, 05 and 06 elements, 07 actions, 08 resources, 09 and 10 kinds of
resources, 11 and 12 variables, 13 to 19 conditions, 20 NotPrincipal, 21 and 22 trust, 24 to 27 callers without a name.
Most come in pairs: one that matches and one that does not.
"""

from __future__ import annotations

from . import callers, elements, layers, operators
from .engine import Case

_PARTS = (
    layers.ceilings, layers.limits, layers.accounts, layers.keys, layers.exempt, layers.public, callers.trusts,
    callers.services, elements.statements, elements.variables, operators.conditions,
)  # fmt: skip


def written() -> list[Case]:
    """All cases written by hand."""
    return [case for part in _PARTS for case in part()]
