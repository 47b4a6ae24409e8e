import base64
import json
from urllib.parse import quote, quote_plus

from rule_tables import ANY_ACCOUNT, COMPUTED, Case, R, exports, table

from policypack.guardrails.model import Secret
from policypack.guardrails.rules.secret_marking.secret_exported_in_plain import RULE
from policypack.guardrails.values import UNKNOWN

KEY = R("aws:iam/accessKey:AccessKey", "key", user="u", secret=Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCY0123456789"))
PASSWORD = "correct-horse-battery"
FUNCTION = R(
    "aws:lambda/function:Function",
    environment=Secret({"variables": {"DB_HOST": "db.internal.example.com", "DB_PASSWORD": PASSWORD}}),
)
SPECIAL = 'a/b+c&d "é" <xyz>?~'
_BYTES = SPECIAL.encode()
FORMS = {
    "base64": base64.b64encode(_BYTES).decode(),
    "base64-url-safe": base64.urlsafe_b64encode(_BYTES).decode(),
    "base64-without-padding": base64.b64encode(_BYTES).decode().rstrip("="),
    "base64-after-one": base64.b64encode(b"u" + _BYTES + b"!").decode(),
    "base64-after-two": base64.urlsafe_b64encode(b"u:" + _BYTES + b"!!").decode(),
    "hex": _BYTES.hex(),
    "hex-upper-case": f"x{_BYTES.hex().upper()}x",
    "url": quote(SPECIAL, ""),
    "url-path": f"https://host/{quote(SPECIAL)}?",
    "url-form": f"p={quote_plus(SPECIAL)}&q=1",
    "json": json.dumps({"p": SPECIAL}),
    "json-unicode": json.dumps({"p": SPECIAL}, ensure_ascii=False),
    "json-html": json.dumps({"p": SPECIAL}).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"),
}

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
            secrets=['{"tokens": ["' + PASSWORD + '"]}'],
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
            "a-script-that-looks-for-a-key",
            exports(
                a="grep -q '-----BEGIN RSA PRIVATE " + "KEY-----' /etc/key",
                b="-----BEGIN PRIVATE " + "KEY-----\n${KEY}\n-----END PRIVATE KEY-----",
            ),
        ),
        Case(
            "fail",
            "beside-a-marked-export",
            exports(a=Secret(PASSWORD), b=PASSWORD),
            [("violation", "outputs.b")],
        ),
        Case(
            "pass",
            "exported-as-the-provider-marks-it",
            [KEY, exports(key=Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCY0123456789"))],
        ),
        *(
            Case("fail", f"form-{name}", exports(leak=form), [("violation", "outputs.leak")], secrets=[SPECIAL])
            for name, form in FORMS.items()
        ),
        *(
            Case("fail", f"short-{name}", exports(leak=form), [("violation", "outputs.leak")], secrets=["hunter2!"])
            for name, form in {
                "part": "user:hunter2!@host",
                "base64": "aHVudGVyMiE=",
                "base64-without-padding": "aHVudGVyMiE",
                "hex": "68756e7465723221",
                "in-lines": "a\nhunter2!\nb",
            }.items()
        ),
        Case(
            "fail",
            "stripped-of-blanks",
            exports(leak="hunter2!hunter2"),
            [("violation", "outputs.leak")],
            secrets=["  hunter2!hunter2\n"],
        ),
        Case("fail", "number", exports(pin=12345678.0), [("violation", "outputs.pin")], secrets=["12345678"]),
        Case(
            "fail",
            "marked-number",
            [R("aws:rds/instance:Instance", password=Secret(12345678.0)), exports(pin="12345678")],
            [("violation", "outputs.pin")],
        ),
        Case(
            "fail",
            "name-in-an-object",
            exports(all={"users": {PASSWORD: {"deep": PASSWORD}}}),
            [("violation", "outputs.all.users"), ("violation", "outputs.all.users")],
            secrets=[PASSWORD],
        ),
        Case("fail", "name-of-an-export", exports(**{PASSWORD: "x"}), [("violation", "outputs")], secrets=[PASSWORD]),
        Case(
            "fail",
            "object-with-leading-blanks",
            exports(leak=PASSWORD),
            [("violation", "outputs.leak")],
            secrets=['\n {"db": {"password": "' + PASSWORD + '"}}'],
        ),
        Case(
            "fail",
            "credential-by-its-look-in-an-object",
            exports(a="postgres://app:hunter2!@db/app", b="Tr0ub4dor3xyzQ"),
            [("violation", "outputs.a"), ("violation", "outputs.b")],
            secrets=['{"url": "postgres://app:hunter2!@db/app", "value": "Tr0ub4dor3xyzQ"}'],
        ),
        Case(
            "fail",
            "member-of-a-map-marked-as-a-whole",
            [FUNCTION, exports(host="db.internal.example.com", leak=PASSWORD)],
            [("violation", "outputs.leak")],
        ),
        Case(
            "fail",
            "block-marked-as-a-whole",
            [
                R("oci:Vault/secret:Secret", secretContent=Secret({"content": PASSWORD, "name": "administrator"})),
                exports(leak=PASSWORD, name="administrator"),
            ],
            [("violation", "outputs.leak")],
        ),
        Case(
            "fail",
            "private-key-without-its-first-line",
            exports(pem="AAAA\n-----END RSA PRIVATE " + "KEY-----\n"),
            [("violation", "outputs.pem")],
        ),
        Case(
            "pass",
            "user-name-beside-a-password",
            exports(user="administrator"),
            secrets=['{"username": "administrator", "password": "' + PASSWORD + '"}'],
        ),
        Case("pass", "marked-deep-in-an-object", exports(all={"a": Secret({PASSWORD: PASSWORD})}), secrets=[PASSWORD]),
        Case("pass", "split-in-two", exports(a=PASSWORD[:10], b=PASSWORD[10:]), secrets=[PASSWORD]),
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
            "unknown-url-of-a-database",
            exports(database_url=UNKNOWN),
            [("undecided", "outputs.database_url")],
        ),
        Case(
            "undecided",
            "unknown-deep-down",
            exports(all={"db": {"auth_token": UNKNOWN}}),
            [("undecided", "outputs.all.db.auth_token")],
        ),
        Case(
            "undecided",
            "private-key-that-was-invented",
            exports(key="-----BEGIN RSA PRIVATE KEY-----\nstandin0x0123456789abcdef\n-----END RSA PRIVATE KEY-----\n"),
            [("undecided", "outputs.key")],
        ),
        Case(
            "undecided",
            "invented-with-a-telling-name",
            exports(
                db={"password": COMPUTED}, secret=f"arn:aws:secretsmanager:eu-west-1:{ANY_ACCOUNT}:secret:{COMPUTED}"
            ),
            [("undecided", "outputs.db.password")],
        ),
        Case(
            "fail",
            "credential-by-its-name",
            exports(adminPassword="hunter2", tokenUrl="https://login.example.com/token", token_type="bearer"),
            [("violation", "outputs.adminPassword", "medium")],
        ),
        Case(
            "fail",
            "credential-by-its-form",
            exports(pipeline=["ghp_" + "a1B2" * 9]),
            [("violation", "outputs.pipeline[0]", "high")],
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
        Case(
            "boundary",
            "a-word-counts-as-a-whole-only",
            exports(a="swordfish", b="my-swordfish-1"),
            [("violation", "outputs.a")],
            secrets=["swordfish"],
        ),
        Case("boundary", "a-common-word", exports(a="frontend", b="my-frontend-1"), secrets=["frontend"]),
        Case(
            "boundary",
            "a-password-counts-as-a-part",
            exports(url="https://u:hunter2222@db"),
            [("violation", "outputs.url")],
            secrets=["hunter2222"],
        ),
        Case("boundary", "numbers-and-flags", exports(port=8080.0, on=True, none=None), secrets=["8080"]),
    ],
)
