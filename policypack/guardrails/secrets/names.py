"""Whether a text is a credential, by the names that lead to it and by what it looks like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal

from ..findings import Severity
from ..values import has_stand_in
from .formats import find
from .looks import is_generated, is_identifier, is_name_of_secret, is_ordinary, is_placeholder, is_reference

# What finds something.
_FINDING: Final = (
    "user|username|login|email|host|hostname|port|endpoint|domain|region|zone|database|engine|bucket|account"
)
_TELLING: Final = re.compile(
    r"passw|passphrase|pwd|passwd|secret|token|credential|bearer|apikey|dsn$|connection_?string|erlang_cookie"
    r"|(?:^|_)(?:keys?|auth|pass|pat|pin|pw|salt|sas|psk)$"
)
# What says that the value only describes or finds something, or stands beside the credential.
_HARMLESS: Final = re.compile(
    rf"(?:^|_)(?:{_FINDING}|endpoints|arn|arns|id|ids|name|names|path|paths|file|filename|dir|directory|url|urls|uri|uris|link|ttl|length|len|policy"
    r"|version|versions|type|types|kind|mode|expiry|expires|expiration|expire|lifetime|validity|duration|age|timeout|interval"
    r"|seconds|minutes|hours|days|ms|db|driver|schema|issuer|audience|environment|env|description|algorithm|alg|size|scope"
    r"|scopes|enabled|disabled|required|enable|disable|allowed|rotation|rotate|count|limit|max|min|minimum|maximum|prefix"
    r"|suffix|pattern|regex|format|header|field|param|parameter|parameters|column|table|key_name|key_id|ref|reference|source"
    r"|backend|provider|manager|store|storage|service|server|method|strategy|hash|hashed|fingerprint|digest|checksum|thumbprint"
    r"|encrypted|ciphertext|cipher|encoding|status|state|location|label|hint|help|title|template|class|handler|function"
    r"|symbol|standard|supply|address|contract|group|owner|usage|use|index|position|bits|bytes|attempts|retries|history)$"
)
# Words that never name anything but the thing itself: any value there is one, a plain word too.
_PASSWORD: Final = re.compile(
    r"(?:^|_)(?:\w*passw(?:or)?d|pwd|pw|passphrase|passcode|\w*secret_?key"
    r"|(?:db|database|mysql|postgres|pg|redis|mongo|smtp|mail|ftp|ssh|ldap|mq|admin|user|root|docker|registry)_?pass)$"
)
_SECRET: Final = re.compile(
    r"(?:^|_)(?:\w*secrets?|\w*tokens?|credentials?|creds?|bearer|\w*api_?keys?|auth|pass|pat|psk|sas|salt|pepper|dsn"
    r"|erlang_cookie|\w*secret_?access_?key|(?:aes|fernet|stripe|openai|anthropic|github|gitlab|slack|sendgrid|mailgun|twilio|datadog)_?key"
    r"|connection_?str(?:ing)?|conn_?str|(?:access|private|signing|sign|encryption|encrypt|master|account|shared|auth|secret"
    r"|license|licence|admin|service|app|application|hmac|jwt|session|cookie|webhook|storage|root|client|integration|deploy"
    r"|ingest|ingestion|write|consumer|subscription|function|host)_?keys?|secret_key_base)$"
)
# What may follow such a word and leaves it what it is.
_SUFFIX: Final = re.compile(
    r"(?:_(?:value|text|plain|plaintext|string|raw|data|b64|base64|prod|production|dev|development|stage|staging|test|qa|live"
    r"|primary|secondary|old|new|current|previous|default|v?\d+)|\d)+$"
)
# Tokens and keys that let nobody in.
_OPEN: Final = re.compile(
    r"(?:^|_)(?:public|publishable|site|next|page|paging|pagination|continuation|continue|start|resume|client_request|idempotency|creation"
    r"|client|request|cache|sync|task|csrf_?cookie|partition|sort|hash|range|primary|foreign|object|lock|design|max|min"
    r"|total|input|output|prompt|completion|stop|eos|bos|pad|special|num|n|publish)_(?:tokens?|keys?)$"
    r"|(?:^|_)client_secret_name$|(?:^|_)(?:no|disable|enable|use|allow|require|has|is|skip|show|hide|forgot|reset|change"
    r"|verify|validate|generate|random|rotate|force|manage)_(?:\w+_)?(?:password|secret|secrets|token|tokens|auth|credentials)$"
)
_COLLECTION: Final = re.compile(r"(?:^|_)(?:credentials|secrets|passwords|tokens|api_?keys)$")
# Keys of configuration are named for people: under these names a word that nobody generated is a credential as well.
_FOR_PEOPLE: Final = re.compile(
    r"(?:^|_)(?:token|bearer|psk|(?:api|access|secret|private|signing|encryption|auth|account|license|master)_?key"
    r"|(?:api|app|auth|client|consumer|cookie|hmac|jwt|oauth|session|shared|signing|webhook)_?secret)$"
)
_ADDRESS: Final = re.compile(r"(?:^|_)(?:database|db|redis|mongo|amqp)_ur[il]$")
_FINDS: Final = re.compile(rf"(?:^|_)(?:{_FINDING})$")
# A connection string: what it holds has names of its own.
_SETTINGS: Final = re.compile(r"[A-Za-z][\w .-]{0,40}=[^;]*(?:;\s*[A-Za-z][\w .-]{0,40}=[^;]*)+;?\s*")
_SHORTEST_WORD: Final = 8
_LONGEST_PHRASE: Final = 64
_LONGEST_NAME: Final = 256
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[-.\s:/]")

# What is a credential under a name: any value, in configuration a word of some length too, or what was generated alone.
_Kind = Literal["any", "word", "generated"]


def words(name: str) -> str:
    """`apiToken`, `API_TOKEN`, `api-token` and `api:token` all as `api_token`, so that ends of words can be seen."""
    return _CAMEL.sub("_", name).lower()


def finds(name: str) -> bool:
    """Whether what has this name only finds something or somebody: a host, a user name, a region, a bucket."""
    return _FINDS.search(words(name)) is not None


def names_credential(name: str) -> bool:
    """Whether a value of which only the name is known may turn out to be a credential, or an address that holds one."""
    return _kind(name) is not None or _ADDRESS.search(words(name)) is not None


def is_credential(names: Sequence[str], text: str) -> bool:
    """Whether `text`, a member of an object that is secret as a whole, is a credential by its name or its look.

    `names` are the names that lead to it, from the object inwards.
    """
    if "PRIVATE KEY-----" in text or any(one.severity is not Severity.LOW for one in find(text)):
        return True
    spoken = [words(name) for name in names]
    if _HARMLESS.search(spoken[-1]) or is_reference(text):
        return False
    if any(_TELLING.search(name) for name in spoken):
        return True
    # What an object that is secret as a whole says beside its credentials: the identifiers of resources that it uses.
    return is_generated(text) and not (is_identifier(text) or has_stand_in(text))


def is_named_credential(names: Sequence[str], text: str, *, in_configuration: bool = False) -> bool:
    """Whether `text`, which nobody has marked, is a credential by its name.

    `names` are the names that lead to it, from the outermost inwards; the last tells, or that of a map of credentials
    around it. Under a name that says password, any value is one that does not look like something else, a weak one such
    as `password123` too; a token or a key is one only where it looks generated, for such names stand for harmless
    things too. In configuration, whose keys are named for people, a word of eight characters is one under most of them.
    References, placeholders (`changeme` and `password` are: nobody keeps them secret), paths, addresses, amounts and
    flags are none under any name.
    """
    kind = _kind(names[-1])
    if kind is None and not (
        len(names) > 1 and _COLLECTION.search(words(names[-2])) and not _HARMLESS.search(words(names[-1]))
    ):
        return False
    text = text.strip().strip("\"'")
    if not text or _is_other(names, text):
        return False
    if _SETTINGS.fullmatch(text):
        parts = (part.partition("=") for part in text.split(";"))
        return any(is_named_credential((name.strip(),), inner) for name, _, inner in parts)
    if is_generated(text):
        return True
    if kind == "any" or (kind == "word" and in_configuration and len(text) >= _SHORTEST_WORD):
        return not is_name_of_secret(text) and (not re.search(r"\s", text) or len(text) <= _LONGEST_PHRASE)
    return False


@lru_cache(maxsize=4096)
def _kind(name: str) -> _Kind | None:
    """What is a credential under a name; None where nothing is by its name."""
    if len(name) > _LONGEST_NAME:
        return None
    whole = words(name)
    bare = _SUFFIX.sub("", whole)
    forms = {whole, bare}
    if any(_HARMLESS.search(form) or _OPEN.search(form) for form in forms):
        return None
    if _PASSWORD.search(bare):
        return "any"
    if _FOR_PEOPLE.search(bare):
        return "word"
    return "generated" if any(map(_SECRET.search, forms)) else None


def _is_other(names: Sequence[str], text: str) -> bool:
    """Whether a text is something else than a credential, whatever its name."""
    if is_placeholder(text) or is_reference(text) or is_ordinary(text):
        return True
    return words(text) in {words(name) for name in names}
