import json

import pytest
from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.model import Secret
from policypack.guardrails.rules.least_privilege.administrator_access import RULE
from policypack.guardrails.values import UNKNOWN

POLICY = "aws:iam/policy:Policy"
ROLE = "aws:iam/role:Role"


def allow(action: object, resource: object = "*", **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def doc(*statements: object) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def text(*statements: object) -> str:
    return json.dumps(doc(*statements))


MFA = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}

test_administrator_access = table(
    RULE,
    [
        Case("fail", "star", R(POLICY, policy=text(allow("*"))), [("violation", "policy.Statement[0]", "critical")]),
        Case("fail", "star-colon-star", R(POLICY, policy=text(allow("*:*"))), [("violation", "policy.Statement[0]")]),
        Case(
            "fail",
            "question-marks",
            R(POLICY, policy=text(allow("?*", "arn:aws:*"))),
            [("violation", "policy.Statement[0]")],
        ),
        Case(
            "fail",
            "not-action",
            R(POLICY, policy=text({"Effect": "Allow", "NotAction": "support:*", "Resource": "*"})),
            [("violation", "policy.Statement[0]")],
        ),
        Case("fail", "all-of-iam", R(POLICY, policy=text(allow("iam:*"))), [("violation", "policy.Statement[0]")]),
        Case("fail", "behind-mfa", R(POLICY, policy=text(allow("*", **MFA))), [("violation", "policy.Statement[0]")]),
        Case("fail", "object-not-text", R(POLICY, policy=doc(allow("*"))), [("violation", "policy.Statement[0]")]),
        Case(
            "fail",
            "secret-document",
            R(POLICY, policy=Secret(text(allow("*")))),
            [("violation", "policy")],
        ),
        Case(
            "fail",
            "inline-in-a-role",
            R(
                ROLE,
                inlinePolicies=[
                    {"name": "a", "policy": text(allow("s3:GetObject", "arn:aws:s3:::a/*"))},
                    {"name": "b", "policy": text(allow("*"))},
                ],
            ),
            [("violation", "inlinePolicies[1].policy.Statement[0]")],
        ),
        Case(
            "fail",
            "beside-an-unknown-statement",
            R(POLICY, policy=doc(UNKNOWN, allow("*"))),
            [("violation", "policy.Statement[1]")],
        ),
        Case("pass", "one-service", R(POLICY, policy=text(allow("s3:*")))),
        Case(
            "pass",
            "denied-again",
            R(POLICY, policy=text(allow("*"), {"Effect": "Deny", "Action": "*", "Resource": "*"})),
        ),
        Case("pass", "iam-reads", R(POLICY, policy=text(allow(["iam:Get*", "iam:List*"])))),
        Case("pass", "computed-resource", R(POLICY, policy=text(allow("*", f"arn:aws:s3:::{COMPUTED}/*")))),
        Case("undecided", "whole-document-unknown", R(POLICY, policy=UNKNOWN), [("undecided", "policy")]),
        Case(
            "undecided",
            "unknown-action",
            R(POLICY, policy=doc(allow(UNKNOWN))),
            [("undecided", "policy.Statement[0].Action")],
        ),
        Case(
            "undecided",
            "action-from-missing-configuration",
            R(POLICY, policy=text(allow(ANYTHING))),
            [("undecided", "policy.Statement[0].Action")],
        ),
        Case("not-applicable", "no-document", R(ROLE, name="r")),
        Case("boundary", "text-that-is-no-json", R(POLICY, policy="not json"), []),
        Case(
            "boundary",
            "power-user",
            R(
                POLICY,
                policy=text(
                    {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"}
                ),
            ),
        ),
    ],
)


@pytest.mark.parametrize("spelling", ["*", "*:*", "**", "?*", "*:**", "I?M:*"])
def test_every_spelling_of_everything_is_the_same(spelling: str) -> None:
    assert [finding.outcome.value for finding in RULE.check(R(POLICY, policy=text(allow(spelling))), None)] == [
        "violation"
    ]  # type: ignore[arg-type]
