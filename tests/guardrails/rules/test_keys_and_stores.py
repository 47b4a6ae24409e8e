"""The rules on stored secrets, the keys that encrypt them, and credentials that live long."""

import pytest
from rule_tables import COMPUTED, Case, R, table

from policypack.guardrails.model import Secret
from policypack.guardrails.rules.schedules import longest_pause
from policypack.guardrails.rules.secret_marking import (
    build_environment_with_access_keys,
    cluster_secrets_unencrypted,
    cluster_secrets_without_customer_key,
    credential_kept_in_state,
    function_environment_without_customer_key,
    key_without_rotation,
    login_profile_keeps_password,
    oci_key_without_auto_rotation,
    provider_with_static_keys,
    secret_rotated_rarely,
    secret_without_recovery_window,
    stored_secret_without_customer_key,
)
from policypack.guardrails.values import UNKNOWN

KEY = "aws:kms/key:Key"
OCI_KEY = "oci:Kms/key:Key"
VAULT = "oci:Kms/vault:Vault"
VERSION = "oci:Kms/keyVersion:KeyVersion"
SECRET = "aws:secretsmanager/secret:Secret"
ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"
PARAMETER = "aws:ssm/parameter:Parameter"
FUNCTION = "aws:lambda/function:Function"
CLUSTER = "aws:eks/cluster:Cluster"
PROFILE = "aws:iam/userLoginProfile:UserLoginProfile"
DATABASE = "aws:rds/instance:Instance"
PROJECT = "aws:codebuild/project:Project"
KEY_ARN = "arn:aws:kms:eu-west-1:402918573664:key/5f1c0b5e-1c1f-4f0e-9d3b-6a1d9e0c7b2a"
NOTHING_TO_WAIT_FOR = "only whether the property is given decides"

test_key_without_rotation = table(
    key_without_rotation.RULE,
    [
        Case("fail", "not-asked-for", R(KEY, description="d"), [("violation", "enableKeyRotation", "low")]),
        Case("fail", "switched-off", R(KEY, enableKeyRotation=False), [("violation", "enableKeyRotation")]),
        Case(
            "fail",
            "rarely",
            R(KEY, enableKeyRotation=True, rotationPeriodInDays=366),
            [("violation", "rotationPeriodInDays")],
        ),
        Case("pass", "on", R(KEY, enableKeyRotation=True)),
        Case("undecided", "unknown", R(KEY, enableKeyRotation=UNKNOWN), [("undecided", "enableKeyRotation")]),
        Case("undecided", "unknown-form", R(KEY, keyUsage=UNKNOWN), [("undecided", "keyUsage")]),
        Case(
            "undecided",
            "unknown-period",
            R(KEY, enableKeyRotation=True, rotationPeriodInDays=UNKNOWN),
            [("undecided", "rotationPeriodInDays")],
        ),
        Case("boundary", "yearly", R(KEY, enableKeyRotation=True, rotationPeriodInDays=365)),
        Case("boundary", "as-a-text", R(KEY, enableKeyRotation="true")),
        Case(
            "boundary",
            "usual-form-written-out",
            R(KEY, keyUsage="ENCRYPT_DECRYPT", customerMasterKeySpec="SYMMETRIC_DEFAULT"),
            [("violation", "enableKeyRotation")],
        ),
        Case("not-applicable", "asymmetric", R(KEY, keyUsage="SIGN_VERIFY", customerMasterKeySpec="ECC_NIST_P256")),
        Case("not-applicable", "hmac", R(KEY, keyUsage="GENERATE_VERIFY_MAC", customerMasterKeySpec="HMAC_256")),
        Case("not-applicable", "custom-store", R(KEY, customKeyStoreId="cks-1234567890abcdef0")),
        Case("not-applicable", "store-not-known-yet", R(KEY, customKeyStoreId=UNKNOWN)),
        Case("not-applicable", "replica", R("aws:kms/replicaKey:ReplicaKey", primaryKeyArn=KEY_ARN)),
        Case("not-applicable", "imported", R("aws:kms/externalKey:ExternalKey", description="d")),
    ],
)


def oci_key(kind: object, **properties: object) -> list[object]:
    endpoint = "https://a-management.kms.eu-frankfurt-1.oraclecloud.com"
    return [
        R(VAULT, "v", vaultType=kind, managementEndpoint=endpoint),
        R(OCI_KEY, "k", id="ocid1.key.oc1..k", managementEndpoint=endpoint, **properties),
    ]


