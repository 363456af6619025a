"""The versioned weights of evidence that come with Vouch, and the command that learned them.

The table is data (`evidence_weights.csv`); `python -m pipelines.weights` makes it anew from planted fraud.
How weights join to a probability is `graph.weights_of_evidence`.
"""

from __future__ import annotations

import csv
from importlib.resources import files

WEIGHTS_FILE = "evidence_weights.csv"


def evidence_weights() -> list[dict[str, str]]:
    """One row per signal and bin, as `graph.weights_of_evidence.EvidenceWeights.from_rows` reads them."""
    text = files(__name__).joinpath(WEIGHTS_FILE).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
