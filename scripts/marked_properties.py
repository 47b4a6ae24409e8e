"""Write down which properties the installed provider SDKs mark secret.

The SDKs mark a credential in generated constructors: an input is wrapped in `pulumi.Output.secret`, an output is named
in `additional_secret_outputs`. This reads both from the sources of pulumi_aws and pulumi_oci.

    python scripts/marked_properties.py            # writes policypack/guardrails/secrets/data/marked.json
    python scripts/marked_properties.py --check    # exits 1 where the file and the installed SDKs differ
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("pulumi_aws", "pulumi_oci")
TARGET = Path(__file__).parents[1] / "policypack/guardrails/secrets/data/marked.json"
_WRAPPED = re.compile(r'__props__\.__dict__\["(\w+)"\] = .*pulumi\.Output\.secret\(')
_OUTPUTS = re.compile(r"additional_secret_outputs=\[([^\]]*)\]")
_TOKEN = re.compile(r"super\(\w+, __self__\)\.__init__\(\s*'([^']+)'")
_NAMED = re.compile(r'@pulumi\.getter\(name="(\w+)"\)\s+def (\w+)\(')


def camel(name: str) -> str:
    """`master_password` -> `masterPassword`, as the SDKs name properties on the wire unless they say otherwise."""
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def read(package: str) -> dict[str, dict[str, list[str]]]:
    """`{type token: {"inputs": [...], "outputs": [...]}}` of one installed package."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is not installed: run `make setup` first")
    found: dict[str, dict[str, list[str]]] = {}
    for path in sorted(Path(spec.origin).parent.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        inputs = _WRAPPED.findall(text)
        outputs = [name for names in _OUTPUTS.findall(text) for name in re.findall(r'"(\w+)"', names)]
        if not inputs and not outputs:
            continue
        token = _TOKEN.search(text)
        if token is None:
            raise SystemExit(f"{path.name} marks properties but no resource type was found in it")
        name = f"pulumi:providers:{token[1]}" if ":" not in token[1] else token[1]
        names = {python: wire for wire, python in _NAMED.findall(text)}
        found[name] = {
            "inputs": sorted({names.get(key, camel(key)) for key in inputs}),
            "outputs": sorted(set(outputs)),
        }
    return found


def render() -> str:
    """The data file for the installed SDKs."""
    types = {token: marks for package in PACKAGES for token, marks in read(package).items()}
    document = {"read from": {package: version(package) for package in PACKAGES}, "types": dict(sorted(types.items()))}
    return json.dumps(document, indent=1) + "\n"


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        if TARGET.read_text(encoding="utf-8") != render():
            sys.exit(f"{TARGET.name} does not match the installed SDKs: run scripts/marked_properties.py")
    else:
        TARGET.write_text(render(), encoding="utf-8")
