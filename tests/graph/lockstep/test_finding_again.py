"""A block is flagged only if it grows into itself again."""

from __future__ import annotations

import numpy as np
import pytest

from graph.lockstep.block_model import guess
from graph.lockstep.blocks import FollowBlock
from graph.lockstep.finding_again import RESTARTS, confirmed, confirmed_by, halves

CUSTOMERS = np.arange(30, dtype=np.uint32)


@pytest.fixture
def block():
    figures = dict.fromkeys(("expected", "density", "contrast", "devotion", "structure", "overlap"), 0.5)
    return FollowBlock(
        np.arange(100, 220, dtype=np.uint32), CUSTOMERS, np.full(30, 0.4), 900, **figures,
        answered=0.0, surprise=500.0, score=1.2,
    )  # fmt: skip


def test_it_is_found_from_every_half_or_from_as_many_as_are_counted(block):
    columns, times = guess(CUSTOMERS), iter(range(RESTARTS))
    assert confirmed(block, columns, lambda _: [block]).again == 1.0
    half_of_them = confirmed(block, columns, lambda _: [block] if next(times) % 2 else [])
    assert (half_of_them.again, half_of_them.is_flagged) == (0.5, True)


def test_it_does_not_come_back_or_not_as_a_block(block):
    columns = guess(CUSTOMERS)
    assert not confirmed(block, columns, lambda _: []).is_flagged
    assert not confirmed(block, columns, lambda _: [confirmed_by(block, 0.0)]).is_flagged


def test_what_missed_a_bar_already_is_not_looked_for_again(block):
    missed = confirmed_by(block, 0.0)
    assert confirmed(missed, guess(CUSTOMERS), lambda _: pytest.fail("was grown again")) is missed


def test_the_least_of_all_shares_counts(block):
    assert confirmed_by(block, 0.625).again == 0.625
    assert confirmed_by(confirmed_by(block, 0.625), 1.0).again == 0.625


def test_halves_are_the_same_in_every_run():
    first, again = list(halves(guess(CUSTOMERS))), list(halves(guess(CUSTOMERS)))
    assert [half.nodes.tolist() for half in first] == [half.nodes.tolist() for half in again]
    assert {half.nodes.size for half in first} == {15}
