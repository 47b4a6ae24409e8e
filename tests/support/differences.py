"""How what the embedded engine sends to a pack may differ from what the real one sends: by name, with the reason.

`docs/embedded-engine.md` shows this table to users, and a test holds it to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from pulumi.runtime import rpc

from policypack.guardrails.values import has_stand_in

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
ABSENT: Final = "(absent)"
PRESENT: Final = "(present)"


@dataclass(frozen=True)
class Found:
    """One difference: `side` is analyze, stack or end; `path` is empty where the whole resource is on one side only."""

    program: str
    side: str
    urn: str
    path: str
    real: Any
    ours: Any

    @property
    def name(self) -> str:
        """The resource's name."""
        return self.urn.rpartition("::")[2]


@dataclass(frozen=True)
class Difference:
    """`explains` says whether a difference is of this kind; with `programs` only in these."""

    reason: str
    explains: Callable[[Found], bool]
    programs: Collection[str] = ()

    def covers(self, found: Found) -> bool:
        """Whether this explains the difference."""
        return (not self.programs or found.program in self.programs) and self.explains(found)


def marked(value: Any) -> bool:
    """Whether a value is secret."""
    return isinstance(value, dict) and value.get(SIGNATURE) == SECRET


def reveal(value: Any) -> Any:
    """The value without its secret mark."""
    return value["value"] if marked(value) else value


def stand_in(value: Any) -> bool:
    """Whether a value is a text that says of itself that it was invented."""
    return isinstance(reveal(value), str) and has_stand_in(reveal(value))


def _stand_in_for_unknown(one: Found) -> bool:
    return marked(one.real) == marked(one.ours) and reveal(one.real) == rpc.UNKNOWN and stand_in(one.ours)


def _without_hash(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_hash(item) for key, item in value.items() if key != "hash"}
    return value


def _asset_hash(one: Found) -> bool:
    return isinstance(one.real, dict) and _without_hash(one.real) == one.ours


def goes_on(one: Found) -> bool:
    """The real preview ends here, and this one does not: whatever comes after is here only."""
    return (one.side, one.real, one.ours) == ("end", "failed", "done") or one.real == ABSENT


def _of(*names: str) -> Callable[[Found], bool]:
    return lambda one: one.name in names


DIFFERENCES: Final[dict[str, Difference]] = {
    "stand-in-for-unknown": Difference(
        "What a provider computes is unknown before it exists. Programs get a value, and packs a text that says of "
        "itself that it was invented; numbers, flags and lists, which cannot, stay unknown.",
        _stand_in_for_unknown,
    ),
    "generated-name": Difference(
        "The random part of a name that the provider generates is a token.",
        lambda one: str(one.real).endswith("-1a2b3c4") and stand_in(one.ours),
    ),
    "certain-output": Difference(
        "Some outputs follow from the inputs for certain: a bucket's ARN, the region of the provider, all tags of a "
        "resource.",
        lambda one: one.path in {"properties.tagsAll", "properties.region"} and one.real == rpc.UNKNOWN,
    ),
    "asset-hash": Difference("Assets and archives carry no hash: no rule reads it.", _asset_hash),
    "asset-not-there": Difference(
        "A preview ends where the file of an asset is not there or its address does not answer. A check goes on: "
        "files that a build step makes are often not there yet.",
        goes_on,
        ("asset-missing", "archive-missing", "asset-remote"),
    ),
    "apply-that-raises": Difference(
        "A function given to apply that raises ends a preview. Here the cause may be an invented value, so its result "
        "is unknown, the check goes on, and the place is told.",
        goes_on,
        ("apply-raises",),
    ),
    "declared-in-apply": Difference(
        "A function given to apply does not run in a preview while its argument is unknown. Here it runs, and what it "
        "declares is checked too.",
        lambda one: one.real == ABSENT and one.ours == PRESENT,
        ("apply-of-unknown",),
    ),
    "remote-component": Difference(
        "What is inside a component that its provider builds is not there: that takes the provider. The check says "
        "which components it did not look into.",
        lambda one: "toy:index:Box$" in one.urn and (one.path, one.real, one.ours) == ("", PRESENT, ABSENT),
    ),
    "other-stack": Difference(
        "Outputs of other stacks are stand-ins unless they are given.",
        lambda one: stand_in(one.ours) or (one.path.startswith("properties.data[") and one.ours == ABSENT),
        ("stack-references",),
    ),
    "adopted-resource": Difference(
        "A resource that `import_` takes over has its own outputs already, which a preview reads. Here it has those of "
        "a new one.",
        lambda one: one.side == "stack" and one.name == "adopted",
        ("existing-resources",),
    ),
    "id-of-a-read-resource": Difference(
        "The id of a resource that is read is known. Engines older than the program's SDK leave it unknown.",
        lambda one: one.real == rpc.UNKNOWN and one.ours in {"an-id", "their-bucket"},
        ("existing-resources",),
    ),
    "provider-not-configured-yet": Difference(
        "A preview asks a provider with unknown configuration for nothing, so its resources have no computed outputs.",
        lambda one: one.side == "stack" and (one.ours == rpc.UNKNOWN or stand_in(one.ours) or one.real == {}),
        ("explicit-providers",),
    ),
    "function-of-a-planned-resource": Difference(
        "A preview does not call a function whose arguments or dependencies wait for a resource. Here it is answered, "
        "and its dependencies are kept.",
        lambda one: (
            one.name in {"known", "waiting", "unknown"} and (one.real == rpc.UNKNOWN or "ependencies" in one.path)
        ),
        ("functions",),
    ),
    "dependency-through-a-transform": Difference(
        "The engine forgets which property depends on what when a transform of the resource itself returns the "
        "properties, and what another transform adds to `depends_on`. Here both are kept.",
        lambda one: "ependencies" in one.path and one.real == ABSENT,
        ("transforms", "stack-transform-options"),
    ),
    "undeclared-output": Difference(
        "An output that the SDK's class does not declare is absent, not unknown.",
        lambda one: one.real == rpc.UNKNOWN and one.ours == ABSENT,
        ("parameterized-package",),
    ),
    "optional-part": Difference(
        "An optional part of an object that the program gave may be there afterwards: it is a stand-in.",
        lambda one: one.real == ABSENT and stand_in(one.ours),
        ("exports",),
    ),
    "hangs-on-an-invention": Difference(
        "Whatever a program makes of an invented number, flag or list is unknown as a whole.",
        lambda one: one.path.startswith("properties.output-of-resource.") and one.ours == rpc.UNKNOWN,
        ("exports",),
    ),
    "known-in-part": Difference(
        "What is made of known and unknown parts is unknown as a whole in a preview. Here the parts are seen, stand-ins "
        "among them.",
        lambda one: one.path.startswith("properties.output-of-list"),
        ("exports",),
    ),
    "awaited-output": Difference(
        "A program that awaits an unknown output gets None in a preview, and a stand-in here.",
        lambda one: one.path.startswith("properties.later"),
        ("async-await-output",),
    ),
    "module-beside-a-main-file": Difference(
        "Where `main:` names a file, modules beside it can be imported, as Python's own `python FILE` allows; the "
        "language host finds none.",
        goes_on,
        ("main-file-imports",),
    ),
}
