"""The forms that claims of identity providers have, and whom the fixed part of a pattern names.

A form is written with slots, such as `repo:{tenant:OWNER}/{project:REPOSITORY}:ref:refs/heads/{place:BRANCH}`; a slot
runs to the next literal character, and after the colon stands what a reader would call it. `{{` and `}}` are braces.

* `tenant`: whose the token is (an organization, an owner, a workspace).
* `project`: for what it was made (a repository, a pipeline, an application); a text that no other tenant has.
* `project_name`: the same where other tenants may have one of that name.
* `place`: what narrows a project further (a branch, an environment, a stack, a service account).
* `free`: what says nothing of whose the token is, or what anybody's may hold.
* `any`, at the start alone: whatever stands before.

In `{tenant:OWNER@ID}` a number that is never given away may stand behind the name and an `@`, as GitHub writes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from typing import Final

from ..glob import Glob, compiled, has_wildcard, overlapping, tokens_of
from ..values import STAND_IN, has_stand_in

_PART: Final = re.compile(r"\{\{|\}\}|\{(?P<kind>\w+)(?::(?P<name>\w+)(?P<id>@\w+)?)?\}|[^{}]+|[{}]")
# What stands between the parts of a form.
_JOINTS: Final = ("/", ":")
_OPEN_STAND_IN: Final = re.compile(rf"(?:{STAND_IN.pattern})(?![0-9a-fA-F/:]|$)")
_TENANT: Final = "tenant"
_PROJECTS: Final = ("project", "project_name")
_PLACE: Final = "place"
_KINDS: Final = frozenset({_TENANT, *_PROJECTS, _PLACE, "free", "any"})


class Depth(IntEnum):
    """How much of a subject is fixed: whose it is, for which project, and for which place of it."""

    TENANT = 1
    PROJECT = 2
    PLACE = 3


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of a form that differs from token to token; `name` is what a reader would call it, in capitals.

    `numbered`: a number may stand behind the value and an `@`.
    """

    kind: str
    name: str
    numbered: bool = False

    def bare(self, value: str) -> str:
        """A value without its number."""
        return value.partition("@")[0] if self.numbered else value

    def fixed(self, value: str, tenants: Container[str] | None = None) -> str | None:
        """A value as a pattern: its number, whatever the name, else its name, whatever the number; `None` if open.

        Only `tenants`, in lower case, count where they are given. A `*` for the name would reach over the separators
        before it, so the number alone fixes nothing.
        """
        name = self.bare(value)
        if value and self.kind in ("free", _PLACE):
            return "*"
        if (
            not name
            or has_wildcard(name)
            or (self.kind == _TENANT and tenants is not None and name.lower() not in tenants)
        ):
            return None
        number = value.removeprefix(name).removeprefix("@")
        return f"*@{number}" if number.isdigit() else name if name == value else f"{name}@*"


