"""Decrypt configuration that Pulumi's passphrase provider has encrypted.

The format (sdk/go/common/resource/config/crypt.go): a value is `v1:NONCE:CIPHERTEXT` in base64, AES-256-GCM under a
key that PBKDF2-SHA256 makes of the passphrase and the salt in one million rounds. `encryptionsalt` is
`v1:SALT:` and such a value, which decrypts to the word `pulumi`.
"""

from __future__ import annotations

import binascii
import hashlib
import os
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ..errors import CheckError

VARIABLE: Final = "PULUMI_CONFIG_PASSPHRASE"
FILE_VARIABLE: Final = "PULUMI_CONFIG_PASSPHRASE_FILE"
_ROUNDS: Final = 1_000_000
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


def from_environment(environment: Mapping[str, str]) -> str | None:
    """The passphrase, which may be empty, from where the CLI takes it; None where it is not set.

    Raises CheckError where the file that should hold it cannot be read.
    """
    if VARIABLE in environment:
        return environment[VARIABLE]
    name = environment.get(FILE_VARIABLE)
    if not name:
        return None
    try:
        return Path(name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        # Not by its name: that may be the passphrase itself, set in the wrong variable.
        raise CheckError(f"the file that {FILE_VARIABLE} names cannot be read; correct the variable.") from error


class WrongPassphraseError(CheckError):
    """The passphrase is not the stack's."""


class Decrypter:
    """Decrypts the values of one stack. Making one takes about a fifth of a second, all of it outside the GIL."""

    def __init__(self, passphrase: str, salt: str) -> None:
        """Raises WrongPassphraseError where `passphrase` is not the stack's, CheckError where `salt` is malformed."""
        version, _, rest = salt.partition(":")
        encoded, _, check = rest.partition(":")
        if version != "v1" or not check:
            raise CheckError("the stack's encryptionsalt has a form that preflight does not know; update preflight.")
        try:
            raw = b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise CheckError("the stack's encryptionsalt is damaged; restore the stack file.") from error
        self._key = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), raw, _ROUNDS, _KEY_BYTES)
        try:
            right = self.decrypt(check) == "pulumi"
        except ValueError:
            right = False
        if not right:
            raise WrongPassphraseError(
                f"the passphrase in {_variable_in_use()} is not the one of this stack; set the right one."
            )

    def decrypt(self, value: str) -> str:
        """The text that `value` encrypts. Raises ValueError where it was not encrypted under this key."""
        # Only stacks with secrets pay for this import.
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        parts = value.split(":")
        if len(parts) != 3 or parts[0] != "v1":
            message = "not a value of the passphrase provider"
            raise ValueError(message)
        nonce, ciphertext = (b64decode(part, validate=True) for part in parts[1:])
        if len(nonce) != _NONCE_BYTES:
            message = "the nonce has the wrong size"
            raise ValueError(message)
        try:
            return AESGCM(self._key).decrypt(nonce, ciphertext, None).decode()
        except InvalidTag as error:
            message = "encrypted under another key"
            raise ValueError(message) from error


def _variable_in_use() -> str:
    return VARIABLE if VARIABLE in os.environ else FILE_VARIABLE
