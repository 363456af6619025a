"""The history of a home outlives the process that wrote it, and stays in the home."""

from __future__ import annotations

import os

import dagster as dg
import pytest
from dagster._core.instance.ref import InstanceRef

from assets.partitions import audiences
from pipelines.errors import VouchError
from pipelines.home import Home
from pipelines.instance import home_instance


def test_partitions_and_history_outlive_a_process(tmp_path, monkeypatch):
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    home = Home(tmp_path / "home")
    with home_instance(home) as instance:
        instance.add_dynamic_partitions(audiences.name, ["fans"])
        assert not instance.telemetry_enabled
    with home_instance(home) as instance:
        assert instance.get_dynamic_partitions(audiences.name) == ["fans"]
    assert {path.name for path in home.root.iterdir()} == {"dagster"}
    assert "DAGSTER_HOME" not in os.environ


def test_dagster_reads_the_history_with_the_storages_it_comes_with(tmp_path):
    @dg.asset
    def counted() -> dg.MaterializeResult:
        return dg.MaterializeResult(metadata={"rows": 3})

    home = Home(tmp_path / "home")
    for _ in range(2):
        with home_instance(home) as instance:
            run = dg.materialize([counted], instance=instance).dagster_run
    assert not list(home.dagster.rglob("*-wal"))  # SQLite takes it away when the last connection is closed
    plain = {"storage": {"sqlite": {"base_dir": str(home.dagster / "storage")}}}
    reference = InstanceRef.from_dir(str(home.dagster), overrides=plain)
    with dg.DagsterInstance.from_ref(reference) as instance:
        assert instance.get_runs_count() == 2
        assert instance.get_run_by_id(run.run_id).is_success
        assert len(instance.get_records_for_run(run.run_id).records) > 5
        last = instance.get_latest_materialization_event(counted.key)
    assert last.run_id == run.run_id
    assert last.asset_materialization.metadata["rows"].value == 3


def test_each_run_notes_the_versions_of_what_it_read_and_not_older_ones(tmp_path):
    days = dg.StaticPartitionsDefinition(["monday"])

    @dg.asset(partitions_def=days)
    def read() -> None:
        pass

    @dg.asset(partitions_def=days, deps=[read])
    def counted() -> None:
        pass

    home = Home(tmp_path / "home")
    noted = []
    with home_instance(home) as instance:
        for _ in range(2):
            result = dg.materialize([read, counted], instance=instance, partition_key="monday")
            made = {
                event.asset_key.to_user_string(): event.materialization.tags
                for event in result.get_asset_materialization_events()
            }
            noted.append((made["read"]["dagster/data_version"], made["counted"]))
        pointers = [tags["dagster/input_event_pointer/read"] for _, tags in noted]
        records = instance.get_records_for_run(result.run_id).records
        assert instance.get_asset_records([read.key])[0].asset_entry.last_run_id == result.run_id
    assert noted[0][0] != noted[1][0]
    assert noted[0][1]["dagster/input_data_version/read"] != noted[1][1]["dagster/input_data_version/read"]
    assert pointers == sorted(set(pointers), key=int)
    assert len(records) > 10


def test_a_partition_that_was_deleted_is_not_remembered(tmp_path):
    with home_instance(Home(tmp_path / "home")) as instance:
        for is_there in (True, False, True):
            if is_there:
                instance.add_dynamic_partitions(audiences.name, ["fans"])
            else:
                instance.delete_dynamic_partition(audiences.name, "fans")
            for _ in range(2):
                assert instance.has_dynamic_partition(audiences.name, "fans") == is_there


@pytest.mark.parametrize("where", ["file in its place", "file above it"])
def test_a_home_that_cannot_be_made_is_a_fault_with_a_remedy(tmp_path, where):
    blocker = tmp_path / "blocker"
    blocker.write_text("x", encoding="utf-8")
    home = Home(blocker if where == "file in its place" else blocker / "home")
    with pytest.raises(VouchError, match="cannot be written") as caught, home_instance(home):
        pass
    assert "--home" in caught.value.remedy


@pytest.mark.parametrize("name", ["what?", "my%20home"])
def test_a_home_whose_history_would_lie_elsewhere_is_refused(tmp_path, name):
    home = Home(tmp_path / name)
    with pytest.raises(VouchError, match="takes no “"), home_instance(home):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_home_may_have_other_signs_in_its_name(tmp_path):
    home = Home(tmp_path / "100 % #1 [x]")
    with home_instance(home) as instance:
        assert instance.get_runs() == []
    assert list(tmp_path.iterdir()) == [home.root]
