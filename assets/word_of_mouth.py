"""Stage 3, trust: who is talked about unasked, per audience and day."""

from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import numpy as np
import polars as pl

from assets.audience import cleaned_audience, read_audience
from assets.columns import floats
from assets.communities import communities
from assets.display import rows_table, table_metadata, with_handles
from assets.graph import accounts, follower_graph, interaction_graph
from assets.inputs import input_tables
from assets.partitions import audience_and_day
from assets.ports import Engine, Lake, ReferenceTables
from assets.stages import TRUST_STAGE
from graph.network.followers import open_follower_graph
from graph.trust.calls_to_share import compile_calls, which_ask
from graph.trust.word_of_mouth import SPOKEN_KINDS, UNKNOWN_TIME, TalkDetails, WordOfMouth, example_rows
from graph.trust.word_of_mouth import word_of_mouth as count_voices

MOST_MENTIONED = 5  # a post that names more accounts than this is a roll call and speaks of none of them
EXAMPLES = 3
_COUNTS = ("voices", "weeks", "events", "prompted_voices")


@TRUST_STAGE.asset(
    deps=[input_tables, accounts, follower_graph, interaction_graph, cleaned_audience, communities],
    kinds={"duckdb", "numpy"},
)
def word_of_mouth(
    context: dg.AssetExecutionContext,
    lake: dg.ResourceParam[Lake],
    engine: dg.ResourceParam[Engine],
    reference: dg.ResourceParam[ReferenceTables],
) -> dg.MaterializeResult:
    """Distinct members who mention, quote or repost an account unasked, over which groups and weeks."""
    audience, day = audience_and_day(context)
    folder, inputs = lake.audience(day, audience), lake.inputs(day)
    tables = {
        "interactions": inputs / "interactions.parquet",
        "posts": inputs / "posts.parquet",
        "accounts": lake.graph(day) / "accounts.parquet",
        "members": folder / "members.parquet",
        "calls_to_share": folder / "calls_to_share.parquet",
    }
    texts = engine.frame("trust/word_of_mouth_texts", tables_but(tables, "calls_to_share"))
    calls = texts.filter(asking(texts["text"], reference)).select("post_id")
    lake.write_frame(tables["calls_to_share"], calls)
    events = engine.frame("trust/word_of_mouth_events", tables, {"most_mentioned": MOST_MENTIONED})
    audience_now = read_audience(folder)
    found = count_voices(
        open_follower_graph(lake.graph(day)).n_accounts,
        audience_now,
        events["actor"].to_numpy(),
        events["target"].to_numpy(),
        events["kind"].to_numpy(),
        events["week"].to_numpy(),
        events=events["events"].to_numpy(),
        details=TalkDetails(
            is_prompted=events["is_prompted"].to_numpy(),
            first_at=times(events["first_at"]),
            last_at=times(events["last_at"]),
            community=_membership(folder, audience_now.members),
            occasion=events["occasion"].rank("dense").cast(pl.Int64).fill_null(-1).to_numpy(),
        ),
    )
    frame = _table(found, events)
    # Nobody talked about is a finding; no table of talk is not, and the two must not be mixed up. Nor is it a
    # finding that nobody called for the talk, where the posts have no text.
    n_events, n_read = int(events["events"].sum()), int(events["events_with_text"].sum())
    state = {
        "measured": _has_talk(lake, day),
        "calls_are_known": n_read > 0,
        "share_with_text": n_read / n_events if n_events else None,
        "weeks_with_talk": events.filter(pl.col("week") >= 0)["week"].n_unique(),
    }
    if not state["calls_are_known"]:
        frame = frame.with_columns(prompted_voices=pl.lit(None, pl.Int64))
    lake.write_json(folder / "word_of_mouth.json", state)
    pairs = {"member": found.pair_member, "account": found.pair_account}
    lake.write_frame(folder / "word_of_mouth_pairs.parquet", pl.DataFrame(pairs))
    out = folder / "word_of_mouth.parquet"
    lake.write_frame(out, frame)
    top = frame.drop("example_post_ids").sort("voices_cleaned", "node", descending=[True, False]).head(10)
    return dg.MaterializeResult(
        metadata={
            **table_metadata(frame, out, preview_rows=0),
            "posts that call for it": calls.height
            if state["calls_are_known"]
            else "unknown: posts have no text",
            "weeks with any talk": state["weeks_with_talk"],
            "most talked about": rows_table(with_handles(top, lake, day)),
        }
    )


def asking(texts: pl.Series, reference: ReferenceTables) -> pl.Series:
    """Whether each post asks to be shared; no text asks for nothing."""
    return pl.Series(which_ask(texts.to_list(), compile_calls(reference.calls_to_share())), dtype=pl.Boolean)


