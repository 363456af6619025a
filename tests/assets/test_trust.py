"""Stage 3: affinity and what is read back of it."""

from __future__ import annotations

import numpy as np
import pytest

from assets.audience import read_audience
from assets.trust import read_affinity
from assets.word_of_mouth import read_voices


def test_raw_and_cleaned_reach_stand_side_by_side(golden):
    affinity = golden.found("affinity")
    raw, cleaned = golden.by_id(affinity, "reach_share"), golden.by_id(affinity, "reach_share_cleaned")
    assert raw["niche"] == raw["buyer"] == pytest.approx(4 / 6)
    assert cleaned["niche"] > raw["niche"]  # followed by those who count
    assert cleaned["buyer"] < raw["buyer"]  # followed by those who do not
    assert golden.by_id(affinity, "audience_followers")["star"] == 6
    assert golden.by_id(affinity, "baseline_share")["niche"] == 0


def test_figures_come_back_as_they_were_written(golden):
    members = read_audience(golden.folder)
    assert members.members.dtype == np.uint32
    assert len(members.members) == 6
    found = read_affinity(golden.lake, golden.folder, 13)
    assert np.isnan(found.lift).sum() == 13 - golden.found("affinity").height
    assert found.audience_size_effective == pytest.approx(
        golden.lake.read_json(golden.folder / "affinity.json")["audience_size_effective"]
    )
    voices = read_voices(golden.folder, 13)
    assert voices.voices.sum() == 2
