"""Configuration and outputs of other stacks as a program finds them."""

from __future__ import annotations

import json

import pytest

from policypack.guardrails.values import may_be_anything

TEXT = {"schema": {}, "secret": False, "whole": True}


def read(outcome) -> dict[str, dict]:
    (frame,) = outcome.of("configuration")
    return {entry["key"]: entry for entry in frame["read"]}


ACCESSORS = [
    ("require", "string", str),
    ("require_bool", "boolean", bool),
    ("require_int", "integer", int),
    ("require_float", "number", float),
    ("require_object", "object", dict),
]


@pytest.mark.parametrize(("accessor", "kind", "type_"), ACCESSORS, ids=[row[0] for row in ACCESSORS])
def test_what_is_required_and_not_set_is_invented(run, accessor: str, kind: str, type_: type) -> None:
    secret = accessor.replace("require", "require_secret")
    outcome = run(
        f"""
import pulumi
config = pulumi.Config("far")
value = config.{accessor}("key")
assert isinstance(value, {type_.__name__}), value
assert config.{accessor}("key") == value
secret = config.{secret}("hidden")
secret.apply(lambda v: print("IS", isinstance(v, {type_.__name__})))
pulumi.export("secret", secret)
"""
    )
    assert outcome.end == {"event": "done"}
    assert "IS True" in outcome.stderr
    assert "value" in outcome.exports["secret"]
    found = read(outcome)
    assert {key: (one["type"], one["secret"]) for key, one in found.items()} == {
        "far:key": (kind, False),
        "far:hidden": (kind, True),
    }
    assert found["far:key"]["source"] == {"file": "__main__.py", "line": 4}


def test_what_is_only_asked_for_stays_absent(run) -> None:
    outcome = run(
        """
import pulumi
config = pulumi.Config()
for name in dir(config):
    if name.startswith("get"):
        assert getattr(config, name)("key") is None, name
assert config.get_int("key", 3) == 3
assert config.get("key", "d") == "d"
"""
    )
    assert outcome.end == {"event": "done"}
    assert read(outcome) == {}


def test_a_key_is_the_same_however_it_is_read(run) -> None:
    outcome = run(
        """
import os, pulumi
config = pulumi.Config()
text = config.require("key")
assert config.get("key") == config.require("key") == text
assert config.get_int("key") == config.require_int("key") == 1
assert config.get_bool("set") is config.require_bool("set") is False
os.environ["PULUMI_CONFIG_DEMO_ELSEWHERE"] = "from the environment"
assert config.require("elsewhere") == "from the environment"
pulumi.export("text", text)
""",
        config={"demo:set": "false"},
    )
    assert outcome.end == {"event": "done"}
    assert may_be_anything(outcome.exports["text"])
    assert list(read(outcome)) == ["demo:key"]


def test_an_invented_object_answers_any_name(run) -> None:
    outcome = run(
        """
import json, pulumi
data = pulumi.Config().require_object("data")
pulumi.export("whole", data)
pulumi.export("parts", [data["a"], data["a"]["b"], data.get("c"), data["d"].get("e"), f"x-{data['a']}", *data])
assert data["a"] != data["b"] and data["a"] == data["a"]
assert data.get("size", 3) == 3 and data["d"].get("size", 4) == 4
assert "a" in data and len(data) == 1 and [value for _, value in data.items()]
assert json.dumps(data["a"]) == f'"{data["a"]}"'
"""
    )
    assert outcome.end == {"event": "done"}
    ((name, value),) = outcome.exports["whole"].items()
    parts = outcome.exports["parts"]
    assert all(map(may_be_anything, [name, value, *parts]))
    assert len(set(parts)) == 6


CHANGES = [
    'text.upper()', 'text.lower()', 'text.title()', 'text.capitalize()', 'text.strip("st0123456789")', 'text[:10]',
    'text[3]', 'text[1:].upper()', 'text.replace("standin", "x")', 'text.split("0")[0]', 'text.split(",")[0].upper()',
    'text.rsplit("-", 1)[0]', 'f"{text:.5}"', '"{:>40.3}".format(text)', '",".join([text, "b"])', '"%s-x" % text',
    'json.loads(json.dumps(text))', '"".join(c for c in text if c.isalnum())', 'copy.deepcopy(text)[:3]',
]  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        pytest.param('config.require("name")', id="text"),
        pytest.param('config.require_object("data")["name"]', id="member"),
        pytest.param('config.require("siteUrl")', id="url"),
    ],
)
def test_what_a_program_makes_of_an_invented_text_still_tells_of_it(run, source: str) -> None:
    outcome = run(
        f"""
import copy, json, pulumi
config = pulumi.Config()
text = {source}
pulumi.export("made", [{", ".join(CHANGES)}])
assert type(f"{{text}}") is type(",".join(["a", text])) is str
"""
    )
    assert outcome.end == {"event": "done"}
    lost = [change for change, made in zip(CHANGES, outcome.exports["made"], strict=True) if not may_be_anything(made)]
    assert lost == []


