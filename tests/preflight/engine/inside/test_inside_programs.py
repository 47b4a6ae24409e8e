"""Small programs on the inner engine, one behaviour or a few related ones each."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys

import pytest
from google.protobuf import struct_pb2

from policypack.guardrails.values import has_stand_in, may_be_anything

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
KNOWN_ACCOUNT = {"aws:region": "eu-west-1", "aws:allowedAccountIds": '["123456789012"]'}

# A provider SDK in one file, so that most programs here need no real one.
TOY = """
import pulumi
from typing import Mapping, Optional, Sequence

@pulumi.output_type
class Inner(dict):
    def __init__(__self__, *, address: str, size: int, note: Optional[str] = None):
        pulumi.set(__self__, "address", address)
        pulumi.set(__self__, "size", size)
        pulumi.set(__self__, "note", note)

    @property
    @pulumi.getter
    def address(self) -> str:
        return pulumi.get(self, "address")

    @property
    @pulumi.getter
    def size(self) -> int:
        return pulumi.get(self, "size")

    @property
    @pulumi.getter
    def note(self) -> Optional[str]:
        return pulumi.get(self, "note")

class Thing(pulumi.CustomResource):
    pulumi_type = "toy:index:Thing"

    def __init__(self, resource_name, opts=None, name=None, label=None, color=None, owner=None, data=None, inner=None):
        props = dict(name=name, label=label, color=color, owner=owner, data=data, inner=inner)
        props |= dict(serialNumber=None, computedArn=None, password=None, ready=None, parts=None, extra=None)
        super().__init__("toy:index:Thing", resource_name, props, opts)

    @property
    @pulumi.getter
    def name(self) -> pulumi.Output[str]:
        return pulumi.get(self, "name")

    @property
    @pulumi.getter
    def label(self) -> pulumi.Output[Optional[str]]:
        return pulumi.get(self, "label")

    @property
    @pulumi.getter
    def color(self) -> pulumi.Output[str]:
        return pulumi.get(self, "color")

    @property
    @pulumi.getter
    def owner(self) -> pulumi.Output[Optional[str]]:
        return pulumi.get(self, "owner")

    @property
    @pulumi.getter
    def data(self) -> pulumi.Output[Optional[str]]:
        return pulumi.get(self, "data")

    @property
    @pulumi.getter
    def inner(self) -> pulumi.Output[Inner]:
        return pulumi.get(self, "inner")

    @property
    @pulumi.getter
    def serialNumber(self) -> pulumi.Output[str]:
        return pulumi.get(self, "serialNumber")

    @property
    @pulumi.getter
    def computedArn(self) -> pulumi.Output[str]:
        return pulumi.get(self, "computedArn")

    @property
    @pulumi.getter
    def password(self) -> pulumi.Output[str]:
        return pulumi.get(self, "password")

    @property
    @pulumi.getter
    def ready(self) -> pulumi.Output[bool]:
        return pulumi.get(self, "ready")

    @property
    @pulumi.getter
    def parts(self) -> pulumi.Output[Sequence[Inner]]:
        return pulumi.get(self, "parts")

    @property
    @pulumi.getter
    def extra(self) -> pulumi.Output[Mapping[str, str]]:
        return pulumi.get(self, "extra")
"""


def secret(value):
    return {SIGNATURE: SECRET, "value": value}


@pytest.fixture
def toy(run):
    """Run a program that has the toy SDK at hand as `toy`."""
    return lambda source, **rest: run("import pulumi, toy\n" + source, **{"files": {"toy.py": TOY}} | rest)


def test_the_program_gets_values_and_the_pack_no_invented_ones(toy) -> None:
    outcome = toy(
        """
thing = toy.Thing("one", inner={"note": "given"})
pulumi.Output.all(thing.color, thing.serialNumber, thing.id, thing.ready, thing.parts).apply(
    lambda values: print("VALUES", [bool(v) for v in values[:3]], values[3], len(values[4])))
thing.inner.apply(lambda inner: print("INNER", inner.size, inner.note, bool(inner.address)))
thing.label.apply(lambda value: print("OPTIONAL ran"))
pulumi.export("serial", thing.serialNumber)
"""
    )
    assert outcome.end == {"event": "done"}
    assert "VALUES [True, True, True] False 2" in outcome.stderr
    assert "INNER 1 given True" in outcome.stderr
    assert "OPTIONAL ran" not in outcome.stderr
    inputs, outputs = outcome.inputs("one"), outcome.outputs("one")
    assert set(inputs) == {"name", "inner"}
    assert inputs["name"].startswith("one-standin0c")
    assert outputs["color"] == outputs["ready"] == outputs["parts"] == outputs["extra"] == UNKNOWN
    assert outputs["inner"] == {"note": "given"}
    assert has_stand_in(outputs["serialNumber"])
    assert has_stand_in(outputs["computedArn"])
    assert outputs["computedArn"].startswith("arn:aws:")
    assert "label" not in outputs
    assert outcome.exports["serial"] == outputs["serialNumber"]


def test_secrets_stay_marked_and_secret_outputs_hold_canaries(toy) -> None:
    outcome = toy(
        """
config = pulumi.Config()
thing = toy.Thing("one", owner=config.require_secret("pin"), data=pulumi.Output.secret({"k": "v"}),
                  opts=pulumi.ResourceOptions(additional_secret_outputs=["password"]))
other = toy.Thing("two", owner=thing.password, data=pulumi.Output.unsecret(thing.password))
pulumi.export("password", thing.password)
pulumi.export("leak", pulumi.Output.unsecret(thing.password).apply(lambda text: f"<{text}>"))
""",
        config={"demo:pin": "1234"},
        secret_keys=["demo:pin"],
    )
    assert outcome.end == {"event": "done"}
    canary = outcome.outputs("one")["password"]["value"]
    assert outcome.outputs("one")["password"] == secret(canary)
    assert len(canary) == 40
    assert has_stand_in(canary)
    assert outcome.inputs("one")["owner"] == secret("1234")
    assert outcome.inputs("one")["data"] == secret({"k": "v"})
    assert outcome.outputs("one")["data"] == secret('{"k": "v"}')
    assert outcome.inputs("two")["owner"] == secret(canary)
    assert outcome.inputs("two")["data"] == canary
    assert outcome.exports == {"password": secret(canary), "leak": f"<{canary}>"}


def test_components_nest_and_hand_down_provider_and_protection(toy) -> None:
    outcome = toy(
        """
