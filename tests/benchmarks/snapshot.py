"""Run the steps of the network job that a measurement needs, on a data folder or a generated world."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.definitions import build_defs
from pipelines.demo_world import generate_world, write_world
from pipelines.home import Home
from pipelines.instance import home_instance
from pipelines.jobs import NETWORK_JOB
from pipelines.lake import Lake
from pipelines.requests import Source, network_config

GRAPH = ("input_tables", "accounts", "interaction_graph", "follower_graph")


@contextmanager
def snapshot(assets, data_dir, config_file=""):
    """The lake and the day after the named assets, and those of the graph, were made from a data folder."""
    with TemporaryDirectory(prefix="vouch-measured-") as folder:
        home, day = Home(Path(folder)), datetime.now(UTC).date().isoformat()
        job = build_defs(home).resolve_job_def(NETWORK_JOB)
        wanted = {*GRAPH, *assets}
        with home_instance(home) as instance:
            job.execute_in_process(
                run_config={
                    **network_config(Source(data_dir=str(data_dir), config_file=str(config_file))),
                    "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                },
                instance=instance,
                partition_key=day,
                asset_selection=[
                    key for key in job.asset_layer.selected_asset_keys if key.to_user_string() in wanted
                ],
            )
        yield Lake(home.lake), day


@contextmanager
def world_snapshot(assets, seed, n_accounts):
    """The same for a generated world; gives the world first."""
    world = generate_world(seed, n_accounts)
    with (
        TemporaryDirectory(prefix="vouch-world-") as folder,
        snapshot(assets, write_world(world, Path(folder) / "data")) as (lake, day),
    ):
        yield world, lake, day
