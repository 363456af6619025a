"""What code a step rests on: read off the sources, beside what the interpreter really loads."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from assets import source_digest as module
from assets.source_digest import source_digest
from pipelines.versions import STATEMENTS_OF_STAGES

ROOT = Path(__file__).parents[2]


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """Writes files of a small tree; the digest of a module of it is read anew each time."""
    monkeypatch.setattr(module, "_ROOT", tmp_path)

    def digest(name, **files):
        for path, text in files.items():
            file = tmp_path / (path.replace("__", "/") + ".py")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        module._imported.cache_clear()  # noqa: SLF001 - within a process sources do not change
        source_digest.cache_clear()
        return source_digest(name)

    yield digest
    module._imported.cache_clear()  # noqa: SLF001
    source_digest.cache_clear()


def test_what_is_imported_however_far_down_decides(tree):
    first = tree(
        "assets.step",
        assets__step="import numpy\nfrom graph.near import (\n    a,\n    b,\n)\n",
        graph__near="def a():\n    from graph import far\n",
        graph__far="x = 1\n",
        graph__other="x = 1\n",
    )
    assert tree("assets.step", graph__other="x = 2\n") == first
    assert tree("assets.step", graph__far="x = 2\n") != first
    assert tree("assets.step", graph__far="x = 1\n") == first
    assert tree("assets.step", graph__near="from graph import far\n") != first


def test_modules_that_import_each_other_and_a_module_in_brackets(tree):
    first = tree(
        "assets.a",
        assets__a="from graph import (\n    b,\n)\n",
        graph__b="import assets.a\n\nx = 1\n",
    )
    assert tree("assets.a", graph__b="import assets.a\n\nx = 2\n") != first


def test_only_the_named_packages_count(tree):
    sources = {"assets__a": "from pipelines import b\n", "pipelines__b": "x = 1\n"}
    alone, both = tree("assets.a", **sources), source_digest("assets.a", ("assets", "pipelines"))
    assert tree("assets.a", pipelines__b="x = 2\n") == alone
    assert source_digest("assets.a", ("assets", "pipelines")) != both
    assert source_digest("assets.a", ("pipelines",)) is None


def test_of_a_module_of_others_nothing_is_known():
    assert source_digest("json") is None
    assert source_digest("assets.no_such_module") is None


@pytest.mark.parametrize("step", ["assets.shill.lockstep", "assets.trust"])
def test_all_that_the_interpreter_loads_is_found(step):
    loaded = subprocess.run(
        [sys.executable, "-c", f"import {step}, sys; print('\\n'.join(sys.modules))"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    ).stdout.split()  # fmt: skip
    ours = {module._file(name) for name in loaded} - {None}  # noqa: SLF001
    found = waiting = {module._file(step)}  # noqa: SLF001
    while waiting:
        waiting = frozenset().union(*map(module._imported, waiting)) - found  # noqa: SLF001
        found = found | waiting
    assert len(ours) > 30
    assert ours <= found


def test_a_search_for_lockstep_says_nothing_of_endorsement():
    files = module._imported(ROOT / "assets" / "trust.py")  # noqa: SLF001
    assert ROOT / "graph" / "trust" / "endorsement.py" in files
    assert not any("lockstep" in file.name for file in files)


def test_the_statements_that_stages_name_count_among_what_decides():
    named = {
        folder
        for file in (ROOT / "assets").rglob("*.py")
        for folder, name in re.findall(r"[\"'](\w+)/(\w+)[\"'{]", file.read_text(encoding="utf-8"))
        if (ROOT / "sql" / folder / f"{name}.sql").exists()
    }
    assert named == set(STATEMENTS_OF_STAGES)
