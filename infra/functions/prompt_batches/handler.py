"""Lambda function that cuts a document into prompts which fit a model's context."""

from __future__ import annotations

from typing import Any

_DEFAULT_LIMIT = 4000


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Cut `event["text"]` at paragraph ends into prompts of at most `event["limit"]` characters.

    Answers {"prompts": [text, ...]}; a paragraph longer than the limit is cut within. Raises ValueError for an event
    without text or with a limit below one, which Lambda reports to the caller.
    """
    text, limit = event.get("text"), event.get("limit", _DEFAULT_LIMIT)
    if not isinstance(text, str) or not text.strip():
        raise ValueError("the event needs a text")
    if not isinstance(limit, int) or limit < 1:
        raise ValueError("the limit must be a whole number of at least 1")
    prompts: list[str] = []
    for paragraph in filter(None, (part.strip() for part in text.split("\n\n"))):
        joined = f"{prompts[-1]}\n\n{paragraph}" if prompts else paragraph
        if prompts and len(joined) <= limit:
            prompts[-1] = joined
        else:
            prompts.extend(paragraph[start : start + limit] for start in range(0, len(paragraph), limit))
    return {"prompts": prompts}
