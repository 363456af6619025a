"""What assets are handed: every port has its object, and faults become failures, retried if they may pass."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import dagster as dg
import duckdb
import polars as pl
import pytest
from dagster._core.errors import DagsterExecutionInterruptedError

from assets.published import CHECKS_SCHEMA
from pipelines import publication
from pipelines.definitions import build_defs
from pipelines.errors import VouchError
from pipelines.home import Home
from pipelines.ingest.errors import OutputFolderError
from pipelines.publish.errors import PublishBusyError, PublishStorageError
from pipelines.resources import (
    BundledTables,
    FolderIngest,
    HomePublisher,
    WallClock,
    handled_as_failure,
    resources,
)
from pipelines.storage_errors import HomeStorageError


def test_every_resource_an_asset_asks_for_is_there(tmp_path):
    home = Home(tmp_path)
    made = resources(home)
    wanted = {
        name
        for asset in build_defs(home).assets
        if isinstance(asset, dg.AssetsDefinition)
        for name in asset.required_resource_keys
    }
    assert wanted - {"io_manager"} <= set(made)
    assert list(tmp_path.iterdir()) == []


def test_a_fault_that_a_person_can_mend_is_a_failure_without_retries():
    with pytest.raises(dg.Failure) as caught, handled_as_failure():
        raise VouchError("No such folder.", details=["x"], remedy="Make it.")
    assert not caught.value.allow_retries
    assert caught.value.description == "No such folder.\n  - x\nMake it."


@pytest.mark.parametrize(
    "error", [PublishStorageError, PublishBusyError, OutputFolderError, HomeStorageError]
)
def test_a_fault_that_may_pass_by_itself_is_tried_again(error):
    with pytest.raises(dg.Failure) as caught, handled_as_failure():
        raise error("The disk is full.")
    assert caught.value.allow_retries


@pytest.mark.parametrize(
    "error",
    [KeyboardInterrupt(), DagsterExecutionInterruptedError(), duckdb.InterruptException("INTERRUPT Error")],
)
def test_an_interrupt_is_not_bad_luck_to_be_tried_again(error):
    with pytest.raises(dg.Failure) as caught, handled_as_failure():
        raise error
    assert not caught.value.allow_retries
    assert isinstance(caught.value.__cause__, KeyboardInterrupt | DagsterExecutionInterruptedError)


def test_defects_stay_defects():
    with pytest.raises(ZeroDivisionError), handled_as_failure():
        raise ZeroDivisionError


def test_a_folder_that_is_not_there_is_a_failure_that_names_it(tmp_path):
    with pytest.raises(dg.Failure, match="no such folder"):
        FolderIngest(tmp_path / "scratch").run(
            str(tmp_path / "gone"), None, tmp_path / "out", "2024-05-31", 0.01
        )
    assert not (tmp_path / "out").exists()


def test_nothing_to_publish_says_what_to_run(tmp_path):
    made = resources(Home(tmp_path))
    publisher = HomePublisher(Home(tmp_path), made["lake"])
    with pytest.raises(dg.Failure, match="vouch run --data DIR"):
        publisher.publish(pl.DataFrame(schema=CHECKS_SCHEMA))
    assert not (tmp_path / "partners.duckdb").exists()


def test_two_publications_at_once_never_share_what_they_prepare(tmp_path, monkeypatch):
    publisher = HomePublisher(Home(tmp_path), resources(Home(tmp_path))["lake"])
    checks, folders = pl.DataFrame(schema=CHECKS_SCHEMA), []

    def sources(lake, newest, prepared, engine):
        folders.append(prepared)
        if len(folders) == 1:
            with pytest.raises(dg.Failure, match="busy"):
                publisher.publish(checks)
        assert (prepared / "checks.parquet").exists()
        raise PublishBusyError("busy")

    newest = publication.Newest(network="n", day="2026-01-01", audiences={}, runs=[])
    monkeypatch.setattr(publication, "newest_results", lambda *_: newest)
    monkeypatch.setattr(publication, "_refuse_missing_tables", lambda *_: None)
    monkeypatch.setattr(publication, "_sources", sources)
    with pytest.raises(dg.Failure, match="busy"):
        publisher.publish(checks)
    assert len(set(folders)) == 2
    assert list(Home(tmp_path).scratch.iterdir()) == []


def test_bundled_tables_and_the_clock():
    assert len(BundledTables().disclosure_markers()) > 50
    assert {row["signal"] for row in BundledTables().evidence_weights()} >= {"suspicious_followers"}
    assert abs(WallClock().now() - datetime.now(UTC)) < timedelta(seconds=5)
