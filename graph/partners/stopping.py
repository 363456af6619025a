"""Where to stop in a list of picks: after the last one that adds more than a little.

Here belongs the judgement, which every page and command shares; how it is said is theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LITTLE = 1 / 20
"""A pick that adds less than this part of what all picks together reach is hardly worth its price."""


def stop_after(gain: Sequence[float]) -> int:
    """How many picks come before all the rest add little.

    The last pick that adds more than a little counts, not the first that adds less: a pick that somebody
    wanted in any case comes first, whatever it adds.

    Args:
        gain: What each pick adds that the earlier ones do not reach, in order, in any unit; not negative.

    Returns:
        A number of picks; 0 where there is none, or none reaches anybody.
    """
    bar = LITTLE * sum(gain)
    return max((place for place, added in enumerate(gain, 1) if added and added >= bar), default=0)
