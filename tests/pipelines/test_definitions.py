"""The code location that Dagster shows: complete, documented, cut as designed, and quiet."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from assets.partitions import audience_days, snapshot_days
from pipelines import definitions
from pipelines.definitions import build_defs, defs
from pipelines.home import HOME_VARIABLE, Home
from pipelines.jobs import AUDIENCE_JOB, NETWORK_JOB, PUBLISH_JOB, jobs
from pipelines.lake import Lake
from pipelines.versions import vouch_version

ROOT = Path(__file__).resolve().parents[2]
PARTITIONS = {
    "inputs": snapshot_days, "graph": snapshot_days, "shill": snapshot_days, "trust": audience_days,
    "partners": audience_days, "published": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def location(tmp_path_factory):
    return build_defs(Home(tmp_path_factory.mktemp("definitions")))


@pytest.fixture(scope="module")
def nodes(location):
    return {node.key: node for node in location.resolve_asset_graph().asset_nodes if node.is_materializable}


def test_it_builds_without_environment_variables_and_makes_nothing(monkeypatch, tmp_path):
    for name in (HOME_VARIABLE, "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    made = defs()
    made = made(None) if callable(made) else made
    dg.Definitions.validate_loadable(made)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_built_on_import():
    assert not [
        name
        for name, value in vars(definitions).items()
        if isinstance(value, dg.Definitions | dg.JobDefinition)
    ]


def test_every_asset_says_who_what_and_where(nodes):
    silent = [
        key.to_user_string()
        for key, node in nodes.items()
        if not (node.group_name in PARTITIONS and node.owners and node.description and node.kinds)
        or node.group_name
        not in node.metadata["stage"]  # Dagster has no place of its own for what a group is
    ]
    assert silent == []
    assert {node.group_name for node in nodes.values()} == set(PARTITIONS)


def test_assets_are_cut_as_designed(nodes):
    assert [key for key, node in nodes.items() if node.partitions_def != PARTITIONS[node.group_name]] == []


def test_every_check_says_what_has_to_hold_and_the_blocking_ones_block(location):
    graph = location.resolve_asset_graph()
    specs = {key.name: graph.get_check_spec(key) for key in graph.asset_check_keys}
    assert all(spec.description for spec in specs.values())
    assert {name for name, spec in specs.items() if spec.blocking} >= {
        "rows_balance", "edges_balance", "audience_has_weight", "ranks_are_whole",
        "probabilities_hold_together",
    }  # fmt: skip


def test_the_three_jobs_cover_every_asset_once(location, nodes):
    covered = [
        key
        for name in (NETWORK_JOB, AUDIENCE_JOB, PUBLISH_JOB)
        for key in location.resolve_job_def(name).asset_layer.selected_asset_keys
    ]
    assert len(covered) == len(set(covered))
    assert set(covered) == set(nodes)
    assert [job.name for job in jobs()] == [NETWORK_JOB, AUDIENCE_JOB, PUBLISH_JOB]
    assert {location.resolve_job_def(job.name).tags["vouch/version"] for job in jobs()} == {vouch_version()}
    assert all(isinstance(job, UnresolvedAssetJobDefinition) and job.description for job in jobs())


def test_stages_depend_on_each_other_in_one_direction(nodes):
    order = list(PARTITIONS)
    order.remove("shill")
    order.insert(order.index("trust"), "shill")
    for node in nodes.values():
        for parent in node.parent_keys:
            assert order.index(nodes[parent].group_name) <= order.index(node.group_name)


def test_the_published_file_goes_stale(nodes):
    assert nodes[dg.AssetKey("partners_file")].freshness_policy is not None


def test_no_killed_run_can_keep_a_place_of_a_pool(nodes):
    assert {pool for node in nodes.values() for pool in node.pools} == set()


def test_runs_of_a_home_take_turns_and_a_killed_one_is_run_again_once():
    settings = yaml.safe_load((ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    assert settings["concurrency"] == {"runs": {"max_concurrent_runs": 1}}
    assert settings["run_retries"] == {
        "enabled": True,
        "max_retries": 1,
        "retry_on_asset_or_op_failure": False,
    }


def test_schedule_and_sensors_are_there_with_their_first_state(location):
    repository = location.get_repository_def()
    assert {one.name: one.default_status for one in repository.schedule_defs} == {
        "nightly": dg.DefaultScheduleStatus.RUNNING
    }
    assert {one.name: one.default_status for one in repository.sensor_defs} == dict.fromkeys(
        (
            "new_data_folders", "audiences_after_network", "publish_after_audiences",
            "publish_after_backfill",
            "alert_on_publication", "alert_on_failure", "deliver_alerts",
        ),
        dg.DefaultSensorStatus.RUNNING,
    )  # fmt: skip


def test_resources_can_be_put_in_place_of_the_real_ones(tmp_path):
    other = Lake(tmp_path / "elsewhere")
    made = build_defs(Home(tmp_path), {"lake": other})
    assert made.resources["lake"] is other
    assert made.resources["engine"].scratch == tmp_path / "scratch"


def test_telemetry_is_off_wherever_dagster_is_started():
    assert "telemetry:\n  enabled: false\n" in (ROOT / "dagster.yaml").read_text(encoding="utf-8")


def test_workspace_and_project_name_the_same_module():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    module = project["tool"]["dagster"]["module_name"]
    assert f"module_name: {module}\n" in (ROOT / "workspace.yaml").read_text(encoding="utf-8")


def test_dagster_itself_finds_the_definitions_valid(tmp_path):
    environment = {
        name: value for name, value in os.environ.items() if name not in {HOME_VARIABLE, "DAGSTER_HOME"}
    }
    found = subprocess.run(
        [Path(sys.executable).with_name("dagster"), "definitions", "validate", "-w", ROOT / "workspace.yaml"],
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert found.returncode == 0, found.stderr[-2000:]
