"""What the assets are handed: the lake, the query engine, the ingest, reference tables and the publisher.

Each is a plain object that fits a protocol of `assets.ports`. Faults that a person can mend become Dagster
failures, tried again only where they may pass: the same data will be as wrong in five seconds.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import polars as pl
from dagster._core.errors import DagsterExecutionInterruptedError  # not public, and Ctrl-C inside a step

from pipelines.engine import Engine, passing_interrupts
from pipelines.errors import VouchError
from pipelines.forgotten import NOBODY, read_forgotten
from pipelines.ingest import IngestReport, ingest_dataset
from pipelines.ingest.dataset import dataset_config
from pipelines.lake import Lake
from pipelines.lexicons import calls_to_follow, calls_to_share, disclosure_markers, tone_words
from pipelines.privacy import keep_privacy
from pipelines.promotional_text import promotional_model
from pipelines.publication import publish_home
from pipelines.published import open_published
from pipelines.reading_back import read_back, reports_written
from pipelines.report import write_report
from pipelines.reviews import decisions_file, read_decisions
from pipelines.statements import sql_text
from pipelines.versions import vouch_version, word_lists_digest
from pipelines.weights import evidence_weights, interaction_weights, profile_model_document, trust_weights

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from graph.sponsorship.promotional_text import PromotionalModel
    from pipelines.home import Home

DECISIONS_SCHEMA = {
    "account_id": pl.String,
    "handle": pl.String,
    "label": pl.String,
    "because": pl.String,
    "reviewer": pl.String,
    "reviewed_at": pl.Datetime("us"),
}
INTERRUPTS = (KeyboardInterrupt, DagsterExecutionInterruptedError)
"""What Ctrl-C raises: outside a step, and inside one."""


def resources(home: Home) -> dict[str, Any]:
    """The resources of the code location, by the name assets ask for them."""
    lake = Lake(home.lake)
    return {
        "lake": lake,
        "engine": Engine(home.scratch),
        "ingest": FolderIngest(home.scratch, home),
        "reference": BundledTables(),
        "publisher": HomePublisher(home, lake),
        "reviewers": HomeReviewers(home),
        "clock": WallClock(),
    }


@dataclass(frozen=True)
class FolderIngest:
    """Validates a folder of tables into the lake.

    Attributes:
        scratch: Folder for spill files.
        home: Whose list of forgotten persons is honoured, and where settings of privacy are kept; None
            for nobody's.
    """

    scratch: Path
    home: Home | None = None

    def run(
        self, data_dir: str, config_file: str | None, out: Path, day: str, reject_limit: float
    ) -> IngestReport:
        """See `assets.ports.Ingest`."""
        config = Path(config_file) if config_file else None
        with handled_as_failure():
            report = ingest_dataset(
                Path(data_dir),
                out,
                now=datetime.now(UTC),
                as_of=date.fromisoformat(day),
                reject_limit=reject_limit,
                scratch=self.scratch,
                config=config,
                forgotten=read_forgotten(self.home) if self.home else NOBODY,
            )
            if self.home:
                keep_privacy(self.home, dataset_config(Path(data_dir), config).settings.privacy)
            return report


@dataclass(frozen=True)
class BundledTables:
    """The lexicon and the weights that come with Vouch."""

    def disclosure_markers(self) -> Sequence[Mapping[str, str]]:
        """See `assets.ports.ReferenceTables`."""
        return disclosure_markers()

    def promotional_model(self) -> PromotionalModel:
        """See `assets.ports.ReferenceTables`."""
        return promotional_model()

    def calls_to_share(self) -> Sequence[Mapping[str, str]]:
        """See `assets.ports.ReferenceTables`."""
        return calls_to_share()

    def calls_to_follow(self) -> Sequence[Mapping[str, str]]:
        """See `assets.ports.ReferenceTables`."""
        return calls_to_follow()

    def tone_words(self) -> Sequence[Mapping[str, str]]:
        """See `assets.ports.ReferenceTables`."""
        return tone_words()

    def evidence_weights(self) -> Sequence[Mapping[str, Any]]:
        """See `assets.ports.ReferenceTables`."""
        return evidence_weights()

    def interaction_weights(self) -> Sequence[Mapping[str, str]]:
        """See `assets.ports.ReferenceTables`."""
        return interaction_weights()

    def trust_weights(self) -> Sequence[Mapping[str, Any]]:
        """See `assets.ports.ReferenceTables`."""
        return trust_weights()

    def profile_model(self) -> Mapping[str, Any]:
        """See `assets.ports.ReferenceTables`."""
        return profile_model_document()

    def digest(self) -> str:
        """See `assets.ports.ReferenceTables`; the tables themselves are part of the digest of the lake."""
        return f"{type(self).__module__}.{type(self).__qualname__}"

    def versions(self) -> Mapping[str, str]:
        """See `assets.ports.ReferenceTables`."""
        return {"vouch": vouch_version(), "word lists": word_lists_digest()}


@dataclass(frozen=True)
class HomeReviewers:
    """The decisions that `vouch label` keeps in a home."""

    home: Home

    def digest(self) -> str:
        """See `assets.ports.Reviewers`."""
        file = decisions_file(self.home)
        return hashlib.sha256(file.read_bytes() if file.exists() else b"").hexdigest()

    def decisions(self, network: str) -> pl.DataFrame:
        """See `assets.ports.Reviewers`."""
        with handled_as_failure():
            found = read_decisions(self.home, network)
        columns = {
            name: pl.Series([getattr(one, name) for one in found], dtype=kind)
            for name, kind in DECISIONS_SCHEMA.items()
        }
        return pl.DataFrame(columns)


@dataclass(frozen=True)
class WallClock:
    """The present, by this machine's clock."""

    def now(self) -> datetime:
        """See `assets.ports.Clock`."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class HomePublisher:
    """Publishes what the lake of a home holds."""

    home: Home
    lake: Lake

    def publish(self, checks: pl.DataFrame) -> Mapping[str, Any]:
        """See `assets.ports.Publisher`."""
        with handled_as_failure():
            report = publish_home(self.home, self.lake, checks)
        return {
            "path": report.path,
            "bytes": report.bytes,
            "seconds": report.seconds,
            "rows": dict(report.tables),
        }

    def report(self) -> pl.DataFrame:
        """See `assets.ports.Publisher`."""
        pages = []
        with handled_as_failure(), reports_written(self.home):
            for audience in self.audiences():
                page = read_back(
                    self.home.published,
                    partial(write_report, audience=audience, out=self.home.report(audience)),
                )
                pages.append(
                    {
                        "audience": audience,
                        "path": str(page.path),
                        "bytes": page.bytes,
                        "candidates": page.candidates,
                    }
                )
        return pl.DataFrame(pages)

    def audiences(self) -> list[str]:
        """The audiences of the published file, in alphabetical order."""
        found = self._answer("SELECT DISTINCT audience FROM latest_runs ORDER BY audience")
        return found["audience"].to_list()

    def top(self, n: int) -> pl.DataFrame:
        """See `assets.ports.Publisher`."""
        with handled_as_failure():
            return self._answer(sql_text("publication/top"), {"n": n})

    def coverage(self) -> pl.DataFrame:
        """See `assets.ports.Publisher`."""
        with handled_as_failure():
            return self._answer(sql_text("alerts/known_shares"))

    def _answer(self, statement: str, params: dict[str, Any] | None = None) -> pl.DataFrame:
        def read(path: Path) -> pl.DataFrame:
            with open_published(path) as connection:
                return pl.DataFrame(connection.sql(statement, params=params))

        return read_back(self.home.published, read)


@contextmanager
def handled_as_failure() -> Generator[None]:
    """Turn a fault a person can mend, or an interrupt, into a Dagster failure, retried if it may pass."""
    try:
        with passing_interrupts():
            yield
    except VouchError as error:
        raise dg.Failure(description=str(error), allow_retries=error.is_transient) from error
    except INTERRUPTS as error:
        # A step with a retry policy would otherwise take Ctrl-C for bad luck and start again.
        raise dg.Failure(description="Interrupted.", allow_retries=False) from error
