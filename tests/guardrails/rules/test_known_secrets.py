"""Where a value that is known to be secret shows without its mark."""

from __future__ import annotations

import base64
import gzip
import json

import pytest
from rule_tables import ANYTHING, COMPUTED, Case, R, exports, struct, table

from policypack.guardrails import wire
from policypack.guardrails.findings import Evidence
from policypack.guardrails.judge import Judged, Scene, default_policy, judge_resource, judge_stack
from policypack.guardrails.model import Asset, Resource, Run, Secret, Stack
from policypack.guardrails.rules.secret_marking import (
    secret_configuration_in_plain,
    secret_copied_in_plain,
    secret_exported_in_plain,
)
from policypack.guardrails.values import UNKNOWN

TOKEN = "Kq7vR2mXw9LtZ4b" + "Ns8Yd3HfJ+/x9"
PASSWORD = "correct-horse-battery"
ENCODED = base64.b64encode(f"#!/bin/sh\nlogin {TOKEN}\n".encode()).decode()
BOMBS = [base64.b64encode(gzip.compress(b"%d" % number * 300_000)).decode() for number in range(9)]
FUNCTION = "aws:lambda/function:Function"
TASK = json.dumps([{"name": "a", "environment": [{"name": "T", "value": TOKEN}]}])


def function(**variables: object) -> Resource:
    return R(FUNCTION, "f", environment={"variables": variables})


test_secret_configuration_in_plain = table(
    secret_configuration_in_plain.RULE,
    [
        Case(
            "fail",
            "environment",
            function(T=TOKEN),
            [("violation", "environment.variables.T", "high")],
            secrets=[TOKEN],
        ),
        Case(
            "fail",
            "encoded",
            R("aws:ec2/instance:Instance", userData=ENCODED),
            [("violation", "userData")],
            secrets=[TOKEN],
        ),
        Case(
            "fail",
            "inside-a-document",
            R("aws:ecs/taskDefinition:TaskDefinition", containerDefinitions=TASK),
            [("violation", "containerDefinitions[0].environment[0].value")],
            secrets=[TOKEN],
        ),
        Case(
            "fail",
            "a-whole-document-that-is-secret",
            R("aws:ssm/document:Document", content='{"auth": "hunter2!", "n": 1}'),
            [("violation", "content.auth")],
            secrets=['{"auth": "hunter2!", "n": 1}'],
        ),
        Case(
            "fail",
            "tag",
            R("aws:s3/bucket:Bucket", tags={"k": f"x-{PASSWORD}"}),
            [("violation", "tags.k")],
            secrets=[PASSWORD],
        ),
        Case(
            "fail",
            "name-in-a-map",
            R("aws:s3/bucket:Bucket", tags={PASSWORD: "x"}),
            [("violation", "tags")],
            secrets=[PASSWORD],
        ),
        Case(
            "fail",
            "name-of-the-resource",
            R("aws:s3/bucket:Bucket", f"logs-{PASSWORD}"),
            [("violation", "")],
            secrets=[PASSWORD],
        ),
        Case(
            "fail",
            "asset",
            R("aws:s3/bucketObject:BucketObject", source=Asset(text=f"k={TOKEN}")),
            [("violation", "source")],
            secrets=[TOKEN],
        ),
        Case(
            "fail",
            "provider",
            R("pulumi:providers:aws", defaultTags='{"tags": {"a": "' + PASSWORD + '"}}'),
            [("violation", "defaultTags.tags.a")],
            secrets=[PASSWORD],
        ),
        Case(
            "fail",
            "any-type",
            R("random:index/thing:Thing", deep=[[{"a": [TOKEN]}]]),
            [("violation", "deep[0][0].a[0]")],
            secrets=[TOKEN],
        ),
        Case(
            "fail",
            "password-of-an-address-that-is-secret",
            function(P="hunter2hunter2"),
            [("violation", "environment.variables.P")],
            secrets=["postgres://app:hunter2hunter2@db.example.com/app"],
        ),
        Case("fail", "number", R("aws:x/y:Y", pin=48151623.0), [("violation", "pin")], secrets=["48151623"]),
        Case("pass", "marked", function(T=Secret(TOKEN)), secrets=[TOKEN]),
        Case("pass", "marked-around", R(FUNCTION, environment=Secret({"variables": {"T": TOKEN}})), secrets=[TOKEN]),
        Case("pass", "other-values", function(HOST="db.internal.example.com", LEVEL="debug12"), secrets=[TOKEN]),
        Case(
            "pass",
            "host-beside-the-password",
            function(HOST="database-of-all"),
            secrets=['{"host": "database-of-all", "password": "' + TOKEN + '"}'],
        ),
        Case("pass", "no-secret-configuration", function(T=TOKEN)),
        Case("pass", "encrypted-value-that-was-invented-and-marked", function(T=Secret(ANYTHING)), secrets=[ANYTHING]),
        Case(
            "fail",
            "encrypted-value-that-was-invented",
            function(T=f"a-{ANYTHING}"),
            [("violation", "environment.variables.T")],
            secrets=[ANYTHING],
        ),
        Case("pass", "unknown", function(T=UNKNOWN), secrets=[TOKEN]),
        Case("not-applicable", "exports", exports(T=TOKEN), secrets=[TOKEN]),
        Case(
            "boundary",
            "common-words",
            function(STAGE="production", REGION="eu-west-1a", ON="true"),
            secrets=["production", "eu-west-1a", "true"],
        ),
        Case(
            "boundary",
            "sixteen-of-a-random-one",
            function(A=TOKEN[:16], B=TOKEN[:15]),
            [("violation", "environment.variables.A")],
            secrets=[TOKEN],
        ),
        Case(
            "undecided",
            "more-than-is-decoded",
            R("aws:ec2/instance:Instance", userData=" ".join([*BOMBS, ENCODED])),
            [("undecided", "userData")],
            secrets=[TOKEN],
        ),
    ],
)