class Toy(pulumi.ProviderResource):
    def __init__(self, name): super().__init__("toy", name, {"endpoint": "here"})

class Box(pulumi.ComponentResource):
    def __init__(self, name, depth, opts=None):
        super().__init__("demo:index:Box", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.inside = Box(f"{name}-{depth}", depth - 1, child) if depth else toy.Thing(f"{name}-thing", opts=child)
        self.register_outputs({"answer": 42})

Box("box", 1, pulumi.ResourceOptions(protect=True, providers=[Toy("explicit")]))
toy.Thing("outside", opts=pulumi.ResourceOptions(version="1.2.3-rc.1", ignore_changes=["label"],
          delete_before_replace=True, custom_timeouts=pulumi.CustomTimeouts(create="1h5m", delete="90s")))
"""
    )
    assert outcome.end == {"event": "done"}
    prefix = "urn:pulumi:dev::demo::"
    thing = outcome.named(outcome.requests, "box-1-thing")
    assert thing.urn == f"{prefix}demo:index:Box$demo:index:Box$toy:index:Thing::box-1-thing"
    assert thing.options.protect
    assert thing.options.parent == f"{prefix}demo:index:Box$demo:index:Box::box-1"
    assert thing.provider.urn == f"{prefix}pulumi:providers:toy::explicit"
    assert thing.provider.properties["endpoint"] == "here"
    assert outcome.outputs("box") == {"answer": 42.0}
    assert not outcome.named(outcome.requests, "box").HasField("provider")
    outside = outcome.named(outcome.requests, "outside")
    assert outside.provider.name == "default_1_2_3_rc_1"
    assert list(outside.options.ignoreChanges) == ["label"]
    assert outside.options.deleteBeforeReplace
    assert outside.options.deleteBeforeReplaceDefined
    assert (outside.options.customTimeouts.create, outside.options.customTimeouts.delete) == (3900.0, 90.0)
    assert outcome.source("outside") == {"file": "__main__.py", "line": 14}


def test_a_default_provider_is_made_from_configuration(toy) -> None:
    outcome = toy(
        'toy.Thing("one")',
        config={"toy:zone": "z1", "toy:key": "hidden-key", "demo:other": "x"},
        secret_keys=["toy:key"],
    )
    assert outcome.inputs("default") == {"zone": "z1", "key": secret("hidden-key")}
    assert outcome.named(outcome.requests, "default").options.parent == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[toy", "Failed to parse [toy: Expecting value"),
        ("toy", "Failed to parse toy: Expecting value"),
        ('{"toy": 1}', 'Failed to parse {"toy": 1}: it is no list'),
        ('["other", 1]', "pulumi:disable-default-providers[1] must be a string"),
        ("null", None),
        ('[" other "]', None),
    ],
)
def test_what_disables_default_providers_is_a_list_of_names(toy, text: str, said: str | None) -> None:
    outcome = toy('toy.Thing("one")', config={"pulumi:disable-default-providers": text})
    if said is None:
        assert outcome.end == {"event": "done"}
    else:
        assert outcome.end["message"].startswith(said)


def test_dependencies_are_sent_for_each_property(toy) -> None:
    outcome = toy(
        """
one = toy.Thing("one")
two = toy.Thing("two")
toy.Thing("three", label=one.serialNumber, opts=pulumi.ResourceOptions(depends_on=[two]))
"""
    )
    three = outcome.named(outcome.state, "three")
    assert [urn.rpartition("::")[2] for urn in three.dependencies] == ["one", "two"]
    by_property = {key: list(value.urns) for key, value in three.propertyDependencies.items()}
    assert by_property == {"label": ["urn:pulumi:dev::demo::toy:index:Thing::one"]}


def test_a_resource_passed_as_input_becomes_its_id(toy) -> None:
    outcome = toy(
        """
one = toy.Thing("one")
class Empty(pulumi.ComponentResource):
    def __init__(self): super().__init__("demo:index:Empty", "empty", {})
toy.Thing("two", owner=one, label=Empty())
pulumi.export("id", one.id)
pulumi.export("resource", one)
"""
    )
    assert outcome.end == {"event": "done"}
    assert outcome.inputs("two")["owner"] == outcome.exports["id"]
    assert outcome.inputs("two")["label"] == "urn:pulumi:dev::demo::demo:index:Empty::empty"


@pytest.mark.parametrize(
    ("registration", "options"),
    [
        ("", "opts=pulumi.ResourceOptions(transforms=[change])"),
        ("pulumi.runtime.register_resource_transform(change)", ""),
        (
            "box_opts = pulumi.ResourceOptions(transforms=[change])",
            "opts=pulumi.ResourceOptions(parent=Box('b', box_opts))",
        ),
        ("pulumi.runtime.register_stack_transformation(old)", ""),
    ],
    ids=["of-the-resource", "of-the-stack", "of-the-parent", "old-kind"],
)
def test_transforms_change_what_is_registered(toy, registration, options) -> None:
    outcome = toy(
        f"""
class Box(pulumi.ComponentResource):
    def __init__(self, name, opts): super().__init__("demo:index:Box", name, {{}}, opts)

protected = pulumi.ResourceOptions(protect=True)

async def change(args):
    if args.type_ != "toy:index:Thing":
        return None
    opts = pulumi.ResourceOptions.merge(args.opts, protected)
    return pulumi.ResourceTransformResult(props={{**args.props, "label": "changed"}}, opts=opts)

def old(args):
    args.props["label"] = "changed"
    opts = pulumi.ResourceOptions.merge(args.opts, protected)
    return pulumi.ResourceTransformationResult(props=args.props, opts=opts)

{registration}
thing = toy.Thing("one", label="given", owner=pulumi.Output.secret("s"), {options})
pulumi.export("label", thing.label)
"""
    )
    assert outcome.end == {"event": "done"}
    assert outcome.inputs("one")["label"] == "changed"
    assert outcome.inputs("one")["owner"] == secret("s")
    assert outcome.named(outcome.requests, "one").options.protect
    assert outcome.exports["label"] == "changed"


def test_aliases_hooks_assets_and_dynamic_resources_are_accepted(toy) -> None:
    outcome = toy(
        """
import asyncio, threading
from pulumi import dynamic

class Provider(dynamic.ResourceProvider):
    def create(self, props): return dynamic.CreateResult("id", props)

class Made(dynamic.Resource):
    def __init__(self, name, props): super().__init__(Provider(), name, props)

hook = pulumi.ResourceHook("hook", lambda args: None)
toy.Thing("one", data=pulumi.StringAsset("text"), label="l", opts=pulumi.ResourceOptions(
    aliases=[pulumi.Alias(name="before")], hooks=pulumi.ResourceHookBinding(before_create=[hook])))
toy.Thing("two", data=pulumi.FileAsset("does-not-exist.txt"))
Made("made", {"size": 3})

async def main():
    loop = asyncio.get_running_loop()
    name = await loop.run_in_executor(None, lambda: threading.current_thread().name)
    print("THREAD", name != "MainThread")
    return {"done": pulumi.runtime.is_dry_run()}
pulumi.run(main)
""",
        config={"demo:k": "v"},
    )
    assert outcome.end == {"event": "done"}
    assert outcome.inputs("one")["data"]["text"] == "text"
    assert outcome.inputs("made") == {"size": 3.0}
    assert outcome.named(outcome.requests, "made").provider.properties["demo:k"] == "v"
    assert outcome.exports == {"done": True}
    assert "THREAD True" in outcome.stderr


def test_read_resources_answer_and_are_not_sent(run) -> None:
    outcome = run(
        """
import pulumi, pulumi_aws as aws
bucket = aws.s3.Bucket.get("there", "their-bucket")
pulumi.export("arn", bucket.arn)
stack = pulumi.StackReference("acme/network/prod")
pulumi.export("vpc", stack.get_output("vpcId"))
both = pulumi.Output.all(stack.require_output("vpcId"), stack.outputs["vpcId"])
pulumi.export("same", both.apply(lambda v: v[0] == v[1]))
"""
    )
    assert outcome.end == {"event": "done"}
    assert outcome.exports["arn"] == "arn:aws:s3:::their-bucket"
    assert may_be_anything(outcome.exports["vpc"])
    # Whether two invented texts are the same is no more known than what they are.
    assert outcome.exports["same"] == UNKNOWN
    sent = {message.type for message in outcome.requests.values()}
    assert sent == {"pulumi:pulumi:Stack", "pulumi:providers:aws", "pulumi:providers:pulumi"}
    assert sent == {message.type for message in outcome.state.values()}


AWS = """
import pulumi
import pulumi_aws as aws
bucket = aws.s3.Bucket("logs", bucket="the-logs")
role = aws.iam.Role("role", name="reader", path="/apps/", assume_role_policy="{}")
unnamed = aws.iam.Role("unnamed", assume_role_policy="{}")
user = aws.iam.User("user", name="ann")
policy = aws.iam.Policy("policy", name="p", policy="{}")
function = aws.lambda_.Function("function", name="f", role=role.arn)
group = aws.cloudwatch.LogGroup("group", name="/aws/lambda/f")
secret = aws.secretsmanager.Secret("secret", name="api")
oidc = aws.iam.OpenIdConnectProvider(
    "oidc", url="https://token.actions.githubusercontent.com", client_id_lists=["sts.amazonaws.com"])
queue = aws.sqs.Queue("queue", name="q")
other = aws.Provider(
    "other", region="us-gov-west-1", assume_roles=[{"role_arn": "arn:aws-us-gov:iam::210987654321:role/deploy"}])
there = aws.iam.Role("there", name="there", assume_role_policy="{}", opts=pulumi.ResourceOptions(provider=other))
key = aws.iam.AccessKey("key", user=user.name)
identity, region, partition = aws.get_caller_identity(), aws.get_region(), aws.get_partition()
zones = aws.get_availability_zones()
image = aws.ec2.get_ami(owners=["amazon"], most_recent=True)
pulumi.export("arns", [r.arn for r in (bucket, role, user, policy, function, group, oidc, queue, there)])
pulumi.export("ids", [r.id for r in (bucket, role, user, policy, function, group, oidc, queue)])
pulumi.export("unnamed", unnamed.arn)
pulumi.export("secret", secret.arn)
pulumi.export("caller", [identity.account_id, region.region, partition.partition, zones.names[1], image.id])
pulumi.export("key", [key.id, key.secret])
aws.iam.RolePolicy("inline", role=role.id, policy={"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": bucket.arn.apply(lambda arn: f"{arn}/*")}]})
"""


def test_certain_forms_are_known_where_account_and_region_are(run) -> None:
    outcome = run(AWS, config=KNOWN_ACCOUNT)
    assert outcome.end == {"event": "done"}
    assert outcome.exports["arns"] == [
        "arn:aws:s3:::the-logs",
        "arn:aws:iam::123456789012:role/apps/reader",
        "arn:aws:iam::123456789012:user/ann",
        "arn:aws:iam::123456789012:policy/p",
        "arn:aws:lambda:eu-west-1:123456789012:function:f",
        "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/f",
        "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
        "arn:aws:sqs:eu-west-1:123456789012:q",
        "arn:aws-us-gov:iam::210987654321:role/there",
    ]
    assert outcome.exports["ids"] == [
        "the-logs",
        "reader",
        "ann",
        "arn:aws:iam::123456789012:policy/p",
        "f",
        "/aws/lambda/f",
        "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
        "https://sqs.eu-west-1.amazonaws.com/123456789012/q",
    ]
    assert outcome.exports["unnamed"].startswith("arn:aws:iam::123456789012:role/unnamed-standin0c")
    assert outcome.exports["secret"].startswith("arn:aws:secretsmanager:eu-west-1:123456789012:secret:api-standin0c")
    assert outcome.exports["caller"][:4] == ["123456789012", "eu-west-1", "aws", "eu-west-1b"]
    assert has_stand_in(outcome.exports["caller"][4])
    key_id, key_secret = outcome.exports["key"]
    assert key_id.startswith("AKIA")
    assert len(key_secret["value"]) == 40
    document = json.loads(outcome.outputs("inline")["policy"])
    assert document["Statement"][0]["Resource"] == "arn:aws:s3:::the-logs/*"
    assert outcome.outputs("logs")["region"] == "eu-west-1"


ISSUERS = """
import pulumi
import pulumi_aws as aws
auth0 = aws.iam.OpenIdConnectProvider("auth0", url="https://acme.eu.auth0.com/", client_id_lists=["a"])
read = aws.iam.OpenIdConnectProvider.get("read", "arn:aws:iam::690237418853:oidc-provider/gitlab.com")
by_url = aws.iam.get_open_id_connect_provider(url="https://acme.eu.auth0.com/")
by_arn = aws.iam.get_open_id_connect_provider(arn="arn:aws:iam::690237418853:oidc-provider/gitlab.com")
pulumi.export("providers", [(one.arn, one.url) for one in (auth0, by_url, read, by_arn)])
cluster = aws.eks.Cluster("c", role_arn="arn:aws:iam::123456789012:role/x", vpc_config={"subnet_ids": ["subnet-1"]})
found = aws.eks.get_cluster(name="there")
pulumi.export("clusters", [one.identities[0].oidcs[0].issuer for one in (cluster, found)])
pool = aws.cognito.UserPool("pool")
pulumi.export("pool", [pool.id, pool.endpoint])
"""


def test_issuers_are_named_as_the_services_name_them(run) -> None:
    outcome = run(ISSUERS, config=KNOWN_ACCOUNT)
    assert outcome.end == {"event": "done"}
    auth0 = ["arn:aws:iam::123456789012:oidc-provider/acme.eu.auth0.com/", "acme.eu.auth0.com/"]
    gitlab = ["arn:aws:iam::690237418853:oidc-provider/gitlab.com", "gitlab.com"]
    assert outcome.exports["providers"] == [auth0, auth0, gitlab, gitlab]
    assert outcome.inputs("auth0")["url"] == "https://acme.eu.auth0.com/"
    assert outcome.outputs("auth0")["url"] == "acme.eu.auth0.com/"
    issuers = outcome.exports["clusters"]
    assert all(each.startswith("https://oidc.eks.eu-west-1.amazonaws.com/id/standin0c") for each in issuers)
    assert issuers[0] != issuers[1]
    pool, endpoint = outcome.exports["pool"]
    assert pool.startswith("eu-west-1_standin0c")
    assert endpoint == f"cognito-idp.eu-west-1.amazonaws.com/{pool}"


def test_without_an_account_the_form_is_kept_and_marked(run) -> None:
    outcome = run(AWS)
    bucket, role, *others, elsewhere = outcome.exports["arns"]
    assert bucket == "arn:aws:s3:::the-logs"
    account = role.split(":")[4]
    assert len(account) == 12
    assert account.isdigit()
    assert all(has_stand_in(arn) and account in arn for arn in (role, *others))
    assert elsewhere == "arn:aws-us-gov:iam::210987654321:role/there"
    assert outcome.exports["caller"][0] == account
    assert outcome.outputs("logs")["region"] == UNKNOWN


def test_unknown_arguments_of_a_policy_document_are_reported(run) -> None:
    outcome = run(
        """
