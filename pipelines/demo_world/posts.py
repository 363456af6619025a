"""What accounts post of their own accord: when, what kind of post, about which brand or which person.

A post is planned here as numbers; `wording.py` turns the plan into text. Replies and answers are made where
engagement is, in `engagement.py`, because they answer somebody.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo_world.casts import SHILL_CASTS, Cast, is_among, trait
from pipelines.demo_world.draws import DAY, Neighbours, WeightedPicker, log_normal, ragged, rounded
from pipelines.demo_world.follows import viral_moments
from pipelines.demo_world.phrases import phrases
from pipelines.demo_world.population import WINDOW_DAYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipelines.demo_world.follows import Follows
    from pipelines.demo_world.population import Population

MAX_BRANDS = 10
"""Brands on one account's roster, at most."""
_CAMPAIGNS_PER_RING = 12
_CAMPAIGN_SECONDS = 25 * 60
_MENTIONS_PER_ACCOUNT = 3.2
_MENTION_POOLS = (0.62, 0.30)
"""Share of mentions that go to the own community, and to followed accounts; the rest to celebrities."""


class PostKind(IntEnum):
    """What a post is, in truth. Several kinds look alike on purpose."""

    TOPIC = 0
    QUESTION = 1
    SMALL_TALK = 2
    PRAISE = 3
    DISCLOSED_AD = 4
    LABELLED_AD = 5
    HIDDEN_AD = 6
    GIFTED = 7
    OWN_BRAND = 8
    AFFILIATE = 9
    NEGATED = 10
    COPIED_AD = 11
    MENTION = 12
    HEADLINE = 13
    FEED = 14
    VIRAL = 15
    REPLY = 16
    ANSWER = 17
    GENERIC_COMMENT = 18
    GENERIC_ANSWER = 19
    COMPLAINT = 20


BRANDED = (
    PostKind.PRAISE,
    PostKind.DISCLOSED_AD,
    PostKind.LABELLED_AD,
    PostKind.HIDDEN_AD,
    PostKind.GIFTED,
    PostKind.OWN_BRAND,
    PostKind.AFFILIATE,
    PostKind.NEGATED,
    PostKind.COPIED_AD,
)
"""The kinds that name a brand, or link to one."""


def tags_brand(posts: Posts) -> NDArray[np.bool_]:
    """Which posts tag the account of the brand that they name: half of them; bool[posts]."""
    named = is_among(posts.kind, BRANDED) & (posts.brand >= 0) & (posts.kind != PostKind.OWN_BRAND)
    return named & ((posts.wording >> 40) % 2 == 0)


