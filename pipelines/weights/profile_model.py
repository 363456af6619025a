"""`python -m pipelines.weights.profile_model --data FILE.csv`: fit the profile model to labelled profiles.

Belongs here: reading labelled profiles, fitting, cross-validation, and the card that goes with a model. The
fitted model is a table of curves; `graph.shill.profile_model` reads profiles against it without scikit-learn.

The mean of two additive models in log odds: a smooth one (quadratic splines, ridge logistic regression,
averaged over three penalties so that none has to be chosen) and a rough one (boosted stumps). Both are
additive, so their mean is a scorecard too, and together they err less than either. Each curve is then bent to
go one way only where sense says which (`DIRECTIONS`). Nothing is tuned to the labels at hand: all settings
are constants below, so that cross-validation judges exactly what ships.
"""

from __future__ import annotations

import itertools
import json
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version as package_version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import polars as pl

from graph.shill.profile_model import (
    EVIDENCE_EDGES,
    FACTS,
    FEATURES,
    MIN_SPEAKING_FACTS,
    SPEAKING_FACTS,
    ProfileModel,
    Profiles,
    Scorecard,
    features,
)
from pipelines.errors import VouchError
from pipelines.weights import PROFILE_MODEL_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graph.shill.profile_model import BoolArray, FloatArray

MIN_EACH = 30
"""Fewer labelled profiles of either kind than this fit no scorecard."""

PENALTIES = (0.02, 0.05, 0.1)  # inverse strength of the ridge; the mean of all three is used
KNOTS = 7
STUMPS = 200
LEARNING_RATE = 0.05
GRID = 40  # points of a curve, at most
FOLDS = 10
BINARY = ("has_avatar", "has_bio", "is_private")
LABEL = "is_fake"
COLUMNS = {
    "has_avatar": ("has_avatar", "has_profile_picture"),
    "has_bio": ("has_bio",),
    "is_private": ("is_private",),
    "posts_count": ("posts_count",),
    "followers_count": ("followers_count",),
    "following_count": ("following_count",),
    "handle_digits": ("handle_digits",),
    "age_days": ("age_days",),
}
"""Fact to the names under which a column of it is looked for. A `handle` may be given instead of
`handle_digits`, and a `bio` instead of `has_bio`; they are counted and forgotten."""

DIRECTIONS = {
    "log_followers": -1,
    "log_following": 1,
    "log_following_per_follower": 1,
    "log_posts": -1,
    "log_following_per_post": 1,
    "log_followers_per_post": 1,
    "log_handle_digits": 1,
    "has_avatar": -1,
    "has_bio": -1,
    "log_age_days": -1,
}
"""Whether a curve may only rise (1) or only fall (-1). A few odd profiles at the edge of what was labelled
would otherwise bend it the wrong way, and others would pay for it; what is not named here is free."""

CANNOT_SEE = (
    "Only what a profile states. Purchased profiles that are filled like those of people, and people whose "
    "accounts were taken over, look genuine; people who read in silence and follow many may look purchased. "
    "A platform on which people follow, post or name themselves otherwise moves the figures; the comparison "
    "within the size tier takes up what moves everybody alike."
)


class LabelledProfilesError(VouchError):
    """Labelled profiles that no model can be fitted to."""


@dataclass(frozen=True)
class Labelled:
    """Labelled profiles.

    Attributes:
        profiles: Facts of n profiles.
        is_suspicious: bool[n], labelled as purchased.
    """

    profiles: Profiles
    is_suspicious: BoolArray

    def rows(self, facts: Sequence[str]) -> np.ndarray:
        """Positions of the profiles of which all these facts are known."""
        wanted = [FACTS.index(fact) for fact in facts]
        return np.flatnonzero(self.profiles.known[wanted].all(axis=0))


