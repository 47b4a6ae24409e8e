"""Runs preflight on every Python program of a checkout of example programs and prints what became of each.

Each set of requirements gets an environment of its own under --work, made once and used again. The programs run
without credentials, configuration or passphrase, as they would for a stranger's pull request. The output is Markdown.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[1]
INSTALL_SECONDS: Final = 900
CHECK_SECONDS: Final = 300
AT_ONCE: Final = 2
_SKIPPED: Final = frozenset({".git", ".venv", "venv", "node_modules", "__pycache__"})
_ALWAYS: Final = ("pulumi",)
_NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?")
# What would make a run here differ from one on a machine without an account.
_HIDDEN: Final = re.compile(
    r"^(?:PULUMI_|AWS_|ARM_|AZURE_|GOOGLE_|OCI_|TF_VAR_|DIGITALOCEAN_|PYTHONPATH$|VIRTUAL_ENV$|KUBECONFIG$)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one program. `cause` is empty where it got a report; `reason` is one line.

    `rescued` are the places of applies that raised, `invented` counts keys of the configuration that had no value.
    """

    program: str
    cause: str = ""
    reason: str = ""
    resources: int = 0
    rescued: tuple[str, ...] = ()
    invented: int = 0
    unchecked: tuple[str, ...] = ()
    unpinned: bool = False


def programs(checkout: Path) -> Iterator[Path]:
    """The folders under `checkout` whose Pulumi.yaml names the Python runtime, in order."""
    for folder, children, files in os.walk(checkout):
        children[:] = sorted(set(children) - _SKIPPED)
        if "Pulumi.yaml" in files and _runtime(Path(folder, "Pulumi.yaml")) == "python":
            yield Path(folder)


def _runtime(project: Path) -> object:
    try:
        content = yaml.safe_load(project.read_text())
    except (yaml.YAMLError, UnicodeDecodeError):
        return None
    runtime = content.get("runtime") if isinstance(content, dict) else None
    return runtime.get("name") if isinstance(runtime, dict) else runtime


def requirements(program: Path) -> tuple[str, ...]:
    """What a program wants installed, sorted: from requirements.txt, else pyproject.toml (PEP 621 or Poetry)."""
    listed = program / "requirements.txt"
    if listed.is_file():
        lines = (re.sub(r"(?:^|\s)#.*", "", line).strip() for line in listed.read_text().splitlines())
        return tuple(sorted({*(line for line in lines if line), *_ALWAYS}))
    declared = program / "pyproject.toml"
    content: dict[str, Any] = tomllib.loads(declared.read_text()) if declared.is_file() else {}
    wanted = set(content.get("project", {}).get("dependencies", ()))
    poetry = content.get("tool", {}).get("poetry", {}).get("dependencies", {})
    wanted.update(_of_poetry(name, version) for name, version in poetry.items() if name != "python")
    return tuple(sorted({*wanted, *_ALWAYS}))


def _of_poetry(name: str, version: object) -> str:
    text = str(version.get("version", "*") if isinstance(version, dict) else version)
    if text.startswith(("^", "~")):
        text = ">=" + text.lstrip("^~")
    return name if text == "*" else name + (text if text[0] in "<>=!" else "==" + text)


def without_pins(wanted: Iterable[str]) -> tuple[str, ...]:
    """The names alone; options and addresses stay out."""
    return tuple(sorted({match[0] for match in map(_NAME.match, wanted) if match}))


def environment(wanted: Sequence[str], work: Path) -> tuple[Path, bool]:
    """An environment with these requirements, and whether their pins had to be dropped.

    Raises OSError with the installer's last line where they do not install either way.
    """
    folder = work / hashlib.sha256("\n".join(wanted).encode()).hexdigest()[:12]
    done = folder / "installed"
    if not done.is_file():
        try:
            _install(folder, wanted)
            how = "pinned"
        except OSError:
            _install(folder, without_pins(wanted))
            how = "unpinned"
        done.write_text(how)
    return folder, done.read_text() == "unpinned"


