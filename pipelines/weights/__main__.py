"""`python -m pipelines.weights`: learn the table of weights anew and say how it does on worlds not used.

The table is written beside this module; the figures go to standard output.
"""

from __future__ import annotations

import csv
import logging
from dataclasses import asdict
from pathlib import Path

import click

from pipelines.weights import WEIGHTS_FILE
from pipelines.weights.learning import JUDGING, TEACHING, judged, learned_table, several_worlds


@click.command()
@click.option("--version", default="3", show_default=True, help="Name of the table.")
@click.option("--out", type=click.Path(path_type=Path), default=Path(__file__).with_name(WEIGHTS_FILE))
@click.option(
    "--keep", type=click.Path(path_type=Path), help="Folder of measured worlds, which are not made again."
)
def main(version: str, out: Path, keep: Path | None) -> None:
    """Learn the weights of evidence from planted worlds."""
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    how = f"planted in {len(TEACHING)} generated worlds, seeds {TEACHING[0][0]} to {TEACHING[-1][0]}"
    table = learned_table(several_worlds(TEACHING, keep), version, how)
    rows = table.to_rows()
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    for row in rows:
        click.echo(
            f"{row['signal']:24} {row['low_edge']:>8.3g} to {row['high_edge']:<8.3g} "
            f"weight {row['weight']:+.2f}  planted {row['n_planted']:>4}  genuine {row['n_genuine']:>6}"
        )
    found = judged(several_worlds(JUDGING, keep), table)
    click.echo(f"judged on {_named(JUDGING)}:")
    for name, value in asdict(found).items():
        click.echo(f"  {name}: {value:.4g}" if isinstance(value, float) else f"  {name}: {value}")


def _named(worlds: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(f"seed {seed} with {accounts:,} accounts" for seed, accounts in worlds)


if __name__ == "__main__":
    main()
