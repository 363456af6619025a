"""What of growth real data sets allow; only counts, no account of them is named."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl

from assets.columns import floats
from graph.growth.follow_order import NEWEST_FIRST, NO_ORDER, OLDEST_FIRST, order_of_delivery
from pipelines.requests import Source
from tests.benchmarks.growth.worlds import DAY, growth_of

SETS = ("twitter-datascience", "nostr", "sanremo2016")
CONFIGS = Path(__file__).parents[2] / "real"
ORDERS = {OLDEST_FIRST: "oldest first", NEWEST_FIRST: "newest first", NO_ORDER: "none shown"}
AS_OF = "2026-11-01"


def real_growth(data):
    """One row per set that is at hand: what its follows hold, and what was found.

    The sets end long before the day asked about, which changes nothing: usual weeks end with the data.
    """
    rows = []
    for name in SETS if data else ():
        folder = Path(data) / name
        if not folder.is_dir():
            continue
        source = Source(data_dir=str(folder), config_file=str(CONFIGS / f"{name}.toml"), reject_limit=1.0)
        with tempfile.TemporaryDirectory(prefix="vouch-growth-") as scratch:
            growth, signal, follows, accounts = growth_of(source, AS_OF, Path(scratch))
        opened = floats(accounts["created_at"].dt.epoch("s")) / DAY
        order = order_of_delivery(follows["followee"].to_numpy(), opened[follows["follower"].to_numpy()])
        rows.append(
            {
                "set": name,
                "follows": f"{follows.height:,}",
                "with a time": follows["followed_at"].is_not_null().sum(),
                "order": ORDERS[order],
                "measured": signal.filter(pl.col("state") == "measured").height,
                "bursts": growth.height,
                "unusual": growth.filter(pl.col("class") == "unusual").height,
            }
        )
    return rows
