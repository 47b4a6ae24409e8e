from rule_tables import ANYTHING, Case, R, table

from policypack.guardrails.model import Resource
from policypack.guardrails.rules.least_privilege import elevated_policy_attached
from policypack.guardrails.rules.least_privilege.administrator_policy_attached import RULE
from policypack.guardrails.values import UNKNOWN

ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/policy:Policy"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"

test_administrator_policy_attached = table(
    RULE,
    [
        Case("fail", "attached", R(ATTACHMENT, role="r", policyArn=ADMIN), [("violation", "policyArn", "critical")]),
        Case(
            "fail",
            "another-partition",
            R(ATTACHMENT, policyArn="arn:aws-us-gov:iam::aws:policy/AdministratorAccess"),
            [("violation", "policyArn")],
        ),
        Case(
            "fail",
            "full-iam",
            R("aws:iam/userPolicyAttachment:UserPolicyAttachment", policyArn="arn:aws:iam::aws:policy/IAMFullAccess"),
            [("violation", "policyArn")],
        ),
        Case(
            "fail",
            "second-in-a-list",
            R(ROLE, managedPolicyArns=["arn:aws:iam::aws:policy/ReadOnlyAccess", ADMIN]),
            [("violation", "managedPolicyArns[1]")],
        ),
        Case(
            "fail",
            "permission-set",
            R("aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", managedPolicyArn=ADMIN),
            [("violation", "managedPolicyArn")],
        ),
        Case("pass", "read-only", R(ATTACHMENT, policyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")),
        Case(
            "pass",
            "unknown-arn-of-a-policy-of-the-stack",
            [R(POLICY, "p"), R(ATTACHMENT, policyArn=UNKNOWN, deps={"policyArn": [f"{POLICY}::p"]})],
        ),
        Case(
            "undecided",
            "more-unknowns-than-own-policies",
            [
                R(POLICY, "p"),
                R(ROLE, managedPolicyArns=[UNKNOWN, UNKNOWN], deps={"managedPolicyArns": [f"{POLICY}::p"]}),
            ],
            [("undecided", "managedPolicyArns[1]")],
        ),
        Case("undecided", "unknown-arn-from-elsewhere", R(ATTACHMENT, policyArn=UNKNOWN), [("undecided", "policyArn")]),
        Case(
            "undecided",
            "unknown-arn-from-another-resource",
            [R(ROLE, "x"), R(ATTACHMENT, policyArn=UNKNOWN, deps={"policyArn": [f"{ROLE}::x"]})],
            [("undecided", "policyArn")],
        ),
        Case(
            "undecided", "from-missing-configuration", R(ATTACHMENT, policyArn=ANYTHING), [("undecided", "policyArn")]
        ),
        Case("not-applicable", "no-attachment", R(ROLE, name="r")),
        Case(
            "boundary",
            "own-policy-of-that-name",
            R(ATTACHMENT, policyArn="arn:aws:iam::402918573664:policy/AdministratorAccess"),
            [("undecided", "policyArn")],
        ),
        Case(
            "undecided",
            "of-another-stack-said-once",
            [
                R(ATTACHMENT, name, role=name, policyArn="arn:aws:iam::402918573664:policy/baseline")
                for name in ("a", "b")
            ],
            [("undecided", "policyArn")],
        ),
        Case(
            "undecided",
            "newer-than-the-list",
            R(ATTACHMENT, policyArn="arn:aws:iam::aws:policy/NotListedYet"),
            [("undecided", "policyArn")],
        ),
    ],
)


def attached(name: str, partition: str = "aws") -> Resource:
    return R(ATTACHMENT, role="r", policyArn=f"arn:{partition}:iam::aws:policy/{name}")


test_elevated_policy_attached = table(
    elevated_policy_attached.RULE,
    [
        Case("fail", "power-user", attached("PowerUserAccess"), [("violation", "policyArn", "high")]),
        Case("fail", "full-access", attached("AmazonS3FullAccess", "aws-cn"), [("violation", "policyArn", "medium")]),
        Case(
            "fail",
            "second-in-a-list",
            R(
                ROLE,
                managedPolicyArns=[
                    "arn:aws:iam::aws:policy/ViewOnlyAccess",
                    "arn:aws:iam::aws:policy/SecretsManagerReadWrite",
                ],
            ),
            [("violation", "managedPolicyArns[1]", "medium")],
        ),
        Case("pass", "auditing", attached("SecurityAudit")),
        Case("pass", "an-instance-under-systems-manager", attached("AmazonSSMManagedInstanceCore")),
        Case("pass", "for-a-service", attached("service-role/AWSBackupServiceRolePolicyForRestores")),
        Case("not-applicable", "no-attachment", R(ROLE, name="r")),
        Case(
            "boundary",
            "own-policy-of-that-name",
            R(ATTACHMENT, policyArn="arn:aws:iam::402918573664:policy/PowerUserAccess"),
        ),
    ],
    without={"undecided": "what cannot be read of an attachment is said by administrator-policy-attached"},
)
