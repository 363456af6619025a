"""The candidates, and their figures in audiences drawn anew: a step that no review or price makes again."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from assets.finished import KEPT
from assets.resampled import read_replicates
from graph.trust.replicates import FEWEST_REPLICATES

RANKING = ("resampled_audience", "partner_ranking")


def kept(result):
    """The steps of a run that were not made again."""
    assert result.success
    events = result.filter_events(lambda event: event.is_step_materialization)
    return {
        event.step_key
        for event in events
        if KEPT in str(event.step_materialization_data.materialization.metadata.get("note", ""))
    }


def test_every_candidate_has_a_figure_in_every_audience_drawn(copied):
    candidates, found = copied.found("candidates"), read_replicates(copied.folder)
    assert candidates["place"].to_list() == list(range(1, candidates.height + 1))
    ranked = copied.found("ranked_candidates")
    assert set(candidates["node"]) == set(ranked["node"])
    for figures in (getattr(found, field.name) for field in fields(found)):
        assert figures.shape[0] == candidates.height
        assert figures.shape[1] >= FEWEST_REPLICATES
    assert np.isfinite(found.lift).all()
    # drawn around what was measured
    assert np.abs(found.lift.mean(axis=1) / candidates["lift"].to_numpy() - 1).max() < 0.35


def test_a_question_of_the_ranking_alone_draws_no_audience_again(copied):
    copied.audience(*RANKING)
    copied.settings["partner_ranking"] = {"minimum_audience": 1, "trust_weights": {"affinity": 1.0}}
    assert kept(copied.audience(*RANKING)) == {"resampled_audience"}
    copied.settings["resampled_audience"] = {"seed": 5}
    assert kept(copied.audience(*RANKING)) == set()
