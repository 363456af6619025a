"""The settings of a dataset.toml: what a person may change about how figures are made.

Belongs here: the sections, their defaults' names, and what is wrong with them, all of it at once. What a
setting does stands with the figure that it changes; that an audience or category of the data bears the name
of a baseline is checked where the data are read. A setting that is not given is not stored: the default
that ships then holds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from graph.trust.baselines import FORMS, Baseline, BaselineError, read_baseline
from pipelines.text import did_you_mean
from pipelines.weights import interaction_weights, trust_weights

SECTIONS = ("interaction_weights", "trust_weights", "baselines", "momentum", "privacy")
MOMENTUM_KEYS = ("half_life_days",)
PRIVACY_KEYS = ("pseudonymous_members", "smallest_group")
LONGEST_HALF_LIFE_DAYS = 36_500.0
SMALLEST_GROUP = 5
"""Members that a published group has at least where members are pseudonymous and nothing else is set."""
LARGEST_SMALLEST_GROUP = 1_000_000

Complain = Callable[[str, str, str], None]
"""Hears of a fault: the section and key, what is wrong, the remedy."""


@dataclass(frozen=True)
class Privacy:
    """How much of single members the published file shows.

    Attributes:
        pseudonymous_members: Members who are nothing but members bear a pseudonym.
        smallest_group: Groups of fewer members are withheld; None for the default.
    """

    pseudonymous_members: bool = False
    smallest_group: int | None = None

    @property
    def fewest_members(self) -> int:
        """Members that a group needs to be published.

        Where members stand in the file by name, whoever has it can count them, so that by default nothing is
        withheld there.
        """
        if self.smallest_group is not None:
            return self.smallest_group
        return SMALLEST_GROUP if self.pseudonymous_members else 1


@dataclass(frozen=True)
class Settings:
    """What a dataset.toml sets; what it does not name is absent.

    Attributes:
        interaction_weights: Kind of interaction to its worth.
        trust_weights: Part of trust to its weight.
        baselines: Audience to what it is compared with, as `graph.trust.baselines` writes it.
        half_life_days: Days after which a run counts half in the momentum, or None.
        privacy: How much of single members is published.
    """

    interaction_weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    trust_weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    baselines: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    half_life_days: float | None = None
    privacy: Privacy = field(default_factory=Privacy)


def shipped_interaction_weights() -> dict[str, float]:
    """The worth of each kind of interaction in the table that ships."""
    return {row["kind"]: float(row["weight"]) for row in interaction_weights()}


def shipped_trust_weights() -> dict[str, float]:
    """The weight of each part of trust in the table that ships."""
    return {row["part"]: float(row["weight"]) for row in trust_weights()}


def read_settings(document: Mapping[str, object], complain: Complain) -> Settings:
    """The settings of a parsed dataset.toml.

    Args:
        document: The whole document; sections of other readers are left alone.
        complain: Hears of every fault; the settings returned leave out what is wrong.
    """
    return Settings(
        interaction_weights=_weights(
            document, "interaction_weights", shipped_interaction_weights(), complain
        ),
        trust_weights=_weights(document, "trust_weights", shipped_trust_weights(), complain),
        baselines=_baselines(document, complain),
        half_life_days=_half_life(document, complain),
        privacy=_privacy(document, complain),
    )


def _weights(
    document: Mapping[str, object], section: str, shipped: Mapping[str, float], complain: Complain
) -> dict[str, float]:
    """One section of weights; they replace single rows of the table that ships."""
    found = {}
    for key, value in _entries(document, section, shipped, complain).items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            problem = f"must be a number, not {value!r}."
        elif not math.isfinite(value) or value < 0:
            problem = f"must be finite and not negative, not {value}."
        else:
            found[key] = float(value)
            continue
        complain(f"[{section}] {key}", problem, f"Write {key} = {shipped[key]:g}, or leave the line out.")
    if found and not any(({**shipped, **found}).values()):
        complain(f"[{section}]", "leaves every weight at 0.", "Give at least one a weight above 0.")
        return {}
    return found


def _baselines(document: Mapping[str, object], complain: Complain) -> dict[str, str]:
    section, found = "baselines", {}
    for audience, value in _entries(document, section, None, complain).items():
        where = f'[{section}] "{audience}"'
        if not isinstance(value, str):
            complain(where, "must be a text.", f'Write "{audience}" = "…" with {FORMS}.')
            continue
        try:
            baseline = read_baseline(value)
        except BaselineError as error:
            complain(where, str(error), "")
            continue
        if baseline == Baseline("audience", audience.strip()):
            complain(where, "compares the audience with itself.", f"Write {FORMS} of another name.")
        else:
            found[audience.strip()] = str(baseline)
    return found


def _half_life(document: Mapping[str, object], complain: Complain) -> float | None:
    key = "half_life_days"
    entry = _entries(document, "momentum", MOMENTUM_KEYS, complain)
    if key not in entry:
        return None
    value = entry[key]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 < value <= LONGEST_HALF_LIFE_DAYS:
        complain(
            f"[momentum] {key}",
            f"must be a number of days above 0 and up to {LONGEST_HALF_LIFE_DAYS:,.0f}, not {value!r}.",
            f"Write {key} = 90.",
        )
        return None
    return float(value)


def _privacy(document: Mapping[str, object], complain: Complain) -> Privacy:
    entries = _entries(document, "privacy", PRIVACY_KEYS, complain)
    is_pseudonymous = entries.get("pseudonymous_members", False)
    if not isinstance(is_pseudonymous, bool):
        complain(
            "[privacy] pseudonymous_members",
            f"must be true or false, not {is_pseudonymous!r}.",
            "Write pseudonymous_members = true.",
        )
        is_pseudonymous = False
    smallest = entries.get("smallest_group")
    if smallest is None:
        return Privacy(is_pseudonymous)
    is_count = isinstance(smallest, int) and not isinstance(smallest, bool)
    if not is_count or not 1 <= smallest <= LARGEST_SMALLEST_GROUP:
        complain(
            "[privacy] smallest_group",
            f"must be a whole number from 1 to {LARGEST_SMALLEST_GROUP:,}, not {smallest!r}.",
            f"Write smallest_group = {SMALLEST_GROUP}; 1 withholds nothing.",
        )
        return Privacy(is_pseudonymous)
    return Privacy(is_pseudonymous, smallest)


def _entries(
    document: Mapping[str, object], section: str, known: Iterable[str] | None, complain: Complain
) -> dict[str, object]:
    """The known keys of a section; `known` None lets every key pass."""
    entries = document.get(section, {})
    if not isinstance(entries, dict):
        complain(f"[{section}]", "must be a section.", f"Write [{section}] and its keys below it.")
        return {}
    if known is None:
        return dict(entries)
    names = tuple(known)
    for key in entries:
        if key not in names:
            remedy = did_you_mean(key, names) or f"Known here: {', '.join(names)}."
            complain(f"[{section}]", f"has an unknown key {key!r}.", remedy)
    return {key: value for key, value in entries.items() if key in names}
