"""Which Kubernetes workloads a statement grants to.

Semantics: Oracle Cloud Infrastructure documentation, "Granting Workloads Access to OCI Resources": a pod is a
principal of type `workload` with a cluster, a namespace and a service account; names of namespaces and service accounts
are the same in any cluster that somebody makes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .comparison import POSITIVE, matches
from .conditions import Answer, Asked, Part, Unclear, Unmet, Way, meets, ways
from .meaning import ANYONE
from .narrower import with_test
from .tree import (
    Grant,
    OpaqueTail,
    Statement,
    Subject,
    Test,
    Value,
    ValueKind,
)

_TYPE: Final = "request.principal.type"
_CLUSTER: Final = "request.principal.cluster_id"
_NAMESPACE: Final = "request.principal.namespace"
_SERVICE_ACCOUNT: Final = "request.principal.service_account"
_WORKLOAD: Final = "workload"


@dataclass(frozen=True, slots=True)
class Workloads:
    """One way in which workloads qualify for a statement; each answer is None where it cannot be told.

    `one_cluster`: of one or of some named clusters alone, or of principals that something else pins.
    """

    one_cluster: bool | None
    namespace: bool | None
    service_account: bool | None


def workloads(statement: Statement) -> tuple[Workloads, ...]:
    """The ways in which workloads qualify; none where the statement does not speak of principals of that type."""
    if not isinstance(statement, Grant) or statement.denies or isinstance(statement.condition, OpaqueTail | None):
        return ()
    subject = statement.subject
    if isinstance(subject, Subject) and subject.kind not in ANYONE:
        return ()
    several = ways(statement.condition)
    if several is None:
        return (Workloads(None, None, None),)
    return tuple(_judged(way, known=isinstance(subject, Subject)) for way in several if _speaks_of_workloads(way))


def told_by_name(statement: Statement) -> bool:
    """Whether the pods of any cluster that qualify are those of certain namespaces and service accounts alone."""
    found = [each for each in workloads(statement) if each.one_cluster is False]
    return not any(each.namespace is False or each.service_account is False for each in found)


def of_workloads_alone(statement: Grant) -> bool:
    """Whether no principal of another type qualifies for a statement, in any way."""
    condition = statement.condition
    if isinstance(condition, OpaqueTail | None):
        return False
    several = ways(condition)
    return several is not None and all(
        any(test.operator in POSITIVE and all(map(_is_workload, test.values)) for test in _types(way))
        for way in several
    )


def in_one_cluster(statement: Grant) -> Grant:
    """The statement with a test of the cluster, `CLUSTER_OCID`, beside its own tests."""
    return with_test(statement, _CLUSTER, "CLUSTER_OCID")


def _speaks_of_workloads(way: Way) -> bool:
    types = _types(way)
    return bool(types) and all(test.operator in POSITIVE and any(map(_is_workload, test.values)) for test in types)


def _types(way: Way) -> list[Test]:
    return [test for test in way if isinstance(test, Test) and test.variable.lower() == _TYPE]


def _is_workload(value: Value) -> bool:
    if value.kind is ValueKind.PATTERN:
        return value.text.strip("*") != "" and matches(value.text, _WORKLOAD)
    return value.text.lower() == _WORKLOAD


def _judged(way: Way, *, known: bool) -> Workloads:
    held = {_TYPE: _WORKLOAD}
    own = meets(way, Asked(who=Part.NEWCOMER, what=Part.CHOSEN, held=held))
    namespace, account = (
        meets(way, Asked(what=Part.CHOSEN, held={**held, variable: Part.UNNAMED}))
        for variable in (_NAMESPACE, _SERVICE_ACCOUNT)
    )
    return Workloads(*(_kept_out(answer, known=known) for answer in (own, namespace, account)))


def _kept_out(answer: Answer, *, known: bool) -> bool | None:
    """Whether those that are asked for do not qualify; None where that hangs on a part that is not known."""
    if isinstance(answer, Unmet):
        return True
    return None if isinstance(answer, Unclear) or not known else False
