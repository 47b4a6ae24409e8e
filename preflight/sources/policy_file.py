"""Find the policy document in a file, whichever of AWS's commands has written it.

A document by itself, or what `aws iam get-policy-version`, `aws s3api get-bucket-policy` and their like print, in which
it may be an object, JSON text or URL-encoded JSON text.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn
from urllib.parse import unquote

from policypack.guardrails.aws import json_text
from policypack.guardrails.aws.document import Document, Kind, parse
from policypack.guardrails.values import Unknown

from ..errors import CheckError
from .oci_policy_file import holds_statements
from .state_file import name

_STANDARD_INPUT: Final = Path("-")
# Of the JSON around a document, and of one that is URL-encoded, there is more than of the document.
_LARGEST: Final = 4 * json_text.MAX_TEXT
_YAML: Final = re.compile(r"---\s*$|[\w-]+:(\s|$)|- ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Wrapper:
    """Where a document stands in what a command prints, and what it then is, where that is certain."""

    keys: tuple[str, ...]
    command: str
    kind: Kind | None = None


_WRAPPERS: Final = (
    _Wrapper(("PolicyVersion", "Document"), "aws iam get-policy-version", Kind.IDENTITY),
    _Wrapper(("Role", "AssumeRolePolicyDocument"), "aws iam get-role", Kind.TRUST),
    _Wrapper(("AssumeRolePolicyDocument",), "aws iam get-role --query Role", Kind.TRUST),
    _Wrapper(("PolicyDocument",), "aws iam get-role-policy"),
    _Wrapper(("Policy",), "aws s3api get-bucket-policy", Kind.RESOURCE),
    _Wrapper(("Attributes", "Policy"), "aws sqs get-queue-attributes", Kind.RESOURCE),
    _Wrapper(("policyText",), "aws ecr get-repository-policy", Kind.RESOURCE),
    _Wrapper(("ResourcePolicy",), "aws secretsmanager get-resource-policy", Kind.RESOURCE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFile:
    """One document. `text` is its JSON as written, `why` says why it was read as its kind, `unwrapped` names
    what it was taken out of; both are empty where there is nothing to say."""

    path: Path
    text: str
    document: Document
    why: str = ""
    unwrapped: str = ""


def read(path: Path, kind: Kind | None) -> PolicyFile:
    """The document in a file, or on standard input where `path` is `-`; `kind` None finds out what it is.

    Raises CheckError where the file cannot be read or holds no document. Nothing that it holds is quoted.
    """
    return parse_file(path, text_of(path), kind)


def parse_file(path: Path, raw: str, kind: Kind | None) -> PolicyFile:
    """The document in the content of the file at `path`; the same as `read`."""
    text = _plain(raw)
    if holds_statements(text):
        raise CheckError(
            f"{name(path)} holds OCI statements, not an AWS document; `preflight policy FILE --kind oci` explains them."
        )
    content = _decoded(path, text)
    unwrapped = "its URL encoding" if text != raw else ""
    certain: Kind | None = None
    found = _wrapped(path, content)
    if found is not None:
        wrapper, inner = found
        unwrapped, certain = f"the output of `{wrapper.command}`", wrapper.kind
        text = inner if isinstance(inner, str) else _json(path, inner)
    elif isinstance(content, str):
        text, unwrapped = content, "a JSON text"
    # Half of a character, which nothing can pass on, is escaped as JSON does.
    text = _plain(text).encode("utf-8", "backslashreplace").decode("utf-8")
    document = _decoded(path, text) if text.lstrip()[:1] == "{" else None
    if content == {"data": []}:
        raise CheckError(f"{name(path)} is an empty listing of the `oci` command: no policy or dynamic group is in it.")
    if not isinstance(document, dict) or not any(key.lower() == "statement" for key in document):
        _no_document(path)
    if kind is not None:
        return PolicyFile(path=path, text=text, document=parse(text, kind), unwrapped=unwrapped)
    if certain is not None:
        return PolicyFile(path=path, text=text, document=parse(text, certain), unwrapped=unwrapped)
    document, why = _inferred(text)
    return PolicyFile(path=path, text=text, document=document, why=why, unwrapped=unwrapped)


def text_of(path: Path) -> str:
    """What a file of any kind of policy holds. Raises CheckError where it cannot be read, or is empty or no text."""
    if path == _STANDARD_INPUT and sys.stdin is None:
        raise CheckError("there is no standard input to read the document from; give a file.")
    if path != _STANDARD_INPUT and path.is_dir():
        raise CheckError(f"{path} is a folder; give the file of a policy document, or run `preflight check {path}`.")
    try:
        if path == _STANDARD_INPUT:
            content = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with path.open("rb") as file:
                content = file.read(_LARGEST + 1)
    except OSError as error:
        raise CheckError(f"cannot read {name(path)}: {error.strerror}; check the path.") from error
    if len(content) > _LARGEST:
        raise CheckError(f"{name(path)} is larger than {_LARGEST // 10**6} MB, far more than any policy document.")
    if not content.strip():
        raise CheckError(f"{name(path)} is empty; give a policy document as JSON, or OCI statements.")
    try:
        # PowerShell writes UTF-16, and a mark of the byte order before UTF-8.
        return content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise CheckError(
            f"{name(path)} is no text, so no policy document; give one as JSON, or OCI statements."
        ) from error


def _plain(text: str) -> str:
    """`text` without the URL encoding that IAM's API puts around documents."""
    return unquote(text.strip()) if text.lstrip()[:3].lower() in ("%7b", "%0a", "%20", "%5b") else text


