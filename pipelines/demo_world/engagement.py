"""What others do with a post: likes, replies and answers, reposts, quotes; and the pods that trade them.

Every interaction points from the actor to the author of the post that is acted on, and carries that post. A
mention carries the post in which it stands, which is the actor's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo_world.casts import SHILL_CASTS, Cast, is_among, trait
from pipelines.demo_world.draws import DAY, Neighbours, ragged
from pipelines.demo_world.posts import PostKind, Posts, joined, plain_posts, tags_brand

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipelines.demo_world.farms import Parcels
    from pipelines.demo_world.follows import Follows
    from pipelines.demo_world.population import Population

_HOUR = 3_600
_LONGEST_REACTION = 20 * DAY
_POST_QUALITY_SIGMA = 0.7
_NEWS_REPOSTS = 60
_FARM_LIKES = 0.10
"""Likes per customer post and profile of its farm, where a farm sells likes as well."""


class Act(IntEnum):
    """The kinds of interaction, by their names in the input contract."""

    LIKE = 0
    REPLY = 1
    REPOST = 2
    QUOTE = 3
    MENTION = 4


@dataclass(frozen=True)
class Acts:
    """One element per interaction.

    Attributes:
        actor: int64 account.
        target: int64 account.
        act: int8, an `Act`.
        post: int64, index of the post.
        acted_at: int64 seconds.
    """

    actor: NDArray[np.int64]
    target: NDArray[np.int64]
    act: NDArray[np.int8]
    post: NDArray[np.int64]
    acted_at: NDArray[np.int64]


@dataclass
class _Raw:
    """Reactions to posts before they become interactions and replies."""

    actor: NDArray[np.int64]
    post: NDArray[np.int64]
    delay: NDArray[np.int64]
    act: Act
    comment: PostKind = PostKind.REPLY


def engage(people: Population, follows: Follows, parcels: Parcels, posts: Posts) -> tuple[Posts, Acts]:
    """Let the world react.

    Returns:
        All posts, replies and answers included, in time order, and all interactions in time order.
    """
    raws = [
        *_audience_reactions(people, follows, posts),
        *_group_reactions(people, posts),
        _farm_likes(people, parcels, posts),
        _news_reposts(people, posts),
    ]
    parts = [_to_acts(people, posts, raw) for raw in raws]
    replies = [
        _reply_posts(people, posts, raw, number) for number, raw in enumerate(raws) if raw.act is Act.REPLY
    ]
    everything = joined([posts, *replies])
    answers = _answers(people, everything, n_own=len(posts))
    parts.append(_replies_as_acts(everything, answers))
    everything = joined([everything, answers])
    parts.append(_mentions_as_acts(people, everything))
    return _in_time_order(everything, parts)


def _expected_share(people: Population, posts: Posts, rate: str) -> NDArray[np.float64]:
    """Reactions per engaged follower to each post, before chance; float64[posts]."""
    share = trait(rate)[people.cast[posts.author]]
    paid = np.isin(posts.kind, [PostKind.DISCLOSED_AD, PostKind.LABELLED_AD, PostKind.HIDDEN_AD])
    shill = is_among(people.cast, SHILL_CASTS)[posts.author]
    factor = np.where(paid, np.where(shill, 0.4, 0.85), 1.0)
    factor[posts.kind == PostKind.COPIED_AD] = 0.25
    factor[posts.kind == PostKind.VIRAL] = 12.0
    factor[posts.kind == PostKind.MENTION] = 0.5
    return share * factor


def _audience_reactions(people: Population, follows: Follows, posts: Posts) -> list[_Raw]:
    rng = people.stream("reactions")
    passive = (Cast.FAKE_FOLLOWER, Cast.DORMANT, Cast.FEED_BOT, Cast.BRAND, Cast.NEWS, Cast.CELEBRITY)
    engaged = ~is_among(people.cast, passive)[follows.follower]
    audience = Neighbours(people.n_accounts, follows.followee[engaged], follows.follower[engaged])
    listeners = audience.degree[posts.author]
    quality = np.exp(_POST_QUALITY_SIGMA * rng.standard_normal(len(posts)) - _POST_QUALITY_SIGMA**2 / 2)
    attention = people.activity.mean()  # thinning below keeps each account's own activity
    raws = []
    for act, rate, factor, median_hours in (
        (Act.LIKE, "likes", 1.0, 5.0),
        (Act.REPLY, "replies", 1.0, 4.0),
        (Act.REPOST, "shares", 1.0, 8.0),
        (Act.QUOTE, "shares", 0.35, 10.0),
    ):
        expected = np.minimum(_expected_share(people, posts, rate) * factor * quality, 0.5) * listeners
        post, _ = ragged(rng.poisson(expected / attention))
        actor = audience.pick(rng, posts.author[post])
        keep = rng.random(len(post)) < people.activity[actor]
        delay = median_hours * _HOUR * np.exp(1.2 * rng.standard_normal(int(keep.sum())))
        raws.append(_Raw(actor[keep], post[keep], delay.astype(np.int64), act))
    return raws


def _group_reactions(people: Population, posts: Posts) -> list[_Raw]:
    """Pods trade likes and empty comments at once; circles of friends talk, in their own time."""
    rng = people.stream("groups")
    raws = []
    for group, like, reply, median_minutes, sigma, comment in (
        (people.pod, (0.35, 0.95), (0.15, 0.65), 18.0, 0.7, PostKind.GENERIC_COMMENT),
        (people.circle, (0.20, 0.60), (0.10, 0.30), 300.0, 1.1, PostKind.REPLY),
    ):
        post, actor = _fellow_members(group, posts)
        for act, (low, high) in ((Act.LIKE, like), (Act.REPLY, reply)):
            zeal = rng.uniform(low, high, people.n_accounts)
            keep = rng.random(len(actor)) < zeal[actor]
            minutes = median_minutes * np.exp(sigma * rng.standard_normal(int(keep.sum())))
            delay = (minutes * 60).astype(np.int64)
            raws.append(_Raw(actor[keep], post[keep], delay, act, comment))
    return raws


def _fellow_members(group: NDArray[np.int64], posts: Posts) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every pair of a post by a group's member and another member of that group."""
    members = np.flatnonzero(group >= 0)
    members = members[np.argsort(group[members], kind="stable")]
    sizes = np.bincount(group[members])
    starts = np.cumsum(sizes) - sizes
    theirs = np.flatnonzero((group[posts.author] >= 0) & (posts.kind != PostKind.MENTION))
    own = group[posts.author[theirs]]
    row, place = ragged(sizes[own])
    post, actor = theirs[row], members[starts[own[row]] + place]
    other = actor != posts.author[post]
    return post[other], actor[other]


