"""AWS accounts as texts: their numbers, where ARNs hold them, and those that stand in examples."""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = 12
_NUMBER: Final = re.compile(rf"\d{{{_DIGITS}}}")
_PLACE: Final = len(("arn", "partition", "service", "region"))

# What is typed where an account is to be filled in.
BLANK_ACCOUNTS: Final = frozenset({"123456789012", "012345678901", "111111111111", "000000000000", "999999999999"})
# With the accounts of AWS's documentation, and others that people write to have twelve digits. Those are well-formed,
# and examples of sound documents are written with them, so whoever cannot see which accounts are the stack's own counts
# `BLANK_ACCOUNTS` alone.
EXAMPLE_ACCOUNTS: Final = BLANK_ACCOUNTS | frozenset(
    {"111122223333", "444455556666", "777788889999", "210987654321", "012345678910", "123456789101", "098765432109",
     "987654321098", "112233445566", *(digit * _DIGITS for digit in "0123456789")}
)  # fmt: skip
# The accounts from which load balancers of the older regions write their logs (Elastic Load Balancing, "Enable access
# logs"). They are AWS's.
LOAD_BALANCERS: Final = frozenset(
    {"127311923021", "033677994240", "027434742980", "797873946194", "098369216593", "985666609251", "054676820928",
     "156460612806", "652711504416", "635631232127", "009996457667", "897822967062", "754344448648", "582318560864",
     "600734575887", "383597477331", "114774131450", "783225319266", "589379963580", "718504428378", "076674570225",
     "507241528517", "048591011584", "190560391635", "638102146993", "037604701340"}
)  # fmt: skip


def is_account(text: str) -> bool:
    """Whether a text is an account's number."""
    return _NUMBER.fullmatch(text) is not None


def account_of(arn: str) -> str:
    """What an ARN, or a pattern for one, has in the place of the account: a number, a pattern, the text of a stand-in.

    Empty where nothing stands there, and for a text that has no such place.
    """
    parts = arn.split(":", _PLACE + 1)
    return parts[_PLACE] if len(parts) > _PLACE else ""


def account_like(pattern: str) -> str:
    """An account that a pattern matches."""
    missing = _DIGITS - len(pattern.replace("*", ""))
    return pattern.replace("?", "5").replace("*", "5" * max(missing, 0), 1).replace("*", "")
