from __future__ import annotations

import tomllib

import polars as pl
import pytest
from click.testing import CliRunner
from polars.testing import assert_frame_equal

from pipelines.demo_world import FORMATS, TABLES, DemoWorldError, write_world
from pipelines.demo_world.__main__ import main


def _read_back(path, name: str) -> pl.DataFrame:
    as_text = {
        column: pl.String if kind == pl.Datetime("us") else kind for column, kind in TABLES[name].items()
    }
    if path.suffix == ".parquet":
        return pl.read_parquet(path)
    read = pl.read_csv if path.suffix == ".csv" else pl.read_ndjson
    table = read(path, schema=as_text)
    moments = [column for column, kind in TABLES[name].items() if kind == pl.Datetime("us")]
    return table.with_columns(pl.col(moments).str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us"))


@pytest.mark.parametrize("file_format", FORMATS)
def test_round_trip(small_world, tmp_path, file_format):
    folder = write_world(small_world, tmp_path / "new" / "folder", file_format=file_format)
    for name, table in small_world.tables.items():
        assert_frame_equal(_read_back(folder / f"{name}.{file_format}", name), table)
    assert_frame_equal(pl.read_parquet(folder / "truth.parquet"), small_world.truth)
    assert tomllib.loads((folder / "dataset.toml").read_text())["network"] == "demo"


def test_readme_says_that_it_is_generated_from_what(small_world, tmp_path):
    text = (write_world(small_world, tmp_path) / "README.txt").read_text()
    assert "GENERATED" in text
    assert "seed      5" in text
    assert "accounts  1,000" in text
    assert f"{small_world.tables['follows'].height:,} rows" in text


def test_writing_again_in_another_format_leaves_one_file_per_table(small_world, tmp_path):
    write_world(small_world, tmp_path, file_format="csv")
    write_world(small_world, tmp_path, file_format="parquet")
    assert not list(tmp_path.glob("*.csv"))


def test_what_is_the_same_again_is_left_as_it_was(small_world, tmp_path):
    write_world(small_world, tmp_path)
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    (tmp_path / "brands.parquet").write_bytes(b"something else")
    write_world(small_world, tmp_path)
    after = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert before.keys() == after.keys()
    assert {name for name in before if before[name] != after[name]} == {"brands.parquet"}


def test_an_unknown_format_is_refused(small_world, tmp_path):
    with pytest.raises(DemoWorldError, match="no format 'xml'"):
        write_world(small_world, tmp_path, file_format="xml")


def test_a_folder_that_cannot_be_made_is_a_handled_error(small_world, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DemoWorldError) as caught:
        write_world(small_world, tmp_path / "file" / "folder")
    assert caught.value.remedy


def test_command_writes_a_folder_and_says_where(tmp_path):
    result = CliRunner().invoke(
        main, [str(tmp_path / "w"), "--seed", "4", "--accounts", "1000", "--format", "csv"]
    )
    assert result.exit_code == 0
    assert result.output.strip() == str(tmp_path / "w")
    assert (tmp_path / "w" / "follows.csv").exists()


def test_command_refuses_a_world_that_is_too_small(tmp_path):
    result = CliRunner().invoke(main, [str(tmp_path / "w"), "--accounts", "10"])
    assert result.exit_code == 1
    assert "at least 1,000" in result.stderr