def _install(folder: Path, wanted: Sequence[str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    python = folder / "bin" / "python"
    uv = shutil.which("uv")
    make = [uv, "venv", "--quiet", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
    add = [uv, "pip", "install", "--quiet", "--python", str(python)] if uv else [str(python), "-m", "pip", "install"]
    for command in ([*make, str(folder)], [*add, *wanted]):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise OSError(f"not installed after {INSTALL_SECONDS} s") from None
        if done.returncode:
            raise OSError(" ".join(done.stderr.split())[-200:])


def check(program: Path, python: Path) -> tuple[int | None, str, str]:
    """The exit status (None: out of time), the standard output and the standard error of `preflight check`."""
    command = [sys.executable, "-m", "preflight", "check", str(program), "--python", str(python)]
    clean = {name: value for name, value in os.environ.items() if not _HIDDEN.match(name)}
    try:
        done = subprocess.run(
            [*command, "--format", "json", "--fail-on", "never", "--quiet"],
            cwd=ROOT,
            env={"USER": "somebody", **clean, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=CHECK_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None, "", ""
    return done.returncode, done.stdout, done.stderr


def outcome(program: str, checked: tuple[int | None, str, str], *, unpinned: bool = False) -> Outcome:
    """What one check came to; see `check`."""
    status, output, error = checked
    if status is None:
        return Outcome(program=program, cause="out of time", reason=f"no report after {CHECK_SECONDS} s")
    try:
        report = json.loads(output)
    except json.JSONDecodeError:
        lines = error.strip().splitlines() or [f"exit {status} without a word"]
        return Outcome(program=program, cause="refused", reason=lines[-1], unpinned=unpinned)
    failures, notices = report["failures"], report["notices"]
    cause = reason = ""
    if failures or status not in (0, 1):
        cause = failures[0]["kind"] if failures else "rule failed"
        text = str(failures[0]["message"]) if failures else "no verdict; see the findings of its report"
        reason = next(iter(text.strip().splitlines()), "")
    raised = [notice for notice in notices if notice["kind"] == "apply-raised"]
    return Outcome(
        program=program,
        cause=cause,
        reason=reason,
        resources=report["summary"]["resources"],
        rescued=tuple(_place(notice) for notice in raised),
        invented=sum(notice["kind"] == "configuration-invented" for notice in notices),
        unchecked=tuple(report["summary"]["unchecked_types"]),
        unpinned=unpinned,
    )


def _place(notice: dict[str, Any]) -> str:
    source = notice.get("source")
    type_ = re.search(r"raised (\w+)", notice["message"])
    return f"{type_[1] if type_ else 'raised'} at {source['file']}:{source['line']}" if source else notice["message"]


def render(outcomes: Sequence[Outcome]) -> str:
    """The outcomes as Markdown: the share, the causes, then a line for each program that has something to be said."""
    installed = [found for found in outcomes if found.cause != "not installed"]
    reported = [found for found in installed if not found.cause]
    share = f"{100 * len(reported) / len(installed):.1f} %" if installed else "none"
    rows = [
        ("got a report", reported),
        ("- configuration invented", [found for found in reported if found.invented]),
        ("- applies rescued", [found for found in reported if found.rescued]),
        ("- no resource seen", [found for found in reported if not found.resources]),
        *((f"no report: {cause}", [f for f in outcomes if f.cause == cause]) for cause in _causes(outcomes)),
    ]
    lines = [
        f"{len(outcomes)} programs, {len(installed)} with packages that install, {len(reported)} reports: {share}",
        "",
        "| Outcome | Programs | Resources | Applies rescued |",
        "|---|---|---|---|",
    ]
    for label, group in rows:
        seen, rescued = sum(f.resources for f in group), sum(len(f.rescued) for f in group)
        lines.append(f"| {label} | {len(group)} | {seen} | {rescued} |")
    for title, told in (
        ("No report", [(f.program, f"{f.cause}: {f.reason}") for f in outcomes if f.cause]),
        ("Applies rescued", [(f.program, ", ".join(f.rescued)) for f in outcomes if f.rescued]),
        ("Not looked inside", [(f.program, ", ".join(f.unchecked)) for f in outcomes if f.unchecked]),
        ("No resource seen", [(f.program, "") for f in reported if not f.resources]),
        ("Pins dropped", [(f.program, "") for f in outcomes if f.unpinned]),
    ):
        if told:
            lines += ["", f"### {title}", "", *(f"- {name}: {text}".rstrip(": ") for name, text in sorted(told))]
    return "\n".join(lines) + "\n"


def _causes(outcomes: Iterable[Outcome]) -> list[str]:
    return [cause for cause, _ in Counter(found.cause for found in outcomes if found.cause).most_common()]


def _one(program: Path, checkout: Path, work: Path, python: Path | None) -> Outcome:
    name = program.relative_to(checkout).as_posix()
    try:
        found, unpinned = (python, False) if python else environment(requirements(program), work)
    except OSError as error:
        return Outcome(program=name, cause="not installed", reason=str(error))
    return outcome(name, check(program, found), unpinned=unpinned)


def main() -> None:
    """Run everything and print the outcome."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path, help="a checkout of an examples repository")
    parser.add_argument("--work", type=Path, required=True, help="folder for the environments, kept from run to run")
    parser.add_argument("--python", type=Path, help="use this environment for all programs")
    parser.add_argument("--only", default="", help="only programs whose path matches this regular expression")
    given = parser.parse_args()
    checkout, work = given.checkout.absolute(), given.work.absolute()
    found = [p for p in programs(checkout) if re.search(given.only, p.relative_to(checkout).as_posix())]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        print(render(list(pool.map(lambda p: _one(p, checkout, work, given.python), found))), end="")


if __name__ == "__main__":
    main()
