"""Whose ARN a property is by its name, where that is another service's than the resource's own."""

from __future__ import annotations

import re
from typing import Final

# The words before `Arn`, the noun for the thing itself, its service, and what stands before its name in an ARN
# (service authorization reference, "Resource types defined by ...").
_NAMED: Final[tuple[tuple[re.Pattern[str], str, str, str], ...]] = (
    (re.compile(r"(?:^role|Role)Arns?$"), "role", "iam", "role/"),
    (re.compile(r"(?:^instanceProfile|InstanceProfile)Arns?$"), "instanceprofile", "iam", "instance-profile/"),
    (re.compile(r"(?:^kmsKey|KmsKey)(?:Arn|Id)s?$"), "key", "kms", "key/"),
    (re.compile(r"(?:^secret|Secret)Arns?$"), "secret", "secretsmanager", "secret:"),
    (re.compile(r"^(?:s3B|sourceB|destinationB|b)ucketArns?$"), "bucket", "s3", ""),
    (re.compile(r"(?:^topic|Topic)Arns?$"), "topic", "sns", ""),
    (re.compile(r"^(?:sqsQ|sourceQ|eventQ|dlqEventQ|q)ueueArns?$"), "queue", "sqs", ""),
    (re.compile(r"(?:^function|Function|^lambda|Lambda)Arns?$"), "function", "lambda", "function:"),
    (re.compile(r"(?:^logGroup|LogGroup)Arns?$"), "loggroup", "logs", "log-group:"),
    (re.compile(r"(?:^certificate|Certificate)Arns?$"), "certificate", "acm", "certificate/"),
)


def named(name: str, service: str, kind: str) -> tuple[str, str] | None:
    """The service that the property `name` is of, and what stands before the thing's name in its ARN.

    None where the name tells nothing, or of the resource itself: `service` and `kind` (lower case) are its own.
    Several services have a thing of the same noun: the certificate of DMS is none of ACM.
    """
    for pattern, noun, other, before in _NAMED:
        if pattern.search(name):
            return None if kind == noun and service != other else (other, before)
    return None
