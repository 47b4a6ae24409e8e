from rule_tables import Case, R, table

from policypack.guardrails.model import Secret
from policypack.guardrails.rules.secret_marking.credential_output_unmarked import RULE
from policypack.guardrails.values import UNKNOWN

TOKEN = "oci:Identity/authToken:AuthToken"
REQUEST = "oci:ObjectStorage/preauthrequest:Preauthrequest"
INTERFACE = "aws:directconnect/privateVirtualInterface:PrivateVirtualInterface"

test_credential_output_unmarked = table(
    RULE,
    [
        Case("fail", "token", R(TOKEN, description="d"), [("violation", "token", "high")]),
        Case("fail", "both-urls", R(REQUEST), [("violation", "accessUri"), ("violation", "fullPath")]),
        Case("fail", "one-of-two-urls", R(REQUEST, secret_outputs=["accessUri"]), [("violation", "fullPath")]),
        Case("fail", "another-output-is-named", R(TOKEN, secret_outputs=["description"]), [("violation", "token")]),
        Case(
            "fail",
            "generated-for-the-signed-in-user",
            R("oci:Identity/domainsMyUserDbCredential:DomainsMyUserDbCredential"),
            [("violation", "mixedDbPassword")],
        ),
        Case(
            "fail", "password-in-a-block", R("aws:mediapackage/channel:Channel"), [("violation", "hlsIngests", "high")]
        ),
        Case("pass", "named", R(TOKEN, secret_outputs=["token"])),
        Case("fail", "generated-where-none-is-given", R(INTERFACE, name="i"), [("violation", "bgpAuthKey")]),
        Case("pass", "secret-input-makes-a-secret-output", R(INTERFACE, bgpAuthKey=Secret("x" * 12))),
        Case("pass", "plain-input-is-another-matter", R(INTERFACE, bgpAuthKey="x" * 12)),
        Case("boundary", "unknown-inputs-change-nothing", R(TOKEN, userId=UNKNOWN), [("violation", "token")]),
        Case(
            "boundary",
            "names-are-those-of-the-wire",
            R("oci:Identity/domainsCustomerSecretKey:DomainsCustomerSecretKey", secret_outputs=["secret_key"]),
            [("violation", "secretKey")],
        ),
        Case("not-applicable", "other-type", R("oci:Identity/user:User")),
    ],
    without={"undecided": "the options of a resource are always known"},
)