import pulumi, pulumi_aws as aws
plain = aws.iam.get_policy_document(statements=[{"actionss": ["s3:*"], "resources": ["*"]}])
lazy = aws.iam.get_policy_document_output(statements=[{"Actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::b/*"]}])
snake = aws.iam.get_policy_document(statements=[{"not_actions": ["s3:*"], "resources": ["*"]}])
pulumi.export("json", snake.json)
aws.iam.Policy("lazy", policy=lazy.json)
"""
    )
    assert outcome.end == {"event": "done"}
    problems = [(p["path"], p["argument"], p["known"], p["source"]["line"]) for p in outcome.of("invoke-problem")]
    assert sorted(problems) == [
        ("statements[0].Actions", "Actions", "actions", 4),
        ("statements[0].actionss", "actionss", "actions", 3),
    ]
    assert json.loads(outcome.exports["json"])["Statement"][0]["NotAction"] == "s3:*"


def test_invoke_transforms_and_method_calls(toy) -> None:
    outcome = toy(
        """
Inner = toy.Inner
def change(args):
    return pulumi.InvokeTransformResult(args={**args.args, "address": "changed"}, opts=args.opts)
pulumi.runtime.register_invoke_transform(change)
pulumi.export("address", pulumi.runtime.invoke("toy:index:look", {"address": "given"}, typ=Inner).value.address)
pulumi.export("echo", pulumi.runtime.invoke("toy:index:untyped", {"a": 1}).value)
thing = toy.Thing("one")
called = pulumi.runtime.call("toy:index:Thing/method", {"__self__": thing}, thing, typ=Inner)
pulumi.export("called", called.apply(lambda i: i.note))
pulumi.export("number", called.apply(lambda i: i.size))
pulumi.export("opaque", pulumi.runtime.call("toy:index:Thing/other", {"__self__": thing}, thing))
"""
    )
    assert outcome.end == {"event": "done"}
    echo = {"a": 1.0, "address": "changed"}
    exports = outcome.exports
    assert may_be_anything(exports.pop("called"))
    # An invented number has no mark of its own.
    assert exports == {"address": "changed", "echo": echo, "number": UNKNOWN, "opaque": UNKNOWN}
    tokens = {notice["token"] for notice in outcome.notices("unknown-function")}
    assert tokens == {"toy:index:untyped", "toy:index:Thing/other"}


def test_a_remote_component_is_said_to_be_unchecked(run) -> None:
    outcome = run(
        """
