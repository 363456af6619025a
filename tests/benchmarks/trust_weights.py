"""Which weights of trust put planted trusted voices first, and what an unknown part should count for.

Generates worlds (never the demo's seed), runs the pipeline on each, and judges trust alone, without the risk,
by the truth: a trusted voice is an account planted as one in a community that the audience comes from.
Prints two tables, each with a bootstrap interval over audiences:

1. average precision of the trusted voices among all candidates, mean over audiences, for the weights of the
   shipped table, for each part alone, with each part left out, and for the best of a coarse grid;
2. what a candidate's conversation counts for when it was not measured: it is hidden from a random third of
   the candidates, once at a time, and the mean move of their rank is printed (0 is fair), for trusted voices
   and for everybody else, next to the average precision.

    python tests/benchmarks/trust_weights.py [--seeds 41-46] [--accounts 2000] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

from graph.partners.ranking import FEW_VOICES, TRUST_PARTS, trust_parts, trust_score
from graph.partners.trust_weights import TrustWeights
from graph.statistics.unmeasured import typical_where_unmeasured
from graph.trust.word_of_mouth import spread
from pipelines.demo_world import generate_world, write_world
from pipelines.home import Home
from pipelines.lake import Lake
from pipelines.progress import run_observer
from pipelines.requests import Source
from pipelines.run import run_pipeline
from pipelines.weights import trust_weights

TRUSTED = ("niche_voice", "victim")
HOME_SHARE = 0.10  # a community is a home of the audience from this share of its members on
CONVERSATION_CONFIDENCE = 0.95
HIDDEN = 1 / 3
STEP = 0.1


def world_frames(seed, accounts, keep):
    """One frame per audience of a generated world: the ranking with the truth and the audience's weight."""
    kept = sorted(keep.glob(f"{seed}-{accounts}-*.parquet")) if keep else []
    if kept:
        return [pl.read_parquet(path) for path in kept]
    frames = []
    with tempfile.TemporaryDirectory(prefix="vouch-trust-weights-") as folder:
        home = Home(Path(folder) / "home")
        world = generate_world(seed, accounts)
        data = write_world(world, Path(folder) / "data")
        with run_observer(quiet=True) as observer:
            outcome = run_pipeline(home, Source(data_dir=str(data)), as_of=world.until, observer=observer)
        members = world.tables["audience_members"].join(world.truth, on="account_id")
        for audience in outcome.audiences:
            found = Lake(home.lake).run(outcome.run_id, audience)
            homes = (
                members.filter(pl.col("audience") == audience)
                .group_by("community")
                .agg(share=pl.len() / members.filter(pl.col("audience") == audience).height)
                .filter((pl.col("share") >= HOME_SHARE) & pl.col("community").is_not_null())["community"]
            )
            weight = pl.read_parquet(found / "run.parquet")["audience_size_cleaned"][0]
            truth = world.truth.select(
                "account_id",
                "is_shill",
                is_trusted=pl.col("role").is_in(TRUSTED) & pl.col("community").is_in(homes.implode()),
            )
            ranking = pl.read_parquet(found / "ranking.parquet").join(truth, on="account_id", how="left")
            frames.append(ranking.with_columns(audience_weight=pl.lit(weight), seed=pl.lit(seed)))
    for place, frame in enumerate(frames):
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
            frame.write_parquet(keep / f"{seed}-{accounts}-{place}.parquet")
    return frames


def floats(frame, name):
    """A column as float64, unknown as NaN."""
    return frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()


def parts_of(frame, conversation):
    """The parts of trust of one audience, with a conversation of one's choice."""
    told = spread(floats(frame, "word_of_mouth_occasions"), floats(frame, "word_of_mouth_voices"))
    return trust_parts(
        floats(frame, "endorsement"),
        floats(frame, "lift_low"),
        floats(frame, "word_of_mouth_voices_cleaned") * told,
        conversation,
        listeners_cleaned=floats(frame, "audience_listeners_cleaned"),
        few_voices=FEW_VOICES * frame["audience_weight"][0],
    )


def completed(frame, hidden=None):
    """The conversation as shipped, with some candidates' hidden."""
    bounds = [floats(frame, f"conversation{end}") for end in ("", "_low", "_high")]
    if hidden is not None:
        bounds = [np.where(hidden, np.nan, bound) for bound in bounds]
    return typical_where_unmeasured(*bounds, confidence=CONVERSATION_CONFIDENCE).value


def average_precision(score, is_right):
    """Mean, over the right ones, of the share of right ones down to their place (ties lose)."""
    order = np.lexsort((is_right, -np.nan_to_num(score, nan=-1.0)))
    right = is_right[order]
    return float(np.mean(np.cumsum(right)[right] / (np.flatnonzero(right) + 1))) if right.any() else np.nan