test_oci_key_without_auto_rotation = table(
    oci_key_without_auto_rotation.RULE,
    [
        Case("fail", "not-asked-for", oci_key("VIRTUAL_PRIVATE"), [("violation", "isAutoRotationEnabled", "low")]),
        Case(
            "fail",
            "joined-by-dependency",
            [
                R(VAULT, "v", vaultType="VIRTUAL_PRIVATE"),
                R(OCI_KEY, managementEndpoint=UNKNOWN, deps={"managementEndpoint": [f"{VAULT}::v"]}),
            ],
            [("violation", "isAutoRotationEnabled")],
        ),
        Case(
            "fail",
            "rarely",
            oci_key(
                "VIRTUAL_PRIVATE",
                isAutoRotationEnabled=True,
                autoKeyRotationDetails={"rotationIntervalInDays": 400},
            ),
            [("violation", "autoKeyRotationDetails.rotationIntervalInDays")],
        ),
        Case("pass", "on", oci_key("VIRTUAL_PRIVATE", isAutoRotationEnabled=True)),
        Case(
            "pass", "renewed-by-the-program", [*oci_key("VIRTUAL_PRIVATE"), R(VERSION, keyId="ocid1.key.oc1..k")]
        ),
        Case("undecided", "kind-of-vault", oci_key(UNKNOWN), [("undecided", "isAutoRotationEnabled")]),
        Case(
            "undecided",
            "flag",
            oci_key("VIRTUAL_PRIVATE", isAutoRotationEnabled=UNKNOWN),
            [("undecided", "isAutoRotationEnabled")],
        ),
        Case("boundary", "off", oci_key("VIRTUAL_PRIVATE", isAutoRotationEnabled=False), [("violation", "isAutoRotationEnabled")]),
        Case("not-applicable", "vault-whose-keys-the-service-does-not-rotate", oci_key("DEFAULT")),
        Case("not-applicable", "vault-of-another-stack", R(OCI_KEY, managementEndpoint="https://b.example.com")),
    ],
)  # fmt: skip

test_secret_rotated_rarely = table(
    secret_rotated_rarely.RULE,
    [
        Case(
            "fail",
            "days",
            R(ROTATION, rotationRules={"automaticallyAfterDays": 91}),
            [("violation", "rotationRules.automaticallyAfterDays", "low")],
        ),
        Case(
            "fail",
            "rate",
            R(ROTATION, rotationRules={"scheduleExpression": "rate(100 days)"}),
            [("violation", "rotationRules.scheduleExpression")],
        ),
        Case(
            "fail",
            "quarterly-cron",
            R(ROTATION, rotationRules={"scheduleExpression": "cron(0 8 1 */3 ? *)"}),
            [("violation", "rotationRules.scheduleExpression")],
        ),
        Case(
            "fail",
            "configured",
            R(ROTATION, rotationRules={"automaticallyAfterDays": 31}),
            [("violation", "rotationRules.automaticallyAfterDays")],
            settings={"maximumDays": 30},
        ),
        Case("pass", "rate-of-hours", R(ROTATION, rotationRules={"scheduleExpression": "rate(4 hours)"})),
        Case("pass", "monthly-cron", R(ROTATION, rotationRules={"scheduleExpression": "cron(0 8 1 * ? *)"})),
        Case(
            "undecided",
            "unknown",
            R(ROTATION, rotationRules={"automaticallyAfterDays": UNKNOWN}),
            [("undecided", "rotationRules.automaticallyAfterDays")],
        ),
        Case(
            "undecided",
            "unreadable",
            R(ROTATION, rotationRules={"scheduleExpression": "cron(0 8 1 * ? 2030)"}),
            [("undecided", "rotationRules.scheduleExpression")],
        ),
        Case("boundary", "ninety", R(ROTATION, rotationRules=[{"automaticallyAfterDays": 90}])),
        Case("not-applicable", "no-schedule", R(ROTATION, rotateImmediately=True)),
    ],
)

test_secret_without_recovery_window = table(
    secret_without_recovery_window.RULE,
    [
        Case("fail", "at-once", R(SECRET, recoveryWindowInDays=0), [("violation", "recoveryWindowInDays", "low")]),
        Case(
            "fail",
            "overwrites-replicas",
            R(SECRET, forceOverwriteReplicaSecret=True),
            [("violation", "forceOverwriteReplicaSecret")],
        ),
        Case("pass", "default", R(SECRET, name="s")),
        Case("undecided", "unknown", R(SECRET, recoveryWindowInDays=UNKNOWN), [("undecided", "recoveryWindowInDays")]),
        Case("boundary", "a-week", R(SECRET, recoveryWindowInDays=7)),
        Case("boundary", "false-is-no-number", R(SECRET, recoveryWindowInDays=False)),
        Case("not-applicable", "parameter", R(PARAMETER, type="String")),
    ],
)

