"""Pairs of documents made to be slow to analyse."""

from typing import Any

from policypack.guardrails.aws.document import Kind

Body = dict[str, Any]


def _allow(**elements: Any) -> Body:
    return {"Effect": "Allow", "Action": "s3:*", "Resource": "*", **elements}


def _deny(**elements: Any) -> Body:
    return _allow(**elements) | {"Effect": "Deny"}


def _document(*statements: Body) -> Body:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _bucket(text: str) -> str:
    return f"arn:aws:s3:::{text}"


def _keys(operator: str, shift: int = 0) -> Body:
    return {operator: {f"aws:RequestTag/k{i}": [f"v{j + shift}*" for j in range(100)] for i in range(100)}}


def _nested() -> object:
    found: object = "x"
    for _ in range(400):
        found = {"a": [found]}
    return found


def _principals(**elements: Any) -> Body:
    names = [f"arn:aws:iam::{100_000_000_000 + number}:role/r{number}" for number in range(3_000)]
    return _document(*(_allow(Principal={"AWS": name}, **elements) for name in names))


_INFIX = [_bucket(f"*{one}*{two}*") for one in "abcdef" for two in "ghij"]
_VARIABLES = [f"${{aws:PrincipalTag/k{number}}}" for number in range(500)]

_IDENTITY: dict[str, tuple[Body, Body]] = {
    "infix globs": (
        _document(_allow(Resource=_INFIX)),
        _document(_allow(), *(_deny(Resource=each) for each in _INFIX)),
    ),
    "20 double-star denies": (
        _document(_allow(Resource=_bucket("a*"))),
        _document(
            _allow(Resource=_bucket("a*")),
            *(_deny(Resource=_bucket(f"*{chr(97 + i)}x*{chr(98 + i)}y")) for i in range(20)),
        ),
    ),
    "10 kB of wildcards in a resource": (
        _document(_allow(Resource=_bucket("*?" * 5_000))),
        _document(_allow(Resource=_bucket("?*a" * 3_300)), _deny(Resource=_bucket("*a?" * 3_300))),
    ),
    "10 kB of wildcards in an action": (
        _document(_allow(Action="s3:" + "*?" * 5_000)),
        _document(_allow(Action="s3:" + "*e*?" * 2_500)),
    ),
    "question marks behind a star": (
        _document(_allow(Resource=_bucket("*a" + "?" * 20))),
        _document(_allow(Resource=_bucket("*b" + "?" * 19)), _deny(Resource=_bucket("*a" + "?" * 12))),
    ),
    "3,000 statements": (
        _document(*(_allow(Action=f"s3:Get{i}", Resource=_bucket(f"b{i}/*")) for i in range(3_000))),
        _document(*(_allow(Action=f"s3:Get{i}", Resource=_bucket(f"b{i}/x*")) for i in range(3_000))),
    ),
    "3,000 statements that meet": (
        _document(*((_deny, _allow)[i % 2](Action="s3:Get*", Resource=_bucket(f"b{i}*/*")) for i in range(3_000))),
        _document(*((_deny, _allow)[i % 2](Resource=_bucket(f"*b{i}/x*")) for i in range(3_000))),
    ),
    "deep nesting": (_document(_allow(Condition=_nested())), _document(_allow(Resource=_nested()))),
    "500 variables": (
        _document(_allow(Resource=_bucket("-".join(_VARIABLES)))),
        _document(
            _allow(Resource=[_bucket(each) for each in _VARIABLES]),
            _deny(Condition={"StringLike": {"aws:RequestTag/x": [f"{each}*" for each in _VARIABLES]}}),
        ),
    ),
    "100 keys with 100 values": (
        _document(_allow(Condition=_keys("StringLike"))),
        _document(_allow(), _deny(Condition=_keys("StringNotLike")), _deny(Condition=_keys("StringNotLike", 1))),
    ),
    "set operators on 30 keys": (
        _document(
            _allow(Condition={"ForAnyValue:StringLike": {f"my:Keys{i}": ["*a*", "b*", "*c"] for i in range(30)}})
        ),
        _document(
            _allow(Condition={"ForAllValues:StringLike": {f"my:Keys{i}": ["*a*", "b?", "c"] for i in range(30)}}),
            *(_deny(Condition={"ForAnyValue:StringLike": {f"my:Keys{i}": "*x*"}}) for i in range(30)),
        ),
    ),
    "40 set operators on one key": (
        _document(*(_allow(Condition={"ForAnyValue:StringLike": {"aws:TagKeys": f"*{i}*"}}) for i in range(40))),
        _document(
            _allow(), *(_deny(Condition={"ForAnyValue:StringNotLike": {"aws:TagKeys": f"{i}*"}}) for i in range(40))
        ),
    ),
    "complements": (
        _document(
            *(
                {"Effect": "Allow", "NotAction": f"{one}*:*{two}*", "NotResource": _bucket(f"*{one}*")}
                for one in "abcdefgh"
                for two in "abcd"
            )
        ),
        _document(
            *({"Effect": "Deny", "NotAction": f"*{one}:*", "NotResource": _bucket(f"*{one}*")} for one in "abcdefgh"),
            _allow(Action="*"),
        ),
    ),
}
# What it is, and two documents of one kind.
HOSTILE: dict[str, tuple[Kind, Body, Body]] = {
    **{name: (Kind.IDENTITY, *documents) for name, documents in _IDENTITY.items()},
    "3,000 principals": (
        Kind.RESOURCE,
        _principals(),
        _principals(Condition={"StringEquals": {"aws:RequestTag/a": "b"}}),
    ),
}