HOOK = "https://hooks.example.com/in?k=Qk29dkWm1xZ8"
INSIDE = (
    "HOST=db\nDB_PASSWORD=hunter0hunter0\n",
    "user:\n  name: x\n  password: hunter1hunter1\n",
    "Bearer hunter2hunter2",
    base64.b64encode(b"hunter3hunter3").decode(),
    b"hunter4hunter4".hex(),
)
NAMES = ("/prod/api/key-name", "postgres-auth")
REFERENCES = [{"secrets": [{"name": "API_KEY", "valueFrom": NAMES[0]}]}, {"auth": {"existingSecret": NAMES[1]}}]
SCRIPT = (
    "GITHUB_TOKEN=${GITHUB_TOKEN}\ncredentials: /etc/app/credentials.json\n"
    "auth: scram-sha-256\nsecret: app-db-credentials\n"
)


def packed(script: str) -> str:
    return base64.b64encode(f"#!/bin/bash\nset -euo pipefail\n{script}\n".encode()).decode()


IDENTIFIERS = {
    "group": "sg-0123456789abcdef0",
    "pool": "eu-west-1_AbCdEf123",
    "commit": "9fceb02d0ae598e95dc970b74767f19372d61af8",
    "request": "1b4e28ba-2fa1-11d2-883f-0016d3cca427",
    "kmsKeyId": "mrk-1234abcd12ab34cd56ef1234567890ab",
    "host": "features.c9akciq32abc.eu-west-1.rds.amazonaws.com",
}
HOST = f"{COMPUTED}.eu-west-1.rds.amazonaws.com"
MARKED = R(
    "aws:ecs/taskDefinition:TaskDefinition",
    "wordpress",
    containerDefinitions=Secret(
        json.dumps(
            [
                {
                    "environment": [
                        {"name": "WORDPRESS_DB_HOST", "value": f"{HOST}:3306"},
                        {"name": "WORDPRESS_DB_PASSWORD", "value": PASSWORD},
                    ]
                }
            ]
        )
    ),
)
KEY = R("aws:iam/accessKey:AccessKey", "key", user="u", secret=Secret(TOKEN))
AUTH = R("oci:Identity/authToken:AuthToken", "auth", secret_outputs=["token"], description="d", token=Secret(TOKEN))

