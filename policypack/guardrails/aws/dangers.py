"""What an action is dangerous for, beyond its access level: lists over AWS's levels, and why each of them is needed.

AWS calls an action `Read` or `Write` by what it does to the service's configuration. That a read yields a password, or
that every workload makes a certain write on `*`, it does not say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from typing import Final

from .actions import DANGER, AccessLevel, rank
from .creations import only_creates


class Danger(Enum):
    """What somebody can do who has an action on resources that nobody named, the worst first."""

    PERMISSIONS = "change who may do what"
    PASSING = "hand roles to services"
    CREDENTIALS = "read credentials"
    OBJECTS = "reach objects of S3"
    DECRYPTION = "decrypt"
    DATA = "read data"
    WRITING = "change or delete"
    METADATA = "read settings and set tags"


# Levels say `Read` or `Write` of these, but what they answer is a password, a token or a key.
# Left out: `ec2:GetPasswordData` (its answer is encrypted), and what has no resource and lends nobody else's rights,
# such as `ecr:GetAuthorizationToken` and `sts:GetSessionToken`.
_CREDENTIALS: Final = (
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "ssm:GetParameterHistory", "ssm:GetAccessToken",
    "redshift:GetClusterCredentials", "redshift:GetClusterCredentialsWithIAM", "redshift-serverless:GetCredentials",
    "elasticmapreduce:GetClusterSessionCredentials", "emr-containers:GetManagedEndpointSessionCredentials",
    "rds-db:connect", "dsql:DbConnect", "dsql:DbConnectAdmin",
    "sts:GetFederationToken", "sts:AssumeRoot", "codeartifact:GetAuthorizationToken",
    "cognito-identity:GetOpenIdTokenForDeveloperIdentity", "connect:GetFederationToken",
    "lightsail:GetInstanceAccessDetails", "lightsail:GetRelationalDatabaseMasterUserPassword",
    "gamelift:GetInstanceAccess", "acm:ExportCertificate",
    "bedrock-agentcore:GetResourceApiKey", "bedrock-agentcore:GetResourceOauth2Token",
)  # fmt: skip
# AWS calls these `Write`, but what they write is a policy that lets others in.
_POLICIES: Final = (
    "codeartifact:PutDomainPermissionsPolicy", "codeartifact:PutRepositoryPermissionsPolicy",
    "logs:PutDestinationPolicy",
)  # fmt: skip
_DECRYPTION: Final = ("kms:Decrypt", "kms:ReEncryptFrom")
# Reading, writing and deleting: one of them on a bucket that nobody named is access to all of them.
_OBJECTS: Final = (
    "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectVersion", "s3:DeleteObjectVersion",
)  # fmt: skip
# Levels say `Read` of settings and of content alike; these give the content. Logs are left out, as auditors read them.
_DATA: Final = (
    "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:PartiQLSelect",
    "dynamodb:GetRecords", "dynamodb:ExportTableToPointInTime",
    "sqs:ReceiveMessage", "kinesis:GetRecords", "kinesis:SubscribeToShard",
    "rds-data:ExecuteStatement", "rds-data:BatchExecuteStatement", "redshift-data:ExecuteStatement",
    "rds:StartExportTask",
    "athena:GetQueryResults", "athena:GetQueryResultsStream", "ebs:GetSnapshotBlock",
    "cassandra:Select", "timestream:Select", "neptune-db:ReadDataViaQuery", "es:ESHttpGet", "glacier:GetJobOutput",
    "ds:AccessDSData", "s3-object-lambda:GetObject", "s3express:CreateSession", "codecommit:GitPull",
)  # fmt: skip
# AWS's own policies for these duties grant them on `*`, because the resource is made, or made known, only at run time,
# and what they write is the caller's own.
_EVERYDAY: Final = (
    # Telemetry: AWSLambdaBasicExecutionRole, AmazonECSTaskExecutionRolePolicy, CloudWatchAgentServerPolicy.
    "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:PutRetentionPolicy",
    "cloudwatch:PutMetricData",
    # Network interfaces of functions and builds in a VPC: AWSLambdaVPCAccessExecutionRole, and what CodeBuild asks for.
    "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterfacePermission", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
    "ec2:AssignIpv6Addresses", "ec2:UnassignIpv6Addresses",
    # The agent of Systems Manager reports on its own instance: AmazonSSMManagedInstanceCore.
    "ssm:PutInventory", "ssm:PutComplianceItems", "ssm:PutConfigurePackageResult", "ssm:UpdateAssociationStatus",
    "ssm:UpdateInstanceAssociationStatus", "ssm:UpdateInstanceInformation",
    # A device is nobody's before `iam:EnableMFADevice`, and is deleted only when it is nobody's again; users who look
    # after their own second factor need both. A password is changed by whoever has it.
    "iam:CreateVirtualMFADevice", "iam:DeleteVirtualMFADevice", "iam:ChangePassword",
    # The agent of ECS reports on its own instance: AmazonEC2ContainerServiceforEC2Role.
    "ecs:DeregisterContainerInstance", "ecs:Poll", "ecs:RegisterContainerInstance", "ecs:StartTelemetrySession",
    "ecs:SubmitAttachmentStateChanges", "ecs:SubmitContainerStateChange", "ecs:SubmitTaskStateChange",
    "ecs:UpdateContainerInstancesState",
    # A role that only its service can use, with the rights that AWS gave it: PowerUserAccess.
    "iam:CreateServiceLinkedRole",
)  # fmt: skip
# The agent's policy holds these on `*` too, so beside its check-in they say no more than that an instance is managed.
AGENT_CHECK_IN: Final = "ssm:UpdateInstanceInformation"
AGENT_READS: Final = frozenset({"ssm:GetParameter", "ssm:GetParameters"})

# Channels between an instance and Systems Manager; each is granted whole, and reaches nothing but the instance's own.
AGENT_CHANNELS: Final = frozenset({"ssmmessages", "ec2messages"})

# On `*` because they work on no resource, which makes them no less dangerous: each changes the whole account or its
# organization. Of others without a resource there is nothing narrower to ask for.
ACCOUNT_WIDE: Final = frozenset(
    {
        "s3:PutAccountPublicAccessBlock", "ec2:DisableImageBlockPublicAccess", "ec2:DisableSnapshotBlockPublicAccess",
        "ec2:DisableEbsEncryptionByDefault", "iam:UpdateAccountPasswordPolicy", "iam:DeleteAccountPasswordPolicy",
        "iam:SetSecurityTokenServicePreferences", "organizations:LeaveOrganization",
        "cognito-identity:SetIdentityPoolRoles", "ecr:PutRegistryPolicy", "lakeformation:GrantPermissions",
        "lakeformation:BatchGrantPermissions", "lakeformation:PutDataLakeSettings", "sso:PutPermissionsPolicy",
        "sso:AssociateProfile", "sso-directory:AddMemberToGroup", "sso-directory:UpdatePassword",
        "ram:EnableSharingWithAwsOrganization",
    }
)  # fmt: skip

# Where a statement speaks of every service, these are asked for in place of all actions there are.
REPRESENTATIVES: Final = (
    "s3:PutBucketPolicy", "kms:PutKeyPolicy", "lambda:AddPermission", "sqs:SetQueueAttributes", "iam:PutRolePolicy",
    "iam:AttachUserPolicy", "iam:PassRole", "secretsmanager:GetSecretValue", "ssm:GetParameter", "s3:GetObject",
    "s3:PutObject", "s3:DeleteObject", "kms:Decrypt", "dynamodb:Scan", "sqs:ReceiveMessage", "kinesis:GetRecords",
    "sts:AssumeRole", "dynamodb:DeleteTable", "lambda:UpdateFunctionCode", "rds:DeleteDBInstance",
    "cloudtrail:StopLogging", "sns:Publish", "s3:DeleteBucket", "dynamodb:DescribeTable", "dynamodb:TagResource",
)  # fmt: skip

_OVERLAY: Final[Mapping[str, Danger | None]] = {
    **dict.fromkeys(_CREDENTIALS, Danger.CREDENTIALS),
    **dict.fromkeys(_DECRYPTION, Danger.DECRYPTION),
    **dict.fromkeys(_OBJECTS, Danger.OBJECTS),
    **dict.fromkeys(_DATA, Danger.DATA),
    **dict.fromkeys(_EVERYDAY, None),
    **dict.fromkeys(_POLICIES, Danger.PERMISSIONS),
    "iam:PassRole": Danger.PASSING,
}
# AWS calls some of these `Write` or `Permissions management`, because they speak of permissions, are new or take time.
_READING: Final = re.compile(
    r"[\w-]+:(?:Describe|Get|List|Search|View|Validate|BatchEvaluate|Evaluate)[A-Z]\w*"
    r"|appconfig:StartConfigurationSession|athena:StartQueryExecution|(?:cloudtrail|iotsitewise):StartQuery"
    r"|ecr:Start(?:ImageScan|LifecyclePolicyPreview)|access-analyzer:StartResourceScan"
    # Encryption changes nothing, and what is encrypted is the caller's.
    r"|kms:(?:Encrypt|ReEncryptTo|Verify|VerifyMac|GenerateDataKey\w*)"
)
# AWS calls these `Permissions management`, and what they make lets nobody in before somebody is given it.
_EMPTY: Final = frozenset(
    {
        "es:CreateElasticsearchDomain", "iam:CreateGroup", "iam:CreateInstanceProfile", "iam:CreatePolicy",
        "iot:CreatePolicy", "quicksight:CreateGroup", "redshift:CreateSnapshotCopyGrant", "sns:CreateTopic",
        "sqs:CreateQueue", "sso:CreatePermissionSet", "waf:CreateWebACL", "waf-regional:CreateWebACL",
    }
)  # fmt: skip
# AWS calls these `Permissions management`, though nobody gets into what is there by them: they deliver logs, renew
# certificates and credentials of the service's own, bind resources together, or delete what has permissions.
_LETTING_NOBODY_IN: Final = re.compile(
    r"[\w-]+:AllowVendedLogDeliveryForResource|glue:(?:TestConnection|RefreshOAuth2Tokens)"
    r"|apigateway:(?:AddCertificateToDomain|RemoveCertificateFromDomain|SetWebACL|\w+AccessAssociation)"
    r"|bedrock-agentcore:(?:AuthorizeAction|PartiallyAuthorizeActions|InvokeGateway|SynchronizeGatewayTargets)"
    r"|cloudformation:SetStackPolicy|cloudwatch:(?:Update|Delete)\w*Access\w+|codestar:DeleteProject"
    r"|cognito-identity:(?:DeleteIdentityPool|MergeDeveloperIdentities|UnlinkDeveloperIdentity)"
    r"|ds:CreateConditionalForwarder|ec2:(?:\w+(?:NatGateway|PlacementGroup|OdbNetworkPeering)|CancelImageLaunchPermission)"
    r"|fsx:BypassSnaplockEnterpriseRetention"
    r"|iam:(?:\w+ServerCertificate|DeleteInstanceProfile|DeleteServiceLinkedRole|UpdateRole|UpdateRoleDescription)"
    r"|iotfleetwise:GenerateCommandPayload|lambda:(?:Enable|Disable)Replication"
    r"|mediapackage:RotateIngestEndpointCredentials|opensearch:ApplicationAccessAll|ram:\w+ResourceShareInvitation"
    r"|redshift:RejectDataShare|s3:(?:BypassGovernanceRetention|ObjectOwnerOverrideToBucketOwner)"
    r"|ses:ReplicateEmailIdentityDkimSigningKey|waf(?:-regional)?:(?:Delete|Update)WebACL"
    r"|worklink:UpdateDevicePolicyConfiguration"
)
_BY_LEVEL: Final = {
    AccessLevel.PERMISSIONS_MANAGEMENT: Danger.PERMISSIONS,
    AccessLevel.WRITE: Danger.WRITING,
}


@lru_cache(maxsize=65_536)
def danger_of(name: str) -> Danger | None:
    """The danger of an action in AWS's own case; `None` for everyday work, and for what is not listed."""
    if name in _OVERLAY:
        return _OVERLAY[name]
    place = rank(name)
    if place < 0 or name in _EMPTY:
        return None
    if _READING.fullmatch(name):
        return Danger.METADATA
    danger = _BY_LEVEL.get(DANGER[place], Danger.METADATA)
    if danger is Danger.PERMISSIONS and _LETTING_NOBODY_IN.fullmatch(name):
        return Danger.WRITING
    return None if danger is Danger.WRITING and only_creates(name) else danger
