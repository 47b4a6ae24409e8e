"""What runs with which role in a stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..model import Resource, Stack
from .aws_documents import ROLE

_PROFILE: Final = "aws:iam/instanceProfile:InstanceProfile"
# The kinds of resources as in the action table by which a holder of permissions gets at what runs, the property that
# is its ARN, and the property (or the member of it) that names the role.
_RUNNING: Final[Mapping[str, tuple[tuple[str, ...], str, str]]] = {
    "aws:lambda/function:Function": (("lambda:function",), "arn", "role"),
    "aws:codebuild/project:Project": (("codebuild:project",), "arn", "serviceRole"),
    "aws:glue/job:Job": (("glue:job",), "arn", "roleArn"),
    "aws:glue/devEndpoint:DevEndpoint": (("glue:devendpoint",), "arn", "roleArn"),
    "aws:sfn/stateMachine:StateMachine": (("states:statemachine",), "arn", "roleArn"),
    "aws:sagemaker/notebookInstance:NotebookInstance": (("sagemaker:notebook-instance",), "arn", "roleArn"),
    "aws:cloudformation/stack:Stack": (("cloudformation:stack",), "id", "iamRoleArn"),
    "aws:codepipeline/pipeline:Pipeline": (("codepipeline:pipeline",), "arn", "roleArn"),
    "aws:ec2/instance:Instance": (("ec2:instance", "ssm:instance"), "arn", "iamInstanceProfile"),
}
RUNNING_TYPES: Final = (*_RUNNING, _PROFILE)


@dataclass(frozen=True)
class Workload:
    """Something that runs with a role. `kinds` are service and type as in the action table."""

    resource: Resource
    kinds: tuple[str, ...]
    arn: str
    role: Resource

    def __str__(self) -> str:
        return f"the {_word(self.resource.type)} {self.resource.name!r}"


def workloads(stack: Stack) -> Iterator[Workload]:
    """What runs with a role of the stack, and has an ARN that is known or stands in for one."""
    for type_, (kinds, arn, key) in _RUNNING.items():
        for resource in stack.of_type([type_]):
            text = resource[arn].text
            for role in _roles(stack, resource, key) if text else ():
                yield Workload(resource, kinds, text or "", role)


def _roles(stack: Stack, resource: Resource, key: str) -> Iterator[Resource]:
    if key != "iamInstanceProfile":
        yield from stack.targets(resource, key, [ROLE], ["arn"])
        return
    for profile in stack.targets(resource, key, [_PROFILE], ["name", "id"]):
        yield from stack.targets(profile, "role", [ROLE], ["name", "id"])


def _word(type_: str) -> str:
    """The last part of a type token in words: `stateMachine` gives `state machine`."""
    name = type_.rpartition(":")[2]
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
