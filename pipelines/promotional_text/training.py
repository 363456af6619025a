"""Training the model of promotional text, and judging it on folds that it has not seen.

Texts that are the same words again never stand on both sides of a fold unless asked for: a comment that was
posted ten times would otherwise be learned by heart and called skill.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import LeaveOneGroupOut, StratifiedGroupKFold, StratifiedKFold

from graph.sponsorship.promotional_text import PromotionalModel, text_features
from graph.text.near_duplicates import near_duplicate_groups
from graph.text.text_folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PENALTY = 10.0
"""Inverse strength of the penalty; areas under the curve differ by less than 0.001 from 10 to 50."""
CALIBRATION_BINS = 10


@dataclass(frozen=True)
class Judgement:
    """How a model does on texts that it has not seen.

    Attributes:
        texts: how many, and how many of them are promotional.
        auc: chance that a promotional text gets the higher probability of a random pair.
        average_precision: area under precision over recall.
        brier: mean squared error of the probability.
        calibration_error: mean distance of predicted and observed share over ten bins (ECE).
    """

    texts: int
    promotional: int
    auc: float
    average_precision: float
    brier: float
    calibration_error: float


def trained(
    texts: Sequence[str], is_promotional: NDArray[np.bool_], weight: NDArray[np.float64] | None = None
) -> PromotionalModel:
    """A model of the texts.

    Args:
        texts: as written.
        is_promotional: bool[texts].
        weight: float64[texts], how much each counts; all alike if None.
    """
    model = _fitted(text_features([fold(text) for text in texts]), is_promotional, weight)
    return PromotionalModel(model.coef_[0].astype(np.float32), float(model.intercept_[0]))


def out_of_fold(
    texts: Sequence[str],
    is_promotional: NDArray[np.bool_],
    *,
    group: NDArray[np.integer] | None = None,
    folds: int = 10,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Probabilities of texts by models that have not seen them, float64[texts].

    Args:
        texts: as written.
        is_promotional: bool[texts].
        group: int[texts]; a group is never on both sides. None draws folds from all texts.
        folds: how many; 0 leaves one group out at a time.
        seed: of the folds.
    """
    features = text_features([fold(text) for text in texts])
    if group is None:
        split = StratifiedKFold(folds, shuffle=True, random_state=seed).split(features, is_promotional)
    elif folds:
        cut = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
        split = cut.split(features, is_promotional, group)
    else:
        split = LeaveOneGroupOut().split(features, is_promotional, group)
    found = np.full(len(texts), np.nan)
    for taught, asked in split:
        model = _fitted(features[taught], is_promotional[taught], None)
        found[asked] = model.predict_proba(features[asked])[:, 1]
    return found


def same_words(texts: Sequence[str]) -> NDArray[np.int64]:
    """Groups of near-identical texts, for `out_of_fold`."""
    return near_duplicate_groups(texts, np.zeros(len(texts), dtype=np.int64))


def judged(probability: NDArray[np.float64], is_promotional: NDArray[np.bool_]) -> Judgement:
    """How well probabilities fit the truth."""
    bins = np.minimum((probability * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    gaps = np.bincount(bins, weights=probability - is_promotional)
    return Judgement(
        texts=is_promotional.size,
        promotional=int(is_promotional.sum()),
        auc=float(roc_auc_score(is_promotional, probability)),
        average_precision=float(average_precision_score(is_promotional, probability)),
        brier=float(np.mean((probability - is_promotional) ** 2)),
        calibration_error=float(np.abs(gaps).sum() / is_promotional.size),
    )


def _fitted(features, is_promotional, weight) -> LogisticRegression:  # noqa: ANN001 - scipy matrices are untyped
    model = LogisticRegression(C=PENALTY, solver="liblinear", max_iter=500, random_state=0)
    return model.fit(features, is_promotional, sample_weight=weight)
