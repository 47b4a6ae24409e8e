"""What a text holds when it is decoded."""

from __future__ import annotations

import base64
import gzip
import html
import json
import zlib
from collections.abc import Callable
from functools import reduce
from urllib.parse import quote, quote_plus

import pytest
from fuzzing import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policypack.guardrails.secrets.layers import Layer, layers

SPACED = "two words 2x"
SECRET = 'hunter2!"é" <x>?/'


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


WRITTEN: dict[str, tuple[str, str]] = {
    "plain": (SECRET, ""),
    "base64": (b64(SECRET.encode()), "in base64"),
    "base64 for URLs": (base64.urlsafe_b64encode(SECRET.encode() + b"?>?>").decode(), "in base64"),
    "base64 without padding": (b64(SECRET.encode()).rstrip("="), "in base64"),
    "base64 behind a word": ("token" + b64(SECRET.encode()), "in base64"),
    "base64 behind two bytes": (b64(b"u:" + SECRET.encode()), "in base64"),
    "base64 in a path": (f"https://host/p/{base64.urlsafe_b64encode(SECRET.encode()).decode()}/n", "in base64"),
    "base64 in lines": (base64.encodebytes(b"x" * 70 + SECRET.encode() * 3).decode(), "in base64"),
    "base64 twice": (b64(b64(SECRET.encode()).encode()), "in base64"),
    "UTF-16 in base64": (b64(SECRET.encode("utf-16-le")), "in base64"),
    "gzip in base64": (b64(gzip.compress(b"#!/bin/sh\n" + SECRET.encode())), "compressed in base64"),
    "zlib in base64": (b64(zlib.compress(SECRET.encode())), "compressed in base64"),
    "hexadecimal digits": (SECRET.encode().hex(), "in hexadecimal digits"),
    "capital hexadecimal digits": (f"0x{SECRET.encode().hex().upper()}", "in hexadecimal digits"),
    "URL": (quote(SECRET, ""), "URL-encoded"),
    "form": (quote_plus(SECRET), "URL-encoded"),
    "form without percent signs": (f"k={SPACED.replace(' ', '+')}&b=1", "URL-encoded"),
    "XML": (html.escape(SECRET), "with escapes"),
    "line ends": ("a\r\n" + SECRET + "\r\nb", ""),
    "JSON": (json.dumps({"a": SECRET}), "with escapes"),
    "JSON in JSON": (json.dumps({"a": json.dumps({"b": SECRET})}), "with escapes"),
    "characters beyond 16 bits": (json.dumps({"a": "\U0001f511" + SECRET}), "with escapes"),
    "URL in base64": (b64(quote(SECRET, "").encode()), "URL-encoded in base64"),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_in_another_form_is_read(name: str) -> None:
    text, how = WRITTEN[name]
    secret = SPACED if name == "form without percent signs" else SECRET
    assert next(layer.how for layer in layers(text) if secret in layer.text) == how


def test_a_long_run_beside_lines_takes_a_time_that_grows_with_it() -> None:
    assert len(list(layers("\n".join(["a", "bC3" * 60_000, "d"])))) < 10


@pytest.mark.parametrize(
    "text",
    [
        "prod-eu-west-1-customer-upload-bucket",
        "arn:aws:iam::123456789012:role/DeploymentRoleOfTheService",
        "ocid1.compartment.oc1..aaaaaaaaba3pv6wkcr4jqae5f44n2b2m2yt2j6rx32uzr4h25vqstifsfdsq",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "MyQueueNameInCamelCase",
    ],
)
def test_ordinary_texts_have_one_layer(text: str) -> None:
    assert list(layers(text)) == [Layer(text)]


BROKEN: dict[str, str] = {
    "a gzip cut short": b64(gzip.compress(bytes(range(256)) * 20)[:40]),
    "no gzip": b64(b"\x1f\x8b" + b"x" * 40),
    "a bomb": b64(gzip.compress(b"a" * 50_000_000)),
    "nested deeply": reduce(lambda text, _: b64(text.encode()), range(12), "hunter2hunter2"),
    "percent signs": "%" * 50_000 + "%zz%4",
    "backslashes": "\\" * 50_001 + "u12",
    "surrogates": json.dumps("\ud800x" * 50),
    "one long run": "aB3" * 60_000,
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_or_huge_is_bounded(name: str) -> None:
    text = BROKEN[name]
    assert sum(len(layer.text) for layer in layers(text)) <= 9 * len(text) + 1_048_576


ENCODERS: list[Callable[[str], str]] = [
    lambda text: b64(text.encode()),
    lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    lambda text: text.encode().hex(),
    lambda text: quote(text, ""),
    json.dumps,
]


@settings(max_examples=examples(100), deadline=None)
@given(
    st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=12, max_size=60),
    st.lists(st.sampled_from(ENCODERS), min_size=1, max_size=2),
    st.sampled_from(["", "key=", '{"a": "', "https://host/"]),
)
@example("two words=\\+", [json.dumps, json.dumps], "")
def test_any_text_is_found_behind_two_encoders(text: str, encoders: list[Callable[[str], str]], before: str) -> None:
    written = text
    for encode in encoders:
        written = encode(written)
    assert any(text in layer.text for layer in layers(before + written))


@settings(max_examples=examples(100), deadline=None)
@given(st.text(max_size=400) | st.text('ABCDabcd0123+/=-_%\\u\n{}"', max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    assert next(layers(text)) == Layer(text)
    assert all(layer.text for layer in layers(text) if layer.how)
