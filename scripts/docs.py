"""Write the pages of docs/rules, docs/coverage.md and the table of rules in README.md from the metadata of the rules.

Run it as one of:

    python -m scripts.docs            # writes what is missing or differs, removes the pages of rules that are gone
    python -m scripts.docs --check    # changes nothing; exits 1 and names every file that would change

A README.md that does not exist is not asked for; one without the markers of the table is an error.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Final

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.findings import Concern, Level
from policypack.guardrails.rule import AnyRule, ProgramRule, ResourceRule, StackRule
from scripts.coverage import LEFT_OUT, LINES

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = Path("docs/rules")
README: Final = Path("README.md")
COVERAGE: Final = Path("docs/coverage.md")
BEGIN: Final = "<!-- rules:begin -->"
END: Final = "<!-- rules:end -->"
_NOTICE: Final = "<!-- Written by `make docs` from the rules' metadata; change it there. -->"
_CODE_SPAN: Final = re.compile(r"(`[^`]*`)")
_ACTIVE: Final = re.compile(r"[\\*<|\[\]]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_KIND: Final[Mapping[type[AnyRule], str]] = {ResourceRule: "resource", StackRule: "stack", ProgramRule: "program"}
_WHERE: Final[Mapping[type[AnyRule], str]] = {
    ResourceRule: "`Analyze`",
    StackRule: "`AnalyzeStack`",
    ProgramRule: "preflight only",
}
_DECIDED: Final[Mapping[type[AnyRule], str]] = {
    ResourceRule: "In `Analyze`, from the checked inputs of one resource, before the engine creates it: under "
    "`pulumi preview --policy-pack` as in `preflight`.",
    StackRule: "In `AnalyzeStack`, when all resources of the stack are declared, because one of them alone does not "
    "decide it: under `pulumi preview --policy-pack` as in `preflight`.",
    ProgramRule: "Only in `preflight check`, which has run the program. What the engine sends to a policy pack does "
    "not hold it, so the pack does not carry this rule.",
}


class MissingMarkersError(ValueError):
    """README.md has no place for the table of rules; the text says what to write into it."""


def prose(text: str) -> str:
    """`text` for Markdown, in a table too: everything but code spans shows as it is written."""
    return "".join(
        part.replace("|", "\\|") if part.startswith("`") else _ACTIVE.sub(r"\\\g<0>", part)
        for part in _CODE_SPAN.split(text)
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a Markdown table; the cells are Markdown already."""
    for cells in chain([head, ["---"] * len(head)], rows):
        yield f"| {' | '.join(cells)} |"


def page(rule: AnyRule) -> str:
    """The page of one rule. Its headings are the same for every rule, in the same order."""
    lines = [
        _NOTICE,
        "",
        f"# {prose(rule.title)}",
        "",
        *table(["Rule", f"`{rule.id}`"], _facts(rule)),
        "",
        "## What it finds",
        "",
        f"{prose(rule.title)}.",
        "",
        *_reads(rule),
        "",
        "## Why it matters",
        "",
        prose(rule.why),
        "",
        "## What to do",
        "",
        prose(rule.fix),
        *_remediation(rule),
        "",
        "## Where it is decided",
        "",
        _DECIDED[type(rule)],
        "",
        "## How to configure",
        "",
        *_configuration(rule),
    ]
    return "\n".join(lines) + "\n"


def _facts(rule: AnyRule) -> Iterator[tuple[str, str]]:
    yield "Concern", f"[{rule.concern.value}](README.md#{rule.concern.value})"
    yield "Severity", rule.severity.value
    yield "Default level", rule.default_level.value
    yield "Kind", _KIND[type(rule)]
    yield "Types read", f"[{_count(rule)}](#what-it-finds)"
    yield "Controls", ", ".join(f"`{control}`" for control in rule.controls) or "none"
    yield "Settings", ", ".join(f"[`{key}`](#how-to-configure)" for key in rule.settings) or "none"


