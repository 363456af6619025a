"""Who exists: cast, community, language, age and groups of every account of the demo world.

Accounts are numbered in the order in which they were created, so an id tells nothing of the part an account
plays beyond what a real network's ids tell. What they do is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo_world.casts import PAID_CASTS, Cast, is_among, traits
from pipelines.demo_world.draws import DAY, stream
from pipelines.demo_world.phrases import LANGUAGES, TOPICS, phrases
from pipelines.errors import VouchError

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

DEFAULT_ACCOUNTS = 6_000
"""The size for which the numbers of the world are tuned."""
SMALLEST_WORLD = 1_000
WINDOW_DAYS = 182
"""Posts, interactions and snapshots cover this long before the world's last day."""
HOME_COMMUNITIES = 3
"""The first communities (coffee, running, outdoor) are where the main audience lives."""

_LANGUAGE_SHARES = (0.44, 0.13, 0.13, 0.11, 0.11, 0.08)
_FAKES_PER_FARM = 160
_POD_SIZE = 11
_CIRCLE_SIZE = 10
_RING_SIZE = 14


class DemoWorldError(VouchError):
    """A demo world that cannot be made as asked."""


@dataclass(frozen=True)
class Population:
    """Every account, one array element each; all arrays have n_accounts elements.

    Attributes:
        seed: Of the whole world.
        n_accounts: How many.
        until: The world's last moment, seconds since 1970 (UTC); nothing happens at or after it.
        scale: n_accounts over the default size.
        cast: int8, a `Cast`.
        community: int64, -1 for accounts that belong to none.
        community_names: The communities' names.
        language: int8, index into LANGUAGES.
        created_at: int64 seconds, ascending.
        activity: float64 in (0, 1], how readily the account engages.
        farm: int64, the farm a fake follower works for, else -1.
        pod: int64, the engagement pod, else -1.
        circle: int64, the circle of friends, else -1.
        ring: int64, the group that posts the same promotional text, else -1.
    """

    seed: int
    n_accounts: int
    until: int
    scale: float
    cast: NDArray[np.int8]
    community: NDArray[np.int64]
    community_names: tuple[str, ...]
    language: NDArray[np.int8]
    created_at: NDArray[np.int64]
    activity: NDArray[np.float64]
    farm: NDArray[np.int64]
    pod: NDArray[np.int64]
    circle: NDArray[np.int64]
    ring: NDArray[np.int64]

    @property
    def n_communities(self) -> int:
        """How many communities there are."""
        return len(self.community_names)

    @property
    def window_start(self) -> int:
        """The first moment of posts and interactions, seconds."""
        return self.until - WINDOW_DAYS * DAY

    @property
    def topic(self) -> NDArray[np.int64]:
        """What each account talks about, index into TOPICS; without a community it is anything."""
        anything = np.arange(self.n_accounts) % len(TOPICS)
        return np.where(self.community >= 0, self.community % len(TOPICS), anything)

    def stream(self, name: str) -> np.random.Generator:
        """The random stream of one part of the world."""
        return stream(self.seed, name)

    def members(self, *casts: Cast) -> NDArray[np.int64]:
        """The accounts of some casts, in account order."""
        return np.flatnonzero(is_among(self.cast, casts))


def make_population(seed: int, n_accounts: int, until: date) -> Population:
    """Draw the accounts.

    Raises:
        DemoWorldError: When the world is too small to hold every cast, or the seed is negative.
    """
    if n_accounts < SMALLEST_WORLD:
        raise DemoWorldError(
            f"A demo world of {n_accounts:,} accounts has no room for every kind of account.",
            remedy=f"Ask for at least {SMALLEST_WORLD:,} accounts.",
        )
    if seed < 0:
        raise DemoWorldError(f"The seed is {seed}.", remedy="Seeds are whole numbers from 0 up.")
    rng = stream(seed, "population")
    scale = n_accounts / DEFAULT_ACCOUNTS
    names = _community_names(max(len(TOPICS), round(len(TOPICS) * scale**0.5)))
    cast = np.repeat(np.arange(len(Cast), dtype=np.int8), _cast_sizes(n_accounts, scale))
    last = int(np.datetime64(until, "s").astype(np.int64))
    farm = np.full(n_accounts, -1, dtype=np.int64)
    fakes = np.flatnonzero(cast == Cast.FAKE_FOLLOWER)
    farm[fakes] = np.arange(len(fakes)) * max(3, round(len(fakes) / _FAKES_PER_FARM)) // len(fakes)
    circle = _groups(cast, Cast.FRIENDS_CIRCLE, _CIRCLE_SIZE)
    created_at = _creation_times(rng, cast, farm, last)
    order = np.argsort(created_at, kind="stable")
    return Population(
        seed=seed,
        n_accounts=n_accounts,
        until=last,
        scale=scale,
        cast=cast[order],
        community=_communities(rng, cast, circle, len(names))[order],
        community_names=names,
        language=_languages(rng, n_accounts)[order],
        created_at=created_at[order],
        activity=np.clip(rng.beta(1.3, 2.2, n_accounts), 0.05, 1.0)[order],
        farm=farm[order],
        pod=_with_mixed(cast, _groups(cast, Cast.POD, _POD_SIZE), every=2)[order],
        circle=circle[order],
        ring=_with_mixed(cast, _groups(cast, Cast.COPIED_TEXT, _RING_SIZE), every=3)[order],
    )


