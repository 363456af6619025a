import pytest

from pipelines.cli import story

ROW = {
    "account_id": "100",
    "handle": "maria.runs",
    "display_name": "Maria",
    "platform": None,
    "language": "pt",
    "audience": "trail runners",
    "rank": 3,
    "rank_low": 2,
    "rank_high": 6,
    "status": "recommended",
    "status_reason": None,
    "followers_count": 12_400,
    "size_tier": "micro",
    "audience_size": 8_000,
    "audience_followers": 1_204,
    "reach_share": 0.1505,
    "reach_share_low": 0.142,
    "reach_share_high": 0.159,
    "reach_share_cleaned": 0.14,
    "baseline_share": 0.01,
    "lift": 14.2,
    "lift_low": 12.0,
    "lift_high": 16.0,
    "trust": 0.8,
    "trust_low": None,
    "trust_high": None,
    "word_of_mouth_voices": None,
    "word_of_mouth_weeks": None,
    "shill_probability": 0.04,
    "shill_probability_low": 0.01,
    "shill_probability_high": 0.09,
    "signals_measured": 3,
    "attention_basis": "follows",
    "conversation": None,
    "price": None,
}
NOTHING = dict.fromkeys(ROW) | {"account_id": "7", "audience": "a", "status": "not_enough_data"}


def picks(*gains, bound=None):
    total, rows = 0.0, []
    for gain in gains:
        total += gain
        rows.append(
            {
                "adds_share": gain,
                "cumulative_members_share": total,
                "cumulative_share": total,
                "bound_share": bound,
            }
        )
    return rows


def test_a_story_gives_each_figure_with_its_interval():
    assert story.introduction(ROW) == (
        "@maria.runs (Maria; pt; 12,400 followers, micro) ranks 3 (between 2 and 6 when audience, "
        "weights and risk are varied) for the audience “trail runners”: recommended."
    )
    assert "1,204 of 8,000 members follow it: 15.0 % (14.2 % to 15.9 %)" in story.reach(ROW)
    assert "14.2 times (12.0 to 16.0)" in story.reach(ROW)
    assert "bought is 4.0 % (1.0 % to 9.0 %), from 3 measured signals." in story.trust_and_risk(ROW)


def test_a_story_about_nothing_says_so():
    assert "has no rank" in story.introduction(NOTHING)
    assert story.reach(NOTHING) == "How many of the audience follow it is not known."
    assert "could not be measured" in story.trust_and_risk(NOTHING)
    assert "too little is known" in story.one_sentence(NOTHING)
    [missing, signals] = story.not_known(NOTHING, [{"signal": "pod_score"}])
    assert "its price" in missing
    assert "pod score" in signals


@pytest.mark.parametrize(
    ("written", "read"), [("for", "for"), ("against", "against"), ("neutral", "neutral")]
)
def test_a_reason_speaks_for_against_or_neither(written, read):
    assert story.direction_of({"direction": written}) == read


def test_where_to_stop_is_computed_from_what_picks_add():
    assert story.when_to_stop(picks(0.5, 0.2, 0.01, bound=0.75)) == (
        "Stop after pick 2: what comes after it adds less than 5.0 % each of what all 3 reach by trust; the "
        "first 2 reach 70.0 % of the audience, all 71.0 %. By trust no such choice can be more than 5.6 % "
        "better."
    )
    assert story.when_to_stop(picks(0.3, 0.2)).startswith(
        "No clear place to stop: all 2 picks together reach 50.0 %"
    )
    assert story.when_to_stop(picks(0.3)) == "The one pick reaches 30.0 % of the audience."
    assert story.when_to_stop([]) == ""
    assert story.when_to_stop(picks(0.0, 0.0)) == "No pick reaches anybody."


def test_example_ids_are_few_and_counted():
    assert story.examples({"example_ids": [str(number) for number in range(8)]}) == (
        "examples: 0, 1, 2, 3, 4 and 3 more"
    )
    assert story.examples({"example_ids": None}) == ""


def test_no_sentence_gives_a_verdict():
    everything = " ".join(
        [story.introduction(ROW), story.reach(ROW), story.trust_and_risk(ROW), story.one_sentence(ROW)]
    ).lower()
    assert not any(word in everything for word in ("fake", "fraud", "cheat", "scam"))
