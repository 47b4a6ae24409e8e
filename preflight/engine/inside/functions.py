"""Provider functions (invokes): computed where that is possible offline, else answered by their declared result."""

from __future__ import annotations

import contextvars
import json
import re
import sys
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

import pulumi.runtime

from . import identifiers, invented, shapes, stand_ins, synthesis, wire
from .invented import Hangs
from .texts import Subject, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from .places import Place
    from .sources import Source

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")

POLICY_DOCUMENT: Final = "aws:iam/getPolicyDocument:getPolicyDocument"

# Lookups by name whose answer has a certain form.
_CERTAIN: Final[dict[str, dict[str, str]]] = {
    "aws:s3/getBucket:getBucket": {"arn": identifiers.ARNS["aws:s3/bucket:Bucket"], "id": "{bucket}"},
    "aws:lambda/getFunction:getFunction": {"arn": "arn:{partition}:lambda:{region}:{account}:function:{functionName}"},
    "aws:dynamodb/getTable:getTable": {"arn": identifiers.ARNS["aws:dynamodb/table:Table"], "id": "{name}"},
    "aws:sqs/getQueue:getQueue": {"arn": identifiers.ARNS["aws:sqs/queue:Queue"]},
    "aws:sns/getTopic:getTopic": {"arn": identifiers.ARNS["aws:sns/topic:Topic"]},
    "aws:ecr/getRepository:getRepository": {"arn": identifiers.ARNS["aws:ecr/repository:Repository"]},
}


@dataclass(frozen=True, slots=True)
class Call:
    """What the SDK knows of a call and does not send.

    `result` is the result's class, `arguments` the wire names of what the function takes, given or not, and `source`
    is where the program made the call.
    """

    result: type | None
    source: Source | None
    arguments: frozenset[str] = frozenset()


_CALL: contextvars.ContextVar[Call | None] = contextvars.ContextVar("preflight_call", default=None)


def current() -> Call:
    """The call that is being answered."""
    return _CALL.get() or Call(None, None)


def install(locate: Callable[[FrameType | None], Source | None]) -> None:
    """Wrap the SDK's calling functions so that `current` can tell about the call; `locate` finds the position."""
    runtime: Any = pulumi.runtime
    module: Any = sys.modules["pulumi.runtime.invoke"]

    def remembering(original: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
        @wraps(original)
        def wrapper(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
            result = kwargs.get("typ")
            frame = sys._getframe(1)
            call = Call(result if isinstance(result, type) else None, locate(frame), _parameters(frame))
            reset = _CALL.set(call)
            try:
                return original(*args, **kwargs)
            finally:
                _CALL.reset(reset)

        return wrapper

    for name in ("invoke", "invoke_async", "invoke_output", "call"):
        original = getattr(runtime, name, None)
        if original is not None:
            wrapped = remembering(original)
            setattr(runtime, name, wrapped)
            setattr(module, name, wrapped)


def _parameters(frame: FrameType) -> frozenset[str]:
    """What the calling function of a provider SDK takes, by wire name."""
    code = frame.f_code
    return frozenset(camel(name) for name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])


def answer(
    token: str, args: dict[str, wire.Plain], place: Place, call: Call
) -> tuple[dict[str, wire.Plain], dict[str, Hangs]]:
    """The result of a function by wire name, and what of its fields hangs on inventions without a token.

    Fields of the result's class that are computed for certain are real, arguments are repeated, the rest are stand-ins
    derived from the token and the arguments: the same lookup gives the same answer everywhere. Only an optional field
    that repeats an argument stays empty where that argument was not given.
    """
    result = call.result
    region = args.get("region")
    place = place.at(region if isinstance(region, str) and token.startswith("aws:") else None)
    key = f"{token}({json.dumps(args, sort_keys=True)})"
    subject = Subject(key, token, place)
    fields: dict[str, wire.Plain] = {}
    hanging: dict[str, Hangs] = {}
    known = _known(subject, args)
    for item in shapes.of_object(result).outputs if result is not None else ():
        if item.name in known:
            fields[item.name] = known[item.name]
        elif (given := synthesis.as_declared(item.type, args.get(item.name))) is not None:
            fields[item.name] = given
        elif not item.optional or item.name not in call.arguments:
            value = synthesis.for_program(subject, item.type, item.name, item.name)
            if value is not None:
                fields[item.name] = value
            hangs = invented.hanging(value)
            if hangs:
                hanging[item.name] = hangs
    if hanging:
        invented.remember(fields)
    return fields if result is not None else {**args, **known}, hanging


def camel_cased(args: dict[str, wire.Plain]) -> dict[str, wire.Plain]:
    """Arguments with their names in camelCase at every depth.

    The SDK sends dictionaries inside the arguments of a function as the program wrote them, so Python names reach the
    provider as they are (`not_actions`). A bridged provider takes them: they are the names of its own schema.
    """
    return {camel(name): _camel_cased(value) for name, value in args.items()}


def _camel_cased(value: wire.Plain) -> wire.Plain:
    if isinstance(value, dict):
        return camel_cased(value)
    return [_camel_cased(item) for item in value] if isinstance(value, list) else value


def camel(name: str) -> str:
    """A Python name as the provider's schema spells it."""
    return re.sub(r"(?<=[a-z0-9])_([a-z0-9])", lambda match: match[1].upper(), name)


def _known(subject: Subject, args: dict[str, wire.Plain]) -> dict[str, wire.Plain]:
    place = subject.place
    match subject.type:
        case "aws:index/getCallerIdentity:getCallerIdentity":
            user = stand_ins.computed(subject.key, "userId")
            return {
                "accountId": place.account,
                "id": place.account,
                "userId": user,
                "arn": f"arn:{place.partition}:iam::{place.account}:user/{user}",
            }
        case "aws:index/getRegion:getRegion":
            return {
                "id": place.region,
                "name": place.region,
                "region": place.region,
                "endpoint": f"ec2.{place.region}.{place.dns_suffix}",
            }
        case "aws:index/getPartition:getPartition":
            reverse = ".".join(reversed(place.dns_suffix.split(".")))
            return {
                "id": place.partition,
                "partition": place.partition,
                "dnsSuffix": place.dns_suffix,
                "reverseDnsPrefix": reverse,
            }
        case "aws:index/getAvailabilityZones:getAvailabilityZones":
            return {"id": place.region, "names": [place.region + letter for letter in "abc"]}
        case "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider":
            return _oidc_provider(subject, args)
    filled: dict[str, wire.Plain] = {}
    for name, template in _CERTAIN.get(subject.type, {}).items():
        filled_in = identifiers.fill(template, lambda part: _part(place, args, part))
        if filled_in is not None:
            filled[name] = filled_in
    return filled


def _oidc_provider(subject: Subject, args: dict[str, wire.Plain]) -> dict[str, wire.Plain]:
    """A provider that is looked up by its ARN or by its URL."""
    given, url = args.get("arn"), args.get("url")
    issuer = identifiers.issuer_in(given) if isinstance(given, str) else None
    if issuer is None:
        issuer = identifiers.without_scheme(url if isinstance(url, str) else text(subject, "url", "url"))
    place = subject.place
    arn = given if isinstance(given, str) else f"arn:{place.partition}:iam::{place.account}:oidc-provider/{issuer}"
    return {"arn": arn, "id": arn, "url": issuer}


def _part(place: Place, args: dict[str, wire.Plain], name: str) -> str | None:
    if name in ("partition", "region", "account"):
        return str(getattr(place, name))
    value = args.get(name)
    return value if isinstance(value, str) else None
