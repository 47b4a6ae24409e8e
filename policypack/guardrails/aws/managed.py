"""The policies that AWS manages: what each of them says.

The documents are those of a day (`about`), written by scripts/managed_policies.py. AWS changes them, and adds new ones;
`None` says no more than "not listed".

`data/managed_policies.json` holds the names (with their paths, sorted) and the lengths of the blocks;
`data/managed_policies.bin` one zlib stream for each block of `BLOCK` documents, so that one policy costs one block.
"""

from __future__ import annotations

import json
import re
import zlib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from .document import Document, Kind, parse

BLOCK: Final = 32
_ARN: Final = re.compile(r"arn:([a-z-]+):iam::aws:policy/(.+)", re.DOTALL)
_PARTITION: Final = "aws"


def about() -> date:
    """The day of the newest of the documents."""
    return date.fromisoformat(_index()["date"])


def arns() -> tuple[str, ...]:
    """The ARNs of all listed policies, in alphabetical order."""
    return tuple(f"arn:{_PARTITION}:iam::aws:policy/{name}" for name in _index()["names"])


def name_of(arn: str) -> str | None:
    """The name, with its path, of a policy that AWS manages in any partition; None for any other text."""
    match = _ARN.fullmatch(arn)
    return match[2] if match else None


def text_of(arn: str) -> str | None:
    """The JSON text of a policy that AWS manages; None for one that is not listed.

    In another partition it is taken to say the same of that partition's resources.
    """
    match = _ARN.fullmatch(arn)
    if match is None:
        return None
    names: Sequence[str] = _index()["names"]
    place = bisect_left(names, match[2])
    if place == len(names) or names[place] != match[2]:
        return None
    text = json.dumps(_block(place // BLOCK)[place % BLOCK])
    return text.replace(f'"arn:{_PARTITION}:', f'"arn:{match[1]}:')


@lru_cache(maxsize=256)
def document(arn: str) -> Document | None:
    """A policy that AWS manages, parsed; None for one that is not listed."""
    text = text_of(arn)
    return None if text is None else parse(text, Kind.IDENTITY)


@cache
def _index() -> Mapping[str, Any]:
    index: dict[str, Any] = json.loads(_data("managed_policies.json"))
    return index


@lru_cache(maxsize=32)
def _block(number: int) -> Sequence[object]:
    ends = list(accumulate(_index()["blocks"], initial=0))
    block = _data("managed_policies.bin")[ends[number] : ends[number + 1]]
    documents: list[object] = json.loads(zlib.decompress(block))
    return documents


@cache
def _data(name: str) -> bytes:
    return Path(__file__).with_name("data").joinpath(name).read_bytes()
