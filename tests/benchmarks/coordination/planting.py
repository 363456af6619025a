"""Organic reposts with everything harmless that looks like coordination, and planted amplifiers.

Belongs here: who reposts what and when. Does not belong here: judging it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DAY_S = 86_400
DAYS = 60
MEDIAN_DELAY_S, DELAY_SIGMA = 5 * 3_600, 1.6
HOT_POSTS, HOT_SHARERS, HOT_MEDIAN_S = 40, 400, 1_200
FAN_CIRCLES, FANS, FAN_DELAY_S = 8, 25, 45.0
FEEDS, FEED_BOTS = 5, 6
HUBS, HUB_PUBLIC, HUB_POSTS = 6, 30, 40


@dataclass(frozen=True)
class Sharing:
    """Acts of sharing, and who was planted.

    Attributes:
        n_accounts: how many accounts.
        actor, post, at, source, appeared: int64, one element per act.
        is_planted: bool[n_accounts].
        group: int64[n_accounts], the planted group, else -1.
        harmless: harmless cause to the accounts that show it.
    """

    n_accounts: int
    actor: np.ndarray
    post: np.ndarray
    at: np.ndarray
    source: np.ndarray
    appeared: np.ndarray
    is_planted: np.ndarray
    group: np.ndarray
    harmless: dict[str, np.ndarray]


class _World:
    """Posts of sources, and acts as they are added."""

    def __init__(self, rng: np.random.Generator, n_accounts: int, n_posts: int, n_sources: int):
        self.rng = rng
        self.n_accounts = n_accounts
        popularity = rng.pareto(1.3, n_sources) + 0.2
        self.source = rng.choice(n_sources, n_posts, p=popularity / popularity.sum())
        self.appeared = np.sort(rng.integers(0, DAYS * DAY_S, n_posts))
        appeal = rng.pareto(1.2, n_posts) + 0.05
        self.appeal = appeal / appeal.sum()
        self.acts = []

    def share(self, actor, post, delay):
        actor, post, delay = np.broadcast_arrays(actor, post, delay)
        self.acts.append((actor.ravel(), post.ravel(), np.maximum(delay.ravel(), 1).astype(np.int64)))

    def ordinary_delay(self, size):
        return MEDIAN_DELAY_S * np.exp(DELAY_SIGMA * self.rng.standard_normal(size))

    def organic(self, n_acts):
        activity = self.rng.lognormal(0, 1.2, self.n_accounts)
        actor = self.rng.choice(self.n_accounts, n_acts, p=activity / activity.sum())
        speed = np.exp(0.8 * self.rng.standard_normal(self.n_accounts))  # some are always quick
        post = self.rng.choice(self.appeal.size, n_acts, p=self.appeal)
        self.share(actor, post, speed[actor] * self.ordinary_delay(n_acts))

    def hot_posts(self):
        for post in self.rng.choice(self.appeal.size, HOT_POSTS, replace=False):
            actor = self.rng.choice(self.n_accounts, HOT_SHARERS, replace=False)
            self.share(actor, post, HOT_MEDIAN_S * np.exp(self.rng.standard_normal(HOT_SHARERS)))

    def fans(self, members):
        """Fans with notifications on: nearly each post of one author at once."""
        for circle in members.reshape(FAN_CIRCLES, FANS):
            posts = np.flatnonzero(self.source == self.rng.integers(0, 40))[:80]
            hit = self.rng.random((FANS, posts.size)) < self.rng.uniform(0.3, 0.9, (FANS, 1))
            who, what = np.nonzero(hit)
            self.share(circle[who], posts[what], self.rng.exponential(FAN_DELAY_S, who.size))

    def feeds(self, members):
        """Bots that repeat everything of one outlet within seconds."""
        for bots in members.reshape(FEEDS, FEED_BOTS):
            posts = np.flatnonzero(self.source == self.rng.integers(0, 40))[:120]
            who, what = np.meshgrid(bots, posts)
            self.share(who, what, self.rng.uniform(1, 20, who.shape))

    def hubs(self, members):
        """A well-known account passes a post on late, and part of its public follows suit within the hour."""
        for public in members.reshape(HUBS, HUB_PUBLIC):
            posts = self.rng.choice(self.appeal.size, HUB_POSTS, replace=False)
            start = self.ordinary_delay(HUB_POSTS)
            who, what = np.nonzero(self.rng.random((HUB_PUBLIC, HUB_POSTS)) < 0.08)
            self.share(public[who], posts[what], start[what] + self.rng.exponential(1_500, who.size))

    def amplifiers(self, group, jitter_s, n_targets, share, camouflage, *, at_once):
        """Each target is passed on from a moment of the leader's choosing, by part of the group."""
        posts = self.rng.choice(self.appeal.size, n_targets, replace=False)
        start = np.zeros(n_targets) if at_once else self.ordinary_delay(n_targets)
        who, what = np.nonzero(self.rng.random((group.size, n_targets)) < share)
        self.share(group[who], posts[what], start[what] + self.rng.uniform(0, jitter_s, who.size))
        extra = round(camouflage * who.size)
        self.share(
            self.rng.choice(group, extra),
            self.rng.choice(self.appeal.size, extra, p=self.appeal),
            self.ordinary_delay(extra),
        )


def planted_sharing(
    seed: int,
    jitter_s: float,
    *,
    n_acts: int = 100_000,
    groups: tuple[int, ...] = (20, 20, 20),
    n_targets: int = 25,
    share: float = 0.6,
    camouflage: float = 1.0,
    at_once: bool = False,
) -> Sharing:
    """Draw organic reposts with hot posts, fans, feeds and hubs, and plant groups of amplifiers.

    Args:
        seed: of everything.
        jitter_s: members of a group pass a target on within this time of its start, seconds.
        n_acts: organic reposts, before the special ones.
        groups: sizes of the planted groups; empty plants nothing.
        n_targets: posts that each group pushes.
        share: share of the targets that each member passes on.
        camouflage: ordinary reposts of the members per planted one.
        at_once: whether targets are pushed as they appear, instead of from a moment of the leader's choosing.
    """
    rng = np.random.default_rng([seed, int(jitter_s)])
    n_accounts = max(n_acts // 20, 1_000)
    world = _World(rng, n_accounts, n_acts // 8, max(n_acts // 100, 50))
    world.organic(n_acts)
    world.hot_posts()
    parts = [FAN_CIRCLES * FANS, FEEDS * FEED_BOTS, HUBS * HUB_PUBLIC, *groups]
    chosen = np.split(rng.permutation(n_accounts)[: sum(parts)], np.cumsum(parts)[:-1])
    world.fans(chosen[0])
    world.feeds(chosen[1])
    world.hubs(chosen[2])
    group = np.full(n_accounts, -1)
    for number, members in enumerate(chosen[3:]):
        world.amplifiers(members, jitter_s, n_targets, share, camouflage, at_once=at_once)
        group[members] = number
    actor, post, delay = (np.concatenate(column) for column in zip(*world.acts, strict=True))
    return Sharing(
        n_accounts,
        actor,
        post,
        world.appeared[post] + delay,
        world.source[post],
        world.appeared[post],
        group >= 0,
        group,
        {"fans of one account": chosen[0], "feeds of one outlet": chosen[1], "public of a hub": chosen[2]},
    )
