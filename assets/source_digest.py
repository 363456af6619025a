"""The code that a module rests on, as one digest: whether a step would still be made the same way."""

import hashlib
import re
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parents[1]
OF_STEPS = ("assets", "graph")
"""Packages whose code decides what a step makes; what it is handed says for itself what decides it."""

_IMPORT = re.compile(r"^\s*(?:from|import) ([a-z]\w*(?:\.\w+)*)(?: import (\([^)]*\)|.*))?", re.MULTILINE)
"""An import of ours by its full name, wherever it stands. Read as text: a grammar takes twenty times as long,
and a name too many costs no more than a step that is made again."""


@cache
def source_digest(module: str, ours: tuple[str, ...] = OF_STEPS) -> str | None:
    """A digest of the source of a module and of every module of ours that it imports, however far down.

    Args:
        module: its full name; nothing is known of one that is not of these packages.
        ours: the packages whose code counts.
    """
    file = _file(module, ours)
    if file is None:
        return None
    found, waiting = {file}, [file]
    while waiting:
        new = _imported(waiting.pop(), ours) - found
        found |= new
        waiting += new
    digest = hashlib.sha256()
    for file in sorted(found):
        digest.update(file.relative_to(_ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def _imported(file: Path, ours: tuple[str, ...] = OF_STEPS) -> frozenset[Path]:
    """The files of what a file of ours imports, with those of the packages around them."""
    found = set()
    for module, names in _IMPORT.findall(file.read_text(encoding="utf-8")):
        parts = module.split(".")
        modules = [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
        modules += [f"{module}.{name}" for name in re.findall(r"\w+", names)]
        found |= {there for one in modules if (there := _file(one, ours)) is not None}
    return frozenset(found)


def _file(module: str, ours: tuple[str, ...] = OF_STEPS) -> Path | None:
    """Where the source of a module of ours is; None of anything else."""
    if module.partition(".")[0] not in ours:
        return None
    place = _ROOT.joinpath(*module.split("."))
    return next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()), None)
