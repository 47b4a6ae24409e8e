"""The resources of a program as rules see them: plain values with their marks, whatever engine sent them.

A `Value` is known, unknown, a stand-in or absent, and secret or not. Asking one for something it does not hold
answers with an absent value; nothing here raises because of what a program left out or cannot know yet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Final, TypeAlias, TypeVar, cast

from .values import UNKNOWN, State, Unknown, has_stand_in, may_be_anything

STACK_TYPE: Final = "pulumi:pulumi:Stack"
# What an engine writes, unmarked, for a secret that it could not decrypt or was not to show. It is decoded as a secret
# that is not known.
REDACTED: Final = "[secret]"
_PLAIN_NAME: Final = re.compile(r"[\w$@-]+")

T = TypeVar("T")


class Secret:
    """A decoded value that is marked secret. Never shows what it holds."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "Secret(…)"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file or an archive. `text` is the content where the program gave it, else None; `members` are an archive's."""

    text: str | None = field(default=None, repr=False)
    location: str | None = None
    members: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """A resource passed as a value."""

    urn: str
    id: object = None


Keys: TypeAlias = tuple[str | int, ...]


class Value:
    """A view of one decoded value with its place and its mark.

    `raw` is the decoded value (see `values`), `keys` are the steps that lead to it from the resource's properties, and
    `secret` says whether it or anything around it is marked secret.
    """

    __slots__ = ("keys", "raw", "secret")

    def __init__(self, raw: object, keys: Keys, *, secret: bool = False) -> None:
        while isinstance(raw, Secret):
            raw, secret = raw.value, True
        self.raw = raw
        self.keys = keys
        self.secret = secret

    @property
    def path(self) -> str:
        """The property path, such as `users[1].password`; a name with other than word characters stands in quotes."""
        text = ""
        for key in self.keys:
            if isinstance(key, str) and _PLAIN_NAME.fullmatch(key):
                text += f".{key}" if text else key
            else:
                text += f"[{json.dumps(key, ensure_ascii=False)}]"
        return text

    def __repr__(self) -> str:
        return f"Value({self.path}, {'secret' if self.secret else self.state.value})"

    @property
    def state(self) -> State:
        raw = self.raw
        if raw is None:
            return State.ABSENT
        if isinstance(raw, Unknown):
            return State.UNKNOWN
        if isinstance(raw, str) and has_stand_in(raw):
            return State.STAND_IN
        return State.KNOWN

    @property
    def absent(self) -> bool:
        return self.raw is None

    @property
    def unknown(self) -> bool:
        return isinstance(self.raw, Unknown)

    @property
    def is_open(self) -> bool:
        """Whether it may turn out to be anything: not known yet, or invented for a value that nobody gave."""
        return self.unknown or may_be_anything(self.text or "")

    @property
    def text(self) -> str | None:
        """The text, known or stand-in; None for anything else."""
        return self.raw if isinstance(self.raw, str) else None

    @property
    def flag(self) -> bool | None:
        """The truth value, also of the texts `true` and `false` that provider inputs use; None for anything else."""
        if isinstance(self.raw, bool):
            return self.raw
        return {"true": True, "false": False}.get(self.raw) if isinstance(self.raw, str) else None

    def __getitem__(self, key: str | int) -> Value:
        """The member `key` of a map or element of a list; absent where there is none, unknown in an unknown."""
        raw = self.raw
        if isinstance(key, int):
            inner = raw[key] if isinstance(raw, list) and -len(raw) <= key < len(raw) else None
        else:
            inner = raw.get(key) if isinstance(raw, dict) else None
        if isinstance(raw, Unknown):
            inner = UNKNOWN
        return Value(inner, (*self.keys, key), secret=self.secret)

    def elements(self) -> Iterator[Value]:
        """The elements of a list; a single value counts as a list of one, as provider inputs allow."""
        if isinstance(self.raw, list):
            yield from (self[index] for index in range(len(self.raw)))
        elif self.raw is not None:
            yield self

    def members(self) -> Iterator[tuple[str, Value]]:
        """The members of a map in their order; nothing for any other value."""
        if isinstance(self.raw, dict):
            for key in self.raw:
                yield str(key), self[key]

    def leaves(self) -> Iterator[Value]:
        """Every value below, and this one, that is neither a list nor a map. Iterative: no depth is too deep."""
        waiting = [self]
        while waiting:
            value = waiting.pop()
            if isinstance(value.raw, dict):
                waiting.extend(inner for _, inner in value.members())
            elif isinstance(value.raw, list):
                waiting.extend(value.elements())
            elif isinstance(value.raw, Asset):
                yield value
                waiting.extend(
                    Value(inner, (*value.keys, key), secret=value.secret) for key, inner in value.raw.members.items()
                )
            else:
                yield value

    def unmarked(self) -> object:
        """The raw value with the secret marks taken off at every depth: what a document parser wants."""
        return _strip(self.raw)


