"""What every line of evidence is made of: the candidates with their names and their like, and rows of lines.

Belongs here: the shape of a line and what all signals need to make theirs. Does not belong here: which
signals there are (`assets.trust_evidence`, `assets.shill.evidence`), and wording (`assets.sentences`). Lines
are made a signal at a time over whole columns; only the sentence is written row by row.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl

from assets import sentences
from assets.columns import floats
from graph.statistics.size_tiers import SIZE_TIERS
from graph.statistics.typical_values import TypicalValues, typical_values

FOR, AGAINST, NEUTRAL, UNKNOWN = "for", "against", "neutral", "unknown"
TRUST, SHILL = "trust", "shill"
WELL_BELOW = 1.5  # how many times smaller than the typical value speaks against somebody

LINE_SCHEMA = {
    "row": pl.Int64,
    "signal": pl.String,
    "side": pl.String,
    "direction": pl.String,
    "value": pl.Float64,
    "typical_value": pl.Float64,
    "threshold": pl.Float64,
    "weight": pl.Float64,
    "sentence": pl.String,
    "example_ids": pl.List(pl.String),
}

Examples = Mapping[int, Sequence[str]]
"""Ids of example rows by the candidate's position in the ranking."""


@dataclass(frozen=True)
class Comparison:
    """What is typical of each candidate's like, with the words for it.

    Attributes:
        figures: Medians and standings.
        groups: Whom each is compared with, in words; empty with nobody.
    """

    figures: TypicalValues
    groups: Sequence[str]

    @property
    def typical(self) -> np.ndarray:
        """The typical values, NaN where there is nobody to compare with."""
        return self.figures.typical

    def ends(self, show: Callable[[float], str]) -> list[str]:
        """The end of each candidate's sentence, with the typical value written by `show`."""
        shown = {value: show(value) for value in set(self.typical[~np.isnan(self.typical)].tolist())}
        return [
            sentences.compared(shown[typical], below, group) if group else ""
            for typical, below, group in zip(
                self.typical.tolist(), self.figures.share_below.tolist(), self.groups, strict=True
            )
        ]


@dataclass(frozen=True)
class Candidates:
    """The ranked candidates as columns.

    Attributes:
        frame: One row per candidate, as `partner_ranking` writes it.
    """

    frame: pl.DataFrame

    def __len__(self) -> int:
        """How many candidates there are."""
        return self.frame.height

    def has(self, name: str) -> bool:
        """Whether the ranking has a column of this name."""
        return name in self.frame.columns

    def floats(self, name: str) -> np.ndarray:
        """A column as float64, NaN where it is unknown or not there at all."""
        return floats(self.frame[name]) if self.has(name) else np.full(len(self), np.nan)

    def texts(self, name: str) -> list[str | None]:
        """A column of text; None where it is not there at all."""
        return self.frame[name].to_list() if self.has(name) else [None] * len(self)

    @cached_property
    def names(self) -> list[str]:
        """What to call each candidate in a sentence."""
        shown = (self.texts(name) for name in ("handle", "account_id", "display_name"))
        return [sentences.account_name(*given) for given in zip(*shown, strict=True)]

    @cached_property
    def tiers(self) -> list[str]:
        """Size tier of each candidate."""
        return [tier if tier in SIZE_TIERS else SIZE_TIERS[0] for tier in self.texts("size_tier")]

    @cached_property
    def tier_codes(self) -> np.ndarray:
        """The same as codes, int64."""
        codes = {tier: code for code, tier in enumerate(SIZE_TIERS)}
        return np.array([codes[tier] for tier in self.tiers], dtype=np.int64)

    def compare(self, values: np.ndarray) -> Comparison:
        """What is typical of each candidate's like; NaN values were not measured."""
        found = typical_values(values, self.tier_codes)
        keys = list(zip(self.tiers, found.basis.tolist(), found.compared.tolist(), strict=True))
        is_known = bool(self.tier_codes.any())
        words = {key: sentences.alike(*key, is_any_size_known=is_known) for key in set(keys)}
        return Comparison(found, [words[key] for key in keys])


@dataclass(frozen=True)
class Missing:
    """What was not measured of some candidates.

    Attributes:
        what: In words, as in a list.
        why: The reason, in words.
        rows: bool[candidates], of whom.
    """

    what: str
    why: str
    rows: np.ndarray


@dataclass(frozen=True)
class Lines:
    """The lines of one signal, and what could not be measured.

    Attributes:
        frame: Rows of `LINE_SCHEMA`, or None where nobody has a line.
        missing: What was not measured.
    """

    frame: pl.DataFrame | None = None
    missing: Sequence[Missing] = field(default=())