def read_labelled(path: Path) -> Labelled:
    """Read labelled profiles from a CSV file; see `COLUMNS`. Empty cells are unknown.

    Raises:
        LabelledProfilesError: If there is no label or no fact in it.
    """
    try:
        frame = pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise LabelledProfilesError(f"{path} cannot be read: {error}") from error
    if LABEL not in frame.columns:
        raise LabelledProfilesError(
            f"{path} has no column {LABEL}.", remedy="It says true or false of each profile."
        )
    frame = _counted(frame).with_columns(_number(LABEL)).filter(pl.col(LABEL).is_not_nan())
    if not frame.height:
        raise LabelledProfilesError(f"{path} has no labelled profile.")
    facts = {}
    for fact, names in COLUMNS.items():
        name = next((name for name in names if name in frame.columns), None)
        facts[fact] = (
            np.full(frame.height, np.nan)
            if name is None
            else frame.select(_number(name)).to_series().to_numpy()
        )
    return Labelled(Profiles(**facts), frame[LABEL].to_numpy() > 0.5)


def _counted(frame: pl.DataFrame) -> pl.DataFrame:
    """Handles and bios as the counts that the model looks at."""
    if "handle" in frame.columns:
        frame = frame.with_columns(handle_digits=pl.col("handle").str.count_matches("[0-9]").cast(pl.String))
    if "bio" in frame.columns:
        filled = pl.col("bio").fill_null("").str.strip_chars().str.len_chars() > 0
        frame = frame.with_columns(has_bio=filled.cast(pl.String))
    return frame


def _number(name: str) -> pl.Expr:
    told = pl.col(name).str.strip_chars().str.to_lowercase()
    as_number = told.replace({"true": "1", "false": "0", "yes": "1", "no": "0"}).cast(
        pl.Float64, strict=False
    )
    return as_number.fill_null(float("nan")).alias(name)


def fit_scorecard(
    columns: Mapping[str, FloatArray], is_suspicious: BoolArray, facts: Sequence[str]
) -> Scorecard:
    """Fit one scorecard.

    Args:
        columns: Features by name, float64[n] each, all known.
        is_suspicious: bool[n].
        facts: What the features are made of.
    """
    grids = {name: _grid(name, values) for name, values in columns.items()}
    smooth, smooth_start = _smooth_curves(columns, is_suspicious, grids)
    rough, rough_start = _stump_curves(columns, is_suspicious, grids)
    curves, intercept = {}, (smooth_start + rough_start) / 2
    for name, at in grids.items():
        points = _in_its_direction(name, at, (smooth[name] + rough[name]) / 2, columns[name])
        middle = float(np.interp(columns[name], at, points).mean())
        curves[name] = (at, points - middle)
        intercept += middle
    return Scorecard(tuple(facts), intercept, curves)


def _in_its_direction(name: str, at: FloatArray, points: FloatArray, values: FloatArray) -> FloatArray:
    """The nearest curve, weighted by where profiles are, that goes the way of `DIRECTIONS`."""
    from sklearn.isotonic import IsotonicRegression  # noqa: PLC0415 - needed to fit, never to run

    if name not in DIRECTIONS:
        return points
    nearby = np.bincount(np.searchsorted((at[1:] + at[:-1]) / 2, values), minlength=at.size)
    isotonic = IsotonicRegression(increasing=DIRECTIONS[name] > 0)
    return isotonic.fit(at, points, sample_weight=nearby + 0.1).predict(at)


def _grid(name: str, values: FloatArray) -> FloatArray:
    """Where the curve of a feature is given."""
    if name in BINARY:
        return np.array([0.0, 1.0])
    distinct = np.unique(values)
    if distinct.size > GRID:
        distinct = np.unique(np.quantile(values, np.linspace(0, 1, GRID)))
    # a curve needs two points; of a feature that never varies it is flat
    return distinct if distinct.size > 1 else np.array([distinct[0], distinct[0] + 1.0])


