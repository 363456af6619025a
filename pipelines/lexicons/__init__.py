"""Word lists that travel with the project, and the readers that hand them over as plain rows.

`disclosure_markers.csv` holds 181 graded markers of paid, gifted and own-brand posts in nine languages,
one row per language and marker: `lang`, `marker`, `form` (how it must stand in the text), `grade` (how
clear it is), `jurisdiction`, and `source` (who says so). `(memory)` in `source` marks entries without a
written source yet.

What the forms and grades mean to a post is mathematics on text and lives in `graph.disclosure`.
"""

from __future__ import annotations

import csv
from importlib.resources import files


def disclosure_markers() -> list[dict[str, str]]:
    """The disclosure markers in the order of the file, ready for `graph.disclosure.compile_lexicon`."""
    text = files("pipelines.lexicons").joinpath("disclosure_markers.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
