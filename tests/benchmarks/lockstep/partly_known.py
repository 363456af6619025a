"""The part of the evaluation on lockstep in networks of which only some follow lists are known.

What a brand has is seldom a whole network: the follow lists of its audience, or of as many accounts as a
crawl reached. In such data natural groups are small, and small groups do not show that they are natural.
"""

from __future__ import annotations

import numpy as np

from graph.lockstep.search import follow_blocks
from graph.network.followers import build_follower_graph
from tests.benchmarks.evaluation.parts import Bar, Part, table
from tests.benchmarks.lockstep.planting import f1, plant, read_base
from tests.benchmarks.lockstep_harm import nostr, twitter

SHARES = (0.05, 0.1, 0.2, 0.3, 0.5)
"""Of all follow lists that are known, drawn at random."""

SEEDS = 3
AUDIENCES = (0, 1, 2, 3, 6, 7, 9, 12, 18, 20, 22, 33, 55, 60, 70, 100, 120, 150, 200)
"""Whose followers' lists alone are known: the account that is followed most, the second, …"""

FEWEST_LISTS = 60
POPULAR = 100
MOST_FLAGGED = 0.01
PLANTED = ((200, 200, 0.2), (200, 50, 0.5), (1_000, 20, 0.5))
"""Buyers, customers and density of an order of which only a share of the buyers' lists is known."""

ABOUT = f"""A network of which some follow lists are known keeps these lists and nothing else. Samples
are drawn at random ({SEEDS} seeds); an audience is who follows one account, known beside nobody else.
Everything that is flagged in them is natural. Last, orders are planted in the whole network first,
and the same share of all lists is kept, so that as many of the buyers are known."""

SAID = """Groups in such data passed every bar that was set on whole networks: what is left of a natural group
is too small to show that it is not even. Orders have more to them than these groups had, so what is
reported must have more surprise and evidence than nearly all of them, or have come in bursts
(`graph/lockstep/reported.py`); no follow here has a time. The bars were set on these networks, and what
unevenness costs with a look at these very searches, so what they are worth elsewhere is still to be shown.
An order of which few buyers are known cannot be told from a natural group, and is not reported."""


def measure(options):
    """Search every network as if only a part of it were known."""
    if options.data is None:
        return Part("Lockstep in partly known networks", "- Not measured: the public data sets are not here.",
                    "Nothing was measured.")  # fmt: skip
    searches = [search for name, graph in _networks(options).items() for search in _searches(name, graph)]
    planted = [_planted(name, order, share, options) for name in ("wiki-vote", "epinions")
               for order in PLANTED for share in (1.0, *SHARES[:0:-1])]  # fmt: skip
    searches = [search for search in searches if search["lists"]]
    flagged = [search for search in searches if search["groups"]]
    popular, harmed = (sum(search[what] for search in searches) for what in ("popular", "harmed"))
    return Part(
        title="Lockstep in partly known networks",
        in_short=f"- In {len(searches)} searches of networks of which only some follow lists are known, "
        f"{len(flagged)} flag a natural group; of {popular:,} accounts with over {POPULAR} known followers "
        f"they call {harmed} bought.",
        body="\n\n".join(
            (
                ABOUT,
                "## Nothing planted",
                _natural_table(searches),
                "## Orders",
                _planted_table(planted),
                SAID,
            )
        ),
        bars=[
            Bar(
                f"partly known networks, nothing planted: accounts with over {POPULAR} known followers",
                "at most 1 % flagged",
                f"{harmed} of {popular:,} in {len(searches)} searches",
                harmed <= MOST_FLAGGED * popular,
            ),
            Bar(
                "searches of partly known networks, nothing planted",
                "at most 1 % flag a group",
                f"{len(flagged)} of {len(searches)} flag one",
                len(flagged) <= MOST_FLAGGED * len(searches),
            ),
        ],
    )


def _networks(options):
    graphs = {}
    for name in ("wiki-vote", "wiki-vote-reversed", "epinions", "epinions-reversed"):
        base = read_base(name, options.data)
        graphs[name] = build_follower_graph(base.n_accounts, base.follower, base.followee)[0]
    more = {"twitter-datascience": twitter(options.data), "nostr": nostr(options.data)}
    return graphs | {name: graph for name, graph in more.items() if graph is not None}


def _known(graph, is_known):
    """The network with the lists of some accounts."""
    follower = np.repeat(np.arange(graph.n_accounts), graph.following_counts)
    kept = is_known[follower]
    return build_follower_graph(graph.n_accounts, follower[kept], graph.following[kept])[0]


def _searches(name, graph):
    """What is flagged in each sample of a network and in each audience of it."""
    for share in SHARES:
        for seed in range(SEEDS):
            is_known = np.random.default_rng(seed).random(graph.n_accounts) < share
            yield _searched(name, f"{share:.0%} of all", graph, is_known)
    order = np.argsort(-graph.follower_counts, kind="stable")
    for place in AUDIENCES:
        is_known = np.zeros(graph.n_accounts, dtype=bool)
        is_known[graph.followers_of(int(order[place]))] = True
        yield _searched(name, "one audience", graph, is_known)


def _searched(name, kind, graph, is_known):
    if np.count_nonzero(is_known) < FEWEST_LISTS:
        return {"graph": name, "kind": kind, "lists": 0}
    known = _known(graph, is_known)
    lock = follow_blocks(known)
    is_flagged = np.nan_to_num(lock.share) > 0
    is_popular = known.follower_counts > POPULAR
    return {
        "graph": name,
        "kind": kind,
        "lists": int(np.count_nonzero(is_known)),
        "groups": len(lock.blocks),
        "accounts": int(np.count_nonzero(is_flagged)),
        "popular": int(np.count_nonzero(is_popular)),
        "harmed": int(np.count_nonzero(is_flagged & is_popular)),
    }


def _planted(name, order, share, options):
    """How an order is found of which a share of all lists is known."""
    made = plant(read_base(name, options.data), *order, seed=options.seed)
    is_known = np.random.default_rng(options.seed).random(made.graph.n_accounts) < share
    lock = follow_blocks(_known(made.graph, is_known), n_rewired=0)
    customers = np.flatnonzero(np.nan_to_num(lock.share) > 0)
    return {
        "graph": name,
        "order": order,
        "share": share,
        "buyers": int(np.count_nonzero(is_known[made.buyers])),
        "customers": f1(customers, made.customers),
    }


def _natural_table(searches):
    kinds = dict.fromkeys((search["graph"], search["kind"]) for search in searches)
    rows = []
    for kind in kinds:
        mine = [one for one in searches if (one["graph"], one["kind"]) == kind]
        lists = sorted(one["lists"] for one in mine)
        counts = (
            f"{sum(one[what] for one in mine):,}" for what in ("groups", "accounts", "popular", "harmed")
        )
        rows.append((*kind, len(mine), f"{lists[0]:,} to {lists[-1]:,}", *counts))
    return table(
        ("network", "lists known", "searches", "lists", "groups flagged", "accounts flagged",
         f"accounts over {POPULAR} followers", "of these flagged"),
        rows,
    )  # fmt: skip


def _planted_table(planted):
    return table(
        ("network", "buyers × customers", "density", "lists known", "buyers known", "customers, F1"),
        (
            (
                one["graph"],
                "{:,} × {:,}".format(*one["order"]),
                f"{one['order'][2]:g}",
                f"{one['share']:.0%}",
                one["buyers"],
                f"{one['customers']:.2f}",
            )
            for one in planted
        ),
    )
