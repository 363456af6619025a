"""Which release of Vouch and which word lists made a result.

Two runs may differ because the world moved or because these did; only the first is news.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from functools import cache
from importlib.resources import files
from pathlib import Path

from pipelines.statements import sql_folder

_LIBRARIES = ("duckdb", "igraph", "numba", "numpy", "polars", "scipy")
_REFERENCE = ("pipelines.lexicons", "pipelines.promotional_text", "pipelines.weights")

STATEMENTS_OF_STAGES = ("graph", "partners", "shill", "trust")
"""Folders of the statements that the stages run; the others read what was made, or are not kept."""


def vouch_version() -> str:
    """The release that is installed."""
    try:
        return importlib.metadata.version("vouch")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def word_lists_digest() -> str:
    """A digest of what comes with Vouch to read texts by; another one means that they were read otherwise."""
    lists = sorted(
        (file for file in files("pipelines.lexicons").iterdir() if file.name.endswith((".csv", ".toml"))),
        key=lambda file: file.name,
    )
    lists.append(files("pipelines.promotional_text").joinpath("model.npy"))
    found = hashlib.sha256()
    for file in lists:
        found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()[:12]


@cache
def made_by_digest() -> str:
    """A digest of what decides, beside data, settings and its own code, what a stage makes.

    Its statements, the tables that come with Vouch, and the releases of the libraries that reckon.
    """
    folders = [Path(str(files(package))) for package in _REFERENCE]
    folders += [sql_folder() / name for name in STATEMENTS_OF_STAGES]
    found = hashlib.sha256()
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.suffix in {".py", ".sql", ".csv", ".toml", ".json", ".npy"}:
                place = f"{folder.name}/{file.relative_to(folder).as_posix()}"
                found.update(place.encode() + b"\0" + file.read_bytes() + b"\0")
    for library in _LIBRARIES:
        found.update(f"{library} {importlib.metadata.version(library)}".encode())
    return found.hexdigest()