def _count(rule: AnyRule) -> str:
    if isinstance(rule, ProgramRule):
        return "none, the program itself"
    return str(len(rule.types)) if rule.types else "every type"


def _reads(rule: AnyRule) -> list[str]:
    if isinstance(rule, ProgramRule):
        return ["It reads what running the program tells, whatever types the program declares."]
    if not rule.types:
        return ["It reads resources of every type."]
    lead = "It runs on a stack that has one of these types:" if isinstance(rule, StackRule) else "It reads:"
    return [lead, "", *(f"- `{token}`" for token in sorted(rule.types))]


def _remediation(rule: AnyRule) -> list[str]:
    if isinstance(rule, ProgramRule) or rule.remediate is None:
        return []
    return ["", "At the level `remediate` the pack mends the resource where it can. Mend the program all the same."]


def _configuration(rule: AnyRule) -> Iterator[str]:
    if isinstance(rule, ProgramRule):
        yield "In the JSON file of `preflight check --policy-config`. The pack itself has no such policy."
    else:
        yield "In the JSON file of `pulumi preview --policy-pack-config` and `preflight check --policy-config`."
    yield "This is what holds where the file says nothing:"
    yield ""
    yield "```json"
    defaults = {key: schema["default"] for key, schema in rule.settings.items()}
    configured = {rule.id: {"enforcementLevel": rule.default_level.value, **defaults}}
    yield json.dumps(configured, indent=2, ensure_ascii=False)
    yield "```"
    yield ""
    mends = not isinstance(rule, ProgramRule) and rule.remediate is not None
    levels = (level for level in Level if mends or level is not Level.REMEDIATE)
    yield f"Levels: {', '.join(f'`{level.value}`' for level in levels)}."
    if rule.settings:
        yield ""
        yield from table(["Setting", "Type", "Default", "Meaning"], map(_setting, rule.settings.items()))
    for other in rule.settings_of:
        yield ""
        yield f"It also reads the settings of [`{other}`]({other}.md#how-to-configure), which are configured there."


def _setting(setting: tuple[str, Mapping[str, object]]) -> tuple[str, str, str, str]:
    key, schema = setting
    type_, default = schema.get("type", "any"), json.dumps(schema["default"], ensure_ascii=False)
    return f"`{key}`", prose(str(type_)), prose(f"`{default}`"), prose(str(schema.get("description", "")))


def _row(rule: AnyRule, folder: str) -> tuple[str, str, str, str, str]:
    link = f"[`{rule.id}`]({folder}{rule.id}.md)"
    return link, prose(rule.title), rule.severity.value, rule.default_level.value, _WHERE[type(rule)]


_COLUMNS: Final = ("Rule", "What it finds", "Severity", "Default level", "Decided in")


def index(rules: Sequence[AnyRule]) -> str:
    """The page that lists all rules by concern."""
    lines = [_NOTICE, "", "# Rules", "", f"{len(rules)} rules, by concern."]
    for concern, members in _by_concern(rules).items():
        package = import_module(f"policypack.guardrails.rules.{concern.value.replace('-', '_')}")
        lines += ["", f"## {concern.value}", "", prose((package.__doc__ or "").strip()), ""]
        lines += table(_COLUMNS, (_row(rule, "") for rule in members))
    return "\n".join(lines) + "\n"


def _by_concern(rules: Sequence[AnyRule]) -> dict[Concern, list[AnyRule]]:
    members = {concern: [rule for rule in rules if rule.concern is concern] for concern in Concern}
    return {concern: found for concern, found in members.items() if found}


def readme(text: str, rules: Sequence[AnyRule]) -> str:
    """`text` with the table of rules between its markers.

    Raises `MissingMarkersError` unless each marker stands there once, in order.
    """
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise MissingMarkersError(f"{README}: write {BEGIN} and {END}, once each, where the table of rules belongs")
    rows = (
        (concern.value, *_row(rule, f"{FOLDER.as_posix()}/"))
        for concern, members in _by_concern(rules).items()
        for rule in members
    )
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return "\n".join([f"{before}{BEGIN}", *table(("Concern", *_COLUMNS), rows), f"{END}{after}"])


