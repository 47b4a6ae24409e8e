"""Cases written by hand: trust documents, services and third parties."""

from __future__ import annotations

from collections.abc import Iterator

from .building import ACCOUNT, OTHER, PROVIDER, ROLE, STRANGER, USER, Json, allow, case, document, granting
from .engine import Case


def assuming(name: str, trust: Json, *identity: Json, **given: object) -> Case:
    """A call on a role with a trust document."""
    return case(name, *identity, policy=trust, **{"action": "sts:AssumeRole", "resource": ROLE, **given})


def trusts() -> Iterator[Case]:
    """Trust documents and third parties (points 21 and 22)."""
    may = allow("sts:AssumeRole", ROLE)
    named = {
        "the user": USER,
        "the account": ACCOUNT,
        "another user": f"{USER}2",
        "everyone": "*",
        "another account": OTHER,
    }
    for name, value in named.items():
        trust = document({"Effect": "Allow", "Principal": {"AWS": value}, "Action": "sts:AssumeRole"})
        yield assuming(f"21 trust names {name}, no identity grant", trust)
        yield assuming(f"21 trust names {name}, identity grant", trust, may)
        yield assuming(
            f"21 trust names {name}, called from another account with a grant", trust, may, principal=STRANGER
        )
    yield case("21 no trust document, identity grant", may, action="sts:AssumeRole", resource=ROLE)
    conditions = {
        "ExternalId": ("sts:ExternalId", "secret", "guess"),
        "PrincipalOrgID": ("aws:PrincipalOrgID", "o-a", "o-b"),
    }
    for name, (key, right, wrong) in conditions.items():
        condition = {"StringEquals": {key: right}}
        trust = document(
            {"Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": "sts:AssumeRole", "Condition": condition}
        )
        for what, context in {"right": {key: right}, "wrong": {key: wrong}, "absent": {}}.items():
            yield assuming(f"22 third party with {name} {what}", trust, may, principal=STRANGER, context=context)
    for action in ("sts:AssumeRoleWithWebIdentity", "sts:AssumeRole"):
        trust = document({"Effect": "Allow", "Principal": {"Federated": PROVIDER}, "Action": action})
        federated = {"principal": PROVIDER, "action": "sts:AssumeRoleWithWebIdentity"}
        yield assuming(f"21 trust of a provider for {action}", trust, **federated)
    service = "ec2.amazonaws.com"
    for name, value in {"the service": service, "another service": "lambda.amazonaws.com"}.items():
        trust = document({"Effect": "Allow", "Principal": {"Service": value}, "Action": "sts:AssumeRole"})
        yield assuming(f"21 trust names {name}", trust, principal=service)


def services() -> Iterator[Case]:
    """Calls of services (point 22)."""
    trail = "cloudtrail.amazonaws.com"
    for name, condition in {
        "no condition": {},
        "SourceAccount": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
        "SourceArn": {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudtrail:*:{ACCOUNT}:trail/*"}},
    }.items():
        policy = granting({"Service": trail}, "s3:PutObject", Condition=condition)
        ours = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/t"}
        foreign = {"aws:SourceAccount": OTHER, "aws:SourceArn": f"arn:aws:cloudtrail:us-east-1:{OTHER}:trail/t"}
        for what, context in {"ours": ours, "foreign": foreign, "absent": {}}.items():
            name_of = f"22 confused deputy, {name}, source {what}"
            yield case(name_of, principal=trail, action="s3:PutObject", policy=policy, context=context)
