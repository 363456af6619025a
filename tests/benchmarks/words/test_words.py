"""The twins of the evaluation differ in what they say about payment, and in nothing else."""

from __future__ import annotations

from tests.benchmarks.words.honesty import twins


def test_twins_differ_in_what_they_say_alone():
    made = twins(20, seed=1)
    assert len(made.silent) == len(made.open)
    assert made == twins(20, seed=1)
    said = 0
    for silent, frank in zip(made.silent, made.open, strict=True):
        same = [name for name in silent if silent[name] == frank[name]]
        assert set(silent) - set(same) <= {"text", "is_paid_label"}
        assert silent["text"] in frank["text"]
        said += silent != frank
    assert 50 < said < len(made.silent)
