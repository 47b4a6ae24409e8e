"""Run it as one of:

    python -m scripts.bench               # a table for the terminal
    python -m scripts.bench --markdown    # the same table for README.md
    python -m scripts.bench --check       # exits 1 where a figure is more than a quarter over its budget

The two sides of a ratio take turns, so that a machine that slows down slows both. Processor time is taken for what
runs in this process (the best round), the clock for processes (the median run, after one that is thrown away).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

from .analyze import analyze_figures
from .buckets import buckets_figure
from .check import check_figures, start_figure
from .documents import document_figures
from .figures import BenchError, Effort, Figure, table
from .identities import identities_figure
from .large import program_figures, state_figure
from .secrets import secrets_figure
from .statements import statement_figures


def measure_all(effort: Effort) -> Iterator[Figure]:
    """Every figure, in the order of the table."""
    yield from analyze_figures(effort)
    yield start_figure(effort)
    yield from check_figures(effort)
    yield from program_figures(effort)
    yield state_figure(effort)
    yield secrets_figure(effort)
    yield from document_figures(effort)
    yield identities_figure(effort)
    yield buckets_figure(effort)
    yield from statement_figures(effort)


def main(arguments: Sequence[str]) -> int:
    """Run as a command; returns the exit status: 2 where something could not be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.bench", description="Measure speed as ratios against a reference in the same run."
    )
    parser.add_argument("--markdown", action="store_true", help="print a Markdown table")
    parser.add_argument("--check", action="store_true", help="exit 1 where a budget is missed by more than 25 %%")
    options = parser.parse_args(arguments)
    try:
        figures = list(measure_all(Effort()))
    except BenchError as error:
        print(error, file=sys.stderr)
        return 2
    print(table(figures, markdown=options.markdown))
    return 1 if options.check and any(figure.failed for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
