"""The inputs that take whatever names and values a program gives: environments, metadata, start scripts, tags.

Which they are stands in `data/free_form.json`; Kubernetes has many types that run a container, told by how their tokens
begin.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ..model import Asset, Keys, Resource, Secret
from ..values import has_stand_in
from .encoded import decoded
from .json_text import leaves
from .places import joined

# By type token. The types of AWS and OCI are those of pulumi_aws 7.51 and pulumi_oci 5.5.
FREE_FORM: Final[Mapping[str, Sequence[str]]] = json.loads(
    Path(__file__).with_name("data").joinpath("free_form.json").read_text(encoding="utf-8")
)["types"]
_WORKLOADS: Final = (
    "kubernetes:apps/",
    "kubernetes:batch/",
    "kubernetes:core/v1:Pod",
    "kubernetes:core/v1:ReplicationController",
)
_TAGS: Final = ("tags", "freeformTags", "definedTags")

# A list of variables: what one is called, and what it holds.
_ENTRY: Final = (
    ("name", "value"),
    ("Name", "Value"),
    ("key", "value"),
    ("Key", "Value"),
    ("parameterKey", "parameterValue"),
)
# The value is the place of the secret, and the secret itself stays in its store.
_STORED: Final = frozenset({"PARAMETER_STORE", "SECRETS_MANAGER"})

# `NAME=value` of a shell or a container, `"name": "value"` and `name: value` of JSON and YAML, `$Name = "value"` of
# PowerShell; and `--name value` of a command.
_GIVEN: Final = r"""(?:"(?P<double>[^"\n]{1,300})"|'(?P<single>[^'\n]{1,300})'|(?P<bare>[^\s;&|"'`,]{1,300}))"""
_ASSIGNED: Final = re.compile(
    r"""(?<![\w.$/-])(?:-{0,2}|\$(?=\w+[ ]?=[ ]?["']))(?P<name>[A-Za-z_][\w.-]{2,60})["']?"""
    rf"""[ \t]{{0,40}}(?P<sign>[=:])[ \t]{{0,40}}{_GIVEN}"""
)
_OPTION: Final = re.compile(rf"(?<![\w.$/-])--(?P<name>[A-Za-z][\w-]{{2,60}})(?P<sign>[ \t])[ \t]{{0,40}}(?!-){_GIVEN}")
_TELLING: Final = (
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "cred",
    "auth",
    "dsn",
    "salt",
    "conn",
    "bearer",
    "_pat",
    "psk",
)
# What any name of a credential has in it.
_MAY_TELL: Final = (*_TELLING, "sas", "pepper", "cookie", "pw", "pat", "pin")
# Of a program: a call, a variable, a part of a template.
_COMPUTED: Final = re.compile(r"[$(){}\[\]<>`]|%[sdv]")


@dataclass(frozen=True, slots=True)
class Setting:
    """A text at `keys` of a resource, under `names`, from the input inwards; `how` says how it is written there.

    The keys go on inside a JSON text; `whole` are those of the text that the resource has.
    """

    whole: Keys
    keys: Keys
    names: tuple[str, ...]
    text: str = field(repr=False)
    how: str = ""


def settings(resource: Resource) -> Iterator[Setting]:
    """The named texts in the free-form inputs of a resource that are neither marked secret nor invented.

    Those inside JSON, scripts and start scripts in base64 too; of a script all at its place. A tag counts as one.
    """
    inputs = tuple(_inputs(resource))
    texts = " ".join((*inputs, joined({name: resource.properties[name] for name in inputs}))).lower()
    # A start script, which is given as user data, may be encoded.
    if "user" not in texts and not any(map(texts.__contains__, _MAY_TELL)):
        return
    for name in inputs:
        value = resource[name]
        if value.secret:
            continue
        for setting in _walk(value.keys, (), value.raw):
            every = (*((setting,) if setting.names else ()), *_inside(setting, (name, *setting.names)))
            # Asked of the single setting: the text around it may well name what is not known yet.
            yield from (one for one in every if not has_stand_in(one.text))


def _inputs(resource: Resource) -> Iterator[str]:
    names = FREE_FORM.get(resource.type, ())
    if not names and resource.type.startswith(_WORKLOADS):
        names = ("spec",)
    return (name for name in (*names, *_TAGS) if name in resource.properties)


def _walk(keys: Keys, names: tuple[str, ...], raw: object) -> Iterator[Setting]:
    waiting: list[tuple[Keys, tuple[str, ...], object]] = [(keys, names, raw)]
    while waiting:
        keys, names, raw = waiting.pop()
        if isinstance(raw, str):
            yield Setting(keys, keys, names, raw)
        elif isinstance(raw, dict):
            entry, held = _entry(raw)
            if entry is not None and raw.get("type") in _STORED:
                continue
            for name, inner in raw.items():
                if not isinstance(inner, Secret):
                    word = entry if name == held and entry is not None else str(name)
                    waiting.append(((*keys, name), (*names, word), inner))
        elif isinstance(raw, list):
            waiting += (((*keys, index), names, inner) for index, inner in enumerate(raw))
        elif isinstance(raw, Asset) and raw.text:
            yield Setting(keys, keys, names, raw.text)


def _entry(raw: Mapping[object, object]) -> tuple[str | None, str]:
    """What an entry of a list of variables is called and which of its members holds the value."""
    for name, held in _ENTRY:
        if held in raw and isinstance(called := raw.get(name), str):
            return called, held
    return None, ""


def _inside(setting: Setting, names: tuple[str, ...]) -> Iterator[Setting]:
    """The settings inside a text that is a document or a script, plain or encoded."""
    text = setting.text
    document = leaves(text)
    if document is not None:
        stored = {leaf.keys[:-1] for leaf in document if leaf.keys[-1:] == ("type",) and leaf.text in _STORED}
        for leaf in document:
            if not (leaf.is_name or leaf.keys[:-1] in stored or any(map(_refers, leaf.names))):
                inner = Setting(setting.keys, (*setting.keys, *leaf.keys), (*names, *leaf.names), leaf.text)
                yield inner
                yield from _assigned(inner, leaf.text, "")
        return
    yield from _assigned(setting, text, "")
    if "user" in names[0].lower() or "user" in names[-1].lower():
        for layer in decoded(text):
            yield from _assigned(setting, layer.text, layer.how)


def _refers(name: str) -> bool:
    """Whether what stands under a name refers to a part of a CloudFormation template."""
    return name == "Ref" or name.startswith("Fn::")


def _assigned(setting: Setting, text: str, how: str) -> Iterator[Setting]:
    """What lines of a script or of a settings file set."""
    if not (("=" in text or ":" in text or "--" in text) and _tells(text)):
        return
    for line in text.splitlines():
        if _tells(line):
            yield from (
                Setting(setting.whole, setting.keys, (match["name"],), value, how or "in its text")
                for match in (*_ASSIGNED.finditer(line), *_OPTION.finditer(line))
                if (value := _value(match)) is not None
            )


def _tells(text: str) -> bool:
    return any(map(text.lower().__contains__, _TELLING))


def _value(match: re.Match[str]) -> str | None:
    """The value of an assignment; None where a program is to work it out, or where it is a line of prose."""
    value = match["single"] or match["double"] or match["bare"]
    if match["single"] is None and _COMPUTED.search(value):
        return None
    # `passwd: files` is a line of a settings file, `Password: required` of a text.
    return None if match["sign"] == ":" and match["bare"] is not None and value.isalpha() else value
