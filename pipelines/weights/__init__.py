"""The versioned weight tables that come with Vouch, and the command that learned one of them.

The tables are data. `evidence_weights.csv` is made anew from planted fraud by `python -m
pipelines.weights`; how its weights join to a probability is `graph.shill.weights_of_evidence`.
`interaction_weights.csv` is set by hand, with the reason beside each number; how it is used is
`graph.network.interactions`. `trust_weights.csv` was chosen with the help of
`tests/benchmarks/trust_weights.py`; `graph.partners.trust_weights` reads it. A dataset.toml may replace
single rows of the last two. `profile_model.json` is fitted to labelled profiles by `python -m
pipelines.weights.profile_model` and carries the card that says to which; `graph.shill.profile_model` reads
profiles against it.
"""

from __future__ import annotations

import csv
import json
from importlib.resources import files
from typing import Any

WEIGHTS_FILE = "evidence_weights.csv"
INTERACTION_WEIGHTS_FILE = "interaction_weights.csv"
TRUST_WEIGHTS_FILE = "trust_weights.csv"
PROFILE_MODEL_FILE = "profile_model.json"


def evidence_weights() -> list[dict[str, str]]:
    """One row per signal and bin, as `graph.weights_of_evidence.EvidenceWeights.from_rows` reads them."""
    return _rows(WEIGHTS_FILE)


def interaction_weights() -> list[dict[str, str]]:
    """One row per kind of interaction: version, kind, weight, why; least worth first."""
    return _rows(INTERACTION_WEIGHTS_FILE)


def trust_weights() -> list[dict[str, str]]:
    """One row per part of trust, as `graph.trust_weights.TrustWeights.from_rows` reads them."""
    return _rows(TRUST_WEIGHTS_FILE)


def profile_model_document() -> dict[str, Any]:
    """The profile model with its card, as `graph.profile_model.ProfileModel.from_document` reads it."""
    return json.loads(files(__name__).joinpath(PROFILE_MODEL_FILE).read_text(encoding="utf-8"))


def _rows(name: str) -> list[dict[str, str]]:
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
