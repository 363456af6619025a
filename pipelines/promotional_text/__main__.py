"""`python -m pipelines.promotional_text`: train the model of promotional text anew, and write its card.

Needs scikit-learn, which is a tool of development and not needed to run Vouch.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import numpy as np
import polars as pl

from graph.sponsorship.promotional_text import BUCKETS, RUNS
from pipelines.promotional_text import CARD_FILE, MODEL_FILE, examples
from pipelines.promotional_text.training import PENALTY, judged, out_of_fold, same_words, trained

EXAMPLE_WEIGHT = 3.0
"""What a written example counts beside a labelled post: they are few, and alone in most languages."""
COLUMNS = {"text": pl.String, "label": pl.Int64}
CANNOT_SEE = (
    "whether a text was paid for: only whether it reads like texts that promote",
    "irony, pictures, and what a link leads to",
    "languages beyond the nine of the examples, which it reads by digits, links and punctuation alone",
)


@click.command()
@click.option(
    "--labelled",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV or Parquet file of labelled posts; may be repeated.",
)
@click.option("--text", default="text", show_default=True, help="Column of the text.")
@click.option("--label", default="is_promotional", show_default=True, help="Column of 1 and 0.")
@click.option("--source", default="own labelled posts", show_default=True, help="Who made them, licence.")
@click.option("--no-examples", is_flag=True, help="Leave the written examples out.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path(__file__).parent)
def main(
    labelled: tuple[Path, ...], text: str, label: str, source: str, *, no_examples: bool, out: Path
) -> None:
    """Train on labelled posts and the written examples; print how it does on folds that it has not seen."""
    given = pl.concat([pl.DataFrame(schema=COLUMNS), *(_read(path, text, label) for path in labelled)])
    shipped = [] if no_examples else examples()
    written = pl.DataFrame(
        {"text": [row["text"] for row in shipped], "label": [int(row["is_promotional"]) for row in shipped]},
        schema=COLUMNS,
    )
    texts = [*given["text"], *written["text"]]
    is_promotional = np.concatenate([part["label"].to_numpy() == 1 for part in (given, written)])
    weight = np.repeat([1.0, EXAMPLE_WEIGHT], [given.height, written.height])
    found = out_of_fold(texts, is_promotional, group=same_words(texts))
    model = trained(texts, is_promotional, weight)
    sources = {source: given, "examples.csv, written for this project": written}
    card = {
        "what": "P(promotional | text) by logistic regression on hashed runs of characters",
        "trained_on": [_counted(name, rows) for name, rows in sources.items() if rows.height],
        "runs_of_characters": list(RUNS),
        "buckets": BUCKETS,
        "inverse_penalty": PENALTY,
        "ten_folds_without_near_copies": {
            name: round(value, 4) for name, value in asdict(judged(found, is_promotional)).items()
        },
        "holds_no_text": "weights of hashed runs; mentions, addresses and digits are one sign each",
        "cannot_see": CANNOT_SEE,
        "scikit_learn": version("scikit-learn"),
        "intercept": model.intercept,
    }
    out.mkdir(parents=True, exist_ok=True)
    np.save(out / MODEL_FILE, model.weights.astype(np.float16))
    (out / CARD_FILE).write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    click.echo(json.dumps(card, ensure_ascii=False, indent=1))


def _read(path: Path, text: str, label: str) -> pl.DataFrame:
    rows = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path)
    chosen = rows.select(text=pl.col(text).cast(pl.String), label=pl.col(label).cast(pl.Int64))
    return chosen.drop_nulls()


def _counted(source: str, rows: pl.DataFrame) -> dict[str, Any]:
    return {"source": source, "posts": rows.height, "promotional": int((rows["label"] == 1).sum())}


if __name__ == "__main__":
    main()
