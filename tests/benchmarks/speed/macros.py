"""The macros of the published file on a large graph: what one call costs once the file is open.

A graph of the asked size is published whole, with an account for every node. Each macro is called for an
account that is followed as often as the median one and for one of the most followed, warm, on two threads.
The CPU of all threads is judged: on an idle machine nobody waits longer, and on a shared one the wall says
more about the neighbours.
"""

from __future__ import annotations

import shutil
import time
from contextlib import closing
from dataclasses import dataclass
from statistics import median

import duckdb
import polars as pl

from pipelines.publish import publish_tables
from pipelines.published import open_published
from pipelines.statements import sql_text
from tests.benchmarks.speed.graphs import account_bits, rmat
from tests.benchmarks.speed.parts import Bar, Part, table

ABOUT = (
    "A graph of the asked size published whole (accounts, follows seen from both ends, names, degrees), "
    "5,000 candidates; each macro called warm on two threads, the median of the rounds. The typical "
    "account is followed as often as the median one, the popular account is among the most followed. The "
    "CPU of all threads is judged, because an idle machine makes nobody wait longer; the wall is beside it."
)
CALLS = {
    "neighbours(h)": ("FROM neighbours($h)", 100),
    "neighbours(h, 2)": ("FROM neighbours($h, hops := 2)", 250),
    "similar_to(h)": ("FROM similar_to($h)", 100),
    "shared_followers(a, b)": ("FROM shared_followers($h, $other)", 100),
    "between_two(a, b)": ("FROM between_two($h, $other)", 100),
    "ego(h)": ("FROM ego($h)", 100),
    "find(part)": ("FROM find('voice4321')", 100),
    "account_of(h)": ("SELECT account_of($h)", 100),
    "top_partners(20)": ("FROM top_partners(20)", 100),
    "why(h)": ("FROM why($h)", 100),
    "history(h)": ("FROM history($h)", 100),
}
"""Macro to its call, and the milliseconds promised for the typical account."""

_CANDIDATES = 5_000
_TABLES = """
    CREATE TABLE runs AS SELECT 'r' AS run_id, 'rmat' AS network, DATE '2026-01-01' AS as_of,
        'all' AS audience, TIMESTAMP '2026-01-01' AS finished_at, 1000 AS audience_size;
    CREATE TABLE "graph.accounts" AS SELECT node, 'id' || node AS account_id, 'voice' || node AS handle,
        'Voice ' || node AS display_name, count(*) AS followers_count, TRUE AS is_listed,
        FALSE AS is_in_audience, node < $candidates AS is_candidate
        FROM (SELECT follower AS node FROM follows UNION ALL SELECT followee FROM follows) GROUP BY node;
    CREATE TABLE partner_rankings AS SELECT 'r' AS run_id, 'rmat' AS network, 'all' AS audience,
        DATE '2026-01-01' AS as_of, row_number() OVER (ORDER BY node)::INTEGER AS rank,
        account_id, handle,
        'recommended' AS status, 0.5 AS trust, 0.4 AS trust_low, 0.6 AS trust_high, 0.1 AS shill_probability,
        0.05 AS shill_probability_low, 0.2 AS shill_probability_high
        FROM "graph.accounts" WHERE is_candidate;
    CREATE TABLE evidence AS SELECT run_id, audience, account_id, handle, 's' || n AS signal, 'trust' AS side,
        'for' AS direction, 0.5 AS value, 'A sentence.' AS sentence FROM partner_rankings, range(10) AS t(n)
"""

_MEASURED = """
    SELECT accounts.handle, degrees.followers,
        abs(degrees.followers - (SELECT median(all_of_them.followers) FROM graph.degrees AS all_of_them))
    FROM graph.accounts AS accounts JOIN graph.degrees AS degrees ON degrees.node = accounts.node
    WHERE accounts.is_candidate
"""


