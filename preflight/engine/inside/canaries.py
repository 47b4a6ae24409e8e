"""Canaries: what a secret output holds, looking like the credential it stands for.

A canary keeps alphabet and length of the real thing, so that a program may measure, match or decode it, and contains
the computed token of its property, so that it is found again wherever the program lets it leak. Where there is no room
for the whole token it is cut; where there is room for too little of it to tell two canaries apart, or the alphabet has
not its letters, the canary is found by its value alone.
"""

from __future__ import annotations

import base64
import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from . import stand_ins, wire

_MARK: Final = len("standin0c")
# Four hexadecimal digits tell the canaries of a program apart.
_SHORTEST_TOKEN: Final = _MARK + 4
_DEFAULT_LENGTH: Final = 40
_LONGEST: Final = 4096

_LOWER: Final = string.ascii_lowercase + string.digits
_ALPHANUMERIC: Final = string.ascii_letters + string.digits
_URL_SAFE: Final = _ALPHANUMERIC + "-_"
# What generated passwords of the clouds hold beside letters and digits.
_AWS_SYMBOLS: Final = "!@#$%^&*()_+-=[]{}|'"
_OCI_SYMBOLS: Final = "#(){}[];:.>+-_~$"
_RANDOM_SYMBOLS: Final = "!@#$%&*()-_=+[]{}<>:?"  # the default of random's `overrideSpecial`

Inputs = Mapping[str, wire.Plain]


@dataclass(frozen=True, slots=True)
class _Seed:
    """Whose canary it is: the resource's URN and the property's path."""

    urn: str
    path: str

    @property
    def token(self) -> str:
        return stand_ins.computed(self.urn, self.path)

    def noise(self, length: int, alphabet: str = _ALPHANUMERIC) -> str:
        return stand_ins.noise(self.urn, self.path, length, alphabet)


_Build = Callable[[_Seed, Inputs], str]


def canary(type_: str, urn: str, path: str, inputs: Inputs | None = None) -> str:
    """The text for the output `path` of a resource that holds a secret, where its provider was given `inputs`."""
    build = FORMS.get((type_, path)) or next(
        (build for pattern, build in _NAMES if pattern.search(path)), _characters(_DEFAULT_LENGTH)
    )
    return build(_Seed(urn, path), inputs or {})


def is_credential(type_: str, path: str) -> bool:
    """Whether that output is known to be a credential, though the SDK may not mark it."""
    return (type_, path) in FORMS


def _characters(length: int, alphabet: str = _ALPHANUMERIC, start: str = "", end: str = "") -> _Build:
    return lambda seed, _: start + _mixed(seed, length - len(start) - len(end), alphabet) + end


def _mixed(seed: _Seed, length: int, alphabet: str, kinds: tuple[str, ...] = ()) -> str:
    """`length` characters with the token among them, and at least one of each of `kinds` where there is room."""
    token = seed.token if "s" in alphabet else seed.token.upper()
    required = [seed.noise(1, kind) for kind in kinds if set(token[:_SHORTEST_TOKEN]).isdisjoint(kind)]
    room = min(len(token), length - len(required))
    if room < _SHORTEST_TOKEN or not set(token[:room]) <= set(alphabet):
        needed = "".join(seed.noise(1, kind) for kind in kinds)
        return (needed + seed.noise(max(length - len(needed), 0), alphabet))[:length]
    noise = "".join(required) + seed.noise(length - len(required) - room, alphabet)
    half = len(noise) // 2
    return noise[:half] + token[:room] + noise[half:]


