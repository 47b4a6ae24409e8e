import json
from collections.abc import Callable, Sequence

import pytest
from rule_tables import ANY_ACCOUNT, ANYTHING, COMPUTED, Case, Client, R, analyze_request, stack_request, table

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.judge import Judged, Scene, default_policy, judge_resource, judge_stack, order
from policypack.guardrails.model import STACK_TYPE, Resource, Run, Secret, Stack
from policypack.guardrails.rule import ProgramRule, StackRule
from policypack.guardrails.rules.accounts import own_accounts
from policypack.guardrails.rules.least_privilege import (
    role_trust_action_wildcard,
    role_trust_confused_deputy,
    role_trust_foreign_account,
    role_trust_grants_nothing,
    role_trust_not_action,
    role_trust_not_principal,
    role_trust_unsound_condition,
    role_trust_whole_account,
)
from policypack.guardrails.values import UNKNOWN

ROLE = "aws:iam/role:Role"
NATIVE = "aws-native:iam:Role"
OWN, OTHER, THIRD = "402918573664", "555013776201", "700314226811"
GITHUB = "token.actions.githubusercontent.com"
AT = "assumeRolePolicy.Statement[0]"
WHO = f"{AT}.Principal"

Row = tuple[str, ...]


def trust(
    principal: object, /, action: object = "sts:AssumeRole", effect: str = "Allow", **condition: object
) -> dict[str, object]:
    statement = {"Effect": effect, "Principal": principal, "Action": action}
    return {**statement, "Condition": condition} if condition else statement


def root(account: str, partition: str = "aws") -> dict[str, str]:
    return {"AWS": f"arn:{partition}:iam::{account}:root"}


def named(account: str, name: str = "role/deployer") -> dict[str, str]:
    return {"AWS": f"arn:aws:iam::{account}:{name}"}


def service(*names: str) -> dict[str, list[str]]:
    return {"Service": [f"{name}.amazonaws.com" for name in names]}


def doc(*statements: object) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def role(*statements: object) -> Resource:
    return R(ROLE, assumeRolePolicy=json.dumps(doc(*statements)))


def typed(*statements: object) -> Resource:
    return R(ROLE, assumeRolePolicy=doc(*statements))


# Another resource of the same stack, which tells the account that the stack lives in.
QUEUE = R("aws:sqs/queue:Queue", "jobs", arn=f"arn:aws:sqs:eu-west-1:{OWN}:jobs")
EXTERNAL = {"sts:ExternalId": "acme-4711"}
ORGANIZATION = {"aws:PrincipalOrgID": "o-exampleorg"}
MFA = {"aws:MultiFactorAuthPresent": "true"}
STATES = service("states")
MACHINES = f"arn:aws:states:eu-west-1:{OWN}:stateMachine:*"
PROVIDER = {"Federated": f"arn:aws:iam::{OWN}:oidc-provider/{GITHUB}"}
SAML = {"Federated": f"arn:aws:iam::{OWN}:saml-provider/staff"}
TOKEN = {f"{GITHUB}:aud": "sts.amazonaws.com", f"{GITHUB}:sub": "repo:acme/app:ref:refs/heads/main"}

SAML_CALL = "sts:AssumeRoleWithSAML"


def unsound(operator: str, key: str, severity: str = "medium") -> list[Row]:
    return [("violation", f'{AT}.Condition.{operator}["{key}"]', severity)]


LAMBDA = role(trust(service("lambda")))
UNKNOWN_ROLE = R(ROLE, assumeRolePolicy=UNKNOWN)
MEDIUM = [("violation", WHO, "medium")]
LOW = [("violation", WHO, "low")]


def beside(*statements: object) -> list[Resource]:
    return [role(*statements), QUEUE]


