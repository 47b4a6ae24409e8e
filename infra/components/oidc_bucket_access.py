"""Workload 5: S3 access by OIDC federation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws
from pulumi_aws.iam import GetPolicyDocumentStatementArgs as Statement
from pulumi_aws.iam import GetPolicyDocumentStatementConditionArgs as Condition

from .aws_names import AwsNames
from .documents import condition, document, principal
from .private_bucket import AccessLogBucket, PrivateBucket, PrivateBucketArgs

_SCHEME = "https://"
_OBJECT_ACCESS = ("s3:GetObject", "s3:PutObject")


@dataclass(frozen=True)
class TokenArgs:
    """What a token must hold: `issuer` (an https URL, as in the iss claim), exact `audience` and `subject`.

    `claims` are further claims that AWS evaluates for this issuer, name to exact value. Raises ValueError where a value
    cannot work: IAM names the provider without the scheme, and it compares here without wildcards.
    """

    issuer: str
    audience: str
    subject: str
    claims: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.issuer.startswith(_SCHEME) or self.issuer == _SCHEME:
            raise ValueError(f"the OIDC issuer must be a URL that begins with {_SCHEME}, not {self.issuer!r}")
        exact = {"audience": self.audience, "subject": self.subject, **self.claims}
        for claim, value in exact.items():
            if not value or "*" in value or "?" in value:
                raise ValueError(f"the OIDC {claim} must be one exact value without wildcards, not {value!r}")

    @property
    def provider_name(self) -> str:
        """The issuer as IAM names it in ARNs and condition keys: without scheme, with path and closing slash."""
        return self.issuer.removeprefix(_SCHEME)

    @property
    def conditions(self) -> list[Condition]:
        """The conditions of a trust statement: every claim equals its value."""
        exact = {"aud": self.audience, "sub": self.subject, **self.claims}
        return [condition("StringEquals", f"{self.provider_name}:{claim}", value) for claim, value in exact.items()]


@dataclass(frozen=True)
class OidcBucketAccessArgs:
    """`prefix` begins every name; `bucket_name` is the physical name of the bucket; `token` says who may come."""

    names: AwsNames
    prefix: str
    token: TokenArgs
    bucket_name: str
    log_bucket: AccessLogBucket


class OidcBucketAccess(pulumi.ComponentResource):
    """Lets one pipeline outside AWS read and write one bucket without any long-lived key.

    Creates the OIDC provider, the role that tokens of exactly this audience and subject may assume, the policy to get
    and put the bucket's objects with its attachment, and the private bucket whose policy allows that role the same.
    Serves the exports `role_name`, `policy_arn` and `bucket_name`.
    """

    role_name: pulumi.Output[str]
    policy_arn: pulumi.Output[str]
    bucket_name: pulumi.Output[str]

    def __init__(self, name: str, args: OidcBucketAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ai-workloads:components:OidcBucketAccess", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role_name = f"{args.prefix}-pipeline"
        objects = f"{args.names.bucket(args.bucket_name)}/*"

        provider = aws.iam.OpenIdConnectProvider(
            name, url=args.token.issuer, client_id_lists=[args.token.audience], opts=child
        )
        # The trust document names the provider by an ARN made from the issuer, which creates no dependency.
        role = aws.iam.Role(
            name,
            name=role_name,
            description="Pipeline that reads and writes its artifacts",
            max_session_duration=3600,
            assume_role_policy=document(
                Statement(
                    sid="PipelineToken",
                    actions=["sts:AssumeRoleWithWebIdentity"],
                    principals=[principal("Federated", args.names.oidc_provider(args.token.provider_name))],
                    conditions=args.token.conditions,
                )
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[provider]),
        )
        policy = aws.iam.Policy(
            name,
            name=f"{role_name}-artifacts",
            description="Get and put the objects of the artifact bucket",
            policy=document(Statement(sid="Artifacts", actions=_OBJECT_ACCESS, resources=[objects])),
            opts=child,
        )
        aws.iam.RolePolicyAttachment(name, role=role.name, policy_arn=policy.arn, opts=child)
        bucket = PrivateBucket(
            f"{name}-bucket",
            PrivateBucketArgs(
                names=args.names,
                bucket_name=args.bucket_name,
                grants=[
                    Statement(
                        sid="Pipeline",
                        actions=_OBJECT_ACCESS,
                        resources=[objects],
                        principals=[principal("AWS", args.names.role(role_name))],
                    )
                ],
                grantees=[role],
                log_bucket=args.log_bucket,
            ),
            child,
        )
        self.role_name = role.name
        self.policy_arn = policy.arn
        self.bucket_name = bucket.bucket_name
        self.register_outputs(
            {"role_name": self.role_name, "policy_arn": self.policy_arn, "bucket_name": self.bucket_name}
        )
