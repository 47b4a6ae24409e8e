"""The commands as a shell meets them: status, streams, one sentence."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from preflight import __version__, cli

ROOT = Path(__file__).parents[2]
STATE = ROOT / "tests" / "data" / "transcripts" / "state.json"
FolderOf = Callable[..., Path]
CLEAN = "import pulumi\npulumi.export('x', 1)\n"


def preflight(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "preflight", *map(str, arguments)]
    variables = {**os.environ, **environment}
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["chekc"], "Did you mean 'check'?", id="a misspelt command"),
        pytest.param(["check", "x", "--fial-on", "low"], "Did you mean '--fail-on'?", id="a misspelt option"),
        pytest.param(["check", "x", "--fail-on", "hihg"], "is not one of", id="a misspelt choice"),
        pytest.param(["check"], "Missing argument 'PROGRAM'", id="no program"),
        pytest.param(["state"], "Missing argument 'FILE...'", id="no state"),
        pytest.param(["check", "nowhere"], "nowhere does not exist", id="no such program"),
        pytest.param(["check", "tests"], "has no Pulumi.yaml", id="no project"),
        pytest.param(["state", "pyproject.toml"], "is not JSON", id="no state in the file"),
        pytest.param(["state", "nowhere"], "cannot read nowhere", id="no such state"),
        pytest.param(["state", str(STATE), "--pack", "tests"], "has no PulumiPolicy.yaml", id="no pack"),
        pytest.param(["state", str(STATE), "--policy-config", "nowhere"], "cannot read nowhere", id="no configuration"),
        pytest.param(["state", str(STATE), "--output", "/nowhere/x"], "cannot write /nowhere/x", id="no output"),
        pytest.param(["policy", "x"], "is not built yet", id="policy"),
        pytest.param(["compare", "a", "b"], "is not built yet", id="compare"),
        *(
            pytest.param(["state", str(STATE), "--format", name], f"--format {name} is not built yet", id=name)
            for name in ("sarif", "junit", "markdown", "html")
        ),
        pytest.param(["rules", "bucket-pulic-acl"], "did you mean 'bucket-public-acl'?", id="no such rule"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_status_2(arguments: list[str], message: str) -> None:
    done = preflight(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    if not done.stderr.startswith("Usage:"):
        assert len(done.stderr.splitlines()) == 1


def test_the_traceback_comes_with_debug() -> None:
    done = preflight("state", "nowhere", "--debug")
    assert done.returncode == 2
    assert done.stderr.startswith("Traceback")
    assert done.stderr.splitlines()[-1].startswith("preflight: cannot read nowhere")


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ([], 1),
        (["--fail-on", "high"], 1),
        (["--fail-on", "critical"], 0),
        (["--fail-on", "never"], 0),
    ],
)
def test_status_of_a_state_with_a_violation_of_high_severity(options: list[str], status: int) -> None:
    assert preflight("state", STATE, *options).returncode == status


def test_a_clean_program(program_of: FolderOf) -> None:
    folder = program_of(CLEAN + "print('hello')\n")
    done = preflight("check", folder)
    assert (done.returncode, done.stderr) == (0, "hello\n")
    assert done.stdout.startswith(f"{folder} (dev): 1 resource, ")
    assert done.stdout.endswith(" rules, no violations.\n")
    assert preflight("check", folder, "--quiet").stderr == ""


def test_a_program_that_raises(program_of: FolderOf) -> None:
    done = preflight("check", program_of("raise ValueError('no')\n"))
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert lines[-1].startswith("preflight: ValueError: no;")
    assert "preflight/engine" not in done.stderr
    assert "unable: the program did not run to its end" in done.stdout


def test_json_to_a_file(program_of: FolderOf, tmp_path: Path) -> None:
    output = tmp_path / "report.json"
    done = preflight("check", program_of(CLEAN), "--format", "json", "--output", output)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    report = json.loads(output.read_text())
    assert report["schema"] == "preflight/report/v1"
    assert report["tool"]["version"] == __version__


def test_verbose_says_how_long_each_phase_took(program_of: FolderOf) -> None:
    done = preflight("check", program_of(CLEAN), "--verbose")
    assert [line.split(" s  ")[1] for line in done.stderr.splitlines()][-1] == "report"
    assert "AnalyzeStack" in done.stderr


def test_rules_are_listed_and_explained() -> None:
    listed = json.loads(preflight("rules", "--format", "json").stdout)["rules"]
    table = preflight("rules").stdout.splitlines()
    assert len(table) == len(listed) + 1
    assert [line.split()[0] for line in table[1:]] == [rule["rule"] for rule in listed]
    one = listed[0]["rule"]
    assert json.loads(preflight("rules", one, "--format", "json").stdout) == listed[0]
    explained = preflight("rules", one).stdout
    for key in ("why", "docs", "severity", "title"):
        assert listed[0][key] in explained


def test_help_imports_nothing_heavy() -> None:
    code = "import sys\nfrom preflight import cli\ntry:\n    cli.main()\nexcept SystemExit:\n    print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code, "--help"], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = done.stdout.rsplit("[", 1)[1]
    for name in ("grpc", "pulumi", "rich.console", "yaml", "cryptography", "google.protobuf"):
        assert f"'{name}'" not in loaded


@pytest.mark.parametrize("command", ["check", "state", "policy", "compare", "rules"])
def test_every_command_takes_the_common_options(command: str) -> None:
    shown = CliRunner().invoke(cli.cli, [command, "--help"]).output
    for option in (
        "--pack",
        "--policy-config",
        "--format",
        "--output",
        "--fail-on",
        "--strict",
        "--quiet",
        "--verbose",
        "--debug",
    ):
        assert option in shown


def test_interruption_ends_everything_with_one_line(program_of: FolderOf) -> None:
    folder = program_of("import os, sys, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)\n")
    command = [sys.executable, "-m", "preflight", "check", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        program = int(running.stderr.readline())
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=30)
    assert (running.returncode, out, err.lstrip("\n")) == (2, "", "preflight: interrupted; nothing was decided.\n")
    with pytest.raises(ProcessLookupError):
        os.kill(program, 0)


def test_a_reader_that_has_seen_enough() -> None:
    command = f"{sys.executable} -m preflight rules | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def _on_a_terminal(*arguments: str, **environment: str) -> str:
    """What a terminal of 60 columns is sent on standard output."""
    main, other = pty.openpty()
    variables = {**os.environ, "COLUMNS": "60", "TERM": "xterm", **environment}
    command = [sys.executable, "-m", "preflight", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=other, stderr=subprocess.DEVNULL, env=variables) as running:
        os.close(other)
        seen = b""
        while True:
            try:
                chunk = os.read(main, 65536)
            except OSError:
                break
            if not chunk:
                break
            seen += chunk
        running.wait(30)
    os.close(main)
    return seen.decode()


@pytest.mark.parametrize(
    ("environment", "colored"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_colour_on_a_terminal(environment: dict[str, str], colored: bool) -> None:
    environment = {"NO_COLOR": "", **environment}
    assert ("\x1b[" in _on_a_terminal("state", str(STATE), **environment)) is colored


def test_no_colour_in_a_pipe() -> None:
    assert "\x1b" not in preflight("state", STATE, FORCE_COLOR="1", TERM="xterm").stdout
