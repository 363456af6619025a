"""Every format and packing gives the same rows; damaged files say so."""

from __future__ import annotations

import gzip
import json
import shutil

import duckdb
import pytest

from pipelines.ingest.errors import InputFaultsError

POSTS = [
    ("p1", "a", 'one, "quoted"\nand a second line', "7"),
    ("p,2", "b", "\u202eright to left\u200f and 🧡", "0"),
    ('p"3', "c", None, None),
]
NAMES = ("post_id", "author_id", "text", "likes_count")
EXPECTED = [(*row[:3], None if row[3] is None else int(row[3])) for row in POSTS]


def write_plain(path, file_format):
    records = [dict(zip(NAMES, row, strict=True)) for row in POSTS]
    relation = duckdb.sql("SELECT unnest($1, recursive := true)", params=[records])
    if file_format == "parquet":
        relation.write_parquet(str(path))
    elif file_format == "csv":
        relation.write_csv(str(path))
    else:
        lines = [
            json.dumps({name: value for name, value in zip(NAMES, row, strict=True) if value is not None})
            for row in relation.fetchall()
        ]
        path.write_text("".join(f"{line}\n" for line in lines))


def pack(path, packing):
    if packing == ".gz":
        with path.open("rb") as plain, gzip.open(f"{path}.gz", "wb") as packed:
            shutil.copyfileobj(plain, packed)
        path.unlink()
    elif packing == ".zst":
        separator = "\x01"
        columns = {"line": "VARCHAR"}
        lines = duckdb.read_csv(str(path), header=False, sep=separator, quotechar="", columns=columns)
        lines.write_csv(f"{path}.zst", header=False, sep=separator, quotechar="", compression="zstd")
        path.unlink()


@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
@pytest.mark.parametrize("ending", ["csv", "jsonl", "ndjson"])
def test_text_formats_and_packings_give_the_same_rows(data, ingest, rows, ending, packing):
    write_plain(data / f"posts.{ending}", "csv" if ending == "csv" else "jsonl")
    pack(data / f"posts.{ending}", packing)
    ingest()
    assert rows("posts", *NAMES) == EXPECTED


@pytest.mark.parametrize("packing", ["", ".gz"])
def test_parquet_gives_the_same_rows(data, ingest, rows, packing):
    write_plain(data / "posts.parquet", "parquet")
    pack(data / "posts.parquet", packing)
    ingest()
    assert rows("posts", *NAMES) == EXPECTED


@pytest.mark.parametrize("whole", ["TINYINT", "USMALLINT", "INTEGER", "BIGINT"])
def test_what_parquet_types_is_judged_as_its_text_would_be(data, ingest, rows, rejects, whole):
    """Values that are taken as the file has them, good ones and bad ones, and the same values as text."""
    path = data / "snapshots.parquet"
    names = ("account_id", "observed_at", "followers_count", "following_count")
    moments = ["2024-03-01 08:00:00", "2024-03-01", "2024-03-01 08:00:00.123456", "1989-12-31", "2999-01-01"]
    rows_of_all = duckdb.sql(
        "SELECT moment::TIMESTAMP AS observed_at, n"
        " FROM unnest($moments) AS a(moment), unnest($counts) AS b(n)",
        params={
            "moments": [*moments, "infinity", "-infinity", None],
            "counts": [0, 7, -1, None, 10**18 - 1, 10**18],
        },
    )
    typed = rows_of_all.project(
        "'a' || row_number() OVER () AS account_id, observed_at,"
        f" TRY_CAST(n AS {whole}) AS followers_count, n::DOUBLE AS following_count"
    )
    typed.write_parquet(str(path))
    ingest()
    found = rows("snapshots", *names), rejects()
    assert {rule for *_, rule in found[1]} >= {"count_negative", "time_in_the_future", "time_before_1990"}
    as_text = [f"{name}::VARCHAR AS {name}" for name in names[:3]]
    duckdb.read_parquet(str(path)).project(", ".join([*as_text, names[3]])).write_parquet(f"{path}.text")
    path.with_suffix(".parquet.text").replace(path)
    ingest()
    assert (rows("snapshots", *names), rejects()) == found