@dataclass(frozen=True)
class Posts:
    """One element per post.

    Attributes:
        author: int64 account.
        posted_at: int64 seconds.
        kind: int8, a `PostKind`.
        brand: int64, index into the list of brands, -1 for none.
        target: int64, the account addressed in the text, -1 for none.
        reply_to: int64, index of the post that is answered, -1 for none.
        wording: int64, a random number from which the wording is picked; equal numbers give equal texts.
    """

    author: NDArray[np.int64]
    posted_at: NDArray[np.int64]
    kind: NDArray[np.int8]
    brand: NDArray[np.int64]
    target: NDArray[np.int64]
    reply_to: NDArray[np.int64]
    wording: NDArray[np.int64]

    def __len__(self) -> int:
        """How many posts."""
        return len(self.author)

    def rows(self, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> Posts:
        """Some of the posts; `reply_to` keeps pointing where it pointed."""
        return Posts(*(getattr(self, field.name)[chosen] for field in fields(self)))


def plain_posts(
    rng: np.random.Generator, author: NDArray[np.int64], posted_at: NDArray[np.int64], kind: NDArray[np.int8]
) -> Posts:
    """Posts that name no brand, address nobody and answer nothing."""
    nobody = np.full(len(author), -1, dtype=np.int64)
    wording = rng.integers(2**62, size=len(author))
    return Posts(author, posted_at, kind.astype(np.int8), nobody, nobody.copy(), nobody.copy(), wording)


def joined(parts: Sequence[Posts]) -> Posts:
    """One list of posts from several; `reply_to` must already count from the start of the whole."""
    names = [field.name for field in fields(Posts)]
    return Posts(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


@dataclass(frozen=True)
class Commerce:
    """How each account deals with brands; arrays of n_accounts elements.

    Attributes:
        paid_share: float64, share of its own posts that somebody paid for.
        disclosed_share: float64, share of those that it discloses.
        roster: int64[n, MAX_BRANDS], the brands that pay it, the first the most.
        roster_size: int64.
        own_brand: int64, the brand that it owns or is, -1 for none.
    """

    paid_share: NDArray[np.float64]
    disclosed_share: NDArray[np.float64]
    roster: NDArray[np.int64]
    roster_size: NDArray[np.int64]
    own_brand: NDArray[np.int64]


def make_commerce(people: Population) -> Commerce:
    """Decide who is paid by whom, and who says so."""
    rng = people.stream("commerce")
    n_accounts, cast = people.n_accounts, people.cast
    paid, disclosed = np.zeros(n_accounts), np.zeros(n_accounts)
    size = np.ones(n_accounts, dtype=np.int64)
    # cast: share of accounts that take money, paid share from and to, beta of disclosure, roster from and to
    habits = {
        Cast.CREATOR: (0.25, 0.02, 0.12, (8.0, 1.6), 1, 3),
        Cast.NICHE_VOICE: (0.25, 0.01, 0.06, (14.0, 1.2), 1, 2),
        Cast.VICTIM: (0.25, 0.01, 0.06, (14.0, 1.2), 1, 2),
        Cast.VIRAL: (0.3, 0.02, 0.08, (8.0, 1.6), 1, 2),
        Cast.CELEBRITY: (0.9, 0.05, 0.20, (6.0, 2.0), 3, 6),
        Cast.DISCLOSER: (1.0, 0.25, 0.50, (40.0, 1.5), 3, 8),
        Cast.HIDDEN_ADS: (1.0, 0.25, 0.50, (1.2, 12.0), 6, MAX_BRANDS),
        Cast.MIXED: (1.0, 0.10, 0.30, (1.5, 8.0), 4, 9),
        Cast.BOUGHT_FOLLOWERS: (0.6, 0.02, 0.18, (3.0, 3.0), 1, 5),
        Cast.POD: (0.5, 0.02, 0.10, (4.0, 3.0), 1, 4),
        Cast.COPIED_TEXT: (0.5, 0.02, 0.08, (2.0, 5.0), 2, 5),
    }
    for member, (takers, low, high, beta, fewest, most) in habits.items():
        accounts = np.flatnonzero(cast == member)
        takes = rng.random(len(accounts)) < takers
        paid[accounts] = rng.uniform(low, high, len(accounts)) * takes
        disclosed[accounts] = rng.beta(*beta, len(accounts))
        size[accounts] = rng.integers(fewest, most + 1, len(accounts))
    brands = phrases()["brands"]
    own_brand = np.full(n_accounts, -1, dtype=np.int64)
    own_brand[people.members(Cast.BRAND)] = np.arange(len(brands))
    founders = people.members(Cast.FOUNDER)
    own_brand[founders] = len(brands) + np.arange(len(founders))
    return Commerce(paid, disclosed, _rosters(people, rng), size, own_brand)


def plan_posts(
    people: Population, follows: Follows, commerce: Commerce, appeal: NDArray[np.float64]
) -> Posts:
    """Every post that is not an answer to another, in no particular order."""
    return joined(
        [
            _own_posts(people, commerce),
            _mention_posts(people, follows, appeal),
            _viral_posts(people),
            _copied_posts(people),
        ]
    )


def _rosters(people: Population, rng: np.random.Generator) -> NDArray[np.int64]:
    """A random order of all brands for each account, those of its own topic first."""
    topic_of_brand = people.community[people.members(Cast.BRAND)]
    keys = rng.random((people.n_accounts, len(topic_of_brand)), dtype=np.float32)
    fits = topic_of_brand[None, :] == people.topic[:, None]
    return np.argsort(keys - 0.6 * fits, axis=1, kind="stable")[:, :MAX_BRANDS].astype(np.int64)


def _kind_shares(people: Population, commerce: Commerce) -> NDArray[np.float64]:
    """Probability of each kind for an account's own posts; float64[n, FEED + 1], the rest is TOPIC."""
    rng = people.stream("kinds of posts")
    cast = people.cast
    shares = np.zeros((people.n_accounts, PostKind.FEED + 1))
    paid, disclosed = commerce.paid_share, commerce.disclosed_share
    shares[:, PostKind.DISCLOSED_AD] = 0.65 * paid * disclosed
    shares[:, PostKind.LABELLED_AD] = 0.35 * paid * disclosed
    shares[:, PostKind.HIDDEN_AD] = paid * (1 - disclosed)
    creative = cast >= Cast.CREATOR
    shares[:, PostKind.QUESTION] = np.where(creative, 0.06, 0.20)
    shares[:, PostKind.SMALL_TALK] = np.where(creative, 0.10, 0.25)
    shares[:, PostKind.PRAISE] = 0.04
    shares[:, PostKind.NEGATED] = 0.015 * creative
    few = rng.random((people.n_accounts, 2)) < 0.12
    shares[:, PostKind.AFFILIATE] = 0.04 * (few[:, 0] & (cast == Cast.CREATOR))
    shares[:, PostKind.GIFTED] = 0.03 * (few[:, 1] & (cast == Cast.CREATOR))
    given = cast == Cast.GIFTED
    shares[given, PostKind.GIFTED] = rng.uniform(0.12, 0.35, int(given.sum()))
    owns = commerce.own_brand >= 0
    shares[owns, PostKind.OWN_BRAND] = rng.uniform(0.3, 0.6, int(owns.sum()))
    for member, kind in (
        (Cast.BRAND, PostKind.OWN_BRAND),
        (Cast.NEWS, PostKind.HEADLINE),
        (Cast.FEED_BOT, PostKind.FEED),
    ):
        shares[cast == member] = 0.0
        shares[cast == member, kind] = 0.9 if member is Cast.BRAND else 1.0
    return shares


def _own_posts(people: Population, commerce: Commerce) -> Posts:
    rng = people.stream("posts")
    cast = people.cast
    wanted = log_normal(rng, trait("posts")[cast], trait("posts_sigma")[cast], people.n_accounts)
    author, place = ragged(rounded(rng, wanted))
    posted_at = _moments(people, rng, len(author))
    # Feeds tick like clocks, which is harmless: equal steps from a random first moment.
    ticks = np.flatnonzero(cast[author] == Cast.FEED_BOT)
    per_author = np.bincount(author, minlength=people.n_accounts)
    step = WINDOW_DAYS * DAY // np.maximum(per_author[author[ticks]], 1)
    posted_at[ticks] = people.window_start + step // 3 + place[ticks] * step

    ends = np.cumsum(_kind_shares(people, commerce)[:, 1:], axis=1)
    kind = (rng.random(len(author))[:, None] >= ends[author]).sum(axis=1) + 1
    kind[kind > PostKind.FEED] = PostKind.TOPIC
    posts = plain_posts(rng, author, posted_at, kind)

    # The first brand on a roster pays for half of the posts, the others share the rest.
    slot = np.floor(rng.random(len(author)) * commerce.roster_size[author]).astype(np.int64)
    slot[rng.random(len(author)) < 0.25] = 0
    brand = np.where(is_among(posts.kind, BRANDED), commerce.roster[author, slot], -1)
    own = posts.kind == PostKind.OWN_BRAND
    posts.brand[:] = np.where(own, commerce.own_brand[author], brand)
    return posts


def _mention_posts(people: Population, follows: Follows, appeal: NDArray[np.float64]) -> Posts:
    """People recommending people, unasked: word of mouth."""
    rng = people.stream("mentions")
    talkers = people.members(Cast.ORDINARY, Cast.CREATOR, Cast.NICHE_VOICE, Cast.FRIENDS_CIRCLE)
    spread = _MENTIONS_PER_ACCOUNT * people.activity[talkers] * rng.exponential(1.6, len(talkers))
    owner, _ = ragged(rounded(rng, spread))
    author = talkers[owner]
    pool = (rng.random(len(author))[:, None] >= np.cumsum(_MENTION_POOLS)).sum(axis=1)
    trusted = is_among(people.cast, (Cast.NICHE_VOICE, Cast.VICTIM))
    bought = is_among(people.cast, SHILL_CASTS)
    worth = appeal * np.where(trusted, 3.0, np.where(bought, 0.25, 0.8))
    picker = WeightedPicker(people.community, worth)
    target = picker.pick(rng, people.community[author])
    followed = Neighbours(people.n_accounts, follows.follower, follows.followee)
    known = (pool == 1) & (followed.degree[author] > 0)
    target[known] = followed.pick(rng, author[known])
    famous = people.members(Cast.CELEBRITY)
    star = pool == 2
    target[star] = famous[rng.integers(len(famous), size=int(star.sum()))]

    keep = target != author
    author, target = author[keep], target[keep]
    posts = plain_posts(
        rng, author, _moments(people, rng, len(author)), np.full(len(author), PostKind.MENTION, dtype=np.int8)
    )
    posts.target[:] = target
    return posts


def _viral_posts(people: Population) -> Posts:
    """The one post that each viral account is followed for."""
    accounts, moments = viral_moments(people)
    kind = np.full(len(accounts), PostKind.VIRAL, dtype=np.int8)
    return plain_posts(people.stream("viral posts"), accounts, moments, kind)


def _copied_posts(people: Population) -> Posts:
    """Rings that post the same promotional text within minutes of each other, campaign after campaign."""
    rng = people.stream("copied posts")
    n_rings = int(people.ring.max()) + 1
    start = people.window_start + (rng.random((n_rings, _CAMPAIGNS_PER_RING)) * 175 * DAY).astype(np.int64)
    brand = rng.integers(len(people.members(Cast.BRAND)), size=start.shape)
    wording = rng.integers(2**62, size=start.shape)
    members = np.flatnonzero(people.ring >= 0)
    joins = rng.random((len(members), _CAMPAIGNS_PER_RING)) < rng.uniform(0.4, 0.9, (len(members), 1))
    member, campaign = np.nonzero(joins)
    author = members[member]
    ring = people.ring[author]
    jitter = (rng.random(len(author)) * _CAMPAIGN_SECONDS).astype(np.int64)
    kind = np.full(len(author), PostKind.COPIED_AD, dtype=np.int8)
    posts = plain_posts(rng, author, start[ring, campaign] + jitter, kind)
    posts.brand[:] = brand[ring, campaign]
    posts.wording[:] = wording[ring, campaign]
    return posts


def _moments(people: Population, rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    """Moments of the window, more in the afternoon and evening (UTC) than at night."""
    day = rng.integers(WINDOW_DAYS, size=count)
    second = (rng.normal(16.5, 4.5, count) % 24 * 3_600).astype(np.int64)
    return people.window_start + day * DAY + np.minimum(second, DAY - 1)