@dataclass(frozen=True)
class Figures:
    """The figures of the lines of one signal, one per line; NaN is unknown and None is unknown for all.

    Attributes:
        value: What was measured.
        typical: What is typical of similar accounts.
        threshold: Where the signal counts; one for all or one per line.
        weight: What it weighs in its side.
    """

    value: np.ndarray
    typical: np.ndarray | None = None
    threshold: np.ndarray | float | None = None
    weight: np.ndarray | None = None

    def at(self, rows: np.ndarray) -> "Figures":
        """The figures of some candidates, from the figures of all."""
        threshold = self.threshold
        return Figures(
            self.value[rows],
            None if self.typical is None else self.typical[rows],
            threshold[rows] if isinstance(threshold, np.ndarray) else threshold,
            None if self.weight is None else self.weight[rows],
        )


def lines_of(
    signal: tuple[str, str],
    rows: np.ndarray,
    texts: Sequence[str],
    direction: np.ndarray | str,
    figures: Figures,
    examples: Examples | None = None,
) -> pl.DataFrame:
    """Rows of lines of one signal.

    Args:
        signal: Its side, `trust` or `shill`, and its name.
        rows: int64[lines], position of each line's candidate in the ranking.
        texts: The sentences, one per line.
        direction: One per line, or one for all.
        figures: One per line.
        examples: Ids of example rows by candidate.
    """
    known, n = examples or {}, len(rows)
    return pl.DataFrame(
        {
            "row": rows,
            "signal": pl.repeat(signal[1], n, dtype=pl.String, eager=True),
            "side": pl.repeat(signal[0], n, dtype=pl.String, eager=True),
            "direction": pl.Series(
                np.broadcast_to(np.asarray(direction, dtype=object), n).tolist(), dtype=pl.String
            ),
            "value": _column(figures.value, n),
            "typical_value": _column(figures.typical, n),
            "threshold": _column(figures.threshold, n),
            "weight": _column(figures.weight, n),
            "sentence": pl.Series(texts, dtype=pl.String),
            "example_ids": pl.Series([known.get(row, ()) for row in rows.tolist()], dtype=pl.List(pl.String)),
        },
        schema=LINE_SCHEMA,
    )


def by_typical(
    value: np.ndarray,
    typical: np.ndarray,
    bounds: tuple[np.ndarray, np.ndarray] | None = None,
    floor: float = 0.0,
) -> np.ndarray:
    """Directions of values of which more is better.

    For: at least the typical value (with bounds: the lower one above it), more than nothing, and no less
    than the floor (with bounds: even the lower one). Where hardly anybody does a thing the typical value is
    nothing, and any trace would pass without it. Against: well below the typical value (with bounds: the
    upper one below it too), where what is typical reaches the floor. Neutral: all else.

    Args:
        value: float64[lines].
        typical: float64[lines]; NaN where there is nobody to compare with, which counts as 0.
        bounds: float64[lines] each, lower and upper bound of the value; NaN takes no side.
        floor: The least value that says anything.
    """
    usual = np.nan_to_num(typical, nan=0.0)
    is_more, is_less = value >= usual, (value < usual / WELL_BELOW) & (usual >= floor)
    if bounds is not None:
        is_more, is_less = (bounds[0] > usual) & (bounds[0] >= floor), is_less & (bounds[1] < usual)
    return np.where(
        (value > 0) & (value >= floor) & is_more, FOR, np.where(is_less, AGAINST, NEUTRAL)
    ).astype(object)


def unknown_lines(signal: tuple[str, str], missing: Sequence[Missing], n: int) -> pl.DataFrame | None:
    """One line per candidate that names what was not measured of it, and why.

    Args:
        signal: Side and name of the line.
        missing: What was not measured.
        n: How many candidates there are.
    """
    if not missing:
        return None
    table = np.column_stack([np.broadcast_to(part.rows, n) for part in missing])
    rows = np.flatnonzero(table.any(axis=1))
    kinds, kind_of = np.unique(table[rows], axis=0, return_inverse=True)
    told = [
        sentences.not_measured(
            (part.what, part.why) for part, is_so in zip(missing, kind, strict=True) if is_so
        )
        for kind in kinds
    ]
    texts = [told[kind] for kind in kind_of.reshape(-1).tolist()]
    return lines_of(signal, rows, texts, UNKNOWN, Figures(np.full(len(rows), np.nan)))


def _column(given: np.ndarray | float | None, n: int) -> pl.Series:
    """A column of figures with unknown as NULL."""
    filled = np.full(n, np.nan) if given is None else np.broadcast_to(np.asarray(given, np.float64), n)
    return pl.Series(np.array(filled), dtype=pl.Float64, nan_to_null=True)
