"""Neighbourhood: what labels tell of accounts without one, and what wrong labels do, with simple rankings."""

from __future__ import annotations

import numpy as np
import polars as pl
from sklearn.metrics import roc_auc_score

from graph.arrays.sparse_rows import row_lengths, sum_over_rows
from graph.network.followers import build_follower_graph
from graph.network.pagerank import personalised_pagerank
from graph.shill.anti_trust import FEWEST_FOLLOWS, UNUSUAL_ABOVE, anti_trust
from pipelines.demo_world.world import generate_world

OURS, COUNT, SHARE, COLLUSIONRANK, TRUSTRANK = (
    "anti-trust",
    "labelled accounts followed, count",
    "labelled accounts followed, share",
    "Collusionrank",
    "TrustRank from genuine labels, turned round",
)
LABELS = (10, 30, 100)
ACCOUNTS = 12_000
GENUINE_PER_SHILL = 2
GENUINE = (
    "creator", "niche_voice", "celebrity", "founder", "discloser", "gifted", "viral", "victim",
    "friends_circle",
)  # fmt: skip
TRUSTED = "niche_voice"
BITCOIN = "bitcoin-otc/soc-sign-bitcoinotc.csv"
NOBODY = np.zeros(0, dtype=np.int64)


def rankings(graph, shills, genuine):
    """Every ranking of all accounts by how close they are to labelled shills; higher is closer."""
    is_shill = np.zeros(graph.n_accounts)
    is_shill[shills] = 1.0
    count = sum_over_rows(graph.following_offsets, graph.following, is_shill)
    back = personalised_pagerank(graph.follower_offsets, graph.followers, is_shill, tolerance=1e-8)
    trusted = np.zeros(graph.n_accounts)
    trusted[genuine] = 1.0
    trust = personalised_pagerank(graph.following_offsets, graph.following, trusted, tolerance=1e-8)
    return {
        OURS: np.nan_to_num(anti_trust(graph, shills, genuine).value),
        COUNT: count,
        SHARE: count / np.maximum(row_lengths(graph.following_offsets), 1),
        COLLUSIONRANK: back.scores,
        TRUSTRANK: -trust.scores,
    }


def on_worlds(seed, n_worlds):
    """Generated worlds: one row per world, number of labels and case, as a list of dicts."""
    rows = []
    for world_seed in range(seed, seed + n_worlds):
        world = _World(world_seed)
        for n_labels in LABELS:
            rows += world.cases(n_labels)
    return pl.DataFrame(rows, infer_schema_length=None)


