"""The inputs that take whatever names and values a program gives: environments, metadata, start scripts, tags.

The types of AWS and OCI are those of pulumi_aws 7.51 and pulumi_oci 5.5; Kubernetes has many that run a
container, told by how their tokens begin.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ..model import Asset, Keys, Resource, Secret, Value
from ..values import has_stand_in
from .encoded import decoded

_CONTAINERS: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:amplify/app:App": ("environmentVariables", "buildSpec"),
    "aws:amplify/branch:Branch": ("environmentVariables",),
    "aws:apigateway/deployment:Deployment": ("variables",),
    "aws:apigateway/stage:Stage": ("variables",),
    "aws:apigatewayv2/stage:Stage": ("stageVariables",),
    "aws:apprunner/service:Service": ("sourceConfiguration",),
    "aws:batch/jobDefinition:JobDefinition": ("containerProperties", "nodeProperties", "ecsProperties", "parameters"),
    "aws:bedrock/agentcoreAgentRuntime:AgentcoreAgentRuntime": ("environmentVariables",),
    "aws:cloudformation/stack:Stack": ("parameters", "templateBody"),
    "aws:cloudformation/stackSet:StackSet": ("parameters", "templateBody"),
    "aws:codebuild/project:Project": ("environment",),
    "aws:ec2/instance:Instance": ("userData", "userDataBase64"),
    "aws:ec2/launchConfiguration:LaunchConfiguration": ("userData", "userDataBase64"),
    "aws:ec2/launchTemplate:LaunchTemplate": ("userData",),
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest": ("userData", "userDataBase64"),
    "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition": ("containerDefinitions",),
    "aws:ecs/expressGatewayService:ExpressGatewayService": ("primaryContainer",),
    "aws:ecs/taskDefinition:TaskDefinition": ("containerDefinitions",),
    "aws:elasticbeanstalk/configurationTemplate:ConfigurationTemplate": ("settings",),
    "aws:elasticbeanstalk/environment:Environment": ("settings",),
    "aws:glue/job:Job": ("defaultArguments", "nonOverridableArguments"),
    "aws:imagebuilder/imageRecipe:ImageRecipe": ("userDataBase64",),
    "aws:lambda/function:Function": ("environment",),
    "aws:lambda/invocation:Invocation": ("input",),
    "aws:lightsail/containerServiceDeploymentVersion:ContainerServiceDeploymentVersion": ("containers",),
    "aws:lightsail/instance:Instance": ("userData",),
    "aws:pipes/pipe:Pipe": ("targetParameters",),
    "aws:sagemaker/model:Model": ("containers", "primaryContainer"),
    "aws:sagemaker/trainingJob:TrainingJob": ("environment", "hyperParameters"),
    "aws:scheduler/schedule:Schedule": ("target",),
    "aws:sfn/stateMachine:StateMachine": ("definition",),
    "aws:ssm/association:Association": ("parameters",),
    "aws:ssm/document:Document": ("content",),
    "aws:synthetics/canary:Canary": ("runConfig",),
    "command:local:Command": ("environment",),
    "command:remote:Command": ("environment",),
    "docker:index/container:Container": ("envs",),
    "docker:index/service:Service": ("taskSpec",),
    "kubernetes:core/v1:ConfigMap": ("data",),
    "kubernetes:core/v1:Secret": ("data", "stringData"),
    "oci:ContainerEngine/containerInstance:ContainerInstance": ("containers",),
    "oci:Core/instance:Instance": ("metadata", "extendedMetadata"),
    "oci:Core/instanceConfiguration:InstanceConfiguration": ("instanceDetails",),
    "oci:DataScience/job:Job": ("jobConfigurationDetails", "jobEnvironmentConfigurationDetails"),
    "oci:DataScience/modelDeployment:ModelDeployment": ("modelDeploymentConfigurationDetails",),
    "oci:DataScience/pipeline:Pipeline": ("configurationDetails", "stepDetails"),
    "oci:DevOps/buildPipeline:BuildPipeline": ("buildPipelineParameters",),
    "oci:DevOps/deployPipeline:DeployPipeline": ("deployPipelineParameters",),
    "oci:Functions/application:Application": ("config",),
    "oci:Functions/function:Function": ("config",),
    "oci:GenerativeAi/hostedApplication:HostedApplication": ("environmentVariables",),
}
_WORKLOADS: Final = ("kubernetes:apps/", "kubernetes:batch/", "kubernetes:core/v1:Pod")
_TAGS: Final = ("tags", "freeformTags", "definedTags")

# A list of variables: what one is called, and what it holds.
_ENTRY: Final = (
    ("name", "value"),
    ("Name", "Value"),
    ("key", "value"),
    ("Key", "Value"),
    ("parameterKey", "parameterValue"),
)
# The value is the place of the secret, and the secret itself stays in its store.
_STORED: Final = frozenset({"PARAMETER_STORE", "SECRETS_MANAGER"})

# `NAME=value` of a shell or a container, `--name value=`, `"name": "value"` and `name: value` of JSON and YAML.
_ASSIGNED: Final = re.compile(
    r"""(?<![\w.$/-])-{0,2}(?P<name>[A-Za-z_][\w.-]{2,60})["']?[ ]?(?P<sign>[=:])[ ]?"""
    r"""(?:"(?P<double>[^"\n]{1,300})"|'(?P<single>[^'\n]{1,300})'|(?P<bare>[^\s;&|"'`,]{1,300}))""",
)
_TELLING: Final = (
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "cred",
    "auth",
    "dsn",
    "salt",
    "conn",
    "bearer",
    "_pat",
    "psk",
)
# Of a program: a call, a variable, a part of a template.
_COMPUTED: Final = re.compile(r"[$(){}\[\]<>`]|%[sdv]")


