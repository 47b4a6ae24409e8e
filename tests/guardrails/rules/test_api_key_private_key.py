import base64

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.model import Secret
from policypack.guardrails.rules.secret_marking.api_key_private_key import RULE
from policypack.guardrails.values import UNKNOWN

KEY = "oci:Identity/apiKey:ApiKey"
DOMAINS_KEY = "oci:Identity/domainsApiKey:DomainsApiKey"
MY_KEY = "oci:Identity/domainsMyApiKey:DomainsMyApiKey"


def pem(label: str, body: str = "AAAA") -> str:
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"


PRIVATE = "PRIVATE " + "KEY"
INVENTED_KEY = pem("RSA " + PRIVATE, ANYTHING)

KEYS = {
    "rsa": rsa.generate_private_key(65537, 2048),
    "rsa-3072": rsa.generate_private_key(65537, 3072),
    "ec": ec.generate_private_key(ec.SECP256R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate(),
}
PASSPHRASE = BestAvailableEncryption(b"passphrase")
FORMATS: dict[str, tuple[str, PrivateFormat, KeySerializationEncryption]] = {
    "pkcs1": ("rsa", PrivateFormat.TraditionalOpenSSL, NoEncryption()),
    "pkcs1-3072": ("rsa-3072", PrivateFormat.TraditionalOpenSSL, NoEncryption()),
    "pkcs8-3072": ("rsa-3072", PrivateFormat.PKCS8, NoEncryption()),
    "pkcs8-encrypted": ("rsa", PrivateFormat.PKCS8, PASSPHRASE),
    "ec-sec1": ("ec", PrivateFormat.TraditionalOpenSSL, NoEncryption()),
    "ec-pkcs8": ("ec", PrivateFormat.PKCS8, NoEncryption()),
    "ed25519-pkcs8": ("ed25519", PrivateFormat.PKCS8, NoEncryption()),
    "ed25519-encrypted": ("ed25519", PrivateFormat.PKCS8, PASSPHRASE),
    "ed25519-openssh": ("ed25519", PrivateFormat.OpenSSH, NoEncryption()),
}


def private_forms() -> dict[str, str]:
    """Private keys of every format, mangled as they are when somebody cuts and pastes."""
    found = {}
    for sort, (name, format_, encryption) in FORMATS.items():
        whole = KEYS[name].private_bytes(Encoding.PEM, format_, encryption).decode()
        lines = whole.splitlines()
        body = lines[1:-1]
        found |= {
            f"{sort}-bare": "".join(body),
            f"{sort}-bare-in-lines": "\r\n".join(body),
            f"{sort}-bare-in-escaped-lines": "\\n".join(["", *body]),
            f"{sort}-bare-after-blanks": "\n" * 99 + "\n".join(body),
            f"{sort}-bare-after-words": f'key: "{"".join(body)}"',
            f"{sort}-without-first-line": "\n".join(lines[1:]),
            f"{sort}-base64-after-line-end": base64.b64encode(f"\n{whole}".encode()).decode(),
            f"{sort}-base64-after-words": base64.encodebytes(f"my key: {whole}".encode()).decode(),
            f"{sort}-base64-url-safe": base64.urlsafe_b64encode(f"??{whole}".encode()).decode(),
        }
    return found


def public_forms() -> dict[str, str]:
    found = {}
    for name, key in KEYS.items():
        public = key.public_key()
        spki = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        body = spki.splitlines()[1:-1]
        found |= {
            name: spki,
            f"{name}-bare": "".join(body),
            f"{name}-bare-in-lines": "\r\n".join(body),
            f"{name}-base64": base64.b64encode(spki.encode()).decode(),
            f"{name}-openssh": public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode(),
        }
    pkcs1 = KEYS["rsa"].public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
    return found | {"pkcs1": pkcs1, "pkcs1-bare": "".join(pkcs1.splitlines()[1:-1])}


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
        Case("fail", "ones-own", R(MY_KEY, key=pem(PRIVATE)), [("violation", "key")]),
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
        *(
            Case("fail", name, R(KEY, keyValue=text), [("violation", "keyValue")])
            for name, text in private_forms().items()
        ),
        *(Case("pass", f"public-{name}", R(KEY, keyValue=text)) for name, text in public_forms().items()),
        Case("pass", "bare-public", R(KEY, keyValue="MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA")),
        Case("pass", "bare-public-pkcs1", R(KEY, keyValue="MIIBCgKCAQEA0Z3VS5JJcds3xfn4ygWyF8PbnGy")),
        Case("pass", "public", R(KEY, keyValue=pem("PUBLIC KEY", "MIIBIjANBgkqhkiG9w0BAQEFAAOC"))),
        Case("pass", "public-pkcs1-secret", R(DOMAINS_KEY, key=Secret(pem("RSA PUBLIC KEY", "MIIBCgKCAQEA")))),
        Case(
            "fail",
            "header-decides-before-an-unread-body",
            R(KEY, keyValue=pem(PRIVATE, ANYTHING)),
            [("violation", "keyValue")],
        ),
        Case("undecided", "unknown", R(KEY, keyValue=UNKNOWN), [("undecided", "keyValue")]),
        Case("undecided", "secret-unknown", R(KEY, keyValue=Secret(UNKNOWN)), [("undecided", "keyValue")]),
        Case("undecided", "from-missing-configuration", R(KEY, keyValue=ANYTHING), [("undecided", "keyValue")]),
        Case("undecided", "invented-private-key", R(KEY, keyValue=INVENTED_KEY), [("undecided", "keyValue")]),
        Case(
            "fail", "one-invented-one-real", R(KEY, keyValue=INVENTED_KEY + pem(PRIVATE)), [("violation", "keyValue")]
        ),
        Case("not-applicable", "absent", R(KEY, userId="ocid1.user.oc1..x")),
        Case("boundary", "words-without-a-pem-header", R(KEY, keyValue=pem("PUBLIC KEY", "NOT A " + PRIVATE))),
        Case("boundary", "computed-elsewhere", R(KEY, keyValue=COMPUTED)),
    ],
)
