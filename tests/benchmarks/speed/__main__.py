"""`python -m tests.benchmarks.speed`: measure parts and write docs/BENCHMARKS.md."""

from __future__ import annotations

import argparse
import tempfile
from importlib import import_module
from pathlib import Path

from tests.benchmarks.speed.pages import keep_part, write_page
from tests.benchmarks.speed.parts import Options

PARTS = {
    "ingest": "tests.benchmarks.speed.ingest",
    "endorsement": "tests.benchmarks.speed.endorsement",
    "chain": "tests.benchmarks.speed.chain",
    "lockstep": "tests.benchmarks.speed.lockstep",
    "portfolio": "tests.benchmarks.speed.portfolio",
    "macros": "tests.benchmarks.speed.macros",
    "job": "tests.benchmarks.speed.job",
}
"""Part to the module whose `measure(options)` makes it, in the order of the page."""


def main():
    """Measure, keep, write the page, say where."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--part", action="append", choices=tuple(PARTS), help="only this one; may be repeated"
    )
    parser.add_argument(
        "--edges", action="append", type=number, help="follows of the graph, 10M by default; may be repeated"
    )
    parser.add_argument("--rounds", type=int, default=3, help="times that every contender runs; odd")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--only", action="append", help="only these contenders; what the others brought is not kept"
    )
    parser.add_argument("--page", action="store_true", help="measure nothing, write the page anew")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="folder of the page")
    parser.add_argument(
        "--scratch",
        type=Path,
        default=Path(tempfile.gettempdir()) / "vouch-benchmarks",
        help="folder of generated graphs, made once and used again",
    )
    parser.add_argument(
        "--keep", type=Path, help="folder of a long part that goes on where it was cut off (only job)"
    )
    given = parser.parse_args()
    for name in () if given.page else given.part or PARTS:
        for edges in given.edges or [10_000_000]:
            print(f"{name}, {edges:,} follows ...", flush=True)
            module = import_module(PARTS[name])
            rounds = min(given.rounds, getattr(module, "MOST_ROUNDS", given.rounds))
            options = Options(edges, rounds, given.seed, given.scratch, tuple(given.only or ()), given.keep)
            part = module.measure(options)
            print(f"kept {keep_part(name, part, options, given.docs)}", flush=True)
    print(f"wrote {write_page(tuple(PARTS), given.docs)}")


def number(text):
    """A number of follows: 10M, 100M, 1.5B, 250000."""
    factor = {"K": 1e3, "M": 1e6, "B": 1e9}.get(text[-1:].upper())
    return int(text.replace("_", "")) if factor is None else int(float(text[:-1]) * factor)


if __name__ == "__main__":
    main()