test_secret_copied_in_plain = table(
    secret_copied_in_plain.RULE,
    [
        Case("fail", "marked-output", [KEY, function(T=TOKEN)], [("violation", "environment.variables.T", "high")]),
        Case("fail", "encoded", [AUTH, R("aws:ec2/instance:Instance", userData=ENCODED)], [("violation", "userData")]),
        Case(
            "fail",
            "canary",
            [
                R("aws:iam/accessKey:AccessKey", "key", secret=Secret(f"aB3x{COMPUTED}Zz9")),
                function(T=f"aB3x{COMPUTED}Zz9"),
            ],
            [("violation", "environment.variables.T")],
        ),
        Case(
            "fail",
            "what-no-sdk-marks",
            [R("oci:Identity/smtpCredential:SmtpCredential", "s", password=TOKEN), function(T=TOKEN)],
            [("violation", "environment.variables.T")],
        ),
        Case(
            "fail",
            "two-places-twice",
            [KEY, function(A=TOKEN, B=f"{TOKEN} {TOKEN}")],
            [("violation", "environment.variables.A"), ("violation", "environment.variables.B")],
        ),
        Case(
            "fail",
            "configuration-that-only-the-run-has-shown",
            function(T=PASSWORD),
            [("violation", "environment.variables.T")],
            secrets=[PASSWORD],
        ),
        Case("fail", "provider", [KEY, R("pulumi:providers:aws", "p", secretKey=TOKEN)], [("violation", "secretKey")]),
        Case(
            "pass",
            "marked-copies",
            [KEY, function(T=Secret(TOKEN)), R("aws:iam/accessKey:AccessKey", "b", secret=Secret(TOKEN))],
        ),
        Case(
            "pass",
            "names-of-parameters-in-a-marked-document",
            [
                R("aws:ecs/taskDefinition:TaskDefinition", containerDefinitions=Secret(json.dumps(REFERENCES))),
                *(R("aws:ssm/parameter:Parameter", f"p{number}", name=name) for number, name in enumerate(NAMES)),
            ],
        ),
        Case(
            "pass",
            "settings-in-a-marked-script",
            [
                R("aws:ec2/launchTemplate:LaunchTemplate", userData=Secret(SCRIPT)),
                function(A="${GITHUB_TOKEN}", B="/etc/app/credentials.json", C="scram-sha-256", D="app-db-credentials"),
            ],
        ),
        Case(
            "pass",
            "scripts-in-base64-that-begin-alike",
            [
                R("aws:ec2/launchTemplate:LaunchTemplate", userData=Secret(packed("echo hunter2hunter2"))),
                R("aws:ec2/instance:Instance", userData=packed("echo hello")),
            ],
        ),
        Case(
            "pass",
            "identifiers-in-a-marked-document",
            [
                R("aws:ecs/taskDefinition:TaskDefinition", containerDefinitions=Secret(json.dumps(IDENTIFIERS))),
                function(**{f"V{number}": text for number, text in enumerate(IDENTIFIERS.values())}),
            ],
        ),
        Case(
            "fail",
            "inside-a-marked-text",
            [R("aws:x/y:Y", text=Secret(text)) for text in INSIDE]
            + [function(**{f"V{number}": f"hunter{number}hunter{number}" for number in range(len(INSIDE))})],
            [("violation", f"environment.variables.V{number}") for number in range(len(INSIDE))],
        ),
        Case(
            "fail",
            "marked-asset",
            [R("aws:x/y:Y", source=Secret(Asset(text=PASSWORD))), function(T=PASSWORD)],
            [("violation", "environment.variables.T")],
        ),
        Case(
            "fail",
            "address-with-a-key-that-is-marked",
            [R("aws:sns/topicSubscription:TopicSubscription", endpoint=Secret(HOOK)), function(T=HOOK)],
            [("violation", "environment.variables.T")],
        ),
        Case("pass", "a-host-in-a-marked-document", [MARKED, R("aws:rds/instance:Instance", "db", address=HOST)]),
        Case(
            "fail",
            "a-password-in-an-entry-of-a-marked-document",
            [MARKED, function(T=PASSWORD)],
            [("violation", "environment.variables.T")],
        ),
        Case(
            "pass",
            "a-plain-parameter",
            [
                R("aws:ssm/parameter:Parameter", "p", type="String", value=Secret("greetings-from-here")),
                function(T="greetings-from-here"),
            ],
        ),
        Case(
            "pass",
            "a-user-name-that-is-marked",
            [
                R("aws:mq/broker:Broker", "b", users=[{"username": Secret("application"), "password": Secret(TOKEN)}]),
                function(U="application"),
            ],
        ),
        Case("pass", "tags-of-provider-and-resource", [KEY, R("aws:s3/bucket:Bucket", "b", tagsAll={"a": TOKEN})]),
        Case("pass", "unknown", [KEY, function(T=UNKNOWN)]),
        Case("not-applicable", "exports", [KEY, exports(T=TOKEN)]),
        Case("boundary", "short", [R("aws:rds/instance:Instance", "d", password=Secret("abc12")), function(T="abc12")]),
    ],
    without={"undecided": "what is not known yet and bears no mark may be anything, and is judged when it is known"},
)


