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
from pipelines.weights.learning import judged, learned_table, several_worlds

TEACHING_SEEDS = (11, 12, 13, 14)
JUDGING_SEEDS = (101, 102)


@click.command()
@click.option("--version", default="1", show_default=True, help="Name of the table.")
@click.option("--accounts", default=6000, show_default=True, help="Accounts of each generated world.")
@click.option("--out", type=click.Path(path_type=Path), default=Path(__file__).with_name(WEIGHTS_FILE))
def main(version: str, accounts: int, out: Path) -> None:
    """Learn the weights of evidence from planted worlds."""
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    seeds = ", ".join(str(seed) for seed in TEACHING_SEEDS)
    how = f"planted shills in generated worlds of {accounts} accounts, seeds {seeds}"
    table = learned_table(several_worlds(TEACHING_SEEDS, accounts), version, how)
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
    found = judged(several_worlds(JUDGING_SEEDS, accounts), table)
    click.echo(f"judged on seeds {', '.join(str(seed) for seed in JUDGING_SEEDS)}:")
    for name, value in asdict(found).items():
        click.echo(f"  {name}: {value:.4g}" if isinstance(value, float) else f"  {name}: {value}")


if __name__ == "__main__":
    main()
