"""Exported states, against what the real engine sent for the same deployment (tests/data/transcripts)."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2 as pb

from policypack.guardrails import wire
from policypack.guardrails.model import Secret, Value
from policypack.guardrails.values import UNKNOWN
from preflight.errors import CheckError
from preflight.report import Place
from preflight.sources import state as states

TRANSCRIPTS = Path(__file__).parents[2] / "data" / "transcripts"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"
TOKEN = "urn:pulumi:dev::shop::oci:Identity/authToken:AuthToken::token"

StateOf = Callable[..., states.State]


def recorded(method: str) -> list[bytes]:
    lines = (json.loads(line) for line in (TRANSCRIPTS / "up.jsonl").read_text().splitlines())
    return [b64decode(line["raw"]) for line in lines if line["method"] == method]


def comparable(message: pb.AnalyzeRequest | pb.AnalyzerResource) -> dict[str, Any]:
    """The message without the values of secrets, which an export encrypts, and without timeouts, which no rule reads."""
    fields: dict[str, Any] = json_format.MessageToDict(message)
    fields.get("options", {}).pop("customTimeouts", None)
    return _blind(fields)  # type: ignore[no-any-return]


def _blind(value: object) -> Any:
    if isinstance(value, list):
        return [_blind(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE) == SECRET:
        return "a secret"
    return {key: _blind(inner) for key, inner in value.items() if inner != {} or key != "options"}


@pytest.fixture(scope="module")
def exported() -> states.State:
    return states.read(TRANSCRIPTS / "state.json")


def test_stack_resources_are_those_the_engine_sent(exported: states.State) -> None:
    sent = pb.AnalyzeStackRequest.FromString(recorded("AnalyzeStack")[-1])
    expected = {resource.urn: comparable(resource) for resource in sent.resources}
    actual = {resource.urn: comparable(resource) for resource in exported.stack_resources()}
    assert actual == expected


def test_requests_are_those_the_engine_sent(exported: states.State) -> None:
    sent = [pb.AnalyzeRequest.FromString(raw) for raw in recorded("Analyze")]
    expected = {request.urn: comparable(request) for request in sent}
    actual = {one.urn: comparable(request) for one, request in exported.requests()}
    assert actual == expected


def test_no_ciphertext_is_sent(exported: states.State) -> None:
    for _, request in exported.requests():
        assert b"v1:" not in request.SerializeToString()
    for resource in exported.stack_resources():
        assert b"ciphertext" not in resource.SerializeToString()


def test_project_stack_and_root(exported: states.State) -> None:
    assert (exported.project, exported.stack) == ("transcript", "dev")
    assert exported.root == "urn:pulumi:dev::transcript::pulumi:pulumi:Stack::transcript-dev"


def test_source_lines(exported: states.State) -> None:
    places = {one.name: one.source for one in exported.resources}
    assert places["key"] == Place("__main__.py", 36)
    assert places["transcript-dev"] is None
    assert places["default_7_51_1"] is None


@pytest.fixture
def state_of(tmp_path: Path) -> StateOf:
    """Read a state of the stack and one resource with these inputs and further fields."""

    def make(inputs: dict[str, object] | None = None, version: int = 3, **fields: object) -> states.State:
        resource = {"urn": TOKEN, "type": "oci:Identity/authToken:AuthToken", "inputs": inputs or {}, **fields}
        stack = {"urn": STACK, "type": "pulumi:pulumi:Stack"}
        path = tmp_path / "state.json"
        path.write_text(json.dumps({"version": version, "deployment": {"resources": [stack, resource]}}))
        return states.read(path)

    return make


def inputs_of(state: states.State) -> dict[str, object]:
    *_, (_, request) = state.requests()
    return wire.decode(request.properties)


def secret(**held: object) -> dict[str, object]:
    return {SIGNATURE: SECRET, **held}


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize(
    ("written", "held"),
    [
        pytest.param(secret(ciphertext="v1:a:b"), UNKNOWN, id="encrypted"),
        pytest.param(secret(plaintext='"hunter2"'), "hunter2", id="in clear"),
        pytest.param(secret(plaintext='{"a":[1]}'), {"a": [1.0]}, id="an object in clear"),
        pytest.param(secret(plaintext="not json"), UNKNOWN, id="broken"),
        pytest.param(secret(plaintext='"[secret]"'), UNKNOWN, id="a redacted one in clear"),
        pytest.param("[secret]", UNKNOWN, id="redacted"),
    ],
)
def test_secrets_stay_marked(state_of: StateOf, version: int, written: object, held: object) -> None:
    value = inputs_of(state_of({"value": written}, version))["value"]
    assert isinstance(value, Secret)
    assert value.value == held


def test_nested_values(state_of: StateOf) -> None:
    written = {"a": [1, True, None, {"deep": secret(ciphertext="x")}], "b": {}, "c": [], "__defaults": ["x"]}
    decoded = inputs_of(state_of(written))
    assert list(decoded) == ["a", "b", "c"]
    a = Value(decoded["a"], "a")
    assert (a[0].raw, a[1].raw, a[2].raw, a[3]["deep"].unknown, a[3]["deep"].secret) == (1.0, True, None, True, True)
    assert (decoded["b"], decoded["c"]) == ({}, [])


def test_a_secret_of_many_unknowns_is_one(state_of: StateOf) -> None:
    assert "Secret" in repr(inputs_of(state_of({"value": secret(ciphertext="x")})))


def test_resources_that_wait_to_be_deleted_are_left_out(state_of: StateOf) -> None:
    assert [one.urn for one in state_of(delete=True).resources] == [STACK]


def test_external_resources_are_kept(state_of: StateOf) -> None:
    assert [one.urn for one in state_of(external=True).resources] == [STACK, TOKEN]


@pytest.mark.parametrize(
    ("position", "place"),
    [
        ("project:///app/main.py#7", Place("app/main.py", 7)),
        ("project:///app/main.py#7,12", Place("app/main.py", 7)),
        ("project:///a%20b.py#1", Place("a b.py", 1)),
        ("project:///../other.py#1", None),
        ("project:///venv/lib/python3.11/site-packages/x.py#1", None),
        ("file:///etc/x#1", None),
        (7, None),
    ],
)
def test_positions(state_of: StateOf, position: object, place: Place | None) -> None:
    assert state_of(sourcePosition=position).resources[1].source == place


def test_the_first_line_of_the_program_in_the_trace_is_the_source(state_of: StateOf) -> None:
    frames = ["project:///venv/site-packages/sdk.py#1", "project:///app.py#5", "project:///app.py#9"]
    trace = [{"sourcePosition": position} for position in frames]
    assert state_of(sourcePosition=frames[0], stackTrace=[{}, *trace]).resources[1].source == Place("app.py", 5)


def test_an_empty_stack_has_nothing_to_check(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text('{"version": 3, "deployment": {"manifest": {}}}')
    assert states.read(path).resources == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is not JSON"),
        ("\x00\x01", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is not an exported state"),
        ('{"version": 3}', "is not an exported state"),
        ('{"version": 2, "deployment": {}}', "has version 2"),
        ('{"deployment": {}}', "has version None"),
        ('{"version": 3, "deployment": {"resources": {"a": 1}}}', "no list of resources"),
        ('{"version": 3, "deployment": {"resources": null}}', "no list of resources"),
        ('{"version": 3, "deployment": {}}', "no list of resources"),
        ('{"version": 3, "deployment": {"resources": [1]}}', "not an object"),
        ('{"version": 3, "deployment": {"resources": [{"urn": "x"}]}}', "without a valid URN"),
        (
            '{"version": 3, "deployment": {"resources": [{"urn": "urn:pulumi:a::b::c::d", "inputs": [1]}]}}',
            "are not objects",
        ),
    ],
)
def test_what_is_no_state_is_one_clear_error(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(content)
    with pytest.raises(CheckError, match=message) as raised:
        states.read(path)
    assert "\n" not in str(raised.value)


def test_a_state_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match="check the path"):
        states.read(tmp_path / "none.json")


def test_values_nested_too_deeply(state_of: StateOf) -> None:
    value: object = "x"
    for _ in range(200):
        value = [value]
    with pytest.raises(CheckError, match="nested too deeply"):
        inputs_of(state_of({"value": value}))
