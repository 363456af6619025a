"""What the report needs from the published file, read in one go over one connection.

Here belong the statements that are asked and the shape they are handed on in; how a figure looks is decided
in `figures` and the templates. One connection means one publication: a new one meanwhile changes nothing.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipelines.cli.words.nobody_leads import FIRST
from pipelines.errors import VouchError
from pipelines.published import Answer, ask, open_published
from pipelines.report.wording import status_bars
from pipelines.statements import sql_text
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import duckdb

Row = dict[str, Any]

CARDS = 150
"""Candidates whose evidence the page carries, beside every pick."""
WARNED_CARDS = 40
"""Those whom the risk keeps from a recommendation, by reach, and as many of others whom a person labelled:
somebody will ask about them."""
EXAMPLE_POSTS = 2
SIMILAR = 6
TIES = 12_000
FEWEST_MESSAGES = 5
"""A share of fewer messages than this is too few to tell, as in `trust_words`."""
THIN_BELOW = 20
"""Fewer audience followers than this make a candidate's figures thin data."""
MATRIX_PICKS = 16
VOICES_PER_COMMUNITY = 8
CHANGES_SHOWN = 50
BEST_OF_A_SIZE = 3
BRIDGES_SHOWN = 8
ADVOCATES_OF_A_BRAND = 8
BRANDS_WITH_ADVOCATES = 3
BRANDS_SHOWN = 4
TRENDS_SHOWN = 24
REJECT_RULES_SHOWN = 20
_LONGEST_NAME = 80


class UnknownAudienceError(VouchError):
    """The published file holds no audience of this name."""


@dataclass(frozen=True)
class Plan:
    """One portfolio.

    Attributes:
        name: `budget` or `count`.
        picks: Rows of `portfolio`, in order.
    """

    name: str
    picks: list[Row]


@dataclass(frozen=True)
class Card:
    """The evidence about one candidate.

    Attributes:
        candidate: Its row of the ranking.
        reasons: Its rows of `evidence`, what weighs most first.
        types: What its followers look like, one row per type.
        bursts: Days on which it gained far more followers than usual.
        history: How many followers it had, day by day.
    """

    candidate: Row
    reasons: list[Row] = field(default_factory=list)
    types: list[Row] = field(default_factory=list)
    bursts: list[Row] = field(default_factory=list)
    history: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class ReportData:
    """Everything the page shows.

    Attributes:
        run: The run and how its candidates fared; `watch_set_aside` are those not special here whose risk a
            label sets aside.
        candidates: Every candidate with the figures of the table, best first.
        first: The first of them as `vouch top` has them.
        plans: The portfolios, the one for a budget first.
        former_picks: Picks of the run before that are none now.
        cards: Evidence of the first candidates and of every pick, by account id, best first.
        reviews: What a person decided about a candidate, as a sentence, by account id.
        matrix_picks: Picks whose shared audience is shown, each once.
        overlap: How much audience candidates share, with whether one is among those most like the other.
        ties: Who follows whom among the candidates that have a card.
        posts: Example posts of the cards.
        members: How many members count how much, by reason.
        own_accounts: How the audience's own accounts talk with it.
        brand_talk: Talk about brands inside the audience.
        tiers: The best candidates of each size, by the name of the size, smallest first.
        communities: Groups inside the audience, each with its `voices` and the `hidden` ones.
        bridges: Voices that join groups.
        advocates: Who speaks for a brand, by brand.
        changes: What moved since the run before.
        trends: What rises and falls over the runs.
        seen: How much of what members do the data show.
        coverage: How much of the truth the data holds.
        balance: Where every input row went.
        rejects: Why rows were refused.
        signals: For how many candidates each signal could be measured.
        missing: For how many candidates each figure is not known.
        offers: What the candidates ask for.
        left_out: Who would add most to the first plan and is left out for want of a look, if anybody.
    """

    run: Row
    candidates: Answer
    first: list[Row]
    plans: list[Plan]
    former_picks: list[Row]
    cards: dict[str, Card]
    reviews: dict[str, str]
    matrix_picks: list[Row]
    overlap: list[Row]
    ties: list[Row]
    posts: list[Row]
    members: list[Row]
    own_accounts: list[Row]
    brand_talk: list[Row]
    tiers: dict[str, list[Row]]
    communities: list[Row]
    bridges: list[Row]
    advocates: dict[str, list[Row]]
    changes: list[Row]
    trends: list[Row]
    seen: Row
    coverage: list[Row]
    balance: list[Row]
    rejects: list[Row]
    signals: list[Row]
    missing: Row
    offers: list[Row]
    left_out: Row | None


