import base64
import json

from rule_tables import COMPUTED, Case, R, exports, table

from policypack.guardrails.model import Asset, Secret
from policypack.guardrails.rules.oci_users import KEYS
from policypack.guardrails.rules.secret_marking.credential_stored_in_plain import RULE
from policypack.guardrails.values import UNKNOWN

KEY = "aws:iam/accessKey:AccessKey"
DATABASE = "aws:rds/instance:Instance"
INSTANCE = "aws:ec2/instance:Instance"
TOKEN = "oci:Identity/authToken:AuthToken"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAexample\n-----END RSA PRIVATE KEY-----\n"
INVENTED = "-----BEGIN RSA PRIVATE KEY-----\nstandin0x0123456789abcdef\n-----END RSA PRIVATE KEY-----\n"
PUBLIC = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----\n"

test_credential_stored_in_plain = table(
    RULE,
    [
        Case("fail", "marked-by-the-sdk", R(KEY, user="u", secret="x" * 40), [("violation", "secret", "high")]),
        Case(
            "fail",
            "one-of-two",
            R(KEY, secret="x" * 40, sesSmtpPasswordV4=Secret("y" * 40)),
            [("violation", "secret")],
        ),
        Case(
            "fail",
            "private-key-anywhere",
            [exports(), R(INSTANCE, userData=f"cat > key <<E\n{PEM}E")],
            [("violation", "userData")],
        ),
        Case(
            "fail",
            "private-key-in-base64-deep-inside",
            [
                exports(),
                R(
                    "aws:lambda/function:Function",
                    environment={"variables": {"KEY": base64.b64encode(PEM.encode()).decode()}},
                ),
            ],
            [("violation", "environment.variables.KEY")],
        ),
        Case(
            "fail",
            "private-key-in-an-asset",
            [exports(), R("aws:s3/bucketObject:BucketObject", source=Asset(text=PEM, location=None, members={}))],
            [("violation", "source")],
        ),
        Case(
            "fail",
            "beside-a-good-one",
            [R(KEY, "a", secret=Secret("x" * 40)), R(KEY, "b", secret="x" * 40)],
            [("violation", "secret")],
        ),
        Case(
            "fail",
            "under-a-name-that-holds-a-token",
            [exports(), R(INSTANCE, tags={"ghp_" + "aB3dE5fG7h" * 3 + "K1l2M3": PEM})],
            [("violation", "tags")],
        ),
        Case(
            "undecided",
            "invented-private-key",
            [exports(), R(INSTANCE, userData=f"cat > key <<E\n{INVENTED}E")],
            [("undecided", "userData")],
        ),
        Case(
            "undecided",
            "invented-private-key-in-json",
            [exports(), R(INSTANCE, userData=json.dumps({"key": INVENTED}))],
            [("undecided", "userData")],
        ),
        Case("pass", "marked-invented-private-key", [exports(), R(INSTANCE, userData=Secret(INVENTED))]),
        Case("pass", "marked", R(KEY, secret=Secret("x" * 40))),
        Case("pass", "marked-private-key", [exports(), R(INSTANCE, userData=Secret(PEM))]),
        Case("pass", "public-key", [exports(), R("aws:ec2/keyPair:KeyPair", publicKey=PUBLIC)]),
        Case("boundary", "empty", R(KEY, secret="")),
        Case("boundary", "null", R(KEY, secret=None)),
        Case("boundary", "not-known-yet", R(KEY, secret=UNKNOWN)),
        Case("boundary", "invented", R(KEY, secret=COMPUTED)),
        Case("boundary", "computed-private-key", [exports(), R(INSTANCE, userData=PEM.replace("example", COMPUTED))]),
        Case(
            "boundary",
            "marked-by-the-sdk-and-no-credential",
            [exports(), R("aws:iot/certificate:Certificate", publicKey=PUBLIC)],
        ),
        Case("boundary", "an-input-is-decided-by-its-own-rule", [exports(), R(DATABASE, password=PEM)]),
        Case("boundary", "an-output-that-no-sdk-marks-is-decided-by-its-own-rule", [exports(), R(TOKEN, token=PEM)]),
        *(
            Case(
                "boundary",
                f"key-of-{token.rpartition(':')[2]}-is-decided-by-its-own-rule",
                [exports(), R(token, **{key: PEM})],
            )
            for token, key in KEYS.items()
        ),
        Case("not-applicable", "nothing-in-clear", [exports(), R(INSTANCE, ami="ami-1")]),
        Case("not-applicable", "an-export-is-decided-by-its-own-rule", exports(key=PEM)),
    ],
)
