"""The inner engine against a recording of a real one: the same program, message by message, field by field.

Every difference must be explained by a row of `DIFFERENCES`. A difference that no row explains fails, and so does a
row that explains nothing any more.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
from pulumi.runtime.proto import analyzer_pb2

from policypack.guardrails.values import has_stand_in
from preflight.engine.inside import shapes

DATA = Path(__file__).parents[3] / "data" / "transcripts"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
ABSENT = "(absent)"


def reveal(value):
    return value["value"] if isinstance(value, dict) and value.get(SIGNATURE) == SECRET else value


def marked(value) -> bool:
    return isinstance(value, dict) and value.get(SIGNATURE) == SECRET


def declared(type_: str, name: str) -> bool:
    import pulumi_aws  # noqa: F401 - registers the classes
    import pulumi_oci  # noqa: F401

    cls = shapes.resource_class(type_, "")
    return cls is not None and shapes.of_resource(cls).output(name) is not None


def stand_in_for_unknown(type_, path, real, ours) -> bool:
    return (
        marked(real) == marked(ours)
        and reveal(real) == UNKNOWN
        and isinstance(reveal(ours), str)
        and has_stand_in(reveal(ours))
    )


def certain_arn(type_, path, real, ours) -> bool:
    return path == "arn" and real == UNKNOWN and ours == "arn:aws:s3:::named-bucket"


def generated_name(type_, path, real, ours) -> bool:
    return (
        isinstance(real, str)
        and isinstance(ours, str)
        and (re.fullmatch(re.escape(real.removesuffix("1a2b3c4")) + r"standin0c[0-9a-f]{16}", ours) is not None)
    )


def name_not_generated(type_, path, real, ours) -> bool:
    return (type_, path, real) == ("aws:ssm/parameter:Parameter", "name", ABSENT) and has_stand_in(ours)


def asset_hash(type_, path, real, ours) -> bool:
    def without(value):
        if isinstance(value, dict):
            return {key: without(item) for key, item in value.items() if key != "hash"}
        return value

    return real != ABSENT and real != ours and without(real) == ours


def same_document(type_, path, real, ours) -> bool:
    try:
        return json.loads(real) == json.loads(ours)
    except (TypeError, ValueError):
        return False


def declared_output(type_, path, real, ours) -> bool:
    """Only what the provider computes: unknown, recognisable as invented, tags repeated, or a certain form."""
    if real != ABSENT or not declared(type_, path):
        return False
    if path == "tagsAll" or (path, ours) in (("region", "us-west-2"), ("bucketRegion", "us-west-2")):
        return True
    text = reveal(ours)
    return text == UNKNOWN or (isinstance(text, str) and (has_stand_in(text) or text.startswith("named-bucket.s3.")))


def undeclared_arn(type_, path, real, ours) -> bool:
    return path == "arn" and real == UNKNOWN and ours == ABSENT and not declared(type_, "arn")


DIFFERENCES = {
    "stand-in-for-unknown": (
        stand_in_for_unknown,
        "what the provider computes is a recognisable stand-in, not unknown",
    ),
    "certain-arn": (certain_arn, "the ARN of a bucket with a given name is certain before it exists"),
    "generated-name": (generated_name, "the random part of a generated name is a token"),
    "name-not-generated": (
        name_not_generated,
        "the recording's stand-in provider leaves this name out, the real one fills it",
    ),
    "asset-hash": (asset_hash, "the engine adds the hash of assets and archives, which no rule reads"),
    "document-spelling": (same_document, "the recording's stand-in provider spells JSON its own way"),
    "declared-output": (
        declared_output,
        "the recording's stand-in provider answers the inputs, `arn` and secrets only",
    ),
    "undeclared-arn": (undeclared_arn, "the recording's stand-in provider answers `arn` for every type"),
}


def compare(type_: str, real: dict, ours: dict) -> list[tuple[str, object, object, list[str]]]:
    """Each differing property with the rows that explain it."""
    found = []
    for path in sorted({*real, *ours}):
        left, right = real.get(path, ABSENT), ours.get(path, ABSENT)
        pairs = [(path, left, right)]
        if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
            pairs = [(f"{path}[{index}]", a, b) for index, (a, b) in enumerate(zip(left, right, strict=True))]
        for place, a, b in pairs:
            if a != b:
                rows = [name for name, (explains, _) in DIFFERENCES.items() if explains(type_, place, a, b)]
                found.append((place, a, b, rows))
    return found


@pytest.fixture(scope="module")
def ours(tools):
    root = DATA / "program"
    job = tools.make_job(
        root,
        project="transcript",
        organization="organization",
        config={"transcript:hidden": "hunter2-hunter2", "transcript:plain": "from-the-project"},
        secret_keys=["transcript:hidden"],
    )
    outcome = tools.execute(root, job, [])
    assert outcome.end == {"event": "done"}
    return outcome


def recorded(method: str) -> list[bytes]:
    lines = (json.loads(line) for line in (DATA / "preview.jsonl").read_text().splitlines())
    return [base64.b64decode(line["raw"]) for line in lines if line["method"] == method]


@pytest.fixture(scope="module")
def theirs() -> dict:
    messages = [analyzer_pb2.AnalyzeRequest.FromString(raw) for raw in recorded("Analyze")]
    return {message.urn: message for message in messages}


@pytest.fixture(scope="module")
def their_state() -> dict:
    (raw,) = recorded("AnalyzeStack")
    return {message.urn: message for message in analyzer_pb2.AnalyzeStackRequest.FromString(raw).resources}


def rest(message):
    """The message without its properties, dependencies in order."""
    copy = type(message)()
    copy.CopyFrom(message)
    copy.ClearField("properties")
    if hasattr(copy, "dependencies"):
        urns = sorted(copy.dependencies)
        copy.ClearField("dependencies")
        copy.dependencies.extend(urns)
        for dependency in copy.propertyDependencies.values():
            urns = sorted(dependency.urns)
            dependency.ClearField("urns")
            dependency.urns.extend(urns)
    return copy


def test_the_same_resources_are_analysed(ours, theirs) -> None:
    assert set(ours.requests) == set(theirs)
    assert len(ours.of("resource")) == len(theirs)


def test_the_same_resources_are_in_the_stack(ours, their_state) -> None:
    assert set(ours.state) == set(their_state)


def test_everything_but_the_properties_is_equal(ours, theirs, their_state) -> None:
    for urn, message in theirs.items():
        assert rest(ours.requests[urn]) == rest(message), urn
    for urn, message in their_state.items():
        if not urn.endswith("::lazy"):
            assert rest(ours.state[urn]) == rest(message), urn


def test_a_lazy_document_depends_on_what_it_was_made_from(ours, their_state) -> None:
    """At a real preview the function is not called while its argument is unknown, and the dependency is lost."""
    (lazy,) = [urn for urn in their_state if urn.endswith("::lazy")]
    assert not their_state[lazy].dependencies
    assert [urn.rpartition("::")[2] for urn in ours.state[lazy].dependencies] == ["pair-data"]


def test_every_difference_of_the_properties_is_explained(ours, theirs, their_state, tools) -> None:
    used = set()
    for real, embedded in ((theirs, ours.requests), (their_state, ours.state)):
        for urn, message in real.items():
            differences = compare(message.type, tools.properties(message), tools.properties(embedded[urn]))
            for place, left, right, rows in differences:
                assert rows, f"{urn} {place}: recorded {left!r}, embedded {right!r}"
                used.update(rows)
    assert used == set(DIFFERENCES)


def test_the_default_provider_comes_before_its_first_use(ours) -> None:
    seen = set()
    for message in ours.requests.values():
        if message.HasField("provider"):
            assert message.provider.urn in seen
        seen.add(message.urn)


def test_two_runs_are_equal(ours, tools) -> None:
    root = DATA / "program"
    job = tools.make_job(
        root,
        project="transcript",
        organization="organization",
        config={"transcript:hidden": "hunter2-hunter2", "transcript:plain": "from-the-project"},
        secret_keys=["transcript:hidden"],
    )
    again = tools.execute(root, job, [])
    assert again.requests == ours.requests
    assert again.state == ours.state
