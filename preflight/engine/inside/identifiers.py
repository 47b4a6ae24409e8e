"""Outputs whose form is certain: ARNs, provider ids and a few more, by type.

A template is filled with what is known of the resource (`{name}`), its place (`{partition}`, `{region}`, `{account}`,
`{dns_suffix}`) and a random part that only the service knows (`{random}`). A part that is a stand-in keeps its token,
so the whole is certain exactly when all its parts are. Formats: AWS service authorization reference ("Resource types
defined by ..."); ids: the import section of each resource in the provider's documentation.
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_IAM: Final = "arn:{partition}:iam::{account}:"
_REGIONAL: Final = "arn:{partition}:%s:{region}:{account}:%s"

ARNS: Final = {
    "aws:s3/bucket:Bucket": "arn:{partition}:s3:::{bucket}",
    "aws:s3/bucketV2:BucketV2": "arn:{partition}:s3:::{bucket}",
    "aws:s3/accessPoint:AccessPoint": _REGIONAL % ("s3", "accesspoint/{name}"),
    "aws:s3/directoryBucket:DirectoryBucket": _REGIONAL % ("s3express", "bucket/{bucket}"),
    "aws:s3tables/tableBucket:TableBucket": _REGIONAL % ("s3tables", "bucket/{name}"),
    "aws:cloudfront/distribution:Distribution": "arn:{partition}:cloudfront::{account}:distribution/{id}",
    "aws:iam/role:Role": _IAM + "role{path}{name}",
    "aws:iam/user:User": _IAM + "user{path}{name}",
    "aws:iam/group:Group": _IAM + "group{path}{name}",
    "aws:iam/policy:Policy": _IAM + "policy{path}{name}",
    "aws:iam/instanceProfile:InstanceProfile": _IAM + "instance-profile{path}{name}",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": _IAM + "oidc-provider/{issuer}",
    "aws:iam/samlProvider:SamlProvider": _IAM + "saml-provider/{name}",
    "aws:lambda/function:Function": _REGIONAL % ("lambda", "function:{name}"),
    "aws:secretsmanager/secret:Secret": _REGIONAL % ("secretsmanager", "secret:{name}-{random}"),
    "aws:ssm/parameter:Parameter": _REGIONAL % ("ssm", "parameter{name_path}"),
    "aws:kms/key:Key": _REGIONAL % ("kms", "key/{keyId}"),
    "aws:kms/alias:Alias": _REGIONAL % ("kms", "{name}"),
    "aws:cloudwatch/logGroup:LogGroup": _REGIONAL % ("logs", "log-group:{name}"),
    "aws:cloudwatch/eventBus:EventBus": _REGIONAL % ("events", "event-bus/{name}"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": _REGIONAL % ("cloudwatch", "alarm:{name}"),
    "aws:cognito/userPool:UserPool": _REGIONAL % ("cognito-idp", "userpool/{id}"),
    "aws:cognito/identityPool:IdentityPool": _REGIONAL % ("cognito-identity", "identitypool/{id}"),
    "aws:sqs/queue:Queue": _REGIONAL % ("sqs", "{name}"),
    "aws:sns/topic:Topic": _REGIONAL % ("sns", "{name}"),
    "aws:dynamodb/table:Table": _REGIONAL % ("dynamodb", "table/{name}"),
    "aws:kinesis/stream:Stream": _REGIONAL % ("kinesis", "stream/{name}"),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": _REGIONAL % ("firehose", "deliverystream/{name}"),
    "aws:ecr/repository:Repository": _REGIONAL % ("ecr", "repository/{name}"),
    "aws:ecs/cluster:Cluster": _REGIONAL % ("ecs", "cluster/{name}"),
    "aws:eks/cluster:Cluster": _REGIONAL % ("eks", "cluster/{name}"),
    "aws:rds/instance:Instance": _REGIONAL % ("rds", "db:{identifier}"),
    "aws:rds/cluster:Cluster": _REGIONAL % ("rds", "cluster:{clusterIdentifier}"),
    "aws:sfn/stateMachine:StateMachine": _REGIONAL % ("states", "stateMachine:{name}"),
    "aws:codebuild/project:Project": _REGIONAL % ("codebuild", "project/{name}"),
    "aws:sagemaker/model:Model": _REGIONAL % ("sagemaker", "model/{name}"),
    "aws:sagemaker/endpoint:Endpoint": _REGIONAL % ("sagemaker", "endpoint/{name}"),
    "aws:ec2/vpc:Vpc": _REGIONAL % ("ec2", "vpc/{id}"),
    "aws:ec2/subnet:Subnet": _REGIONAL % ("ec2", "subnet/{id}"),
    "aws:ec2/securityGroup:SecurityGroup": _REGIONAL % ("ec2", "security-group/{id}"),
    "aws:ec2/instance:Instance": _REGIONAL % ("ec2", "instance/{id}"),
}

IDS: Final = {
    "aws:s3/bucket:Bucket": "{bucket}",
    "aws:s3/bucketV2:BucketV2": "{bucket}",
    "aws:s3/bucketPolicy:BucketPolicy": "{bucket}",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "{bucket}",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "{bucket}",
    "aws:s3/bucketVersioning:BucketVersioning": "{bucket}",
    "aws:s3/bucketLogging:BucketLogging": "{bucket}",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": "{bucket}",
    "aws:iam/role:Role": "{name}",
    "aws:iam/user:User": "{name}",
    "aws:iam/group:Group": "{name}",
    "aws:iam/instanceProfile:InstanceProfile": "{name}",
    "aws:iam/policy:Policy": "{arn}",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "{arn}",
    "aws:iam/samlProvider:SamlProvider": "{arn}",
    "aws:iam/rolePolicy:RolePolicy": "{role}:{name}",
    "aws:iam/userPolicy:UserPolicy": "{user}:{name}",
    "aws:iam/groupPolicy:GroupPolicy": "{group}:{name}",
    "aws:iam/accessKey:AccessKey": "AKIA{random}",
    "aws:lambda/function:Function": "{name}",
    "aws:secretsmanager/secret:Secret": "{arn}",
    "aws:secretsmanager/secretVersion:SecretVersion": "{secretId}|{versionId}",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "{secretArn}",
    "aws:ssm/parameter:Parameter": "{name}",
    "aws:kms/key:Key": "{keyId}",
    "aws:kms/alias:Alias": "{name}",
    "aws:cloudwatch/logGroup:LogGroup": "{name}",
    "aws:cloudwatch/eventBus:EventBus": "{name}",
    "aws:cognito/userPool:UserPool": "{region}_{random}",
    "aws:cognito/identityPool:IdentityPool": "{region}:{random}",
    "aws:sqs/queue:Queue": "https://sqs.{region}.{dns_suffix}/{account}/{name}",
    "aws:sns/topic:Topic": "{arn}",
    "aws:dynamodb/table:Table": "{name}",
    "aws:kinesis/stream:Stream": "{arn}",
    "aws:ecr/repository:Repository": "{name}",
    "aws:ecs/cluster:Cluster": "{arn}",
    "aws:eks/cluster:Cluster": "{name}",
    "aws:sfn/stateMachine:StateMachine": "{arn}",
    "aws:ec2/vpc:Vpc": "vpc-{random}",
    "aws:ec2/subnet:Subnet": "subnet-{random}",
    "aws:ec2/securityGroup:SecurityGroup": "sg-{random}",
    "aws:ec2/instance:Instance": "i-{random}",
    "oci:ObjectStorage/bucket:Bucket": "n/{namespace}/b/{name}",
}

_OF_A_BUCKET: Final = {
    "bucketDomainName": "{bucket}.s3.{dns_suffix}",
    "bucketRegion": "{region}",
    "bucketRegionalDomainName": "{bucket}.s3.{region}.{dns_suffix}",
}

OTHERS: Final[dict[str, dict[str, str]]] = {
    "aws:s3/bucket:Bucket": _OF_A_BUCKET,
    "aws:s3/bucketV2:BucketV2": _OF_A_BUCKET,
    "aws:s3/vectorsVectorBucket:VectorsVectorBucket": {
        "vectorBucketArn": _REGIONAL % ("s3vectors", "bucket/{vectorBucketName}"),
    },
    "aws:lambda/function:Function": {
        "invokeArn": "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations",
        "qualifiedArn": "{arn}:{version}",
    },
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {"url": "{issuer}"},
    "aws:cognito/userPool:UserPool": {"endpoint": "cognito-idp.{region}.{dns_suffix}/{id}"},
    "aws:sqs/queue:Queue": {"url": "https://sqs.{region}.{dns_suffix}/{account}/{name}"},
    "aws:ecr/repository:Repository": {"repositoryUrl": "{account}.dkr.ecr.{region}.{dns_suffix}/{name}"},
    "aws:kinesis/stream:Stream": {"arn": _REGIONAL % ("kinesis", "stream/{name}")},
    "aws:secretsmanager/secretVersion:SecretVersion": {"arn": "{secretId}", "secretArn": "{secretId}"},
}

# URLs that are given with https:// and answered without; nothing else of them is changed.
WITHOUT_SCHEME: Final = frozenset({("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "url")})

_FORMATTER: Final = string.Formatter()


def templates(type_: str) -> dict[str, str]:
    """The templates of a type's certain outputs by wire name; the provider's id is under `id`."""
    found = dict(OTHERS.get(type_, {}))
    if type_ in ARNS:
        found["arn"] = ARNS[type_]
    if type_ in IDS:
        found["id"] = IDS[type_]
    return found


def identifying_property(type_: str) -> str | None:
    """The property that is the provider's id (`name` of a role, `arn` of a policy), or None where the id is its own.

    A resource that is only read by id has that property for certain.
    """
    template = IDS.get(type_, "")
    return template[1:-1] if template.startswith("{") and template.find("}") == len(template) - 1 else None


def without_scheme(url: str) -> str:
    """An issuer as IAM names it: its URL without the scheme, a slash at the end included."""
    return url.removeprefix("https://")


def issuer_in(arn: str) -> str | None:
    """The issuer of an OIDC provider by its ARN, None for another ARN."""
    return arn.partition(":oidc-provider/")[2] or None


def fill(template: str, part: Callable[[str], str | None]) -> str | None:
    """A template with its parts filled in, or None when one of them is unknown."""
    texts: list[str] = []
    for literal, name, _, _ in _FORMATTER.parse(template):
        texts.append(literal)
        if name is not None:
            value = part(name)
            if value is None:
                return None
            texts.append(value)
    return "".join(texts)
