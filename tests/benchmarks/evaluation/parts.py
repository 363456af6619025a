"""The shape of a part of the evaluation, and how parts become pages.

Belongs here: bars, tables, the page of a part, the page in front. Does not belong here: measuring anything.
"""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

SHOWN_VERSIONS = ("numpy", "scipy", "scikit-learn", "polars", "duckdb", "igraph")
FRONT = """# What Vouch is worth, measured

Written whole by `make evaluate`: do not edit. A bar that is missed says so. Some bars and rules were chosen
after looking at the same networks; the pages say where. Each page has the tables, what was tried, and what
cannot be shown.
"""


@dataclass(frozen=True)
class Options:
    """How a part is measured.

    Attributes:
        data: folder of the public data sets, or None where it is absent; a part says what it skipped.
        seed: of everything drawn.
        seeds: how many seeds a part that repeats itself uses; its own number by default.
        keep: folder where a part may keep finished measurements, so that a killed run goes on; or None.
    """

    data: Path | None = None
    seed: int = 0
    seeds: int | None = None
    keep: Path | None = None


@dataclass(frozen=True)
class Bar:
    """One thing that was promised.

    Attributes:
        what: what is measured, on what.
        bar: the promise, in words.
        reached: the figure, in words.
        holds: whether the promise is kept; None where it could not be measured.
    """

    what: str
    bar: str
    reached: str
    holds: bool | None


@dataclass(frozen=True)
class Part:
    """One part of the evaluation.

    Attributes:
        title: of the page.
        in_short: a few plain sentences for the page in front, Markdown.
        body: the page below its title and facts, Markdown.
        bars: what was promised, in order.
        pictures: file name (without folder) to SVG text; the body refers to the file name.
    """

    title: str
    in_short: str
    body: str
    bars: Sequence[Bar] = ()
    pictures: Mapping[str, str] = field(default_factory=dict)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows)])


def write_part(name: str, part: Part, options: Options, seconds: float, docs: Path) -> Path:
    """Write the page of a part, its pictures, and what the page in front needs of it."""
    folder = docs / "evaluation"
    folder.mkdir(parents=True, exist_ok=True)
    beside = " beside measurements kept from an earlier run" if options.keep else ""
    facts = {
        "Measured by": f"`make evaluate PART={name}`, {datetime.now(UTC):%Y-%m-%d}, seed {options.seed}, "
        f"in {max(seconds / 60, 1):.0f} min{beside}",
        "Machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "Versions": ", ".join(f"{package} {version(package)}" for package in SHOWN_VERSIONS),
    }
    pieces = [f"# {part.title}", "\n".join(f"- {what}: {how}" for what, how in facts.items())]
    if part.bars:
        pieces.append("## Bars\n\n" + bars_table(part.bars))
    page = folder / f"{name}.md"
    page.write_text("\n\n".join([*pieces, part.body.strip()]) + "\n", encoding="utf-8")
    for file, picture in part.pictures.items():
        (folder / file).write_text(picture, encoding="utf-8")
    front = {"title": part.title, "in_short": part.in_short, "bars": [asdict(bar) for bar in part.bars]}
    (folder / f"{name}.json").write_text(
        json.dumps(front, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    return page


def bars_table(bars: Sequence[Bar]) -> str:
    """What was promised, and whether it is kept."""
    words = {True: "yes", False: "**no**", None: "not measured"}
    return table(
        ("what", "bar", "reached", "holds"),
        ((bar.what, bar.bar, bar.reached, words[bar.holds]) for bar in bars),
    )


def write_front(names: Sequence[str], docs: Path) -> Path:
    """Write docs/EVALUATION.md from what the parts left behind; parts never measured are left out."""
    pieces = [FRONT.strip()]
    for name in names:
        file = docs / "evaluation" / f"{name}.json"
        if not file.exists():
            continue
        front = json.loads(file.read_text(encoding="utf-8"))
        pieces.append(f"## [{front['title']}](evaluation/{name}.md)\n\n{front['in_short'].strip()}")
        if front["bars"]:
            pieces.append(bars_table([Bar(**bar) for bar in front["bars"]]))
    page = docs / "EVALUATION.md"
    page.write_text("\n\n".join(pieces) + "\n", encoding="utf-8")
    return page