@dataclass(frozen=True, slots=True)
class Setting:
    """A text at `keys` of a resource, under `names`, from the input inwards; `how` says how it is written there."""

    keys: Keys
    names: tuple[str, ...]
    text: str = field(repr=False)
    how: str = ""

    @property
    def path(self) -> str:
        """The property path, as `Value.path` gives it."""
        return Value(None, self.keys).path


def settings(resource: Resource) -> Iterator[Setting]:
    """The named texts in the free-form inputs of a resource that are neither marked secret nor invented.

    Those inside JSON, scripts and start scripts in base64 too, at the place of the whole text. A tag counts as one.
    """
    for name in _inputs(resource):
        value = resource[name]
        if value.secret:
            continue
        for setting in _walk(value.keys, (), value.raw):
            if setting.names:
                yield setting
            yield from _inside(setting, (name, *setting.names))


def _inputs(resource: Resource) -> Iterator[str]:
    names = _CONTAINERS.get(resource.type, ())
    if not names and resource.type.startswith(_WORKLOADS):
        names = ("spec",)
    return (name for name in (*names, *_TAGS) if name in resource.properties)


def _walk(keys: Keys, names: tuple[str, ...], raw: object) -> Iterator[Setting]:
    waiting: list[tuple[Keys, tuple[str, ...], object]] = [(keys, names, raw)]
    while waiting:
        keys, names, raw = waiting.pop()
        if isinstance(raw, str):
            if not has_stand_in(raw):
                yield Setting(keys, names, raw)
        elif isinstance(raw, dict):
            entry, held = _entry(raw)
            if entry is not None and raw.get("type") in _STORED:
                continue
            for name, inner in raw.items():
                if not isinstance(inner, Secret):
                    word = entry if name == held and entry is not None else str(name)
                    waiting.append(((*keys, name), (*names, word), inner))
        elif isinstance(raw, list):
            waiting += (((*keys, index), names, inner) for index, inner in enumerate(raw))
        elif isinstance(raw, Asset) and raw.text:
            yield Setting(keys, names, raw.text)


def _entry(raw: Mapping[object, object]) -> tuple[str | None, str]:
    """What an entry of a list of variables is called and which of its members holds the value."""
    for name, held in _ENTRY:
        if held in raw and isinstance(called := raw.get(name), str):
            return called, held
    return None, ""


def _inside(setting: Setting, names: tuple[str, ...]) -> Iterator[Setting]:
    """The settings inside a text that is a document or a script, plain or encoded."""
    text = setting.text
    if text.lstrip().startswith(("{", "[")):
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            pass
        else:
            for inner in _walk(setting.keys, (), document):
                yield Setting(setting.keys, (*names, *inner.names), inner.text, "inside its JSON text")
                yield from _assigned(setting, inner.text, "inside its JSON text")
            return
    yield from _assigned(setting, text, "")
    if "user" in names[0].lower() or "user" in names[-1].lower():
        for layer in decoded(text):
            yield from _assigned(setting, layer.text, layer.how)


def _assigned(setting: Setting, text: str, how: str) -> Iterator[Setting]:
    """What lines of a script or of a settings file set."""
    if not (("=" in text or ":" in text) and _tells(text)):
        return
    for line in text.splitlines():
        if _tells(line):
            yield from (
                Setting(setting.keys, (match["name"],), value, how or "in its text")
                for match in _ASSIGNED.finditer(line)
                if (value := _value(match)) is not None
            )


def _tells(text: str) -> bool:
    return any(map(text.lower().__contains__, _TELLING))


def _value(match: re.Match[str]) -> str | None:
    """The value of an assignment; None where a program is to work it out, or where it is a line of prose."""
    value = match["single"] or match["double"] or match["bare"]
    if match["single"] is None and _COMPUTED.search(value):
        return None
    # `passwd: files` is a line of a settings file, `Password: required` of a text.
    return None if match["sign"] == ":" and match["bare"] is not None and value.isalpha() else value
