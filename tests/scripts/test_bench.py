"""`make bench`: what is timed is what is meant, on counts too small to time anything."""

import json
import math
from pathlib import Path

import pytest

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.findings import Level
from policypack.guardrails.rule import ProgramRule
from preflight.sources import state as states
from scripts.bench import __main__ as command
from scripts.bench import analyze, check, large, processes, requests, state
from scripts.bench.figures import BenchError, Effort, Figure, table

SUBJECTS = ["a small bucket", "a bucket with lifecycle rules", "a bucket policy", "an IAM policy", "a role", "an OCI policy", "a type that no rule names"]  # fmt: skip


@pytest.fixture
def tiny() -> Effort:
    return Effort(
        seconds=0.0,
        rounds=1,
        requests=3,
        starts=1,
        runs=1,
        large_runs=1,
        resources=4,
        state_megabytes=0.01,
        identities=2,
    )


def subject(name: str) -> requests.Subject:
    return next(one for one in requests.SUBJECTS if one.name == name)


def figure(value: float, *, budget: float = 3.0) -> Figure:
    return Figure(name="ours / theirs", ratio=value, value=value, budget=budget, limit="3.0x", measured="2 µs / 1 µs")


def all_finite(figures) -> bool:
    return all(math.isfinite(number) for one in figures for number in (one.ratio, one.value, one.budget))


def test_analyze_is_measured_for_every_kind_of_request(tiny) -> None:
    figures = list(analyze.analyze_figures(tiny))
    assert [one.name.split(",")[0] for one in figures] == [f"Analyze of {name}" for name in SUBJECTS]
    assert all_finite(figures)
    assert min(one.ratio for one in figures) > 0


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_request_is_new_read_by_a_rule_and_clean(name) -> None:
    servicer, one = analyze.the_pack(), subject(name)
    assert one.request(1).properties != one.request(2).properties
    assert servicer._policies(one.type)
    assert list(servicer.Analyze(one.request(7), None).diagnostics) == []


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("a small bucket", 100, 250), ("a bucket policy", 13_000, 15_000)],
    ids=["small", "large"],
)
def test_requests_have_the_sizes_that_the_budgets_speak_of(name, least, most) -> None:
    assert least < subject(name).request(0).ByteSize() < most


def test_a_subject_that_is_not_clean_is_refused(tiny, monkeypatch) -> None:
    public = requests.Subject(
        "a public bucket", "oci:ObjectStorage/bucket:Bucket", lambda _: {"accessType": "ObjectRead"}
    )
    monkeypatch.setattr(analyze, "SUBJECTS", (public,))
    with pytest.raises(BenchError, match="a public bucket is meant to be clean"):
        list(analyze.analyze_figures(tiny))


def test_the_rules_that_are_on_by_default_are_timed() -> None:
    servicer = analyze.the_pack()
    on = {policy.rule.id for policies in servicer._by_type.values() for policy in policies}
    on |= {policy.rule.id for policy in servicer._stack_policies}
    by_default = (rule for rule in RULES if rule.default_level is not Level.DISABLED)
    assert on == {rule.id for rule in by_default if not isinstance(rule, ProgramRule)}


def test_the_stock_pack_prints_its_port_as_the_engine_starts_it(tiny) -> None:
    assert all_finite([check.start_figure(tiny)])


def test_a_pack_without_a_port_is_an_error(tmp_path) -> None:
    tmp_path.joinpath("__main__.py").write_text("print('hello')\n")
    with pytest.raises(BenchError, match="printed no port"):
        processes.start_to_port(tmp_path)


def test_processes_are_run_to_their_end_and_weighed() -> None:
    spent = processes.run(["-c", "block = bytearray(64 * 2**20)"])
    assert math.isfinite(spent.seconds)
    assert 64 < spent.megabytes < 128
    with pytest.raises(BenchError, match="status 3"):
        processes.run(["-c", "raise SystemExit(3)"])


def test_the_largest_of_all_processes_counts() -> None:
    inner = "block = bytearray(64 * 2**20)"
    spent = processes.run(["-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"])
    assert 64 < spent.megabytes < 128


def test_sdk_names_are_found_whatever_they_are_called(tmp_path) -> None:
    tmp_path.joinpath("part").mkdir()
    tmp_path.joinpath("__main__.py").write_text(
        "import pulumi\nimport pulumi_aws as aws\nfrom pulumi_aws.iam import PolicyArgs as Args\nfrom part import other\n"
        "aws.s3.Bucket(aws.s3.BucketArgs()).id\nother.thing\n"
    )
    tmp_path.joinpath("part", "other.py").write_text("import pulumi_oci\npulumi_oci.core.Vcn.get('a', 'b')\n")
    names = check.sdk_names(tmp_path)
    assert {"pulumi_aws.s3.Bucket", "pulumi_aws.s3.BucketArgs", "pulumi_aws.iam.PolicyArgs"} <= set(names)
    assert {"pulumi_oci.core.Vcn", "pulumi_aws", "pulumi_oci"} <= set(names)
    assert all(name.startswith(("pulumi_aws", "pulumi_oci")) for name in names)


def test_the_reference_imports_the_modules_of_infra() -> None:
    names = check.sdk_names(processes.ROOT / "infra")
    assert {name.partition(".")[0] for name in names} == {"pulumi_aws", "pulumi_oci"}
    option, program = check.import_command(names)
    compile(program, "<reference>", "exec")
    assert option == "-c"
    assert "pulumi_aws.s3.Bucket\n" in program


