"""A password is given as a value where the provider has a way that leaves none in the state (advice)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ...findings import Concern, Finding, Level, Severity
from ...model import Context, Resource
from ...rule import ResourceRule
from ...secrets.properties import is_plain_parameter

# The property that holds the value, and what can be given in its place (pulumi_aws 7.51).
_BETTER: Final[Mapping[str, tuple[str, str]]] = {
    "aws:docdb/cluster:Cluster": ("masterPassword", "manage_master_user_password=True or master_password_wo"),
    "aws:rds/cluster:Cluster": ("masterPassword", "manage_master_user_password=True or master_password_wo"),
    "aws:rds/instance:Instance": ("password", "manage_master_user_password=True or password_wo"),
    "aws:redshift/cluster:Cluster": ("masterPassword", "manage_master_password=True or master_password_wo"),
    "aws:redshiftserverless/namespace:Namespace": (
        "adminUserPassword",
        "manage_admin_password=True or admin_user_password_wo",
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": ("secretString", "secret_string_wo"),
    "aws:ssm/parameter:Parameter": ("value", "value_wo"),
}


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    name, better = _BETTER[resource.type]
    # It holds no secret, or is another rule's to judge.
    if is_plain_parameter(resource):
        return
    if not resource[name].absent and resource[name].text != "":
        yield Finding(
            path=name,
            message=f"the value of {name} is kept in the state, where {better.split(' or ')[0]} would leave none",
            fix=f"Give {better} in place of {name}.",
        )


RULE = ResourceRule(
    id="credential-kept-in-state",
    concern=Concern.SECRET_MARKING,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="A credential is kept in the state although it need not be",
    why="An encrypted value in the state is open to everyone who may decrypt the stack; a managed or write-only one is not in it.",
    fix="Let the service manage the password, or use the write-only property with its version.",
    covers=("SM-21",),
    types=tuple(_BETTER),
    check=check,
)
