"""What an organization says of its own issuers and subjects, under the name of one rule, for all rules on federation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from ..aws.federation import Federation, federation
from ..aws.tokens import Own
from ..issuers.forms import form_of
from ..issuers.table import configured
from ..model import Context

# The rule under whose name it is configured.
OWNER: Final = "oidc-trust-without-subject"
# What the other rules that read it say in `settings_of`.
SETTINGS_OF: Final = (OWNER,)
SETTINGS: Final[Mapping[str, Mapping[str, object]]] = {
    "issuers": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "issuer": {"type": "string"},
                "shared": {"type": "boolean"},
                "audience": {"type": "string"},
                "subjects": {"type": "array", "items": {"type": "string"}},
            },
            "required": ["issuer"],
        },
        "default": [],
        "description": "Issuers of your own, without https://, as docs/oidc.md describes them: whether customers of others share them, the audience to ask for, and the forms of their subjects.",
    },
    "subjects": {
        "type": "array",
        "items": {"type": "string"},
        "default": [],
        "description": "Patterns of subjects that may be trusted as they are, such as repo:your-organization/*.",
    },
}
_ISSUER: Final = re.compile(r"[^:/\s{}]+(/[^\s{}]*)?")
_AN_ISSUER: Final = "gitlab.example.com"
_A_FORM: Final = "repo:{tenant:OWNER}/{project:REPOSITORY}:environment:{place:ENVIRONMENT}"
_A_PATTERN: Final = "repo:your-organization/*"
_MEMBERS: Final = ("issuer", "shared", "audience", "subjects")


def question(context: Context) -> Federation:
    """The question about tokens, as it is configured."""
    return _configured(json.dumps([context.settings.get(key) or [] for key in SETTINGS]))


@lru_cache(maxsize=64)
def _configured(settings: str) -> Federation:
    entries, subjects = json.loads(settings)
    if not entries and not subjects:
        return federation
    own = {str(each["issuer"]): each for each in entries}
    return Federation(configured(own), Own(subjects=tuple(subjects)))


def check_settings(settings: Mapping[str, object]) -> Iterator[str]:
    """What is wrong with the settings, each with its place, the value and an example.

    No schema can say what a form is, and the pack may be driven by something that knows nothing of schemas.
    """
    entries, subjects = settings.get("issuers", []), settings.get("subjects", [])
    if not isinstance(entries, list):
        yield f'`issuers` is {_shown(entries)}; write a list, such as [{{"issuer": "{_AN_ISSUER}"}}]'
    else:
        for index, entry in enumerate(entries):
            yield from _of_entry(f"`issuers[{index}]", entry)
    yield from _of_texts("`subjects", subjects, _A_PATTERN)


def check_texts(key: str, example: str, settings: Mapping[str, object]) -> Iterator[str]:
    """What is wrong with a setting that is a list of texts."""
    yield from _of_texts(f"`{key}", settings.get(key, []), example)


def _of_entry(place: str, entry: object) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield f'{place}` is {_shown(entry)}; write an object, such as {{"issuer": "{_AN_ISSUER}"}}'
        return
    for key in entry:
        if key not in _MEMBERS:
            yield f"{place}` has {_shown(key)}, which is none of {', '.join(_MEMBERS)}"
    name = entry.get("issuer")
    if not isinstance(name, str) or not _ISSUER.fullmatch(name):
        yield f'{place}.issuer` is {_shown(name)}; write the issuer without https://, port and braces, such as "{_AN_ISSUER}"'
    if not isinstance(entry.get("shared", False), bool):
        yield f"{place}.shared` is {_shown(entry['shared'])}; write true or false"
    if not isinstance(entry.get("audience", ""), str):
        yield f'{place}.audience` is {_shown(entry["audience"])}; write a text, such as "https://{_AN_ISSUER}"'
    forms = entry.get("subjects", [])
    yield from _of_texts(f"{place}.subjects", forms, _A_FORM)
    for index, form in enumerate(forms if isinstance(forms, list) else []):
        if isinstance(form, str):
            try:
                form_of(form)
            except ValueError:
                yield f'{place}.subjects[{index}]` is {_shown(form)}, which is no form of a subject; one is "{_A_FORM}"'


def _of_texts(place: str, texts: object, example: str) -> Iterator[str]:
    if not isinstance(texts, list):
        yield f'{place}` is {_shown(texts)}; write a list, such as ["{example}"]'
        return
    for index, text in enumerate(texts):
        if not isinstance(text, str):
            yield f'{place}[{index}]` is {_shown(text)}; write a text, such as "{example}"'


def _shown(value: object) -> str:
    return "missing" if value is None else json.dumps(value, ensure_ascii=False)