def test_the_parts_of_a_text_that_is_taken_apart_are_those_that_it_has(run) -> None:
    outcome = run(
        """
import pulumi
config = pulumi.Config()
url, network = config.require("siteUrl"), config.require("vpcCidrBlock")
pulumi.export("parts", [url.split("://")[0], url[len("https://"):], url.replace("https", "http")[:5]])
pulumi.export("network", [network, network.split("/")[1]])
"""
    )
    scheme, host, http = outcome.exports["parts"]
    assert scheme == "https"
    assert host.startswith("standin0x")
    assert host.endswith(".invalid")
    assert http.startswith("http://standin0x")
    assert outcome.exports["network"][0].endswith("/" + outcome.exports["network"][1])


MEMBERS = [
    ("object", 'pulumi.Output.from_input(config.require_object("data")["zones"])'),
    ("deep", 'pulumi.Output.from_input(config.require_object("data")["net"]["zones"])'),
    ("secret object", 'config.require_secret_object("data").apply(lambda data: data["zones"])'),
    ("stack", 'pulumi.StackReference("acme/net/prod").get_output("zones")'),
    ("secret of a stack", 'pulumi.StackReference("acme/network/prod").require_output("password")'),
    ("member of a stack", 'pulumi.StackReference("acme/net/prod").get_output("net")["zones"]'),
]


@pytest.mark.parametrize("source", [row[1] for row in MEMBERS], ids=[row[0] for row in MEMBERS])
def test_a_member_of_something_invented_may_be_a_list(run, source: str) -> None:
    outcome = run(
        f"""
import pulumi
config = pulumi.Config()
def use(zones):
    first, second = zones
    listed = [zone for zone in zones]
    assert listed == list(zones) == [first, second] == [zones[0], zones[-1]] and first != second
    assert ",".join(zones) == first + "," + second
    print("MEMBERS", first, second["name"])
{source}.apply(use)
""",
        stack_outputs=GIVEN,
    )
    assert outcome.end == {"event": "done"}
    assert outcome.notices("apply-raised") == []
    (line,) = [line for line in outcome.stderr.splitlines() if line.startswith("MEMBERS")]
    assert all(map(may_be_anything, line.split()[1:]))


def test_a_resource_for_each_member_of_an_invented_object(run) -> None:
    outcome = run(
        """
import pulumi, pulumi_aws as aws
for zone in pulumi.Config().require_object("data")["zones"]:
    aws.sqs.Queue(f"q-{zone}")
"""
    )
    assert outcome.end == {"event": "done"}
    assert len([one for one in outcome.requests.values() if one.type == "aws:sqs/queue:Queue"]) == 2


def test_an_output_of_another_stack_is_no_number(run) -> None:
    outcome = run('import pulumi\npulumi.StackReference("acme/net/prod").get_output("port").apply(int)\n')
    assert len(outcome.notices("apply-raised")) == 1


def test_an_invented_text_may_be_read_as_a_number(run) -> None:
    outcome = run(
        """
import pulumi
config = pulumi.Config()
pulumi.export("numbers", [int(config.require("port")), float(config.require("share"))])
pulumi.export("hidden", config.require_secret("hidden").apply(int))
config.require("text")
pulumi.export("inner", config.require_secret_object("data").apply(lambda data: int(data["port"].strip())))
"""
    )
    assert outcome.end == {"event": "done"}
    assert outcome.exports["numbers"] == [1.0, 1.0]
    assert outcome.exports["hidden"]["value"] == 1.0
    assert {key: (one["type"], one["plain"]) for key, one in read(outcome).items()} == {
        "demo:port": ("number", True),
        "demo:share": ("number", True),
        "demo:hidden": ("number", True),
        "demo:text": ("string", True),
        "demo:data": ("object", True),
    }


