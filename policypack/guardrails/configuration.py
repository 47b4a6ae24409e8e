"""The policy configuration: levels and settings per rule, checked, because the engine accepts any name silently."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from .findings import Level
from .judge import Policy, RuleT, default_policy


class ConfigurationError(ValueError):
    """The configuration names something that does not exist or cannot be used; the text says what to write."""


@dataclass(frozen=True, slots=True)
class Configured:
    """What the configuration says of one policy. `level` is None where it says nothing of the level."""

    level: Level | None
    settings: Mapping[str, object]


def policies(
    rules: Iterable[RuleT], configured: Mapping[str, Configured], others: Iterable[str] = ()
) -> dict[str, Policy[RuleT]]:
    """Every rule's policy, by rule id, under this configuration. `others` are policy names that are not rules.

    Raises `ConfigurationError` for a policy or a setting that does not exist, naming the nearest one that does, and for
    a setting that its rule cannot use.
    """
    known = {rule.id: rule for rule in rules}
    names = [*known, *others]
    for name in configured:
        if name not in names:
            raise ConfigurationError(
                f"there is no policy {name!r}{_nearest(name, names)}; `preflight rules` lists them"
            )
    found = {name: _policy(rule, configured.get(name)) for name, rule in known.items()}
    return {name: _with_settings_of(policy, found) for name, policy in found.items()}


def _with_settings_of(policy: Policy[RuleT], found: Mapping[str, Policy[RuleT]]) -> Policy[RuleT]:
    """The policy with the settings of the others that its rule reads, where these are carried too."""
    shared: dict[str, object] = {}
    for name in policy.rule.settings_of:
        shared.update(found[name].settings if name in found else {})
    return replace(policy, settings={**shared, **policy.settings}) if shared else policy


def _policy(rule: RuleT, configured: Configured | None) -> Policy[RuleT]:
    if configured is None:
        return default_policy(rule)
    for key in configured.settings:
        if key not in rule.settings:
            hint = _nearest(key, rule.settings) or (
                f"; it has {', '.join(rule.settings)}"
                if rule.settings
                else "; it has no settings but its enforcement level"
            )
            raise ConfigurationError(f"policy {rule.id!r} has no setting {key!r}{hint}")
    problem = next(iter(rule.check_settings(configured.settings)), "") if rule.check_settings else ""
    if problem:
        raise ConfigurationError(f"policy {rule.id!r}: {problem}")
    defaults = default_policy(rule)
    return Policy(rule, configured.level or defaults.level, {**defaults.settings, **configured.settings})


def _nearest(name: str, names: Iterable[str]) -> str:
    close = get_close_matches(name, list(names), n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""
