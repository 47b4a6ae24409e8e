"""A function URL may be called from the pages of every site."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ..function_urls import AUTHORIZATION


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    cors = resource["cors"]
    credentials = cors["allowCredentials"].flag is True
    for origin in cors["allowOrigins"].elements():
        if origin.is_open:
            yield undecided(origin.path, "which sites may call this URL from their pages is not known yet")
        elif origin.text == "*":
            sends = ", and send the cookies and credentials of whoever is looking at them" if credentials else ""
            yield Finding(path=origin.path, message=f"pages of every site may call this URL{sends}")


RULE = ResourceRule(
    id="function-url-cors-open",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.LOW,
    title="Pages of every site may call a function URL",
    why="A page that a user happens to visit can call the function from the user's browser and read the answer.",
    fix='List the sites that need it: allow_origins=["https://www.example.com"].',
    covers=("LP-44",),
    types=tuple(AUTHORIZATION),
    check=check,
)
