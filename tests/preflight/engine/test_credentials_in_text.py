"""Credentials in the text of a file, and the lines they stand in."""

from __future__ import annotations

import base64
import gzip
import textwrap
from itertools import islice

import pytest

from policypack.guardrails.secrets.search import KnownSecret, KnownSecrets
from preflight.engine.credentials_in_text import told

TOKEN = "ghp" + "_" + "a1B2c3D4e5" * 3 + "f6G7h8"
SECRET = "Zk7" + "qPw2mXv9Lr4Tn8Yb3Hc6Jd"
OTHER = "Bq4" + "nRt6Wz1Kx8Mv5Cs2Pf7Gh9"
KNOWN = KnownSecrets([KnownSecret(SECRET, "the first"), KnownSecret(OTHER, "the second")])
URL = "postgres://app:" + "hunter2" + "@db/x"
PEM = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"
FILLER = "value = 1\n" * 1638 + "x\n"
LAST = 1640
ACCESS, ACCESS_KEY = "AKIA" + "QZ7X5MWV2TKJ4RNB", "wJ4lrXUt9FEMIK7M" + "DENGbPxRfiCYzQ3LkeyTn8Vb"
GITHUB, PASSWORD, KEY = "a GitHub token", "a password in a URL", "a private key"


def b64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


WRAPPED = "\n".join(textwrap.wrap(b64(gzip.compress(f"{SECRET} {TOKEN}".encode(), mtime=0)), 24))


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.py", "import os\n", []),
        ("a.py", f"\n\nT = '{TOKEN}'\nU = '{URL}'", [(3, GITHUB), (4, PASSWORD)]),
        ("a.py", f"\nboth('{TOKEN}', '{URL}', '{SECRET}')", [(2, GITHUB), (2, PASSWORD), (2, "the first")]),
        ("a.py", f"\n'{TOKEN}', '{TOKEN}'", [(2, GITHUB)]),
        ("a.py", f"import os\n\n\nK='{b64(SECRET)}'", [(4, "the first in base64")]),
        (
            "a.py",
            f"U='{URL}'\n\nT='{b64(TOKEN)}'\nK='{b64(SECRET)}', '{b64(OTHER)}'",
            [
                (1, PASSWORD),
                (3, f"{GITHUB} in base64"),
                (4, "the first in base64"),
                (4, "the second in base64"),
            ],
        ),
        ("a.py", f"U='{URL}'\nK=`\n{WRAPPED}`", [(1, PASSWORD), (None, "the first compressed in base64")]),
        ("a.py", f"\nK='{SECRET[2:22]}'", [(2, "the first in part")]),
        ("id", f"\n{PEM}\n", [(2, KEY)]),
        ("id", f"x\nk: {b64(PEM)}\n", [(2, KEY)]),
        (".env", "A=1\nDB_PASSWORD=Vt8-synthetic-Lq3zP\n", [(2, "the value of DB_PASSWORD")]),
        ("x/.env", f"API_TOKEN={TOKEN}\n", [(1, GITHUB)]),
        (".env", f"API_TOKEN={SECRET}\n", [(1, "the first")]),
        (".env", f"{TOKEN}.password=Vt8-synthetic-Lq3zP\n", [(1, GITHUB), (1, "the value of [secret].password")]),
        (".env.example", "DB_PASSWORD=Vt8-synthetic-Lq3zP\n", []),
        ("a.py", "ID = 'AKIA" + "QZ7X5MWV2TKJ4RNB'\n", []),
        # Where one part of a long text ends and the next begins.
        (
            "a.py",
            f"{FILLER}K=`\n{WRAPPED}`\nT='{TOKEN}'",
            [(LAST + 1 + len(WRAPPED.splitlines()), GITHUB), (None, "the first compressed in base64")],
        ),
        ("a.py", f"{FILLER}{PEM}\n{FILLER}U='{URL}'\n", [(LAST, KEY), (2 * LAST + 2, PASSWORD)]),
        ("a.py", f"{FILLER}I='{ACCESS}'\nS='{ACCESS_KEY}'\n", [(LAST + 1, "an AWS secret access key")]),
        (
            "a.py",
            f"{FILLER}\nT='{b64(TOKEN)}'\nK='{SECRET}'",
            [(LAST + 1, f"{GITHUB} in base64"), (LAST + 2, "the first")],
        ),
    ],
)
def test_what_is_told_of_a_text(name: str, text: str, expected: list[tuple[int | None, str]]) -> None:
    found = list(told(name, text, KNOWN))
    assert sorted((one.line or 99, one.kind) for one in found) == sorted((line or 99, kind) for line, kind in expected)


def test_who_has_enough_may_stop() -> None:
    text = "".join(f"T='{TOKEN[:-5]}{number:05}'\n" for number in range(50_000))
    assert [one.line for one in islice(told("a.py", text, KNOWN), 3)] == [1, 2, 3]
