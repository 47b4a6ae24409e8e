"""An Object Storage bucket lacks what would keep its data (advice)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Level, Severity, undecided
from ...model import Context, Stack
from ...rule import StackRule
from ..oci_buckets import BUCKET, Held
from ..oci_safeguards import SAFEGUARDS

_REQUIRED: Final = "required"
_KEYS: Final = [each.key for each in SAFEGUARDS]


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    required = context.settings[_REQUIRED]
    asked = [each for each in SAFEGUARDS if isinstance(required, list) and each.key in required]
    for bucket in stack.of_type([BUCKET]):
        held = [(each, each.held(stack, bucket)) for each in asked]
        missing = [each for each, answer in held if answer is Held.NO]
        unclear = [each.key for each, answer in held if answer is Held.UNCLEAR]
        if missing:
            lacks = ", ".join(each.lack for each in missing)
            fix = "; ".join(each.fix for each in missing)
            yield Finding(path="", urn=bucket.urn, message=f"the bucket has {lacks}", fix=f"Add {fix}")
        elif unclear:
            reason = f"whether the bucket has these is not known yet: {', '.join(unclear)}"
            yield undecided("", reason, urn=bucket.urn)


RULE = StackRule(
    id="oci-bucket-without-safeguards",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.LOW,
    level=Level.DISABLED,
    title="An Object Storage bucket lacks what would keep its data",
    why="What is overwritten or deleted by mistake or by a thief is gone, and nothing tells who did it.",
    fix='Set versioning="Enabled" and kms_key_id, and log the writes to the bucket with oci.logging.Log.',
    controls=("CIS-OCI-3.0.0:4.17", "CIS-OCI-3.0.0:5.1.2", "CIS-OCI-3.0.0:5.1.3"),
    covers=("PB-61", "PB-62", "PB-63", "PB-65"),
    settings={
        _REQUIRED: {
            "type": "array",
            "items": {"type": "string", "enum": _KEYS},
            "uniqueItems": True,
            # A retention rule and a copy in another region are for data that somebody has to keep.
            "default": ["versioning", "customer-key", "object-events", "write-logging"],
            "description": f"What each bucket must have, any of {', '.join(_KEYS)}; a list here replaces the default. One with retention rules needs no versioning, and the reverse",
        }
    },
    types=(BUCKET,),
    check=check,
)
