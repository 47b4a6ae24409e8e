import json
import re

import pytest
from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.aws.truth import Truth
from policypack.guardrails.model import Context, Resource, Stack
from policypack.guardrails.rules.bucket_configurations import Found, held
from policypack.guardrails.rules.bucket_safeguards import SAFEGUARDS
from policypack.guardrails.rules.buckets import Part, buckets
from policypack.guardrails.rules.private_buckets import (
    bucket_acls_in_use,
    bucket_cors_any_origin,
    bucket_website_hosting,
    bucket_without_safeguards,
    distribution_origin_without_access_control,
    trail_without_object_events,
)
from policypack.guardrails.values import UNKNOWN

BUCKET = "aws:s3/bucket:Bucket"
V2 = "aws:s3/bucketV2:BucketV2"
NATIVE = "aws-native:s3:Bucket"
OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
LOGGING = "aws:s3/bucketLogging:BucketLogging"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"
WEBSITE = "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration"
CORS = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
TRAIL = "aws:cloudtrail/trail:Trail"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
DATA = R(BUCKET, "data", bucket="data")
OPEN = R(BUCKET, "data", bucket="data", acl="public-read")
KEY = "arn:aws:kms:eu-west-1:402918573664:key/1b6f3c52-94d7-4c0e-8a5d-3e7f20c1b9a4"
MISSING = ("violation", "", "low")
UNCLEAR = ("undecided", "")


def of_data(type_: str, **properties: object) -> Resource:
    return R(type_, bucket="data", **properties)


def versioned(status: object = "Enabled", **named: object) -> Resource:
    return R(VERSIONING, **{"bucket": "data", **named}, versioningConfiguration={"status": status})


def encrypted(algorithm: object = "aws:kms", **beside: object) -> dict[str, object]:
    rule = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": algorithm, **beside}}
    return {"rules": [rule]}


def statement(service: str) -> str:
    allowed = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "s3:PutObject"}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**allowed, "Resource": "arn:aws:s3:::data/*"}]})


def asked(kind: str, case: str, key: str, resources: object, *expect: tuple[str, ...]) -> Case:
    return Case(kind, f"{key}-{case}", resources, expect, {"required": [key]})


TLS = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": ["arn:aws:s3:::data", "arn:aws:s3:::data/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
)
KEYED = of_data(ENCRYPTION, **encrypted(kmsMasterKeyId=KEY))


def object_(**properties: object) -> Resource:
    return R("aws:s3/bucketObjectv2:BucketObjectv2", **{"bucket": "data", "key": "a", **properties})


