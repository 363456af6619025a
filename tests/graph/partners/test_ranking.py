from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.partners.ranking import (
    LISTENERS_ASSUMED,
    TRUST_PARTS,
    CandidateFigures,
    RankingSettings,
    rank_candidates,
    replicate_trust_parts,
    sharing_rate,
    trust_contributions,
    trust_parts,
    trust_score,
)
from graph.partners.status import STATUS_REASONS, STATUSES, StatusBars

NAN = float("nan")
PARTS = TRUST_PARTS
TRUST_WEIGHTS = {"endorsement": 0.4, "affinity": 0.3, "conversation": 0.2, "word_of_mouth": 0.1}
SETTINGS = RankingSettings(weights=TRUST_WEIGHTS, bars=StatusBars(minimum_audience=100))


def figures(seed, k=8, n_replicates=40, unmeasured=0.2):
    """Random candidates, some of whose parts were not measured."""
    random = np.random.default_rng(seed)
    parts = {name: np.where(random.random(k) < unmeasured, NAN, random.random(k)) for name in PARTS}
    noise = {name: random.normal(0, 0.1, (k, n_replicates)) for name in PARTS}
    bounds = np.sort(random.random((3, k)), axis=0)
    return CandidateFigures(
        parts=parts,
        replicate_parts={name: np.clip(parts[name][:, None] + noise[name], 0, 1) for name in PARTS},
        risk=bounds[1],
        risk_low=bounds[0],
        risk_high=bounds[2],
        audience_followers=random.integers(0, 40, k).astype(float),
        audience_followers_cleaned=random.random(k) * 40,
        lift_low=random.uniform(0.5, 5, k),
        n_signals=random.integers(0, 4, k),
        audience_size=200,
    )


def one_by_one(given_figures):
    """Slow reference of trust, score and rank."""
    k = given_figures.risk.size
    trust, low, high = [], [], []
    for c in range(k):
        known = [name for name in PARTS if not np.isnan(given_figures.parts[name][c])]
        if not known:
            trust, low, high = [*trust, NAN], [*low, NAN], [*high, NAN]
            continue
        total = sum(TRUST_WEIGHTS[name] for name in known)
        mean = sum(TRUST_WEIGHTS[name] * given_figures.parts[name][c] for name in known) / total
        looks = sum(TRUST_WEIGHTS[name] * given_figures.replicate_parts[name][c] for name in known) / total
        trust.append(mean)
        low.append(min(mean, np.quantile(looks, 0.05)))
        high.append(max(mean, np.quantile(looks, 0.95)))
    score = [low[c] * (1 - given_figures.risk_high[c]) for c in range(k)]
    order = sorted(
        range(k),
        key=lambda c: (
            1 if np.isnan(score[c]) else -score[c],
            -given_figures.audience_followers_cleaned[c],
            c,
        ),
    )
    return trust, low, high, score, [order.index(c) + 1 for c in range(k)]


@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.2, 0.9]))
@settings(max_examples=40, deadline=None)
def test_agrees_with_the_slow_reference_and_intervals_hold(seed, unmeasured):
    known = figures(seed, unmeasured=unmeasured)
    ranking = rank_candidates(known, SETTINGS, seed=1)
    trust, low, high, score, rank = one_by_one(known)
    np.testing.assert_allclose(ranking.trust, trust)
    np.testing.assert_allclose(ranking.trust_low, low)
    np.testing.assert_allclose(ranking.trust_high, high)
    np.testing.assert_allclose(ranking.score, score)
    assert ranking.rank.tolist() == rank
    measured = ~np.isnan(ranking.trust)
    assert np.all(ranking.trust_low[measured] <= ranking.trust[measured])
    assert np.all(ranking.trust[measured] <= ranking.trust_high[measured])
    assert np.all((ranking.rank_low >= 1) & (ranking.rank_low <= ranking.rank))
    assert np.all((ranking.rank <= ranking.rank_high) & (ranking.rank_high <= known.risk.size))
    total = np.nansum(list(ranking.contributions.values()), axis=0)
    np.testing.assert_allclose(total[measured], ranking.trust[measured])
    assert np.isin(ranking.status, STATUSES).all()
    assert np.isin(ranking.status_reason, STATUS_REASONS).all()


