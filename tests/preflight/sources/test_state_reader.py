"""Exported states, against what the real engine sent for the same deployment (tests/data/transcripts)."""

from __future__ import annotations

import copy
import gzip
import io
import json
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pulumi.runtime.proto import analyzer_pb2 as pb

from policypack.guardrails import wire
from policypack.guardrails.model import Secret, Value
from policypack.guardrails.values import UNKNOWN
from preflight.errors import CheckError
from preflight.report import Place
from preflight.sources import state as states
from preflight.sources import state_file

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
        ("", "is empty"),
        (" \n", "is empty"),
        ("\x00\x01", "is not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"version": 3, "deployment": {"manifest"', "not all of it"),
        ('{"version": ' + "1" * 6_000 + "}", "a number of thousands of digits"),
        ("null", "is not an exported state"),
        ('{"version": 3, "checkpoint": null}', "is not an exported state"),
        ('{"version": 3, "checkpoint": {"latest": 1}}', "is not an exported state"),
        ('{"version": [], "deployment": {}}', "has version"),
        ('{"version": 4, "features": ["taint", "time-travel"], "deployment": {}}', "time-travel"),
        ('{"name": "app", "version": "1.0.0"}', "is not an exported state"),
        ('{"version": 3, "deployment": {"resources": [{"urn": "urn:pulumi:a::b::c::\\ud800"}]}}', "valid URN"),
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


def test_what_is_nested_too_deeply_for_a_message_is_unknown(state_of: StateOf) -> None:
    value: object = {"bottom": secret(plaintext='"hunter2-hunter2"')}
    for _ in range(200):
        value = [{"inner": value}]
    for _ in range(3):
        value = secret(plaintext=json.dumps([value]))
    state = state_of({"value": value, "shallow": {"a": [{"b": "c"}]}})
    *_, (_, request) = state.requests()
    # The pack parses it: messages may be nested 100 deep.
    decoded = wire.decode(pb.AnalyzeRequest.FromString(request.SerializeToString()).properties)
    assert decoded["shallow"] == {"a": [{"b": "c"}]}
    assert "Secret" in repr(decoded["value"])
    stack = pb.AnalyzeStackRequest(resources=state.stack_resources())
    assert pb.AnalyzeStackRequest.FromString(stack.SerializeToString()) == stack


@pytest.mark.parametrize(
    "value",
    [10**400, "\ud800", {"\ud800": 1}],
    ids=["a number beyond all", "half a character", "half a character as key"],
)
def test_what_no_engine_writes_is_one_clear_error(state_of: StateOf, value: object) -> None:
    with pytest.raises(CheckError, match="no engine writes"):
        inputs_of(state_of({"value": value}))
    with pytest.raises(CheckError, match="no engine writes"):
        list(state_of(outputs={"value": value}).stack_resources())


DEPLOYMENT = {"manifest": {}, "resources": [{"urn": STACK, "type": "pulumi:pulumi:Stack"}, {"urn": TOKEN}]}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"version": 3, "deployment": DEPLOYMENT}, id="export"),
        pytest.param({"version": 4, "features": ["taint", "hooks"], "deployment": DEPLOYMENT}, id="features"),
        pytest.param(
            {"version": 3, "checkpoint": {"stack": "organization/other/prod", "latest": DEPLOYMENT}}, id="checkpoint"
        ),
        pytest.param(DEPLOYMENT, id="deployment alone"),
    ],
)
@pytest.mark.parametrize(
    "encode",
    [
        pytest.param(str.encode, id="utf-8"),
        pytest.param(lambda text: text.encode("utf-8-sig"), id="byte order mark"),
        pytest.param(lambda text: text.encode("utf-16"), id="utf-16"),
        pytest.param(lambda text: gzip.compress(text.encode()), id="gzip"),
    ],
)
def test_every_form_of_a_state_is_read(
    tmp_path: Path, content: dict[str, object], encode: Callable[[str], bytes]
) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(encode(json.dumps(content)))
    state = states.read(path)
    # Where resources stand in it, their names count.
    assert (state.project, state.stack) == ("shop", "dev")
    assert [(one.urn, one.type) for one in state.resources] == [
        (STACK, "pulumi:pulumi:Stack"),
        (TOKEN, "oci:Identity/authToken:AuthToken"),
    ]


