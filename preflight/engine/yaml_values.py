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


for _tag, _pattern, _first in _RESOLVERS:
    _Loader.add_implicit_resolver(_tag, re.compile(rf"^(?:{_pattern})$"), list(_first))
_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_integer)


def load(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file; an empty file is an empty mapping.

    Raises CheckError where the file cannot be read, is not YAML or holds anything else than a mapping.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a subclass of the safe loader
    except OSError as error:
        raise CheckError(f"cannot read {path}: {error.strerror}; check the path.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise CheckError(f"{_where(path, error)} is not valid YAML; correct the file.") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise CheckError(f"{path} must hold a mapping at its top level; correct the file.")
    return content


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