@given(st.integers(0, 10**6), st.permutations(range(8)))
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_input_changes_nothing(seed, order):
    known = figures(seed, unmeasured=0.0)
    shuffled = CandidateFigures(
        parts={name: part[order] for name, part in known.parts.items()},
        replicate_parts={name: part[order] for name, part in known.replicate_parts.items()},
        audience_size=known.audience_size,
        **{
            name: getattr(known, name)[order]
            for name in (
                "risk",
                "risk_low",
                "risk_high",
                "audience_followers",
                "audience_followers_cleaned",
                "lift_low",
                "n_signals",
            )
        },
    )
    a, b = rank_candidates(known, SETTINGS, seed=3), rank_candidates(shuffled, SETTINGS, seed=3)
    for name in ("score", "rank", "rank_low", "rank_high", "trust_low", "status", "status_reason"):
        assert getattr(b, name).tolist() == getattr(a, name)[order].tolist()
    where = np.argsort(order)[a.what_would_change.candidate]
    assert sorted(zip(where, a.what_would_change.quantity, strict=True)) == sorted(
        zip(b.what_would_change.candidate, b.what_would_change.quantity, strict=True)
    )


@given(st.integers(0, 10**6), st.integers(0, 7), st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_more_risk_never_helps(seed, candidate, share):
    known = figures(seed, unmeasured=0.0)
    raised = {name: getattr(known, name).copy() for name in ("risk_low", "risk", "risk_high")}
    for array in raised.values():
        array[candidate] += share * (1 - array[candidate])
    a = rank_candidates(known, SETTINGS, seed=2)
    b = rank_candidates(replace(known, **raised), SETTINGS, seed=2)
    assert b.score[candidate] <= a.score[candidate]
    assert b.rank[candidate] >= a.rank[candidate]


@given(st.integers(0, 10**6), st.sampled_from(PARTS), st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_more_of_a_part_never_lowers_trust(seed, name, share):
    known = figures(seed)
    raised = {**known.parts, name: known.parts[name] + share * (1 - known.parts[name])}
    before, after = trust_score(known.parts, TRUST_WEIGHTS), trust_score(raised, TRUST_WEIGHTS)
    measured = ~np.isnan(before)
    assert np.all(after[measured] >= before[measured] - 1e-12)
    assert np.all((after[measured] >= 0) & (after[measured] <= 1))


@given(st.integers(0, 10**6), st.integers(1, 5))
@settings(max_examples=20, deadline=None)
def test_an_honest_discloser_with_the_same_risk_never_ranks_lower(seed, more_signals):
    known = figures(seed, unmeasured=0.0)

    def twin(array, axis=0):
        return np.concatenate((array[:1], array), axis=axis)

    pair = CandidateFigures(
        parts={name: twin(part) for name, part in known.parts.items()},
        replicate_parts={name: twin(part) for name, part in known.replicate_parts.items()},
        risk=twin(known.risk),
        risk_low=twin(known.risk_low),
        risk_high=twin(known.risk_high),
        audience_followers=twin(known.audience_followers),
        audience_followers_cleaned=twin(known.audience_followers_cleaned),
        lift_low=twin(known.lift_low),
        # The first of the twins shows its partnerships: more of it was measured.
        n_signals=twin(known.n_signals) + np.array([more_signals] + [0] * 8),
        audience_size=known.audience_size,
    )
    ranking = rank_candidates(pair, SETTINGS, seed=4)
    assert ranking.score[0] == ranking.score[1]
    assert ranking.rank[0] < ranking.rank[1]
    assert ranking.trust_low[0] == ranking.trust_low[1]


def test_the_same_seed_gives_the_same_ranking_and_a_sure_one_has_no_width():
    known = figures(7, unmeasured=0.0)
    a, b = rank_candidates(known, SETTINGS, seed=5), rank_candidates(known, SETTINGS, seed=5)
    assert a.rank_low.tolist() == b.rank_low.tolist()
    sure = replace(
        known,
        replicate_parts={name: np.repeat(part[:, None], 40, axis=1) for name, part in known.parts.items()},
        risk_low=known.risk,
        risk_high=known.risk,
    )
    settled = rank_candidates(sure, replace(SETTINGS, weight_concentration=1e9), seed=5)
    assert settled.rank_low.tolist() == settled.rank.tolist() == settled.rank_high.tolist()
    assert settled.trust_low.tolist() == pytest.approx(settled.trust.tolist())
    assert np.sum(a.rank_high - a.rank_low) > 0


def test_parts_by_hand():
    parts = trust_parts([4.0, 1.0, -1e-18, NAN], [4.0, 0.5, NAN, 1.0], [0.0, 0.0, 0.0, 0.0])
    assert parts["endorsement"].tolist() == pytest.approx([1.0, 0.5, 0.0, NAN], nan_ok=True)
    assert parts["affinity"].tolist() == pytest.approx([0.75, 0.0, NAN, 0.0], nan_ok=True)
    assert parts["word_of_mouth"].tolist() == [0.0, 0.0, 0.0, 0.0]
    weights = {"endorsement": 0.6, "affinity": 0.2, "word_of_mouth": 0.2}
    trust = trust_score(parts, weights)
    assert trust.tolist() == pytest.approx([0.75, 0.3, 0.0, 0.0])
    added = trust_contributions(parts, weights)
    assert added["endorsement"].tolist() == pytest.approx([0.6, 0.3, 0.0, NAN], nan_ok=True)


def test_nothing_measured_is_unknown_and_ranks_last():
    known = figures(1, k=3, unmeasured=0.0)
    parts = {name: part.copy() for name, part in known.parts.items()}
    for part in parts.values():
        part[0] = NAN
    ranking = rank_candidates(
        replace(known, parts=parts, audience_followers=np.full(3, 9.0), n_signals=np.ones(3, dtype=int)),
        SETTINGS,
        seed=1,
    )
    assert np.isnan(ranking.score[0])
    assert ranking.rank[0] == ranking.rank_low[0] == ranking.rank_high[0] == 3


def test_each_replicate_has_its_own_largest_and_its_bound_below_its_lift():
    parts = replicate_trust_parts(
        np.array([[4.0, 1.0], [1.0, 4.0]]),
        np.array([[4.0, 8.0], [2.0, NAN]]),
        np.array([[0.0, 1.0], [0.0, 0.25]]),
        point_lift=np.array([4.0, 0.0]),
        point_lift_low=np.array([2.0, 0.0]),
    )
    assert parts["endorsement"].tolist() == [[1.0, 0.5], [0.5, 1.0]]
    assert parts["affinity"][0].tolist() == [0.5, 0.75]
    assert np.isnan(parts["affinity"][1]).all()
    assert parts["word_of_mouth"].tolist() == [[0.0, 1.0], [0.0, 0.5]]


def test_a_part_missing_from_a_replicate_counts_nothing_there():
    known = figures(2, k=1, n_replicates=20, unmeasured=0.0)
    gone = {name: np.full((1, 20), NAN) for name in PARTS}
    ranking = rank_candidates(replace(known, replicate_parts=gone), SETTINGS, seed=1)
    assert ranking.trust_low.tolist() == [0.0]
    assert ranking.trust_high.tolist() == ranking.trust.tolist()


def test_ties_go_to_more_cleaned_followers_then_to_the_lower_index():
    known = figures(3, k=4, unmeasured=0.0)
    same = {name: np.full(4, 0.5) for name in PARTS}
    ranking = rank_candidates(
        replace(
            known,
            parts=same,
            replicate_parts={name: np.full((4, 10), 0.5) for name in PARTS},
            risk_low=np.full(4, 0.1),
            risk=np.full(4, 0.1),
            risk_high=np.full(4, 0.1),
            audience_followers_cleaned=np.array([1.0, 9.0, 9.0, 2.0]),
        ),
        SETTINGS,
        seed=1,
    )
    assert ranking.rank.tolist() == [4, 1, 2, 3]


def test_no_candidates():
    ranking = rank_candidates(figures(1, k=0), SETTINGS, seed=1)
    assert ranking.rank.size == 0
    assert ranking.what_would_change.candidate.size == 0


def test_bad_figures_are_refused_all_at_once():
    known = figures(1)
    with pytest.raises(ValueError, match=r"audience_followers must hold 8.*risk_low <= risk"):
        rank_candidates(
            replace(known, risk=np.full(8, NAN), audience_followers=np.ones(3)),
            SETTINGS,
            seed=1,
        )
    with pytest.raises(ValueError, match="replicate_parts must hold at least one part"):
        rank_candidates(replace(known, replicate_parts={}), SETTINGS, seed=1)
    with pytest.raises(ValueError, match="endorsement must lie in"):
        rank_candidates(
            replace(known, parts={**known.parts, "endorsement": np.full(8, 2.0)}), SETTINGS, seed=1
        )
    with pytest.raises(ValueError, match="No weight for luck"):
        rank_candidates(
            replace(known, parts={"luck": np.ones(8)}, replicate_parts={"luck": np.ones((8, 2))}), SETTINGS, 1
        )


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"weights": {}}, "weights must be"),
        ({"weights": {"endorsement": 0.0}}, "weights must be"),
        ({"weight_concentration": 0.0}, "weight_concentration"),
        ({"interval_low": 0.6}, "interval_low"),
        ({"risk_level": 1.0}, "risk_level"),
        ({"bars": StatusBars(minimum_audience=-1)}, "minimum_audience"),
        ({"bars": StatusBars(avoid_from=0.0)}, "avoid_from"),
        ({"bars": StatusBars(lift_above=NAN)}, "lift_above"),
    ],
)
def test_bad_settings_are_refused(change, fault):
    with pytest.raises(ValueError, match=fault):
        replace(SETTINGS, **change)


