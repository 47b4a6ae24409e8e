"""What one subject of OCI policies holds and another one lacks, as far as it matters to somebody who wants more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from ..findings import Severity
from ..oci.meaning import Power
from ..oci.narrower import (
    in_a_compartment,
    inspecting,
    of_one_dynamic_group,
    of_one_family,
    of_one_group,
    of_one_user,
    with_test,
)
from ..oci.powers import (
    ADMIT_IDENTITIES,
    GIVE_CREDENTIALS_TO_ADMINISTRATORS,
    JOIN_ADMINISTRATORS,
    READ_OBJECTS,
    READ_SECRETS,
    RUN_COMMANDS,
    WRITE_DYNAMIC_GROUPS,
    WRITE_POLICIES,
)
from ..oci.tree import Grant
from .oci_compartments import ROOT, Path, within
from .oci_grants import paste
from .oci_holdings import Holding
from .oci_identities import OF_ADMINISTRATORS
from .oci_identity import Identity

_MANAGE_ALL: Final = Power(("all-resources:manage",))
_CHANGE_ALL: Final = Power(("all-resources:manage", "all-resources:use"))
# Who holds one of them in the tenancy can make himself its administrator, which is said of the statement that does it.
_ADMINISTER: Final = (
    _MANAGE_ALL,
    WRITE_POLICIES,
    JOIN_ADMINISTRATORS,
    GIVE_CREDENTIALS_TO_ADMINISTRATORS,
    ADMIT_IDENTITIES,
)


@dataclass(frozen=True, slots=True, eq=False)
class Weight:
    """A power that is worth having. `near` is what it is worth to somebody who works in the place where it holds, and
    means to have most of what is there; None is nothing. `narrower` is a statement with less of it."""

    power: Power
    means: str
    severity: Severity
    near: Severity | None
    narrower: Callable[[Grant], Grant]


_WEIGHTS: Final = (
    Weight(_CHANGE_ALL, "change everything", Severity.HIGH, Severity.HIGH, of_one_family),
    Weight(WRITE_POLICIES, "write policies", Severity.HIGH, Severity.HIGH, inspecting),
    Weight(GIVE_CREDENTIALS_TO_ADMINISTRATORS, "sign in as any user", Severity.HIGH, Severity.HIGH, of_one_user),
    Weight(JOIN_ADMINISTRATORS, "add members to any group", Severity.HIGH, Severity.HIGH, of_one_group),
    Weight(
        WRITE_DYNAMIC_GROUPS, "say who belongs to any dynamic group", Severity.HIGH, Severity.HIGH, of_one_dynamic_group
    ),
    Weight(ADMIT_IDENTITIES, "admit identities from outside", Severity.HIGH, Severity.HIGH, inspecting),
    Weight(RUN_COMMANDS, "run commands on every instance", Severity.MEDIUM, None, in_a_compartment),
    Weight(
        READ_SECRETS,
        "read every secret",
        Severity.MEDIUM,
        Severity.LOW,
        partial(with_test, variable="target.secret.name", text="NAME"),
    ),
    Weight(
        READ_OBJECTS,
        "read the objects of every bucket",
        Severity.MEDIUM,
        None,
        partial(with_test, variable="target.bucket.name", text="NAME"),
    ),
)


@dataclass(frozen=True, slots=True)
class Gain:
    """A power that one subject holds and another lacks. `doubt` says on what it hangs, where that is not certain."""

    weight: Weight
    severity: Severity
    held: Holding
    doubt: str

    @property
    def means(self) -> str:
        """What the gainer may do, after `may`."""
        return f"{self.weight.means} in {self.held.said.show(self.held.said.written.place)}"

    @property
    def less(self) -> str:
        """What to do about the statement that gives it, for a fix."""
        said = self.held.said
        if said.written is OF_ADMINISTRATORS:
            return "Keep administrators out of it: name others, or those who are none"
        pasted = paste(f"In place of `{said}` write", said.written, self.weight.narrower(said.written))
        return f"Take away `{said}`" if said.value.secret or not pasted else pasted


def _holdings(identity: Identity) -> Mapping[Weight, Sequence[Holding]]:
    """What a subject holds that is worth having."""

    def worked_out() -> dict[Weight, Sequence[Holding]]:
        found = {weight: held for weight in _WEIGHTS if (held := identity.holds(weight.power))}
        inherent = identity.inherent and identity.inherent.holding(_CHANGE_ALL)
        return {**found, _WEIGHTS[0]: (inherent,)} if inherent else found

    return identity.remember("holdings", worked_out)


def worth(identity: Identity) -> int:
    """The rank of the most severe thing that a subject holds, to somebody who holds nothing; 0 where there is none."""
    return max((weight.severity.rank for weight in _holdings(identity)), default=0)


def worth_near(identity: Identity, near: Path) -> int:
    """The same at most to somebody who works in a place."""
    if near != ROOT:
        return worth(identity)

    def worked_out() -> int:
        # Nothing whose place is known lies apart from the tenancy.
        found = (
            weight.severity if any(held.path is None for held in several) else weight.near
            for weight, several in _holdings(identity).items()
        )
        return max((severity.rank for severity in found if severity is not None), default=0)

    return identity.remember("worth in the tenancy", worked_out)


def weights(identity: Identity) -> frozenset[Weight]:
    """The powers worth having that a subject holds, or may."""
    return identity.remember("weights", lambda: frozenset(_holdings(identity)))


def has_enough(gainer: Identity, offered: frozenset[Weight]) -> bool:
    """Whether a subject holds each of some powers in the whole tenancy, so that nobody's are a gain to it."""
    everywhere = gainer.remember(
        "everywhere",
        lambda: frozenset(weight for weight in weights(gainer) if ROOT in _certain(gainer, weight.power)),
    )
    return offered <= everywhere


