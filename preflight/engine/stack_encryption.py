"""Whether what encrypts a stack's secrets keeps anybody from reading them.

Certain answers alone: a stack file without any entry is encrypted with the service's key, which needs none.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from policypack.guardrails.findings import Source
from policypack.guardrails.rule import WeakEncryption, Weakness

from ..errors import CheckError
from . import passphrase, yaml_values


def of_stack_file(path: Path | None, root: Path) -> WeakEncryption | None:
    """What is weak about the encryption that a stack's file names; `root` is the project's folder."""
    try:
        salt = yaml_values.load(path).get("encryptionsalt") if path else None
    except CheckError:
        return None
    if path is None or not _opens_with_nothing(salt):
        return None
    return WeakEncryption(
        weakness=Weakness.EMPTY_PASSPHRASE, path="encryptionsalt", source=_source(path, root, "encryptionsalt")
    )


def of_state(provider: Mapping[str, Any]) -> WeakEncryption | None:
    """What is weak about the encryption of a state, by its `secrets_providers` (pkg/secrets of the engine)."""
    place = "deployment.secrets_providers"
    if provider.get("type") == "b64":
        return WeakEncryption(weakness=Weakness.NO_ENCRYPTION, path=f"{place}.type")
    state = provider.get("state")
    if provider.get("type") == "passphrase" and isinstance(state, dict) and _opens_with_nothing(state.get("salt")):
        return WeakEncryption(weakness=Weakness.EMPTY_PASSPHRASE, path=f"{place}.state.salt")
    return None


def _opens_with_nothing(salt: object) -> bool:
    """Whether the empty passphrase is the one that a salt belongs to."""
    if not isinstance(salt, str):
        return False
    try:
        passphrase.Decrypter("", salt)
    except CheckError:
        return False
    return True


def _source(path: Path, root: Path, key: str) -> Source | None:
    if not path.is_relative_to(root):
        return None
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next((number for number, text in enumerate(lines, 1) if text.lstrip(" \"'").startswith(key)), 1)
    return Source(file=path.relative_to(root).as_posix(), line=line)