test_stored_secret_without_customer_key = table(
    stored_secret_without_customer_key.RULE,
    [
        Case("fail", "none", R(SECRET, name="s"), [("violation", "kmsKeyId", "low")]),
        Case("fail", "key-of-aws", R(SECRET, kmsKeyId="alias/aws/secretsmanager"), [("violation", "kmsKeyId")]),
        Case(
            "fail", "key-of-aws-by-its-bare-name", R(SECRET, kmsKeyId="aws/secretsmanager"), [("violation", "kmsKeyId")]
        ),
        Case(
            "fail",
            "key-of-aws-by-arn",
            R(SECRET, kmsKeyId="arn:aws:kms:eu-west-1:402918573664:alias/aws/secretsmanager"),
            [("violation", "kmsKeyId")],
        ),
        Case("fail", "secure-string", R(PARAMETER, type="SecureString"), [("violation", "keyId")]),
        Case("pass", "key", R(SECRET, kmsKeyId=KEY_ARN)),
        Case("pass", "alias", R(PARAMETER, type="SecureString", keyId="alias/shop")),
        Case("undecided", "kind-of-parameter", R(PARAMETER, type=UNKNOWN), [("undecided", "type")]),
        Case("boundary", "key-of-this-program", R(SECRET, kmsKeyId=UNKNOWN)),
        Case("not-applicable", "plain-parameter", R(PARAMETER, type="String")),
    ],
)

test_function_environment_without_customer_key = table(
    function_environment_without_customer_key.RULE,
    [
        Case("fail", "variables", R(FUNCTION, environment={"variables": {"A": "b"}}), [("violation", "kmsKeyArn", "low")]),
        Case("pass", "key", R(FUNCTION, environment={"variables": {"A": "b"}}, kmsKeyArn=UNKNOWN)),
        Case("boundary", "unknown-variables", R(FUNCTION, environment={"variables": UNKNOWN}), [("violation", "kmsKeyArn")]),
        Case("boundary", "no-variables", R(FUNCTION, environment={"variables": {}})),
        Case("not-applicable", "no-environment", R(FUNCTION, name="f")),
    ],
    without={"undecided": NOTHING_TO_WAIT_FOR},
)  # fmt: skip

WITH_KEY = {"provider": {"keyArn": KEY_ARN}, "resources": ["secrets"]}
test_cluster_secrets_unencrypted = table(
    cluster_secrets_unencrypted.RULE,
    [
        Case("fail", "old", R(CLUSTER, version="1.27"), [("violation", "encryptionConfig", "medium")]),
        Case(
            "fail",
            "other-resources",
            R(CLUSTER, version="1.27", encryptionConfig={"resources": []}),
            [("violation", "encryptionConfig")],
        ),
        Case("pass", "key", R(CLUSTER, version="1.27", encryptionConfig=WITH_KEY)),
        Case("undecided", "version", R(CLUSTER, version=UNKNOWN), [("undecided", "version")]),
        Case(
            "undecided",
            "configuration",
            R(CLUSTER, version="1.27", encryptionConfig=UNKNOWN),
            [("undecided", "encryptionConfig.resources")],
        ),
        Case("boundary", "encrypted-by-default", R(CLUSTER, version="1.28")),
        Case("boundary", "newest", R(CLUSTER, name="c")),
        Case("boundary", "key-and-unknown-version", R(CLUSTER, version=UNKNOWN, encryptionConfig=[WITH_KEY])),
        Case("not-applicable", "node-group", R("aws:eks/nodeGroup:NodeGroup", version="1.27")),
    ],
)

test_cluster_secrets_without_customer_key = table(
    cluster_secrets_without_customer_key.RULE,
    [
        Case("fail", "none", R(CLUSTER, name="c"), [("violation", "encryptionConfig", "low")]),
        Case("pass", "key", R(CLUSTER, encryptionConfig=WITH_KEY)),
        Case("undecided", "unknown", R(CLUSTER, encryptionConfig=UNKNOWN), [("undecided", "encryptionConfig.resources")]),
        Case("boundary", "key-not-known-yet", R(CLUSTER, encryptionConfig={**WITH_KEY, "provider": UNKNOWN})),
        Case("not-applicable", "node-group", R("aws:eks/nodeGroup:NodeGroup", version="1.27")),
    ],
)  # fmt: skip

