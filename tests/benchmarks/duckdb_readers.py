"""Which DuckDB reads a published file: `python -m tests.benchmarks.duckdb_readers HOME`.

Each version is installed into an environment of its own that is thrown away, attaches the file read-only,
counts every table, and runs the example of every macro. The suite holds the installed version alone.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

VERSIONS = ("1.4.4", "1.5.6", "2.0.1")

ASK = """
import sys, duckdb
connection = duckdb.connect()
connection.execute(f"ATTACH '{sys.argv[1]}' AS partners (READ_ONLY)")
connection.execute("USE partners")
tables = connection.execute(
    "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = 'partners'"
).fetchall()
rows = sum(connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for (table,) in tables)
examples = [example for _, _, example in connection.execute("FROM help()").fetchall()]
for example in examples:
    connection.execute(example).fetchall()
print(f"{len(tables)} tables, {rows:,} rows, {len(examples)} macros")
"""


def main():
    """Try every version, say what each could do, leave with 1 where one could not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, help="a home with a published file")
    parser.add_argument("--version", action="append", help="only this DuckDB; may be repeated")
    given = parser.parse_args()
    refused = 0
    for version in given.version or VERSIONS:
        said, code = read_with(version, given.home / "partners.duckdb")
        refused += code != 0
        print(f"DuckDB {version}: {said}", flush=True)
    sys.exit(bool(refused))


def read_with(version, published):
    """What one version says of the file, and its exit code."""
    with tempfile.TemporaryDirectory(prefix="vouch-duckdb-") as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        installed = subprocess.run(
            [python, "-m", "pip", "install", "-q", f"duckdb=={version}"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if installed.returncode:
            return f"cannot be installed: {installed.stderr.strip().splitlines()[-1]}", installed.returncode
        asked = subprocess.run(
            [python, "-c", ASK, str(published)], capture_output=True, text=True, check=False
        )
        said = (asked.stdout or asked.stderr).strip().splitlines()
        return (said[-1] if said else "nothing"), asked.returncode


if __name__ == "__main__":
    main()
