"""Small pictures for the Dagster UI: distributions, curves and bars, drawn as SVG inside a line of Markdown.

Only drawing belongs here, from figures that a stage has at hand; each picture is a few kilobytes and costs a
fraction of a millisecond. The UI shows the picture of a Markdown entry in a dialog of about this width.
"""

import base64
import math
from collections.abc import Mapping, Sequence
from html import escape

import dagster as dg
import numpy as np

from graph.text.plain_text import plain

WIDTH, HEIGHT = 460, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 16, 24, 40
MOST_DOTS = 400
"""Dots of a scatter that still tell more than their neighbours would, at this size."""

MOST_BARS = 24
NOTHING = "nothing to plot"
_LONGEST_NAME = 34
_INK, _AXIS = "#2a6f97", "#8a8a8a"
_SERIES = ("#2a6f97", "#bc6c25", "#588157")

Points = Sequence[tuple[float, float]]


def log_log_plot(counts: Mapping[int, int], x_label: str, y_label: str) -> dg.MetadataValue:
    """A scatter of value against how many have it, both axes logarithmic.

    Args:
        counts: Value (at least 1) to the number of accounts that have it.
        x_label: What the value is.
        y_label: What is counted.
    """
    points = [(x, y) for x, y in counts.items() if x > 0 and y > 0]
    if not points:
        return dg.MetadataValue.text(NOTHING)
    greatest, most = max(x for x, _ in points), max(y for _, y in points)
    wide, high = max(math.log10(greatest), 1.0), max(math.log10(most), 1.0)
    dots = dict.fromkeys(
        (f"{_across(math.log10(x) / wide):.0f}", f"{_up(math.log10(y) / high):.0f}") for x, y in points
    )
    step = -(-len(dots) // MOST_DOTS)
    drawn = "".join(f'<circle cx="{x}" cy="{y}" r="2"/>' for x, y in list(dots)[::step])
    parts = [
        f'<g fill="{_INK}">{drawn}</g>',
        _axes(x_label, f"{y_label} (most: {most:,})", ("1", f"{greatest:,}")),
    ]
    return _picture(parts, f"{x_label} and {y_label}")


def histogram(
    values: np.ndarray, x_label: str, y_label: str = "accounts", *, span: tuple[float, float] | None = None
) -> dg.MetadataValue:
    """How often values fall into each of some steps of equal width.

    Args:
        values: float[n]; what is not finite counts as unknown and is told below the picture.
        x_label: What the value is.
        y_label: What is counted.
        span: The least and the greatest value drawn, from the values where it is not given; what lies
            outside is put into the outermost step.
    """
    known = values[np.isfinite(values)]
    if not known.size:
        return dg.MetadataValue.text(NOTHING)
    low, high = span or (float(known.min()), float(known.max()))
    # Halves, because the difference of two floats may be more than a float can hold.
    width = high / 2 - low / 2
    inside = np.clip(known, low, high) / 2 - low / 2
    steps = np.minimum(inside / width * MOST_BARS, MOST_BARS - 1) if width > 0 else np.zeros(known.size)
    counts = np.bincount(steps.astype(np.int64), minlength=MOST_BARS)
    most, wide = int(counts.max()), (WIDTH - LEFT - RIGHT) / MOST_BARS
    bars = "".join(
        f'<rect x="{LEFT + place * wide:.1f}" y="{_up(count / most):.1f}" width="{wide - 1:.1f}" '
        f'height="{_up(0) - _up(count / most):.1f}"/>'
        for place, count in enumerate(counts.tolist())
        if count
    )
    unknown = values.size - known.size
    note = f" (most: {most:,}{f'; {unknown:,} not known' if unknown else ''})"
    parts = [f'<g fill="{_INK}">{bars}</g>', _axes(x_label, y_label + note, (_short(low), _short(high)))]
    return _picture(parts, f"{y_label} by {x_label}")


def curves(series: Mapping[str, Points], x_label: str, y_label: str) -> dg.MetadataValue:
    """Lines through points, from the origin; the vertical axis ends at the greatest value.

    Args:
        series: Name of each line to its points (x, y), x ascending and both not negative; up to three.
        x_label: What x is.
        y_label: What y is, as a fraction; it is written in percent.
    """
    shown = {
        name: [(x, y) for x, y in points if math.isfinite(x) and math.isfinite(y)]
        for name, points in series.items()
    }
    every = [point for points in shown.values() for point in points]
    if not every:
        return dg.MetadataValue.text(NOTHING)
    far, high = max(x for x, _ in every) or 1.0, max(y for _, y in every) or 1.0
    parts = []
    for place, (name, points) in enumerate(shown.items()):
        color = _SERIES[place % len(_SERIES)]
        at = [(_across(x / far), _up(y / high)) for x, y in [(0.0, 0.0), *points]]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
        dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in at[1:])
        # The end of a line is where lines lie furthest apart; the name stands below it, out of its way.
        parts.append(
            f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="1.5"/>'
            f'<g fill="{color}">{dots}<text x="{WIDTH - RIGHT}" y="{_up(0) - 8 - 14 * place}" '
            f'text-anchor="end">{escape(name)}: {_percent(points[-1][1]) if points else "–"}</text></g>'
        )
    parts.append(_axes(x_label, f"{y_label} (top: {_percent(high)})", ("0", _short(far))))
    return _picture(parts, f"{y_label} by {x_label}")


