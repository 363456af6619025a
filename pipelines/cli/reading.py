"""Reading the published file for a command: named statements, the audience meant, the account meant.

Every figure comes from the file as it stands; nothing here computes one.
"""

from __future__ import annotations

import difflib
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipelines import numbers
from pipelines.errors import VouchError
from pipelines.published import ask, open_published
from pipelines.statements import sql_text
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    import duckdb

    from pipelines.cli.output import Row
    from pipelines.cli.session import Session

_LONGEST_NAME = 80


class UnknownNameError(VouchError):
    """An audience, account or column was named that is not there."""


@dataclass(frozen=True)
class Results:
    """Rows of one statement.

    Attributes:
        rows: The rows.
        names: The columns, in the statement's order.
        types: Type of each column, as DuckDB names it.
    """

    rows: list[Row]
    names: list[str]
    types: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Published:
    """The published file, open for reading.

    Attributes:
        connection: Attached read-only.
    """

    connection: duckdb.DuckDBPyConnection

    def read(self, name: str, /, **parameters: Any) -> Results:
        """Run `sql/cli/<name>.sql`."""
        answer = ask(self.connection, sql_text(f"cli/{name}"), parameters)
        return Results(
            answer.dicts(), list(answer.columns), dict(zip(answer.columns, answer.types, strict=True))
        )

    def relation(self, name: str, /, **parameters: Any) -> duckdb.DuckDBPyRelation:
        """`sql/cli/<name>.sql` as a relation, for writing it to a file without leaving DuckDB."""
        return self.connection.sql(sql_text(f"cli/{name}"), params=parameters)

    def audience(self, session: Session, asked: str | None) -> Row:
        """The audience asked for, else the largest, saying so where there are several.

        Raises:
            UnknownNameError: No audience has this name, nobody is listed for it, or none was published.
        """
        audiences = self.read("audiences").rows
        if not audiences:
            raise UnknownNameError(
                "The published file lists nobody: in no audience do enough members follow the same account.",
                remedy="Run it with more follows or interactions, or a larger audience: vouch run --data DIR",
            )
        names = [str(row["audience"]) for row in audiences]
        if asked is not None:
            return _named_audience(audiences, names, asked, self.read("runs", audience=None).rows)
        if len(names) > 1:
            others = ", ".join(plain(name, _LONGEST_NAME) for name in names[1:])
            session.say(f"Audience {plain(names[0], _LONGEST_NAME)}; --audience chooses another: {others}.")
        return audiences[0]

    def candidate(self, asked: str, audience: str | None) -> Row:
        """The ranking row of the account that answers to a handle or id, in the audience or the largest one.

        Raises:
            UnknownNameError: No candidate answers to the name, or several do.
        """
        best = self.candidates(asked)
        inside = [row for row in best if audience is None or row["audience"] == audience]
        if not inside:
            elsewhere = ", ".join(plain(str(row["audience"]), _LONGEST_NAME) for row in best)
            raise UnknownNameError(
                f"{_quoted(asked)} is no candidate for the audience {_quoted(str(audience))}.",
                remedy=f"It is one for: {elsewhere}.",
            )
        return inside[0]

    def candidates(self, asked: str) -> list[Row]:
        """The ranking rows of the account that answers to a handle or id, its largest audience first.

        Raises:
            UnknownNameError: No candidate answers to the name, or several do.
        """
        found = self.read("candidate", name=asked.strip()).rows
        if not found:
            raise self._no_candidate(asked.strip())
        best = [row for row in found if row["match"] == found[0]["match"]]
        accounts = sorted({str(row["account_id"]) for row in best})
        if len(accounts) > 1:
            raise UnknownNameError(
                f"{len(accounts)} accounts are called {_quoted(asked)}.",
                details=accounts[:10],
                remedy=f"Name one by its id: vouch why {accounts[0]}",
            )
        return [{name: value for name, value in row.items() if name != "match"} for row in best]

    def account(self, asked: str) -> Row:
        """Network, id and handle of the account that answers to a handle or id, candidate or not.

        Raises:
            UnknownNameError: No account answers to the name, or several do.
        """
        name = asked.strip()
        found = self.read("accounts_called", name=name).rows
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownNameError(
                f"{len(found)} accounts are called {_quoted(name)}.",
                details=[
                    f"{plain(str(row['account_id']), _LONGEST_NAME)} "
                    f"({plain(str(row['handle'] or 'without a handle'), _LONGEST_NAME)})"
                    for row in found[:10]
                ],
                remedy="Name one by its id.",
            )
        near = [str(row["name"]) for row in self.read("similar_handles", name=name).rows]
        raise UnknownNameError(
            f"No account of the published network is called {_quoted(name)}.",
            remedy=f"Did you mean {_choices(near)}?" if near else "The candidates: vouch top -n 100",
        )

    def _no_candidate(self, asked: str) -> UnknownNameError:
        known = self.read("known_account", name=asked).rows
        if known:
            role = "a member of an audience" if known[0]["is_in_audience"] else "in the network"
            return UnknownNameError(
                f"{_quoted(asked)} is {role}, but no candidate: too few of an audience follow it.",
                remedy="The candidates: vouch top -n 100",
            )
        near = [str(row["name"]) for row in self.read("similar_handles", name=asked).rows]
        return UnknownNameError(
            f"No candidate is called {_quoted(asked)}.",
            remedy=f"Did you mean {_choices(near)}?" if near else "The candidates: vouch top -n 100",
        )


