"""The model of promotional text that comes with Vouch, and the command that trained it.

`model.npy` holds the weights of hashed character runs, `card.json` says what they were trained on, how the
model did on folds that it had not seen, and what it cannot see. `examples.csv` (`lang`, `is_promotional`,
`text`) was written for this project in nine languages. What a weight means is
`graph.sponsorship.promotional_text`.

`python -m pipelines.promotional_text --labelled POSTS.csv` trains it anew, on a user's own labelled posts as
well.
"""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from importlib.resources import files

import numpy as np

from graph.sponsorship.promotional_text import PromotionalModel

MODEL_FILE, CARD_FILE, EXAMPLES_FILE = "model.npy", "card.json", "examples.csv"


@cache
def promotional_model() -> PromotionalModel:
    """The shipped model."""
    weights = np.load(io.BytesIO(files(__name__).joinpath(MODEL_FILE).read_bytes()), allow_pickle=False)
    return PromotionalModel(weights.astype(np.float32), float(model_card()["intercept"]))


def model_card() -> dict:
    """What the shipped model was trained on, and how it did."""
    return json.loads(files(__name__).joinpath(CARD_FILE).read_text(encoding="utf-8"))


def examples() -> list[dict[str, str]]:
    """The written examples in the order of the file."""
    text = files(__name__).joinpath(EXAMPLES_FILE).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
