"""What the page keeps in its address, so that a link reopens what somebody looks at.

The page's parameters are reached through functions and never through a variable of the notebook: a cell that
holds them would run again whenever one changes, and build its widgets anew under the hand of the reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlencode

import marimo as mo

from pipelines.explore.filters import CHOICES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

OF_AUDIENCE = (
    "search", "platform", "language", "size", "community", "status", "trust", "risk", "picks", "who",
    "plan", "goal", "number", "budget", "keep", "drop",
)  # fmt: skip
"""What another audience makes meaningless."""
OF_PLAN = ("number", "budget")
"""What another published plan makes meaningless."""


LISTS = (*CHOICES, "keep", "drop")
"""Names with several values, joined by commas: of a name that comes twice, marimo hands on the last alone."""


def values(name: str) -> list[str]:
    """Every value that the address gives a name."""
    found = [str(part) for part in mo.query_params().get_all(name)]
    return [unquote(part) for text in found for part in text.split(",")] if name in LISTS else found


def value(name: str) -> str | None:
    """The first of them, or None."""
    return next(iter(values(name)), None)


def put(name: str, wanted: Any) -> None:
    """Keep a value, or several; nothing of it is left where there is none."""
    kept = ",".join(quote(str(part), safe="") for part in wanted) if name in LISTS else wanted
    if kept in (None, "", False):
        forget([name])
    else:
        mo.query_params().set(name, str(kept))


def forget(names: Iterable[str]) -> None:
    """Keep nothing of these names."""
    for name in names:
        if name in mo.query_params():
            mo.query_params().remove(name)


def keeper(
    name: str, also_forget: Iterable[str] = (), coded: Callable[[Any], Any] | None = None
) -> Callable[[Any], None]:
    """What a widget calls when it changes: its value is kept under a name.

    Args:
        name: The name in the address.
        also_forget: Names that lose their meaning with the change.
        coded: Makes what is kept of the value; the value itself by default.
    """

    def keep(chosen: Any) -> None:
        put(name, chosen if coded is None else coded(chosen))
        forget(also_forget)

    return keep


def link(parts: Mapping[str, str]) -> str:
    """An address of this page that keeps these parts and no other."""
    return f"?{urlencode(parts)}"
