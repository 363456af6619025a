"""Repeated stratified cross-validation on hand-labelled followers, every model on the same folds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from graph.shill.profile_model import FEATURES, features
from pipelines.weights.profile_model import out_of_fold, quality, reliability, sets_of_facts, stratified_folds
from tests.benchmarks.follower_quality import rules

OURS, RULES = "profile model (ships)", "rules, scaled in the folds"


@dataclass(frozen=True)
class Judged:
    """What cross-validation found.

    Attributes:
        quality: model to one `Quality` per repeat.
        reliability: of ours, over all repeats together.
        by_facts: facts to (profiles, quality of ours, quality of the rules), one repeat each.
        first: float64[n], our probabilities out of fold in the first repeat.
    """

    quality: dict
    reliability: list
    by_facts: dict
    first: np.ndarray


def judge(labelled, repeats, seed):
    sets = sets_of_facts(labelled)
    facts, told = sets[0], labelled.is_suspicious
    every = features(labelled.profiles)
    table = np.column_stack([every[name] for name, needs in FEATURES.items() if set(needs) <= set(facts)])
    points = rules.points(labelled.profiles)
    found = {OURS: [], RULES: []} | {name: [] for name in peers(0)}
    ours = []
    for repeat in range(repeats):
        ours.append(out_of_fold(labelled, facts, seed + repeat))
        found[OURS].append(quality(ours[-1], told))
        found[RULES].append(quality(scaled(points, told, seed + repeat), told))
        for name, model in peers(seed + repeat).items():
            found[name].append(quality(crossed(model, table, told, seed + repeat), told))
    return Judged(
        quality=found,
        reliability=reliability(np.concatenate(ours), np.tile(told, repeats)),
        by_facts={
            some: (
                quality(out_of_fold(labelled, some, seed), told),
                quality(scaled(rules.points(only(labelled.profiles, some)), told, seed), told),
            )
            for some in sets
        },
        first=ours[0],
    )


def peers(seed):
    return {
        "random forest": RandomForestClassifier(300, min_samples_leaf=3, random_state=seed),
        "gradient boosting": GradientBoostingClassifier(
            n_estimators=150, learning_rate=0.05, max_depth=3, subsample=0.5, random_state=seed
        ),
        "logistic regression": make_pipeline(StandardScaler(), LogisticRegression(max_iter=2_000)),
    }


def crossed(model, table, told, seed):
    found = np.empty(told.size)
    for taught, judged in stratified_folds(told, seed):
        found[judged] = model.fit(table[taught], told[taught]).predict_proba(table[judged])[:, 1]
    return found


def scaled(points, told, seed):
    """Points as probabilities by a logistic curve that the judged profiles took no part in (Platt)."""
    return crossed(LogisticRegression(C=1e6), points[:, None], told, seed)


def only(profiles, facts):
    """The profiles as if only these facts were known."""
    columns = {
        "followers_count": "follow_counts",
        "following_count": "follow_counts",
        "posts_count": "posts",
        "has_avatar": "avatar",
        "has_bio": "bio",
        "age_days": "age",
        "is_private": "private",
        "handle_digits": "handle",
    }
    return type(profiles)(
        **{
            name: getattr(profiles, name) if fact in facts else np.full(len(profiles.posts_count), np.nan)
            for name, fact in columns.items()
        }
    )
