"""Which runs ask the same question: what moves no score is no part of it."""

from __future__ import annotations

from assets.kept_runs import difference, scoring_settings


def asked(**ranking):
    """Run configuration of an audience whose ranking was told this."""
    ops = {"partner_portfolio": {"config": {"picks": 3}}, "audience_affinity": {"config": {"baseline": "x"}}}
    return ops | ({"partner_ranking": {"config": ranking}} if ranking else {})


def test_the_half_life_of_the_momentum_is_no_part_of_the_question():
    plain = scoring_settings(asked())
    assert plain == {"audience_affinity": {"config": {"baseline": "x"}}}
    assert scoring_settings(asked(half_life_days=30.0)) == plain
    assert scoring_settings(asked(half_life_days=30.0, seed=7)) == scoring_settings(asked(seed=7))


def test_what_moves_a_score_is():
    told = asked(trust_weights={"tone": 1.0}, half_life_days=30.0)
    assert scoring_settings(told)["partner_ranking"] == {"config": {"trust_weights": {"tone": 1.0}}}
    assert scoring_settings(told) != scoring_settings(asked())
    assert scoring_settings({}) == scoring_settings({"partner_ranking": {}}) == {}


def test_a_changed_half_life_keeps_the_history(bench):
    bench.settings = {"partner_ranking": {"minimum_audience": 0}}
    assert bench.network().success
    assert bench.audience(run_id="run-1").success
    bench.settings["partner_ranking"]["half_life_days"] = 14.0
    assert bench.audience(run_id="run-2").success
    then, now = (
        bench.lake.read_json(bench.lake.run(run_id, "fans") / "ranking_basis.json")
        for run_id in ("run-1", "run-2")
    )
    assert difference(then, now) == ""
