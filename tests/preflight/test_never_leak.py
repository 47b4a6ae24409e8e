"""Nothing that preflight writes holds a secret's value: no report, error, traceback or file, whatever goes wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest

from preflight import cli
from preflight.engine.analyzer import Deployment
from preflight.engine.check_program import Target
from preflight.engine.inside.job import Job, StackOutputs
from preflight.engine.stack_configuration import Configuration
from preflight.redact import Redactor
from preflight.sources import state as states
from preflight.sources import state_file

ROOT: Final = Path(__file__).parents[2]
FolderOf = Callable[..., Path]

CANARY: Final = "Kq7QxVb2Zr9Wt4" + "Lm8Hd3Np6c"
MARKED: Final = "Zt5RwYn8Gc3Jp6" + "Xv1Ms9Bf4T"
TOKEN: Final = "ghp_" + "aB3dE5gH7jK9mN1pQ3rS5tU7vW9xY1" + "zA3b4C"
SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET_MARK: Final = "1b47061264138c4ac30d75fd1eb44270"
SALT: Final = (
    f"v1:{b64encode(CANARY.encode()).decode()}:v1:{b64encode(b'0' * 12).decode()}:{b64encode(b'0' * 22).decode()}"
)


def shows(text: str) -> bool:
    return any(secret[at : at + 8] in text for secret in (CANARY, MARKED, TOKEN) for at in range(len(secret) - 7))


class Place:
    """Fresh folders for whatever is written, with what is known to be there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("home", "tmp", "work"):
            (folder / name).mkdir()
        self.environment = {
            **{name: text for name, text in os.environ.items() if not name.startswith("PULUMI_")},
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp"),
            "XDG_CACHE_HOME": str(folder / "home" / "cache"),
            "PYTHONPATH": str(ROOT),
            "MARKED": MARKED,
        }
        self._given: set[Path] = set()

    def give(self, name: str, text: str) -> Path:
        """A file of the user's, which may hold a secret."""
        path = self.folder / "work" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        self._given.add(path)
        return path

    def written(self) -> Iterator[str]:
        """Everything in files that are not the user's."""
        for path in self.folder.rglob("*"):
            if path.is_file() and path not in self._given:
                yield path.read_bytes().decode("utf-8", "replace")

    def start(self, *arguments: object, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "preflight", *map(str, arguments)],
            cwd=self.folder / "work",
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: object, **environment: str) -> tuple[int, str]:
        """The status, and everything that was written anywhere."""
        process = self.start(*arguments, **environment)
        out, err = process.communicate(timeout=60)
        return process.returncode, "\n".join((out, err, *self.written()))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    folder = tmp_path / "place"
    folder.mkdir()
    return Place(folder)


# Errors before anything runs: within this process, which is quick.


def refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: Sequence[object]
) -> tuple[object, str]:
    """The status and what is written when the command line is called in this process, with `--debug`."""
    monkeypatch.setattr(sys, "argv", ["preflight", *map(str, arguments), "--debug"])
    with pytest.raises(SystemExit) as left:
        cli._run()
    return left.value.code, "".join(capsys.readouterr())


STACK_FILES: Final = {
    "a quote that is never closed": f'config:\n  shop:password: "{CANARY}\n  shop:b: 1\n',
    "a mapping within a value": f"config:\n  shop:password: {CANARY}: x: y\n",
    "an unknown tag": f"config:\n  shop:password: !pass {CANARY}\n",
    "an alias of nothing": f"config:\n  shop:a: *{CANARY}\n",
    "a key given twice": f"config:\n  shop:password: {CANARY}\n  shop:password: {CANARY}\n",
    "a control character": f"config:\n  shop:password: {CANARY}\x01\n",
    "no mapping": f"config: {CANARY}\n",
    "a list": f"- {CANARY}\n",
    "another type": f"config:\n  shop:number: {CANARY}\n",
    "a list of another type": f"config:\n  shop:list:\n  - {CANARY}\n",
    "declared secret, in clear": f"config:\n  shop:hidden: {CANARY}\n",
    "a salt of no known form": f"encryptionsalt: {CANARY}\nconfig:\n  shop:a:\n    secure: {CANARY}\n",
    "a damaged salt": f"encryptionsalt: v1:!{CANARY}:v1:a:b\nconfig:\n  shop:a:\n    secure: {CANARY}\n",
    "a wrong passphrase": f"encryptionsalt: {SALT}\nconfig:\n  shop:a:\n    secure: v1:x:{CANARY}\n",
}
PROJECT: Final = """
name: shop
runtime: python
config:
  number: {type: integer}
  list: {type: array, items: {type: integer}}
  hidden: {type: string, secret: true}
"""


