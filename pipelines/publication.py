"""What is published: which files of the lake feed which table of the published file.

The newest run decides the network; of that network every audience shows its newest day. Small tables are put
together here by `sql/publication/`; building and swapping the file is `pipelines.publish`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from graph.network.delivered_follows import open_delivered_follows
from graph.network.follower_days import follower_days
from graph.network.followers import open_follower_graph
from graph.network.touched_follows import Kind, Role, touched_follows
from pipelines.engine import Engine
from pipelines.ingest.numbered import IDS_FILE
from pipelines.lake import audiences_of_day
from pipelines.privacy import kept_privacy, pseudonyms
from pipelines.pseudonymous import pseudonymous
from pipelines.publish import PublishReport, publish
from pipelines.publish.errors import PublishSourceError
from pipelines.small_groups import without_small_groups
from pipelines.writing import folder_aside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pipelines.home import Home
    from pipelines.lake import Lake

AUDIENCE_TABLES = {
    "evidence": "evidence",
    "portfolio": "portfolio",
    "audience_overlap": "overlap",
    "communities": "communities",
    "community_voices": "community_voices",
}
"""Published table to the file of a run's folder that holds its rows."""

LATER_TABLES = ("own_accounts", "advocates", "brand_talk", "momentum")
"""Tables of the same name in a run's folder; runs of an earlier Vouch have none, which leaves them empty."""


EXAMPLES = {
    "evidence": "example_ids",
    "advocates": "example_post_ids",
    "own_accounts": "example_post_ids",
}
"""File of a run's folder to its column with the ids of examples."""

NEEDED_INPUTS = (IDS_FILE, *(f"{name}.parquet" for name in ("balance", "posts", "rejects", "snapshots")))
NEEDED_OF_THE_GRAPH = tuple(
    f"{name}.parquet" for name in ("accounts", "follower_counts", "interactions", "profiles")
)
NEEDED_SIGNALS = tuple(
    f"{name}.parquet" for name in ("signals_by_node", "signal_groups", "signal_group_members")
)

FEWEST_TIMED = 20
"""Followers whose time must be known before their arrivals are drawn as a line."""

MOST_FOLLOWS = 10_000_000
"""Follows that are published, about. Where more touch a member or a candidate, those of candidates come
first, then those between members; of the kind that does not fit those of some accounts stay, and
`quality.coverage` says how many of each kind that are."""

POINTS_OF_A_LINE = 60
"""Days of an account's follower history that are published, at most about so many."""


@dataclass(frozen=True)
class Newest:
    """What the published file is about.

    Attributes:
        network: The network of the newest run.
        day: Its newest snapshot day (ISO date).
        audiences: Folder of the newest run of each audience that the newest data still name.
        runs: Folders of every kept run of the network.
    """

    network: str
    day: str
    audiences: dict[str, Path]
    runs: list[Path]


def publish_home(home: Home, lake: Lake, checks: pl.DataFrame) -> PublishReport:
    """Publish what the lake of a home holds.

    Args:
        home: Where the file goes.
        lake: What it is made from.
        checks: Rows of `quality.checks`.

    Raises:
        PublishError: See `pipelines.publish.publish`.
        VouchError: See `newest_results`.
    """
    newest = newest_results(lake)
    _refuse_missing_tables(lake, newest.day)
    with folder_aside(home.scratch, "publication") as prepared:
        lake.write_frame(prepared / "checks.parquet", checks)
        sources = _sources(lake, newest, prepared, Engine(home.scratch))
        return publish(home, _for_readers(home, lake, newest, prepared, sources))


def _for_readers(
    home: Home, lake: Lake, newest: Newest, prepared: Path, sources: dict[str, Path | list[Path]]
) -> Mapping[str, Path | Sequence[Path]]:
    """The tables with as much of single members as the settings of the home allow."""
    privacy = kept_privacy(home)
    shown: Mapping[str, Path | Sequence[Path]] = sources
    if privacy.fewest_members > 1:
        shown = without_small_groups(
            shown, privacy.fewest_members, lake, prepared, network=newest.network, day=newest.day
        )
    if privacy.pseudonymous_members:
        named = set()
        for table in ("brands", "audience_owners"):
            path = lake.inputs(newest.day) / f"{table}.parquet"
            if path.is_file():
                named.update(pl.read_parquet(path, columns=["account_id"])["account_id"].drop_nulls())
        shown = pseudonymous(shown, named, pseudonyms(home), lake, prepared)
    return shown


