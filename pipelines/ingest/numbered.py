"""The follows of the lake: their ends as numbers in .npy files, the ids of the numbers in one Parquet file.

`read_numbered` takes files of follows that can be judged without looking at every value as text: Parquet,
ids that are integers or text, times that are times. Ids are judged once each, not once per follow. Where any
row needs more than that (a missing or refused value, a mapping, a text that must be trimmed), it takes
nothing, and the follows go the way of every other table; `number_follows` then numbers what came of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

import numpy as np
import polars as pl

from graph.arrays.mapped import pieces
from graph.arrays.scatter import counts_of_entries
from graph.network.delivered_follows import FOLDER, NO_TIME, DeliveredFollows, open_delivered_follows
from graph.network.dense_ids import MOST_IDS, IntegerIds, TextIds
from graph.network.repeats import last_of_each
from pipelines.engine import sql_text
from pipelines.flat_arrays import HEADER_BYTES, header
from pipelines.ingest.errors import is_full_disk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    import duckdb

    from pipelines.ingest.mapping import ColumnSource
    from pipelines.ingest.reuse import FormerFollows

IDS_FILE = "follow_ids.parquet"
_ENDS = ("follower_id", "followee_id")
_TIMES = ("followed_at", "unfollowed_at")
_BATCH_ROWS = 1 << 20
_READ_ROWS = 1 << 18  # a row that is read takes some 100 bytes until it is two numbers
_EARLIEST = np.datetime64("1990-01-01", "us").astype(np.int64)
_INTEGERS = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32)


class NotPlainError(Exception):
    """Some row needs a look at every value; the follows are read as every other table is."""


@dataclass(frozen=True)
class NumberedFollows:
    """What became of the rows of the follows.

    Attributes:
        rows_in: Rows read.
        rows_kept: Rows in the lake.
        rows_merged: Rows that a later row with the same ends replaced.
        rows_after_as_of: Rows that happened after the as-of day.
        latest: The latest time of a kept follow, or None where none is known.
        to_oneself: Kept rows in which an account follows itself.
    """

    rows_in: int
    rows_kept: int
    rows_merged: int = 0
    rows_after_as_of: int = 0
    latest: datetime | None = None
    to_oneself: int = 0


@dataclass(frozen=True)
class FollowsFile:
    """A Parquet file of follows and where its columns are.

    Attributes:
        path: The file.
        bound: Column of the contract to its source.
        rows: Its rows.
    """

    path: Path
    bound: Mapping[str, ColumnSource]
    rows: int

    def columns(self) -> dict[str, str]:
        """Contract column to the column of the file, of those that are delivered.

        Raises:
            NotPlainError: Where a column is mapped in any way but by its name.
        """
        if not self.rows:
            return {}
        for source in self.bound.values():
            is_mapped = source.values or source.unit or source.time_format or source.lookup is not None
            if source.column is None or is_mapped or source.is_handle:
                raise NotPlainError
        names = {name.strip().casefold(): name for name in pl.read_parquet_schema(self.path)}
        try:
            return {
                column: names[(source.column or "").strip().casefold()]
                for column, source in self.bound.items()
            }
        except KeyError as error:
            raise NotPlainError from error


def is_plain(files: Sequence[FollowsFile]) -> bool:
    """Whether the types of all columns are such that ids and times need no reading as text."""
    try:
        kinds = [
            (column, pl.read_parquet_schema(file.path)[name])
            for file in files
            for column, name in file.columns().items()
        ]
    except (NotPlainError, pl.exceptions.PolarsError, OSError):
        return False
    return all(
        kind in {pl.Datetime("us"), pl.Datetime("ms")}
        if column in _TIMES
        else kind in {pl.String, pl.UInt64, *_INTEGERS}  # beyond 2**63 an id is numbered as text
        for column, kind in kinds
    )


def read_numbered(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[FollowsFile],
    out: Path,
    *,
    latest_time: datetime,
    cutoff: datetime,
    most_ids: int = MOST_IDS,
    former: FormerFollows | None = None,
) -> NumberedFollows:
    """Read plain files of follows into the lake's folder.

    Args:
        connection: Carries the macros of the contract.
        files: In the order in which they are read.
        out: The folder of the lake's tables.
        latest_time: The latest time that is believed (UTC, naive).
        cutoff: The first moment after the as-of day (UTC, naive).
        most_ids: Accounts that a network may have.
        former: Follows that were read before; `files` come after theirs.

    Raises:
        NotPlainError: Where any row needs more; nothing of what was written counts then.
        TooManyIdsError: With more accounts than that.
    """
    kinds = {
        kind
        for file in files
        for column, name in file.columns().items()
        if column in _ENDS and (kind := pl.read_parquet_schema(file.path)[name])
    }
    writer = _Writer(out, is_text=former is not None or not kinds <= set(_INTEGERS), most_ids=most_ids)
    limits = [int(np.datetime64(moment, "us").astype(np.int64)) for moment in (latest_time, cutoff)]
    left_out: list[pl.Series] = []
    with writer:
        taken_over = writer.take_over(former.inputs) if former is not None else 0
        for file in files:
            for batch in _batches(file):
                kept, late = _judged_times(batch, *limits)
                writer.add(kept)
                left_out += _ids_of(late)
    ids = writer.ids()
    if writer.is_text:
        # a row that breaks a rule is refused before it is left out for its time
        refuse_unusual(connection, pl.concat([ids.cast(pl.String), *left_out]))
    rows_in = sum(file.rows for file in files)
    after = rows_in - (writer.rows - taken_over)
    merged = writer.merge_repeats(len(ids), taken_over)
    if former is not None:
        rows_in, merged = rows_in + former.report.rows_in, merged + former.report.rows_merged
    return _finish(out, ids, rows_in=rows_in, merged=merged, after=after)


def follows_of(out: Path, followees: Sequence[str]) -> pl.DataFrame:
    """The follows of some accounts under the names of the contract, in their order."""
    ids = pl.read_parquet(out / IDS_FILE, columns=["account_id"])["account_id"]
    follows = open_delivered_follows(out)
    wanted = np.zeros(len(ids), dtype=bool)
    wanted[ids.is_in(list(followees)).arg_true().to_numpy()] = True
    starts = range(0, follows.followee.size, _BATCH_ROWS)
    rows = [np.flatnonzero(wanted[follows.followee[at : at + _BATCH_ROWS]]) + at for at in starts]
    row = np.concatenate([np.zeros(0, dtype=np.int64), *rows])
    return pl.DataFrame(
        {
            "follower_id": ids.gather(follows.follower[row]),
            "followee_id": ids.gather(follows.followee[row]),
            "followed_at": _moments(follows.followed_at, row),
            "unfollowed_at": _moments(follows.unfollowed_at, row),
        }
    )


def _moments(times: np.ndarray | None, row: np.ndarray) -> pl.Series:
    if times is None:
        return pl.Series([None] * row.size, dtype=pl.Datetime("us"))
    return pl.Series(times[row]).replace(int(NO_TIME), None).cast(pl.Datetime("us"))


def number_follows(path: Path, out: Path, most_ids: int = MOST_IDS) -> NumberedFollows:
    """Number the follows of a Parquet file that has the contract's columns and keeps its promises."""
    rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    writer = _Writer(out, is_text=True, most_ids=most_ids)
    with writer:
        for batch in _parquet_batches(path, (*_ENDS, *_TIMES)):
            writer.add(batch)
    return _finish(out, writer.ids(), rows_in=rows, merged=0, after=0)