def test_parquet_inside_zstd_is_refused_with_the_remedy(data, ingest):
    (data / "posts.parquet.zst").write_bytes(b"\x28\xb5\x2f\xfd")
    with pytest.raises(InputFaultsError, match=r"zstd -d posts\.parquet\.zst"):
        ingest()


def test_a_folder_of_files_of_several_formats_is_one_table(data, ingest, rows):
    (data / "posts").mkdir()
    (data / "posts" / "1.csv").write_text("post_id,author_id\nx,a\n")
    (data / "posts" / "2.jsonl").write_text('{"post_id": 12, "author_id": "b"}\n')
    report = ingest()
    assert rows("posts", "post_id") == [("x",), ("12",)]
    assert [file.name for file in report.table("posts").files] == ["posts/1.csv", "posts/2.jsonl"]


def test_byte_order_mark_and_windows_line_ends(data, ingest, rows, rejects):
    (data / "posts.csv").write_bytes(
        b'\xef\xbb\xbfpost_id,author_id,likes_count\r\nx,a,1\r\n"y",b,-2\r\nz,"c",3'
    )
    ingest()
    assert rows("posts", "post_id", "likes_count") == [("x", 1), ("y", None), ("z", 3)]
    assert rejects() == [("posts.csv", 3, "likes_count", "-2", "count_negative")]


def test_byte_order_mark_in_json_lines(data, ingest, rows):
    (data / "posts.jsonl").write_bytes(b'\xef\xbb\xbf{"post_id": "x", "author_id": "a"}\n')
    ingest()
    assert rows("posts", "post_id") == [("x",)]


def test_utf16_names_the_remedy_and_reads_when_told(data, ingest, rows):
    (data / "posts.csv").write_bytes("post_id,author_id\nä,a\n".encode("utf-16"))
    with pytest.raises(InputFaultsError, match="UTF-16"):
        ingest()
    (data / "dataset.toml").write_text('[posts]\nencoding = "utf-16"\n')
    ingest()
    assert rows("posts", "post_id") == [("ä",)]


def test_latin1_when_told(data, ingest, rows):
    (data / "posts.csv").write_bytes("post_id,author_id\nä,a\n".encode("latin-1"))
    (data / "dataset.toml").write_text('[posts]\nencoding = "latin-1"\n')
    ingest()
    assert rows("posts", "post_id") == [("ä",)]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_delimiter_is_read_off_the_header(data, ingest, rows, delimiter):
    (data / "posts.csv").write_text(f"post_id{delimiter}author_id\nx,1{delimiter}a\n")
    ingest()
    assert rows("posts", "post_id", "author_id") == [("x,1", "a")]


def test_old_macintosh_line_ends(data, ingest, rows):
    (data / "posts.csv").write_bytes(b"post_id,author_id\rx,a\ry,b\r")
    ingest()
    assert rows("posts", "post_id") == [("x",), ("y",)]


def test_blank_lines_are_no_rows_and_lines_are_counted_with_them(data, ingest, rejects):
    (data / "posts.csv").write_text("post_id,author_id\n\nx,a\n\n\n,b\n\n")
    report = ingest()
    assert report.table("posts").rows_in == 2
    assert rejects() == [("posts.csv", 6, "post_id", None, "required_value_missing")]


def test_lines_are_counted_through_quoted_line_breaks(data, ingest, rejects):
    (data / "posts.csv").write_text('post_id,author_id,text\nx,a,"1\n2\n3"\ny,b,4\n,c,5\n')
    ingest()
    assert rejects() == [("posts.csv", 6, "post_id", None, "required_value_missing")]


def test_records_that_are_not_in_order_cost_one_row_each(data, ingest, rows, rejects):
    (data / "posts.csv").write_bytes(
        b"post_id,author_id\nok1,a\nshort\nlong,b,c\n"
        b'bad,"open\nok2,c\nbad,"x"y\nbad,\xff\xfe\nbad,\x00\nok3,d\r\nok4,"e"\n'
    )
    report = ingest()
    assert [row[0] for row in rows("posts", "post_id")] == ["ok1", "ok2", "ok3", "ok4"]
    assert [(line, rule) for _, line, _, _, rule in rejects()] == [
        (3, "too_few_columns"),
        (4, "too_many_columns"),
        (5, "broken_quotes"),
        (7, "broken_quotes"),
        (8, "invalid_utf8"),
        (9, "nul_byte"),
    ]
    assert report.table("posts").rows_in == 10