def _key_bytes(length: int) -> _Build:
    """Base64 of `length` bytes: it can be decoded, and the token stands in its letters."""
    padding = "=" * (-length % 3)
    letters = -(-length * 4 // 3)
    # The last letter may not hold bits that are cut off.
    last = "A" if padding else ""
    return lambda seed, _: _mixed(seed, letters - len(last), _ALPHANUMERIC + "+/") + last + padding


def _base64(seed: _Seed, _inputs: Inputs) -> str:
    return base64.b64encode(f"{seed.token}{seed.noise(8)}".encode()).decode()


def _hex(length: int) -> _Build:
    """Hexadecimal digits: the token's own letters, encoded."""
    return lambda seed, _: f"{seed.token}{seed.noise(length)}".encode()[: length // 2].hex()


def _pem(label: str) -> _Build:
    def build(seed: _Seed, _inputs: Inputs) -> str:
        body = _mixed(seed, _DEFAULT_LENGTH, _ALPHANUMERIC)
        return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"

    return build


_TLS_LABELS: Final = {"RSA": "RSA PRIVATE KEY", "ECDSA": "EC PRIVATE KEY"}


def _tls_key(seed: _Seed, inputs: Inputs) -> str:
    return _pem(_TLS_LABELS.get(str(inputs.get("algorithm")), "PRIVATE KEY"))(seed, inputs)


def _random_password(seed: _Seed, inputs: Inputs) -> str:
    """As the random provider's arguments have it (docs of RandomPassword)."""
    given = inputs.get("overrideSpecial")
    kinds = {
        "lower": string.ascii_lowercase,
        "upper": string.ascii_uppercase,
        "numeric": string.digits,
        "special": given if isinstance(given, str) and given else _RANDOM_SYMBOLS,
    }
    if inputs.get("number") is False:
        del kinds["numeric"]
    wanted = tuple(kind for name, kind in kinds.items() if inputs.get(name) is not False)
    return _mixed(seed, _length(inputs, "length"), "".join(wanted) or _LOWER, wanted)


def _random_bytes(encode: Callable[[int], _Build]) -> _Build:
    return lambda seed, inputs: encode(_length(inputs, "length"))(seed, inputs)


def _login_password(seed: _Seed, inputs: Inputs) -> str:
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits, _AWS_SYMBOLS)
    return _mixed(seed, _length(inputs, "passwordLength", 20), "".join(kinds), kinds)


def _length(inputs: Inputs, name: str, default: int = _DEFAULT_LENGTH) -> int:
    given = inputs.get(name)
    return int(given) if isinstance(given, int | float) and 0 < given <= _LONGEST else default


def _access_uri(seed: _Seed, inputs: Inputs) -> str:
    """The path of a pre-authenticated request, the same in all outputs that hold it."""
    seed = _Seed(seed.urn, "accessUri")
    space, bucket, name = (str(inputs.get(part) or "") for part in ("namespace", "bucket", "object"))
    return f"/p/{_mixed(seed, 64, _URL_SAFE)}/n/{space}/b/{bucket}/o/{name}"


_NAMES: Final[tuple[tuple[re.Pattern[str], _Build], ...]] = (
    (re.compile(r"openssh", re.IGNORECASE), _pem("OPENSSH PRIVATE KEY")),
    (re.compile(r"base64$|^b64", re.IGNORECASE), _base64),
    (re.compile(r"public_?key", re.IGNORECASE), _pem("PUBLIC KEY")),
    (re.compile(r"private_?key|pem$", re.IGNORECASE), _pem("PRIVATE KEY")),
    (re.compile(r"Hex$|^hex$"), _hex(64)),
)


def _oci_password(seed: _Seed, _inputs: Inputs) -> str:
    return _mixed(seed, 20, _ALPHANUMERIC + _OCI_SYMBOLS, (string.ascii_uppercase, _OCI_SYMBOLS))


# Lengths and alphabets as the services document them, or as their answers are known to be.
FORMS: Final[Mapping[tuple[str, str], _Build]] = {
    ("aws:appsync/apiKey:ApiKey", "key"): _characters(30, _LOWER, start="da2-"),
    ("aws:cognito/managedUserPoolClient:ManagedUserPoolClient", "clientSecret"): _characters(52, _LOWER),
    ("aws:cognito/userPoolClient:UserPoolClient", "clientSecret"): _characters(52, _LOWER),
    ("aws:grafana/workspaceServiceAccountToken:WorkspaceServiceAccountToken", "key"): _characters(46, start="glsa_"),
    ("aws:iam/accessKey:AccessKey", "secret"): _characters(40, _ALPHANUMERIC + "+/"),
    ("aws:iam/accessKey:AccessKey", "sesSmtpPasswordV4"): _key_bytes(33),
    ("aws:iam/serviceSpecificCredential:ServiceSpecificCredential", "servicePassword"): _key_bytes(32),
    ("aws:iam/userLoginProfile:UserLoginProfile", "password"): _login_password,
    ("aws:iam/virtualMfaDevice:VirtualMfaDevice", "base32StringSeed"): _characters(64),
    ("aws:iam/virtualMfaDevice:VirtualMfaDevice", "qrCodePng"): _base64,
    ("aws:iot/certificate:Certificate", "privateKey"): _pem("RSA PRIVATE KEY"),
    ("aws:kms/grant:Grant", "grantToken"): _characters(224, _URL_SAFE),
    ("aws:lightsail/bucketAccessKey:BucketAccessKey", "secretAccessKey"): _characters(40, _ALPHANUMERIC + "+/"),
    ("aws:lightsail/keyPair:KeyPair", "privateKey"): _pem("RSA PRIVATE KEY"),
    ("aws:ssm/activation:Activation", "activationCode"): _characters(20),
    ("aws:wafv2/apiKey:ApiKey", "apiKey"): _key_bytes(144),
    ("oci:Core/volumeAttachment:VolumeAttachment", "chapSecret"): _characters(16),
    ("oci:Identity/authToken:AuthToken", "token"): _oci_password,
    ("oci:Identity/customerSecretKey:CustomerSecretKey", "key"): _key_bytes(32),
    ("oci:Identity/domainsApp:DomainsApp", "clientSecret"): _characters(36),
    ("oci:Identity/domainsAuthToken:DomainsAuthToken", "token"): _oci_password,
    ("oci:Identity/domainsCustomerSecretKey:DomainsCustomerSecretKey", "secretKey"): _key_bytes(32),
    ("oci:Identity/domainsMyUserDbCredential:DomainsMyUserDbCredential", "mixedDbPassword"): _oci_password,
    ("oci:Identity/domainsOauth2clientCredential:DomainsOauth2clientCredential", "secret"): _characters(36),
    ("oci:Identity/domainsSmtpCredential:DomainsSmtpCredential", "password"): _oci_password,
    ("oci:Identity/domainsUserDbCredential:DomainsUserDbCredential", "mixedDbPassword"): _oci_password,
    ("oci:Identity/smtpCredential:SmtpCredential", "password"): _oci_password,
    ("oci:Identity/uiPassword:UiPassword", "password"): _oci_password,
    ("oci:IdentityDataPlane/generatedScopedAccessToken:GeneratedScopedAccessToken", "token"): _characters(256),
    ("oci:Kms/generatedKey:GeneratedKey", "plaintext"): _key_bytes(32),
    ("oci:ObjectStorage/preauthrequest:Preauthrequest", "accessUri"): _access_uri,
    ("oci:ObjectStorage/preauthrequest:Preauthrequest", "fullPath"): lambda seed, inputs: (
        f"https://objectstorage.us-ashburn-1.oraclecloud.com{_access_uri(seed, inputs)}"
    ),
    ("oci:Ocvp/sddc:Sddc", "hcxInitialPassword"): _oci_password,
    ("oci:Ocvp/sddc:Sddc", "nsxManagerInitialPassword"): _oci_password,
    ("oci:Ocvp/sddc:Sddc", "vcenterInitialPassword"): _oci_password,
    ("oci:Redis/redisClusterCreateIdentityToken:RedisClusterCreateIdentityToken", "identityToken"): _characters(256),
    ("random:index/randomBytes:RandomBytes", "base64"): _random_bytes(_key_bytes),
    ("random:index/randomBytes:RandomBytes", "hex"): _random_bytes(lambda length: _hex(2 * length)),
    ("random:index/randomPassword:RandomPassword", "bcryptHash"): _characters(60, start="$2a$10$"),
    ("random:index/randomPassword:RandomPassword", "result"): _random_password,
    ("tls:index/privateKey:PrivateKey", "privateKeyPem"): _tls_key,
}
