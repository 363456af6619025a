"""Communities against the truth of generated worlds, by kind of tie, and what they cost.

    python -m tests.benchmarks.community_recovery --worlds 5 --members 10000

The first table is the adjusted Rand index between the groups found and the communities that the generator
drew its members from (bought followers, who belong to none, left out), for each audience of some worlds. The
second says what stability means, over seeds alone and over resampled ties, for planted groups of less and
less clarity down to none, and what finding them costs on small and large audiences.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import polars as pl

from graph.network.followers import build_follower_graph
from graph.network.interactions import build_interaction_graph
from graph.trust.audience import clean_audience
from graph.trust.communities import HOLDS_FROM, audience_communities
from graph.trust.partition_stability import adjusted_rand
from pipelines.demo_world.world import generate_world

KINDS = {"like": 0.02, "repost": 0.3, "mention": 0.5, "quote": 0.7, "reply": 1.0}


def audiences_of(world):
    """Name, follows, interactions, members and the truth about them, for each audience of a world."""
    ids = world.truth["account_id"].sort()
    node = {name: number for number, name in enumerate(ids.to_list())}

    def nodes(column):
        return np.array([node[name] for name in column.to_list()], dtype=np.int64)

    follows = world.tables["follows"].filter(pl.col("unfollowed_at").is_null())
    graph = build_follower_graph(len(ids), nodes(follows["follower_id"]), nodes(follows["followee_id"]))[0]
    acts = world.tables["interactions"]
    spoken = build_interaction_graph(
        len(ids),
        nodes(acts["actor_id"]),
        nodes(acts["target_id"]),
        acts["kind"].to_numpy().astype(str),
        np.ones(acts.height, dtype=np.int64),
        kind_weights=KINDS,
    )
    truth = world.truth.sort("account_id")
    community = truth["community"].fill_null("").to_numpy().astype(str)
    is_real = ~truth["is_fake_follower"].fill_null(value=False).to_numpy() & (community != "")
    for (name,), rows in world.tables["audience_members"].group_by("audience", maintain_order=True):
        members = np.unique(nodes(rows.filter(pl.col("account_id").is_in(ids.implode()))["account_id"]))
        yield name, graph, spoken, members, community[members], is_real[members]


def followed(graph, members):
    """The accounts that two members or more follow."""
    rows = [graph.following_of(member) for member in members.tolist()]
    return np.flatnonzero(np.bincount(np.concatenate(rows), minlength=graph.n_accounts) > 1)


def recovery(seeds):
    """One row per world and audience."""
    rows = []
    for seed in seeds:
        for name, graph, spoken, members, community, is_real in audiences_of(generate_world(seed)):
            audience = clean_audience(members, None, None, None, None)
            candidates = followed(graph, members)
            nothing = build_follower_graph(graph.n_accounts, np.zeros(0, int), np.zeros(0, int))[0]
            found = {
                "follows": audience_communities(graph, audience, candidates),
                "interactions": audience_communities(nothing, audience, candidates, interactions=spoken),
                "both": audience_communities(graph, audience, candidates, interactions=spoken),
            }
            rows.append(
                {"world": seed, "audience": name, "members": members.size}
                | {
                    kind: adjusted_rand(community[is_real], of.membership[is_real])
                    for kind, of in found.items()
                }
                | {"stability": found["both"].stability, "over seeds": found["both"].seed_stability}
            )
    return pl.DataFrame(rows)


def planted(n_members, n_groups, own_share, seed=1):
    """Members of equally likely groups who follow and act on candidates of their own group more."""
    rng = np.random.default_rng(seed)
    per_group = 5_000 // n_groups
    group = rng.integers(n_groups, size=n_members)
    source = np.repeat(np.arange(n_members), rng.poisson(40, n_members))
    favourite = np.minimum(rng.zipf(1.5, source.size), per_group) - 1
    anybody = rng.integers(per_group * n_groups, size=source.size)
    own = rng.random(source.size) < own_share
    target = n_members + np.where(own, group[source] * per_group + favourite, anybody)
    n_accounts = n_members + per_group * n_groups
    acts = rng.choice(source.size, source.size // 3, replace=False)
    kind, times = np.full(acts.size, "reply"), np.ones(acts.size, dtype=np.int64)
    graph = build_follower_graph(n_accounts, source, target)[0]
    spoken = build_interaction_graph(n_accounts, source[acts], target[acts], kind, times, kind_weights=KINDS)
    return graph, spoken, group


def stability(sizes):
    """Planted groups of decreasing clarity, down to none, and what each stability says; with the cost."""
    rows = []
    for n_members in sizes:
        for n_groups, own_share in ((6, 0.6), (6, 0.3), (6, 0.1), (1, 0.0)):
            graph, spoken, group = planted(n_members, n_groups, own_share)
            audience = clean_audience(np.arange(n_members), None, None, None, None)
            start = time.process_time()
            candidates = followed(graph, np.arange(n_members))
            found = audience_communities(graph, audience, candidates, interactions=spoken)
            rows.append(
                {
                    "members": n_members,
                    "follows in own group": own_share,
                    "communities": found.n_communities,
                    "adjusted Rand": adjusted_rand(group, found.membership),
                    "stability": found.stability,
                    "over seeds": found.seed_stability,
                    "that hold": int((found.community_stability >= HOLDS_FROM).sum()),
                    "CPU s": time.process_time() - start,
                }
            )
    return pl.DataFrame(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--worlds", type=int, default=3, help="generated worlds, from seed 1")
    parser.add_argument("--members", type=int, default=10_000, help="size of the largest planted audience")
    asked = parser.parse_args()
    with pl.Config(tbl_rows=-1, tbl_cols=-1, float_precision=3, tbl_hide_dataframe_shape=True):
        print(recovery(range(1, asked.worlds + 1)))
        print(stability([600, asked.members]))


if __name__ == "__main__":
    main()
