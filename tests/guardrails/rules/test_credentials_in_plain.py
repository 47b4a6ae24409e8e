"""Credentials in values that no mark covers: told by their form, and by their name."""

from __future__ import annotations

import base64
import gzip
import json

import pytest
from innocent_values import ANYWHERE, MISLEADING
from rule_tables import ANYTHING, COMPUTED, Case, R, on_model, table

from policypack.guardrails.model import Asset, Context, Resource, Secret
from policypack.guardrails.rule import MarkSecret
from policypack.guardrails.rules.secret_marking.credential_in_plain_value import RULE as BY_FORM
from policypack.guardrails.rules.secret_marking.named_credential_in_plain import RULE as BY_NAME
from policypack.guardrails.values import UNKNOWN

FUNCTION = "aws:lambda/function:Function"
INSTANCE = "aws:ec2/instance:Instance"
TASKS = "aws:ecs/taskDefinition:TaskDefinition"
BUILD = "aws:codebuild/project:Project"
PARAMETER = "aws:ssm/parameter:Parameter"
MACHINE = "oci:Core/instance:Instance"
CONFIGURED = "oci:Functions/function:Function"
TOPIC = "aws:sns/topic:Topic"
DATABASE = "aws:rds/instance:Instance"
KUBERNETES = "kubernetes:apps/v1:Deployment"

TOKEN = "ghp" + "_" + "a1B2c3D4e5" * 3 + "f6G7h8"
KEY_ID = "AKIA" + "QZ7X5MWV2TKJ4RNB"
SECRET_KEY = "q7RtV9xYz+" + "AhCtEfXhIjKlMnOpQrStUvWx12" + "Yz/4"
URL = "postgres://app:" + "hunter2" + "@db.internal/orders"
NO_DOUBT = {"undecided": "what is not known yet may be anything, and no name or type says that it is a credential"}


def variables(**values: object) -> Resource:
    return R(FUNCTION, environment={"variables": values})


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


SCRIPT = f"#!/bin/sh\ncurl -H 'Authorization: token {TOKEN}' https://api.github.com/user\n"
ASSIGNING = "#!/bin/sh\nset -e\nexport DB_PASSWORD=" + "hunter2" + "\nexec /opt/app\n"

