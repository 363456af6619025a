"""The history of a home outlives the process that wrote it, and stays in the home."""

from __future__ import annotations

import os

import pytest

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


@pytest.mark.parametrize("where", ["file in its place", "file above it"])
def test_a_home_that_cannot_be_made_is_a_fault_with_a_remedy(tmp_path, where):
    blocker = tmp_path / "blocker"
    blocker.write_text("x", encoding="utf-8")
    home = Home(blocker if where == "file in its place" else blocker / "home")
    with pytest.raises(VouchError, match="cannot be written") as caught, home_instance(home):
        pass
    assert "--home" in caught.value.remedy
