"""The code of the Lambda function."""

from __future__ import annotations

import importlib.util

import pytest


@pytest.fixture
def handler(infra):
    spec = importlib.util.spec_from_file_location("prompt_batches", infra / "functions/prompt_batches/handler.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.handler


@pytest.mark.parametrize(
    ("text", "limit", "prompts"),
    [
        ("one", 10, ["one"]),
        ("one\n\ntwo", 10, ["one\n\ntwo"]),
        ("one\n\ntwo", 8, ["one\n\ntwo"]),
        ("one\n\ntwo", 7, ["one", "two"]),
        ("abcdef", 4, ["abcd", "ef"]),
        ("\n\none\n\n\n\ntwo\n\n", 3, ["one", "two"]),
    ],
    ids=["one paragraph", "joined", "exactly fits", "one too long", "cut within", "empty paragraphs"],
)
def test_prompts(handler, text, limit, prompts):
    assert handler({"text": text, "limit": limit}, None) == {"prompts": prompts}


@pytest.mark.parametrize(
    "event", [{}, {"text": "  "}, {"text": 1}, {"text": "x", "limit": 0}, {"text": "x", "limit": "4"}]
)
def test_refuses_other_events(handler, event):
    with pytest.raises(ValueError, match=r"the event needs a text|the limit must be"):
        handler(event, None)