def _farm_likes(people: Population, parcels: Parcels, posts: Posts) -> _Raw:
    """Every other farm sells likes too: many within minutes, from profiles that like nothing else."""
    rng = people.stream("farm likes")
    farm_of = np.full(people.n_accounts, -1, dtype=np.int64)
    buys_likes = ~parcels.is_bombed & (parcels.farm % 2 == 0)
    farm_of[parcels.account[buys_likes]] = parcels.farm[buys_likes]
    fakes = np.flatnonzero(people.farm >= 0)
    fakes = fakes[np.argsort(people.farm[fakes], kind="stable")]
    sizes = np.bincount(people.farm[fakes])
    starts = np.cumsum(sizes) - sizes
    theirs = np.flatnonzero(farm_of[posts.author] >= 0)
    theirs = theirs[rng.random(len(theirs)) < 0.6]
    own = farm_of[posts.author[theirs]]
    row, _ = ragged(rng.poisson(_FARM_LIKES * sizes[own]))
    place = np.floor(rng.random(len(row)) * sizes[own[row]]).astype(np.int64)
    delay = rng.exponential(7 * 60, len(row)).astype(np.int64)
    return _Raw(fakes[starts[own[row]] + place], theirs[row], delay, Act.LIKE)


def _news_reposts(people: Population, posts: Posts) -> _Raw:
    """News accounts repost a great deal of everything, which is their work and harmless."""
    rng = people.stream("news")
    news = people.members(Cast.NEWS)
    owner, _ = ragged(rng.poisson(_NEWS_REPOSTS, len(news)))
    popular = np.flatnonzero(is_among(people.cast, (Cast.NICHE_VOICE, Cast.CREATOR, Cast.NEWS))[posts.author])
    post = popular[rng.integers(len(popular), size=len(owner))]
    delay = rng.exponential(6 * _HOUR, len(owner)).astype(np.int64)
    return _Raw(news[owner], post, delay, Act.REPOST)


