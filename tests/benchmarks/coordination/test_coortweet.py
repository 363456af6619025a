from __future__ import annotations

import numpy as np
import polars as pl

from tests.benchmarks.coordination.coortweet import coordinated_pairs, numbered, shuffled

SHARES = pl.DataFrame(
    [
        {"who": who, "what": what, "when": when}
        for who, what, when in (
            ("a", "x", 0), ("b", "x", 9), ("c", "x", 40), ("a", "y", 100), ("b", "y", 104), ("c", "y", 300),
            ("c", "z", 500), ("d", "z", 505), ("d", "w", 900), ("b", "w", 908), ("e", None, 900),
            ("f", "w", 901),
        )
    ]
)  # fmt: skip


def test_pairs_above_the_median_weight_within_the_window():
    shares = numbered(SHARES, "who", "what", "when")
    assert shares.height == SHARES.height - 1
    pairs = coordinated_pairs(shares, 10)
    assert pairs.select("u", "v", "weight").rows() == [(0, 1, 2)]  # f shared once and takes no part
    assert coordinated_pairs(shares, 3).height == 0


def test_shuffling_keeps_who_shares_what_and_the_first_share():
    shares = numbered(SHARES, "who", "what", "when")
    dealt = shuffled(shares, np.random.default_rng(0))
    assert dealt.select("actor", "object").equals(shares.select("actor", "object"))
    first = pl.col("at").min().over("object")
    assert dealt.select(first).equals(shares.select(first))
    gap = (pl.col("at") - first).alias("gap")
    for rows in (shares, dealt):
        assert (
            rows.select("actor", gap)
            .sort("actor", "gap")
            .equals(shares.select("actor", gap).sort("actor", "gap"))
        )