def newest_results(lake: Lake) -> Newest:
    """Which network, day and audiences the published file shows.

    Raises:
        PublishSourceError: Where no run was kept yet, or the inputs of the newest day are gone.
        VouchError: Where the members of that day are.
    """
    folders = lake.runs()
    if not folders:
        raise PublishSourceError(
            "There is nothing to publish: no audience has been ranked yet.",
            remedy="Run the pipeline: vouch run --data DIR.",
        )
    rows: list[dict[str, Any]] = [
        pl.read_parquet(folder / "run.parquet").row(0, named=True) | {"folder": folder} for folder in folders
    ]
    network = max(rows, key=lambda row: (row["finished_at"], row["run_id"]))["network"]
    mine = [row for row in rows if row["network"] == network]
    day = max(row["as_of"] for row in mine).isoformat()
    if not lake.has_inputs(day):
        raise PublishSourceError(
            f"The tables of {day}, the newest day, are not in the lake any more.",
            remedy=f"Run that day again: vouch run --data DIR --as-of {day}.",
        )
    named = set(audiences_of_day(lake, day))
    newest: dict[str, dict[str, Any]] = {}
    for row in sorted(mine, key=_age):
        if row["audience"] in named:
            newest[row["audience"]] = row
    audiences = {audience: row["folder"] for audience, row in newest.items()}
    return Newest(network, day, audiences, [row["folder"] for row in mine])


def _refuse_missing_tables(lake: Lake, day: str) -> None:
    """Stop where the newest day lacks what is published of a day, as one of an earlier Vouch may."""
    needed = [
        folder / name
        for folder, names in (
            (lake.inputs(day), NEEDED_INPUTS),
            (lake.graph(day), NEEDED_OF_THE_GRAPH),
            (lake.shill(day), NEEDED_SIGNALS),
        )
        for name in names
    ]
    missing = [str(path) for path in needed if not path.is_file()]
    if missing:
        raise PublishSourceError(
            f"The lake lacks tables of {day}, the newest day; they may have been made by an earlier Vouch.",
            details=missing,
            remedy=f"Run that day again: vouch run --data DIR --as-of {day}. Others are published with it.",
        )


def _age(row: dict[str, Any]) -> tuple[Any, ...]:
    """Order of runs of an audience, the newest last, as the view latest_runs has it."""
    return row["as_of"], row["finished_at"], row["run_id"]


def _sources(lake: Lake, newest: Newest, prepared: Path, engine: Engine) -> dict[str, Path | list[Path]]:
    """Published table to the Parquet files that feed it."""
    day, inputs, shill = newest.day, lake.inputs(newest.day), lake.shill(newest.day)
    lake.write_frame(prepared / "runs.parquet", _runs(newest))
    sources: dict[str, Path | list[Path]] = {
        "runs": prepared / "runs.parquet",
        "partner_rankings": [folder / "ranking.parquet" for folder in newest.runs],
        "rank_changes": [
            file for folder in newest.runs if (file := folder / "rank_changes.parquet").is_file()
        ],
        "signal_groups": prepared / "signal_groups.parquet",
        "signal_group_members": shill / "signal_group_members.parquet",
        "quality.checks": prepared / "checks.parquet",
    }
    groups = {"signal_groups": shill / "signal_groups.parquet"}
    engine.to_parquet("publication/signal_groups", prepared / "signal_groups.parquet", groups)
    for table in ("reviews", "calibration", "impersonation"):  # a day of an earlier Vouch has none
        sources[table] = [file for file in (shill / f"{table}.parquet",) if file.is_file()]
    folders = [folder for _, folder in sorted(newest.audiences.items())]
    for table, file in AUDIENCE_TABLES.items():
        sources[table] = [folder / f"{file}.parquet" for folder in folders]
    for table in LATER_TABLES:
        files = (folder / f"{table}.parquet" for folder in folders)
        sources[table] = [file for file in files if file.is_file()]
    sources["audience_members"] = prepared / "audience_members.parquet"
    lake.write_frame(prepared / "audience_members.parquet", _audience_members(newest))
    sources |= _graph_tables(lake, newest, folders, prepared, engine)
    about_day = {"network": newest.network, "day": day}
    for table in ("rejects", "balance"):
        sources[f"quality.{table}"] = prepared / f"{table}.parquet"
        engine.to_parquet(
            f"publication/{table}",
            prepared / f"{table}.parquet",
            {table: inputs / f"{table}.parquet"},
            about_day,
        )
    sources["quality.coverage"] = prepared / "coverage.parquet"
    engine.to_parquet(
        "publication/coverage",
        prepared / "coverage.parquet",
        {
            "accounts": lake.graph(day) / "accounts.parquet",
            "follower_counts": lake.graph(day) / "follower_counts.parquet",
            "profiles": lake.graph(day) / "profiles.parquet",
            "signals": shill / "signals_by_node.parquet",
            "balance": inputs / "balance.parquet",
            "shown_follows": prepared / "shown_follows.parquet",
            "lockstep_search": _lockstep_search(lake, day, prepared),
        },
        about_day,
    )
    sources["brand_history"] = _of_touched(lake, newest, prepared, engine, "brand_history", "brand_ties")
    sources["account_signals"] = prepared / "account_signals.parquet"
    engine.to_parquet(
        "publication/account_signals",
        prepared / "account_signals.parquet",
        {
            "signals": shill / "signals_by_node.parquet",
            "accounts": lake.graph(day) / "accounts.parquet",
            "touched": prepared / "touched.parquet",
        },
    )
    sources["bios"] = prepared / "bios.parquet"
    engine.to_parquet(
        "publication/bios",
        prepared / "bios.parquet",
        {"accounts": lake.graph(day) / "accounts.parquet", "touched": prepared / "touched.parquet"},
    )
    sources["growth"] = _of_touched(lake, newest, prepared, engine, "growth", "growth")
    sources |= _example_posts(lake, newest.day, folders, prepared, engine)
    sources |= _follower_history(lake, newest.day, prepared, engine)
    return sources | _follower_types(lake, newest.day, prepared, engine)


