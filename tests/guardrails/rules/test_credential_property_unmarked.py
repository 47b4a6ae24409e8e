from rule_tables import COMPUTED, Case, R, table

from policypack.guardrails.model import Context, Resource, Run, Secret
from policypack.guardrails.rules.secret_marking.credential_property_unmarked import RULE
from policypack.guardrails.values import UNKNOWN

TRUST = "aws:directoryservice/trust:Trust"
BROKER = "aws:mq/broker:Broker"
VAULT = "oci:Vault/secret:Secret"
INSTANCE = "aws:rds/instance:Instance"
DEVOPS = "oci:DevOps/connection:Connection"
TOOLS = "oci:DatabaseTools/databaseToolsConnection:DatabaseToolsConnection"
PROFILE = "aws:appflow/connectorProfile:ConnectorProfile"
CREDENTIALS = "connectorProfileConfig.connectorProfileCredentials"


def profile(credentials: dict[str, object]) -> dict[str, object]:
    custom = {"customConnector": {"custom": {"credentialsMap": credentials}}}
    return {"connectorProfileConfig": {"connectorProfileCredentials": custom}}


test_credential_property_unmarked = table(
    RULE,
    [
        Case(
            "fail",
            "known-plain-text",
            R(TRUST, trustPassword="correct horse battery"),
            [("violation", "trustPassword", "high")],
        ),
        Case(
            "fail",
            "nested",
            R(VAULT, secretContent={"contentType": "BASE64", "content": "Y29ycmVjdA=="}),
            [("violation", "secretContent.content")],
        ),
        Case(
            "fail",
            "second-of-two-users",
            R(BROKER, users=[{"username": "a", "password": Secret("x" * 12)}, {"username": "b", "password": "y" * 12}]),
            [("violation", "users[1].password")],
        ),
        Case(
            "fail",
            "stand-in-for-what-a-provider-computes",
            R(TRUST, trustPassword=COMPUTED),
            [("violation", "trustPassword")],
        ),
        Case(
            "fail",
            "marked-by-the-sdk-and-still-plain",
            R(INSTANCE, password="correct horse battery"),
            [("violation", "password")],
        ),
        Case(
            "fail", "provider-credentials", R("pulumi:providers:aws", secretKey="x" * 40), [("violation", "secretKey")]
        ),
        *(
            Case("fail", f"no-pointer-{name}", R(TRUST, trustPassword=text), [("violation", "trustPassword")])
            for name, text in {
                "beginning-of-an-arn": "arn:hunter2!",
                "arn-of-another-service": "arn:aws:iam::123456789012:user/a",
                "arn-without-a-resource": "arn:aws:secretsmanager:eu-west-1:123456789012:",
                "reference-that-ends-early": "{{resolve:secretsmanager:",
                "reference-to-plain-text": "{{resolve:ssm:password}}",
            }.items()
        ),
        *(
            Case("pass", f"pointer-{name}", R(TRUST, trustPassword=text))
            for name, text in {
                "secretsmanager": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf",
                "ssm": "arn:aws-cn:ssm:cn-north-1:123456789012:parameter/db",
                "reference": "{{resolve:secretsmanager:db:SecretString:password}}",
                "secure-parameter": "{{resolve:ssm-secure:/db/password:1}}",
            }.items()
        ),
        Case(
            "fail",
            "member-of-a-map-of-credentials",
            R(PROFILE, **profile({"user": Secret("u" * 12), "pin": "x" * 12})),
            [("violation", f"{CREDENTIALS}.customConnector.custom.credentialsMap.pin")],
        ),
        Case("fail", "token-in-place-of-a-vault-id", R(DEVOPS, accessToken="glpat-x"), [("violation", "accessToken")]),
        Case(
            "fail",
            "nested-in-place-of-a-vault-id",
            R(TOOLS, userPassword={"secretId": "hunter2"}),
            [("violation", "userPassword.secretId")],
        ),
        Case("pass", "vault-id", R(TOOLS, userPassword={"secretId": "ocid1.vaultsecret.oc1..aaaa"})),
        Case("pass", "invented-vault-id", R(DEVOPS, accessToken=f"ocid1.secret.oc1..{COMPUTED}")),
        Case("undecided", "unknown-for-a-vault-id", R(DEVOPS, accessToken=UNKNOWN), [("undecided", "accessToken")]),
        Case("undecided", "computed-for-a-vault-id", R(DEVOPS, accessToken=COMPUTED), [("undecided", "accessToken")]),
        Case("pass", "secret", R(TRUST, trustPassword=Secret("correct horse battery"))),
        Case("pass", "whole-block-secret", R(VAULT, secretContent=Secret({"content": "Y29ycmVjdA=="}))),
        Case(
            "fail",
            "one-of-several-in-a-list",
            R("aws:memorydb/user:User", authenticationMode={"passwords": [Secret("x" * 16), "y" * 16]}),
            [("violation", "authenticationMode.passwords[1]")],
        ),
        Case("pass", "secret-unknown", R(TRUST, trustPassword=Secret(UNKNOWN))),
        Case(
            "pass",
            "pointer-to-a-stored-secret",
            R("oci:Vbs/instVbsInstance:InstVbsInstance", idcsAccessToken="ocid1.vaultsecret.oc1..aaaa"),
        ),
        Case("undecided", "unknown", R(TRUST, trustPassword=UNKNOWN), [("undecided", "trustPassword")]),
        Case(
            "undecided",
            "output-of-another-stack",
            R(TRUST, trustPassword="standin0x0123456789abcdef"),
            [("undecided", "trustPassword")],
        ),
        Case("undecided", "unknown-block", R(VAULT, secretContent=UNKNOWN), [("undecided", "secretContent.content")]),
        Case("not-applicable", "absent", R(TRUST, remoteDomainName="example.org")),
        Case("boundary", "empty-text", R(TRUST, trustPassword="")),
        Case(
            "boundary",
            "block-as-a-list-of-one",
            R(VAULT, secretContent=[{"content": "Y29ycmVjdA=="}]),
            [("violation", "secretContent[0].content")],
        ),
        Case("boundary", "identifier", R("aws:lambda/permission:Permission", eventSourceToken="amzn1.ask.skill.0")),
        Case(
            "boundary",
            "marked-but-no-credential",
            R("aws:redshiftserverless/namespace:Namespace", adminUsername="admin"),
        ),
    ],
)


def fix_of(name: str, **inputs: object) -> str:
    type_ = "pulumi:providers:aws"
    resource = Resource(urn=f"urn:pulumi:dev::p::{type_}::{name}", type=type_, name=name, properties=inputs)
    (found,) = RULE.check(resource, Context({}, Run()))
    return found.fix


def test_what_a_default_provider_has_comes_from_the_configuration() -> None:
    for name in ("default", "default_7_51_1"):
        assert "`pulumi config set --secret aws:secretKey`" in fix_of(name, secretKey="x" * 40)
    assert "config.require_secret" in fix_of("default-eu", secretKey="x" * 40)
