"""The picture: how stable and how specific each ranking is, one panel per network, as a plain SVG."""

from __future__ import annotations

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT, MARGIN = 430, 300, 48
COLUMNS = 2
SHORT = {
    "follower count": "followers",
    "in-audience count": "count",
    "log-odds z": "z",
    "personalised PageRank": "PPR",
    "SALSA (audience as hubs)": "SALSA",
    "SALSA (circle of trust, WTF)": "WTF",
    "matrix factorisation (rank 16)": "MF16",
    "matrix factorisation (rank 32)": "MF32",
    "matrix factorisation (rank 64)": "MF64",
    "before: PageRank × log(1 + lift_low)": "before",
    "**endorsement**": "endorsement",
}


def frontier(panels):
    """SVG text; `panels` is {network: {ranker: (overlap, lift)}}."""
    rows = math.ceil(len(panels) / COLUMNS)
    width, height = WIDTH * COLUMNS, HEIGHT * rows
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            'font-family="sans-serif" font-size="11">'
        ),
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for number, (name, points) in enumerate(panels.items()):
        left, top = WIDTH * (number % COLUMNS), HEIGHT * (number // COLUMNS)
        parts += _panel(name, {ranker: points[ranker] for ranker in SHORT if ranker in points}, left, top)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(name, points, left, top):
    low = math.floor(math.log2(min(lift for _, lift in points.values())))
    high = math.ceil(math.log2(max(lift for _, lift in points.values())))
    wide, tall = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN

    def x(overlap):
        return left + MARGIN + wide * overlap

    def y(lift):
        return top + MARGIN + tall * (high - math.log2(lift)) / max(high - low, 1)

    parts = [
        f'<text x="{left + MARGIN}" y="{top + 26}" font-weight="bold">{escape(name)}</text>',
        f'<path d="M{x(0)} {y(2.0**high)}V{y(2.0**low)}H{x(1)}" fill="none" stroke="#888"/>',
        _label(x(1), y(2.0**low) + 30, "overlap of the two top 20", "end"),
        f'<text x="{left + 8}" y="{top + MARGIN - 8}" fill="#555">lift</text>',
    ]
    parts += [_label(x(share), y(2.0**low) + 15, f"{share:g}", "middle") for share in (0, 0.25, 0.5, 0.75, 1)]
    parts += [
        _label(left + MARGIN - 5, y(2.0**power) + 4, f"{2**power:g}", "end") for power in range(low, high + 1)
    ]
    taken = [(x(overlap) - 5, y(lift) - 5, x(overlap) + 5, y(lift) + 5) for overlap, lift in points.values()]
    for ranker, (overlap, lift) in points.items():
        ours = ranker.startswith("**")
        colour, weight = ("#b3261e", ' font-weight="bold"') if ours else ("#33658a", "")
        at, up = x(overlap), y(lift)
        left_of, base = _free_place(at, up, SHORT[ranker], taken, left + WIDTH)
        parts += [
            f'<circle cx="{at:.1f}" cy="{up:.1f}" r="{5 if ours else 3.5}" fill="{colour}"/>',
            f'<text x="{left_of:.1f}" y="{base:.1f}"{weight} fill="{colour}">{escape(SHORT[ranker])}</text>',
        ]
    return parts


def _free_place(x, y, text, taken, right):
    """Where a label begins that covers no point and no other label, as near to its point as there is room."""
    width = 6.6 * len(text)
    for far in range(0, 60, 4):
        for left, base in (
            (x + 8, y + 4 - far), (x + 8, y + 4 + far), (x - 8 - width, y + 4 - far),
            (x - 8 - width, y + 4 + far),
            (x - width / 2, y - 8 - far), (x - width / 2, y + 16 + far),
        ):  # fmt: skip
            box = (left, base - 9, left + width, base + 2)
            if box[2] < right and not any(_meet(box, other) for other in taken):
                taken.append(box)
                return left, base
    return x + 8, y + 4


def _meet(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _label(x, y, text, anchor):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#555">{escape(text)}</text>'