def refuse_unusual(connection: duckdb.DuckDBPyConnection, ids: pl.Series) -> None:
    """Raise `NotPlainError` where an id breaks a rule of the contract or must be trimmed."""
    view = "follow_ids_to_judge"
    connection.register(view, _Stream(ids.to_frame("account_id")))
    try:
        if connection.sql(sql_text("ingest/unusual_ids")).fetchall()[0][0]:
            raise NotPlainError
    finally:
        connection.unregister(view)


class _Stream:
    """A frame that shows nothing but its Arrow stream, which DuckDB scans without any other library."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def _batches(file: FollowsFile) -> Iterator[pl.DataFrame]:
    """The rows of a file under the names of the contract."""
    columns = file.columns()
    if not columns:
        return
    for batch in _parquet_batches(file.path, tuple(columns.values())):
        yield batch.select(pl.col(name).alias(column) for column, name in columns.items())


def _parquet_batches(path: Path, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
    try:
        frame = pl.scan_parquet(path, glob=False).select(list(dict.fromkeys(columns)))
        yield from frame.collect_batches(chunk_size=_READ_ROWS, maintain_order=True)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        if is_full_disk(error):
            raise
        raise NotPlainError from error  # the common way says what is wrong with the file


def _ids_of(late: pl.DataFrame) -> list[pl.Series]:
    """The distinct ids of rows that are left out.

    Raises:
        NotPlainError: Where an id is missing.
    """
    ends = [late[name] for name in _ENDS]
    if any(end.null_count() for end in ends):
        raise NotPlainError
    return [end.cast(pl.String).unique() for end in ends if end.len()]


def _judged_times(batch: pl.DataFrame, latest: int, cutoff: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows up to the as-of day, an end that had not happened yet cleared, and the rows after it.

    Raises:
        NotPlainError: Where a rule refuses a time.
    """
    times = [name for name in _TIMES if name in batch.columns]
    if not times:
        return batch, batch.clear()
    batch = batch.with_columns(pl.col(name).dt.cast_time_unit("us") for name in times)
    number = {name: pl.col(name).to_physical() for name in times}
    is_refused = pl.any_horizontal(
        *((number[name] < int(_EARLIEST)) | (number[name] > latest) for name in times)
    )
    if batch.select(is_refused.any()).item():
        raise NotPlainError
    if "unfollowed_at" in number:
        ends = pl.when(number["unfollowed_at"] < cutoff).then("unfollowed_at").alias("unfollowed_at")
        batch = batch.with_columns(ends)
    if "followed_at" not in number:
        return batch, batch.clear()
    is_in_time = (number["followed_at"] < cutoff).fill_null(value=True)
    return batch.filter(is_in_time), batch.filter(~is_in_time)


