"""The careful reader: as csv.reader on files that are in order, and one row lost per fault on others."""

from __future__ import annotations

import csv
import io
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest import careful
from pipelines.ingest.reading import quoted

FIELDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters='\n",;'), max_size=6)
RECORDS = st.lists(st.tuples(FIELDS, FIELDS), max_size=8)


def taken(path, scratch, **options):
    repaired = careful.repair_csv(path, scratch, columns=2, delimiter=",", has_header=True, **options)
    lines = [json.loads(line) for line in repaired.taken.read_text().splitlines()]
    assert repaired.rows_taken == len(lines)
    return [(line["line"], tuple(line["fields"])) for line in lines], repaired.rows_refused


@settings(max_examples=60, deadline=None)
@given(records=RECORDS)
def test_files_in_order_are_read_as_csv_reader_reads_them(tmp_path_factory, records):
    folder = tmp_path_factory.mktemp("careful")
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([("a", "b"), *records])
    (folder / "x.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
    found, refused = taken(folder / "x.csv", folder / "scratch")
    assert refused == 0
    assert [fields for _, fields in found] == records
    line = 2
    for number, fields in found:
        assert number == line
        line += 1 + sum(field.count("\n") for field in fields)


def test_stray_quotes_in_bare_fields_are_text(tmp_path):
    (tmp_path / "x.csv").write_text('a,b\n5" disk,1\n7" disk,2\n')
    found, refused = taken(tmp_path / "x.csv", tmp_path / "scratch")
    assert found == [(2, ('5" disk', "1")), (3, ('7" disk', "2"))]
    assert refused == 0


def test_quotes_that_never_close_cost_one_line_even_at_the_end(tmp_path):
    (tmp_path / "x.csv").write_text('a,b\n"open,1\n2,3\n"open,4\n')
    found, refused = taken(tmp_path / "x.csv", tmp_path / "scratch")
    assert (found, refused) == ([(3, ("2", "3"))], 2)


def test_long_lines_in_every_encoding(tmp_path):
    text = "a,b\n" + "x" * 1_200_000 + ",1\n2,3\n"
    for encoding in ("utf-8", "utf-16", "latin-1"):
        path = tmp_path / f"{encoding}.csv"
        path.write_text(text, encoding=encoding)
        found, refused = taken(path, tmp_path / "scratch", encoding=encoding)
        assert (found, refused) == ([(3, ("2", "3"))], 1)


def test_identifiers_are_quoted():
    assert quoted('a"; DROP') == '"a""; DROP"'
