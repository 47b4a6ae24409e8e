"""The servicer as an engine meets it."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc
from pulumi_policy import (
    EnforcementLevel,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.policy import _PolicyAnalyzerServicer
from rule_tables import COMPUTED, Case, Client, R, analyze_request, exports, stack_request, struct

import policypack
from policypack.guardrails import __version__, wire
from policypack.guardrails.catalogue import RULES
from policypack.guardrails.findings import Concern, Evidence, Finding, Level, Severity
from policypack.guardrails.judge import Policy, default_policy
from policypack.guardrails.model import Asset, Context, Reference, Resource, Secret
from policypack.guardrails.pack import NAME, Servicer
from policypack.guardrails.rule import ProgramRule, ResourceRule, SetText
from policypack.guardrails.rules.precedence import IDENTITY_RULES
from policypack.guardrails.rules.private_buckets import (
    access_block_incomplete,
    bucket_public_acl,
    oci_bucket_public_access,
)
from policypack.guardrails.rules.secret_marking import (
    credential_property_unmarked,
    secret_exported_in_plain,
    user_access_key,
)
from policypack.guardrails.values import UNKNOWN

PACK = Path(policypack.__path__[0])
TRANSCRIPTS = Path(__file__).parents[1] / "data" / "transcripts"
REQUESTS = {
    "ConfigureStack": pb.AnalyzerStackConfigureRequest,
    "GetAnalyzerInfo": empty_pb2.Empty,
    "Configure": pb.ConfigureAnalyzerRequest,
    "Remediate": pb.AnalyzeRequest,
    "Analyze": pb.AnalyzeRequest,
    "AnalyzeStack": pb.AnalyzeStackRequest,
    "Cancel": empty_pb2.Empty,
}
PACK_RULES = [rule for rule in RULES if not isinstance(rule, ProgramRule)]


def recorded(name: str) -> list[tuple[str, object]]:
    messages = []
    for line in (TRANSCRIPTS / name).read_text().splitlines():
        message = json.loads(line)
        request = REQUESTS[message["method"]]()
        request.ParseFromString(base64.b64decode(message["raw"]))
        messages.append((message["method"], request))
    return messages


@pytest.fixture(scope="module")
def process() -> Iterator[analyzer_pb2_grpc.AnalyzerStub]:
    """The pack as the engine starts it: a process of its own, in its own folder."""
    with subprocess.Popen(
        [sys.executable, str(PACK), "127.0.0.1:1", str(PACK)], cwd=PACK, stdout=subprocess.PIPE, text=True
    ) as pack:
        assert pack.stdout is not None
        port = pack.stdout.readline()
        assert re.fullmatch(r"\d+\n", port)
        with grpc.insecure_channel(f"127.0.0.1:{port.strip()}") as channel:
            yield analyzer_pb2_grpc.AnalyzerStub(channel)
        pack.kill()
        assert pack.stdout.read() == "", "the pack printed more than its port"


@pytest.mark.parametrize("name", ["preview.jsonl", "up.jsonl"])
def test_the_pack_process_answers_what_a_real_engine_sent(process: analyzer_pb2_grpc.AnalyzerStub, name: str) -> None:
    said = set()
    for method, request in recorded(name):
        if method == "Configure":
            continue  # names the policies of the pack that recorded
        answer = getattr(process, method)(request)
        if method == "Remediate":
            assert answer == pb.RemediateResponse()
        said |= {
            (method, one.policyName, one.urn.rpartition("::")[2], one.message.startswith("undecided:"))
            for one in getattr(answer, "diagnostics", ())
        }
    preview = {
        ("Analyze", "administrator-access", "interpolated", True),
        ("Analyze", "administrator-access", "lazy", True),
        ("Analyze", "oci-policy-all-resources-in-tenancy", "statements", True),
    }
    # The provider of the recording makes up ARNs of no service, which are known once the update has begun.
    update = {
        ("Analyze", "statement-grants-nothing", "interpolated", False),
        ("Analyze", "statement-grants-nothing", "lazy", False),
    }
    assert said == {
        ("Analyze", "credential-output-unmarked", "token", False),
        ("Analyze", "secret-configuration-in-plain", "plain", False),
        ("AnalyzeStack", "secret-exported-in-plain", "transcript-dev", False),
        ("AnalyzeStack", "bucket-without-access-block", "named", False),
    } | (preview if name == "preview.jsonl" else update)


def test_no_answer_shows_a_secret(process: analyzer_pb2_grpc.AnalyzerStub) -> None:
    for method, request in recorded("preview.jsonl"):
        if method != "Configure":
            assert b"hunter2" not in getattr(process, method)(request).SerializeToString()


def test_versions_agree() -> None:
    assert re.search(r"^version: (.+)$", (PACK / "PulumiPolicy.yaml").read_text(), re.MULTILINE)[1] == __version__  # type: ignore[index]


def test_info_describes_every_rule_of_the_pack() -> None:
    info = Servicer(RULES).GetAnalyzerInfo(empty_pb2.Empty(), None)  # type: ignore[arg-type]
    assert (info.name, info.version, info.supportsConfig) == (NAME, __version__, True)
    assert [policy.name for policy in info.policies] == [rule.id for rule in PACK_RULES]
    for policy, rule in zip(info.policies, PACK_RULES, strict=True):
        assert pb.EnforcementLevel.Name(policy.enforcementLevel).lower() == rule.default_level.value
        assert pb.PolicySeverity.Name(policy.severity) == f"POLICY_SEVERITY_{rule.severity.name}"
        assert policy.description
        assert (policy.remediation_steps, policy.url) == (rule.fix, rule.docs)


# Ordinary policies beside the rules


def _no_public_acl(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type == "aws:s3/bucket:Bucket" and args.props.get("acl") == "private":
        report("private is not public", None)


def _reads_unknown(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type == "aws:iam/policy:Policy" and "s3" in args.props["policy"]:
        report("speaks of S3", None)


def _skips(args: ResourceValidationArgs, report: ReportViolation) -> None:
    args.not_applicable("nothing to see")


def _hides(args: ResourceValidationArgs) -> dict[str, object] | None:
    return {**args.props, "acl": "log-delivery-write"} if args.props.get("acl") == "private" else None


def _counts(args: StackValidationArgs, report: ReportViolation) -> None:
    report(f"{len(args.resources)} resources", args.resources[0].urn)


def ordinary() -> list[object]:
    return [
        ResourceValidationPolicy("acl", "no ACL", _no_public_acl, EnforcementLevel.MANDATORY),
        ResourceValidationPolicy("unknown", "reads an unknown", _reads_unknown),
        ResourceValidationPolicy("skips", "never applies", _skips),
        ResourceValidationPolicy("hides", "mends", remediate=_hides, enforcement_level=EnforcementLevel.REMEDIATE),
        StackValidationPolicy("counts", "counts", _counts),
    ]


@pytest.mark.parametrize("name", ["preview.jsonl", "up.jsonl"])
def test_ordinary_policies_answer_as_under_the_stock_service(name: str) -> None:
    stock = _PolicyAnalyzerServicer(NAME, __version__, ordinary(), EnforcementLevel.ADVISORY)
    ours = Servicer(RULES, ordinary())  # type: ignore[arg-type]
    names = {policy.name for policy in ordinary()}  # type: ignore[attr-defined]
    answered = 0
    for method, request in recorded(name):
        if method not in ("Analyze", "AnalyzeStack", "Remediate"):
            continue
        expected = getattr(stock, method)(request, None)
        answer = getattr(ours, method)(request, None)
        if method == "Remediate":
            assert answer == expected
            answered += len(answer.remediations)
        else:
            assert [one for one in answer.diagnostics if one.policyName in names] == list(expected.diagnostics)
            assert list(answer.not_applicable) == list(expected.not_applicable)
            answered += len(expected.diagnostics)
    assert answered > 3


# Configuration


def configure(servicer_rules: list[ResourceRule], policy: str, level: int, **properties: object) -> Client:
    client = Client(*servicer_rules)
    request = pb.ConfigureAnalyzerRequest()
    request.policyConfig[policy].enforcementLevel = level
    request.policyConfig[policy].properties.update(properties)
    client.stub.Configure(request)
    return client


PUBLIC = R("aws:s3/bucket:Bucket", bucket="data", acl="public-read")
OCI_BUCKET = "oci:ObjectStorage/bucket:Bucket"


@pytest.mark.parametrize(
    ("level", "expected"),
    [(pb.ADVISORY, [pb.ADVISORY]), (pb.MANDATORY, [pb.MANDATORY]), (pb.DISABLED, []), (pb.REMEDIATE, [pb.MANDATORY])],
)
def test_the_configured_level_is_the_one_that_goes_out(level: int, expected: list[int]) -> None:
    client = configure([bucket_public_acl.RULE], "bucket-public-acl", level)
    assert [one.enforcementLevel for one in client.stub.AnalyzeStack(stack_request([PUBLIC])).diagnostics] == expected


def test_advice_is_silent_until_enabled() -> None:
    key = analyze_request(R("aws:iam/accessKey:AccessKey", user="u"))
    assert not Client(user_access_key.RULE).stub.Analyze(key).diagnostics
    assert configure([user_access_key.RULE], "user-access-key", pb.ADVISORY).stub.Analyze(key).diagnostics


@pytest.mark.parametrize(
    ("policy", "properties", "told"),
    [
        ("bucket-public-alc", {}, "there is no policy 'bucket-public-alc'; did you mean 'bucket-public-acl'?"),
        ("something-else-entirely", {}, "there is no policy 'something-else-entirely'; `preflight rules` lists them"),
        (
            "bucket-public-acl",
            {"allow": ["x"]},
            "policy 'bucket-public-acl' has no setting 'allow'; it has no settings but its enforcement level",
        ),
    ],
)
def test_a_configuration_that_names_what_does_not_exist_is_refused(
    policy: str, properties: dict[str, object], told: str
) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        configure([bucket_public_acl.RULE], policy, pb.ADVISORY, **properties)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert told in refused.value.details()


def test_one_configuration_serves_the_engine_and_preflight() -> None:
    servicer = Servicer(RULES)
    request = pb.ConfigureAnalyzerRequest()
    request.policyConfig["secret-literal-in-source"].enforcementLevel = pb.DISABLED
    assert servicer.Configure(request, None) == empty_pb2.Empty()  # type: ignore[arg-type]


# A rule that crashes


def _crashes(resource: Resource, context: Context) -> Iterator[Finding]:
    yield Finding(path="before", message="before the crash")
    raise RuntimeError(f"value was {resource['password'].text}")


CRASHING = ResourceRule(
    id="crashing-rule",
    concern=Concern.SECRET_MARKING,
    severity=Severity.LOW,
    title="Crashes",
    why="It does.",
    fix="Mend it.",
    types=(),
    check=_crashes,
)


def test_a_crash_is_one_error_and_the_other_rules_still_run() -> None:
    client = Client(CRASHING, oci_bucket_public_access.RULE)
    resource = R(OCI_BUCKET, name="data", accessType="ObjectRead", password="hunter2-hunter2")
    diagnostics = client.stub.Analyze(analyze_request(resource)).diagnostics
    assert [(one.policyName, one.enforcementLevel) for one in diagnostics] == [
        ("crashing-rule", pb.MANDATORY),
        ("crashing-rule", pb.ADVISORY),
        ("oci-bucket-public-access", pb.MANDATORY),
    ]
    error = diagnostics[0].message
    assert (
        "crashing-rule failed on urn:pulumi:dev::tables::oci:ObjectStorage/bucket:Bucket::r (RuntimeError at test_pack.py:"
        in error
    )
    assert "hunter2" not in "".join(one.message for one in diagnostics)
    assert [one["outcome"] for one in client.take()] == ["error", "violation", "violation"]


# Messages


UNBLOCKED = "no public access block here stops it, though AWS may refuse the ACL when it is made"


def test_a_message_is_all_a_person_needs_and_obeys_no_directive_of_the_program() -> None:
    resource = R("aws:s3/bucket:Bucket", acl="public-read", bucket="\x1b[31mred<{%fg 1%}>\n\u202eevil")
    (diagnostic,) = Client(bucket_public_acl.RULE).stub.AnalyzeStack(stack_request([resource])).diagnostics
    assert diagnostic.message.splitlines() == [
        f"the canned ACL 'public-read' means that everyone may list the bucket; {UNBLOCKED}",
        "  at acl",
        "  for example anonymous may s3:ListBucket on arn:aws:s3:::\\u001b[31mred<\\{%fg 1%}>\\n\\u202eevil",
        '  fix: acl="private", or leave it out, and set aws.s3.BucketPublicAccessBlock with all four flags',
        "  docs: docs/rules/bucket-public-acl.md",
    ]
    assert diagnostic.description not in diagnostic.message


def test_an_identical_finding_is_said_once() -> None:
    def twice(resource: Resource, context: Context) -> Iterator[Finding]:
        yield Finding(path="a", message="same")
        yield Finding(path="a", message="same", evidence=Evidence.WIRE)

    rule = ResourceRule(
        id="said-twice",
        concern=Concern.SECRET_MARKING,
        severity=Severity.HIGH,
        title="T",
        why="W",
        fix="F",
        types=(),
        check=twice,
    )
    assert len(Client(rule).stub.Analyze(analyze_request(PUBLIC)).diagnostics) == 1


def test_a_finding_milder_than_its_rule_goes_out_at_its_own_level_unless_configured() -> None:
    def mild(resource: Resource, context: Context) -> Iterator[Finding]:
        yield Finding(path="a", message="mild", severity=Severity.LOW)

    rule = ResourceRule(
        id="often-mild",
        concern=Concern.SECRET_MARKING,
        severity=Severity.HIGH,
        title="T",
        why="W",
        fix="F",
        types=(),
        check=mild,
    )
    (diagnostic,) = Client(rule).stub.Analyze(analyze_request(PUBLIC)).diagnostics
    assert (diagnostic.enforcementLevel, diagnostic.severity) == (pb.ADVISORY, pb.POLICY_SEVERITY_LOW)


# Remediation


def test_nothing_is_remediated_unless_the_level_says_so() -> None:
    assert Client(bucket_public_acl.RULE).stub.Remediate(analyze_request(PUBLIC)) == pb.RemediateResponse()


def test_a_remediation_keeps_every_other_mark() -> None:
    properties = {
        "trustPassword": "correct horse battery",
        "other": Secret("kept"),
        "unknown": UNKNOWN,
        "secretUnknown": Secret(UNKNOWN),
        "asset": Asset(text="x"),
        "reference": Reference("urn:pulumi:dev::p::t::n", UNKNOWN),
        "__defaults": ["a"],
        "nested": {"list": [1.0, None, Secret({"deep": True})]},
    }
    request = analyze_request(R("aws:directoryservice/trust:Trust", **properties))
    client = configure([credential_property_unmarked.RULE], "credential-property-unmarked", pb.REMEDIATE)
    (remediation,) = client.stub.Remediate(request).remediations
    assert remediation.properties == struct({**properties, "trustPassword": Secret("correct horse battery")})
    request.properties.CopyFrom(remediation.properties)
    assert not client.stub.Analyze(request).diagnostics
    assert [(one["rule"], one["enforcement"]) for one in client.take()] == [
        ("credential-property-unmarked", "remediate")
    ]


@pytest.mark.parametrize("acl", ["public-read", Secret("public-read-write")])
def test_a_public_acl_becomes_private(acl: object) -> None:
    client = configure([bucket_public_acl.RULE], "bucket-public-acl", pb.REMEDIATE)
    (remediation,) = client.stub.Remediate(
        analyze_request(R("aws:s3/bucket:Bucket", acl=acl, tags={"a": "b"}))
    ).remediations
    mended: object = Secret("private") if isinstance(acl, Secret) else "private"
    assert remediation.properties == struct({"acl": mended, "tags": {"a": "b"}})


@pytest.mark.parametrize("written", [{}, {"blockPublicPolicy": False}, {"blockPublicPolicy": "false"}])
def test_a_flag_is_set_whether_or_not_it_was_written(written: dict[str, object]) -> None:
    client = configure([access_block_incomplete.RULE], "access-block-incomplete", pb.REMEDIATE)
    given = {
        "bucket": "data",
        "blockPublicAcls": Secret(False),
        "ignorePublicAcls": True,
        "restrictPublicBuckets": UNKNOWN,
    }
    block = R("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", **given, **written)
    (remediation,) = client.stub.Remediate(analyze_request(block)).remediations
    assert remediation.properties == struct({**given, "blockPublicAcls": Secret(True), "blockPublicPolicy": True})
    assert [(one["path"], one["enforcement"]) for one in client.take()] == [("blockPublicAcls", "remediate")]


def test_what_cannot_be_remediated_says_so_as_under_the_stock_service() -> None:
    rule = user_access_key.RULE
    key = analyze_request(R("aws:iam/accessKey:AccessKey", user="u"))
    answer = configure([rule], rule.id, pb.REMEDIATE).stub.Remediate(key)
    assert [one.policy_name for one in answer.not_applicable] == [rule.id]


def test_edits_leave_what_is_already_right() -> None:
    message = struct({"acl": "private", "secret": Secret("x")})
    before = type(message).FromString(message.SerializeToString())
    assert not wire.apply([SetText(("acl",), "private")], message)
    assert message == before


# Unusual requests


def test_provider_resources_and_exports_are_judged() -> None:
    client = Client(credential_property_unmarked.RULE)
    assert client.stub.Analyze(analyze_request(R("pulumi:providers:aws", secretKey="x" * 40))).diagnostics
    client = Client(secret_exported_in_plain.RULE)
    client.configure(Case("fail", "x", exports(), secrets=["correct-horse"]))
    (diagnostic,) = client.stub.AnalyzeStack(stack_request([exports(a="correct-horse")])).diagnostics
    assert diagnostic.urn == "urn:pulumi:dev::tables::pulumi:pulumi:Stack::tables-dev"


ODD_VALUES = [
    float("inf"),
    "\x00" * 1000,
    "[" * 100_000,
    "{" * 100_000,
    1e308,
    "é" * 10_000,
    {"a": {}},
    [],
    [[]],
    "standin0",
    "04da6b54",
]
ODD_PROPERTIES = [
    "policy",
    "assumeRolePolicy",
    "inlinePolicies",
    "statements",
    "matchingRule",
    "acl",
    "grants",
    "accessControlPolicy",
    "accessType",
    "policyArn",
    "managedPolicyArns",
    "role",
    "name",
    "bucket",
    "keyValue",
    "key",
    "user",
    "secretId",
    "arn",
    "trustPassword",
    "token",
    "inlinePolicy",
]


@pytest.mark.parametrize("rule", PACK_RULES, ids=lambda rule: rule.id)
def test_no_value_in_any_property_crashes_a_rule(rule: ResourceRule) -> None:
    servicer = Servicer([rule])
    servicer._use([Policy(rule, Level.MANDATORY, default_policy(rule).settings)])
    for value in ODD_VALUES:
        for token in rule.types[:3] or ["aws:s3/bucket:Bucket"]:
            resource = R(token, **dict.fromkeys(ODD_PROPERTIES, value))
            for answer in (
                servicer.Analyze(analyze_request(resource), None),
                servicer.AnalyzeStack(stack_request([resource, exports(a=value)]), None),
            ):  # type: ignore[arg-type]
                assert not [one.message for one in answer.diagnostics if "failed on" in one.message]


def test_what_is_nested_deeper_than_anything_a_provider_takes_is_not_read() -> None:
    deep: object = "public-read"
    for _ in range(200):
        deep = {"a": deep}
    nested = R("aws:s3/bucket:Bucket", acl="public-read", tags=deep)
    client = Client(bucket_public_acl.RULE, secret_exported_in_plain.RULE)
    (diagnostic,) = client.stub.AnalyzeStack(stack_request([nested, exports(a=deep)])).diagnostics
    assert diagnostic.policyName == "bucket-public-acl"


@pytest.mark.parametrize(
    "resource",
    [
        R("aws:s3/bucket:Bucket", acl="public-read", bucket=Secret("hunter2-hunter2")),
        R(
            "aws:s3/bucketPolicy:BucketPolicy",
            policy=Secret(
                '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",'
                ' "Condition": {"StringEquals": {"aws:Referer": "hunter2-hunter2"}}}, {"Efect": "hunter2-hunter2"}]}'
            ),
        ),
        R(
            "oci:Identity/policy:Policy",
            statements=[
                Secret("Allow any-user to hunter2-hunter2 buckets in tenancy"),
                Secret("Allow any-user to read buckets in compartment hunter2-hunter2"),
            ],
        ),
    ],
    ids=lambda resource: resource.type,
)
def test_no_part_of_a_secret_stands_in_a_finding(resource: Resource) -> None:
    client = Client(*PACK_RULES)
    diagnostics = [
        *client.stub.Analyze(analyze_request(resource)).diagnostics,
        *client.stub.AnalyzeStack(stack_request([resource])).diagnostics,
    ]
    assert diagnostics
    assert "hunter2" not in str(diagnostics) + str(client.take())


def test_an_invented_value_is_not_shown_as_a_fact() -> None:
    resource = R("aws:s3/bucket:Bucket", acl="public-read", bucket=f"data-{COMPUTED}")
    client = Client(bucket_public_acl.RULE)
    (diagnostic,) = client.stub.AnalyzeStack(stack_request([resource])).diagnostics
    assert "arn:aws:s3:::data-<computed>" in diagnostic.message
    assert COMPUTED not in str(client.take())


UNKNOWN_POLICY = R("aws:iam/policy:Policy", policy=UNKNOWN)
EVERYTHING = R("aws:iam/policy:Policy", policy='{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}')
UNKNOWN_TRUST = R("aws:iam/role:Role", assumeRolePolicy=UNKNOWN)
EVERYONE = R(
    "aws:iam/role:Role", assumeRolePolicy='{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:*"}]}'
)
UNKNOWN_STATEMENT = R("oci:Identity/policy:Policy", statements=[UNKNOWN])


@pytest.mark.parametrize(
    ("resource", "speakers"),
    [
        pytest.param(UNKNOWN_POLICY, [[one] for one in IDENTITY_RULES[:4]], id="unknown-policy"),
        # What is left to say is of escalation, which is said of the stack.
        pytest.param(EVERYTHING, [["administrator-access"], []], id="everything"),
        pytest.param(
            UNKNOWN_TRUST,
            [
                ["oidc-trust-without-subject", "role-trust-wildcard-principal"],
                ["oidc-subject-whole-organization", "role-trust-wildcard-principal"],
                ["oidc-trust-without-audience", "role-trust-wildcard-principal"],
            ],
            id="unknown-trust",
        ),
        pytest.param(EVERYONE, [["role-trust-wildcard-principal"]], id="everyone"),
        pytest.param(
            UNKNOWN_STATEMENT,
            [["oci-policy-all-resources-in-tenancy"], ["oci-policy-open-to-anyone"]],
            id="unknown-statement",
        ),
    ],
)
def test_one_cause_is_one_finding_whichever_rules_are_enabled(resource: Resource, speakers: list[list[str]]) -> None:
    disabled: set[str] = set()
    for expected in speakers:
        client = Client(*(rule for rule in PACK_RULES if rule.id not in disabled))
        assert [one.policyName for one in client.stub.Analyze(analyze_request(resource)).diagnostics] == expected
        disabled.update(expected[:1])


@pytest.mark.parametrize("action", ["s3:\ud800", "\ud800", "s3:GetObject\x00"])
def test_text_that_no_message_can_hold_is_escaped(action: str) -> None:
    document = json.dumps(
        {"Statement": [{"Effect": "Allow", "Action": action, "Resource": "*", action: 1, "Principal": "*"}]}
    )
    client = Client(*PACK_RULES)
    for token in ("aws:iam/policy:Policy", "aws:s3/bucketPolicy:BucketPolicy"):
        assert client.stub.Analyze(analyze_request(R(token, policy=document))).diagnostics
    assert client.take()


def _never_mends(resource: Resource, context: Context) -> Iterator[SetText]:
    raise RuntimeError("value was hunter2")


def test_a_remediation_that_crashes_says_so_without_quoting() -> None:
    rule = ResourceRule(
        id="cannot-mend",
        concern=Concern.SECRET_MARKING,
        severity=Severity.HIGH,
        title="T",
        why="W",
        fix="F",
        types=(),
        check=lambda _r, _c: (),
        remediate=_never_mends,
    )
    (remediation,) = configure([rule], "cannot-mend", pb.REMEDIATE).stub.Remediate(analyze_request(PUBLIC)).remediations
    assert "cannot-mend failed on urn:" in remediation.diagnostic
    assert "hunter2" not in remediation.diagnostic


def test_what_a_remediation_leaves_is_not_said_to_be_mended() -> None:
    everyone = {"uri": "http://acs.amazonaws.com/groups/global/AllUsers", "permissions": ["WRITE"]}
    client = configure([bucket_public_acl.RULE], "bucket-public-acl", pb.REMEDIATE)
    client.stub.Remediate(analyze_request(R("aws:s3/bucket:Bucket", acl="public-read", grants=[everyone])))
    assert [(one["path"], one["enforcement"]) for one in client.take()] == [("acl", "remediate")]


def test_a_nested_credential_is_marked_where_it_stands() -> None:
    properties = {"users": [{"username": "a", "password": Secret("x" * 12)}, {"username": "b", "password": "y" * 12}]}
    client = configure([credential_property_unmarked.RULE], "credential-property-unmarked", pb.REMEDIATE)
    (remediation,) = client.stub.Remediate(analyze_request(R("aws:mq/broker:Broker", **properties))).remediations
    properties["users"][1]["password"] = Secret("y" * 12)
    assert remediation.properties == struct(properties)


def test_time_is_measured_for_each_rule_that_ran_once_somebody_asks() -> None:
    client = Client(bucket_public_acl.RULE, secret_exported_in_plain.RULE)
    client.stub.AnalyzeStack(stack_request([PUBLIC, exports(a="b")]))
    times = json.loads(client._details("Times"))
    assert set(times) == {"bucket-public-acl", "secret-exported-in-plain"}
    assert all(seconds > 0 for seconds in times.values())
    unasked = Servicer([bucket_public_acl.RULE])
    unasked.AnalyzeStack(stack_request([PUBLIC]), None)  # type: ignore[arg-type]
    assert unasked.details.times(b"", None) == b"{}"  # type: ignore[arg-type]
