from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from graph.shill.weights_of_evidence import (
    ALSO_BOUGHT,
    FIRES_FROM,
    GROUP_CAP,
    MONEY_GROUPS,
    EvidenceWeights,
    SignalWeights,
    evidence_line,
    join_evidence,
    learn_weights,
)

GROUPS = {
    "followers_a": "bought_followers",
    "followers_b": "bought_followers",
    "followers_c": "bought_followers",
    "engagement_a": "bought_engagement",
    "engagement_b": "bought_engagement",
    "words_a": "bought_words",
    "words_b": "bought_words",
    "words_c": "bought_words",
}
EVERYWHERE = np.array([True])


def signal_weights(name, group, edges, planted, genuine):
    return SignalWeights(
        name, group, np.array(edges, dtype=float), np.array(planted), np.array(genuine), "by hand"
    )


TABLE = EvidenceWeights(
    "test-1",
    (
        signal_weights("followers_a", "bought_followers", [0.2, 0.5], [50, 100, 150], [1500, 450, 50]),
        signal_weights("followers_b", "bought_followers", [10], [100, 200], [1800, 200]),
        signal_weights("words_a", "bought_words", [0.1, 0.3, 0.6], [3, 10, 40, 247], [1900, 80, 15, 5]),
    ),
)


def population(seed, n=20_000, share=0.08):
    """Three kinds of shills, correlated signals within a group, a third of the values missing."""
    rng = np.random.default_rng(seed)
    is_shill = rng.random(n) < share
    kind = rng.integers(0, 3, n)
    values, measured, bought = {}, {}, {}
    hidden = {group: rng.normal(size=n) for group in set(GROUPS.values())}
    for place, group in enumerate(("bought_followers", "bought_engagement", "bought_words")):
        # each shill buys one thing for certain and the others now and then
        buys = is_shill & ((kind == place) | (rng.random(n) < 0.5))
        hidden[group] += 2.5 * buys
        bought[group] = buys
    for name, group in GROUPS.items():
        values[name] = hidden[group] + 0.8 * rng.normal(size=n)
        measured[name] = rng.random(n) < 0.67
    return values, measured, is_shill, bought


def area_under_curve(scores, is_positive):
    ranks, hits = rankdata(scores), is_positive.sum()
    return (ranks[is_positive].sum() - hits * (hits + 1) / 2) / (hits * (~is_positive).sum())


def calibration_error(probability, truth, bins=10):
    place = np.minimum((probability * bins).astype(int), bins - 1)
    gaps = [
        abs(probability[place == b].mean() - truth[place == b].mean()) * np.mean(place == b)
        for b in range(bins)
        if (place == b).any()
    ]
    return sum(gaps)


def subset(values, measured, chosen):
    return {name: v[chosen] for name, v in values.items()}, {name: m[chosen] for name, m in measured.items()}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_learned_on_few_accounts_it_ranks_and_is_calibrated_on_others(seed):
    values, measured, is_shill, bought = population(seed)
    rng = np.random.default_rng(seed + 100)
    sample = np.concatenate(
        [
            rng.choice(np.flatnonzero(is_shill), 300, False),
            rng.choice(np.flatnonzero(~is_shill), 2_000, False),
        ]
    )
    table = learn_weights(
        *subset(values, measured, sample),
        is_shill[sample],
        GROUPS,
        bought={name: bought[group][sample] for name, group in GROUPS.items()},
        version="sim",
        how="simulated",
    )
    rest = np.setdiff1d(np.arange(is_shill.size), sample)
    joined = join_evidence(*subset(values, measured, rest), table)
    truth = is_shill[rest]
    assert area_under_curve(joined.probability, truth) >= 0.90
    # 0.02 to 0.032 over seeds 1 to 8; the populations here buy several kinds at once, which joining by the
    # strongest kind takes for less than it is
    assert calibration_error(joined.probability, truth) <= 0.035
    assert ((joined.low <= joined.probability) & (joined.probability <= joined.high)).all()


