"""The reliability picture as a plain SVG."""

from __future__ import annotations

SIZE, MARGIN = 420, 48


def reliability_picture(rows):
    """SVG text; `rows` as `measuring.reliability` makes them."""
    span = SIZE - 2 * MARGIN

    def x(share):
        return MARGIN + span * share

    def y(share):
        return SIZE - MARGIN - span * share

    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" '
            'font-family="sans-serif" font-size="11">'
        ),
        f'<rect width="{SIZE}" height="{SIZE}" fill="white"/>',
        f'<path d="M{x(0)} {y(1)}V{y(0)}H{x(1)}" fill="none" stroke="#888"/>',
        f'<path d="M{x(0)} {y(0)}L{x(1)} {y(1)}" stroke="#bbb" stroke-dasharray="4 4"/>',
        f'<text x="{x(1)}" y="{SIZE - 12}" text-anchor="end">predicted probability</text>',
        f'<text x="{MARGIN - 36}" y="{MARGIN - 14}">share that are planted shills</text>',
    ]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        parts += [
            f'<text x="{x(tick)}" y="{y(0) + 15}" text-anchor="middle">{tick:g}</text>',
            f'<text x="{x(0) - 6}" y="{y(tick) + 4}" text-anchor="end">{tick:g}</text>',
        ]
    for _, _, n, predicted, observed, low, high in rows:
        radius = 2.5 + min(5.0, n**0.5 / 12)
        parts += [
            f'<path d="M{x(predicted):.1f} {y(low):.1f}V{y(high):.1f}" stroke="#b3261e"/>',
            f'<circle cx="{x(predicted):.1f}" cy="{y(observed):.1f}" r="{radius:.1f}" fill="#b3261e"/>',
            f'<text x="{x(predicted) + 8:.1f}" y="{y(observed) + 12:.1f}" fill="#555">{n:,}</text>',
        ]
    return "\n".join([*parts, "</svg>"]) + "\n"
