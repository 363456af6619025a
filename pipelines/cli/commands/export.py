"""`vouch export`: the results as a file, in the format that its name asks for."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.output import csv_text, json_text
from pipelines.cli.reading import Published, Results, chosen_columns, published
from pipelines.cli.session import Session, pass_session, shared_options
from pipelines.errors import VouchError
from pipelines.writing import written_aside

ENDINGS = (".xlsx", ".csv", ".json", ".jsonl", ".parquet")

# Files of a folder, and the statement behind each.
_FOLDER = {
    "ranked_partners.csv": ("export_ranking", {}),
    "portfolio.csv": ("export_portfolio", {}),
    "evidence.csv": ("export_evidence", {"ranks": None}),
    "audience_overlap.csv": ("export_overlap", {"ranks": None}),
    "rank_changes.csv": ("export_changes", {"ranks": None}),
    "communities.csv": ("export_communities", {}),
    "advocates.csv": ("export_advocates", {}),
}


class ExportError(VouchError):
    """The export cannot be written in this form."""


@click.command("export", short_help="Write the results as a workbook, CSV, JSON or Parquet.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=f"The file; its ending says the format: {', '.join(ENDINGS)}. A folder gets a CSV per table.",
)
@click.option("--audience", metavar="NAME", help="Only this audience.  [default: all]")
@click.option("--columns", metavar="A,B,…", help="Only these columns of the ranked list.  [default: all]")
@shared_options
@pass_session
def command(session: Session, *, output: Path, audience: str | None, columns: str | None) -> None:
    """Write the ranked list to FILE; as .xlsx a workbook.

    The workbook has sheets for portfolio, candidates, evidence, overlap and changes, and for the groups
    inside the audience and the advocates where there are any. CSV goes into Sheets, Parquet into code.

    The file is written aside and then renamed, so that no reader meets half of it.
    """
    kind = _kind(output)
    with published(session) as file:
        name = None if audience is None else str(file.audience(session, audience)["audience"])
        if kind in {".xlsx", "folder"} and columns is not None:
            raise click.UsageError("--columns goes with a single list: .csv, .json, .jsonl or .parquet.")
        if kind == ".xlsx":
            _write_workbook(file, name, output)
        elif kind == "folder":
            for file_name, (statement, parameters) in _FOLDER.items():
                _write_text(file.read(statement, audience=name, **parameters), output / file_name, ".csv")
        elif kind == ".parquet":
            _write_parquet(file, name, columns, output)
        else:
            found = file.read("export_ranking", audience=name)
            names = chosen_columns(columns, found.names)
            _write_text(Results(found.rows, names), output, kind)
            if not found.rows:
                session.say("The ranking is empty; the file holds no rows.")
    session.say(f"Wrote {output}")


def _kind(output: Path) -> str:
    ending = output.suffix.lower()
    if output.is_dir() or not ending:
        return "folder"
    if ending not in ENDINGS:
        raise ExportError(
            f"There is no export as {ending}.",
            remedy=f"End the name in one of {', '.join(ENDINGS)}, or name a folder.",
        )
    return ending


def _write_workbook(file: Published, audience: str | None, output: Path) -> None:
    # polars and xlsxwriter cost more than everything else here together
    from pipelines.cli.workbook import workbook_bytes  # noqa: PLC0415 - see above

    content = workbook_bytes(file, audience)
    with written_aside(output) as partial:
        partial.write_bytes(content)


def _write_text(found: Results, output: Path, kind: str) -> None:
    if kind == ".csv":
        text = csv_text(found.rows, found.names)
    else:
        rows = [{name: row[name] for name in found.names} for row in found.rows]
        text = (
            json_text(rows, indent=2) + "\n"
            if kind == ".json"
            else "".join(f"{json_text(row)}\n" for row in rows)
        )
    with written_aside(output) as partial:
        partial.write_text(text, encoding="utf-8", newline="")


def _write_parquet(file: Published, audience: str | None, columns: str | None, output: Path) -> None:
    relation = file.relation("export_ranking", audience=audience)
    names = chosen_columns(columns, relation.columns)
    with written_aside(output) as partial:
        relation.select(*names).write_parquet(str(partial), compression="zstd")
