"""F1 against density, per shape and camouflage: ours and FRAUDAR's."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from tests.benchmarks.lockstep.grid import DENSITIES, SHAPES, plain_cases
from tests.benchmarks.lockstep.planting import CAMOUFLAGES

WIDTH, HEIGHT, LEFT, TOP, GAP = 190, 130, 78, 74, 26
OURS, OTHER = "#0b6e4f", "#c2541b"
LINES = (
    ("customers", "ours, customers", OURS, ""),
    ("buyers", "ours, buyers", OURS, "5 4"),
    ("fraudar customers", "FRAUDAR, customers", OTHER, ""),
    ("fraudar buyers", "FRAUDAR, buyers", OTHER, "5 4"),
)


def picture(cells):
    """The picture as SVG; each point is the mean over the graphs in which that cell was measured."""
    width = LEFT + 4 * WIDTH + 3 * GAP + 20
    height = TOP + 3 * HEIGHT + 2 * GAP + 58
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12" fill="#222">'
    )
    pieces = [head, f'<rect width="{width}" height="{height}" fill="#fff"/>', *_legend()]
    points = _points(cells)
    for row, shape in enumerate(SHAPES):
        for column, camouflage in enumerate(CAMOUFLAGES):
            x, y = LEFT + column * (WIDTH + GAP), TOP + row * (HEIGHT + GAP)
            pieces += _panel(x, y, points[shape, camouflage])
            if row == 0:
                pieces.append(
                    f'<text x="{x + WIDTH / 2}" y="{y - 8}" text-anchor="middle">{camouflage}</text>'
                )
            if row == len(SHAPES) - 1:
                pieces += [
                    f'<text x="{x + _place(density) * WIDTH}" y="{y + HEIGHT + 16}" text-anchor="middle">'
                    f"{density:g}</text>"
                    for density in DENSITIES
                ]
        label = f"{shape[0]:,} × {shape[1]}"
        middle = TOP + row * (HEIGHT + GAP) + HEIGHT / 2
        pieces.append(
            f'<text transform="translate(18 {middle}) rotate(-90)" text-anchor="middle">{label}</text>'
        )
        for value in (0, 0.5, 1):
            y = TOP + row * (HEIGHT + GAP) + HEIGHT * (1 - value) + 4
            pieces.append(f'<text x="{LEFT - 8}" y="{y}" text-anchor="end">{value:g}</text>')
    pieces.append(
        f'<text x="{LEFT + 2 * WIDTH + 1.5 * GAP}" y="{height - 12}" text-anchor="middle">density of the '
        "planted block; F1 upwards, mean over graphs and seeds</text>"
    )
    return "\n".join([*pieces, "</svg>"]) + "\n"


def _points(cells):
    """Shape and camouflage to line to density to mean."""
    found = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for case in plain_cases():
        cell = cells.get(case)
        if cell is None:
            continue
        for name, *_ in LINES:
            if name in cell:
                found[(case.n_buyers, case.n_customers), case.camouflage][name][case.density].append(
                    cell[name]
                )
    return found


def _place(density):
    """Densities stand at even distances, the thinnest on the left."""
    return (sorted(DENSITIES).index(density) + 0.5) / len(DENSITIES)


def _panel(x, y, lines):
    pieces = [f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#bbb"/>']
    pieces.append(
        f'<line x1="{x}" x2="{x + WIDTH}" y1="{y + HEIGHT / 2}" y2="{y + HEIGHT / 2}" stroke="#eee"/>'
    )
    for name, _, colour, dash in LINES:
        spots = [
            (x + _place(density) * WIDTH, y + HEIGHT * (1 - float(np.mean(values))))
            for density, values in sorted(lines[name].items())
        ]
        if not spots:
            continue
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in spots)
        pieces.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" '
            f'stroke-dasharray="{dash}"/>'
        )
        pieces += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="2.6" fill="{colour}"/>' for a, b in spots]
    return pieces


def _legend():
    pieces = []
    for place, (_, label, colour, dash) in enumerate(LINES):
        x = LEFT + place * 200
        pieces.append(
            f'<line x1="{x}" x2="{x + 30}" y1="24" y2="24" stroke="{colour}" stroke-width="2" '
            f'stroke-dasharray="{dash}"/><text x="{x + 38}" y="28">{label}</text>'
        )
    return pieces
