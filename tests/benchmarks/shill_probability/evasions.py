"""What an attacker can do to hide from each signal: changes to the tables of a generated world.

Each change is the cheapest that hides from one signal and says what it costs, in multiples of what the
attacker spends today. Nothing else about the world changes, so what other signals see can be measured.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.demo_world import generate_world

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipelines.demo_world.world import World

KEPT_SHARE = 0.3
PEOPLE_SAY = (
    "long day, good day",
    "slowly getting better at this",
    "more of the same tomorrow",
    "what a week",
)


@dataclass(frozen=True)
class Evasion:
    """One way to hide.

    Attributes:
        signal: what it hides from.
        kinds: kinds of shill that do it.
        how: what they do, in words.
        costs: what it costs them, in words.
        change: makes the world in which they do.
    """

    signal: str
    kinds: Sequence[str]
    how: str
    costs: str
    change: Callable[[World], World]


def evading(seed, n_accounts, *, change):
    """A generated world in which attackers hide."""
    return change(generate_world(seed, n_accounts))


def _with(world, **tables):
    return replace(world, tables={**world.tables, **tables})


def _ids(world, condition):
    return world.truth.filter(condition)["account_id"].implode()


def _fakes(world):
    return _ids(world, pl.col("is_fake_follower"))


def _buyers(world):
    return _ids(world, pl.col("note").str.contains("customer of farm"))


def dressed_profiles(world):
    """Every bought profile has picture, words, posts, age and counts drawn from those of people."""
    accounts, rng = world.tables["accounts"], np.random.default_rng(world.seed)
    is_fake = accounts["account_id"].is_in(_fakes(world))
    real = accounts.join(
        world.truth.filter(pl.col("role") == "ordinary").select("account_id"), on="account_id", how="semi"
    )
    drawn = real[rng.integers(real.height, size=accounts.height).tolist()]
    names = ("bio", "has_avatar", "posts_count", "followers_count", "following_count", "created_at")
    dressed = accounts.with_columns(
        pl.when(is_fake).then(drawn[name]).otherwise(accounts[name]).alias(name) for name in names
    )
    handles = pl.when(is_fake).then(pl.col("handle").str.replace_all(r"\d+$", "")).otherwise("handle")
    return _with(world, accounts=dressed.with_columns(handles.alias("handle")))


def spread_over_profiles(world):
    """Each customer is followed by a smaller share of the farm, which needs more profiles per follower."""
    follows, rng = world.tables["follows"], np.random.default_rng(world.seed)
    bought = follows["follower_id"].is_in(_fakes(world)) & follows["followee_id"].is_in(_buyers(world))
    kept = ~bought.to_numpy() | (rng.random(follows.height) < KEPT_SHARE)
    return _with(world, follows=follows.filter(pl.Series(kept)))


def slow_drip(world):
    """Bought followers come a few a day over most of a year instead of in parcels."""
    follows, rng = world.tables["follows"], np.random.default_rng(world.seed)
    bought = follows["follower_id"].is_in(_fakes(world)) & follows["followee_id"].is_in(_buyers(world))
    end = follows["followed_at"].max()
    days = pl.Series((rng.random(follows.height) * 300 * 86_400).astype(np.int64)).cast(pl.Int64)
    when = pl.lit(end) - pl.duration(seconds=days)
    moved = follows.with_columns(
        followed_at=pl.when(bought).then(when).otherwise("followed_at").cast(follows.schema["followed_at"])
    )
    # Counts that somebody wrote down over time would still jump; here nobody wrote any down.
    return _with(world, follows=moved, snapshots=world.tables["snapshots"].clear())


def quieter_pods(world):
    """Members of a pod engage with a smaller share of each other's posts."""
    acts, rng = world.tables["interactions"], np.random.default_rng(world.seed)
    pod = world.truth.select("account_id", pod=pl.col("note").str.extract(r"pod (\d+)"))
    both = acts.join(pod.rename({"account_id": "actor_id", "pod": "a"}), on="actor_id", how="left").join(
        pod.rename({"account_id": "target_id", "pod": "b"}), on="target_id", how="left"
    )
    inside = (both["a"] == both["b"]).fill_null(value=False).to_numpy()
    kept = ~inside | (rng.random(acts.height) < KEPT_SHARE)
    return _with(world, interactions=both.drop("a", "b").filter(pl.Series(kept)))


def _posts_of(world, *kinds):
    return world.tables["posts"]["post_id"].is_in(
        world.post_truth.filter(pl.col("post_kind").is_in(kinds))["post_id"].implode()
    )


def days_apart(world):
    """Members of a ring post the same thing days apart instead of within minutes."""
    posts, rng = world.tables["posts"], np.random.default_rng(world.seed)
    copied = _posts_of(world, "copied_ad")
    later = pl.Series((rng.random(posts.height) * 4 * 86_400).astype(np.int64)) * copied.cast(pl.Int64)
    moved = (pl.col("posted_at") + pl.duration(seconds=later)).clip(
        upper_bound=pl.lit(posts["posted_at"].max())
    )
    return _with(world, posts=posts.with_columns(posted_at=moved.cast(posts.schema["posted_at"])))