LATIN1 = [
    ("accounts.csv", b"account_id,handle\na,a\nb,J\xfcrg\nc,c\n"),
    ("accounts.csv", b"account_id,handle\na,a\nb,\xc3\nc,c\n"),
    ("posts.csv", b"post_id,author_id,unused\nx,a,1\ny,a,\xe4\nz,c,3\n"),
    ("posts.csv", b'post_id,author_id,text\nx,a,"1"\ny,a,\xe4\nz,c,3\n'),
    ("follows.csv", b"follower_id,followee_id\na,b\nJ\xfcrg,b\nc,b\n"),
    ("follows.tsv", b"follower_id\tfollowee_id\na\tb\nc\t\xff\nc\tb\n"),
    ("posts.jsonl", b'{"post_id":1,"author_id":1}\n{"post_id":2,"author_id":"\xe4"}\n'),
]


@pytest.mark.parametrize(("name", "content"), LATIN1)
def test_one_byte_that_is_not_utf8_costs_its_row(data, ingest, rejects, name, content):
    if name.startswith("follows"):
        (data / "follows.csv").unlink()
    (data / name).write_bytes(content)
    found = ingest().table(name.split(".")[0])
    assert (found.rows_rejected, found.rows_kept) == (1, found.rows_in - 1)
    line = 2 if name.endswith("jsonl") else 3
    assert [(file, at, rule) for file, at, _, _, rule in rejects()] == [(name, line, "invalid_utf8")]


def test_a_character_across_two_pieces_of_a_file_is_whole(data, ingest, rows, monkeypatch):
    monkeypatch.setattr("pipelines.ingest.files.CHUNK_BYTES", 1)
    monkeypatch.setattr("pipelines.ingest.careful.repair_csv", None)  # the fast way is enough
    (data / "accounts.csv").write_text("account_id,handle\na,\u00e9\u4e16\U0001f600\nb,b", encoding="utf-8")
    ingest()
    assert rows("accounts", "handle") == [("\u00e9\u4e16\U0001f600",), ("b",)]


def test_a_file_cut_off_within_a_character_costs_its_last_row(data, ingest, rejects):
    (data / "accounts.csv").write_bytes("account_id,handle\na,a\nb,\u4e16".encode()[:-1])
    assert ingest().table("accounts").rows_kept == 1
    assert [(line, rule) for _, line, _, _, rule in rejects()] == [(3, "invalid_utf8")]


def test_json_lines_that_are_no_objects_are_rejected(data, ingest, rows, rejects):
    (data / "posts.jsonl").write_bytes(
        b'{"post_id": 1, "author_id": 12345678901234567890}\n\n[1]\nnope\n7\n'
        b'{"post_id": "x", "author_id": "\xff"}\n'
        b'{"post_id": 2.0, "author_id": 1e18, "text": {"a": [1]}, "likes_count": true}\n'
    )
    report = ingest()
    assert rows("posts", "post_id", "author_id", "text") == [
        ("1", "12345678901234567890", None),
        ("2", "1000000000000000000", '{"a":[1]}'),
    ]
    assert [(line, rule) for _, line, _, _, rule in rejects()] == [
        (3, "not_a_json_object"),
        (4, "not_a_json_object"),
        (5, "not_a_json_object"),
        (6, "invalid_utf8"),
        (7, "count_not_a_number"),
    ]
    assert report.table("posts").rows_in == 6


def test_a_nested_id_is_rejected(data, ingest, rejects):
    (data / "posts.jsonl").write_text('{"post_id": {"$oid": "x"}, "author_id": "a"}\n')
    ingest()
    assert rejects()[0][2:] == ("post_id", '{"$oid":"x"}', "id_is_nested")


