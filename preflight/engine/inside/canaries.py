"""Canaries: what a secret output holds, looking like the credential it stands for.

A canary keeps alphabet and length of the real thing where a check could depend on them, and contains the computed
token of its property, so that it is found again wherever the program lets it leak.
"""

from __future__ import annotations

import re

from . import stand_ins

_PEM_NAME = re.compile(r"private_?key|pem$", re.IGNORECASE)
# Lengths that services are known for; every length leaves room for the 25 characters of the token.
_LENGTHS = {
    ("aws:iam/accessKey:AccessKey", "secret"): 40,
    ("aws:iam/accessKey:AccessKey", "sesSmtpPasswordV4"): 44,
}
_DEFAULT_LENGTH = 40
_TOKEN_LENGTH = 25


def canary(type_: str, urn: str, path: str) -> str:
    """The text for the secret output `path` of a resource.

    Private keys are PEM, everything else letters and digits of both cases.
    """
    token = stand_ins.computed(urn, path)
    room = _LENGTHS.get((type_, path), _DEFAULT_LENGTH) - _TOKEN_LENGTH
    noise = stand_ins.noise(urn, path, room)
    if _PEM_NAME.search(path) and "openssh" not in path.lower():
        return f"-----BEGIN PRIVATE KEY-----\n{noise}{token}\n-----END PRIVATE KEY-----\n"
    return noise[: room // 2] + token + noise[room // 2 :]
