"""What a text holds that lets somebody in, in clear and encoded."""

from __future__ import annotations

import base64
import gzip

import pytest

from policypack.guardrails.secrets.held import PRIVATE_KEY, held, issued, showing

TOKEN = "ghp" + "_" + "a1B2c3D4e5" * 3 + "f6G7h8"
VALUE = "Vt8qLq3z" + "Pw2mXv9Lr4Tn"
GITHUB = "a GitHub token"
PEM = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"


def b64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("an ordinary sentence: nothing to see", []),
        (f"token {TOKEN}", [(GITHUB, 6, 46, "")]),
        (b64(f"token {TOKEN}"), [(GITHUB, None, None, "in base64")]),
        (b64(gzip.compress(f"token {TOKEN}".encode(), mtime=0)), [(GITHUB, None, None, "compressed in base64")]),
        # The layer without escapes holds the same once more.
        (f"{TOKEN} %2F \\/ {b64(TOKEN)}", [(GITHUB, 0, 40, "")]),
        (f"a={PEM}", [(PRIVATE_KEY, 2, 28, "")]),
        (b64(PEM), [(PRIVATE_KEY, None, None, "")]),
        (b64(gzip.compress(PEM.encode(), mtime=0)), [(PRIVATE_KEY, None, None, "compressed in base64")]),
        (f"{PEM} {TOKEN}", [(PRIVATE_KEY, 0, 26, ""), (GITHUB, len(PEM) + 1, len(PEM) + 41, "")]),
    ],
)
def test_what_a_text_holds(text: str, expected: list[tuple[str, int | None, int | None, str]]) -> None:
    found = [(one.kind, one.start, one.end, one.how) for one in held(text)]
    assert found == expected
    assert [(one.kind, one.start, one.end, one.how) for one in issued(text)] == [
        one for one in expected if one[0] != PRIVATE_KEY
    ]


def test_what_must_not_be_printed() -> None:
    shows = showing(VALUE)
    assert all(map(shows, (TOKEN, b64(TOKEN), VALUE, f"a_{VALUE}_b", b64(VALUE), PEM)))
    assert not any(map(shows, ("DB_PASSWORD", "tags", "environment", "")))
    assert not any(TOKEN in repr(one) for one in held(TOKEN))
