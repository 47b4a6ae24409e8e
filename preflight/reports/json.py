"""The JSON report, version 1."""

from __future__ import annotations

import json

from ..report import Report, as_json


def render(report: Report, **more: object) -> str:
    """The report as JSON text, with `more` members. Everything but ASCII is escaped, so that a terminal has nothing to
    act on."""
    return json.dumps({**as_json(report), **more}, indent=2) + "\n"