def judged(*resources: Resource) -> list[Judged]:
    scene = Scene(resources, Run())
    return list(judge_stack(default_policy(secret_copied_in_plain.RULE), Stack(resources), scene))


def test_the_source_is_named_and_the_value_is_not() -> None:
    (found,) = judged(KEY, R("aws:ec2/instance:Instance", userData=ENCODED))
    assert "userData shows `secret` of aws:iam/accessKey:AccessKey 'key' in base64 without" in found.message
    assert TOKEN not in repr(found)


def test_what_a_provider_computes_of_an_input_is_not_said_again() -> None:
    bucket = Resource(
        urn="urn:pulumi:dev::p::aws:s3/bucket:Bucket::b",
        type="aws:s3/bucket:Bucket",
        name="b",
        properties={"bucket": PASSWORD, "arn": f"arn:aws:s3:::{PASSWORD}", "id": PASSWORD},
        inputs={"bucket": PASSWORD},
    )
    assert [one.path for one in judged(R("aws:rds/instance:Instance", "d", password=Secret(PASSWORD)), bucket)] == [
        "bucket"
    ]


@pytest.mark.parametrize("other", [{"userData": "x"}, {PASSWORD: "x"}])
def test_a_map_that_is_marked_holds_nothing_beside_its_mark(other: dict[str, object]) -> None:
    rule = secret_configuration_in_plain.RULE
    run = Run(configuration={"p:token": PASSWORD}, secret_keys=frozenset({"p:token"}))
    resource = R("aws:s3/bucket:Bucket", "b", tags={PASSWORD: "x", **other}, source=Asset(text=PASSWORD))
    properties = struct(resource.properties)
    assert rule.remediate is not None
    for _ in range(2):
        wire.apply(rule.remediate(resource, default_policy(rule).context(run)), properties)
        marked = {"tags": Secret(resource.properties["tags"]), "source": Secret(resource.properties["source"])}
        assert properties == struct(marked)


def test_what_was_given_with_a_mark_and_is_kept_in_clear() -> None:
    kept = Resource(
        urn="urn:pulumi:dev::p::random:index/thing:Thing::t",
        type="random:index/thing:Thing",
        name="t",
        properties={"word": PASSWORD},
        inputs={"word": Secret(PASSWORD)},
    )
    assert [one.path for one in judged(kept)] == ["word"]


