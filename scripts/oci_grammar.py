"""Write the parser tables of the OCI policy grammar, or check that they are up to date.

usage: python -m scripts.oci_grammar [--check]

Run it after a change of policypack/guardrails/oci/grammar.lark and after a new version of lark. Where the tables are of
another grammar or version, the pack works them out itself each time it starts, which takes longer. One grammar and one
version of lark give one text.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final, cast

from lark.grammar import Rule
from lark.lexer import TerminalDef

from policypack.guardrails.oci.grammar import digest, from_grammar

TABLES: Final = Path(__file__).parents[1] / "policypack/guardrails/oci/data/grammar.json"

_SHIFT: Final = 0


def tables() -> str:
    """The text of the file."""
    data, memo = from_grammar(None).memo_serialize([TerminalDef, Rule])
    plain = json.loads(json.dumps({"data": data, "memo": memo}))
    data, memo = _in_order(plain["data"], plain["memo"])
    kept = {"digest": digest(), "data": data, "memo": memo}
    return json.dumps(kept, sort_keys=True, separators=(",", ":")) + "\n"


def _in_order(data: dict[str, Any], memo: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The tables with their terminals, rules, tokens and states numbered by what they are.

    lark numbers them as it walks through sets, which is another way in each process.
    """
    by_content = sorted(memo, key=lambda old: (memo[old]["__type__"], json.dumps(memo[old], sort_keys=True)))
    places = {int(old): place for place, old in enumerate(by_content)}
    parser = data["parser"]["parser"]
    names: dict[str, str] = parser["tokens"]
    by_name = {name: str(place) for place, name in enumerate(sorted(names.values()))}
    states = {
        int(old): {names[token]: action for token, action in sorted(actions.items(), key=lambda each: names[each[0]])}
        for old, actions in parser["states"].items()
    }
    walked: list[int] = [parser["start_states"][start] for start in sorted(parser["start_states"])]
    for state in walked:
        follow = (to for kind, to in states[state].values() if kind == _SHIFT)
        walked += [to for to in dict.fromkeys(follow) if to not in walked]
    numbers = {old: new for new, old in enumerate(walked)}
    parser["tokens"] = {number: name for name, number in by_name.items()}
    parser["states"] = {
        str(numbers[old]): {
            by_name[name]: [kind, numbers[to] if kind == _SHIFT else to] for name, (kind, to) in states[old].items()
        }
        for old in walked
    }
    for ends in ("start_states", "end_states"):
        parser[ends] = {start: numbers[state] for start, state in parser[ends].items()}
    renumbered = cast("dict[str, Any]", _pointed(data, places))
    for listing in (renumbered["rules"], renumbered["parser"]["parser_conf"]["rules"]):
        listing.sort(key=lambda pointer: pointer["@"])
    return renumbered, {str(places[int(old)]): memo[old] for old in by_content}


def _pointed(part: object, places: dict[int, int]) -> object:
    """A part of the tables whose pointers into the memo are those of `places`."""
    if isinstance(part, list):
        return [_pointed(each, places) for each in part]
    if isinstance(part, dict):
        return {"@": places[part["@"]]} if "@" in part else {key: _pointed(each, places) for key, each in part.items()}
    return part


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        if TABLES.read_text(encoding="utf-8") == tables():
            return 0
        print(f"{TABLES.name} is out of date: run python -m scripts.oci_grammar", file=sys.stderr)
        return 1
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    TABLES.write_text(tables(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
