"""Stage 3, trust: who talks with this audience and who only at it, per audience and day.

The audience's own account is measured like any other and stands in a table of its own as well.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path

import dagster as dg
import numpy as np
import polars as pl

from assets.audience import cleaned_audience
from assets.columns import floats
from assets.communities import communities
from assets.display import rows_table, table_metadata, with_handles
from assets.graph import accounts
from assets.inputs import input_tables
from assets.partitions import audience_and_day
from assets.ports import Engine, Lake, ReferenceTables
from assets.stages import TRUST_STAGE
from assets.trust import audience_affinity
from graph.text.near_duplicates import near_duplicate_groups
from graph.text.tone import Tone, compile_tone, message_tones, tone_by_account
from graph.trust.conversation import Answers, Conversation, Messages, Output, converse, covers_weeks

SMALL_GROUP = 3
"""A message to more accounts than this is no message to a small group."""
ANSWER_WINDOW = 7 * 86_400
"""Seconds after a message in which an act that may answer it is taken for its answer."""
MOST_ANSWERS = 50
"""Answers of one account that are compared with each other, the latest first: the more one writes, the more
of one's phrases come back, so that shares are only comparable over alike many."""
EXAMPLES = 5
COUNTS = (
    "output_posts",
    "replies_received",
    "replies_answered",
    "answers",
    "dyads",
    "returning_dyads",
    "speakers",
)
NEEDS_TEXT = (
    "answers", "distinct_answer_share", "tone", "tone_low", "tone_high", "tone_messages", "tone_coverage",
    "example_post_ids",
)  # fmt: skip
NEEDS_ANSWERS = (
    "conversation", "conversation_low", "conversation_high", "replies_received", "replies_answered",
    "answer_rate", "answer_rate_low", "answer_rate_high", "answer_delay_hours", "dyads", "returning_dyads",
    "shared_community_share", "speakers",
)  # fmt: skip


@TRUST_STAGE.asset(
    deps=[input_tables, accounts, cleaned_audience, audience_affinity, communities],
    kinds={"duckdb", "numpy"},
)
def conversation(
    context: dg.AssetExecutionContext,
    lake: dg.ResourceParam[Lake],
    engine: dg.ResourceParam[Engine],
    reference: dg.ResourceParam[ReferenceTables],
) -> dg.MaterializeResult:
    """Who answers the members and whom they come back to, who posts at everybody, and in what tone."""
    audience, day = audience_and_day(context)
    folder = lake.audience(day, audience)
    tables = _sources(lake, day, audience)
    basis = _basis(tables)
    nodes = pl.concat([pl.read_parquet(tables[name], columns=["node"]) for name in ("attended", "owners")])
    nodes = nodes.unique().sort("node")["node"].to_numpy()
    if basis == "none":
        frame, unknown = _nothing_known(nodes)
    else:
        frame, unknown = _measured(engine, tables, nodes, basis, reference)
    lake.write_json(folder / "conversation.json", {"basis": basis, "unknown": unknown})
    out = folder / "conversation.parquet"
    lake.write_frame(out, frame)
    owners = pl.read_parquet(tables["owners"])["node"]
    lake.write_frame(folder / "own_accounts.parquet", frame.filter(pl.col("node").is_in(owners.implode())))
    shown = frame.filter(pl.col("state") == "measured").sort(
        "conversation_low", "node", descending=[True, False]
    )
    return dg.MaterializeResult(
        metadata={
            **table_metadata(frame, out, preview_rows=0),
            "basis": basis,
            "cannot be known": ", ".join(unknown),
            "accounts measured": shown.height,
            "most in conversation": rows_table(with_handles(shown.head(10), lake, day)),
        }
    )


def _sources(lake: Lake, day: str, audience: str) -> dict[str, Path]:
    """The tables that the statements read, and that of the acts, which they write."""
    folder, inputs, network = lake.audience(day, audience), lake.inputs(day), lake.graph(day)
    tables = {name: inputs / f"{name}.parquet" for name in ("posts", "interactions", "brands")}
    tables |= {name: folder / f"{name}.parquet" for name in ("members", "owners", "community_homes")}
    tables |= {"accounts": network / "accounts.parquet", "attended": folder / "affinity.parquet"}
    return tables | {"acts": folder / "conversation_acts.parquet"}


def _basis(tables: Mapping[str, Path]) -> str:
    """`posts` where replies can be told from broadcast posts, `interactions` where only acts are known."""
    posts = pl.scan_parquet(tables["posts"]).select(pl.len(), pl.col("reply_to_post_id").count()).collect()
    n_posts, n_replies = posts.row(0)
    kinds = set(pl.scan_parquet(tables["interactions"]).select(pl.col("kind").unique()).collect()["kind"])
    if n_replies or (n_posts and "reply" in kinds):
        return "posts"
    return "interactions" if kinds & {"reply", "mention"} else "none"


