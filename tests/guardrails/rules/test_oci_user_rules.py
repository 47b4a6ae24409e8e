import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.model import Resource, Secret
from policypack.guardrails.rules.least_privilege import (
    oci_administrator_with_api_key,
    oci_api_key_malformed,
    oci_api_key_shared,
    oci_api_key_too_short,
    oci_password_policy_weak,
    oci_user_with_several_api_keys,
)
from policypack.guardrails.secrets.public_keys import NoKey, RsaKey, rsa_public_key
from policypack.guardrails.values import UNKNOWN

KEY = "oci:Identity/apiKey:ApiKey"
DOMAIN_KEY = "oci:Identity/domainsApiKey:DomainsApiKey"
MY_KEY = "oci:Identity/domainsMyApiKey:DomainsMyApiKey"
USER = "oci:Identity/user:User"
DOMAIN_USER = "oci:Identity/domainsUser:DomainsUser"
GROUP = "oci:Identity/group:Group"
DOMAIN_GROUP = "oci:Identity/domainsGroup:DomainsGroup"
MEMBERSHIP = "oci:Identity/userGroupMembership:UserGroupMembership"
POLICY = "oci:Identity/policy:Policy"
TENANCY_PASSWORDS = "oci:Identity/authenticationPolicy:AuthenticationPolicy"
DOMAIN_PASSWORDS = "oci:Identity/domainsPasswordPolicy:DomainsPasswordPolicy"

ADA = "ocid1.user.oc1..ada"
BOB = "ocid1.user.oc1..bob"


