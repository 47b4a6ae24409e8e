"""Which members of a secret object are credentials: told by their names, or by what they look like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_TELLING: Final = re.compile(
    r"passw|passphrase|pwd|passwd|secret|token|credential|bearer|apikey|dsn$|connection_?string"
    r"|(?:^|_)(?:keys?|auth|pass|pat|pin|salt|sas|psk)$"
)
# What says that the value only describes or finds something, or stands beside the credential.
_HARMLESS: Final = re.compile(
    r"(?:^|_)(?:arn|id|name|names|path|file|url|uri|ttl|length|policy|version|type|kind|expiry|region|zone"
    r"|user|username|login|email|host|hostname|port|endpoint|domain|database|db|engine|driver|schema|issuer|audience"
    r"|environment|env|description|account|bucket|algorithm|size|scope|scopes)$"
)
# Formats that their issuers publish for scanners, and an address with a password in it.
_FORMAT: Final = re.compile(
    r"gh[pousr]_\w{30,}|github_pat_\w{60,}|gl[a-z]{2,5}-[\w.-]{20,}|xox[abeoprs]-[\w-]{10,}|[sr]k_(?:live|test)_\w{16,}"
    r"|AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,}|hf_[A-Za-z]{30,}|sk-[\w-]{20,}|npm_\w{30,}|pypi-[\w-]{30,}"
    r"|dckr_pat_[\w-]{20,}|dop_v1_[0-9a-f]{64}|pul-[0-9a-f]{40}|hvs\.[\w-]{20,}|dapi[0-9a-f]{32}"
    r"|SG\.[\w-]{22}\.[\w-]{43}|eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*"
    r"|[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@\S*"
)
_PIECE: Final = re.compile(r"[A-Za-z0-9+/=]{8,}")
_RARE: Final = re.compile(r"[!$%^&*#?~|<>]")


def is_credential(names: Sequence[str], text: str) -> bool:
    """Whether `text`, a member of an object that is secret as a whole, is a credential by its name or its look.

    `names` are the names that lead to it, from the object inwards.
    """
    if _FORMAT.fullmatch(text) or "PRIVATE KEY-----" in text:
        return True
    words = [_words(name) for name in names]
    if _HARMLESS.search(words[-1]):
        return False
    return any(_TELLING.search(word) for word in words) or _looks_random(text)


def _words(name: str) -> str:
    """`apiToken`, `API_TOKEN` and `api-token` all as `api_token`, so that word ends can be seen."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[-.\s]", "_", name).lower()


def _looks_random(text: str) -> bool:
    """Whether a text mixes characters as generated passwords and keys do, and names, hosts and sentences do not."""
    if re.search(r"\s", text):
        return False
    if any(_is_mixed(piece) and re.search(r"\d[A-Za-z]", piece) for piece in _PIECE.findall(text)):
        return True
    return "://" not in text and all(re.search(kind, text) for kind in (_RARE, "[A-Za-z]", r"\d"))


def _is_mixed(piece: str) -> bool:
    return all(re.search(kind, piece) for kind in ("[a-z]", "[A-Z]", r"\d"))
