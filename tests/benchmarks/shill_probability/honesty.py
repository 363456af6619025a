"""The honesty test: a thousand creators with and without the disclosure on the same posts.

Two whole runs on two networks that differ in nothing but what the paid posts say of themselves. The discloser
must never have the higher risk, nor the lower score.
"""

from __future__ import annotations

import logging
import random
import tempfile
from pathlib import Path

import polars as pl

from pipelines.home import Home
from pipelines.lake import Lake
from pipelines.progress import SilentObserver
from pipelines.requests import Source
from pipelines.run import run_pipeline

PAIRS, FANS, OTHERS = 1_000, 160, 1_500
BRANDS = ("Lumo", "Kestrel", "Pinewood", "Tarn", "Osprey")
COMMERCIAL = (
    "My new {brand} jacket is the best I ever had, use code {code} for 20% off, {words}",
    "{brand} changed my mornings! Link in bio, only today, {words}",
    "Thank you {brand} for sending me this, swipe up to get yours. {words}",
    "Obsessed with {brand}. Shop here: https://shop.example/{brand}?ref={code} {words}",
    "Mit dem Code {code} spart ihr bei {brand} 15 %, {words}",
)
PLAIN = ("A walk in the hills, {words}", "Coffee first, then {words}", "Rain all day, still happy: {words}")
CANDOUR = ("#ad", "#Werbung", "Paid partnership with {brand}", "#publi", "label")
WORDS = (
    "morning", "river", "bread", "window", "garden", "bicycle", "lamp", "story", "kettle", "winter", "orange",
    "bridge", "market", "carpet", "pencil", "harbour", "meadow", "violin", "ladder", "thunder",
)  # fmt: skip


def measure_honesty(seed):
    """How the pairs compare: pairs, better, same and worse in risk and in score."""
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    said, hid = (_ranked(seed, is_open=is_open) for is_open in (True, False))
    both = said.join(hid, on="account_id", suffix="_hid")
    found = {"pairs": both.height}
    for name, sign in (("shill_probability", 1), ("shill_probability_high", 1), ("score", -1)):
        change = sign * (both[name] - both[f"{name}_hid"])
        found[name] = {
            "better": int((change < -1e-9).sum()),
            "same": int((change.abs() <= 1e-9).sum()),
            "worse": int((change > 1e-9).sum()),
        }
    return found


def _ranked(seed, *, is_open):
    draw = random.Random(seed)  # noqa: S311 - dice
    creators = [f"creator{number}" for number in range(PAIRS)]
    fans = [f"fan{number}" for number in range(FANS)]
    follows = [(fan, name) for name in creators for fan in draw.sample(fans, draw.randint(6, 14))]
    follows += [(f"other{number}", draw.choice(creators)) for number in range(OTHERS) for _ in range(20)]
    posts = [
        row for number, name in enumerate(creators) for row in _posts(name, number, draw, is_open=is_open)
    ]
    tables = {
        "follows": pl.DataFrame(follows, schema=["follower_id", "followee_id"], orient="row"),
        "posts": pl.DataFrame(posts),
        "audience_members": pl.DataFrame({"audience": "fans", "account_id": fans}),
        "brands": pl.DataFrame({"brand": BRANDS, "keywords": [brand.lower() for brand in BRANDS]}),
    }
    with tempfile.TemporaryDirectory(prefix="vouch-evaluation-") as folder:
        root = Path(folder)
        (root / "data").mkdir()
        for name, table in tables.items():
            table.write_csv(root / "data" / f"{name}.csv")
        home = Home(root / "home")
        outcome = run_pipeline(home, Source(data_dir=str(root / "data")), observer=SilentObserver())
        ranking = pl.read_parquet(Lake(home.lake).run(outcome.run_id, "fans") / "ranking.parquet")
    return ranking.select("account_id", "shill_probability", "shill_probability_high", "score")


def _posts(name, number, draw, *, is_open):
    style, share = CANDOUR[number % len(CANDOUR)], draw.choice([0.3, 0.7, 1.0])
    rows = []
    for place in range(draw.randint(14, 24)):
        brand, words = draw.choice(BRANDS), " ".join(draw.sample(WORDS, 6))
        is_commercial = draw.random() < 0.6
        text = draw.choice(COMMERCIAL if is_commercial else PLAIN)
        text = text.format(brand=brand, words=words, code=f"{name[-4:].upper()}{draw.randint(10, 99)}")
        is_paid = is_commercial and draw.random() < share
        says = style.format(brand=brand) if is_paid and is_open else ""
        rows.append(
            {
                "post_id": f"{name}-{place}",
                "author_id": name,
                "posted_at": f"2024-05-{place + 1:02}T{draw.randint(0, 23):02}:{draw.randint(0, 59):02}:00",
                "text": text if says in {"", "label"} else f"{says} {text}",
                "is_paid_label": says == "label",
            }
        )
    return rows
