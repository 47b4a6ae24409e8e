"""Values that fit what a program does with them: forms, ids, mappings, resources of remote components, manifests."""

from __future__ import annotations

import base64
import collections.abc
import json
import re

import pulumi
import pytest
from google.protobuf import struct_pb2

from policypack.guardrails.values import has_stand_in, may_be_anything
from preflight.engine.inside import invented, manifests, outputs, places, references, shapes, synthesis, texts, wire

NOWHERE = places.place("urn", {})
URN = "urn:pulumi:dev::demo::far:index:House::home"

FAR = """
import pulumi
from typing import Mapping, Optional, Sequence

@pulumi.output_type
class Detail(dict):
    def __init__(__self__, *, colors: Mapping[str, str], size: int, note: Optional[str] = None,
                 count: Optional[int] = None, labels: Optional[Mapping[str, str]] = None):
        for name, value in dict(colors=colors, size=size, note=note, count=count, labels=labels).items():
            pulumi.set(__self__, name, value)

    @property
    @pulumi.getter
    def colors(self) -> Mapping[str, str]:
        return pulumi.get(self, "colors")

    @property
    @pulumi.getter
    def size(self) -> int:
        return pulumi.get(self, "size")

    @property
    @pulumi.getter
    def note(self) -> Optional[str]:
        return pulumi.get(self, "note")

    @property
    @pulumi.getter
    def count(self) -> Optional[int]:
        return pulumi.get(self, "count")

    @property
    @pulumi.getter
    def labels(self) -> Optional[Mapping[str, str]]:
        return pulumi.get(self, "labels")

class Lamp(pulumi.CustomResource):
    pulumi_type = "far:index:Lamp"

    def __init__(self, resource_name, opts=None, detail=None):
        super().__init__("far:index:Lamp", resource_name, dict(detail=detail, uris=None, details=None, serial=None), opts)

    @property
    @pulumi.getter
    def detail(self) -> pulumi.Output[Detail]:
        return pulumi.get(self, "detail")

    @property
    @pulumi.getter
    def uris(self) -> pulumi.Output[Mapping[str, str]]:
        return pulumi.get(self, "uris")

    @property
    @pulumi.getter
    def details(self) -> pulumi.Output[Mapping[str, Detail]]:
        return pulumi.get(self, "details")

    @property
    @pulumi.getter
    def serial(self) -> pulumi.Output[str]:
        return pulumi.get(self, "serial")

@pulumi.output_type
class Core(dict):
    def __init__(__self__, *, lamp: Lamp):
        pulumi.set(__self__, "lamp", lamp)

    @property
    @pulumi.getter
    def lamp(self) -> Lamp:
        return pulumi.get(self, "lamp")

class House(pulumi.ComponentResource):
    pulumi_type = "far:index:House"

    def __init__(self, name, opts=None):
        super().__init__("far:index:House", name, dict(core=None, lamps=None), opts, remote=True)

    @property
    @pulumi.getter
    def core(self) -> pulumi.Output[Core]:
        return pulumi.get(self, "core")

    @property
    @pulumi.getter
    def lamps(self) -> pulumi.Output[Sequence[Lamp]]:
        return pulumi.get(self, "lamps")

class Module(pulumi.runtime.ResourceModule):
    def version(self):
        return None

    def construct(self, name, typ, urn):
        return Lamp(name, pulumi.ResourceOptions(urn=urn))

pulumi.runtime.register_resource_module("far", "index", Module())
"""


@pytest.fixture
def far(run):
    """Run a program that has the SDK above at hand as `far`."""
    return lambda source, **rest: run("import pulumi, far\n" + source, **{"files": {"far.py": FAR}} | rest)