test_credential_in_plain_value = table(
    BY_FORM,
    [
        Case("fail", "variable", variables(G=TOKEN), [("violation", "environment.variables.G", "high")]),
        Case("fail", "tag", R(TOPIC, tags={"deploy": TOKEN}), [("violation", "tags.deploy")]),
        Case("fail", "name-of-a-tag", R(TOPIC, tags={TOKEN: "x"}), [("violation", "tags")]),
        Case("fail", "description", R(TOPIC, displayName=f"by {URL}, daily"), [("violation", "displayName")]),
        Case(
            "fail",
            "in-json",
            R(TASKS, containerDefinitions=json.dumps([{"environment": [{"name": "A", "value": URL}]}])),
            [("violation", "containerDefinitions[0].environment[0].value")],
        ),
        Case("fail", "start-script", R(INSTANCE, userData=SCRIPT), [("violation", "userData")]),
        Case("fail", "in-base64", R(INSTANCE, userDataBase64=encoded(SCRIPT)), [("violation", "userDataBase64")]),
        Case(
            "fail",
            "compressed",
            R(MACHINE, metadata={"user_data": base64.b64encode(gzip.compress(SCRIPT.encode())).decode()}),
            [("violation", "metadata.user_data")],
        ),
        Case(
            "fail", "file", R("aws:s3/bucketObject:BucketObject", source=Asset(text=SCRIPT)), [("violation", "source")]
        ),
        Case(
            "fail",
            "secret-key-by-name",
            variables(AWS_SECRET_ACCESS_KEY=SECRET_KEY),
            [("violation", "environment.variables.AWS_SECRET_ACCESS_KEY", "high")],
        ),
        Case(
            "fail",
            "secret-key-in-list",
            R(BUILD, environment={"environmentVariables": [{"name": "AWS_SECRET", "value": SECRET_KEY}]}),
            [("violation", "environment.environmentVariables[0].value")],
        ),
        Case(
            "fail",
            "twice-in-json",
            variables(A=json.dumps({"a": TOKEN, TOKEN: {"b": URL}})),
            [("violation", "environment.variables.A"), ("violation", "environment.variables.A.a")],
        ),
        Case(
            "fail",
            "parameter-of-type-string",
            R(PARAMETER, name="/a", type="String", value=Secret(URL)),
            [("violation", "value", "high")],
        ),
        Case(
            "fail",
            "name-of-a-tag-in-base64",
            R(TOPIC, tags={encoded(TOKEN): TOKEN, "x": {encoded(TOKEN): {"a": TOKEN}}}),
            [("violation", "tags"), ("violation", "tags.x")],
        ),
        Case(
            "fail", "two-in-one-text-are-one", variables(A=f"{TOKEN} {URL}"), [("violation", "environment.variables.A")]
        ),
        Case(
            "boundary",
            "key-id-alone",
            variables(ID=KEY_ID, SECRET=Secret(SECRET_KEY)),
            [("violation", "environment.variables.ID", "low")],
        ),
        Case(
            "boundary",
            "key-id-beside-its-secret",
            variables(ID=KEY_ID, MY_SECRET=SECRET_KEY),
            [
                ("violation", "environment.variables.ID", "high"),
                ("violation", "environment.variables.MY_SECRET", "high"),
            ],
        ),
        Case(
            "fail",
            "secret-key-beside-its-id",
            variables(KEY1=KEY_ID, KEY2=SECRET_KEY, KEY3="x"),
            [
                ("violation", "environment.variables.KEY1", "high"),
                ("violation", "environment.variables.KEY2", "high"),
            ],
        ),
        Case(
            "fail",
            "secret-key-in-a-list-beside-its-id",
            R(
                BUILD,
                environment={
                    "environmentVariables": [{"name": "A", "value": KEY_ID}, {"name": "B", "value": SECRET_KEY}]
                },
            ),
            [
                ("violation", "environment.environmentVariables[0].value", "high"),
                ("violation", "environment.environmentVariables[1].value", "high"),
            ],
        ),
        Case(
            "boundary",
            "what-looks-like-a-secret-key-in-another-map",
            R(FUNCTION, environment={"variables": {"ID": KEY_ID}}, tags={"etag": SECRET_KEY}),
            [("violation", "environment.variables.ID", "low")],
        ),
        Case("boundary", "too-short", variables(G="ghp" + "_" + "a1B2c3D4")),
        Case("boundary", "deep", R(TOPIC, policy=[[{"a": {"b": [TOKEN]}}]]), [("violation", "policy[0][0].a.b[0]")]),
        Case("pass", "marked", variables(G=Secret(TOKEN))),
        Case("pass", "marked-around", R(FUNCTION, environment=Secret({"variables": {"G": TOKEN}}))),
        Case("pass", "secure-parameter", R(PARAMETER, name="/a", type="SecureString", value=Secret(URL))),
        Case(
            "pass",
            "documentation",
            variables(
                ID="AKIA" + "IOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY="wJalrXUtnFEMI/K7MDENG" + "/bPxRfiCYEXAMPLEKEY"
            ),
        ),
        Case("pass", "not-known", variables(A=UNKNOWN, B=COMPUTED, C=ANYTHING, D=f"postgres://app:{ANYTHING}@db/x")),
        Case("pass", "nameless-secret-key", variables(ETAG=SECRET_KEY)),
        Case("not-applicable", "input-for-a-credential", R(DATABASE, password=URL)),
        Case("not-applicable", "private-key", variables(K="-----BEGIN RSA " + "PRIVATE KEY-----")),
        Case("not-applicable", "numbers-and-flags", R(TOPIC, a=1.0, b=True, c=None)),
    ],
    without=NO_DOUBT,
)

