"""After which pick the rest adds little."""

from __future__ import annotations

import pytest

from graph.partners.stopping import stop_after


@pytest.mark.parametrize(
    ("gain", "picks"),
    [
        ([], 0),
        ([0.0, 0.0], 0),
        ([0.3], 1),
        ([0.3, 0.1], 2),
        ([0.5, 0.2, 0.01, 0.01], 2),
        ([95.0, 5.0], 2),  # the bar itself is more than little
        ([95.1, 4.9], 1),
        ([0.001, 0.5, 0.2], 3),  # wanted in any case, so it stands first
        ([0.5, 0.0], 1),
    ],
)
def test_where_to_stop(gain, picks):
    assert stop_after(gain) == picks
