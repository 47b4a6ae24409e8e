"""Workload 4: the API key of an AI service in Secrets Manager."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_aws.iam import GetPolicyDocumentStatementArgs as Statement

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
    that lets the reader get this secret. Serves the export `api_secret_arn`.
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
        aws.kms.Alias(name, name=f"alias/{args.prefix}-ai-api-key", target_key_id=key.key_id, opts=child)
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
            policy=document(
                Statement(sid="GetApiKey", actions=["secretsmanager:GetSecretValue"], resources=[secret_pattern])
            ),
            tags=tags,
            opts=child,
        )
        aws.iam.RolePolicyAttachment(name, role=args.reader_role, policy_arn=policy.arn, opts=child)
        self.secret_arn = secret.arn
        self.register_outputs({"secret_arn": self.secret_arn})

    @staticmethod
    def _key_policy(args: AiApiSecretArgs, secret_pattern: str) -> str:
        """The key policy as JSON; it holds the reader's kms:Decrypt.

        AWS invents the id of a key, so an identity policy could name this key only as an unknown, which hides the whole
        document from a preview, or as key/*, every key of the account. In the key's own policy "*" means this key and
        no other. Both users of the key are further bound to Secrets Manager and to this secret, whose ARN Secrets
        Manager gives as encryption context.
        """
        this_secret = [
            condition("StringEquals", "kms:ViaService", f"secretsmanager.{args.names.region}.amazonaws.com"),
            condition("StringLike", "kms:EncryptionContext:SecretARN", secret_pattern),
        ]
        account = principal("AWS", args.names.account_root)
        reader = principal("AWS", args.names.role(args.reader_role))
        return document(
            Statement(sid="AccountAdministers", actions=_KEY_ADMINISTRATION, resources=["*"], principals=[account]),
            Statement(
                sid="AccountWritesSecret",
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=["*"],
                principals=[account],
                conditions=this_secret,
            ),
            Statement(
                sid="ReaderDecryptsSecret",
                actions=["kms:Decrypt"],
                resources=["*"],
                principals=[reader],
                conditions=this_secret,
            ),
        )