def test_numbers_in_parquet_become_plain_text(data, ingest, rows):
    relation = duckdb.sql(
        "SELECT 1234567890123456789::BIGINT AS post_id, 12.0::DOUBLE AS author_id, [1, 2] AS text,"
        " TIMESTAMP '2024-01-02 03:04:05' AS posted_at, true AS is_paid_label"
    )
    relation.write_parquet(str(data / "posts.parquet"))
    ingest()
    ((post, author, text, posted_at, label),) = rows(
        "posts", "post_id", "author_id", "text", "posted_at", "is_paid_label"
    )
    assert (post, author, text, label) == ("1234567890123456789", "12", "[1,2]", True)
    assert posted_at.isoformat() == "2024-01-02T03:04:05"


def test_a_rounded_id_is_rejected(data, ingest, rejects):
    (data / "posts.csv").write_text("post_id,author_id\n1.23E+18,a\n")
    ingest()
    assert rejects()[0][4] == "id_in_scientific_notation"


def test_a_column_may_be_called_anything(data, ingest, rows):
    name = 'Robert"); DROP TABLE line;--'
    quoted = name.replace('"', '""')
    (data / "posts.csv").write_text(f'post_id,"{quoted}"\nx,a\n')
    (data / "dataset.toml").write_text(f"[posts]\nauthor_id = '{name}'\n")
    ingest()
    assert rows("posts", "author_id") == [("a",)]


@pytest.mark.parametrize("name", ["posts.csv.gz", "posts.csv.zst", "posts.parquet"])
def test_a_file_that_is_cut_off_is_a_fault(data, ingest, name):
    ending = name.split(".")[1]
    path = data / f"posts.{ending}"
    relation = duckdb.sql("SELECT hash(range)::VARCHAR AS post_id, 'a' AS author_id FROM range(50000)")
    relation.write_parquet(str(path)) if ending == "parquet" else relation.write_csv(str(path))
    pack(path, name.removeprefix(f"posts.{ending}"))
    whole = (data / name).read_bytes()
    (data / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputFaultsError, match="cut off"):
        ingest()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (bytes(range(256)) * 50, "binary data"),
        (b"PK\x03\x04rest", "Excel"),
        (b"PAR1rest", r"Name it \.parquet"),
        (b"\x1f\x8brest", r"\.csv\.gz"),
        (b"\xff\xfa\xfb\nx\n", "not UTF-8"),
        (b"post_id,post_id\n1,2\n", "twice"),
    ],
)
def test_what_is_no_csv_is_named(data, ingest, content, words):
    (data / "posts.csv").write_bytes(content)
    with pytest.raises(InputFaultsError, match=words):
        ingest()


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_line_of_fifty_megabytes_is_one_reject(data, ingest, rows, rejects, ending):
    with (data / f"posts.{ending}").open("wb") as file:
        header = b"post_id,author_id\nx,a\n"
        file.write(header if ending == "csv" else b'{"post_id": "x", "author_id": "a"}\n')
        for _ in range(50):
            file.write(b"z" * 1_000_000)
        file.write(b"\ny,b\n" if ending == "csv" else b'\n{"post_id": "y", "author_id": "b"}\n')
    ingest()
    assert [post for (post,) in rows("posts", "post_id")] == ["x", "y"]
    (reject,) = rejects()
    assert (reject[1], reject[4], len(reject[3])) == (3 if ending == "csv" else 2, "line_too_long", 200)


def test_a_first_line_of_fifty_megabytes_is_a_fault(data, ingest):
    (data / "posts.csv").write_bytes(b"z" * 50_000_000)
    with pytest.raises(InputFaultsError, match=r"posts\.csv"):
        ingest()


def test_json_that_is_not_one_object_per_line_is_a_fault(data, ingest):
    (data / "posts.jsonl").write_text('[\n{"post_id": 1,\n"author_id": 2}\n]\n')
    with pytest.raises(InputFaultsError, match="has no line that is a JSON object"):
        ingest()


def test_quotes_that_open_on_every_line_take_no_time(data, ingest, rejects):
    (data / "posts.csv").write_text("post_id,author_id\n" + '1,"x\n' * 20_001)
    ingest()
    assert len(rejects()) == 20_001