@pytest.mark.parametrize(
    ("written", "project", "stack"),
    [("organization/shop/dev", "shop", "dev"), ("dev", "", "dev"), (7, "", ""), (None, "", "")],
)
def test_a_checkpoint_of_a_stack_that_was_never_updated(
    tmp_path: Path, written: object, project: str, stack: str
) -> None:
    path = tmp_path / "dev.json"
    path.write_text(json.dumps({"version": 3, "checkpoint": {"stack": written}}))
    state = states.read(path)
    assert (state.project, state.stack, state.resources) == (project, stack, [])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(b"{}")[:12], "without its end"),
        (b"\x1f\x8bxxxxxxxxxxxx", "broken gzip"),
        (b"\x28\xb5\x2f\xfdxxx", "zstd -d"),
        (b'{"a": "\xff"}', "is not JSON"),
    ],
    ids=["cut gzip", "no gzip", "zstd", "latin-1"],
)
def test_bytes_that_are_no_state_are_one_clear_error(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "state.json.gz"
    path.write_bytes(content)
    with pytest.raises(CheckError, match=message):
        states.read(path)


def test_what_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_file, "_LARGEST", 1_000)
    path = tmp_path / "state.json.gz"
    path.write_bytes(gzip.compress(b" " * 100_000 + b"1"))
    with pytest.raises(CheckError, match="larger than"):
        states.read(path)
    path.write_bytes(b" " * 1_001)
    with pytest.raises(CheckError, match="larger than"):
        states.read(path)


def test_standard_input_is_named_in_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"[1")))
    with pytest.raises(CheckError, match=r"^standard input is not JSON.*`pulumi stack export`\.$"):
        states.read(Path("-"))


def test_a_folder_stands_for_the_states_below_it_and_not_for_their_history(tmp_path: Path) -> None:
    wanted = ["stacks/shop/dev.json", "stacks/shop/prod.json.gz", "top.json"]
    for name in (*wanted, "stacks/shop/dev.json.bak", "history/shop/dev.json", "backups/shop/dev.json", "meta.yaml"):
        tmp_path.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        tmp_path.joinpath(name).touch()
    found = state_file.expand([tmp_path, tmp_path / "top.json", Path("-"), Path("-")])
    assert found == [*(tmp_path / name for name in wanted), Path("-")]


def test_a_folder_without_a_state_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match=r"no \*\.json"):
        state_file.expand([tmp_path])


def noticed(state: states.State) -> list[str]:
    list(state.requests())
    list(state.stack_resources())
    return [kind for kind, _ in state.notices()]


@pytest.mark.parametrize(
    ("written", "kinds"),
    [
        pytest.param(secret(plaintext='"hunter2"'), ["secrets-in-clear"], id="in clear"),
        pytest.param([secret(plaintext="not json")], ["secrets-in-clear"], id="broken, in clear"),
        pytest.param(secret(ciphertext="v1:a:b"), [], id="encrypted"),
        pytest.param(secret(plaintext='"[secret]"'), [], id="redacted"),
        pytest.param("[secret]", [], id="redacted alone"),
        pytest.param({"plaintext": "hunter2"}, [], id="another plaintext"),
    ],
)
def test_secrets_in_clear_are_noticed_without_their_value(state_of: StateOf, written: object, kinds: list[str]) -> None:
    assert noticed(state_of({"value": written})) == kinds
    state = state_of(outputs={"value": written})
    assert noticed(state) == kinds
    assert "hunter2" not in repr(list(state.notices()))


@pytest.mark.parametrize(
    ("written", "texts"),
    [
        pytest.param(secret(plaintext='"hunter2"'), ["hunter2"], id="text"),
        pytest.param([{"a": secret(plaintext='{"b": 1}')}], ['{"b": 1}'], id="object"),
        pytest.param(secret(plaintext="4711"), ["4711"], id="number"),
        pytest.param(secret(plaintext="not json"), ["not json"], id="broken"),
        pytest.param(
            secret(plaintext=json.dumps([secret(plaintext='"hunter2"')])),
            [json.dumps([secret(plaintext='"hunter2"')]), "hunter2"],
            id="in another one",
        ),
        pytest.param(secret(plaintext='"[secret]"'), [], id="redacted"),
        pytest.param(secret(ciphertext="v1:a:b"), [], id="encrypted"),
    ],
)
@pytest.mark.parametrize("deleted", [False, True])
def test_the_secrets_in_a_state(state_of: StateOf, written: object, texts: list[str], deleted: bool) -> None:
    assert state_of({"value": written}, delete=deleted).secrets == texts
    assert state_of(outputs={"value": written}).secrets == texts


