"""From Parquet files of follows to dense ids and both compressed orders: CPU time, memory, the whole path.

The contenders are our kernels, our whole path as `vouch run` takes it (rules, repeated rows, balance, the
account index, everything written to the lake), and the two engines that people would use, DuckDB and polars:
distinct ids, a number for each, both ends joined to it, both orders by scipy.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

from tests.benchmarks.speed.graphs import write_follows
from tests.benchmarks.speed.measuring import Contender, compare
from tests.benchmarks.speed.parts import Bar, Part, table

KINDS = {"text": 250, "integer": 120}
"""Kind of ids to the CPU nanoseconds per follow that the kernels may take."""

MOST_BYTES = 32
BARS_FROM = 10_000_000
"""Follows from which there are bars: of a smaller graph the table of ids is most of the memory."""

KERNELS, WHOLE = "Vouch, kernels", "Vouch, whole path"
OURS_FIRST = {
    KERNELS: "kernels",
    WHOLE: "whole_path",
    "DuckDB joins": "duckdb_joins",
    "polars joins": "polars_joins",
}
ABOUT = """
Parquet files of follows, read from memory, to dense account numbers and both compressed orders, sorted and
without repeated rows and self-follows. *Kernels* is `graph.network.dense_ids` and
`graph.network.compressed_orders` behind the reader, all in memory, the orders written over the numbers that
they are made from (`overwrite`), as for a graph that is built once; *whole path* is what `vouch run` does
up to the stored graph, with the rules of the input contract, the repeated rows, the balance, the index of
accounts and everything written to the lake. DuckDB and polars number distinct ids and join both ends; scipy
makes their two orders. All use one thread. *The system's* is what the machine itself took, for the most
part to find memory: much where memory is lent to a virtual machine page by page. Bytes per follow are what
was resident at the peak beyond what was before the first section.
"""


def measure(options):
    """Both kinds of ids, every contender."""
    pieces, bars, stages = [], [], {}
    for kind, most in KINDS.items():
        folder = write_follows(options.scratch, options.edges, ids=kind, seed=options.seed)
        small = write_follows(options.scratch, 1_000, ids=kind, seed=options.seed)
        found = compare(
            [
                Contender(
                    name,
                    f"{__name__}:{call}",
                    {"folder": str(folder), "small": str(small), "scratch": str(options.scratch)},
                )
                for name, call in OURS_FIRST.items()
            ],
            options.rounds,
            options.only,
        )
        pieces += [
            f"**{kind.capitalize()} ids**",
            _table(found, options.edges),
            _sections(found, options.edges),
        ]
        answers = {str(one.answer) for one in found.values()}
        pieces.append(
            "All found the same graph." if len(answers) == 1 else f"**The graphs differ**: {answers}."
        )
        if KERNELS in found:
            bars += _bars(kind, most, found[KERNELS], options.edges)
            stages[f"{kind} ids, kernels"] = found[KERNELS].cpu_seconds
        if WHOLE in found:
            stages[f"{kind} ids, whole path"] = found[WHOLE].cpu_seconds
    return Part("Ingest", ABOUT, "\n\n".join(pieces), bars, stages)


def _bars(kind, most, ours, edges):
    if edges < BARS_FROM:
        return []
    cost, size = ours.nanoseconds(edges), ours.grown_bytes / edges
    return [
        Bar(f"{kind} ids to both orders, CPU per follow", f"≤ {most} ns", f"{cost:.0f} ns", cost <= most),
        Bar(
            f"{kind} ids, memory per follow", f"≤ {MOST_BYTES} bytes", f"{size:.0f} bytes", size <= MOST_BYTES
        ),
    ]


def _table(found, edges):
    ours = found.get(KERNELS)
    return table(
        (
            "contender",
            "CPU ns per follow",
            "of it the system's",
            "times our kernels",
            "bytes per follow",
            "CPU seconds",
            "rounds differ by",
        ),
        (
            (
                name,
                f"{one.nanoseconds(edges):.0f}",
                f"{one.system_seconds / edges * 1e9:.0f}",
                f"{one.cpu_seconds / ours.cpu_seconds:.1f}" if ours else "–",
                f"{one.grown_bytes / edges:.0f}",
                f"{one.cpu_seconds:.2f}",
                f"× {one.spread:.2f}",
            )
            for name, one in found.items()
        ),
    )


def _sections(found, edges):
    parts = [
        f"{name}: "
        + ", ".join(f"{section} {one.nanoseconds(edges, section):.0f}" for section in one.sections)
        for name, one in found.items()
    ]
    return "CPU ns per follow by section: " + "; ".join(parts) + "."


# contenders: each warms up on a small graph, then is measured ----------------------------------------


def kernels(watch, folder, small, scratch):
    """Our kernels behind polars' reader."""
    _kernels(Path(small), _unwatched)
    return _kernels(Path(folder), watch)


