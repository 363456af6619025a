from __future__ import annotations

import math

import numpy as np
import pytest

from graph.network.followers import build_follower_graph
from graph.network.interactions import build_interaction_graph
from graph.trust import replicates as module
from graph.trust.affinity import affinity
from graph.trust.audience import clean_audience
from graph.trust.endorsement import endorsement, endorsement_mass, everybody
from graph.trust.listeners import listeners
from graph.trust.replicates import Observed, audience_replicates, replicate_budget, resampled_weights
from graph.trust.word_of_mouth import word_of_mouth

N = 80
MEMBERS = np.arange(5, 45)
CANDIDATES = np.array([50, 7, 61, 70, 79, 44])


@pytest.fixture(scope="module")
def world():
    rng = np.random.default_rng(11)
    follower, followee = rng.integers(0, N - 1, (2, 900))  # nobody follows account 79
    graph, _ = build_follower_graph(N, follower, followee)
    audience = clean_audience(MEMBERS, rng.choice([0.0, 0.4, 1.0], MEMBERS.size), None, None, None)
    actor, target = rng.integers(0, N, (2, 500))
    kind = rng.choice(["reply", "mention", "like"], 500)
    interactions = build_interaction_graph(
        N,
        actor,
        target,
        kind,
        np.ones(500, dtype=int),
        kind_weights={"like": 0.02, "mention": 0.5, "reply": 1},
    )
    voices = word_of_mouth(N, audience, actor, target, kind, None)
    return graph, audience, interactions, voices


def observed(graph, audience, candidates=CANDIDATES):
    found = affinity(graph, audience)
    return Observed(found.reach_share_cleaned[candidates], found.lift[candidates])


def draw(world, **options):
    graph, audience, interactions, voices = world
    options = {"interactions": interactions, "voices": voices, "n_replicates": 6, "seed": 3, **options}
    return audience_replicates(graph, audience, CANDIDATES, observed(graph, audience), **options)


def test_every_replicate_is_the_figure_of_its_own_audience(world):
    graph, audience, interactions, voices = world
    result = draw(world)
    drawn = resampled_weights(audience.weight, 6, seed=3)
    observed = affinity(graph, audience)
    follows = (graph.following_offsets, graph.following, None)
    spoken = (interactions.offsets, interactions.targets, interactions.weights)
    usual = {}
    for name, (offsets, targets, weights) in (("follows", follows), ("spoken", spoken)):
        usual[name] = endorsement_mass(
            offsets, targets, everybody(offsets, None, weights), weights=weights
        )[CANDIDATES]  # fmt: skip
    pairs = set(zip(voices.pair_member.tolist(), voices.pair_account.tolist(), strict=True))
    for column in range(6):
        weight = dict(zip(MEMBERS.tolist(), drawn[:, column].tolist(), strict=True))
        restart = np.array([weight.get(node, 0.0) for node in range(N)])
        masses = {}
        for name, (offsets, targets, weights) in (("follows", follows), ("spoken", spoken)):
            masses[name] = endorsement_mass(offsets, targets, restart, weights=weights)
        for row, candidate in enumerate(CANDIDATES.tolist()):
            others = {member: value for member, value in weight.items() if member != candidate}
            followers = sum(others.get(int(node), 0.0) for node in graph.followers_of(candidate))
            base = observed.baseline_share[candidate]
            lift = followers / sum(others.values()) / base if base else math.nan
            assert result.lift[row, column] == pytest.approx(lift, nan_ok=True)
            for name, figures in (
                ("follows", result.endorsement),
                ("spoken", result.interaction_endorsement),
            ):
                expected = endorsement(masses[name][candidate], usual[name][row], np.array(lift))
                assert figures[row, column] == pytest.approx(float(expected), rel=1e-3, abs=2e-6)
            heard = sum(drawn[member, column] for member, account in pairs if account == candidate)
            assert result.word_of_mouth[row, column] == pytest.approx(heard)
            either = {member for member, account in pairs if account == candidate}
            either |= set(np.flatnonzero(np.isin(MEMBERS, graph.followers_of(candidate))).tolist())
            assert result.listeners[row, column] == pytest.approx(sum(drawn[list(either), column]))


def test_replicates_surround_the_observed_figures(world):
    graph, audience, _, voices = world
    result = draw(world, n_replicates=400)
    observed = affinity(graph, audience)
    known = ~np.isnan(observed.lift[CANDIDATES])
    expected = observed.lift[CANDIDATES][known]
    assert result.lift[known].mean(axis=1) == pytest.approx(expected, rel=0.15)
    assert result.word_of_mouth.mean(axis=1) == pytest.approx(voices.voices_cleaned[CANDIDATES], rel=0.15)
    heard = listeners(graph, audience, CANDIDATES, voices).cleaned
    assert result.listeners.mean(axis=1) == pytest.approx(heard, rel=0.15)


def test_the_same_seed_draws_the_same_and_another_does_not(world):
    first, again, other = draw(world), draw(world), draw(world, seed=4)
    assert first.endorsement.tolist() == again.endorsement.tolist()
    assert first.endorsement.tolist() != other.endorsement.tolist()


def test_walking_columns_in_pieces_changes_nothing(world, monkeypatch):
    together = draw(world)
    monkeypatch.setattr(module, "MEMORY_AT_ONCE", 1)
    apart = draw(world)
    np.testing.assert_allclose(apart.endorsement, together.endorsement, rtol=1e-4, atol=1e-6)


def test_what_was_not_supplied_is_unknown(world):
    result = draw(world, interactions=None, voices=None)
    assert np.isnan(result.word_of_mouth).all()
    assert np.isnan(result.listeners).all()
    assert np.isnan(result.interaction_endorsement).all()
    assert np.isfinite(result.endorsement).all()


@pytest.mark.parametrize("weights", [np.zeros(3), None])
def test_an_audience_that_weighs_nothing_is_unknown(world, weights):
    graph = world[0]
    members = np.arange(3) if weights is not None else np.array([], dtype=int)
    audience = clean_audience(members, weights, None, None, None)
    result = audience_replicates(
        graph, audience, CANDIDATES, observed(graph, audience), n_replicates=4, seed=0
    )
    assert result.endorsement.shape == (6, 4)
    assert np.isnan(result.endorsement).all()
    assert np.isnan(result.lift).all()


def test_no_follows_and_no_candidates(world):
    audience = world[1]
    nothing = np.array([], dtype=np.uint32)
    graph, _ = build_follower_graph(N, nothing, nothing)
    result = audience_replicates(
        graph, audience, CANDIDATES, observed(graph, audience), n_replicates=3, seed=0
    )
    assert np.isnan(result.endorsement).all()
    none = audience_replicates(
        graph, audience, nothing, observed(graph, audience, nothing), n_replicates=3, seed=0
    )
    assert none.lift.shape == (0, 3)


def test_the_budget_falls_with_size_and_stays_within_bounds():
    sizes = [0, 1000, 2_500_000, 10_000_000, 25_000_000, 10**10]
    assert [replicate_budget(size) for size in sizes] == [100, 100, 100, 25, 20, 20]
