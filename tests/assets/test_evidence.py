"""The lines of evidence: one per measured part, unknown where nothing was measured, safe in every script."""

from __future__ import annotations

import unicodedata

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.evidence import SCHEMA, evidence_rows
from assets.evidence_lines import AGAINST, FOR, NEUTRAL, UNKNOWN
from assets.shill import sentences as shill_words
from assets.shill.signals import NOT_ENOUGH_DATA, SIGNALS
from assets.trust_evidence import TrustFindings

MEASURES = {
    "cleaned_reach": "reach_share_cleaned",
    "word_of_mouth": "word_of_mouth_voices",
    "conversation": "directed_share",
    "answers": "answer_rate",
    "returning_dyads": "returning_dyads",
    "automation": "clockwork_share",
    "communities": "communities_covered",
    "tone": "tone",
}
"""Signal, and the column without which it was not measured."""

ACCOUNT = {
    "node": 0, "run_id": "r", "audience": "a", "account_id": "1", "handle": "maria", "display_name": "Maria",
    "size_tier": "nano", "audience_followers": 30, "audience_followers_cleaned": 24.0,
    "audience_size": 300, "reach_share": 0.1,
    "reach_share_low": 0.07, "reach_share_high": 0.14, "reach_share_cleaned": 0.1, "baseline_share": 0.02,
    "lift": 5.0, "lift_low": 3.0, "lift_high": 7.0, "endorsement": 0.4, "endorsement_part": 0.4,
    "affinity_part": 0.1, "word_of_mouth_part": 0.1, "conversation_part": 0.1, "word_of_mouth_voices": 9,
    "word_of_mouth_weeks": 4, "word_of_mouth_communities": 2, "word_of_mouth_prompted_voices": 1,
    "baseline": "network", "directed_share": 0.6, "output_posts": 60,
    "speakers": 12, "replies_received": 40, "answer_rate": 0.5,
    "answer_rate_low": 0.35, "answer_rate_high": 0.65, "answer_delay_hours": 3.0,
    "distinct_answer_share": 0.9, "dyads": 20, "returning_dyads": 6,
    "shared_community_share": 0.5, "clockwork_share": 0.05, "tone": 0.3,
    "tone_low": 0.1, "tone_high": 0.5, "tone_messages": 40, "tone_coverage": 0.6, "communities_covered": 3,
    "bridge_score": 0.4, "is_bridge": True, "momentum": "rising", "momentum_change": 0.02, "momentum_runs": 5,
}  # fmt: skip


def ranking(*changes, schema=None):
    """A ranking of accounts that differ from the usual one in what is given."""
    rows = [
        ACCOUNT | {"node": node, "account_id": str(node), "handle": f"h{node}"} | change
        for node, change in enumerate(changes)
    ]
    return pl.DataFrame(rows, schema_overrides=schema, infer_schema_length=None)


def signals(nodes, *, state="measured", contribution=-0.5, value=0.1, threshold=None):
    return pl.DataFrame(
        [
            {"node": node, "signal": name, "value": value if state == "measured" else None, "low": 0.0,
             "high": 0.3, "n": 50.0, "state": state, "contribution": contribution, "flagged": False,
             "count": 2.0, "hints": 0.0,
             "threshold": 0.9 if name == "engagement_pods" else threshold}
            for node in nodes
            for name in SIGNALS
        ],
        schema_overrides={"threshold": pl.Float64, "value": pl.Float64},
    )  # fmt: skip


NO_MARKS = pl.DataFrame(
    schema=dict.fromkeys(
        ("account_id", "handle", "display_name", "resembles_account_id", "kind", "sentence"), pl.String
    )
)
NO_REVIEWS = pl.DataFrame(
    schema={
        "node": pl.UInt32, "account_id": pl.String, "handle": pl.String, "label": pl.String,
        "reviewer": pl.String, "because": pl.String, "reviewed_at": pl.Datetime, "is_current": pl.Boolean,
        "source": pl.String,
    }
)  # fmt: skip


BRANDS = pl.DataFrame(
    [
        {"node": node, "brand_posts": 6, "brands": 2, "paid_brands": 1, "brand_entropy": 0.9,
         "category": "tea", "typical_entropy": 0.4, "compared_accounts": 8, "tenure_days": 40.0,
         "organic_first_share": 1.0, "return_mentions": 2.0, "hidden_rival_gap_days": None,
         "paid_performance": 0.8}
        for node in range(20)
    ],
    schema_overrides={"node": pl.UInt32, "hidden_rival_gap_days": pl.Float64},
)  # fmt: skip