def test_an_invented_mapping_answers_any_name(far) -> None:
    outcome = far(
        """
lamp = far.Lamp("one")
pulumi.export("named", lamp.uris["GRAPHQL"])
pulumi.export("same", lamp.uris["GRAPHQL"])
pulumi.export("other", lamp.uris["REALTIME"])
pulumi.export("parts", lamp.uris.apply(lambda it: [part.upper() for part in it["ANY"]]))
lamp.uris.apply(lambda it: print("MAPPING", len(it), it.get("x"), it.get("x", "mine"), "x" in it))
lamp.details.apply(lambda it: print("DETAIL", it["x"].size))
"""
    )
    assert outcome.end == {"event": "done"}
    named, same, other = (outcome.exports[name] for name in ("named", "same", "other"))
    assert may_be_anything(named)
    assert named == same != other
    first, second = outcome.exports["parts"]
    assert first != second
    assert first.startswith("standin0x")
    assert second.startswith("standin0x")
    assert "MAPPING 1 None mine False" in outcome.stderr
    assert "DETAIL 1" in outcome.stderr
    assert not outcome.notices("apply-raised")


def test_a_given_mapping_answers_what_was_given(far) -> None:
    outcome = far("""far.Lamp("one", detail={"colors": {"a": "red"}}).detail.colors.apply(lambda it: it["b"])""")
    assert [notice["source"]["line"] for notice in outcome.notices("apply-raised")] == [2]


def test_what_is_inside_an_input_fits_its_type_too(far) -> None:
    outcome = far(
        """
lamp = far.Lamp("one", detail={"colors": ["red", "green"], "size": 3})
lamp.detail.apply(lambda it: print("DETAIL", isinstance(it.colors, dict), it.size, it.note[:8], it.count, it.labels))
"""
    )
    assert "DETAIL True 3 standin0 None None" in outcome.stderr
    assert outcome.inputs("one")["detail"] == {"colors": ["red", "green"], "size": 3}
    assert outcome.outputs("one")["detail"] == {"colors": wire.UNKNOWN, "size": 3}


def test_resources_that_a_remote_component_gives_are_stand_ins(far) -> None:
    outcome = far(
        """
house = far.House("home")
pulumi.export("serial", house.core.lamp.serial)
pulumi.export("id", house.lamps[1].id)
lamp = far.Lamp("mine", detail={"note": house.core.lamp.serial, "colors": {}, "size": 1})
pulumi.export("again", house.core.lamp.serial)
"""
    )
    assert outcome.end == {"event": "done"}
    assert may_be_anything(outcome.exports["serial"])
    assert outcome.exports["serial"] == outcome.exports["again"] == outcome.inputs("mine")["detail"]["note"]
    assert has_stand_in(outcome.exports["id"])
    assert [notice["type"] for notice in outcome.notices("unchecked-type")] == ["far:index:House"]
    assert {request.name for request in outcome.requests.values() if request.type.startswith("far:")} == {
        "home",
        "mine",
    }


def test_a_reference_is_known_by_its_urn() -> None:
    class Lamp(pulumi.CustomResource):
        pulumi_type = "far:index:Lamp"

    found = references.to_invented(texts.Subject(URN, "far:index:House", NOWHERE), Lamp, "core.lamp")
    assert references.invented_type(found["urn"]) == "far:index:Lamp"
    assert references.invented_type(URN) is None
    assert invented.hanging(found) is invented.Hangs.NOTHING
    assert references.to_invented(texts.Subject("far:index:find()", "far:index:find", NOWHERE), Lamp, "lamp") is None


def test_manifests_are_read_and_charts_are_told(far) -> None:
    outcome = far(
        """
text = "kind: A\\nwhen: 2020-01-02\\n---\\n---\\nkind: B\\n"
found = pulumi.runtime.invoke("kubernetes:yaml:decode", {"text": text}).value["result"]
print("KINDS", [(it["kind"], it.get("when")) for it in found])
print("CHART", pulumi.runtime.invoke("kubernetes:helm:template", {"jsonOpts": "{}"}).value)
print("BAD", pulumi.runtime.invoke("kubernetes:yaml:decode", {"text": "a: ["}).value)
"""
    )
    assert "KINDS [('A', '2020-01-02'), ('B', None)]" in outcome.stderr
    assert "CHART {'result': []}" in outcome.stderr
    assert "BAD {'result': []}" in outcome.stderr
    assert [notice["type"] for notice in outcome.notices("unchecked-type")] == [
        "kubernetes:helm.sh/v3:Chart",
        manifests.DECODE,
    ]
    assert not outcome.notices("unknown-function")


