"""Word lists that travel with the project, and the readers that hand them over as plain rows.

`disclosure_markers.csv` holds 183 graded markers of paid, gifted and own-brand posts in nine languages,
one row per language and marker: `lang`, `marker`, `form` (how it must stand in the text), `grade` (how
clear it is), `jurisdiction`, and `source` (who says so). `(memory)` in `source` marks entries without a
written source yet.

What the forms and grades mean to a post is mathematics on text and lives in `graph.sponsorship.disclosure`.

`calls_to_share.csv` holds phrases by which a post asks to be passed on, to tag somebody or to be quoted, in
the same nine languages: `lang`, `phrase`, `grade` (see `graph.trust.calls_to_share`). Written for this
project from everyday use, without a source; no labelled set stands behind it.

`calls_to_follow.csv` holds phrases by which a post sends its readers to follow somebody (starter packs,
lists, contests), in the same shape and languages, from everyday use as well.

`tone_words.csv` holds plain words and emoji (`lang` *) of liking and dislike, and negations, in the same nine
languages: `lang`, `word`, `tone`. Words that mean something else in another of them were left out.

What a message's tone is lives in `graph.text.tone`.
"""

from __future__ import annotations

import csv
from importlib.resources import files


def disclosure_markers() -> list[dict[str, str]]:
    """The disclosure markers in the file's order, for `graph.sponsorship.disclosure.compile_lexicon`."""
    return _rows("disclosure_markers.csv")


def calls_to_share() -> list[dict[str, str]]:
    """The calls to share in the order of the file, ready for `graph.trust.calls_to_share.compile_calls`."""
    return _rows("calls_to_share.csv")


def calls_to_follow() -> list[dict[str, str]]:
    """The calls to follow in the order of the file, ready for `graph.trust.calls_to_share.compile_calls`."""
    return _rows("calls_to_follow.csv")


def tone_words() -> list[dict[str, str]]:
    """The words of tone in the order of the file, ready for `graph.text.tone.compile_tone`."""
    return _rows("tone_words.csv")


def _rows(name: str) -> list[dict[str, str]]:
    text = files("pipelines.lexicons").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
