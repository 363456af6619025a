"""Audiences that are derived instead of listed, the accounts that own them, and every audience's size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graph.trust.baselines import AUDIENCE, Baseline, BaselineError, find_baseline
from pipelines.engine import sql_text
from pipelines.ingest.contract import TABLE_BY_NAME
from pipelines.ingest.errors import Fault
from pipelines.ingest.report import AudienceReport
from pipelines.ingest.staging import derived_columns
from pipelines.ingest.worth_knowing import NAME_OWNERS, members_named_otherwise, owners_that_no_table_knows
from pipelines.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import duckdb

    from pipelines.ingest.mapping import DerivedAudience
    from pipelines.ingest.worth_knowing import OtherNames


@dataclass(frozen=True)
class Owners:
    """The owners of derived audiences.

    Attributes:
        rows: (audience, account id, followers_of or engaged_with).
        unknown: (audience, owner as written) that no table knows.
    """

    rows: tuple[tuple[str, str, str], ...]
    unknown: tuple[tuple[str, str], ...]


def resolve_owners(connection: duckdb.DuckDBPyConnection, audiences: Sequence[DerivedAudience]) -> Owners:
    """Find the owners by id or @handle, and keep them as the table `owners`.

    Args:
        connection: With `known_accounts` and `accounts`.
        audiences: The derived audiences of the mapping.
    """
    written = [
        (audience.name, owner, relation)
        for audience in audiences
        for relation, owners in (
            ("followers_of", audience.followers_of),
            ("engaged_with", audience.engaged_with),
        )
        for owner in owners
    ]
    found = _find(connection, [owner for _, owner, _ in written])
    rows = tuple(
        (name, account, relation) for name, owner, relation in written for account in found.get(owner, ())
    )
    unknown = tuple((name, owner) for name, owner, _ in written if owner not in found)
    connection.execute("CREATE TABLE owners (audience VARCHAR, account_id VARCHAR, relation VARCHAR)")
    for row in rows:
        connection.execute("INSERT INTO owners VALUES ($1, $2, $3)", list(row))
    return Owners(rows, unknown)


def _find(connection: duckdb.DuckDBPyConnection, written: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Owner as written to account ids; an id wins over a handle, a shared handle means all who bear it."""
    if not written:
        return {}
    handles = {owner: owner.removeprefix("@").lower() for owner in written}
    parameters = {"ids": list(written), "handles": list(handles.values())}
    accounts = connection.execute(sql_text("ingest/handles"), parameters).fetchall()
    ids = {account for account, _ in accounts}
    found: dict[str, tuple[str, ...]] = {}
    for owner in written:
        named = tuple(account for account, handle in accounts if handle == handles[owner])
        if owner in ids:
            found[owner] = (owner,)
        elif named:
            found[owner] = named
    return found


def write_derived(connection: duckdb.DuckDBPyConnection, out: Path) -> int:
    """Write the members of the derived audiences as staged rows, and say how many they are."""
    members = connection.sql(sql_text("ingest/derived_members"))
    given = ("audience", "account_id", "since")
    members.project(derived_columns(TABLE_BY_NAME["audience_members"], given)).write_parquet(str(out))
    return int(connection.read_parquet(str(out)).aggregate("count(*) AS n").fetchall()[0][0])


def sizes(
    connection: duckdb.DuckDBPyConnection,
    owners: Owners,
    derived: Sequence[DerivedAudience],
    sources: Mapping[str, Mapping[str, str]],
) -> tuple[AudienceReport, ...]:
    """The size of every audience, and why each without a known member who counts cannot be ranked.

    Args:
        connection: With `audience_members`, `known_accounts` and `accounts`.
        owners: The owners of the derived audiences.
        derived: The derived audiences of the mapping.
        sources: For each table the column of its file that feeds each of its own.
    """
    counted = {name: counts for name, *counts in connection.sql(sql_text("ingest/audience_sizes")).fetchall()}
    names = sorted({*counted, *(audience.name for audience in derived)})
    has_strangers = any(not known for _, known, _ in counted.values())
    otherwise = members_named_otherwise(connection, sources) if has_strangers else ()
    reports = []
    for name in names:
        members, known, weighed = counted.get(name, (0, 0, 0))
        of_them = tuple(account for audience, account, _ in owners.rows if audience == name)
        unknown = tuple(owner for audience, owner in owners.unknown if audience == name)
        why, example, remedy = _why_unranked(members, known, weighed, otherwise)
        if why and unknown:
            said, meant = owners_that_no_table_knows(connection, unknown)
            has_another_reason = members or of_them
            why, remedy = (f"{said} {why}", remedy) if has_another_reason else (said, NAME_OWNERS)
            example = " ".join(filter(None, (meant, example)))
        reports.append(AudienceReport(name, members, known, of_them, unknown, why, example, remedy))
    return tuple(reports)


def _why_unranked(
    members: int, known: int, weighed: int, otherwise: Sequence[OtherNames]
) -> tuple[str, str, str]:
    """Why nobody can be ranked for an audience, an example, and what to do; nothing where a member counts."""
    if weighed:
        return "", "", ""
    if known:
        why = "The list gives no known member a weight above zero."
        return why, "", "Give one to those who count, or leave the column out."
    if not members:
        why = "It has no member: nobody follows or engages with the accounts that it is derived from."
        return why, "", "Name others, or list its members in audience_members."
    named = "Its one member does not appear" if members == 1 else f"None of its {members:,} members appears"
    why = f"{named} in accounts, follows or interactions."
    if not otherwise:
        return why, "", "Check that the audience uses the same ids as the other tables."
    names = otherwise[0]
    return f"{why} Of the unknown members {names.count}.", f"For example {names.example}", names.remedy


def compared(
    connection: duckdb.DuckDBPyConnection, baselines: Mapping[str, str], found: Sequence[AudienceReport]
) -> tuple[AudienceReport, ...]:
    """The audiences, with why one cannot be ranked that is to be compared with nobody that the data know.

    Compared with the network instead it would get other figures than those that were asked for.

    Args:
        connection: With `accounts` and `brands`.
        baselines: Audience to what it is compared with.
        found: What `sizes` found.
    """
    if not baselines:
        return tuple(found)
    known = [audience.audience for audience in found]
    nobody = {str(Baseline(AUDIENCE, one.audience)) for one in found if one.why_unranked}
    categories = [name for (name,) in connection.sql(sql_text("ingest/categories")).fetchall()]

    def why(audience: str) -> str:
        try:
            baseline = find_baseline(baselines[audience], known, categories)
        except BaselineError as error:
            return f"{error} Name another one under [baselines], or network."
        if str(baseline) in nobody:
            return (
                f"It is compared with {baseline.name!r}, of which no member is known and counts. "
                "Mend that audience, or name another one under [baselines], or network."
            )
        return ""

    return tuple(
        one
        if one.why_unranked or one.audience not in baselines
        else replace(one, why_unranked=why(one.audience))
        for one in found
    )


def baseline_faults(baselines: Mapping[str, str], found: Sequence[AudienceReport]) -> list[Fault]:
    """A fault for each baseline of an audience that the data do not name.

    The audience that was meant would be compared with somebody else, and not be told from the others.
    """
    known = [audience.audience for audience in found]
    return [
        Fault(
            f'[baselines] "{audience}"',
            f"There is no audience called {audience!r}.",
            did_you_mean(audience, known) or f"There is {', '.join(known[:20])}.",
        )
        for audience in baselines
        if audience not in known
    ]
