"""Which Kubernetes workloads a statement grants to.

Semantics: Oracle Cloud Infrastructure documentation, "Granting Workloads Access to OCI Resources": a pod is a
principal of type `workload` with a cluster, a namespace and a service account; names of namespaces and service accounts
are the same in any cluster that somebody makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Final

from ..values import may_be_anything
from .tree import (
    Combination,
    Condition,
    Grant,
    Opaque,
    OpaqueTail,
    Operator,
    Quantifier,
    Statement,
    Subject,
    SubjectKind,
    Test,
    Value,
    ValueKind,
)
from .variables import Says, says

_TYPE: Final = "request.principal.type"
_CLUSTER: Final = "request.principal.cluster_id"
_NAMESPACE: Final = "request.principal.namespace"
_SERVICE_ACCOUNT: Final = "request.principal.service_account"
_WORKLOAD: Final = "workload"
# Far beyond any condition met in practice; whether there are workloads among further ways is not looked into.
_MOST_WAYS: Final = 256


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
    if isinstance(subject, Subject) and subject.kind not in {SubjectKind.ANY_USER, SubjectKind.ANY_GROUP}:
        return ()
    ways = list(islice(_ways(statement.condition), _MOST_WAYS + 1))
    found = [_judged(way, known=isinstance(subject, Subject)) for way in ways if _speaks_of_workloads(way)]
    if len(ways) > _MOST_WAYS:
        found.append(Workloads(None, None, None))
    return tuple(found)


def of_workloads_alone(statement: Grant) -> bool:
    """Whether no principal of another type qualifies for a statement, in any way."""
    condition = statement.condition
    ways = [] if isinstance(condition, OpaqueTail | None) else list(islice(_ways(condition), _MOST_WAYS + 1))
    return 0 < len(ways) <= _MOST_WAYS and all(
        any(
            test.operator in {Operator.EQUAL, Operator.IN} and all(map(_is_workload, test.values))
            for test in _types(way)
        )
        for way in ways
    )


def in_one_cluster(statement: Grant) -> Grant:
    """The statement with a test of the cluster, `CLUSTER_OCID`, beside its own tests."""
    condition = statement.condition
    own: tuple[Condition, ...] = ()
    if isinstance(condition, Combination) and condition.quantifier is Quantifier.ALL:
        own = condition.members
    elif condition is not None and not isinstance(condition, OpaqueTail):
        own = (condition,)
    cluster = Test(_CLUSTER, Operator.EQUAL, (Value(ValueKind.LITERAL, "CLUSTER_OCID"),))
    return replace(statement, condition=Combination(Quantifier.ALL, (*own, cluster)))


def _ways(condition: Condition) -> Iterator[tuple[Test | Opaque, ...]]:
    """The ways to meet a condition: the tests that have to hold together, for each."""
    if not isinstance(condition, Combination):
        yield (condition,)
    elif condition.quantifier is Quantifier.ANY:
        for member in condition.members:
            yield from _ways(member)
    else:
        for chosen in product(*(tuple(islice(_ways(member), _MOST_WAYS + 1)) for member in condition.members)):
            yield tuple(test for way in chosen for test in way)


def _speaks_of_workloads(way: tuple[Test | Opaque, ...]) -> bool:
    types = _types(way)
    return bool(types) and all(
        test.operator in {Operator.EQUAL, Operator.IN} and any(map(_is_workload, test.values)) for test in types
    )


def _types(way: tuple[Test | Opaque, ...]) -> list[Test]:
    return [test for test in way if isinstance(test, Test) and test.variable.lower() == _TYPE]


def _is_workload(value: Value) -> bool:
    if value.kind is ValueKind.PATTERN:
        pattern = ".*".join(map(re.escape, value.text.lower().split("*")))
        return value.text.strip("*") != "" and re.fullmatch(pattern, _WORKLOAD) is not None
    return value.text.lower() == _WORKLOAD


def _judged(way: tuple[Test | Opaque, ...], *, known: bool) -> Workloads:
    hidden = not known or any(isinstance(test, Opaque) for test in way)
    tests = [test for test in way if isinstance(test, Test)]
    cluster = [_pinned(test, patterns=False) for test in tests if says(test.variable) is Says.WHO]
    cluster += [None for test in tests if says(test.variable) is None and _pinned(test, patterns=True) is not False]
    namespace = [_pinned(test, patterns=True) for test in tests if test.variable.lower() == _NAMESPACE]
    account = [_pinned(test, patterns=True) for test in tests if test.variable.lower() == _SERVICE_ACCOUNT]
    return Workloads(*(_any(answers, hidden=hidden) for answers in (cluster, namespace, account)))


def _any(answers: list[bool | None], *, hidden: bool) -> bool | None:
    if True in answers:
        return True
    return None if hidden or None in answers else False


def _pinned(test: Test, *, patterns: bool) -> bool | None:
    if test.operator not in {Operator.EQUAL, Operator.IN}:
        return False
    answers = [_fixed(value, patterns=patterns) for value in test.values]
    return False if False in answers else None if None in answers else True


def _fixed(value: Value, *, patterns: bool) -> bool | None:
    if value.kind is ValueKind.LITERAL:
        return True
    if value.kind is ValueKind.OPAQUE or may_be_anything(value.text):
        return None
    if "*" not in value.text:
        return True
    return patterns and bool(value.text.strip("* "))
