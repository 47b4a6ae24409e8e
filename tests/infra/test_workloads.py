"""The facts of the five workloads."""

from __future__ import annotations

import json

import pytest
import yaml

ACCOUNT = "528067193446"
ARTIFACTS = f"arn:aws:s3:::ai-workloads-dev-artifacts-{ACCOUNT}"
MODEL_DATA = f"arn:aws:s3:::ai-workloads-dev-model-data-{ACCOUNT}"
LOGS = f"arn:aws:s3:::ai-workloads-dev-access-logs-{ACCOUNT}"
SECRET = f"arn:aws:secretsmanager:eu-central-1:{ACCOUNT}:secret:ai-workloads-dev/ai-api-key-??????"
FUNCTION = "ai-workloads-dev-prompt-batches"
BUCKETS = {
    "access-logs": LOGS,
    "model-data-users-bucket": MODEL_DATA,
    "oidc-bucket-access-bucket": ARTIFACTS,
}
ALLOW = "Allow"


def one(resources):
    [inputs] = resources.values()
    return inputs


class TestOciServiceAccount:
    def test_compartment_can_be_deleted(self, preview):
        compartment = preview.of("oci:Identity/compartment:Compartment")["oci-service-account"]
        assert compartment["enableDelete"] is True

    def test_api_key_comes_from_secret_configuration(self, preview):
        api_key = one(preview.of("oci:Identity/apiKey:ApiKey"))
        assert api_key["keyValue"] == {"secret": "-----BEGIN PUBLIC KEY-----"}

    def test_user_has_api_keys_only(self, preview):
        capabilities = one(preview.of("oci:Identity/userCapabilitiesManagement:UserCapabilitiesManagement"))
        granted = {key for key, value in capabilities.items() if value is True}
        assert granted == {"canUseApiKeys"}

    def test_membership_joins_user_and_group(self, update):
        membership = one(update.of("oci:Identity/userGroupMembership:UserGroupMembership"))
        assert (membership["userId"], membership["groupId"]) == ("oci-service-account-id", "oci-service-account-id")

    def test_policy_names_group_service_and_compartment(self, preview):
        policy = preview.of("oci:Identity/policy:Policy")["oci-service-account"]
        assert policy["compartmentId"] == "ocid1.tenancy.oc1..tests"
        assert policy["statements"] == [
            "Allow group ai-workloads-dev-ai-service-callers to use generative-ai-family in compartment ai-workloads-dev-ai-services"
        ]

    def test_policy_waits_for_what_it_names(self, preview):
        [policy] = [
            item
            for item in preview.resources
            if item["type"] == "oci:Identity/policy:Policy" and item["name"] == "oci-service-account"
        ]
        kinds = {urn.split("::")[2].split(":")[-1] for urn in policy["depends"]}
        assert kinds == {"Compartment", "Group"}


