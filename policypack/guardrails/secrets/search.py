"""Which of many secrets show in a text.

A search for all secrets at once: of every text that could be one, a few grams are looked up, so the time grows with the
text and not with the number of secrets. What is found is compared in full.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..model import Keys
from ..values import has_stand_in
from .detectors import holds_private_key
from .layers import layers
from .looks import is_common

_SHORTEST: Final = 8  # shorter texts are too common for an equal one to mean a leak
_ANYWHERE: Final = 16  # from this length on a secret tells wherever it stands, and a part of a random one too
_LONGEST: Final = 65_536  # a longer one is told by its begin
_OPAQUE: Final = re.compile(r"[!-~]+")
_STRUCTURE: Final = re.compile(r"""://|["'`,;]|=[^=&]*&[^=&]*=|^/p/[\w-]+/n/""")
_CLASSES: Final = (str.islower, str.isupper, str.isdigit)
_JOINING: Final = frozenset("-_./: ")
_MIXED: Final = 0.2  # of the neighbours in a generated text are of two kinds; in words with numbers, fewer
_FEW: Final = 2  # changes that a part may have and be a word
_MIXED_LETTERS: Final = 0.42  # capitals begin words too
_REMEMBERED: Final = 4_096  # characters of a text that may well be asked about again
_PART: Final = "in part"
_GRAM, _STRIDE = 5, 4  # any eight characters hold a gram of five that begins at a multiple of four
_BLOCK: Final = 12  # any sixteen hold twelve grams, among which each remainder of four is indexed
_BEGIN: Final = 128  # characters of a secret among which its rarest grams are looked for
_SHARED: Final = 8  # secrets; what more of them have in common tells nothing


@dataclass(frozen=True, slots=True)
class KnownSecret:
    """`text` is the secret itself and never leaves this process.

    `place` says in words where it is from, and `keys` are those of the property there, if it is one. It is not `marked`
    where it is a credential that nobody has marked.
    """

    text: str = field(repr=False)
    place: str
    keys: Keys = ()
    marked: bool = True


@dataclass(frozen=True, slots=True)
class Sighting:
    """A secret that a text shows; `how` says in what form, such as `in base64`, empty for plain."""

    secret: KnownSecret
    how: str


@dataclass(frozen=True, slots=True)
class Look:
    """What a text shows. With `cut` more of it is encoded than is decoded, so that it may show more."""

    sightings: tuple[Sighting, ...] = ()
    cut: bool = False


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
        self._grams = _index(self._lowered, self._random)
        self._looks: dict[str, Look] = {}

    def __bool__(self) -> bool:
        return bool(self._secrets)

    def sightings(self, text: str) -> tuple[Sighting, ...]:
        """The secrets that `text` is or that stand in it, each once, plain or in one of its `layers`.

        As a part, a secret of fewer than 16 characters counts only where no word character touches it, and never if it
        is a plain word or a number. Of a random one any 16 characters count, in capitals or not.
        """
        return self.look(text).sightings

    def look(self, text: str) -> Look:
        """The `sightings`, and whether all of the text was looked at."""
        if len(text) < _SHORTEST or not self._secrets:
            return Look()
        known = self._looks.get(text)
        if known is None:
            seen: dict[KnownSecret, Sighting] = {}
            cut = False
            for layer in layers(text):
                cut = cut or layer.cut
                for secret, how in self._in(layer.text):
                    # A secret in part may be a whole one once it is decoded.
                    if secret not in seen or (seen[secret].how.startswith(_PART) and how != _PART):
                        seen[secret] = Sighting(secret, " ".join(filter(None, (how, layer.how))))
            known = Look(_widest(seen.values()), cut)
            if len(text) <= _REMEMBERED:
                self._looks[text] = known
        return known

    def may_show(self, text: str) -> bool:
        """False where no part of `text` shows a secret: asked of many texts joined, before each is looked at alone."""
        return any(layer.cut or self._candidates(layer.text.lower()) for layer in layers(text))

    def _candidates(self, lowered: str) -> set[int]:
        """The numbers of the secrets that stand in `lowered` but for their capitals, or of which it has a part."""
        grams = self._grams
        found: set[int] = set()
        for start in range(0, len(lowered) - _GRAM + 1, _STRIDE):
            entry = grams.get(lowered[start : start + _GRAM])
            if entry is not None:
                for number, offset in entry:
                    if number not in found and self._agrees(lowered, start, number, offset):
                        found.add(number)
        return found

    def _agrees(self, lowered: str, start: int, number: int, offset: int) -> bool:
        secret = self._lowered[number]
        if start >= offset and lowered.startswith(secret, start - offset):
            return True
        if not self._random[number]:
            return False
        begin, end = _shared(lowered, start, secret, offset)
        # A random secret is ASCII, so the places are the same in its own letters.
        part = self._secrets[number].text[begin:end]
        return len(part) >= _ANYWHERE and (_changes(part)[0] > _FEW or has_stand_in(part))

    def _in(self, text: str) -> Iterator[tuple[KnownSecret, str]]:
        lowered = text.lower()
        for number in self._candidates(lowered):
            secret = self._secrets[number]
            if _shows(text, secret.text[:_LONGEST]):
                yield secret, ""
            elif self._random[number]:
                yield secret, "in other letters" if self._lowered[number] in lowered else _PART