def tables(frames):
    """Average precision per audience for each set of weights; {name: float[audiences]}."""
    shipped = TrustWeights.from_rows(trust_weights())
    known = [
        (parts_of(frame, completed(frame)), frame["is_trusted"].fill_null(value=False).to_numpy())
        for frame in frames
    ]

    def judged(weights):
        found = []
        for parts, truth in known:
            kept = {part: values for part, values in parts.items() if weights.get(part, 0) > 0}
            found.append(average_precision(trust_score(kept, weights), truth))
        return np.array(found)

    sets = {f"shipped, version {shipped.version}": dict(shipped.weights)}
    sets["without conversation, as version 1"] = {
        "endorsement": 0.6, "affinity": 0.2, "word_of_mouth": 0.2
    }  # fmt: skip
    sets["as version 2"] = {"endorsement": 0.4, "affinity": 0.1, "conversation": 0.2, "word_of_mouth": 0.3}
    sets |= {f"{part} alone": {part: 1.0} for part in TRUST_PARTS}
    for part in TRUST_PARTS:
        sets[f"without {part}"] = {name: w for name, w in shipped.weights.items() if name != part}
    rows = {name: judged(weights) for name, weights in sets.items()}
    steps = range(round(1 / STEP) + 1)
    grid = {}
    for counts in itertools.product(steps, repeat=len(TRUST_PARTS)):
        if sum(counts) == round(1 / STEP):
            weights = {part: n * STEP for part, n in zip(TRUST_PARTS, counts, strict=True)}
            grid[" ".join(f"{w:.1f}" for w in weights.values())] = judged(weights)
    return rows, grid


def hiding(frames, seed):
    """For each way to treat an unknown conversation: rank moves of the hidden and average precision."""
    rng = np.random.default_rng(seed)
    weights = TrustWeights.from_rows(trust_weights()).weights
    found = {}
    for frame in frames:
        truth = frame["is_trusted"].fill_null(value=False).to_numpy()
        measured = np.isfinite(floats(frame, "conversation"))
        hidden = measured & (rng.random(frame.height) < HIDDEN)
        raw = floats(frame, "conversation")
        seen = np.where(hidden, np.nan, raw)
        ways = {
            "drops out, the rest is rescaled": (raw, seen),
            "counts as 0": (np.nan_to_num(raw), np.nan_to_num(seen)),
            "counts as the mean (shipped)": (completed(frame), completed(frame, hidden)),
        }
        top = np.zeros(frame.height, bool)
        top[np.argsort(-np.nan_to_num(trust_score(parts_of(frame, completed(frame)), weights)))[:100]] = True
        for way, (full, partly) in ways.items():
            before, after = (trust_score(parts_of(frame, values), weights) for values in (full, partly))
            places = [np.argsort(np.argsort(-score)) for score in (before, after)]
            up = (places[0] - places[1])[hidden]
            found.setdefault(way, []).append(
                (
                    up[truth[hidden]].mean() if truth[hidden].any() else np.nan,
                    up[(top & ~truth)[hidden]].mean() if (top & ~truth)[hidden].any() else np.nan,
                    up[~truth[hidden]].mean(),
                    average_precision(before, truth),
                    average_precision(after, truth),
                )
            )
    return {way: np.array(rows) for way, rows in found.items()}


def interval(values, seed):
    """Mean and its bootstrap interval over audiences, as text."""
    again = np.random.default_rng(seed).choice(values, (2000, values.size)).mean(axis=1)
    return f"{values.mean():.3f} ({np.quantile(again, 0.025):.3f} to {np.quantile(again, 0.975):.3f})"


def main():
    """Make the worlds, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", default="41-46", help="first-last")
    parser.add_argument("--accounts", type=int, default=2000)
    parser.add_argument("--keep", type=Path, help="keep what was measured here, and use what is here")
    options = parser.parse_args()
    first, last = map(int, options.seeds.split("-"))
    frames = [
        frame
        for seed in range(first, last + 1)
        for frame in world_frames(seed, options.accounts, options.keep)
    ]
    trusted = [int(frame["is_trusted"].sum()) for frame in frames]
    print(f"{len(frames)} audiences, {sum(frame.height for frame in frames)} candidates, "
          f"{sum(trusted)} trusted voices among them")  # fmt: skip
    rows, grid = tables(frames)
    print(f"\n{'weights':45} average precision (95 % interval)")
    for name, values in rows.items():
        print(f"{name:45} {interval(values, 0)}")
    print(f"\nthe ten best of a grid, as {', '.join(TRUST_PARTS)}")
    for name, values in sorted(grid.items(), key=lambda item: -item[1].mean())[:10]:
        print(f"{name:45} {interval(values, 0)}")
    print(f"\n{'an unknown conversation':38} {'places up when it is hidden':>45} {'average precision':>19}")
    print(f"{'':38} {'trusted':>12} {'others on top':>16} {'all others':>15} {'seen':>9} {'hidden':>9}")
    for way, values in hiding(frames, 0).items():
        trusted_up, top_up, others_up, before, after = np.nanmean(values, axis=0)
        print(f"{way:38} {trusted_up:12.1f} {top_up:16.1f} {others_up:15.1f} {before:9.3f} {after:9.3f}")


if __name__ == "__main__":
    main()
