"""Cases written by hand: which policies decide together."""

from __future__ import annotations

from collections.abc import Iterator

from .building import (
    ACCOUNT,
    EVERYTHING,
    GRANT,
    KEY,
    OTHER,
    QUEUE,
    ROLE,
    S3_ONLY,
    SESSION,
    SNS_ONLY,
    STRANGER,
    USER,
    allow,
    case,
    deny,
    document,
    granting,
)
from .engine import Case


def ceilings() -> Iterator[Case]:
    """Default deny, Deny, and the ceilings (point 1)."""
    yield case("01 default deny: no policy", identity=[])
    yield case("01 default deny: another action is granted", allow("s3:PutObject"))
    yield case("01 a grant allows", GRANT)
    yield case("01 a Deny wins in the same document", GRANT, deny("s3:Get*"))
    yield case("01 a Deny of something else does not", GRANT, deny("s3:Put*"))
    yield case("01 a Deny in another document wins", identity=[document(GRANT), document(deny("s3:*"))])
    for name, who in (("names the user", {"AWS": USER}), ("is for everyone", "*"), ("names another", {"AWS": ROLE})):
        policy = document(deny("s3:*", Principal=who))
        yield case(f"01 a Deny of the resource policy that {name}", GRANT, policy=policy)
    for layer, one in (("boundary", False), ("session", True)):
        for name, policy in (
            ("allows", S3_ONLY),
            ("does not allow", SNS_ONLY),
            ("denies", document(allow(), deny("s3:*"))),
        ):
            value = policy if one else [policy]
            yield case(f"01 a {layer} that {name}", GRANT, principal=SESSION, **{layer: value})
        value = EVERYTHING if one else [EVERYTHING]
        yield case(f"01 a {layer} grants nothing itself", principal=SESSION, identity=[], **{layer: value})
    for name, levels in {
        "allows": [[EVERYTHING], [S3_ONLY]],
        "is not allowed by the root": [[SNS_ONLY], [EVERYTHING]],
        "is not allowed by the account": [[EVERYTHING], [SNS_ONLY]],
        "is allowed by one of two at a level": [[EVERYTHING], [SNS_ONLY, S3_ONLY]],
        "is denied at the root": [[EVERYTHING, document(deny("s3:GetObject"))], [EVERYTHING]],
        "is denied by another action": [[EVERYTHING, document(deny("s3:PutObject"))], [EVERYTHING]],
    }.items():
        yield case(f"01 service control: what {name}", GRANT, service_control=levels)
    yield case("01 service control grants nothing itself", identity=[], service_control=[[EVERYTHING]])
    for name, statement in {
        "denies": deny("s3:*", Principal="*"),
        "denies another service": deny("sqs:*", Principal="*"),
        "denies outsiders": deny(
            "s3:*", Principal="*", Condition={"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}}
        ),
    }.items():
        context = {"aws:PrincipalAccount": ACCOUNT}
        yield case(f"01 resource control that {name}", GRANT, context=context, resource_control=[[document(statement)]])
    yield case(
        "01 every ceiling allows",
        GRANT,
        principal=SESSION,
        boundary=[S3_ONLY],
        session=S3_ONLY,
        service_control=[[S3_ONLY]],
    )


def limits() -> Iterator[Case]:
    """What a resource policy names, and what ceilings leave out or deny (point 3)."""
    for who, principals in {
        "user": (
            USER,
            {"the user": USER, "the account": ACCOUNT, "root": f"arn:aws:iam::{ACCOUNT}:root", "everyone": "*"},
        ),
        "session": (
            SESSION,
            {
                "the session": SESSION,
                "the role": ROLE,
                "the account": ACCOUNT,
                "everyone": "*",
                "another role": f"{ROLE}2",
            },
        ),
    }.items():
        principal, named = principals
        for name, value in named.items():
            policy = granting({"AWS": value})
            start = f"03 resource policy names {name}, called by the {who}"
            yield case(f"{start}: no ceiling", principal=principal, policy=policy)
            yield case(f"{start}: boundary silent", principal=principal, policy=policy, boundary=[SNS_ONLY])
            yield case(
                f"{start}: service control silent", principal=principal, policy=policy, service_control=[[SNS_ONLY]]
            )
            if who == "session":
                yield case(f"{start}: session policy silent", principal=principal, policy=policy, session=SNS_ONLY)
        refusing = document(allow("sns:*"), deny("s3:*"))
        policy = granting({"AWS": principal})
        yield case(
            f"03 resource policy names the {who}, boundary denies",
            principal=principal,
            policy=policy,
            boundary=[refusing],
        )
    yield case(
        "03 resource policy names the session, session policy denies",
        principal=SESSION,
        policy=granting({"AWS": SESSION}),
        session=document(allow("sns:*"), deny("s3:*")),
    )


def accounts() -> Iterator[Case]:
    """Same account, another account, delegation (points 2 and 4)."""
    delegations = {"the account": ACCOUNT, "root": f"arn:aws:iam::{ACCOUNT}:root"}
    for name, value in delegations.items():
        yield case(f"04 delegation to {name}, no identity grant", policy=granting({"AWS": value}))
        yield case(f"04 delegation to {name} with an identity grant", GRANT, policy=granting({"AWS": value}))
    theirs = {
        "the account": OTHER,
        "root": f"arn:aws:iam::{OTHER}:root",
        "the user": STRANGER,
        "everyone": "*",
        "us": ACCOUNT,
    }
    for name, value in theirs.items():
        for both in (False, True):
            grants = (GRANT,) if both else ()
            half = "both grant" if both else "only the resource grants"
            policy = granting({"AWS": value})
            yield case(f"02 another account, resource names {name}: {half}", *grants, principal=STRANGER, policy=policy)
    yield case("02 another account, only the identity grants", GRANT, principal=STRANGER)
    yield case(
        "02 another account, the resource denies",
        GRANT,
        principal=STRANGER,
        policy=document(allow("s3:*", Principal="*"), deny("s3:Get*", Principal={"AWS": STRANGER})),
    )
    yield case(
        "02 another account, its boundary is silent",
        GRANT,
        principal=STRANGER,
        policy=granting(),
        boundary=[SNS_ONLY],
    )
    yield case(
        "02 another account, boundary silent, resource names the user",
        GRANT,
        principal=STRANGER,
        policy=granting({"AWS": STRANGER}),
        boundary=[SNS_ONLY],
    )
    yield case(
        "02 another account, its service control is silent",
        GRANT,
        principal=STRANGER,
        policy=granting(),
        service_control=[[SNS_ONLY]],
    )
    yield case("02 same account, only the resource grants", policy=granting({"AWS": USER}))
    yield case("02 same account, only the identity grants", GRANT, policy=granting({"AWS": ROLE}))
    yield case("02 same account, none grants at all", policy=granting({"AWS": ROLE}))


def keys() -> Iterator[Case]:
    """Key policies (point 2)."""
    decrypt = {"action": "kms:Decrypt", "resource": KEY}
    use = allow("kms:Decrypt", KEY)
    for name, value in {"the user": USER, "the account": ACCOUNT, "another user": f"{USER}2", "everyone": "*"}.items():
        policy = granting({"AWS": value}, "kms:*")
        for grants in ((), (use,)):
            half = "identity grant" if grants else "no identity grant"
            yield case(f"02 key policy names {name}, {half}", *grants, policy=policy, **decrypt)
    refusing = document(deny("kms:*", Principal={"AWS": "*"}))
    yield case("02 key policy denies and grants nothing", use, policy=refusing, **decrypt)
    refusing = document(allow("kms:*", Principal={"AWS": ACCOUNT}), deny("kms:*", Principal={"AWS": "*"}))
    yield case("02 key policy denies what it grants", use, policy=refusing, **decrypt)
    for name, value in {"the caller's account": OTHER, "our account": ACCOUNT}.items():
        yield case(
            f"02 key policy names {name}, called from another account",
            use,
            policy=granting({"AWS": value}, "kms:*"),
            principal=STRANGER,
            **decrypt,
        )


def exempt() -> Iterator[Case]:
    """NotPrincipal (point 20)."""
    root = f"arn:aws:iam::{ACCOUNT}:root"
    lists = {
        "nobody of ours": [STRANGER],
        "the user": [USER],
        "the user and root": [USER, root],
        "only root": [root],
        "the account": [ACCOUNT],
    }
    for name, values in lists.items():
        refusing = document(allow("s3:*", Principal="*"), deny("s3:*", NotPrincipal={"AWS": values}))
        yield case(f"20 Deny but for {name}", GRANT, policy=refusing)
        letting = document({"Effect": "Allow", "NotPrincipal": {"AWS": values}, "Action": "s3:*", "Resource": "*"})
        yield case(f"20 Allow but for {name}", policy=letting)
    everyone_else = document({"Effect": "Allow", "NotPrincipal": {"AWS": USER}, "Action": "s3:*", "Resource": "*"})
    yield case("20 Allow but for a user admits strangers without a name", principal="anonymous", policy=everyone_else)
    refusing = document(allow("s3:*", Principal="*"), deny("s3:*", NotPrincipal={"AWS": [ROLE, SESSION, root]}))
    yield case("20 Deny but for role, session and root spares the session", GRANT, principal=SESSION, policy=refusing)
    refusing = document(allow("s3:*", Principal="*"), deny("s3:*", NotPrincipal={"AWS": [ROLE, root]}))
    yield case("20 Deny but for role and root, called by the session", GRANT, principal=SESSION, policy=refusing)


def public() -> Iterator[Case]:
    """Callers without a name (points 14, 24 to 27)."""
    for name, condition, contexts in (
        ("no condition", {}, ({},)),
        (
            "StringEquals PrincipalOrgID",
            {"StringEquals": {"aws:PrincipalOrgID": "o-a"}},
            ({}, {"aws:PrincipalOrgID": "o-a"}),
        ),
        (
            "StringNotEquals PrincipalOrgID",
            {"StringNotEquals": {"aws:PrincipalOrgID": "o-a"}},
            ({}, {"aws:PrincipalOrgID": "o-b"}),
        ),
        ("StringEqualsIfExists PrincipalOrgID", {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a"}}, ({},)),
        (
            "SourceIp",
            {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
            ({"aws:SourceIp": "203.0.113.1"}, {"aws:SourceIp": "192.0.2.1"}),
        ),
        (
            "two halves of the network",
            {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}},
            ({"aws:SourceIp": "192.0.2.1"},),
        ),
        ("Referer", {"StringLike": {"aws:Referer": "https://ours/*"}}, ({"aws:Referer": "https://ours/x"}, {})),
        ("SourceVpc", {"StringEquals": {"aws:SourceVpc": "vpc-1"}}, ({"aws:SourceVpc": "vpc-1"}, {})),
        ("Null of PrincipalArn", {"Null": {"aws:PrincipalArn": "false"}}, ({},)),
    ):
        for who in ("anonymous", STRANGER, USER):
            for number, context in enumerate(contexts if who != USER else contexts[:1]):
                grants = (GRANT,) if who == STRANGER else ()
                policy = granting("*", Condition=condition)
                label = {USER: "user", STRANGER: "stranger"}.get(who, who)
                yield case(f"24 {name}, {label}, {number}", *grants, principal=who, policy=policy, context=context)
    covered = document(
        allow("s3:*", Principal="*"), deny("s3:*", Principal="*", Condition={"Null": {"aws:PrincipalArn": "true"}})
    )
    yield case("26 a Deny covers the public grant", principal="anonymous", policy=covered)
    mixed = document(allow("s3:*", Principal={"AWS": USER}), allow("s3:GetObject", Principal={"AWS": "*"}))
    yield case("26 one public statement among others", principal="anonymous", policy=mixed)
    yield case(
        "27 a queue for everyone",
        principal="anonymous",
        action="sqs:SendMessage",
        resource=QUEUE,
        policy=granting("*", "sqs:*"),
    )
    for caller in (ACCOUNT, OTHER):
        condition = {"StringEquals": {"kms:CallerAccount": ACCOUNT}}
        yield case(
            f"27 a key with CallerAccount, called from {caller}",
            principal=USER,
            action="kms:Decrypt",
            resource=KEY,
            context={"kms:CallerAccount": caller},
            policy=granting({"AWS": "*"}, "kms:*", Condition=condition),
        )