@contextmanager
def published(session: Session) -> Generator[Published]:
    """The published file of the session's home, open for reading."""
    with open_published(session.home.published) as connection:
        yield Published(connection)


def chosen_columns(asked: str | None, names: Sequence[str]) -> list[str]:
    """The columns of a comma-separated list, all of them where nothing is asked for.

    Raises:
        UnknownNameError: A column is not there; every such column is named, with its likeliest correction.
    """
    if asked is None:
        return list(names)
    wanted = [name.strip() for name in asked.split(",") if name.strip()]
    wrong = [name for name in wanted if name not in names]
    if wrong or not wanted:
        details = []
        for name in wrong:
            near = difflib.get_close_matches(name, names, n=2, cutoff=0.5)
            details.append(f"{name}: did you mean {_choices(near)}?" if near else name)
        raise UnknownNameError(
            "These columns are not in the ranking.", details=details, remedy=f"There are: {', '.join(names)}."
        )
    return wanted


def nobody_listed(audience: str) -> str:
    """That an audience was run and no candidate was found."""
    return (
        f"Nobody is listed for {plain(audience, _LONGEST_NAME)}: "
        "no account is followed or engaged with by enough of its members."
    )


def _named_audience(audiences: list[Row], names: list[str], asked: str, runs: list[Row]) -> Row:
    folded = {name.casefold(): row for name, row in zip(names, audiences, strict=True)}
    for row in audiences:
        if row["audience"] == asked:
            return row
    if asked.casefold() in folded:
        return folded[asked.casefold()]
    for run in runs:
        if str(run["audience"]).casefold() == asked.casefold():
            if not run["is_latest"]:
                raise UnknownNameError(
                    f"{_quoted(str(run['audience']))} is not ranked any more: "
                    "the newest data do not name it, or know none of its members.",
                    remedy=f"Its last list is of {run['as_of']}. What is missing now: vouch check --data DIR",
                )
            known = numbers.counted(run["audience_size"] or 0, "of its members is", "of its members are")
            raise UnknownNameError(
                nobody_listed(str(run["audience"])),
                remedy=f"{known} known; run it with more of them, or with more follows or interactions.",
            )
    near = difflib.get_close_matches(asked.casefold(), folded, n=1, cutoff=0.4)
    there = ", ".join(plain(name, _LONGEST_NAME) for name in names)
    guess = f"Did you mean {_quoted(str(folded[near[0]]['audience']))}? " if near else ""
    raise UnknownNameError(f"There is no audience {_quoted(asked)}.", remedy=f"{guess}There are: {there}.")


def _quoted(name: str) -> str:
    return f"“{plain(name, _LONGEST_NAME)}”"


def _choices(names: Sequence[str]) -> str:
    return " or ".join(plain(name, _LONGEST_NAME) for name in names)
