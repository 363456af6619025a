"""What an audience is compared with, by name: the network, another audience, or a category.

Only the names belong here: how one is written, and what is said of one that does not exist. Who is behind a
name is read from tables, how the comparison is made stands in `graph.trust.affinity`.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

NETWORK = "network"
AUDIENCE = "audience"
CATEGORY = "category"
FORMS = "network, audience:NAME or category:NAME"
_SHOWN = 20


class BaselineError(ValueError):
    """A baseline that is not written as one, or whose name nothing bears."""


@dataclass(frozen=True)
class Baseline:
    """What an audience is compared with.

    Attributes:
        kind: `NETWORK`, `AUDIENCE` or `CATEGORY`.
        name: Of the audience or category; empty for the network.
    """

    kind: str = NETWORK
    name: str = ""

    def __str__(self) -> str:
        """As it is written in settings and shown beside figures."""
        return f"{self.kind}:{self.name}" if self.name else self.kind


def read_baseline(text: str) -> Baseline:
    """Read a baseline as a person writes it: network, audience:NAME or category:NAME.

    Raises:
        BaselineError: If it is none of these.
    """
    kind, _, name = text.partition(":")
    kind, name = kind.strip().casefold(), name.strip()
    if (kind == NETWORK and not name) or (kind in {AUDIENCE, CATEGORY} and name):
        return Baseline(kind, name)
    raise BaselineError(f"{text!r} is not a baseline. Write {FORMS}.{_nearest(kind, (AUDIENCE, CATEGORY))}")


def find_baseline(text: str, audiences: Iterable[str], categories: Iterable[str]) -> Baseline:
    """The baseline with its name as the data spell it.

    Audiences are told apart by case, as everywhere; categories are not, because tables of accounts and
    brands spell them as they like.

    Raises:
        BaselineError: If nothing bears the name; what exists is listed, the nearest name first.
    """
    baseline = read_baseline(text)
    if baseline.kind == NETWORK:
        return baseline
    known = sorted({name for name in (audiences if baseline.kind == AUDIENCE else categories) if name})
    if baseline.name in known:
        return baseline
    if baseline.kind == CATEGORY:
        folded = {name.strip().casefold(): name for name in known}
        if baseline.name.casefold() in folded:
            return Baseline(CATEGORY, folded[baseline.name.casefold()])
    noun = "audience" if baseline.kind == AUDIENCE else "category"
    there_is = f"There is {', '.join(known[:_SHOWN])}{', …' if len(known) > _SHOWN else ''}."
    if not known:
        there_is = f"The data name no {noun}."
    raise BaselineError(
        f"There is no {noun} called {baseline.name!r} to compare with.{_nearest(baseline.name, known)} "
        f"{there_is}"
    )


def _nearest(name: str, known: Iterable[str]) -> str:
    """A sentence with the nearest known name, after a blank, or an empty text."""
    by_folded = {one.casefold(): one for one in known}
    close = difflib.get_close_matches(name.casefold(), list(by_folded), 1, 0.6)
    return f" Did you mean {by_folded[close[0]]!r}?" if close else ""