def lines(ranked, shill=None, findings=None, examples=None):
    shill = signals(ranked["node"]) if shill is None else shill
    return evidence_rows(
        ranked,
        shill,
        findings or TrustFindings(groups=7, cleaned_members=9),
        examples or {},
        NO_REVIEWS,
        NO_MARKS,
        BRANDS,
    )


BRAND_LINES = ("brand_variety", "brand_loyalty", "paid_performance")


def line(frame, signal, row=0):
    account = frame["account_id"].unique(maintain_order=True)[row]
    [found] = frame.filter((pl.col("signal") == signal) & (pl.col("account_id") == account)).to_dicts()
    return found


def test_every_measured_part_has_one_line_in_the_order_of_the_ranking():
    made = lines(ranking({}, {}, {}))
    assert made.schema == pl.Schema(SCHEMA)
    assert made["account_id"].unique(maintain_order=True).to_list() == ["0", "1", "2"]
    expected = {"affinity", "endorsement", "momentum", *MEASURES, *SIGNALS, *BRAND_LINES}
    for _, group in made.group_by("account_id"):
        assert sorted(group["signal"]) == sorted(expected)
    assert made["value"].null_count() == 0


@pytest.mark.parametrize(("signal", "column"), MEASURES.items())
def test_what_is_null_becomes_a_named_unknown_and_never_a_number(signal, column):
    made = lines(ranking({column: None}, {}, {}))
    assert signal not in made.filter(pl.col("account_id") == "0")["signal"].to_list()
    assert signal in made.filter(pl.col("account_id") == "1")["signal"].to_list()
    [unknown] = made.filter(pl.col("signal") == NOT_ENOUGH_DATA).to_dicts()
    assert (unknown["account_id"], unknown["side"], unknown["direction"]) == ("0", "trust", UNKNOWN)
    assert unknown["value"] is unknown["typical_value"] is unknown["weight"] is None
    assert "(" in unknown["sentence"]


def test_a_column_that_is_not_there_says_nothing():
    known = [*MEASURES.values(), "momentum", "distinct_answer_share", "is_bridge", "baseline"]
    kept = ("reach_share_cleaned", "word_of_mouth_voices")
    made = lines(ranking({}, {}).drop([name for name in known if name not in kept]))
    assert set(made["signal"]) == {
        "affinity",
        "endorsement",
        "cleaned_reach",
        "word_of_mouth",
        *SIGNALS,
        *BRAND_LINES,
    }


def test_lift_without_anybody_to_compare_with_is_unknown():
    made = line(lines(ranking({"lift": None, "lift_low": None, "lift_high": None}, {})), "affinity")
    assert made["direction"] == UNKNOWN
    assert made["value"] is None
    assert "nobody outside" in made["sentence"]


def test_signals_without_data_are_named_with_the_reason():
    made = lines(ranking({}), signals([0], state=NOT_ENOUGH_DATA))
    unknown = line(made, NOT_ENOUGH_DATA)
    assert unknown["side"] == "shill"
    for name in SIGNALS:
        assert name.replace("_", " ") in unknown["sentence"]


@pytest.mark.parametrize(
    ("talk", "unknown", "said"),
    [
        ("posts", [], "too little of it"),
        ("interactions", ["directed_share"], "cannot be known from interactions alone"),
        ("none", [], "no posts and no interactions"),
    ],
)
def test_why_talk_is_unknown(talk, unknown, said):
    findings = TrustFindings(talk=talk, unknown_of_talk=frozenset(unknown))
    told = line(lines(ranking({"directed_share": None}, {}), findings=findings), NOT_ENOUGH_DATA)
    assert said in told["sentence"]


def test_values_are_compared_with_the_same_size_tier():
    voices = [1, 2, 3, 4, 50]
    changes = [{"word_of_mouth_voices": n} for n in voices]
    changes += [{"word_of_mouth_voices": 1000, "size_tier": "mega"}, {"size_tier": "unknown"}]
    made = lines(ranking(*changes))
    nano, mega, unknown = (line(made, "word_of_mouth", row) for row in (4, 5, 6))
    assert nano["typical_value"] == 3
    assert "the highest of the 5 nano accounts here, where 3 is typical" in nano["sentence"]
    assert mega["typical_value"] == 4
    assert "all 7 accounts here (too few mega accounts were measured)" in mega["sentence"]
    assert "its size is not known" in unknown["sentence"]


