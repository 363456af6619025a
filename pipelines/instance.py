"""The Dagster instance of a home: run history, event logs and partitions that outlive a process.

`dagster dev`, started beside `dagster.yaml`, finds the very same storage for the default home, so that what
`vouch run` did is there to look at.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import dagster as dg
from dagster._core.instance.ref import InstanceRef  # no public way to give an instance a folder of its own

from pipelines.errors import VouchError
from pipelines.history import storage_settings

if TYPE_CHECKING:
    from collections.abc import Generator

    from pipelines.home import Home


# The history's databases are opened by address, unquoted: with these it would be written beside the home.
_OF_ADDRESSES = re.compile(r"\?|%[0-9A-Fa-f]{2}")


@contextmanager
def home_instance(home: Home) -> Generator[dg.DagsterInstance]:
    """The instance that keeps its history in `home.dagster`.

    Raises:
        VouchError: Where the folder cannot be written, or has a name that the history does not take.
    """
    unfit = _OF_ADDRESSES.search(str(home.root))
    if unfit is not None:
        raise VouchError(
            f"The history of runs cannot be kept in {home.root}: it takes no “{unfit[0]}” in a path.",
            remedy="Choose another folder with --home DIR.",
        )
    try:
        home.dagster.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise VouchError(
            f"The home {home.root} cannot be written: {error.strerror or error}.",
            remedy="Choose another one with --home DIR, or mend the permissions.",
        ) from error
    settings = {
        **storage_settings(home.dagster / "storage"),
        "local_artifact_storage": {
            "module": "dagster._core.storage.root",
            "class": "LocalArtifactStorage",
            "config": {"base_dir": str(home.dagster / "artifacts")},
        },
        "compute_logs": {
            # What steps print belongs to the command's terminal or log, not to files nobody asked for.
            "module": "dagster._core.storage.noop_compute_log_manager",
            "class": "NoOpComputeLogManager",
        },
        "telemetry": {"enabled": False},
    }
    reference = InstanceRef.from_dir(str(home.dagster), overrides=settings)
    with dg.DagsterInstance.from_ref(reference) as instance:
        yield instance
