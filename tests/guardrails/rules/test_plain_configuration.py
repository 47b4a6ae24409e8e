"""The rules on what stands in clear in a stack's file: that it holds a credential, and that one was made of it."""

import base64
import json

import pytest
from rule_tables import ANYTHING, COMPUTED, Case, R, exports, table

from policypack.guardrails.model import Context, Run, Secret, Stack
from policypack.guardrails.rules.secret_marking import (
    credential_in_plain_configuration,
    secret_from_plain_configuration,
)
from policypack.guardrails.values import UNKNOWN

DATABASE = "aws:rds/instance:Instance"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
PARAMETER = "aws:ssm/parameter:Parameter"
VAULT_SECRET = "oci:Vault/secret:Secret"
BROKER = "aws:mq/broker:Broker"
WORD = "synthetic-" + "word-of-a-table"
PLAIN = {
    "tables:dbPassword": WORD,
    "aws:region": "eu-west-1",
    "tables:user": "postgres",
    "tables:prefix": "tables-dev-db",
}
PEM = "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE " + "KEY-----\n"
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBg\n-----END CERTIFICATE-----\n"
TOKEN = "ghp_" + "a1B2" * 9
OBJECT = {"tables:db": json.dumps({"user": "postgres", "password": WORD})}


def found(path: str) -> list[tuple[str, str]]:
    return [("violation", path)]


test_secret_from_plain_configuration = table(
    secret_from_plain_configuration.RULE,
    [
        Case("fail", "whole", R(DATABASE, password=Secret(WORD)), [("violation", "password", "high")], plain=PLAIN),
        Case("fail", "part", R(DATABASE, password=Secret(f"{WORD}!1")), found("password"), plain=PLAIN),
        Case("fail", "not-marked-either", R(DATABASE, password=WORD), found("password"), plain=PLAIN),
        Case("fail", "nested", R(BROKER, users=[{"username": "app", "password": Secret(WORD)}]), found("users[0].password"), plain=PLAIN),
        Case("fail", "of-an-object", R(DATABASE, password=Secret(WORD)), found("password"), plain=OBJECT),
        Case(
            "fail",
            "member-of-a-json-secret",
            R(VERSION, secretString=Secret(json.dumps({"username": "postgres", "password": WORD}))),
            found("secretString"),
            plain=PLAIN,
        ),
        Case("fail", "object-as-a-json-secret", R(VERSION, secretString=Secret(OBJECT["tables:db"])), found("secretString"), plain=OBJECT),
        Case(
            "fail",
            "in-an-address",
            R(VERSION, secretString=Secret(f"postgres://postgres:{WORD}@db.example.com/app")),
            found("secretString"),
            plain=PLAIN,
        ),
        Case(
            "fail",
            "in-base64",
            R(VAULT_SECRET, secretContent={"content": Secret(base64.b64encode(WORD.encode()).decode())}),
            found("secretContent.content"),
            plain=PLAIN,
        ),
        Case("fail", "secure-string", R(PARAMETER, type="SecureString", value=Secret(WORD)), found("value"), plain=PLAIN),
        Case("fail", "key-of-a-provider", R("pulumi:providers:aws", secretKey=Secret(WORD)), found("secretKey"), plain={"aws:secretKey": WORD}),
        Case("pass", "of-secret-configuration", R(DATABASE, password=Secret(WORD)), secrets=[WORD]),
        Case("pass", "generated", R(DATABASE, password=Secret(COMPUTED)), plain=PLAIN),
        Case("pass", "user-name-equals", R(DATABASE, username="postgres", password=Secret("q" * 9)), plain=PLAIN),
        Case(
            "pass",
            "names-beside-a-password",
            R(VERSION, secretString=Secret(json.dumps({"username": "postgres", "host": "tables-dev-db", "password": COMPUTED}))),
            plain=PLAIN,
        ),
        Case("pass", "prefix-of-a-generated-one", R(DATABASE, password=Secret(f"tables-dev-db-{COMPUTED}")), plain=PLAIN),
        Case(
            "pass",
            "host-in-an-address",
            R(VERSION, secretString=Secret(f"postgres://app:{COMPUTED}@tables-dev-db/postgres")),
            plain=PLAIN,
        ),
        Case(
            "pass",
            "reference",
            R(DATABASE, password=Secret(f"{{{{resolve:secretsmanager:{WORD}}}}}")),
            plain={"tables:secretName": WORD},
        ),
        Case("pass", "certificate", R("aws:transfer/certificate:Certificate", certificate=Secret(CERTIFICATE)), plain={"tables:cert": CERTIFICATE}),
        Case(
            "pass",
            "address-that-opens-nothing",
            R("oci:Kms/key:Key", restoreFromObjectStore={"uri": "https://backups.example.com/key"}),
            plain={"tables:backup": "https://backups.example.com/key"},
        ),
        Case("pass", "setting", R(PARAMETER, type="String", value=Secret("postgres")), plain=PLAIN),
        Case(
            "pass",
            "setting-in-a-marked-map",
            R("aws:mwaa/environment:Environment", airflowConfigurationOptions=Secret({"core.owner": "postgres"})),
            plain=PLAIN,
        ),
        Case("boundary", "invented-by-preflight", R(DATABASE, password=Secret(ANYTHING)), plain={"tables:dbPassword": ANYTHING}),
        Case("boundary", "short-and-whole", R(DATABASE, password=Secret("pa55")), found("password"), plain={"tables:word": "pa55"}),
        Case("boundary", "too-short", R(DATABASE, password=Secret("dev")), plain={"tables:stage": "dev"}),
        Case("boundary", "short-part", R(DATABASE, password=Secret("abcpa55word")), plain={"tables:password": "pa55"}),
        Case("boundary", "not-known-yet", R(DATABASE, password=Secret(UNKNOWN)), plain=PLAIN),
        Case("not-applicable", "no-credential", R("aws:s3/bucket:Bucket", tags={"password": WORD}), plain=PLAIN),
    ],
    without={"undecided": "what is not known yet is no text that could be compared, and its mark is another rule's"},
)  # fmt: skip


