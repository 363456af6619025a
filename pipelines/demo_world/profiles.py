"""The accounts table: handles, names, bios, claimed counts and what a profile shows.

The listed graph is a sample of a larger network, so claimed counts exceed what is listed, by a factor that is
an account's own and the same wherever its audience is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.demo_world.casts import CREATOR_CASTS, Cast, is_among, trait
from pipelines.demo_world.draws import log_normal
from pipelines.demo_world.follows import Origin
from pipelines.demo_world.hostile import HOSTILE_BIOS, HOSTILE_HANDLE, HOSTILE_NAMES
from pipelines.demo_world.phrases import LANGUAGES, TOPICS, phrases, wordings
from pipelines.demo_world.tables import numbered_ids

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipelines.demo_world.follows import Follows
    from pipelines.demo_world.population import Population

_CELEBRITY_FLOOR = 600_000


@dataclass(frozen=True)
class Claims:
    """Counts that profiles claim, beyond the listed graph; arrays of n_accounts elements.

    Attributes:
        organic_factor: float64, claimed followers for every listed organic one.
        organic: int64, claimed followers that came by themselves.
        bought: int64, claimed followers that came in parcels, asked for or not.
        following: int64, claimed followings.
    """

    organic_factor: NDArray[np.float64]
    organic: NDArray[np.int64]
    bought: NDArray[np.int64]
    following: NDArray[np.int64]


def make_claims(people: Population, follows: Follows) -> Claims:
    """Scale the listed graph up to what the profiles say."""
    rng = people.stream("claims")
    n_accounts, cast = people.n_accounts, people.cast
    standing = follows.unfollowed_at < 0
    from_farm = follows.origin <= Origin.BOMBED
    listed_organic = np.bincount(follows.followee[standing & ~from_farm], minlength=n_accounts)
    listed_bought = np.bincount(follows.followee[standing & from_farm], minlength=n_accounts)
    factor = log_normal(rng, trait("claimed")[cast], trait("claimed_sigma")[cast], n_accounts)
    famous = is_among(cast, (Cast.CELEBRITY, Cast.NEWS, Cast.FEED_BOT))
    factor[famous] /= max(people.scale, 1.0) ** 0.5  # a larger world lists more of a celebrity's followers
    factor = np.maximum(factor, 1.0)
    organic = np.ceil(listed_organic * factor).astype(np.int64)
    stars = cast == Cast.CELEBRITY
    organic[stars] = np.maximum(
        organic[stars], _CELEBRITY_FLOOR + rng.integers(250_000, size=int(stars.sum()))
    )
    factor[stars] = organic[stars] / np.maximum(listed_organic[stars], 1)
    parcel_factor = np.where(cast == Cast.VICTIM, 250.0, 4_000.0) * np.exp(
        0.6 * rng.standard_normal(n_accounts)
    )

    listed_out = np.bincount(follows.follower[standing], minlength=n_accounts)
    following = listed_out * rng.uniform(2.0, 6.0, n_accounts)
    mass, fake = cast == Cast.MASS_FOLLOWER, cast == Cast.FAKE_FOLLOWER
    following[mass] = 1_800 + 22 * listed_out[mass]
    following[fake] = listed_out[fake] + log_normal(rng, 1_500.0, 0.6, int(fake.sum()))
    return Claims(
        organic_factor=factor,
        organic=organic,
        bought=np.ceil(listed_bought * parcel_factor).astype(np.int64),
        following=np.ceil(following).astype(np.int64),
    )


def account_ids(people: Population) -> pl.Series:
    """One id per account, ascending with the account's number."""
    return numbered_ids("account_id", "n", people.n_accounts)


