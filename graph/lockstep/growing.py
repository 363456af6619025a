"""Compiled loop of the search for lockstep: a start grown turn by turn, until it stands still or is known.

Belongs here: how much a block may grow in a turn, and when it is grown no further. Who belongs to it is
`graph.lockstep.membership`; what is made of it is said in `graph.lockstep.search`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.arrays.compiled import compiled
from graph.lockstep.known import is_met
from graph.lockstep.membership import FEWEST, turn

if TYPE_CHECKING:
    from graph.lockstep.counting import Part, Side
    from graph.lockstep.known import Met

MOST_ROWS = 20_000
"""Rows or columns of a block; the surest are kept. Who is bought by larger ones is found all the same."""

_STEPS = 15
_FIRST_COMPARED = 2
_FIRST_ROWS, _FEW_ROWS, _GROWTH = 100, 30, 2


@compiled
def grown(
    by_row: Side, by_column: Side, rows: Part, columns: Part, before: Part, first: float, known: Met
) -> tuple[Part, Part, int]:
    """What a start grows into; see `graph.lockstep.block_model.fit_block`.

    Args:
        by_row: follows as rows of whom each account follows.
        by_column: the same as rows of followers.
        rows: without nodes where the columns are only a guess.
        columns: to start from.
        before: the columns, or without nodes where they are only a guess.
        first: columns after the first turn, for each that is guessed; 0 for as many as may be.
        known: blocks that were met already. What two turns make is compared with none: it is on its way.

    Returns:
        Rows, columns, and after how many turns; 0 turns where the first left nothing, or where this is known.
    """
    for number in range(_STEPS):
        n_rows, n_columns = rows.nodes.size, columns.nodes.size
        most_rows = max(_FEW_ROWS, _GROWTH * n_rows) if n_rows else _FIRST_ROWS
        most_columns = max(_FEW_ROWS, _GROWTH * n_columns)
        if first > 0.0 and not n_rows:
            most_columns = max(FEWEST, int(first * n_columns))
        joined, found, stands = turn(
            by_row, by_column, rows, columns, before, min(most_rows, MOST_ROWS), min(most_columns, MOST_ROWS)
        )
        if not found.nodes.size:
            return rows, columns, number
        rows, columns, before = joined, found, found
        if number >= _FIRST_COMPARED and is_met(known, rows, columns):
            return rows, columns, 0
        if stands:
            return rows, columns, number + 1
    return rows, columns, _STEPS