def _decoded(path: Path, text: str) -> object:
    """What the JSON text holds."""
    problems: list[str] = []
    found = json_text.decode(text, lambda _, message: problems.append(message))
    if found is None and problems and (path.suffix.lower() in (".yaml", ".yml") or _YAML.match(text)):
        raise CheckError(f"{name(path)} looks like YAML, and policy documents are JSON; convert it first.")
    if problems and not isinstance(found, dict | list | str):
        problem = problems[-1].removeprefix("the document is ")
        statements = "" if text.lstrip()[:1] in ("{", "[") else "; OCI statements are read with --kind oci"
        raise CheckError(f"{name(path)} is no policy document: {problem}{statements}.")
    return found


def _wrapped(path: Path, content: object) -> tuple[_Wrapper, object] | None:
    """The document inside what a command prints; None for one that stands by itself."""
    if not isinstance(content, dict):
        return None
    if "Statement" in content:
        return None
    if {"deployment", "checkpoint", "manifest"} & content.keys():
        raise CheckError(
            f"{name(path)} is an exported state, and so far only policy documents are read here; "
            "`preflight state` judges states."
        )
    for wrapper in _WRAPPERS:
        inner: object = content
        for key in wrapper.keys:
            inner = inner.get(key) if isinstance(inner, Mapping) else None
        if isinstance(inner, dict) and wrapper.keys == ("Policy",) and "Statement" not in inner:
            raise CheckError(
                f"{name(path)} is what `aws iam get-policy` prints, which holds no document; "
                "`aws iam get-policy-version` prints it."
            )
        if isinstance(inner, str | dict):
            return wrapper, inner
    return None


def _json(path: Path, value: object) -> str:
    """A decoded value as JSON text, with names that stand twice written twice."""
    try:
        return _written(value)
    except RecursionError as error:
        raise CheckError(f"{name(path)} is nested too deeply to be a policy document.") from error


def _written(value: object) -> str:
    if isinstance(value, dict):
        members = (
            f"{json.dumps(key, ensure_ascii=False)}: {_written(inner)}" for key, inner in json_text.written(value)
        )
        return f"{{{', '.join(members)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return "NaN" if isinstance(value, Unknown) else json.dumps(value, ensure_ascii=False)


def _no_document(path: Path) -> NoReturn:
    raise CheckError(f"{name(path)} is JSON, but no policy document, which is an object with a Statement.")


def _inferred(text: str) -> tuple[Document, str]:
    """The document as what its elements say that it is, and why."""
    document = parse(text, Kind.RESOURCE)
    named = [each for each in document.statements if each.principals is not None or each.not_principals is not None]
    if not named:
        return parse(text, Kind.IDENTITY), "no statement names a principal"
    if all(
        each.resources is None and each.not_resources is None and _of_trust(each.actions)
        for each in document.statements
    ):
        return parse(text, Kind.TRUST), "its statements are on assuming a role"
    return document, "a statement names a principal"


def _of_trust(actions: tuple[str | None, ...] | None) -> bool:
    lowered = [action.lower() for action in actions or () if action is not None]
    return bool(lowered) and all(
        action.startswith("sts:assumerole") or action in ("sts:tagsession", "sts:setsourceidentity", "sts:setcontext")
        for action in lowered
    )


def service_of(document: Document) -> str:
    """The prefix of the one service that every statement of a resource policy speaks of; empty where there is none.

    A statement tells by its actions, or where these have wildcards before the colon by its resources.
    """
    found: set[str] = set()
    for statement in document.statements:
        named = _services(statement.actions or statement.not_actions, _ACTION_SERVICE) or _services(
            statement.resources or statement.not_resources, _ARN_SERVICE
        )
        found |= named or {""}
    return found.pop() if len(found) == 1 else ""


_ACTION_SERVICE: Final = re.compile(r"([\w-]+):.*", re.DOTALL)
_ARN_SERVICE: Final = re.compile(r"arn:[\w-]+:([\w-]+):.*", re.DOTALL)


def _services(texts: tuple[str | None, ...] | None, form: re.Pattern[str]) -> set[str]:
    """The services that all of some texts name; none where one does not."""
    matches = [form.fullmatch(text or "") for text in texts or ()]
    return {match[1].lower() for match in matches if match} if all(matches) else set()
