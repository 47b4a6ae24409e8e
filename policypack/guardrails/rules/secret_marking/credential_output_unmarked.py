"""A resource generates a credential, and the program does not have it marked secret."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ...secrets.properties import UNMARKED_OUTPUTS


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    names = UNMARKED_OUTPUTS[resource.type]
    # Whoever pastes the line for one output keeps the marks of the others.
    every = ", ".join(f'"{_python(name)}"' for name in names if resource[name].absent)
    for name in names:
        # What the program gives, `credential-property-unmarked` decides: the output has the mark of the input.
        if name not in resource.additional_secret_outputs and resource[name].absent:
            yield Finding(
                path=name,
                cause=name,
                message=f"the output {name} is a credential that the provider does not mark secret: "
                "it is stored in the state in clear, and everything computed from it is in clear as well",
                fix=f"opts=pulumi.ResourceOptions(additional_secret_outputs=[{every}])",
            )


def _python(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


RULE = ResourceRule(
    id="credential-output-unmarked",
    concern=Concern.SECRET_MARKING,
    severity=Severity.HIGH,
    title="A generated credential is not marked secret",
    why="Some providers return tokens, passwords and bearer URLs without a secret mark; Pulumi then stores and shows them in clear.",
    fix="Name the output in `additional_secret_outputs` of the resource's options.",
    covers=("SM-51", "SM-52", "PB-64"),
    types=tuple(UNMARKED_OUTPUTS),
    check=check,
)