class _World:
    """One generated world, its follows and its truth, and labels drawn from it."""

    def __init__(self, seed):
        self.seed = seed
        world = generate_world(4_000 + seed, ACCOUNTS)
        truth = world.truth
        index = {account: node for node, account in enumerate(truth["account_id"])}
        follows = world.tables["follows"].filter(pl.col("unfollowed_at").is_null())
        ends = (follows[name].replace_strict(index).to_numpy() for name in ("follower_id", "followee_id"))
        self.graph, _ = build_follower_graph(truth.height, *ends)
        self.role = truth["role"].to_numpy()
        self.kind = truth["shill_kind"].fill_null("").to_numpy()
        self.community = truth["community"].fill_null("").to_numpy()
        self.is_shill = truth["is_shill"].to_numpy()
        self.is_genuine = np.isin(self.role, GENUINE)
        rng = np.random.default_rng(seed)
        self.shills = rng.permutation(np.flatnonzero(self.is_shill))
        self.genuine = rng.permutation(np.flatnonzero(self.is_genuine))
        self.wrong = rng.permutation(np.flatnonzero(self.role == TRUSTED))

    def cases(self, n_labels):
        """The same labels right, with one wrong, with a tenth wrong, and all from one community."""
        right, genuine = self.shills[:n_labels], self.genuine[: GENUINE_PER_SHILL * n_labels]
        genuine = genuine[~np.isin(genuine, self.wrong[: n_labels // 10 + 1])]
        tenth = max(n_labels // 10, 1)
        mine = self.community[self.shills] == self._largest_community()
        cases = {
            "right": right,
            "one wrong": np.append(right, self.wrong[0]),
            "a tenth wrong": np.append(right[tenth:], self.wrong[:tenth]),
            "without genuine labels": right,
            "one community": self.shills[mine][:n_labels],
        }
        before = anti_trust(self.graph, right, genuine).value
        return [
            self._measured(case, n_labels, labels, NOBODY if case.startswith("without") else genuine, before)
            for case, labels in cases.items()
        ]

    def _largest_community(self):
        names, counts = np.unique(self.community[self.shills], return_counts=True)
        return names[np.argmax(counts)]

    def _measured(self, case, n_labels, labels, genuine, before):
        value = anti_trust(self.graph, labels, genuine).value
        unlabelled = np.ones(len(value), dtype=bool)
        unlabelled[np.concatenate((labels, genuine))] = False
        unusual = (np.nan_to_num(value) > UNUSUAL_ABOVE) & unlabelled
        shills, others = self.is_shill & unlabelled, self.is_genuine & unlabelled
        judged = shills | others
        by_ranking = {
            name: float(roc_auc_score(shills[judged], scores[judged]))
            for name, scores in rankings(self.graph, labels, genuine).items()
            if name != TRUSTRANK or genuine.size
        }
        by_kind = {}
        for kind in sorted(set(self.kind) - {""}):
            chosen = others | (shills & (self.kind == kind))
            by_kind[f"AUC {kind}"] = float(
                roc_auc_score((self.kind == kind)[chosen], np.nan_to_num(value)[chosen])
            )
        home = self.community == self._largest_community()
        return {
            "world": self.seed,
            "labels": n_labels,
            "labels given": len(labels),
            "case": case,
            **by_ranking,
            **by_kind,
            "shills unusual": float(unusual[shills].mean()),
            "genuine unusual": float(unusual[others].mean()),
            "farm profiles unusual": float(unusual[self.role == "fake_follower"].mean()),
            "ordinary unusual": float(unusual[self.role == "ordinary"].mean()),
            "genuine of the largest community unusual": float(unusual[others & home].mean()),
            "newly unusual": int((unusual & others & ~(np.nan_to_num(before) > UNUSUAL_ABOVE)).sum()),
            "largest rise": float(np.nanmax(value - before)) if case == "one wrong" else np.nan,
        }


def one_wrong_label_alone(seed, n_worlds):
    """How many accounts have any value where one trusted voice is the only label, over all trusted voices."""
    named = 0
    for world_seed in range(seed, seed + n_worlds):
        world = _World(world_seed)
        for voice in world.wrong:
            named += int((~np.isnan(anti_trust(world.graph, np.array([voice]), world.genuine).value)).sum())
    return named


def on_bitcoin(folder, seed, repeats=10):
    """Signed ratings: half of the distrusted accounts are labels, the others are to be told from the trusted.

    A positive rating is a follow. Distrusted: two negative ratings and more, and more than positive ones;
    trusted: three positive and no negative. As many trusted accounts as distrusted ones are genuine labels.
    """
    ratings = pl.read_csv(folder / BITCOIN)
    ids = pl.concat([ratings["source"], ratings["target"]]).unique().sort()
    ends = {name: ids.search_sorted(ratings[name]).to_numpy() for name in ("source", "target")}
    positive = (ratings["weight"] > 0).to_numpy()
    graph, _ = build_follower_graph(len(ids), ends["source"][positive], ends["target"][positive])
    liked, disliked = (
        np.bincount(ends["target"][chosen], minlength=len(ids)) for chosen in (positive, ~positive)
    )
    bad = np.flatnonzero((disliked >= 2) & (disliked > liked))
    good = np.flatnonzero((liked >= 3) & (disliked == 0))
    rows = []
    for repeat in range(repeats):
        rng = np.random.default_rng((seed, repeat))
        shills, genuine = rng.permutation(bad), rng.permutation(good)
        half = len(bad) // 2
        scores = rankings(graph, shills[:half], genuine[:half])
        held_out = np.concatenate((shills[half:], genuine[half:]))
        is_bad = np.arange(len(held_out)) < len(bad) - half
        choose = graph.following_counts[held_out] >= FEWEST_FOLLOWS
        for name, score in scores.items():
            rows.append(
                {
                    "ranking": name,
                    "who rates five and more": float(roc_auc_score(is_bad[choose], score[held_out][choose])),
                    "alike in what they receive": _matched_auc(
                        is_bad[choose], score[held_out][choose], liked[held_out][choose]
                    ),
                }
            )
    return {"distrusted": len(bad), "trusted": len(good), "rows": pl.DataFrame(rows)}


def _matched_auc(is_bad, score, received):
    """AUC over pairs that received about as many positive ratings (the same power of two)."""
    size = np.floor(np.log2(1.0 + received))
    wins = pairs = 0.0
    for each in np.unique(size):
        bad, good = score[is_bad & (size == each)], score[~is_bad & (size == each)]
        wins += (bad[:, None] > good).sum() + 0.5 * (bad[:, None] == good).sum()
        pairs += bad.size * good.size
    return float(wins / pairs) if pairs else np.nan