@dataclass
class _Writer:
    """Numbers the ids of batches and appends the rows to the arrays of the lake."""

    out: Path
    is_text: bool
    most_ids: int
    rows: int = 0
    _files: dict[str, IO[bytes]] = field(default_factory=dict)
    _new: list[pl.Series] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._table = (TextIds if self.is_text else IntegerIds)(self.most_ids)
        self.folder = self.out / FOLDER

    def __enter__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        for name in ("follower", "followee", *_TIMES):
            self._path(name).unlink(missing_ok=True)
        self._open("follower", "followee")

    def __exit__(self, *_: object) -> None:
        for name, file in self._files.items():
            kind = np.int64 if name in _TIMES else np.uint32
            file.seek(0)
            file.write(header(self.rows, kind))
            file.close()

    def add(self, batch: pl.DataFrame) -> None:
        """Append rows.

        Raises:
            NotPlainError: Where an id is missing.
        """
        if not batch.height:
            return
        if batch["follower_id"].null_count() or batch["followee_id"].null_count():
            raise NotPlainError
        for name, column in (("follower", "follower_id"), ("followee", "followee_id")):
            self._append(name, self._number(batch[column]))
        for name in _TIMES:
            if name in batch.columns and batch[name].null_count() < batch.height:
                self._open(name)
            if name in self._files:
                self._fill(name)
                self._append(name, self._times(batch, name))
        self.rows += batch.height

    def ids(self) -> pl.Series:
        """The id of each number, as text."""
        if isinstance(self._table, IntegerIds):
            return pl.Series("account_id", self._table.ids).cast(pl.String)
        return (
            pl.concat(self._new).alias("account_id") if self._new else pl.Series("account_id", [], pl.String)
        )

    def take_over(self, inputs: Path) -> int:
        """Begin with the follows of another folder; how many there are."""
        ids = pl.read_parquet(inputs / IDS_FILE, columns=["account_id"])["account_id"]
        for start in range(0, len(ids), _BATCH_ROWS):
            self._number(ids.slice(start, _BATCH_ROWS))
        follows = open_delivered_follows(inputs)
        for name in ("follower", "followee", *_TIMES):
            array = getattr(follows, name)
            if array is not None:
                self._open(name)
                for start in range(0, array.size, _BATCH_ROWS):
                    self._append(name, array[start : start + _BATCH_ROWS])
        self.rows = int(follows.follower.size)
        return self.rows

    def merge_repeats(self, n_ids: int, distinct: int = 0) -> int:
        """Keep the last of rows with the same ends; how many were merged into it.

        Args:
            n_ids: Numbers that are given.
            distinct: So many rows at the beginning are known to differ from each other.
        """
        follows = open_delivered_follows(self.out)
        if distinct and not _repeats_after(distinct, follows, n_ids):
            return 0
        stays = last_of_each(n_ids, follows.follower, follows.followee)
        if stays is None:
            return 0
        kept = int(np.count_nonzero(stays))
        for name in [name for name in ("follower", "followee", *_TIMES) if name in self._files]:
            array, aside = getattr(follows, name), self._path(name).with_suffix(".partial")
            with aside.open("wb") as file:
                file.write(header(kept, array.dtype))
                for rows, piece in pieces(stays, array):
                    file.write(np.ascontiguousarray(piece[rows]).data)
            aside.replace(self._path(name))
        return int(stays.size) - kept

    def _number(self, ids: pl.Series) -> np.ndarray:
        before = len(self._table)
        if isinstance(self._table, IntegerIds):
            return self._table.number(ids.cast(pl.Int64).to_numpy())
        text = ids.cast(pl.String)
        starts = np.zeros(len(text) + 1, dtype=np.int64)
        np.cumsum(text.str.len_bytes().to_numpy(), out=starts[1:])
        letters = text.cast(pl.Binary).cast(pl.List(pl.UInt8)).list.explode(empty_as_null=False).to_numpy()
        numbers = self._table.number(starts, letters)
        if len(self._table) > before:
            highest = np.maximum.accumulate(numbers.astype(np.int64))
            is_new = highest > np.concatenate(([before - 1], np.maximum(highest[:-1], before - 1)))
            self._new.append(text.filter(pl.Series(is_new)))
        return numbers

    def _times(self, batch: pl.DataFrame, name: str) -> np.ndarray:
        if name not in batch.columns:
            return np.full(batch.height, NO_TIME)
        return batch[name].to_physical().fill_null(int(NO_TIME)).to_numpy()

    def _open(self, *names: str) -> None:
        for name in names:
            if name not in self._files:
                self._files[name] = self._path(name).open("w+b")
                self._files[name].write(header(0, np.int64 if name in _TIMES else np.uint32))

    def _fill(self, name: str) -> None:
        """Times that came up late: the rows before have none."""
        file = self._files[name]
        missing = self.rows - (file.tell() - HEADER_BYTES) // np.dtype(np.int64).itemsize
        while missing > 0:
            piece = min(missing, _BATCH_ROWS)
            self._append(name, np.full(piece, NO_TIME))
            missing -= piece

    def _append(self, name: str, array: np.ndarray) -> None:
        """Write rows to the end of a file; an error names it, which that of a stream does not."""
        try:
            self._files[name].write(np.ascontiguousarray(array).data)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self._path(name))) from error

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.npy"


