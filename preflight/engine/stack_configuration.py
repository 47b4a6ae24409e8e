"""The configuration a program runs with: the stack's file, the project's defaults, `--config`, decrypted.

What is required and not there, or encrypted and not to be read, is invented, so that a check needs no credentials.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeGuard

from policypack.guardrails.secrets.json_text import members
from policypack.guardrails.secrets.names import is_named_credential

from ..errors import CheckError
from . import passphrase, yaml_values
from .inside import invented_configuration as inventions
from .projects import Declared, Project

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
class Invented:
    """A key whose value was invented: it is `encrypted` and cannot be read, or is not set.

    `schema` has `type` and `items` as Pulumi.yaml declares them. `whole` is false for an object or a list of which
    only the encrypted parts were invented.
    """

    schema: Mapping[str, Any] = field(default_factory=dict)
    secret: bool = False
    encrypted: bool = False
    whole: bool = True

    def as_json(self) -> dict[str, object]:
        """What the program's side has to know of it."""
        return {"schema": dict(self.schema), "secret": self.secret, "whole": self.whole}


@dataclass(frozen=True, slots=True)
class Configuration:
    """Texts by full key (`namespace:key`), objects and lists as compact JSON. Never shows a value.

    `invented` are the keys whose values nobody has given. `obstacle` says what keeps encrypted values from being read
    and what to do about it. `environments` are those that the stack's file imports and that are not opened. `unclear`
    are keys that the command line gives and whose names leave open whether they are secret.
    """

    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret_keys: Sequence[str] = ()
    invented: Mapping[str, Invented] = field(default_factory=dict)
    obstacle: str = ""
    environments: Sequence[str] = ()
    unclear: Sequence[str] = ()

    @property
    def told(self) -> Mapping[str, str]:
        """What the pack is told: a value that is `unclear` is neither a secret nor one that stands in a file."""
        return {key: text for key, text in self.texts.items() if key not in self.unclear}

    @property
    def secrets(self) -> list[str]:
        """The values of the secret keys, without those that are invented."""
        return [self.texts[key] for key in self.secret_keys if key not in self.invented or not self.invented[key].whole]

    @property
    def guarded(self) -> list[str]:
        """What nothing of the program's may show: the secrets, and values of 8 characters or more under telling names.

        A program may read any key with `require_secret`, and nobody outside can know.
        """
        unmarked = (
            text
            for key, text in self.texts.items()
            if key not in self.invented and may_be_secret(key.partition(":")[2], text)
        )
        return [*self.secrets, *unmarked]


def may_be_secret(name: str, text: str) -> bool:
    """Whether a value is better not shown, by its name: many more than are credentials."""
    return len(text) >= _SHORTEST_UNMARKED and _TELLING.search(name) is not None and not text.startswith(_IDENTIFIERS)


def _is_credential(name: str, text: str) -> bool:
    """Whether what the command line gives is a credential, or an object with one in it."""
    return any(is_named_credential((name, *inner), member) for inner, member in members(text))


def parse_override(text: str) -> tuple[str, str]:
    """`KEY=VALUE` of `--config`. Raises CheckError for anything else, without repeating what may be a secret."""
    key, equals, value = text.partition("=")
    if not equals or not _KEY.fullmatch(key):
        raise CheckError(
            "--config wants KEY=VALUE with a key without blanks, such as `--config aws:region=eu-west-1`, or "
            "STACK::OUTPUT=VALUE for an output of another stack."
        )
    return key, value