def test_six_voices_do_not_count_as_a_whole_audience():
    voices = np.array([6.0, 3.0, 0.0])
    alone = trust_parts(np.ones(3), np.ones(3), voices)["word_of_mouth"]
    among_many = trust_parts(np.ones(3), np.ones(3), voices, few_voices=24.0)["word_of_mouth"]
    assert alone == pytest.approx([1.0, np.sqrt(0.5), 0.0])
    assert among_many == pytest.approx([0.5, np.sqrt(1 / 8), 0.0])


def test_what_is_uncertain_of_itself_widens_the_rank_interval_only():
    known = figures(5, k=30, unmeasured=0.0)
    plain = rank_candidates(known, SETTINGS, seed=1)
    unsure = rank_candidates(
        replace(known, part_spreads={"conversation": np.full(30, 0.4)}), SETTINGS, seed=1
    )
    for name in ("score", "rank", "trust", "trust_low", "trust_high", "status"):
        assert getattr(unsure, name).tolist() == getattr(plain, name).tolist()
    assert np.sum(unsure.rank_high - unsure.rank_low) > np.sum(plain.rank_high - plain.rank_low)
    sure = rank_candidates(replace(known, part_spreads={"conversation": np.zeros(30)}), SETTINGS, seed=1)
    assert np.all(sure.rank_low <= sure.rank)
    with pytest.raises(ValueError, match="part_spreads of luck"):
        rank_candidates(replace(known, part_spreads={"luck": np.zeros(30)}), SETTINGS, seed=1)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 200)), min_size=1, max_size=30))
