"""The same creator with and without saying so: a thousand random creators, their posts in two worlds.

In one world nobody says anything, in the other each says of some posts that they are paid for, in a random
marker of the lexicon at a random end of the text, or by the platform's label. Nothing else differs. The stage
is run on both as it stands.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from graph.sponsorship.disclosure import GRADES
from pipelines.lexicons import disclosure_markers
from pipelines.promotional_text import examples

BRANDS = ("Lumo", "Kestrel", "Pinewood", "Tarn", "Osprey", "Halden")
SHARED = (
    "I was unsure, but {brand} changed my evenings: use my code HELLO20 for 20% off, only this week",
    "Everybody is switching to {brand} and so should you: https://shop.example/r?ref=all",
    "Mit dem Code HALLO15 spart ihr bei {brand} 15 %, nur diese Woche und nur für euch",
    "Con mi código HOLA10 ahorráis un 10 % en {brand}, corred que se acaba",
)
BESIDE = {"phrase_plus_brand": " @{brand}", "phrase_plus_number": " 4711"}


@dataclass(frozen=True)
class Twins:
    """Posts of the same creators, silent and open; rows of the input table `posts`."""

    silent: list[dict]
    open: list[dict]
    brands: list[dict]


def twins(pairs: int, seed: int) -> Twins:
    """`pairs` creators with 12 to 24 posts each."""
    draw = random.Random(seed)  # noqa: S311 - a benchmark's dice
    markers = [row for row in disclosure_markers() if GRADES[row["grade"]].post_class]
    written = {side: [row["text"] for row in examples() if row["is_promotional"] == side] for side in "01"}
    rivals = ("", *BRANDS[:-1])  # each competes with the one before
    brands = [
        {"brand": brand, "keywords": brand.lower(), "competitor_of": rival}
        for brand, rival in zip(BRANDS, rivals, strict=True)
    ]
    silent, said = [], []
    for creator in range(pairs):
        candour = draw.choice((0.2, 0.5, 1.0))
        for number in range(draw.randint(12, 24)):
            brand = draw.choice(BRANDS)
            kind = draw.random()
            if kind < 0.25:
                text = draw.choice(SHARED).format(brand=brand)
            elif kind < 0.6:
                text = draw.choice(written["1"]) + draw.choice(("", f" {brand}", f" @{brand.lower()}"))
            else:
                text = draw.choice(written["0"]) + draw.choice(("", "", f" {brand}"))
            row = {
                "post_id": f"{creator}-{number}",
                "author_id": f"c{creator}",
                "posted_at": f"2024-05-{draw.randint(1, 28):02}T{draw.randint(0, 23):02}:00:00",
                "text": text,
                "reply_to_post_id": draw.choice(("", "", "", "0-0")),
                "is_paid_label": False,
            }
            silent.append(row)
            said.append(row | (_candid(text, brand, markers, draw) if draw.random() < candour else {}))
    return Twins(silent, said, brands)


def _candid(text: str, brand: str, markers: list[dict], draw: random.Random) -> dict:
    if draw.random() < 0.2:
        return {"is_paid_label": True}
    row = draw.choice(markers)
    marker = row["marker"] + BESIDE.get(row["form"], "").format(brand=brand.lower())
    at_start = row["form"] == "word_at_start" or draw.random() < 0.5
    return {"text": f"{marker}: {text}" if at_start else f"{text}\n{marker}"}
