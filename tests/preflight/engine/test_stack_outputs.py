"""Outputs of other stacks on the command line."""

from __future__ import annotations

import pytest

from preflight.engine import stack_outputs
from preflight.engine.stack_outputs import Outputs
from preflight.errors import CheckError

VALUES = [
    ("a=vpc-1", "vpc-1"),
    ("a=", ""),
    ("a=x=y", "x=y"),
    ("a=arn:aws:s3:::data", "arn:aws:s3:::data"),
    ("a=012345678901", "012345678901"),
    ("a=123456789012", "123456789012"),
    ('a="[text]"', "[text]"),
    ('a=["x", 1]', ["x", 1]),
    ('a={"b": {"c": null}}', {"b": {"c": None}}),
    ("a=true", True),
    ("a=truest", "truest"),
    ("a=null", None),
]


@pytest.mark.parametrize(("text", "value"), VALUES, ids=[row[0] for row in VALUES])
def test_values(text: str, value: object) -> None:
    assert stack_outputs.split([f"acme/net/prod::{text}"]) == ([], {"acme/net/prod": Outputs({"a": value})})


@pytest.mark.parametrize("text", ["a=[x", 'a={"b":}', 'a="x'])
def test_what_begins_like_json_must_be_json(text: str) -> None:
    with pytest.raises(CheckError, match=r"prod::a a value that begins like JSON") as raised:
        stack_outputs.split([f"prod::{text}"])
    assert text[2:] not in str(raised.value)


def test_a_secret_output_has_no_value() -> None:
    assert stack_outputs.split(["prod::a=[secret]", "prod::b=x"])[1] == {"prod": Outputs({"b": "x"}, {"a"})}


@pytest.mark.parametrize(
    "text", ["size=3", "aws:region=eu-west-1", "shop:arn=arn:aws:s3:::data", "a b::c=1", "a/b/c/d::e=1", "x::y"]
)
def test_what_is_no_output_is_configuration(text: str) -> None:
    assert stack_outputs.split([text]) == ([text], {})


def test_names_are_completed() -> None:
    _, outputs = stack_outputs.split(["dev::a=1", "acme/dev::b=2", "acme/shop/dev::a=3", "acme/net/dev::c=4"])
    assert stack_outputs.by_full_name(outputs, "acme", "shop") == {
        "acme/shop/dev": Outputs({"a": "3", "b": "2"}),
        "acme/net/dev": Outputs({"c": "4"}),
    }


def test_what_is_secret_by_its_name_is_guarded_and_nothing_is_shown() -> None:
    _, outputs = stack_outputs.split(["a/b/c::password=hunter2-hunter2", "a/b/c::vpc=vpc-0a1b2c3d"])
    assert stack_outputs.guarded(outputs) == ["hunter2-hunter2"]
    assert "hunter2" not in repr(outputs)
