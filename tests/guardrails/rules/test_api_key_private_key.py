from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.model import Secret
from policypack.guardrails.rules.secret_marking.api_key_private_key import RULE
from policypack.guardrails.values import UNKNOWN

KEY = "oci:Identity/apiKey:ApiKey"
DOMAINS_KEY = "oci:Identity/domainsApiKey:DomainsApiKey"


def pem(label: str, body: str = "AAAA") -> str:
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"


PRIVATE = "PRIVATE " + "KEY"

test_api_key_private_key = table(
    RULE,
    [
        Case("fail", "pkcs8", R(KEY, keyValue=pem(PRIVATE)), [("violation", "keyValue", "critical")]),
        Case(
            "fail",
            "pkcs1-marked-secret",
            R(KEY, keyValue=Secret(pem("RSA " + PRIVATE))),
            [("violation", "keyValue", "critical")],
        ),
        Case("fail", "encrypted", R(KEY, keyValue=pem("ENCRYPTED " + PRIVATE)), [("violation", "keyValue")]),
        Case("fail", "openssh", R(DOMAINS_KEY, key=pem("OPENSSH " + PRIVATE)), [("violation", "key")]),
        Case("fail", "pgp", R(KEY, keyValue=pem("PGP " + PRIVATE + " BLOCK")), [("violation", "keyValue")]),
        Case(
            "fail", "escaped-line-ends", R(KEY, keyValue=pem(PRIVATE).replace("\n", "\\n")), [("violation", "keyValue")]
        ),
        Case(
            "fail",
            "after-the-public-one",
            R(KEY, keyValue=pem("PUBLIC KEY") + pem(PRIVATE)),
            [("violation", "keyValue")],
        ),
        Case(
            "fail",
            "body-without-pem-header",
            R(KEY, keyValue="MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"),
            [("violation", "keyValue")],
        ),
        *(
            Case("fail", f"bare-{body[:6]}", R(KEY, keyValue=f"  {body}\n"), [("violation", "keyValue")])
            for body in (
                "MIIEpAIBAAKCAQEA0Z3VS5JJcds3xfn",
                "MIIJJwIBAAKCAgEAwU2TCuf8oPoJ",
                "MIIG4wIBAAKCAYEAtY7J3uPj",
                "MHcCAQEEIIrYSSNQFaA2Hwf1",
                "MIICdgIBADANBgkqhkiG9w0B",
            )
        ),
        Case("pass", "bare-public", R(KEY, keyValue="MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA")),
        Case("pass", "bare-public-pkcs1", R(KEY, keyValue="MIIBCgKCAQEA0Z3VS5JJcds3xfn4ygWyF8PbnGy")),
        Case("pass", "public", R(KEY, keyValue=pem("PUBLIC KEY", "MIIBIjANBgkqhkiG9w0BAQEFAAOC"))),
        Case("pass", "public-pkcs1-secret", R(DOMAINS_KEY, key=Secret(pem("RSA PUBLIC KEY", "MIIBCgKCAQEA")))),
        Case("undecided", "unknown", R(KEY, keyValue=UNKNOWN), [("undecided", "keyValue")]),
        Case("undecided", "secret-unknown", R(KEY, keyValue=Secret(UNKNOWN)), [("undecided", "keyValue")]),
        Case("undecided", "from-missing-configuration", R(KEY, keyValue=ANYTHING), [("undecided", "keyValue")]),
        Case("not-applicable", "absent", R(KEY, userId="ocid1.user.oc1..x")),
        Case("boundary", "words-without-a-pem-header", R(KEY, keyValue=pem("PUBLIC KEY", "NOT A " + PRIVATE))),
        Case("boundary", "computed-elsewhere", R(KEY, keyValue=COMPUTED)),
    ],
)
