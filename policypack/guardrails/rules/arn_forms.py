"""The formats of ARN in the action table, as findings print them: as a policy would hold them, with words to fill in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

# An action of many types works on more than a message has room for.
_SHOWN: Final = 3
_PLACE: Final = re.compile(r"\$\{([^}]+)\}|(\*)")
# Objects are granted by bucket or prefix.
_OBJECT: Final = "ObjectName"


def narrower(formats: Iterable[str]) -> tuple[str, ...]:
    """Formats with a word in capitals for each part to fill in, such as `arn:aws:sqs:REGION:ACCOUNT:QUEUE_NAME`."""

    def word(match: re.Match[str]) -> str:
        name = match[1] or "Name"
        if name == _OBJECT:
            return "*"
        return "aws" if name == "Partition" else re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()

    return tuple(dict.fromkeys(_PLACE.sub(word, each) for each in formats))


def in_a_sentence(formats: Iterable[str]) -> str:
    """The first few formats as `narrower` has them, with "or" between."""
    return " or ".join(narrower(formats)[:_SHOWN])
