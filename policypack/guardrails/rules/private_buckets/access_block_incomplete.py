"""A public access block leaves some of its flags off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ...aws.truth import Truth
from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Stack, Value
from ...rule import Edit, StackRule, SwitchOn
from ..access_blocks import Flag, flag, set_in
from ..all_openings import spoken_of
from ..buckets import ACCOUNT_BLOCK, NATIVE, PARTS, Part, buckets

_BLOCKS: Final = (*PARTS[Part.BLOCK], ACCOUNT_BLOCK)


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    found, spoken = buckets(stack), spoken_of(stack)
    for block in stack.of_type(_BLOCKS):
        owners = found.of(block)
        if any(each in spoken for each in owners):
            continue
        # What the account's block does for all buckets, a bucket's own need not.
        left = [each for each in Flag if not owners or flag(found, owners[0], each).truth is not Truth.YES]
        yield from _judge(block, {each: block[each.value] for each in left})
    for bucket in found.all:
        inline = bucket.given("publicAccessBlockConfiguration")
        if bucket.resource is not None and inline is not None and bucket not in spoken:
            left = [each for each in Flag if flag(found, bucket, each).truth is not Truth.YES]
            yield from _judge(bucket.resource, {each: inline[each.value] for each in left})


def _judge(resource: Resource, left: Mapping[Flag, Value]) -> Iterator[Finding]:
    states = {each: set_in(value, resource) for each, value in left.items()}
    off = [each for each, state in states.items() if state is Truth.NO]
    unknown = [each for each, state in states.items() if state is Truth.MAYBE]
    if off:
        names = ", ".join(each.argument for each in off)
        of_account = resource.type == ACCOUNT_BLOCK
        yield Finding(
            path=left[off[0]].path,
            urn=resource.urn,
            message=f"{names} {'are' if len(off) > 1 else 'is'} off"
            + (", for every bucket of the account that has no block of its own" if of_account else ""),
            fix=f"Set {', '.join(f'{each.argument}=True' for each in off)}.",
            severity=Severity.MEDIUM if of_account else Severity.LOW,
        )
    elif unknown:
        yield undecided(left[unknown[0]].path, "whether the flag is set is not known yet", urn=resource.urn)


def remediate(resource: Resource, context: Context) -> Iterator[Edit]:
    for each in Flag:
        if set_in(resource[each.value], resource) is Truth.NO:
            yield SwitchOn(each.value)


RULE = StackRule(
    id="access-block-incomplete",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.MEDIUM,
    title="A public access block leaves flags off",
    why="Each flag shuts another way in: the first two new and old ACLs, the others new and old policies.",
    fix="Set all four flags, or say in the program why this bucket is meant to be open.",
    controls=("CIS-AWS-3.0.0:2.1.4", "FSBP-1.0.0:S3.1", "FSBP-1.0.0:S3.8"),
    covers=("PB-07", "PB-08", "PB-09", "PB-10", "PB-12"),
    types=(*_BLOCKS, NATIVE),
    check=check,
    remediate=remediate,
    mends=_BLOCKS,
)
