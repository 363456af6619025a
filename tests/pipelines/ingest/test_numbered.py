"""Follows that need no look at every value are read on a short way, and come out as on the long one."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.ingest import gathering, ingest_dataset
from pipelines.ingest.errors import InputFaultsError
from pipelines.ingest.numbered import follows_of
from tests.pipelines.ingest.conftest import AS_OF, NOW

MOMENTS = [None, datetime(2024, 1, 1, 3), datetime(2024, 5, 31, 23, 59), datetime(2024, 6, 1, 0, 0, 1)]  # noqa: DTZ001
FAR = datetime(1980, 1, 1)  # noqa: DTZ001


@pytest.fixture
def read(tmp_path):
    """Ingest frames of follows; returns what can be compared, and whether the short way was taken."""
    number = iter(range(10_000))

    def run(frames, *, plain=True, toml="", **options):
        folder = tmp_path / str(next(number))
        (folder / "data" / "follows").mkdir(parents=True)
        for place, frame in enumerate(frames):
            frame.write_parquet(folder / "data" / "follows" / f"{place}.parquet")
        (folder / "data" / "audience_members.csv").write_text("audience,account_id\nfans,1\n")
        (folder / "data" / "accounts.csv").write_text("account_id,handle\n1,one\n")
        if toml:
            (folder / "data" / "dataset.toml").write_text(toml)
        ways = []
        with pytest.MonkeyPatch.context() as patch:
            original = gathering.is_plain
            patch.setattr(gathering, "is_plain", lambda files: plain and original(files))
            numbered = gathering.read_numbered

            def short_way(*arguments, **named):
                found = numbered(*arguments, **named)
                ways.append("short")
                return found

            patch.setattr(gathering, "read_numbered", short_way)
            report = ingest_dataset(
                folder / "data", folder / "inputs", now=NOW, as_of=AS_OF, reject_limit=1.0, **options
            )
        ids = pl.read_parquet(folder / "inputs" / "follow_ids.parquet")
        rows = follows_of(folder / "inputs", ids["account_id"].to_list()).rows()
        rejects = pl.read_parquet(folder / "inputs" / "rejects.parquet").rows()
        named = (
            ids.filter(pl.col("follows_listed") + pl.col("followers_listed") > 0)
            .drop("number")
            .sort("account_id")
        )
        facts = (rows, report.table("follows"), rejects, report.observed_until, named.rows())
        return (facts, bool(ways))

    return run


IDS = st.sampled_from(["1", "2", "3", "é" * 9, "a much longer account id", "10"])
ODD_IDS = st.sampled_from([" 1", "", None, "1e+18", '{"a": 1}', "x" * 1001])
TIMES = st.sampled_from(MOMENTS)


def text_frame(rows):
    schema = {"follower_id": pl.String, "followee_id": pl.String, "followed_at": pl.Datetime("us")}
    return pl.DataFrame(rows, schema | {"unfollowed_at": pl.Datetime("ms"), "extra": pl.Int8}, orient="row")


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.tuples(IDS, IDS, TIMES, TIMES, st.none()), max_size=12), min_size=1, max_size=2),
    st.lists(st.tuples(IDS | ODD_IDS, IDS, st.just(FAR) | TIMES, TIMES, st.none()), max_size=1),
)
def test_the_short_way_says_what_the_long_one_says(read, tables, odd):
    frames = [text_frame(rows) for rows in (*tables, odd)]
    assert read(frames)[0] == read(frames, plain=False)[0]


@pytest.mark.parametrize("kind", [pl.Int64, pl.Int32, pl.UInt64])
def test_integers_and_times_that_come_up_late(read, kind):
    ends = [5, -7 if kind != pl.UInt64 else 2**63 + 9, 5, 5, 3]
    first = pl.DataFrame(
        {"follower_id": ends, "followee_id": [1, 1, 1, 5, 3]}, {"follower_id": kind, "followee_id": kind}
    )
    second = first.with_columns(followed_at=pl.Series([*MOMENTS, None], dtype=pl.Datetime("us")))
    found, is_short = read([first, second])
    assert is_short
    assert found == read([first, second], plain=False)[0]
    assert found[1].rows_in == 10
    assert found[1].rows_after_as_of == 1


def test_a_row_that_breaks_a_rule_goes_the_long_way_with_its_line(read):
    found, is_short = read([text_frame([("1", "2", None, None, None), ("1", None, None, None, None)])])
    assert not is_short
    assert found[1].rows_rejected == 1
    assert found[2][0][:4] == ("follows", "follows/0.parquet", 2, "followee_id")


@pytest.mark.parametrize(
    "toml",
    [
        '[follows]\nfollower_id = {value = "9"}\n',
        '[follows]\nfollower_id = "followee_id"\nfollowee_id = "follower_id"\n',
    ],
)
def test_a_mapping_counts_on_either_way(read, toml):
    frames = [text_frame([("1", "2", None, None, None), ("3", "2", None, None, None)])]
    assert read(frames, toml=toml)[0] == read(frames, plain=False, toml=toml)[0]


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("kind", [pl.Int64, pl.String])
def test_more_accounts_than_can_be_numbered_are_told(read, kind, plain):
    ends = pl.DataFrame({"follower_id": [1, 2, 3], "followee_id": [4, 4, 4]}).cast(kind)
    assert read([ends], plain=plain, most_accounts=4)[0][1].rows_kept == 3
    with pytest.raises(InputFaultsError) as caught:
        read([ends], plain=plain, most_accounts=3)
    assert "more than 3 different account ids" in str(caught.value.details)
    assert "Split it" in str(caught.value.details)


def test_many_rows_in_many_batches(read, monkeypatch):
    drawn = np.random.default_rng(4).integers(0, 60, (2, 3_000))
    frame = pl.DataFrame({"follower_id": drawn[0], "followee_id": drawn[1]})
    monkeypatch.setattr("pipelines.ingest.numbered._BATCH_ROWS", 256)
    found, is_short = read([frame, frame.head(7)])
    assert is_short
    assert found == read([frame, frame.head(7)], plain=False)[0]
    assert found[1].rows_merged > 0
