"""What the real engine and the embedded one send to a pack for the same program, and how the two may differ.

The programs stand in tests/data/programs, one behaviour or a few related ones each; `recording` is what the real
engine sent, kept in tests/data/recordings.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from differences import ABSENT, PRESENT, SIGNATURE, Found
from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2 as pb
from real_preview import Engine, Preview

SUPPORT: Final = Path(__file__).parent
ROOT: Final = SUPPORT.parents[1]
PROGRAMS: Final = ROOT / "tests" / "data" / "programs"
RECORDINGS: Final = ROOT / "tests" / "data" / "recordings"
NAMES: Final = sorted(path.name for path in PROGRAMS.iterdir() if path.is_dir())
PACK: Final = SUPPORT / "recording_pack"
PASSPHRASE: Final = "dev"
_LEVELS: Final = ("info", "warning", "error")
_PLUGINS: Final = re.compile(r"from \$PATH at|is expected to have version")

Json = dict[str, Any]


def write_program(name: str, folder: Path) -> Path:
    """A copy of the program in `folder`, with the toy SDK beside it and a Pulumi.yaml where it has none."""
    target = folder / name
    shutil.copytree(PROGRAMS / name, target, ignore=shutil.ignore_patterns("__pycache__"))
    project = target / "Pulumi.yaml"
    if not project.exists():
        project.write_text("name: demo\nruntime: python\n")
    shutil.copy(SUPPORT / "toy" / "pulumi_toy.py", target)
    return target


def sent(pack: Path) -> Json:
    """What the recording pack in `pack` was sent: its Analyze requests by URN, and the resources of AnalyzeStack."""
    analyzed: Json = {}
    stack: Json | None = None
    file = pack / "requests.jsonl"
    for line in file.read_text().splitlines() if file.exists() else ():
        entry = json.loads(line)
        raw = base64.b64decode(entry["raw"])
        if entry["method"] == "Analyze":
            request = pb.AnalyzeRequest.FromString(raw)
            assert request.urn not in analyzed, f"{request.urn} was analysed twice"
            analyzed[request.urn] = _plain(request)
        elif entry["method"] == "AnalyzeStack":
            resources = pb.AnalyzeStackRequest.FromString(raw).resources
            stack = {resource.urn: _plain(resource) for resource in resources}
    return {"analyze": analyzed, "stack": stack}


def _plain(message: Any) -> Json:
    plain = json_format.MessageToDict(message)
    if "dependencies" in plain:
        plain["dependencies"].sort()
    for dependencies in plain.get("propertyDependencies", {}).values():
        dependencies.get("urns", []).sort()
    del plain["urn"]
    return plain


def recorded(engine: Engine, name: str, folder: Path) -> Json:
    """Preview the program on the real engine: what the pack was sent, whether it failed, and what was said."""
    (engine.pack / "requests.jsonl").unlink(missing_ok=True)
    preview = engine.preview(write_program(name, folder))
    said = _diagnostics(preview)
    errors = {re.sub(r"/\S*/program-\d+/", "", text.splitlines()[-1]) for level, text in said if level == "error"}
    return {
        **sent(engine.pack),
        "failed": preview.status != 0,
        "logged": sorted(text for level, text in said if level != "error"),
        "errors": sorted(errors - {"preview failed"}),
    }


def _diagnostics(preview: Preview) -> list[tuple[str, str]]:
    """What the program and the engine said, with its level; not what was printed, and not about plugins."""
    said = [one["diagnosticEvent"] for one in preview.events if "diagnosticEvent" in one]
    told = [(one["severity"], one["message"].strip()) for one in said]
    return [(level, text) for level, text in told if level in _LEVELS and not _PLUGINS.search(text)]


def embedded(name: str, folder: Path) -> Json:
    """Run the program on the embedded engine: what the pack was sent, the exit status and the report."""
    program = write_program(name, folder)
    pack = folder / f"{name}.pack"
    shutil.copytree(PACK, pack)
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PULUMI_")}
    command = ["check", str(program), "--stack", "dev", "--format", "json", "--pack", str(pack)]
    done = subprocess.run(
        [sys.executable, "-m", "preflight", *command],
        cwd=ROOT,
        env={**inherited, "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    report = json.loads(done.stdout) if done.stdout.startswith("{") else {}
    return {**sent(pack), "status": done.returncode, "report": report, "printed": done.stderr}


def differences(name: str, real: Json, ours: Json) -> list[Found]:
    """All that differs between a recording and the embedded engine's run of the same program.

    Of a preview that failed, what had been sent by then is a matter of time: only what both were sent is compared.
    """
    failed = {"real": real["failed"], "ours": ours["status"] != 0}
    ends = {key: "failed" if value else "done" for key, value in failed.items()}
    found = [Found(name, "end", "", "", ends["real"], ends["ours"])] if failed["real"] != failed["ours"] else []
    for side in ("analyze", "stack"):
        there, here = real[side] or {}, ours[side] or {}
        for urn in sorted({*there, *here}):
            if urn in there and urn in here:
                found += _differing(name, side, urn, there[urn], here[urn])
            elif not any(failed.values()) or (urn in here and not failed["ours"]):
                sides = (PRESENT, ABSENT) if urn in there else (ABSENT, PRESENT)
                found.append(Found(name, side, urn, "", *sides))
    return found


def _differing(name: str, side: str, urn: str, real: Json, ours: Json) -> list[Found]:
    there, here = flat(real), flat(ours)
    pairs = {path: (there.get(path, ABSENT), here.get(path, ABSENT)) for path in sorted({*there, *here})}
    return [Found(name, side, urn, path, *pair) for path, pair in pairs.items() if pair[0] != pair[1]]


def flat(value: Any, path: str = "") -> dict[str, Any]:
    """Every leaf of a JSON value by its path; marked values, assets and archives are leaves as they are."""
    if isinstance(value, dict) and value and SIGNATURE not in value:
        found: dict[str, Any] = {}
        for key, item in value.items():
            found |= flat(item, f"{path}.{key}" if path else key)
        return found
    if isinstance(value, list) and value:
        found = {}
        for index, item in enumerate(value):
            found |= flat(item, f"{path}[{index}]")
        return found
    return {path: value}
