from rule_tables import COMPUTED, Case, R, table

from policypack.guardrails.model import Secret
from policypack.guardrails.rules.secret_marking.credential_property_unmarked import RULE
from policypack.guardrails.values import UNKNOWN

TRUST = "aws:directoryservice/trust:Trust"
BROKER = "aws:mq/broker:Broker"
VAULT = "oci:Vault/secret:Secret"
INSTANCE = "aws:rds/instance:Instance"

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
        Case("pass", "secret", R(TRUST, trustPassword=Secret("correct horse battery"))),
        Case("pass", "whole-block-secret", R(VAULT, secretContent=Secret({"content": "Y29ycmVjdA=="}))),
        Case("pass", "secret-unknown", R(TRUST, trustPassword=Secret(UNKNOWN))),
        Case(
            "pass",
            "pointer-to-a-stored-secret",
            R("oci:Vbs/instVbsInstance:InstVbsInstance", idcsAccessToken="ocid1.vaultsecret.oc1..aaaa"),
        ),
        Case("undecided", "unknown", R(TRUST, trustPassword=UNKNOWN), [("undecided", "trustPassword")]),
        Case("undecided", "unknown-block", R(VAULT, secretContent=UNKNOWN), [("undecided", "secretContent.content")]),
        Case("not-applicable", "absent", R(TRUST, remoteDomainName="example.org")),
        Case("boundary", "empty-text", R(TRUST, trustPassword="")),
        Case(
            "boundary",
            "block-as-a-list-of-one",
            R(VAULT, secretContent=[{"content": "Y29ycmVjdA=="}]),
            [("violation", "secretContent[0].content")],
        ),
        Case(
            "boundary",
            "marked-but-no-credential",
            R("aws:redshiftserverless/namespace:Namespace", adminUsername="admin"),
        ),
    ],
)