def test_preflight_is_measured_in_time_and_memory(tiny, monkeypatch) -> None:
    # Importing two large SDKs twice belongs in the benchmark; here the commands are small.
    ran: list[list[str]] = []

    def run(command):
        ran.append(list(command))
        return processes.Spent(2.0 if "preflight" in command else 1.0, 120.0 if "preflight" in command else 100.0)

    monkeypatch.setattr(check, "run", run)
    time, memory = check.check_figures(tiny)
    assert (time.value, time.ratio, memory.value, memory.ratio) == (1.0, 2.0, 120.0, 1.2)
    assert ran[0] == ["-m", "preflight", "check", "infra", "--stack", "dev"]
    assert [command[0] for command in ran] == ["-m", "-c", "-m", "-c"]


def test_all_processes_together_are_weighed() -> None:
    inner = "block = bytearray(64 * 2**20); import time; time.sleep(1.5)"
    spent = processes.run(["-c", f"{inner}; import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"])
    assert 128 < spent.all_megabytes < 256
    assert spent.megabytes < 128


def test_large_programs_are_compared_with_mocks_and_with_smaller_ones(tiny, monkeypatch) -> None:
    ran: list[str] = []

    def run(sent):
        ran.append("check" if "preflight" in sent else "mocks")
        checked = {"small": 2.0, "large": 20.0}.get(Path(sent[3]).name) if "preflight" in sent else None
        return processes.Spent(checked or 4.0, 100.0, 150.0)

    monkeypatch.setattr(large, "run", run)
    mocks, growth, memory = large.program_figures(tiny)
    assert (mocks.value, growth.value, memory.value) == (0.5, 10.0, 150.0)
    assert ran == ["check", "mocks", "check", "mocks", "check"]


def test_what_the_system_does_not_weigh_is_left_out(tiny, monkeypatch) -> None:
    monkeypatch.setattr(large, "run", lambda command: processes.Spent(1.0, 100.0))
    assert len(list(large.program_figures(tiny))) == 2


def test_the_large_program_runs_on_both_sides_and_is_clean(tmp_path) -> None:
    large._write_program(tmp_path / "program", 4)
    report = tmp_path / "report.json"
    program = str(tmp_path / "program")
    processes.run(["-m", "preflight", "check", program, "--stack", "dev", "--format", "json", "--output", str(report)])
    written = json.loads(report.read_text())
    assert (written["summary"]["resources"], written["findings"]) == (6, [])
    processes.run(["-c", large._MOCKED, str(tmp_path / "program" / "__main__.py")])


def test_the_large_state_is_one_without_a_finding(tiny, tmp_path) -> None:
    file = tmp_path / "state.json"
    size = state.write_state(file, 0.1)
    assert 100_000 < size == file.stat().st_size
    read = states.read(file)
    assert len({one.type for one in read.resources}) == 6
    # A finding would end the run with status 1.
    assert all_finite([large.state_figure(tiny)])


def test_the_sides_take_turns_and_the_first_round_is_thrown_away() -> None:
    turns: list[str] = []
    times = {"a": iter([100.0, 1.0, 5.0, 3.0]), "b": iter([100.0, 2.0, 2.0, 8.0])}

    def side(name: str):
        return lambda: turns.append(name) or next(times[name])

    assert processes.alternate((side("a"), side("b")), 3) == [3.0, 2.0]
    assert "".join(turns) == "abababab"


@pytest.mark.parametrize(
    ("value", "verdict", "failed"),
    [
        (2.9, "met", False),
        (3.0, "met", False),
        (3.6, "20% over", False),
        (3.75, "25% over", False),
        (4.5, "50% over", True),
    ],
)
def test_a_quarter_over_budget_is_tolerated(value, verdict, failed) -> None:
    one = figure(value)
    assert (one.verdict, one.failed) == (verdict, failed)


def test_the_table_says_the_ratio_first_and_the_numbers_last() -> None:
    figures = [figure(1.5), figure(12.0)]
    assert table(figures, markdown=False).splitlines() == [
        "Ours / reference   Ratio  Budget             Measured",
        "ours / theirs      1.50x    3.0x  met        (2 µs / 1 µs)",
        "ours / theirs     12.00x    3.0x  300% over  (2 µs / 1 µs)",
    ]
    assert table(figures, markdown=True).splitlines() == [
        "| Ours / reference | Ratio | Budget |  | Measured |",
        "| --- | ---: | ---: | --- | --- |",
        "| ours / theirs | 1.50x | 3.0x | met | (2 µs / 1 µs) |",
        "| ours / theirs | 12.00x | 3.0x | 300% over | (2 µs / 1 µs) |",
    ]


@pytest.mark.parametrize(
    ("arguments", "value", "status"),
    [
        ([], 9.0, 0),
        (["--check"], 9.0, 1),
        (["--check"], 3.5, 0),
        (["--markdown"], 9.0, 0),
        (["--check", "--markdown"], 9.0, 1),
    ],
    ids=["plain", "check", "check-near", "markdown", "check-markdown"],
)
def test_only_check_fails(monkeypatch, capsys, arguments, value, status) -> None:
    monkeypatch.setattr(command, "measure_all", lambda effort: [figure(value)])
    assert command.main(arguments) == status
    assert ("|" in capsys.readouterr().out) is ("--markdown" in arguments)


def test_what_cannot_be_measured_is_said(monkeypatch, capsys) -> None:
    def fail(effort):
        raise BenchError("the pack printed no port")

    monkeypatch.setattr(command, "measure_all", fail)
    assert command.main([]) == 2
    assert capsys.readouterr() == ("", "the pack printed no port\n")
