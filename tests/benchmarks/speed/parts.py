"""The shape of a part of the benchmarks.

Belongs here: how a part is asked, what it hands back. Does not belong here: measuring (`measuring`), the page
(`pages`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.benchmarks.evaluation.parts import Bar, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["Bar", "Options", "Part", "table"]


@dataclass(frozen=True)
class Options:
    """How a part is measured.

    Attributes:
        edges: follows of the graph.
        rounds: how often every contender runs; the median counts.
        seed: of the graph.
        scratch: folder of generated graphs, which are made once and used again.
        only: names of the contenders to run; all where empty. A part passes it on to `compare`.
        keep: folder in which a part that takes hours keeps what it has done, to go on after it was cut off;
            none: it begins anew.
    """

    edges: int
    rounds: int
    seed: int
    scratch: Path
    only: Sequence[str] = ()
    keep: Path | None = None


@dataclass(frozen=True)
class Part:
    """What one part found at one number of follows.

    Attributes:
        title: heading on the page, the same at every size.
        about: what is measured and how it is made comparable, Markdown, the same at every size.
        body: tables of this size, Markdown.
        bars: what was promised, in order.
        stages: stage of our own to CPU seconds, for the picture of growth over all sizes kept.
    """

    title: str
    about: str
    body: str
    bars: Sequence[Bar] = ()
    stages: Mapping[str, float] = field(default_factory=dict)