def read(
    project: Project, stack: str, overrides: Sequence[tuple[str, str]], environment: Mapping[str, str] = os.environ
) -> Configuration:
    """The configuration of `stack`, decrypted as far as that is possible.

    Raises CheckError where the stack's file is broken, a secret is damaged or was encrypted under another passphrase
    than the one given, or a value does not have the type that the project declares. A key that `overrides` sets is not
    decrypted at all, and is secret where its names say that it is a credential: nothing else can mark it.
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
    closed = [key for key, value in values.items() if any(_encrypted(value))]
    decrypter = _decrypter(content, path, environment) if closed else ""
    invented: dict[str, Invented] = {}
    if isinstance(decrypter, passphrase.Decrypter):
        values = {key: _decrypted(value, decrypter, key, path) for key, value in values.items()}
    else:
        invented = {key: _unreadable(values[key], project.declared.get(key, Declared())) for key in closed}
        values |= {key: _in_place_of(values[key], key, one) for key, one in invented.items()}
    _check_types(project, values, overridden, secret_keys, path)
    texts = {key: yaml_values.text(value) for key, value in values.items()}
    for key, declared in project.declared.items():
        if declared.secret:
            secret_keys.add(key)
        if key in texts or key in overridden:
            continue
        if declared.default is not None:
            texts[key] = yaml_values.text(declared.default)
        elif key.startswith(f"{project.name}:"):
            # The engine refuses to run without such a key. One of a provider's namespace it does not ask for.
            invented[key] = Invented(_schema(declared), secret=declared.secret)
            texts[key] = inventions.invented_text(invented[key].schema, key)
    texts.update(overridden)
    secret_keys |= {key for key, text in overridden.items() if _is_credential(key.partition(":")[2], text)}
    secret_keys &= texts.keys()
    unclear = {key for key, text in overridden.items() if may_be_secret(key.partition(":")[2], text)} - secret_keys
    return Configuration(
        dict(sorted(texts.items())),
        sorted(secret_keys),
        invented=dict(sorted(invented.items())),
        obstacle="" if isinstance(decrypter, passphrase.Decrypter) else decrypter,
        environments=_environments(content.get("environment")),
        unclear=tuple(sorted(unclear)),
    )


def _check_types(
    project: Project,
    values: Mapping[str, object],
    overridden: Mapping[str, str],
    secret_keys: set[str],
    path: Path | None,
) -> None:
    for key, declared in project.declared.items():
        if key in overridden and declared.type and not _fits(declared.type, declared.items, overridden[key]):
            raise CheckError(f"--config must give {key} a value of type {declared.type}, as Pulumi.yaml says.")
        if key not in values:
            continue
        if declared.secret and key not in secret_keys:
            raise CheckError(f"{key} is declared secret and stands in clear in {path}; encrypt it with --secret.")
        if declared.type and not _fits(declared.type, declared.items, values[key]):
            raise CheckError(f"{key} in {path} must be of type {declared.type}, as Pulumi.yaml says; correct it.")


def _unreadable(value: object, declared: Declared) -> Invented:
    return Invented(_schema(declared), secret=True, encrypted=True, whole=_is_secure(value))


def _in_place_of(value: object, key: str, invented: Invented) -> object:
    return inventions.invented_text(invented.schema, key) if invented.whole else _stood_for(value, key)


def _schema(declared: Declared) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": declared.type} if declared.type else {}
    return {**schema, "items": declared.items} if declared.items else schema


def _environments(written: object) -> tuple[str, ...]:
    """The names of the environments that a stack file imports; `` for one that is written there itself."""
    if not written:
        return ()
    imports = written.get("imports") if isinstance(written, dict) else written
    if not isinstance(imports, list):
        return ("",)
    return tuple(str(next(iter(one), "") if isinstance(one, dict) else one) for one in imports)


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


def _is_secure(value: object) -> TypeGuard[dict[str, str]]:
    return isinstance(value, dict) and len(value) == 1 and isinstance(value.get("secure"), str)


def _stood_for(value: object, path: str) -> object:
    """A value with a stand-in for every encrypted part; `path` is the key and the way to it."""
    if isinstance(value, list):
        return [_stood_for(inner, f"{path}[{index}]") for index, inner in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if _is_secure(value):
        return inventions.token(path)
    return {name: _stood_for(inner, f"{path}.{name}") for name, inner in value.items()}


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


def _decrypter(
    content: Mapping[str, Any], path: Path | None, environment: Mapping[str, str]
) -> passphrase.Decrypter | str:
    """What decrypts the stack's values, or why nothing can, with what to do about it.

    Raises CheckError where a passphrase is given and is not the right one.
    """
    provider = content.get("secretsprovider")
    salt = content.get("encryptionsalt")
    if not isinstance(salt, str):
        named = f"the secrets provider {str(provider).partition(':')[0]}" if provider else "the service's key"
        return f"{path} is encrypted with {named}, which preflight cannot use"
    variables = f"{passphrase.VARIABLE} (or {passphrase.FILE_VARIABLE})"
    phrase = passphrase.from_environment(environment)
    if phrase is None:
        return f"{path} has encrypted values: set {variables}"
    try:
        return passphrase.Decrypter(phrase, salt)
    except passphrase.WrongPassphraseError:
        # A build without access to its secrets, as for a fork, sets the variable to nothing.
        if phrase:
            raise
        return f"{path} has encrypted values and the passphrase is empty: set {variables}"


def _fits(declared: str, items: Mapping[str, Any] | None, value: object) -> bool:
    """Whether a value has the declared type; texts count as what they spell, as the CLI writes them."""
    if declared == "string":
        return not isinstance(value, dict | list)
    kinds = _TYPES.get(declared)
    if kinds is None:
        return True
    if isinstance(value, str):
        if declared == "boolean":
            return value in {"true", "false"}
        if declared in {"integer", "number"}:
            return _is_number(value, whole=declared == "integer")
        return value.startswith("[" if declared == "array" else "{")
    if isinstance(value, list) and items:
        inner = items.get("items")
        fit = (_fits(str(items.get("type", "")), inner if isinstance(inner, dict) else None, one) for one in value)
        return declared == "array" and all(fit)
    return isinstance(value, kinds) and (declared == "boolean" or not isinstance(value, bool))


def _is_number(text: str, *, whole: bool) -> bool:
    try:
        int(text) if whole else float(text)
    except ValueError:
        return False
    return True
