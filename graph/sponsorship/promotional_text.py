"""How promotional a text reads, by runs of two to four characters of any script.

Belongs here: what the model sees of a text, and its probability. Does not belong here: training and the
shipped weights (`pipelines.promotional_text`), what the author disclosed (`graph.sponsorship.disclosure`),
and signs that can be named, such as codes and links (`graph.sponsorship.commercial_signals`).

A text is the set of its character runs, hashed into `BUCKETS` places and scaled to length 1; the model is a
logistic regression on it. Hashed runs name nobody: mentions, addresses and digits are one sign each before.

References:
    Weinberger et al. (2009), "Feature hashing for large scale multitask learning", ICML.
    Alberto, Lochter, Almeida (2015), "TubeSpam: comment spam filtering on YouTube", ICMLA.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from scipy.special import expit

from graph.arrays.spans import spans
from graph.arrays.sparse_rows import sorted_unique
from graph.text.near_duplicates import CHARACTERS_AT_ONCE, mixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import FloatArray

BITS = 14
BUCKETS = 1 << BITS
RUNS = (2, 3, 4)
"""Characters per run."""
MAX_CHARACTERS = 2_000
"""What a text says after this is not read."""

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_MENTION = re.compile(r"(?<![\w.])@[\w.]+")
_DIGIT = re.compile(r"\d")
_BLANKS = re.compile(r"\s+")
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


class PromotionalModelError(ValueError):
    """Weights that are no model of this shape."""


@dataclass(frozen=True)
class PromotionalModel:
    """A trained model.

    Attributes:
        weights: float32[BUCKETS], log odds of each place.
        intercept: log odds of a text without any.

    Raises:
        PromotionalModelError: if the weights have another shape, or anything is not a number.
    """

    weights: NDArray[np.float32]
    intercept: float

    def __post_init__(self) -> None:
        """Refuse what would score nonsense."""
        if self.weights.shape != (BUCKETS,) or not np.isfinite([*self.weights, self.intercept]).all():
            raise PromotionalModelError(
                f"A model has {BUCKETS} finite weights and an intercept; this one has {self.weights.shape}."
            )

    def probability(self, folded: Sequence[str]) -> FloatArray:
        """How likely each text is promotional, float64[texts].

        Args:
            folded: texts from `graph.text.text_folding.fold`. An empty text gets what no words at all get.
        """
        found = [np.zeros(0)]
        for text, bucket, n_texts in _pieces(folded):
            size = np.bincount(text, minlength=n_texts)
            total = np.bincount(text, weights=self.weights[bucket], minlength=n_texts)
            found.append(expit(total / np.sqrt(np.maximum(size, 1)) + self.intercept))
        return np.concatenate(found)


def text_features(folded: Sequence[str]) -> csr_matrix:
    """The texts as the model sees them, float64[texts, BUCKETS], rows of length 1."""
    rows, columns, done = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], 0
    for text, bucket, n_texts in _pieces(folded):
        rows.append(text + done)
        columns.append(bucket)
        done += n_texts
    row, column = np.concatenate(rows), np.concatenate(columns)
    size = np.bincount(row, minlength=len(folded))
    return csr_matrix((1.0 / np.sqrt(size[row]), (row, column)), shape=(len(folded), BUCKETS))


def _pieces(folded: Sequence[str]) -> list[tuple[NDArray[np.int64], NDArray[np.int64], int]]:
    """Distinct places of the texts, a piece at a time: position of the text, place, and how many texts."""
    seen = [_seen(text) for text in folded]
    lengths = np.array([len(text) for text in seen], dtype=np.int64)
    return [
        (*_places(seen[low:high], lengths[low:high]), high - low)
        for low, high in spans(lengths, CHARACTERS_AT_ONCE)
    ]


def _seen(folded: str) -> str:
    """What the model sees: a sign per address and mention, 0 for digits, single blanks, one at each end."""
    text = _ADDRESS.sub(" \x01 ", folded[:MAX_CHARACTERS])
    text = _DIGIT.sub("0", _MENTION.sub("\x02", text))
    return f" {_BLANKS.sub(' ', text).strip()} "


def _places(seen: Sequence[str], lengths: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    letters = np.frombuffer("".join(seen).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(
        np.uint64
    )
    begin = np.cumsum(lengths) - lengths
    keys = []
    value = np.zeros(letters.size, dtype=np.uint64)
    for run in range(1, max(RUNS) + 1):
        # the run that starts here, one character longer than before
        value = mixed(value[: letters.size - run + 1] ^ (letters[run - 1 :] * _MULTIPLIER))
        if run not in RUNS:
            continue
        counts = np.maximum(lengths - run + 1, 0)
        owner = np.repeat(np.arange(lengths.size), counts)
        start = np.arange(owner.size) - np.repeat(np.cumsum(counts) - counts, counts) + begin[owner]
        place = (value[start] >> np.uint64(64 - BITS)).astype(np.int64)
        keys.append(owner * BUCKETS + place)
    found = sorted_unique(np.concatenate(keys))
    return found // BUCKETS, found % BUCKETS