def test_directions_of_what_more_of_is_better():
    voices = [0, 6, 8, 10, 10, 12, 14]
    made = lines(ranking(*({"word_of_mouth_voices": n} for n in voices)))
    found = [line(made, "word_of_mouth", row)["direction"] for row in range(len(voices))]
    assert found == [AGAINST, AGAINST, NEUTRAL, FOR, FOR, FOR, FOR]
    nothing = lines(ranking(*({"word_of_mouth_voices": 0} for _ in voices)))
    assert line(nothing, "word_of_mouth")["direction"] == NEUTRAL  # nobody talks here: that is usual
    alone = lines(ranking(*({"word_of_mouth_voices": n} for n in (3, 2, 0))))
    assert [line(alone, "word_of_mouth", row)["direction"] for row in (0, 1, 2)] == [FOR, NEUTRAL, NEUTRAL]


def directions(signal, *changes):
    return lines(ranking(*changes)).filter(pl.col("signal") == signal)["direction"].to_list()


def rate(value, low, high, received=40):
    return {
        "answer_rate": value, "answer_rate_low": low, "answer_rate_high": high, "replies_received": received,
    }  # fmt: skip


def test_a_rate_of_answers_takes_a_side_only_beyond_luck():
    found = directions(
        "answers",
        *[rate(0.5, 0.3, 0.7)] * 5,
        rate(0.8, 0.6, 0.9),
        rate(0.0, 0.0, 0.6, 6),
        rate(0.0, 0.0, 0.1),
        rate(1.0, 0.6, 1.0, 1),
    )
    assert found == [NEUTRAL] * 5 + [FOR, NEUTRAL, AGAINST, NEUTRAL]


def test_a_trace_of_answers_is_no_reason_where_nobody_answers():
    nobody = [rate(0.0, 0.0, 0.01)] * 5
    found = directions(
        "answers", *nobody, rate(0.002, 0.001, 0.01, 5000), rate(0.2, 0.036, 0.62, 5), rate(0.4, 0.3, 0.5)
    )
    assert found == [NEUTRAL] * 7 + [FOR]


def test_what_is_directed_needs_enough_posts_to_take_a_side():
    usual = [{"directed_share": 0.4}] * 5
    told = [{"directed_share": share, "output_posts": n} for share in (1.0, 0.0) for n in (5, 100)]
    assert directions("conversation", *usual, *told) == [NEUTRAL] * 5 + [NEUTRAL, FOR, NEUTRAL, AGAINST]
    assert "(5 posts)" in line(lines(ranking(*usual, *told)), "conversation", 5)["sentence"]
    unknown = [{"directed_share": share, "output_posts": None} for share in (1.0, 0.0)]
    assert directions("conversation", *usual, *unknown) == [NEUTRAL] * 7


def sharing(rate, followers, voices, listeners):
    return {
        "sharing_rate": rate, "audience_followers": followers, "word_of_mouth_voices": voices,
        "audience_listeners": listeners,
    }  # fmt: skip


def test_sharing_is_judged_by_all_who_listen_whether_they_follow_or_not():
    usual = [sharing(0.3, 40, 12, 40)] * 5
    told = [sharing(0.6, 8, 8, 8), sharing(0.4, 8, 8, 16)]
    assert directions("sharing", *usual, *told)[5:] == [FOR, NEUTRAL]
    said = line(lines(ranking(*usual, *told)), "sharing", 6)["sentence"]
    assert said.startswith("Of the 16 members who follow @h6 or were seen speaking of it unasked, 8 spoke of")


@pytest.mark.parametrize(
    ("signal", "column", "trace", "enough"),
    [("returning_dyads", "returning_dyads", 2, 3), ("endorsement", "endorsement", 0.0001, 0.2)],
)
def test_a_trace_of_anything_is_no_reason_where_nothing_is_typical(signal, column, trace, enough):
    values = [0, 0, 0, 0, 0, trace, enough] if signal != "endorsement" else [0, 0, 0, 0, 0, trace, enough, 1]
    found = directions(signal, *({column: value} for value in values))
    assert found[:7] == [NEUTRAL] * 6 + [FOR]


