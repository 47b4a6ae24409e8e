"""What is marked secret and a program then logs, raises or prints: nothing of it reaches a frame."""

from __future__ import annotations

import base64
import json

import pytest

from preflight.engine.inside.hiding import Hiding

VALUE = "mlQx7-kept-to-itself"
LINES = "-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n"
QUOTED = 'it\'s "me" and \\you é'


@pytest.mark.parametrize(
    ("secret", "text", "expected"),
    [
        pytest.param(VALUE, f"got {VALUE}!", "got [secret]!", id="a value"),
        pytest.param(VALUE, "got nothing", "got nothing", id="nothing"),
        pytest.param("a.cde", "abcde a.cde", "abcde [secret]", id="no pattern"),
        pytest.param("abc", "abc", "abc", id="too short"),
        pytest.param(f" {VALUE}\n", VALUE, "[secret]", id="stripped"),
        pytest.param(LINES, repr(LINES), "'[secret]'", id="as Python writes it"),
        pytest.param(LINES, "at kqhkiG9w0BAQEF", "at [secret]", id="one of its lines"),
        pytest.param(LINES, repr(f"no {LINES!r}"), "\"no '[secret]'\"", id="as Python writes it twice"),
        pytest.param(QUOTED, repr(QUOTED), "'[secret]'", id="both kinds of quotes"),
        pytest.param(QUOTED, json.dumps({"a": QUOTED}), '{"a": "[secret]"}', id="as JSON"),
        pytest.param(QUOTED, ascii(QUOTED), "'[secret]'", id="as ASCII"),
        pytest.param(json.dumps({"user": "admin", "password": VALUE}), f"admin {VALUE}", "admin [secret]", id="member"),
        pytest.param("{not json", "{not json", "[secret]", id="not quite JSON"),
    ],
)
def test_forms_of_a_secret(secret: str, text: str, expected: str) -> None:
    assert Hiding([secret])(text) == expected


def test_secrets_that_overlap_or_touch_go_whole() -> None:
    hide = Hiding(["abcd", "abcdef", "efgh", "wxyz"])
    assert hide("abcdefgh, abcd wxyz") == "[secret], [secret] [secret]"


def test_what_becomes_known_later_and_settings() -> None:
    hide = Hiding()
    assert hide(VALUE) == VALUE
    hide.secrets.append(VALUE)
    hide.settings.extend([VALUE, "production"])
    assert hide(f"{VALUE} in production") == "[secret] in production"


PROGRAM = """
import base64, json, os, signal, sys
import pulumi

class Db(pulumi.CustomResource):
    def __init__(self, name, opts=None, **inputs):
        super().__init__("toy:index:Db", name, inputs, opts)

value = base64.b64decode({encoded!r}).decode()
"""


def program(value: str, main: str) -> str:
    return PROGRAM.format(encoded=base64.b64encode(value.encode()).decode()) + main


@pytest.mark.parametrize("mark", ["pulumi.Output.secret(value)", "pulumi.Output.secret({'a': [value]})"])
@pytest.mark.parametrize("urn", ["", ", resource"], ids=["at once", "when the resource is there"])
def test_a_marked_value_is_known_when_the_next_line_logs_it(run, mark, urn) -> None:
    outcome = run(program(VALUE, f"resource = Db('r', password={mark})\npulumi.log.error('refused: ' + value{urn})\n"))
    (said,) = outcome.notices("log")
    assert said["message"] == "refused: [secret]"
    assert outcome.end == {"event": "done"}


def test_a_value_that_only_its_resource_marks_is_known_from_then_on(run) -> None:
    main = """
made = pulumi.Output.secret(1).apply(lambda _: value)
Db('r', password=made).urn.apply(lambda _: pulumi.log.error('refused: ' + value))
"""
    outcome = run(program(VALUE, main))
    assert [said["message"] for said in outcome.notices("log")] == ["refused: [secret]"]


@pytest.mark.parametrize("value", [LINES, QUOTED, VALUE])
def test_an_exception_with_a_marked_value(run, value) -> None:
    outcome = run(program(value, "Db('r', password=pulumi.Output.secret(value))\nraise KeyError(value)\n"))
    said = outcome.end["message"] + outcome.end["traceback"]
    assert "KeyError: " in outcome.end["message"]
    assert "[secret]" in outcome.end["message"]
    assert not [line for line in value.splitlines() if line in said or ascii(line)[1:-1] in said]


def test_a_setting_that_the_sdk_marks_stays_readable(run) -> None:
    main = """
class Parameter(pulumi.CustomResource):
    def __init__(self, name, type, value):
        inputs = {"type": type, "value": pulumi.Output.secret(value)}
        super().__init__("aws:ssm/parameter:Parameter", name, inputs)

Parameter("stage", "String", "production")
raise ValueError("no subnet for production")
"""
    assert run(program(VALUE, main)).end["message"] == "ValueError: no subnet for production"


@pytest.mark.parametrize(
    ("main", "files", "said"),
    [
        pytest.param(f"Db('r', password='{VALUE}', instance=undefined)", {}, 'File "', id="an argument beside it"),
        pytest.param("import broken", {"broken.py": f"password = '{VALUE}' oops\n"}, "line 1", id="a syntax error"),
        pytest.param(
            "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n"
            f"    raise ExceptionGroup('both', [ValueError(len('{VALUE}'))]) from error  # '{VALUE}'",
            {},
            "ExceptionGroup: both",
            id="causes and groups",
        ),
    ],
)
def test_no_line_of_source_in_a_traceback(run, main, files, said) -> None:
    outcome = run(program("nothing", main), files=files)
    assert outcome.end["event"] == "failed"
    assert "__main__.py" in outcome.end["traceback"]
    assert said in outcome.end["traceback"]
    assert VALUE not in json.dumps(outcome.frames[-1])
    assert "raise " not in outcome.end["traceback"]