def test_an_input_counts_that_the_provider_keeps_as_a_digest() -> None:
    instance = Resource(
        urn="urn:pulumi:dev::p::aws:ec2/instance:Instance::i",
        type="aws:ec2/instance:Instance",
        name="i",
        properties={"userData": "3f786850e387550fdab836ed7e6dc881de23001b"},
        inputs={"userData": ENCODED},
    )
    assert [one.path for one in judged(KEY, instance)] == ["userData"]


def test_a_canary_is_known_to_preflight_alone() -> None:
    canary = f"aB3x{COMPUTED}Zz9"
    (found,) = judged(R("aws:iam/accessKey:AccessKey", "key", secret=Secret(canary)), function(T=canary))
    assert found.evidence is Evidence.PROGRAM
    (found,) = judged(KEY, function(T=TOKEN))
    assert found.evidence is Evidence.WIRE


@pytest.mark.parametrize(
    "name",
    [TOKEN, TOKEN.upper(), TOKEN[2:20], base64.b64encode(TOKEN.encode()).decode()],
    ids=["", "upper", "part", "b64"],
)
def test_a_name_that_shows_a_secret_is_not_shown(name: str) -> None:
    rules = (secret_configuration_in_plain.RULE, secret_copied_in_plain.RULE, secret_exported_in_plain.RULE)
    resources = (R("aws:s3/bucket:Bucket", "b", tags={name: TOKEN}), exports(**{name: {name: TOKEN}}))
    run = Run(configuration={"p:token": TOKEN}, secret_keys=frozenset({"p:token"}))
    scene = Scene(resources, run)
    found = list(judge_resource(default_policy(rules[0]), resources[0], scene))
    found += [one for rule in rules[1:] for one in judge_stack(default_policy(rule), Stack(resources), scene)]
    assert [one.path for one in found] == ["tags", "tags", "tags", "tags", "outputs", "outputs", "outputs"]
    assert name not in repr(found)


def test_a_source_under_a_name_that_shows_a_secret_is_not_shown() -> None:
    name = base64.b64encode(TOKEN.encode()).decode()
    resources = (R("aws:x/y:Y", "y", m={name: Secret(PASSWORD)}), R("aws:s3/bucket:Bucket", "b", tags={"a": PASSWORD}))
    run = Run(configuration={"p:token": TOKEN}, secret_keys=frozenset({"p:token"}))
    found = list(judge_stack(default_policy(secret_copied_in_plain.RULE), Stack(resources), Scene(resources, run)))
    assert [one.message for one in found if one.name == "b"] == [
        "tags.a shows `m` of aws:x/y:Y 'y' without a secret mark"
    ]
    assert name not in repr(found)


def test_a_long_secret_is_read_in_a_time_that_grows_with_it() -> None:
    assert judged(R("aws:x/y:Y", "y", blob=Secret("0a1b" * 50_000), dotted=Secret(("a" * 50 + ".") * 4_000))) == []


@pytest.mark.parametrize("marked", ["B", "C"])
def test_remediation_marks_what_shows_and_keeps_other_marks(marked: str) -> None:
    rule = secret_configuration_in_plain.RULE
    variables: dict[str, object] = {"A": TOKEN, "B": "x", "C": 1.0, "D": [f"a {TOKEN}"]}
    variables[marked] = Secret(variables[marked])
    resource = function(**variables)
    run = Run(configuration={"p:token": TOKEN}, secret_keys=frozenset({"p:token"}))
    policy = default_policy(rule)
    assert rule.remediate is not None
    properties = struct(resource.properties)
    assert wire.apply(rule.remediate(resource, policy.context(run)), properties)
    expected = {"variables": {**variables, "A": Secret(TOKEN), "D": [Secret(f"a {TOKEN}")]}}
    assert properties == struct({"environment": expected})
    changed = R(FUNCTION, "f", environment=expected)
    assert not list(judge_resource(policy, changed, Scene([changed], run)))