test_login_profile_keeps_password = table(
    login_profile_keeps_password.RULE,
    [
        Case("fail", "default", R(PROFILE, user="ada"), [("violation", "passwordResetRequired", "low")]),
        Case("fail", "off", R(PROFILE, passwordResetRequired=False), [("violation", "passwordResetRequired")]),
        Case("pass", "on", R(PROFILE, passwordResetRequired=True)),
        Case("undecided", "unknown", R(PROFILE, passwordResetRequired=UNKNOWN), [("undecided", "passwordResetRequired")]),
        Case("boundary", "as-a-text", R(PROFILE, passwordResetRequired="true")),
        Case("not-applicable", "user", R("aws:iam/user:User", name="ada")),
    ],
)  # fmt: skip

test_provider_with_static_keys = table(
    provider_with_static_keys.RULE,
    [
        Case(
            "fail",
            "aws",
            R("pulumi:providers:aws", accessKey=Secret("AKIA"), secretKey=Secret(UNKNOWN)),
            [("violation", "accessKey", "low")],
        ),
        Case("fail", "oci", R("pulumi:providers:oci", privateKey=Secret("pem")), [("violation", "privateKey")]),
        Case("pass", "profile", R("pulumi:providers:aws", profile="dev")),
        Case("pass", "key-file", R("pulumi:providers:oci", privateKeyPath="~/.oci/key.pem")),
        Case("boundary", "empty", R("pulumi:providers:aws", accessKey="")),
        Case("not-applicable", "another-provider", R("pulumi:providers:random", secretKey="k")),
    ],
    without={"undecided": NOTHING_TO_WAIT_FOR},
)

test_credential_kept_in_state = table(
    credential_kept_in_state.RULE,
    [
        Case("fail", "password", R(DATABASE, password=Secret("p")), [("violation", "password", "low")]),
        Case("fail", "secure-string", R(PARAMETER, type="SecureString", value=Secret("p")), [("violation", "value")]),
        Case("pass", "managed", R(DATABASE, manageMasterUserPassword=True)),
        Case("pass", "write-only", R(DATABASE, passwordWo=Secret("p"), passwordWoVersion=1)),
        Case("boundary", "not-known-yet", R(DATABASE, password=Secret(UNKNOWN)), [("violation", "password")]),
        Case("boundary", "null", R(DATABASE, password=None)),
        Case("not-applicable", "plain-parameter", R(PARAMETER, type="String", value=Secret("p"))),
    ],
    without={"undecided": NOTHING_TO_WAIT_FOR},
)


def build(**variable: object) -> object:
    return R(PROJECT, environment={"environmentVariables": [{"name": "AWS_SECRET_ACCESS_KEY", **variable}]})


VARIABLE = "environment.environmentVariables[0]"
test_build_environment_with_access_keys = table(
    build_environment_with_access_keys.RULE,
    [
        Case("fail", "plain", build(value="x", type="PLAINTEXT"), [("violation", f"{VARIABLE}.value", "high")]),
        Case("fail", "default-type-though-marked", build(value=Secret("x")), [("violation", f"{VARIABLE}.value")]),
        Case("fail", "of-a-key-of-this-program", build(value=COMPUTED), [("violation", f"{VARIABLE}.value")]),
        Case("pass", "fetched", build(value="build/deploy:key", type="SECRETS_MANAGER")),
        Case("undecided", "type", build(value="x", type=UNKNOWN), [("undecided", f"{VARIABLE}.type")]),
        Case("boundary", "not-known-yet", build(value=UNKNOWN), [("violation", f"{VARIABLE}.value")]),
        Case("boundary", "emptied", build(value="")),
        Case("boundary", "another-name", build(name="AWS_REGION", value="eu-west-1")),
        Case("not-applicable", "no-environment", R(PROJECT, name="b")),
    ],
)  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        ("rate(1 day)", 1),
        ("rate(12 hours)", 0.5),
        ("cron(0 8 ? * 2#1 *)", 31),
        ("cron(0 8 L JAN,JUL ? *)", 184),
        ("cron(0 8 1 1-6/2 ? *)", 245),
        ("cron(0 8 1 2/6 ? *)", 184),
        ("cron(0 8 1 13 ? *)", None),
        ("cron(0 8 1 FOO ? *)", None),
        ("cron(0 8 1 ,, ? *)", None),
        ("cron(0 8 1 1 ? 2030)", None),
        ("weekly", None),
    ],
)
def test_the_longest_pause_of_a_schedule(expression: str, days: float | None) -> None:
    assert longest_pause(expression) == days
