"""Property paths as findings print them."""

from __future__ import annotations


def below(path: str, inner: str) -> str:
    """`inner` as a place below `path`: `policy` and `Statement[0]` give `policy.Statement[0]`."""
    if not inner or not path:
        return path or inner
    return f"{path}{inner}" if inner.startswith("[") else f"{path}.{inner}"
