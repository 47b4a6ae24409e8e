import json

from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.rules.least_privilege.role_trust_wildcard_principal import RULE
from policypack.guardrails.values import UNKNOWN

ROLE = "aws:iam/role:Role"


def trust(
    principal: object, effect: str = "Allow", action: object = "sts:AssumeRole", **condition: object
) -> dict[str, object]:
    statement = {"Effect": effect, "Principal": principal, "Action": action}
    return {**statement, "Condition": condition} if condition else statement


def role(*statements: object, **more: object) -> object:
    return R(ROLE, assumeRolePolicy=json.dumps({"Version": "2012-10-17", "Statement": list(statements)}), **more)


def typed(*statements: object) -> object:
    return R(ROLE, assumeRolePolicy={"Version": "2012-10-17", "Statement": list(statements)})


AT = "assumeRolePolicy.Statement[0].Principal"
LAMBDA = trust({"Service": "lambda.amazonaws.com"})
ORG = {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorg"}}

test_role_trust_wildcard_principal = table(
    RULE,
    [
        Case("fail", "bare-star", role(trust("*")), [("violation", AT, "critical")]),
        Case("fail", "aws-star", role(trust({"AWS": "*"})), [("violation", AT)]),
        Case(
            "fail",
            "star-in-a-list",
            role(trust({"AWS": ["arn:aws:iam::402918573664:role/a", "*"]})),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "second-statement",
            role(LAMBDA, trust("*")),
            [("violation", "assumeRolePolicy.Statement[1].Principal")],
        ),
        Case("fail", "as-an-object", typed(trust({"AWS": "*"})), [("violation", AT)]),
        Case(
            "fail",
            "org-check-that-ignores-the-anonymous",
            role(trust("*", StringEqualsIfExists={"aws:PrincipalTag/team": "a"})),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "beside-an-unknown-statement",
            typed(UNKNOWN, trust("*")),
            [("violation", "assumeRolePolicy.Statement[1].Principal")],
        ),
        Case("pass", "a-service", role(LAMBDA)),
        Case("pass", "own-organisation", role(trust({"AWS": "*"}, **ORG))),
        Case("pass", "everyone-is-denied", role(trust("*", effect="Deny"))),
        Case("pass", "computed-role", role(trust({"AWS": f"arn:aws:iam::864209751234:role/{COMPUTED}"}))),
        Case("undecided", "document-unknown", R(ROLE, assumeRolePolicy=UNKNOWN), [("undecided", "assumeRolePolicy")]),
        Case("undecided", "principal-unknown", typed(trust({"AWS": UNKNOWN})), [("undecided", f"{AT}.AWS")]),
        Case(
            "undecided",
            "principal-from-missing-configuration",
            role(trust({"AWS": ANYTHING})),
            [("undecided", f"{AT}.AWS")],
        ),
        Case("not-applicable", "no-document", R(ROLE, name="r")),
        Case("boundary", "root-of-one-account", role(trust({"AWS": "arn:aws:iam::402918573664:root"}))),
    ],
)
