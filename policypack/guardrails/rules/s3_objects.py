"""What S3 asks of a request on objects: which actions are requested on object ARNs only."""

from __future__ import annotations

from typing import Final

from ..aws.document import Statement

# Actions whose only resource type is the object (Service Authorization Reference, Amazon S3).
_OBJECT_ACTIONS: Final = (
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:GetObjectVersion",
    "s3:DeleteObjectVersion",
    "s3:GetObjectAcl",
    "s3:PutObjectAcl",
    "s3:GetObjectTagging",
    "s3:PutObjectTagging",
    "s3:DeleteObjectTagging",
    "s3:GetObjectAttributes",
    "s3:GetObjectRetention",
    "s3:PutObjectRetention",
    "s3:GetObjectLegalHold",
    "s3:PutObjectLegalHold",
    "s3:GetObjectTorrent",
    "s3:RestoreObject",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
    "s3:ReplicateObject",
    "s3:ReplicateDelete",
    "s3:BypassGovernanceRetention",
)
_FOLDED: Final = {action.lower(): action for action in _OBJECT_ACTIONS}


def named_object_actions(statement: Statement) -> list[str]:
    """The object actions that a statement names without a wildcard."""
    return [
        _FOLDED[action.lower()]
        for action in statement.actions or ()
        if isinstance(action, str) and action.lower() in _FOLDED
    ]