def test_what_is_invented_as_a_secret_is_followed(run) -> None:
    from preflight.engine.inside.wire import UNKNOWN

    outcome = run(
        """
import pulumi, pulumi_aws as aws
config = pulumi.Config()
delay = config.require_secret_int("delay")
delay.apply(lambda value: print("DELAY", value))
data = config.require_secret_object("data")
data.apply(lambda value: print("MEMBER", value["any"]["thing"]))
aws.sqs.Queue("q", delay_seconds=delay, name=delay.apply(str), policy=data.apply(lambda d: d["policy"]))
aws.sqs.Queue("r", delay_seconds=data.apply(len))
"""
    )
    assert outcome.end == {"event": "done"}
    inputs = outcome.inputs("q")
    assert inputs["delaySeconds"]["value"] == inputs["name"]["value"] == UNKNOWN
    assert may_be_anything(inputs["policy"]["value"])
    assert outcome.inputs("r")["delaySeconds"]["value"] == UNKNOWN
    assert "DELAY 1\n" in outcome.stderr
    assert "MEMBER standin0x" in outcome.stderr
    assert {key: one["plain"] for key, one in read(outcome).items()} == {"demo:delay": False, "demo:data": False}


DECLARED = [
    ("boolean", {"type": "boolean"}, "true", 'config.require_bool("k")', True),
    ("integer", {"type": "integer"}, "1", 'config.require_int("k")', 1.0),
    ("an integer read as a number", {"type": "integer"}, "1", 'config.require_float("k")', 1.0),
    ("an integer read as text", {"type": "integer"}, "1", 'config.require("k")', "1"),
    ("a list", {"type": "array", "items": {"type": "integer"}}, "[1,1]", 'config.require_object("k")', [1.0, 1.0]),
    ("get sees it", {"type": "integer"}, "1", 'config.get_int("k")', 1.0),
]


@pytest.mark.parametrize(
    ("schema", "text", "read_it", "value"), [row[1:] for row in DECLARED], ids=[row[0] for row in DECLARED]
)
def test_the_declared_type_counts(run, schema, text, read_it, value) -> None:
    outcome = run(
        f'import pulumi\nconfig = pulumi.Config()\npulumi.export("v", {read_it})\n',
        config={"demo:k": text},
        invented={"demo:k": {"schema": schema, "secret": False, "whole": True}},
    )
    assert outcome.exports == {"v": value}
    assert read(outcome)["demo:k"]["type"] == schema["type"]


def test_a_declared_type_that_cannot_be_read_as_asked_is_the_programs_error(run) -> None:
    outcome = run(
        'import pulumi\npulumi.Config().require_int("k")',
        config={"demo:k": "true"},
        invented={"demo:k": {"schema": {"type": "boolean"}, "secret": False, "whole": True}},
    )
    assert outcome.end["message"] == "Configuration 'demo:k' value 'true' is not a valid 'int'"


def test_the_known_parts_of_an_object_are_kept(run) -> None:
    outcome = run(
        'import pulumi\npulumi.export("v", pulumi.Config().require_secret_object("k"))',
        config={"demo:k": '{"user":"bob","password":"standin0x0123456789abcdef"}'},
        secret_keys=["demo:k"],
        invented={"demo:k": {"schema": {}, "secret": True, "whole": False}},
    )
    assert outcome.exports["v"]["value"] == {"user": "bob", "password": "standin0x0123456789abcdef"}
    assert list(read(outcome)) == ["demo:k"]


def test_a_value_that_is_set_and_wrong_stays_an_error(run) -> None:
    outcome = run('import pulumi\npulumi.Config().require_int("k")', config={"demo:k": "many"})
    assert outcome.end["message"] == "Configuration 'demo:k' value 'many' is not a valid 'int'"


def test_a_program_that_says_itself_what_is_missing(run) -> None:
    outcome = run('import pulumi\nraise pulumi.ConfigMissingError("far:key", True)')
    assert outcome.end["kind"] == "config"
    assert outcome.end["key"] == "far:key"
    assert outcome.end["command"] == "pulumi config set --secret far:key <value>"


