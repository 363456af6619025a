"""The delivered follows with their ends as nodes: numbers of the ingest through the account index.

Belongs here: what the graph and the signals of growth both read. Does not belong here: what they make of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assets.ports import Engine
from graph.network.delivered_follows import DeliveredFollows, open_delivered_follows


@dataclass(frozen=True)
class NodeFollows:
    """The follows as delivered, in that order, their ends as nodes once they are asked for.

    Attributes:
        numbered: As the ingest left them, memory-mapped.
        node: uint32[numbers], the node of each number.
    """

    numbered: DeliveredFollows
    node: np.ndarray

    def pieces(self) -> Iterator[DeliveredFollows]:
        """All of them in pieces, of which no more than one is in memory."""
        for piece in self.numbered.pieces():
            yield piece.named(self.node)

    def whole(self) -> DeliveredFollows:
        """All of them at once."""
        return self.numbered.named(self.node)


def delivered_follows(inputs: Path, accounts: Path, engine: Engine) -> NodeFollows:
    """Every follow as delivered.

    Args:
        inputs: Folder of the input tables of a day.
        accounts: The account index.
        engine: Runs the statements.
    """
    ids = {"follow_ids": inputs / "follow_ids.parquet", "accounts": accounts}
    node = engine.frame("graph/follow_nodes", ids)["node"].to_numpy()
    return NodeFollows(open_delivered_follows(inputs), node)
