"""Patterns of actions and resources: letter case, ARN segments."""

from __future__ import annotations

import pytest

from policypack.guardrails.aws.patterns import match_action, match_resource
from policypack.guardrails.aws.truth import Truth


@pytest.mark.parametrize(
    ("pattern", "action", "expected"),
    [
        ("s3:GetObject", "S3:getobject", True),
        ("*:*", "s3:GetObject", True),
        ("?*", "iam:PutUserPolicy", True),
        ("iam:Put?serPolicy", "iam:PutUserPolicy", True),
        ("iam:Put?serPolicy", "iam:PutRolePolicy", False),
        ("s3:Get", "s3:GetObject", False),
    ],
)
def test_actions_ignore_case(pattern: str, action: str, expected: bool) -> None:
    assert match_action(pattern, action) is expected


@pytest.mark.parametrize(
    ("pattern", "resource", "expected"),
    [
        ("*", "arn:aws:sqs:us-east-1:1:q", Truth.YES),
        ("**", "*", Truth.YES),
        ("arn:aws:s3:::data/*", "arn:aws:s3:::data/a/b:c", Truth.YES),
        ("arn:aws:s3:::data/*", "arn:aws:s3:::Data/a", Truth.NO),
        ("arn:aws:sqs", "arn:aws:sqs:us-east-1:1:q", Truth.YES),
        ("arn:aws:*", "arn:aws:iam::1:user/x", Truth.YES),
        ("arn:aws:sns:*:mytopic", "arn:aws:sns:us-east-1:1:mytopic", Truth.MAYBE),
        ("arn:aws:sns:*:1:mytopic", "arn:aws:sns:us-east-1:1:mytopic", Truth.YES),
        ("arn:aws:s3:::data", "*", Truth.NO),
    ],
)
def test_resources_match_by_segment(pattern: str, resource: str, expected: Truth) -> None:
    assert match_resource(pattern, resource) is expected
