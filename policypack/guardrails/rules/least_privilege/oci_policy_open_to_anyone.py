"""An OCI policy grants something to every user or every principal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...oci.meaning import Open, Undecided, open_to_anyone
from ...oci.narrower import with_test
from ...oci.rejections.rejection import Unreadable
from ...oci.tree import Grant, Name, Verb, VerbAction
from ...oci.workloads import of_workloads_alone, told_by_name
from ...rule import ResourceRule
from ..oci_grants import paste, request
from ..oci_statements import STATEMENT_TYPES, cause_of_workloads, shown, statements
from ..precedence import above

_WHO: Final = "request.principal.id"


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    for value, statement in statements(resource):
        if isinstance(statement, Unreadable):
            reason = f"to whom this statement grants cannot be read yet: {statement.reason}"
            yield shown(value, undecided(value.path, reason, cause=value.path))
        if not isinstance(statement, Grant):
            continue
        # What makes it open to pods is the cluster that it does not name, which another rule says.
        pods = of_workloads_alone(statement)
        cause = cause_of_workloads(value) if pods else value.path
        answer = open_to_anyone(statement)
        if isinstance(answer, Undecided):
            reason = f"whether anyone qualifies: {answer.reason}"
            yield shown(value, undecided(value.path, reason, cause=cause))
        elif isinstance(answer, Open):
            severity = Severity.HIGH if answer.kind_only else Severity.CRITICAL
            severity = Severity.MEDIUM if not _more_than_lists(statement) else severity
            severity = Severity.MEDIUM if pods and told_by_name(statement) else severity
            yield shown(value, replace(_finding(value.path, statement, answer), severity=severity, cause=cause))


def _more_than_lists(statement: Grant) -> bool:
    action = statement.action
    return not isinstance(action, VerbAction) or action.verb is not Verb.INSPECT


def _finding(path: str, statement: Grant, answer: Open) -> Finding:
    whose = f"tenancy {statement.origin}" if isinstance(statement.origin, Name) else "the tenancy"
    who, principal = f"every principal of {whose}", "any user, instance or function"
    if answer.kind_only:
        who, principal = f"any principal of that kind, in any compartment of {whose},", "any principal of the kind"
    return Finding(
        path=path,
        message=f"{who} qualifies for this statement: `{answer.witness}`",
        fix=paste("Name a group, or say who qualifies", statement, with_test(statement, _WHO, "OCID")),
        witness={**request(statement), "principal": principal},
    )


RULE = ResourceRule(
    id="oci-policy-open-to-anyone",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.CRITICAL,
    title="An OCI policy grants to anyone",
    why="`any-user` takes in every user, instance, function and service principal of the tenancy, those created later included.",
    fix="Name a group or dynamic group, or say who qualifies: where request.principal.id = 'OCID'.",
    covers=("LP-88a", "LP-89", "PB-65"),
    yields_to=(*above("oci-policy-open-to-anyone"), "oci-workload-statement-without-cluster"),
    types=STATEMENT_TYPES,
    check=check,
)