def is_customer(people: Population) -> NDArray[np.bool_]:
    """Who buys followers; bool[n]."""
    return is_among(people.cast, PAID_CASTS)


def _cast_sizes(n_accounts: int, scale: float) -> NDArray[np.int64]:
    # There are more famous accounts in a larger world, but not in proportion: fame is what everybody shares.
    famous = {Cast.CELEBRITY, Cast.NEWS, Cast.FEED_BOT}
    sizes = np.zeros(len(Cast), dtype=np.int64)
    for cast, typical in traits().items():
        growth = scale**0.5 / scale if cast in famous else 1.0
        sizes[cast] = max(int(typical.at_least), round(typical.share * n_accounts * growth))
    sizes[Cast.BRAND] = len(phrases()["brands"])
    sizes[Cast.ORDINARY] = n_accounts - sizes.sum()
    return sizes


def _community_names(count: int) -> tuple[str, ...]:
    rounds = (divmod(number, len(TOPICS)) for number in range(count))
    return tuple(TOPICS[topic] if not lap else f"{TOPICS[topic]}-{lap + 1}" for lap, topic in rounds)


def _communities(
    rng: np.random.Generator, cast: NDArray[np.int8], circle: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    weight = (np.arange(count) + 1.0) ** -0.45
    community = rng.choice(count, size=len(cast), p=weight / weight.sum())
    voices = np.flatnonzero(cast == Cast.NICHE_VOICE)
    community[voices] = np.arange(len(voices)) % count  # every community has voices of its own
    friends = circle >= 0
    community[friends] = (circle[friends] * 5 + 1) % count  # friends share their topic; a pod does not
    # Half of those whose influence is bought work where the audience lives, as they would.
    shills = np.flatnonzero(cast >= Cast.BOUGHT_FOLLOWERS)
    half = shills[::2]
    community[half] = np.arange(len(half)) % HOME_COMMUNITIES
    outside = (Cast.CELEBRITY, Cast.NEWS, Cast.FEED_BOT, Cast.FAKE_FOLLOWER)
    community[is_among(cast, outside)] = -1
    categories = [brand["category"] for brand in phrases()["brands"]]
    topics = [TOPICS.index(category) if category in TOPICS else -1 for category in categories]
    community[cast == Cast.BRAND] = topics
    return community


def _languages(rng: np.random.Generator, n_accounts: int) -> NDArray[np.int8]:
    return rng.choice(len(LANGUAGES), size=n_accounts, p=_LANGUAGE_SHARES).astype(np.int8)


def _creation_times(
    rng: np.random.Generator, cast: NDArray[np.int8], farm: NDArray[np.int64], until: int
) -> NDArray[np.int64]:
    n_accounts = len(cast)
    days_old = 200 + 4_000 * rng.beta(1.2, 1.6, n_accounts)
    # A farm opens its profiles in one run of days, some months before it sells them.
    n_farms = int(farm.max()) + 1
    opened = 230 + 300 * rng.random(n_farms)
    fakes = farm >= 0
    days_old[fakes] = opened[farm[fakes]] - 9 * rng.random(int(fakes.sum()))
    # A tenth of every farm is old profiles taken over from real people.
    hijacked = fakes & (rng.random(n_accounts) < 0.1)
    days_old[hijacked] = 600 + 2_500 * rng.random(int(hijacked.sum()))
    return until - np.round(days_old * DAY).astype(np.int64)


def _groups(cast: NDArray[np.int8], member: Cast, size: int) -> NDArray[np.int64]:
    group = np.full(len(cast), -1, dtype=np.int64)
    members = np.flatnonzero(cast == member)
    n_groups = max(1, round(len(members) / size))
    group[members] = np.arange(len(members)) * n_groups // len(members)
    return group


def _with_mixed(cast: NDArray[np.int8], group: NDArray[np.int64], every: int) -> NDArray[np.int64]:
    mixed = np.flatnonzero(cast == Cast.MIXED)[::every]
    group[mixed] = np.arange(len(mixed)) % (int(group.max()) + 1)
    return group
