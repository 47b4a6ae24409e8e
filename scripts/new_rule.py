"""Start a new rule: its module, its test table and its place in the catalogue.

Run it as:

    python scripts/new_rule.py bucket-public-website private-buckets

The module and the table hold a small example that runs. What must be replaced says "Fill in", and the tests of the
catalogue fail until nothing does.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from string import Template
from typing import Final

from policypack.guardrails.findings import Concern

ROOT: Final = Path(__file__).parents[1]
GUARDRAILS: Final = Path("policypack/guardrails")
TESTS: Final = Path("tests/guardrails/rules")
_KEBAB: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
_LONGEST: Final = 60
# An id names what is wrong. These words begin the name of a demand instead.
_DEMANDS: Final = ("avoid", "check", "disallow", "ensure", "forbid", "must", "no", "require", "should", "verify")

_MODULE: Final = Template('''"""Fill in: the bad state, in one line."""

from __future__ import annotations

from collections.abc import Iterator

from ...findings import Concern, Finding, Severity, undecided
from ...model import Context, Resource
from ...rule import ResourceRule
from ...values import may_be_anything


def check(resource: Resource, context: Context) -> Iterator[Finding]:
    mode = resource["mode"]
    if mode.unknown or may_be_anything(mode.text or ""):
        yield undecided("mode", "the mode is not known yet")
    elif mode.text == "open":
        yield Finding(path="mode", message="Fill in: what is wrong here, in words that stand alone")


RULE = ResourceRule(
    id="$name",
    concern=Concern.$member,
    severity=Severity.MEDIUM,
    title="Fill in: the bad state, in one line",
    why="Fill in: what can happen because of it.",
    fix="Fill in: what to do about it.",
    types=("aws:fillin/example:Example",),
    check=check,
)
''')

_TABLE: Final = Template("""from rule_tables import ANYTHING, COMPUTED, Case, R, table

from policypack.guardrails.model import Secret
from policypack.guardrails.rules.$package.$module import RULE
from policypack.guardrails.values import UNKNOWN

EXAMPLE = "aws:fillin/example:Example"

test_$module = table(
    RULE,
    [
        Case("fail", "open", R(EXAMPLE, mode="open"), [("violation", "mode", "medium")]),
        Case("fail", "a-secret-mark-hides-nothing", R(EXAMPLE, mode=Secret("open")), [("violation", "mode", "medium")]),
        Case("pass", "closed", R(EXAMPLE, mode="closed")),
        Case("undecided", "unknown", R(EXAMPLE, mode=UNKNOWN), [("undecided", "mode")]),
        Case("undecided", "from-missing-configuration", R(EXAMPLE, mode=ANYTHING), [("undecided", "mode")]),
        Case("not-applicable", "absent", R(EXAMPLE)),
        Case("boundary", "computed-elsewhere", R(EXAMPLE, mode=COMPUTED)),
    ],
)
""")

_NEXT: Final = Template("""wrote $rule
wrote $table
added $module to $catalogue

Next:
  1. Write the cases in the table first: at least one that fails, passes, is undecided, does not apply, is a boundary.
  2. Replace everything that says "Fill in", the type `aws:fillin/example:Example` too.
  3. make docs    writes the page of the rule and its line in the tables
  4. make test    fails until 1 to 3 are done
  5. make lint""")


class RefusedError(ValueError):
    """The rule cannot be started; the text says why and what to write."""


def validate(name: str, concern: str) -> Concern:
    """The concern of the new rule. Raises `RefusedError` for a name or concern that cannot be."""
    concerns = [member.value for member in Concern]
    if not name or not concern:
        raise RefusedError(f"write: make rule NAME=bucket-public-website CONCERN={'|'.join(concerns)}")
    if concern not in concerns:
        close = get_close_matches(concern, concerns, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(concerns)}"
        raise RefusedError(f"there is no concern {concern!r}; {hint}")
    if not _KEBAB.fullmatch(name):
        raise RefusedError(f"{name!r} is no rule name: two or more words in lower case with hyphens between them")
    if len(name) > _LONGEST:
        raise RefusedError(f"{name!r} has {len(name)} characters; {_LONGEST} are the limit")
    if name.partition("-")[0] in _DEMANDS:
        raise RefusedError(f"{name!r} names a demand; a rule is named after the bad state, as in bucket-public-acl")
    if "public" in name.split("-") and concern != Concern.PRIVATE_BUCKETS:
        raise RefusedError("`public` is kept for rules that find a bucket open to strangers, in private-buckets")
    return Concern(concern)


def add_to_catalogue(text: str, package: str, module: str) -> str:
    """The source of the catalogue with one more rule, in alphabetical order of concern and name."""
    tree = ast.parse(text)
    imports = {
        node.module.removeprefix("rules."): node
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module and node.module.startswith("rules.")
    }
    members = {name: [alias.name for alias in node.names] for name, node in imports.items()}
    members[package] = sorted([*members.get(package, ()), module])
    rules = next(
        node
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "RULES"
    )
    blocks = [_block(f"from .rules.{name} import (", members[name]) for name in sorted(members)]
    listed = [f"{name}.RULE" for concern in sorted(members) for name in members[concern]]
    lines = text.splitlines()
    before = lines[: min(node.lineno for node in imports.values()) - 1]
    between = lines[max(node.end_lineno or 0 for node in imports.values()) : rules.lineno - 1]
    after = lines[rules.end_lineno :]
    declared = _block(f"RULES: {ast.unparse(rules.annotation)} = (", listed)
    return "\n".join([*before, *blocks, *between, declared, *after]) + "\n"


def _block(opening: str, members: Sequence[str]) -> str:
    return "\n".join([opening, *(f"    {member}," for member in members), ")"])


def create(root: Path, name: str, concern: str) -> str:
    """Start the rule below `root`; returns what to tell the author.

    Raises `RefusedError` where the name or the concern cannot be, or a rule or a test of that name exists.
    """
    member = validate(name, concern)
    package, module = member.value.replace("-", "_"), name.replace("-", "_")
    rule, table = GUARDRAILS / "rules" / package / f"{module}.py", TESTS / f"test_{module}.py"
    existing = [*root.joinpath(GUARDRAILS, "rules").rglob(f"{module}.py"), *root.joinpath(TESTS).glob(table.name)]
    if existing:
        raise RefusedError(f"{existing[0].relative_to(root).as_posix()} exists already")
    catalogue = GUARDRAILS / "catalogue.py"
    extended = add_to_catalogue(root.joinpath(catalogue).read_text(encoding="utf-8"), package, module)
    words = {"name": name, "member": member.name, "package": package, "module": module}
    root.joinpath(rule).write_text(_MODULE.substitute(words), encoding="utf-8")
    root.joinpath(table).write_text(_TABLE.substitute(words), encoding="utf-8")
    root.joinpath(catalogue).write_text(extended, encoding="utf-8")
    places = {"rule": rule.as_posix(), "table": table.as_posix(), "catalogue": catalogue.as_posix()}
    return _NEXT.substitute(words | places)


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Run as a command on the tree below `root`; returns the exit status."""
    parser = argparse.ArgumentParser(prog="scripts/new_rule.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("name", help="the bad state in kebab-case: bucket-public-website")
    parser.add_argument("concern", help=" | ".join(concern.value for concern in Concern))
    given = parser.parse_args(arguments)
    try:
        print(create(root, given.name, given.concern))
    except RefusedError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
