"""`pulumi preview` with the pack and stand-in providers, in folders of its own, read event by event.

The events are those of `pulumi preview --json` with PULUMI_ENABLE_STREAMING_JSON_PREVIEW: one JSON object a line, the
same that Pulumi Cloud gets. Each policy line is a `policyEvent` with policy, level, severity, URN and whole message.
The plain `--json` summary holds no policy result, and the text for people has neither URNs nor a stable layout.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import standin_provider
import yaml
from pulumi.runtime import rpc

ROOT: Final = Path(__file__).parents[2]
# The policy configuration of a scenario that has one.
POLICIES: Final = "policies.json"
PASSPHRASE: Final = "dev"
_PACKAGES: Final = ("aws", "oci")
_TOY: Final = Path(__file__).with_name("toy") / "plugin.py"
# What a developer's shell may hold and a preview would obey.
_FOREIGN: Final = ("PULUMI_", "AWS_", "OCI_", "TF_", "PYTHON")


@dataclass(frozen=True, order=True)
class Line:
    """What a policy says of a resource: one line in a preview, or one finding of preflight."""

    policy: str
    urn: str
    path: str
    outcome: str
    level: str
    severity: str

    @property
    def place(self) -> tuple[str, str]:
        """The resource and the property of it, or for an export the stack and the export."""
        words = re.split(r"[.\[]", self.path)
        return self.urn, ".".join(words[:2] if words[0] == "outputs" else words[:1])

    @property
    def name(self) -> str:
        """The resource's name, or for the stack the export's, as preflight's reports have it."""
        property_ = self.place[1]
        return property_.removeprefix("outputs.") if property_.startswith("outputs.") else self.urn.rpartition("::")[2]


@dataclass(frozen=True)
class Preview:
    """One finished preview. `output` is all that it printed, `events` the engine's events in their order."""

    status: int
    output: str
    events: tuple[dict[str, Any], ...] = ()

    @property
    def lines(self) -> list[Line]:
        """The policy lines, sorted, a repeated one as often as it was sent."""
        return sorted(_line(one["policyEvent"]) for one in self.events if "policyEvent" in one)

    @property
    def packs(self) -> set[str]:
        """The names of the packs that ran."""
        summaries = [one["summaryEvent"] for one in self.events if "summaryEvent" in one]
        return {name.partition("|")[0] for one in summaries for name in one["PolicyPacks"]}

    @property
    def errors(self) -> set[str]:
        """What went wrong, the line apart with which the engine ends any preview that a policy failed."""
        diagnostics = [one["diagnosticEvent"] for one in self.events if "diagnosticEvent" in one]
        return {one["message"].strip() for one in diagnostics if one["severity"] == "error"} - {"preview failed"}

    def planned(self, urn: str, key: Literal["inputs", "outputs"] = "inputs") -> dict[str, Any]:
        """The inputs that the engine would give the resource, or the outputs that it expects; secrets are blinded."""
        kind = "resourcePreEvent" if key == "inputs" else "resOutputsEvent"
        news = [one[kind]["metadata"]["new"] for one in self.events if kind in one]
        planned: dict[str, Any] = [new[key] for new in news if new["urn"] == urn][-1]
        return planned

    def unknown(self, line: Line) -> bool:
        """Whether the property or export that `line` is about holds something that this preview does not know."""
        urn, property_ = line.place
        export = property_.removeprefix("outputs.")
        values = self.planned(urn, "inputs" if export == property_ else "outputs")
        return rpc.UNKNOWN in json.dumps(values.get(export))


def _line(event: dict[str, Any]) -> Line:
    lead, *rest = event["message"].split("\n")
    places = [line.removeprefix("  at ") for line in rest if line.startswith("  at ")]
    return Line(
        policy=event["policyName"],
        urn=event["resourceUrn"],
        path=places[0] if places else "",
        outcome="undecided" if lead.startswith("undecided: ") else "violation",
        level=event["enforcementLevel"],
        severity=event["severity"],
    )


def _copy(source: Path, target: Path, description: str) -> None:
    """Copy a program or pack, to run under the interpreter of the tests.

    The engine waits without end for a virtual environment that does not exist, and `pulumi install` needs a network.
    """
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("venv", ".venv", "__pycache__", ".*_cache"))
    project = yaml.safe_load((target / description).read_text())
    project["runtime"] = {"name": "python", "options": {"toolchain": "pip", "virtualenv": sys.prefix}}
    (target / description).write_text(yaml.safe_dump(project, sort_keys=False))


