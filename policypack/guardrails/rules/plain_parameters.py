"""Parameters that Systems Manager stores unencrypted, whatever Pulumi does with their value."""

from __future__ import annotations

from typing import Final

from ..model import Resource, Value
from ..secrets.properties import is_plain_parameter

SECURE: Final = (
    'Set type="SecureString", and replace the credential: the history of the parameter keeps the old value in clear.'
)


def plain_parameter(resource: Resource) -> Value | None:
    """The value of a parameter of type String or StringList, which the SDK marks secret and the service does not."""
    if not is_plain_parameter(resource):
        return None
    return next((value for name in ("value", "insecureValue") if (value := resource[name]).text is not None), None)
