"""The framework of the benchmarks: generated graphs, contenders in their own process, the page."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tests.benchmarks.speed import graphs
from tests.benchmarks.speed.measuring import Contender, compare
from tests.benchmarks.speed.pages import FLOOR, exponent, keep_part, write_page
from tests.benchmarks.speed.parts import Bar, Options, Part


def holds_memory(watch, megabytes):
    """A contender of the tests: holds so much and lets it go."""
    with watch("small"):
        pass
    with watch("large"):
        held = np.ones(megabytes << 20, dtype=np.uint8)
    return int(held[-1])


def fails(watch):
    raise SystemExit(3)


def test_each_section_has_its_own_peak_and_failures_are_left_out():
    here = "tests.benchmarks.speed.test_speed"
    contenders = [Contender("a", f"{here}:holds_memory", {"megabytes": 64}), Contender("b", f"{here}:fails")]
    found = compare(contenders, 1)
    assert set(found) == {"a"}
    one = found["a"]
    assert one.answer == 1
    assert 0 <= one.cpu_seconds <= one.process_cpu_seconds
    assert 0 <= one.system_seconds <= one.cpu_seconds + 0.02  # clocks of different grain
    assert one.sections["large"]["peak_bytes"] - one.sections["small"]["peak_bytes"] > 40 << 20
    assert one.grown_bytes > 60 << 20
    assert one.nanoseconds(1000) == pytest.approx(one.cpu_seconds * 1e6)


def test_a_graph_is_the_same_in_any_chunks_and_its_ids_stay_apart(tmp_path, monkeypatch):
    monkeypatch.setattr(graphs, "CHUNK", 700)
    folder = graphs.write_follows(tmp_path, 2000, seed=3)
    assert graphs.write_follows(tmp_path, 2000, seed=3) == folder
    written = pl.read_parquet(folder / "follows" / "*.parquet")
    bits = graphs.account_bits(2000)
    follower, followee = graphs.rmat(2000, 3)
    assert written["follower_id"].to_list() == graphs.integer_ids(follower, bits).tolist()
    assert written["followee_id"].to_list() == graphs.integer_ids(followee, bits).tolist()
    for width in (4, 5, 12):
        everybody = np.arange(1 << width, dtype=np.uint32)
        assert np.unique(graphs.shuffled(everybody, width)).tolist() == everybody.tolist()
    text = graphs.write_follows(tmp_path, 2000, ids="text", seed=3)
    assert (
        pl.read_parquet(text / "follows" / "*.parquet")["follower_id"].n_unique() == np.unique(follower).size
    )
    assert pl.read_parquet(text / "audience_members.parquet").height > 0


def test_the_page_holds_every_size_and_the_growth_between_them(tmp_path):
    for edges in (1_000_000, 10_000_000):
        costs = {"sort": edges / 1e6, FLOOR: (edges / 1e6) ** 1.5}
        part = Part("Ingest", "- about", "body", (Bar("a", "≤ 1", "2", False),), costs)
        keep_part("ingest", part, Options(edges, 3, 0, tmp_path), tmp_path)
    page = write_page(["ingest", "never measured"], tmp_path).read_text(encoding="utf-8")
    assert "### Ingest: 1,000,000 follows" in page
    assert "| a | ≤ 1 | 2 | **no** |" in page
    assert "| Ingest: sort, 1,000,000 to 10,000,000 follows | exponent ≤ 1.1 | 1.00 | yes |" in page
    assert f"*Ingest: {FLOOR}* grows with an exponent of 1.50 by itself" in page
    assert f"{FLOOR}, 1,000,000 to" not in page  # the machine has no bar to hold
    assert "never measured" not in page
    assert "Ingest: sort, exponent 1.00" in (tmp_path / "benchmarks" / "growth-ingest.svg").read_text(
        encoding="utf-8"
    )
    assert exponent({10: 1.0, 100: 100.0}) == 2.0
