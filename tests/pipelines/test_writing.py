"""Files that are written aside: whole or not at all, and nothing of killed writers stays."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pipelines.writing import clear_leftovers, folder_aside, written_aside, written_where_new


def test_a_file_is_replaced_when_all_went_well_and_else_stays(tmp_path):
    place = tmp_path / "folder" / "file"
    with written_aside(place) as partial:
        partial.write_text("first", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), written_aside(place) as partial:
        partial.write_text(f"{1 / 0}", encoding="utf-8")
    assert [path.name for path in place.parent.iterdir()] == ["file"]
    assert place.read_text(encoding="utf-8") == "first"


@pytest.mark.parametrize(("text", "stays"), [("first", True), ("other", False)])
def test_a_file_that_holds_the_same_keeps_the_time_of_its_last_change(tmp_path, text, stays):
    place = tmp_path / "file"
    for again in (False, True):
        with written_where_new(place) as partial:
            partial.write_text(text if again else "first", encoding="utf-8")
        if not again:
            os.utime(place, ns=(5, 7))
    assert place.read_text(encoding="utf-8") == text
    assert (place.stat().st_mtime_ns == 7) is stays
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_killed_writers_left_is_removed_and_what_others_write_stays(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (tmp_path / f".targets.{dead.pid}.partial").touch()
    (tmp_path / f".inputs.{dead.pid}.partial").mkdir()
    (tmp_path / f".inputs.{dead.pid}.partial" / "follows.npy").touch()
    mine, other = f".targets.{os.getpid()}.partial", ".notes.partial"
    for name in (mine, other, "accounts.parquet"):
        (tmp_path / name).touch()
    clear_leftovers(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {mine, other, "accounts.parquet"}


def test_a_folder_aside_is_gone_at_the_end_and_what_a_killed_writer_left_at_the_beginning(tmp_path):
    program = (
        "import os, signal, sys; from pathlib import Path; from pipelines.writing import folder_aside\n"
        "with folder_aside(Path(sys.argv[1]), 'ingest') as aside:\n"
        "    (aside / 'half-made').touch()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    (left,) = tmp_path.iterdir()
    assert (left / "half-made").exists()

    with folder_aside(tmp_path, "ingest") as aside, folder_aside(tmp_path, "ingest") as other:
        assert sorted(tmp_path.iterdir()) == sorted([aside, other])
    with pytest.raises(ZeroDivisionError), folder_aside(tmp_path, "ingest"):
        _ = 1 / 0
    assert list(tmp_path.iterdir()) == []