def coverage(rules: Sequence[AnyRule]) -> str:
    """The page that says which rule answers which check of the existing checkers."""
    lead = (
        "What the existing checkers (Checkov, KICS, Trivy, cdk-nag, cfn-guard, AWSGuard, compliance-policies) and the "
        "benchmarks (CIS, FSBP) look for in identities, trust and resource policies (LP), in secrets and their stores "
        "(SM) and in buckets (PB), and what there is to look for in federation (OI), on AWS and on OCI, line by line, "
        "with the rules that decide it here, or the reason why none does. Rules that are off until they are enabled "
        "are advice."
    )
    return (
        "\n".join(
            [_NOTICE, "", "# Coverage", "", lead, "", *table(("Line", "About", "Rules"), map(_covered(rules), LINES))]
        )
        + "\n"
    )


def _covered(rules: Sequence[AnyRule]) -> Callable[[str], tuple[str, str, str]]:
    def row(line: str) -> tuple[str, str, str]:
        links = [
            f"[`{rule.id}`](rules/{rule.id}.md){' (advice)' if rule.default_level is Level.DISABLED else ''}"
            for rule in rules
            if line in rule.covers
        ]
        return line, prose(LINES[line]), ", ".join(links) or prose(f"none: {LEFT_OUT.get(line, '')}")

    return row


def pages(rules: Sequence[AnyRule]) -> dict[Path, str]:
    """Every generated file but the README, by its path in the repository."""
    fixed = {FOLDER / "README.md": index(rules), COVERAGE: coverage(rules)}
    return fixed | {Path(rule.docs): page(rule) for rule in rules}


def outdated_pages(root: Path, rules: Sequence[AnyRule]) -> dict[Path, str | None]:
    """The text of each page below `root` that differs or is missing, by path; None for a page that must go."""
    present = (path.relative_to(root) for path in root.joinpath(FOLDER).glob("*.md"))
    wanted: dict[Path, str | None] = {**dict.fromkeys(present), **pages(rules)}
    return {path: text for path, text in sorted(wanted.items()) if _current(root / path) != text}


def outdated_readme(root: Path, rules: Sequence[AnyRule]) -> dict[Path, str | None]:
    """The text of README.md below `root` if its table differs. Raises `MissingMarkersError` as `readme` does."""
    text = _current(root / README)
    wanted = text if text is None else readme(text, rules)
    return {} if text == wanted else {README: wanted}


def _current(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def write(root: Path, outdated: Mapping[Path, str | None]) -> None:
    """Bring the `outdated` files below `root` up to date."""
    for path, text in outdated.items():
        target = root / path
        if text is None:
            target.unlink()
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")


def report(root: Path, outdated: Mapping[Path, str | None]) -> None:
    """Name the `outdated` files below `root` on standard error."""
    for path, text in outdated.items():
        state = "differs from the rules" if root.joinpath(path).exists() else "is missing"
        print(f"{path.as_posix()}: {state if text is not None else 'there is no such rule'}", file=sys.stderr)
    if outdated:
        print("run `make docs` and commit what it writes", file=sys.stderr)


def main(arguments: Sequence[str], root: Path = ROOT, rules: Sequence[AnyRule] = RULES) -> int:
    """Run as a command on the tree below `root`; returns the exit status."""
    parser = argparse.ArgumentParser(prog="scripts/docs.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 where something differs")
    only_check: bool = parser.parse_args(arguments).check
    outdated, failed = outdated_pages(root, rules), False
    try:
        outdated |= outdated_readme(root, rules)
    except MissingMarkersError as error:
        print(error, file=sys.stderr)
        failed = True
    if only_check:
        report(root, outdated)
    else:
        write(root, outdated)
    return 1 if failed or (only_check and outdated) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