import pulumi
class Far(pulumi.ComponentResource):
    def __init__(self, name): super().__init__("far:index:Far", name, {"size": 1, "url": None}, None, True)
Far("one")
Far("two")
"""
    )
    assert outcome.end == {"event": "done"}
    (notice,) = outcome.notices("unchecked-type")
    assert notice["type"] == "far:index:Far"
    assert [frame["remote"] for frame in outcome.of("resource")].count(True) == 2


def test_literals_are_named_without_their_value(toy) -> None:
    outcome = toy(
        '''
def documented():
    """a-doc-string-secret"""
from helper import KEY
secret = pulumi.Output.secret
toy.Thing("plain", owner="not-marked-text")
toy.Thing("here", owner=secret("written" "-here"))
toy.Thing("helper", owner=secret(KEY))
toy.Thing("short", owner=secret("short"))
toy.Thing("doc", owner=secret("-".join("a doc string secret".split())))
toy.Thing("config", owner=secret("from-the-config"))
toy.Thing("json", owner=secret(__import__("json").dumps(
    {"user": "someone-known", "password": "in-the-dictionary"})))
both = "in-two-places"
toy.Thing("both", owner=secret(both))
pulumi.export("again", secret(both))
pulumi.export("session", secret("Jk39sLq02nVx"))
pulumi.export("login", secret({"region": "eu-west-1", "password": "of-the-export"}))
toy.Thing("spelt", owner=secret("Gr8-Pelican-771x"))
''',
        files={"toy.py": TOY, "helper.py": "KEY = 'first-half-' + 'second-half'\n"},
        config={"demo:x": "from-the-config", "demo:y": "Gr8-Pelican-771x"},
    )
    assert outcome.end == {"event": "done"}
    (frame,) = outcome.of("literals")
    found = {
        (entry["urn"].rpartition("::")[2], *entry["keys"], entry["file"], entry["line"]) for entry in frame["literals"]
    }
    assert {entry["type"] for entry in frame["literals"]} == {"toy:index:Thing", "pulumi:pulumi:Stack"}
    assert found == {
        ("demo-dev", "session", "__main__.py", 18),
        ("demo-dev", "login", "password", "__main__.py", 19),
        ("spelt", "owner", "__main__.py", 20),
        ("both", "owner", "__main__.py", 15),
        ("here", "owner", "__main__.py", 8),
        ("helper", "owner", "helper.py", 1),
        ("json", "owner", "__main__.py", 14),
    }
    assert "written-here" not in json.dumps([f for f in outcome.frames if f["event"] not in ("resource", "state")])


SHAPES = """def local():
    inner = "inside-a-function"
    return inner + "-suffix"