test_named_credential_in_plain = table(
    BY_NAME,
    [
        Case(
            "fail",
            "variable",
            variables(DB_PASSWORD="hunter" + "2"),
            [("violation", "environment.variables.DB_PASSWORD", "high")],
        ),
        Case(
            "fail", "plain-word", variables(PGPASSWORD="letmein"), [("violation", "environment.variables.PGPASSWORD")]
        ),
        Case(
            "fail",
            "token",
            variables(apiToken="a8f5f167f44f4964" + "e6c998dee827110c"),
            [("violation", "environment.variables.apiToken")],
        ),
        Case(
            "fail",
            "configuration",
            R(CONFIGURED, config={"db.password": "hunter" + "2"}),
            [("violation", 'config["db.password"]')],
        ),
        Case(
            "fail",
            "build",
            R(
                BUILD,
                environment={
                    "environmentVariables": [{"name": "NPM_TOKEN", "type": "PLAINTEXT", "value": "x8Kp2mQ9" + "vLw4"}]
                },
            ),
            [("violation", "environment.environmentVariables[0].value")],
        ),
        Case(
            "fail",
            "in-json",
            R(TASKS, containerDefinitions=json.dumps([{"environment": [{"name": "DB_PASSWORD", "value": "hunter2"}]}])),
            [("violation", "containerDefinitions[0].environment[0].value")],
        ),
        Case("fail", "start-script", R(INSTANCE, userData=ASSIGNING), [("violation", "userData")]),
        Case(
            "fail",
            "start-script-in-base64",
            R(MACHINE, metadata={"user_data": encoded(ASSIGNING)}),
            [("violation", "metadata.user_data")],
        ),
        *(
            Case("fail", f"line-{number}", R(INSTANCE, userData=f"#!/bin/sh\n{line}\n"), [("violation", "userData")])
            for number, line in enumerate(
                (
                    "password       = hunter" + "2",
                    "password:    hunter" + "2",
                    "$Password = 'hunter" + "2'",
                    "app --user x --password hunter" + "2",
                    f"export DB_PASSWORD=hunter{2}; aws s3 cp s3://{ANYTHING}/x .",
                )
            )
        ),
        Case(
            "fail",
            "beside-what-is-not-known",
            R(
                TASKS,
                containerDefinitions=json.dumps(
                    [{"environment": [{"name": "A", "value": COMPUTED}, {"name": "A_PASSWORD", "value": "hunter2"}]}]
                ),
            ),
            [("violation", "containerDefinitions[0].environment[1].value")],
        ),
        Case("fail", "tag", R(TOPIC, tags={"password": "hunter" + "2"}), [("violation", "tags.password")]),
        Case(
            "fail",
            "under-a-name-that-is-a-token",
            R(TOPIC, tags={encoded(TOKEN): {"password": "hunter" + "2"}}),
            [("violation", "tags")],
        ),
        Case(
            "fail",
            "twice-in-json",
            variables(SETTINGS='{"password": "", "password": "' + "hunter" + '2", "pin": 1}'),
            [("violation", "environment.variables.SETTINGS.password")],
        ),
        Case(
            "fail",
            "parameter-of-type-string",
            R(PARAMETER, name="/app/db/password", type="String", value=Secret("hunter" + "2")),
            [("violation", "value", "high")],
        ),
        Case(
            "fail",
            "container",
            R(
                KUBERNETES,
                spec={
                    "template": {
                        "spec": {"containers": [{"env": [{"name": "ADMIN_PASSWORD", "value": "hunter" + "2"}]}]}
                    }
                },
            ),
            [("violation", "spec.template.spec.containers[0].env[0].value")],
        ),
        Case(
            "fail",
            "map-of-credentials",
            variables(credentials='{"orders": "x8Kp2mQ9vLw4"}'),
            [("violation", "environment.variables.credentials.orders")],
        ),
        Case("pass", "marked", variables(DB_PASSWORD=Secret("hunter" + "2"))),
        Case(
            "pass",
            "stored",
            R(
                BUILD,
                environment={
                    "environmentVariables": [
                        {"name": "NPM_TOKEN", "type": "SECRETS_MANAGER", "value": "npmToken2:value"}
                    ]
                },
            ),
        ),
        Case(
            "pass",
            "fetched",
            R(
                TASKS,
                containerDefinitions=json.dumps([{"secrets": [{"name": "DB_PASSWORD", "valueFrom": "prodPassword2"}]}]),
            ),
        ),
        Case(
            "pass",
            "secure-parameter",
            R(PARAMETER, name="/app/db/password", type="SecureString", value=Secret("hunter" + "2")),
        ),
        Case(
            "pass",
            "script-that-fetches",
            R(INSTANCE, userData='DB_PASSWORD="$(aws ssm get-parameter --name /db)"\nexport TOKEN=`cat /t`\n'),
        ),
        *(
            Case("pass", f"harmless-line-{number}", R(INSTANCE, userData=f"#!/bin/sh\n{line}\n"))
            for number, line in enumerate(
                (
                    'docker login --username ci --password-stdin < /t; app --password "$DB_PASSWORD" --token --verbose',
                    f"export DB_PASSWORD={ANYTHING}; export API_TOKEN=a1b2-{COMPUTED}",
                    'if [ -z "$PASSWORD" ]; then echo no password; fi',
                )
            )
        ),
        Case(
            "pass",
            "stored-in-json",
            R(
                "aws:codepipeline/pipeline:Pipeline",
                stages=[
                    {
                        "actions": [
                            {
                                "configuration": {
                                    "EnvironmentVariables": json.dumps(
                                        [{"name": "NPM_TOKEN", "type": "SECRETS_MANAGER", "value": "npmToken2:value"}]
                                    )
                                }
                            }
                        ]
                    }
                ],
            ),
        ),
        Case(
            "pass",
            "reference-in-a-template",
            R(
                "aws:cloudformation/stack:Stack",
                templateBody=json.dumps(
                    {"Credentials": {"Fn::GetAtt": ["ApiRole2A07FAA0", "Arn"]}, "DbPassword": {"Ref": "Pass2A07FAA0"}}
                ),
            ),
        ),
        Case("pass", "not-known", variables(DB_PASSWORD=UNKNOWN, API_TOKEN=COMPUTED, CLIENT_SECRET=ANYTHING)),
        Case("boundary", "names-that-only-sound-so", variables(TOKEN_TYPE="Bearer9Mac", SECRET_NAME="hunter" + "2")),
        Case("boundary", "name-of-the-secret", variables(DB_PASSWORD="my-service-token")),
        Case(
            "boundary",
            "suffix",
            variables(DB_PASSWORD_PROD_2="hunter" + "2"),
            [("violation", "environment.variables.DB_PASSWORD_PROD_2")],
        ),
        Case(
            "not-applicable",
            "settings-of-the-provider",
            R("aws:iam/accountPasswordPolicy:AccountPasswordPolicy", password="hunter" + "2"),
        ),
    ],
    without=NO_DOUBT,
)

