"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sorted(path for room in ("pipelines", "assets", "graph") for path in (ROOT / room).rglob("*.py"))
SQL = sorted((ROOT / "sql").rglob("*.sql"))


def imported_modules(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize(
    "path", [p for p in PYTHON if p.is_relative_to(ROOT / "assets")], ids=lambda p: p.name
)
def test_assets_keep_annotations_at_run_time(path):
    """Dagster reads annotations at run time; `from __future__ import annotations` would turn them to text."""
    assert "from __future__ import annotations" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("room", "banned"),
    [("graph", ("pipelines", "assets", "dagster", "duckdb", "polars")), ("assets", ("pipelines", "duckdb"))],
)
def test_imports_point_one_way(room, banned):
    offenders = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in PYTHON
        if path.is_relative_to(ROOT / room)
        for module in sorted(imported_modules(path))
        if module.split(".")[0] in banned
    ]
    assert not offenders


def test_no_two_rooms_of_the_mathematics_lean_on_each_other():
    graph = TopologicalSorter()
    for path in (ROOT / "graph").glob("*/*.py"):
        leans_on = {m.split(".")[1] for m in imported_modules(path) if m.startswith("graph.")}
        graph.add(path.parent.name, *leans_on - {path.parent.name})
    graph.prepare()  # raises CycleError, which names the rooms


@pytest.mark.parametrize("path", PYTHON, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_module_says_what_belongs_in_it(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", SQL, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_statement_says_what_it_makes(path):
    assert path.read_text(encoding="utf-8").startswith("-- ")


def test_no_long_sql_hides_in_python():
    """Statements longer than one line live in sql/."""
    pattern = re.compile(r"\b(SELECT\b.*\bFROM|CREATE TABLE|INSERT INTO|COPY \()", re.IGNORECASE | re.DOTALL)
    offenders = []
    for path in PYTHON:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {id(node.body[0].value) for node in ast.walk(tree) if _has_docstring(node)}
        for node in ast.walk(tree):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_text and id(node) not in docstrings and "\n" in node.value and pattern.search(node.value):
                offenders.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not offenders


def test_lock_names_no_index():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index" not in lock


def test_lock_covers_every_dependency():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = [re.split(r"[<>=!\[ ]", requirement, maxsplit=1)[0].lower() for requirement in wanted]
    assert [name for name in names if not re.search(rf"^{name}(\[.*\])?==", lock, re.MULTILINE)] == []


def test_entry_script_has_its_run_bit():
    listed = subprocess.run(
        ["git", "ls-files", "--stage", ".ci/run"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    assert listed.stdout.startswith("100755")


def _has_docstring(node: ast.AST) -> bool:
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return (
        isinstance(node, holders)
        and bool(node.body)
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    )
