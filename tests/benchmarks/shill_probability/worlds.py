"""Worlds that are unlike those that taught: other shares, other densities, other habits."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from unittest.mock import patch

import numpy as np

from pipelines.demo_world import casts, generate_world
from pipelines.demo_world.casts import SHILL_CASTS, Cast
from pipelines.demo_world.farms import make_parcels

SEEDS = ((401, 1500),)
INNOCENT_LOOKALIKES = (Cast.DISCLOSER, Cast.GIFTED, Cast.VIRAL, Cast.VICTIM, Cast.FRIENDS_CIRCLE)


def with_traits(seed, n_accounts, *, members, **factors):
    """A world in which some traits of some casts are so many times as large."""
    usual = casts.traits()
    changed = {
        cast: row._replace(**{
            name: max(1.0, factor * getattr(row, name)) if name == "at_least" else factor * getattr(row, name)
            for name, factor in factors.items()
        }) if cast in members else row
        for cast, row in usual.items()
    }  # fmt: skip
    with ExitStack() as patched:
        for module in ("casts", "population"):
            patched.enter_context(patch(f"pipelines.demo_world.{module}.traits", lambda: changed))
        return generate_world(seed, n_accounts)


def with_sparser_farms(seed, n_accounts, *, factor):
    """A world whose customers are followed by a smaller share of each farm's profiles."""

    def sparser(people):
        parcels = make_parcels(people)
        density = np.where(parcels.is_bombed, parcels.density, factor * parcels.density)
        return replace(parcels, density=density)

    with patch("pipelines.demo_world.world.make_parcels", sparser):
        return generate_world(seed, n_accounts)


POPULATIONS = {
    "half as many shills": partial(with_traits, members=SHILL_CASTS, share=0.5, at_least=0.5),
    "twice as many shills": partial(with_traits, members=SHILL_CASTS, share=2.0, at_least=2.0),
    "three times the innocent look-alikes": partial(
        with_traits, members=INNOCENT_LOOKALIKES, share=3.0, at_least=3.0
    ),
    "half as many posts": partial(with_traits, members=tuple(Cast), posts=0.5),
    "farms half as dense": partial(with_sparser_farms, factor=0.5),
}
"""What is other than in the worlds that taught, and what makes such a world."""
