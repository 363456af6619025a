"""Typing single values: what is understood, what is refused, and by which rule."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.engine import connect
from pipelines.ingest.contract import RULES
from pipelines.statements import sql_text

BLANKS = " \t\n\v\f\r\u00a0\ufeff"


@pytest.fixture(scope="module")
def value():
    """What the macros say of one text."""
    connection = connect()
    connection.execute(sql_text("ingest/macros"))
    yield lambda expression, text: connection.execute(f"SELECT {expression}", {"t": text}).fetchall()[0][0]
    connection.close()


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from(BLANKS + "aé中\U0001f600\u200b.@\u3000"), max_size=8))
def test_texts_lose_the_blanks_at_their_ends_and_no_others(value, text):
    assert value("tidy($t)", text) == (text.strip(BLANKS) or None)


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(),
    st.sampled_from(["%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S.%f"]),
)
def test_a_time_without_a_zone_is_in_utc(value, moment, written):
    text = f"{moment.year:04}" + moment.strftime(written[2:])  # the years before 1000 have four digits too
    expected = moment.replace(microsecond=moment.microsecond if "%f" in written else 0)
    if "%H" not in written:
        expected = expected.replace(hour=0, minute=0, second=0)
    assert value("time_from_text($t)", text) == expected
    assert value("time_from_text($t)", text + "x") is None


def one_value(data, table, column, value, others):
    """A table of one row with that value."""
    row = {**others, column: value}
    with (data / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerow(row)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2021-06-01T08:53:22.000000000+00:00", "2021-06-01T08:53:22"),
        ("2021-06-01T08:53:22.123456789Z", "2021-06-01T08:53:22.123456"),
        ("2021-06-01T10:53:22+0200", "2021-06-01T08:53:22"),
        ("2021-06-01 08:53:22", "2021-06-01T08:53:22"),
        ("2021-06-01 08:53", "2021-06-01T08:53:00"),
        ("2021-06-01", "2021-06-01T00:00:00"),
        (" 2021-06-01 ", "2021-06-01T00:00:00"),
        ("2021-06-01 08:53:22 UTC", "2021-06-01T08:53:22"),
        ("Wed Oct 10 20:19:24 +0000 2018", "2018-10-10T20:19:24"),
        ("Wed, 10 Oct 2018 22:19:24 +0200", "2018-10-10T20:19:24"),
        ("Wed, 10 Oct 2018 20:19:24 GMT", "2018-10-10T20:19:24"),
    ],
)
def test_times_in_the_usual_formats(data, ingest, rows, written, moment):
    one_value(data, "posts", "posted_at", written, {"post_id": "p", "author_id": "a"})
    ingest()
    ((found,),) = rows("posts", "posted_at")
    assert found.isoformat() == moment


@pytest.mark.parametrize(
    ("written", "unit", "moment"),
    [
        ("1539202764", "s", "2018-10-10T20:19:24"),
        ("1539202764.5", "s", "2018-10-10T20:19:24.500000"),
        ("1539202764123", "ms", "2018-10-10T20:19:24.123000"),
        ("1539202764123456", "us", "2018-10-10T20:19:24.123456"),
        ("1539202764123456789", "ns", "2018-10-10T20:19:24.123457"),
    ],
)
def test_times_as_numbers(data, ingest, rows, written, unit, moment):
    one_value(data, "posts", "posted_at", written, {"post_id": "p", "author_id": "a"})
    (data / "dataset.toml").write_text(f'[posts]\nposted_at = {{ column = "posted_at", unit = "{unit}" }}\n')
    ingest()
    ((found,),) = rows("posts", "posted_at")
    assert found.isoformat() == moment


def test_times_in_a_format_of_their_own(data, ingest, rows, rejects):
    (data / "posts.csv").write_text("post_id,author_id,posted_at\nx,a,10.10.2018 20:19\ny,a,2018-10-10\n")
    (data / "dataset.toml").write_text(
        '[posts]\nposted_at = { column = "posted_at", format = "%d.%m.%Y %H:%M" }\n'
    )
    ingest()
    assert rows("posts", "posted_at")[0][0].isoformat() == "2018-10-10T20:19:00"
    assert rejects()[0][1:] == (3, "posted_at", "2018-10-10", "time_not_understood")


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("yesterday", "time_not_understood"),
        ("2021-13-45", "time_not_understood"),
        ("06/01/2021", "time_not_understood"),
        ("infinity", "time_not_understood"),
        ("-2021-01-01", "time_not_understood"),
        ("1539202764", "time_needs_a_unit"),
        ("20181010", "time_needs_a_unit"),
        ("1970-01-01", "time_before_1990"),
        ("2024-06-03", "time_in_the_future"),
    ],
)
def test_times_that_are_refused_leave_the_row(data, ingest, rows, rejects, written, rule):
    one_value(data, "posts", "posted_at", written, {"post_id": "p", "author_id": "a"})
    report = ingest()
    assert rows("posts", "post_id", "posted_at") == [("p", None)]
    assert rejects() == [("posts.csv", 2, "posted_at", written, rule)]
    assert (report.table("posts").values_refused, report.table("posts").rows_rejected) == (1, 0)


def test_a_required_time_that_is_refused_rejects_the_row(data, ingest, rows, rejects):
    one_value(data, "snapshots", "observed_at", "soon", {"account_id": "a"})
    report = ingest()
    assert rows("snapshots") == []
    assert rejects()[0][4] == "time_not_understood"
    assert (report.table("snapshots").values_refused, report.table("snapshots").rows_rejected) == (0, 1)


@pytest.mark.parametrize(("written", "count"), [("0", 0), ("+5", 5), ("007", 7), ("12.0", 12), (" 3 ", 3)])
def test_counts(data, ingest, rows, written, count):
    one_value(data, "accounts", "followers_count", written, {"account_id": "a"})
    ingest()
    assert rows("accounts", "followers_count") == [(count,)]


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("-1", "count_negative"),
        ("1.5", "count_not_whole"),
        ("1e3", "count_in_scientific_notation"),
        ("1,234", "count_has_separator"),
        ("1'234", "count_has_separator"),
        ("1.234", "count_has_separator"),
        ("12.000", "count_has_separator"),  # twelve thousand where a point groups, and not twelve
        ("1.2K", "count_not_a_number"),
        ("nan", "count_not_a_number"),
        ("many", "count_not_a_number"),
        ("9" * 19, "count_too_large"),
    ],
)
def test_counts_that_are_refused(data, ingest, rows, rejects, written, rule):
    one_value(data, "accounts", "followers_count", written, {"account_id": "a"})
    ingest()
    assert rows("accounts", "followers_count") == [(None,)]
    assert rejects() == [("accounts.csv", 2, "followers_count", written, rule)]


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("NaN", "number_not_finite"),
        ("inf", "number_not_finite"),
        ("-Infinity", "number_not_finite"),
        ("-2.5", "number_negative"),
        ("2,50", "number_not_understood"),
        ("free", "number_not_understood"),
        ("1.200", "number_is_ambiguous"),
    ],
)
def test_numbers_that_are_refused(data, ingest, rejects, written, rule):
    one_value(data, "rates", "price", written, {"account_id": "a"})
    report = ingest()
    assert rejects()[0][2:] == ("price", written, rule)
    assert report.table("rates").rows_rejected == 1


@pytest.mark.parametrize(
    ("decimal", "written", "price"),
    [
        (",", "1.200", 1200.0),
        (",", "1.200,50 €", 1200.5),
        (",", "€ 2,5", 2.5),
        (",", "EUR 99", 99.0),
        (",", "12 345 678,9", 12345678.9),
        (".", "1.200", 1.2),
        (".", "$1,200.50", 1200.5),
        (".", "1'200 CHF", 1200.0),
    ],
)
def test_the_mapping_says_what_a_mark_in_a_number_means(data, ingest, rows, decimal, written, price):
    one_value(data, "rates", "price", written, {"account_id": "a"})
    (data / "dataset.toml").write_text(f'[rates]\nprice = {{ column = "price", decimal = "{decimal}" }}\n')
    ingest()
    assert rows("rates", "price") == [(price,)]


@pytest.mark.parametrize("written", ["1,200.50", "12.34.56", "1.2K", "1,2,3", "€"])
def test_what_is_no_number_with_a_comma_is_refused(data, ingest, rejects, written):
    one_value(data, "rates", "price", written, {"account_id": "a"})
    (data / "dataset.toml").write_text('[rates]\nprice = { column = "price", decimal = "," }\n')
    ingest()
    assert rejects()[0][2:] == ("price", written, "number_not_understood")


def test_a_count_whose_thousands_are_grouped(data, ingest, rows):
    one_value(data, "accounts", "followers_count", "12.000", {"account_id": "a"})
    mapping = '[accounts]\nfollowers_count = { column = "followers_count", decimal = "," }\n'
    (data / "dataset.toml").write_text(mapping)
    ingest()
    assert rows("accounts", "followers_count") == [(12000,)]


def test_weights_of_three_digits_and_prices_that_a_file_holds_as_numbers_are_plain(data, ingest, rows):
    one_value(data, "audience_members", "weight", "1.234", {"audience": "fans", "account_id": "a"})
    (data / "rates.jsonl").write_text('{"account_id": "a", "price": 1.234}\n')
    ingest()
    assert rows("audience_members", "weight") == rows("rates", "price") == [(1.234,)]


@pytest.mark.parametrize(
    ("written", "flag"),
    [("true", True), ("T", True), ("Yes", True), ("1", True), ("FALSE", False), ("n", False), ("off", False)],
)
def test_flags(data, ingest, rows, written, flag):
    one_value(data, "accounts", "has_avatar", written, {"account_id": "a"})
    ingest()
    assert rows("accounts", "has_avatar") == [(flag,)]


def test_words_that_are_no_flag_kind_or_label(data, ingest, rejects):
    one_value(data, "accounts", "is_private", "maybe", {"account_id": "a"})
    one_value(data, "interactions", "kind", "poke", {"actor_id": "a", "target_id": "b"})
    one_value(data, "labels", "label", "bot", {"account_id": "a"})
    ingest()
    assert [rule for *_, rule in rejects()] == ["flag_not_understood", "kind_not_known", "label_not_known"]


@pytest.mark.parametrize(
    "identifier", ["a,b", 'say "x"', "🧡", "\u200f\u0645\u0631", "O'Neil", "1.0", "-5", "[deleted]"]
)
def test_ids_are_text(data, ingest, rows, identifier):
    one_value(data, "accounts", "account_id", identifier, {"handle": "@Eve "})
    ingest()
    assert rows("accounts", "account_id", "handle") == [(identifier, "Eve")]


@pytest.mark.parametrize("identifier", ["", "  ", "\t", "\u00a0"])
def test_a_blank_id_is_a_missing_one(data, ingest, rejects, identifier):
    one_value(data, "accounts", "account_id", identifier, {"handle": "x"})
    ingest()
    assert rejects()[0][4] == "required_value_missing"


def test_a_row_with_several_faults_is_one_rejected_row(data, ingest, rejects):
    (data / "interactions.csv").write_text("actor_id,target_id,kind,occurred_at\n,,poke,never\n")
    report = ingest()
    assert len(rejects()) == 4
    assert report.table("interactions").rows_rejected == 1
    assert all(rule in RULES for *_, rule in rejects())


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("@Eve ", "Eve"),
        ("@eve@example.social", "eve@example.social"),
        ("https://twitter.com/Eve", "Eve"),
        ("http://www.instagram.com/eve.b/?hl=de", "eve.b"),
        ("tiktok.com/@eve_b", "eve_b"),
        ("HTTPS://X.com/@eve#top", "eve"),
        # not the address of one profile, so as it is written
        ("https://www.linkedin.com/in/eve", "https://www.linkedin.com/in/eve"),
        ("a/b", "a/b"),
        ("https://example.org/", "https://example.org/"),
    ],
)
def test_a_handle_is_the_name_at_the_end_of_its_address(value, written, name):
    assert value("handle_value(tidy($t))", written) == name
    assert value("handle_key(tidy($t))", written) == name.lower()