ORDINARY = {f"V{index}": text for index, text in enumerate(ANYWHERE)} | dict(MISLEADING)
EXPORTS = "#!/bin/bash\n" + "\n".join(f"export {name}='{text}'" for name, text in ORDINARY.items())


@pytest.mark.parametrize(
    "resource",
    [
        R(FUNCTION, environment={"variables": ORDINARY}, tags=ORDINARY, description=" ".join(ANYWHERE)),
        R(CONFIGURED, config=ORDINARY, freeformTags=ORDINARY),
        R(INSTANCE, userData=EXPORTS),
        R(MACHINE, metadata={"user_data": encoded(EXPORTS)}, extendedMetadata=ORDINARY),
        R(
            TASKS,
            containerDefinitions=json.dumps(
                [{"environment": [{"name": name, "value": text} for name, text in ORDINARY.items()]}]
            ),
        ),
    ],
    ids=lambda resource: resource.type,
)
def test_ordinary_values_get_nothing(resource: Resource) -> None:
    assert len(ORDINARY) >= 200
    for rule in (BY_FORM, BY_NAME):
        assert list(on_model(rule, Case("pass", "ordinary", resource))) == []


PASSWORD = "x8Kp2mQ9" + "vLw4Rt7Y"
TRACES = (TOKEN, TOKEN[4:24], encoded(TOKEN), encoded(TOKEN[:24]), PASSWORD, encoded(PASSWORD), "hunter" + "2")


@pytest.mark.parametrize(
    "resource",
    [
        variables(A=TOKEN, DB_PASSWORD="hunter" + "2"),
        R(INSTANCE, userData=SCRIPT + ASSIGNING, tags={TOKEN: "x"}),
        R(TOPIC, tags=dict.fromkeys(TRACES[:4], TOKEN)),
        R(TOPIC, tags={text: {"db_password": PASSWORD} for text in (TOKEN, encoded(TOKEN), *TRACES[4:6])}),
        variables(SETTINGS=json.dumps({f"{TOKEN}_password": PASSWORD, f"{PASSWORD}_password": PASSWORD})),
    ],
)
def test_no_message_shows_what_it_found(resource: Resource) -> None:
    said = [one for rule in (BY_FORM, BY_NAME) for one in rule.check(resource, Context())]
    assert said
    for finding in said:
        assert not any(text in f"{finding.path} {finding.message} {finding.fix}" for text in TRACES)


def test_what_is_found_is_marked_and_nothing_else() -> None:
    resource = variables(A=TOKEN, DB_PASSWORD="hunter" + "2", C="x", D=Secret(TOKEN))
    edits = [edit for rule in (BY_FORM, BY_NAME) if rule.remediate for edit in rule.remediate(resource, Context())]
    assert edits == [MarkSecret(("environment", "variables", name)) for name in ("A", "DB_PASSWORD")]
