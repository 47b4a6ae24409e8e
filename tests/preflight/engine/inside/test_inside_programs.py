"""Small programs on the inner engine, one behaviour or a few related ones each."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys

import pytest
from google.protobuf import struct_pb2

from policypack.guardrails.values import has_stand_in, may_be_anything

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
KNOWN_ACCOUNT = {"aws:region": "eu-west-1", "aws:allowedAccountIds": '["123456789012"]'}

# A provider SDK in one file, so that most programs here need no real one.
TOY = """
import pulumi
from typing import Mapping, Optional, Sequence

@pulumi.output_type
class Inner(dict):
    def __init__(__self__, *, address: str, size: int, note: Optional[str] = None):
        pulumi.set(__self__, "address", address)
        pulumi.set(__self__, "size", size)
        pulumi.set(__self__, "note", note)

    @property
    @pulumi.getter
    def address(self) -> str:
        return pulumi.get(self, "address")

    @property
    @pulumi.getter
    def size(self) -> int:
        return pulumi.get(self, "size")

    @property
    @pulumi.getter
    def note(self) -> Optional[str]:
        return pulumi.get(self, "note")

class Thing(pulumi.CustomResource):
    pulumi_type = "toy:index:Thing"

    def __init__(self, resource_name, opts=None, name=None, label=None, color=None, owner=None, data=None, inner=None):
        props = dict(name=name, label=label, color=color, owner=owner, data=data, inner=inner)
        props |= dict(serialNumber=None, computedArn=None, password=None, ready=None, parts=None, extra=None)
        super().__init__("toy:index:Thing", resource_name, props, opts)

    @property
    @pulumi.getter
    def name(self) -> pulumi.Output[str]:
        return pulumi.get(self, "name")

    @property
    @pulumi.getter
    def label(self) -> pulumi.Output[Optional[str]]:
        return pulumi.get(self, "label")

    @property
    @pulumi.getter
    def color(self) -> pulumi.Output[str]:
        return pulumi.get(self, "color")

    @property
    @pulumi.getter
    def owner(self) -> pulumi.Output[Optional[str]]:
        return pulumi.get(self, "owner")

    @property
    @pulumi.getter
    def data(self) -> pulumi.Output[Optional[str]]:
        return pulumi.get(self, "data")

    @property
    @pulumi.getter
    def inner(self) -> pulumi.Output[Inner]:
        return pulumi.get(self, "inner")

    @property
    @pulumi.getter
    def serialNumber(self) -> pulumi.Output[str]:
        return pulumi.get(self, "serialNumber")

    @property
    @pulumi.getter
    def computedArn(self) -> pulumi.Output[str]:
        return pulumi.get(self, "computedArn")

    @property
    @pulumi.getter
    def password(self) -> pulumi.Output[str]:
        return pulumi.get(self, "password")

    @property
    @pulumi.getter
    def ready(self) -> pulumi.Output[bool]:
        return pulumi.get(self, "ready")

    @property
    @pulumi.getter
    def parts(self) -> pulumi.Output[Sequence[Inner]]:
        return pulumi.get(self, "parts")

    @property
    @pulumi.getter
    def extra(self) -> pulumi.Output[Mapping[str, str]]:
        return pulumi.get(self, "extra")

    @property
    @pulumi.getter
    def url(self) -> pulumi.Output[str]:
        return pulumi.get(self, "url")
'''
def documented():
    """a-doc-string-secret"""
from helper import KEY
secret = pulumi.Output.secret
toy.Thing("plain", owner="not-marked-text")
toy.Thing("here", owner=secret("written" "-here"))
toy.Thing("helper", owner=secret(KEY))
toy.Thing("short", owner=secret("short"))
toy.Thing("doc", owner=secret("-".join(["a", "doc", "string", "secret"])))
toy.Thing("config", owner=secret("from-the-config"))
toy.Thing("json", owner=secret(__import__("json").dumps(
    {"user": "someone-known", "password": "in-the-dictionary"})))
''',
        files={"toy.py": TOY, "helper.py": "KEY = 'first-half-' + 'second-half'\n"},
        config={"demo:x": "from-the-config"},
    )
    assert outcome.end == {"event": "done"}
    (frame,) = outcome.of("literals")
    found = {
        (entry["urn"].rpartition("::")[2], entry["path"], entry["file"], entry["line"]) for entry in frame["literals"]
    }
    assert found == {
        ("here", "owner", "__main__.py", 8),
        ("helper", "owner", "helper.py", 1),
        ("json", "owner", "__main__.py", 14),
    }
    assert "written-here" not in json.dumps([f for f in outcome.frames if f["event"] not in ("resource", "state")])


def test_a_remediation_replaces_the_inputs_for_everything_after(toy) -> None:
    changed = struct_pb2.Struct()
    changed.update({"label": "mended", "name": "given"})
    answers = [
        {"properties": None},
        {"properties": None},
        {"properties": base64.b64encode(changed.SerializeToString()).decode()},
    ]
    outcome = toy('pulumi.export("label", toy.Thing("one", label="bad").label)', answers=answers, remediate=True)
    assert outcome.end == {"event": "done"}
    assert [frame["event"] for frame in outcome.frames[:6]] == ["remediate", "resource"] * 3
    assert outcome.inputs("one") == {"label": "mended", "name": "given"}
    assert outcome.exports["label"] == "mended"