test_role_trust_foreign_account = table(
    role_trust_foreign_account.RULE,
    [
        Case("fail", "account-root", beside(trust(root(OTHER))), MEDIUM),
        Case("fail", "account-number", beside(trust({"AWS": OTHER})), MEDIUM),
        Case("fail", "another-partition", beside(trust(root(OTHER, "aws-us-gov"))), MEDIUM),
        Case(
            "fail",
            "statement-is-no-list",
            [R(ROLE, assumeRolePolicy=json.dumps({"Statement": trust(root(OTHER))})), QUEUE],
            [("violation", "assumeRolePolicy.Statement.Principal", "medium")],
        ),
        Case(
            "fail",
            "native-role",
            [R(NATIVE, assumeRolePolicyDocument=doc(trust(root(OTHER)))), QUEUE],
            [("violation", "assumeRolePolicyDocument.Statement[0].Principal", "medium")],
        ),
        Case(
            "fail", "everyone-of-the-account", beside(trust("*", StringEquals={"aws:PrincipalAccount": OTHER})), MEDIUM
        ),
        Case("pass", "said-by-the-rule-on-the-condition", beside(trust(root(OTHER), BoolIfExists=MFA))),
        Case(
            "fail", "no-second-factor", beside(trust(root(OTHER), Bool={"aws:MultiFactorAuthPresent": "false"})), MEDIUM
        ),
        Case("fail", "any-external-id", beside(trust(root(OTHER), StringLike={"sts:ExternalId": "*"})), MEDIUM),
        Case(
            "fail",
            "provider-of-another-account",
            beside(
                trust(
                    {"Federated": f"arn:aws:iam::{OTHER}:saml-provider/p"},
                    "sts:AssumeRoleWithSAML",
                    StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"},
                )
            ),
            [("violation", f"{WHO}.Federated", "medium")],
        ),
        Case(
            "pass",
            "own-provider",
            beside(
                trust(
                    {"Federated": f"arn:aws:iam::{OWN}:saml-provider/p"},
                    "sts:AssumeRoleWithSAML",
                    StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"},
                )
            ),
        ),
        Case("fail", "any-organization", beside(trust(root(OTHER), StringLike={"aws:PrincipalOrgID": "o-*"})), MEDIUM),
        Case(
            "fail",
            "one-of-two-statements",
            beside(trust(service("ec2")), trust(root(OTHER))),
            [("violation", "assumeRolePolicy.Statement[1].Principal", "medium")],
        ),
        Case("fail", "two-accounts-are-one-finding", beside(trust({"AWS": [OTHER, THIRD]})), MEDIUM),
        Case(
            "fail", "beside-an-unknown-action", [typed(trust(root(OTHER), ["sts:AssumeRole", UNKNOWN])), QUEUE], MEDIUM
        ),
        Case(
            "fail",
            "secret-document",
            [R(ROLE, assumeRolePolicy=Secret(doc(trust(root(OTHER))))), QUEUE],
            [("violation", "assumeRolePolicy", "medium")],
        ),
        Case("pass", "external-id", beside(trust(root(OTHER), StringEquals=EXTERNAL))),
        Case(
            "pass",
            "external-id-in-other-letters",
            beside(trust(root(OTHER), stringequals={"STS:externalID": ["a", "b"]})),
        ),
        Case(
            "pass",
            "external-id-demanded-by-a-deny",
            beside(trust(root(OTHER)), trust("*", effect="Deny", StringNotEquals=EXTERNAL)),
        ),
        Case(
            "pass", "external-id-unknown", [typed(trust(root(OTHER), StringEquals={"sts:ExternalId": UNKNOWN})), QUEUE]
        ),
        Case("pass", "organization", beside(trust(root(OTHER), StringEquals=ORGANIZATION))),
        Case(
            "pass",
            "part-of-an-organization",
            beside(trust(root(OTHER), **{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a/r-b/*"}})),
        ),
        Case("pass", "second-factor", beside(trust(root(OTHER), Bool=MFA))),
        Case(
            "pass",
            "recent-second-factor",
            beside(trust(root(OTHER), NumericLessThan={"aws:MultiFactorAuthAge": "3600"})),
        ),
        Case("pass", "known-network", beside(trust(root(OTHER), IpAddress={"aws:SourceIp": "203.0.113.0/24"}))),
        Case("pass", "own-account", beside(trust(root(OWN)), trust(named(OWN)))),
        Case(
            "pass",
            "computed-account",
            beside(trust({"AWS": [f"arn:aws:iam::{ANY_ACCOUNT}:root", f"arn:aws:iam::{ANY_ACCOUNT}:role/{COMPUTED}"]})),
        ),
        Case("pass", "account-in-trusted-accounts", beside(trust(root(OTHER))), settings={"trustedAccounts": [OTHER]}),
        Case(
            "pass",
            "account-of-the-provider",
            [role(trust(root(OTHER))), R("pulumi:providers:aws", "default", allowedAccountIds=json.dumps([OTHER]))],
        ),
        Case(
            "pass",
            "account-the-stack-creates",
            [*beside(trust(root(OTHER))), R("aws:organizations/account:Account", "team", id=OTHER)],
        ),
        Case("pass", "said-by-the-rule-on-everyone", UNKNOWN_ROLE),
        Case(
            "undecided",
            "pattern-of-organizations-unknown",
            [typed(trust(root(OTHER), StringLike={"aws:PrincipalOrgID": ANYTHING})), QUEUE],
            [("undecided", f'{AT}.Condition.StringLike["aws:PrincipalOrgID"]')],
        ),
        Case(
            "not-applicable",
            "services-and-tokens",
            beside(trust(service("lambda")), trust(PROVIDER, "sts:AssumeRoleWithWebIdentity")),
        ),
        Case("boundary", "exact-role", beside(trust(named(OTHER))), LOW),
        Case(
            "boundary",
            "exact-user-beside-an-own-role",
            beside(trust({"AWS": [named(OWN)["AWS"], named(OTHER, "user/kim")["AWS"]]})),
            LOW,
        ),
        Case(
            "boundary",
            "roles-of-a-prefix",
            beside(trust(root(OTHER), ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/ci-*"})),
            LOW,
        ),
        Case(
            "boundary",
            "all-roles",
            beside(trust(root(OTHER), ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/*"})),
            MEDIUM,
        ),
        Case("boundary", "own-account-unknown", role(trust(root(OTHER))), LOW),
    ],
)

test_role_trust_whole_account = table(
    role_trust_whole_account.RULE,
    [
        Case("fail", "own-root", beside(trust(root(OWN))), LOW),
        Case("fail", "own-number", beside(trust({"AWS": [OWN]})), LOW),
        Case("fail", "computed-account-in-another-partition", role(trust(root(ANY_ACCOUNT, "aws-cn"))), LOW),
        Case("fail", "all-but-one-role", beside(trust(root(OWN), ArnNotEquals={"aws:PrincipalArn": named(OWN)["AWS"]})), LOW),
        Case("pass", "own-role", beside(trust(named(OWN)))),
        Case("pass", "roles-of-a-prefix", beside(trust(root(OWN), ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/ci-*"}))),
        Case("pass", "by-tag", beside(trust(root(OWN), StringEquals={"aws:PrincipalTag/team": "data"}))),
        Case("pass", "second-factor", beside(trust(root(OWN), Bool=MFA))),
        Case(
            "undecided",
            "condition-unknown",
            typed({**trust(root(ANY_ACCOUNT)), "Condition": UNKNOWN}),
            [("undecided", f"{AT}.Condition")],
        ),
        Case("not-applicable", "a-service", LAMBDA),
        Case("boundary", "another-account", beside(trust(root(OTHER)))),
    ],
)  # fmt: skip

test_role_trust_not_principal = table(
    role_trust_not_principal.RULE,
    [
        Case(
            "fail",
            "allow",
            role({"Effect": "Allow", "NotPrincipal": root(OTHER), "Action": "sts:AssumeRole"}),
            [("violation", f"{AT}.NotPrincipal", "medium")],
        ),
        Case(
            "fail",
            "deny",
            role(trust(service("ec2")), {"Effect": "Deny", "NotPrincipal": root(OTHER), "Action": "sts:AssumeRole"}),
            [("violation", "assumeRolePolicy.Statement[1].NotPrincipal")],
        ),
        Case("pass", "principal", LAMBDA),
        Case("undecided", "document-unknown", UNKNOWN_ROLE, [("undecided", "assumeRolePolicy")]),
        Case("not-applicable", "no-document", R(ROLE, name="r")),
        Case("boundary", "deny-of-a-principal", role(trust(root(OTHER), effect="Deny"))),
    ],
)

test_role_trust_not_action = table(
    role_trust_not_action.RULE,
    [
        Case(
            "fail",
            "allow",
            role({"Effect": "Allow", "Principal": service("ec2"), "NotAction": "sts:TagSession"}),
            [("violation", f"{AT}.NotAction", "medium")],
        ),
        Case("pass", "action", LAMBDA),
        Case("undecided", "document-unknown", UNKNOWN_ROLE, [("undecided", "assumeRolePolicy")]),
        Case("not-applicable", "no-document", R(ROLE, name="r")),
        Case("boundary", "deny", role({"Effect": "Deny", "Principal": "*", "NotAction": "sts:AssumeRole"})),
    ],
)

test_role_trust_action_wildcard = table(
    role_trust_action_wildcard.RULE,
    [
        Case("fail", "everything", role(trust(service("ec2"), "*")), [("violation", f"{AT}.Action", "low")]),
        Case("fail", "service-in-a-list", role(trust(service("ec2"), ["STS:*"])), [("violation", f"{AT}.Action")]),
        Case("fail", "start-of-a-name", role(trust(service("ec2"), "sts:Assume*")), [("violation", f"{AT}.Action")]),
        Case(
            "fail",
            "with-sound-conditions",
            role(trust(PROVIDER, "sts:*", StringEquals=TOKEN)),
            [("violation", f"{AT}.Action")],
        ),
        Case("pass", "named", role(trust(service("pods.eks"), ["sts:AssumeRole", "sts:TagSession"]))),
        Case("pass", "deny", role(trust("*", "sts:*", "Deny"))),
        Case("undecided", "action-unknown", typed(trust(service("ec2"), UNKNOWN)), [("undecided", f"{AT}.Action")]),
        Case("not-applicable", "no-document", R(ROLE, name="r")),
        Case("boundary", "wildcard-for-one-action", role(trust(service("ec2"), "sts:AssumeRol?"))),
    ],
)

test_role_trust_grants_nothing = table(
    role_trust_grants_nothing.RULE,
    [
        Case("fail", "token-and-assume-role", role(trust(PROVIDER)), [("violation", f"{WHO}.Federated", "medium")]),
        Case(
            "fail",
            "assertion-and-web-identity",
            role(trust(SAML, "sts:AssumeRoleWithWebIdentity")),
            [("violation", f"{WHO}.Federated")],
        ),
        Case(
            "fail",
            "service-and-web-identity",
            role(trust({"Service": "ec2.amazonaws.com"}, "sts:AssumeRoleWithWebIdentity")),
            [("violation", f"{WHO}.Service")],
        ),
        Case(
            "fail",
            "second-of-two-principals",
            role(trust({"Service": "ec2.amazonaws.com", **SAML})),
            [("violation", f"{WHO}.Federated")],
        ),
        Case("fail", "canonical-user", role(trust({"CanonicalUser": "9f2b"})), [("violation", f"{WHO}.CanonicalUser")]),
        Case("pass", "each-its-own", role(trust(PROVIDER, "sts:assumerolewithwebidentity"), trust(SAML, SAML_CALL))),
        Case(
            "pass", "both-calls", role(trust({**service("ec2"), **SAML}, ["sts:AssumeRole", "sts:AssumeRoleWithSAML"]))
        ),
        Case(
            "pass",
            "tags-in-a-statement-of-their-own",
            role(trust(service("ec2")), trust(service("ec2"), "sts:TagSession")),
        ),
        Case("undecided", "action-unknown", typed(trust(service("ec2"), UNKNOWN)), [("undecided", f"{AT}.Action")]),
        Case("not-applicable", "no-document", R(ROLE, name="r")),
        Case("pass", "everyone-by-token", role(trust("*", "sts:AssumeRoleWithWebIdentity", StringEquals=TOKEN))),
        Case("boundary", "computed-provider", role(trust({"Federated": COMPUTED}, "sts:AssumeRoleWithSAML"))),
        Case("boundary", "one-action-of-a-list-is-enough", typed(trust(service("ec2"), ["sts:AssumeRole", UNKNOWN]))),
    ],
)

test_role_trust_unsound_condition = table(
    role_trust_unsound_condition.RULE,
    [
        Case("fail", "external-id-if-exists", role(trust(root(OTHER), StringEqualsIfExists=EXTERNAL)), unsound("StringEqualsIfExists", "sts:ExternalId")),
        Case("fail", "second-factor-if-exists", role(trust(root(OWN), boolifexists=MFA)), unsound("boolifexists", "aws:MultiFactorAuthPresent")),
        Case("fail", "organization-for-all-values", role(trust(root(OTHER), **{"ForAllValues:StringEquals": ORGANIZATION})), unsound("ForAllValues:StringEquals", "aws:PrincipalOrgID")),
        Case("fail", "other-than-an-external-id", role(trust(root(OTHER), StringNotEquals=EXTERNAL)), unsound("StringNotEquals", "sts:ExternalId")),
        Case("fail", "external-id-must-be-absent", role(trust(named(OTHER), Null={"sts:ExternalId": "true"})), unsound("Null", "sts:ExternalId")),
        Case("fail", "tag-if-exists", role(trust(root(OWN), StringEqualsIfExists={"aws:PrincipalTag/team": "a"})), unsound("StringEqualsIfExists", "aws:PrincipalTag/team")),
        Case("fail", "wildcard-compared-letter-for-letter", role(trust(root(OTHER), StringEquals={"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/*"})), unsound("StringEquals", "aws:PrincipalArn")),
        Case("fail", "paths-compared-letter-for-letter", role(trust("*", **{"ForAnyValue:StringEquals": {"aws:PrincipalOrgPaths": ["o-a/r-b/*"]}})), unsound("ForAnyValue:StringEquals", "aws:PrincipalOrgPaths")),
        Case("fail", "source-account-if-exists", role(trust(STATES, StringEqualsIfExists={"aws:SourceAccount": OWN})), unsound("StringEqualsIfExists", "aws:SourceAccount", "low")),
        Case("pass", "demanded", role(trust(root(OTHER), StringEquals={**EXTERNAL, **ORGANIZATION}, Bool=MFA))),
        Case("pass", "for-all-values-of-a-key-that-must-be-there", role(trust(root(OTHER), **{"ForAllValues:StringEquals": ORGANIZATION, "Null": {"aws:PrincipalOrgID": "false"}}))),
        Case("pass", "another-condition-narrows", role(trust(root(OTHER), StringEquals=ORGANIZATION, BoolIfExists=MFA))),
        Case("pass", "key-that-every-caller-has", role(trust(root(OWN), ArnNotLike={"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/x-*"}))),
        Case("pass", "all-but-one-tag", role(trust(root(OWN), StringNotEquals={"aws:PrincipalTag/suspended": "true"}))),
        Case("pass", "if-exists-in-a-deny", role(trust(root(OWN)), trust("*", effect="Deny", BoolIfExists={"aws:MultiFactorAuthPresent": "false"}))),
        Case("undecided", "another-condition-unknown", typed(trust(root(OTHER), StringEqualsIfExists=EXTERNAL, StringLike={"aws:PrincipalOrgID": UNKNOWN})), [("undecided", f'{AT}.Condition.StringLike["aws:PrincipalOrgID"]')]),
        Case("not-applicable", "no-condition", LAMBDA),
        Case("boundary", "one-value-without-wildcard", role(trust(root(OTHER), StringEquals={"aws:PrincipalArn": [f"arn:aws:iam::{OTHER}:role/*", named(OTHER)["AWS"]]}))),
    ],
)  # fmt: skip

test_role_trust_confused_deputy = table(
    role_trust_confused_deputy.RULE,
    [
        Case("fail", "no-condition", role(trust(STATES)), LOW),
        Case("fail", "of-a-region-or-partition", role(trust({"Service": ["ec2.amazonaws.com", "logs.eu-west-1.amazonaws.com", "states.amazonaws.com.cn"]})), LOW),
        Case("fail", "source-of-any-account", role(trust(STATES, ArnLike={"aws:SourceArn": "arn:aws:states:eu-west-1:*:stateMachine:*"})), LOW),
        Case("fail", "any-account", role(trust(STATES, StringLike={"aws:SourceAccount": "*"})), LOW),
        Case("pass", "source-account", role(trust(STATES, StringEquals={"aws:SourceAccount": OWN}))),
        Case("pass", "source-account-in-other-letters", role(trust(STATES, STRINGEQUALS={"AWS:sourceaccount": [OWN]}))),
        Case("pass", "source-of-the-account", role(trust(STATES, StringLike={"aws:SourceArn": MACHINES}))),
        Case("pass", "computed-source", role(trust(STATES, ArnEquals={"aws:SourceArn": COMPUTED}))),
        Case("pass", "organization", role(trust(STATES, StringEquals={"aws:SourceOrgID": "o-exampleorg"}))),
        Case("pass", "split-into-a-deny", role(trust(STATES), trust(STATES, effect="Deny", StringNotEquals={"aws:SourceAccount": OWN}))),
        Case("pass", "source-account-unknown", typed(trust(STATES, StringEquals={"aws:SourceAccount": UNKNOWN}))),
        Case("undecided", "source-unknown", typed(trust(STATES, ArnLike={"aws:SourceArn": UNKNOWN})), [("undecided", f'{AT}.Condition.ArnLike["aws:SourceArn"]')]),
        Case("undecided", "service-unknown", typed(trust({"Service": UNKNOWN})), [("undecided", f"{WHO}.Service")]),
        Case("not-applicable", "runs-the-customer's-code", role(trust(service("ec2", "lambda", "ecs-tasks", "eks", "spot")))),
        Case("boundary", "bucket-without-account", role(trust(service("events"), ArnLike={"aws:SourceArn": "arn:aws:s3:::inbox"})), LOW),
        Case("boundary", "bucket-with-account", role(trust(service("events"), ArnLike={"aws:SourceArn": "arn:aws:s3:::inbox"}, StringEquals={"aws:SourceAccount": OWN}))),
    ],
)  # fmt: skip


FAMILY = [rule for rule in RULES if rule.id.startswith("role-trust-") and not isinstance(rule, ProgramRule)]


@pytest.mark.parametrize(
    ("resource", "speaker"),
    [
        (role(trust("*", "*", StringEqualsIfExists=ORGANIZATION)), "role-trust-wildcard-principal"),
        (
            role(
                {
                    "Effect": "Allow",
                    "NotPrincipal": root(OTHER),
                    "Action": "*",
                    "Condition": {"StringEquals": ORGANIZATION},
                }
            ),
            "role-trust-not-principal",
        ),
        (role({"Effect": "Allow", "Principal": root(OTHER), "NotAction": "sts:TagSession"}), "role-trust-not-action"),
        (role(trust({**PROVIDER, **root(OTHER)})), "role-trust-grants-nothing"),
        (role(trust({**STATES, **root(OTHER)}, "sts:*", BoolIfExists=MFA)), "role-trust-unsound-condition"),
        (role(trust(root(OTHER))), "role-trust-foreign-account"),
        (role(trust(STATES, "sts:*")), "role-trust-confused-deputy"),
        (role(trust(root(OWN), "sts:*")), "role-trust-action-wildcard"),
        (UNKNOWN_ROLE, "role-trust-wildcard-principal"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_statement_is_one_finding_of_the_highest_meaning(resource: Resource, speaker: str) -> None:
    said = {one["rule"] for one in judged(resource, QUEUE)}
    assert said == {speaker}


ORDINARY = [
    trust(service("lambda")),
    trust(service("ec2", "ssm")),
    trust(service("ecs-tasks")),
    trust(service("pods.eks"), ["sts:AssumeRole", "sts:TagSession"]),
    trust(service("glue")),
    trust(PROVIDER, "sts:AssumeRoleWithWebIdentity", StringEquals=TOKEN),
    trust(SAML, "sts:AssumeRoleWithSAML", StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"}),
    trust(named(OWN)),
    trust(named(ANY_ACCOUNT, f"role/{COMPUTED}")),
    trust(root(OTHER), StringEquals=EXTERNAL),
    trust({"AWS": "*"}, StringEquals=ORGANIZATION),
    trust(STATES, StringEquals={"aws:SourceAccount": OWN}, ArnLike={"aws:SourceArn": MACHINES}),
]


def test_ordinary_trust_gets_nothing() -> None:
    assert judged(role(*ORDINARY), QUEUE) == []


def judged(*resources: Resource) -> list[dict[str, object]]:
    """What the whole family says, on the wire, of the first of some resources."""
    client = Client(*FAMILY)
    client.stub.Analyze(analyze_request(resources[0]))
    found = client.take()
    client.stub.AnalyzeStack(stack_request(resources))
    return [*found, *client.take()]


def relisted(statement: dict[str, object]) -> list[object]:
    principal = statement["Principal"]
    lists = (
        {kind: name if isinstance(name, list) else [name] for kind, name in principal.items()}
        if isinstance(principal, dict)
        else principal
    )
    return [{**statement, "Principal": lists, "Action": [statement["Action"]]}]


def recased(statement: dict[str, object]) -> list[object]:
    conditions = statement.get("Condition", {})
    assert isinstance(conditions, dict)
    upper = {operator: {key.upper(): value for key, value in keys.items()} for operator, keys in conditions.items()}
    return [{**statement, "Action": str(statement["Action"]).upper(), "Condition": upper}]


def beside_others(statement: dict[str, object]) -> list[object]:
    return [
        trust(service("lambda")),
        trust("*", "*", "Deny", StringEquals={"aws:PrincipalArn": named(THIRD)["AWS"]}),
        statement,
    ]


def in_halves(statement: dict[str, object]) -> list[object]:
    return [statement, {**statement, "Action": "sts:TagSession"}]


@pytest.mark.parametrize("rewritten", [relisted, recased, beside_others, in_halves], ids=lambda each: each.__name__)
@pytest.mark.parametrize(
    "statement",
    [
        trust("*"),
        trust(root(OTHER)),
        trust(root(OTHER), StringEquals=EXTERNAL),
        trust(root(OTHER), BoolIfExists=MFA),
        trust(named(OTHER)),
        trust(STATES),
        trust(STATES, StringEquals={"aws:SourceAccount": OWN}),
        trust(root(OWN), **{"ForAllValues:StringEquals": ORGANIZATION}),
    ],
)
def test_rewriting_a_statement_changes_no_verdict(
    statement: dict[str, object], rewritten: Callable[[dict[str, object]], list[object]]
) -> None:
    assert on_roles(rewritten(statement)) == on_roles([statement])


def on_roles(statements: Sequence[object]) -> set[tuple[str, str, str]]:
    """Rule, outcome and severity of all that the family says of one role."""
    resources = [typed(*statements), QUEUE]
    found: list[Judged] = []
    for rule in FAMILY:
        policy, scene = default_policy(rule), Scene(resources, Run())
        found += (
            judge_stack(policy, Stack(tuple(resources)), scene)
            if isinstance(rule, StackRule)
            else judge_resource(policy, resources[0], scene)
        )
    return {(one.rule.id, one.outcome.value, one.severity.value) for one in order(found)}


def test_fixes_are_conditions_to_paste() -> None:
    (found,) = judged(role(trust(service("states", "vpc-flow-logs"))))
    fix = str(found["fix"])
    condition = json.loads(fix[fix.index("{") : fix.rindex("}") + 1])
    assert condition["ArnLike"]["aws:SourceArn"] == ["arn:aws:states:*:ACCOUNT:*", "arn:aws:ec2:*:ACCOUNT:*"]
    (found,) = judged(role(trust(root(OTHER), StringEqualsIfExists=EXTERNAL)), QUEUE)
    assert EXTERNAL["sts:ExternalId"] not in json.dumps(found)


def test_own_accounts_are_those_the_stack_lives_in_works_in_or_makes() -> None:
    stack = Stack(
        (
            R(STACK_TYPE, "s", arn=f"arn:aws:sns:eu-west-1:{THIRD}:not-a-resource-of-aws"),
            QUEUE,
            R("aws:iam/policy:Policy", "p", arn="arn:aws:iam::aws:policy/ReadOnlyAccess"),
            R("aws:sqs/queue:Queue", "q", arn=f"arn:aws:sqs:eu-west-1:{ANY_ACCOUNT}:{COMPUTED}"),
            R("pulumi:providers:aws", "x", assumeRoles=json.dumps([{"roleArn": f"arn:aws:iam::{OTHER}:role/deploy"}])),
            R("aws:organizations/account:Account", "m", id=UNKNOWN),
            R("aws:ram/resourceShareAccepter:ResourceShareAccepter", "a", arn=f"arn:aws:ram:eu-west-1:{THIRD}:share"),
        )
    )
    assert own_accounts(stack) == {OWN, OTHER}


def test_messages_say_who_gets_in() -> None:
    (found,) = judged(role(trust(root(OWN), BoolIfExists=MFA)))
    assert str(found["message"]).count("which are those made with long-lived access keys") == 1
    (found,) = judged(role(trust(root(OTHER), StringLike={"sts:ExternalId": "*"})), QUEUE)
    assert "with any external id" in str(found["message"])
    (found,) = judged(role(trust("*", StringEquals=EXTERNAL)), QUEUE)
    assert "knows the external id" in str(found["message"])
    assert "Name the account" in str(found["fix"])
