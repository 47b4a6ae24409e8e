"""Where AWS resource policies stand, and what else grants the use of a resource.

Policies of buckets and of what is like one stand apart: whether strangers get through them is decided beside the access
blocks of the stack, by the rules on buckets. A VPC endpoint's policy names who may pass through it, not who may use
something, and is read by a rule of its own. The tokens are those of pulumi_aws 7 and, for `aws-native`, of the
CloudFormation types that carry the same document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from ..aws.document import Document, Kind, PrincipalPattern, parse
from ..aws.exposure import Exposures, exposures
from ..findings import Finding, undecided
from ..model import Resource, Value
from ..values import UNKNOWN
from .aws_documents import Placed, placed_documents
from .paths import below


@dataclass(frozen=True, slots=True)
class Place:
    """The property that holds the document, and the services whose actions reach the resource."""

    property: str
    services: tuple[str, ...]


def _at(property_: str, *services: str) -> Place:
    return Place(property_, services)


_PLACES: Final[Mapping[str, Place]] = {
    "aws:acmpca/policy:Policy": _at("policy", "acm-pca"),
    "aws:amp/resourcePolicy:ResourcePolicy": _at("policyDocument", "aps"),
    "aws:apigateway/domainName:DomainName": _at("policy", "execute-api"),
    "aws:apigateway/restApi:RestApi": _at("policy", "execute-api"),
    "aws:apigateway/restApiPolicy:RestApiPolicy": _at("policy", "execute-api"),
    "aws:backup/vaultPolicy:VaultPolicy": _at("policy", "backup"),
    "aws:bedrock/agentcoreResourcePolicy:AgentcoreResourcePolicy": _at("policy", "bedrock-agentcore"),
    "aws:cloudsearch/domainServiceAccessPolicy:DomainServiceAccessPolicy": _at("accessPolicy", "cloudsearch"),
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": _at("policy", "events"),
    "aws:cloudwatch/logDeliveryDestinationPolicy:LogDeliveryDestinationPolicy": _at(
        "deliveryDestinationPolicy", "logs"
    ),
    "aws:cloudwatch/logDestinationPolicy:LogDestinationPolicy": _at("accessPolicy", "logs"),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": _at("policyDocument", "logs"),
    "aws:codeartifact/domainPermissions:DomainPermissions": _at("policyDocument", "codeartifact"),
    "aws:codeartifact/repositoryPermissionsPolicy:RepositoryPermissionsPolicy": _at("policyDocument", "codeartifact"),
    "aws:codebuild/resourcePolicy:ResourcePolicy": _at("policy", "codebuild"),
    "aws:dsql/clusterPolicy:ClusterPolicy": _at("policy", "dsql"),
    "aws:dynamodb/resourcePolicy:ResourcePolicy": _at("policy", "dynamodb"),
    "aws:ecr/registryPolicy:RegistryPolicy": _at("policy", "ecr"),
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": _at("repositoryPolicy", "ecr"),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": _at("policy", "ecr"),
    "aws:ecrpublic/repositoryPolicy:RepositoryPolicy": _at("policy", "ecr-public"),
    "aws:efs/fileSystemPolicy:FileSystemPolicy": _at("policy", "elasticfilesystem"),
    "aws:elasticsearch/domain:Domain": _at("accessPolicies", "es"),
    "aws:elasticsearch/domainPolicy:DomainPolicy": _at("accessPolicies", "es"),
    "aws:glacier/vault:Vault": _at("accessPolicy", "glacier"),
    "aws:glacier/vaultLock:VaultLock": _at("policy", "glacier"),
    "aws:glue/resourcePolicy:ResourcePolicy": _at("policy", "glue"),
    "aws:kinesis/resourcePolicy:ResourcePolicy": _at("policy", "kinesis"),
    "aws:kms/externalKey:ExternalKey": _at("policy", "kms"),
    "aws:kms/key:Key": _at("policy", "kms"),
    "aws:kms/keyPolicy:KeyPolicy": _at("policy", "kms"),
    "aws:kms/replicaExternalKey:ReplicaExternalKey": _at("policy", "kms"),
    "aws:kms/replicaKey:ReplicaKey": _at("policy", "kms"),
    "aws:lambda/resourcePolicy:ResourcePolicy": _at("policy", "lambda"),
    "aws:mediastore/containerPolicy:ContainerPolicy": _at("policy", "mediastore"),
    "aws:msk/clusterPolicy:ClusterPolicy": _at("policy", "kafka", "kafka-cluster"),
    "aws:networkfirewall/resourcePolicy:ResourcePolicy": _at("policy", "network-firewall"),
    "aws:oam/sinkPolicy:SinkPolicy": _at("policy", "oam"),
    "aws:opensearch/domain:Domain": _at("accessPolicies", "es"),
    "aws:opensearch/domainPolicy:DomainPolicy": _at("accessPolicies", "es"),
    "aws:opensearchingest/resourcePolicy:ResourcePolicy": _at("policy", "osis"),
    "aws:organizations/resourcePolicy:ResourcePolicy": _at("content", "organizations"),
    "aws:pinpoint/smsvoicev2ResourcePolicy:Smsvoicev2ResourcePolicy": _at("policy", "sms-voice"),
    "aws:redshift/resourcePolicy:ResourcePolicy": _at("policy", "redshift"),
    "aws:redshiftserverless/resourcePolicy:ResourcePolicy": _at("policy", "redshift-serverless"),
    "aws:s3/filesFileSystemPolicy:FilesFileSystemPolicy": _at("policy", "s3files"),
    "aws:s3control/accessGrantsInstanceResourcePolicy:AccessGrantsInstanceResourcePolicy": _at("policy", "s3"),
    "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy": _at("resourcePolicy", "sagemaker"),
    "aws:schemas/registryPolicy:RegistryPolicy": _at("policy", "schemas"),
    "aws:secretsmanager/secret:Secret": _at("policy", "secretsmanager"),
    "aws:secretsmanager/secretPolicy:SecretPolicy": _at("policy", "secretsmanager"),
    "aws:ses/identityPolicy:IdentityPolicy": _at("policy", "ses"),
    "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy": _at("policy", "ses"),
    "aws:sns/topic:Topic": _at("policy", "sns"),
    "aws:sns/topicPolicy:TopicPolicy": _at("policy", "sns"),
    "aws:sqs/queue:Queue": _at("policy", "sqs"),
    "aws:sqs/queuePolicy:QueuePolicy": _at("policy", "sqs"),
    "aws:vpclattice/authPolicy:AuthPolicy": _at("policy", "vpc-lattice-svcs"),
    "aws:vpclattice/resourcePolicy:ResourcePolicy": _at("policy", "vpc-lattice"),
    "aws:xray/resourcePolicy:ResourcePolicy": _at("policyDocument", "xray"),
    "aws-native:apigateway:RestApi": _at("policy", "execute-api"),
    "aws-native:backup:BackupVault": _at("accessPolicy", "backup"),
    "aws-native:codeartifact:Domain": _at("permissionsPolicyDocument", "codeartifact"),
    "aws-native:codeartifact:Repository": _at("permissionsPolicyDocument", "codeartifact"),
    "aws-native:ecr:RegistryPolicy": _at("policyText", "ecr"),
    "aws-native:ecr:Repository": _at("repositoryPolicyText", "ecr"),
    "aws-native:efs:FileSystem": _at("fileSystemPolicy", "elasticfilesystem"),
    "aws-native:events:EventBus": _at("policy", "events"),
    "aws-native:kinesis:ResourcePolicy": _at("resourcePolicy", "kinesis"),
    "aws-native:kms:Key": _at("keyPolicy", "kms"),
    "aws-native:kms:ReplicaKey": _at("keyPolicy", "kms"),
    "aws-native:logs:ResourcePolicy": _at("policyDocument", "logs"),
    "aws-native:msk:ClusterPolicy": _at("policy", "kafka", "kafka-cluster"),
    "aws-native:opensearchservice:Domain": _at("accessPolicies", "es"),
    "aws-native:secretsmanager:ResourcePolicy": _at("resourcePolicy", "secretsmanager"),
    "aws-native:sns:TopicInlinePolicy": _at("policyDocument", "sns"),
    "aws-native:sns:TopicPolicy": _at("policyDocument", "sns"),
    "aws-native:sqs:QueueInlinePolicy": _at("policyDocument", "sqs"),
    "aws-native:sqs:QueuePolicy": _at("policyDocument", "sqs"),
    "aws-native:vpclattice:AuthPolicy": _at("policy", "vpc-lattice-svcs"),
    "aws-native:xray:ResourcePolicy": _at("policyDocument", "xray"),
}


@dataclass(frozen=True, slots=True)
class BucketPlace(Place):
    """Where the policy of a bucket, or of what is like one, stands: in `member` of the objects at the property where
    that is given. `names` are the properties that name the bucket, which the policy then speaks of."""

    names: tuple[str, ...] = ("bucket",)
    member: str = ""


_OF_BUCKETS: Final = ("s3", "s3express")
# The types whose policies are a bucket's, an access point's, or those of buckets for vectors and tables.
BUCKET_LIKE: Final[Mapping[str, BucketPlace]] = {
    "aws:s3/accessPoint:AccessPoint": BucketPlace("policy", _OF_BUCKETS, ("bucket", "name")),
    "aws:s3/bucket:Bucket": BucketPlace("policy", ("s3",)),
    "aws:s3/bucketPolicy:BucketPolicy": BucketPlace("policy", _OF_BUCKETS),
    "aws:s3/bucketV2:BucketV2": BucketPlace("policy", ("s3",)),
    "aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy": BucketPlace(
        "policy", ("s3vectors",), ("vectorBucketArn",)
    ),
    "aws:s3control/accessPointPolicy:AccessPointPolicy": BucketPlace("policy", _OF_BUCKETS, ("accessPointArn",)),
    "aws:s3control/bucketPolicy:BucketPolicy": BucketPlace("policy", ("s3-outposts",)),
    "aws:s3control/multiRegionAccessPointPolicy:MultiRegionAccessPointPolicy": BucketPlace(
        "details", ("s3",), (), "policy"
    ),
    "aws:s3control/objectLambdaAccessPointPolicy:ObjectLambdaAccessPointPolicy": BucketPlace(
        "policy", ("s3-object-lambda",), ("name",)
    ),
    "aws:s3tables/tableBucketPolicy:TableBucketPolicy": BucketPlace(
        "resourcePolicy", ("s3tables",), ("tableBucketArn",)
    ),
    "aws:s3tables/tablePolicy:TablePolicy": BucketPlace(
        "resourcePolicy", ("s3tables",), ("tableBucketArn", "namespace", "name")
    ),
    "aws-native:s3:AccessPoint": BucketPlace("policy", ("s3",), ("bucket", "name")),
    "aws-native:s3:BucketPolicy": BucketPlace("policyDocument", ("s3",)),
    "aws-native:s3:MultiRegionAccessPointPolicy": BucketPlace("policy", ("s3",), ("mrapName",)),
    "aws-native:s3express:AccessPoint": BucketPlace("policy", ("s3express",), ("bucket", "name")),
    "aws-native:s3express:BucketPolicy": BucketPlace("policyDocument", ("s3express",)),
    "aws-native:s3objectlambda:AccessPointPolicy": BucketPlace(
        "policyDocument", ("s3-object-lambda",), ("objectLambdaAccessPoint",)
    ),
    "aws-native:s3outposts:AccessPoint": BucketPlace("policy", ("s3-outposts",), ("bucket", "name")),
    "aws-native:s3outposts:BucketPolicy": BucketPlace("policyDocument", ("s3-outposts",)),
    "aws-native:s3tables:TableBucketPolicy": BucketPlace("resourcePolicy", ("s3tables",), ("tableBucketArn",)),
    "aws-native:s3tables:TablePolicy": BucketPlace("resourcePolicy", ("s3tables",), ("tableArn",)),
    "aws-native:s3vectors:VectorBucketPolicy": BucketPlace("policy", ("s3vectors",), ("vectorBucketArn",)),
}

# Resources that are one statement of a policy, written as properties: the action that stands for a missing one, the
# service, what the statement is about, and the property for each condition key with its operator.
_LAMBDA: Final = {
    "sourceArn": ("ArnLike", "aws:SourceArn"),
    "sourceAccount": ("StringEquals", "aws:SourceAccount"),
    "principalOrgId": ("StringEquals", "aws:PrincipalOrgID"),
    "functionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "invokedViaFunctionUrl": ("Bool", "lambda:InvokedViaFunctionUrl"),
    "eventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
}
_LAYER: Final = {"organizationId": ("StringEquals", "aws:PrincipalOrgID")}
LAMBDA_PERMISSIONS: Final = ("aws:lambda/permission:Permission", "aws-native:lambda:Permission")
_LAYERS: Final = "arn:*:lambda:*:*:layer:*"
_FUNCTIONS: Final = "arn:*:lambda:*:*:function:*"
_GRANTS: Final[Mapping[str, tuple[str, str, str, Mapping[str, tuple[str, str]]]]] = {
    "aws:cloudwatch/eventPermission:EventPermission": ("events:PutEvents", "events", "*", {}),
    "aws:lambda/layerVersionPermission:LayerVersionPermission": ("lambda:GetLayerVersion", "lambda", _LAYERS, _LAYER),
    "aws:signer/signingProfilePermission:SigningProfilePermission": ("signer:StartSigningJob", "signer", "*", {}),
    "aws-native:lambda:LayerVersionPermission": ("lambda:GetLayerVersion", "lambda", _LAYERS, _LAYER),
    **dict.fromkeys(LAMBDA_PERMISSIONS, ("lambda:InvokeFunction", "lambda", _FUNCTIONS, _LAMBDA)),
}
# The argument of such a resource that keeps it to an organization, where it has one.
WITHIN_ORGANIZATION: Final[Mapping[str, str]] = {
    "aws:cloudwatch/eventPermission:EventPermission": 'condition={"type": "StringEquals", "key": "aws:PrincipalOrgID", "value": "o-YOURS"}',
    "aws:lambda/layerVersionPermission:LayerVersionPermission": 'organization_id="o-YOURS"',
    "aws:lambda/permission:Permission": 'principal_org_id="o-YOURS"',
    "aws-native:lambda:LayerVersionPermission": 'organization_id="o-YOURS"',
    "aws-native:lambda:Permission": 'principal_org_id="o-YOURS"',
}
_ACCOUNT_OR_ARN: Final = re.compile(r"\d{12}|arn:.*")
_ELEMENT: Final = re.compile(r'Statement\[0\]\.(?P<element>\w+)(?:.*\["(?P<key>[^"]+)"\])?')

_WHOLE_ACCOUNT: Final = re.compile(r"(?P<number>\d{12})|arn:[^:]*:iam::(?P<account>[^:]*):root")

RESOURCE_POLICY_TYPES: Final = tuple(_PLACES)
GRANTING_TYPES: Final = (*_PLACES, *_GRANTS)
BUCKET_LIKE_TYPES: Final = tuple(BUCKET_LIKE)
ENDPOINT_POLICIES: Final[Mapping[str, str]] = {
    "aws:ec2/vpcEndpoint:VpcEndpoint": "policy",
    "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy": "policy",
    "aws-native:ec2:VpcEndpoint": "policyDocument",
}


class Written(Placed):
    """A statement written as properties of a resource: places in it are shown as the properties they come from."""

    def __init__(self, value: Value, document: Document, properties: Mapping[str, str]) -> None:
        super().__init__(value, document)
        self.properties = properties

    def place(self, inner: str) -> str:
        found = _ELEMENT.match(inner)
        return self.properties.get((found["key"] or found["element"]) if found else "", "principal")


def carrier(service: str) -> tuple[str, str] | None:
    """A type of resource that carries the policies of a service, and the property that they stand in."""
    fitting = [(type_, place.property) for type_, place in _PLACES.items() if service in place.services]
    return next((each for each in fitting if each[0].endswith("Policy")), next(iter(fitting), None))


def resource_policies(resource: Resource) -> Sequence[Placed]:
    """The resource policies in one resource of `RESOURCE_POLICY_TYPES` or `BUCKET_LIKE`, as they were given."""
    if resource.type in BUCKET_LIKE:
        return bucket_documents(resource)
    key = _PLACES[resource.type].property
    # Among outputs, a policy that nobody gave is the service's own.
    values = [resource[key]] if resource.gave(key) else []
    return resource.remember("resource policies", lambda: placed_documents(values, Kind.RESOURCE), [key])


def bucket_documents(resource: Resource) -> Sequence[Placed]:
    """The policies in one resource of `BUCKET_LIKE`, as they were given; empty where none was.

    A part of a policy that may be any text, and that names the resource too, is taken for that name: no wildcard.
    """
    place = BUCKET_LIKE[resource.type]
    of = (place.property, *place.names)
    return resource.remember("bucket policies", lambda: _bucket_documents(resource, place), of)


def _bucket_documents(resource: Resource, place: BucketPlace) -> Sequence[Placed]:
    # Among outputs, a policy that nobody gave is what the provider will report, and holds nothing new.
    given = [resource[place.property]] if resource.gave(place.property) else []
    values = [each[place.member] for value in given for each in value.elements()] if place.member else given
    name = " ".join(resource[key].text or "" for key in place.names)
    return placed_documents(values, Kind.RESOURCE, name)


def endpoint_policies(resource: Resource) -> Sequence[Placed]:
    """The policy of a VPC endpoint, if one was given."""
    key = ENDPOINT_POLICIES[resource.type]
    values = [resource[key]] if resource.gave(key) else []
    return resource.remember("resource policies", lambda: placed_documents(values, Kind.RESOURCE), [key])


def grants(resource: Resource) -> Sequence[Placed]:
    """The resource policies in one resource of `GRANTING_TYPES`, those written as properties too."""
    if resource.type in _PLACES or resource.type in BUCKET_LIKE:
        return resource_policies(resource)
    return resource.remember("resource policies", lambda: _written(resource))


def services_of(resource: Resource) -> tuple[str, ...]:
    """The services whose actions reach a resource of `GRANTING_TYPES` or `BUCKET_LIKE`, by their prefix."""
    place = _PLACES.get(resource.type) or BUCKET_LIKE.get(resource.type)
    return place.services if place is not None else (_GRANTS[resource.type][1],)


def exposed(resource: Resource, placed: Placed) -> Exposures:
    """What strangers may do through one policy of a resource, worked out once for all rules that ask."""
    return placed.ask(reach_of_strangers(services_of(resource)))


@cache
def reach_of_strangers(services: tuple[str, ...]) -> Callable[[Document], Exposures]:
    """The question for `Placed.ask` what strangers may do to a resource of these services."""
    return lambda document: exposures(document, services)


def root_account(principal: PrincipalPattern) -> str:
    """The account that a principal leaves the choice to, number or computed text; empty for any other principal."""
    match = _WHOLE_ACCOUNT.fullmatch(principal.name or "") if principal.kind == "AWS" else None
    return (match["number"] or match["account"]) if match is not None else ""


def unread(resource: Resource, placed: Placed) -> Iterator[Finding]:
    """What rules that only look at a document's words say of one that nobody can read. Of a bucket's, the rules on
    buckets say it."""
    if "" in placed.document.holes and resource.type not in BUCKET_LIKE:
        yield undecided(placed.value.path, "the document is not known yet", cause=placed.value.path)


def cause_of(placed: Placed, statement: str) -> str:
    """The cause of a finding on one statement of a policy."""
    return below(placed.value.path, statement)


def _written(resource: Resource) -> Sequence[Placed]:
    action, _, about, keys = _GRANTS[resource.type]
    principal = resource["principal"]
    if principal.absent:
        return ()
    conditions: dict[str, dict[str, object]] = {}
    properties = {"Action": "action", "Principal": "principal", "Condition": "condition"}
    for name, (operator, key) in keys.items():
        value = resource[name]
        if not value.absent:
            conditions.setdefault(operator, {})[key] = value.unmarked()
            properties[key] = name
    written = resource["condition"]
    if not written.absent:
        how, what = written["type"].text, written["key"].text
        conditions = {how: {what: written["value"].unmarked()}} if how and what else {}
    statement: dict[str, object] = {
        "Effect": "Allow",
        "Principal": _principal(principal),
        "Action": action if resource["action"].absent else resource["action"].unmarked(),
        "Resource": about,
        "Condition": conditions if conditions or written.absent else UNKNOWN,
    }
    secret = any(resource[name].secret for name in ("principal", "action", "condition", *keys))
    document = parse({"Version": "2012-10-17", "Statement": [statement]}, Kind.RESOURCE)
    return (Written(Value("", ("principal",), secret=secret), document, properties),)


def _principal(value: Value) -> object:
    text = value.text
    if text is None or text == "*":
        return UNKNOWN if text is None else text
    return {"AWS" if _ACCOUNT_OR_ARN.fullmatch(text) or "." not in text else "Service": text}