FAILURES = [
    (
        "raise",
        'toy.Thing("one")\nraise ValueError("pin 4711 is wrong")',
        "exception",
        "ValueError: pin [secret] is wrong",
    ),
    (
        "in-an-apply",
        'toy.Thing("one").serialNumber.apply(lambda value: int("nope"))',
        "exception",
        "ValueError: invalid literal for int() with base 10: 'nope'",
    ),
    (
        "twice",
        'toy.Thing("one")\ntoy.Thing("one")',
        "exception",
        "Duplicate resource URN 'urn:pulumi:dev::demo::toy:index:Thing::one'; try giving it a unique name",
    ),
    ("exit", 'import sys\ntoy.Thing("one")\nsys.exit(3)', "exit", "the program ended itself with 3"),
    ("interrupt", 'toy.Thing("one")\nraise KeyboardInterrupt', "exit", "the program was interrupted"),
    ("import", 'toy.Thing("one")\nimport not_there', "import", "ModuleNotFoundError: No module named 'not_there'"),
    ("syntax", "def (", "exception", None),
]


@pytest.mark.parametrize(("source", "kind", "message"), [row[1:] for row in FAILURES], ids=[row[0] for row in FAILURES])
def test_a_failing_program_ends_in_a_frame_with_its_own_traceback(toy, source, kind, message) -> None:
    outcome = toy(source, config={"demo:pin": "4711"}, secret_keys=["demo:pin"])
    assert outcome.end["event"] == "failed"
    assert outcome.end["kind"] == kind
    if message is not None:
        assert outcome.end["message"] == message
        assert "one" in {item.name for item in outcome.state.values()}
    assert "preflight" not in outcome.end["traceback"]
    assert "runpy" not in outcome.end["traceback"]
    assert "4711" not in json.dumps([frame for frame in outcome.frames if frame["event"] == "failed"])
    (state,) = outcome.of("state")
    assert state["complete"] is False
    assert "Traceback" not in outcome.stderr


def test_missing_configuration_names_key_and_command(run) -> None:
    outcome = run('import pulumi\npulumi.Config("far").require_secret("key")')
    assert outcome.end["kind"] == "config"
    assert outcome.end["key"] == "far:key"
    assert outcome.end["command"] == "pulumi config set --secret far:key <value>"


def test_a_program_may_print_read_exit_move_and_leave_threads(run) -> None:
    outcome = run(
        """
import os, subprocess, sys, threading, time
import pulumi
print("to stdout")
os.write(1, b"to descriptor one\\n")
subprocess.run([sys.executable, "-c", "print('from a child')"])
assert sys.stdin.read() == ""
os.chdir("/")
threading.Thread(target=time.sleep, args=(600,)).start()
pulumi.log.warn("mind the pin 4711")
pulumi.export("argv", len(sys.argv))
pulumi.export("first", os.path.basename(sys.path[0]) == os.path.basename(os.path.dirname(__file__)))
sys.exit(0)
""",
        config={"demo:pin": "4711"},
        secret_keys=["demo:pin"],
    )
    assert outcome.end == {"event": "done"}
    assert [line for line in outcome.stderr.splitlines() if line] == ["to stdout", "to descriptor one", "from a child"]
    assert [notice["message"] for notice in outcome.notices("log")] == ["mind the pin [secret]"]
    assert outcome.exports == {"argv": 1.0, "first": True}


def test_modules_of_the_program_may_have_the_names_of_ours(run) -> None:
    names = ["channel", "job", "monitor", "urns", "runner", "wire", "sources"]
    outcome = run(
        "".join(f"import {name}\n" for name in names)
        + f"import pulumi\npulumi.export('sum', sum(m.X for m in ({', '.join(names)})))",
        files={f"{name}.py": "X = 1\n" for name in names},
    )
    assert outcome.end == {"event": "done"}
    assert outcome.exports == {"sum": float(len(names))}


def test_main_may_be_a_file_or_a_folder_of_the_project(run) -> None:
    program = "import os, pulumi, beside\npulumi.export('here', os.path.basename(os.getcwd()))\n"
    files = {"app/entry.py": program, "app/beside.py": ""}
    assert run("", files=files, main="app/entry.py").exports == {"here": "app"}
    assert run("", files=files | {"app/__main__.py": program}, main="app").exports == {"here": "app"}
    assert run("", files=files, main="nowhere").end["kind"] == "import"


def test_being_told_to_stop_still_reports_what_was_seen(tmp_path, tools) -> None:
    from preflight.engine import inside

    (tmp_path / "__main__.py").write_text(
        "import pulumi, time\npulumi.export('a', 1)\nprint('READY', flush=True)\nwhile True: time.sleep(0.1)\n"
    )
    process = subprocess.Popen(
        [sys.executable, inside.__path__[0]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdin.write(json.dumps(tools.make_job(tmp_path)) + "\n")
    process.stdin.flush()
    assert process.stderr.readline() == "READY\n"
    process.send_signal(signal.SIGTERM)
    frames = [json.loads(line) for line in process.communicate(timeout=30)[0].splitlines()]
    assert frames[-1]["kind"] == "exit"
    assert [frame["event"] for frame in frames[-3:]] == ["state", "literals", "failed"]