@dataclass(frozen=True)
class Timed:
    """One macro for one account.

    Attributes:
        wall_ms: median of the rounds.
        cpu_ms: the same, of all threads.
        rows: in the answer.
    """

    wall_ms: float
    cpu_ms: float
    rows: int


def measure(options):
    """Publish the graph where it is not there yet, and time every macro."""
    with open_published(published_graph(options)) as connection:
        connection.execute("SET threads = 2")
        typical, popular = some_accounts(connection)
        calls = {name: call for name, call in CALLS.items() if not options.only or name in options.only}
        usual = {name: timed(connection, call, typical, options.rounds) for name, (call, _) in calls.items()}
        large = {name: timed(connection, call, popular, options.rounds) for name, (call, _) in calls.items()}
    rows = [
        (
            f"`{name}`", f"{usual[name].cpu_ms:.0f}", f"{usual[name].wall_ms:.0f}", f"{usual[name].rows:,}",
            f"{large[name].cpu_ms:.0f}", f"{large[name].wall_ms:.0f}", f"{large[name].rows:,}",
        )
        for name in calls
    ]  # fmt: skip
    bars = [
        Bar(
            f"`{name}`, typical account",
            f"at most {most} CPU ms",
            f"{usual[name].cpu_ms:.0f} ms",
            usual[name].cpu_ms <= most,
        )
        for name, (_, most) in calls.items()
    ]
    head = ("macro", "CPU ms", "wall ms", "rows", "CPU ms, popular", "wall ms, popular", "rows, popular")
    return Part("Macros of the published file", ABOUT, table(head, rows), bars)


def published_graph(options):
    """A published file with a graph of the asked size; made once, then found again."""
    folder = options.scratch / f"published-{options.edges}-{options.seed}"
    path = folder / "partners.duckdb"
    if path.exists():
        return path
    shutil.rmtree(folder, ignore_errors=True)
    sources = folder / "sources"
    sources.mkdir(parents=True)
    follower, followee = rmat(options.edges, options.seed, 0, account_bits(options.edges))
    follows = pl.DataFrame({"follower": follower, "followee": followee}).filter(
        pl.col("follower") != pl.col("followee")
    )
    follows.write_parquet(sources / "follows.parquet")
    del follower, followee, follows
    with closing(duckdb.connect()) as connection:
        connection.read_parquet(str(sources / "follows.parquet")).create_view("follows")
        for statement in _TABLES.split(";"):
            asked = {"candidates": _CANDIDATES} if "$candidates" in statement else None
            connection.execute(statement, asked)
        connection.execute(f'CREATE TABLE "graph.adjacency" AS {sql_text("published/adjacency")}')
        tables = [name for (name,) in connection.execute("SHOW TABLES").fetchall() if name != "follows"]
        for name in tables:
            connection.table(f'"{name}"').write_parquet(str(sources / f"{name}.parquet"))
    publish_tables(
        path,
        {name: sources / f"{name}.parquet" for name in tables},
        lock=folder / "lock",
        scratch=folder / "scratch",
    )
    shutil.rmtree(sources)
    return path


def some_accounts(connection):
    """Parameters of the calls for a typical and for a popular account: `h`, and `other` of the same kind."""
    known = connection.execute(_MEASURED).fetchall()
    usual = sorted(known, key=lambda row: (row[2], row[0]))[:2]
    popular = sorted(known, key=lambda row: (-row[1], row[0]))[:2]
    return [{"h": one, "other": other} for (one, *_), (other, *_) in (usual, popular)]


def timed(connection, call, parameters, rounds):
    """The median of the rounds after one that warms up."""
    asked = {name: value for name, value in parameters.items() if f"${name}" in call}
    walls, cpus, rows = [], [], 0
    for turn in range(rounds + 1):
        wall, cpu = time.perf_counter(), time.process_time()
        rows = len(connection.execute(call, asked).fetchall())
        if turn:
            walls.append(1e3 * (time.perf_counter() - wall))
            cpus.append(1e3 * (time.process_time() - cpu))
    return Timed(median(walls), median(cpus), rows)
