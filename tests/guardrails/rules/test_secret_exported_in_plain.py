from rule_tables import COMPUTED, Case, R, exports, table

from policypack.guardrails.model import Secret
from policypack.guardrails.rules.secret_marking.secret_exported_in_plain import RULE
from policypack.guardrails.values import UNKNOWN

KEY = R("aws:iam/accessKey:AccessKey", "key", user="u", secret=Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCY0123456789"))
PASSWORD = "correct-horse-battery"

test_secret_exported_in_plain = table(
    RULE,
    [
        Case(
            "fail",
            "value-of-a-marked-output",
            [KEY, exports(leak="wJalrXUtnFEMI/K7MDENG/bPxRfiCY0123456789")],
            [("violation", "outputs.leak", "high")],
        ),
        Case(
            "fail",
            "inside-a-longer-text",
            [KEY, exports(leak="key=wJalrXUtnFEMI/K7MDENG/bPxRfiCY0123456789;")],
            [("violation", "outputs.leak")],
        ),
        Case(
            "fail",
            "deep-in-an-object",
            [KEY, exports(all={"list": ["x", {"deep": "wJalrXUtnFEMI/K7MDENG/bPxRfiCY0123456789"}]})],
            [("violation", "outputs.all.list[1].deep")],
        ),
        Case(
            "fail", "secret-configuration", exports(leak=PASSWORD), [("violation", "outputs.leak")], secrets=[PASSWORD]
        ),
        Case(
            "fail",
            "inside-secret-configuration-written-as-an-object",
            exports(leak=PASSWORD),
            [("violation", "outputs.leak")],
            secrets=['{"a": ["' + PASSWORD + '"]}'],
        ),
        Case(
            "fail",
            "canary-of-the-embedded-engine",
            [R("aws:iam/accessKey:AccessKey", "key", secret=Secret(f"{COMPUTED}abc")), exports(leak=f"{COMPUTED}abc")],
            [("violation", "outputs.leak")],
        ),
        Case(
            "fail",
            "private-key",
            exports(pem="-----BEGIN RSA PRIVATE " + "KEY-----\nAAAA"),
            [("violation", "outputs.pem")],
        ),
        Case(
            "pass",
            "exported-as-the-provider-marks-it",
            [KEY, exports(key=Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCY0123456789"))],
        ),
        Case("pass", "other-text", [KEY, exports(name="bucket-name")]),
        Case("pass", "unknown-arn-of-a-secret", exports(api_secret_arn=UNKNOWN)),
        Case(
            "pass",
            "plain-parameter",
            [
                R("aws:ssm/parameter:Parameter", type="String", value=Secret("https://api.example.com")),
                exports(url="https://api.example.com"),
            ],
        ),
        Case(
            "undecided",
            "unknown-with-a-telling-name",
            exports(adminPassword=UNKNOWN),
            [("undecided", "outputs.adminPassword")],
        ),
        Case(
            "undecided",
            "unknown-deep-down",
            exports(all={"db": {"auth_token": UNKNOWN}}),
            [("undecided", "outputs.all.db.auth_token")],
        ),
        Case("not-applicable", "nothing-exported", [KEY, exports()]),
        Case("boundary", "short-secrets-are-too-common", exports(level="debug12"), secrets=["debug12"]),
        Case(
            "boundary",
            "eight-characters-are-compared-whole",
            exports(a="debug123", b="debug1234"),
            [("violation", "outputs.a")],
            secrets=["debug123"],
        ),
        Case("boundary", "numbers-and-flags", exports(port=8080.0, on=True, none=None), secrets=["8080"]),
    ],
)
