"""Which of many secrets show in a text.

A search for all secrets at once: of every text that could be one, a few grams are looked up, so the time grows with the
text and not with the number of secrets. What is found is compared in full.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from ..values import has_stand_in
from .detectors import holds_private_key
from .layers import layers

_SHORTEST: Final = 8  # shorter texts are too common for an equal one to mean a leak
_ANYWHERE: Final = 16  # from this length on a secret tells wherever it stands, and a part of a random one too
_LONGEST: Final = 65_536  # a longer one is told by its begin
# What may well be marked and equal elsewhere without being a credential: regions, dates, identifiers, accounts, hosts,
# addresses without a password, and what is public by its nature.
_COMMON: Final = re.compile(
    r"[a-z]{2}(?:-[a-z]+)+-\d[a-z]?|\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?|arn:[\w-]*:[\w-]*:[\w-]*:\w*:.*|ocid1\..*|\d{12}"
    r"|(?:\d{1,3}\.){3}\d{1,3}(?:[:/]\d+)?"
    r"|(?:[a-z][a-z0-9+.-]*://)?(?:[\w-]+\.)+(?:com|net|org|io|dev|app|cloud|internal|local|invalid|test|example|aws|eu|de|uk)"
    r"(?::\d+)?(?:/[a-z0-9._/-]{0,40})?"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|-----BEGIN (?:CERTIFICATE|[A-Z ]*PUBLIC KEY).*|LS0tLS1CRUdJTiB(?:DRVJU|QVUJM).*|(?:ssh-|ecdsa-)\S+ AAAA.*",
    re.DOTALL,
)
# Words of eight letters and more that configuration is full of.
_WORDS: Final = frozenset(
    re.findall(
        r"\S+",
        "administrator analytics application backend business changeme community customer customers database default "
        "developer development disabled enabled enterprise europe-west external frontend integration internal "
        "localhost monitoring operator optional organization password placeholder platform postgres postgresql "
        "premium preview production registry reporting repository required sandbox secretsmanager service services "
        "staging standard testing undefined unknown unlimited us-central username warehouse ",
    )
)
_OPAQUE: Final = re.compile(r"[!-~]+")
_STRUCTURE: Final = re.compile(r"""://|[{}"'<>,;]""")
_TURNS: Final = re.compile(r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)")
_CAPITALS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_REMEMBERED: Final = 4_096  # characters of a text that may well be asked about again
_PART: Final = "in part"
_GRAM, _STRIDE = 5, 4  # any eight characters hold a gram of five that begins at a multiple of four
_BLOCK: Final = 12  # any sixteen hold twelve grams, among which each remainder of four is indexed


@dataclass(frozen=True, slots=True)
class KnownSecret:
    """`text` is the secret itself and never leaves this process; `place` says where it is marked."""

    text: str = field(repr=False)
    place: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """A secret that a text shows; `how` says in what form, such as `in base64`, empty for plain."""

    secret: KnownSecret
    how: str


