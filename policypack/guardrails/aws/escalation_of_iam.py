"""The methods of privilege escalation by identities themselves: IAM, STS, IAM Identity Center, resource policies.

Compiled from the public lists of Rhino Security Labs, pathfinding.cloud, Hacking the Cloud and HackTricks; the rows
count along the table of the project's notes on IAM.
"""

from __future__ import annotations

from typing import Final

from .escalation_methods import ACCOUNT, PARTITION, SELF, Demands, Family, Method, Needs, Step, Way, step

_POWERFUL: Final = (
    f"arn:{PARTITION}:iam::aws:policy/AdministratorAccess",
    f"arn:{PARTITION}:iam::aws:policy/IAMFullAccess",
    f"arn:{PARTITION}:iam::{ACCOUNT}:policy/any-policy",
)
_ANY_POLICY: Final[Demands] = (("iam:policyarn", _POWERFUL),)
_LOOSE_BOUNDARY: Final[Demands] = (("iam:permissionsboundary", _POWERFUL),)
_BOUNDARY_OF_TARGET: Final[Demands] = (("iam:permissionsboundary", ()),)
_POLICY_OF_TARGET: Final[Demands] = (("iam:policyarn", ()),)
_CHOSEN_SESSION: Final[Demands] = (("sts:externalid", ()), ("sts:rolesessionname", ()), ("sts:sourceidentity", ()))

_ASSUME: Final = step("sts:AssumeRole", "iam:role", "role", _CHOSEN_SESSION)
_TRUST: Final = step("iam:UpdateAssumeRolePolicy", "iam:role", "role")
_JOIN: Final = step("iam:AddUserToGroup", "iam:group", "group")
_BECOME: Final = step(("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile"), "iam:user", "user")


def _permissions(kind: str, target: str) -> tuple[tuple[str, Step], ...]:
    """Writing and attaching the policies of a user, a role or a group."""
    type_ = f"iam:{kind.lower()}"
    return (
        ("put", step(f"iam:Put{kind}Policy", type_, target)),
        ("attach", step(f"iam:Attach{kind}Policy", type_, target, _ANY_POLICY)),
    )


def _granting(kind: str, row: int, *others: tuple[Step, Needs]) -> list[Method]:
    """Writing a policy for itself, or for a principal that the holder then becomes."""
    name = kind.lower()
    own = {"User": "itself", "Role": "itself", "Group": "its own group"}[kind]
    titles = {"put": f"write any inline policy for {own}", "attach": f"attach any managed policy to {own}"}
    found = []
    for (verb, on_self), (_, on_other) in zip(_permissions(kind, SELF), _permissions(kind, name), strict=True):
        ways = (Way((on_self,)), *(Way((on_other, other), needs) for other, needs in others))
        found.append(Method(f"{verb}-{name}-policy", row, titles[verb], Family.SELF, ways))
    return found


def _of_other(id_: str, row: int, title: str, one: Step, needs: Needs = Needs.WIDE) -> Method:
    """One request on another principal."""
    return Method(id_, row, title, Family.PRINCIPAL, (Way((one,), needs),))


def _on_user(*actions: str) -> Step:
    """One of some requests on another user."""
    return step(actions, "iam:user", "user")


_CREATE_USER: Final = step("iam:CreateUser", "iam:user", "user")
_CREATE_ROLE: Final = step("iam:CreateRole", "iam:role", "role")
_SET: Final = "sso:PermissionSet"

_SELF: Final = (
    Method(
        "create-policy-version",
        1,
        "rewrite a managed policy that is attached to it",
        Family.SELF,
        (Way((step("iam:CreatePolicyVersion", "iam:policy", SELF),)),),
    ),
    Method(
        "create-policy-version-of-a-role",
        1,
        "rewrite a managed policy and assume a role that it is attached to",
        Family.PRINCIPAL,
        tuple(
            Way((step("iam:CreatePolicyVersion", "iam:policy", "policy"), other), Needs.MORE)
            for other in (_ASSUME, _TRUST)
        ),
    ),
    Method(
        "set-default-policy-version",
        2,
        "go back to an earlier version of a managed policy that is attached to it",
        Family.SELF,
        (Way((step("iam:SetDefaultPolicyVersion", "iam:policy", SELF),), Needs.MORE),),
    ),
    *_granting("User", 3, (_BECOME, Needs.NOTHING)),
    *_granting("Group", 4, (_JOIN, Needs.NOTHING)),
    *_granting("Role", 5, (_TRUST, Needs.NOTHING), (_ASSUME, Needs.WIDE)),
    Method(
        "create-role",
        5,
        "create a role that trusts it and give that role any permission",
        Family.PRINCIPAL,
        tuple(Way((_CREATE_ROLE, each)) for _, each in _permissions("Role", "role")),
    ),
    Method(
        "create-user",
        5,
        "create a user with credentials and any permission",
        Family.PRINCIPAL,
        (
            *(Way((_CREATE_USER, _BECOME, each)) for _, each in _permissions("User", "user")),
            Way((_CREATE_USER, _BECOME, _JOIN), Needs.WIDE),
        ),
    ),
)