def _measured(
    engine: Engine, tables: Mapping[str, Path], nodes: np.ndarray, basis: str, reference: ReferenceTables
) -> tuple[pl.DataFrame, list[str]]:
    """The published columns, one row per account by node, and the names of those that nobody can know."""

    def of(*names: str) -> dict[str, Path]:
        return {name: tables[name] for name in (*names, "members", "attended", "owners")}

    sources = of("posts", "interactions", "brands", "accounts")
    engine.to_parquet("trust/conversation_acts", tables["acts"], sources)
    sent = engine.frame("trust/conversation_output", of("acts"), {"small_group": SMALL_GROUP})
    said = engine.frame(
        "trust/conversation_messages",
        of("acts", "posts", "community_homes"),
        {"window_seconds": ANSWER_WINDOW, "mentions_answer": basis == "interactions"},
    )
    answered = engine.frame("trust/conversation_answers", of("acts", "posts"), {"most": MOST_ANSWERS})
    at, answering = floats(said["sent_at"]), _places(nodes, answered)
    found = converse(
        len(nodes),
        Output(
            account=_places(nodes, sent),
            at=floats(sent["sent_at"]),
            is_directed=sent["is_directed"].to_numpy(),
            words=sent["words"].to_numpy(),
            is_complete=basis == "posts",
        ),
        Messages(
            account=_places(nodes, said),
            member=said["member"].to_numpy(),
            at=at,
            is_answered=said["is_answered"].to_numpy(),
            answered_at=floats(said["answered_at"]),
            shares_community=floats(said["shares_community"]),
        ),
        Answers(account=answering, wording=near_duplicate_groups(answered["text"].to_list(), answering)),
    )
    exchange = pl.concat(
        [said.select("account", "text"), answered.filter("is_to_member").select("account", "text")]
    )
    exchange = exchange.drop_nulls("text")
    tones = message_tones(exchange["text"].to_list(), compile_tone(reference.tone_words()))
    unknown = {"directed_share", *NEEDS_TEXT} if basis == "interactions" else set()
    if np.isnan(at).all():
        unknown |= {"answer_delay_hours", "clockwork_share"}
        unknown |= set(NEEDS_ANSWERS) - {"replies_received", "speakers"} if basis == "interactions" else set()
    if not covers_weeks(at):
        unknown |= {"returning_dyads"}
    frame = _frame(
        nodes, found, tone_by_account(len(nodes), _places(nodes, exchange), tones), _examples(answered)
    )
    names = [name for name in frame.columns if name in unknown]
    if "conversation" in unknown:
        frame = frame.with_columns(pl.lit("not_enough_data").alias("state"))
    return frame.with_columns(pl.lit(None, frame.schema[name]).alias(name) for name in names), names


def _places(nodes: np.ndarray, frame: pl.DataFrame) -> np.ndarray:
    """Where the account of each row stands among the nodes."""
    return np.searchsorted(nodes, frame["account"].to_numpy())


def _examples(answered: pl.DataFrame) -> pl.DataFrame:
    """The latest few answers to members, per account."""
    latest = answered.filter("is_to_member").group_by("account", maintain_order=True)
    return latest.agg(pl.col("post_id").head(EXAMPLES).alias("example_post_ids")).rename({"account": "node"})


def _frame(nodes: np.ndarray, found: Conversation, tone: Tone, examples: pl.DataFrame) -> pl.DataFrame:
    columns = {name: values for name, values in asdict(found).items() if name != "is_measured"}
    state = pl.Series(found.is_measured).replace_strict(
        {True: "measured", False: "not_enough_data"}, return_dtype=pl.String
    )
    frame = pl.DataFrame({"node": nodes.astype(np.uint32), **columns, "state": state, **asdict(tone)})
    return frame.join(examples, on="node", how="left", maintain_order="left").with_columns(
        pl.col(pl.Float64).fill_nan(None)
    )


def _nothing_known(nodes: np.ndarray) -> tuple[pl.DataFrame, list[str]]:
    """Every column unknown, where nobody's words are among the data."""
    names = [
        field.name for kind in (Conversation, Tone) for field in fields(kind) if field.name != "is_measured"
    ]
    empty = pl.DataFrame({"node": nodes.astype(np.uint32)})
    frame = empty.with_columns(
        *(
            pl.lit(None, pl.Int64 if name in COUNTS or name == "tone_messages" else pl.Float64).alias(name)
            for name in names
        ),
        pl.lit("not_enough_data").alias("state"),
        pl.lit(None, pl.List(pl.String)).alias("example_post_ids"),
    )
    ordered = [
        "node",
        *names[: names.index("tone")],
        "state",
        *names[names.index("tone") :],
        "example_post_ids",
    ]
    return frame.select(ordered), [*names, "example_post_ids"]