def read_report(published: Path, audience: str) -> ReportData:
    """Read what the report on one audience shows.

    Args:
        published: The published DuckDB file.
        audience: Name of the audience, as given in the data.

    Raises:
        PublishedFileError: The file cannot be opened.
        UnknownAudienceError: It holds no such audience.
    """
    with open_published(published) as connection:
        connection.execute(
            "SET threads = 1"
        )  # many short questions: starting threads costs more than it saves
        audience = _named_audience(connection, audience)
        run = _rows(connection, "run", audience=audience, thin_below=THIN_BELOW)[0]
        watch_from = status_bars(run["configuration"]).watch_from
        run |= _rows(connection, "set_aside", audience=audience, watch_from=watch_from)[0]
        of_run = {"audience": audience, "run_id": run["run_id"]}
        of_day = {"network": run["network"], "as_of": run["as_of"]}
        of_change = {**of_run, "previous_run_id": run["previous_run_id"]}
        plans = _plans(_rows(connection, "portfolio", **of_change))
        matrix_picks = _matrix_picks(plans)
        cards = _cards(connection, of_run)
        return ReportData(
            run=run,
            candidates=_answer(connection, "candidates", **of_run, fewest_messages=FEWEST_MESSAGES),
            first=_first(connection, audience),
            plans=plans,
            former_picks=_rows(connection, "former_picks", **of_change),
            cards=cards,
            reviews={row["account_id"]: row["sentence"] for row in _rows(connection, "reviews", **of_run)},
            matrix_picks=matrix_picks,
            overlap=_rows(connection, "overlap", **of_run, similar=SIMILAR),
            ties=_rows(connection, "ties", rows=TIES),
            posts=_rows(connection, "posts", **of_run, posts=EXAMPLE_POSTS),
            members=_rows(connection, "members", **of_run),
            own_accounts=_rows(connection, "own_accounts", **of_run),
            brand_talk=_rows(connection, "brand_talk", **of_run, rows=BRANDS_SHOWN),
            tiers=_by(_rows(connection, "tiers", audience=audience, rows=BEST_OF_A_SIZE), "size_tier"),
            communities=_communities(connection, of_run),
            bridges=_rows(connection, "bridges", audience=audience, rows=BRIDGES_SHOWN),
            advocates=_advocates(connection, of_run),
            changes=_rows(connection, "changes", **of_run, rows=CHANGES_SHOWN),
            trends=_rows(connection, "momentum", **of_run, rows=TRENDS_SHOWN),
            seen=_rows(connection, "members_seen", **of_run)[0],
            coverage=_rows(connection, "coverage", **of_day),
            balance=_rows(connection, "balance", **of_day),
            rejects=_rows(connection, "rejects", **of_day, rows=REJECT_RULES_SHOWN),
            signals=_rows(connection, "signals", audience=audience),
            missing=_rows(connection, "missing", audience=audience)[0],
            offers=ask(connection, sql_text("cli/offers"), {"audience": audience}).dicts(),
            left_out=_left_out(connection, of_run, plans),
        )


def _first(connection: duckdb.DuckDBPyConnection, audience: str) -> list[Row]:
    everybody = dict.fromkeys(("statuses", "tiers", "min_trust", "max_risk"))
    parameters = {**everybody, "audience": audience, "limit_rows": FIRST}
    return ask(connection, sql_text("cli/top"), parameters).dicts()


def _left_out(connection: duckdb.DuckDBPyConnection, of_run: Row, plans: Sequence[Plan]) -> Row | None:
    if not plans or plans[0].picks[0]["is_vetted"] is False:
        return None
    found = ask(connection, sql_text("cli/left_out"), {**of_run, "plan": plans[0].name}).dicts()
    return found[0] if found else None


