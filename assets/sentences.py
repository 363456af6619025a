"""What all sentences of the evidence share: figures as a person writes them, names made safe, comparisons.

Wording only: what was seen, what it rests on, what is typical, how unusual it is. Signals, never verdicts:
nothing here calls a person anything. Numbers come ready from the stages; None or NaN was not measured. The
sentences themselves are in `assets.trust_sentences` and `assets.shill.sentences`. No sentence begins with a
stranger's words, so that none is read as a formula.
"""

from collections.abc import Iterable, Sequence
from math import isnan

from graph.statistics.typical_values import WITH_LIST, WITH_NOBODY
from graph.text.plain_text import plain, shortened

FOLLOWS = "follows"
INTERACTIONS = "interactions"
LONGEST_NAME = 60
NOBODY_NAMED = "this account"


def account_name(handle: str | None, account_id: str | None, display_name: str | None) -> str:
    """What to call an account in a sentence: its handle, or the name it shows where the data have no handle.

    Strangers write names: controls and marks that reorder text are taken out, and what is very long is cut.
    """
    called = plain(handle or "", LONGEST_NAME)
    identifier = shortened(plain(account_id or ""))
    if called and handle != account_id:
        return called if called.startswith("@") else f"@{called}"
    return plain(display_name or "", LONGEST_NAME) or identifier or called or NOBODY_NAMED


def is_known(value: float) -> bool:
    """Whether there is a figure."""
    return not isnan(value)


def percent(share: float) -> str:
    """A share as a person writes it: one digit below ten percent, none above, and little is not nothing."""
    value = 100 * share
    if 0 < value < 0.05:
        return "under 0.1 %"
    if 99.5 <= value < 100:
        return "over 99 %"
    return f"{value:.1f} %" if 0 < value < 9.95 else f"{value:.0f} %"


def times(ratio: float) -> str:
    """A ratio as a person writes it."""
    return f"{ratio:,.0f}" if ratio >= 9.5 else f"{ratio:.1f}"


def number(value: float) -> str:
    """A count or the median of counts, which may lie between two."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def signed(value: float, digits: int) -> str:
    """A change, or a figure that may lie on either side of nought, with its sign: `+0.03`, `−0.3`, `0.0`."""
    rounded = round(value, digits)
    return f"{rounded:+.{digits}f}".replace("-", "\N{MINUS SIGN}") if rounded else f"{0:.{digits}f}"


def span(hours: float) -> str:
    """A time between two events as a person says it."""
    if hours < 1:
        minutes = max(1, round(60 * hours))
        return f"{minutes} minute{'s' if minutes != 1 else ''}"
    if hours < 36:
        return f"{hours:.0f} hour{'s' if round(hours) != 1 else ''}"
    return f"{hours / 24:.0f} days"


def counted(n: int, one: str, many: str | None = None) -> str:
    """`1 member`, `1,204 members`."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listed(things: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, (", ".join(things[:-1]), things[-1]))) if things else ""


def alike(tier: str, basis: int, n: int, *, is_any_size_known: bool = True) -> str:
    """Whom an account is compared with, and why it is the whole list where its own size has too few.

    Args:
        tier: Size tier of the account.
        basis: A code of `graph.statistics.typical_values`.
        n: How many accounts it is compared with.
        is_any_size_known: Whether it need be said that this one's is not.
    """
    if basis == WITH_NOBODY:
        return ""
    if basis != WITH_LIST:
        return f"the {n:,} {tier} accounts here"
    if not is_any_size_known:
        return f"all {n:,} accounts here"
    why = "its size is not known" if tier == "unknown" else f"too few {tier} accounts were measured"
    return f"all {n:,} accounts here ({why})"


def compared(typical: str, share_below: float, group: str) -> str:
    """How an account stands among its like, as the end of a sentence; nothing where it has no like.

    Args:
        typical: The typical value in words.
        share_below: Share of the others with a smaller value.
        group: Whom it is compared with, from `alike`.
    """
    if not group:
        return ""
    if share_below == 1:
        return f", the highest of {group}, where {typical} is typical"
    if share_below >= 0.995:
        return f", among the very highest of {group}, where {typical} is typical"
    if share_below >= 0.5:
        return f", above {percent(share_below)} of {group}, where {typical} is typical"
    return f"; typical of {group} is {typical}"


def not_measured(missing: Iterable[tuple[str, str]]) -> str:
    """What could not be looked at and why; it counts neither for nor against.

    Args:
        missing: What, and the reason, in the order to be told; the same reasons are told together.
    """
    by_reason: dict[str, list[str]] = {}
    for what, why in missing:
        by_reason.setdefault(why, []).append(what)
    told = "; ".join(f"{listed(what)} ({why})" for why, what in by_reason.items())
    return f"Not enough data for: {told}."