def slow_log_odds(values, table, prior):
    """One account, by loops over every set of things that it may have bought."""
    ratio_of = dict.fromkeys(MONEY_GROUPS, 1.0)
    for group in MONEY_GROUPS:
        found = []
        for weights in table.signals:
            value = values[weights.signal]
            if weights.group == group and value is not None:
                place = sum(value >= edge for edge in weights.edges)
                planted, genuine = weights.n_planted, weights.n_genuine
                k = len(planted)
                ratio = ((planted[place] + 0.5) / (planted.sum() + 0.5 * k)) / (
                    (genuine[place] + 0.5) / (genuine.sum() + 0.5 * k)
                )
                found.append(math.log(ratio))
        if found:
            counted = max(found) if max(found) >= FIRES_FROM else min(found)
            ratio_of[group] = math.exp(max(-GROUP_CAP, min(GROUP_CAP, counted)))
    total = chances = 0.0
    for bought in itertools.product([False, True], repeat=len(MONEY_GROUPS)):
        if any(bought):
            chance = math.prod(ALSO_BOUGHT if one else 1 - ALSO_BOUGHT for one in bought)
            chances += chance
            total += chance * math.prod(
                ratio_of[group] for group, one in zip(MONEY_GROUPS, bought, strict=True) if one
            )
    return math.log(prior / (1 - prior)) + math.log(total / chances)


maybe_value = st.one_of(
    st.none(), st.sampled_from([-1.0, 0.05, 0.1, 0.2, 0.3, 0.49, 0.5, 0.7, 9.0, 10.0, 50.0])
)
accounts = st.fixed_dictionaries({weights.signal: maybe_value for weights in TABLE.signals})


def join_one(account, **options):
    values = {name: np.array([math.nan if value is None else value]) for name, value in account.items()}
    measured = {name: np.array([value is not None]) for name, value in account.items()}
    return join_evidence(values, measured, TABLE, **options)


@settings(max_examples=100, deadline=None)
@given(accounts, st.sampled_from([0.02, 0.08, 0.5]))
def test_agrees_with_a_loop_and_says_what_each_group_changes(account, prior):
    joined = join_one(account, prior=prior)
    log_odds = slow_log_odds(account, TABLE, prior)
    assert joined.probability[0] == pytest.approx(1 / (1 + math.exp(-log_odds)))
    known = {name for name, value in account.items() if value is not None}
    assert joined.n_signals[0] == len(known)
    assert {name for name, part in joined.contributions.items() if not np.isnan(part[0])} == known
    for group in MONEY_GROUPS:
        mine = {name for name in known if GROUPS[name] == group}
        without = slow_log_odds(account | dict.fromkeys(mine), TABLE, prior)
        changed = sum(joined.contributions[name][0] for name in mine)
        assert changed == pytest.approx(log_odds - without, abs=1e-9)


def test_one_thing_bought_is_enough_and_clean_followers_do_not_excuse_it():
    loud = join_one({"followers_a": None, "followers_b": None, "words_a": 0.7})
    excused = join_one({"followers_a": 0.0, "followers_b": 0.0, "words_a": 0.7})
    assert excused.probability[0] > loud.probability[0] - 0.05
    assert -0.3 < excused.contributions["followers_a"][0] < 0  # at most -log(1 - ALSO_BOUGHT)
    clean = join_one({"followers_a": 0.0, "followers_b": 0.0, "words_a": 0.0})
    assert clean.contributions["words_a"][0] < -0.3


@settings(max_examples=150, deadline=None)
@given(
    accounts,
    st.sampled_from([weights.signal for weights in TABLE.signals]),
    maybe_value.filter(lambda v: v is not None),
)
def test_a_lower_signal_never_raises_probability_or_bounds(account, signal, other):
    pair = [account | {signal: value} for value in (other, account[signal]) if value is not None]
    lower, higher = (
        join_one(one) for one in sorted(pair * 2, key=lambda one: one[signal])[:: len(pair) * 2 - 1]
    )
    for name in ("low", "probability", "high"):
        assert getattr(lower, name)[0] <= getattr(higher, name)[0] + 1e-12