def _to_acts(people: Population, posts: Posts, raw: _Raw) -> Acts:
    target = posts.author[raw.post]
    acted_at = posts.posted_at[raw.post] + np.clip(raw.delay, 20, _LONGEST_REACTION)
    keep = (raw.actor != target) & (acted_at < people.until)
    count = int(keep.sum())
    act = np.full(count, raw.act, dtype=np.int8)
    return Acts(raw.actor[keep], target[keep], act, raw.post[keep], acted_at[keep])


def _reply_posts(people: Population, posts: Posts, raw: _Raw, number: int) -> Posts:
    acts = _to_acts(people, posts, raw)
    kind = np.full(len(acts.actor), raw.comment, dtype=np.int8)
    replies = plain_posts(people.stream(f"replies {number}"), acts.actor, acts.acted_at, kind)
    replies.target[:] = acts.target
    replies.reply_to[:] = acts.post
    # Under an advertisement that does not say what it is, half of those who reply are annoyed.
    misled = is_among(posts.kind[acts.post], (PostKind.HIDDEN_AD, PostKind.COPIED_AD))
    annoyed = misled & (kind == PostKind.REPLY) & ((replies.wording >> 41) % 2 == 0)
    replies.kind[annoyed] = PostKind.COMPLAINT
    return replies


def _answers(people: Population, posts: Posts, n_own: int) -> Posts:
    """Authors answering replies: trusted voices one by one, shills with the same line for everybody."""
    rng = people.stream("answers")
    replies = np.arange(n_own, len(posts))
    author = posts.target[replies]
    chance = trait("answers")[people.cast[author]]
    chance = np.where(posts.kind[replies] == PostKind.GENERIC_COMMENT, 0.5 * chance, chance)
    answered_at = posts.posted_at[replies] + (
        2.5 * _HOUR * np.exp(1.1 * rng.standard_normal(len(replies)))
    ).astype(np.int64)
    chosen = np.flatnonzero((rng.random(len(replies)) < chance) & (answered_at < people.until))
    hollow = is_among(people.cast, SHILL_CASTS)[author[chosen]]
    kind = np.where(hollow, PostKind.GENERIC_ANSWER, PostKind.ANSWER).astype(np.int8)
    answers = plain_posts(rng, author[chosen], answered_at[chosen], kind)
    answers.target[:] = posts.author[replies[chosen]]
    answers.reply_to[:] = replies[chosen]
    return answers


def _replies_as_acts(posts: Posts, answers: Posts) -> Acts:
    act = np.full(len(answers), Act.REPLY, dtype=np.int8)
    target = posts.author[answers.reply_to]
    return Acts(answers.author, target, act, answers.reply_to, answers.posted_at)


def _mentions_as_acts(people: Population, posts: Posts) -> Acts:
    """Mentions of people, and of brands by those who write about them."""
    brands = people.members(Cast.BRAND)
    named = tags_brand(posts)
    to_brand = brands[posts.brand[named]]
    mention = posts.kind == PostKind.MENTION
    post = np.concatenate([np.flatnonzero(mention), np.flatnonzero(named)])
    target = np.concatenate([posts.target[mention], to_brand])
    keep = posts.author[post] != target
    post, target = post[keep], target[keep]
    act = np.full(len(post), Act.MENTION, dtype=np.int8)
    return Acts(posts.author[post], target, act, post, posts.posted_at[post])


def _in_time_order(posts: Posts, parts: list[Acts]) -> tuple[Posts, Acts]:
    order = np.lexsort((posts.author, posts.posted_at))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    ordered = posts.rows(order)
    answered = ordered.reply_to >= 0
    ordered.reply_to[answered] = place[ordered.reply_to[answered]]

    actor, target = (np.concatenate([getattr(part, name) for part in parts]) for name in ("actor", "target"))
    act = np.concatenate([part.act for part in parts])
    post = place[np.concatenate([part.post for part in parts])]
    acted_at = np.concatenate([part.acted_at for part in parts])
    # Nobody likes, reposts or quotes the same post twice; the earliest counts.
    n_accounts = int(actor.max(initial=0)) + 1
    start = int(acted_at.min())  # keeps the sort key within 63 bits
    order = np.argsort(((acted_at - start) * len(Act) + act) * n_accounts + actor, kind="stable")
    key = (post[order] * len(Act) + act[order]) * n_accounts + actor[order]
    first = np.zeros(len(order), dtype=bool)
    first[np.unique(key, return_index=True)[1]] = True
    order = order[first | (act[order] == Act.REPLY)]
    return ordered, Acts(actor[order], target[order], act[order], post[order], acted_at[order])
