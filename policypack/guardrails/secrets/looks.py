"""What a text looks like: a reference, a placeholder, a name, or something that was generated."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Final

# What may well be marked and equal elsewhere without being a credential: regions, dates, identifiers, accounts, and
# what is public by its nature.
_COMMON: Final = re.compile(
    r"(?:us|eu|ap|sa|ca|me|af|il|mx|cn|uk)(?:-gov|-iso[a-z]?)?-[a-z]{4,14}-\d[a-z]?|\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?"
    r"|arn:[\w-]*:[\w-]*:[\w-]*:\w*:.*|ocid1\..*|\d{12}|(?:\d{1,3}\.){3}\d{1,3}(?:[:/]\d+)?"
    r"|\s*-----BEGIN (?:CERTIFICATE|[A-Z ]*PUBLIC KEY).*|LS0tLS1CRUdJTiB(?:DRVJU|QVUJM).*|(?:ssh-|ecdsa-)\S+ AAAA.*",
    re.DOTALL,
)
# Hosts, addresses without a password and with nothing but words in their path, mail addresses.
_PLACE: Final = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)?(?P<host>(?:[a-z0-9-]+\.)+[a-z]{2,12})(?::\d+)?"
    r"(?:/(?:[a-z]{1,16}(?:[-_.][a-z]{1,16}){0,3}|v\d))*/?|[\w.+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,12}"
)
# Where the first word of a host is an identifier that the cloud gave it.
_ENDPOINT: Final = re.compile(
    r".*\.(?:amazonaws\.com(?:\.cn)?|cloudfront\.net|on\.aws|aws\.dev|awsapprunner\.com|awsglobalaccelerator\.com"
    r"|elasticbeanstalk\.com|amplifyapp\.com|amazoncognito\.com|oraclecloud\.com|oraclevcn\.com|customer-oci\.com)"
)
# Words of eight letters and more that configuration is full of.
_WORDS: Final = frozenset(
    re.findall(
        r"\S+",
        "administrator analytics application backend business changeme community customer customers database default "
        "developer development disabled enabled enterprise europe-west external frontend integration internal "
        "localhost monitoring operator optional organization password placeholder platform postgres postgresql "
        "premium preview production registry reporting repository required sandbox secretsmanager service services "
        "staging standard testing undefined unknown unlimited us-central username warehouse",
    )
)

_LONGEST: Final = 4_096  # what is longer is a document
_LONGEST_PLACEHOLDER: Final = 256
_RANDOM_BITS: Final = 3.0  # a character; twenty generated characters have some four bits each, twenty of a word three

# What stands where a person or a program is to put the value.
_PLACEHOLDER: Final = re.compile(
    r"""\W*                                           # nothing but punctuation: `***`, `...`
      | [$%#@]?(?:\{\{?.*\}?\}|\(.*\)|<.*>|\[.*\])    # ${X}, $(x), {{ x }}, #{x}#, <x>, [secret]
      | \$[A-Za-z_]\w* | %[A-Za-z_]\w*% | %[sdv] | @[A-Z_]+@ | __\w+__
      | (?i: (?:please[\W_]?)?(?:change|replace|fill|set|insert|enter)
               [\W_]?(?:me|this|it|in|here|your|with)(?:[\W_\d].*)?
           | your[\W_].* | my[\W_]?(?:password|secret|token) | to[\W_]?do(?:[\W_].*)? | tbd | fix[\W_]?me | n/?a
           | (?:dummy|fake|mock|sample|example|placeholder|redacted|masked|hidden|removed|omitted|unused|unset)
               (?:[\W_].*)?
           | not[\W_]?(?:set|used|needed|required|applicable|available)
           | null | nil | none | undefined | empty | default | void | blank | unknown | x{3,}
           | pass(?:word|wd)? | pwd | secret | token
           )""",
    re.VERBOSE | re.DOTALL,
)
# In the middle of a credential's shape: documentation writes these, chance does not.
_EXAMPLE: Final = re.compile(
    r"(?i)example|placeholder|redacted|change_?me|dummy|your[_-]|[x*.]{5}|1234567890|0123456789|abcdefghij|0{12}"
)

# What only says where the value is kept.
_REFERENCE: Final = re.compile(
    r"""arn:[\w-]*:\S* | ocid1\.\S* | \{\{\s*resolve:.* | urn:\S*
      | (?i:secrets?|ssm|ssm-secure|vault|secretsmanager|parameter|parameterstore|keyvault|env|file|ref\+\w+|awssm|gcpsm
          |op|gsm|sops|kms|bao|doppler|azurekeyvault|valuefrom|asm|from|secretref|ref):\S*
      | @Microsoft\.KeyVault\(.* | projects/[^/\s]+/secrets/\S* | ENC\[.* | v\d:[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+""",
    re.VERBOSE | re.DOTALL,
)
# What is stored for everyone to see, or encrypted already.
_PUBLISHED: Final = re.compile(
    r"""(?:ssh-|ecdsa-|sk-ssh-|sk-ecdsa-)[\w@.-]+\ AAAA.* | AAAA[BEC]3NzaC1.*
      | \s*-----BEGIN\ (?!(?:[A-Z0-9]+\ )*PRIVATE).*
      | AQ[IE]CAH[\w+/=]+                              # what KMS encrypts
      | (?:sha(?:1|256|384|512)|md5|blake2b|blake3)[:-]\S+
      | \$(?:[1-9]|2[abxy]|g?y|apr1|argon2(?:id|i|d)|scrypt|pbkdf2[\w-]{0,16})\$.{16,}
      | \{(?:S?SHA(?:-?\d{3})?|S?MD5|CRYPT|BCRYPT|ARGON2|PBKDF2[A-Z0-9-]{0,10})\}\S+
      | (?:[0-9A-Fa-f]{2}:){7,}[0-9A-Fa-f]{2} | [\w./:-]+@sha256:[0-9a-f]{64}""",
    re.VERBOSE | re.DOTALL,
)
_PATH: Final = re.compile(r"(?:~|\.{1,2})?/[\w.@+~$%{}*-]*(?:/[\w.@+~$%{}*-]*)*|[A-Za-z]:\\\S*|[\w-]+(?:/[\w.-]+)+")
_ADDRESS: Final = re.compile(
    r"""[a-z][a-z0-9+.-]*://\S*                      # one with a password is a format of its own
      | [\w.+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,12}                             # e-mail
      | (?:[a-z0-9-]+\.)+[a-z]{2,24}\.?(?::\d+)? | [a-z][a-z0-9-]*:\d{2,5} | \d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d+)?
      | [0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){3,7}(?:/\d+)?""",
    re.VERBOSE,
)
_QUANTITY: Final = re.compile(
    r"(?i)[+-]?\d{1,5}(?:\.\d+)?%?|[+-]?\d{1,6}(?:\.\d+)?\s?(?:[smhdwyk]|min)|[+-]?\d{1,12}(?:\.\d+)?\s?(?:[num]s|kb|kib|mb|mib|gb|gib|tb)"
    r"|(?-i:P(?=\d|T\d)(?:\d{1,6}[YMWD])*(?:T(?:\d{1,6}(?:\.\d{1,9})?[HMS])+)?)"
    r"|\d{4}-\d\d-\d\d(?:[t ][\d:.+z-]*)?|v?\d+(?:\.\d+){1,3}(?:[-+][\w.]+)?"
    r"|(?:rate|cron|at)\(.*\)"
)
_WORD: Final = re.compile(
    r"(?i)true|false|yes|no|on|off|y|n|enabled?|disabled?|required|optional|always|never|auto|prompt|managed|iam|oidc"
    r"|plain(?:text)?|(?:md5|scram)(?:-sha-\d+)?|bearer|basic|jwt|oauth2?|header|cookie|file|env|stdin|vault|ssm|opaque"
)
_ENUMERATED: Final = re.compile(r"[A-Z]+(?:[_:. -][A-Z0-9]+)*")
_TELLING_PART: Final = re.compile(r"(?i)passw|secret|token|credential|(?:^|[-_.])(?:key|auth|creds?|pwd)(?:$|[-_.])")
# Words of letters, perhaps with a number at the end of one, joined by marks. A single word is a weak password.
_NAMES: Final = re.compile(r"(?=.*[-_.:/][A-Za-z])[A-Za-z]+\d{0,4}(?:[-_.:/][A-Za-z]*\d{0,4})+")

_PIECE: Final = re.compile(r"[A-Za-z0-9+/=]{8,}")
_HEX: Final = re.compile(r"(?:[0-9a-f]{16,}|[0-9A-F]{16,})")
_UUID: Final = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MIXED: Final = tuple(map(re.compile, ("[a-z]", "[A-Z]", r"\d")))
_IDENTIFIER: Final = re.compile(
    r"(?:[a-z]{1,12}-){1,3}(?:[0-9a-f]{8}|[0-9a-f]{17}|[0-9a-f]{32})|[a-z]{2}(?:-[a-z]+)+-\d_[A-Za-z0-9]{9}"
    r"|[0-9a-f]{40}|Z[A-Z0-9]{12,31}"
)
# What programs mark by habit: identifiers of AWS, time zones, schedules, paths, versions of images, sizes of machines.
_HABITUAL: Final = re.compile(
    r"(?:[a-z]{1,12}-){1,3}(?:[0-9a-f]{8}|[0-9a-f]{17})|[A-Z][a-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?"
    r"|(?:rate|cron|at)\(.*\)|(?:alias)?/[a-z][a-z_.-]*(?:/[a-z][a-z0-9_.-]{0,24})*"
    r"|(?:[a-z0-9.-]+/)*[a-z][a-z0-9._-]*:(?:v?\d+(?:\.\d+)*(?:-[a-z0-9.]+)?|latest|stable)|[a-z][a-z0-9]{1,4}\.[a-z0-9]{4,10}"
)
_CHANGES: Final = re.compile(r"(?<=[a-z])(?=[A-Z\d])|(?<=\d)(?=[A-Za-z])|(?<=[A-Z])(?=\d|[A-Z][a-z])")
_RARE: Final = re.compile(r"[!$%^&*#?~|<>@]")


def entropy(text: str) -> float:
    """Shannon entropy of the characters of `text`, in bits a character."""
    counts = Counter(text)
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())


def is_mixed(text: str) -> bool:
    """Whether `text` has small letters, capitals and digits."""
    return all(kind.search(text) for kind in _MIXED)


def is_example(text: str) -> bool:
    """Whether a text in the shape of a credential is one from documentation, or only shows where one goes."""
    return _EXAMPLE.search(text) is not None


def is_placeholder(text: str) -> bool:
    """Whether `text` stands where somebody is to put the value: `${X}`, `<password>`, `***`, `changeme`, nothing."""
    text = text.strip().strip("'\"")
    return len(text) <= _LONGEST_PLACEHOLDER and _PLACEHOLDER.fullmatch(text) is not None


def is_reference(text: str) -> bool:
    """Whether `text` names the place where a secret is kept, or is public or encrypted itself.

    An ARN, an OCID, `{{resolve:…}}`, `vault:…`, a public key, a certificate, a digest, a ciphertext.
    """
    text = text.strip()
    return _REFERENCE.fullmatch(text) is not None or _PUBLISHED.fullmatch(text) is not None


def is_ordinary(text: str) -> bool:
    """Whether `text` is what settings hold: a path, an address without a password, an amount, a date, a flag."""
    text = text.strip()
    if len(text) > _LONGEST or any(
        form.fullmatch(text) is not None for form in (_QUANTITY, _WORD, _ENUMERATED, _ADDRESS)
    ):
        return True
    return _PATH.fullmatch(text) is not None and not (
        any(map(_is_random_piece, re.split(r"[/\\]", text))) or _is_cut_by_chance(text)
    )


def is_common(text: str) -> bool:
    """Whether `text` may be marked and equal elsewhere without being a credential.

    Words and regions, dates, identifiers, accounts, certificates and public keys; hosts, addresses and mail addresses
    where no piece looks generated, but that of a cloud's own endpoint. A certificate is one whatever stands behind it:
    whether that is its private key is for the caller to ask.
    """
    if is_common_word(text) or _COMMON.fullmatch(text) or _HABITUAL.fullmatch(text):
        return True
    place = _PLACE.fullmatch(text)
    if place is None:
        return False
    host = place["host"]
    return (host is not None and _ENDPOINT.fullmatch(host) is not None) or not any(
        map(_is_random_piece, _PIECE.findall(text))
    )


def is_common_word(text: str) -> bool:
    """Whether `text` is a word that configuration is full of, such as `production` or `password`."""
    return text.lower() in _WORDS


def is_identifier(text: str) -> bool:
    """Whether `text` has the form of an identifier that a cloud or a tool gave something, of a commit or a UUID."""
    return _IDENTIFIER.fullmatch(text) is not None or _UUID.fullmatch(text) is not None


def is_name_of_secret(text: str) -> bool:
    """Whether `text` is a name that says what is kept under it: `prod/db/password`, `my-service-token`.

    Marks part its words: `password123` is what weak passwords look like.
    """
    return _NAMES.fullmatch(text) is not None and _TELLING_PART.search(text) is not None and not is_generated(text)


def is_generated(text: str) -> bool:
    """Whether a text mixes characters as generated passwords and keys do, and names, hosts and sentences do not."""
    if len(text) < 8 or len(text) > _LONGEST or re.search(r"\s", text):
        return False
    if _HEX.fullmatch(text) or _UUID.fullmatch(text):
        return len(set(text)) > 4
    if any(map(_is_random_piece, _PIECE.findall(text))):
        return True
    return "://" not in text and all(kind.search(text) for kind in (_RARE, _MIXED[0], _MIXED[2]))


def _is_cut_by_chance(path: str) -> bool:
    """Whether what has the form of a path is base64, in which one character of 64 is a slash."""
    return len(path) >= 12 and len(_CHANGES.findall(path)) * 4 > len(path)


def _is_random_piece(piece: str) -> bool:
    if len(piece) < 8:
        return False
    if is_mixed(piece):
        return re.search(r"\d[A-Za-z]", piece) is not None and entropy(piece) > 2.5
    if len(piece) < 16:
        return False
    if piece.isalpha():
        # Letters in one case only are a word, or cannot be told from one.
        changes = len(re.findall(r"[a-z][A-Z]|[A-Z]{2}[a-z]", piece))
        return len(piece) >= 20 and changes * 5 > len(piece) and entropy(piece) > _RANDOM_BITS
    return len(re.findall(r"\d+[A-Za-z]+", piece)) >= 3 and entropy(piece) > _RANDOM_BITS