@settings(max_examples=50, deadline=None)
@given(accounts)
def test_absent_and_unknown_signals_change_nothing(account):
    joined = join_one(account)
    values = {name: np.array([math.nan if value is None else value]) for name, value in account.items()}
    measured = {name: np.array([value is not None]) for name, value in account.items()}
    more = join_evidence(
        values | {"never_heard_of": np.array([1.0])}, measured | {"never_heard_of": EVERYWHERE}, TABLE
    )
    for name in ("low", "probability", "high", "n_signals"):
        assert getattr(more, name)[0] == getattr(joined, name)[0]


def test_nothing_measured_is_the_prior_and_says_so():
    joined = join_one({"followers_a": None, "followers_b": None, "words_a": None})
    assert joined.probability[0] == pytest.approx(0.08)
    assert (joined.low[0], joined.high[0], joined.n_signals[0]) == (0.0, 1.0, 0)


def test_a_measured_signal_that_did_not_fire_speaks_in_favour():
    assert join_one({"followers_a": 0.0, "followers_b": None, "words_a": None}).probability[0] < 0.08


def test_no_group_says_more_than_the_cap():
    loud = EvidenceWeights("loud", (signal_weights("words_a", "bought_words", [1], [0, 9_999], [9_999, 0]),))
    joined = join_evidence({"words_a": np.array([2.0])}, {"words_a": EVERYWHERE}, loud)
    exclusive = (1 - ALSO_BOUGHT) ** len(MONEY_GROUPS)
    capped = (1 + ALSO_BOUGHT * (math.exp(GROUP_CAP) - 1)) - exclusive
    assert joined.contributions["words_a"][0] == pytest.approx(math.log(capped / (1 - exclusive)))


def test_what_little_was_read_of_lowers_the_lower_end_alone():
    values, measured = {"followers_a": np.array([0.3])}, {"followers_a": EVERYWHERE}
    sure = join_evidence(values, measured, TABLE)
    unsure = join_evidence(values, measured, TABLE, at_least={"followers_a": np.array([0.1])})
    assert unsure.low[0] < sure.low[0] < sure.probability[0] < sure.high[0]
    assert (unsure.probability[0], unsure.high[0]) == (sure.probability[0], sure.high[0])
    for no_bound in (math.nan, 0.4):
        same = join_evidence(values, measured, TABLE, at_least={"followers_a": np.array([no_bound])})
        assert same.low[0] == sure.low[0]


SHARE = st.floats(0, 1)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(SHARE, SHARE, SHARE, SHARE), min_size=1, max_size=3))
def test_a_lower_value_with_a_lower_bound_never_has_a_higher_lower_end(signals):
    """Of each signal the value, its lower bound, and to which share of themselves they are brought down."""
    names = ("followers_a", "followers_b", "words_a")[: len(signals)]

    def lower_end(columns):
        values, lows = (
            {name: np.array([each[column]]) for name, each in zip(names, columns, strict=True)}
            for column in (0, 1)
        )
        measured = dict.fromkeys(names, EVERYWHERE)
        return join_evidence(values, measured, TABLE, at_least=lows).low[0]

    brought_down = [(value * less, low * lower) for value, low, less, lower in signals]
    assert lower_end(brought_down) <= lower_end([each[:2] for each in signals])


@pytest.mark.parametrize("prior", [0.0, 1.0, -1.0, math.nan])
def test_a_prior_outside_its_range_is_refused(prior):
    with pytest.raises(ValueError, match="prior"):
        join_one({"words_a": 0.5, "followers_a": None, "followers_b": None}, prior=prior)


def test_one_readable_line():
    line = evidence_line(TABLE, "words_a", 0.7)
    assert line.startswith(
        "words_a of 0.7 (0.6 or more): seen in 247 of 300 planted and 5 of 2,000 genuine accounts"
    )
    assert "speaks for" in line
    assert "below 0.1" in evidence_line(TABLE, "words_a", 0.0)
    with pytest.raises(KeyError, match="mystery"):
        evidence_line(TABLE, "mystery", 0.0)
