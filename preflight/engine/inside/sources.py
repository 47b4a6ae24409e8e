"""The program's own source files: positions in them, and which secrets stand in them as literals."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from . import constants, sdk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType

    from pulumi.runtime.proto import resource_pb2

_FOREIGN: Final = frozenset({"site-packages", "dist-packages", ".venv", "venv", "node_modules"})
_MIN_LENGTH: Final = 8
# Under the name of a credential a short text counts, too; what is shorter still may be anything.
_MIN_CREDENTIAL: Final = 4
_TELLING: Final = re.compile(
    r"passw|passphrase|pwd|secret|token|credential|(api|access|private)[_-]?key", re.IGNORECASE
)
# As the pack has them (`guardrails.secrets.names` and `.looks`), which this side may not import; tests hold both to one
# table. First what says that a value only describes or finds something, or stands beside the credential.
_HARMLESS: Final = re.compile(
    r"""(?:^|_)(?:user|username|login|email|host|hostname|port|endpoints?|domain|region|zone|database|engine|bucket
      |account|arns?|ids?|names?|paths?|file|filename|dir|directory|urls?|uris?|link|ttl|length|len|policy|versions?|types?
      |kind|mode|expiry|expires|expiration|expire|lifetime|validity|duration|age|timeout|interval|seconds|minutes|hours|days
      |ms|db|driver|schema|issuer|audience|environment|env|description|algorithm|alg|size|scopes?|enabled?|disabled?|required
      |allowed|rotation|rotate|count|limit|max|min|minimum|maximum|prefix|suffix|pattern|regex|format|header|field
      |param|parameters?|column|table|reference|ref|source|backend|provider|manager|store|storage|service|server|method
      |strategy|hash|hashed|fingerprint|digest|checksum|thumbprint|encrypted|ciphertext|cipher|encoding|status|state
      |location|label|hint|help|title|template|class|handler|function|symbol|standard|supply|address|contract|group|owner
      |usage|use|index|position|bits|bytes|attempts|retries|history)$""",
    re.VERBOSE,
)
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[-.\s:/]")
_PLACEHOLDER: Final = re.compile(
    r"""\W*
      | [$%#@]?(?:\{\{?.*\}?\}|\(.*\)|<.*>|\[.*\]) | \$[a-z_]\w* | %[a-z_]\w*% | %[sdv] | __\w+__
      | (?:please[\W_]?)?(?:change|replace|fill|set|insert|enter)[\W_]?(?:me|this|it|in|here|your|with)(?:[\W_\d].*)?
      | your[\W_].* | my[\W_]?(?:password|secret|token) | to[\W_]?do(?:[\W_].*)? | tbd | fix[\W_]?me | n/?a
      | (?:dummy|fake|mock|sample|example|placeholder|redacted|masked|hidden|removed|omitted|unused|unset)(?:[\W_].*)?
      | not[\W_]?(?:set|used|needed|required|applicable|available)
      | null | nil | none | undefined | empty | default | void | blank | unknown | x{3,}
      | pass(?:word|wd)? | pwd | secret | token""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_LONGEST_PLACEHOLDER: Final = 256
# An address without a password and with nothing but words in its path, and a path of words.
_FINDS: Final = re.compile(
    r"""[a-z][a-z0-9+.-]*://(?:[a-z0-9-]+\.)*[a-z0-9-]+(?::\d{1,5})?(?:/(?:[a-z]{1,24}(?:[-_.][a-z]{1,24})*|v\d)?)*
      | (?:~|\.{1,2})?(?:/[a-z]{1,24}(?:[-_.][a-z]{1,24})*)+/?""",
    re.VERBOSE | re.IGNORECASE,
)
_NAME_OF_SECRET: Final = re.compile(
    r"""(?=.*(?:passw|secret|token|credential|(?:^|[-_./])(?:key|auth|creds?|pwd)(?:$|[-_./])))
        [a-z]{1,24}\d{0,4}(?:[-_./:][a-z]{1,24}\d{0,4})+""",
    re.VERBOSE | re.IGNORECASE,
)
_WORDS: Final = re.compile(r"[a-z]*\d{0,4}(?:[-_./:, ]+[a-z]*\d{0,4})*", re.IGNORECASE)

Source = dict[str, str | int]
"""A position: `file` relative to the project's folder with forward slashes, `line` from 1."""


class Sources:
    """Positions in the files under the project's folder, installed packages left out."""

    def __init__(self, root: Path, main: Path) -> None:
        self._root = os.path.realpath(root)
        self._main = main / "__main__.py" if main.is_dir() else main
        self._relative: dict[str, str | None] = {}

    def relative(self, file: str) -> str | None:
        """The path of a file of the program relative to the project's folder, or None for any other file."""
        if file not in self._relative:
            self._relative[file] = self._relate(file)
        return self._relative[file]

    def _relate(self, file: str) -> str | None:
        if file.startswith("<"):  # code without a file, such as <frozen runpy>
            return None
        real = os.path.realpath(file)
        if not real.startswith(self._root + os.sep):
            return None
        relative = real[len(self._root) + 1 :]
        return None if _FOREIGN & set(Path(relative).parts) else Path(relative).as_posix()

    def of_request(self, request: resource_pb2.RegisterResourceRequest) -> Source | None:
        """Where the program declared a resource: the innermost frame of the request that is the program's own."""
        # Older SDKs send the position alone.
        frames = request.stackTrace.frames if sdk.has_field(request, "stackTrace") else ()
        positions = [request.sourcePosition, *(frame.pc for frame in frames)]
        for position in positions:
            file = self.relative(unquote(urlsplit(position.uri).path)) if position.uri else None
            if file is not None:
                return {"file": file, "line": position.line}
        return None

    def of_frame(self, frame: FrameType | None) -> Source | None:
        """The innermost frame of a call stack that is the program's own."""
        while frame is not None:
            file = self.relative(frame.f_code.co_filename)
            if file is not None:
                return {"file": file, "line": frame.f_lineno}
            frame = frame.f_back
        return None

    def literals(self, wanted: Iterable[str]) -> dict[str, Source]:
        """Where each wanted text is spelt out in a file that the program ran or imported; see `constants`."""
        missing = set(wanted)
        found: dict[str, Source] = {}
        if not missing:
            return found
        for literal in constants.of_files(self._files()):
            text, file = literal.value, self.relative(literal.file)
            if isinstance(text, str) and text in missing and text not in found and file is not None:
                found[text] = {"file": file, "line": literal.line}
        return found

    def _files(self) -> dict[str, str]:
        """The program's own files, each with the name that it was imported under."""
        names = {os.path.realpath(self._main): "__main__"}
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if file and name != "__main__":
                names.setdefault(os.path.realpath(file), name)
        return {file: names[file] for file in sorted(names) if self.relative(file) is not None}


def is_placeholder(text: str) -> bool:
    """Whether `text` only stands where somebody is to put the value: `CHANGEME`, `<password>`, `${X}`."""
    text = text.strip().strip("'\"")
    return len(text) <= _LONGEST_PLACEHOLDER and _PLACEHOLDER.fullmatch(text) is not None


def may_be_literal(name: str, text: str, *, whole: bool, exported: bool = False) -> bool:
    """Whether `text` under `name` is long enough to stand in the source for its own sake, and a value of its own.

    A placeholder is none, nor an address or a path. A part of a secret counts as a credential, as `credentials` has
    chosen it, unless it is the name of one, and so does a whole with a telling name. Words that are `exported` count
    under such a name alone: the mark may come from what they were computed beside.
    """
    credential = not whole or names_credential(name)
    if len(text) < (_MIN_CREDENTIAL if credential else _MIN_LENGTH):
        return False
    if exported and not credential and _WORDS.fullmatch(text):
        return False
    if not whole and _NAME_OF_SECRET.fullmatch(text):
        return False
    return not (is_placeholder(text) or _FINDS.fullmatch(text))


def is_mixed(text: str) -> bool:
    """Whether a text has capitals or small letters and digits, and is no word with a number behind it."""
    return (
        _WORDS.fullmatch(text) is None
        and re.search(r"\d", text) is not None
        and re.search(r"[A-Za-z]", text) is not None
    )


def names_credential(name: str) -> bool:
    """Whether a name tells of a credential, and not of something beside one, as `tokenIssuer` does."""
    return _TELLING.search(name) is not None and _HARMLESS.search(_CAMEL.sub("_", name).lower()) is None


def credentials(text: str) -> Iterator[str]:
    """What may stand as a literal in the source of a secret: the text itself, and the credentials of a JSON object.

    Of an object only members with telling names count: a user name or a host beside the password is no secret. One
    whose credentials are placeholders has none, as a whole too.
    """
    members = _telling_members(text)
    if members and all(map(is_placeholder, members)):
        return
    yield text
    yield from members


def _telling_members(text: str) -> list[str]:
    try:
        decoded = json.loads(text) if text.lstrip().startswith("{") else None
    except (ValueError, RecursionError):
        return []
    found: list[str] = []
    pending = [decoded]
    while pending:
        current = pending.pop()
        if isinstance(current, list):
            pending += current
        elif isinstance(current, dict):
            for name, value in current.items():
                if isinstance(value, str) and names_credential(name):
                    found.append(value)
                else:
                    pending.append(value)
    return found