@dataclass(frozen=True)
class Form:
    """One form of a claim, as literal texts and slots in turn."""

    parts: tuple[str | Slot, ...]

    @cached_property
    def start(self) -> str:
        """What every text of this form starts with."""
        return self.parts[0] if self.parts and isinstance(self.parts[0], str) else ""

    def slot(self, *kinds: str) -> Slot | None:
        """The last slot of some kinds."""
        return next((each for each in reversed(self.parts) if isinstance(each, Slot) and each.kind in kinds), None)

    def fits(self, pattern: Glob) -> bool:
        """Whether a text of this form may match a pattern."""
        return overlapping(pattern, self.shape)

    def tells(self, depth: Depth) -> bool:
        """Whether texts of this form can name anybody at a depth."""
        return self._ends[depth] is not None

    @property
    def ends_freely(self) -> bool:
        """Whether texts of this form end in what may be anything."""
        return isinstance(self.parts[-1], Slot) and self.parts[-1].kind == "free"

    @cached_property
    def has_place(self) -> bool:
        """Whether texts of this form can name a place."""
        return self.slot(_PLACE) is not None

    @cached_property
    def shape(self) -> Glob:
        """The texts of this form."""
        return compiled("".join(each if isinstance(each, str) else _loose(each) for each in self.parts))

    def filled(self, values: Callable[[Slot], str]) -> str:
        """A text of this form."""
        return "".join(each if isinstance(each, str) else values(each) for each in self.parts)

    def named(self, text: str, depth: Depth, tenants: Container[str] | None = None) -> str | None:
        """The pattern of all texts that have in common what a pattern fixes up to a depth; `None` where it is open.

        Only `tenants`, in lower case, count where they are given.
        """
        last = self._ends[depth]
        if last is None:
            return None
        end = self.parts[last]
        at_place = isinstance(end, Slot) and end.kind == _PLACE
        found = self._taken(text, last if at_place else last + 1, tenants)
        if found is None:
            return None
        taken, rest, closed = found
        if at_place:
            # A branch or an environment may be given by its first letters; that is the author's choice.
            return None if not rest or has_wildcard(rest[0]) else text
        if not closed:
            return taken
        behind = self.parts[last + 1 :]
        if depth is Depth.PLACE:
            # A form without a place names one by being what it is, such as a subject of pull requests.
            return text if "".join(each for each in behind if isinstance(each, str)) == rest else None
        return f"{taken}{str(behind[0])[:1]}*" if behind else taken

    def _taken(self, text: str, stop: int, tenants: Container[str] | None) -> tuple[str, str, bool] | None:
        """What a pattern fixes in the parts before `stop`, what is left of it, and whether the last part is closed.

        `None` where a part is open, or another one than the form has.
        """
        taken, rest, closed = "", text, True
        for index, part in enumerate(self.parts[:stop]):
            if isinstance(part, str):
                if not rest.startswith(part):
                    return None
                value = fixed = part
            elif part.kind == "any":
                value, found, _ = rest.partition(str(self.parts[index + 1]))
                if not found:
                    return None
                fixed = "*"
            else:
                value, closed = self._value(index, rest)
                # A number ends a name as well as a separator does.
                ended = closed or (index == stop - 1 and part.bare(value) != value)
                pattern = part.fixed(value, tenants)
                if pattern is None or not ended:
                    return None
                fixed = pattern
            taken, rest = taken + fixed, rest[len(value) :]
        return taken, rest, closed

    def like(self, text: str, values: Callable[[Slot], str]) -> str:
        """A text of this form that agrees with a pattern as far as that follows the form."""
        found, rest, follows = "", text, True
        for index, part in enumerate(self.parts):
            if isinstance(part, str):
                follows = follows and rest.startswith(part)
                found, rest = found + part, rest.removeprefix(part) if follows else rest
                continue
            value, closed = self._value(index, rest)
            if not follows or not value:
                found += values(part)
            else:
                filler = values(part) if value[0] in "*?" else f"-{values(part)}"
                found += compiled(value).example(filler)
            follows, rest = follows and closed, rest[len(value) :]
        return found

    def _value(self, index: int, rest: str) -> tuple[str, bool]:
        """The value of the slot at an index, and whether what must follow it does."""
        following = self.parts[index + 1] if index + 1 < len(self.parts) else ""
        closer = following[:1] if isinstance(following, str) else ""
        value, closed, _ = rest.partition(closer) if closer else (rest, "", "")
        return value, bool(closed) or not closer

    def follows(self, text: str) -> int:
        """How many characters of a pattern follow this form, up to the first slot that is open."""
        rest = text
        for index, part in enumerate(self.parts):
            if isinstance(part, str):
                shared = next((at for at, char in enumerate(part) if rest[at : at + 1] != char), len(part))
                rest = rest[shared:]
                if shared < len(part):
                    break
                continue
            value, closed = self._value(index, rest)
            if not value or has_wildcard(value) or not closed:
                break
            rest = rest[len(value) :]
        return len(text) - len(rest)

    def read(self, text: str) -> Mapping[Slot, str]:
        """What a pattern fixes of the slots, from the first one on to the first that is open."""
        found: dict[Slot, str] = {}
        rest = text
        for index, part in enumerate(self.parts):
            if isinstance(part, str):
                if not rest.startswith(part):
                    break
                rest = rest.removeprefix(part)
                continue
            value, closed = self._value(index, rest)
            if not value or has_wildcard(value) or not closed:
                break
            found[part], rest = value, rest[len(value) :]
        return found

    @cached_property
    def _ends(self) -> Mapping[Depth, int | None]:
        """The part up to which a text must be fixed; `None` where texts of this form do not tell."""
        return {depth: self._end(depth) for depth in Depth}

    def _end(self, depth: Depth) -> int | None:
        wanted: tuple[tuple[str, ...], ...]
        if depth is Depth.TENANT:
            wanted = ((_TENANT,), ("project",))
        elif depth is Depth.PROJECT:
            wanted = (_PROJECTS,)
        else:
            wanted = ((_PLACE,), _PROJECTS if isinstance(self.parts[-1], str) else ())
        for kinds in wanted:
            slots = [at for at, each in enumerate(self.parts) if isinstance(each, Slot) and each.kind in kinds]
            if slots:
                return slots[-1]
        return None


def _loose(slot: Slot) -> str:
    return "*" if slot.kind == "any" else "?*"


@lru_cache(maxsize=1024)
def form_of(text: str) -> Form:
    """The form that a text writes. Raises `ValueError` for one that is none."""
    parts: list[str | Slot] = []
    for match in _PART.finditer(text):
        kind, part = match["kind"], match[0]
        if part in ("{", "}") or (kind and (kind not in _KINDS or (parts and isinstance(parts[-1], Slot)))):
            raise ValueError(f"{text!r} is no form of a claim: at {part!r}")
        if kind:
            parts.append(Slot(kind, match["name"] or kind.upper(), numbered=match["id"] is not None))
        elif parts and isinstance(parts[-1], str):
            parts[-1] += part[:1] if part in ("{{", "}}") else part
        else:
            parts.append(part[:1] if part in ("{{", "}}") else part)
    anywhere = [at for at, each in enumerate(parts) if isinstance(each, Slot) and each.kind == "any"]
    if not parts or any(at > 0 or len(parts) == 1 for at in anywhere):
        raise ValueError(f"{text!r} is no form of a claim")
    return Form(tuple(parts))


def named_in(
    forms: Iterable[Form], text: str, depth: Depth, *, fold: bool, tenants: Container[str] = ()
) -> tuple[Glob, ...]:
    """The texts of whoever a pattern names at a depth, by the first of the forms in which it does.

    Only `tenants`, in lower case, count where there are any. What is computed may stand for several parts of a form, as
    the full name of a repository does.
    """
    known = tuple(forms)
    for each in known:
        found = each.named(text, depth, tenants or None)
        if found is not None:
            return (Glob(tokens_of(found), fold=fold),)
    for joint in _JOINTS if has_stand_in(text) and not _OPEN_STAND_IN.search(text) else ():
        spread = STAND_IN.sub(rf"\g<0>{joint}\g<0>", text)
        if any(each.named(spread, depth, tenants or None) is not None for each in known):
            return (Glob(tokens_of(text), fold=fold),)
    return ()
