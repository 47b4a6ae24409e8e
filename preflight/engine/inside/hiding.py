"""Keep what is marked secret out of the texts that are told of a run, in whatever form a program writes it.

What is marked is only collected as it comes; it is looked at when there is a text to show.
"""

from __future__ import annotations

import json
import re
from functools import wraps
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from .sources import credentials

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HIDDEN: Final = "[secret]"
# Shorter texts stand in too many harmless places. Forms are found by their first characters, as many as these.
_MIN_LENGTH: Final = 4
_MIN_LINE: Final = 7
# What Python and JSON write as it is, between quotes of any kind, and is no JSON object.
_WRITTEN_AS_IT_IS: Final = re.compile(r"[!#-&(-\[\]-z|}~](?:[ !#-&(-\[\]-~]*[!#-&(-\[\]-~])?")


class Hiding:
    """Knows the secrets of a run, and takes them out of texts."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self.secrets: list[str] = list(secrets)
        """Secrets, in the order in which they become known: whoever learns of one appends it."""
        self.settings: list[str] = []
        """Texts that the SDK marks and that are settings: shown, unless they are secret elsewhere."""
        self._marked: list[object] = []
        self._taken: list[int] = [0, 0, 0]
        self._certain: set[str] = set()
        self._forms: dict[str, dict[str, int]] = {}

    def install(self) -> None:
        """Learn what the program and its SDKs mark before a resource is registered with it."""
        import pulumi

        output: Any = pulumi.Output
        original, marked = output.secret, self._marked

        @wraps(original)
        def secret(val: Any) -> Any:  # noqa: ANN401 - the SDK's own
            # Nothing else: what answers any question, and what watches its reader, must not notice.
            if type(val) in {str, dict, list}:
                marked.append(val)
            return original(val)

        output.secret = staticmethod(secret)

    def __call__(self, text: str) -> str:
        """The text without the secrets that are known by now."""
        # How a subclass takes itself apart is the program's to say.
        text = str.__str__(text)
        self._learn()
        if not self._forms:
            return text
        shown: list[str] = []
        begin = end = 0
        for start in range(len(text) - _MIN_LENGTH + 1):
            forms = self._forms.get(text[start : start + _MIN_LENGTH])
            longest = max((len(form) for form in forms if text.startswith(form, start)), default=0) if forms else 0
            if not longest:
                continue
            if start >= end:
                shown += [text[begin:start], _HIDDEN]
            begin = end = max(end, start + longest)
        return "".join([*shown, text[begin:]])

    def _learn(self) -> None:
        for text in self._new(0, self.secrets):
            if text not in self._certain:
                self._certain.add(text)
                self._count(text, 1)
        for text in chain.from_iterable(map(_texts, self._new(1, self._marked))):
            self._count(text, 1)
        for text in self._new(2, self.settings):
            if text not in self._certain:
                self._count(text, -1)

    def _new(self, which: int, known: list[Any]) -> list[Any]:
        taken = self._taken[which]
        self._taken[which] = len(known)
        return known[taken : self._taken[which]]

    def _count(self, text: str, number: int) -> None:
        """Count how many want each form of a text hidden; a form that nobody wants is forgotten."""
        for form in forms_of(text):
            same_begin = self._forms.setdefault(form[:_MIN_LENGTH], {})
            same_begin[form] = same_begin.get(form, 0) + number
            if same_begin[form] <= 0:
                del same_begin[form]


def forms_of(text: str) -> set[str]:
    """The forms in which a secret text is to be hidden: as it is, as Python and JSON write it, its lines.

    Of a JSON object the credentials count, too.
    """
    if _WRITTEN_AS_IT_IS.fullmatch(text):
        return {text} if len(text) >= _MIN_LENGTH else set()
    whole = {form for part in (text, *credentials(text)) for form in (part, part.strip())}
    lines = {line.strip() for form in whole for line in form.splitlines()}
    once = {form for each in whole for form in _written(each)}
    # Twice: the text of a KeyError is written as Python writes it once more.
    twice = {form for each in once for form in _written(each)}
    forms = whole | once | twice | {line for line in lines if len(line) >= _MIN_LINE}
    return {form for form in forms if len(form) >= _MIN_LENGTH}


def _written(text: str) -> set[str]:
    # In a text with both kinds of quotes Python writes a backslash before one of them.
    both = f"\"{text}'"
    return {
        *(write(text)[1:-1] for write in (json.dumps, repr, ascii)),
        json.dumps(text, ensure_ascii=False)[1:-1],
        repr(both)[2:-3],
        ascii(both)[2:-3],
    }


def _texts(value: object) -> Iterator[str]:
    """The texts in what a program marks; not those in values of other classes, which come with the resource."""
    pending, seen = [value], set[int]()
    while pending:
        current = pending.pop()
        if type(current) is str:
            yield current
        elif isinstance(current, dict | list) and id(current) not in seen:
            seen.add(id(current))
            if type(current) is dict:
                pending += current.values()
            elif type(current) is list:
                pending += current
