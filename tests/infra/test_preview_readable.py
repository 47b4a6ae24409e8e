"""What a reviewer can read before anything exists."""

from __future__ import annotations

import json

import pytest

DOCUMENTS = [
    ("aws:iam/policy:Policy", "policy", 5),
    ("aws:iam/role:Role", "assumeRolePolicy", 2),
    ("aws:s3/bucketPolicy:BucketPolicy", "policy", 3),
    ("aws:kms/key:Key", "policy", 1),
]
UNKNOWN = {"unknown": True}


@pytest.mark.parametrize(("token", "key", "count"), DOCUMENTS, ids=[row[0] for row in DOCUMENTS])
def test_documents_are_known(preview, token, key, count):
    documents = [json.loads(inputs[key]) for inputs in preview.of(token).values()]
    assert len(documents) == count
    assert all(document["Version"] == "2012-10-17" for document in documents)


def test_oci_statements_are_known(preview):
    statements = [text for inputs in preview.of("oci:Identity/policy:Policy").values() for text in inputs["statements"]]
    assert statements
    assert all(isinstance(text, str) and text.startswith("Allow ") for text in statements)


def test_only_the_matching_rule_with_the_function_id_is_unknown(preview):
    [inputs] = preview.of("oci:Identity/dynamicGroup:DynamicGroup").values()
    assert inputs["matchingRule"] == UNKNOWN


@pytest.mark.parametrize("kind", ["role", "group", "policy", "user"])
def test_iam_names_are_explicit(preview, kind):
    named = preview.of(f"aws:iam/{kind}:{kind.title()}")
    assert named
    assert all(isinstance(inputs["name"], str) for inputs in named.values())