def passed():
    return joined("passed-password")
def defaulted(text="default-password"):
    return f"{text}-suffix"
import enum
class Settings:
    PW: str = "class-password"
    def __init__(self, **given): self.__dict__.update(given)
    def own(self): return f"{self.PW}-suffix"
class Kind(enum.Enum):
    ONE = "member-password"
SECRETS = {"db": {"pw": "mapped-password"}, "mail": "mapped-password"}
PAIR = ("someone", "second-password")
def twice(text): return text + "-suffix"
def joined(text): return text + "-suffix"
"""
FOLDED = [
    ("f-string", 'f"pre-{PW}-post"', "helper.py", 1),
    ("sum", 'PW + "-x9x9"', "helper.py", 1),
    ("percent", '"%s-%s" % (helper.PW, "tail")', "helper.py", 1),
    ("percent-one", '"100%%-%s" % h.PW', "helper.py", 1),
    ("join", '"-".join(["one-part", "another-longer-part"])', "__main__.py", 0),
    ("join-lines", '"-".join([\n"one",\n"another-longer-part"])', "__main__.py", 2),
    ("format", '"{}:{}".format(LOCAL, 42)', "helper.py", 5),
    ("format-names", '"{1}:{x}".format("a", "b", x=LOCAL)', "helper.py", 5),
    ("decode", 'b"octets-as-a-password".decode()', "__main__.py", 0),
    ("b64decode", "base64.b64decode(ENCODED).decode('utf-8')", "helper.py", 2),
    ("b64decode-name", "str(b64decode(OTHER), 'utf-8')", None, None),
    ("b64encode", "base64.b64encode(PW.encode()).decode()", "helper.py", 1),
    ("strip", '"   spaced-password  ".strip()', "__main__.py", 0),
    ("replace", 'PW.replace("written", "changed")', "helper.py", 1),
    ("case", "PW.upper()", "helper.py", 1),
    ("local", "local()", "shapes.py", 2),
    ("parameter", "passed()", "shapes.py", 5),
    ("default", "defaulted()", "shapes.py", 6),
    ("class", 'f"{Settings.PW}-suffix1"', "shapes.py", 10),
    ("own", "Settings().own()", "shapes.py", 10),
    ("object", 'f"{Settings().PW}-suffix2"', "shapes.py", 10),
    ("given-to-object", "f\"{Settings(PW='other-password').PW}-suffix\"", "__main__.py", 0),
    ("enumeration", 'f"{Kind.ONE.value}-suffix"', "shapes.py", 14),
    ("dictionary", "f\"{SECRETS['db']['pw']}-suffix\"", "shapes.py", 15),
    ("dictionary-get", "f\"{SECRETS.get('mail')}-suffix\"", "shapes.py", 15),
    ("tuple", 'f"{PAIR[-1]}-suffix"', "shapes.py", 16),
    ("environment", "f\"{os.environ.get('NOT_SET', 'fallback-pw')}-suffix\"", "__main__.py", 0),
    ("getenv", "f\"{os.getenv('NOT_SET', 'getenv-pw')}-suffix\"", "__main__.py", 0),
    ("or", "f\"{pulumi.Config().get('none') or 'or-else-pw'}-suffix\"", "__main__.py", 0),
    ("choice", "f\"{'this-one' if pulumi.Config().get('none') is None else 'that'}-suffix\"", "__main__.py", 0),
    ("slice", '"xx-sliced-password"[3:]', "__main__.py", 0),
    ("backwards", '"drowssap-drawkcab"[::-1]', "__main__.py", 0),
    ("reversed", '"".join(reversed("drowssap-desrever"))', "__main__.py", 0),
    ("split", '"user,parted-password".split(",")[1]', "__main__.py", 0),
    ("fromhex", 'bytes.fromhex("6f637465742d70617373776f7264").decode()', "__main__.py", 0),
    ("dedent", 'textwrap.dedent("""\\\n    dedented\n    password""")', "__main__.py", 0),
    ("parameter-of-many-calls", "twice('aa') + twice('bb')", None, None),
    ("assigned-twice", 'f"{TWICE}-suffix"', None, None),
    ("computed", 'f"{len(PW)}-{LOCAL[2:]}-suffix"', None, None),
]


def test_texts_made_of_constants_alone_are_literals(toy) -> None:
    head = (
        "import base64, os, textwrap, helper, helper as h; from base64 import b64decode\n"
        "from helper import ENCODED, LOCAL, OTHER, PW, TWICE; from shapes import *; from shapes import Kind, PAIR, SECRETS, Settings\n"
        "secret = pulumi.Output.secret\n"
    )
    expected, program = set(), "import pulumi, toy\n" + head
    for name, source, file, line in FOLDED:
        own = program.count("\n") + 1 if file == "__main__.py" else 0
        program += f"toy.Thing({name!r}, owner=secret({source}))\n"
        if file:
            expected.add((name, file, line + own))
    outcome = toy(
        program.partition("\n")[2],
        files={
            "toy.py": TOY,
            "shapes.py": SHAPES,
            "helper.py": "PW = 'written-here'\nENCODED = 'ZW5jb2RlZC1wYXNzd29yZA=='\nTWICE = 'a'\nTWICE = 'first-then'\n"
            "LOCAL = 'local-password'\nOTHER = 'bmFtZWQtcGFzc3dvcmQ='\n",
        },
    )
    assert outcome.end == {"event": "done"}
    (frame,) = outcome.of("literals")
    assert {(one["urn"].rpartition("::")[2], one["file"], one["line"]) for one in frame["literals"]} == expected


def test_an_apply_that_raises_yields_an_unknown_and_is_told(toy) -> None:
    outcome = toy(
        """
