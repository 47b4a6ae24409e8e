"""An identity policy gives access to the objects of every bucket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...aws.answers import Answer, No, Undecided, Yes
from ...aws.document import Document
from ...aws.questions import allows
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ..aws_documents import IDENTITY_TYPES, administrator_alone, identity_documents

# Reading, writing and deleting: one of them on a bucket that nobody named is access to all of them.
_ACTIONS: Final = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
_SOME_OBJECT: Final = "arn:aws:s3:::a-bucket-nobody-named/any-object"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for placed in identity_documents(resource):
        wide = placed.value.unknown or isinstance(placed.ask(administrator_alone), Yes)
        yield from placed.findings(
            placed.ask(_reaches_every_bucket),
            "this policy reaches the objects of every bucket",
            "this policy reaches the objects of every bucket",
            # What nobody can read, and what grants everything, is one thing to say of the document.
            cause=placed.value.path if wide else "",
        )


def _reaches_every_bucket(document: Document) -> Answer:
    answers = [allows([document], action, _SOME_OBJECT) for action in _ACTIONS]
    found = next((answer for answer in answers if isinstance(answer, Yes)), None)
    return found or next((answer for answer in answers if isinstance(answer, Undecided)), No())


RULE = ResourceRule(
    id="object-access-on-every-bucket",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.HIGH,
    title="A policy gives access to the objects of every bucket",
    why="A workload that needs one bucket can read or overwrite the data of all of them, those created later included.",
    fix='Name the bucket: "Resource": "arn:aws:s3:::BUCKET/*" for objects, "arn:aws:s3:::BUCKET" for listing.',
    yields_to=("administrator-access",),
    types=IDENTITY_TYPES,
    check=check,
)
