"""YAML as the Pulumi CLI reads it, and configuration values as it hands them to a program.

The CLI reads YAML 1.2 with a few old spellings of numbers (go-yaml 3): `yes` and `on` are texts, `0o17` and `017`
are fifteen. A program gets every value as one text: scalars as Go prints them, lists and objects as Go's compact JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from pathlib import Path
from typing import Any, Final

import yaml

from ..errors import CheckError

# How much aliases may add to what a file holds, in values; a long text counts as several.
_ADDED_BY_ALIASES: Final = 100_000
_CHARACTERS_OF_A_VALUE: Final = 100
_DEEPEST: Final = 100

_RESOLVERS: Final = (
    ("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:int", r"[-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|0|[1-9][0-9_]*)", "-+0123456789"),
    (
        "tag:yaml.org,2002:float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+.0123456789",
    ),
    ("tag:yaml.org,2002:timestamp", r"\d{4}-\d\d?-\d\d?([Tt \t].+)?", "0123456789"),
    ("tag:yaml.org,2002:merge", r"<<", "<"),
)


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader with the scalars of YAML 1.2."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own table

    def construct_integer(self, node: yaml.ScalarNode) -> int:
        text = str(self.construct_scalar(node)).replace("_", "")
        octal = re.fullmatch(r"([-+]?)0([0-7]+)", text)
        return int(f"{octal[1]}0o{octal[2]}" if octal else text, 0)


class _Measure:
    """What a document stands for: refused where it has no end, or next to none, or a key twice."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written = 0
        # Of each node that was seen, how many values it stands for and how deep these are nested; None while inside.
        self._known: dict[yaml.Node, tuple[int, int] | None] = {}

    def check(self, root: yaml.Node) -> None:
        """Raises CheckError where the document is not one to go on with."""
        values, _ = self._of(root, 1)
        if values - self._written > _ADDED_BY_ALIASES:
            raise CheckError(
                f"{self._path} stands for more than {_ADDED_BY_ALIASES:,} values, because its aliases repeat one "
                "another; write out what is meant."
            )

    def _of(self, node: yaml.Node, depth: int) -> tuple[int, int]:
        if node in self._known:
            known = self._known[node]
            if known is None:
                raise CheckError(f"{self._at(node)} has a value that contains itself; correct the file.")
        else:
            self._known[node] = None
            known = self._known[node] = self._new(node, depth)
        if depth + known[1] > _DEEPEST:
            raise CheckError(f"{self._at(node)} is nested more than {_DEEPEST} levels deep; make it flatter.")
        return known

    def _new(self, node: yaml.Node, depth: int) -> tuple[int, int]:
        own = 1
        inner: list[yaml.Node] = []
        if isinstance(node, yaml.ScalarNode):
            own += len(node.value) // _CHARACTERS_OF_A_VALUE
        elif isinstance(node, yaml.MappingNode):
            self._refuse_key_given_twice(node)
            inner = [one for pair in node.value for one in pair]
        elif isinstance(node, yaml.SequenceNode):
            inner = node.value
        self._written += own
        if inner and depth >= _DEEPEST:
            raise CheckError(f"{self._at(node)} is nested more than {_DEEPEST} levels deep; make it flatter.")
        parts = [self._of(one, depth + 1) for one in inner]
        return own + sum(values for values, _ in parts), 1 + max((height for _, height in parts), default=-1)

    def _refuse_key_given_twice(self, node: yaml.MappingNode) -> None:
        # The CLI compares keys as they are written: `1` and `"1"` are the same one.
        first: dict[str, yaml.Node] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in first:
                line = first[key.value].start_mark.line + 1
                raise CheckError(
                    f"{self._at(key)} gives the key {key.value!r} once more, after line {line}, and the Pulumi CLI "
                    "refuses that; keep one of them."
                )
            first[key.value] = key

    def _at(self, node: yaml.Node) -> str:
        return f"{self._path}:{node.start_mark.line + 1}"


for _tag, _pattern, _first in _RESOLVERS:
    _Loader.add_implicit_resolver(_tag, re.compile(rf"^(?:{_pattern})$"), list(_first))
_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_integer)


def load(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file; an empty file is an empty mapping.

    Raises CheckError where the file cannot be read, is not YAML, gives a key twice, has aliases without end or holds
    anything else than a mapping.
    """
    try:
        content = _content(path)
    except OSError as error:
        raise CheckError(f"cannot read {path}: {error.strerror}; check the path.") from error
    except RecursionError as error:
        raise CheckError(f"{path} is nested more than {_DEEPEST} levels deep; make it flatter.") from error
    except (yaml.YAMLError, ValueError) as error:
        raise CheckError(f"{_where(path, error)} is not valid YAML; correct the file.") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise CheckError(f"{path} must hold a mapping at its top level; correct the file.")
    return content


def _content(path: Path) -> Any:  # noqa: ANN401 - whatever YAML holds
    loader = _Loader(path.read_text(encoding="utf-8"))
    try:
        root = loader.get_single_node()
        if root is None:
            return None
        # Before values are made of it: merged mappings are written out then.
        _Measure(path).check(root)
        return loader.construct_document(root)
    finally:
        loader.dispose()


def _where(path: Path, error: Exception) -> str:
    if isinstance(error, yaml.reader.ReaderError):
        before = path.read_text(encoding="utf-8")[: error.position]
        return f"{path}:{before.count(chr(10)) + 1}"
    mark = getattr(error, "problem_mark", None)
    # What is never closed is found missing at the end of the file; the line to look at is where it was opened.
    if re.match("while (scanning a quoted|parsing a flow)", getattr(error, "context", None) or ""):
        mark = getattr(error, "context_mark", None) or mark
    return f"{path}:{mark.line + 1}" if mark else str(path)


def text(value: object) -> str:
    """The text in which a program finds a configuration value."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, dt.date):
        return f"{_moment(value):%Y-%m-%d %H:%M:%S +0000 UTC}"
    return compact_json(value)


def compact_json(value: object) -> str:
    """JSON as Go writes it: no spaces, keys sorted, `<`, `>` and `&` escaped."""
    written = json.dumps(_plain(value), separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return written


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, dt.date):
        return f"{_moment(value):%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return int(value)
    return value


def _number(value: float) -> str:
    if isinstance(value, float):
        if math.isnan(value) or math.isinf(value):
            return {"nan": "NaN", "inf": "+Inf", "-inf": "-Inf"}[str(value)]
        if value.is_integer() and abs(value) < 1e21:
            return str(int(value))
    return str(value)


def _moment(value: dt.date) -> dt.datetime:
    if not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC)
    return value.astimezone(dt.UTC) if value.tzinfo else value.replace(tzinfo=dt.UTC)