def _smooth_curves(
    columns: Mapping[str, FloatArray], is_suspicious: BoolArray, grids: Mapping[str, FloatArray]
) -> tuple[dict[str, FloatArray], float]:
    """Curves of the ridge logistic regression on splines, and its intercept."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - needed to fit, never to run
    from sklearn.preprocessing import SplineTransformer  # noqa: PLC0415 - see above

    designs, on_grid = [], {}
    for name, values in columns.items():
        shapes = [values[:, None]]
        at_grid = [grids[name][:, None]]
        if name not in BINARY and np.ptp(values) > 0:
            spline = SplineTransformer(KNOTS, degree=2, knots="quantile", extrapolation="linear")
            shapes.append(spline.fit_transform(values[:, None]))
            at_grid.append(spline.transform(grids[name][:, None]))
        design, grid = np.hstack(shapes), np.hstack(at_grid)
        middle, scale = design.mean(axis=0), design.std(axis=0)
        scale[scale == 0] = 1.0
        designs.append((design - middle) / scale)
        on_grid[name] = (grid - middle) / scale
    whole = np.hstack(designs)
    fits = [LogisticRegression(C=penalty, max_iter=5_000).fit(whole, is_suspicious) for penalty in PENALTIES]
    weights = np.mean([fit.coef_[0] for fit in fits], axis=0)
    curves, first = {}, 0
    for name, grid in on_grid.items():
        curves[name] = grid @ weights[first : first + grid.shape[1]]
        first += grid.shape[1]
    return curves, float(np.mean([fit.intercept_[0] for fit in fits]))


def _stump_curves(
    columns: Mapping[str, FloatArray], is_suspicious: BoolArray, grids: Mapping[str, FloatArray]
) -> tuple[dict[str, FloatArray], float]:
    """Curves of the boosted stumps, and the log odds they start from."""
    from sklearn.ensemble import GradientBoostingClassifier  # noqa: PLC0415 - needed to fit, never to run

    names = list(columns)
    boosted = GradientBoostingClassifier(
        n_estimators=STUMPS, learning_rate=LEARNING_RATE, max_depth=1, subsample=0.5, random_state=0
    ).fit(np.column_stack([columns[name] for name in names]), is_suspicious)
    curves = {name: np.zeros(len(grids[name])) for name in names}
    for stump in boosted.estimators_[:, 0]:
        tree = stump.tree_
        if tree.node_count == 1:
            continue
        name = names[tree.feature[0]]
        left, right = tree.value[1, 0, 0], tree.value[2, 0, 0]
        curves[name] += LEARNING_RATE * np.where(grids[name] <= tree.threshold[0], left, right)
    share = float(is_suspicious.mean())
    return curves, float(np.log(share / (1 - share)))


def out_of_fold(labelled: Labelled, facts: Sequence[str], seed: int) -> FloatArray:
    """Probability of each profile by a scorecard that has not seen it, stratified folds, float64[n].

    NaN where a fact is unknown.
    """
    rows = labelled.rows(facts)
    told = labelled.is_suspicious[rows]
    columns = _columns(labelled.profiles, facts, rows)
    found = np.full(labelled.is_suspicious.size, np.nan)
    for taught, judged in stratified_folds(told, seed):
        card = fit_scorecard({name: values[taught] for name, values in columns.items()}, told[taught], facts)
        odds = card.log_odds({name: values[judged] for name, values in columns.items()})
        found[rows[judged]] = 1 / (1 + np.exp(-odds))
    return found


def stratified_folds(labels: BoolArray, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Positions to teach and to judge, `FOLDS` times, with the same share of labels in each."""
    from sklearn.model_selection import StratifiedKFold  # noqa: PLC0415 - needed to fit, never to run

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    yield from folds.split(np.zeros(labels.size), labels)


def _columns(profiles: Profiles, facts: Sequence[str], rows: np.ndarray) -> dict[str, FloatArray]:
    """The features that these facts give, of these profiles."""
    every = features(profiles)
    return {name: every[name][rows] for name, needs in FEATURES.items() if set(needs) <= set(facts)}


