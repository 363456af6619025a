"""What a person should know of a dataset that can be used: one sentence each, the most important first.

Nothing here stops a run. It is what makes figures thinner than they need be, and what a first dataset often
has: refused rows, ids in one table and handles in another, one handle at two accounts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from pipelines.engine import sql_text
from pipelines.ingest.contract import TABLE_BY_NAME, TABLES
from pipelines.text import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import duckdb

    from pipelines.ingest.report import AudienceReport, TableReport

    Sources = Mapping[str, Mapping[str, str]]

REQUIRED = tuple(f"{table.name}.{name}" for table in TABLES for name in table.required)
NAME_OWNERS = "Name an account by its id, or by its @handle."
_FOLLOWS, _MEMBERS = "follows", "audience_members"
# Tables whose ids are held against those of accounts and follows.
_NAMING = ("posts", "interactions", "brands", "snapshots", "rates", "labels", "outcomes")
_LOOKED_AT = 100_000  # rows of each: that two tables write ids in different ways shows in the first ones
_HARDLY_ANY = 0.05
_LEAST_SHOWN = 0.001
_SHOWN_NAMES = 5
_LONGEST_NAME = 40
_LONGEST_COLUMN = 120  # what is cut cannot be copied into a dataset.toml


@dataclass(frozen=True)
class OtherNames:
    """Ids of one table that are unknown as they are written, but not otherwise.

    Attributes:
        table: The table.
        many: How many different ones.
        written: One of them.
        account_id: The account that it means.
        are_handles: Whether any of them is a handle; else an id with or without an @, or in other letters.
        column: The column of the file in which the first id of the table stands.
    """

    table: str
    many: int
    written: str
    account_id: str
    are_handles: bool
    column: str

    @property
    def example(self) -> str:
        """One of them and whom it means."""
        return f"{_shown(self.written)} is the account {_shown(self.account_id)}."

    @property
    def count(self) -> str:
        """How many they are, as the end of a sentence."""
        return f"{'one is' if self.many == 1 else f'{self.many:,} are'} known under another name"

    @property
    def remedy(self) -> str:
        """What to do where all ids of the table are written that way."""
        if not self.are_handles:
            return "Write ids the same way in every table."
        first, *others = TABLE_BY_NAME[self.table].account_columns
        look_up = (
            f'{first} = {{ column = {_quoted(self.column)}, via = "accounts.handle", take = "account_id" }}'
        )
        likewise = f" ({', '.join(others)} likewise)" if others else ""
        return f"Write the account_id there, or in dataset.toml: [{self.table}] {look_up}{likewise}"

    def __str__(self) -> str:
        """Two sentences: what was found, and what to do about it."""
        return f"{self.count}: {self.example} {self.remedy}"


def refused(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[TableReport], reject_limit: float
) -> list[str]:
    """Rows that were left out and values that were left empty; tables that stop a run say so elsewhere."""
    found = connection.execute(sql_text("ingest/emptied_columns"), {"required": list(REQUIRED)}).fetchall()
    emptied = dict(found)
    lines = []
    for table in tables:
        if 0 < table.rejected_share <= reject_limit:
            does = (
                "breaks the contract and was" if table.rows_rejected == 1 else "break the contract and were"
            )
            lines.append(f"{table.table}: {table.rows_rejected:,} of {table.rows_in:,} rows {does} left out.")
        if table.values_refused:
            many = f"{_many(table.values_refused, 'value')} of {_listed(emptied.get(table.table, []))}"
            was = "was" if table.values_refused == 1 else "were"
            lines.append(
                f"{table.table}: {many} {was} refused and left empty ({_many(table.rows_in, 'row')} read)."
            )
    return lines


def left_out(tables: Sequence[TableReport], as_of: date) -> list[str]:
    """Rows that break no rule and do not count."""
    lines = []
    for table in tables:
        if table.rows_forgotten:
            were = (
                "row of a forgotten person was"
                if table.rows_forgotten == 1
                else "rows of forgotten persons were"
            )
            lines.append(f"{table.table}: {table.rows_forgotten:,} {were} left out.")
        if table.rows_after_as_of:
            lie, were = ("row lies", "was") if table.rows_after_as_of == 1 else ("rows lie", "were")
            lines.append(
                f"{table.table}: {table.rows_after_as_of:,} {lie} after {as_of} and {were} left out."
            )
    return lines


def unknown_members(
    connection: duckdb.DuckDBPyConnection, audiences: Sequence[AudienceReport], sources: Sources
) -> list[str]:
    """Members of whom no other table says anything; an audience without a known one is a fault elsewhere."""
    thin = [audience for audience in audiences if 0 < audience.members_known < audience.members]
    otherwise = members_named_otherwise(connection, sources) if thin else ()
    return [
        *(
            f"audience_members: {names.many:,} of the members that no other table names "
            f"{'is' if names.many == 1 else 'are'} known under another name: {names.example} "
            "List members by their account_id."
            for names in otherwise
        ),
        *(
            f"Audience {audience.audience!r}: no table names "
            f"{audience.members - audience.members_known:,} of its {audience.members:,} members."
            for audience in thin
        ),
    ]


def unknown_owners(connection: duckdb.DuckDBPyConnection, audiences: Sequence[AudienceReport]) -> list[str]:
    """Accounts that an audience is derived from and no table knows, where it is not left out for that."""
    said = [
        (audience, *owners_that_no_table_knows(connection, audience.owners_unknown))
        for audience in audiences
        if audience.owners_unknown
    ]
    return [
        f"Audience {audience.audience!r}: {sentence} {meant or NAME_OWNERS}"
        for audience, sentence, meant in said
        if sentence not in audience.why_unranked
    ]


def owners_that_no_table_knows(
    connection: duckdb.DuckDBPyConnection, owners: Sequence[str]
) -> tuple[str, str]:
    """That no table knows some owners, and whom the first may mean or nothing.

    The nearest handle may be a member's: that sentence is for somebody who has the data.

    Args:
        connection: With `accounts`.
        owners: At least one, as written.
    """
    parameters = {"handle": owners[0].removeprefix("@")}
    nearest = connection.execute(sql_text("ingest/nearest_handle"), parameters).fetchall()
    accounts = f"account{'s' if len(owners) > 1 else ''} {', '.join(owners)}"
    meant = f"Did you mean @{nearest[0][0]} instead of {owners[0]}?" if nearest else ""
    return f"No table knows the {accounts} that it is derived from.", meant


def members_named_otherwise(
    connection: duckdb.DuckDBPyConnection, sources: Sources
) -> tuple[OtherNames, ...]:
    """Unknown members of any audience that are known under another name; nothing if there are none.

    Args:
        connection: With `audience_members`, `known_accounts` and `accounts`.
        sources: For each table the column of its file that feeds each of its own.
    """
    handles = connection.view("accounts").project("account_id, handle").set_alias("handles")
    known = connection.table("known_accounts").set_alias("known")
    known.join(handles, "account_id", how="left").create_view("known_ids", replace=True)
    members = connection.view(_MEMBERS)
    members.project(f"'{_MEMBERS}' AS table_name, account_id").create_view("named", replace=True)
    return _known_otherwise(connection, sources)


def _known_otherwise(connection: duckdb.DuckDBPyConnection, sources: Sources) -> tuple[OtherNames, ...]:
    found = connection.sql(sql_text("ingest/known_otherwise")).fetchall()
    first = {table: TABLE_BY_NAME[table].account_columns[0] for table, *_ in found}
    return tuple(
        OtherNames(table, *row, sources.get(table, {}).get(first[table], first[table]))
        for table, *row in found
    )


def coverage(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[TableReport], sources: Sources
) -> tuple[list[str], list[str]]:
    """Follows and accounts that hardly share an id, and how much of the network the two show."""
    listed, followers, ids, ids_listed = connection.sql(sql_text("ingest/coverage")).fetchall()[0]
    profiles = next((table.rows_kept for table in tables if table.table == "accounts"), 0)
    strangers, thin = [], []
    if profiles and ids and ids_listed < _HARDLY_ANY * min(profiles, ids):
        strangers.append(_strangers(connection, int(ids), int(ids_listed), sources))
    elif profiles and listed is not None and listed < 1:
        thin.append(f"{_percent(1 - listed)} of the ends of follows are accounts without a profile row.")
    if followers is not None and followers < 1 and not strangers:
        thin.append(
            f"The follows list {_percent(followers)} of the followers that the profiles claim; "
            "shares are of those listed."
        )
    return strangers, thin


def _strangers(connection: duckdb.DuckDBPyConnection, ids: int, known: int, sources: Sources) -> str:
    accounts = connection.view("accounts")
    followed = connection.view("follow_ids").filter("follows_listed + followers_listed > 0")
    accounts.project("account_id, handle").create_view("known_ids", replace=True)
    followed.project(f"'{_FOLLOWS}' AS table_name, account_id").create_view("named", replace=True)
    line = f"follows: hardly any of its ids is in accounts ({known:,} of {ids:,})"
    otherwise = _known_otherwise(connection, sources)
    if otherwise:
        return f"{line}; {otherwise[0]}"
    theirs, ours = (rows.aggregate("min(account_id) AS id").fetchall()[0][0] for rows in (followed, accounts))
    return (
        f"{line}: {_shown(theirs)} stands in follows, {_shown(ours)} in accounts. "
        "If both mean the same people, write their ids the same way in both."
    )


def other_names(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[TableReport], sources: Sources
) -> list[str]:
    """Tables that write handles where accounts and follows have ids."""
    rows = [
        connection.view(table.table)
        .limit(_LOOKED_AT)
        .project(f"'{table.table}' AS table_name, {column} AS account_id")
        for table in tables
        if table.table in _NAMING and table.rows_kept
        for column in TABLE_BY_NAME[table.table].account_columns
    ]
    if not rows:
        return []
    reduce(lambda one, other: one.union(other), rows).create_view("named", replace=True)
    followed = connection.view("follow_ids").project("account_id, CAST(NULL AS VARCHAR) AS handle")
    known_ids = connection.view("accounts").project("account_id, handle").union(followed)
    known_ids.create_view("known_ids", replace=True)
    counted = connection.sql(sql_text("ingest/ids_known")).fetchall()
    known = {name: n for name, ids, n in counted if 2 * n < ids}
    if not known:
        return []
    return [
        f"{names.table}: few of its ids are in accounts or follows; {names}"
        for names in _known_otherwise(connection, sources)
        if names.many > known.get(names.table, names.many)
    ]


def spelled_apart(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[TableReport], sources: Sources
) -> list[str]:
    """Accounts written in several ways: ids that nothing but a leading @ or letter case tells apart."""
    members = connection.view(_MEMBERS).project("account_id")
    connection.table("known_accounts").union(members).create_view("known_ids", replace=True)
    names, ids, one, other = connection.sql(sql_text("ingest/spelled_apart")).fetchall()[0]
    if not names:
        return []
    first = next(
        (
            f'[{table.table}] {column} = {{ column = {_quoted(fed)}, as = "handle" }}'
            for table in tables
            if table.rows_kept
            for column in TABLE_BY_NAME[table.table].account_columns
            if (fed := sources.get(table.table, {}).get(column)) is not None
        ),
        "",
    )
    stand = "account stands" if names == 1 else "accounts stand"
    written = f"{names:,} {stand} there in several ways ({_shown(one)} and {_shown(other)})"
    split = f"count as {ids:,} different ones, each with a part of the whole"
    as_handles = f", or, where they are handles, in dataset.toml: {first}, and every other id likewise"
    return [f"{written} and {split}. Write ids the same way everywhere{as_handles if first else ''}."]


def shared_handles(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Handles that stand at more than one account."""
    named = connection.view("accounts").filter("handle IS NOT NULL")
    counted = named.aggregate("count(*) AS n, count(DISTINCT hash(lower(handle))) AS different")
    bearers, different = counted.fetchall()[0]
    if bearers == different:
        return []
    many, handle, one, other = connection.sql(sql_text("ingest/shared_handles")).fetchall()[0]
    stand = "handle stands" if many == 1 else "handles stand"
    borne = f"@{shortened(handle, _LONGEST_NAME)} at {_shown(one)} and {_shown(other)}"
    where = f"at more than one account ({borne})"
    return [
        f"accounts: {many:,} {stand} {where}; `vouch why`, `label` and `forget` then want the account_id."
    ]


