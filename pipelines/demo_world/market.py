"""What a brand brings along: its audiences, the brands it knows, prices, reviewers' labels, past campaigns.

Growth over time (`snapshots`) is here as well, because it is bought like the rest. Outcomes follow the truth:
trusted voices convert, bought reach does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.demo_world.casts import CREATOR_CASTS, SHILL_CASTS, Cast, is_among
from pipelines.demo_world.draws import DAY
from pipelines.demo_world.follows import Origin
from pipelines.demo_world.phrases import phrases
from pipelines.demo_world.population import HOME_COMMUNITIES, WINDOW_DAYS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipelines.demo_world.follows import Follows
    from pipelines.demo_world.population import Population
    from pipelines.demo_world.profiles import Claims

AUDIENCES = {
    "northbean-customers": (800, (0.45, 0.33, 0.22)),
    "southkettle-readers": (300, (0.40, 0.0, 0.0, 0.0, 0.60)),
}
"""Audience: members at the default size, and how its real members spread over the first communities."""

POISONED_SHARE = 0.08
"""Share of each audience list that is fake or dormant profiles."""
_STRAY_SHARE = 0.07
_FAKE_AMONG_POISONED = 0.75
_WEEKS = WINDOW_DAYS // 7 + 1
_LABELLED = {"genuine": 0.08, "shill": 0.28}
_CAMPAIGNS = (("spring-filter", 170), ("summer-cold-brew", 105), ("autumn-trail-mug", 50))
_EUR_PER_REACH = 0.9


def make_audiences(people: Population, ids: pl.Series) -> pl.DataFrame:
    """The audience lists: mostly the home communities, some strays, and a poisoned part."""
    parts = []
    for name, (usual_size, spread) in AUDIENCES.items():
        rng = people.stream(f"audience {name}")
        size = round(usual_size * people.scale**0.5)
        n_poisoned, n_strays = round(POISONED_SHARE * size), round(_STRAY_SHARE * size)
        n_fake = round(_FAKE_AMONG_POISONED * n_poisoned)
        wanted = np.round(np.array(spread) * (size - n_poisoned - n_strays)).astype(int)
        real = (Cast.ORDINARY, Cast.CREATOR, Cast.MASS_FOLLOWER)
        pools = [
            *(
                (people.members(*real)[people.community[people.members(*real)] == c], k)
                for c, k in enumerate(wanted)
            ),
            (
                people.members(Cast.ORDINARY)[people.community[people.members(Cast.ORDINARY)] >= len(spread)],
                n_strays,
            ),
            (_poisoners(people), n_fake),
            (people.members(Cast.DORMANT), n_poisoned - n_fake),
        ]
        drawn = np.concatenate([_some(people, rng, pool, int(k)) for pool, k in pools])
        members: NDArray[np.int64] = np.unique(drawn)
        age = rng.beta(1.1, 2.0, len(members)) * 900 * DAY
        since = np.maximum(people.until - age.astype(np.int64), people.created_at[members] + DAY)
        weight = np.round(
            np.clip(0.35 + 0.5 * people.activity[members] + 0.3 * rng.random(len(members)), 0, 1), 3
        )
        audience = pl.repeat(name, len(members), eager=True)
        parts.append(
            pl.DataFrame(
                {"audience": audience, "account_id": ids.gather(members), "weight": weight, "since": since}
            )
        )
    return pl.concat(parts)


def brand_names(people: Population, handles: pl.Series) -> list[str]:
    """Names of all brands: the listed ones, then one for each founder."""
    founders = handles.gather(people.members(Cast.FOUNDER)).to_list()
    return [brand["brand"] for brand in phrases()["brands"]] + [
        f"{_brandable(handle)} Goods" for handle in founders
    ]


def make_brands(people: Population, ids: pl.Series, names: list[str]) -> pl.DataFrame:
    """The brands table; keywords are separated by commas."""
    listed = phrases()["brands"]
    founders = people.members(Cast.FOUNDER)
    owners = np.concatenate([people.members(Cast.BRAND), founders])
    topics = list(phrases()["topics"])
    return pl.DataFrame(
        {
            "brand": names,
            "account_id": ids.gather(owners),
            "keywords": [
                *(f"{brand['brand'].lower()},{brand['handle']},#{brand['handle']}" for brand in listed),
                *(name.lower() for name in names[len(listed) :]),
            ],
            "category": [
                *(brand["category"] for brand in listed),
                *(topics[topic] for topic in people.topic[founders]),
            ],
            "competitor_of": [brand.get("competitor_of") for brand in listed] + [None] * len(founders),
        },
        schema_overrides={"competitor_of": pl.String},
    )


def make_snapshots(
    people: Population, follows: Follows, claims: Claims, posts_count: NDArray[np.int64], ids: pl.Series
) -> pl.DataFrame:
    """Weekly counts of everybody who could be hired, with the bursts of the listed follows in them."""
    rng = people.stream("snapshots")
    creators = np.flatnonzero(is_among(people.cast, CREATOR_CASTS))
    n_creators = len(creators)
    observed = people.until - (np.arange(_WEEKS)[::-1] * 7 * DAY) - 3 * 3_600

    # Organic followers: back in time at a rate of the account's own, with a little weekly noise.
    growth = np.clip(rng.normal(0.006, 0.004, (n_creators, 1)), 0.0, 0.03)
    noise = np.exp(0.002 * rng.standard_normal((n_creators, _WEEKS)))
    noise[:, -1] = 1.0
    arrived = _standing_share(people, follows, creators, observed, viral=True)
    viral_listed = np.bincount(follows.followee[follows.origin == Origin.VIRAL], minlength=people.n_accounts)
    viral = np.minimum(viral_listed * claims.organic_factor, 0.7 * claims.organic)[creators, None]
    steady = (claims.organic[creators, None] - viral) * (1 - growth) ** np.arange(_WEEKS)[::-1] * noise
    bought = claims.bought[creators, None] * _standing_share(people, follows, creators, observed, viral=False)
    followers = np.round(steady + viral * arrived + bought).astype(np.int64)

    following = claims.following[creators, None] * (1 - 0.004 * np.arange(_WEEKS)[::-1])
    posts = posts_count[creators, None] * (1 - 0.008 * np.arange(_WEEKS)[::-1])
    seen = rng.random((n_creators, _WEEKS)) > 0.05
    seen[:, -1] = True
    row, week = np.nonzero(seen)
    return pl.DataFrame(
        {
            "account_id": ids.gather(creators[row]),
            "observed_at": observed[week],
            "followers_count": followers[row, week],
            "following_count": np.floor(following[row, week]).astype(np.int64),
            "posts_count": np.floor(posts[row, week]).astype(np.int64),
        }
    )


def make_rates(people: Population, claims: Claims, ids: pl.Series) -> pl.DataFrame:
    """Asking prices in euro: by claimed reach, so that bought reach is priced like earned reach."""
    rng = people.stream("rates")
    creators = np.flatnonzero(is_among(people.cast, CREATOR_CASTS))
    creators = creators[rng.random(len(creators)) < 0.85]
    followers = (claims.organic + claims.bought)[creators]
    price = 40 + _EUR_PER_REACH * np.maximum(followers, 100) ** 0.72 * np.exp(
        0.35 * rng.standard_normal(len(creators))
    )
    deliverable = pl.Series(["post", "post", "story", "video"]).gather(rng.integers(4, size=len(creators)))
    return pl.DataFrame(
        {
            "account_id": ids.gather(creators),
            "price": np.round(price / 5) * 5,
            "currency": pl.repeat("EUR", len(creators), eager=True),
            "deliverable": deliverable,
        }
    )


def make_labels(people: Population, ids: pl.Series) -> pl.DataFrame:
    """What reviewers have looked at so far; they were right each time."""
    rng = people.stream("labels")
    shill = is_among(people.cast, SHILL_CASTS)
    creators = is_among(people.cast, CREATOR_CASTS)
    chance = np.where(shill, _LABELLED["shill"], _LABELLED["genuine"])
    labelled = np.flatnonzero(creators & (rng.random(people.n_accounts) < chance))
    label = pl.Series(["genuine", "shill"]).gather(shill[labelled].astype(int))
    reviewer = pl.Series(["reviewer-a", "reviewer-b"]).gather(rng.integers(2, size=len(labelled)))
    return pl.DataFrame({"account_id": ids.gather(labelled), "label": label, "source": reviewer})


def make_outcomes(people: Population, follows: Follows, rates: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """Results of past campaigns for the first audience."""
    rng = people.stream("outcomes")
    name = next(iter(AUDIENCES))
    at_home = (people.community >= 0) & (people.community < HOME_COMMUNITIES)
    priced = pl.Series(ids).is_in(rates["account_id"].to_list()).to_numpy()
    pool = np.flatnonzero(priced & (at_home | (people.cast == Cast.CELEBRITY)))
    listed = np.bincount(follows.followee[follows.origin >= Origin.VIRAL], minlength=people.n_accounts)
    trust = np.select(
        [
            is_among(people.cast, (Cast.NICHE_VOICE, Cast.VICTIM)),
            is_among(people.cast, SHILL_CASTS),
            people.cast == Cast.CELEBRITY,
        ],
        [1.0, 0.05, 0.04],
        0.35,
    )
    price = dict(zip(rates["account_id"], rates["price"], strict=True))
    parts = []
    for campaign, days_ago in _CAMPAIGNS:
        chosen = np.sort(rng.choice(pool, size=min(len(pool), 14), replace=False))
        conversions = rng.poisson(0.12 * listed[chosen] * trust[chosen])
        parts.append(
            pl.DataFrame(
                {
                    "account_id": ids.gather(chosen),
                    "audience": pl.repeat(name, len(chosen), eager=True),
                    "campaign": pl.repeat(campaign, len(chosen), eager=True),
                    "started_at": pl.repeat(people.until - days_ago * DAY, len(chosen), eager=True),
                    "spend": [float(price[account]) for account in ids.gather(chosen)],
                    "conversions": conversions.astype(np.int64),
                    "leads": conversions + rng.poisson(2.0 + 2.5 * conversions),
                }
            )
        )
    return pl.concat(parts)


def _poisoners(people: Population) -> NDArray[np.int64]:
    """Fake profiles of the first farms: a list is poisoned by one buyer, not by every farm a little."""
    n_farms = int(people.farm.max()) + 1
    return np.flatnonzero((people.farm >= 0) & (people.farm < max(1, n_farms // 3)))


def _some(
    people: Population, rng: np.random.Generator, pool: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    """Members of a pool without repetition, the active ones first to be drawn."""
    keys = rng.random(len(pool)) ** (1.0 / (0.25 + people.activity[pool]))
    return pool[np.argsort(-keys, kind="stable")[:count]]


def _standing_share(
    people: Population,
    follows: Follows,
    creators: NDArray[np.int64],
    observed: NDArray[np.int64],
    *,
    viral: bool,
) -> NDArray[np.float64]:
    """Followers of a kind standing at each observation, over those standing at the end; [creators, weeks]."""
    kind = follows.origin == Origin.VIRAL if viral else follows.origin <= Origin.BOMBED
    place = np.full(people.n_accounts, -1, dtype=np.int64)
    place[creators] = np.arange(len(creators))
    chosen = np.flatnonzero(kind & (place[follows.followee] >= 0))
    row = place[follows.followee[chosen]]
    change = np.zeros((len(creators), len(observed) + 1))
    np.add.at(change, (row, np.searchsorted(observed, follows.followed_at[chosen])), 1.0)
    ended = follows.unfollowed_at[chosen] >= 0
    left = np.searchsorted(observed, follows.unfollowed_at[chosen][ended])
    np.add.at(change, (row[ended], left), -1.0)
    standing = np.cumsum(change[:, :-1], axis=1)
    return standing / np.maximum(standing[:, -1:], 1.0)


def _brandable(handle: str) -> str:
    return "".join(letter for letter in handle.title() if letter.isalpha())
