"""Whether a text is a credential, by the names that lead to it and by what it looks like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from ..findings import Severity
from .formats import find
from .looks import is_generated, is_name_of_secret, is_ordinary, is_placeholder, is_reference

_TELLING: Final = re.compile(
    r"passw|passphrase|pwd|passwd|secret|token|credential|bearer|apikey|dsn$|connection_?string"
    r"|(?:^|_)(?:keys?|auth|pass|pat|pin|salt|sas|psk)$"
)
# What says that the value only describes or finds something, or stands beside the credential.
_HARMLESS: Final = re.compile(
    r"(?:^|_)(?:arn|arns|id|ids|name|names|path|paths|file|filename|dir|directory|url|urls|uri|uris|link|ttl|length|len|policy"
    r"|version|versions|type|types|kind|mode|expiry|expires|expiration|expire|lifetime|validity|duration|age|timeout|interval"
    r"|seconds|minutes|hours|days|ms|region|zone|user|username|login|email|host|hostname|port|endpoint|endpoints|domain"
    r"|database|db|engine|driver|schema|issuer|audience|environment|env|description|account|bucket|algorithm|alg|size|scope"
    r"|scopes|enabled|disabled|required|enable|disable|allowed|rotation|rotate|count|limit|max|min|minimum|maximum|prefix"
    r"|suffix|pattern|regex|format|header|field|param|parameter|parameters|column|table|key_name|key_id|ref|reference|source"
    r"|backend|provider|manager|store|storage|service|server|method|strategy|hash|hashed|fingerprint|digest|checksum|thumbprint"
    r"|encrypted|ciphertext|cipher|encoding|status|state|location|label|hint|help|title|template|class|handler|function"
    r"|symbol|standard|supply|address|contract|group|owner|usage|use|index|position|bits|bytes|attempts|retries|history)$"
)
# Words that never name anything but the thing itself: any value there is one, a plain word too.
_PASSWORD: Final = re.compile(r"(?:^|_)(?:\w*passw(?:or)?d|pwd|passphrase|passcode|\w*secret_?key)$")
_SECRET: Final = re.compile(
    r"(?:^|_)(?:\w*secrets?|\w*tokens?|credentials?|creds?|bearer|\w*api_?keys?|auth|pass|pat|psk|sas|salt|pepper|dsn"
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
_LONGEST_PHRASE: Final = 64
_LONGEST_NAME: Final = 256
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[-.\s:/]")


def is_credential(names: Sequence[str], text: str) -> bool:
    """Whether `text`, a member of an object that is secret as a whole, is a credential by its name or its look.

    `names` are the names that lead to it, from the object inwards.
    """
    if "PRIVATE KEY-----" in text or any(one.severity is not Severity.LOW for one in find(text)):
        return True
    words = [_words(name) for name in names]
    if _HARMLESS.search(words[-1]) or is_reference(text):
        return False
    return any(_TELLING.search(word) for word in words) or is_generated(text)


def is_named_credential(names: Sequence[str], text: str) -> bool:
    """Whether `text`, which nobody has marked, is a credential by its name.

    `names` are the names that lead to it, from the outermost inwards; the last tells, or that of a map of credentials
    around it. Under a name that says password, any value is one that does not look like something else; a token or a
    key is one only where it looks generated, for such names stand for harmless things too. References, placeholders
    (`changeme` is one: nobody keeps it secret), paths, addresses, amounts and flags are none under any name.
    """
    kind = _kind(names[-1])
    if kind is None and not (
        len(names) > 1 and _COLLECTION.search(_words(names[-2])) and not _HARMLESS.search(_words(names[-1]))
    ):
        return False
    text = text.strip().strip("\"'")
    if not text or _is_other(names, text):
        return False
    if kind == "password":
        return not is_name_of_secret(text) and (not re.search(r"\s", text) or len(text) <= _LONGEST_PHRASE)
    return is_generated(text)


@lru_cache(maxsize=4096)
def _kind(name: str) -> str | None:
    """`password` or `secret`, for what a name says that its value is; None for anything else."""
    if len(name) > _LONGEST_NAME:
        return None
    words = _words(name)
    bare = _SUFFIX.sub("", words)
    for form in {words, bare}:
        if _HARMLESS.search(form) or _OPEN.search(form):
            return None
    if _PASSWORD.search(bare):
        return "password"
    return "secret" if _SECRET.search(bare) else None


def _is_other(names: Sequence[str], text: str) -> bool:
    """Whether a text is something else than a credential, whatever its name."""
    if is_placeholder(text) or is_reference(text) or is_ordinary(text):
        return True
    return _words(text) in {_words(name) for name in names}


def _words(name: str) -> str:
    """`apiToken`, `API_TOKEN` and `api-token` all as `api_token`, so that word ends can be seen."""
    return _CAMEL.sub("_", name).lower()
