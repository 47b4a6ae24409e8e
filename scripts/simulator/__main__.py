"""Records the verdicts of the simulator, or compares it with ours on fresh cases.

    python -m scripts.simulator --record
    python -m scripts.simulator --live --cases 5000 --seed 7

Both need node and npm; the simulator is installed into .simulator/ at the versions that engine.py pins. `--record`
writes tests/data/aws_simulator.json anew: the cases of points.py, and as many generated ones of each verdict as
_GENERATED says, from a fixed seed. `make test` replays that file without node; a case on which we differ must stand
in the waivers of tests/guardrails/aws/test_aws_simulator.py, under a difference that differences.py explains. To take
a newer simulator, change its versions in engine.py and record anew.

Exit code: 0 where all agree or are waived, 1 where something else differs, 2 where the simulator cannot be run.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from .differences import KNOWN
from .engine import LICENCE, NAME, PACKAGES, ROOT, Answer, Case, NoSimulatorError, simulate
from .generate import generated
from .points import written
from .product import agrees, verdict

RECORDED: Final = ROOT / "tests" / "data" / "aws_simulator.json"
SEED: Final = 5
POOL: Final = 1500
_GENERATED: Final = 40


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.simulator", description="a third-party simulator beside ours"
    )
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--record", action="store_true", help="write the recorded verdicts anew")
    mode.add_argument("--live", action="store_true", help="compare on fresh cases")
    parser.add_argument("--cases", type=int, default=5000, help="how many fresh cases (5000)")
    parser.add_argument(
        "--seed", type=int, default=None, help="the seed of the fresh cases; the day's number by default"
    )
    options = parser.parse_args(arguments)
    try:
        if options.record:
            return record(RECORDED)
        today = datetime.now(UTC).date().toordinal()
        return live(options.cases, today if options.seed is None else options.seed)
    except NoSimulatorError as error:
        print(f"The comparison did not run: {error}.", file=sys.stderr)
        return 2


def record(file: Path) -> int:
    """Write all cases with the simulator's verdicts to `file`."""
    by_hand = written()
    pool = list(islice(generated(SEED), POOL))
    answers = simulate([*by_hand, *pool])
    rows = [_row(case, answer) for case, answer in zip(by_hand, answers, strict=False)]
    taken: Counter[str] = Counter()
    for case, answer in zip(pool, answers[len(by_hand) :], strict=True):
        if answer.verdict == "Rejected" or answer.ignored or taken[answer.verdict] == _GENERATED:
            continue
        taken[answer.verdict] += 1
        rows.append(_row(case, answer))
    head = {
        "date": datetime.now(UTC).date().isoformat(),
        "licence": LICENCE,
        "note": "Verdicts that the simulator gave to cases of this project; nothing of the simulator itself.",
        "packages": PACKAGES,
        "script": "scripts/simulator",
        "simulator": NAME,
    }
    lines = ",\n".join(_compact(row) for row in sorted(rows, key=lambda row: str(row["name"])))
    file.write_text(f'{{"about":{_compact(head)},\n"cases":[\n{lines}\n]}}\n', encoding="utf-8")
    print(f"{len(rows)} cases: {dict(sorted(Counter(row['verdict'] for row in rows).items()))}")
    return 0


def _row(case: Case, answer: Answer) -> dict[str, Any]:
    if answer.ignored:
        raise NoSimulatorError(f"the case {case.name!r} has keys that the simulator does not know: {answer.ignored}")
    return {**case.as_json(), "verdict": answer.verdict}


def _compact(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def live(count: int, seed: int) -> int:
    """Compare on `count` fresh cases; 1 where they differ beyond the known differences."""
    cases = list(islice(generated(seed), count))
    counted: Counter[str] = Counter()
    waived: Counter[str] = Counter()
    for case, answer in zip(cases, simulate(cases), strict=True):
        if answer.verdict == "Rejected" or answer.ignored:
            counted["not compared"] += 1
            print(f"{case.name}: the generator made a case that is no good: {answer.why or answer.ignored}")
        elif agrees(case, answer.verdict):
            counted[f"agreed on {answer.verdict}"] += 1
        elif known := [each.name for each in KNOWN if each.concerns(case)]:
            waived[known[0]] += 1
        else:
            counted["differ"] += 1
            print(f"{case.name}: {answer.verdict} there, {verdict(case)} here\n    {_compact(case.as_json())}")
    for name, number in (*sorted(counted.items()), *(("waived, " + name, n) for name, n in sorted(waived.items()))):
        print(f"{number:8} {name}")
    return 1 if counted["differ"] or counted["not compared"] else 0


if __name__ == "__main__":
    sys.exit(main())