def share_bars(shares: Mapping[str, float | None], title: str) -> dg.MetadataValue:
    """A bar from 0 to 100 % for each of some named shares; a share that is not known has a dash and no bar.

    Args:
        shares: Share by name; the first `MOST_BARS` are drawn, in their order.
        title: What they are shares of.
    """
    if not shares:
        return dg.MetadataValue.text(NOTHING)
    names, row = 210, 18
    room = WIDTH - names - 60

    def bar(place: int, name: str, share: float | None) -> str:
        y = TOP + place * row
        known = share is not None and math.isfinite(share)
        length = min(max(share, 0.0), 1.0) * room if share is not None and known else 0.0
        called = escape(plain(name, _LONGEST_NAME))
        return (
            f'<text x="{names - 6}" y="{y + 12}" text-anchor="end">{called}</text>'
            f'<rect x="{names}" y="{y + 2}" width="{room}" height="12" fill="#eee"/>'
            f'<rect x="{names}" y="{y + 2}" width="{length:.1f}" height="12" fill="{_INK}"/>'
            f'<text x="{names + room + 6}" y="{y + 12}">'
            f"{_percent(share) if share is not None and known else '–'}</text>"
        )

    drawn = list(shares.items())[:MOST_BARS]
    parts = [f'<text x="6" y="14">{escape(title)}</text>']
    parts += [bar(place, name, share) for place, (name, share) in enumerate(drawn)]
    return _picture(parts, title, height=TOP + row * len(drawn) + 10)


def _across(fraction: float) -> float:
    return LEFT + fraction * (WIDTH - LEFT - RIGHT)


def _up(fraction: float) -> float:
    base = HEIGHT - BOTTOM
    return base - fraction * (base - TOP)


def _axes(x_label: str, y_label: str, ends: tuple[str, str]) -> str:
    base = HEIGHT - BOTTOM
    return (
        f'<path d="M{LEFT} {TOP - 4}V{base}H{WIDTH - RIGHT}" stroke="{_AXIS}" fill="none"/>'
        f'<text x="{LEFT}" y="{base + 15}">{escape(ends[0])}</text>'
        f'<text x="{WIDTH - RIGHT}" y="{base + 15}" text-anchor="end">{escape(ends[1])}</text>'
        f'<text x="{(WIDTH + LEFT) / 2:.0f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(x_label)}</text>'
        f'<text x="6" y="13">{escape(y_label)}</text>'
    )


def _picture(parts: Sequence[str], title: str, height: int = HEIGHT) -> dg.MetadataValue:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>'
        f"{''.join(parts)}</svg>"
    )
    encoded = base64.b64encode(svg.encode()).decode()
    alternative = "".join(letter for letter in title if letter.isalnum() or letter in " ,.-")
    return dg.MetadataValue.md(f"![{alternative}](data:image/svg+xml;base64,{encoded})")


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