class TestAwsFunction:
    def test_role_is_trusted_by_lambda_alone(self, preview):
        [trust] = preview.document("aws:iam/role:Role", "secure-functions-aws", "assumeRolePolicy")
        assert trust["Principal"] == {"Service": ["lambda.amazonaws.com"]}
        assert trust["Action"] == ["sts:AssumeRole"]

    def test_code_is_a_file_of_the_repository(self, preview, infra):
        function = one(preview.of("aws:lambda/function:Function"))
        [(name, asset)] = function["code"]["assets"].items()
        assert (infra / asset["path"]).is_file()
        assert function["handler"] == f"{name.removesuffix('.py')}.handler"

    def test_runtime(self, preview):
        assert one(preview.of("aws:lambda/function:Function"))["runtime"] == "python3.13"

    def test_writes_only_its_own_logs(self, preview):
        [logs] = preview.document("aws:iam/policy:Policy", "secure-functions-aws-logs")
        assert logs["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
        assert logs["Resource"] == [f"arn:aws:logs:eu-central-1:{ACCOUNT}:log-group:/aws/lambda/{FUNCTION}:*"]
        assert one(preview.of("aws:cloudwatch/logGroup:LogGroup"))["name"] == f"/aws/lambda/{FUNCTION}"

    def test_invoke_policy_is_the_callers(self, preview):
        [invoke] = preview.document("aws:iam/policy:Policy", "secure-functions-aws-invoke")
        assert invoke["Action"] == ["lambda:InvokeFunction", "lambda:GetFunction"]
        assert invoke["Resource"] == [f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:{FUNCTION}"]
        attachments = preview.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        assert attachments["secure-functions-aws-invoke"]["role"] == "caller"
        assert attachments["secure-functions-aws-logs"]["role"] == f"{FUNCTION}-execution"


class TestOciFunction:
    def test_image_and_memory(self, preview):
        function = one(preview.of("oci:Functions/function:Function"))
        assert function["sourceDetails"] == {
            "sourceType": "CONTAINER_IMAGE",
            "image": "fra.ocir.io/namespace/image:1",
        }
        assert function["memoryInMbs"] == "512"

    def test_subnet_is_private(self, preview):
        subnet = one(preview.of("oci:Core/subnet:Subnet"))
        assert subnet["prohibitInternetIngress"] is True
        assert subnet["prohibitPublicIpOnVnic"] is True

    def test_nothing_comes_in_and_only_https_to_oracle_goes_out(self, preview):
        rules = one(preview.of("oci:Core/securityList:SecurityList"))
        assert rules["ingressSecurityRules"] == []
        [egress] = rules["egressSecurityRules"]
        assert egress["destinationType"] == "SERVICE_CIDR_BLOCK"
        assert egress["tcpOptions"] == {"min": 443, "max": 443}

    def test_dynamic_group_is_this_function(self, update):
        rule = one(update.of("oci:Identity/dynamicGroup:DynamicGroup"))["matchingRule"]
        assert rule == "ALL {resource.type = 'fnfunc', resource.id = 'secure-functions-oci-id'}"

    def test_statements(self, preview):
        assert preview.of("oci:Identity/policy:Policy")["secure-functions-oci"]["statements"] == [
            "Allow group callers to use fn-invocation in compartment ai-workloads-dev-functions",
            "Allow group testers to use fn-invocation in compartment ai-workloads-dev-functions",
            "Allow dynamic-group ai-workloads-dev-inference-function to read objects in compartment ai-workloads-dev-functions where target.bucket.name = 'ai-workloads-dev-inference-data'",
            "Allow service FaaS to use virtual-network-family in compartment ai-workloads-dev-functions",
            "Allow service FaaS to read repos in compartment shared:images",
        ]

    def test_bucket_is_the_private_one_of_the_statement(self, preview):
        bucket = one(preview.of("oci:ObjectStorage/bucket:Bucket"))
        assert bucket["accessType"] == "NoPublicAccess"
        assert bucket["name"] == "ai-workloads-dev-inference-data"


class TestModelDataUsers:
    def test_each_user_has_membership_and_key(self, preview):
        names = {f"model-data-users-{user}" for user in ("first", "second")}
        assert set(preview.of("aws:iam/user:User")) == names
        assert set(preview.of("aws:iam/userGroupMembership:UserGroupMembership")) == names
        assert set(preview.of("aws:iam/accessKey:AccessKey")) == names

    def test_user(self, preview):
        user = preview.of("aws:iam/user:User")["model-data-users-first"]
        assert user == {
            "name": "first",
            "path": "/ai/model-data/",
            "forceDestroy": True,
            "tags": {"workload": "ai-model-data", "stack": "ai-workloads-dev"},
        }

    def test_group_carries_the_policy(self, preview):
        attachment = one(preview.of("aws:iam/groupPolicyAttachment:GroupPolicyAttachment"))
        assert attachment["group"] == "ai-workloads-dev-model-data-readers"
        assert not preview.of("aws:iam/userPolicyAttachment:UserPolicyAttachment")

    def test_policy_lists_the_bucket_and_gets_its_objects(self, preview):
        statements = preview.document("aws:iam/policy:Policy", "model-data-users")
        assert [(item["Action"], item["Resource"]) for item in statements] == [
            (["s3:ListBucket"], [MODEL_DATA]),
            (["s3:GetObject"], [f"{MODEL_DATA}/*"]),
        ]


FOR_THIS_SECRET = {
    "StringEquals": {"kms:ViaService": ["secretsmanager.eu-central-1.amazonaws.com"]},
    "StringLike": {"kms:EncryptionContext:SecretARN": [SECRET]},
}


class TestAiApiSecret:
    def test_key_rotates(self, preview):
        assert one(preview.of("aws:kms/key:Key"))["enableKeyRotation"] is True

    def test_secret_is_encrypted_with_that_key(self, update):
        secret = one(update.of("aws:secretsmanager/secret:Secret"))
        assert secret["kmsKeyId"] == "arn:ai-api-secret"
        assert secret["description"]
        assert secret["tags"]

    def test_version_holds_the_configured_secret(self, preview):
        version = one(preview.of("aws:secretsmanager/secretVersion:SecretVersion"))
        assert version["secretString"] == {"secret": "a-key-of-the-tests"}

    def test_reader_gets_this_secret_and_decrypts_with_its_key(self, preview):
        get, decrypt = preview.document("aws:iam/policy:Policy", "ai-api-secret")
        assert (get["Action"], get["Resource"]) == (["secretsmanager:GetSecretValue"], [SECRET])
        assert decrypt["Action"] == ["kms:Decrypt"]
        assert decrypt["Resource"] == [f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/*"]
        assert decrypt["Condition"] == {
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": ["alias/ai-workloads-dev-ai-api-key"]},
            **FOR_THIS_SECRET,
        }
        assert one(preview.of("aws:kms/alias:Alias"))["name"] == "alias/ai-workloads-dev-ai-api-key"
        attachments = preview.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        assert attachments["ai-api-secret"]["role"] == "reader"

    def test_key_serves_this_secret_only(self, preview):
        administers, uses = preview.document("aws:kms/key:Key", "ai-api-secret")
        assert uses["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
        assert uses["Condition"] == FOR_THIS_SECRET
        assert not any("*" in action for item in (administers, uses) for action in item["Action"])
        assert {"kms:Decrypt", "kms:Encrypt", "kms:CreateGrant"}.isdisjoint(administers["Action"])


class TestOidcBucketAccess:
    def test_provider(self, preview):
        provider = one(preview.of("aws:iam/openIdConnectProvider:OpenIdConnectProvider"))
        assert provider == {
            "url": "https://token.actions.githubusercontent.com",
            "clientIdLists": ["sts.amazonaws.com"],
        }

    def test_trust_is_exact(self, preview):
        [trust] = preview.document("aws:iam/role:Role", "oidc-bucket-access", "assumeRolePolicy")
        issuer = "token.actions.githubusercontent.com"
        assert trust["Action"] == ["sts:AssumeRoleWithWebIdentity"]
        assert trust["Principal"] == {"Federated": [f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"]}
        assert trust["Condition"] == {
            "StringEquals": {
                f"{issuer}:aud": ["sts.amazonaws.com"],
                f"{issuer}:sub": ["repo:org/repo:ref:refs/heads/main"],
                f"{issuer}:repository_id": ["42"],
            }
        }

    def test_another_issuer_keeps_its_closing_slash(self, update):
        [trust] = update.document("aws:iam/role:Role", "oidc-bucket-access", "assumeRolePolicy")
        issuer = "gitlab.example.com/"
        assert trust["Principal"] == {"Federated": [f"arn:aws-us-gov:iam::{ACCOUNT}:oidc-provider/{issuer}"]}
        assert trust["Condition"] == {
            "StringEquals": {
                f"{issuer}:aud": ["https://gitlab.example.com"],
                f"{issuer}:sub": ["project_path:group/project:ref_type:branch:ref:main"],
            }
        }

    def test_policy_gets_and_puts_in_the_bucket(self, preview):
        [statement] = preview.document("aws:iam/policy:Policy", "oidc-bucket-access")
        assert statement["Action"] == ["s3:GetObject", "s3:PutObject"]
        assert statement["Resource"] == [f"{ARTIFACTS}/*"]
        attachments = preview.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        assert attachments["oidc-bucket-access"]["role"] == "ai-workloads-dev-pipeline"

    def test_bucket_policy_allows_that_role(self, preview):
        statements = preview.document("aws:s3/bucketPolicy:BucketPolicy", "oidc-bucket-access-bucket")
        [grant] = [item for item in statements if item["Effect"] == ALLOW]
        assert grant["Principal"] == {"AWS": [f"arn:aws:iam::{ACCOUNT}:role/ai-workloads-dev-pipeline"]}
        assert grant["Action"] == ["s3:GetObject", "s3:PutObject"]
        assert grant["Resource"] == [f"{ARTIFACTS}/*"]

    @pytest.mark.parametrize(
        ("issuer", "audience", "subject", "claims", "message"),
        [
            ("http://idp.example.com", "aud", "sub", {}, "issuer must be a URL that begins with https://"),
            ("https://", "aud", "sub", {}, "issuer must be a URL that begins with https://"),
            ("https://idp.example.com", "", "sub", {}, "audience must be one exact value"),
            ("https://idp.example.com", "aud", "repo:org/*", {}, "subject must be one exact value"),
            ("https://idp.example.com", "aud", "repo:org/rep?", {}, "subject must be one exact value"),
            ("https://idp.example.com", "aud", "sub", {"ref": "*"}, "ref must be one exact value"),
        ],
        ids=["http", "no host", "no audience", "subject with *", "subject with ?", "claim with *"],
    )
    def test_refuses_what_cannot_be_exact(self, infra, issuer, audience, subject, claims, message):
        from components.oidc_bucket_access import TokenArgs

        with pytest.raises(ValueError, match=message):
            TokenArgs(issuer=issuer, audience=audience, subject=subject, claims=claims)


@pytest.mark.parametrize("name", BUCKETS)
class TestEveryBucket:
    def test_public_access_is_blocked(self, preview, name):
        block = preview.of("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")[name]
        flags = {key for key, value in block.items() if value is True}
        assert flags == {"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"}

    def test_acls_are_off(self, preview, name):
        controls = preview.of("aws:s3/bucketOwnershipControls:BucketOwnershipControls")[name]
        assert controls["rule"] == {"objectOwnership": "BucketOwnerEnforced"}

    def test_encrypted_and_versioned(self, preview, name):
        token = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
        [rule] = preview.of(token)[name]["rules"]
        assert rule["applyServerSideEncryptionByDefault"]["sseAlgorithm"] == "AES256"
        versioning = preview.of("aws:s3/bucketVersioning:BucketVersioning")[name]
        assert versioning["versioningConfiguration"]["status"] == "Enabled"

    def test_denies_plain_http_on_bucket_and_objects(self, preview, name):
        statements = preview.document("aws:s3/bucketPolicy:BucketPolicy", name)
        [deny] = [item for item in statements if item["Effect"] == "Deny"]
        assert deny["Principal"] == {"*": ["*"]}
        assert deny["Action"] == ["s3:*"]
        assert deny["Resource"] == [BUCKETS[name], f"{BUCKETS[name]}/*"]
        assert deny["Condition"] == {"Bool": {"aws:SecureTransport": ["false"]}}

    def test_logs_go_to_the_log_bucket(self, preview, name):
        logging = preview.of("aws:s3/bucketLogging:BucketLogging")
        if name == "access-logs":
            assert name not in logging
        else:
            bucket = BUCKETS[name].rpartition(":")[2]
            assert logging[name] == {
                "bucket": bucket,
                "targetBucket": LOGS.rpartition(":")[2],
                "targetPrefix": f"{bucket}/",
            }


def test_log_bucket_takes_deliveries_of_its_sources_only(preview):
    statements = preview.document("aws:s3/bucketPolicy:BucketPolicy", "access-logs")
    deliveries = [item for item in statements if item["Effect"] == ALLOW]
    assert [(item["Resource"], item["Condition"]) for item in deliveries] == [
        (
            [f"{LOGS}/{source.rpartition(':')[2]}/*"],
            {"ArnEquals": {"aws:SourceArn": [source]}, "StringEquals": {"aws:SourceAccount": [ACCOUNT]}},
        )
        for source in (MODEL_DATA, ARTIFACTS)
    ]
    assert all(item["Principal"] == {"Service": ["logging.s3.amazonaws.com"]} for item in deliveries)


@pytest.mark.parametrize("account", ["", "1234", "12345678901a"])
def test_account_id_has_twelve_digits(infra, account):
    from components.aws_names import AwsNames

    with pytest.raises(ValueError, match="twelve digits"):
        AwsNames(account_id=account, region="eu-central-1")


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-central-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_partition_follows_from_the_region(infra, region, partition):
    from components.aws_names import AwsNames

    assert AwsNames(account_id=ACCOUNT, region=region).partition == partition


def test_committed_stack_configuration_keeps_its_secrets_encrypted(infra):
    stack = yaml.safe_load((infra / "Pulumi.dev.yaml").read_text())
    project = yaml.safe_load((infra / "Pulumi.yaml").read_text())
    secrets = {key for key, schema in project["config"].items() if schema.get("secret")}
    assert secrets == {"api_key", "oci_api_public_key"}
    assert all(set(stack["config"][f"ai-workloads:{key}"]) == {"secure"} for key in secrets)
    assert stack["encryptionsalt"].startswith("v1:")


def test_every_configuration_key_is_described_and_set(infra):
    stack = yaml.safe_load((infra / "Pulumi.dev.yaml").read_text())["config"]
    schema = yaml.safe_load((infra / "Pulumi.yaml").read_text())["config"]
    assert all(entry["description"] for entry in schema.values())
    assert {key for key, entry in schema.items() if "default" not in entry} <= {
        key.removeprefix("ai-workloads:") for key in stack
    }
    assert {key.removeprefix("ai-workloads:") for key in stack if key.startswith("ai-workloads:")} <= set(schema)


def test_secret_configuration_is_not_in_plain_inputs(preview):
    plain = json.dumps([item["inputs"] for item in preview.resources if "SecretVersion" not in item["type"]])
    assert "a-key-of-the-tests" not in plain