def test_configuration_stands_in_the_environment_as_the_engine_puts_it(run) -> None:
    outcome = run(
        """
import json, os, pulumi
pulumi.export("config", json.loads(os.environ["PULUMI_CONFIG"]))
pulumi.export("secret", json.loads(os.environ["PULUMI_CONFIG_SECRET_KEYS"]))
""",
        config={"demo:k": "v", "demo:pin": "4711"},
        secret_keys=["demo:pin"],
    )
    assert outcome.exports == {"config": {"demo:k": "v", "demo:pin": "4711"}, "secret": ["demo:pin"]}


def test_a_region_that_nobody_names_is_the_providers(run) -> None:
    outcome = run(
        """
import pulumi, pulumi_aws as aws
pulumi.export("region", pulumi.Config("aws").require("region"))
aws.sqs.Queue("q", tags={"region": aws.config.region})
pulumi.export("arn", aws.sqs.Queue("r").arn)
"""
    )
    assert outcome.end == {"event": "done"}
    region = outcome.exports["region"]
    assert region.startswith("standin0c")
    assert f":sqs:{region}:" in outcome.exports["arn"]


def test_what_is_invented_of_a_providers_configuration_is_unknown_to_the_pack(run) -> None:
    from preflight.engine.inside.wire import UNKNOWN

    outcome = run(
        "import pulumi_aws as aws\nprint('SEES', aws.config.region)\naws.sqs.Queue('q')\n",
        config={"aws:region": "standin0c0123456789abcdef", "aws:profile": "ops"},
        invented={"aws:region": TEXT},
    )
    (provider,) = [one for one in outcome.requests.values() if one.type == "pulumi:providers:aws"]
    assert provider.properties["region"] == UNKNOWN
    assert provider.properties["profile"] == "ops"
    assert UNKNOWN not in json.dumps(outcome.outputs("q").get("arn", ""))
    assert "SEES standin0c" in outcome.stderr


REFERENCE = """
import pulumi
stack = pulumi.StackReference({name!r})
"""
GIVEN = {
    "acme/network/prod": {"values": {"vpc": "vpc-1", "subnets": ["a", "b"]}, "secret": ["password"]},
    "acme/demo/dev": {"values": {"vpc": "vpc-2"}, "secret": []},
}


def test_outputs_of_other_stacks_are_those_given(run) -> None:
    outcome = run(
        REFERENCE.format(name="acme/network/prod")
        + """
pulumi.export("vpc", stack.get_output("vpc"))
pulumi.export("subnet", stack.require_output("subnets")[1])
pulumi.export("other", stack.get_output("other"))
pulumi.export("password", stack.require_output("password"))
pulumi.export("indexed", stack.outputs["vpc"])
async def details():
    plain, secret = await stack.get_output_details("vpc"), await stack.get_output_details("password")
    return [plain.value, plain.secret_value, secret.value, secret.secret_value]
pulumi.export("details", pulumi.Output.from_input(details()))
""",
        stack_outputs=GIVEN,
    )
    assert outcome.end == {"event": "done"}
    exports = outcome.exports
    assert (exports["vpc"], exports["subnet"]) == ("vpc-1", "b")
    assert may_be_anything(exports["other"])
    assert may_be_anything(exports["password"]["value"])
    # Where one output is secret, what is read past `get_output` is secret too, as in the engine.
    assert exports["indexed"]["value"] == "vpc-1"
    assert exports["details"] == ["vpc-1", None, None, exports["password"]["value"]]
    (frame,) = outcome.of("stack-outputs")
    assert {one.rpartition("::")[0] for one in frame["unused"]} == {"acme/demo/dev"}
    assert [one.rpartition("::")[2] for one in frame["invented"]] == ["other", "password"]


@pytest.mark.parametrize("name", ["dev", "acme/dev", "acme/demo/dev"])
def test_a_short_name_is_of_the_own_organization_and_project(run, name: str) -> None:
    outcome = run(
        REFERENCE.format(name=name) + 'pulumi.export("vpc", stack.require_output("vpc"))', stack_outputs=GIVEN
    )
    assert outcome.exports == {"vpc": "vpc-2"}


def test_the_stack_may_have_another_name_than_the_reference(run) -> None:
    outcome = run(
        """
import pulumi
first = pulumi.StackReference("net", stack_name="acme/network/prod")
second = pulumi.StackReference("net2", "acme/demo/dev", pulumi.ResourceOptions())
pulumi.export("vpcs", [first.get_output("vpc"), second.get_output("vpc")])
""",
        stack_outputs=GIVEN,
    )
    assert outcome.exports == {"vpcs": ["vpc-1", "vpc-2"]}
