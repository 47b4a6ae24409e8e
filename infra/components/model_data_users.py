"""Workload 3: users that read AI model data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_aws.iam import GetPolicyDocumentStatementArgs as Statement

from .aws_names import AwsNames
from .documents import document
from .private_bucket import AccessLogBucket, PrivateBucket, PrivateBucketArgs

_PATH = "/ai/model-data/"


@dataclass(frozen=True)
class ModelDataUsersArgs:
    """`users` are the names of the IAM users; `bucket_name` is the physical name of the model-data bucket."""

    names: AwsNames
    prefix: str
    users: Sequence[str]
    bucket_name: str
    log_bucket: AccessLogBucket


class ModelDataUsers(pulumi.ComponentResource):
    """IAM users outside AWS that read model data, through one group and with an access key each.

    Creates the private model-data bucket, the group with its policy (list the bucket, get its objects), and for each
    user the user, the membership and the access key. Serves the exports `ai_user_name` (names in configured order),
    `ai_access_key_id` and `ai_secret_access_key` (both by user name; each secret key is marked by the SDK).
    """

    user_names: list[pulumi.Output[str]]
    access_key_ids: dict[str, pulumi.Output[str]]
    secret_access_keys: dict[str, pulumi.Output[str]]

    def __init__(self, name: str, args: ModelDataUsersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ai-workloads:components:ModelDataUsers", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        PrivateBucket(
            f"{name}-bucket",
            PrivateBucketArgs(names=args.names, bucket_name=args.bucket_name, log_bucket=args.log_bucket),
            child,
        )
        bucket_arn = args.names.bucket(args.bucket_name)
        group = aws.iam.Group(name, name=f"{args.prefix}-model-data-readers", path=_PATH, opts=child)
        policy = aws.iam.Policy(
            name,
            name=f"{args.prefix}-model-data-read",
            path=_PATH,
            description="Read the AI model data",
            policy=document(
                Statement(sid="ListModelData", actions=["s3:ListBucket"], resources=[bucket_arn]),
                Statement(sid="GetModelData", actions=["s3:GetObject"], resources=[f"{bucket_arn}/*"]),
            ),
            opts=child,
        )
        aws.iam.GroupPolicyAttachment(name, group=group.name, policy_arn=policy.arn, opts=child)

        self.user_names = []
        self.access_key_ids = {}
        self.secret_access_keys = {}
        for user_name in args.users:
            user = aws.iam.User(
                f"{name}-{user_name}",
                name=user_name,
                path=_PATH,
                force_destroy=True,
                tags={"workload": "ai-model-data", "stack": args.prefix},
                opts=child,
            )
            aws.iam.UserGroupMembership(f"{name}-{user_name}", user=user.name, groups=[group.name], opts=child)
            access_key = aws.iam.AccessKey(f"{name}-{user_name}", user=user.name, opts=child)
            self.user_names.append(user.name)
            self.access_key_ids[user_name] = access_key.id
            self.secret_access_keys[user_name] = access_key.secret
        self.register_outputs(
            {
                "user_names": self.user_names,
                "access_key_ids": self.access_key_ids,
                "secret_access_keys": self.secret_access_keys,
            }
        )