def _kernels(folder, watch):
    from graph.network.compressed_orders import both_orders  # noqa: PLC0415 - what one contender needs, the others do not
    from graph.network.dense_ids import IntegerIds, TextIds  # noqa: PLC0415

    files = sorted((folder / "follows").glob("*.parquet"))
    is_text = pl.read_parquet_schema(files[0])["follower_id"] == pl.String
    ids = TextIds() if is_text else IntegerIds()
    rows = sum(pl.scan_parquet(file).select(pl.len()).collect().item() for file in files)
    with watch("dense ids"):
        ends = [np.empty(rows, dtype=np.uint32) for _ in range(2)]
        at = 0
        for file in files:
            frame = pl.scan_parquet(file, glob=False)
            for batch in frame.collect_batches(chunk_size=1 << 18, maintain_order=True):
                for end, name in zip(ends, ("follower_id", "followee_id"), strict=True):
                    _number(ids, batch[name], end[at : at + batch.height])
                at += batch.height
        n = len(ids)
        del ids  # as of the joins, nothing but the numbers is left
    with watch("both orders"):
        orders = both_orders(n, *ends, overwrite=True)
    return _facts(orders.source_offsets, orders.target_offsets)


def _number(ids, column, out):
    at = 0
    for part in column.get_chunks():  # as they come: a column in one piece would be a copy
        room = out[at : at + len(part)]
        if part.dtype == pl.String:
            starts = np.zeros(len(part) + 1, dtype=np.int64)
            np.cumsum(part.str.len_bytes().to_numpy(), out=starts[1:])
            letters = part.cast(pl.Binary).cast(pl.List(pl.UInt8)).list.explode(empty_as_null=False)
            ids.number(starts, letters.to_numpy(), room)
        else:
            ids.number(part.to_numpy(), room)
        at += len(part)


def whole_path(watch, folder, small, scratch):
    """What `vouch run` does from the files to the stored graph."""
    with tempfile.TemporaryDirectory(prefix="whole-path-", dir=scratch) as home:
        _whole_path(Path(small), Path(home) / "small", _unwatched)
        return _whole_path(Path(folder), Path(home) / "large", watch)


