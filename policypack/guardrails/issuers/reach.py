"""How far a trust in tokens reaches beyond whom it names."""

from __future__ import annotations

from enum import IntEnum


class Reach(IntEnum):
    """Whose tokens a trust admits beside those that it names, from the widest circle to the narrowest."""

    # Of another tenant on an issuer that serves many; of an issuer that is not known, any of its tokens.
    STRANGERS = 1
    # For any project of the tenant; of an issuer that serves one tenant, any of its tokens.
    ORGANIZATION = 2
    # From any branch, environment or the like of a project that is named.
    PROJECT = 3
    # From runs for pull requests on a project that is named.
    PULL_REQUESTS = 4
