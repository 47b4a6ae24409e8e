"""Values of every kind as inputs."""

import enum

import pulumi
import pulumi_toy as toy


class Color(str, enum.Enum):
    RED = "red"


values = {
    "none": None,
    "empty-text": "",
    "zero": 0,
    "big": 2**53 + 1,
    "float": 1.5,
    "false": False,
    "enum": Color.RED,
    "list": [None, "", [], {}],
    "dictionary": {"none": None, "nested": {"a": None, "b": [None]}, "snake_case": {"camelCase": 1}},
    "tuple": ("a", 1),
    "unicode": "ünï \u0000 \U0001f600",
    "lines": "a\nb",
    "internal": {"__internal": 1, "a": {"__b": 2}},
    "number-text": "042",
    "unknown-nested": {"known": "a", "unknown": toy.Thing("source").serial_number},
}
for name, value in values.items():
    toy.Thing(name, data=value)
