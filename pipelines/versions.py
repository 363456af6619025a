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
    """A digest of what decides, beside data and settings, what the stages make.

    The code of the stages and the kernels, the statements, the tables that come with Vouch, and the releases
    of the libraries that reckon.
    """
    folders = [Path(str(files(package))) for package in ("assets", "graph", *_REFERENCE)]
    found = hashlib.sha256()
    for folder in (*folders, sql_folder()):
        for file in sorted(folder.rglob("*")):
            if file.suffix in {".py", ".sql", ".csv", ".toml", ".json", ".npy"}:
                found.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    for library in _LIBRARIES:
        found.update(f"{library} {importlib.metadata.version(library)}".encode())
    return found.hexdigest()