def _rows(connection: duckdb.DuckDBPyConnection, name: str, /, **parameters: Any) -> list[Row]:
    return _answer(connection, name, **parameters).dicts()


def _answer(connection: duckdb.DuckDBPyConnection, name: str, /, **parameters: Any) -> Answer:
    return ask(connection, sql_text(f"report/{name}"), parameters)


def audiences(published: Path) -> list[str]:
    """Names of the audiences that a report can be written for, the largest first.

    Raises:
        PublishedFileError: The file cannot be opened.
    """
    with open_published(published) as connection:
        return [str(row["audience"]) for row in _rows(connection, "audiences")]


def _named_audience(connection: duckdb.DuckDBPyConnection, asked: str) -> str:
    """The audience meant, whichever case its name is written in."""
    names = [str(row["audience"]) for row in _rows(connection, "audiences")]
    if asked in names:
        return asked
    if not names:
        raise UnknownAudienceError(
            "The published file holds no audience yet.", remedy="Make one: vouch run --data DIR"
        )
    folded = {name.casefold(): name for name in names}
    if asked.casefold() in folded:
        return folded[asked.casefold()]
    near = difflib.get_close_matches(asked.casefold(), folded, n=1, cutoff=0.4)
    guess = f"Did you mean {_quoted(folded[near[0]])}? " if near else ""
    there = ", ".join(plain(name, _LONGEST_NAME) for name in names)
    raise UnknownAudienceError(
        f"There is no audience {_quoted(asked)}.", remedy=f"{guess}There are: {there}."
    )


def _quoted(name: str) -> str:
    return f"“{plain(name, _LONGEST_NAME)}”"


def _plans(rows: Sequence[Row]) -> list[Plan]:
    """Rows of all plans, which come sorted by plan and pick, as one object per plan."""
    names = dict.fromkeys(str(row["plan"]) for row in rows)
    return [Plan(name, [row for row in rows if row["plan"] == name]) for name in names]


def _matrix_picks(plans: Iterable[Plan]) -> list[Row]:
    by_id: dict[str, Row] = {}
    for plan in plans:
        for pick in plan.picks:
            by_id.setdefault(pick["account_id"], pick)
    return list(by_id.values())[:MATRIX_PICKS]


def _cards(connection: duckdb.DuckDBPyConnection, of_run: Row) -> dict[str, Card]:
    # A table of this connection alone: hundreds of ids as a parameter of each statement take longer to hand
    # over than the statements to run.
    carded = f"CREATE TEMP TABLE carded AS {sql_text('report/carded')}"
    connection.execute(carded, {**of_run, "rows": CARDS, "warned": WARNED_CARDS})
    ranking = _rows(connection, "ranking", audience=of_run["audience"])
    cards = {row["account_id"]: Card(row) for row in ranking}
    for reason in _rows(connection, "evidence", **of_run):
        cards[reason["account_id"]].reasons.append(reason)
    for part in _rows(connection, "types"):
        cards[part["account_id"]].types.append(part)
    for burst in _rows(connection, "bursts"):
        cards[burst["account_id"]].bursts.append(burst)
    for day in _rows(connection, "history"):
        cards[day["account_id"]].history.append(day)
    return cards


def _communities(connection: duckdb.DuckDBPyConnection, of_run: Row) -> list[Row]:
    voices = _rows(connection, "community_voices", **of_run, voices=VOICES_PER_COMMUNITY)
    return [
        {
            **row,
            "voices": [voice for voice in of_group if voice["is_among_the_first"]],
            "hidden": [voice for voice in of_group if voice["is_hidden"]],
        }
        for row in _rows(connection, "communities", **of_run)
        for of_group in ([voice for voice in voices if voice["community"] == row["community"]],)
    ]


def _advocates(connection: duckdb.DuckDBPyConnection, of_run: Row) -> dict[str, list[Row]]:
    limits = {"rows": ADVOCATES_OF_A_BRAND, "brands": BRANDS_WITH_ADVOCATES}
    return _by(_rows(connection, "advocates", **of_run, **limits), "brand")


def _by(rows: Iterable[Row], name: str) -> dict[str, list[Row]]:
    """Rows grouped by a column, in the order in which its values first come."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row[name]), []).append(row)
    return found
