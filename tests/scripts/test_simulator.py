"""`make fuzz`: what it says without node, and what it makes of the simulator's answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from scripts.simulator import __main__ as command
from scripts.simulator.engine import Answer, Case, NoSimulatorError, install, simulate
from scripts.simulator.product import verdict


def answering(monkeypatch: pytest.MonkeyPatch, answer: Callable[[Case], Answer]) -> None:
    def simulate(cases: Iterable[Case]) -> list[Answer]:
        return [answer(case) for case in cases]

    monkeypatch.setattr(command, "simulate", simulate)


def ours(case: Case) -> Answer:
    return Answer(verdict(case), "", ())


def program(folder: Path, name: str, script: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


@pytest.mark.parametrize("mode", ["--live", "--record"])
def test_without_node_it_says_so(
    mode: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert command.main([mode]) == 2
    assert capsys.readouterr().err == (
        "The comparison did not run: node is not on PATH; the simulator needs node 20 or newer, with npm.\n"
    )


def test_without_npm_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "node", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoSimulatorError, match=r"^npm is not on PATH"):
        install(tmp_path / "cache")


def test_what_npm_says_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "node", "exit 0")
    program(tmp_path, "npm", "echo no network >&2; exit 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoSimulatorError, match="npm failed: no network"):
        install(tmp_path / "cache")


def test_it_installs_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "cache"
    program(tmp_path, "node", "exit 0")
    program(
        tmp_path,
        "npm",
        f"/bin/mkdir -p '{folder}/node_modules/@cloud-copilot/iam-simulate' && echo x >> '{tmp_path}/runs'",
    )
    monkeypatch.setenv("PATH", str(tmp_path))
    assert install(folder) == install(folder) == folder
    assert (tmp_path / "runs").read_text() == "x\n"


def test_answers_come_in_the_order_of_the_cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "cache"
    program(tmp_path, "npm", f"/bin/mkdir -p '{folder}/node_modules/@cloud-copilot/iam-simulate'")
    lines = [json.dumps({"verdict": text, "why": "", "ignored": ["k"]}) for text in ("Allowed", "Rejected")]
    program(tmp_path, "node", "\n".join(f"echo '{line}'" for line in lines))
    monkeypatch.setenv("PATH", str(tmp_path))
    cases = [Case("one", {}, {}), Case("two", {}, {})]
    assert simulate(cases, folder) == [Answer("Allowed", "", ("k",)), Answer("Rejected", "", ("k",))]


def test_agreement_is_success(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    answering(monkeypatch, ours)
    assert command.main(["--live", "--cases", "60", "--seed", "1"]) == 0
    assert "agreed on ImplicitlyDenied" in capsys.readouterr().out


def test_a_difference_is_shown_with_its_case(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(
        monkeypatch, lambda case: Answer("Allowed" if case.name == "seed 1 number 7" else ours(case).verdict, "", ())
    )
    assert command.main(["--live", "--cases", "20", "--seed", "1"]) == 1
    said = capsys.readouterr().out
    assert re.search(r"^seed 1 number 7: Allowed there, \w+Denied here$", said, re.MULTILINE)
    assert '"request":' in said


def test_a_known_difference_is_counted_by_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = [each for each in command.KNOWN if each.name == "IPv6 address and IPv4 network"]
    assert known
    answering(monkeypatch, lambda case: Answer("Other" if known[0].concerns(case) else ours(case).verdict, "", ()))
    assert command.main(["--live", "--cases", "300", "--seed", "1"]) == 0
    assert "waived, IPv6 address and IPv4 network" in capsys.readouterr().out


def test_a_case_that_is_refused_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(monkeypatch, lambda _: Answer("Rejected", "no such action", ()))
    assert command.main(["--live", "--cases", "1", "--seed", "1"]) == 1
    assert "no such action" in capsys.readouterr().out


def test_the_record_is_the_same_for_the_same_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, ours)
    files = [tmp_path / "one.json", tmp_path / "two.json"]
    assert [command.record(file) for file in files] == [0, 0]
    assert files[0].read_bytes() == files[1].read_bytes()
    names = [row["name"] for row in json.loads(files[0].read_text())["cases"]]
    assert names == sorted(names)


def test_a_key_that_the_simulator_leaves_out_is_not_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, lambda case: Answer("Allowed", "", ("aws:Odd",)))
    with pytest.raises(NoSimulatorError, match="aws:Odd"):
        command.record(tmp_path / "one.json")
