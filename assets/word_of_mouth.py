"""Stage 3, trust: who is talked about unasked, per audience and day."""

from pathlib import Path

import dagster as dg
import numpy as np
import polars as pl

from assets.audience import GROUP, OWNERS, cleaned_audience, read_audience
from assets.display import markdown_table, table_metadata, with_handles
from assets.partitions import audience_and_day, audience_days
from assets.ports import Engine, Lake
from graph.followers import open_follower_graph
from graph.word_of_mouth import SPOKEN_KINDS, WordOfMouth
from graph.word_of_mouth import word_of_mouth as count_voices


@dg.asset(
    group_name=GROUP,
    partitions_def=audience_days,
    deps=[cleaned_audience],
    kinds={"duckdb", "numpy"},
    owners=OWNERS,
)
def word_of_mouth(
    context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], engine: dg.ResourceParam[Engine]
) -> dg.MaterializeResult:
    """Distinct members who mention, quote or repost an account, and over how many weeks."""
    audience, day = audience_and_day(context)
    folder = lake.audience(day, audience)
    events = engine.frame(
        "trust/word_of_mouth_events",
        {
            "interactions": lake.inputs(day) / "interactions.parquet",
            "posts": lake.inputs(day) / "posts.parquet",
            "accounts": lake.graph(day) / "accounts.parquet",
            "members": folder / "members.parquet",
        },
    )
    n_accounts = open_follower_graph(lake.graph(day)).n_accounts
    found = count_voices(
        n_accounts,
        read_audience(folder),
        events["actor"].to_numpy(),
        events["target"].to_numpy(),
        events["kind"].to_numpy(),
        events["week"].to_numpy(),
        events=events["events"].to_numpy(),
    )
    heard = np.flatnonzero(found.voices > 0)
    frame = pl.DataFrame(
        {
            "node": heard.astype(np.uint32),
            "voices": found.voices[heard],
            "voices_cleaned": found.voices_cleaned[heard],
            "weeks": found.weeks[heard],
            "events": found.events[heard],
        }
    )
    # Nobody talked about is a finding; no table of talk is not, and the two must not be mixed up.
    lake.write_json(folder / "word_of_mouth.json", {"measured": _has_talk(lake, day)})
    pairs = {"member": found.pair_member, "account": found.pair_account}
    lake.write_frame(folder / "word_of_mouth_pairs.parquet", pl.DataFrame(pairs))
    out = folder / "word_of_mouth.parquet"
    lake.write_frame(out, frame)
    top = frame.sort("voices_cleaned", "node", descending=[True, False]).head(10)
    return dg.MaterializeResult(
        metadata={
            **table_metadata(frame, out),
            "most talked about": dg.MetadataValue.md(markdown_table(with_handles(top, lake, day))),
        }
    )


def read_voices(folder: Path, n_accounts: int) -> WordOfMouth:
    """The word of mouth that the asset left in an audience's folder; 0 where nobody was heard."""
    frame = pl.read_parquet(folder / "word_of_mouth.parquet")
    pairs = pl.read_parquet(folder / "word_of_mouth_pairs.parquet")
    arrays = {}
    for name in ("voices", "voices_cleaned", "weeks", "events"):
        values = frame[name].to_numpy()
        arrays[name] = np.zeros(n_accounts, dtype=values.dtype)
        arrays[name][frame["node"].to_numpy()] = values
    return WordOfMouth(
        **arrays, pair_member=pairs["member"].to_numpy(), pair_account=pairs["account"].to_numpy()
    )


def _has_talk(lake: Lake, day: str) -> bool:
    kinds = pl.scan_parquet(lake.graph(day) / "interactions.parquet").select(pl.col("kind").unique())
    return not set(SPOKEN_KINDS).isdisjoint(kinds.collect()["kind"])