def _index(texts: Sequence[str], random: Sequence[bool]) -> Mapping[str, Sequence[tuple[int, int]]]:
    """Where in which secret a gram stands: four in a row of each, and of a random one such fours all along.

    Of a secret those are taken that the fewest others have: many begin alike, as addresses and keys do.
    """
    shared = Counter(text[at : at + _GRAM] for text in texts for at in range(min(len(text), _BEGIN) - _GRAM + 1))
    grams: dict[str, list[tuple[int, int]]] = {}
    for number, text in enumerate(texts):
        last = len(text) - _GRAM - _STRIDE + 1

        def rarity(block: int, text: str = text) -> int:
            return sum(shared[text[at : at + _GRAM]] for at in range(block, block + _STRIDE))

        blocks = {min(range(min(last, _BEGIN) + 1), key=rarity)}
        if random[number]:
            every = (*range(0, last + 1, _BLOCK), last)
            blocks |= {block for block in every if rarity(block) <= _STRIDE * _SHARED}
        for block in blocks:
            for at in range(block, block + _STRIDE):
                grams.setdefault(text[at : at + _GRAM], []).append((number, at))
    return grams


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


def _shared(text: str, start: int, secret: str, offset: int) -> tuple[int, int]:
    """From where to where in a secret it agrees with the text around a gram that both have."""
    begin, end = offset, offset + _GRAM
    while begin and start > offset - begin and text[start - (offset - begin) - 1] == secret[begin - 1]:
        begin -= 1
    behind = start + _GRAM
    while end < len(secret) and behind < len(text) and text[behind] == secret[end]:
        end += 1
        behind += 1
    return begin, end


def is_random(text: str) -> bool:
    """Whether a text is one run of characters such as generators make, so that a part of it tells.

    Not a private key: long parts of it stand in its public key too.
    """
    if len(text) <= _ANYWHERE or not _OPAQUE.fullmatch(text) or _STRUCTURE.search(text):
        return False
    if has_stand_in(text):
        return True
    return _is_mixed(text) and not holds_private_key(text) and not _is_written_otherwise(text)


def _is_written_otherwise(text: str) -> bool:
    """Whether most of a text is another one that can be read, in base64: many such texts begin alike, as scripts do."""
    return any(
        "base64" in layer.how and len(layer.text) * 3 > len(text) and "\ufffd" not in layer.text
        for layer in layers(text)
    )


def _is_mixed(text: str) -> bool:
    """Whether small letters, capitals, digits and marks follow each other as generators mix them."""
    changes, with_digits = _changes(text)
    return changes >= (_MIXED if with_digits else _MIXED_LETTERS) * (len(text) - 1)


def _changes(text: str) -> tuple[int, bool]:
    """How often the kind of character changes, and whether there are digits. What joins words is no kind."""
    kinds = [next((kind for kind, is_of in enumerate(_CLASSES) if is_of(one)), 3) for one in text]
    joins = [one in _JOINING for one in text]
    changes = sum(kinds[at] != kinds[at + 1] and not (joins[at] or joins[at + 1]) for at in range(len(text) - 1))
    return changes, 2 in kinds


def is_telling(text: str) -> bool:
    """Whether an equal text elsewhere means a leak: a short or common one does not."""
    if len(text) < _SHORTEST or len(set(text)) <= 2:
        return False
    return not is_common(text) or holds_private_key(text)


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not (_is_word(text[start - 1 : start]) or _is_word(text[end : end + 1]))


def _is_plain_word(form: str) -> bool:
    """Whether a form is written as a word is: letters alone, in one case or with a capital."""
    return form.isalpha() and (form.islower() or form.isupper() or form.istitle())


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
