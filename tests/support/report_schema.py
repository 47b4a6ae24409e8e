"""The form of the JSON report, version 1, as a JSON schema."""

from __future__ import annotations

from typing import Any

PLACE = {
    "type": "object",
    "required": ["file", "line"],
    "properties": {"file": {"type": "string"}, "line": {"type": "integer", "minimum": 0}},
    "additionalProperties": False,
}
WITNESS = {"anyOf": [{"type": "null"}, {"type": "object"}, {"type": "array", "items": {"type": "object"}}]}
TEXT = {"type": "string"}
COUNT = {"type": "integer", "minimum": 0}


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_REPORT = _closed(
    {
        "schema": {"const": "preflight/report/v1"},
        "tool": _closed({"name": {"const": "preflight"}, "version": TEXT}),
        "subjects": {
            "type": "array",
            "minItems": 1,
            "items": _closed(
                {"kind": {"enum": ["program", "state", "policy"]}, "path": TEXT, "project": TEXT, "stack": TEXT}
            ),
        },
        "summary": _closed(
            {
                "resources": COUNT,
                "rules": COUNT,
                "violations": COUNT,
                "undecided": COUNT,
                "waived": COUNT,
                "errors": COUNT,
                "unchecked_types": {"type": "array", "items": TEXT},
            }
        ),
        "findings": {
            "type": "array",
            "items": _closed(
                {
                    "subject": COUNT,
                    "rule": {"type": "string", "minLength": 1},
                    "concern": {"enum": ["least-privilege", "secret-marking", "private-buckets", "oidc-audience", ""]},
                    "severity": {"enum": ["low", "medium", "high", "critical"]},
                    "enforcement": {"enum": ["advisory", "mandatory", "remediate"]},
                    "outcome": {"enum": ["violation", "undecided", "waived", "error"]},
                    "evidence": {"enum": ["wire", "program"]},
                    "urn": TEXT,
                    "type": TEXT,
                    "name": TEXT,
                    "path": TEXT,
                    "source": {"anyOf": [{"type": "null"}, PLACE]},
                    "message": TEXT,
                    "fix": TEXT,
                    "witness": WITNESS,
                    "docs": TEXT,
                    "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
                }
            ),
        },
        "notices": {
            "type": "array",
            "items": _closed(
                {
                    "subject": COUNT,
                    "kind": TEXT,
                    "source": {"anyOf": [{"type": "null"}, PLACE]},
                    "message": TEXT,
                }
            ),
        },
        "failures": {
            "type": "array",
            "items": _closed({"subject": COUNT, "kind": TEXT, "message": TEXT, "detail": TEXT}),
        },
    }
)

LEVELS = ["permissions management", "write", "tagging", "read", "list", "not listed"]
_ACTION_TABLE = _closed({"package": TEXT, "version": TEXT, "date": {"type": "string", "format": "date"}})
_REQUEST = _closed({"principal": TEXT, "action": TEXT, "resource": TEXT, "context": {"type": "object"}})
_KIND = {"enum": ["identity", "trust", "resource"]}
_EXPLANATION = _closed(
    {
        "kind": _KIND,
        "grants": _list(
            _closed(
                {
                    "statement": TEXT,
                    "sid": TEXT,
                    "who": _list(TEXT),
                    "services": _list(
                        _closed(
                            {
                                "name": TEXT,
                                "total": {"type": ["integer", "null"]},
                                "actions": {
                                    "type": "object",
                                    "properties": dict.fromkeys(LEVELS, _list(TEXT)),
                                    "additionalProperties": False,
                                },
                            }
                        )
                    ),
                    "everything": {"type": "boolean"},
                    "except": _list(TEXT),
                    "resources": _list(TEXT),
                    "conditions": _list(TEXT),
                    "witnesses": {**_list(_REQUEST), "minItems": 1},
                }
            )
        ),
        "denials": _list(
            _closed(
                {
                    "statement": TEXT,
                    "sid": TEXT,
                    "actions": _list(TEXT),
                    "not_actions": _list(TEXT),
                    "resources": _list(TEXT),
                    "not_resources": _list(TEXT),
                    "conditions": _list(TEXT),
                }
            )
        ),
        "dead": _list(_closed({"path": TEXT, "what": TEXT, "reason": TEXT})),
        "undecided": _list(_closed({"path": TEXT, "reason": TEXT})),
        "problems": _list(_closed({"path": TEXT, "message": TEXT})),
        "action_table": _ACTION_TABLE,
    }
)
_DIFFERENCES = _list(_closed({"actions": _list(TEXT), "statement": TEXT, "witness": _REQUEST}))
_COMPARISON = _closed(
    {
        "kind": _KIND,
        "relation": {"enum": ["equal", "wider", "narrower", "incomparable", "undecided"]},
        "newly_allowed": _DIFFERENCES,
        "no_longer_allowed": _DIFFERENCES,
        "undecided": _list(
            _closed({"path": TEXT, "reason": TEXT, "may_hide": {"enum": ["newly_allowed", "no_longer_allowed"]}})
        ),
        "action_table": _ACTION_TABLE,
    }
)
# What only some commands add.
SCHEMA = {**_REPORT, "properties": {**_REPORT["properties"], "explanation": _EXPLANATION, "comparison": _COMPARISON}}
