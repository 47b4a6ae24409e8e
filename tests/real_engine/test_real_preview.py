"""The pack under a real `pulumi preview` with stand-in providers, compared with what preflight says without one.

Runs where `pulumi` is on PATH. A few programs by default; with REAL_ENGINE_ALL set, every scenario.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from real_preview import POLICIES, ROOT, Engine, Line, Preview, checked, lines_of

pytestmark = pytest.mark.skipif(shutil.which("pulumi") is None, reason="no `pulumi` on PATH: a real preview needs it")

SCENARIOS: Final = ROOT / "tests" / "scenarios"
FEW: Final = (
    "administrator-by-not-action",
    "bucket-with-public-acl-only",
    "oci-any-user-reads-objects",
    "oci-auth-token-unmarked",
    "oidc-condition-keys-with-scheme",
    "secret-key-exported-unsecret",
)
EVERY: Final = sorted(path.parent.name for path in SCENARIOS.glob("*/expected.yaml"))
CHOSEN: Final = EVERY if os.environ.get("REAL_ENGINE_ALL") else FEW

# (policy, name) of a finding that only a real preview has, with the reason.
NOT_HERE: Final[Mapping[str, Mapping[tuple[str, str], str]]] = {
    "api-key-from-lookup": {
        (
            "oci-api-key-malformed",
            "looked-up-key",
        ): "the stand-in provider answers the look-up with a text that is no key",
    },
    "oci-grants-that-add-up": {
        ("oci-escalation-through-dynamic-group", "people"): "a preview knows no matching rule that is made of outputs",
        ("oci-open-function-with-powers", "orders"): "the same rule may take in the function that anyone calls",
    },
    **{
        scenario: {
            (
                "policy-document-rejected",
                name,
            ): "preflight reads the misspelt arguments as they were meant, and names them",
        }
        for scenario, name in (
            ("policy-document-capitalised-arguments", "read-models"),
            ("policy-document-singular-arguments", "take-jobs"),
        )
    },
}


def completed(preview: Preview) -> Preview:
    """`preview`, which has run to its end and failed, if at all, through a policy."""
    assert preview.errors == set()
    assert preview.packs == {"guardrails"}
    assert (preview.status != 0) == any(line.level == "mandatory" for line in preview.lines)
    return preview


def test_our_program_is_clean(engine: Engine) -> None:
    preview = completed(engine.preview(ROOT / "infra"))
    # A matching rule made of the OCID of a function is not known before there is one.
    certain = [line for line in preview.lines if line.outcome != "undecided" or not preview.unknown(line)]
    assert certain == []
    assert preview.status == 0


@pytest.mark.parametrize("scenario", CHOSEN)
def test_the_engine_shows_what_preflight_reports(engine: Engine, scenario: str) -> None:
    program = SCENARIOS / scenario
    configured = program / POLICIES
    policies = json.loads(configured.read_text()) if configured.exists() else None
    preview = completed(engine.preview(program, policies=policies))
    report = checked(program)
    ours = lines_of(report)
    every = lines_of(report, evidence=("wire", "program"))
    expected = yaml.safe_load((program / "expected.yaml").read_text())["findings"]
    open_there = {(one["rule"], one["name"]) for one in expected if one.get("real_preview") == "undecided"}
    # What a join of resources leaves open may be said of a property that is known, so it must be expected by name.
    undecided = [
        line
        for line in preview.lines
        if line.outcome == "undecided" and (preview.unknown(line) or (line.policy, line.name) in open_there)
    ]

    # One policy says that a document is not known, on behalf of all that read it.
    open_places = {line.place for line in undecided}
    open_names = {(line.policy, line.name) for line in undecided}
    left_open = [line for line in every if (line.policy, line.name) in open_there]
    silent = [
        line for line in left_open if line.place not in open_places and (line.policy, line.name) not in open_names
    ]
    assert silent == []

    # A lookup is a stand-in for preflight, and an answer in a preview.
    wanted = Counter(line for line in ours if line not in left_open and line.outcome != "undecided")
    shown = Counter(line for line in preview.lines if line not in undecided)
    extra = Counter({line: count for line, count in (shown - wanted).items() if line not in ours})
    assert {(line.policy, line.name) for line in extra} == NOT_HERE.get(scenario, {}).keys()
    assert wanted - shown == Counter()
    assert {line for line, count in Counter(preview.lines).items() if count > 1} == set()


def test_the_differences_name_scenarios() -> None:
    assert {*FEW, *NOT_HERE} <= {*EVERY}


MENDED: Final = """
import pulumi
import pulumi_aws as aws

aws.s3.Bucket("downloads", bucket="acme-downloads", acl="public-read", tags={"owner": pulumi.Output.secret("quiet-otter")})
aws.mq.Broker(
    "broker",
    broker_name="jobs",
    engine_type="RabbitMQ",
    engine_version="3.13",
    host_instance_type="mq.t3.micro",
    users=[{"username": "jobs", "password": "plain-heron-value"}],
)
"""


@pytest.fixture
def mended(tmp_path: Path) -> Path:
    """A program with a public ACL beside a secret, and a password that is not marked."""
    (tmp_path / "Pulumi.yaml").write_text("name: mended\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  aws:region: eu-west-1\n")
    (tmp_path / "__main__.py").write_text(MENDED)
    return tmp_path


REMEDIATE: Final[dict[str, Any]] = {
    "bucket-public-acl": "remediate",
    "credential-property-unmarked": {"enforcementLevel": "remediate"},
}


def test_a_remediation_changes_what_is_planned(engine: Engine, mended: Path) -> None:
    preview = completed(engine.preview(mended, policies=REMEDIATE))
    assert preview.status == 0
    blinded = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "[secret]"}
    bucket = preview.planned("urn:pulumi:dev::mended::aws:s3/bucket:Bucket::downloads")
    assert (bucket["acl"], bucket["bucket"], bucket["tags"]) == ("private", "acme-downloads", {"owner": blinded})
    broker = preview.planned("urn:pulumi:dev::mended::aws:mq/broker:Broker::broker")
    assert broker["users"] == [{"username": "jobs", "password": blinded}]
    assert [line for line in preview.lines if line.level == "mandatory"] == []


def test_a_remediation_shows_no_secret(engine: Engine, mended: Path) -> None:
    preview = engine.preview(mended, policies=REMEDIATE, events=False)
    assert preview.status == 0, preview.output
    assert "bucket-public-acl" in preview.output
    assert "credential-property-unmarked" in preview.output
    assert "quiet-otter" not in preview.output
    assert "plain-heron-value" not in preview.output


@pytest.mark.parametrize(
    ("policies", "message"),
    [
        (
            {"bucket-public-acls": "mandatory"},
            "there is no policy 'bucket-public-acls'; did you mean 'bucket-public-acl'?",
        ),
        (
            {"bucket-public-acl": {"enforcementLevel": "mandatory", "nosuch": 1}},
            "policy 'bucket-public-acl' has no setting 'nosuch'",
        ),
    ],
    ids=["policy", "setting"],
)
def test_a_configuration_that_names_nothing_ends_the_preview(
    engine: Engine, policies: dict[str, Any], message: str
) -> None:
    preview = engine.preview(SCENARIOS / "bucket-with-public-acl-only", policies=policies, events=False)
    assert preview.status != 0
    assert message in preview.output


def test_a_line_knows_its_place() -> None:
    stack = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"
    leaf = Line("p", stack, "outputs.notebook.credentials[0]", "undecided", "advisory", "high")
    assert (leaf.place, leaf.name) == ((stack, "outputs.notebook"), "notebook")