def configured(key: str, text: object, *resources: object) -> dict[str, object]:
    written = text if isinstance(text, str) else json.dumps(text)
    return {"resources": [exports(), *resources], "plain": {key: written, "aws:region": "eu-west-1"}}


def told(key: str, severity: str) -> list[tuple[str, str, str]]:
    return [("violation", f'config["{key}"]', severity)]


test_credential_in_plain_configuration = table(
    credential_in_plain_configuration.RULE,
    [
        Case("fail", "by-name", **configured("tables:dbPassword", WORD), expect=told("tables:dbPassword", "medium")),
        Case("fail", "by-form", **configured("tables:deploy", TOKEN), expect=told("tables:deploy", "high")),
        Case(
            "fail",
            "by-form-in-base64",
            **configured("tables:deploy", base64.b64encode(TOKEN.encode()).decode()),
            expect=told("tables:deploy", "high"),
        ),
        Case("fail", "weak", **configured("tables:dbPassword", "pass" + "word123"), expect=told("tables:dbPassword", "medium")),
        Case("fail", "private-key", **configured("tables:signing", PEM), expect=told("tables:signing", "high")),
        Case("fail", "of-a-provider", **configured("aws:secretKey", WORD), expect=told("aws:secretKey", "high")),
        Case(
            "fail",
            "inside-an-object",
            **configured("tables:db", {"user": "postgres", "password": WORD}),
            expect=told("tables:db.password", "medium"),
        ),
        Case("fail", "stage-after-the-word", **configured("tables:apiTokenProd", WORD), expect=told("tables:apiTokenProd", "medium")),
        Case(
            "fail",
            "reaches-no-credential",
            **configured("tables:apiKey", WORD, R("aws:s3/bucket:Bucket", bucket="b")),
            expect=told("tables:apiKey", "medium"),
        ),
        Case("pass", "said-at-the-property", **configured("tables:dbPassword", WORD, R(DATABASE, password=Secret(WORD)))),
        Case("pass", "marked-by-nobody", **configured("tables:key", TOKEN, R(BROKER, users=[{"password": TOKEN}]))),
        Case("pass", "secret", [exports()], secrets=[TOKEN]),
        Case("boundary", "invented-by-preflight", **configured("tables:dbPassword", ANYTHING)),
        Case("boundary", "empty", **configured("tables:dbPassword", "")),
        Case("not-applicable", "no-configuration", [exports()]),
    ],
    without={"undecided": "configuration is known before anything is created"},
)  # fmt: skip

INNOCENT = {
    "dbSecretArn": "arn:aws:secretsmanager:eu-west-1:402918573664:secret:db-a1b2c3",
    "dbPassword": "{{resolve:secretsmanager:db:SecretString:password}}",
    "apiKey": "ocid1.vaultsecret.oc1.eu-frankfurt-1.amaaaaaa",
    "dbSecret": "prod-db-login",
    "secret": "prod/db/credentials",
    "credentials": "deployer",
    "passwordFile": "/run/secrets/db",
    "password": "/shop/prod/db-password",
    "tokenUrl": "https://login.example.com/oauth2/token",
    "token": "https://login.example.com/oauth2/token",
    "keyName": "deployer",
    "keyPairName": "deployer",
    "secretName": "db-login",
    "publicKey": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample deployer",
    "retention": "P30D",
    "rotateApiTokenAfter": "PT15M",
    "dbPasswordPlaceholder": "changeme",
    "adminPassword": "password",
    "apiKeyFingerprint": "aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99",
    "enableSecret": "true",
    "secretRotationDays": "30",
    "passwordMinimumLength": "14",
    "tokenAudience": "sts.amazonaws.com",
    "partitionKey": "customerId",
    "imageDigest": "sha256:" + "0a1b2c3d" * 8,
    "commit": "9dade2514c5b7f1e0a3d6c8b4f2e7a9d1c3b5e7f",
    "compartment": "ocid1.compartment.oc1..aaaaaaaaexample",
    "certificate": CERTIFICATE,
    "password2": "${DB_PASSWORD}",
}  # fmt: skip


def test_ordinary_configuration_is_no_credential() -> None:
    run = Run(configuration={f"shop:{key}": text for key, text in INNOCENT.items()})
    spoken = credential_in_plain_configuration.RULE.check(Stack([exports()]), Context({}, run))
    assert [one.path for one in spoken] == []


@pytest.mark.parametrize("text", [WORD, TOKEN])
def test_no_message_holds_what_it_speaks_of(text: str) -> None:
    run = Run(configuration={"shop:dbPassword": text})
    database = R(DATABASE, password=Secret(text))
    spoken = [
        *credential_in_plain_configuration.RULE.check(Stack([exports()]), Context({}, run)),
        *secret_from_plain_configuration.RULE.check(database, Context({}, run)),
    ]
    assert len(spoken) == 2
    assert text not in repr(spoken)
