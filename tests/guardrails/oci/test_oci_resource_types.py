"""The table of resource types and the nearest known one."""

from __future__ import annotations

import pytest

from policypack.guardrails.oci.resource_types import FAMILIES, KNOWN, REFUSED, is_known, nearest_resource_type

NEAREST = {
    "bucket": "buckets",
    "Buckets": None,
    "object-familly": "object-family",
    "function-family": "functions-family",
    "pre-authenticated-requests": "buckets",
    "all-resource": "all-resources",
    "qqqqqq": None,
    "x" * 100_000: None,
}


@pytest.mark.parametrize(("word", "nearest"), NEAREST.items(), ids=[word[:30] for word in NEAREST])
def test_nearest(word, nearest):
    assert nearest_resource_type(word) == nearest


@pytest.mark.parametrize(("word", "known"), {"ALL-RESOURCES": True, "fn-invocation": True, "bucket": False}.items())
def test_known(word, known):
    assert is_known(word) is known


def test_the_tables_are_consistent():
    assert all(word == word.lower() for word in KNOWN)
    assert not KNOWN & REFUSED.keys()
    assert set(REFUSED.values()) <= KNOWN
    assert {"buckets", "objects", "objectstorage-namespaces"} == FAMILIES["object-family"]
