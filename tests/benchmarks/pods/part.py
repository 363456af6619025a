"""The part `pods` of the evaluation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from sklearn.metrics import roc_auc_score

from tests.benchmarks.evaluation.parts import Bar, Part, table
from tests.benchmarks.snapshot import snapshot, world_snapshot
from tests.graph.together.test_pods import World

SIZES = (2_000, 4_000)
SEEDS = 3
RATES, BEFRIENDED = (0.15, 0.3, 0.6, 1.0), (0.0, 0.5, 1.0)
WELL_KNOWN = 100
CONFIGS = Path("tests/real")
SIGNAL = "engagement_pods"


def measure(options):
    """Measure generated worlds, simulated pods, and networks left alone."""
    seeds = range(options.seed, options.seed + (options.seeds or SEEDS))
    worlds = [_world(seed, size) for size in SIZES for seed in seeds]
    simulated = {
        (rate, befriended): _simulated(rate, befriended, seeds) for rate in RATES for befriended in BEFRIENDED
    }
    precision = _share(worlds, "hits", "flagged")
    recall = _share(worlds, "hits", "planted")
    full, thin = simulated[1.0, 0.0], simulated[0.15, 0.0]
    bars = [
        Bar(
            "pods of strangers, every post, AUC of the value",
            "1.00",
            f"{full[0]:.3f}",
            bool(full[0] >= 0.995),
        ),
        Bar(
            "pods of strangers, 15 % of posts, AUC of the value",
            "≥ 0.95",
            f"{thin[0]:.3f}",
            bool(thin[0] >= 0.95),
        ),
        Bar("the same, AUC of the sum among strangers", "≥ 0.95", f"{thin[1]:.3f}", bool(thin[1] >= 0.95)),
    ]
    pieces = [_worlds_text(worlds), _simulated_text(simulated, len(seeds))]
    if options.data is None:
        pieces.append("Public data sets were not at hand; what rests on them was skipped.")
    else:
        harm, harm_bars = _harm(options.data)
        pieces.append(harm)
        bars += harm_bars
    short = (
        f"- On generated worlds {recall:.0%} of the planted pod members are flagged, and {precision:.0%} of "
        "the flagged are pod members, circles of friends counted as errors."
    )
    return Part("Engagement pods", short, "\n\n".join(pieces), bars)


def _share(worlds, part, whole):
    return sum(world[part] for world in worlds) / max(sum(world[whole] for world in worlds), 1)


def _world(seed, size):
    """What is flagged in one generated world, and who it is."""
    with world_snapshot((SIGNAL,), seed, size) as (world, lake, day):
        nodes = pl.read_parquet(lake.graph(day) / "accounts.parquet", columns=["node", "account_id"])
        signal = (
            pl.read_parquet(lake.shill(day) / f"{SIGNAL}.parquet")
            .join(nodes, on="node")
            .join(world.truth, on="account_id")
            .with_columns(
                is_pod=pl.col("note").str.contains(r"\bpod \d").fill_null(value=False),
                is_circle=pl.col("note").str.contains(r"\bcircle \d").fill_null(value=False),
                is_flagged=(pl.col("state") == "measured") & (pl.col("value") > pl.col("threshold")),
            )
        )
        groups = pl.read_parquet(lake.shill(day) / "engagement_pod_groups.parquet")
        members = pl.read_parquet(lake.shill(day) / "engagement_pod_members.parquet").join(signal, on="node")
        seen = pl.read_parquet(lake.shill(day) / "pod_members.parquet")
    flagged = signal.filter("is_flagged")
    return {
        "world": f"{size:,} accounts, seed {seed}",
        "planted": signal["is_pod"].sum(),
        "circles": signal["is_circle"].sum(),
        "flagged": flagged.height,
        "hits": flagged["is_pod"].sum(),
        "friends": flagged["is_circle"].sum(),
        "groups": groups.height,
        "in groups": members.height,
        "pods in groups": members["is_pod"].sum(),
        "explained": (seen["group"].n_unique() if seen.height else 0) - groups.height,
        "topic": groups["topic_match"].mean(),
        "first hour": groups["first_hour_share"].mean(),
    }


def _worlds_text(worlds):
    head = (
        "world", "planted members", "members of circles", "flagged", "of them planted", "of them of circles",
        "groups", "their members", "of them planted", "circles explained", "topic match", "first hour",
    )  # fmt: skip
    rows = [
        (*list(world.values())[:-2], f"{world['topic'] or 0:.2f}", f"{world['first hour'] or 0:.2f}")
        for world in worlds
    ]
    return (
        "## Generated worlds\n\nThrough the pipeline as it runs. Pods are planted among circles of friends "
        "who engage with 20 to 60 % of each other's posts; a flagged member of a circle is an error.\n\n"
        + table(head, rows)
    )


def _simulated(rate, befriended, seeds):
    """Mean AUC of the score and of the score among strangers, and recall and precision of the threshold."""
    figures = []
    for seed in seeds:
        world = World(seed, rate, befriended, n_pods=4)
        pods = world.pods(n_rewirings=3)
        score, flagged = np.nan_to_num(pods.score), np.nan_to_num(pods.score) > pods.threshold
        hits = (flagged & world.is_member).sum()
        figures.append(
            (
                roc_auc_score(world.is_member, score),
                roc_auc_score(world.is_member, np.nan_to_num(pods.score_strangers)),
                hits / max(flagged.sum(), 1),
                hits / world.is_member.sum(),
            )
        )
    return np.mean(figures, axis=0)


def _simulated_text(simulated, n_seeds):
    head = (
        "posts engaged with",
        "pairs that follow each other",
        "AUC",
        "AUC among strangers",
        "precision",
        "recall",
    )
    rows = [
        (f"{rate:.0%}", f"{befriended:.0%}", *(f"{value:.3f}" for value in figures))
        for (rate, befriended), figures in simulated.items()
    ]
    return (
        "## Simulated pods\n\n"
        "600 accounts in circles of 14 whose friends engage at rates up to 0.6, hubs with fans, and four "
        f"pods of twelve, {n_seeds} seeds. The value uses no times, so timing that is spread over two hours "
        "changes nothing in it; times speak only where a group might be a circle of friends. The sum among "
        "strangers leaves mutual friends out: sharper for pods of strangers, blind to pods that follow each "
        "other, which is why it is not the value. At 15 % many members engage with fewer than two posts of "
        "each other, and nothing is left to be seen of such a pair. Precision and recall are those "
        "at the threshold, before circles are explained.\n\n" + table(head, rows)
    )


def _harm(data):
    rows, bars, listed = [], [], []
    for name in ("twitter-datascience", "sanremo2016"):
        with snapshot((SIGNAL,), data / name, CONFIGS / f"{name}.toml") as (lake, day):
            signal = pl.read_parquet(lake.shill(day) / f"{SIGNAL}.parquet").join(
                pl.read_parquet(lake.graph(day) / "follower_counts.parquet"), on="node"
            )
            groups = pl.read_parquet(lake.shill(day) / "engagement_pod_groups.parquet")
        measured = signal.filter(pl.col("state") == "measured")
        flagged = measured.filter(pl.col("value") > pl.col("threshold"))
        known = signal.filter(pl.col("followers") > WELL_KNOWN).height
        hit = flagged.filter(pl.col("followers") > WELL_KNOWN).height
        rows.append((name, signal.height, measured.height, flagged.height, groups.height, known, hit))
        share = hit / max(known, 1)
        bars.append(
            Bar(
                f"{name}: accounts over {WELL_KNOWN} followers flagged",
                "≤ 1 %",
                f"{share:.1%}",
                share <= 0.01,
            )
        )
        listed += [f"- {name}: {about}" for about in groups["about"]]
    head = (
        "network",
        "accounts",
        "measured",
        "flagged",
        "groups",
        f"over {WELL_KNOWN} followers",
        "of them flagged",
    )
    text = (
        "## Networks left alone\n\nThrough the pipeline as it runs. A network without likes or answers to "
        "posts that are in the data has nothing to measure; the column says so.\n\n" + table(head, rows)
    )
    return "\n\n".join([text, "\n".join(listed) or "No group was found in either."]), bars
