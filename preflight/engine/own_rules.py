"""Preflight's own rules on a subject, and the facts they judge: what no rule asks for is not found out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policypack.guardrails.model import Run
from policypack.guardrails.rule import Judges, Program, ProgramRule, SecretLiteral, UnknownArgument, UploadedCredential
from policypack.guardrails.rules.least_privilege import policy_document_unknown_argument
from policypack.guardrails.rules.secret_marking import (
    credential_in_function_code,
    secret_literal_in_source,
    stack_without_encryption,
    state_with_secrets_in_clear,
)

from . import program_rules
from .checks import policy_notices

if TYPE_CHECKING:
    from policypack.guardrails.rule import WeakEncryption

    from .analyzer import Record
    from .policy_configuration import Given


def _no_encryption() -> WeakEncryption | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """How each part of a `Program` is found out; `stack` is the URN of the stack."""

    stack: str
    secret_literals: Callable[[], Sequence[SecretLiteral]] = tuple
    unknown_arguments: Callable[[], Sequence[UnknownArgument]] = tuple
    uploaded_credentials: Callable[[], Sequence[UploadedCredential]] = tuple
    weak_encryption: Callable[[], WeakEncryption | None] = _no_encryption
    secrets_in_clear: Callable[[], int] = int


class OwnRules:
    """The rules that are on for programs or for states.

    `times` are the seconds that each has run, over all subjects. Raises CheckError where the policy configuration names
    a setting that does not exist.
    """

    def __init__(self, given: Mapping[str, Given], judged: Judges) -> None:
        self._policies = program_rules.enabled(given, judged)
        self._on = {policy.rule.id for policy in self._policies}
        self.notices = policy_notices(program_rules.notices(given))
        self.times: dict[str, float] = {}

    @property
    def count(self) -> int:
        """How many rules are on."""
        return len(self._policies)

    def judge(self, facts: Facts, run: Run) -> list[Record]:
        """What they say of one subject."""
        program = Program(
            stack=facts.stack,
            secret_literals=facts.secret_literals() if self._asks(secret_literal_in_source.RULE) else (),
            unknown_arguments=facts.unknown_arguments() if self._asks(policy_document_unknown_argument.RULE) else (),
            uploaded_credentials=facts.uploaded_credentials() if self._asks(credential_in_function_code.RULE) else (),
            weak_encryption=facts.weak_encryption() if self._asks(stack_without_encryption.RULE) else None,
            secrets_in_clear=facts.secrets_in_clear() if self._asks(state_with_secrets_in_clear.RULE) else 0,
        )
        times: dict[str, float] = {}
        records = program_rules.judge(self._policies, program, run, times)
        for rule, seconds in times.items():
            self.times[rule] = self.times.get(rule, 0.0) + seconds
        return records

    def _asks(self, rule: ProgramRule) -> bool:
        return rule.id in self._on