import asyncio
one = toy.Thing("one")
def prompt(value):
    toy.Thing("seen")
    return {}["hidden-" + value]
async def slow(value):
    await asyncio.sleep(0)
    raise ValueError("hidden-" + value)
failed, awaited = one.serialNumber.apply(prompt), one.serialNumber.apply(slow)
builtin = one.serialNumber.apply(int)
secret = pulumi.Output.secret("pass").apply(lambda value: {}[value])
nested = one.serialNumber.apply(lambda value: one.id.apply(lambda id_: 1 / 0))
attribute = one.serialNumber.nothing
for index in range(3):
    one.id.apply(lambda id_: [][0])
never = pulumi.Output.all(failed, one.id).apply(lambda values: print("NEVER"))
async def known():
    print("KNOWN", [await output.is_known() for output in (failed, awaited, builtin, secret, nested, attribute, never)])
pulumi.export("known", pulumi.Output.from_input(known()))
pulumi.export("secret", secret)
toy.Thing("two", label=pulumi.Output.concat("a-", awaited), owner=failed)
"""
    )
    assert outcome.end == {"event": "done"}
    (end,) = outcome.of("end")
    assert end["complete"] is True
    assert f"KNOWN {[False] * 7}" in outcome.stderr
    assert "NEVER" not in outcome.stderr
    assert outcome.exports["secret"] == secret(UNKNOWN)
    assert outcome.inputs("two")["label"] == outcome.inputs("two")["owner"] == UNKNOWN
    assert outcome.inputs("seen")
    notices = outcome.notices("apply-raised")
    assert all(notice["source"]["file"] == "__main__.py" for notice in notices)
    assert sorted((notice["source"]["line"], notice["message"].split()[6].rstrip(",")) for notice in notices) == [
        (7, "KeyError"),
        (10, "ValueError"),
        (12, "ValueError"),
        (13, "KeyError"),
        (14, "ZeroDivisionError"),
        (15, "AttributeError"),
        (17, "IndexError"),
    ]
    assert all("may be missing" in notice["message"] for notice in notices)
    assert "hidden" not in json.dumps(notices)


def test_an_exception_outside_an_apply_still_fails_after_one_inside(toy) -> None:
    outcome = toy('toy.Thing("one").id.apply(lambda value: 1 / 0)\nraise ValueError("outside")')
    assert (outcome.end["event"], outcome.end["message"]) == ("failed", "ValueError: outside")


@pytest.mark.parametrize("before", ["pulumi.Output.from_input(1)", "toy.Thing('one').serialNumber"])
def test_an_exit_inside_an_apply_hides_nothing_that_was_declared(toy, before) -> None:
    outcome = toy(f"import sys\n{before}.apply(lambda it: sys.exit(0))\ntoy.Thing('two', name='other')\n")
    assert outcome.end == {"event": "done"}
    assert outcome.inputs("two") == {"name": "other"}
    (notice,) = outcome.notices("exit")
    assert "ended the program" in notice["message"]


def test_an_exit_inside_an_apply_still_ends_the_program(toy) -> None:
    outcome = toy('import sys\ntoy.Thing("one").id.apply(lambda value: sys.exit(3))')
    assert (outcome.end["event"], outcome.end["kind"]) == ("failed", "exit")


def test_optional_fields_of_computed_objects_are_there_for_the_program_only(run) -> None:
    outcome = run(
        """
