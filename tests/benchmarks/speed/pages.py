"""What was measured, kept as docs/benchmarks/NAME.json, and docs/BENCHMARKS.md written from all of it."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from datetime import UTC, datetime

from tests.benchmarks.evaluation.parts import Bar, bars_table
from tests.benchmarks.speed.measuring import machine

FRONT = """# What Vouch costs, measured

Written whole by `make benchmark`: do not edit. A bar that is missed says so. Every figure of a table comes
from one run in which all contenders took turns, each in a process of its own; CPU seconds are the median of
the rounds, over all threads, without importing libraries and compiling; memory is the highest resident
figure. The graphs are generated (R-MAT, a few accounts with very many followers) and the same for every
contender.
"""
_WIDTH, _HEIGHT, _LEFT, _TOP = 640, 380, 70, 24
_COLOURS = ("#0b6e4f", "#c2541b", "#3b5bdb", "#a61e4d", "#7048e8", "#5c940d", "#1098ad", "#495057")


def keep_part(name, part, options, docs):
    """Keep a part under its number of follows, beside what was measured at other sizes."""
    folder = docs / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.json"
    kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"sizes": {}}
    kept |= {"title": part.title, "about": part.about.strip()}
    kept["sizes"][str(options.edges)] = {
        "measured": f"`make benchmark PART={name} EDGES={options.edges}`, {datetime.now(UTC):%Y-%m-%d}, "
        f"{options.rounds} rounds, seed {options.seed}",
        "machine": machine(),
        "body": part.body.strip(),
        "bars": [asdict(bar) for bar in part.bars],
        "stages": dict(part.stages),
    }
    file.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file


def write_page(names, docs):
    """Write docs/BENCHMARKS.md and its pictures of growth; parts never measured are left out."""
    pieces, stages = [FRONT.strip()], {}
    for name in names:
        file = docs / "benchmarks" / f"{name}.json"
        if not file.exists():
            continue
        kept = json.loads(file.read_text(encoding="utf-8"))
        pieces += [f"## {kept['title']}", kept["about"]]
        for edges in sorted(kept["sizes"], key=int):
            size = kept["sizes"][edges]
            pieces.append(f"### {kept['title']}: {int(edges):,} follows")
            pieces.append(f"- Measured by: {size['measured']}\n- Machine: {size['machine']}")
            if size["bars"]:
                pieces.append(bars_table([Bar(**bar) for bar in size["bars"]]))
            pieces.append(size["body"])
            for stage, seconds in size["stages"].items():
                of_part = stages.setdefault(name, {})
                of_part.setdefault(f"{kept['title']}: {stage}", {})[int(edges)] = seconds
    pieces += _growth(stages, docs)
    page = docs / "BENCHMARKS.md"
    page.write_text("\n\n".join(pieces) + "\n", encoding="utf-8")
    return page


FLOOR = "random gather"
"""Stage of a part that is no work of ours but what this machine takes for the least of it."""


def exponent(points):
    """Slope of log CPU seconds on log follows: 1 is a straight line through the origin."""
    xs = [math.log(edges) for edges in points]
    ys = [math.log(max(seconds, 1e-9)) for seconds in points.values()]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def _growth(stages, docs):
    """The section on growth: a picture per part, a line per stage that was measured at two sizes or more."""
    bars, floors, pictures = [], [], []
    for name, of_part in stages.items():
        lines = {stage: dict(sorted(points.items())) for stage, points in of_part.items() if len(points) > 1}
        if not lines:
            continue
        picture = docs / "benchmarks" / f"growth-{name}.svg"
        picture.write_text(growth_picture(lines), encoding="utf-8")
        pictures.append(f"![CPU seconds over follows, {name}](benchmarks/{picture.name})")
        bars += _growth_bars({stage: points for stage, points in lines.items() if FLOOR not in stage})
        floors += [
            f"*{stage}* grows with an exponent of {exponent(points):.2f} by itself: what has left the caches "
            "waits for memory."
            for stage, points in lines.items()
            if FLOOR in stage
        ]
    if not bars:
        return []
    about = (
        "CPU seconds of each stage over the follows of the graph, both axes logarithmic; the exponent is the "
        "slope of the line that fits best, 1 where twice the follows cost twice the time."
    )
    return ["## Growth", about, bars_table(bars), *floors, *pictures]


def _growth_bars(lines):
    bars = []
    for stage, points in lines.items():
        slope = exponent(points)
        sizes = f"{min(points):,} to {max(points):,} follows"
        bars.append(Bar(f"{stage}, {sizes}", "exponent ≤ 1.1", f"{slope:.2f}", slope <= 1.1))
    return bars


def growth_picture(lines):
    """Stage to follows to CPU seconds, as a log-log picture in SVG."""
    low_x, high_x = _decades(edges for points in lines.values() for edges in points)
    low_y, high_y = _decades(seconds for points in lines.values() for seconds in points.values())

    def place(edges, seconds):
        x = _LEFT + (math.log10(edges) - low_x) / (high_x - low_x) * _WIDTH
        y = _TOP + _HEIGHT - (math.log10(max(seconds, 10.0**low_y)) - low_y) / (high_y - low_y) * _HEIGHT
        return round(x, 1), round(y, 1)

    height = _TOP + _HEIGHT + 60 + 18 * len(lines)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + 30} {height}" '
        'font-family="sans-serif" font-size="12" fill="#222">'
    )
    pieces = [
        head,
        f'<rect width="{_LEFT + _WIDTH + 30}" height="{height}" fill="#fff"/>',
    ]
    for decade in range(low_x, high_x + 1):
        x, _ = place(10.0**decade, 10.0**low_y)
        pieces += [
            f'<line x1="{x}" x2="{x}" y1="{_TOP}" y2="{_TOP + _HEIGHT}" stroke="#e5e5e5"/>',
            f'<text x="{x}" y="{_TOP + _HEIGHT + 18}" text-anchor="middle">{10**decade:,}</text>',
        ]
    for decade in range(low_y, high_y + 1):
        _, y = place(10.0**low_x, 10.0**decade)
        pieces += [
            f'<line x1="{_LEFT}" x2="{_LEFT + _WIDTH}" y1="{y}" y2="{y}" stroke="#e5e5e5"/>',
            f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{10.0**decade:g}</text>',
        ]
    pieces.append(
        f'<text x="{_LEFT + _WIDTH / 2}" y="{_TOP + _HEIGHT + 38}" text-anchor="middle">follows; CPU seconds '
        "upwards</text>"
    )
    for number, (stage, points) in enumerate(lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        spots = [place(edges, seconds) for edges, seconds in points.items()]
        path = " ".join(f"{x},{y}" for x, y in spots)
        y = _TOP + _HEIGHT + 58 + 18 * number
        pieces += [
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
            *(f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in spots),
            f'<line x1="{_LEFT}" x2="{_LEFT + 24}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2"/>',
            f'<text x="{_LEFT + 32}" y="{y + 4}">{stage}, exponent {exponent(points):.2f}</text>',
        ]
    return "\n".join([*pieces, "</svg>"]) + "\n"


def _decades(values):
    logs = [math.log10(max(value, 1e-9)) for value in values]
    low, high = math.floor(min(logs)), math.ceil(max(logs))
    return low, max(high, low + 1)
