"""`python -m tests.benchmarks.trusted_voices`: measure everything and write docs/EVALUATION.md."""

from __future__ import annotations

import argparse
import logging
import math
import os
import pickle
import platform
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.trusted_voices.datasets import networks
from tests.benchmarks.trusted_voices.frontier import frontier
from tests.benchmarks.trusted_voices.measuring import measure
from tests.benchmarks.trusted_voices.page import page
from tests.benchmarks.trusted_voices.planted_voices import planted_truth
from tests.benchmarks.trusted_voices.split_audience import TOP

SHOWN_VERSIONS = ("numpy", "scipy", "scikit-learn", "polars", "duckdb", "igraph")


def main():
    """Measure, write the page, say where."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="folder of the page")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--keep", type=Path, help="folder of measurements: kept there, and not made again if there"
    )
    options = parser.parse_args()
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    here, missing = networks()
    measured, seconds = {}, 0.0
    for network in here:
        print(f"{network.name}: {network.graph.n_accounts:,} accounts ...", flush=True)
        found, took = _kept(options, network.name, measure, network, options.seed)
        seconds += took
        measured[network.name] = {
            "what": network.what,
            "accounts": network.graph.n_accounts,
            "follows": network.graph.n_follows,
            "measured": found,
        }
    print("generated worlds ...", flush=True)
    planted, took = _kept(options, "planted", planted_truth, options.seed)
    facts = {
        "Written": f"{datetime.now(UTC):%Y-%m-%d}, seed {options.seed}, top {TOP}",
        "Measured in": f"{(seconds + took) / 60:.0f} minutes",
        "Machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "Versions": ", ".join(f"{name} {version(name)}" for name in SHOWN_VERSIONS),
    }
    target = options.docs / "EVALUATION.md"
    target.write_text(page(measured, missing, planted, facts), encoding="utf-8")
    panels = {
        name: {
            ranker: (float(values[:, 0].mean()), math.exp(values[:, 2].mean()))
            for ranker, values in network["measured"]["split"].items()
        }
        for name, network in measured.items()
    }
    (options.docs / "evaluation-frontier.svg").write_text(frontier(panels), encoding="utf-8")
    print(f"wrote {target}; measuring took {(seconds + took) / 60:.0f} minutes")


def _kept(options, name, make, *arguments):
    """What `make` measures and how many seconds it took, or what an earlier run left in the folder."""
    file = options.keep and options.keep / f"{name}-{options.seed}.pickle"
    if file and file.exists():
        return pickle.loads(file.read_bytes())  # noqa: S301 - written by this command
    started = time.monotonic()
    result = make(*arguments)
    both = result, time.monotonic() - started
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pickle.dumps(both))
    return both


if __name__ == "__main__":
    main()
