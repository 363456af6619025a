"""What the stages need from outside, as protocols.

Assets never import `pipelines`; they name the shape of what they are handed, and the code location binds the
real lake, query engine, ingest and publisher to it. Tests may bind others.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import polars as pl

from graph.sponsorship.promotional_text import PromotionalModel


class Room(Protocol):
    """Arrays in files that lie aside, for what is too large for memory."""

    def __call__(self, name: str, size: int) -> np.ndarray:
        """Room for so many entries, uint32, under a name; what is called `scratch…` is never kept."""
        ...

    def keep(self, name: str, file: str, size: int) -> None:
        """Put the first entries of an array into its place, `<file>.npy`."""
        ...


class Lake(Protocol):
    """Folders of Parquet tables and graph arrays, one per snapshot day."""

    def inputs(self, day: str) -> Path:
        """Folder of the validated input tables of a day."""
        ...

    def has_inputs(self, day: str) -> bool:
        """Whether the inputs of a day are there."""
        ...

    def source(self, day: str) -> dict[str, Any]:
        """What the inputs of a day come from: network, data folder and files."""
        ...

    def graph(self, day: str) -> Path:
        """Folder of the account index, graph arrays and profiles of a day."""
        ...

    def shill(self, day: str) -> Path:
        """Folder of the network-wide signals of a day."""
        ...

    def audience(self, day: str, audience: str) -> Path:
        """Folder of what was made for one audience on a day."""
        ...

    def run(self, run_id: str, audience: str) -> Path:
        """Folder of what one run found for one audience, kept for history."""
        ...

    def runs_of(self, audience: str) -> Sequence[Path]:
        """Folders of every kept run of an audience, oldest first."""
        ...

    def records(self, day: str, audience: str = "") -> Path:
        """Folder of what is known of the finished steps of a day, of the network or of one audience."""
        ...

    def days_before(self, day: str) -> Sequence[str]:
        """The days before one of which there is anything, the latest first."""
        ...

    def digest(self) -> str:
        """A digest of the statements and tables that decide what is made of the same data."""
        ...

    def write_frame(self, path: Path, frame: pl.DataFrame) -> None:
        """Write a Parquet file, whole or not at all."""
        ...

    def write_frames(self, path: Path, frames: Iterable[pl.DataFrame]) -> None:
        """Write one Parquet file of frames that come one after the other, whole or not at all."""
        ...

    def write_arrays(self, folder: Path, arrays: Mapping[str, np.ndarray]) -> None:
        """Write `<name>.npy` files, each whole or not at all."""
        ...

    def room(self, folder: Path) -> AbstractContextManager[Room]:
        """Room beside the files of a folder, given back at the end of the block."""
        ...

    def write_json(self, path: Path, value: Mapping[str, Any]) -> None:
        """Write a JSON file, whole or not at all."""
        ...

    def read_json(self, path: Path) -> dict[str, Any]:
        """Read a JSON file of the lake."""
        ...


class Engine(Protocol):
    """Named statements of `sql/` over Parquet files."""

    def to_parquet(
        self, name: str, out: Path, tables: Mapping[str, Path], params: Mapping[str, Any] | None = None
    ) -> int:
        """Run `sql/<name>.sql`, write its rows to a Parquet file, return how many."""
        ...

    def frame(
        self, name: str, tables: Mapping[str, Path], params: Mapping[str, Any] | None = None
    ) -> pl.DataFrame:
        """Run `sql/<name>.sql` and return its rows."""
        ...

    def digest(self) -> str:
        """What decides how a statement is run, beside its text and the tables."""
        ...


class IngestSummary(Protocol):
    """What the ingest says about a data folder."""

    @property
    def network(self) -> str:
        """The network's name."""
        ...

    @property
    def balance(self) -> pl.DataFrame:
        """One row per input table: rows in, kept, merged, rejected, columns present."""
        ...

    @property
    def note(self) -> str:
        """What was not read again because it has not changed, in a few words, or nothing."""
        ...

    @property
    def unranked_frame(self) -> pl.DataFrame:
        """Audiences for which nobody can be ranked, with why; no member is named."""
        ...

    @property
    def worst_rejects_frame(self) -> pl.DataFrame:
        """The refused values and records to look at first, at most ten."""
        ...


class Ingest(Protocol):
    """Validates a data folder into the lake."""

    def run(
        self, data_dir: str, config_file: str | None, out: Path, day: str, reject_limit: float
    ) -> IngestSummary:
        """Write the validated tables of `data_dir` as they stood at the end of `day` to `out`.

        Raises:
            dagster.Failure: Where the data break the contract; the message lists every fault.
        """
        ...


class ReferenceTables(Protocol):
    """Tables that come with Vouch rather than with the data."""

    def disclosure_markers(self) -> Sequence[Mapping[str, str]]:
        """The graded lexicon of sponsorship disclosures."""
        ...

    def promotional_model(self) -> PromotionalModel:
        """The trained model that tells texts that read promotional."""
        ...

    def calls_to_share(self) -> Sequence[Mapping[str, str]]:
        """Phrases by which a post asks to be passed on, to tag somebody or to be quoted."""
        ...

    def calls_to_follow(self) -> Sequence[Mapping[str, str]]:
        """Phrases by which a post sends its readers to follow somebody."""
        ...

    def tone_words(self) -> Sequence[Mapping[str, str]]:
        """Plain words and emoji of liking and dislike, and negations."""
        ...

    def evidence_weights(self) -> Sequence[Mapping[str, Any]]:
        """The versioned weights that join signals into a probability."""
        ...

    def interaction_weights(self) -> Sequence[Mapping[str, str]]:
        """The versioned worth of each kind of interaction: version, kind, weight, why."""
        ...

    def trust_weights(self) -> Sequence[Mapping[str, Any]]:
        """The versioned table of how much each part counts towards trust."""
        ...

    def profile_model(self) -> Mapping[str, Any]:
        """The fitted profile model with its card."""
        ...

    def digest(self) -> str:
        """A digest of everything that is handed out here."""
        ...

    def versions(self) -> Mapping[str, str]:
        """What, besides data, settings and weights, decides a result: the release and the word lists."""
        ...


class Reviewers(Protocol):
    """People who looked at accounts and decided."""

    def decisions(self, network: str) -> pl.DataFrame:
        """Every decision of a network, oldest entry first.

        Returns:
            account_id, handle, label (shill, genuine or withdrawn), because, reviewer, reviewed_at (UTC).
        """
        ...

    def digest(self) -> str:
        """A digest of every decision."""
        ...


class Clock(Protocol):
    """The present."""

    def now(self) -> datetime:
        """The present, in UTC."""
        ...


class Publisher(Protocol):
    """Makes what people read out of what the lake holds."""

    def publish(self, checks: pl.DataFrame) -> Mapping[str, Any]:
        """Build the published file aside, verify it and swap it in.

        Args:
            checks: Rows of the published table `quality.checks`.

        Returns:
            `path`, `bytes`, `seconds` and `rows` (table to number of rows).
        """
        ...

    def report(self) -> pl.DataFrame:
        """Write the HTML report of every audience of the published file.

        Returns:
            One row per audience: audience, path, bytes, candidates.
        """
        ...

    def top(self, n: int) -> pl.DataFrame:
        """The first `n` candidates of each audience in the published file."""
        ...

    def coverage(self) -> pl.DataFrame:
        """How much of the network the published file knows: measure, value (a share) and sentence."""
        ...