def own_words(world):
    """Members of a ring each write their own text, about the brand as before."""
    posts, rng = world.tables["posts"], np.random.default_rng(world.seed)
    copied = _posts_of(world, "copied_ad")
    hidden = posts.filter(_posts_of(world, "hidden_ad"))["text"]
    drawn = hidden.gather(rng.integers(hidden.len(), size=posts.height))
    tails = pl.Series(PEOPLE_SAY).gather(rng.integers(len(PEOPLE_SAY), size=posts.height))
    written = pl.DataFrame({"a": drawn, "b": tails}).select(pl.format("{} {}", "a", "b")).to_series()
    return _with(
        world, posts=posts.with_columns(text=pl.when(copied).then(written).otherwise(pl.col("text")))
    )


def no_codes_no_links(world):
    """Hidden advertisements name the brand and drop codes, links, shares off and calls to buy."""
    posts = world.tables["posts"]
    hidden = _posts_of(world, "hidden_ad", "copied_ad")
    plain = (
        pl.col("text")
        .str.replace_all(r"https?://\S+", "")
        .str.replace_all(r"\b[A-Z]{3,}\d+\b", "")
        .str.replace_all(r"\d+\s*%", "")
        .str.split("!")
        .list.first()
    )
    return _with(world, posts=posts.with_columns(text=pl.when(hidden).then(plain).otherwise(pl.col("text"))))


def one_brand(world):
    """Each account keeps one paying brand and turns the others away."""
    posts = world.tables["posts"].with_row_index("row")
    names = world.tables["brands"].unique("brand").select("brand").sort("brand")["brand"].to_list()
    hidden = posts.filter(_posts_of(world, "hidden_ad", "copied_ad")).with_columns(
        brand=pl.col("text").str.extract(f"(?i)({'|'.join(map(_escaped, names))})").str.to_lowercase()
    )
    first = (
        hidden.drop_nulls("brand")
        .group_by("author_id", "brand")
        .len()
        .sort("author_id", "len", "brand", descending=[False, True, False])
        .unique("author_id", keep="first", maintain_order=True)
    )
    lost = hidden.join(first.select("author_id", "brand"), on=["author_id", "brand"], how="anti")
    return _with(world, posts=posts.filter(~pl.col("row").is_in(lost["row"].implode())).drop("row"))


def _escaped(name):
    return "".join(f"\\{letter}" if not letter.isalnum() and letter != " " else letter for letter in name)


FOLLOWER_BUYERS, PODS, RINGS = ("bought_followers", "mixed"), ("pod",), ("copied_text",)
EVASIONS = (
    Evasion(
        "suspicious_followers",
        FOLLOWER_BUYERS,
        "buys profiles that look lived in: taken over from people, or kept for years",
        "the price of an aged profile instead of an empty one, several times as much; as many follows",
        dressed_profiles,
    ),
    Evasion(
        "lockstep_followers",
        FOLLOWER_BUYERS,
        f"lets {KEPT_SHARE:.0%} of a farm's profiles follow each customer",
        f"{1 / KEPT_SHARE:.1f} times as many profiles for the same number of followers",
        spread_over_profiles,
    ),
    Evasion(
        "growth_bursts",
        FOLLOWER_BUYERS,
        "has the followers come drop by drop over ten months",
        "no more money; ten months of time instead of a night",
        slow_drip,
    ),
    Evasion(
        "engagement_pods",
        PODS,
        f"engages with {KEPT_SHARE:.0%} of the posts it did before",
        f"{1 - KEPT_SHARE:.0%} of the engagement, or a pod {1 / KEPT_SHARE:.1f} times as large",
        quieter_pods,
    ),
    Evasion(
        "coordinated_sharing",
        RINGS,
        "posts the same text up to four days apart",
        "no more money; a campaign that takes days instead of minutes",
        days_apart,
    ),
    Evasion(
        "copied_text",
        RINGS,
        "has every member write a text of its own",
        "as many texts as members instead of one, and a writer",
        own_words,
    ),
    Evasion(
        "undisclosed_promotion",
        ("hidden_ads", "copied_text"),
        "drops codes, links, discounts and calls to buy",
        "the sales that can be counted: nobody can be credited, so the price falls",
        no_codes_no_links,
    ),
    Evasion(
        "brand_hopping",
        ("hidden_ads",),
        "works for one brand alone",
        "every other client: the income of a roster shrinks to its first brand",
        one_brand,
    ),
)


def evaded_worlds(evasion):
    """What makes the world of an evasion, importable by name in another process."""
    return partial(evading, change=evasion.change)