def element(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = size.to_bytes((size.bit_length() + 7) // 8 or 1, "big")
    return bytes([tag]) + (length if size < 0x80 else bytes([0x80 | len(length)]) + length) + content


def integer(number: int) -> bytes:
    return element(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def pkcs1(bits: int, number: int = 1) -> bytes:
    return element(0x30, integer((1 << (bits - 1)) + number) + integer(65537))


def spki(bits: int, number: int = 1, *, algorithm: str = "2a864886f70d010101") -> bytes:
    named = element(0x30, element(6, bytes.fromhex(algorithm)) + b"\x05\x00")
    return element(0x30, named + element(3, b"\0" + pkcs1(bits, number)))


def pem(der: bytes, label: str = "PUBLIC KEY") -> str:
    return f"-----BEGIN {label}-----\n{base64.encodebytes(der).decode()}-----END {label}-----\n"


GOOD = pem(spki(2048))
OTHER = pem(spki(2048, 5))
SHORT = pem(spki(1024))
SSH = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ ada@laptop"
BAD = [("violation", "keyValue", "medium")]
PRIVATE = "-----BEGIN " + "PRIVATE KEY-----\nMIIEvQ\n-----END " + "PRIVATE KEY-----"


def key(value: object = GOOD, user: object = ADA, name: str = "k") -> Resource:
    return R(KEY, name, keyValue=value, userId=user)


test_oci_api_key_malformed = table(
    oci_api_key_malformed.RULE,
    [
        Case("fail", "openssh", key(SSH), BAD),
        Case("fail", "certificate", key(pem(b"0", "CERTIFICATE")), BAD),
        Case("fail", "elliptic-curve", key(pem(spki(2048, algorithm="2a8648ce3d0201"))), BAD),
        Case("fail", "cut-off", key(GOOD[:200]), BAD),
        Case("fail", "damaged", key(pem(spki(2048)[:-9])), BAD),
        Case("fail", "bytes-after-it", key(pem(spki(2048) + b"\0")), BAD),
        Case("fail", "in-base64-once-more", key(base64.b64encode(GOOD.encode()).decode()), BAD),
        Case("fail", "words", key("the key of the speech service"), BAD),
        Case("fail", "empty", key(""), BAD),
        Case("fail", "number", key(17.0), BAD),
        Case("fail", "endless", key("-----BEGIN PUBLIC KEY-----" + "A" * 100_000), BAD),
        Case("fail", "secret", key(Secret(SSH)), BAD),
        Case("fail", "of-a-domain", R(DOMAIN_KEY, key=SSH), [("violation", "key", "medium")]),
        Case("fail", "ones-own", R(MY_KEY, key=SSH), [("violation", "key", "medium")]),
        Case("pass", "public", key(GOOD)),
        Case("pass", "pkcs1", key(pem(pkcs1(3072), "RSA PUBLIC KEY"))),
        Case("pass", "with-the-line-of-the-console", key(f"{GOOD}OCI_API_KEY\n")),
        Case("pass", "escaped-line-ends", key(GOOD.replace("\n", "\\n"))),
        Case("pass", "carriage-returns", R(DOMAIN_KEY, key=f"\r\n {GOOD}".replace("\n", "\r\n"))),
        Case("not-applicable", "absent", R(KEY, userId=ADA)),
        Case("boundary", "bare-body", key(base64.encodebytes(spki(2048)).decode())),
        Case("boundary", "private-is-said-elsewhere", key(PRIVATE)),
        Case("boundary", "computed-elsewhere", key(COMPUTED)),
        Case("boundary", "not-known-yet-is-said-elsewhere", key(UNKNOWN)),
    ],
    without={"undecided": "that a key is not known yet is said by api-key-private-key"},
)

test_oci_api_key_too_short = table(
    oci_api_key_too_short.RULE,
    [
        Case("fail", "1024", key(SHORT), BAD),
        Case("fail", "2047", key(pem(spki(2047))), BAD),
        Case("fail", "pkcs1", R(DOMAIN_KEY, key=pem(pkcs1(512), "RSA PUBLIC KEY")), [("violation", "key", "medium")]),
        Case("pass", "2048", key(GOOD)),
        Case("pass", "4096", key(pem(spki(4096)))),
        Case("not-applicable", "no-rsa-key", key(SSH)),
        Case("boundary", "not-known-yet", key(ANYTHING)),
    ],
    without={"undecided": "that a key is not known yet is said by api-key-private-key"},
)

test_oci_api_key_shared = table(
    oci_api_key_shared.RULE,
    [
        Case("fail", "two-users", [key(name="a"), key(user=BOB, name="b")], BAD),
        Case("fail", "written-in-two-ways", [key(name="a"), key(pem(pkcs1(2048), "RSA PUBLIC KEY"), BOB, "b")], BAD),
        Case(
            "fail",
            "users-of-the-stack",
            [
                R(USER, "ada"),
                R(DOMAIN_USER, "bob", ocid=BOB),
                R(KEY, "a", deps={"userId": [f"{USER}::ada"]}, userId=UNKNOWN, keyValue=GOOD),
                R(DOMAIN_KEY, "b", user={"ocid": BOB}, key=GOOD),
            ],
            [("violation", "key", "medium")],
        ),
        Case("pass", "each-has-its-own", [key(name="a"), key(OTHER, BOB, "b")]),
        Case(
            "undecided",
            "user-nobody-gave",
            [key(name="a"), key(user=ANYTHING, name="b")],
            [("undecided", "keyValue")],
        ),
        Case("not-applicable", "no-rsa-key", [key(SSH, name="a"), key(SSH, BOB, "b")]),
        Case("boundary", "one-user-twice", [key(name="a"), key(name="b")]),
        Case("boundary", "user-not-known", [key(name="a"), key(user=UNKNOWN, name="b")]),
    ],
)

test_oci_user_with_several_api_keys = table(
    oci_user_with_several_api_keys.RULE,
    [
        Case("fail", "two", [key(name="a"), key(OTHER, name="b")], [("violation", "userId", "low")]),
        Case("fail", "three", [key(name=name) for name in "abc"], [("violation", "userId", "low")]),
        Case("fail", "four", [key(name=name) for name in "abcd"], [("violation", "userId", "medium")]),
        Case(
            "fail",
            "by-id-and-by-ocid",
            [
                R(DOMAIN_USER, "ada", id="5f1c", ocid=ADA),
                R(DOMAIN_KEY, "a", user={"value": "5f1c"}, key=GOOD),
                R(DOMAIN_KEY, "b", user={"ocid": ADA}, key=OTHER),
            ],
            [("violation", "user", "low")],
        ),
        Case("fail", "unknown-keys-count-too", [key(UNKNOWN, name="a"), key(UNKNOWN, name="b")], [("violation", "userId")]),
        Case("pass", "one-each", [key(name="a"), key(user=BOB, name="b")]),
        Case("not-applicable", "no-keys", [R(USER, "ada")]),
        Case("boundary", "user-not-known", [key(user=UNKNOWN, name="a"), key(user=UNKNOWN, name="b")]),
        Case("boundary", "user-made-here", [key(user=COMPUTED, name="a"), key(user=COMPUTED, name="b")], [("violation", "userId")]),
    ],
    without={"undecided": "whose key it is is known, or told by what the key was computed from"},
)  # fmt: skip


def member(group: object = "ocid1.group.oc1..g", user: object = ADA) -> Resource:
    return R(MEMBERSHIP, "m", userId=user, groupId=group)


def allows(*statements: object) -> Resource:
    return R(POLICY, "p", statements=list(statements))


def named(name: object) -> Resource:
    return R(GROUP, "g", id="ocid1.group.oc1..g", name=name)


ADMINISTERS = [("violation", "userId", "high")]
ALL = "Allow group Operators to manage all-resources in tenancy"

test_oci_administrator_with_api_key = table(
    oci_administrator_with_api_key.RULE,
    [
        Case("fail", "by-name", [named("Administrators"), member(), key()], ADMINISTERS),
        Case("fail", "by-statement", [named("operators"), member(), key(), allows("Allow", ALL)], ADMINISTERS),
        Case(
            "fail",
            "who-can-make-himself-one",
            [named("operators"), member(), key(), allows("Allow group operators to manage policies in tenancy")],
            ADMINISTERS,
        ),
        Case(
            "pass",
            "denied-again",
            [named("operators"), member(), key(), allows(ALL, "Deny group operators to inspect all-resources in tenancy")],
        ),
        Case(
            "fail",
            "by-statement-on-the-id",
            [named("x"), member(), key(), allows("Allow group id ocid1.group.oc1..g to manage all-resources in tenancy")],
            ADMINISTERS,
        ),
        Case(
            "fail",
            "of-a-domain",
            [
                R(DOMAIN_USER, "ada", ocid=ADA, id="5f1c"),
                R(DOMAIN_GROUP, "g", displayName="Administrators", members=[{"type": "User", "value": "5f1c"}]),
                R(DOMAIN_KEY, "k", user={"ocid": ADA}, key=GOOD),
            ],
            [("violation", "user", "high")],
        ),
        Case(
            "fail",
            "joined-by-what-they-were-computed-from",
            [
                R(USER, "ada"),
                R(GROUP, "g", name="Administrators"),
                R(MEMBERSHIP, "m", deps={"userId": [f"{USER}::ada"], "groupId": [f"{GROUP}::g"]}, userId=UNKNOWN, groupId=UNKNOWN),
                R(KEY, "k", deps={"userId": [f"{USER}::ada"]}, userId=UNKNOWN, keyValue=UNKNOWN),
            ],
            ADMINISTERS,
        ),
        Case("fail", "each-key", [named("Administrators"), member(), key(name="a"), key(name="b")], ADMINISTERS * 2),
        Case("pass", "other-group", [named("Operators"), member(), key(), allows("Allow group Operators to manage buckets in tenancy")]),
        Case("pass", "not-in-the-tenancy", [named("Operators"), member(), key(), allows(ALL.replace("tenancy", "compartment Speech"))]),
        Case("fail", "by-statement-on-a-group-elsewhere", [
            member(), key(), allows("Allow group id ocid1.group.oc1..G to manage all-resources in tenancy")
        ], ADMINISTERS),
        Case("fail", "by-statement-on-the-user", [
            R(USER, "ada", id=ADA), key(), allows(f"Allow any-user to manage all-resources in tenancy where request.user.id = '{ADA}'")
        ], ADMINISTERS),
        Case("undecided", "domain-not-known", [
            R(DOMAIN_USER, "ada", ocid=ADA, id="5f1c"),
            R(DOMAIN_GROUP, "g", displayName="Administrators", members=[{"value": "5f1c"}], idcsEndpoint="https://idcs-1.example.com"),
            key(),
        ], [("undecided", "userId")]),
        Case("pass", "domain-of-the-stack", [
            R(DOMAIN_USER, "ada", ocid=ADA, id="5f1c"),
            R("oci:Identity/domain:Domain", "d", url="https://idcs-1.example.com"),
            R(DOMAIN_GROUP, "g", displayName="Administrators", members=[{"value": "5f1c"}], idcsEndpoint="https://idcs-1.example.com"),
            key(),
        ]),
        Case("undecided", "group-is-elsewhere", [member(), key()], [("undecided", "userId")]),
        Case("not-applicable", "administrator-without-key", [named("Administrators"), member(), key(user=BOB)]),
        Case("boundary", "reads-all", [named("Operators"), member(), key(), allows(ALL.replace("manage", "read"))]),
        Case("boundary", "dynamic-group-of-that-name", [named("Operators"), member(), key(), allows(ALL.replace("group", "dynamic-group"))]),
        Case("boundary", "group-of-that-name-in-another-domain", [named("Operators"), member(), key(), allows(ALL.replace("Operators", "Staff/Operators"))]),
        Case("boundary", "in-no-group", [key()]),
    ],
)  # fmt: skip


STRONG = {
    "isLowercaseCharactersRequired": True,
    "isUppercaseCharactersRequired": True,
    "isNumericCharactersRequired": True,
    "isSpecialCharactersRequired": True,
    "minimumPasswordLength": 14.0,
}
STRONG_DOMAIN: dict[str, object] = {
    "passwordStrength": "Custom",
    "minLength": 14.0,
    "minLowerCase": 1.0,
    "minUpperCase": 1.0,
    "minNumerals": 1.0,
    "minSpecialChars": 1.0,
    "numPasswordsInHistory": 24.0,
    "passwordExpiresAfter": 365.0,
    "userNameDisallowed": True,
}


def tenancy(**changes: object) -> Resource:
    given = {name: value for name, value in {**STRONG, **changes}.items() if value is not None}
    return R(TENANCY_PASSWORDS, passwordPolicy=given)


def domain(**changes: object) -> Resource:
    return R(
        DOMAIN_PASSWORDS, **{name: value for name, value in {**STRONG_DOMAIN, **changes}.items() if value is not None}
    )


LENGTH = "passwordPolicy.minimumPasswordLength"
LOWER = "passwordPolicy.isLowercaseCharactersRequired"

test_oci_password_policy_weak = table(
    oci_password_policy_weak.RULE,
    [
        Case("fail", "short", tenancy(minimumPasswordLength=12.0), [("violation", LENGTH, "medium")]),
        Case("fail", "length-left-out", tenancy(minimumPasswordLength=None), [("violation", LENGTH, "medium")]),
        Case("fail", "two-classes", tenancy(isLowercaseCharactersRequired=False, isSpecialCharactersRequired=False), [("violation", LOWER)]),
        Case("fail", "name-in-it", tenancy(isUsernameContainmentAllowed=True), [("violation", "passwordPolicy.isUsernameContainmentAllowed")]),
        Case("fail", "domain-short", domain(minLength=8.0), [("violation", "minLength", "medium")]),
        Case("fail", "domain-length-left-out", domain(minLength=None), [("violation", "minLength")]),
        Case("fail", "domain-classes", domain(minNumerals=0.0, minSpecialChars=None), [("violation", "minNumerals")]),
        Case("fail", "domain-reuse", domain(numPasswordsInHistory=4.0), [("violation", "numPasswordsInHistory")]),
        Case("fail", "domain-for-ever", domain(passwordExpiresAfter=0.0), [("violation", "passwordExpiresAfter")]),
        Case("fail", "domain-two-years", domain(passwordExpiresAfter=730.0), [("violation", "passwordExpiresAfter")]),
        Case("fail", "domain-name-in-it", domain(userNameDisallowed=False), [("violation", "userNameDisallowed")]),
        Case("fail", "of-oracle", R(DOMAIN_PASSWORDS, passwordStrength="Simple"), [("violation", "passwordStrength", "medium")]),
        Case("fail", "setting", domain(), [("violation", "minLength")], settings={"minimumLength": 16}),
        Case("pass", "tenancy", tenancy()),
        Case("pass", "domain", domain()),
        Case("pass", "as-text", domain(minLength="20", userNameDisallowed=None)),
        Case("undecided", "unknown-length", tenancy(minimumPasswordLength=UNKNOWN), [("undecided", LENGTH)]),
        Case("undecided", "class-left-to-the-tenancy", tenancy(isLowercaseCharactersRequired=None), [("undecided", LOWER)]),
        Case("undecided", "unknown-policy", R(TENANCY_PASSWORDS, passwordPolicy=UNKNOWN), [("undecided", "passwordPolicy")]),
        Case("undecided", "domain-unknown", domain(minLength=ANYTHING, minUpperCase=UNKNOWN), [("undecided", "minLength"), ("undecided", "minUpperCase")]),
        Case("not-applicable", "network-alone", R(TENANCY_PASSWORDS, networkPolicy={"networkSourceIds": []})),
        Case("boundary", "no-end-asked-for", domain(passwordExpiresAfter=None), settings={"maximumAge": 0}),
    ],
)  # fmt: skip


@given(st.text(max_size=400) | st.binary(max_size=300).map(pem))
def test_any_text_is_a_key_or_none(text: str) -> None:
    assert isinstance(rsa_public_key(text), RsaKey | NoKey)


@pytest.mark.parametrize("bits", [512, 1023, 2048, 4096, 16_384])
def test_length_is_that_of_the_modulus(bits: int) -> None:
    for text in (pem(spki(bits)), pem(pkcs1(bits), "RSA PUBLIC KEY")):
        found = rsa_public_key(text)
        assert isinstance(found, RsaKey)
        assert found.bits == bits
