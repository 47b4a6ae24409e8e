"""URNs as the engine builds them: `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`."""

from __future__ import annotations

from typing import Final

STACK_TYPE: Final = "pulumi:pulumi:Stack"
PROVIDER_PREFIX: Final = "pulumi:providers:"


def build(stack: str, project: str, parent: str, type_: str, name: str) -> str:
    """The URN of a resource; `parent` is its parent's URN or empty. The stack's type is never part of the chain."""
    chain = qualified_type(parent) if parent else ""
    qualified = type_ if chain in ("", STACK_TYPE) else f"{chain}${type_}"
    return f"urn:pulumi:{stack}::{project}::{qualified}::{name}"


def qualified_type(urn: str) -> str:
    """The chain of types of a URN, outermost first, joined by `$`."""
    parts = urn.split("::", 3)
    return parts[2] if len(parts) > 2 else ""


def package(type_: str) -> str:
    """The package that serves a type or function token (`aws` of `aws:s3/bucket:Bucket`)."""
    return type_.split(":", 1)[0]


def short_type(type_: str) -> str:
    """The last part of a token (`Bucket` of `aws:s3/bucket:Bucket`)."""
    return type_.rsplit(":", 1)[-1].rsplit("/", 1)[-1]