def holding(*followers_and_weight):
    return [
        {"audience_followers": n, "audience_followers_cleaned": weight, "reach_share": n / 300,
         "reach_share_cleaned": weight / 240}
        for n, weight in followers_and_weight
    ]  # fmt: skip


def test_reach_is_judged_by_what_it_holds_beside_its_like_and_not_by_its_size():
    usual = [(30, 24.0), (60, 48.0), (120, 96.0), (200, 160.0), (20, 16.0)]
    found = directions("cleaned_reach", *holding(*usual, (100, 40.0), (5, 3.0), (200, 199.0), (6, 6.0)))
    assert found == [NEUTRAL] * 5 + [AGAINST, NEUTRAL, FOR, NEUTRAL]


def test_reach_that_nobody_was_cleaned_out_of_is_unknown_and_speaks_for_nobody():
    made = lines(ranking({}, {}), findings=TrustFindings(groups=7, cleaned_members=0))
    assert "cleaned_reach" not in made["signal"].to_list()
    assert "what reach holds after cleaning (no member weighs less" in line(made, NOT_ENOUGH_DATA)["sentence"]


def test_a_lift_that_was_not_observed_has_no_value_and_is_nobodys_typical_one():
    unseen = {"baseline_share": 0.0, "lift": 900.0, "lift_low": 1.4, "lift_high": 2000.0}
    made = lines(ranking(*[{}] * 5, unseen, unseen | {"lift_low": 0.6}))
    found = [line(made, "affinity", row) for row in range(7)]
    assert [one["direction"] for one in found] == [FOR] * 6 + [NEUTRAL]
    assert [one["value"] for one in found] == [5.0] * 5 + [None] * 2
    assert found[0]["typical_value"] == 5.0
    assert "900" not in found[5]["sentence"]


def test_tone_never_takes_a_side():
    made = lines(ranking(*({"tone": value, "tone_low": value} for value in (-1.0, -0.5, 0.0, 0.5, 1.0))))
    assert set(made.filter(pl.col("signal") == "tone")["direction"]) == {NEUTRAL}
    assert made.filter(pl.col("signal") == "tone")["weight"].null_count() == 5


def test_clockwork_speaks_against_or_not_at_all_and_the_harmless_reason_comes_first():
    made = lines(ranking(*({"clockwork_share": value} for value in (0.0, 0.1, 0.1, 0.2, 0.9))))
    found = made.filter(pl.col("signal") == "automation")
    assert found["direction"].to_list() == [NEUTRAL] * 4 + [AGAINST]
    assert found["sentence"][4].startswith("Scheduled posts")


def test_clockwork_that_is_exactly_typical_speaks_against_nobody():
    made = lines(ranking(*({"clockwork_share": 0.8} for _ in range(6))))
    found = made.filter(pl.col("signal") == "automation")
    assert set(found["direction"]) == {NEUTRAL}
    assert all("80 % of what @h" in sentence for sentence in found["sentence"])
    assert all("no more than others like it do" in sentence for sentence in found["sentence"])


def test_a_member_is_not_counted_among_those_who_could_follow_it():
    changes = ({"audience_followers": 30, "reach_share": share} for share in (0.1, 30 / 299))
    made = lines(ranking(*changes), findings=TrustFindings(members=frozenset({1})))
    outside, member = made.filter(pl.col("signal") == "affinity")["sentence"]
    assert outside.startswith("30 of the 300 known members follow")
    assert member.startswith("30 of the 299 other known members follow")


def test_a_small_voice_is_none_the_worse_for_being_heard_in_one_group():
    changes = [{"communities_covered": n, "is_bridge": n == 2} for n in (0, 1, 2, 4, 5, 6)]
    found = lines(ranking(*changes)).filter(pl.col("signal") == "communities")["direction"].to_list()
    assert found == [NEUTRAL, NEUTRAL, FOR, FOR, FOR, FOR]


@pytest.mark.parametrize(
    ("momentum", "direction"), [("rising", FOR), ("falling", AGAINST), ("steady", NEUTRAL)]
)
def test_momentum_points_where_it_goes(momentum, direction):
    assert line(lines(ranking({"momentum": momentum})), "momentum")["direction"] == direction