def tables_but(tables: dict[str, Path], *left_out: str) -> dict[str, Path]:
    """The tables that a statement may read before the others are written."""
    return {name: path for name, path in tables.items() if name not in left_out}


def times(column: pl.Series) -> np.ndarray:
    """Times as int64 microseconds, NULL as `UNKNOWN_TIME`."""
    return column.cast(pl.Datetime("us")).cast(pl.Int64).fill_null(UNKNOWN_TIME).to_numpy()


def moments(values: np.ndarray) -> pl.Series:
    """The way back from `times`."""
    known = pl.Series(values).replace(UNKNOWN_TIME, None)
    return known.cast(pl.Datetime("us"))


def read_voices(folder: Path, n_accounts: int) -> WordOfMouth:
    """The word of mouth that the asset left in an audience's folder; 0 where nobody was heard."""
    frame = pl.read_parquet(folder / "word_of_mouth.parquet")
    pairs = pl.read_parquet(folder / "word_of_mouth_pairs.parquet")
    node = frame["node"].to_numpy()

    def spread(values: np.ndarray, nowhere: float) -> np.ndarray:
        result = np.full(n_accounts, nowhere, dtype=values.dtype)
        result[node] = values
        return result

    is_grouped = bool(frame["communities"].count())
    return WordOfMouth(
        **{name: spread(frame[name].fill_null(0).to_numpy(), 0) for name in _COUNTS},
        voices_cleaned=spread(frame["voices_cleaned"].to_numpy(), 0),
        **{
            name: spread(floats(frame[name]), float("nan"))
            for name in ("effective_weeks", "effective_occasions")
        },
        communities=spread(frame["communities"].fill_null(0).to_numpy(), 0) if is_grouped else None,
        first_at=spread(times(frame["first_at"]), UNKNOWN_TIME),
        last_at=spread(times(frame["last_at"]), UNKNOWN_TIME),
        pair_member=pairs["member"].to_numpy(),
        pair_account=pairs["account"].to_numpy(),
    )


def _table(found: WordOfMouth, events: pl.DataFrame) -> pl.DataFrame:
    """One row per account that was brought up at all, the most talked about examples beside it."""
    heard = np.flatnonzero((found.voices > 0) | (found.prompted_voices > 0))
    groups = pl.Series([None] * heard.size, dtype=pl.Int64)
    if found.communities is not None:
        groups = pl.Series(found.communities[heard])
    effective = pl.Series(found.effective_weeks[heard])
    return pl.DataFrame(
        {
            "node": heard.astype(np.uint32),
            "voices": found.voices[heard],
            "voices_cleaned": found.voices_cleaned[heard],
            "weeks": found.weeks[heard],
            "effective_weeks": effective.fill_nan(None),
            "effective_occasions": pl.Series(found.effective_occasions[heard]).fill_nan(None),
            "events": found.events[heard],
            "communities": groups,
            "prompted_voices": found.prompted_voices[heard],
            "first_at": moments(found.first_at[heard]),
            "last_at": moments(found.last_at[heard]),
        }
    ).join(_examples(events), on="node", how="left", maintain_order="left")


def _examples(events: pl.DataFrame) -> pl.DataFrame:
    """A few posts per account that show the talk, own words before passed-on ones."""
    shown = events.filter(~pl.col("is_prompted") & pl.col("example_post_id").is_not_null())
    preference = shown["kind"].cast(pl.Enum(list(SPOKEN_KINDS))).to_physical().to_numpy()
    rows = example_rows(
        shown["target"].to_numpy(),
        shown["actor"].to_numpy(),
        preference,
        times(shown["first_at"]),
        most=EXAMPLES,
    )
    return (
        shown[rows.tolist()]
        .group_by("target", maintain_order=True)
        .agg(pl.col("example_post_id").unique(maintain_order=True).alias("example_post_ids"))
        .rename({"target": "node"})
    )


def _membership(folder: Path, members: Sequence[int] | np.ndarray) -> np.ndarray | None:
    """Community of each member in the order of the audience; None where nobody is in one."""
    frame = pl.read_parquet(folder / "community_members.parquet", columns=["node", "community"])
    if not (frame["community"] >= 0).any():
        return None
    homes = pl.DataFrame({"node": members}).join(frame, on="node", how="left", maintain_order="left")
    return homes["community"].fill_null(-1).to_numpy()


def _has_talk(lake: Lake, day: str) -> bool:
    kinds = pl.scan_parquet(lake.graph(day) / "interactions.parquet").select(pl.col("kind").unique())
    return not set(SPOKEN_KINDS).isdisjoint(kinds.collect()["kind"])
