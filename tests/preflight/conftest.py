"""Small packs and programs, and a report with one finding of each kind."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from preflight.report import Entry, Failure, Notice, Place, Report, Subject, build

ROLE = "urn:pulumi:dev::shop::aws:iam/role:Role::deploy"
STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"

FolderOf = Callable[..., Path]


@pytest.fixture
def pack_of(tmp_path: Path) -> FolderOf:
    """Make a policy pack's folder of the text of its `__main__.py`."""

    def make(main: str, runtime: str = "python") -> Path:
        folder = tmp_path / "pack"
        folder.mkdir()
        (folder / "PulumiPolicy.yaml").write_text(f"runtime: {runtime}\n")
        (folder / "__main__.py").write_text(textwrap.dedent(main))
        return folder

    return make


@pytest.fixture
def program_of(tmp_path: Path) -> FolderOf:
    """Make a Pulumi project's folder of its files; `main` is the text of `__main__.py`."""

    def make(main: str = "", *, project: str = "name: shop\nruntime: python\n", **files: str) -> Path:
        folder = tmp_path / "shop"
        folder.mkdir()
        (folder / "Pulumi.yaml").write_text(project)
        (folder / "__main__.py").write_text(textwrap.dedent(main))
        for stack, text in files.items():
            (folder / f"Pulumi.{stack}.yaml").write_text(text)
        return folder

    return make


def entry(**changes: object) -> Entry:
    fields: dict[str, object] = {
        "subject": 0,
        "rule": "trust-open",
        "concern": "least-privilege",
        "severity": "high",
        "enforcement": "mandatory",
        "outcome": "violation",
        "evidence": "wire",
        "urn": ROLE,
        "type": "aws:iam/role:Role",
        "name": "deploy",
        "path": "assumeRolePolicy.Statement[0]",
        "message": "anyone may assume this role",
        "fix": "Name the account.",
        "docs": "docs/rules/trust-open.md",
    }
    return Entry(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.fixture
def entry_of() -> Callable[..., Entry]:
    """Make a finding; every argument replaces one of its fields."""
    return entry


@pytest.fixture
def clean() -> Report:
    """A report without findings."""
    return build([_subject()], rules=24, findings=[])


@pytest.fixture
def mixed() -> Report:
    """A report with a finding of each outcome and level, with notices and texts that a terminal would act on."""
    witness = {
        "principal": "arn:aws:iam::111122223333:root",
        "action": "sts:AssumeRole",
        "resource": "*",
        "context": {},
    }
    findings = [
        entry(severity="critical", witness=witness, source=Place("components/role.py", 12)),
        entry(
            rule="name-odd",
            severity="low",
            enforcement="advisory",
            message="the name\x1b[31m is \u202eodd <{%fg 1%}>",
            docs="",
        ),
        entry(
            rule="bucket-open",
            outcome="undecided",
            enforcement="advisory",
            message="the policy is not known yet",
            witness=None,
        ),
        entry(rule="token-plain", enforcement="remediate", message="the token was not marked", path="token"),
        entry(
            rule="key-plain",
            outcome="waived",
            message="the key is exported",
            urn=STACK,
            name="key",
            path="outputs.key",
            type="pulumi:pulumi:Stack",
        ),
        entry(
            rule="token-old",
            severity="medium",
            fix='opts=pulumi.ResourceOptions(\n    additional_secret_outputs=["token"],\n)',
            message="a long sentence that has to be wrapped on a terminal because it has more words than fit on one line of it",
        ),
    ]
    notices = [
        Notice(subject=0, kind="invented-config", message="shop:size was invented", source=Place("__main__.py", 3)),
        Notice(subject=0, kind="unchecked-type", message="awsx:ec2:Vpc"),
    ]
    return build([_subject()], rules=24, findings=findings, notices=notices)


@pytest.fixture
def broken() -> Report:
    """A report on a program that raised."""
    failure = Failure(subject=0, kind="exception", message="ValueError: no.", detail="Traceback …")
    return build([_subject()], rules=24, findings=[entry()], failures=[failure])


def _subject() -> Subject:
    return Subject(kind="program", path="infra", project="shop", stack="dev", resources=61)
