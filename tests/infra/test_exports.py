"""What the stack exports, and what of it is secret."""

from __future__ import annotations

import pytest

EXPORTS = {
    "user_ocid": "oci-service-account-id",
    "api_key_fingerprint": "20:3b:97:13:55:1c",
    "lambda_function_arn": "arn:secure-functions-aws",
    "oci_function_id": "secure-functions-oci-id",
    "ai_user_name": ["first", "second"],
    "ai_access_key_id": {"first": "model-data-users-first-id", "second": "model-data-users-second-id"},
    "ai_secret_access_key": {"first": "computed-secret-key", "second": "computed-secret-key"},
    "api_secret_arn": "arn:ai-api-secret",
    "role_name": "ai-workloads-dev-pipeline",
    "policy_arn": "arn:oidc-bucket-access",
    "bucket_name": "ai-workloads-dev-artifacts-528067193446",
}


def test_exports_exactly_the_documented_names(update):
    assert set(update.exports) == set(EXPORTS)


@pytest.mark.parametrize(("name", "value"), EXPORTS.items(), ids=EXPORTS)
def test_value(update, name, value):
    assert update.exports[name]["value"] == value


@pytest.mark.parametrize("name", EXPORTS)
def test_only_the_secret_access_key_is_secret(update, name):
    assert update.exports[name]["secret"] is (name == "ai_secret_access_key")


def test_names_are_known_at_a_first_preview(preview):
    known = {name for name, export in preview.exports.items() if export["known"]}
    assert known == {"ai_user_name", "role_name", "bucket_name"}
