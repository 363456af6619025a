"""Worlds that the tests of this folder share: making one is quick, reading it does not change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.demo_world import World, generate_world

if TYPE_CHECKING:
    import polars as pl


@pytest.fixture(scope="package")
def world() -> World:
    return generate_world()


@pytest.fixture(scope="package")
def small_world() -> World:
    return generate_world(5, 1_000)


@pytest.fixture(scope="package")
def posts(world) -> pl.DataFrame:
    """Every post with what it is in truth and what part its author plays."""
    author = world.truth.select("account_id", "role", "shill_kind", "community", "is_shill")
    return (
        world.tables["posts"]
        .join(world.post_truth, on="post_id")
        .join(author, left_on="author_id", right_on="account_id")
    )
