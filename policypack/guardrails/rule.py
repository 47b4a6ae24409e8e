"""What a rule is: frozen metadata and one pure function.

The metadata is the only place where a rule is described. The CrossGuard policy, `preflight rules`, the page in
docs/rules, the table in the README and the fields of every report are derived from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Flag, StrEnum, auto
from typing import TypeAlias

from .findings import Concern, Finding, Level, Severity, Source
from .model import Context, Keys, Resource, Stack


@dataclass(frozen=True, slots=True)
class MarkSecret:
    """An edit: the value at `keys` becomes secret, whatever it holds."""

    keys: Keys


@dataclass(frozen=True, slots=True)
class SetText:
    """An edit: the value at `keys` becomes this text. A secret mark on it stays."""

    keys: Keys
    text: str


@dataclass(frozen=True, slots=True)
class SwitchOn:
    """An edit: the property `key` becomes true, whether or not it was given. A secret mark on it stays."""

    key: str


Edit: TypeAlias = MarkSecret | SetText | SwitchOn
Remediation: TypeAlias = Callable[[Resource, Context], Iterable[Edit]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """Metadata that all kinds of rules share.

    `id` names the bad state in kebab-case and never changes meaning. `title` says the bad state in one line, `why`
    what can happen because of it, `fix` what to do about it. `controls` are benchmark ids with their version, such as
    `CIS-AWS-3.0.0:1.16`, and `covers` the lines of docs/coverage.md that it answers. A rule is silent where one that it
    `yields_to` has spoken, as gravely, of the same cause, or of a place around it, so that one cause is one finding, of
    the highest meaning, whichever of the rules are enabled. `level` is given only where the severity's own level is not
    wanted. `settings` maps a property of the policy's configuration to its JSON schema,
    which must have a `default`; `check_settings` says what is wrong with those that fit the schema and yet cannot be
    used, with setting, value and an example. `settings_of` are rules whose settings it reads beside its own, so that
    what several rules need is configured once.
    """

    id: str
    concern: Concern
    severity: Severity
    title: str
    why: str
    fix: str
    controls: Sequence[str] = ()
    covers: Sequence[str] = ()
    yields_to: Sequence[str] = ()
    level: Level | None = None
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    check_settings: Callable[[Mapping[str, object]], Iterable[str]] | None = None
    settings_of: Sequence[str] = ()

    @property
    def default_level(self) -> Level:
        return self.level or self.severity.level

    @property
    def docs(self) -> str:
        """The rule's page, relative to the root of the repository."""
        return f"docs/rules/{self.id}.md"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResourceRule(Rule):
    """A rule that one resource's checked inputs decide.

    `types` are the type tokens it reads; none means every type. `remediate` gives the edits that mend the resource,
    for rules where one resource can be mended.
    """

    types: Sequence[str]
    check: Callable[[Resource, Context], Iterable[Finding]]
    remediate: Remediation | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StackRule(Rule):
    """A rule that needs several resources, or the exports, to decide.

    It runs where the stack has a resource of one of `types`; none means every stack. `remediate` gives the edits that
    mend one resource of the types that it `mends`, where what is wrong lies in that one alone.
    """

    types: Sequence[str]
    check: Callable[[Stack, Context], Iterable[Finding]]
    remediate: Remediation | None = None
    mends: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretLiteral:
    """A secret input whose value, or a credential in the JSON text that it is, stands as a literal in the program.

    `keys` are the steps that lead to it from the properties of the resource, or of the stack, whose exports count too.
    `member` says that it is the latter.
    """

    urn: str
    type: str
    keys: Keys
    source: Source
    member: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownArgument:
    """An argument of a function call that the function does not know. `suggestion` is the nearest one it does."""

    function: str
    path: str
    argument: str
    suggestion: str
    source: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedCredential:
    """A credential in a file that the input `path` of a resource uploads.

    `file` is what to call the file, `line` the one in it (None for several), `kind` what the credential is. `source` is
    the same place where the file is one of the project's.
    """

    urn: str
    path: str
    file: str
    line: int | None
    kind: str
    severity: Severity
    source: Source | None


class Weakness(StrEnum):
    """Why what encrypts a stack's secrets keeps nobody from reading them."""

    NO_ENCRYPTION = "no encryption"
    EMPTY_PASSPHRASE = "empty passphrase"  # noqa: S105 - a word


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakEncryption:
    """How a stack's secrets are stored; `path` is the setting that says so."""

    weakness: Weakness
    path: str
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What only preflight can tell of a program it has run, or of a state it has read.

    `secrets_in_clear` is how many secrets the file of a state holds in clear.
    """

    stack: str
    secret_literals: Sequence[SecretLiteral] = ()
    unknown_arguments: Sequence[UnknownArgument] = ()
    uploaded_credentials: Sequence[UploadedCredential] = ()
    weak_encryption: WeakEncryption | None = None
    secrets_in_clear: int = 0


class Judges(Flag):
    """What a program rule can be asked of."""

    PROGRAMS = auto()
    STATES = auto()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProgramRule(Rule):
    """A rule on what only preflight knows, because it has run the program or read the file of a state.

    The pack does not carry it.
    """

    judges: Judges = Judges.PROGRAMS
    check: Callable[[Program, Context], Iterable[Finding]]


AnyRule: TypeAlias = ResourceRule | StackRule | ProgramRule
