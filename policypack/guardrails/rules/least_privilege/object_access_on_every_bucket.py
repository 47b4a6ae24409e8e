"""An identity policy gives access to the objects of every bucket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.answers import No, Undecided, Yes
from ...aws.questions import administrator, allows
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import IDENTITY_TYPES, identity_documents

# Reading, writing and deleting: one of them on a bucket that nobody named is access to all of them.
_ACTIONS: Final = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
_SOME_OBJECT: Final = "arn:aws:s3:::a-bucket-nobody-named/any-object"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in identity_documents(resource):
        # A wholly unknown document, and a grant of everything, are what administrator-access speaks of.
        if placed.value.unknown or isinstance(administrator([placed.document]), Yes):
            continue
        answers = [allows([placed.document], action, _SOME_OBJECT) for action in _ACTIONS]
        found = next((answer for answer in answers if isinstance(answer, Yes)), None)
        doubtful = next((answer for answer in answers if isinstance(answer, Undecided)), No())
        yield from placed.findings(
            found or doubtful,
            "this policy reaches the objects of every bucket",
            "this policy reaches the objects of every bucket",
        )


RULE = ResourceRule(
    id="object-access-on-every-bucket",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="A policy gives access to the objects of every bucket",
    why="A workload that needs one bucket can read or overwrite the data of all of them, those created later included.",
    fix='Name the bucket: "Resource": "arn:aws:s3:::BUCKET/*" for objects, "arn:aws:s3:::BUCKET" for listing.',
    types=IDENTITY_TYPES,
    check=check,
)
