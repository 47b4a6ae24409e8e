"""Workload 4: the API key of an AI service in Secrets Manager."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_aws.iam import GetPolicyDocumentStatementArgs as Statement
from pulumi_aws.iam import GetPolicyDocumentStatementConditionArgs as Condition

from .aws_names import AwsNames
from .documents import condition, document, principal

_KEY_ADMINISTRATION = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)


@dataclass(frozen=True)
class AiApiSecretArgs:
    """`prefix` begins every name; `reader_role` is the name of an existing role without a path."""

    names: AwsNames
    prefix: str
    api_key: pulumi.Output[str]
    reader_role: str


class AiApiSecret(pulumi.ComponentResource):
    """The API key of an AI service, kept for one reader.

    Creates the customer-managed rotating key with its alias and key policy, the secret and its version, and the policy
    that lets the reader get this secret and decrypt with its key. Serves the export `api_secret_arn`.
    """

    secret_arn: pulumi.Output[str]

    def __init__(self, name: str, args: AiApiSecretArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ai-workloads:components:AiApiSecret", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        secret_name = f"{args.prefix}/ai-api-key"
        secret_pattern = args.names.secret(secret_name)
        tags = {"workload": "ai-api-secret", "stack": args.prefix}

        key = aws.kms.Key(
            name,
            description="Encrypts the API key of the AI service",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=self._key_policy(args, secret_pattern),
            tags=tags,
            opts=child,
        )
        alias = f"alias/{args.prefix}-ai-api-key"
        aws.kms.Alias(name, name=alias, target_key_id=key.key_id, opts=child)
        secret = aws.secretsmanager.Secret(
            name,
            name=secret_name,
            description="API key of the AI service",
            kms_key_id=key.arn,
            recovery_window_in_days=30,
            tags=tags,
            opts=child,
        )
        aws.secretsmanager.SecretVersion(name, secret_id=secret.id, secret_string=args.api_key, opts=child)
        policy = aws.iam.Policy(
            name,
            name=f"{args.prefix}-ai-api-key-read",
            description="Read the API key of the AI service",
            policy=self._reader_policy(args, secret_pattern, alias),
            tags=tags,
            opts=child,
        )
        aws.iam.RolePolicyAttachment(name, role=args.reader_role, policy_arn=policy.arn, opts=child)
        self.secret_arn = secret.arn
        self.register_outputs({"secret_arn": self.secret_arn})

    @staticmethod
    def _for_this_secret(args: AiApiSecretArgs, secret_pattern: str) -> list[Condition]:
        """Only through Secrets Manager, which gives the ARN of the secret as encryption context."""
        return [
            condition("StringEquals", "kms:ViaService", f"secretsmanager.{args.names.region}.amazonaws.com"),
            condition("StringLike", "kms:EncryptionContext:SecretARN", secret_pattern),
        ]

    @classmethod
    def _reader_policy(cls, args: AiApiSecretArgs, secret_pattern: str, alias: str) -> str:
        """The reader's policy as JSON: get this secret, decrypt with its key.

        AWS invents the id of a key, so its ARN is unknown until it exists, and an unknown hides the whole document from
        a preview. The alias is a name of our own: kms:ResourceAliases lets the key with this alias through, no other.
        """
        its_key = condition("ForAnyValue:StringEquals", "kms:ResourceAliases", alias)
        return document(
            Statement(sid="GetApiKey", actions=["secretsmanager:GetSecretValue"], resources=[secret_pattern]),
            Statement(
                sid="DecryptWithItsKey",
                actions=["kms:Decrypt"],
                resources=[args.names.kms_keys],
                conditions=[its_key, *cls._for_this_secret(args, secret_pattern)],
            ),
        )

    @classmethod
    def _key_policy(cls, args: AiApiSecretArgs, secret_pattern: str) -> str:
        """The key policy as JSON: the account administers the key, and its IAM policies say who uses it.

        What they may say is bounded here: to Secrets Manager and to this secret. In a key policy "*" means this key.
        """
        account = principal("AWS", args.names.account_root)
        return document(
            Statement(sid="AccountAdministers", actions=_KEY_ADMINISTRATION, resources=["*"], principals=[account]),
            Statement(
                sid="AccountUsesForThisSecret",
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=["*"],
                principals=[account],
                conditions=cls._for_this_secret(args, secret_pattern),
            ),
        )