def _whole_path(folder, home, watch):
    from assets.delivered import delivered_follows  # noqa: PLC0415
    from assets.graph import MEMORY_BYTES  # noqa: PLC0415
    from graph.arrays.scatter import NOTHING  # noqa: PLC0415
    from graph.network.followers import follower_graph_of_pieces  # noqa: PLC0415
    from pipelines.engine import Engine  # noqa: PLC0415
    from pipelines.ingest import ingest_dataset  # noqa: PLC0415
    from pipelines.lake import Lake  # noqa: PLC0415

    lake, engine, now = Lake(home), Engine(home), datetime.now(UTC)
    day = now.date().isoformat()
    inputs, stored = lake.inputs(day), lake.graph(day)
    with watch("inputs"):
        ingest_dataset(folder, inputs, now=now, as_of=now.date())
    with watch("account index"):
        names = ("accounts", "follow_ids", "interactions", "posts", "audience_owners")
        tables = {name: inputs / f"{name}.parquet" for name in names}
        n = engine.to_parquet("graph/accounts", stored / "accounts.parquet", tables)
    with watch("both orders"):
        follows = delivered_follows(inputs, stored / "accounts.parquet", engine)
        with lake.room(stored) as room:
            graph, _ = follower_graph_of_pieces(
                n,
                lambda: ((piece.follower, piece.followee, NOTHING) for piece in follows.pieces()),
                room=room,
                memory_bytes=MEMORY_BYTES,
            )
            room.keep("targets", "following", graph.n_follows)
            room.keep("sources", "followers", graph.n_follows)
    with watch("writing"):
        names = ("following_offsets", "follower_offsets")
        lake.write_arrays(stored, {name: getattr(graph, name) for name in names})
    return _facts(graph.following_offsets, graph.follower_offsets)


def duckdb_joins(watch, folder, small, scratch):
    """Distinct ids numbered and both ends joined, by DuckDB."""
    _joined(Path(small), _unwatched, _by_duckdb)
    return _joined(Path(folder), watch, _by_duckdb)


def polars_joins(watch, folder, small, scratch):
    """The same by polars."""
    _joined(Path(small), _unwatched, _by_polars)
    return _joined(Path(folder), watch, _by_polars)


def _joined(folder, watch, number):
    from scipy import sparse  # noqa: PLC0415

    with watch("dense ids"):
        follower, followee, n = number(folder / "follows" / "*.parquet")
    with watch("both orders"):
        other = follower != followee
        ends = follower[other], followee[other]
        rows = sparse.coo_array((np.ones(ends[0].size, dtype=np.int8), ends), shape=(n, n)).tocsr()
        rows.sum_duplicates()
        columns = rows.tocsc()
    return _facts(rows.indptr, columns.indptr)


def _by_duckdb(files):
    import duckdb  # noqa: PLC0415

    with duckdb.connect(config={"threads": 1}) as connection:
        connection.read_parquet(str(files)).create_view("follows")
        connection.execute(
            "CREATE TABLE ids AS SELECT id, (row_number() OVER () - 1)::UINTEGER AS number FROM "
            "(SELECT follower_id AS id FROM follows UNION SELECT followee_id FROM follows)"
        )
        found = connection.execute(
            "SELECT a.number AS follower, b.number AS followee FROM follows "
            "JOIN ids a ON follower_id = a.id JOIN ids b ON followee_id = b.id"
        ).fetchnumpy()
        n = connection.execute("SELECT count(*) FROM ids").fetchall()[0][0]
    return np.asarray(found["follower"]), np.asarray(found["followee"]), n


def _by_polars(files):
    follows = pl.scan_parquet(files)
    ids = pl.concat(
        [follows.select(pl.col(name).alias("id")) for name in ("follower_id", "followee_id")]
    ).unique()
    ids = ids.collect().with_row_index("number")
    found = follows
    for name, end in (("follower_id", "follower"), ("followee_id", "followee")):
        found = found.join(ids.lazy().rename({"number": end}), left_on=name, right_on="id", how="left")
    frame = found.select("follower", "followee").collect()
    return frame["follower"].to_numpy(), frame["followee"].to_numpy(), ids.height


def _facts(following, followers):
    """What must be the same whatever the numbers: accounts, follows, and how they are distributed."""
    counts = [np.sort(np.diff(offsets)).astype(np.int64) for offsets in (following, followers)]
    weights = [int((count * (np.arange(count.size) % 1009)).sum()) for count in counts]
    return [int(counts[0].size), int(counts[0].sum()), *weights]


class _Unwatched:
    """A watch that looks at nothing, for warming up."""

    def __call__(self, _section):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False


_unwatched = _Unwatched()
