"""What the policies of buckets let strangers do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ..aws.answers import No, Undecided
from ..aws.callers import meant
from ..aws.fixed_values import Public, open_by_definition
from ..aws.truth import Truth
from ..findings import Finding
from ..model import Resource, Stack
from .access_blocks import Flag, Held, flag, one_of
from .aws_documents import Placed
from .bucket_policies import open_to_strangers
from .buckets import GENERAL_PURPOSE, NATIVE, PARTS, Bucket, Buckets, Part, buckets
from .openings import Opening
from .resource_policies import bucket_documents, exposed

# The native type has its policy beside it only.
_WITH_POLICY: Final = tuple(each for each in GENERAL_PURPOSE if each != NATIVE)
POLICY_TYPES: Final = (*PARTS[Part.POLICY], *_WITH_POLICY)
_SHOWN: Final = 3
_REFUSED: Final = "{} keeps new policies out, and not one that is there before it: set restrict_public_buckets too"
_UNBLOCKED: Final = "no public access block here stops it, though AWS may refuse the policy when it is made"
_FIXED: Final = "{} has no effect, as AWS does not count this policy as public"


def policy_openings(stack: Stack) -> Sequence[Opening]:
    """The bucket policies of a stack that let strangers in, or may."""
    return stack.remember("policy openings", lambda: tuple(_openings(stack)))


def _openings(stack: Stack) -> Iterator[Opening]:
    found = buckets(stack)
    for bucket in found.all:
        if bucket.resource is not None and bucket.resource.type in _WITH_POLICY:
            yield from _of_resource(found, bucket.resource, (bucket,))
    for part in stack.of_type(PARTS[Part.POLICY]):
        yield from _of_resource(found, part, tuple(found.of(part)))


def _of_resource(found: Buckets, resource: Resource, owners: tuple[Bucket, ...]) -> Iterator[Opening]:
    for placed in bucket_documents(resource):
        for finding in opened(resource, placed, "this bucket"):
            restricted = one_of([flag(found, each, Flag.RESTRICT) for each in owners])
            refused = one_of([flag(found, each, Flag.BLOCK_POLICY) for each in owners])
            held = restricting(placed, restricted)
            yield Opening(resource, owners, finding, held, beside(restricted, refused))


def opened(resource: Resource, placed: Placed, what: str) -> Iterator[Finding]:
    """What is said of a policy on `what` through which strangers get: one finding, whatever the number of statements."""
    answer = placed.ask(open_to_strangers)
    if isinstance(answer, No):
        return
    if isinstance(answer, Undecided):
        said = placed.findings(answer, "", f"strangers get through the policy of {what}", cause=placed.value.path)
        yield from (replace(each, urn=resource.urn) for each in said)
        return
    found = exposed(resource, placed).found
    others = list(dict.fromkeys(each.statement for each in found if each.path != answer.path))
    more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
    also = f"; {', '.join(others[:_SHOWN])}{more} let strangers in too" if others else ""
    request = answer.witness.request
    public = placed.ask(open_by_definition)
    if isinstance(public, Public) and public.path == answer.path and _is_conditional(placed, public.statement):
        also = f", as {public.reason}{also}"
    signed_in = "whoever signs in with " if request.principal.kind == "Federated" else ""
    message = f"{signed_in}{meant(request.principal)} may {request.action} on {what}{also}"
    yield replace(placed.finding(answer.path, message, witness=answer.witness), urn=resource.urn)


def _is_conditional(placed: Placed, statement: str) -> bool:
    return any(each.conditions for each in placed.document.statements if each.path == statement)


def restricting(placed: Placed, restricted: Held) -> Held:
    """Whether restrict_public_buckets keeps strangers out: it acts on policies that AWS counts as public."""
    if restricted.truth is Truth.NO:
        return restricted
    public = placed.ask(open_by_definition)
    if isinstance(public, No):
        return Held(Truth.NO)
    return Held(Truth.MAYBE, restricted.by) if isinstance(public, Undecided) else restricted


def beside(restricted: Held, refused: Held) -> str:
    """What stands against an opening and does not help, in words."""
    if restricted.truth is Truth.YES:
        return _FIXED.format(restricted.by)
    return _REFUSED.format(refused.by) if refused.truth is Truth.YES else _UNBLOCKED