KUBECONFIG = ("current-context", "clusters", "users")


@pytest.mark.parametrize(
    ("type_", "path", "decoded"),
    [
        ("azure-native:containerservice:listAdmin", "kubeconfigs[0].value", base64.b64decode),
        ("azure:containerservice/cluster:Cluster", "kubeConfigRaw", str.encode),
        ("do:index/cluster:Cluster", "kubeConfigs[0].rawConfig", str.encode),
    ],
)
def test_a_kubeconfig_can_be_read(type_: str, path: str, decoded) -> None:
    text = texts.text(texts.Subject(URN, type_, NOWHERE), path.rpartition(".")[2], path)
    assert set(KUBECONFIG) <= json.loads(decoded(text)).keys()
    assert texts.holds_token(text)


def test_the_issuer_of_a_cluster_component_is_one_and_has_its_form() -> None:
    subject = texts.Subject(URN, "eks:index:Cluster", NOWHERE)
    url, arn, issuer = (
        texts.text(subject, name, name) for name in ("oidcProviderUrl", "oidcProviderArn", "oidcIssuer")
    )
    assert re.fullmatch(r"oidc\.eks\.\w+\.amazonaws\.com/id/standin0c\w{16}", issuer)
    assert url == f"https://{issuer}"
    assert arn == f"arn:aws:iam::{NOWHERE.account}:oidc-provider/{issuer}"


@pytest.mark.parametrize(
    ("type_", "path", "pattern"),
    [
        ("aws:ecr/getAuthorizationToken:getAuthorizationToken", "authorizationToken", r"AWS:\w+"),
        ("gcp:container/cluster:Cluster", "masterAuth.clusterCaCertificate", r"-----BEGIN CERTIFICATE-----\n\w+\n.*\n"),
        ("aws:eks/cluster:Cluster", "certificateAuthority.data", r"-----BEGIN CERTIFICATE-----\n\w+\n.*\n"),
        ("x:y:Z", "contentBase64", r"standin0c\w{16}"),
    ],
)
def test_base64_can_be_decoded_and_shows_its_token(type_: str, path: str, pattern: str) -> None:
    text = texts.text(texts.Subject(URN, type_, NOWHERE), path.rpartition(".")[2], path)
    assert re.fullmatch(pattern, base64.b64decode(text, validate=True).decode())
    assert texts.holds_token(text)
    assert has_stand_in(text)


@pytest.mark.parametrize(
    ("type_", "inputs", "pattern"),
    [
        ("azure-native:network:VirtualNetwork", {"resourceGroupName": "rg"}, "/subscriptions/T/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/T"),
        ("azure:core/resourceGroup:ResourceGroup", {"name": "rg"}, "/subscriptions/T/resourceGroups/rg"),
        ("kubernetes:apps/v1:Deployment", {"metadata": {"name": "web", "namespace": "shop"}}, "shop/web"),
        ("kubernetes:apps/v1:Deployment", {"metadata": {"name": "web"}}, "T/web"),
        ("kubernetes:core/v1:Namespace", {"metadata": {"name": "shop"}}, "shop"),
        ("gcp:compute/network:Network", {"name": "net", "project": "p"}, "projects/p/networks/net"),
        ("gcp:compute/network:Network", {"name": wire.UNKNOWN}, "projects/T/networks/T"),
        ("x:y:Z", {}, "T"),
    ],
)  # fmt: skip
def test_ids_have_the_form_of_their_provider(type_: str, inputs: dict, pattern: str) -> None:
    given = struct_pb2.Struct()
    given.update(inputs)
    built = outputs.build(texts.Subject(URN, type_, NOWHERE), None, given, given, ())
    assert re.fullmatch(re.escape(pattern).replace("T", "standin0c[0-9a-f]{16}"), built.id)


