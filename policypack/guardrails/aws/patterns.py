"""Patterns of actions and of resources.

ARN patterns match by colon-delimited segment: a wildcard of one of the first five segments does not cross a colon, the
last segment takes all remaining colons.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from ..glob import IN_SEGMENT, REMEMBERED, STAR, Glob, Token, compiled, tokens_of
from .truth import Truth

_ARN_SEGMENTS: Final = 6
_WILDCARD: Final = re.compile(r"[*?]")


def by_segment(tokens: list[Token]) -> list[Token]:
    """The tokens of an ARN pattern, with wildcards kept inside their segment and missing segments filled with `*`."""
    bounded: list[Token] = []
    segment = 1
    for each in tokens:
        if segment == _ARN_SEGMENTS:
            bounded.append(each)
            continue
        segment += each == ":"
        bounded.append(IN_SEGMENT[each] if isinstance(each, int) else each)
    for missing in range(segment, _ARN_SEGMENTS):
        bounded += [":", STAR if missing == _ARN_SEGMENTS - 1 else IN_SEGMENT[STAR]]
    return bounded


@lru_cache(maxsize=REMEMBERED)
def compiled_arn(pattern: str) -> Glob:
    """The pattern matched segment by segment."""
    return Glob(by_segment(tokens_of(pattern)))


@lru_cache(maxsize=REMEMBERED)
def match_action(pattern: str, action: str) -> bool:
    """Whether an action matches; action names and service prefixes ignore case."""
    return compiled(pattern, fold=True).matches(action)


def resource_truth(whole: Glob, segmented: Glob, resource: str) -> Truth:
    """Whether a resource matches a pattern that was compiled plainly and by segment.

    AWS documents matching inside segments; a match only across segments is in doubt, so it is `MAYBE`. A request
    on no particular resource (`*`) is matched by `*`; whether by other patterns that it fits, such as `?`, is in doubt.
    """
    if whole.prefix == "":
        return Truth.YES
    if resource == "*":
        return Truth.MAYBE if whole.matches(resource) else Truth.NO
    if segmented.matches(resource):
        return Truth.YES
    return Truth.MAYBE if whole.matches(resource) else Truth.NO


@lru_cache(maxsize=REMEMBERED)
def match_resource(pattern: str, resource: str) -> Truth:
    """Whether a resource ARN matches a pattern without variables: a lone `*` is everything, else by segment."""
    # Most patterns of a document speak of other resources; the text before the first wildcard tells, uncompiled.
    if not resource.startswith(_WILDCARD.split(pattern, maxsplit=1)[0]):
        return Truth.NO
    return resource_truth(compiled(pattern), compiled_arn(pattern), resource)
