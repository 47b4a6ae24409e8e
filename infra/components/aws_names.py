"""ARNs made from names, so that a policy document is complete before anything has been created."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ACCOUNT_ID = re.compile(r"\d{12}")
_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


@dataclass(frozen=True)
class AwsNames:
    """Where the AWS half of the stack lives; builds the ARN of a resource from its explicit name.

    `account_id` has twelve digits, `region` is a region code such as eu-central-1. Raises ValueError for an account id
    of another form: an ARN with a wrong account grants nothing, or grants it to a stranger.
    """

    account_id: str
    region: str

    def __post_init__(self) -> None:
        if not _ACCOUNT_ID.fullmatch(self.account_id):
            raise ValueError(f"the AWS account id must have twelve digits, not {self.account_id!r}")

    @property
    def partition(self) -> str:
        """The partition that the region belongs to; region codes carry it as their prefix."""
        return next((name for prefix, name in _PARTITIONS.items() if self.region.startswith(prefix)), "aws")

    @property
    def account_root(self) -> str:
        """The principal that stands for the account: its IAM policies decide who of it."""
        return f"arn:{self.partition}:iam::{self.account_id}:root"

    def role(self, name: str) -> str:
        """ARN of a role without a path."""
        return f"arn:{self.partition}:iam::{self.account_id}:role/{name}"

    def oidc_provider(self, issuer: str) -> str:
        """ARN of the OIDC provider of `issuer`, given without https:// but with its path."""
        return f"arn:{self.partition}:iam::{self.account_id}:oidc-provider/{issuer}"

    @property
    def kms_keys(self) -> str:
        """Every KMS key of the account and region: for statements whose conditions name the key."""
        return f"arn:{self.partition}:kms:{self.region}:{self.account_id}:key/*"

    def bucket(self, name: str) -> str:
        """ARN of a bucket; its objects are this text and `/` and the key."""
        return f"arn:{self.partition}:s3:::{name}"

    def function(self, name: str) -> str:
        """ARN of a Lambda function without version or alias."""
        return f"arn:{self.partition}:lambda:{self.region}:{self.account_id}:function:{name}"

    def log_streams(self, log_group: str) -> str:
        """Pattern for a log group and its streams, the form in which CloudWatch Logs names both."""
        return f"arn:{self.partition}:logs:{self.region}:{self.account_id}:log-group:{log_group}:*"

    def secret(self, name: str) -> str:
        """Pattern for the ARN of the secret `name`.

        Secrets Manager appends a hyphen and six random characters to the name. Six question marks match exactly
        those; `*` would also match every secret whose name merely begins in the same way.
        """
        return f"arn:{self.partition}:secretsmanager:{self.region}:{self.account_id}:secret:{name}-??????"