def make_handles(people: Population) -> pl.Series:
    """Unique, plausible, invented handles; one of them is hostile."""
    rng = people.stream("handles")
    n_accounts, fake = people.n_accounts, people.cast == Cast.FAKE_FOLLOWER
    given, family = (names.str.to_lowercase() for names in _name_parts(people))
    words = [word for topic in TOPICS for word in phrases()["topics"][topic]["handles"]]
    word = pl.Series(words).gather(people.topic * 5 + rng.integers(5, size=n_accounts))
    digits = pl.Series(rng.integers(10, 10**7, n_accounts)).cast(pl.String)
    style = rng.choice(5, size=n_accounts, p=(0.3, 0.25, 0.15, 0.15, 0.15))
    style[fake & (rng.random(n_accounts) < 0.7)] = 5
    frame = pl.DataFrame({"g": given, "f": family, "w": word, "d": digits, "s": style})
    handle = (
        pl.when(pl.col("s") == 0)
        .then(pl.col("g") + pl.col("f"))
        .when(pl.col("s") == 1)
        .then(pl.col("g") + "_" + pl.col("w"))
        .when(pl.col("s") == 2)
        .then("the_" + pl.col("w") + "_" + pl.col("g"))
        .when(pl.col("s") == 3)
        .then(pl.col("g") + "." + pl.col("f"))
        .when(pl.col("s") == 4)
        .then(pl.col("g") + pl.col("d").str.slice(0, 2))
        .otherwise(pl.col("g") + pl.col("f") + pl.col("d"))
    )
    named = frame.select(handle=handle).to_series()
    named = named.scatter(people.members(Cast.BRAND), [brand["handle"] for brand in phrases()["brands"]])
    # Handles that are taken get a number, which no style above ends in after a hyphen.
    numbered = pl.DataFrame({"handle": named}).with_columns(nth=pl.int_range(pl.len()).over("handle"))
    unique = numbered.select(
        pl.when(pl.col("nth") == 0).then("handle").otherwise(pl.format("{}-{}", "handle", pl.col("nth") + 1))
    ).to_series()
    return unique.scatter(_hostile_creators(people)[:1], [HOSTILE_HANDLE]).rename("handle")


def make_accounts(
    people: Population, claims: Claims, handles: pl.Series, n_posts: NDArray[np.int64]
) -> pl.DataFrame:
    """The accounts table without its final column types.

    Args:
        people: The accounts.
        claims: Their counts.
        handles: Their handles.
        n_posts: int64[n], posts listed for each; the claimed number is never smaller.
    """
    rng = people.stream("accounts")
    n_accounts, cast = people.n_accounts, people.cast
    fake, dormant = cast == Cast.FAKE_FOLLOWER, cast == Cast.DORMANT
    creator = is_among(cast, CREATOR_CASTS)
    better_farm = fake & (people.farm % 3 == 1)  # some farms dress their profiles up
    avatar = np.select([better_farm, fake, dormant, creator], [0.85, 0.3, 0.65, 0.995], 0.95)
    has_avatar = rng.random(n_accounts) < avatar
    older_posts = log_normal(rng, np.select([fake, dormant], [0.6, 5.0], 60.0), 1.0, n_accounts)
    unknown = rng.random((n_accounts, 2)) < 0.02
    countries = [phrases()["countries"][language] for language in LANGUAGES]
    n_options = np.array([len(options) for options in countries])
    place = np.floor(rng.random(n_accounts) * n_options[people.language]).astype(np.int64)
    starts = np.cumsum(n_options) - n_options
    country = pl.Series([name for options in countries for name in options])
    return pl.DataFrame(
        {
            "account_id": account_ids(people),
            "handle": handles,
            "display_name": _display_names(people),
            "bio": _bios(people, rng),
            "platform": pl.repeat("demo", n_accounts, eager=True),
            "created_at": people.created_at,
            "followers_count": claims.organic + claims.bought,
            "following_count": claims.following,
            "posts_count": n_posts + np.floor(older_posts).astype(np.int64),
            "has_avatar": pl.Series(has_avatar).scatter(np.flatnonzero(unknown[:, 0]), None),
            "is_verified": (cast == Cast.CELEBRITY)
            | (cast == Cast.BRAND)
            | (creator & (rng.random(n_accounts) < 0.06)),
            "is_private": (cast == Cast.ORDINARY) & (n_posts == 0) & (rng.random(n_accounts) < 0.25),
            "language": pl.Series(list(LANGUAGES)).gather(people.language),
            "country": country.gather(starts[people.language] + place).scatter(
                np.flatnonzero(unknown[:, 1]), None
            ),
            "category": pl.Series([*TOPICS, None]).gather(
                np.where(creator | (cast == Cast.BRAND), people.topic, len(TOPICS))
            ),
        }
    )


