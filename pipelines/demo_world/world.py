"""The demo world as ten tables and the truth about each account.

This module only assembles: who exists (`population`), who follows whom (`follows`, `farms`), what is said
(`posts`, `wording`), how others react (`engagement`), and what a brand brings along (`market`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.demo_world.casts import SHILL_CASTS, Cast, is_among
from pipelines.demo_world.engagement import Act, engage
from pipelines.demo_world.farms import make_parcels
from pipelines.demo_world.follows import make_follows, popularity
from pipelines.demo_world.market import (
    brand_names,
    make_audiences,
    make_brands,
    make_labels,
    make_outcomes,
    make_rates,
    make_snapshots,
)
from pipelines.demo_world.phrases import LANGUAGES
from pipelines.demo_world.population import DEFAULT_ACCOUNTS, make_population
from pipelines.demo_world.posts import PostKind, make_commerce, plan_posts
from pipelines.demo_world.profiles import account_ids, make_accounts, make_claims, make_handles
from pipelines.demo_world.tables import numbered_ids, typed
from pipelines.demo_world.wording import languages_of, texts_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipelines.demo_world.engagement import Acts
    from pipelines.demo_world.farms import Parcels
    from pipelines.demo_world.follows import Follows
    from pipelines.demo_world.population import Population
    from pipelines.demo_world.posts import Commerce, Posts
    from pipelines.demo_world.profiles import Claims

DEFAULT_SEED = 2026
DEFAULT_UNTIL = date(2026, 11, 1)


@dataclass(frozen=True)
class World:
    """A generated network.

    Attributes:
        seed: What it was drawn from.
        n_accounts: Its size.
        until: Its last day; nothing happens on or after it.
        tables: The ten tables of the input contract, by name.
        truth: One row per account: account_id, role, community, is_shill, shill_kind, discloses_paid_posts
            (NULL where nobody pays the account), is_fake_follower, is_bombed, note.
        post_truth: One row per post: post_id, post_kind; what each post is, whatever it looks like.
    """

    seed: int
    n_accounts: int
    until: date
    tables: dict[str, pl.DataFrame]
    truth: pl.DataFrame
    post_truth: pl.DataFrame


def generate_world(
    seed: int = DEFAULT_SEED, n_accounts: int = DEFAULT_ACCOUNTS, *, until: date = DEFAULT_UNTIL
) -> World:
    """Draw a whole world; the same arguments give the same bytes.

    Args:
        seed: Any whole number from 0 up.
        n_accounts: At least 1,000. Work and memory grow in proportion.
        until: Last day; posts and interactions cover the half year before it.

    Raises:
        DemoWorldError: When the size or the seed cannot be used.
    """
    people = make_population(seed, n_accounts, until)
    appeal = popularity(people)
    parcels = make_parcels(people)
    follows = make_follows(people, parcels, appeal)
    claims = make_claims(people, follows)
    commerce = make_commerce(people)
    posts, acts = engage(people, follows, parcels, plan_posts(people, follows, commerce, appeal))

    ids, handles = account_ids(people), make_handles(people)
    names = brand_names(people, handles)
    post_ids = numbered_ids("post_id", "p", len(posts))
    accounts = make_accounts(people, claims, handles, np.bincount(posts.author, minlength=n_accounts))
    rates = make_rates(people, claims, ids)
    text = texts_of(people, posts, handles, names)
    tables = {
        "accounts": accounts,
        "follows": _follows_table(follows, ids),
        "posts": _posts_table(people, claims, posts, acts, ids, post_ids, text),
        "interactions": _interactions_table(acts, ids, post_ids),
        "audience_members": make_audiences(people, ids),
        "brands": make_brands(people, ids, names),
        "snapshots": make_snapshots(people, follows, claims, accounts["posts_count"].to_numpy(), ids),
        "rates": rates,
        "labels": make_labels(people, ids),
        "outcomes": make_outcomes(people, follows, rates, ids),
    }
    kinds = pl.Series([kind.name.lower() for kind in PostKind])
    return World(
        seed=seed,
        n_accounts=n_accounts,
        until=until,
        tables={name: typed(name, table) for name, table in tables.items()},
        truth=_truth(people, commerce, parcels, ids),
        post_truth=pl.DataFrame({"post_id": post_ids, "post_kind": kinds.gather(posts.kind)}),
    )


def _follows_table(follows: Follows, ids: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "follower_id": ids.gather(follows.follower),
            "followee_id": ids.gather(follows.followee),
            "followed_at": follows.followed_at,
            "unfollowed_at": _null_where(follows.unfollowed_at, follows.unfollowed_at < 0),
        }
    )


def _posts_table(
    people: Population,
    claims: Claims,
    posts: Posts,
    acts: Acts,
    ids: pl.Series,
    post_ids: pl.Series,
    text: pl.Series,
) -> pl.DataFrame:
    rng = people.stream("counts")
    counts = {}
    for act in (Act.LIKE, Act.REPLY, Act.REPOST):
        listed = np.bincount(acts.post[acts.act == act], minlength=len(posts))
        factor = np.where(act == Act.REPLY, 0.5, 1.0) * claims.organic_factor[posts.author]
        counts[act] = np.maximum(
            listed, np.round(listed * factor * rng.uniform(0.85, 1.15, len(posts)))
        ).astype(np.int64)
    views = counts[Act.LIKE] * rng.uniform(15, 45, len(posts)) + rng.integers(5, 60, len(posts))
    return pl.DataFrame(
        {
            "post_id": post_ids,
            "author_id": ids.gather(posts.author),
            "posted_at": posts.posted_at,
            "text": text,
            "language": pl.Series(LANGUAGES).gather(languages_of(people, posts)),
            "reply_to_post_id": post_ids.gather(np.maximum(posts.reply_to, 0)).scatter(
                np.flatnonzero(posts.reply_to < 0), None
            ),
            "is_paid_label": posts.kind == PostKind.LABELLED_AD,
            "likes_count": counts[Act.LIKE],
            "replies_count": counts[Act.REPLY],
            "reposts_count": counts[Act.REPOST],
            "views_count": views.astype(np.int64),
        }
    )


def _interactions_table(acts: Acts, ids: pl.Series, post_ids: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "actor_id": ids.gather(acts.actor),
            "target_id": ids.gather(acts.target),
            "kind": pl.Series([act.name.lower() for act in Act]).gather(acts.act),
            "post_id": post_ids.gather(acts.post),
            "occurred_at": acts.acted_at,
        }
    )


def _truth(people: Population, commerce: Commerce, parcels: Parcels, ids: pl.Series) -> pl.DataFrame:
    shill = is_among(people.cast, SHILL_CASTS)
    role_names = pl.Series([cast.name.lower() for cast in Cast])
    role = role_names.gather(people.cast).scatter(np.flatnonzero(shill), "shill")
    kind = role_names.gather(people.cast).scatter(np.flatnonzero(~shill), None)
    community = pl.Series([*people.community_names, None]).gather(
        np.where(people.community >= 0, people.community, people.n_communities)
    )
    discloses = pl.Series(commerce.disclosed_share >= 0.5).scatter(
        np.flatnonzero(commerce.paid_share == 0), None
    )
    return pl.DataFrame(
        {
            "account_id": ids,
            "role": role,
            "community": community,
            "is_shill": shill,
            "shill_kind": kind,
            "discloses_paid_posts": discloses,
            "is_fake_follower": people.cast == Cast.FAKE_FOLLOWER,
            "is_bombed": people.cast == Cast.VICTIM,
            "note": _notes(people, parcels),
        }
    )


def _notes(people: Population, parcels: Parcels) -> pl.Series:
    """Which farm, pod, circle or ring an account belongs to, in words; NULL where none."""
    farm = people.farm.copy()
    farm[parcels.account] = parcels.farm
    density = np.full(people.n_accounts, np.nan)
    density[parcels.account] = np.round(parcels.density, 2)
    frame = pl.DataFrame(
        {
            "cast": people.cast,
            **{
                name: _null_where(values, values < 0)
                for name, values in (
                    ("farm", farm),
                    ("pod", people.pod),
                    ("circle", people.circle),
                    ("ring", people.ring),
                )
            },
            "density": pl.Series(density).fill_nan(None),
        }
    )
    works_for = pl.when(pl.col("cast") == int(Cast.FAKE_FOLLOWER)).then(
        pl.format("profile of farm {}", "farm")
    )
    bombed = pl.when(pl.col("cast") == int(Cast.VICTIM)).then(
        pl.format("bombed by farm {}, density {}", "farm", "density")
    )
    return frame.select(
        pl.concat_str(
            works_for,
            bombed,
            pl.when(pl.col("cast") != int(Cast.VICTIM)).then(
                pl.format("customer of farm {}, density {}", "farm", "density")
            ),
            pl.format("pod {}", "pod"),
            pl.format("circle {}", "circle"),
            pl.format("ring {}", "ring"),
            separator="; ",
            ignore_nulls=True,
        )
        .replace("", None)
        .alias("note")
    ).to_series()


def _null_where(values: NDArray[np.int64], absent: NDArray[np.bool_]) -> pl.Series:
    return pl.Series(values).scatter(np.flatnonzero(absent), None)