def _repeats_after(distinct: int, follows: DeliveredFollows, n_ids: int) -> bool:
    """Whether any row after the first `distinct` has the ends of another row."""
    new = [np.asarray(end[distinct:]) for end in (follows.follower, follows.followee)]
    if last_of_each(n_ids, *new) is not None:
        return True
    named = [np.bincount(end, minlength=n_ids) > 0 for end in new]
    pairs = _keys(*new)
    for start in range(0, distinct, _BATCH_ROWS):
        old = [
            end[start : min(start + _BATCH_ROWS, distinct)] for end in (follows.follower, follows.followee)
        ]
        row = np.flatnonzero(named[0][old[0]] & named[1][old[1]])
        if np.isin(_keys(old[0][row], old[1][row]), pairs).any():
            return True
    return False


def _keys(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Both ends in one number."""
    return (first.astype(np.uint64) << np.uint64(32)) | second


def _finish(out: Path, ids: pl.Series, *, rows_in: int, merged: int, after: int) -> NumberedFollows:
    """Write the ids with how often each is an end of a kept follow, and say what became of the rows."""
    follows = open_delivered_follows(out)
    counts = {
        "follows_listed": counts_of_entries(len(ids), follows.follower),
        "followers_listed": counts_of_entries(len(ids), follows.followee),
    }
    frame = pl.DataFrame({"number": np.arange(len(ids), dtype=np.uint32), "account_id": ids, **counts})
    frame.write_parquet(out / IDS_FILE, compression="zstd")
    to_oneself = sum(
        int(np.count_nonzero(follower == followee))
        for follower, followee in pieces(follows.follower, follows.followee)
    )
    return NumberedFollows(rows_in, int(follows.follower.size), merged, after, _latest(follows), to_oneself)


def _latest(follows: DeliveredFollows) -> datetime | None:
    if follows.followed_at is None or not follows.followed_at.size:
        return None
    latest = max(int(piece.max()) for (piece,) in pieces(follows.followed_at))
    return None if latest == NO_TIME else np.datetime64(latest, "us").item()
