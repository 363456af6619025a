"""Make the planted runs of the evaluation that are not kept yet, for so many minutes of computing.

    python -m tests.benchmarks.lockstep --keep FOLDER --minutes 60
    python -m tests.benchmarks.evaluation --part lockstep --keep FOLDER --seeds 0

The second one writes the page of what is there. Runs are appended to FOLDER as they finish, seed by seed, so
that it may be stopped at any time and goes on.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from tests.benchmarks.lockstep.grid import GRAPHS, HARD_BAR, SEEDS, edge_cases, fill, hard_cases, plain_cases
from tests.benchmarks.lockstep.planting import PACES


def main():
    """Fill the folder."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("VOUCH_REAL_DATA"), help="public data sets"
    )
    parser.add_argument("--keep", type=Path, required=True, help="folder of finished runs")
    parser.add_argument("--graphs", nargs="+", default=GRAPHS, choices=GRAPHS)
    parser.add_argument("--cases", nargs="+", default=("edge", "hardest", "plain", "hard", "timed"))
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    options = parser.parse_args()
    if options.data is None:
        parser.error("name the folder of public data sets: --data DIR, or VOUCH_REAL_DATA")
    cases = {
        "edge": edge_cases(),
        "hardest": [case for case in hard_cases() if case.density == HARD_BAR],
        "plain": plain_cases(),
        "hard": hard_cases(),
        "timed": sorted(
            (case for pace in PACES for case in hard_cases(pace)), key=lambda case: -case.density
        ),
    }
    chosen = [case for name in options.cases for case in cases[name] if case.graph in options.graphs]
    fill(chosen, options.seeds, options.data, options.keep, options.minutes)


if __name__ == "__main__":
    main()