def _strip(raw: object) -> object:
    while isinstance(raw, Secret):
        raw = raw.value
    if isinstance(raw, dict):
        return {key: _strip(inner) for key, inner in raw.items()}
    if isinstance(raw, list):
        return [_strip(inner) for inner in raw]
    return raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource. `properties` are the checked inputs in Analyze, the outputs in AnalyzeStack.

    `property_dependencies` maps a property to the URNs it was computed from. `inputs` are among outputs the inputs that
    Analyze was sent, None where it was not: an unknown that nobody gave is what a provider fills in, and one that was
    given is what the program has yet to learn. `provider` is the URN of the provider that manages it, empty where that
    is not known.
    """

    urn: str
    type: str
    name: str
    properties: Mapping[str, object] = field(repr=False)
    additional_secret_outputs: Sequence[str] = ()
    property_dependencies: Mapping[str, Sequence[str]] = field(default_factory=dict)
    inputs: Mapping[str, object] | None = field(default=None, repr=False)
    provider: str = ""
    _memory: dict[str, object] = field(default_factory=dict, repr=False, compare=False)
    _of_inputs: dict[str, object] = field(default_factory=dict, repr=False, compare=False)

    def remember(self, question: str, answer: Callable[[], T], of: Sequence[str] = ()) -> T:
        """The answer to `question`, worked out once: several rules read the same documents of the same resource.

        `of` are the properties that it hangs on, where it is these alone: what was worked out in Analyze then serves in
        AnalyzeStack too, where they are what they were.
        """
        memory = self._of_inputs if of and (self.inputs is None or self._unchanged(of)) else self._memory
        if question not in memory:
            memory[question] = answer()
        return cast("T", memory[question])

    def _unchanged(self, keys: Sequence[str]) -> bool:
        inputs = self.inputs
        return inputs is not None and all(inputs.get(key) == self.properties.get(key) for key in keys)

    def with_inputs(self, analyzed: Resource) -> Resource:
        """This resource as AnalyzeStack sent it, with what Analyze was sent of it and what was worked out of that."""
        return replace(self, inputs=analyzed.properties, _of_inputs=analyzed._of_inputs)

    def kept(self) -> Resource:
        """This resource as Analyze was sent it, with no more of what was worked out than AnalyzeStack has a use for."""
        return replace(self, _memory={})

    def gave(self, key: str) -> bool:
        """Whether the program gave this property; True where that is not known."""
        return self.inputs is None or key in self.inputs

    def __getitem__(self, key: str) -> Value:
        return Value(self.properties.get(key), (key,))

    def values(self) -> Iterator[Value]:
        """The top-level properties, in their order."""
        return (self[key] for key in self.properties)


@dataclass(frozen=True)
class Stack:
    """All resources of a stack with their outputs."""

    resources: Sequence[Resource]
    _indices: dict[tuple[tuple[str, ...], tuple[str, ...]], Mapping[str, Sequence[Resource]]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _memory: dict[str, object] = field(default_factory=dict, repr=False, compare=False)

    def remember(self, question: str, answer: Callable[[], T]) -> T:
        """The answer to `question`, worked out once for all rules that ask it of this stack."""
        if question not in self._memory:
            self._memory[question] = answer()
        return cast("T", self._memory[question])

    @cached_property
    def by_urn(self) -> Mapping[str, Resource]:
        return {resource.urn: resource for resource in self.resources}

    @cached_property
    def _by_type(self) -> Mapping[str, Sequence[Resource]]:
        index: dict[str, list[Resource]] = {}
        for resource in self.resources:
            index.setdefault(resource.type, []).append(resource)
        return index

    def of_type(self, types: Iterable[str]) -> Iterator[Resource]:
        """The resources of these types, in the order of the types given."""
        for token in types:
            yield from self._by_type.get(token, ())

    @cached_property
    def root(self) -> Resource | None:
        """The stack resource, whose properties are the exports; None where it was not sent."""
        return next(self.of_type([STACK_TYPE]), None)

    def targets(self, resource: Resource, key: str, types: Sequence[str], names: Sequence[str]) -> list[Resource]:
        """The resources of `types` that property `key` of `resource` points at; of a list, those of every element.

        Joined by what the engine recorded (the property was computed from that resource) or by equal text, known or
        stand-in, of one of the target's properties `names`. Both are needed: a literal name leaves no dependency, an
        unknown leaves no text.
        """
        found = {
            urn: self.by_urn[urn]
            for urn in resource.property_dependencies.get(key, ())
            if urn in self.by_urn and self.by_urn[urn].type in types
        }
        for element in resource[key].elements():
            if element.text is not None:
                for candidate in self._named(tuple(types), tuple(names)).get(element.text, ()):
                    found.setdefault(candidate.urn, candidate)
        return list(found.values())

    def _named(self, types: tuple[str, ...], names: tuple[str, ...]) -> Mapping[str, Sequence[Resource]]:
        """The resources of `types` by the text of any of their properties `names`, indexed once for each question."""
        if (types, names) not in self._indices:
            index: dict[str, list[Resource]] = {}
            for candidate in self.of_type(types):
                for text in {candidate[name].text for name in names} - {None}:
                    index.setdefault(str(text), []).append(candidate)
            self._indices[types, names] = index
        return self._indices[types, names]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The deployment that is judged: its configuration by full key, objects and lists as JSON text.

    `secret_keys` are the keys whose values are secret. Empty where the engine does not say. `today` is the day in UTC,
    for rules on what expires.
    """

    configuration: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret_keys: frozenset[str] = frozenset()
    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    _memory: dict[str, object] = field(default_factory=dict, repr=False, compare=False)

    def remember(self, question: str, answer: Callable[[], T]) -> T:
        """The answer to `question`, worked out once for all that is asked of this run."""
        if question not in self._memory:
            self._memory[question] = answer()
        return cast("T", self._memory[question])

    @property
    def secrets(self) -> Mapping[str, str]:
        """The secret configuration, by key."""
        return {key: text for key, text in self.configuration.items() if key in self.secret_keys}

    @property
    def plain(self) -> Mapping[str, str]:
        """The configuration that stands in the stack's file in clear, by key."""
        return {key: text for key, text in self.configuration.items() if key not in self.secret_keys}


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may read beside the resources: its own settings, with defaults filled in, and the run."""

    settings: Mapping[str, object] = field(default_factory=dict)
    run: Run = field(default_factory=Run)
