"""A variable, a parameter or a tag is named like a credential and holds one in clear."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Keys, Resource
from ...rule import Edit, MarkSecret, ResourceRule
from ...secrets.free_form import Setting, settings
from ...secrets.held import showing
from ...secrets.names import is_named_credential
from ...secrets.places import presentable
from ..plain_parameters import SECURE, plain_parameter


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    said: set[str] = set()
    for setting in _held(resource).values():
        shows = showing(setting.text)
        path = presentable(setting.keys, shows)
        # Where a name on the way is a credential, the place that can be named may be that of several.
        if path in said:
            continue
        said.add(path)
        name = "a variable" if shows(setting.names[-1]) else setting.names[-1]
        yield Finding(
            path=path,
            cause=path,
            message=f"{path} holds the value of {name}{f', {setting.how}' if setting.how else ''}: "
            "by its name a credential, which stands in the state, in previews and in the service in clear",
        )
    value = plain_parameter(resource)
    if value is not None and is_named_credential((resource["name"].text or resource.name,), value.text or ""):
        yield Finding(
            path=value.path,
            cause=value.path,
            message="the parameter is named like a credential and is of a type that the service stores unencrypted",
            fix=SECURE,
        )


def _held(resource: Resource) -> dict[Keys, Setting]:
    """The credentials by place: the first of those in one text."""
    held: dict[Keys, Setting] = {}
    for setting in settings(resource):
        if setting.keys not in held and is_named_credential(setting.names, setting.text):
            held[setting.keys] = setting
    return held


def remediate(resource: Resource, context: Context) -> Iterator[Edit]:
    return map(MarkSecret, dict.fromkeys(setting.whole for setting in _held(resource).values()))


RULE = ResourceRule(
    id="named-credential-in-plain",
    concern=Concern.SECRET_MARKING,
    severity=Severity.HIGH,
    title="A variable named like a credential holds its value in clear",
    why="Environments, metadata and start scripts are shown to everyone who may describe the resource, and stand in the state in clear.",
    fix="Keep the value in a secret store, pass the name of its entry and read it when the program starts; wrap what must stay here in `pulumi.Output.secret(…)`.",
    controls=("FSBP-1.0.0:ECS.8", "FSBP-1.0.0:CodeBuild.2"),
    covers=("SM-02", "SM-03", "SM-04", "SM-05", "SM-14", "SM-18", "SM-43"),
    yields_to=(
        "credential-in-plain-value",
        "secret-configuration-in-plain",
        "credential-property-unmarked",
        "api-key-private-key",
        "build-environment-with-access-keys",
    ),
    types=(),
    check=check,
    remediate=remediate,
)