import pulumi, pulumi_aws as aws
cluster = aws.eks.Cluster("c", role_arn="arn:aws:iam::123456789012:role/x", vpc_config={"subnet_ids": ["subnet-1"]})
aws.iam.OpenIdConnectProvider("oidc", url=cluster.identities[0].oidcs[0].issuer, client_id_lists=["a"])
zone, vpc = aws.route53.Zone("z", name="a.example"), aws.ec2.Vpc("v", cidr_block="10.0.0.0/16")
machine = aws.ec2.Instance("i", ami="ami-1", instance_type="t3.micro")
pulumi.export("data", cluster.certificate_authority.data)
pulumi.export("group", cluster.vpc_config.cluster_security_group_id)
pulumi.export("listed", cluster.vpc_config.subnet_ids)
pulumi.export("server", zone.name_servers[2])
pulumi.export("address", machine.public_ip)
pulumi.export("device", machine.root_block_device.volume_id)
pulumi.export("default", vpc.default_security_group_id)
cluster.vpc_config.apply(lambda config: print("ACCESS", config.endpoint_public_access))
image = aws.ec2.get_ami(owners=["amazon"], most_recent=True)
print("IMAGE", image.name_regex, bool(image.block_device_mappings[1].virtual_name))
"""
    )
    assert outcome.end == {"event": "done"}
    assert outcome.notices("apply-raised") == []
    assert has_stand_in(outcome.inputs("oidc")["url"])
    assert outcome.exports.pop("listed") == ["subnet-1"]
    assert outcome.exports.pop("address").startswith("249.")
    assert all(has_stand_in(text) for name, text in outcome.exports.items() if name not in ("listed", "address"))
    assert "ACCESS None" in outcome.stderr
    assert "IMAGE None True" in outcome.stderr
    outputs = outcome.outputs("c")
    assert outputs["identities"] == UNKNOWN
    assert outputs["certificateAuthority"] == {"data": UNKNOWN}
    assert outputs["vpcConfig"] == {"subnetIds": ["subnet-1"]}


def test_a_remediation_replaces_the_inputs_for_everything_after(toy) -> None:
    changed = struct_pb2.Struct()
    changed.update({"label": "mended", "name": "given"})
    answers = [
        {"properties": None},
        {"properties": None},
        {"properties": base64.b64encode(changed.SerializeToString()).decode()},
    ]
    outcome = toy('pulumi.export("label", toy.Thing("one", label="bad").label)', answers=answers, remediate=True)
    assert outcome.end == {"event": "done"}
    assert [frame["event"] for frame in outcome.frames[:6]] == ["remediate", "resource"] * 3
    assert outcome.inputs("one") == {"label": "mended", "name": "given"}
    assert outcome.exports["label"] == "mended"


FAILURES = [
    (
        "raise",
        'toy.Thing("one")\nraise ValueError("pin 4711 is wrong")',
        "exception",
        "ValueError: pin [secret] is wrong",
    ),
    (
        "twice",
        'toy.Thing("one")\ntoy.Thing("one")',
        "exception",
        "Duplicate resource URN 'urn:pulumi:dev::demo::toy:index:Thing::one'; try giving it a unique name",
    ),
    ("exit", 'import sys\ntoy.Thing("one")\nsys.exit(3)', "exit", "the program ended itself with 3"),
    ("interrupt", 'toy.Thing("one")\nraise KeyboardInterrupt', "exit", "the program was interrupted"),
    ("import", 'toy.Thing("one")\nimport not_there', "import", "ModuleNotFoundError: No module named 'not_there'"),
    ("syntax", "def (", "exception", None),
]


@pytest.mark.parametrize(("source", "kind", "message"), [row[1:] for row in FAILURES], ids=[row[0] for row in FAILURES])
def test_a_failing_program_ends_in_a_frame_with_its_own_traceback(toy, source, kind, message) -> None:
    outcome = toy(source, config={"demo:pin": "4711"}, secret_keys=["demo:pin"])
    assert outcome.end["event"] == "failed"
    assert outcome.end["kind"] == kind
    if message is not None:
        assert outcome.end["message"] == message
        assert "one" in {item.name for item in outcome.state.values()}
    assert "preflight" not in outcome.end["traceback"]
    assert "runpy" not in outcome.end["traceback"]
    assert "4711" not in json.dumps([frame for frame in outcome.frames if frame["event"] == "failed"])
    (end,) = outcome.of("end")
    assert end["complete"] is False
    assert "Traceback" not in outcome.stderr


def test_a_value_read_as_a_secret_is_hidden_however_it_was_stored(run) -> None:
    outcome = run(
        'import pulumi\nvalue = pulumi.Config().require_secret("tok")\nraise ValueError("v plain-in-the-file")',
        config={"demo:tok": "plain-in-the-file"},
    )
    assert outcome.end["message"] == "ValueError: v [secret]"


def test_a_logged_error_is_told_and_fails_no_preview(run) -> None:
    outcome = run(
        'import pulumi\npulumi.log.error("the pin 4711 is wrong")\npulumi.export("a", 1)',
        config={"demo:pin": "4711"},
        secret_keys=["demo:pin"],
    )
    assert outcome.end == {"event": "done"}
    (said,) = outcome.notices("log")
    assert (said["severity"], said["message"]) == ("error", "the pin [secret] is wrong")
    assert outcome.exports == {"a": 1.0}


def test_a_program_may_print_read_exit_move_and_leave_threads(run) -> None:
    outcome = run(
        """
