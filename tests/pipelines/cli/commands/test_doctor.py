import json
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement

from pipelines.cli.commands import doctor


def findings_of(result):
    return {row["check"]: row for row in json.loads(result.stdout)}


def test_a_fit_installation(call):
    result = call("doctor", "--json")
    found = findings_of(result)
    assert result.exit_code == 0
    assert found["packages"]["state"] == "ok"
    assert "12 candidates, 2 audiences" in found["published"]["finding"]


def test_nothing_published_is_a_warning_with_a_remedy(call, tmp_path):
    result = call("doctor", "--json", at=tmp_path / "new")
    found = findings_of(result)
    assert result.exit_code == 0
    assert (found["published"]["state"], "vouch demo" in found["published"]["remedy"]) == ("warning", True)
    assert "will be made by the first run" in found["writing"]["finding"]
    assert not (tmp_path / "new").exists()


def test_a_damaged_published_file_is_broken(call, tmp_path):
    (tmp_path / "partners.duckdb").write_bytes(b"garbage" * 1000)
    result = call("doctor", at=tmp_path)
    assert result.exit_code == 1
    assert "broken,published" in result.stdout
    assert "1 of" in result.stderr


def test_a_home_that_is_a_file_is_broken(call, tmp_path):
    (tmp_path / "home").write_text("")
    assert findings_of(call("doctor", "--json", at=tmp_path / "home"))["writing"]["state"] == "broken"


@pytest.mark.parametrize(("free", "state"), [(1e8, "broken"), (2e9, "warning"), (9e10, "ok")])
def test_free_disk(monkeypatch, tmp_path, free, state):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path: SimpleNamespace(free=free))
    assert doctor.free_disk(tmp_path).state == state


def test_versions_outside_their_range_and_missing_ones_are_broken():
    assert doctor.version_fault(Requirement("click>=8")) is None
    assert doctor.version_fault(Requirement("click>=99")).state == "broken"
    assert doctor.version_fault(Requirement("no-such-package-anywhere")).finding == "not installed"


def test_somebody_publishing_is_a_warning(tmp_path):
    lock = tmp_path / ".partners.duckdb.lock"
    with doctor.FileLock(lock):
        assert doctor.publisher(tmp_path).state == "warning"
    assert doctor.publisher(tmp_path).state == "ok"


def test_a_table_for_eyes(call):
    shown = call("doctor", "--format", "table").stdout
    assert "✓" in shown
    assert "remedy" in shown
