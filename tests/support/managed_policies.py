"""The policies that AWS manages, as the pack has them."""

import json
from functools import cache
from typing import Any

from policypack.guardrails.aws import managed


@cache
def managed_policies() -> dict[str, dict[str, Any]]:
    """`{ARN: document}`, sorted by ARN; read once, so not to be changed."""
    return {arn: json.loads(managed.text_of(arn) or "") for arn in managed.arns()}
