"""Parameters that Systems Manager stores unencrypted, whatever Pulumi does with their value."""

from __future__ import annotations

from typing import Final

from ..model import Resource, Value

SECURE: Final = (
    'Set type="SecureString", and replace the credential: the history of the parameter keeps the old value in clear.'
)
_PARAMETER: Final = "aws:ssm/parameter:Parameter"


def plain_parameter(resource: Resource) -> Value | None:
    """The value of a parameter of type String or StringList, which the SDK marks secret and the service does not."""
    if resource.type != _PARAMETER or resource["type"].text not in ("String", "StringList"):
        return None
    return next((value for name in ("value", "insecureValue") if (value := resource[name]).text is not None), None)
