"""The library of the page, as it lies in the installation."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from pipelines.report import libraries


def test_the_library_is_where_its_documentation_says():
    script = "from itables import options; print(options.dt_bundle)"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    spec = find_spec("itables")
    assert spec
    assert spec.origin
    assert Path(said.stdout.strip()) == Path(spec.origin).parent / "html" / "dt_bundle.js"


def test_the_library_can_stand_in_a_page():
    text = libraries.data_tables()
    assert "globalThis.DataTable=" in text
    assert "</script" not in text
    assert "<!--" not in text
    assert "export{" not in text


@pytest.mark.parametrize("bundle", [None, "no exports", "export{a as b}"])
def test_another_library_is_told_with_a_remedy(tmp_path, monkeypatch, bundle):
    class Spec:
        origin = str(tmp_path / "__init__.py")

    if bundle is not None:
        (tmp_path / "html").mkdir()
        (tmp_path / "html" / "dt_bundle.js").write_text(bundle, encoding="utf-8")
    monkeypatch.setattr(libraries, "find_spec", lambda _: Spec)
    with pytest.raises(libraries.LibraryError, match="itables") as raised:
        libraries.data_tables.__wrapped__()
    assert "itables 2.9" in raised.value.remedy
