"""The tables to be published without figures about groups of few members, and how many were withheld.

A group inside an audience goes whole, with its voices, its terms and whose group it is. Of the talk about a
brand the counts of few voices and whatever could be told from them become NULL, and the sentence says why.
How many rows that concerns stands in `quality.coverage`. Nobody at all is no small group: a count of 0 stays.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from pipelines.pseudonymous import files_of, read_source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from pipelines.lake import Lake

_GROUP = ("run_id", "audience", "community")
_VOICES = {
    "pushed_voices": ("pushed_events",),
    "member_voices": ("member_posts", "weeks", "communities"),
    "member_to_member_voices": ("member_to_member_events",),
}
"""Counts of members in the talk about a brand, to the figures that are theirs."""

_NUMBER = re.compile(r"(?<![\w,.])\d[\d,]*(?![\w.,]*\d)")


def without_small_groups(
    sources: Mapping[str, Path | Sequence[Path]],
    fewest: int,
    lake: Lake,
    folder: Path,
    *,
    network: str,
    day: str,
) -> dict[str, Path | Sequence[Path]]:
    """The tables with small groups withheld.

    Args:
        sources: Published table to its Parquet file or files.
        fewest: Members that a group needs to be shown.
        lake: Writes the files.
        folder: Where the changed tables go.
        network: Of the coverage.
        day: Of the coverage (ISO date).
    """
    made = dict(sources)
    withheld = {}
    tables = {
        table: read_source(sources, table)
        for table in (
            "communities", "community_voices", "audience_members", "partner_rankings", "brand_talk",
            "quality.coverage",
        )
        if files_of(sources, table)
    }  # fmt: skip
    if "communities" in tables:
        groups = tables["communities"]
        small = groups.filter(pl.col("members") < fewest).select(_GROUP)
        tables["communities"] = groups.join(small, on=_GROUP, how="anti", maintain_order="left")
        withheld["groups inside audiences"] = (small.height, groups.height)
        for table in ("audience_members", "partner_rankings"):
            if table in tables and {*_GROUP} <= {*tables[table].columns}:
                tables[table] = _without_group(tables[table], small)
        if "community_voices" in tables:
            voices = tables["community_voices"]
            shown = voices.join(small, on=_GROUP, how="anti", maintain_order="left").filter(
                ~pl.col("followers_in_community").is_between(1, fewest - 1).fill_null(value=False)
            )
            tables["community_voices"] = shown
            withheld["voices of groups"] = (voices.height - shown.height, voices.height)
    if "brand_talk" in tables:
        tables["brand_talk"], few = _talk(tables["brand_talk"], fewest)
        withheld["brands in the talk of members"] = (few, tables["brand_talk"].height)
    if "quality.coverage" in tables:
        told = _coverage(withheld, fewest, network, pl.Series([day]).str.to_date().item())
        tables["quality.coverage"] = pl.concat([tables["quality.coverage"], told], how="diagonal_relaxed")
    for table, frame in tables.items():
        made[table] = folder / f"withheld.{table}.parquet"
        lake.write_frame(folder / f"withheld.{table}.parquet", frame)
    return made


def _without_group(frame: pl.DataFrame, small: pl.DataFrame) -> pl.DataFrame:
    marked = small.with_columns(_is_small=True)
    joined = frame.join(marked, on=_GROUP, how="left", maintain_order="left")
    return joined.with_columns(community=pl.when(pl.col("_is_small").is_null()).then("community")).drop(
        "_is_small"
    )


def _talk(talk: pl.DataFrame, fewest: int) -> tuple[pl.DataFrame, int]:
    """The talk about brands without figures about few voices, and how many rows had some."""
    is_few = {
        voices: pl.col(voices).is_between(1, fewest - 1).fill_null(value=False)
        for voices in _VOICES
        if voices in talk.columns
    }
    tells_few = pl.Series(
        [
            any(0 < number < fewest for number in _numbers(sentence, brand))
            for sentence, brand in talk.select("sentence", "brand").iter_rows()
        ],
        dtype=pl.Boolean,
    )
    any_few = pl.any_horizontal(*is_few.values(), tells_few)
    cleared = {
        column: pl.when(~few).then(column)
        for voices, few in is_few.items()
        for column in (voices, *_VOICES[voices])
        if column in talk.columns
    }
    if "member_talk_share" in talk.columns:
        cleared["member_talk_share"] = pl.when(~pl.any_horizontal(*is_few.values())).then("member_talk_share")
    kept = pl.format("{} members speak of {} in their own words.", "member_voices", "brand")
    other = pl.format("Not all of the talk about {} is shown.", "brand")
    why = pl.format(
        "{} What rests on fewer than {} members is withheld.",
        pl.when(pl.col("member_voices") >= fewest).then(kept).otherwise(other),
        pl.lit(fewest),
    )
    changed = talk.with_columns(sentence=pl.when(any_few).then(why).otherwise("sentence"), **cleared)
    return changed, talk.select(any_few.sum()).item()


def _numbers(sentence: str | None, brand: str | None) -> list[int]:
    """The counts that a sentence tells, the digits of the brand's name aside."""
    rest = (sentence or "").replace(brand or "\0", " ")
    return [int(found.replace(",", "")) for found in _NUMBER.findall(rest)]


def _coverage(withheld: Mapping[str, tuple[int, int]], fewest: int, network: str, day: date) -> pl.DataFrame:
    """A row of the coverage for every kind of group of which some were withheld."""
    rows = [
        {
            "network": network,
            "as_of": day,
            "subject": "withheld",
            "measure": f"{what.replace(' ', '_')}_share",
            "value": few / n,
            "n": n,
            "sentence": f"{few:,} of {n:,} {what} withheld, or without some figures, because fewer than "
            f"{fewest} members stand behind them.",
        }
        for what, (few, n) in withheld.items()
        if few
    ]
    kinds = {
        "network": pl.String, "as_of": pl.Date, "subject": pl.String, "measure": pl.String,
        "value": pl.Float64, "n": pl.Int64, "sentence": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=kinds)