def sets_of_facts(labelled: Labelled) -> list[tuple[str, ...]]:
    """Every set of facts that is known of enough profiles of both kinds, the largest first."""
    sets = []
    for size in range(len(FACTS), MIN_SPEAKING_FACTS - 1, -1):
        for facts in itertools.combinations(FACTS, size):
            told = labelled.is_suspicious[labelled.rows(facts)]
            if (
                len(set(facts) & set(SPEAKING_FACTS)) >= MIN_SPEAKING_FACTS
                and min(told.sum(), (~told).sum()) >= MIN_EACH
            ):
                sets.append(facts)
    return sets


@dataclass(frozen=True)
class Quality:
    """How good probabilities are; see `quality`."""

    auc: float
    average_precision: float
    brier: float
    calibration_error: float


def quality(probability: FloatArray, is_suspicious: BoolArray) -> Quality:
    """AUC, average precision, Brier score and calibration error (ECE, ten bins of equal width)."""
    from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score  # noqa: PLC0415 - see above

    return Quality(
        auc=float(roc_auc_score(is_suspicious, probability)),
        average_precision=float(average_precision_score(is_suspicious, probability)),
        brier=float(brier_score_loss(is_suspicious, probability)),
        calibration_error=sum(
            abs(expected - observed) for _, _, expected, observed in reliability(probability, is_suspicious)
        )
        / is_suspicious.size,
    )


def reliability(probability: FloatArray, is_suspicious: BoolArray) -> list[tuple[float, int, float, float]]:
    """Ten bins of equal width, without empty ones: lower edge, profiles, suspicious expected, and found."""
    place = np.minimum((probability * 10).astype(int), 9)
    return [
        (
            bin_ / 10,
            int((place == bin_).sum()),
            float(probability[place == bin_].sum()),
            float(is_suspicious[place == bin_].sum()),
        )
        for bin_ in np.unique(place).tolist()
    ]


def fit_model(labelled: Labelled, *, repeats: int, seed: int) -> dict[str, Any]:
    """The document of a model: scorecards for all sets of facts, evidence by bin, figures of the card.

    Raises:
        LabelledProfilesError: If there are too few labelled profiles.
    """
    sets = sets_of_facts(labelled)
    if not sets:
        raise LabelledProfilesError(
            "There are too few labelled profiles.",
            details=[
                f"{int(labelled.is_suspicious.sum())} of {labelled.is_suspicious.size} are labelled {LABEL}"
            ],
            remedy=f"It takes at least {MIN_EACH} of each kind with at least two facts known of each.",
        )
    most = labelled.rows(sets[0])
    told = labelled.is_suspicious[most]
    runs = [out_of_fold(labelled, sets[0], seed + repeat)[most] for repeat in range(repeats)]
    model = ProfileModel("", float(told.mean()), (), np.zeros(0), np.zeros(0))
    bins = len(EVIDENCE_EDGES) + 1
    evidence = {
        name: np.mean([np.bincount(model.evidence_bin(run[side]), minlength=bins) for run in runs], axis=0)
        for name, side in (("suspicious", told), ("genuine", ~told))
    }
    grids = {}
    cards = []
    for facts in sets:
        rows = labelled.rows(facts)
        columns = _columns(labelled.profiles, facts, rows)
        card = fit_scorecard(columns, labelled.is_suspicious[rows], facts)
        found = quality(out_of_fold(labelled, facts, seed)[rows], labelled.is_suspicious[rows])
        for name, (at, _) in card.curves.items():
            grids.setdefault(name, at)
        cards.append(
            {
                "facts": list(facts),
                "profiles": len(rows),
                "auc": round(found.auc, 4),
                "calibration_error": round(found.calibration_error, 4),
                "intercept": round(card.intercept, 4),
                "curves": {
                    name: np.interp(grids[name], at, points).round(4).tolist()
                    for name, (at, points) in card.curves.items()
                },
            }
        )
    return {
        "base_rate": round(model.base_rate, 6),
        "evidence": {name: counts.round(2).tolist() for name, counts in evidence.items()},
        "grids": {name: at.round(6).tolist() for name, at in grids.items()},
        "scorecards": sorted(cards, key=lambda card: (-len(card["facts"]), -card["auc"])),
        "cross_validation": {
            "how": f"stratified {FOLDS}-fold, {repeats} times, all facts",
            **_over_repeats([quality(run, told) for run in runs]),
        },
    }


