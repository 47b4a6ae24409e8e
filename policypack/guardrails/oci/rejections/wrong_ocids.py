"""OCIDs that stand where one of another kind is expected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..tree import DefinedKind, Definition, Grant, Ocid, Place, Statement, Subject, SubjectKind
from .rejection import Rejected, excerpt, shown

_SHOWN: Final = 48
# The word of an OCID -> what it is of. Of other words nobody can be sure.
_OF: Final = {
    "compartment": "a compartment",
    "dynamicgroup": "a dynamic group",
    "group": "a group",
    "tenancy": "a tenancy",
    "user": "a user",
}
# The root compartment of a tenancy has the OCID of the tenancy.
_FITTING: Final = {
    "compartment": ("compartment", "tenancy"),
    "dynamic-group": ("dynamicgroup",),
    "group": ("group",),
    "tenancy": ("tenancy",),
}


def wrong_ocids(statement: Statement, text: str) -> Iterator[Rejected]:
    """The OCIDs of a statement, read from `text`, that are certainly of another thing than the one before them."""
    for expected, ocid in _ocids(statement):
        word = ocid.text.lower().split(".")[1] if ocid.text.lower().startswith("ocid1.") else ""
        if word in _OF and word not in _FITTING[expected]:
            offset = ocid.column - 1
            of = _OF[_FITTING[expected][0]]
            yield Rejected(
                ocid.column,
                f"the OCID of {of}",
                shown(ocid.text, _SHOWN),
                excerpt=excerpt(text, offset),
                problem=f"`{shown(ocid.text, _SHOWN)}` is the OCID of {_OF[word]}, and that of {of} is expected",
                remedy=f"Write an OCID that starts with `ocid1.{_FITTING[expected][0]}.`.",
            )


def _ocids(statement: Statement) -> Iterator[tuple[str, Ocid]]:
    if isinstance(statement, Definition):
        yield statement.kind.value, statement.ocid
    if isinstance(statement, Grant):
        subject = statement.subject
        if isinstance(subject, Subject) and subject.kind in {SubjectKind.GROUP, SubjectKind.DYNAMIC_GROUP}:
            yield from ((subject.kind.value, ocid) for ocid in subject.ids)
        for place in (statement.place, statement.pairing.place if statement.pairing is not None else None):
            if isinstance(place, Place) and place.ocid is not None:
                yield DefinedKind.COMPARTMENT.value, place.ocid
