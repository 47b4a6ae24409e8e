"""The configuration a program runs with: the stack's file, the project's defaults, `--config`, decrypted."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ..errors import CheckError
from . import passphrase, yaml_values
from .projects import Project

_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}
_KEY: Final = re.compile(r"[^\s:=]+(:[^\s:=]+)?")
# Names of keys whose values are likely to be read as secrets, even where nothing marks them.
_TELLING: Final = re.compile(
    r"pass(?:word|wd|phrase|code)?(?![a-z])|pwd|secret|tok(?:en)?(?![a-z])|key|credential|private|auth", re.IGNORECASE
)
_SHORTEST_UNMARKED: Final = 8
_IDENTIFIERS: Final = ("arn:", "ocid1.")


@dataclass(frozen=True, slots=True)
class Configuration:
    """Texts by full key (`namespace:key`), objects and lists as compact JSON. Never shows a value."""

    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret_keys: Sequence[str] = ()

    @property
    def secrets(self) -> list[str]:
        """The values of the secret keys."""
        return [self.texts[key] for key in self.secret_keys]

    @property
    def guarded(self) -> list[str]:
        """What nothing of the program's may show: the secrets, and values of 8 characters or more under telling names.

        A program may read any key with `require_secret`, and nobody outside can know.
        """
        unmarked = (
            text
            for key, text in self.texts.items()
            if len(text) >= _SHORTEST_UNMARKED
            and _TELLING.search(key.partition(":")[2])
            and not text.startswith(_IDENTIFIERS)
        )
        return [*self.secrets, *unmarked]


def parse_override(text: str) -> tuple[str, str]:
    """`KEY=VALUE` of `--config`. Raises CheckError for anything else, without repeating what may be a secret."""
    key, equals, value = text.partition("=")
    if not equals or not _KEY.fullmatch(key):
        raise CheckError("--config wants KEY=VALUE with a key without blanks, such as `--config aws:region=eu-west-1`.")
    return key, value


def read(
    project: Project, stack: str, overrides: Sequence[tuple[str, str]], environment: Mapping[str, str] = os.environ
) -> Configuration:
    """The configuration of `stack`, decrypted.

    Raises CheckError where the stack's file is broken, a secret cannot be decrypted, or a value does not have the
    type that the project declares. A key that `overrides` sets is not decrypted at all.
    """
    path = project.stack_file(stack)
    content = yaml_values.load(path) if path else {}
    given = content.get("config") or {}
    if not isinstance(given, dict):
        raise CheckError(f"{path} must hold a mapping under `config`; correct the file.")
    values = {project.key(str(key)): value for key, value in given.items()}
    secret_keys = {key for key, value in values.items() if any(_encrypted(value))}
    overridden = {project.key(key): text for key, text in overrides}
    for key in overridden:
        values.pop(key, None)
    if any(text for value in values.values() for text in _encrypted(value)):
        decrypter = _decrypter(content, path, environment)
        values = {key: _decrypted(value, decrypter, key, path) for key, value in values.items()}
    texts = {key: yaml_values.text(value) for key, value in values.items()}
    for key, declared in project.declared.items():
        if key in values:
            if declared.secret and key not in secret_keys:
                raise CheckError(f"{key} is declared secret and stands in clear in {path}; encrypt it with --secret.")
            if declared.type and not _fits(declared.type, values[key], texts[key]):
                raise CheckError(f"{key} in {path} must be of type {declared.type}, as Pulumi.yaml says; correct it.")
        elif key in overridden:
            if declared.secret:
                secret_keys.add(key)
        elif declared.default is not None:
            texts[key] = yaml_values.text(declared.default)
    texts.update(overridden)
    return Configuration(dict(sorted(texts.items())), sorted(secret_keys))


def _encrypted(value: object) -> Iterator[str]:
    """The ciphertexts in a value of a stack file, at any depth."""
    if isinstance(value, dict):
        if _is_secure(value):
            yield value["secure"]
        else:
            for inner in value.values():
                yield from _encrypted(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _encrypted(inner)


def _is_secure(value: Mapping[str, object]) -> bool:
    return len(value) == 1 and isinstance(value.get("secure"), str)


def _decrypted(value: object, decrypter: passphrase.Decrypter, key: str, path: Path | None) -> object:
    if isinstance(value, list):
        return [_decrypted(inner, decrypter, key, path) for inner in value]
    if not isinstance(value, dict):
        return value
    if not _is_secure(value):
        return {name: _decrypted(inner, decrypter, key, path) for name, inner in value.items()}
    try:
        return decrypter.decrypt(str(value["secure"]))
    except ValueError as error:
        raise CheckError(
            f"the secret value of {key} in {path} cannot be decrypted; set it again with `pulumi config set --secret`."
        ) from error


def _decrypter(content: Mapping[str, Any], path: Path | None, environment: Mapping[str, str]) -> passphrase.Decrypter:
    provider = content.get("secretsprovider")
    salt = content.get("encryptionsalt")
    if not isinstance(salt, str):
        named = f"the secrets provider {str(provider).partition(':')[0]}" if provider else "the service's key"
        raise CheckError(
            f"{path} is encrypted with {named}, which preflight cannot use; give its secret values with `--config`."
        )
    phrase = passphrase.from_environment(environment)
    if phrase is None:
        raise CheckError(f"{path} has encrypted values; set {passphrase.VARIABLE} (or {passphrase.FILE_VARIABLE}).")
    return passphrase.Decrypter(phrase, salt)


def _fits(declared: str, value: object, text: str) -> bool:
    """Whether a value has the declared type; texts count as what they spell, as the CLI writes them."""
    if declared == "string":
        return not isinstance(value, dict | list)
    kinds = _TYPES.get(declared)
    if kinds is None:
        return True
    if isinstance(value, str):
        if declared == "boolean":
            return text in {"true", "false"}
        if declared in {"integer", "number"}:
            return _is_number(text, whole=declared == "integer")
        return text.startswith("[" if declared == "array" else "{")
    return isinstance(value, kinds) and (declared == "boolean" or not isinstance(value, bool))


def _is_number(text: str, *, whole: bool) -> bool:
    try:
        int(text) if whole else float(text)
    except ValueError:
        return False
    return True
