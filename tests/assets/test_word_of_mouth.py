"""Stage 3: word of mouth and its absence."""

from __future__ import annotations

import pytest

TRUST = ("cleaned_audience", "audience_affinity", "audience_endorsement", "word_of_mouth", "communities")


def test_word_of_mouth_counts_distinct_voices_and_weeks(golden):
    talk = golden.found("word_of_mouth")
    assert golden.by_id(talk, "voices") == {
        "niche": 2
    }  # the outsider is no member, m3 liked or spoke of itself
    assert golden.by_id(talk, "weeks") == {"niche": 2}  # 1 and 2 May are one week, the 20th another
    assert golden.lake.read_json(golden.folder / "word_of_mouth.json") == {"measured": True}


@pytest.mark.parametrize("talk", ["none delivered", "likes only"])
def test_no_table_of_talk_is_not_zero_voices(bench, talk):
    if talk == "none delivered":
        del bench.tables["interactions"]
    else:
        bench.tables["interactions"] = [{"actor_id": "m1", "target_id": "star", "kind": "like"}]
    assert bench.network().success
    assert bench.audience(*TRUST, "partner_ranking").success
    assert bench.lake.read_json(bench.folder / "word_of_mouth.json") == {"measured": False}
    ranked = bench.found("ranked_candidates")
    assert ranked["word_of_mouth_voices"].null_count() == ranked.height > 0


def test_talk_about_others_makes_nobody_heard_a_finding(golden):
    voices = dict(golden.found("ranking").select("account_id", "word_of_mouth_voices").iter_rows())
    assert voices == {"star": 0, "niche": 2, "buyer": 0}