def _lockstep_search(lake: Lake, day: str, prepared: Path) -> Path:
    """What the search for lockstep could not promise; a day of an earlier Vouch did not keep it."""
    kept = lake.shill(day) / "lockstep_search.parquet"
    if kept.is_file():
        return kept
    nothing = prepared / "lockstep_search.parquet"
    schema = dict.fromkeys(("starts", "accounts", "surely_met_from"), pl.Int64)
    lake.write_frame(nothing, pl.DataFrame(schema=schema | {"is_compared": pl.Boolean}))
    return nothing


def _example_posts(
    lake: Lake, day: str, folders: list[Path], prepared: Path, engine: Engine
) -> dict[str, Path | list[Path]]:
    """The text of every post that a result gives as an example; most ids of examples are of accounts."""
    named = [
        pl.read_parquet(folder / f"{table}.parquet", columns=[column]).to_series().explode()
        for folder in folders
        for table, column in EXAMPLES.items()
        if (folder / f"{table}.parquet").is_file()
    ]
    ids = pl.concat([*named, pl.Series([], dtype=pl.String)]).drop_nulls().unique().sort().alias("post_id")
    lake.write_frame(prepared / "named.parquet", ids.to_frame())
    out = prepared / "example_posts.parquet"
    tables = {
        "posts": lake.inputs(day) / "posts.parquet",
        "accounts": lake.graph(day) / "accounts.parquet",
        "named": prepared / "named.parquet",
    }
    engine.to_parquet("publication/example_posts", out, tables)
    return {"example_posts": out}


def _follower_history(lake: Lake, day: str, prepared: Path, engine: Engine) -> dict[str, Path | list[Path]]:
    """Followers of each candidate over time: as counted on its profile, else by the times of its follows."""
    inputs, accounts = lake.inputs(day), lake.graph(day) / "accounts.parquet"
    touched = pl.read_parquet(prepared / "touched.parquet").filter("is_candidate")
    index = pl.read_parquet(accounts, columns=["node", "account_id"])
    candidates = index.join(touched, on="node", how="semi")
    ids = pl.read_parquet(inputs / IDS_FILE, columns=["account_id"])["account_id"]
    is_candidate = ids.is_in(candidates["account_id"].to_list()).to_numpy()
    found = follower_days(open_delivered_follows(inputs), is_candidate)
    # Where most times are missing, the rest would draw a line that nobody saw.
    is_told = (found.timed >= FEWEST_TIMED) & (2 * found.timed >= found.listed)
    kept = is_told[found.account]
    days = pl.DataFrame(
        {
            "account_id": ids.gather(found.account[kept]),
            "day": pl.Series(found.day[kept]).cast(pl.Int32).cast(pl.Date),
            "change": found.change[kept],
        }
    )
    lake.write_frame(prepared / "follow_days.parquet", days)
    out = prepared / "follower_history.parquet"
    tables = {
        "snapshots": inputs / "snapshots.parquet",
        "follow_days": prepared / "follow_days.parquet",
        "accounts": accounts,
        "touched": prepared / "touched.parquet",
    }
    engine.to_parquet("publication/follower_history", out, tables, {"points": POINTS_OF_A_LINE})
    return {"follower_history": out}


def _follower_types(lake: Lake, day: str, prepared: Path, engine: Engine) -> dict[str, Path | list[Path]]:
    """What followers look like; a day of an earlier Vouch did not keep it."""
    types = lake.shill(day) / "follower_type_shares.parquet"
    if not types.is_file():
        return {"follower_types": []}
    out = prepared / "follower_types.parquet"
    tables = {
        "types": types,
        "accounts": lake.graph(day) / "accounts.parquet",
        "touched": prepared / "touched.parquet",
    }
    engine.to_parquet("publication/follower_types", out, tables)
    return {"follower_types": out}