@pytest.mark.parametrize("momentum", [None, "not_enough_data", "something new"])
def test_momentum_of_too_few_runs_is_unknown(momentum):
    made = lines(ranking({"momentum": momentum}, {}))
    assert "its trend (it needs more runs" in line(made, NOT_ENOUGH_DATA)["sentence"]


@pytest.mark.parametrize(
    ("contribution", "value", "direction"),
    [(0.7, 0.3, AGAINST), (-0.7, 0.1, FOR), (0.0, 0.1, NEUTRAL), (-0.7, 0.95, NEUTRAL)],
)
def test_shill_signals_point_where_their_weight_does_unless_they_stand_out(contribution, value, direction):
    ranked = ranking({})
    made = lines(ranked, signals([0], contribution=contribution, value=value))
    assert line(made, "engagement_pods")["direction"] == direction


def test_a_figure_that_raises_the_risk_and_is_usual_here_says_why():
    alike = ranking(*[{}] * 12)
    for contribution, is_said in ((0.7, True), (-0.7, False)):
        made = lines(alike, signals(range(12), contribution=contribution, value=0.3))
        assert line(made, "engagement_pods")["sentence"].endswith(shill_words.USUAL_HERE) == is_said
    lower = signals(range(11), contribution=0.7, value=0.1)
    made = lines(alike, pl.concat([lower, signals([11], contribution=0.7, value=0.3)]))
    assert shill_words.USUAL_HERE not in line(made, "engagement_pods", 11)["sentence"]


def test_a_signal_without_wording_is_a_defect_that_says_where_to_add_it():
    unknown = signals([0]).with_columns(signal=pl.lit("new_signal"))
    with pytest.raises(ValueError, match=r"assets\.shill\.sentences"):
        lines(ranking({}), unknown)


def test_examples_and_voices_stand_where_they_belong():
    findings = TrustFindings(voices={1: ["@b", "@c"]}, examples={"endorsement": {1: ["7", "8"]}})
    made = lines(ranking({}, {}), findings=findings, examples={"undisclosed_promotion": {0: ["p1"]}})
    assert line(made, "endorsement", 1)["example_ids"] == ["7", "8"]
    assert "@b and @c follow it" in line(made, "endorsement", 1)["sentence"]
    assert line(made, "endorsement", 0)["example_ids"] == []
    assert line(made, "undisclosed_promotion", 0)["example_ids"] == ["p1"]


def test_nobody_ranked_is_no_evidence():
    empty = ranking({}).clear()
    made = lines(empty, signals([0]).clear())
    assert made.is_empty()
    assert made.schema == pl.Schema(SCHEMA)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "handle": st.text(max_size=200),  # no lone surrogates: no table can hold them
                "display_name": st.text(max_size=20),
                **{name: st.none() for name in (*MEASURES.values(), "lift", "momentum", "endorsement")},
            },
        ),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_is_missing_and_whatever_people_call_themselves_sentences_stay_sentences(changes):
    schema = dict.fromkeys((*MEASURES.values(), "lift", "endorsement"), pl.Float64) | {"momentum": pl.String}
    made = lines(ranking(*changes, schema=schema))
    assert made["sentence"].null_count() == 0
    for sentence in made["sentence"]:
        assert sentence[0].isascii()
        assert sentence[0].isalnum()
        assert len(sentence) < 600
        assert not {unicodedata.category(letter) for letter in sentence} & {"Cc", "Cs", "Co", "Zl", "Zp"}
    unknown = made.filter(pl.col("direction") == UNKNOWN)
    assert unknown["value"].null_count() == unknown.height
    per_account = made.group_by("account_id", "side", "signal").len()
    assert per_account["len"].max() == 1


def test_brand_history_explains_and_takes_no_side():
    made = lines(ranking({}, {}, {}))
    for name in BRAND_LINES:
        assert set(made.filter(pl.col("signal") == name)["direction"]) == {"neutral"}
    variety = line(made, "brand_variety")
    assert (variety["value"], variety["typical_value"], variety["weight"]) == (0.9, 0.4, None)
    assert "0.40 is typical of the 8 accounts that speak mostly of tea" in variety["sentence"]
    assert (
        "1 brand had a post that is or looks paid: it was named unpaid before"
        in line(made, "brand_loyalty")["sentence"]
    )
    assert "rival_gap" not in set(made["signal"])
