"""The forms of ARN that an action works on, as findings print them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

# An action of many types works on more than a fix has room for.
_SHOWN: Final = 3
_PART: Final = re.compile(r"\$\{(\w+)\}")


def arn_forms(forms: Sequence[str]) -> str:
    """The first few forms with their parts as names, such as `arn:aws:sqs:Region:Account:QueueName`."""
    return " or ".join(_PART.sub(r"\1", form.replace("${Partition}", "aws")) for form in forms[:_SHOWN])
