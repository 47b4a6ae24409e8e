"""Advice on what is known to go wrong when people write statements: what to do, and the text as it may be meant.

Each text that is offered is a guess; whoever shows one has to read it first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import chain
from typing import Final

from ..permissions import LADDER, added_by, is_known, types
from .advice_on_characters import on_characters
from .advice_on_conditions import on_conditions, on_ends
from .advice_on_names import on_names
from .negation import NEGATING, turns_round
from .stop import NO_EDIT, Advice, Stop

_CLOSE: Final = 0.8  # "raed" may be anything
_SUBJECTS: Final = frozenset({"group", "dynamic-group", "service", "any-user", "any-group"})
_LADDER: Final = ("inspect", "read", "use", "manage")
_VERBS: Final = {
    **dict.fromkeys(("list", "see"), "inspect"),
    **dict.fromkeys(("get", "view", "download", "fetch"), "read"),
    **dict.fromkeys(("administer", "admin", "own", "control"), "manage"),
}
# What is done -> how the permission for it ends; which verb grants that hangs on the type.
_DOES: Final = {
    **dict.fromkeys(("update", "edit", "modify", "change"), "_UPDATE"),
    **dict.fromkeys(("execute", "invoke", "run"), "_INVOCATION"),
    **dict.fromkeys(("create", "make"), "_CREATE"),
    **dict.fromkeys(("delete", "remove", "destroy", "drop"), "_DELETE"),
    **dict.fromkeys(("write", "upload", "put", "insert", "add", "append", "start", "stop", "pause", "reset"), ""),
}
_DENIALS: Final = frozenset({"disallow", "denied", "denies", "forbid", "forbids", "prohibit", "prohibits"})
_NO_IN: Final = frozenset({"on", "at", "within", "inside"})
_EVERYWHERE: Final = frozenset({"all", "any", "every", "both"})
_NO_COMPARTMENT: Final = _SUBJECTS | NEGATING | {"to", "in", "where", "with", "of"}
_END_OF_LOCATION: Final = re.compile(r"\s*(?:$|:|(?:where|of|with|when|if)\b)", re.IGNORECASE)
_EVERYBODY: Final = frozenset({"anyone", "everyone", "everybody", "all-users", "all-groups"})


def advice(text: str, offset: int, found: str, accepted: frozenset[str], nearest: str | None) -> Iterator[Advice]:
    """Advice on why reading stopped at `offset`, where `found` stands; the likeliest first."""
    stop = Stop(text, offset, found, accepted, nearest)
    parts = (on_characters, _openings, on_names, _actions, _locations, _behind_a_location, on_conditions, on_ends)
    yield from chain.from_iterable(part(stop) for part in parts)
    if nearest is not None:
        sure = SequenceMatcher(None, nearest, stop.word).ratio() >= _CLOSE
        yield Advice(None, stop.replaced(nearest.capitalize() if found[0].isupper() else nearest) if sure else NO_EDIT)


def _openings(stop: Stop) -> Iterator[Advice]:
    if "_DEFINE" in stop.accepted:
        if stop.word in _SUBJECTS:
            yield Advice("a statement starts with `allow`", stop.replaced(f"Allow {stop.found}"))
        elif stop.word in {"grant", "permit"}:
            yield Advice("the word for it is `allow`", stop.replaced("Allow"))
        elif stop.word in _DENIALS:
            yield Advice("the word for it is `deny`", stop.replaced("Deny"))
        elif stop.nearest is None and turns_round(stop.word, "allow"):
            yield Advice("a denial starts with `deny`", NO_EDIT)
    elif {"GROUP", "SERVICE"} <= stop.accepted:
        if stop.word in {"user", "users"}:
            yield Advice("a single user is no subject; name a group, or test `request.user.id` in a condition", NO_EDIT)
        elif stop.word == "dynamic" and re.match(r"\s+group\b", stop.after, re.IGNORECASE):
            yield Advice("`dynamic-group` has a hyphen", f"{stop.before}dynamic-{stop.after.lstrip()}")
        elif stop.word == "any" and (everyone := re.match(r"\s+(user|group)s?\b", stop.after, re.IGNORECASE)):
            rest = stop.after[everyone.end() :]
            yield Advice(f"`any-{everyone[1].lower()}` has a hyphen", f"{stop.before}any-{everyone[1].lower()}{rest}")
        elif stop.word in _EVERYBODY:
            yield Advice("whoever signs in is `any-group`; a few are `group NAME`", NO_EDIT)
        elif stop.nearest is None and re.match(r"\s+to\b|\s*,", stop.after, re.IGNORECASE):
            yield Advice("say what the name is of: `group NAME`, `dynamic-group NAME` or `service NAME`", NO_EDIT)


def _actions(stop: Stop) -> Iterator[Advice]:
    if "VERB" in stop.accepted and stop.found:
        if stop.word in _DOES:
            verb = _least(stop)
            if verb:
                yield Advice(f"the verb for it is `{verb}`", stop.replaced(verb))
            else:
                yield Advice("`use` changes what is there, `manage` creates and deletes too", NO_EDIT)
        elif stop.word in _VERBS:
            yield Advice(f"the verb for it is `{_VERBS[stop.word]}`", stop.replaced(_VERBS[stop.word]))
        elif is_known(stop.found):
            yield Advice("a verb stands before the resource type", NO_EDIT)
        elif re.match(r"\s+in\b", stop.after, re.IGNORECASE):
            yield Advice("a verb stands before the resource type")
    if stop.previous in _LADDER and "TYPE" in stop.accepted and stop.found == ",":
        listed = re.match(r"(?:\s*,\s*(?:inspect|read|use|manage)\b)+", stop.text[stop.offset :], re.IGNORECASE)
        if listed is not None:
            verbs = [stop.previous, *re.findall(r"\w+", listed[0].lower())]
            highest = max(verbs, key=_LADDER.index)
            kept = stop.before[: stop.before.lower().rindex(stop.previous)]
            yield Advice(
                f"one verb a statement, and `{highest}` holds the lower ones",
                f"{kept}{highest}{stop.text[stop.offset + len(listed[0]) :]}",
            )
        else:
            yield Advice("one verb a statement")
    elif stop.previous in _LADDER and "TYPE" in stop.accepted and stop.found == "{":
        yield Advice("a permission set takes the place of verb and resource type", NO_EDIT)
    if "_IN" in stop.accepted and "QUOTED" not in stop.accepted:
        yield from _behind_a_type(stop)


def _least(stop: Stop) -> str:
    """The lowest verb that grants all that is called so on the type behind it; empty where none is listed."""
    resource_type = re.match(r"\s+([\w-]+)", stop.after)
    name = resource_type[1].lower() if resource_type is not None else ""
    ending = _DOES[stop.word]
    if not ending or name not in types():
        return ""
    adding = [verb for verb in LADDER if any(granted.endswith(ending) for granted in added_by(verb, name))]
    return adding[-1].value if adding else ""


def _behind_a_type(stop: Stop) -> Iterator[Advice]:
    verbs = re.search(r"\{\s*(inspect|read|use|manage)\s*\}\s*$", stop.before, re.IGNORECASE)
    if stop.word in _NO_IN and re.match(r"\s+(?:the\s+)?(?:tenancy|compartment)\b", stop.after, re.IGNORECASE):
        yield Advice("before a location stands `in`", stop.replaced("in"))
    elif not stop.found or stop.word == "where":
        yield Advice("the location is missing: `in tenancy` or `in compartment NAME`", NO_EDIT)
    elif stop.previous == "and":
        yield Advice("one verb a statement", NO_EDIT)
    elif stop.found == "," or stop.word == "and":
        yield Advice("one resource type a statement; write another statement for the other type", NO_EDIT)
    elif verbs is not None and stop.found[0].isalpha():
        bare = f"{stop.before[: verbs.start()]}{verbs[1]} {stop.found}{stop.after}"
        yield Advice("a verb stands in no braces", bare)
    elif stop.before.rstrip().endswith("}"):
        alone = is_known(stop.found) and re.match(r"\s+in\b", stop.after, re.IGNORECASE)
        dropped = f"{stop.before.rstrip()}{stop.after}" if alone else NO_EDIT
        yield Advice("a permission set takes the place of verb and resource type", dropped)
    elif stop.previous == "in":
        yield Advice("the resource type is missing before `in`", NO_EDIT)
    else:
        several = re.search(r"([\w-]+)\s+$", stop.before[-80:])
        rest = re.match(r"[\w-]+(?:\s+(?!in\b)[\w-]+)*", stop.text[stop.offset : stop.offset + 80], re.IGNORECASE)
        if several is not None and rest is not None:
            joined = re.sub(r"\s+", "-", several[0] + rest[0])
            if is_known(joined):
                edited = (
                    f"{stop.text[: stop.offset - len(several[0])]}{joined}{stop.text[stop.offset + len(rest[0]) :]}"
                )
                yield Advice("hyphens join the words of a resource type", edited)


def _locations(stop: Stop) -> Iterator[Advice]:
    if "COMPARTMENT" in stop.accepted and "_DEFINE" not in stop.accepted and stop.previous == "in":
        if not stop.found:
            yield Advice("the location is missing: `in tenancy` or `in compartment NAME`", NO_EDIT)
        elif stop.word == "any-tenancy":
            yield Advice("only `endorse` reaches into other tenancies", NO_EDIT)
        elif stop.word in {"tenancy.", "tenancy;"}:
            yield Advice("a statement ends without a full stop", stop.replaced(stop.found[:-1]))
        elif stop.word == "the":
            yield Advice("leave out `the`", f"{stop.before}{stop.after.lstrip()}")
        elif stop.word in {"region", "regions"}:
            yield Advice("a region is a condition: `in tenancy where request.region = 'KEY'`", NO_EDIT)
        elif stop.word in _EVERYWHERE:
            yield Advice("one location a statement, and all compartments are `tenancy`", NO_EDIT)
        elif stop.word in {"root", "tenant", "account"}:
            yield Advice("the whole account is `tenancy`", stop.replaced("tenancy"))
        elif stop.word.startswith("ocid1."):
            yield Advice("an OCID follows `compartment id`", stop.replaced(f"compartment id {stop.found}"))
        elif re.match(r"\w|'", stop.found) and (stop.nearest is None or stop.word.startswith("compartment")):
            other = stop.word in _NO_COMPARTMENT or "tenancy" in stop.word or is_known(stop.found)
            sure = _END_OF_LOCATION.match(stop.after) and not other
            edited = stop.replaced(f"compartment {stop.found}") if sure else None
            yield Advice("a compartment is named as `compartment NAME`", edited)
    if stop.accepted <= {"_ID", "NAME", "QUOTED", "OPAQUE"} and stop.found in {"", "''"}:
        yield Advice("the name is missing", NO_EDIT)


def _behind_a_location(stop: Stop) -> Iterator[Advice]:
    if stop.accepted == {"_WITH"} and not stop.found:
        yield Advice(
            "endorse reaches into `any-tenancy`, `tenancy NAME` or `compartment NAME of tenancy NAME`", NO_EDIT
        )
    if {"_WHERE", "$END"} <= stop.accepted:
        if stop.found in {",", "&", "&&"} or stop.word in {"and", "or"}:
            yield Advice("one location a statement; write another statement for the other place", NO_EDIT)
        elif stop.word in {"when", "if"}:
            yield Advice("a condition follows `where`", stop.replaced("where"))
        elif stop.word == "of" or (
            stop.previous == "tenancy"
            and re.match(r"[\w']", stop.found)
            and re.match(r"\s*($|where\b)", stop.after, re.IGNORECASE)
        ):
            yield Advice("only `endorse` reaches into another tenancy", NO_EDIT)
