"""The lake: Parquet tables and graph arrays between the stages, by snapshot day.

Every file is written beside its place and renamed into it, so that a crash leaves the old one whole. What the
files hold is the business of the stage that writes them; how people read results is `pipelines.publish`.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pipelines.errors import VouchError
from pipelines.flat_arrays import FileRoom, file_room
from pipelines.text import slug
from pipelines.versions import made_by_digest
from pipelines.writing import written_aside

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path


SOURCE_FILE = "source.json"
"""Says what the inputs of a day come from; it is there where they are."""


@dataclass(frozen=True)
class Lake:
    """Paths and atomic writes below one folder.

    Attributes:
        root: The lake's folder; created on the first write.
    """

    root: Path

    def inputs(self, day: str) -> Path:
        """Folder of the validated input tables of a day (ISO date)."""
        return self.root / "days" / day / "inputs"

    def has_inputs(self, day: str) -> bool:
        """Whether the inputs of a day are there; forgetting somebody removes the tables of every day."""
        return (self.inputs(day) / SOURCE_FILE).is_file()

    def source(self, day: str) -> dict[str, Any]:
        """What the inputs of a day come from: network, data folder and files; see `has_inputs`."""
        return self.read_json(self.inputs(day) / SOURCE_FILE)

    def graph(self, day: str) -> Path:
        """Folder of the account index, graph arrays and profiles of a day."""
        return self.root / "days" / day / "graph"

    def shill(self, day: str) -> Path:
        """Folder of the network-wide signals of a day."""
        return self.root / "days" / day / "shill"

    def audience(self, day: str, audience: str) -> Path:
        """Folder of what was made for one audience on a day."""
        return self.root / "days" / day / "audiences" / slug(audience)

    def records(self, day: str, audience: str = "") -> Path:
        """Folder of what is known of the finished steps of a day, of the network or of one audience."""
        folder = self.root / "days" / day / "finished"
        return folder / "audiences" / slug(audience) if audience else folder

    def days_before(self, day: str) -> list[str]:
        """The days before one of which there is anything, the latest first."""
        days = (path.name for path in (self.root / "days").glob("*") if path.is_dir())
        return sorted((one for one in days if one < day), reverse=True)

    def digest(self) -> str:
        """A digest of the statements and tables that decide what is made of the same data."""
        return made_by_digest()

    def run(self, run_id: str, audience: str) -> Path:
        """Folder of what one run found for one audience, kept for history."""
        return self.root / "runs" / slug(run_id) / slug(audience)

    def runs_of(self, audience: str) -> list[Path]:
        """Folders of every kept run of an audience, in the order of the run ids; unfinished ones left out."""
        return sorted(path.parent for path in (self.root / "runs").glob(f"*/{slug(audience)}/run.parquet"))

    def runs(self) -> list[Path]:
        """Folders of every kept run of every audience."""
        return sorted(path.parent for path in (self.root / "runs").glob("*/*/run.parquet"))

    def write_frame(self, path: Path, frame: pl.DataFrame) -> None:
        """Write a Parquet file, whole or not at all."""
        with written_aside(path) as partial:
            frame.write_parquet(partial, compression="zstd")

    def write_frames(self, path: Path, frames: Iterable[pl.DataFrame]) -> None:
        """Write one Parquet file of frames that come one after the other, at least one, whole or not at all.

        They are written to files of their own first and put together from there, so that one is in memory.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        parts = path.with_name(f".{path.stem}.{os.getpid()}.partial")
        shutil.rmtree(parts, ignore_errors=True)
        parts.mkdir()
        try:
            written = []
            for number, frame in enumerate(frames):
                written.append(parts / f"{number:05}.parquet")
                frame.write_parquet(written[-1], compression="lz4")
            with written_aside(path) as partial:
                pl.scan_parquet(written).sink_parquet(partial, compression="zstd")
        finally:
            shutil.rmtree(parts, ignore_errors=True)

    def write_arrays(self, folder: Path, arrays: Mapping[str, np.ndarray]) -> None:
        """Write `<name>.npy` for each array, each whole or not at all."""
        for name, array in arrays.items():
            with written_aside(folder / f"{name}.npy") as partial, partial.open("wb") as file:
                np.save(file, array, allow_pickle=False)

    def room(self, folder: Path) -> AbstractContextManager[FileRoom]:
        """Room for arrays that are too large for memory, beside the files of a folder."""
        return file_room(folder)

    def write_json(self, path: Path, value: Mapping[str, Any]) -> None:
        """Write a JSON file, whole or not at all."""
        with written_aside(path) as partial:
            partial.write_text(
                json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n", encoding="utf-8"
            )

    def read_json(self, path: Path) -> dict[str, Any]:
        """Read a JSON object."""
        return json.loads(path.read_text(encoding="utf-8"))


def audiences_of_day(lake: Lake, day: str) -> list[str]:
    """The audiences of the inputs of a day that can be ranked, in alphabetical order.

    One without a known member is none of them, so that what an earlier day found for it is not shown as
    this day's.

    Raises:
        VouchError: The table of members is not there, though the inputs of the day are.
    """
    table = lake.inputs(day) / "audience_members.parquet"
    if not table.is_file():
        raise VouchError(
            f"The lake lacks {table}, which names the audiences of {day}.",
            remedy=f"Run that day again: vouch run --data DIR --as-of {day}.",
        )
    named = pl.scan_parquet(table).select(pl.col("audience").unique().sort()).collect()["audience"].to_list()
    # a day of an earlier Vouch says nothing of it: such a day had a known member in every audience
    unranked = lake.source(day).get("unranked_audiences", ())
    return [name for name in named if name not in set(unranked)]
