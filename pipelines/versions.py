"""Which release of Vouch and which word lists made a result.

Two runs may differ because the world moved or because these did; only the first is news.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from importlib.resources import files


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