def _over_repeats(found: Sequence[Quality]) -> dict[str, dict[str, float]]:
    """Mean and range over repeats of each figure."""
    return {
        name: {
            "mean": round(float(np.mean(values)), 4),
            "low": round(float(np.min(values)), 4),
            "high": round(float(np.max(values)), 4),
        }
        for name in Quality.__dataclass_fields__
        for values in [[getattr(one, name) for one in found]]
    }


@click.command()
@click.option(
    "--data", type=click.Path(path_type=Path, exists=True), required=True, help="Labelled profiles, CSV."
)
@click.option("--out", type=click.Path(path_type=Path), default=Path(__file__).with_name(PROFILE_MODEL_FILE))
@click.option("--version", default="own", show_default=True, help="Name of the model.")
@click.option("--source", default="", help="Whose labels these are, in words, for the card.")
@click.option("--licence", default="", help="Licence of the labels, for the card.")
@click.option("--repeats", default=10, show_default=True, help="Repetitions of the cross-validation.")
@click.option("--seed", default=0, show_default=True)
def main(*, data: Path, out: Path, version: str, source: str, licence: str, repeats: int, seed: int) -> None:
    """Fit the profile model to labelled profiles and write it with its card."""
    try:
        labelled = read_labelled(data)
        fitted = fit_model(labelled, repeats=repeats, seed=seed)
    except ImportError as error:
        raise click.ClickException(
            f"{error}. Fitting needs scikit-learn: pip install scikit-learn."
        ) from error
    except VouchError as error:
        raise click.ClickException(str(error)) from error
    card = {
        "trained_on": source or data.name,
        "licence": licence,
        "profiles": int(labelled.is_suspicious.size),
        "suspicious": int(labelled.is_suspicious.sum()),
        "facts": {fact: int(labelled.profiles.known[place].sum()) for place, fact in enumerate(FACTS)},
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {
            "python": platform.python_version(),
            **{name: package_version(name) for name in ("numpy", "scikit-learn")},
        },
        "seed": seed,
        "cross_validation": fitted.pop("cross_validation"),
        "cannot_see": CANNOT_SEE,
    }
    out.write_text(document_text({"version": version, "card": card, **fitted}), encoding="utf-8")
    click.echo(json.dumps(card, indent=2, ensure_ascii=False))
    click.echo(f"wrote {out}: {len(fitted['scorecards'])} scorecards")


def document_text(document: Mapping[str, Any]) -> str:
    """JSON with one line per curve, so that a change of the model can be read line by line."""
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)
    return _joined_lists(text) + "\n"


def _joined_lists(text: str) -> str:
    """Lists of numbers on one line."""
    lines, open_list = [], None
    for line in text.splitlines():
        if open_list is None and line.endswith("["):
            open_list = [line]
        elif open_list is not None and line.strip().startswith("]"):
            lines.append(
                open_list[0] + ", ".join(part.strip().rstrip(",") for part in open_list[1:]) + line.strip()
            )
            open_list = None
        elif open_list is not None and not line.strip().endswith(("{", "[")):
            open_list.append(line)
        else:
            lines.extend(open_list or ())
            open_list = None
            lines.append(line)
    return "\n".join(lines)


if __name__ == "__main__":
    main()
