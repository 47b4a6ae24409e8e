"""A build gets the access keys of a user as plain environment variables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule

_NAMES: Final = frozenset({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    environment = resource["environment"]
    environment = next(environment.elements(), environment)
    for variable in environment["environmentVariables"].elements():
        kind, value = variable["type"], variable["value"]
        if variable["name"].text not in _NAMES or value.text == "":
            continue
        if kind.unknown:
            yield undecided(
                kind.path, f"{kind.path} is not known yet, so whether the build fetches the key cannot be told"
            )
        # A mark hides it in Pulumi; CodeBuild shows it all the same.
        elif kind.text in (None, "PLAINTEXT"):
            yield Finding(
                path=value.path,
                message=f"{variable['name'].text} of a build is plain text: whoever may read the project, or a log of it, has the key",
                cause=value.path,
            )


RULE = ResourceRule(
    id="build-environment-with-access-keys",
    concern=Concern.SECRET_MARKING,
    severity=Severity.HIGH,
    title="A build has access keys in its environment",
    why="CodeBuild shows plain variables in its console, its API and its logs to everyone who may see the project.",
    fix="Drop the keys and let the build's service role do the work, or give the variable the type SECRETS_MANAGER or PARAMETER_STORE.",
    controls=("FSBP-1.0.0:CodeBuild.2",),
    covers=("SM-05",),
    yields_to=("secret-configuration-in-plain",),
    types=("aws:codebuild/project:Project",),
    check=check,
)
