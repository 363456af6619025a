"""What goes wrong at size, with real files: ids beyond 64 bits, a file cut off, a disk that fills."""

from __future__ import annotations

import resource
from contextlib import contextmanager

import polars as pl
import pytest

from pipelines.ingest.errors import InputFaultsError, OutputFolderError

BEYOND = [2**63 + 1, 2**63 + 2, 2**64 - 1]


@contextmanager
def room_for_files_of(size):
    """A disk on which no file may grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_ids_beyond_2_to_the_63_keep_every_digit(data, ingest, rows, kind):
    (data / "follows.csv").unlink()
    frame = pl.DataFrame(
        {"follower_id": pl.Series(BEYOND, dtype=pl.UInt64), "followee_id": [-1, -1, -(2**62)]}
    )
    (frame.write_csv if kind == "csv" else frame.write_parquet)(data / f"follows.{kind}")
    (data / "audience_members.csv").write_text(f"audience,account_id\nfans,{BEYOND[0]}\n")
    report = ingest()
    assert report.follows_are_plain == (kind == "parquet")
    assert rows("follows", "follower_id", "followee_id") == [
        (str(follower), str(followee)) for follower, followee in frame.rows()
    ]


@pytest.mark.parametrize("rest", [0.2, 0.5, 0.99])
def test_parquet_cut_in_the_middle_names_the_file_and_the_former_result_stays(data, ingest, rows, rest):
    ingest()
    (data / "follows.csv").unlink()
    follows = pl.DataFrame({"follower_id": range(5_000), "followee_id": [7] * 5_000})
    follows.write_parquet(data / "follows.parquet", row_group_size=500)
    whole = (data / "follows.parquet").read_bytes()
    (data / "follows.parquet").write_bytes(whole[: int(len(whole) * rest)])
    with pytest.raises(InputFaultsError) as caught:
        ingest()
    assert "follows.parquet: is not a whole Parquet file" in str(caught.value.details)
    assert "again" in str(caught.value.details)
    assert len(rows("follows")) == 2


def test_parquet_with_a_damaged_page_names_the_file(data, ingest, rows):
    ingest()
    (data / "follows.csv").unlink()
    follows = pl.DataFrame({"follower_id": [f"u{n}" for n in range(5_000)], "followee_id": ["v"] * 5_000})
    follows.write_parquet(data / "follows.parquet", row_group_size=500)
    whole = bytearray((data / "follows.parquet").read_bytes())
    whole[len(whole) // 3 : len(whole) // 3 + 400] = bytes(400)
    (data / "follows.parquet").write_bytes(whole)
    with pytest.raises(InputFaultsError) as caught:
        ingest()
    assert "follows.parquet" in str(caught.value.details)
    assert len(rows("follows")) == 2


def test_csv_cut_in_the_middle_of_a_row_loses_that_row_alone_and_says_so(data, ingest, rejects):
    (data / "follows.csv").write_text("follower_id,followee_id\na,b\nc,b\nd")
    report = ingest()
    assert report.table("follows").rows_kept == 2
    assert rejects() == [("follows.csv", 4, None, "d", "too_few_columns")]


@pytest.mark.parametrize(
    "ids", [range(50_000), [f"u{n % 9}" for n in range(50_000)]], ids=["numbers", "text"]
)
def test_a_disk_that_fills_names_the_file_and_the_former_result_stays(data, ingest, rows, ids):
    ingest()
    (data / "follows.csv").unlink()
    pl.DataFrame({"follower_id": ids, "followee_id": ids}).write_parquet(data / "follows.parquet")
    with room_for_files_of(100_000), pytest.raises(OutputFolderError, match="no room left") as caught:
        ingest()
    assert "follower.npy does not fit" in str(caught.value.details)
    assert "--home" in str(caught.value)
    assert len(rows("follows")) == 2