def test_ids_inside_the_answers_of_azure_have_its_form() -> None:
    subject = texts.Subject("azure-native:network:getSubnet()", "azure-native:network:getSubnet", NOWHERE)
    parts = texts.text(subject, "id", "id").split("/")
    assert parts[1:8:2] == ["subscriptions", "resourceGroups", "providers", "subnets"]
    assert texts.text(subject, "subscriptionId", "subscriptionId") == parts[2]


@pytest.mark.parametrize(
    ("hint", "given", "declared"),
    [
        (bool, "true", True),
        (bool, "perhaps", None),
        (str, True, "true"),
        (int, "8", 8),
        (int, "eight", None),
        (str, None, None),
        (collections.abc.Sequence[str], "one", None),
        (collections.abc.Mapping[str, str], {"a": "b"}, {"a": "b"}),
    ],
)
def test_an_argument_that_a_function_gives_back_has_the_declared_type(hint, given, declared) -> None:
    assert synthesis.as_declared(hint, given) == declared


def test_resource_classes_are_told_from_others() -> None:
    assert shapes.is_resource(pulumi.CustomResource)
    assert not shapes.is_resource(dict)


def test_files_that_configuration_names_hold_a_token(run) -> None:
    outcome = run(
        """
import os, pathlib, pulumi
path = pulumi.Config().require("keyPath")
pulumi.export("text", open(path).read())
pulumi.export("again", pathlib.Path("some", path).read_text())
pulumi.export("bytes", open(path, "rb").read().decode())
pulumi.export("listed", os.listdir(os.path.join(os.getcwd(), path)))
for call in (lambda: open("absent"), lambda: open(os.path.join(path, "new"), "w"), lambda: os.listdir("absent")):
    try:
        call()
    except FileNotFoundError:
        print("RAISED")
"""
    )
    assert outcome.end == {"event": "done"}
    assert may_be_anything(outcome.exports["text"])
    assert outcome.exports["text"] == outcome.exports["again"] == outcome.exports["bytes"]
    assert outcome.exports["listed"] == []
    assert outcome.stderr.count("RAISED") == 3
    assert [notice["source"]["line"] for notice in outcome.notices("absent-folder")] == [7]


@pytest.mark.parametrize(
    ("key", "pattern"),
    [
        ("hub_address_space", r"248\.\d+\.0\.0/16"),
        ("allowedCidrs", r"248\.\d+\.0\.0/16"),
        ("bastion-ip", r"249\.\d+\.\d+\.7"),
        ("targetDomain", r"standin0x\w{16}\.invalid"),
        ("callbackUrl", r"https://standin0x\w{16}\.invalid"),
        ("privateKey", r"-----BEGIN RSA PRIVATE KEY-----\nstandin0x\w{16}\n-----END RSA PRIVATE KEY-----\n"),
        ("recipe", r"standin0x\w{16}"),
    ],
)
def test_invented_configuration_that_programs_take_apart_is_well_formed(run, key: str, pattern: str) -> None:
    outcome = run(f"import pulumi\npulumi.export('value', pulumi.Config().require('{key}'))")
    assert re.fullmatch(pattern, outcome.exports["value"])


@pytest.mark.parametrize(
    ("expression", "invented_"),
    [
        ("pulumi.Config('aws').get('region')", True),
        ("pulumi.Config('aws').get('region', 'eu-west-1')", False),
        ("pulumi.Config('aws').get('profile')", False),
    ],
)
def test_the_region_that_every_resource_of_aws_needs_is_invented(run, monkeypatch, expression, invented_) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    outcome = run(f"import pulumi\npulumi.export('value', str({expression}))")
    assert has_stand_in(outcome.exports["value"]) is invented_


def test_a_region_of_the_surroundings_stands(run, monkeypatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    outcome = run("import pulumi\npulumi.export('value', str(pulumi.Config('aws').get('region')))")
    assert outcome.exports["value"] == "None"
