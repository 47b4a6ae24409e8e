"""Write down which properties of the installed provider SDKs carry a credential, and which of them the SDKs mark.

The SDKs mark a credential in generated constructors: an input is wrapped in `pulumi.Output.secret`, an output is named
in `additional_secret_outputs`. Both hold for a whole top-level property. This reads the marks, and sweeps every other
text, nested ones too, for what its name or the first sentence of its description says to be a credential. Each such hit
is decided in `credential_decisions.json` beside this script:

* `excluded` names by pattern what is none, under the reason; `excluded_paths` does so for single properties, as
  `TYPE in PATH` or `TYPE out PATH` with `*` for any part of it;
* `credentials` names by pattern what is one;
* `inputs`, `outputs` and `references` name single paths, and come before all patterns: a name that says nothing, the
  key of a free map, an output that is generated where the input was not given, and an input that takes the id of a
  stored secret;
* `not_credentials` names what the SDKs mark and what is none.

    python scripts/credential_properties.py            # writes policypack/guardrails/secrets/data/properties.json
    python scripts/credential_properties.py --check    # exits 1 where the file and the installed SDKs differ

Either exits 1 where a hit is undecided, or where a decision names what is not there: a new version of an SDK may bring
both.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

PACKAGES = ("pulumi_aws", "pulumi_oci")
TARGET = Path(__file__).parents[1] / "policypack/guardrails/secrets/data/properties.json"
DECISIONS = Path(__file__).with_name("credential_decisions.json")

_WRAPPED = re.compile(r'__props__\.__dict__\["(\w+)"\] = .*pulumi\.Output\.secret\(')
_OUTPUTS = re.compile(r"additional_secret_outputs=\[([^\]]*)\]")
_TOKEN = re.compile(r"super\(\w+, __self__\)\.__init__\(\s*'([^']+)'")
_NAMED = re.compile(r'@pulumi\.getter\(name="(\w+)"\)\s+def (\w+)\(')
_CLASS = re.compile(r"\nclass (\w+)")
_RESOURCE = re.compile(r"\nclass (\w+)\(pulumi\.(?:Custom|Provider)Resource\)")
_GETTER = re.compile(
    r'    @pulumi\.getter(?:\(name="(\w+)"\))?\n(?:    @_utilities\.deprecated\([^\n]*\n)?'
    r"    def (\w+)\(self\) -> ([^\n]*):\n"
    r'(?:        """\n([^"]*(?:"(?!"")[^"]*)*)""")?'
)
_REFERENCE = re.compile(r"'(?:\w+\.)?(\w+)'")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")

# Words of a name, with underscores between them, and words of a description that speak of credentials.
_NAME = re.compile(
    r"passw|passphrase|passcode|secret|token|credential|private_?key|key_?material|access_?key|api_?key|auth_?key"
    r"|(?:shared|account|signing|application|ssl|tls)_key|key_?value|connection_?string|plain_?text|seed|keytab|wallet|hmac|psk"
    r"|pre_?shared|jwt|auth(?:orization)?_?code|authorization$|activation|registration_?code|ssh_?key|license_?key|bearer"
    r"|sas_|key_?store|key_?file|pfx|pkcs|dsn$|webhook|basic_?auth|otp_|_otp|salt$|pin$|header_?value|pem$|kubeconfig"
)
_DESCRIPTION = re.compile(
    r"password|passphrase|\bsecret|\btokens?\b|credential|private key|key material|access key|api key|bearer|keytab"
    r"|auth(?:entication|orization)? (?:key|code|string)|(?:shared|signing) key|connection string|plain ?text"
    r"|pre-?(?:shared|signed|authenticated)",
    re.IGNORECASE,
)

Types: TypeAlias = dict[str, dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Property:
    """A property as its getter declares it: the name on the wire, the type as it is written, the description."""

    name: str
    hint: str
    description: str

    @property
    def says_credential(self) -> bool:
        """Whether the name or the first sentence of the description speaks of a credential."""
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", self.name).lower()
        text = _LINK.sub(r"\1", self.description).removeprefix("(Updatable)").strip()
        sentence = re.split(r"(?<=[.!?])\s|\n", text)[0]
        return bool(_NAME.search(words) or _DESCRIPTION.search(sentence))


Nested: TypeAlias = Mapping[str, Sequence[Property]]


@dataclass(frozen=True)
class ResourceType:
    """One resource of an SDK: what it marks, and what it takes and gives."""

    token: str
    marked_inputs: Sequence[str]
    marked_outputs: Sequence[str]
    given: Sequence[Property]
    returned: Sequence[Property]
    input_types: Nested
    output_types: Nested

    @cached_property
    def inputs(self) -> Mapping[str, Property]:
        """Every text among the inputs, by path."""
        return dict(_texts(self.given, self.input_types))

    @cached_property
    def outputs(self) -> Mapping[str, Property]:
        """Every text that is among the outputs alone, by path."""
        return {path: each for path, each in _texts(self.returned, self.output_types) if path not in self.inputs}


def _texts(
    properties: Iterable[Property], nested: Nested, before: str = "", around: tuple[str, ...] = ()
) -> Iterator[tuple[str, Property]]:
    for each in properties:
        path = before + each.name
        reference = _REFERENCE.search(each.hint)
        name = reference[1] if reference else ""
        if name in nested:
            if name not in around:
                step = "[*]." if "Sequence[" in each.hint else "."
                yield from _texts(nested[name], nested, path + step, (*around, name))
        elif "str" in each.hint or "Any" in each.hint:
            yield path, each


def camel(name: str) -> str:
    """`master_password` -> `masterPassword`, as the SDKs name properties on the wire unless they say otherwise."""
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def _top(path: str) -> str:
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def _classes(text: str) -> dict[str, list[Property]]:
    """The properties of every class in a source, by class."""
    starts = [(match[1], match.start()) for match in _CLASS.finditer(text)]
    ends = [start for _, start in starts[1:]] + [len(text)]
    return {
        name: [Property(m[1] or m[2], m[3], (m[4] or "").strip()) for m in _GETTER.finditer(text, start, end)]
        for (name, start), end in zip(starts, ends, strict=True)
        if not name.startswith("_") and not name.endswith("ArgsDict")
    }


def _nested(path: Path) -> Nested:
    return _classes(path.read_text(encoding="utf-8")) if path.exists() else {}


@cache
def resources(package: str) -> Sequence[ResourceType]:
    """The resource types of one installed package."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is not installed: run `make setup` first")
    found = []
    folders: dict[Path, tuple[Nested, Nested]] = {}
    for path in sorted(Path(spec.origin).parent.rglob("*.py")):
        if path.name.startswith(("get_", "_")) or path.name == "outputs.py":
            continue
        text = path.read_text(encoding="utf-8")
        resource, token = _RESOURCE.search(text), _TOKEN.search(text)
        if resource is None or token is None:
            continue
        if path.parent not in folders:
            folders[path.parent] = _nested(path.parent / "_inputs.py"), _nested(path.parent / "outputs.py")
        input_types, output_types = folders[path.parent]
        classes = _classes(text)
        name = resource[1]
        wrapped = _WRAPPED.findall(text)
        names = {python: wire for wire, python in _NAMED.findall(text)} if wrapped else {}
        outputs = [each for listed in _OUTPUTS.findall(text) for each in re.findall(r'"(\w+)"', listed)]
        found.append(
            ResourceType(
                token=token[1] if ":" in token[1] else f"pulumi:providers:{token[1]}",
                marked_inputs=sorted({names.get(key, camel(key)) for key in wrapped}),
                marked_outputs=sorted(set(outputs)),
                # Where a nested type has the plain name, the arguments of the resource go by the other.
                given=classes.get(f"{name}Args") or classes.get(f"{name}InitArgs") or [],
                returned=classes[name],
                input_types=input_types,
                output_types=output_types,
            )
        )
    return found


class Decisions:
    """What `credential_decisions.json` says."""

    def __init__(self, text: str) -> None:
        read = json.loads(text)
        self.inputs: Mapping[str, Sequence[str]] = read["inputs"]
        self.outputs: Mapping[str, Sequence[str]] = read["outputs"]
        self.references: Mapping[str, Sequence[str]] = read["references"]
        self.not_credentials: Mapping[str, Sequence[str]] = read["not_credentials"]
        self._places = [place for places in read["excluded_paths"].values() for place in places]
        self._excluded = re.compile("|".join(f"(?:{one})" for names in read["excluded"].values() for one in names))
        self._credentials = re.compile("|".join(f"(?:{one})" for one in read["credentials"]))

    def is_credential(self, place: str, name: str) -> bool | None:
        """What the patterns say of a hit; None for one that none of them fits."""
        # A bracket is none of a pattern here.
        if any(fnmatchcase(place.replace("[", "("), one.replace("[", "(")) for one in self._places):
            return False
        # A write-only twin is what its twin is.
        bare = name.removesuffix("Wo")
        if self._excluded.search(bare):
            return False
        return True if self._credentials.search(bare) else None


def decide(resource: ResourceType, decisions: Decisions) -> tuple[dict[str, list[str]], list[str]]:
    """What is to be written down of one resource, and the paths that are undecided."""
    token = resource.token
    references = list(decisions.references.get(token, ()))
    inputs = set(decisions.inputs.get(token, ()))
    outputs = set(decisions.outputs.get(token, ()))
    undecided = []
    for taken, texts in ((True, resource.inputs), (False, resource.outputs)):
        marks = resource.marked_inputs if taken else resource.marked_outputs
        for path, each in texts.items():
            top = _top(path)
            known = path in inputs or path in references if taken else top in outputs
            if known or top in marks or not each.says_credential:
                continue
            place = f"{token} {'in' if taken else 'out'} {path}"
            answer = decisions.is_credential(place, each.name)
            if answer is None:
                undecided.append(f"{place}: {each.description[:100]!r}")
            elif answer and taken:
                inputs.add(path)
            elif answer:
                outputs.add(top)
    entry = {
        "marked_inputs": list(resource.marked_inputs),
        "marked_outputs": list(resource.marked_outputs),
        "inputs": sorted(inputs),
        "outputs": sorted(outputs),
        "references": sorted(references),
        "not_credentials": sorted(decisions.not_credentials.get(token, ())),
    }
    return {key: names for key, names in entry.items() if names}, undecided


def astray(resource: ResourceType, decisions: Decisions) -> list[str]:
    """What the decisions name and the resource does not have, or marks itself."""
    token = resource.token
    # The key of a free map is the service's own.
    named = (*decisions.inputs.get(token, ()), *decisions.references.get(token, ()))
    wrong = [path for path in named if not {path, path.rpartition(".")[0]} & {*resource.inputs}]
    wrong += sorted({*decisions.outputs.get(token, ())} - {each.name for each in resource.returned})
    marked = {*resource.marked_inputs, *resource.marked_outputs}
    wrong += sorted({*decisions.not_credentials.get(token, ())} - marked)
    wrong += [path for path in (*named, *decisions.outputs.get(token, ())) if _top(path) in marked]
    return [f"{token} {path}" for path in wrong]


def types() -> tuple[Types, list[str]]:
    """What is written down, by type token, and what is wrong with the decisions."""
    decisions = Decisions(DECISIONS.read_text(encoding="utf-8"))
    found: Types = {}
    wrong: list[str] = []
    tokens = set()
    for package in PACKAGES:
        for resource in resources(package):
            entry, undecided = decide(resource, decisions)
            wrong += [*undecided, *astray(resource, decisions)]
            tokens.add(resource.token)
            if entry:
                found[resource.token] = entry
    wrong += sorted({*decisions.inputs, *decisions.outputs, *decisions.references, *decisions.not_credentials} - tokens)
    return dict(sorted(found.items())), wrong


def render() -> str:
    """The data file for the installed SDKs. Exits where a hit is undecided or a decision names what is not there."""
    found, wrong = types()
    if wrong:
        raise SystemExit("\n".join([f"{DECISIONS.name}: {len(wrong)} properties undecided or not as decided:", *wrong]))
    document = {"read from": {package: version(package) for package in PACKAGES}, "types": found}
    return json.dumps(document, indent=1) + "\n"


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        if TARGET.read_text(encoding="utf-8") != render():
            sys.exit(f"{TARGET.name} does not match the installed SDKs: run scripts/{Path(__file__).name}")
    else:
        TARGET.write_text(render(), encoding="utf-8")
