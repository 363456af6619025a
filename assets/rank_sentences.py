"""What would change a candidate's status and rank, in one plain sentence or two.

Here belongs the wording; what has to move, and by how much, is found by `graph.partners.status`.
"""

from collections.abc import Callable

import numpy as np

from graph.partners.status import Changes

STATUS_WORDS = {
    "recommended": "recommended",
    "watch": "a case to watch",
    "avoid": "one to avoid",
    "not_enough_data": "a case without enough data",
}


def _count(value: float) -> str:
    return "unknown" if np.isnan(value) else f"{value:,.0f}"


def _share(value: float) -> str:
    return "unknown" if np.isnan(value) else f"{100 * value:.1f} %"


def _decimals(value: float) -> str:
    return "unknown" if np.isnan(value) else f"{value:.3f}"


def _ratio(value: float) -> str:
    return "unknown" if np.isnan(value) else f"{value:.2f}"


_WORDS: dict[str, tuple[str, Callable[[float], str]]] = {
    "trust": ("its trust", _decimals),
    "trust_low": ("the lower end of its trust", _decimals),
    "lift_low": ("the lower end of its lift", _ratio),
    "shill_probability_low": ("the lower end of the risk that influence is bought", _share),
    "shill_probability_high": ("the upper end of the risk that influence is bought", _share),
}
# What is counted stands behind its number: "at least 5 members who follow it".
_COUNTED = {
    "n_signals": "kinds of bought influence looked at",
    "audience_size": "known members of the audience",
    "audience_followers": "members who follow it",
}
_RELATIONS = {">": "above", ">=": "at least", "<": "below", "<=": "at most"}


def what_would_change(changes: Changes, status: np.ndarray) -> list[str | None]:
    """A text per candidate: what would make or cost a recommendation, then what would move the rank.

    Args:
        changes: From `graph.partners.ranking`.
        status: [k], the status of each candidate.

    Returns:
        One text per candidate; None where nothing could be said.
    """
    conditions: list[dict[str, str]] = [{} for _ in range(status.size)]
    becomes: list[str] = [""] * status.size
    ranks: list[str] = [""] * status.size
    for candidate, effect, quantity, now, relation, threshold, result in zip(
        changes.candidate.tolist(), changes.effect.tolist(), changes.quantity.tolist(), changes.now.tolist(),
        changes.relation.tolist(), changes.threshold.tolist(), changes.becomes.tolist(), strict=True,
    ):  # fmt: skip
        condition = _condition(quantity, relation, threshold, now)
        if effect == "status":
            conditions[candidate][quantity] = condition
            becomes[candidate] = result
        else:
            ranks[candidate] = f"Would be number {result} with {condition}."
    states = status.tolist()
    return [
        " ".join(
            part
            for part in (_status_sentence(states[i], becomes[i], _needed(conditions[i])), ranks[i])
            if part
        )
        or None
        for i in range(status.size)
    ]


def _needed(conditions: dict[str, str]) -> list[str]:
    """The conditions that no other one holds already.

    The upper end of the risk is never below the lower one and has the lower bar, so its condition says both.
    """
    is_said = "shill_probability_high" in conditions
    return [text for name, text in conditions.items() if not (is_said and name == "shill_probability_low")]


def _condition(quantity: str, relation: str, threshold: float, now: float) -> str:
    """What has to hold of one figure."""
    if quantity == "review":
        return "another decision of whoever reviewed it"
    if quantity == "resembles_another":
        return "a person's word that its name is its own"
    if quantity == "trust":  # no bar but to be known
        return "its trust measured"
    if quantity in _COUNTED:
        return f"{_RELATIONS[relation]} {_count(threshold)} {_COUNTED[quantity]} (now {_count(now)})"
    subject, figure = _WORDS[quantity]
    return f"{subject} {_bar(relation, figure(threshold), figure(now))}"


def _bar(relation: str, threshold: str, now: str) -> str:
    """How a figure must stand to its bar; where the two look alike, hardly anything is missing."""
    if threshold == now:
        return f"hardly {'higher' if relation[0] == '>' else 'lower'} than now ({now})"
    return f"{_RELATIONS[relation]} {threshold} (now {now})"


def _status_sentence(now: str, becomes: str, conditions: list[str]) -> str:
    """What would make or cost a recommendation."""
    if not conditions:
        return ""
    if now == "recommended":
        return f"Would no longer be recommended but {STATUS_WORDS[becomes]} with {_joined(conditions)}."
    return f"Would be recommended with {_joined(conditions)}."


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
