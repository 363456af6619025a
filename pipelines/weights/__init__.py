"""The versioned weight tables that come with Vouch, and the command that learned one of them.

The tables are data. `evidence_weights.csv` is made anew from planted fraud by `python -m
pipelines.weights`; how its weights join to a probability is `graph.weights_of_evidence`.
`interaction_weights.csv` is set by hand, with the reason beside each number; how it is used is
`graph.interactions`. `trust_weights.csv` was chosen with the help of `tests/benchmarks/trust_weights.py`;
`graph.trust_weights` reads it. A dataset.toml may replace single rows of the last two.
"""

from __future__ import annotations

import csv
from importlib.resources import files

WEIGHTS_FILE = "evidence_weights.csv"
INTERACTION_WEIGHTS_FILE = "interaction_weights.csv"
TRUST_WEIGHTS_FILE = "trust_weights.csv"


def evidence_weights() -> list[dict[str, str]]:
    """One row per signal and bin, as `graph.weights_of_evidence.EvidenceWeights.from_rows` reads them."""
    return _rows(WEIGHTS_FILE)


def interaction_weights() -> list[dict[str, str]]:
    """One row per kind of interaction: version, kind, weight, why; least worth first."""
    return _rows(INTERACTION_WEIGHTS_FILE)


def trust_weights() -> list[dict[str, str]]:
    """One row per part of trust, as `graph.trust_weights.TrustWeights.from_rows` reads them."""
    return _rows(TRUST_WEIGHTS_FILE)


def _rows(name: str) -> list[dict[str, str]]:
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
