"""What is said where no candidate has a score."""

from __future__ import annotations

import pytest

from pipelines.cli.words.nobody_leads import nobody_leads

PARTS = ("endorsement_part", "affinity_part", "word_of_mouth_part", "conversation_part")
NOBODY = {"rank": 1, "score": 0.0, "trust": 0.0, "trust_low": 0.0, "lift_low": None, "audience_size": 60} | (
    dict.fromkeys(PARTS)
)


def test_nothing_is_said_where_somebody_scores_or_the_first_is_not_shown():
    assert nobody_leads([NOBODY | {"score": 0.01}, NOBODY]) == ""
    assert nobody_leads([NOBODY | {"rank": 7}]) == ""
    assert nobody_leads([]) == ""


def test_every_part_that_is_missing_names_the_data_that_would_help():
    told = nobody_leads([NOBODY, NOBODY | {"rank": 2}])
    assert told.startswith("Nobody can be told apart: every score is 0.00, so that the order says nothing. ")
    assert "add the follows of people who are no members" in told
    assert "add whom the followed accounts follow themselves" in told
    assert "add interactions" in told
    assert nobody_leads([NOBODY | {"score": None}]).startswith("Nobody can be told apart: no score is known")


def test_one_known_member_is_no_members():
    told = nobody_leads([NOBODY | {"trust": 0.4, "audience_size": 1}])
    assert "Over 1 known member the lower end of trust is 0" in told


@pytest.mark.parametrize(
    ("known", "said", "not_said"),
    [
        ({"lift_low": 0.8}, "Nobody is surely more followed here than elsewhere", "nobody outside"),
        ({"word_of_mouth_part": 0.2}, "vouch for nobody", "interactions"),
        ({"trust": 0.4}, "Over 60 known members the lower end of trust is 0: list more of them", "as high"),
        ({"trust": 0.4, "trust_low": 0.3}, "may be as high as 100 %", "lower end"),
    ],
)
def test_what_is_known_is_not_asked_for(known, said, not_said):
    told = nobody_leads([NOBODY | known])
    assert said in told
    assert not_said not in told
