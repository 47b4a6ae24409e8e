"""What the cases written by hand are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .engine import Case

ACCOUNT: Final = "111111111111"
OTHER: Final = "222222222222"
USER: Final = f"arn:aws:iam::{ACCOUNT}:user/alice"
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/app"
SESSION: Final = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/one"
STRANGER: Final = f"arn:aws:iam::{OTHER}:user/bob"
OBJECT: Final = "arn:aws:s3:::bucket/key"
TOPIC: Final = f"arn:aws:sns:us-east-1:{ACCOUNT}:topic"
QUEUE: Final = f"arn:aws:sqs:us-east-1:{ACCOUNT}:queue"
KEY: Final = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
PROVIDER: Final = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"

Json = Mapping[str, Any]
_REQUEST: Final[Json] = {
    "principal": USER,
    "action": "s3:GetObject",
    "resource": OBJECT,
    "account": ACCOUNT,
    "context": {},
}


def document(*statements: Json, version: str | None = "2012-10-17") -> dict[str, Any]:
    """A policy document; `version` None leaves the element out."""
    head = {} if version is None else {"Version": version}
    return {**head, "Statement": list(statements)}


def allow(action: object = "*", resource: object = "*", **more: object) -> dict[str, Any]:
    """An Allow of an identity; `more` are further elements."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: object = "*", resource: object = "*", **more: object) -> dict[str, Any]:
    """A Deny of an identity; `more` are further elements."""
    return {**allow(action, resource, **more), "Effect": "Deny"}


def case(name: str, *identity: Json, **given: object) -> Case:
    """A case. `identity` are the statements of one document of the identity; of what is `given`, principal, action,
    resource, account and context make the request, `policy` is the policy of the resource, and the rest are layers."""
    request = {element: given.pop(element, usual) for element, usual in _REQUEST.items()}
    layers = {"resource" if layer == "policy" else layer: documents for layer, documents in given.items()}
    return Case(name, {"identity": [document(*identity)], **layers} if identity else layers, request)


GRANT: Final = allow("s3:GetObject")
S3_ONLY: Final = document(allow("s3:*"))
SNS_ONLY: Final = document(allow("sns:*"))
EVERYTHING: Final = document(allow())


def granting(who: object = "*", action: object = "s3:GetObject", **more: object) -> dict[str, Any]:
    """A resource policy with one Allow for a principal."""
    return document(allow(action, Principal=who, **more))
