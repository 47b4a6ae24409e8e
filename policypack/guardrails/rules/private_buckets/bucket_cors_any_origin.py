"""Pages of every origin may change the objects of a bucket.

A cross-origin rule grants nothing: it lets a browser pass on what the page is allowed otherwise, by credentials or by a
signed URL. Rules that only let every page read are how fonts and pictures are served, and are nothing to speak of.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource, Stack, Value
from ...rule import StackRule
from ...values import may_be_anything
from ..bucket_configurations import of_closed_buckets
from ..buckets import GENERAL_PURPOSE, PARTS, Part

_CHANGE: Final = ("PUT", "POST", "DELETE")


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    for resource, cors, _ in of_closed_buckets(stack, Part.CORS, ("corsRules", "corsConfiguration")):
        yield from _judge(resource, cors if cors["corsRules"].absent else cors["corsRules"])


def _judge(resource: Resource, rules: Value) -> Iterator[Finding]:
    for rule in rules.elements():
        changing = [each.text for each in rule["allowedMethods"].elements() if each.text in _CHANGE]
        if not changing:
            continue
        for origin in rule["allowedOrigins"].elements():
            text = origin.text or ""
            if _is_any(text):
                yield Finding(
                    path=origin.path,
                    urn=resource.urn,
                    message=f"pages of every origin may send {', '.join(filter(None, changing))}; that grants nothing by "
                    "itself, but lets any page use a signed URL or the credentials that it gets hold of",
                )
                break
            # What another resource computes is an address of its own, whatever it will be.
            computed = bool(resource.property_dependencies.get(str(origin.keys[0])))
            if may_be_anything(text) or (origin.unknown and not computed):
                yield undecided(
                    origin.path, "whether the origin stands for every page is not known yet", urn=resource.urn
                )


def _is_any(origin: str) -> bool:
    return origin.rpartition("//")[2] == "*"


RULE = StackRule(
    id="bucket-cors-any-origin",
    concern=Concern.PRIVATE_BUCKETS,
    severity=Severity.LOW,
    title="Pages of every origin may change objects of a bucket",
    why="A signed URL that leaks is then of use to any page that a browser visits, and uploads from there look like those of your own site.",
    fix='Name the origins of your own pages: "allowed_origins": ["https://app.example.com"].',
    covers=("PB-29",),
    types=(*PARTS[Part.CORS], *GENERAL_PURPOSE),
    check=check,
)