def test_interrupted_operations_and_deletions_are_noticed(tmp_path: Path) -> None:
    old = [{"urn": f"{TOKEN}-{number}", "delete": True} for number in range(5)]
    pending = [{"resource": {"urn": TOKEN}, "type": "creating"}, {"resource": 1}, 2, {"resource": {"urn": "x"}}]
    path = tmp_path / "state.json"
    deployment = {"resources": [*DEPLOYMENT["resources"], *old], "pending_operations": pending}
    path.write_text(json.dumps({"version": 3, "deployment": deployment}))
    state = states.read(path)
    assert noticed(state) == ["pending-operation", "pending-deletion"]
    operation, deletion = (text for _, text in state.notices())
    assert "oci:Identity/authToken:AuthToken token: an operation was interrupted" in operation
    assert (
        "token-0, oci:Identity/authToken:AuthToken token-1, oci:Identity/authToken:AuthToken token-2 and 2 more"
        in deletion
    )


def test_a_provider_that_was_replaced_is_still_found(tmp_path: Path) -> None:
    provider = "urn:pulumi:dev::shop::pulumi:providers:oci::main"
    entries = [
        {"urn": provider, "inputs": {"region": "new"}},
        {"urn": TOKEN, "provider": f"{provider}::1"},
        {"urn": provider, "inputs": {"region": "old"}, "delete": True},
        {"urn": f"{provider}-2", "inputs": {"region": "old"}, "delete": True},
        {"urn": f"{TOKEN}-2", "provider": f"{provider}-2::1"},
    ]
    path = tmp_path / "state.json"
    path.write_text(json.dumps({"version": 3, "deployment": {"resources": entries}}))
    regions = [
        request.provider.properties["region"]
        for _, request in states.read(path).requests()
        if request.HasField("provider")
    ]
    assert regions == ["new", "old"]


def test_replaced_resources_are_judged_as_they_will_be(state_of: StateOf) -> None:
    assert [one.urn for one in state_of(pendingReplacement=True).resources] == [STACK, TOKEN]


@pytest.mark.parametrize(
    "field",
    [
        "type",
        "inputs",
        "outputs",
        "parent",
        "provider",
        "dependencies",
        "propertyDependencies",
        "aliases",
        "delete",
        "ignoreChanges",
        "additionalSecretOutputs",
        "sourcePosition",
        "stackTrace",
        "protect",
        "id",
        "custom",
    ],
)
@pytest.mark.parametrize("value", [None, 7, "x", [1, None], {"a": 1}, {"a": [1]}, True, 1.5], ids=repr)
def test_a_field_of_a_wrong_type_never_crashes(state_of: StateOf, field: str, value: object) -> None:
    used(lambda: state_of(**{field: value}))


def used(read: Callable[[], states.State]) -> None:
    """Read a state and use all of it; the only exception that may come of that is the one for people."""
    with suppress(CheckError):
        state = read()
        for one, request in state.requests():
            _ = one.name, one.source, wire.resource(pb.AnalyzeRequest.FromString(request.SerializeToString()))
        for resource in state.stack_resources():
            wire.resource(pb.AnalyzerResource.FromString(resource.SerializeToString()))
        _ = state.root, list(state.notices()), state.project.encode(), state.stack.encode()


WHOLE = json.loads((TRANSCRIPTS / "state.json").read_text())
ODD = st.sampled_from(
    [
        *(None, True, -1, 1e300, "", "x", "[secret]", "\ud800", "urn:pulumi:a::b::c::d"),
        *("04da6b54-80e4-46f7-96ec-b56ff0331ba9", [], {}, [[]]),
        *({SIGNATURE: SECRET}, {SIGNATURE: 1}, secret(plaintext="{"), secret(plaintext='{"a": 1}', ciphertext="x")),
        {SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4", "value": "x", "secret": True},
        {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": 1, "assets": []},
        {SIGNATURE: "5cf8f73096256a8f31e491e813e4eb8e", "urn": [], "id": {}},
    ]
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_state_with_anything_in_any_place_never_crashes(tmp_path: Path, data: st.DataObject) -> None:
    content = copy.deepcopy(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        place: Any = content
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = data.draw(st.sampled_from(keys)) if keys else None
            if key is None or not isinstance(place[key], dict | list) or data.draw(st.integers(0, 5)) == 0:
                break
            place = place[key]
        if key is None:
            continue
        if data.draw(st.booleans()):
            place[key] = copy.deepcopy(data.draw(ODD))
        else:
            del place[key]
    path = tmp_path / "state.json"
    path.write_text(json.dumps(content))
    used(lambda: states.read(path))


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 40_000), junk=st.binary(max_size=8), at=st.integers(0, 40_000))
def test_a_damaged_file_never_crashes(tmp_path: Path, cut: int, junk: bytes, at: int) -> None:
    whole = (TRANSCRIPTS / "state.json").read_bytes()
    path = tmp_path / "state.json"
    path.write_bytes((whole[:at] + junk + whole[at:])[: len(whole) - cut])
    used(lambda: states.read(path))
