"""Write the parser tables of the OCI policy grammar, or check that they are up to date.

usage: python scripts/oci_grammar.py [--check]

Run it after a change of policypack/guardrails/oci/grammar.lark and after a new version of lark. Where the tables are of
another grammar or version, the pack works them out itself each time it starts, which takes longer.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

from lark.grammar import Rule
from lark.lexer import TerminalDef

from policypack.guardrails.oci.grammar import digest, from_grammar

TABLES: Final = Path(__file__).parents[1] / "policypack/guardrails/oci/data/grammar.json"


def tables() -> str:
    """The text of the file."""
    data, memo = from_grammar(None).memo_serialize([TerminalDef, Rule])
    return json.dumps({"digest": digest(), "data": data, "memo": memo}, separators=(",", ":")) + "\n"


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        if json.loads(TABLES.read_text(encoding="utf-8"))["digest"] == digest():
            return 0
        print(f"{TABLES.name} is out of date: run python scripts/oci_grammar.py", file=sys.stderr)
        return 1
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    TABLES.write_text(tables(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
