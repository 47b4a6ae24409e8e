"""Which properties carry a credential.

Two sources. `data/marked.json` is read from the provider SDKs (scripts/marked_properties.py): what they mark secret
themselves. The tables below are what they leave unmarked; read from the docstrings and schemas of pulumi_aws 7.51 and
pulumi_oci 5.5. A path names nested properties with dots and every element of a list with `[*]`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from ..model import Resource, Value

# Properties that the SDKs mark and that are no credentials: names, texts, public keys. A plain value here is no leak,
# and the value itself may well appear elsewhere.
NOT_CREDENTIALS: Final[Mapping[str, frozenset[str]]] = {
    "aws:cloudcontrol/resource:Resource": frozenset({"schema"}),
    "aws:directoryservice/sharedDirectory:SharedDirectory": frozenset({"notes"}),
    "aws:iot/certificate:Certificate": frozenset({"certificatePem", "publicKey", "caPem"}),
    "aws:iot/caCertificate:CaCertificate": frozenset({"caCertificatePem", "verificationCertificatePem"}),
    "aws:pinpoint/apnsChannel:ApnsChannel": frozenset({"bundleId", "teamId", "tokenKeyId"}),
    "aws:pinpoint/apnsSandboxChannel:ApnsSandboxChannel": frozenset({"bundleId", "teamId", "tokenKeyId"}),
    "aws:pinpoint/apnsVoipChannel:ApnsVoipChannel": frozenset({"bundleId", "teamId", "tokenKeyId"}),
    "aws:pinpoint/apnsVoipSandboxChannel:ApnsVoipSandboxChannel": frozenset({"bundleId", "teamId", "tokenKeyId"}),
    "aws:redshiftserverless/namespace:Namespace": frozenset({"adminUsername"}),
    "aws:s3/objectCopy:ObjectCopy": frozenset({"kmsKeyId", "kmsEncryptionContext"}),
    "aws:transfer/server:Server": frozenset({"postAuthenticationLoginBanner", "preAuthenticationLoginBanner"}),
    "oci:GoldenGate/connection:Connection": frozenset({"trustStore"}),
    "oci:Identity/domainsPasswordPolicy:DomainsPasswordPolicy": frozenset({"passwordStrength"}),
    "oci:Identity/domainsSetting:DomainsSetting": frozenset({"allowedForgotPasswordFlowReturnUrls"}),
}

# Inputs that hold a credential and that no SDK marks.
UNMARKED_INPUTS: Final[Mapping[str, Sequence[str]]] = {
    "aws:alb/listener:Listener": ["defaultActions[*].authenticateOidc.clientSecret"],
    "aws:alb/listenerRule:ListenerRule": ["actions[*].authenticateOidc.clientSecret"],
    "aws:appfabric/appAuthorization:AppAuthorization": [
        "credential.apiKeyCredentials[*].apiKey",
        "credential.oauth2Credential.clientSecret",
    ],
    "aws:appflow/connectorProfile:ConnectorProfile": [
        "connectorProfileConfig.connectorProfileCredentials.amplitude.apiKey",
        "connectorProfileConfig.connectorProfileCredentials.amplitude.secretKey",
        "connectorProfileConfig.connectorProfileCredentials.customConnector.apiKey.apiKey",
        "connectorProfileConfig.connectorProfileCredentials.customConnector.apiKey.apiSecretKey",
        "connectorProfileConfig.connectorProfileCredentials.customConnector.basic.password",
        "connectorProfileConfig.connectorProfileCredentials.customConnector.custom.credentialsMap",
        "connectorProfileConfig.connectorProfileCredentials.customConnector.oauth2.accessToken",
        "connectorProfileConfig.connectorProfileCredentials.customConnector.oauth2.clientSecret",
        "connectorProfileConfig.connectorProfileCredentials.customConnector.oauth2.oauthRequest.authCode",
        "connectorProfileConfig.connectorProfileCredentials.customConnector.oauth2.refreshToken",
        "connectorProfileConfig.connectorProfileCredentials.datadog.apiKey",
        "connectorProfileConfig.connectorProfileCredentials.dynatrace.apiToken",
        "connectorProfileConfig.connectorProfileCredentials.googleAnalytics.accessToken",
        "connectorProfileConfig.connectorProfileCredentials.googleAnalytics.clientSecret",
        "connectorProfileConfig.connectorProfileCredentials.googleAnalytics.oauthRequest.authCode",
        "connectorProfileConfig.connectorProfileCredentials.googleAnalytics.refreshToken",
        "connectorProfileConfig.connectorProfileCredentials.honeycode.accessToken",
        "connectorProfileConfig.connectorProfileCredentials.honeycode.oauthRequest.authCode",
        "connectorProfileConfig.connectorProfileCredentials.honeycode.refreshToken",
        "connectorProfileConfig.connectorProfileCredentials.inforNexus.secretAccessKey",
        "connectorProfileConfig.connectorProfileCredentials.marketo.accessToken",
        "connectorProfileConfig.connectorProfileCredentials.marketo.clientSecret",
        "connectorProfileConfig.connectorProfileCredentials.marketo.oauthRequest.authCode",
        "connectorProfileConfig.connectorProfileCredentials.redshift.password",
        "connectorProfileConfig.connectorProfileCredentials.salesforce.accessToken",
        "connectorProfileConfig.connectorProfileCredentials.salesforce.jwtToken",
        "connectorProfileConfig.connectorProfileCredentials.salesforce.oauthRequest.authCode",
        "connectorProfileConfig.connectorProfileCredentials.salesforce.refreshToken",
        "connectorProfileConfig.connectorProfileCredentials.sapoData.basicAuthCredentials.password",
        "connectorProfileConfig.connectorProfileCredentials.sapoData.oauthCredentials.accessToken",
        "connectorProfileConfig.connectorProfileCredentials.sapoData.oauthCredentials.clientSecret",
        "connectorProfileConfig.connectorProfileCredentials.sapoData.oauthCredentials.oauthRequest.authCode",
        "connectorProfileConfig.connectorProfileCredentials.sapoData.oauthCredentials.refreshToken",
        "connectorProfileConfig.connectorProfileCredentials.serviceNow.password",
        "connectorProfileConfig.connectorProfileCredentials.singular.apiKey",
        "connectorProfileConfig.connectorProfileCredentials.slack.accessToken",
        "connectorProfileConfig.connectorProfileCredentials.slack.clientSecret",
        "connectorProfileConfig.connectorProfileCredentials.slack.oauthRequest.authCode",
        "connectorProfileConfig.connectorProfileCredentials.snowflake.password",
        "connectorProfileConfig.connectorProfileCredentials.trendmicro.apiSecretKey",
        "connectorProfileConfig.connectorProfileCredentials.veeva.password",
        "connectorProfileConfig.connectorProfileCredentials.zendesk.accessToken",
        "connectorProfileConfig.connectorProfileCredentials.zendesk.clientSecret",
        "connectorProfileConfig.connectorProfileCredentials.zendesk.oauthRequest.authCode",
    ],
    "aws:appstream/directoryConfig:DirectoryConfig": ["serviceAccountCredentials.accountPassword"],
    "aws:bedrock/agentcoreOauth2CredentialProvider:AgentcoreOauth2CredentialProvider": [
        "oauth2ProviderConfig.atlassianOauth2ProviderConfig.clientSecret",
        "oauth2ProviderConfig.atlassianOauth2ProviderConfig.clientSecretWo",
        "oauth2ProviderConfig.customOauth2ProviderConfig.clientSecret",
        "oauth2ProviderConfig.customOauth2ProviderConfig.clientSecretWo",
        "oauth2ProviderConfig.githubOauth2ProviderConfig.clientSecret",
        "oauth2ProviderConfig.githubOauth2ProviderConfig.clientSecretWo",
        "oauth2ProviderConfig.googleOauth2ProviderConfig.clientSecret",
        "oauth2ProviderConfig.googleOauth2ProviderConfig.clientSecretWo",
        "oauth2ProviderConfig.includedOauth2ProviderConfig.clientSecret",
        "oauth2ProviderConfig.includedOauth2ProviderConfig.clientSecretWo",
        "oauth2ProviderConfig.linkedinOauth2ProviderConfig.clientSecret",
        "oauth2ProviderConfig.linkedinOauth2ProviderConfig.clientSecretWo",
        "oauth2ProviderConfig.microsoftOauth2ProviderConfig.clientSecret",
        "oauth2ProviderConfig.microsoftOauth2ProviderConfig.clientSecretWo",
        "oauth2ProviderConfig.salesforceOauth2ProviderConfig.clientSecret",
        "oauth2ProviderConfig.salesforceOauth2ProviderConfig.clientSecretWo",
        "oauth2ProviderConfig.slackOauth2ProviderConfig.clientSecret",
        "oauth2ProviderConfig.slackOauth2ProviderConfig.clientSecretWo",
    ],
    "aws:chime/voiceConnectorTerminationCredentials:VoiceConnectorTerminationCredentials": ["credentials[*].password"],
    "aws:cloudwatch/eventConnection:EventConnection": [
        "authParameters.apiKey.value",
        "authParameters.basic.password",
        "authParameters.oauth.clientParameters.clientSecret",
    ],
    "aws:codepipeline/pipeline:Pipeline": ["stages[*].actions[*].configuration.OAuthToken"],
    "aws:cognito/identityProvider:IdentityProvider": ["providerDetails.client_secret"],
    "aws:datasync/locationAzureBlob:LocationAzureBlob": ["sasConfiguration.token"],
    "aws:datasync/locationFsxOntapFileSystem:LocationFsxOntapFileSystem": ["protocol.smb.password"],
    "aws:datasync/locationHdfs:LocationHdfs": ["kerberosKeytab", "kerberosKeytabBase64"],
    "aws:directconnect/bgpPeer:BgpPeer": ["bgpAuthKey"],
    "aws:directconnect/hostedPrivateVirtualInterface:HostedPrivateVirtualInterface": ["bgpAuthKey"],
    "aws:directconnect/hostedPublicVirtualInterface:HostedPublicVirtualInterface": ["bgpAuthKey"],
    "aws:directconnect/hostedTransitVirtualInterface:HostedTransitVirtualInterface": ["bgpAuthKey"],
    "aws:directconnect/privateVirtualInterface:PrivateVirtualInterface": ["bgpAuthKey"],
    "aws:directconnect/publicVirtualInterface:PublicVirtualInterface": ["bgpAuthKey"],
    "aws:directconnect/transitVirtualInterface:TransitVirtualInterface": ["bgpAuthKey"],
    "aws:directoryservice/trust:Trust": ["trustPassword"],
    "aws:fsx/ontapStorageVirtualMachine:OntapStorageVirtualMachine": [
        "activeDirectoryConfiguration.selfManagedActiveDirectoryConfiguration.password"
    ],
    "aws:fsx/windowsFileSystem:WindowsFileSystem": [
        "selfManagedActiveDirectory.password",
        "selfManagedActiveDirectory.passwordWo",
    ],
    "aws:glue/connection:Connection": [
        "authenticationConfiguration.basicAuthenticationCredentials.password",
        "authenticationConfiguration.customAuthenticationCredentials",
        "authenticationConfiguration.oauth2Properties.oauth2Credentials.accessToken",
        "authenticationConfiguration.oauth2Properties.oauth2Credentials.jwtToken",
        "authenticationConfiguration.oauth2Properties.oauth2Credentials.refreshToken",
        "authenticationConfiguration.oauth2Properties.oauth2Credentials.userManagedClientApplicationClientSecret",
    ],
    "aws:glue/job:Job": ["sourceControlDetails.authToken"],
    "aws:grafana/licenseAssociation:LicenseAssociation": ["grafanaToken"],
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": [
        "httpEndpointConfiguration.accessKey",
        "redshiftConfiguration.password",
        "snowflakeConfiguration.privateKey",
        "snowflakeConfiguration.keyPassphrase",
        "splunkConfiguration.hecToken",
    ],
    "aws:kms/customKeyStore:CustomKeyStore": [
        "keyStorePassword",
        "xksProxyAuthenticationCredential.rawSecretAccessKey",
    ],
    "aws:lambda/permission:Permission": ["eventSourceToken"],
    "aws:lb/listener:Listener": ["defaultActions[*].authenticateOidc.clientSecret"],
    "aws:lb/listenerRule:ListenerRule": ["actions[*].authenticateOidc.clientSecret"],
    "aws:medialive/channel:Channel": [
        "encoderSettings.outputGroups[*].outputGroupSettings.hlsGroupSettings.hlsCdnSettings[*].hlsAkamaiSettings.token"
    ],
    "aws:mq/broker:Broker": ["users[*].password", "ldapServerMetadata.serviceAccountPassword"],
    "aws:quicksight/dataSource:DataSource": ["credentials.credentialPair.password"],
    "aws:sagemaker/workforce:Workforce": ["oidcConfig.clientSecret"],
    "aws:storagegateway/gateway:Gateway": ["smbActiveDirectorySettings.password"],
    "aws:verifiedaccess/trustProvider:TrustProvider": ["oidcOptions.clientSecret"],
    "oci:ApmSynthetics/config:Config": [
        "configuration.databaseAuthenticationDetails.password.password",
        "configuration.databaseWalletDetails.databaseWallet",
        "configuration.ftpBasicAuthenticationDetails.password.password",
        "configuration.reqAuthenticationDetails.authToken",
        "configuration.reqAuthenticationDetails.authUserPassword",
    ],
    "oci:ContainerEngine/containerInstance:ContainerInstance": ["imagePullSecrets[*].password"],
    "oci:DataSafe/estimateTableSizes:EstimateTableSizes": ["targetCredentials.password"],
    "oci:DataSafe/maskData:MaskData": ["targetCredentials.password"],
    "oci:DataSafe/subsetData:SubsetData": ["targetCredentials.password"],
    "oci:DataSafe/subsettingPolicy:SubsettingPolicy": ["targetCredentials.password"],
    "oci:DataSafe/subsettingPolicyHealthReportManagement:SubsettingPolicyHealthReportManagement": [
        "targetCredentials.password"
    ],
    "oci:DataSafe/subsettingReportManagement:SubsettingReportManagement": ["targetCredentials.password"],
    "oci:DataSafe/targetDatabase:TargetDatabase": [
        "credentials.password",
        "tlsConfig.storePassword",
        "peerTargetDatabaseDetails[*].tlsConfig.storePassword",
    ],
    "oci:DataSafe/targetDatabasePeerTargetDatabase:TargetDatabasePeerTargetDatabase": ["tlsConfig.storePassword"],
    "oci:Database/database:Database": ["database.adminPassword"],
    "oci:Database/dbHome:DbHome": ["database.adminPassword"],
    "oci:Database/dbSystem:DbSystem": ["dbHome.database.adminPassword"],
    "oci:DatabaseManagement/cloudExadataStorageConnector:CloudExadataStorageConnector": [
        "credentialInfo.password",
        "credentialInfo.sslTrustStorePassword",
    ],
    "oci:DatabaseManagement/externalDbSystemConnector:ExternalDbSystemConnector": [
        "connectionInfos[*].databaseCredentials[*].password"
    ],
    "oci:DatabaseManagement/externalExadataStorageConnector:ExternalExadataStorageConnector": [
        "credentialInfo.password",
        "credentialInfo.sslTrustStorePassword",
    ],
    "oci:DatabaseManagement/managedDatabasesChangeDatabaseParameter:ManagedDatabasesChangeDatabaseParameter": [
        "credentials.password",
        "databaseCredential.password",
    ],
    "oci:DatabaseManagement/managedDatabasesResetDatabaseParameter:ManagedDatabasesResetDatabaseParameter": [
        "credentials.password",
        "databaseCredential.password",
    ],
    "oci:DatabaseMigration/connection:Connection": ["wallet", "sshKey"],
    "oci:DatabaseMigration/migration:Migration": [
        "dataTransferMediumDetails.secretAccessKey",
        "hubDetails.restAdminCredentials.password",
    ],
    "oci:FleetAppsManagement/fleet:Fleet": ["credentials[*].password.value"],
    "oci:FleetAppsManagement/fleetCredential:FleetCredential": ["password.value"],
    "oci:GoldenGate/connection:Connection": [
        "artifactLocation.accountKey",
        "artifactLocation.configuration.privateKeyFile",
        "artifactLocation.configuration.privateKeyPassphrase",
        "artifactLocation.configuration.secretAccessKey",
        "authDetails.apiKey",
        "catalog.clientSecret",
        "storage.accountKey",
        "storage.secretAccessKey",
        "storage.serviceAccountKeyFile",
    ],
    "oci:GoldenGate/databaseRegistration:DatabaseRegistration": ["wallet"],
    "oci:GoldenGate/deployment:Deployment": ["oggData.adminPassword"],
    "oci:Identity/domainsApp:DomainsApp": [
        "clientSecret",
        "urnietfparamsscimschemasoracleidcsextensionradiusAppApp.secretKey",
    ],
    "oci:Identity/domainsAuthenticationFactorSetting:DomainsAuthenticationFactorSetting": [
        "urnietfparamsscimschemasoracleidcsextensionthirdPartyAuthenticationFactorSettings.duoSecuritySettings.secretKey"
    ],
    "oci:Identity/domainsIdentityProvider:DomainsIdentityProvider": [
        "urnietfparamsscimschemasoracleidcsextensionsocialIdentityProvider.consumerSecret"
    ],
    "oci:Identity/domainsSocialIdentityProvider:DomainsSocialIdentityProvider": ["consumerSecret"],
    "oci:Kms/encryptedData:EncryptedData": ["plaintext"],
    "oci:Mysql/channel:Channel": ["source.password"],
    "oci:Psql/dbSystem:DbSystem": ["credentials.passwordDetails.password"],
    "oci:Vault/secret:Secret": ["secretContent.content"],
    "oci:Vbs/instVbsInstance:InstVbsInstance": ["idcsAccessToken"],
    "oci:oci/dbmulticloudOracleDbAzureConnector:DbmulticloudOracleDbAzureConnector": ["accessToken"],
}

# Inputs that take the id of a secret in a vault: any other text is the credential itself, in the wrong place.
REFERENCE_INPUTS: Final[Mapping[str, Sequence[str]]] = {
    "oci:DatabaseTools/databaseToolsConnection:DatabaseToolsConnection": [
        "keyStores[*].keyStoreContent.secretId",
        "keyStores[*].keyStorePassword.secretId",
        "proxyClient.userPassword.secretId",
        "userPassword.secretId",
    ],
    "oci:DevOps/connection:Connection": ["accessToken"],
    "oci:FleetAppsManagement/fleet:Fleet": ["credentials[*].password.secretId"],
    "oci:FleetAppsManagement/fleetCredential:FleetCredential": ["password.secretId"],
}

# Outputs that hold a credential and that no SDK marks: the program has to name them in additional_secret_outputs.
UNMARKED_OUTPUTS: Final[Mapping[str, Sequence[str]]] = {
    "aws:iam/virtualMfaDevice:VirtualMfaDevice": ["base32StringSeed", "qrCodePng"],
    "aws:mediapackage/channel:Channel": ["hlsIngests"],
    "aws:ssm/activation:Activation": ["activationCode"],
    "oci:Core/volumeAttachment:VolumeAttachment": ["chapSecret"],
    "oci:Identity/authToken:AuthToken": ["token"],
    "oci:Identity/customerSecretKey:CustomerSecretKey": ["key"],
    "oci:Identity/domainsApp:DomainsApp": ["clientSecret"],
    "oci:Identity/domainsAuthToken:DomainsAuthToken": ["token"],
    "oci:Identity/domainsCustomerSecretKey:DomainsCustomerSecretKey": ["secretKey"],
    "oci:Identity/domainsMyUserDbCredential:DomainsMyUserDbCredential": ["mixedDbPassword"],
    "oci:Identity/domainsOauth2clientCredential:DomainsOauth2clientCredential": ["secret"],
    "oci:Identity/domainsSmtpCredential:DomainsSmtpCredential": ["password"],
    "oci:Identity/domainsUserDbCredential:DomainsUserDbCredential": ["mixedDbPassword"],
    "oci:Identity/smtpCredential:SmtpCredential": ["password"],
    "oci:Identity/uiPassword:UiPassword": ["password"],
    "oci:IdentityDataPlane/generatedScopedAccessToken:GeneratedScopedAccessToken": ["token"],
    "oci:Kms/generatedKey:GeneratedKey": ["plaintext"],
    "oci:ObjectStorage/preauthrequest:Preauthrequest": ["accessUri", "fullPath"],
    "oci:Ocvp/sddc:Sddc": ["hcxInitialPassword", "nsxManagerInitialPassword", "vcenterInitialPassword"],
    "oci:Redis/redisClusterCreateIdentityToken:RedisClusterCreateIdentityToken": ["identityToken"],
}


@cache
def marked() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """`{type token: {"inputs": [...], "outputs": [...]}}` as the SDKs mark them."""
    data: dict[str, dict[str, dict[str, list[str]]]] = json.loads(
        Path(__file__).with_name("data").joinpath("marked.json").read_text(encoding="utf-8")
    )
    return data["types"]


@cache
def credential_inputs() -> Mapping[str, Sequence[str]]:
    """The paths of credential-bearing inputs by type: marked by the SDK and not."""
    paths: dict[str, list[str]] = {}
    for token, marks in marked().items():
        wanted = [name for name in marks["inputs"] if name not in NOT_CREDENTIALS.get(token, frozenset())]
        if wanted:
            paths[token] = wanted
    for token, unmarked in UNMARKED_INPUTS.items():
        paths[token] = [*paths.get(token, []), *unmarked]
    return paths


def select(resource: Resource, path: str) -> Iterator[Value]:
    """The values at `path`; nothing where any step of it is absent."""
    first, *rest = path.split(".")
    values = _step(resource[first.removesuffix("[*]")], first)
    for part in rest:
        values = [inner for value in values for inner in _step(value[part.removesuffix("[*]")], part)]
    return (value for value in values if not value.absent)


def _step(value: Value, part: str) -> list[Value]:
    # A block that may stand once is sent as an object or as a list of one, depending on the provider's version.
    return list(value.elements()) if part.endswith("[*]") or isinstance(value.raw, list) else [value]