DOUBTFUL = {"bucket": [f"{BUCKET}::data", f"{BUCKET}::other"]}
COMPLETE = [
    DATA,
    of_data(POLICY, policy=TLS),
    versioned(),
    of_data(LOGGING, targetBucket="logs"),
    of_data(LIFECYCLE, rules=[{"status": "Enabled", "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7}}]),
]

test_bucket_without_safeguards = table(
    bucket_without_safeguards.RULE,
    [
        Case("fail", "plain", DATA, [MISSING]),
        Case("fail", "native", R(NATIVE, bucketName="data"), [MISSING]),
        Case("pass", "complete", COMPLETE),
        Case(
            "pass",
            "complete-native",
            [
                R(
                    NATIVE,
                    bucketName="data",
                    versioningConfiguration={"status": "Enabled"},
                    loggingConfiguration={"logFilePrefix": "s3/"},
                    lifecycleConfiguration={
                        "rules": [{"status": "Enabled", "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7}}]
                    },
                ),
                of_data("aws-native:s3:BucketPolicy", policyDocument=json.loads(TLS)),
            ],
        ),
        Case(
            "pass",
            "complete-of-old",
            R(
                V2,
                bucket="data",
                policy=TLS,
                versionings=[{"enabled": True}],
                loggings=[{"targetBucket": UNKNOWN}],
                lifecycleRules=[{"enabled": False}, {"enabled": True, "abortIncompleteMultipartUploadDays": 7}],
            ),
        ),
        Case("pass", "nothing-required", DATA, settings={"required": []}),
        Case("not-applicable", "of-another-stack", versioned("Suspended")),
        Case("not-applicable", "directory-bucket", R(BUCKET, bucket="data--euw1-az1--x-s3")),
        Case("boundary", "an-open-bucket-has-its-verdict", OPEN),
        asked("fail", "suspended", "versioning", [DATA, versioned("Suspended")], MISSING),
        asked("undecided", "unknown-status", "versioning", [DATA, versioned(UNKNOWN)], UNCLEAR),
        asked("undecided", "any-status", "versioning", [DATA, versioned(ANYTHING)], UNCLEAR),
        asked("undecided", "any-bucket", "versioning", [DATA, versioned(bucket=UNKNOWN)], UNCLEAR),
        asked("fail", "another-bucket", "versioning", [DATA, versioned(bucket="other")], MISSING),
        asked(
            "undecided",
            "one-of-two",
            "versioning",
            [DATA, R(BUCKET, "other"), versioned(bucket=UNKNOWN, deps=DOUBTFUL)],
            UNCLEAR,
            UNCLEAR,
        ),
        asked(
            "undecided",
            "said-twice",
            "versioning",
            [R(BUCKET, bucket="data", versioning={"enabled": False}), versioned()],
            UNCLEAR,
        ),
        Case(
            "boundary", "what-is-missing-is-said-before-what-is-unclear", [DATA, versioned(UNKNOWN)], expect=[MISSING]
        ),
        asked(
            "pass",
            "load-balancer",
            "access-logging",
            [DATA, R("aws:lb/loadBalancer:LoadBalancer", accessLogs={"bucket": "data"})],
        ),
        asked(
            "pass",
            "flow-log",
            "access-logging",
            [DATA, R("aws:ec2/flowLog:FlowLog", logDestination="arn:aws:s3:::data/flow")],
        ),
        asked(
            "pass",
            "distribution",
            "access-logging",
            [DATA, R(DISTRIBUTION, loggingConfig={"bucket": "data.s3.amazonaws.com"})],
        ),
        asked(
            "pass",
            "delivery-by-acl",
            "access-logging",
            [DATA, of_data("aws:s3/bucketAcl:BucketAcl", acl="log-delivery-write")],
        ),
        asked(
            "pass",
            "delivery-by-policy",
            "access-logging",
            [DATA, of_data(POLICY, policy=statement("logging.s3.amazonaws.com"))],
        ),
        asked(
            "boundary",
            "target-is-exempt-and-source-has-it",
            "access-logging",
            [
                DATA,
                R(BUCKET, "logs"),
                of_data(LOGGING, targetBucket=UNKNOWN, deps={"targetBucket": [f"{BUCKET}::logs"]}),
            ],
        ),
        *(
            asked("pass", f"not-where-{name}", key, [DATA, source])
            for name, source in {
                "s3-logs": R(LOGGING, bucket="other", targetBucket="data"),
                "an-acl-lets-s3-log": of_data("aws:s3/bucketAcl:BucketAcl", acl="log-delivery-write"),
                "a-policy-lets-s3-log": of_data(POLICY, policy=statement("logging.s3.amazonaws.com")),
            }.items()
            for key in ("customer-key", "object-lock")
        ),
        *(
            asked(kind, f"load-balancer-{name}", key, [DATA, source], *expect)
            for name, source in {
                "logs": R("aws:lb/loadBalancer:LoadBalancer", accessLogs={"bucket": "data"}),
                "is-let-in": of_data(POLICY, policy=statement("logdelivery.elasticloadbalancing.amazonaws.com")),
            }.items()
            for kind, key, expect in (("pass", "customer-key", ()), ("fail", "object-lock", (MISSING,)))
        ),
        *(
            asked(
                "fail",
                "flow-log-under-a-key",
                key,
                [DATA, R("aws:ec2/flowLog:FlowLog", logDestination="arn:aws:s3:::data")],
                MISSING,
            )
            for key in ("customer-key", "object-lock")
        ),
        asked(
            "fail",
            "source-of-logs",
            "customer-key",
            [DATA, R(BUCKET, "logs", bucket="logs"), of_data(LOGGING, targetBucket="logs")],
            MISSING,
        ),
        Case("fail", "beside-an-unread-policy", [DATA, of_data(POLICY, policy=UNKNOWN)], [MISSING]),
        asked("fail", "trail", "access-logging", [DATA, R(TRAIL, s3BucketName="data")], MISSING),
        asked("fail", "no-key", "customer-key", [DATA, of_data(ENCRYPTION, **encrypted())], MISSING),
        asked(
            "fail",
            "key-of-aws",
            "customer-key",
            [DATA, of_data(ENCRYPTION, **encrypted(kmsMasterKeyId="alias/aws/s3"))],
            MISSING,
        ),
        asked("fail", "other-algorithm", "customer-key", [DATA, of_data(ENCRYPTION, **encrypted("AES256"))], MISSING),
        asked("pass", "own", "customer-key", [DATA, of_data(ENCRYPTION, **encrypted(kmsMasterKeyId=KEY))]),
        asked(
            "pass",
            "computed",
            "customer-key",
            [DATA, of_data(ENCRYPTION, **encrypted(kmsMasterKeyId=UNKNOWN), deps={"rules": ["aws:kms/key:Key::key"]})],
        ),
        asked(
            "undecided",
            "unknown",
            "customer-key",
            [DATA, of_data(ENCRYPTION, **encrypted(kmsMasterKeyId=UNKNOWN))],
            UNCLEAR,
        ),
        asked(
            "pass",
            "old-spelling",
            "customer-key",
            R(
                V2,
                serverSideEncryptionConfigurations=[
                    {
                        "rules": [
                            {
                                "applyServerSideEncryptionByDefaults": [
                                    {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY}
                                ]
                            }
                        ]
                    }
                ],
            ),
        ),
        asked(
            "pass",
            "native",
            "customer-key",
            R(
                NATIVE,
                bucketEncryption={
                    "serverSideEncryptionConfiguration": [
                        {"serverSideEncryptionByDefault": {"sseAlgorithm": "aws:kms:dsse", "kmsMasterKeyId": KEY}}
                    ]
                },
            ),
        ),
        *(
            asked("fail", name, "customer-key", [DATA, KEYED, object_(**given)], MISSING)
            for name, given in {
                "object-with-s3-s-own": {"serverSideEncryption": "AES256"},
                "object-with-kms-alone": {"serverSideEncryption": "aws:kms"},
                "object-with-the-key-of-aws": {"kmsKeyId": "arn:aws:kms:eu-west-1:402918573664:alias/aws/s3"},
            }.items()
        ),
        asked("pass", "objects-with-it", "customer-key", [DATA, KEYED, object_(), object_(kmsKeyId=KEY)]),
        asked(
            "undecided",
            "object-with-any",
            "customer-key",
            [DATA, KEYED, object_(serverSideEncryption=ANYTHING)],
            UNCLEAR,
        ),
        asked("fail", "none", "tls-only", DATA, MISSING),
        asked(
            "pass", "by-any-policy", "tls-only", [DATA, of_data(POLICY, policy=statement("logging.s3.amazonaws.com"))]
        ),
        asked("undecided", "any-bucket", "tls-only", [DATA, R(POLICY, bucket=UNKNOWN, policy=TLS)], UNCLEAR),
        asked("pass", "no-kms", "bucket-key", DATA),
        asked("fail", "kms", "bucket-key", [DATA, of_data(ENCRYPTION, **encrypted(kmsMasterKeyId=KEY))], MISSING),
        asked(
            "pass",
            "on",
            "bucket-key",
            R(
                BUCKET,
                serverSideEncryptionConfiguration={
                    "rule": {
                        "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"},
                        "bucketKeyEnabled": True,
                    }
                },
            ),
        ),
        asked(
            "fail",
            "below-a-prefix",
            "incomplete-uploads",
            [
                DATA,
                of_data(
                    LIFECYCLE,
                    rules=[
                        {
                            "status": "Enabled",
                            "filter": {"prefix": "in/"},
                            "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
                        }
                    ],
                ),
            ],
            MISSING,
        ),
        asked("fail", "disabled", "lifecycle", [DATA, of_data(LIFECYCLE, rules=[{"status": "Disabled"}])], MISSING),
        asked("undecided", "unknown", "lifecycle", [DATA, of_data(LIFECYCLE, rules=UNKNOWN)], UNCLEAR),
        asked(
            "pass",
            "beside-an-empty-list",
            "lifecycle",
            [R(BUCKET, bucket="data", lifecycleRules=[]), of_data(LIFECYCLE, rules=[{"status": "Enabled"}])],
        ),
        asked("pass", "flag", "object-lock", R(BUCKET, objectLockEnabled=True)),
        asked("pass", "configuration", "object-lock", [DATA, of_data(LOCK, rule={"defaultRetention": {"days": 1}})]),
        asked(
            "pass",
            "source-and-copy",
            "replication",
            [
                DATA,
                R(BUCKET, "copy", bucket="copy"),
                of_data(REPLICATION, rules=[{"status": "Enabled", "destination": {"bucket": "arn:aws:s3:::copy"}}]),
            ],
        ),
        asked("fail", "disabled", "replication", [DATA, of_data(REPLICATION, rules=[{"status": "Disabled"}])], MISSING),
        asked("pass", "queue", "notifications", [DATA, of_data(NOTIFICATION, queues=[{"queueArn": UNKNOWN}])]),
        asked("fail", "none", "notifications", [DATA, of_data(NOTIFICATION, eventbridge=False)], MISSING),
    ],
)


def test_one_bucket_gets_one_line_with_what_to_paste_for_each_thing() -> None:
    context = Context(settings={"required": [each.key for each in SAFEGUARDS]})
    found = list(bucket_without_safeguards.RULE.check(Stack([DATA]), context))
    message = (
        "the bucket has no policy that denies plain HTTP, no key of your own, no versioning, no access log, no rule that aborts incomplete uploads, which "
        "are paid for and not listed, no lifecycle rule, no object lock, no copy in another bucket, no event notifications"
    )
    assert [each.message for each in found] == [message]
    fixes = re.findall(r'aws\.s3\.(\w+)\("data", bucket=BUCKET\.id, ', found[0].fix)
    assert len(fixes) == len(set(fixes)) == 8
    added = 'add aws.s3.BucketVersioning("data", bucket=BUCKET.id, versioning_configuration={"status": "Enabled"})'
    assert added in found[0].fix


def test_what_may_be_asked_for_stands_in_the_description() -> None:
    described = str(bucket_without_safeguards.RULE.settings["required"]["description"])
    keys = ", ".join(dict.fromkeys(each.key for each in SAFEGUARDS))
    assert f"any of {keys}; a list here replaces the default" in described


def test_what_is_there_already_is_not_added_once_more() -> None:
    settings = {"required": ["versioning", "incomplete-uploads", "lifecycle"]}

    def fix(*resources: Resource) -> str:
        (finding,) = bucket_without_safeguards.RULE.check(Stack(resources), Context(settings=settings))
        return finding.fix

    suspended = R(VERSIONING, "versions", bucket="data", versioningConfiguration={"status": "Suspended"})
    assert fix(DATA, suspended).startswith(
        'Put versioning_configuration={"status": "Enabled"} into BucketVersioning \'versions\'; add aws.s3.Bucket'
    )
    assert fix(R(NATIVE)).startswith('Set versioning_configuration={"status": "Enabled"}; set lifecycle_configuration=')


def test_an_object_that_leaves_the_key_of_its_bucket_aside_is_named() -> None:
    context = Context(settings={"required": ["customer-key"]})
    plain = object_(serverSideEncryption="AES256")
    reported = Resource(urn="u", type=plain.type, name="other", properties=plain.properties, inputs={"bucket": "data"})
    (finding,) = bucket_without_safeguards.RULE.check(Stack([DATA, KEYED, reported, plain]), context)
    assert finding.message == "the bucket has objects that a key of AWS encrypts in place of yours"
    assert finding.fix == "Put server_side_encryption=\"aws:kms\", kms_key_id=KEY.arn into BucketObjectv2 'r'"
    (finding,) = bucket_without_safeguards.RULE.check(Stack([DATA, plain]), context)
    assert finding.message == "the bucket has no key of your own"


def test_what_to_paste_against_plain_http_fits_every_bucket() -> None:
    context = Context(settings={"required": ["tls-only"]})
    (added,) = bucket_without_safeguards.RULE.check(Stack([DATA]), context)
    text = added.fix.partition("policy=pulumi.Output.json_dumps(")[2].removesuffix("))")
    both = '"arn:aws:s3:::data", "arn:aws:s3:::data/*"'
    assert text.count('BUCKET.arn, pulumi.Output.concat(BUCKET.arn, "/*")') == 1
    assert json.loads(text.replace('BUCKET.arn, pulumi.Output.concat(BUCKET.arn, "/*")', both)) == json.loads(TLS)
    (native,) = bucket_without_safeguards.RULE.check(Stack([R(NATIVE)]), context)
    assert native.fix == f"Set policy_document={text} in an aws_native.s3.BucketPolicy beside it"


def test_what_may_be_any_bucket_s_is_read_once_for_all() -> None:
    read: list[Resource] = []

    def judge(found: Found) -> Truth:
        read.append(found[0])
        return Truth.NO

    named = [R(BUCKET, each, bucket=each) for each in ("a", "b", "c")]
    stack = Stack([*named, *(R(VERSIONING, each, bucket=UNKNOWN) for each in ("x", "y"))])
    assert {held(stack, each, Part.VERSIONING, (), judge) for each in buckets(stack).all[:3]} == {Truth.NO}
    assert len(read) == 2


def test_the_bucket_of_a_trail_is_called_that() -> None:
    settings = {"required": ["access-logging"]}
    (finding,) = bucket_without_safeguards.RULE.check(
        Stack([DATA, R(TRAIL, s3BucketName="data")]), Context(settings=settings)
    )
    assert finding.message == "the bucket of a trail has no access log"


test_bucket_acls_in_use = table(
    bucket_acls_in_use.RULE,
    [
        Case(
            "fail",
            "writer",
            of_data(OWNERSHIP, rule={"objectOwnership": "ObjectWriter"}),
            [("violation", "rule.objectOwnership", "low")],
        ),
        Case(
            "fail",
            "native",
            R(NATIVE, ownershipControls={"rules": [{"objectOwnership": "BucketOwnerPreferred"}]}),
            [("violation", "ownershipControls.rules[0].objectOwnership")],
        ),
        Case("pass", "enforced", of_data(OWNERSHIP, rule={"objectOwnership": "BucketOwnerEnforced"})),
        Case(
            "undecided",
            "unknown",
            of_data(OWNERSHIP, rule={"objectOwnership": UNKNOWN}),
            [("undecided", "rule.objectOwnership")],
        ),
        Case("not-applicable", "the-default-since-2023", DATA),
        Case(
            "boundary",
            "logs-are-delivered-by-acl",
            [
                R(BUCKET, bucket="data", acl="log-delivery-write"),
                of_data(OWNERSHIP, rule={"objectOwnership": "BucketOwnerPreferred"}),
            ],
        ),
        Case(
            "boundary",
            "an-open-bucket-has-its-verdict",
            [OPEN, of_data(OWNERSHIP, rule={"objectOwnership": "ObjectWriter"})],
        ),
    ],
)

test_bucket_website_hosting = table(
    bucket_website_hosting.RULE,
    [
        Case("fail", "beside", of_data(WEBSITE, indexDocument={"suffix": "index.html"}), [("violation", "", "low")]),
        Case("fail", "inline", R(BUCKET, website={"indexDocument": "index.html"}), [("violation", "website")]),
        Case("fail", "unknown", R(V2, websites=UNKNOWN), [("violation", "websites")]),
        Case("pass", "redirect", of_data(WEBSITE, redirectAllRequestsTo={"hostName": "example.com"})),
        Case("not-applicable", "no-website", DATA),
        Case("boundary", "an-open-bucket-has-its-verdict", [OPEN, of_data(WEBSITE, indexDocument={"suffix": "i"})]),
        Case(
            "boundary",
            "native-redirect",
            R(NATIVE, websiteConfiguration={"redirectAllRequestsTo": {"hostName": UNKNOWN}}),
        ),
    ],
    without={"undecided": "the configuration itself is the finding"},
)


def cors(origins: object, methods: object = ("PUT",)) -> list[object]:
    return [{"allowedMethods": list(methods), "allowedOrigins": origins}]


ORIGIN = "corsRules[0].allowedOrigins[0]"
test_bucket_cors_any_origin = table(
    bucket_cors_any_origin.RULE,
    [
        Case(
            "fail",
            "star",
            of_data(CORS, corsRules=cors(["*"], ["GET", "PUT", "DELETE"])),
            [("violation", ORIGIN, "low")],
        ),
        Case("fail", "inline-with-scheme", R(BUCKET, corsRules=cors(["https://*"])), [("violation", ORIGIN)]),
        Case(
            "fail",
            "native",
            R(NATIVE, corsConfiguration={"corsRules": cors(["*"])}),
            [("violation", f"corsConfiguration.{ORIGIN}")],
        ),
        Case("pass", "subdomains", of_data(CORS, corsRules=cors(["https://*.example.com"]))),
        Case("pass", "reading-only", of_data(CORS, corsRules=cors(["*"], ["GET", "HEAD"]))),
        Case("undecided", "any", of_data(CORS, corsRules=cors([ANYTHING])), [("undecided", ORIGIN)]),
        Case("undecided", "unknown", of_data(CORS, corsRules=cors([UNKNOWN])), [("undecided", ORIGIN)]),
        Case("not-applicable", "no-rules", DATA),
        Case(
            "boundary",
            "address-of-a-distribution",
            of_data(CORS, corsRules=cors([UNKNOWN]), deps={"corsRules": [f"{DISTRIBUTION}::site"]}),
        ),
        Case("boundary", "computed-name", of_data(CORS, corsRules=cors([f"https://{COMPUTED}"]))),
        Case("boundary", "an-open-bucket-has-its-verdict", [OPEN, of_data(CORS, corsRules=cors(["*"]))]),
    ],
)

DOMAIN = "data.s3.eu-west-1.amazonaws.com"
AT = "origins[0].domainName"


def distribution(**origin: object) -> Resource:
    return R(DISTRIBUTION, origins=[origin], deps={"origins": [f"{BUCKET}::data"]})


test_distribution_origin = table(
    distribution_origin_without_access_control.RULE,
    [
        Case("fail", "elsewhere", R(DISTRIBUTION, origins=[{"domainName": DOMAIN}]), [("violation", AT, "low")]),
        Case(
            "fail",
            "empty-ids",
            distribution(domainName=DOMAIN, originAccessControlId="", s3OriginConfig={"originAccessIdentity": ""}),
            [("violation", AT)],
        ),
        Case("fail", "of-the-stack", [DATA, distribution(domainName=UNKNOWN)], [("violation", AT)]),
        Case(
            "fail",
            "multitenant",
            R(
                "aws:cloudfront/multitenantDistribution:MultitenantDistribution",
                origins=[{"domainName": DOMAIN, "customOriginConfigs": []}],
            ),
            [("violation", AT)],
        ),
        Case(
            "fail",
            "native",
            R("aws-native:cloudfront:Distribution", distributionConfig={"origins": [{"domainName": DOMAIN}]}),
            [("violation", f"distributionConfig.{AT}")],
        ),
        Case("pass", "access-control", distribution(domainName=DOMAIN, originAccessControlId=UNKNOWN)),
        Case(
            "pass", "access-identity", distribution(domainName=DOMAIN, s3OriginConfig={"originAccessIdentity": UNKNOWN})
        ),
        Case("undecided", "unknown-origins", R(DISTRIBUTION, origins=UNKNOWN), [("undecided", "origins")]),
        Case(
            "not-applicable",
            "another-server",
            distribution(domainName="app.example.com", customOriginConfig={"httpPort": 80}),
        ),
        Case(
            "boundary",
            "website",
            distribution(domainName="data.s3-website-eu-west-1.amazonaws.com", customOriginConfig={"httpPort": 80}),
        ),
        Case("boundary", "an-open-bucket-has-its-verdict", [OPEN, distribution(domainName=UNKNOWN)]),
        Case("fail", "of-a-look-up", R(DISTRIBUTION, origins=[{"domainName": COMPUTED}]), [("violation", AT)]),
        Case(
            "boundary",
            "unknown-server",
            R(DISTRIBUTION, origins=[{"domainName": UNKNOWN, "customOriginConfig": {"httpPort": 80}}]),
        ),
    ],
)


@pytest.mark.parametrize(
    ("resources", "reads"), [([], "can read it only while everyone can"), ([DATA], "cannot read it")]
)
def test_the_message_says_what_follows_for_the_bucket(resources: list[Resource], reads: str) -> None:
    (finding,) = distribution_origin_without_access_control.RULE.check(
        Stack([*resources, distribution(domainName=DOMAIN)]), Context()
    )
    assert finding.message.endswith(reads)


def basic(kind: object = "All", type_: object = "AWS::S3::Object") -> list[object]:
    return [{"readWriteType": kind, "dataResources": [{"type": type_, "values": ["arn:aws:s3"]}]}]


def advanced(**fields: object) -> list[object]:
    selectors = {"eventCategory": ["Data"], "resources.type": ["AWS::S3::Object"], **fields}
    return [{"fieldSelectors": [{"field": key, "equals": value} for key, value in selectors.items()]}]


test_trail_without_object_events = table(
    trail_without_object_events.RULE,
    [
        Case("fail", "management-only", R(TRAIL), [MISSING]),
        Case("fail", "reads-only", R(TRAIL, eventSelectors=basic("ReadOnly")), [MISSING]),
        Case("fail", "writes-only", R(TRAIL, advancedEventSelectors=advanced(readOnly=["false"])), [MISSING]),
        Case("fail", "functions", R(TRAIL, eventSelectors=basic(type_="AWS::Lambda::Function")), [MISSING]),
        Case("fail", "switched-off", R(TRAIL, enableLogging=False, eventSelectors=basic()), [MISSING]),
        Case("pass", "basic", R(TRAIL, eventSelectors=basic())),
        Case("pass", "advanced", R("aws-native:cloudtrail:Trail", advancedEventSelectors=advanced())),
        Case(
            "pass",
            "two-trails",
            [R(TRAIL, "a", eventSelectors=basic("ReadOnly")), R(TRAIL, "b", eventSelectors=basic("WriteOnly"))],
        ),
        Case("undecided", "unknown-selectors", R(TRAIL, eventSelectors=UNKNOWN), [UNCLEAR]),
        Case("undecided", "unknown-advanced", R(TRAIL, advancedEventSelectors=UNKNOWN), [UNCLEAR]),
        Case("undecided", "unknown-kind", R(TRAIL, eventSelectors=basic(UNKNOWN)), [UNCLEAR]),
        Case("not-applicable", "no-trail", DATA),
        Case("boundary", "kind-left-out", R(TRAIL, eventSelectors=[{"dataResources": [{"type": "AWS::S3::Object"}]}])),
    ],
)
