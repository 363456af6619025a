"""The lake writes whole files or none, and gives every audience a folder of its own."""

from __future__ import annotations

import errno
import os
import re

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.lake import SOURCE_FILE, Lake, slug

HOSTILE_NAMES = [
    "", " ", ".", "..", "../../etc", "/etc/passwd", "A/B", "A\\B", "a-b", "A-B", "a/b", "a b", "CON", "con",
    "fans", "Fans", "FANS", "🎉", "🎊", "ファン", "x" * 500, "x" * 501, "line\nbreak", "nul\x00", "*", "?",
    "naïve", "naive", "e\u0301t\u00e9", "\u00e9t\u00e9", "-fans", "fans-", "--help",
]  # fmt: skip
FRAME = pl.DataFrame({"a": [1, 2]})


def leftovers(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_slug_is_one_harmless_folder_name(name, tmp_path):
    folder = Lake(tmp_path).audience("2024-05-31", name)
    assert folder.parent == tmp_path / "days" / "2024-05-31" / "audiences"
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*[a-z0-9]|[a-z0-9]", folder.name)
    assert len(folder.name) <= 60
    folder.mkdir(parents=True)


def test_different_names_never_share_a_folder():
    assert len({slug(name) for name in HOSTILE_NAMES}) == len(set(HOSTILE_NAMES))


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_no_name_takes_the_folder_of_another_one(name):
    """Whoever may name an audience could name one after another one's folder."""
    assert slug(slug(name)) != slug(name) or slug(name) == name


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text("aA-/ .é0f", max_size=6), unique=True, max_size=20))
def test_slugs_are_unique(names):
    assert len({slug(name).casefold() for name in names}) == len(names)


def test_readable_names_stay_readable():
    assert slug("runners-2024") == "runners-2024"
    assert slug("Northbean customers").startswith("northbean-customers-")


def test_inputs_are_there_where_it_is_said_what_they_come_from(tmp_path):
    lake = Lake(tmp_path)
    lake.write_frame(lake.inputs("2024-05-31") / "audience_members.parquet", FRAME)
    assert not lake.has_inputs("2024-05-31")
    lake.write_json(lake.inputs("2024-05-31") / SOURCE_FILE, {"network": "main"})
    assert lake.has_inputs("2024-05-31")
    assert lake.source("2024-05-31") == {"network": "main"}
    assert not lake.has_inputs("2024-06-01")


def test_writing_replaces_and_leaves_nothing_else(tmp_path):
    lake = Lake(tmp_path)
    path = tmp_path / "deep" / "frame.parquet"
    lake.write_frame(path, FRAME)
    lake.write_frame(path, FRAME.head(1))
    lake.write_json(path.with_name("a.json"), {"ü": [1, None]})
    lake.write_arrays(path.parent, {"x": np.arange(3), "y": np.zeros(0)})
    assert pl.read_parquet(path).height == 1
    assert lake.read_json(path.with_name("a.json")) == {"ü": [1, None]}
    assert np.load(path.with_name("x.npy"), mmap_mode="r").tolist() == [0, 1, 2]
    assert leftovers(tmp_path) == ["a.json", "frame.parquet", "x.npy", "y.npy"]


class BreakingFrame:
    """Writes half of itself, then the disk is full."""

    def write_parquet(self, path, **_):
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_failing_writer_leaves_the_old_file_and_no_partial(tmp_path):
    lake, path = Lake(tmp_path), tmp_path / "frame.parquet"
    lake.write_frame(path, FRAME)
    lake.write_json(tmp_path / "a.json", {"a": 1})
    before = path.read_bytes()
    with pytest.raises(OSError, match="No space"):
        lake.write_frame(path, BreakingFrame())
    endless: dict[str, object] = {}
    endless["a"] = endless
    with pytest.raises(ValueError, match="Circular"):
        lake.write_json(tmp_path / "a.json", endless)
    with pytest.raises(ValueError, match="allow_pickle"):
        lake.write_arrays(tmp_path, {"x": np.array([object()])})
    assert path.read_bytes() == before
    assert lake.read_json(tmp_path / "a.json") == {"a": 1}
    assert leftovers(tmp_path) == ["a.json", "frame.parquet"]


def test_an_interrupted_writer_leaves_no_partial(tmp_path):
    class Interrupted(BreakingFrame):
        def write_parquet(self, path, **_):
            path.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Lake(tmp_path).write_frame(tmp_path / "frame.parquet", Interrupted())
    assert leftovers(tmp_path) == []


def test_runs_come_in_the_order_of_their_ids_and_only_finished_ones(tmp_path):
    lake = Lake(tmp_path)
    for run_id in ("20240601T030000Z-ab12", "20240531T030000Z-ffff", "20240602T030000Z-0000"):
        lake.write_frame(lake.run(run_id, "Fans") / "run.parquet", FRAME)
    lake.write_frame(lake.run("20240603T030000Z-0000", "Fans") / "ranking.parquet", FRAME)
    lake.write_frame(lake.run("20240602T030000Z-0000", "fans") / "run.parquet", FRAME)
    days = [folder.parent.name[:8] for folder in lake.runs_of("Fans")]
    assert days == ["20240531", "20240601", "20240602"]
    assert len(lake.runs_of("fans")) == 1
    assert len(lake.runs()) == 4
    assert lake.runs_of("nobody") == Lake(tmp_path / "none").runs() == []
