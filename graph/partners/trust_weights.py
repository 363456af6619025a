"""The table of how much each part counts towards trust, read, checked and changed.

Here belongs what a table may hold and how it is named once a person has changed it. What the parts are is
`ranking`'s business; the numbers are data that come with Vouch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graph.partners.ranking import TRUST_PARTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class TrustWeightsError(ValueError):
    """A table of trust weights that cannot be used; the message lists every fault and the remedy."""


@dataclass(frozen=True)
class TrustWeights:
    """How much each part counts towards trust.

    Attributes:
        weights: Part to weight > 0; a part that is not in it is left out of trust.
        version: Name of the table, with what a person changed in it.
    """

    weights: Mapping[str, float]
    version: str

    @staticmethod
    def from_rows(rows: Iterable[Mapping[str, Any]]) -> TrustWeights:
        """Read a table with one row per part: version, part, weight.

        Raises:
            TrustWeightsError: All faults at once.
        """
        table = list(rows)
        versions = sorted({str(row["version"]) for row in table})
        named = [str(row["part"]) for row in table]
        faults = [] if len(versions) == 1 else [f"it holds {len(versions)} versions, not one"]
        faults += [f"{part} stands in it {named.count(part)} times" for part in dict.fromkeys(named)
                   if named.count(part) > 1]  # fmt: skip
        weights = dict(zip(named, (_number(row["weight"]) for row in table), strict=True))
        return TrustWeights(_checked(weights, faults), versions[0])

    def changed(self, changes: Mapping[str, float]) -> TrustWeights:
        """The table with some weights replaced; 0 leaves a part out. The version says what was changed.

        Raises:
            TrustWeightsError: All faults at once.
        """
        new = {part: float(weight) for part, weight in changes.items() if self.weights.get(part) != weight}
        if not new:
            return self
        weights = _checked({**self.weights, **new}, [])
        said = " and ".join(f"{part} {weight:g}" for part, weight in sorted(new.items()))
        return TrustWeights(weights, f"{self.version} with {said}")


def _checked(weights: Mapping[str, float], faults: list[str]) -> dict[str, float]:
    """The weights that count, in the order of the parts."""
    unknown = sorted(weights.keys() - set(TRUST_PARTS))
    faults += [f"there is no part called {part}" for part in unknown]
    bad = sorted(part for part, weight in weights.items() if not (np.isfinite(weight) and weight >= 0))
    faults += [f"the weight of {part} is no number from 0 up" for part in bad]
    kept = {part: weights[part] for part in TRUST_PARTS if weights.get(part, 0.0) > 0}
    if not kept and not bad:
        faults.append("every weight is 0")
    if faults:
        raise TrustWeightsError(
            f"The weights of trust cannot be used: {'; '.join(faults)}. Give weights from 0 up for any of "
            f"{', '.join(TRUST_PARTS)}; 0 leaves a part out."
        )
    return kept


def _number(text: Any) -> float:
    """A cell of the table as a number; NaN where it is none."""
    try:
        return float(text)
    except ValueError:
        return float("nan")