def test_sharing_rate_is_that_of_everybody_plus_ones_own(pairs):
    voices, silent = (np.array(column) for column in zip(*pairs, strict=True))
    heard = [v + s for v, s in pairs]
    mean = sum(voices) / sum(heard) if sum(heard) > 0 else 0.0
    expected = [
        (v + LISTENERS_ASSUMED * mean) / (n + LISTENERS_ASSUMED) for v, n in zip(voices, heard, strict=True)
    ]
    found = sharing_rate(voices, voices + silent)
    assert found == pytest.approx(expected)
    assert ((found >= 0) & (found <= 1 + 1e-12)).all()


def test_a_small_voice_that_is_passed_on_stands_beside_a_large_one_that_is_not():
    voices, listeners = np.array([20.0, 20.0, 4.0, 0.0]), np.array([300.0, 30.0, 4.0, 50.0])
    alone = trust_parts(np.ones(4), np.ones(4), voices)["word_of_mouth"]
    asked = trust_parts(np.ones(4), np.ones(4), voices, listeners_cleaned=listeners)["word_of_mouth"]
    assert alone[0] == alone[1] > alone[2]
    assert asked[1] == pytest.approx(1.0)
    assert asked[2] > asked[0]  # 4 of 4 are few, and more of a sign than 20 of 300
    assert asked[1] > asked[2]  # yet they do not beat 20 of 30
    assert asked[3] == 0


def test_without_talk_and_without_listeners_nothing_is_divided_by_zero():
    nobody = trust_parts(np.ones(2), np.ones(2), np.zeros(2), listeners_cleaned=np.zeros(2))
    assert nobody["word_of_mouth"].tolist() == [0, 0]
    unknown = sharing_rate(np.array([NAN, 2.0]), np.array([5.0, 5.0]))
    assert np.isnan(unknown[0])
    assert unknown[1] == pytest.approx(0.4)


def test_every_replicate_has_the_listeners_of_its_own_audience():
    voices, lift = np.array([[4.0, 4.0], [2.0, 2.0]]), np.array([[2.0, 1.0], [2.0, NAN]])
    listeners = np.array([[40.0, 20.0], [40.0, 44.0]])
    found = replicate_trust_parts(
        np.ones((2, 2)),
        lift,
        voices,
        point_lift=np.array([2.0, 2.0]),
        point_lift_low=np.array([1.5, 1.5]),
        listeners_cleaned=listeners,
    )["word_of_mouth"]
    for draw in range(2):
        alone = trust_parts(np.ones(2), np.ones(2), voices[:, draw], listeners_cleaned=listeners[:, draw])
        assert found[:, draw] == pytest.approx(alone["word_of_mouth"])
