"""Secret values in texts of programs."""

from __future__ import annotations

import json

import pytest

from preflight.redact import Redactor


@pytest.mark.parametrize(
    ("secret", "text", "expected"),
    [
        pytest.param("hunter2", "got hunter2!", "got [secret]!", id="a value"),
        pytest.param("hunter2", "nothing here", "nothing here", id="nothing"),
        pytest.param("x.y", "xay x.y", "xay [secret]", id="no pattern"),
        pytest.param('{"a":["deep-one"]}', "deep-one", "[secret]", id="a leaf of an object"),
        pytest.param('say "hi"', json.dumps('say "hi"'), '"[secret]"', id="as JSON"),
        pytest.param("line-one\nline-two", "at line-two", "at [secret]", id="a line of several"),
        pytest.param("line-one\nline-two", repr("line-one\nline-two"), "'[secret]'", id="as a Python literal"),
        pytest.param("hunter2\n", "got hunter2!", "got [secret]!", id="stripped"),
        pytest.param("it's me", repr("\"it's me'"), "'\"[secret]\\''", id="between both kinds of quotes"),
        pytest.param("a\nb", repr("no " + repr("a\nb")), "\"no '[secret]'\"", id="as a Python literal in another"),
        pytest.param("é-2", ascii("é-2"), "'[secret]'", id="as ASCII"),
        pytest.param("é\n2", json.dumps("é\n2", ensure_ascii=False), '"[secret]"', id="as JSON beyond ASCII"),
        pytest.param("ab", "ab", "ab", id="too short to tell"),
        pytest.param("true", "true", "true", id="a boolean"),
        pytest.param("[not json", "[not json", "[secret]", id="not quite JSON"),
    ],
)
def test_redaction(secret: str, text: str, expected: str) -> None:
    assert Redactor([secret])(text) == expected


def test_of_a_marked_document_names_stay() -> None:
    password = "Jk39sLq0" + "2nVx84Tz"
    variables = [{"name": "DB_PASSWORD", "value": password}, {"name": "LOG_LEVEL", "value": "informative"}]
    marked = json.dumps([{"name": "worker-one", "image": "nginx:1.27", "environment": variables}])
    text = f"DB_PASSWORD of worker-one, informative, nginx:1.27: {password}"
    assert Redactor(marked=[marked])(text) == "DB_PASSWORD of worker-one, informative, nginx:1.27: [secret]"
    assert Redactor(marked=[marked])(marked) == "[secret]"


def test_common_words_are_not_hidden() -> None:
    text = "set manage_master_user_password in production"
    assert Redactor(["production"], ["password"])(text) == text


def test_the_longer_secret_goes_whole() -> None:
    assert Redactor(["abc", "abcdef"])("abcdef abc") == "[secret] [secret]"


def test_deep_values_and_no_secrets() -> None:
    value = {"a": ["hunter2", 1, None], "b": {"c": "x hunter2"}}
    assert Redactor(["hunter2"]).deep(value) == {"a": ["[secret]", 1, None], "b": {"c": "x [secret]"}}
    assert Redactor().deep(value) == value