def _certain(identity: Identity, power: Power) -> frozenset[Path]:
    """The places where a subject is known to hold a power."""
    return identity.of_power("places", power, lambda asked: frozenset(_places(identity.holds(asked))))


def _places(holdings: Sequence[Holding]) -> Iterator[Path]:
    return (held.path for held in holdings if held.path is not None and not held.doubt)


def worst_gain(giver: Identity, gainer: Identity | None, near: Path | None) -> Gain | None:
    """What `giver` holds and `gainer` lacks and what weighs most of it, something certain before something in doubt.

    A gainer of None is a stranger. `near` is where the gainer works, None where that is nowhere in particular.
    """
    offered = weights(giver)
    if not offered or (gainer is not None and has_enough(gainer, offered)):
        return None

    def worked_out() -> Gain | None:
        found = _gains(giver, gainer, near)
        return min(found, key=lambda gain: (bool(gain.doubt), -gain.severity.rank), default=None)

    return giver.remember((gainer, near), worked_out)


def _gains(giver: Identity, gainer: Identity | None, near: Path | None) -> Iterator[Gain]:
    for weight, holdings in _holdings(giver).items():
        held = [] if gainer is None else gainer.holds(weight.power)
        certain = frozenset[Path]() if gainer is None else _certain(gainer, weight.power)
        open_ = next((own for own in held if own.path is None or own.doubt), None)
        doubt = "" if open_ is None else open_.doubt or f"the location of `{open_.said}`"
        for holding in holdings:
            path = holding.path
            apart = near is None or path is None or within(path, near) is False
            severity = weight.severity if apart else weight.near
            around = [ROOT] if path is None else [path[:end] for end in range(len(path) + 1)]
            if severity is not None and certain.isdisjoint(around):
                yield Gain(weight, severity, holding, holding.doubt or doubt)


def administers(identity: Identity) -> str:
    """How a subject administers the tenancy, or can make itself one who does without anybody's help, for a message;
    empty where nothing in the stack says so."""
    return identity.remember("administers", lambda: _administers(identity))


def _administers(identity: Identity) -> str:
    if identity.administrators:
        return "the group of that name administers the tenancy"
    for power in _ADMINISTER:
        for holding in identity.holds(power):
            if holding.path == ROOT and not holding.doubt:
                does = "allows it everything" if power is _MANAGE_ALL else "lets it make itself an administrator"
                return f"{holding.said.policy.name!r} {does}, in {holding.said.value.path}"
    return ""
