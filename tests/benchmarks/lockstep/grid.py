"""The planted blocks that are measured, one run each, kept as they finish.

A run plants one block in one real graph with one seed and looks for it with ours and, on the first seeds,
with FRAUDAR. Ours is judged by all that is flagged, not by the best of several blocks.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from graph.lockstep.search import follow_blocks
from tests.benchmarks.lockstep.fraudar import densest_block
from tests.benchmarks.lockstep.planting import CAMOUFLAGES, Base, f1, plant, read_base

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GRAPHS = ("wiki-vote", "wiki-vote-reversed", "epinions", "epinions-reversed")
SHAPES = ((200, 200), (200, 50), (1_000, 20))
DENSITIES = (1.0, 0.5, 0.3, 0.2, 0.1)
SEEDS = 10
FRAUDAR_SEEDS = {"wiki-vote": SEEDS, "wiki-vote-reversed": SEEDS, "epinions": 1, "epinions-reversed": 1}
"""The peel costs seconds on the larger graphs and hardly differs between seeds there."""

EDGE = {(200, 200): 0.1, (200, 50): 0.2, (1_000, 20): 0.2}
"""The thinnest block of each shape for which there is a bar."""

HARD_BAR = 0.2  # density from which there is a bar for the hard ones
FILE = "lockstep.jsonl"


@dataclass(frozen=True)
class Case:
    """What is planted; see `planting.plant`."""

    graph: str
    n_buyers: int
    n_customers: int
    density: float
    camouflage: str = "biased"
    law: str = "even"
    times: int = 1
    place: str = "anywhere"
    pace: str = ""

    @property
    def key(self) -> str:
        """One line that names it."""
        return json.dumps(asdict(self), sort_keys=True)


def plain_cases() -> list[Case]:
    """Every shape, camouflage and density in every graph."""
    return [
        Case(graph, *shape, density, camouflage)
        for graph, shape, camouflage, density in product(GRAPHS, SHAPES, CAMOUFLAGES, DENSITIES)
    ]


def edge_cases() -> list[Case]:
    """The thinnest blocks for which there are bars."""
    return [case for case in plain_cases() if EDGE[case.n_buyers, case.n_customers] == case.density]


def hard_cases(pace: str = "") -> list[Case]:
    """Uneven blocks, three times the camouflage, and blocks in a real community, at two densities.

    No community of the smaller graphs has a thousand accounts to hijack.
    """
    kinds = (
        {"times": 3},
        {"law": "uneven"},
        {"law": "uneven", "times": 3},
        {"place": "community"},
        {"place": "community", "camouflage": "hijacked"},
        {"place": "community", "camouflage": "local"},
    )
    return [
        Case(graph, *shape, density, **kind, pace=pace)
        for graph, shape, kind, density in product(GRAPHS, SHAPES, kinds, (HARD_BAR, 0.1))
        if (shape[0], kind.get("camouflage")) != (1_000, "hijacked")
    ]


@cache
def _base(name: str, data: Path) -> Base:
    return read_base(name, data)


def run(case: Case, seed: int, data: Path, *, with_fraudar: bool) -> dict[str, float]:
    """One run: F1 of both sides, distance of the share, what was flagged, seconds."""
    given = asdict(case)
    base = _base(given.pop("graph"), data)
    planted = plant(base, **given, seed=seed)
    start = time.process_time()
    found = follow_blocks(planted.graph, n_rewired=0)
    seconds = time.process_time() - start
    customers = np.flatnonzero(np.nan_to_num(found.share) > 0)
    is_buyer = np.zeros(planted.graph.n_accounts, dtype=bool)
    is_buyer[planted.buyers] = True
    truth = np.array([is_buyer[planted.graph.followers_of(node)].mean() for node in planted.customers])
    hits = [f1(block.customers, planted.customers) > 0.5 for block in found.blocks]
    row = {
        "buyers": f1(np.flatnonzero(found.is_buyer), planted.buyers),
        "customers": f1(customers, planted.customers),
        "share": float(np.nanmean(np.abs(found.share[planted.customers] - truth))),
        "found": float(any(hits)),
        "natural": float(len(hits) - sum(hits)),
        "seconds": seconds,
    }
    if with_fraudar:
        start = time.process_time()
        followers, followed, _ = densest_block(planted.graph)
        row["fraudar buyers"] = f1(followers, planted.buyers)
        row["fraudar customers"] = f1(followed, planted.customers)
        row["fraudar seconds"] = time.process_time() - start
    return row


def fill(cases: list[Case], seeds: int, data: Path, keep: Path | None, minutes: float = np.inf) -> None:
    """Make the runs that are not kept yet, all cases of a seed before the next one, for so many minutes."""
    done = {(case.key, seed) for case, seed, _ in kept(keep)}
    end = time.process_time() + 60 * minutes
    for seed in range(seeds):
        for case in cases:
            if (case.key, seed) in done or time.process_time() > end:
                continue
            done.add((case.key, seed))
            row = run(case, seed, data, with_fraudar=seed < FRAUDAR_SEEDS[case.graph] and not case.pace)
            _append(keep, {"case": asdict(case), "seed": seed, **row})


_in_memory: list[str] = []


def _append(keep: Path | None, row: dict) -> None:
    line = json.dumps(row)
    if keep is None:
        _in_memory.append(line)
        return
    keep.mkdir(parents=True, exist_ok=True)
    with (keep / FILE).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def kept(keep: Path | None) -> Iterator[tuple[Case, int, dict[str, float]]]:
    """Case, seed and figures of every finished run; a line that a kill cut short is left out."""
    lines = _in_memory
    if keep is not None:
        file = keep / FILE
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        yield Case(**row.pop("case")), row.pop("seed"), row
