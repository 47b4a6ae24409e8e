"""The commands as a shell meets them: status, streams, one sentence."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
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
        pytest.param(["policy", "nowhere"], "cannot read nowhere", id="no such policy"),
        pytest.param(["policy", "pyproject.toml"], "is no policy document", id="no policy in the file"),
        pytest.param(["policy", "nowhere", "--kind", "oci"], "cannot read nowhere", id="no such OCI statements"),
        pytest.param(["compare", "x", "x", "--kind", "oci"], "cannot be compared yet", id="OCI statements to compare"),
        pytest.param(["compare", "nowhere", "nowhere"], "cannot read nowhere", id="nothing to compare"),
        pytest.param(["compare", "infra", "infra"], "so far only policy documents", id="programs to compare"),
        pytest.param(["compare", str(STATE), str(STATE)], "so far only policy documents", id="states to compare"),
        pytest.param(["compare", "-", "-"], "cannot come from standard input", id="standard input twice"),
        *(
            pytest.param(["state", str(STATE), "--format", name], f"--format {name} is not built yet", id=name)
            for name in ("sarif", "junit", "markdown", "html")
        ),
        pytest.param(["check", "pyproject.toml"], "pyproject.toml is a file", id="a file for a program"),
        pytest.param(["check", "infra", "--stack", ""], "is not the name of a stack", id="an empty stack name"),
        pytest.param(["check", "infra", "--stack", "../../x"], "is not the name of a stack", id="a path for a stack"),
        pytest.param(["check", "infra", "--config", "a b=1"], "a key without blanks", id="a key with a blank"),
        pytest.param(["check", "infra", "--timeout", "0"], "'--timeout': 0.0 is not in the range", id="no time"),
        pytest.param(
            ["check", "infra", "--timeout", "-1"], "'--timeout': -1.0 is not in the range", id="less than none"
        ),
        pytest.param(["check", "infra", "--timeout", "inf"], "'--timeout': inf is not in the range", id="endless"),
        pytest.param(["check", "infra", "--timeout", "nan"], "'--timeout': 'nan' is not a valid", id="not any number"),
        pytest.param(["check", "infra", "--timeout", "soon"], "'--timeout': 'soon' is not a valid", id="no number"),
        pytest.param(["rules", "--policy-config", "nowhere"], "cannot read nowhere", id="rules, no configuration"),
        pytest.param(["rules", "oci-policy"], "have it in their name: oci-policy-admits", id="the start of several"),
        pytest.param(["rules", "OCI"], "more.", id="the start of many"),
        pytest.param(["rules", "secrets-readable"], "did you mean 'oci-secrets-readable", id="a part of one"),
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
    assert lines == ["preflight: ValueError: no (at __main__.py:1); correct the program, or set what it lacks."]
    assert "unable: the program did not run to its end" in done.stdout


def test_json_to_a_file(program_of: FolderOf, tmp_path: Path) -> None:
    output = tmp_path / "report.json"
    done = preflight("check", program_of(CLEAN), "--format", "json", "--output", output)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.endswith(" rules, no violations.\n")
    assert len(done.stderr.splitlines()) == 1
    report = json.loads(output.read_text())
    assert report["schema"] == "preflight/report/v1"
    assert report["tool"]["version"] == __version__


def test_verbose_says_how_long_each_phase_took(program_of: FolderOf) -> None:
    done = preflight("check", program_of(CLEAN), "--verbose")
    lines = [line.split(" s  ") for line in done.stderr.splitlines()]
    said = [what for _, what in lines]
    end = said.index("report") + 1
    assert "AnalyzeStack" in said[:end]
    rules = [(float(seconds), what) for seconds, what in lines[end:-1]]
    assert 0 < len(rules) <= 15
    assert all(what.startswith("rule ") for _, what in rules)
    assert [seconds for seconds, _ in rules] == sorted((seconds for seconds, _ in rules), reverse=True)
    assert re.fullmatch(r"all \d+ rules that ran", said[-1])


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


def test_the_rules_show_the_levels_that_are_configured(tmp_path: Path) -> None:
    path = tmp_path / "policies.json"
    path.write_text('{"all": "disabled", "bucket-public-acl": "remediate"}')
    listed = json.loads(preflight("rules", "--policy-config", path, "--format", "json").stdout)["rules"]
    assert {rule["rule"]: rule["level"] for rule in listed}.pop("bucket-public-acl") == "remediate"
    assert {rule["level"] for rule in listed if rule["rule"] != "bucket-public-acl"} == {"disabled"}
    assert "level: remediate" in preflight("rules", "bucket-public-acl", "--policy-config", path).stdout


def test_the_traceback_of_a_program_comes_with_debug(program_of: FolderOf) -> None:
    folder = program_of("def fail():\n    raise ValueError('no')\n\n\nfail()\n")
    plain = preflight("check", folder).stderr.splitlines()
    assert plain == ["preflight: ValueError: no (at __main__.py:2); correct the program, or set what it lacks."]
    lines = preflight("check", folder, "--debug").stderr.splitlines()
    assert lines[0].startswith("Traceback")
    assert lines[-1:] == plain


@pytest.mark.parametrize("command", ["ls", "true", "cat"])
def test_an_interpreter_that_is_no_python(program_of: FolderOf, command: str) -> None:
    done = preflight("check", program_of(CLEAN), "--python", shutil.which(command))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("is not a Python that runs programs; choose another with --python.\n")


def test_a_program_has_the_time_that_it_is_given(program_of: FolderOf) -> None:
    done = preflight("check", program_of("import time\ntime.sleep(60)\n"), "--timeout", "0.5")
    assert done.returncode == 2
    assert "the program was not through after 0.5 seconds" in done.stderr


def test_a_project_without_a_program(program_of: FolderOf) -> None:
    folder = program_of()
    (folder / "__main__.py").unlink()
    done = preflight("check", folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"preflight: {folder} has no __main__.py")


def test_a_state_on_standard_input_and_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(STATE.read_text())
    (tmp_path / "notes.txt").write_text("no state")
    command = [sys.executable, "-m", "preflight", "state", "-", "--quiet"]
    with STATE.open() as given:
        piped = subprocess.run(command, cwd=ROOT, stdin=given, capture_output=True, text=True, timeout=60, check=False)
    folder = preflight("state", tmp_path)
    assert piped.returncode == folder.returncode == preflight("state", STATE).returncode == 1
    assert piped.stdout.replace("- (dev)", "") == folder.stdout.replace(f"{tmp_path / 'one.json'} (dev)", "")


def test_a_folder_without_states(tmp_path: Path) -> None:
    assert "has no *.json in it" in preflight("state", tmp_path).stderr


def test_help_imports_nothing_heavy() -> None:
    code = "import sys\nfrom preflight import cli\ntry:\n    cli.main()\nexcept SystemExit:\n    print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code, "--help"], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = done.stdout.rsplit("[", 1)[1]
    for name in (
        "grpc",
        "pulumi",
        "rich.console",
        "yaml",
        "cryptography",
        "google.protobuf",
        "policypack.guardrails.aws",
    ):
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
