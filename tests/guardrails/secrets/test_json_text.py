"""The texts in a JSON document."""

from __future__ import annotations

import pytest

from policypack.guardrails.secrets.json_text import leaves, members

ENTRY = '[{"name": "DB_PASSWORD", "value": "x"}, {"Key": "t", "Value": "y"}]'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", [((), "plain")]),
        ("{broken", [((), "{broken")]),
        ("[" * 100_000, [((), "[" * 100_000)]),
        ('["a", 1, true, null, 1.5, 2.0]', [((), "a"), ((), "1"), ((), "2")]),
        (' {"a": {"b": "c"}, "d": 7}', [(("a", "b"), "c"), (("d",), "7")]),
        ('{"a": "first", "a": "second"}', [(("a",), "first"), (("a",), "second")]),
        (ENTRY, [(("name",), "DB_PASSWORD"), (("DB_PASSWORD",), "x"), (("Key",), "t"), (("t",), "y")]),
    ],
    ids=["plain", "broken", "nested", "values", "names", "twice", "entries"],
)
def test_members(text: str, expected: list[tuple[tuple[str, ...], str]]) -> None:
    assert list(members(text)) == expected


def test_leaves_have_their_place_and_names_count() -> None:
    found = leaves('{"a": [{"b": "c"}]}') or []
    assert [(leaf.keys, leaf.names, leaf.text, leaf.is_name) for leaf in found] == [
        ((), (), "a", True),
        (("a", 0), ("a",), "b", True),
        (("a", 0, "b"), ("a", "b"), "c", False),
    ]
    assert leaves("c") is None