import os, subprocess, sys, threading, time
import pulumi
print("to stdout")
os.write(1, b"to descriptor one\\n")
subprocess.run([sys.executable, "-c", "print('from a child')"])
assert sys.stdin.read() == ""
os.chdir("/")
threading.Thread(target=time.sleep, args=(600,)).start()
pulumi.log.warn("mind the pin 4711")
pulumi.export("argv", len(sys.argv))
pulumi.export("first", os.path.basename(sys.path[0]) == os.path.basename(os.path.dirname(__file__)))
sys.exit(0)
""",
        config={"demo:pin": "4711"},
        secret_keys=["demo:pin"],
    )
    assert outcome.end == {"event": "done"}
    assert [line for line in outcome.stderr.splitlines() if line] == ["to stdout", "to descriptor one", "from a child"]
    assert [notice["message"] for notice in outcome.notices("log")] == ["mind the pin [secret]"]
    assert outcome.exports == {"argv": 1.0, "first": True}


def test_modules_of_the_program_may_have_the_names_of_ours(run) -> None:
    names = ["channel", "job", "monitor", "urns", "runner", "wire", "sources"]
    outcome = run(
        "".join(f"import {name}\n" for name in names)
        + f"import pulumi\npulumi.export('sum', sum(m.X for m in ({', '.join(names)})))",
        files={f"{name}.py": "X = 1\n" for name in names},
    )
    assert outcome.end == {"event": "done"}
    assert outcome.exports == {"sum": float(len(names))}


def test_main_may_be_a_file_or_a_folder_of_the_project(run) -> None:
    program = "import os, pulumi, beside\npulumi.export('here', os.path.basename(os.getcwd()))\n"
    files = {"app/entry.py": program, "app/beside.py": ""}
    assert run("", files=files, main="app/entry.py").exports == {"here": "app"}
    assert run("", files=files | {"app/__main__.py": program}, main="app").exports == {"here": "app"}
    assert run("", files=files, main="nowhere").end["kind"] == "import"


def test_being_told_to_stop_still_reports_what_was_seen(tmp_path, tools) -> None:
    from preflight.engine import inside

    (tmp_path / "__main__.py").write_text(
        "import pulumi, time\npulumi.export('a', 1)\nprint('READY', flush=True)\nwhile True: time.sleep(0.1)\n"
    )
    process = subprocess.Popen(
        [sys.executable, inside.__path__[0]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdin.write(json.dumps(tools.make_job(tmp_path)) + "\n")
    process.stdin.flush()
    assert process.stderr.readline() == "READY\n"
    process.send_signal(signal.SIGTERM)
    frames = [json.loads(line) for line in process.communicate(timeout=30)[0].splitlines()]
    assert frames[-1]["kind"] == "exit"
    assert [frame["event"] for frame in frames[-3:]] == ["end", "literals", "failed"]


DYNAMIC = """
from pulumi import dynamic

class Provider(dynamic.ResourceProvider):
    def configure(self, request):
        self.word = request.config.get("word")

    def check(self, olds, news):
        {check}

class Made(dynamic.Resource):
    def __init__(self, name, props): super().__init__(Provider(), name, props)

Made("made", dict(size=3, key=pulumi.Output.secret("quiet-heron"), of=toy.Thing("one").serialNumber))
"""


def test_a_dynamic_provider_is_configured_and_checks_its_inputs(toy) -> None:
    check = "return dynamic.CheckResult({**news, 'size': 4, 'word': self.word}, [])"
    outcome = toy(DYNAMIC.format(check=check), config={"demo:word": "configured"})
    assert outcome.end == {"event": "done"}
    inputs = outcome.inputs("made")
    assert has_stand_in(inputs.pop("of"))
    assert inputs == {"size": 4.0, "word": "configured", "key": secret("quiet-heron")}


def test_a_dynamic_check_that_refuses_fails_the_program(toy) -> None:
    outcome = toy(
        DYNAMIC.format(check="return dynamic.CheckResult(news, [dynamic.CheckFailure('size', 'is too big')])")
    )
    assert outcome.end["kind"] == "exception"
    assert "is too big" in outcome.end["message"]


def test_a_dynamic_check_that_raises_is_told_and_leaves_the_inputs(toy) -> None:
    outcome = toy(DYNAMIC.format(check="raise KeyError('quiet-heron')"))
    assert outcome.end == {"event": "done"}
    (notice,) = outcome.notices("dynamic-check-raised")
    assert "KeyError" in notice["message"]
    assert "quiet-heron" not in notice["message"]
    assert notice["source"] == {"file": "__main__.py", "line": 13}
    assert outcome.inputs("made")["size"] == 3.0


def test_a_hook_that_may_fail_is_told_and_the_program_goes_on(toy) -> None:
    outcome = toy(
        """
def broken(args):
    raise ValueError("not this one")
hook = pulumi.ResourceHook("hook", broken, pulumi.ResourceHookOptions(on_dry_run=True, ignore_errors=True))
toy.Thing("one", opts=pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(before_create=[hook])))
"""
    )
    assert outcome.end == {"event": "done"}
    (notice,) = outcome.notices("log")
    assert (notice["severity"], notice["message"]) == ("warning", 'before_create hook "hook" failed: not this one')


def test_two_hooks_of_one_name_fail_the_program(toy) -> None:
    outcome = toy(
        """
pulumi.ResourceHook("hook", print)
hook = pulumi.ResourceHook("hook", print)
toy.Thing("one", opts=pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(before_create=[hook])))
"""
    )
    assert outcome.end["kind"] == "exception"
    assert 'resource hook already registered for name "hook"' in outcome.end["message"]


def test_a_transform_sees_and_changes_every_option(toy) -> None:
    outcome = toy(
        """
def change(args):
    if args.type_ != "toy:index:Thing":
        return None
    options = args.opts
    pulumi.log.info(f"{options.protect} {options.retain_on_delete} {options.import_}")
    options.hooks = pulumi.ResourceHookBinding(before_create=[hook])
    return pulumi.ResourceTransformResult(args.props, options)

async def note(args): pulumi.log.info("hook of " + args.name)
hook = pulumi.ResourceHook("hook", note, pulumi.ResourceHookOptions(on_dry_run=True))
pulumi.runtime.register_resource_transform(change)
class Box(pulumi.ComponentResource):
    def __init__(self): super().__init__("demo:index:Box", "box", {}, pulumi.ResourceOptions(protect=True))
toy.Thing("one", opts=pulumi.ResourceOptions(parent=Box(), retain_on_delete=True, import_="an-id"))
"""
    )
    assert outcome.end == {"event": "done"}
    assert [notice["message"] for notice in outcome.notices("log")] == ["True True an-id", "hook of one"]


@pytest.mark.parametrize(
    ("version", "url", "name"),
    [
        ("", "https://plugins.example/toy", "default_https_/plugins.example/toy"),
        ("1.2.0", "github://api.github.com/acme//", "default_1_2_0_github_/api.github.com/acme"),
        ("", "http://[::1]:8080/-x?y", "default_http_/_::1__8080/_x_y"),
    ],
)
def test_a_default_provider_is_named_after_its_download_address(toy, version, url, name) -> None:
    outcome = toy(f"toy.Thing('one', opts=pulumi.ResourceOptions(version='{version}', plugin_download_url='{url}'))")
    assert outcome.named(outcome.requests, "one").provider.name == name.replace("::", "__")