class KnownSecrets:
    """Finds secrets in texts, in a time that grows with the text and not with the number of secrets."""

    def __init__(self, secrets: Iterable[KnownSecret]) -> None:
        by_text: dict[str, KnownSecret] = {}
        for secret in secrets:
            if is_telling(secret.text):
                by_text.setdefault(secret.text, secret)
        self._secrets = list(by_text.values())
        self._lowered = [secret.text[:_LONGEST].lower() for secret in self._secrets]
        self._random = [is_random(secret.text) for secret in self._secrets]
        self._grams: dict[str, list[tuple[int, int]]] = {}
        for number, text in enumerate(self._lowered):
            for offset in _offsets(len(text) if self._random[number] else 0):
                self._grams.setdefault(text[offset : offset + _GRAM], []).append((number, offset))
        self._found: dict[str, tuple[Sighting, ...]] = {}

    def __bool__(self) -> bool:
        return bool(self._secrets)

    def sightings(self, text: str) -> tuple[Sighting, ...]:
        """The secrets that `text` is or that stand in it, each once, plain or in one of its `layers`.

        As a part, a secret of fewer than 16 characters counts only where no word character touches it, and never if it
        is a plain word or a number. Of a random one any 16 characters count, in capitals or not.
        """
        if len(text) < _SHORTEST or not self._secrets:
            return ()
        found = self._found.get(text)
        if found is None:
            seen: dict[KnownSecret, Sighting] = {}
            for layer in layers(text):
                for secret, how in self._in(layer.text):
                    # A secret in part may be a whole one once it is decoded.
                    if secret not in seen or (seen[secret].how.startswith(_PART) and how != _PART):
                        seen[secret] = Sighting(secret, " ".join(filter(None, (how, layer.how))))
            found = _widest(seen.values())
            if len(text) <= _REMEMBERED:
                self._found[text] = found
        return found

    def may_show(self, text: str) -> bool:
        """False where no part of `text` shows a secret: asked of many texts joined, before each is looked at alone."""
        return any(layer.cut or any(True for _ in self._hits(layer.text.lower())) for layer in layers(text))

    def _hits(self, lowered: str) -> Iterator[tuple[int, int, int]]:
        """The numbers of secrets that `lowered` may show, with the place of a gram in it and in the secret."""
        grams = self._grams
        for start in range(0, len(lowered) - _GRAM + 1, _STRIDE):
            entry = grams.get(lowered[start : start + _GRAM])
            if entry is not None:
                for number, offset in entry:
                    secret = self._lowered[number]
                    # Most have no more than that gram in common.
                    begin = start - offset
                    if lowered.startswith(secret[:_SHORTEST], begin) or self._random[number]:
                        yield number, start, offset

    def _in(self, text: str) -> Iterator[tuple[KnownSecret, str]]:
        lowered = text.lower()
        hits: dict[int, list[tuple[int, int]]] = {}
        for number, start, offset in self._hits(lowered):
            hits.setdefault(number, []).append((start, offset))
        for number, places in hits.items():
            secret = self._secrets[number]
            if _shows(text, secret.text[:_LONGEST]):
                yield secret, ""
            elif self._random[number]:
                whole = self._lowered[number]
                if whole in lowered:
                    yield secret, "in other letters"
                elif any(_shares(lowered, start, whole, offset) for start, offset in places):
                    yield secret, _PART


def _offsets(length: int) -> Iterator[int]:
    """Where the grams of a secret begin that are indexed: the first ones, and of a random secret some all along."""
    for block in range(0, max(length - _GRAM, 1), _BLOCK):
        yield from range(block, block + _STRIDE)


def _widest(sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """Without those of a secret that is a part of another one that was seen."""
    kept: list[Sighting] = []
    for one in sorted(sightings, key=lambda one: (-len(one.secret.text), one.secret.place)):
        if not any(one.secret.text in other.secret.text for other in kept):
            kept.append(one)
    return tuple(kept)


def _shows(text: str, secret: str) -> bool:
    if len(secret) == len(text):
        return text == secret
    if len(secret) >= _ANYWHERE:
        return secret in text
    if secret.isdigit() or _is_plain_word(secret):
        return False
    start = text.find(secret)
    while start >= 0:
        if _stands_alone(text, start, start + len(secret)):
            return True
        start = text.find(secret, start + 1)
    return False


def _shares(text: str, start: int, secret: str, offset: int) -> bool:
    """Whether the 16 characters around a gram that two texts have in common are common too, and look random."""
    begin, end = offset, offset + _GRAM
    while begin and start > offset - begin and text[start - (offset - begin) - 1] == secret[begin - 1]:
        begin -= 1
    behind = start + _GRAM
    while end < len(secret) and behind < len(text) and text[behind] == secret[end]:
        end += 1
        behind += 1
    shared = secret[begin:end]
    return len(shared) >= _ANYWHERE and (len(_TURNS.findall(shared)) > 1 or has_stand_in(shared))


def is_random(text: str) -> bool:
    """Whether a text is one run of characters such as generators make, so that a part of it tells.

    Not a private key: long parts of it stand in its public key too.
    """
    if len(text) <= _ANYWHERE or not _OPAQUE.fullmatch(text) or _STRUCTURE.search(text):
        return False
    if has_stand_in(text):
        return True
    turns = len(_TURNS.findall(text)), len(_CAPITALS.findall(text))
    return (turns[0] > 2 or turns[1] > 7) and not holds_private_key(text)


def is_telling(text: str) -> bool:
    """Whether an equal text elsewhere means a leak: a short or common one does not."""
    return len(text) >= _SHORTEST and len(set(text)) > 2 and text.lower() not in _WORDS and not _COMMON.fullmatch(text)


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not (_is_word(text[start - 1 : start]) or _is_word(text[end : end + 1]))


def _is_plain_word(form: str) -> bool:
    """Whether a form is written as a word is: letters alone, in one case or with a capital."""
    return form.isalpha() and (form.islower() or form.isupper() or form.istitle())


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
