"""The demo world: a generated social network in which the truth about every account is known.

Here belongs everything that makes the world up, and nothing that Vouch uses to judge one:
no signal, no ranking.
`generate_world` draws it from a seed, `write_world` puts it on disk as a data folder like any other.
"""

from __future__ import annotations

from pipelines.demo_world.market import AUDIENCES
from pipelines.demo_world.population import DEFAULT_ACCOUNTS, DemoWorldError
from pipelines.demo_world.tables import TABLES
from pipelines.demo_world.world import DEFAULT_SEED, DEFAULT_UNTIL, World, generate_world
from pipelines.demo_world.writing import FORMATS, write_world

__all__ = [
    "AUDIENCES",
    "DEFAULT_ACCOUNTS",
    "DEFAULT_SEED",
    "DEFAULT_UNTIL",
    "FORMATS",
    "TABLES",
    "DemoWorldError",
    "World",
    "generate_world",
    "write_world",
]
