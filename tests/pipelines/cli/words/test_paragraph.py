"""The paragraph of `vouch why`: whole where all is known, silent on what an older file lacks, no verdict."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.cli.words import lines
from pipelines.cli.words.paragraph import introduction, paragraph

ROW = {
    "account_id": "100", "handle": "maria.runs", "display_name": "Maria", "platform": None, "language": "pt",
    "audience": "trail runners", "rank": 3, "rank_low": 2, "rank_high": 6, "rank_in_tier": 1,
    "status": "recommended", "status_reason": "all_bars_met", "followers_count": 12_400, "size_tier": "micro",
    "audience_size": 8_000, "audience_followers": 1_204, "reach_share": 0.1505, "reach_share_low": 0.142,
    "reach_share_high": 0.159, "reach_share_cleaned": 0.14, "baseline_share": 0.01, "lift": 14.2,
    "lift_low": 12.0, "lift_high": 16.0, "trust": 0.8, "trust_low": 0.75, "trust_high": 0.84,
    "word_of_mouth_voices": 37,
    "word_of_mouth_weeks": 12, "shill_probability": 0.04, "shill_probability_low": 0.01,
    "shill_probability_high": 0.09, "signals_measured": 3, "attention_basis": "follows", "conversation": 0.6,
    "answer_delay_hours": 2.5, "is_bridge": True, "momentum_runs": 6, "baseline": "network", "price": 250.0,
    "what_would_change": "Rank 2 with the lower end of its trust above 0.812 (now 0.750).",
}  # fmt: skip
NEW = ("rank_in_tier", "answer_delay_hours", "is_bridge", "momentum_runs", "baseline", "what_would_change")
NOTHING = dict.fromkeys(ROW) | {"account_id": "7", "audience": "a", "status": "not_enough_data"}
SIZES = {"micro": 110, "nano": 1066, "mega": 9}
VERDICTS = ("fraud", "fake", "scam", "cheat", "liar", "guilty", "bot ", "bots", "dishonest", "shill")


def reason(signal, direction="for", value=0.5, typical=0.1, side="trust", sentence="Said in full.", ids=()):
    return {
        "signal": signal, "direction": direction, "value": value, "typical_value": typical, "side": side,
        "sentence": sentence, "example_ids": list(ids), "threshold": None, "weight": None,
    }  # fmt: skip


EVIDENCE = [
    reason("endorsement", value=0.62, typical=0.003),
    reason("word_of_mouth", value=37, typical=4),
    reason("affinity", value=14.2, typical=1.1),
    reason("answers", "against", value=0.04, typical=0.2),
    reason("tone", "neutral", value=0.2),
    reason(
        "not_enough_data",
        "unknown",
        None,
        None,
        sentence="Not enough data for: its trend (it needs more runs).",
    ),
    reason("suspicious_followers", value=0.027, typical=0.037, side="shill"),
    reason("engagement_pods", value=0.2, typical=0.0, side="shill"),
]


def test_a_whole_paragraph():
    assert paragraph(ROW, EVIDENCE, SIZES) == (
        "@maria.runs (Maria; pt; 12,400 followers, micro) ranks 3 of 1,185 (between 2 and 6 when "
        "audience, weights and risk are varied) for the audience “trail runners”, 1 of 110 among micro "
        "accounts. It is recommended. Trust is 0.80 of 1 (0.75 to 0.84). What speaks for it most is that "
        "the attention passed on to it by the people this audience listens to has 62.0 % of the strength "
        "of the strongest voice (typical 0.3 %); 37 members spoke of it or passed its words on over 12 "
        "weeks (typical 4); and 15.0 % of the members follow it (14.0 % by weight), 14.2 times the share "
        "among comparable people outside the audience, at least 12.0. Against it speaks that it answers "
        "only 4.0 % of what members write to it, half of that within 2.5 hours (typical 20.0 %). "
        "The probability that its "
        "influence is bought is 4.0 % (1.0 % to 9.0 %) from 3 signals; what lowers it: only 2.7 % of its "
        "followers look unusual (typical 3.7 %); and whom it exchanges likes and answers with looks "
        "usual. Not measured: its trend. What would change this: rank 2 with the lower end of its trust "
        "above 0.812 (now 0.750)."
    )


def test_a_paragraph_about_nothing_says_so():
    told = paragraph(NOTHING, [], {}, [{"signal": "pod_score"}])
    assert told.startswith("id 7 has no rank for the audience “a”. There is not enough data to recommend it.")
    assert "Trust could not be measured. Nothing that was measured speaks for" in told
    assert "Whether influence looks bought could not be measured." in told
    assert "The data do not say: how many of the audience follow it" in told
    assert "pod score" in told
    assert "0" not in told


def test_a_file_of_an_earlier_version_is_told_as_far_as_it_goes():
    old = {name: value for name, value in ROW.items() if name not in NEW}
    told = paragraph(old, EVIDENCE, {"micro": 110, "nano": 1066, "mega": 9})
    assert "among micro accounts" not in told
    assert "What would change" not in told
    assert "15.0 % of the members follow it" in told
    assert "What would change" not in paragraph(ROW | {"what_would_change": None}, EVIDENCE, SIZES)


@pytest.mark.parametrize(
    ("value", "typical", "is_said"), [(0.1, 0.1, True), (0.2, 0.1, False), (0.1, None, False)]
)
def test_what_raises_the_risk_and_is_usual_here_says_why(value, typical, is_said):
    told = paragraph(ROW, [reason("suspicious_followers", "against", value, typical, "shill")], SIZES)
    assert ("no more than usual here but commoner where influence is bought" in told) == is_said


SIGNALS = (
    "affinity", "cleaned_reach", "endorsement", "word_of_mouth", "conversation", "answers", "returning_dyads",
    "automation", "communities", "momentum", "suspicious_followers", "lockstep_followers",
    "shill_neighbourhood", "growth_bursts", "engagement_pods", "coordinated_sharing", "undisclosed_promotion",
    "brand_hopping",
)  # fmt: skip


@pytest.mark.parametrize("signal", SIGNALS)
@pytest.mark.parametrize("direction", ["for", "against"])
@pytest.mark.parametrize("value", [0.0, 0.4, 1.0, 3.0])
@pytest.mark.parametrize("typical", [None, 0.2])
def test_every_signal_is_a_clause_either_way(signal, direction, value, typical):
    side = "shill" if signal in SIGNALS[10:] else "trust"
    told = paragraph(ROW, [reason(signal, direction, value, typical, side)], SIZES)
    assert "Said in full" not in told
    assert "None" not in told
    assert "nan" not in told
    assert ("(typical" in told) <= (typical is not None)
    assert not [word for word in VERDICTS if word in told.casefold()]


def test_a_signal_of_a_later_version_speaks_for_itself():
    told = paragraph(ROW, [reason("new_signal", sentence="Many write poems about it.")], SIZES)
    assert "For it speaks that many write poems about it." in told


@pytest.mark.parametrize(
    ("baseline", "than"),
    [
        (None, "comparable people outside"),
        ("audience:Rivals", "in the audience “Rivals”"),
        ("category:fashion", "“fashion”"),
    ],
)
def test_the_baseline_is_named(baseline, than):
    assert than in paragraph(ROW | {"baseline": baseline}, [reason("affinity")], SIZES)


def test_reach_is_told_even_where_it_is_no_reason():
    row = ROW | {"lift": 0.85}
    told = paragraph(row, [reason("affinity", "neutral", 0.85)], SIZES)
    assert "follow it (14.0 % by weight), which does not stand out: 0.85 times the share among" in told
    row |= {"reach_share_cleaned": 0.15004}
    told = paragraph(row, [reason("affinity", "neutral", 0.85)], SIZES)
    assert "15.0 % of the members follow it, which does not stand out" in told
    assert "15.0 % of the members follow it." in paragraph(ROW | {"lift": None}, [], SIZES)
    engaged = paragraph(row | {"attention_basis": "interactions"}, [], SIZES)
    assert "15.0 % of the members engage with it" in engaged


def test_many_reasons_against_are_counted():
    many = [reason(signal, "against") for signal in SIGNALS[:7]]
    assert "(3 more below)." in paragraph(ROW, many, SIZES)


def test_what_is_missing_is_said_once():
    row = ROW | {"conversation": None, "word_of_mouth_voices": None, "price": None, "shill_probability": None}
    silent = reason(
        "not_enough_data", "unknown", None, None, sentence="Not enough data for: talk (no posts)."
    )
    assert lines.not_known(row, [silent], []) == [
        "The data do not say: the probability that influence is bought, its price."
    ]
    assert "converses" in lines.not_known(row, [], [])[0]
    told = paragraph(row, [silent], SIZES)
    assert "Not measured: talk. The data do not say: its price." in told


def test_a_line_without_a_sentence_gives_its_figures():
    line = reason("answers", value=0.34, typical=None, sentence=None)
    assert lines.reason_line(line) == "answers: value 34.0 %"
    assert (
        lines.reason_line(reason("odd", value=3.0, typical=2.5, sentence="")) == "odd: value 3, typical 2.5"
    )
    assert lines.reason_line(reason("odd", value=None, typical=None, sentence=None)) == "odd"


def test_example_ids_are_few_and_counted():
    assert lines.examples({"example_ids": [str(number) for number in range(8)]}) == (
        "examples: 0, 1, 2, 3, 4 and 3 more"
    )
    assert lines.examples({"example_ids": None}) == ""


@pytest.mark.parametrize("handle", ["قهوة_صباح", "чайник", "🌸.ceramics", "Ωmega", "abc\u202etxt.exe"])
def test_names_in_any_script_stand_in_the_paragraph(handle):
    told = paragraph(ROW | {"handle": handle}, EVIDENCE, SIZES)
    assert told.startswith("@" + handle.replace("\u202e", "") + " (")
    assert "\u202e" not in told


@settings(max_examples=50, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: st.one_of(st.none(), st.text(st.characters(codec=None), max_size=60))
            for name in (
                "handle",
                "display_name",
                "audience",
                "language",
                "status",
                "baseline",
                "what_would_change",
            )
        },
    ),
    st.text(st.characters(codec=None), max_size=60),
)
def test_whatever_strangers_wrote_nothing_steers_a_terminal(changes, sentence):
    reasons = [reason("new_signal", sentence=sentence, ids=[sentence]), *EVIDENCE]
    row = ROW | changes
    told = [
        paragraph(row, reasons, SIZES),
        *map(lines.reason_line, reasons),
        lines.examples(reasons[0]),
    ]
    for text in told:
        assert not {unicodedata.category(letter) for letter in text} & {"Cc", "Cs", "Co", "Zl", "Zp"}


@pytest.mark.parametrize("direction", ["for", "neutral", "against"])
def test_a_lift_that_was_not_observed_is_told_by_its_lower_bound(direction):
    row = ROW | {"baseline_share": 0.0, "lift": 31.4, "lift_low": 0.6}
    told = paragraph(row, [reason("affinity", direction, None, None)], SIZES)
    assert "15.0 % of the members follow it, and nobody among comparable people outside" in told
    assert "at least 0.60 times" in told
    assert "31" not in told


def test_a_reach_that_holds_is_no_reason_for_trust():
    told = paragraph(ROW, [reason("cleaned_reach", "for", 1.1)], SIZES)
    assert "Nothing that was measured speaks for the trust of this audience in it." in told
    lost = paragraph(ROW, [reason("cleaned_reach", "against", 0.6)], SIZES)
    assert "Against it speaks that its reach falls from 15.0 % to 14.0 %" in lost


@pytest.mark.parametrize(
    ("named", "who"),
    [
        ({"display_name": "Maria.Runs"}, "@maria.runs (pt; 12,400 followers"),
        ({"handle": "100", "account_id": "100"}, "Maria (id 100) (pt; 12,400 followers"),
        ({"handle": "f" * 64, "account_id": "f" * 64, "display_name": None}, "@ffffffff…ffff (pt;"),
    ],
)
def test_nobody_is_introduced_twice(named, who):
    assert introduction(ROW | named, SIZES).startswith(who)