def _of_touched(
    lake: Lake, newest: Newest, prepared: Path, engine: Engine, name: str, table: str
) -> list[Path]:
    """A published table from one of the shill stage; a day that an earlier Vouch looked at has none."""
    source = lake.shill(newest.day) / f"{table}.parquet"
    if not source.is_file():
        return []
    out = prepared / f"{name}.parquet"
    accounts = lake.graph(newest.day) / "accounts.parquet"
    tables = {table: source, "accounts": accounts, "touched": prepared / "touched.parquet"}
    engine.to_parquet(f"publication/{name}", out, tables)
    return [out]


def _graph_tables(
    lake: Lake, newest: Newest, folders: list[Path], prepared: Path, engine: Engine
) -> dict[str, Path | list[Path]]:
    """The part of the graph that audiences and candidates touch: every follow with one of them at an end."""
    network = lake.graph(newest.day)
    graph = open_follower_graph(network)
    roles = {"is_in_audience": "members", "is_candidate": "ranking"}
    index = pl.read_parquet(network / "accounts.parquet", columns=["node", "account_id"])
    at_hand = [_nodes_of(folder / f"{file}.parquet", index) for file in roles.values() for folder in folders]
    middle = len(folders)
    role = np.zeros(graph.n_accounts, dtype=np.uint8)
    for given, nodes_of_each in ((Role.MEMBER, at_hand[:middle]), (Role.CANDIDATE, at_hand[middle:])):
        for nodes in nodes_of_each:
            role[nodes] = given
    found = touched_follows(graph, role, MOST_FOLLOWS)
    follows = pl.DataFrame({"follower": found.follower, "followee": found.followee})
    lake.write_frame(prepared / "follows.parquet", follows)
    lake.write_frame(
        prepared / "shown_follows.parquet",
        pl.DataFrame(
            {"kind": [kind.name.lower() for kind in Kind], "shown": found.shown, "there": found.there}
        ),
    )
    touched = role > 0
    touched[found.follower] = True
    touched[found.followee] = True
    flags = {
        name: np.isin(np.flatnonzero(touched), np.concatenate(part)) if part else False
        for name, part in zip(roles, (at_hand[:middle], at_hand[middle:]), strict=True)
    }
    lake.write_frame(
        prepared / "touched.parquet",
        pl.DataFrame({"node": np.flatnonzero(touched).astype(np.uint32), **flags}),
    )
    tables = {
        "touched": prepared / "touched.parquet",
        "follows": prepared / "follows.parquet",
        "accounts": network / "accounts.parquet",
        "follower_counts": network / "follower_counts.parquet",
        "profiles": network / "profiles.parquet",
        "interactions": network / "interactions.parquet",
    }
    for name, statement, needs in (
        ("accounts", "publication/graph_accounts", ("touched", "accounts", "follower_counts", "profiles")),
        ("adjacency", "published/adjacency", ("follows",)),
        ("interactions", "publication/graph_interactions", ("touched", "interactions")),
    ):
        out = prepared / f"graph_{name}.parquet"
        engine.to_parquet(statement, out, {need: tables[need] for need in needs})
    return {
        f"graph.{name}": prepared / f"graph_{name}.parquet"
        for name in ("accounts", "adjacency", "interactions")
    }


def _nodes_of(path: Path, index: pl.DataFrame) -> np.ndarray:
    """Nodes, as numbered now, of the accounts that a run's file names; those gone since are left out."""
    ids = pl.read_parquet(path, columns=["account_id"])
    return ids.join(index, on="account_id")["node"].to_numpy()


def _audience_members(newest: Newest) -> pl.DataFrame:
    """The members of each audience as its newest run kept them; an earlier Vouch kept their ids alone."""
    members = [
        pl.read_parquet(folder / "members.parquet").with_columns(
            pl.lit(pl.read_parquet(folder / "run.parquet", columns=["run_id"]).item(0, 0)).alias("run_id"),
            pl.lit(audience).alias("audience"),
        )
        for audience, folder in sorted(newest.audiences.items())
    ]
    return pl.concat(members, how="diagonal_relaxed")


def _runs(newest: Newest) -> pl.DataFrame:
    """Every kept run, with whether the newest data still name its audience; NULL what it did not keep."""
    runs = pl.concat(
        [pl.read_parquet(folder / "run.parquet") for folder in newest.runs], how="diagonal_relaxed"
    )
    return runs.with_columns(is_current=pl.col("audience").is_in(list(newest.audiences)))
