"""The engine: values as parameters, whole files or none, no network, and Ctrl-C stays Ctrl-C."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import closing
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import engine as engine_module
from pipelines.engine import Engine, connect, passing_interrupts

STATEMENTS = {
    "order": "SELECT a FROM t ORDER BY a DESC",
    "value": "SELECT $text AS text, $number + 1 AS number",
    "late": "SELECT CASE WHEN a = 2 THEN error('late') ELSE 'fine' END AS a FROM t",
    "zone": "SELECT current_setting('TimeZone') AS zone",
    "endless": "SELECT sum(hash(a.i * b.i) % 7) AS s FROM range(1000000) AS a(i), range(1000000) AS b(i)",
    "remote": "SELECT * FROM read_parquet('https://example.invalid/x.parquet')",
    "extension": "SELECT st_point(1, 2) AS p",
}


@pytest.fixture
def engine(tmp_path, monkeypatch):
    monkeypatch.setattr(engine_module, "sql_text", STATEMENTS.__getitem__)
    return Engine(tmp_path / "scratch")


@pytest.fixture
def tables(tmp_path):
    path = tmp_path / "t's.parquet"
    pl.DataFrame({"a": [2, 3, 1]}).write_parquet(path)
    return {"t": path}


def test_rows_come_in_the_order_of_the_statement(engine, tables, tmp_path):
    assert engine.frame("order", tables)["a"].to_list() == [3, 2, 1]
    out = tmp_path / "new" / "out.parquet"
    assert engine.to_parquet("order", out, tables) == 3
    assert pl.read_parquet(out)["a"].to_list() == [3, 2, 1]


@pytest.mark.parametrize("text", ["'; DROP TABLE t; --", "", "🎉", "a\x00b", '"', "$number"])
def test_values_are_parameters_and_never_text_of_the_statement(engine, tables, text):
    found = engine.frame("value", tables, {"text": text, "number": 1})
    assert found.rows() == [(text, 2)]


def test_statements_share_a_database_and_nothing_in_it(engine, tables, tmp_path):
    assert engine.frame("order", tables).height == 3
    other = tmp_path / "other.parquet"
    pl.DataFrame({"a": [7]}).write_parquet(other)
    assert engine.frame("order", {"t": other})["a"].to_list() == [7]
    with pytest.raises(duckdb.CatalogException):
        engine.frame("order", {})
    assert engine.frame("zone", {}).row(0) == ("UTC",)
    engine.close()
    engine.close()
    assert engine.frame("order", tables).height == 3


def test_a_glob_reads_several_files(engine, tmp_path):
    for number in range(3):
        pl.DataFrame({"a": [number]}).write_parquet(tmp_path / f"part-{number}.parquet")
    assert engine.frame("order", {"t": tmp_path / "part-*.parquet"})["a"].to_list() == [2, 1, 0]


def test_a_failure_leaves_the_old_file_and_no_partial(engine, tables, tmp_path):
    out = tmp_path / "out" / "out.parquet"
    engine.to_parquet("order", out, tables)
    before = out.read_bytes()
    with pytest.raises(duckdb.Error, match="late"):
        engine.to_parquet("late", out, tables)
    with pytest.raises(duckdb.IOException):
        engine.to_parquet("order", out, {"t": tmp_path / "gone.parquet"})
    assert [path.name for path in out.parent.iterdir()] == ["out.parquet"]
    assert out.read_bytes() == before


def test_nothing_is_fetched_or_installed(engine, tables):
    with pytest.raises(duckdb.Error, match="httpfs"):
        engine.frame("remote", tables)
    with pytest.raises(duckdb.CatalogException):
        engine.frame("extension", tables)


def test_every_connection_is_in_utc_and_spills_where_it_is_told(tmp_path):
    with closing(connect(tmp_path / "spill")) as connection:
        settings = connection.execute(
            "SELECT current_setting('TimeZone'), current_setting('temp_directory')"
        ).fetchall()
    [(zone, spill)] = settings
    assert zone == "UTC"
    assert Path(spill).parent == tmp_path / "spill"
    assert not (tmp_path / "spill").exists()


@pytest.fixture
def heard_interrupts():
    """Ctrl-C raises, even where the tests were started in the background and would not hear it."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


@pytest.mark.usefixtures("heard_interrupts")
def test_ctrl_c_in_a_statement_stays_ctrl_c(engine, tables, tmp_path):
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        engine.to_parquet("endless", tmp_path / "out.parquet", tables)
    timer.join()
    assert not list(tmp_path.glob("*out.parquet*"))


def test_what_a_handler_of_its_own_raised_passes_as_it_is():
    class StopError(BaseException):
        pass

    with pytest.raises(StopError), passing_interrupts():
        raise RuntimeError("Query interrupted") from StopError()
    with pytest.raises(KeyboardInterrupt), passing_interrupts():
        raise duckdb.InterruptException("INTERRUPT Error: Interrupted!")


@pytest.mark.parametrize("cause", [None, ValueError("x")])
def test_other_errors_stay_what_they_are(cause):
    with pytest.raises(RuntimeError, match="defect"), passing_interrupts():
        raise RuntimeError("a defect") from cause
