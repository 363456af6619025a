"""Stage 5, partners: who speaks of the audience's brands of their own accord, and whose talk it is.

After the ranking, because candidates are marked as such. The audience's own brands come first, then their
rivals; an audience without a brand shows the brands that it talks about.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import numpy as np
import polars as pl

from assets.audience import cleaned_audience
from assets.communities import communities
from assets.display import rows_table, table_metadata
from assets.graph import accounts
from assets.inputs import input_tables
from assets.partitions import audience_and_day, run_id_of
from assets.partners import partner_ranking
from assets.ports import Engine, Lake, ReferenceTables
from assets.shill.brands import brand_history
from assets.shill.sponsorship import sponsorship
from assets.stages import PARTNERS_STAGE
from assets.word_of_mouth import EXAMPLES, MOST_MENTIONED, asking, moments, times
from graph.text.tone import CLEARLY_NEGATIVE, compile_tone, message_tones
from graph.trust.advocates import BrandMentions, category_mentions, find_advocates

MOST_ADVOCATES = 100  # per brand or category; how many there are in all is said with the result
MOST_BRANDS = 20  # rivals beyond these are told as a count alone, with the result
ADVOCATE_COLUMNS = (
    "run_id", "audience", "account_id", "handle", "brand", "is_member", "is_candidate", "first_at", "last_at",
    "posts", "weeks", "first_paid_at", "is_before_paid", "example_post_ids",
)  # fmt: skip
BRAND_TALK_COLUMNS = (
    "run_id", "audience", "brand", "brand_posts", "pushed_events", "pushed_voices", "member_posts",
    "member_voices", "member_to_member_events", "member_to_member_voices", "member_talk_share", "weeks",
    "communities", "sentence",
)  # fmt: skip


@PARTNERS_STAGE.asset(
    deps=[input_tables, accounts, brand_history, sponsorship, cleaned_audience, communities, partner_ranking],
    kinds={"duckdb", "numpy"},
)
def audience_talk(
    context: dg.AssetExecutionContext,
    lake: dg.ResourceParam[Lake],
    engine: dg.ResourceParam[Engine],
    reference: dg.ResourceParam[ReferenceTables],
) -> dg.MaterializeResult:
    """Advocates with dates, and per brand the talk among members apart from what the brand pushes."""
    audience, day = audience_and_day(context)
    folder, inputs, network, shill = (
        lake.audience(day, audience), lake.inputs(day), lake.graph(day), lake.shill(day),
    )  # fmt: skip
    tables = {
        "posts": inputs / "posts.parquet",
        "interactions": inputs / "interactions.parquet",
        "accounts": network / "accounts.parquet",
        "members": folder / "members.parquet",
        "brands_of_audience": folder / "brands_of_audience.parquet",
    }
    brands = pl.read_parquet(tables["brands_of_audience"])
    posts = engine.frame(
        "trust/brand_talk_posts",
        tables
        | {
            "brand_mentions": shill / "brand_mentions.parquet",
            "post_classes": shill / "post_classes.parquet",
            "candidates": folder / "ranked_candidates.parquet",
        },
        {"most_mentioned": MOST_MENTIONED},
    )
    is_prompted = asking(posts["text"], reference) | asking(posts["answered_text"], reference)
    tones = message_tones(posts["text"].fill_null("").to_list(), compile_tone(reference.tone_words()))
    posts = posts.drop("text", "answered_text").with_columns(
        is_prompted=is_prompted, is_negative=pl.Series(tones <= CLEARLY_NEGATIVE, dtype=pl.Boolean)
    )
    lake.write_frame(folder / "brand_posts.parquet", posts)
    keys = {"run_id": run_id_of(context), "audience": audience}
    talk = engine.frame(
        "trust/brand_talk",
        tables
        | {
            "brand_posts": folder / "brand_posts.parquet",
            "community_members": folder / "community_members.parquet",
        },
        keys,
    )
    shown = talk.filter((pl.col("relation") == "own") | (pl.int_range(pl.len()) < MOST_BRANDS))
    shown = shown.with_columns(
        sentence=pl.Series([talk_sentence(row) for row in shown.iter_rows(named=True)], dtype=pl.String)
    )
    advocates, found_by_brand = _advocates(posts, brands)
    advocates = _named(advocates, tables, folder / "ranked_candidates.parquet", keys)
    lake.write_frame(folder / "advocates.parquet", advocates)
    out = folder / "brand_talk.parquet"
    lake.write_frame(out, shown.select(BRAND_TALK_COLUMNS))
    first = advocates.select("handle", "brand", "weeks", "posts", "first_at", "is_before_paid").head(15)
    return dg.MaterializeResult(
        metadata={
            **table_metadata(shown.select(BRAND_TALK_COLUMNS), out, preview_rows=0),
            "in short": rows_table(shown.select("brand", "sentence")),
            "advocates": rows_table(first),
            "advocates found": dg.MetadataValue.json(found_by_brand),
            "advocates listed": advocates.height,
            "brands left out": talk.height - shown.height,
        }
    )


def talk_sentence(row: Mapping[str, Any]) -> str:
    """One row of brand talk in plain words; what is not known is said to be so."""
    brand, own, pushed_only = row["brand"], row["member_voices"], row["pushed_only_voices"]
    if own == 0 and row["pushed_voices"] == 0:
        text = f"No member was seen speaking of {brand}, or passing on or answering what its account posted"
    elif own is None:
        text = f"Whether members speak of {brand} in their own words is not known"
    elif own and not row["posts_read"]:
        who = _who(own, "No member", "member mentions", "members mention")
        text = f"{who} {brand}, in words not in the data"
    else:
        text = f"{_who(own, 'No member', 'member speaks', 'members speak')} of {brand} in their own words"
    if row["pushed_voices"] is None:
        text += "; who passes on what its account posts is not known"
    elif own or row["pushed_voices"]:
        verbs = ("only passes on or answers", "only pass on or answer")
        text += f", {_who(pushed_only, 'nobody', *verbs)} what its account posted"
    if own and row["member_to_member_voices"] is not None:
        verbs = ("talks about it with another", "talk about it with each other")
        text += f"; {_who(row['member_to_member_voices'], 'nobody', *verbs)}"
    if row["paid_posts"]:
        verbs = ("more post by members is", "more posts by members are")
        text += f". {_who(row['paid_posts'], 'No', *verbs)} or may be paid"
    return text + "."


def _who(count: int, nobody: str, one: str, many: str) -> str:
    """A count with the words that go with it; for nobody the verb is the one of a single person."""
    if count == 0:
        return f"{nobody} {one.removeprefix('member ')}"
    return f"1 {one}" if count == 1 else f"{count:,} {many}"


def _advocates(posts: pl.DataFrame, brands: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """Advocates of the brands and of their categories, and how many there are of each before the cap.

    Brands and categories share a column, so a category that bears the name of a brand ("Coffee") is left to
    the brand: two rows of one account under one name could not be told apart.
    """
    names = brands["brand"].unique(maintain_order=True)
    homes = brands.unique("brand", keep="first", maintain_order=True)["category"]
    is_a_brand = _as_read(homes).is_in(_as_read(names).implode())
    categories = homes.filter(~is_a_brand).drop_nulls().unique(maintain_order=True)
    post_ids = posts["post_id"].unique().sort()
    mentions = BrandMentions(
        author=posts["author"].cast(pl.Int64).to_numpy(),
        about=_places(posts["brand"], names),
        post=post_ids.search_sorted(posts["post_id"]).cast(pl.Int64).to_numpy(),
        at=times(posts["posted_at"]),
        week=posts["week"].to_numpy(),
        is_own_accord=(
            posts["is_unpaid"] & ~posts["is_prompted"] & ~posts["is_answer"] & ~posts["is_negative"]
        ).to_numpy(),
        is_paid=posts["is_paid"].to_numpy(),
    )
    kinds = [
        _advocate_rows(mentions, names, post_ids),
        _advocate_rows(category_mentions(mentions, _places(homes, categories)), categories, post_ids),
    ]
    found = [kind.group_by("brand", maintain_order=True).len() for kind in kinds]
    capped = [kind.filter(pl.int_range(pl.len()).over("brand") < MOST_ADVOCATES) for kind in kinds]
    return pl.concat(capped), dict(pl.concat(found).iter_rows())


def _as_read(names: pl.Series) -> pl.Series:
    """Names as people tell them apart: case and the blanks around them say nothing."""
    return names.str.strip_chars().str.to_lowercase()


def _advocate_rows(mentions: BrandMentions, names: pl.Series, post_ids: pl.Series) -> pl.DataFrame:
    """The table of advocates, keyed by node."""
    found = find_advocates(mentions, examples=EXAMPLES)
    shown = found.example_rows >= 0
    examples = pl.DataFrame(
        {
            "row": np.nonzero(shown)[0],
            "example_post_ids": post_ids.gather(mentions.post[found.example_rows[shown]]),
        }
    )
    by_row = examples.group_by("row", maintain_order=True).all()
    return (
        pl.DataFrame(
            {
                "row": np.arange(found.author.size),
                "node": found.author.astype(np.uint32),
                "brand": names.gather(found.about),
                "first_at": moments(found.first_at),
                "last_at": moments(found.last_at),
                "posts": found.posts.astype(np.int64),
                "weeks": found.weeks.astype(np.int64),
                "first_paid_at": moments(found.first_paid_at),
                "is_before_paid": found.is_before_paid,
            }
        )
        .join(by_row, on="row", maintain_order="left", how="left")
        .drop("row")
    )


def _named(
    advocates: pl.DataFrame, tables: Mapping[str, Path], candidates: Path, keys: Mapping[str, str]
) -> pl.DataFrame:
    """The columns that the published file shows, the order kept."""
    names = pl.read_parquet(tables["accounts"], columns=["node", "account_id", "handle"])
    belongs = [
        pl.col("node").is_in(pl.read_parquet(path, columns=["node"])["node"].implode()).alias(name)
        for name, path in (("is_member", tables["members"]), ("is_candidate", candidates))
    ]
    given = [pl.lit(value).alias(name) for name, value in keys.items()]
    return (
        advocates.join(names, on="node", how="left", maintain_order="left")
        .with_columns(*given, *belongs)
        .select(ADVOCATE_COLUMNS)
    )


def _places(values: pl.Series, among: pl.Series) -> np.ndarray:
    """The place of each value in a list of distinct ones, int64; -1 for NULL."""
    order = pl.DataFrame({"value": among, "place": np.arange(len(among), dtype=np.int64)})
    found = pl.DataFrame({"value": values}).join(order, on="value", how="left", maintain_order="left")
    return found["place"].fill_null(-1).to_numpy()
