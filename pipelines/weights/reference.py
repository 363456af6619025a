"""docs/SIGNALS.md: every part of trust and every signal, what it weighs, and where its formula stands.

Written from the register of signals, the tables of weights and the docstrings of the kernels by
`python -m pipelines.weights.reference`; a test compares the page.
"""

from __future__ import annotations

import ast
import math
import re
import sys
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from assets.shill.signals import REGISTRY, Signal
from graph.shill.weights_of_evidence import ALSO_BOUGHT, DEFAULT_PRIOR, FIRES_FROM, GROUP_CAP
from pipelines.weights import evidence_weights, interaction_weights, trust_weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "SIGNALS.md"

_HEAD = """\
# Signals, weights and formulas

Written by `python -m pipelines.weights.reference` from the register of signals, the tables of weights and the
docstrings of the kernels; a test fails when it is stale. What the numbers mean together is told in
[METHODS.md](METHODS.md), how to read a line in [EVIDENCE.md](EVIDENCE.md), every published column in
[SCHEMA.md](SCHEMA.md).
"""
_PART_KERNELS = {
    "endorsement": ("trust/endorsement", "network/pagerank"),
    "affinity": ("trust/affinity", "trust/baselines"),
    "conversation": ("trust/conversation", "trust/clockwork"),
    "word_of_mouth": ("trust/word_of_mouth", "trust/calls_to_share"),
}


def signals_reference() -> str:
    """The page, as Markdown."""
    return "".join((_HEAD, *_trust(), *_signals(evidence_weights()), *_formulas(ROOT / "graph")))


def _trust() -> Iterator[str]:
    yield "\n## Trust\n\nThe weighted mean of these parts, each 0 to 1 (`graph/partners/ranking.py`).\n\n"
    yield _table(
        ("part", "weight", "why so much", "formula"),
        (
            (row["part"], row["weight"], row["why"], _links(_PART_KERNELS[row["part"]]))
            for row in trust_weights()
        ),
    )
    yield "\nAn interaction is worth what it costs to fake one (`graph/network/interactions.py`).\n\n"
    yield _table(
        ("kind", "weight", "why so much"),
        ((row["kind"], row["weight"], row["why"]) for row in interaction_weights()),
    )


def _signals(rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    bins = {name: list(own) for name, own in groupby(rows, itemgetter("signal"))}
    version = rows[0]["version"]
    yield (
        "\n## Bought influence\n\n"
        f"Weights of evidence, version {version}: by how much a value multiplies the odds of its kind of "
        f"money. Where a signal of a kind fires (odds × {math.exp(FIRES_FROM):.1f} or more) the strongest "
        f"counts, else the weakest; no kind says more than {math.exp(GROUP_CAP):.0f} to 1. Before anything "
        f"is known {DEFAULT_PRIOR:.0%} of accounts are taken for bought in some kind, and each kind for "
        f"bought by {ALSO_BOUGHT:.0%} of those (`graph/shill/weights_of_evidence.py`).\n"
    )
    for group, own in groupby(REGISTRY, lambda signal: signal.money_group):
        yield f"\n### {group.replace('_', ' ').capitalize()}\n"
        for signal in own:
            yield from _signal(signal, bins.get(signal.name, ()))


def _signal(signal: Signal, bins: Sequence[Mapping[str, str]]) -> Iterator[str]:
    yield f"\n#### `{signal.name}`\n\n{signal.measures} Where it was not measured: {signal.why_not}.\n"
    yield f"Formula: {_links(signal.kernels)}.\n\n"
    if not bins:
        yield "It has no weight yet: it is shown and counts for nobody.\n"
        return
    yield _table(
        ("value", "odds ×", "planted", "genuine"),
        (
            (
                _range(float(one["low_edge"]), float(one["high_edge"])),
                _odds(float(one["weight"])),
                one["n_planted"],
                one["n_genuine"],
            )
            for one in bins
        ),
    )
    yield f"\nLearned from accounts that were {bins[0]['how']}.\n"


def _formulas(folder: Path) -> Iterator[str]:
    yield "\n## Where every formula stands\n"
    for room in sorted(path.parent for path in folder.glob("*/__init__.py")):
        yield f"\n### graph/{room.name}\n\n{_first_line(room / '__init__.py')}\n\n"
        yield _table(
            ("kernel", "what it computes"),
            (
                (_links([f"{room.name}/{path.stem}"]), _first_line(path))
                for path in sorted(room.glob("*.py"))
                if path.stem != "__init__"
            ),
        )


def _first_line(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return re.sub(r"\s+", " ", text.split("\n\n")[0])


def _links(kernels: Iterable[str]) -> str:
    return ", ".join(f"[graph/{name}.py](../graph/{name}.py)" for name in kernels)


def _range(low: float, high: float) -> str:
    if low == -math.inf:
        return f"up to {high:.3g}"
    return f"above {low:.3g}" if high == math.inf else f"{low:.3g} to {high:.3g}"


def _odds(weight: float) -> str:
    odds = math.exp(weight)
    return f"{odds:,.0f}" if odds >= 10 else f"{odds:.2g}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Write docs/SIGNALS.md."""
    PAGE.write_text(signals_reference(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")


if __name__ == "__main__":
    main()
