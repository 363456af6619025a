import pytest

from pipelines.cli.words import story

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
                "cumulative_members": round(100 * total),
                "cumulative_members_share": total,
                "cumulative_share": total,
                "bound_share": bound,
            }
        )
    return rows


@pytest.mark.parametrize(
    ("written", "read"), [("for", "for"), ("against", "against"), ("neutral", "neutral")]
)
def test_a_reason_speaks_for_against_or_neither(written, read):
    assert story.direction_of({"direction": written}) == read


@pytest.mark.parametrize(
    ("voices", "said"),
    [
        (0, "14.2 times the share among comparable accounts; risk"),
        (1, "accounts, 1 member speaks of it or passes its words on; risk"),
        (2, "accounts, 2 members speak of it or pass its words on; risk"),
        (1_200, "accounts, 1,200 members speak of it or pass its words on; risk"),
    ],
)
def test_one_member_speaks_and_two_speak(voices, said):
    assert said in story.one_sentence(ROW | {"word_of_mouth_voices": voices})


def test_a_plan_is_told_with_where_to_stop_and_how_much_better_one_could_be():
    assert story.plan_advice(picks(0.5, 0.2, 0.01, bound=0.75)) == (
        "Stop after pick 2: the last one adds less than 3.5 % by trust, a twentieth of the 71.0 % that all 3 "
        "add. The first 2 reach 70 members (70.0 %), all 3 reach 71 members (71.0 %). "
        "By trust no such choice can be more than 5.6 % better."
    )
    assert story.plan_advice(picks(0.3, bound=0.3)).endswith(
        "No other choice of this size reaches more by trust."
    )
    assert story.plan_advice(picks(0.0, 0.0, bound=0.3)) == "No pick reaches anybody."
    assert story.plan_advice([]) == ""
    unknown = picks(0.5, 0.2, bound=0.75)
    unknown[-1]["cumulative_share"] = float("nan")
    assert story.plan_advice(unknown) == "What each pick adds is not known."


def test_no_sentence_gives_a_verdict():
    everything = (story.one_sentence(ROW) + story.plan_advice(picks(0.5, 0.2))).lower()
    assert not any(word in everything for word in ("fake", "fraud", "cheat", "scam"))


def test_one_sentence_says_what_it_rests_on():
    assert story.one_sentence(ROW) == (
        "@maria.runs: 15.0 % of the audience follow it (14.0 % by weight), 14.2 times the share among "
        "comparable accounts; risk that influence is bought 4.0 %, at most 9.0 %."
    )
    assert "too little is known" in story.one_sentence(NOTHING)


def test_a_lift_that_was_not_observed_is_told_by_its_lower_bound():
    unseen = ROW | {"baseline_share": 0.0, "lift": 31.4, "lift_low": 0.6}
    told = story.one_sentence(unseen)
    assert "nobody in the comparison group does (at least 0.60 times)" in told
    assert "31" not in told
    assert "14.2 times the share among comparable accounts" in story.one_sentence(ROW)
