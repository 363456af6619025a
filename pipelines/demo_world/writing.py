"""A demo world on disk: its tables, a dataset.toml, the truth beside them, and a page that says what it is.

Files are written in a fixed order with fixed settings, so that the same world gives the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import polars as pl

from pipelines.demo_world.population import DemoWorldError
from pipelines.writing import written_where_new

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.demo_world.world import World

FileFormat = Literal["parquet", "csv", "jsonl"]
FORMATS: tuple[str, ...] = get_args(FileFormat)
_MOMENT = "%Y-%m-%dT%H:%M:%S"


def write_world(world: World, folder: Path, *, file_format: str = "parquet") -> Path:
    """Write a world as a data folder that `vouch run --data` reads.

    Args:
        world: What to write.
        folder: Made if absent; files of the same names are replaced, but for those that hold the same: a
            run on the same world again finds that nothing has changed.
        file_format: "parquet", "csv" or "jsonl".

    Returns:
        The folder.

    Raises:
        DemoWorldError: When the format is none of the three, or the folder cannot be written.
    """
    if file_format not in FORMATS:
        raise DemoWorldError(
            f"There is no format {file_format!r}.", remedy=f"Use one of {', '.join(FORMATS)}."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in world.tables.items():
            _remove_other_formats(folder, name, file_format)
            with written_where_new(folder / f"{name}.{file_format}") as path:
                _write_table(table, path, file_format)
        with written_where_new(folder / "truth.parquet") as path:
            world.truth.write_parquet(path, statistics=False)
        for name, text in (("dataset.toml", _dataset_toml(world)), ("README.txt", _readme(world))):
            with written_where_new(folder / name) as path:
                path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise DemoWorldError(
            f"The demo world could not be written to {folder}: {error.strerror or error}.",
            remedy="Choose a folder that you may write to, with room for it.",
        ) from error
    return folder


def _write_table(table: pl.DataFrame, path: Path, file_format: str) -> None:
    moments = [name for name, kind in table.schema.items() if kind == pl.Datetime("us")]
    if file_format == "parquet":
        table.write_parquet(path)
    elif file_format == "csv":
        table.write_csv(path, datetime_format=_MOMENT)
    else:
        table.with_columns(pl.col(moments).dt.strftime(_MOMENT)).write_ndjson(path)


def _remove_other_formats(folder: Path, name: str, kept: str) -> None:
    """Two files for one table would be read as one table with every row twice."""
    for other in FORMATS:
        if other != kept:
            (folder / f"{name}.{other}").unlink(missing_ok=True)


def _dataset_toml(world: World) -> str:
    return (
        f"# A generated demo world (seed {world.seed}, {world.n_accounts} accounts); nobody in it exists.\n"
        "# Files and columns have the names that Vouch expects, so nothing needs to be mapped.\n"
        'network = "demo"\n'
        "generated = true\n"
    )


def _readme(world: World) -> str:
    rows = "".join(f"  {name:<18}{table.height:>12,} rows\n" for name, table in world.tables.items())
    return (
        "EVERYTHING IN THIS FOLDER IS GENERATED.\n\n"
        "No account, brand, post or number here is real, and any likeness is chance. It is the demo world\n"
        "of Vouch, made to try the program out and to test it where the truth is known.\n\n"
        f"seed      {world.seed}\n"
        f"accounts  {world.n_accounts:,}\n"
        f"until     {world.until.isoformat()}\n\n"
        f"{rows}\n"
        "truth.parquet says what part each account plays (role, shill_kind, is_fake_follower, …). Vouch\n"
        "never reads it. Some texts are hostile on purpose: markup, formulas, control characters.\n\n"
        "The same seed and size give the same files, byte for byte, under the same numpy and polars.\n"
    )
