"""Figures and names as the page shows them: small pieces of HTML, safe by construction.

Numbers are formatted by `pipelines.numbers`, so that the page and the command line say the same. Unknown
is a dash that explains itself, never a zero. Text from strangers passes `plain` and is escaped here or by the
template.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from pipelines import numbers
from pipelines.cli.output import handle_label
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LONGEST_TEXT = 400
_INSIDE_FIGURE = re.compile(r"(?<=\d) (?=%)|(?<=[<>]) (?=\d)")
_BETWEEN_ENTRIES = re.compile(r"(, | · )")
_BDI, _BDI_END = Markup("<bdi>"), Markup("</bdi>")
UNKNOWN = Markup('<span class="unknown" title="not known">{}</span>').format(numbers.UNKNOWN)


def safe(value: Any) -> Any:
    """What a template expression becomes before it is escaped: without controls, its shares kept whole."""
    if value is None:
        return UNKNOWN
    if isinstance(value, str) and not isinstance(value, Markup):
        return together(plain(value))
    return value


def together(text: str) -> str:
    """The text with its shares, `31.1 %` and `< 1 %`, each kept on one line."""
    return _INSIDE_FIGURE.sub("\N{NO-BREAK SPACE}", text)


def shown(value: float | None, show: Callable[[float | None], str]) -> Markup:
    """A figure in the words of `show`, or the dash that says it is not known."""
    return UNKNOWN if numbers.is_unknown(value) else _unbroken(show(value))


def count(value: float | None) -> Markup:
    """`12,345`."""
    return shown(value, numbers.count)


def noun(value: float | None, one: str, many: str = "") -> str:
    """What is counted, to stand behind `count`."""
    return numbers.noun(value, one, many)


def share(value: float | None) -> Markup:
    """`12.3 %`."""
    return shown(value, numbers.share)


def risk(value: float | None) -> Markup:
    """`12.3 %`, or `< 1 %`."""
    return shown(value, numbers.risk)


def weight(value: float | None) -> Markup:
    """A sum of weights, `345`; below ten with one decimal, since half a member is not nobody."""
    return shown(
        value, lambda known: f"{known:.1f}" if known is not None and known < 10 else numbers.count(known)
    )


def ratio(value: float | None) -> Markup:
    """`1.35`."""
    return shown(value, numbers.ratio)


def score(value: float | None) -> Markup:
    """`0.87`."""
    return shown(value, numbers.score)


def money(value: float | None, currency: str | None = None) -> Markup:
    """`250 EUR`; the currency is a stranger's text."""
    amount = shown(value, numbers.money)
    if numbers.is_unknown(value) or not currency:
        return amount
    return Markup("{}&nbsp;{}").format(amount, plain(currency, 12))


def between(low: float | None, high: float | None, how: str) -> Markup:
    """`16.0–21.3 %` from two figures of one kind; nothing where either is not known."""
    show = {
        "share": numbers.share,
        "risk": numbers.risk,
        "ratio": numbers.ratio,
        "score": numbers.score,
        "count": numbers.count,
    }[how]
    if numbers.is_unknown(low) or numbers.is_unknown(high):
        return Markup("")
    lower, upper = show(low), show(high)
    if lower != upper and lower.endswith(" %"):
        lower = lower.removesuffix(" %")
    return _unbroken(numbers.between(lower, upper))


def evidence_figure(reason: Mapping[str, Any], name: str) -> Markup:
    """A figure of one line of evidence, as a share where its signal is one."""
    return shown(reason[name], lambda value: numbers.evidence_figure(str(reason["signal"]), value))


def handle(row: Mapping[str, Any], name: str = "handle", account: str = "account_id") -> Markup:
    """`@handle`, or the id where there is none, kept apart from the direction of the text around it."""
    return _BDI + handle_label(row, handle=name, account=account) + _BDI_END


def listed(text: str | None) -> Markup:
    """A list in one line, such as a group's name, its entries kept apart from each other's direction."""
    pieces = _BETWEEN_ENTRIES.split(plain(text or "", _LONGEST_TEXT))
    return Markup("").join(
        Markup("<bdi>{}</bdi>").format(piece) if place % 2 == 0 else Markup.escape(piece)
        for place, piece in enumerate(pieces)
    )


def sentence(text: str | None, row: Mapping[str, Any]) -> Markup:
    """A published sentence, with the handle it speaks of kept apart from the direction of the rest."""
    if not text:
        return UNKNOWN
    label = together(handle_label(row))  # as the text has it
    pieces = together(plain(text, _LONGEST_TEXT)).split(label)
    return handle(row).join(Markup.escape(piece) for piece in pieces)


def percent(value: float | None) -> str:
    """A fraction as a CSS length between 0 % and 100 %, for the bars; unknown is no length."""
    inside = 0.0 if value is None or numbers.is_unknown(value) else min(1.0, max(0.0, value))
    return f"{100 * inside:.4g}%"


def sort_key(value: float | None) -> Markup:
    """The attribute that a number sorts by; an unknown one has none and stays last."""
    if value is None or numbers.is_unknown(value):
        return Markup("")
    return Markup(' data-v="{}"').format(f"{value:.9g}")


def _unbroken(figure: str) -> Markup:
    """The figure on one line, its blanks kept through `safe`."""
    return Markup.escape(
        figure.replace(" ", "\N{NO-BREAK SPACE}")
    )  # a page has ten thousand: format() is slow


FILTERS = {
    "between": between,
    "count": count,
    "evidence_figure": evidence_figure,
    "handle": handle,
    "listed": listed,
    "money": money,
    "noun": noun,
    "percent": percent,
    "ratio": ratio,
    "score": score,
    "sentence": sentence,
    "share": share,
    "risk": risk,
    "sort_key": sort_key,
    "weight": weight,
}
