"""Follower quality on generated worlds: who is called suspicious by mistake, and what other signs add."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict

from graph.network.followers import build_follower_graph
from graph.shill.follower_quality import follower_quality
from graph.shill.profile_model import Profiles
from graph.shill.profiles import PROFILE_TYPES, classify_profiles
from graph.statistics.size_tiers import SIZE_TIERS, size_tier_codes
from pipelines.demo_world import generate_world
from tests.benchmarks.follower_quality import rules

SEEDS = (301, 302, 303)
ACCOUNTS = 6_000
RUN_DAYS = 10
SOLD_FROM = 0.05  # share of sent followers from which an account counts as one that has them
JOINED = "all three joined, ten folds"
SIGNS = ("estimated share", "repeated bios", "runs of creation dates")


@dataclass(frozen=True)
class World:
    """What was found in one world.

    Attributes:
        people: one row per account: role, language, tier, is_fake_follower, and whether it is called
            suspicious by ours and by the rules.
        followed: one row per account that was measured: sent (true share), share, low, high, and `SIGNS`.
    """

    people: pl.DataFrame
    followed: pl.DataFrame


def look(seed, model):
    world = generate_world(seed, ACCOUNTS)
    accounts, truth = world.tables["accounts"], world.truth
    profiles = profiles_of(accounts, world.until)
    probability = model.probability(profiles)
    classes = classify_profiles(profiles, probability)
    people = truth.select("role", "is_fake_follower").with_columns(
        accounts["language"],
        tier=pl.Series(np.asarray(SIZE_TIERS)[size_tier_codes(profiles.followers_count)]),
        ours=classes.type == PROFILE_TYPES.index("suspicious"),
        rules=rules.points(profiles) >= rules.SUSPICIOUS_FROM,
    )
    ids = accounts.select("account_id").with_row_index("node")
    follows = world.tables["follows"].filter(pl.col("unfollowed_at").is_null())
    ends = [
        follows.select(account_id=end).join(ids, on="account_id", maintain_order="left")["node"].to_numpy()
        for end in ("follower_id", "followee_id")
    ]
    graph, _ = build_follower_graph(accounts.height, *ends)
    found = follower_quality(graph, classes.type_if_genuine, model.evidence_bin(probability), model)
    nodes = np.flatnonzero(found.is_measured)
    is_fake = truth["is_fake_follower"].to_numpy()
    bios = (
        accounts["bio"].fill_null("").rank("dense").to_numpy()
        * (accounts["bio"].fill_null("") != "").to_numpy()
    )
    lists = [graph.followers_of(node) for node in nodes.tolist()]
    followed = pl.DataFrame(
        {
            "sent": [is_fake[row].mean() for row in lists],
            "share": found.suspicious_share[nodes],
            "low": found.low["suspicious"][nodes],
            "high": found.high["suspicious"][nodes],
            SIGNS[0]: found.suspicious_share[nodes],
            SIGNS[1]: [repeated(bios[row]) for row in lists],
            SIGNS[2]: [longest_run(profiles.age_days[row]) for row in lists],
        }
    ).filter(~pl.Series(is_fake[nodes]))
    return World(people, followed)


def profiles_of(accounts, until):
    """The profile facts of an accounts table, as the graph stage takes them."""

    def column(expression):
        return accounts.select(expression.cast(pl.Float64).fill_null(float("nan"))).to_series().to_numpy()

    return Profiles(
        has_avatar=column(pl.col("has_avatar")),
        has_bio=column(pl.col("bio").fill_null("").str.strip_chars().str.len_chars() > 0),
        is_private=column(pl.col("is_private")),
        posts_count=column(pl.col("posts_count")),
        followers_count=column(pl.col("followers_count")),
        following_count=column(pl.col("following_count")),
        handle_digits=column(pl.col("handle").str.count_matches("[0-9]")),
        age_days=column((pl.lit(until).cast(pl.Datetime) - pl.col("created_at")).dt.total_days()),
    )


def repeated(bios):
    """Share of followers whose bio at least two others among them have word for word; 0 is no bio."""
    _, place, count = np.unique(bios, return_inverse=True, return_counts=True)
    return float(((count[place] >= 3) & (bios > 0)).mean())


def longest_run(age_days):
    """Largest share of followers whose accounts were made within `RUN_DAYS` of each other."""
    days = np.sort(age_days)
    return float(
        (np.searchsorted(days, days + RUN_DAYS, side="right") - np.arange(days.size)).max() / days.size
    )


def what_signs_add(worlds):
    """AUC of each sign for accounts that were sent followers, and of all joined, at full lists."""
    table = pl.concat([world.followed for world in worlds])
    told = (table["sent"] >= SOLD_FROM).to_numpy()
    found = {name: roc_auc_score(told, table[name]) for name in SIGNS}
    joined = cross_val_predict(
        LogisticRegression(C=100.0, max_iter=2_000),
        table.select(SIGNS).to_numpy(),
        told,
        cv=10,
        method="predict_proba",
    )
    found[JOINED] = roc_auc_score(told, joined[:, 1])
    return found, int(told.sum()), told.size
