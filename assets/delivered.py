"""The delivered follows with their ends as nodes: numbers of the ingest through the account index.

Belongs here: what the graph and the signals of growth both read. Does not belong here: what they make of it.
"""

from dataclasses import replace
from pathlib import Path

from assets.ports import Engine
from graph.network.delivered_follows import DeliveredFollows, open_delivered_follows


def delivered_follows(inputs: Path, accounts: Path, engine: Engine) -> DeliveredFollows:
    """Every follow as delivered, in that order, its ends as nodes.

    Args:
        inputs: Folder of the input tables of a day.
        accounts: The account index.
        engine: Runs the statements.
    """
    follows = open_delivered_follows(inputs)
    ids = {"follow_ids": inputs / "follow_ids.parquet", "accounts": accounts}
    node = engine.frame("graph/follow_nodes", ids)["node"].to_numpy()
    return replace(follows, follower=node[follows.follower], followee=node[follows.followee])
