"""The stages of the story: what the assets of one group share, and what a person is told of the group.

Dagster shows a group as a name alone, so the sentence on its stage stands with the definition of every asset.
An asset says itself what it rests on, what it is kept as and what is checked of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import dagster as dg

from assets.finished import kept_if_unchanged
from assets.partitions import audience_days, snapshot_days


@dataclass(frozen=True)
class Stage:
    """One group of assets.

    Attributes:
        name: Of the group.
        about: What it answers, in one sentence.
        owner: The team that is asked about it.
        partitions: How it is cut, or None for the one file that people read.
        is_kept: Whether what was made is kept where nothing that it rests on has changed.
    """

    name: str
    about: str
    owner: str
    partitions: dg.PartitionsDefinition | None
    is_kept: bool = False

    def asset(
        self, *, is_of_the_day: bool = True, **own: Any
    ) -> Callable[[Callable[..., Any]], dg.AssetsDefinition]:
        """An asset of this stage.

        Args:
            is_of_the_day: Whether the day itself, not only its data, decides what is made.
            own: What is the asset's own, as `dagster.asset` takes it: deps, kinds, check_specs, …
        """
        asset = dg.asset(
            group_name=self.name,
            partitions_def=self.partitions,
            owners=[self.owner],
            metadata={"stage": self.about},
            **own,
        )
        if not self.is_kept:
            return asset
        return lambda make: asset(kept_if_unchanged(make, is_of_the_day=is_of_the_day))


INPUTS_STAGE = Stage(
    "inputs",
    "Stage 1, inputs: the delivered tables as they stood at the end of a day, with everything refused "
    "written down.",
    "team:data",
    snapshot_days,
)
GRAPH_STAGE = Stage(
    "graph",
    "Stage 2, graph: one number for each account, who follows and who acts on whom, and what each profile "
    "looks like.",
    "team:data",
    snapshot_days,
    is_kept=True,
)
TRUST_STAGE = Stage(
    "trust",
    "Stage 3, trust: the audience as it should count, and whom it follows, vouches for, talks with and "
    "speaks of.",
    "team:analysts",
    audience_days,
    is_kept=True,
)
SHILL_STAGE = Stage(
    "shill",
    "Stage 4, shill: signals that influence may be bought, each with its harmless causes, and what they say "
    "together. Signals, never verdicts.",
    "team:integrity",
    snapshot_days,
    is_kept=True,
)
PARTNERS_STAGE = Stage(
    "partners",
    "Stage 5, partners: the ranking with its evidence, the few who together reach the most, and what moved "
    "since the last run.",
    "team:strategy",
    audience_days,
)
PUBLISHED_STAGE = Stage(
    "published",
    "Stage 6, published: the one DuckDB file that people read, verified before it takes the place of the "
    "last, and the report of each audience.",
    "team:strategy",
    None,
)