def follows_of_oneself(many: int) -> list[str]:
    """Follows from an account to itself."""
    if not many:
        return []
    whom = "one account follows itself" if many == 1 else f"{many:,} accounts follow themselves"
    return [f"follows: {whom}; such a follow is kept and never counts as a tie."]


def unused(tables: Sequence[TableReport]) -> list[str]:
    """Columns that nothing reads."""
    lines = []
    for table in tables:
        if table.columns_unused:
            one = len(table.columns_unused) == 1
            columns = f"{'column' if one else 'columns'} {_listed(table.columns_unused)}"
            are = (
                "is not used; a dataset.toml can map it"
                if one
                else "are not used; a dataset.toml can map them"
            )
            lines.append(f"{table.table}: the {columns} {are}.")
    return lines


def _quoted(column: str) -> str:
    """The name of a column as a dataset.toml has it."""
    return json.dumps(shortened(column, _LONGEST_COLUMN), ensure_ascii=False)


def _shown(name: str) -> str:
    return repr(shortened(name, _LONGEST_NAME))


def _percent(share: float) -> str:
    return "less than 0.1%" if 0 < share < _LEAST_SHOWN else f"{share:.1%}"


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN_NAMES
    shown = ", ".join(shortened(name, _LONGEST_NAME) for name in names[:_SHOWN_NAMES])
    return f"{shown} and {more:,} more" if more > 0 else shown
