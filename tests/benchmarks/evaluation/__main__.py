"""`python -m tests.benchmarks.evaluation`: measure parts and write their pages and docs/EVALUATION.md."""

from __future__ import annotations

import argparse
import logging
import os
import time
from importlib import import_module
from pathlib import Path

from tests.benchmarks.evaluation.parts import Options, write_front, write_part

PARTS = {
    "trusted-voices": "tests.benchmarks.trusted_voices.part",
    "shill-probability": "tests.benchmarks.shill_probability.part",
    "attackers-view": "tests.benchmarks.shill_probability.attackers_view",
    "follower-quality": "tests.benchmarks.follower_quality.part",
    "lockstep": "tests.benchmarks.lockstep.part",
    "partly-known": "tests.benchmarks.lockstep.partly_known",
    "growth": "tests.benchmarks.growth.part",
    "names": "tests.benchmarks.names.part",
    "pods": "tests.benchmarks.pods.part",
    "coordination": "tests.benchmarks.coordination.part",
    "words": "tests.benchmarks.words.part",
}
"""Part to the module whose `measure(options)` makes it, in the order of the page in front."""


def main():
    """Measure, write, say where."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--part", action="append", choices=tuple(PARTS), help="only this one; may be repeated"
    )
    parser.add_argument("--front", action="store_true", help="measure nothing, write the page in front anew")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="folder of the pages")
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("VOUCH_REAL_DATA"), help="public data sets"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seeds", type=int, help="seeds of a part that repeats itself; its own by default")
    parser.add_argument("--keep", type=Path, help="folder of measurements, kept and not made again if there")
    given = parser.parse_args()
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    options = Options(given.data, given.seed, given.seeds, given.keep)
    for name in () if given.front else given.part or PARTS:
        print(f"{name} ...", flush=True)
        started = time.monotonic()
        part = import_module(PARTS[name]).measure(options)
        print(f"wrote {write_part(name, part, options, time.monotonic() - started, given.docs)}", flush=True)
    print(f"wrote {write_front(tuple(PARTS), given.docs)}")


if __name__ == "__main__":
    main()