class Engine:
    """The `pulumi` of PATH with a home, a file backend, provider plugins and a copy of the pack below `folder`."""

    def __init__(self, folder: Path, pack: Path = ROOT / "policypack") -> None:
        self._folder = folder
        self._count = 0
        self.pack = folder / "pack"
        _copy(pack, self.pack, "PulumiPolicy.yaml")
        plugins = folder / "plugins"
        plugins.mkdir()
        for package in _PACKAGES:
            standin_provider.write_plugin(plugins, package)
        standin_provider.write_plugin(plugins, "toy", _TOY)
        # The CLI comes with this one; it needs nothing but the SDK.
        dynamic = plugins / "pulumi-resource-pulumi-python"
        dynamic.write_text(f'#!/bin/sh\nexec "{sys.executable}" -u -m pulumi.dynamic "$@"\n')
        dynamic.chmod(0o755)
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(_FOREIGN)}
        self._environment = {
            **inherited,
            "PATH": f"{plugins}{os.pathsep}{os.environ['PATH']}",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true",
        }

    def _run(self, program: Path, *arguments: str, backend: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--color", "never"],
            cwd=program,
            env={**self._environment, "PULUMI_BACKEND_URL": backend or (program / ".state").as_uri()},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )

    def _create_stack(self, program: Path, state: Path) -> None:
        """Create the stack `dev` of another project, with the exported state in `state`, named after the project."""
        other = program / "stacks" / state.stem
        other.mkdir()
        (other / "Pulumi.yaml").write_text(f"name: {state.stem}\nruntime: python\n")
        backend = (program / ".state").as_uri()
        for arguments in (["stack", "init", "dev"], ["stack", "import", "--stack", "dev", "--file", str(state)]):
            done = self._run(other, *arguments, backend=backend)
            assert done.returncode == 0, done.stderr

    def preview(self, program: Path, *, policies: dict[str, Any] | None = None, events: bool = True) -> Preview:
        """Preview a copy of `program`, stack dev, with the pack; `policies` is the pack's configuration.

        Exported states in a folder `stacks` of the program become the stacks `dev` of the projects they are named after.

        With `events` false the preview prints what a person reads, and nothing is known but that text.
        """
        self._count += 1
        copy = self._folder / f"program-{self._count}"
        _copy(program, copy, "Pulumi.yaml")
        (copy / ".state").mkdir()
        for other in sorted(copy.glob("stacks/*.json")):
            self._create_stack(copy, other)
        initialised = self._run(copy, "stack", "init", "dev")
        assert initialised.returncode == 0, initialised.stderr
        arguments = ["preview", "--stack", "dev", "--policy-pack", str(self.pack)]
        if policies is not None:
            # Beside the program, so that nothing else is in a folder that the engine reads.
            configuration = self._folder / f"policies-{self._count}.json"
            configuration.write_text(json.dumps(policies))
            arguments += ["--policy-pack-config", str(configuration)]
        done = self._run(copy, *arguments, *(["--json"] if events else []))
        output = done.stdout + done.stderr
        found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")] if events else []
        return Preview(done.returncode, output, tuple(found))


def checked(program: Path) -> dict[str, Any]:
    """The JSON report of `preflight check` for the stack dev of `program`."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PULUMI_")}
    policies = program / POLICIES
    configured = ["--policy-config", str(policies)] if policies.exists() else []
    done = subprocess.run(
        [sys.executable, "-m", "preflight", "check", str(program), "--stack", "dev", "--format", "json", *configured],
        cwd=ROOT,
        env={**inherited, "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def lines_of(report: dict[str, Any], *, evidence: Collection[str] = ("wire",)) -> list[Line]:
    """The findings of `report`, sorted; without more `evidence`, those that the pack gives too."""
    return sorted(
        Line(
            policy=one["rule"],
            urn=one["urn"],
            path=one["path"],
            outcome=one["outcome"],
            level="advisory" if one["outcome"] == "undecided" else one["enforcement"],
            severity=one["severity"],
        )
        for one in report["findings"]
        if one["evidence"] in evidence
    )