@pytest.mark.parametrize("content", STACK_FILES.values(), ids=STACK_FILES)
def test_a_broken_stack_file(
    program_of: FolderOf, content: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from preflight.engine import projects, stack_configuration

    folder = program_of(project=PROJECT, dev=content)
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", CANARY)
    monkeypatch.setattr(stack_configuration.passphrase, "_ROUNDS", 1)

    def read(*_: object) -> None:
        stack_configuration.read(projects.load(folder), "dev", [])

    monkeypatch.setattr("preflight.engine.check_program.check_program", read)
    status, written = refused(capsys, monkeypatch, ["check", folder])
    assert status == 2
    assert "preflight: " in written
    assert not shows(written)


def test_a_passphrase_in_the_variable_of_the_file() -> None:
    from preflight.engine import passphrase
    from preflight.errors import CheckError

    with pytest.raises(CheckError) as error:
        passphrase.from_environment({passphrase.FILE_VARIABLE: CANARY})
    assert not shows(str(error.value))


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", ".", "--config", "password=x", CANARY],
        ["check", ".", "--config", f"pass word={CANARY}"],
        ["check", ".", "--config", CANARY],
        ["check", ".", "--config", f"acme/net/prod::b=[{CANARY}"],
        ["check", ".", "--configg", f"password={CANARY}"],
        ["check", ".", f"--configg=password={CANARY}"],
        ["state", f"--config=password={CANARY}"],
    ],
)
def test_a_command_line_that_is_wrong(
    arguments: Sequence[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    status, written = refused(capsys, monkeypatch, arguments)
    assert status == 2
    assert not shows(written)


@pytest.mark.parametrize(
    "content",
    [
        f'{{"all": "{CANARY}"}}',
        f'{{"bucket-public-acl": {{"enforcementLevel": "{CANARY}"}}}}',
        f'{{"bucket-public-acl": ["{CANARY}"]}}',
        f'{{"bucket-public-acl": {{"setting": "{CANARY}"',
    ],
)
def test_a_policy_configuration_that_is_wrong(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "policies.json"
    path.write_text(content)
    status, written = refused(capsys, monkeypatch, ["rules", "--policy-config", path])
    assert status == 2
    assert not shows(written)


def exported(**inputs: object) -> str:
    urn = "urn:pulumi:dev::shop::aws:rds/instance:Instance::db"
    resource = {"urn": urn, "type": "aws:rds/instance:Instance", "inputs": inputs, "outputs": inputs}
    return json.dumps({"version": 3, "deployment": {"resources": [resource]}})


IN_CLEAR: Final = {SIGNATURE: SECRET_MARK, "plaintext": json.dumps(CANARY)}
CLOSED: Final = {SIGNATURE: SECRET_MARK, "ciphertext": CANARY}
STATES: Final = {
    "cut": exported(password=IN_CLEAR).partition("outputs")[0],
    "not JSON": f"password: {CANARY}",
    "a value of another kind": exported(password=IN_CLEAR).replace('"version"', f'"{CANARY}": {CANARY}, "version"'),
    "inputs that are none": json.dumps(
        {"version": 3, "deployment": {"resources": [{"urn": "urn:pulumi:a::b::c::d", "inputs": [CANARY]}]}}
    ),
    "no URN": json.dumps({"version": 3, "deployment": {"resources": [{"urn": CANARY, "inputs": {"a": CANARY}}]}}),
    "a resource that is none": json.dumps({"version": 3, "deployment": {"resources": [CANARY]}}),
    "broken UTF-8": exported(password=IN_CLEAR) + "\udcff",
}


@pytest.mark.parametrize("content", STATES.values(), ids=STATES)
def test_a_broken_state(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    monkeypatch.setattr("preflight.engine.check_states.check_states", lambda files, *_: states.read(files[0]))
    status, written = refused(capsys, monkeypatch, ["state", path])
    assert status == 2
    assert not shows(written)


def test_an_error_of_our_own(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        try:
            raise KeyError(CANARY)
        except KeyError as error:
            raise ExceptionGroup(CANARY, [ValueError(CANARY)]) from error

    monkeypatch.setattr("preflight.engine.check_states.check_states", fail)
    status, written = refused(capsys, monkeypatch, ["state", "-"])
    assert status == 2
    assert "KeyError" in written
    assert "internal error (ExceptionGroup at test_never_leak.py:" in written
    assert not shows(written)


# Whole runs


PROGRAM: Final = """
import asyncio, json, logging, os, sys, warnings
import pulumi

class Database(pulumi.CustomResource):
    def __init__(self, name, **inputs):
        super().__init__("aws:rds/instance:Instance", name, inputs)

class Bucket(pulumi.CustomResource):
    def __init__(self, name, **inputs):
        super().__init__("aws:s3/bucket:Bucket", name, inputs)

class Lambda(pulumi.CustomResource):
    def __init__(self, name, **inputs):
        super().__init__("aws:lambda/function:Function", name, inputs)

config = pulumi.Config()
secret = config.require_secret("password")
plain = config.require("password")
marked = os.environ["MARKED"]
several = f"{marked}\\nand a second line\\n"
"""
PROGRAMS: Final = {
    "leaks": """
        Database("db", password=secret, username=plain, tags={"a": plain, plain: "b"})
        Database(plain, password=pulumi.Output.secret(marked), identifier=marked)
        Bucket(marked, acl="public-read", tags={marked: marked})
        Lambda("f", environment={"variables": {"A": plain, "B": marked, "C": f"postgres://u:{plain}@h/d"}})
        pulumi.export("a", plain)
        pulumi.export("b", {"c": plain, plain: marked})
        pulumi.export(plain, pulumi.Output.unsecret(secret))
        print(plain, repr(plain), json.dumps([plain]))
        sys.stderr.write(plain + "\\n")
        logging.error(plain)
        warnings.warn(plain)
        for log in (pulumi.log.error, pulumi.log.warn, pulumi.log.info, pulumi.log.debug):
            log(plain)
        secret.apply(lambda value: {}[value])
        pulumi.export("d", secret.apply(int))
        pulumi.Output.secret(marked).apply(lambda value: {}[value])
        pulumi.StackReference(plain).get_output(plain)
        pulumi.runtime.invoke("aws:ec2/getAmi:getAmi", {"filters": plain, plain: secret})
    """,
    "raises": """
        Database("db", password=pulumi.Output.secret(marked), username=plain)
        Database("other", password=pulumi.Output.secret(several))
        error = ValueError(plain, marked, several, [repr(several)])
        error.add_note(f"note {plain} {marked}")
        try:
            {}[plain]
        except KeyError as cause:
            raise ExceptionGroup(plain, [error, KeyError('"' + plain + "'"), RuntimeError(marked)]) from cause
    """,
    "exits": """
        Database("db", password=pulumi.Output.secret(marked), username=plain)
        sys.exit(f"no use: {plain!r} {marked}")
    """,
    "is gone": """
        Database("db", password=secret)
        print(plain, flush=True)
        os._exit(3)
    """,
    "is killed": """
        sys.stderr.write(plain + "\\n")
        os.kill(os.getpid(), 9)
    """,
    "wants another type": 'config.require_int("password")',
    "does not end": """
        import time
        print(plain, flush=True)
        (lambda held: time.sleep(60))(plain)
    """,
}
STACK: Final = f"config:\n  shop:password: {CANARY}\n"
OPTIONS: Final = (
    ["--format", "json", "--output", "report.json", "--verbose", "--debug", "--strict"],
    ["--debug", "--verbose"],
)


def test_programs_that_show_what_they_hold(tmp_path: Path) -> None:
    def run(name: str, options: Sequence[str]) -> tuple[str, int, str]:
        folder = tmp_path / f"{name} {len(options)}"
        folder.mkdir()
        place = Place(folder)
        place.give("shop/Pulumi.yaml", "name: shop\nruntime: python\n")
        place.give("shop/Pulumi.dev.yaml", STACK)
        lines = [line.removeprefix("        ") for line in PROGRAMS[name].splitlines()]
        place.give("shop/__main__.py", PROGRAM + "\n".join(lines) + "\n")
        timed = ["--timeout", "2"] if name == "does not end" else []
        status, written = place.run("check", "shop", *options, *timed)
        return name, status, written

    runs = [(name, OPTIONS[index % 2]) for index, name in enumerate(PROGRAMS)]
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda one: run(*one), runs))
    for name, status, written in done:
        assert status == (1 if name == "leaks" else 2), f"{name}: {written}"
        assert "[secret]" in written or "does not end" in name, name
        assert not shows(written), f"{name}: {[line for line in written.splitlines() if shows(line)]}"


def test_an_interrupt_in_the_middle(place: Place) -> None:
    place.give("shop/Pulumi.yaml", "name: shop\nruntime: python\n")
    place.give("shop/Pulumi.dev.yaml", STACK)
    place.give("shop/__main__.py", PROGRAM + "import time\nprint(plain, flush=True)\ntime.sleep(60)\n")
    process = place.start("check", "shop", "--debug", "--verbose", "--output", "report.txt")
    assert process.stderr is not None
    first = process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert first == "[secret]\n"
    assert "interrupted" in err
    time.sleep(0.1)
    assert not shows("\n".join((out, err, *place.written())))


def test_states_and_documents(place: Place) -> None:
    place.give("clear.json", exported(password=IN_CLEAR, username=CANARY, identifier=CANARY, tags={CANARY: CANARY}))
    place.give("closed.json", exported(password=CLOSED, masterUserPassword=CLOSED, number=1e300))
    place.give("huge.json", exported(password=IN_CLEAR).replace(json.dumps(CANARY), "1e999"))
    place.give("broken.json", STATES["cut"])
    statement = {
        "Sid": TOKEN,
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"sts:ExternalId": CANARY, "aws:RequestTag/a": TOKEN},
            "StringLik": {"aws:Referer": CANARY, "aws:UserAgent": TOKEN},
        },
    }
    place.give("trust.json", json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    del statement["Condition"]["StringLik"]  # type: ignore[attr-defined]
    place.give("sound.json", json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    place.give("cut.json", json.dumps(statement)[:-20])
    place.give("statements.txt", f"Allow group A to read buckets in tenancy where target.bucket.name = '{TOKEN}'")
    unwritable = "/proc/nowhere/report.json"
    commands: list[list[str]] = [
        ["state", "clear.json", "closed.json", "broken.json", "--format", "json", "--strict", "--debug", "--verbose"],
        ["state", "clear.json", "--output", "report.txt", "--verbose"],
        ["state", "clear.json", "--output", unwritable, "--debug"],
        ["policy", "trust.json", "--format", "json", "--verbose", "--debug"],
        ["policy", "cut.json", "--debug"],
        ["policy", "statements.txt", "--debug"],
        ["compare", "sound.json", "trust.json", "--format", "json", "--debug"],
    ]
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda command: place.run(*command), commands))
    for command, (status, written) in zip(commands, done, strict=True):
        assert status in (0, 1, 2)
        assert not shows(written), f"{command}: {[line for line in written.splitlines() if shows(line)]}"


# What a debugger, a log or a failing assertion shows


def test_objects_show_no_value(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text(exported(password=IN_CLEAR, username=CANARY))
    state = states.read(path)
    configuration = {"shop:password": CANARY}
    objects = [
        state,
        state.resources,
        state_file.read(path),
        Configuration(configuration, ["shop:password"]),
        Deployment(project="p", stack="s", organization="o", config=configuration, secret_keys=["shop:password"]),
        Target(program=tmp_path, config=[f"password={CANARY}"]),
        Redactor([CANARY]),
        Job(
            project="p",
            stack="s",
            organization="o",
            root=tmp_path,
            main=tmp_path,
            config=configuration,
            secret_keys=frozenset(configuration),
            remediate=False,
            stack_outputs={"o/p/s": StackOutputs({"a": CANARY})},
        ),
    ]
    for one in objects:
        assert not shows(f"{one!r} {one}")