def _hostile_creators(people: Population) -> NDArray[np.int64]:
    """Creators of the first community, who carry the hostile handle and bios into the rankings."""
    return np.flatnonzero((people.cast == Cast.CREATOR) & (people.community == 0))


def _name_parts(people: Population) -> tuple[pl.Series, pl.Series]:
    rng = people.stream("names")
    parts = phrases()

    def drawn(key: str) -> pl.Series:
        options = parts[key]
        return pl.Series(options).gather(rng.integers(len(options), size=people.n_accounts))

    return drawn("given_start") + drawn("given_end"), drawn("family_start") + drawn("family_end")


def _display_names(people: Population) -> pl.Series:
    rng = people.stream("display names")
    given, family = _name_parts(people)
    arabic = np.flatnonzero(people.language == LANGUAGES.index("ar"))
    options = phrases()["given_ar"]
    given = given.scatter(arabic, pl.Series(options).gather(rng.integers(len(options), size=len(arabic))))
    names = pl.DataFrame({"g": given, "f": family}).select(pl.format("{} {}", "g", "f")).to_series()
    names = names.scatter(people.members(Cast.BRAND), [brand["brand"] for brand in phrases()["brands"]])
    news = people.members(Cast.NEWS)
    outlets = phrases()["headline_outlets"]
    names = names.scatter(news, [f"{outlets[i % len(outlets)]} {i + 1}" for i in range(len(news))])
    # Two voices, two shills: the names meet the top of the ranking and the bottom.
    home = people.community == 0
    voices = np.flatnonzero((people.cast == Cast.NICHE_VOICE) & home)[:2]
    shills = np.flatnonzero((people.cast >= Cast.BOUGHT_FOLLOWERS) & home)[:2]
    return names.scatter(np.concatenate([voices, shills]), list(HOSTILE_NAMES))


def _bios(people: Population, rng: np.random.Generator) -> pl.Series:
    n_accounts, fake = people.n_accounts, people.cast == Cast.FAKE_FOLLOWER
    templates = [wordings(language, "bio") for language in LANGUAGES]
    n_options = np.array([len(options) for options in templates])
    starts = np.cumsum(n_options) - n_options
    place = np.floor(rng.random(n_accounts) * n_options[people.language]).astype(np.int64)
    farm_bios = phrases()["farm_bios"]
    flat = [*(text for options in templates for text in options), *farm_bios]
    # A farm has few bios and uses them again and again.
    again = (
        len(flat)
        - len(farm_bios)
        + (np.maximum(people.farm, 0) * 3 + rng.integers(3, size=n_accounts)) % len(farm_bios)
    )
    template = pl.Series(flat).gather(np.where(fake, again, starts[people.language] + place))
    topics = phrases()["topics"]
    nouns = pl.Series(
        [noun for language in LANGUAGES for topic in TOPICS for noun in topics[topic][language]]
    )
    row = (people.language.astype(np.int64) * len(TOPICS) + people.topic) * 6
    first = rng.integers(6, size=n_accounts)
    frame = pl.DataFrame(
        {"t": template, "a": nouns.gather(row + first), "b": nouns.gather(row + (first + 2) % 6)}
    )
    filled = frame.select(
        pl.col("t")
        .str.replace("{a}", pl.col("a"), literal=True)
        .str.replace("{b}", pl.col("b"), literal=True)
    ).to_series()
    creator = is_among(people.cast, CREATOR_CASTS)
    better_farm = fake & (people.farm % 3 == 1)
    chance = np.select([better_farm, fake, creator, people.cast == Cast.DORMANT], [0.7, 0.3, 0.97, 0.4], 0.85)
    filled = filled.scatter(np.flatnonzero(rng.random(n_accounts) >= chance), None)
    carriers = _hostile_creators(people)[: len(HOSTILE_BIOS)]
    return filled.scatter(carriers, list(HOSTILE_BIOS[: len(carriers)]))