_PRINCIPAL: Final = (
    *(
        Method(
            f"grant-to-{kind.lower()}s",
            row,
            f"give any permission to other {kind.lower()}s",
            Family.PRINCIPAL,
            tuple(Way((each,), Needs.CONTROL) for _, each in _permissions(kind, kind.lower())),
        )
        for row, kind in ((3, "User"), (4, "Group"), (5, "Role"))
    ),
    Method(
        "rewrite-policies",
        1,
        "rewrite the managed policies of others",
        Family.PRINCIPAL,
        (Way((step("iam:CreatePolicyVersion", "iam:policy", "policy"),), Needs.CONTROL),),
    ),
    _of_other("add-user-to-group", 6, "join any group", _JOIN),
    _of_other("create-access-key", 7, "create access keys for other users", _on_user("iam:CreateAccessKey")),
    _of_other(
        "create-login-profile", 8, "give other users a password that it knows", _on_user("iam:CreateLoginProfile")
    ),
    _of_other(
        "update-login-profile",
        8,
        "change the password of other users to one that it knows",
        _on_user("iam:UpdateLoginProfile"),
    ),
    _of_other("update-assume-role-policy", 9, "make other roles trust it", _TRUST),
    _of_other("assume-role", 10, "assume other roles", _ASSUME, Needs.MORE),
    _of_other("update-access-key", 11, "revive old keys of other users", _on_user("iam:UpdateAccessKey"), Needs.MORE),
    _of_other(
        "service-specific-credential",
        11,
        "make credentials of other users for single services",
        _on_user("iam:CreateServiceSpecificCredential", "iam:ResetServiceSpecificCredential", "iam:UploadSSHPublicKey"),
        Needs.MORE,
    ),
    Method(
        "remove-second-factor",
        12,
        "remove or replace the second factor of other users",
        Family.PRINCIPAL,
        (
            Way((_on_user("iam:DeactivateMFADevice", "iam:ResyncMFADevice"),), Needs.MORE),
            Way(
                (step("iam:CreateVirtualMFADevice"), _on_user("iam:EnableMFADevice")),
                Needs.MORE,
            ),
        ),
    ),
    Method(
        "remove-boundary",
        13,
        "lift its own permissions boundary",
        Family.SELF,
        tuple(
            Way((step(f"iam:{verb}{kind}PermissionsBoundary", f"iam:{kind.lower()}", SELF, demands),))
            for kind in ("User", "Role")
            for verb, demands in (("Delete", _BOUNDARY_OF_TARGET), ("Put", _LOOSE_BOUNDARY))
        ),
    ),
    Method(
        "remove-deny",
        14,
        "take off its own policies, one of which denies it something",
        Family.SELF,
        tuple(
            Way((step(f"iam:{verb}{kind}Policy", f"iam:{kind.lower()}", SELF, demands),), Needs.MORE)
            for kind in ("User", "Role", "Group")
            for verb, demands in (("Delete", ()), ("Detach", _POLICY_OF_TARGET))
        ),
    ),
    Method(
        "identity-provider",
        15,
        "replace the identity provider that federated roles trust",
        Family.PRINCIPAL,
        (
            Way((step("iam:UpdateSAMLProvider", "iam:saml-provider", "provider"),), Needs.MORE),
            Way((step("iam:UpdateOpenIDConnectProviderThumbprint", "iam:oidc-provider", "provider"),), Needs.MORE),
        ),
    ),
    Method(
        "permission-set",
        16,
        "give a permission set of IAM Identity Center any permission",
        Family.PRINCIPAL,
        (
            Way(
                (
                    step(
                        (
                            "sso:PutInlinePolicyToPermissionSet",
                            "sso:AttachManagedPolicyToPermissionSet",
                            "sso:AttachCustomerManagedPolicyReferenceToPermissionSet",
                        ),
                        _SET,
                    ),
                    step(("sso:ProvisionPermissionSet", "sso:CreateAccountAssignment"), _SET),
                ),
                Needs.MORE,
            ),
        ),
    ),
    Method(
        "account-assignment",
        16,
        "assign itself to accounts with permission sets that exist",
        Family.PRINCIPAL,
        (Way((step("sso:CreateAccountAssignment", _SET),), Needs.MORE),),
    ),
    Method(
        "identity-store-membership",
        16,
        "join groups of IAM Identity Center",
        Family.PRINCIPAL,
        (Way((step("identitystore:CreateGroupMembership", "identitystore:Group"),), Needs.MORE),),
    ),
)


def _takeover(id_: str, what: str, kind: str, *actions: str) -> Method:
    return Method(id_, 39, what, Family.TAKEOVER, (Way((step(actions, kind, "resource"),), Needs.WIDE),))


_TAKEOVER: Final = (
    _takeover("key-policy", "open KMS keys to whom it likes", "kms:key", "kms:PutKeyPolicy", "kms:CreateGrant"),
    _takeover("bucket-policy", "open buckets to whom it likes", "s3:bucket", "s3:PutBucketPolicy", "s3:PutBucketAcl"),
    _takeover(
        "secret-policy", "open secrets to whom it likes", "secretsmanager:Secret", "secretsmanager:PutResourcePolicy"
    ),
    _takeover(
        "queue-policy", "open queues to whom it likes", "sqs:queue", "sqs:AddPermission", "sqs:SetQueueAttributes"
    ),
    _takeover(
        "topic-policy", "open topics to whom it likes", "sns:topic", "sns:AddPermission", "sns:SetTopicAttributes"
    ),
    _takeover(
        "repository-policy", "open image repositories to whom it likes", "ecr:repository", "ecr:SetRepositoryPolicy"
    ),
    _takeover(
        "file-system-policy",
        "open file systems to whom it likes",
        "elasticfilesystem:file-system",
        "elasticfilesystem:PutFileSystemPolicy",
    ),
    _takeover("table-policy", "open tables to whom it likes", "dynamodb:table", "dynamodb:PutResourcePolicy"),
)

METHODS: Final = (*_SELF, *_PRINCIPAL)
TAKEOVERS: Final = _TAKEOVER
