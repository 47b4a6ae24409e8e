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
WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"
ACCOUNT = {"aws:SourceAccount": "402918573664"}
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
        Case("fail", "any-provider", role(trust({"Federated": "*"}, action=WEB_IDENTITY)), [("violation", AT)]),
        Case("fail", "any-service", role(trust({"Service": "*"})), [("violation", AT)]),
        Case(
            "fail",
            "all-but-one-account",
            role({"Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::402918573664:root"}, "Action": "sts:*"}),
            [("violation", "assumeRolePolicy.Statement[0].NotPrincipal")],
        ),
        Case(
            "fail",
            "statement-is-no-list",
            R(ROLE, assumeRolePolicy=json.dumps({"Statement": trust("*")})),
            [("violation", "assumeRolePolicy.Statement.Principal")],
        ),
        Case(
            "fail",
            "role-of-that-name-in-any-account",
            role(trust("*", ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/deployer"})),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "paths-of-any-organization",
            role(trust("*", **{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*/r-ab12/*"}})),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "paths-for-all-values",
            role(trust("*", **{"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-exampleorg/*"}})),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "other-than-an-organization",
            role(trust("*", StringNotEquals={"aws:PrincipalOrgID": "o-exampleorg"})),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "whoever-knows-the-external-id",
            role(LAMBDA, trust({"AWS": "*"}, StringEquals={"sts:ExternalId": "shop-1234"})),
            [("violation", "assumeRolePolicy.Statement[1].Principal", "high")],
        ),
        Case(
            "fail",
            "everyone-that-is-a-service",
            role(trust("*", Bool={"aws:PrincipalIsAWSService": "true"})),
            [("violation", AT, "critical")],
        ),
        Case(
            "pass",
            "services-for-own-account",
            role(trust("*", Bool={"aws:PrincipalIsAWSService": "true"}, StringEquals=ACCOUNT)),
        ),
        Case(
            "pass",
            "external-id-within-an-organization",
            role(trust("*", StringEquals={"sts:ExternalId": "shop-1234", "aws:PrincipalOrgID": "o-exampleorg"})),
        ),
        Case(
            "undecided",
            "external-id-unknown",
            typed(trust("*", StringEquals={"sts:ExternalId": UNKNOWN})),
            [("undecided", 'assumeRolePolicy.Statement[0].Condition.StringEquals["sts:ExternalId"]')],
        ),
        Case("pass", "a-service", role(LAMBDA)),
        Case("pass", "any-service-for-own-account", role(trust({"Service": "*"}, StringEquals=ACCOUNT))),
        Case(
            "pass",
            "paths-of-one-organization",
            role(trust("*", **{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-exampleorg/r-ab12/*"}})),
        ),
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
        Case(
            "undecided",
            "any-service-under-an-unknown-condition",
            typed({**trust({"Service": "*"}), "Condition": UNKNOWN}),
            [("undecided", "assumeRolePolicy.Statement[0].Condition")],
        ),
        Case("not-applicable", "no-document", R(ROLE, name="r")),
        Case("boundary", "root-of-one-account", role(trust({"AWS": "arn:aws:iam::402918573664:root"}))),
    ],
)
