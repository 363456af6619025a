"""The page as a file: what is in it, what is not, and how it comes into place."""

from __future__ import annotations

import re
import time
from importlib.resources import files

import pytest
from click.testing import CliRunner

from pipelines import numbers
from pipelines.cli import vouch
from pipelines.published import PublishedFileMissingError, open_published
from pipelines.report import UnknownAudienceError, builder, libraries, write_report
from tests.pipelines.report.conftest import AUDIENCE, FULL, TRUST_PARTS, Page

EMPTY = """
INSERT INTO runs BY NAME
SELECT * REPLACE ('Nobody' AS audience, 12 AS audience_size, 0 AS candidates) FROM runs;
"""
THOUSANDS = """
INSERT INTO partner_rankings BY NAME
SELECT * EXCLUDE (n) REPLACE (
    n::INTEGER AS rank, n::INTEGER AS rank_low, n::INTEGER AS rank_high, 'x' || n AS account_id,
    'a_rather_long_handle_' || n AS handle, false AS is_pick, 'watch' AS status)
FROM partner_rankings, range(21, 5001) AS t(n) WHERE rank = 1;
INSERT INTO evidence BY NAME
SELECT r.run_id, r.audience, r.account_id, r.handle, 'signal_' || s AS signal, 'shill' AS side,
    'against' AS direction, 0.5 AS value, 0.1 AS typical_value, 0.7 AS weight,
    repeat('A sentence of evidence. ', 10) AS sentence, ['post1', 'post2', 'post3', 'post4'] AS example_ids
FROM partner_rankings AS r, range(10) AS t(s);
"""
FAR_PICK = """
ALTER TABLE portfolio ADD COLUMN budget DOUBLE;
INSERT INTO portfolio BY NAME
SELECT run_id, audience, 'budget' AS plan, 1 AS pick, account_id, handle, 5.0 AS adds, 0.1 AS adds_share,
    0.1 AS cumulative_share, 2500.0 AS budget
FROM partner_rankings WHERE rank = 4321;
"""
FILLED = """
CREATE TABLE communities AS SELECT 'r1' AS run_id, 'Runners' AS audience, 0 AS community, 30 AS members,
    20.5 AS members_cleaned, 'around @Voice1' AS name;
CREATE TABLE community_voices AS SELECT 'r1' AS run_id, 'Runners' AS audience, 0 AS community,
    'id1' AS account_id, 'Voice1' AS handle, 12 AS followers_in_community, 0.4 AS share, 2.5 AS lift,
    1 AS position;
CREATE TABLE audience_overlap AS SELECT 'r1' AS run_id, 'Runners' AS audience, 'id1' AS account_id_a,
    'id0' AS account_id_b, 7 AS shared_followers, 0.375 AS share_of_smaller;
CREATE TABLE rank_changes AS SELECT 'r1' AS run_id, 'r0' AS previous_run_id, 'Runners' AS audience,
    'id1' AS account_id, 'Voice1' AS handle, 'moved' AS change, 9 AS rank_before, 2 AS rank_after,
    0.3 AS score_before, 0.6 AS score_after, 'word_of_mouth' AS cause, 0.25 AS cause_change,
    true AS is_within_range;
CREATE TABLE "quality.coverage" AS SELECT 'tiny' AS network, DATE '2026-11-01' AS as_of,
    'follows' AS subject, 'delivered_share_of_claimed' AS measure, 0.42 AS value, 60 AS n,
    '42.0 % of the followers are in the data.' AS sentence;
CREATE TABLE "quality.balance" AS SELECT 'tiny' AS network, DATE '2026-11-01' AS as_of,
    'follows' AS table_name, 1 AS files, 100 AS rows_in, 90 AS rows_kept, 4 AS rows_merged,
    6 AS rows_rejected;
CREATE TABLE "quality.rejects" AS SELECT 'tiny' AS network, DATE '2026-11-01' AS as_of,
    'follows' AS table_name, 'follows.csv' AS file, 20 - i AS line, 'followed_at' AS column_name,
    'someday' || i AS value, 'is a time' AS rule FROM range(6) AS t(i);
"""

FILLED_CHANGES = """
CREATE TABLE rank_changes AS SELECT 'r1' AS run_id, 'r0' AS previous_run_id, 'Runners' AS audience,
    'id1' AS account_id, 'Voice1' AS handle, 'moved' AS change, 9 AS rank_before, 2 AS rank_after,
    NULL::BOOLEAN AS is_within_range;
"""
STANDINGS = """
UPDATE partner_rankings SET status_reason = 'lift_low', rank_high = 200 WHERE rank = 16;
UPDATE partner_rankings SET status_reason = 'shill_probability_high' WHERE rank = 17;
ALTER TABLE runs ADD COLUMN audience_size_stated DOUBLE;
ALTER TABLE runs ADD COLUMN audience_size_cleaned DOUBLE;
UPDATE runs SET audience_size_stated = 38, audience_size_cleaned = 35;
UPDATE partner_rankings SET size_tier = 'mega' WHERE rank IN (16, 17);
"""


def test_a_status_is_shown_with_its_reason_and_a_wide_range_with_a_mark(page_of):
    page = page_of(FULL, STANDINGS)
    reasons = page.carried["reasons"]
    assert reasons["lift_low"]["short"] == "not special here"
    assert "lift may be chance" in reasons["lift_low"]["long"]
    assert reasons["shill_probability_high"]["short"] == "risk"
    assert "25.0 % or more" in reasons["shill_probability_high"]["long"]
    assert [row["rank"] for row in page.candidates() if row["is_unsettled"]] == [16]
    assert not any(row["is_unsettled"] for row in page_of(FULL).candidates())
    assert "(1 only because it is not special here)" in page.text


def test_the_list_s_own_weights_are_not_booked_as_cleaning(page_of):
    said = page_of(FULL, STANDINGS).text
    assert "40 known members; 38 by the list's own weights, 35 after cleaning" in said


def test_not_enough_data_is_explained_by_the_kinds_that_the_run_asked_for(page_of):
    asked = """ALTER TABLE runs ADD COLUMN configuration VARCHAR;
        UPDATE runs SET configuration = '{"partner_ranking": {"config": {"minimum_kinds": 1}}}';"""
    assert "fewer than 2 of the three kinds of bought influence" in page_of(FULL).text
    assert "fewer than 1 of the three kinds of bought influence" in page_of(FULL, asked).text


ONE_OF_EACH = """
DELETE FROM partner_rankings WHERE rank > 1;
DELETE FROM portfolio WHERE pick > 1;
DELETE FROM audience_members WHERE account_id <> 'id59';
DELETE FROM evidence WHERE account_id <> 'id0';
DELETE FROM community_voices;
DELETE FROM momentum WHERE account_id <> 'id0';
UPDATE partner_rankings SET audience_size = 1, audience_followers = 1, followers_count = 1,
    replies_received = 5, replies_answered = 1, answer_rate = 0.2, answer_delay_hours = 1.2, tone = 0.5,
    tone_coverage = 1.0, tone_messages = 1, momentum = 'rising', momentum_runs = 1, is_bridge = true,
    communities_covered = 1,
    status = 'watch', status_reason = 'lift_low';
UPDATE portfolio SET new_members = 1, cumulative_members = 1;
UPDATE runs SET audience_size = 1;
UPDATE communities SET members = 1;
"""


def test_one_is_never_many(page_of):
    delay = "ALTER TABLE partner_rankings ADD COLUMN answer_delay_hours DOUBLE;"
    page = page_of(FULL, TRUST_PARTS, delay, ONE_OF_EACH)
    (card,) = page.carried["cards"].values()
    said = " ".join([page.text, *card["about"], *(words for _, words in card["more"])])
    things = "accounts|candidates|followers|groups|hours|members|messages|partners|picks|posts|runs|weeks"
    assert not re.findall(rf"\b1 (?:\w+ )?(?:{things}|are|have|were)\b.{{9}}", said)
    assert "1 known member;" in said or "1 known member " in said
    assert "1 account ranked, on thin data" in said
    assert "1 watch (only because it is not special here)" in said


def test_the_script_can_be_read_by_browsers_of_some_years_ago():
    """Safari before 16.4 knows no look behind in a pattern, and runs nothing of a script that has one."""
    ours = list(files("pipelines.report").joinpath("templates", "script").iterdir())
    assert len(ours) == len(builder.SCRIPTS)
    for script in (*(file.read_text(encoding="utf-8") for file in ours), libraries.data_tables()):
        assert not re.findall(r".{0,40}\(\?<[=!].{0,40}", script)


def test_the_page_tells_the_story_in_order(page_of):
    text = page_of(FULL).text
    parts = [
        "Runners",
        "as of 2026-11-01",
        "run r1",
        "Audience 40",
        "Candidates 20",
        "Recommended 15",
        "Portfolio reaches 24",
        "Coverage",
        "The portfolio",
        "Who shares an audience with whom",
        "Ranked candidates",
        "Shortlist Nobody yet",
        "The landscape",
        "What was refused, and what is not known",
        "How this was made",
        "Signals, not verdicts.",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)


def test_the_parts_of_trust_are_told_where_a_strategist_looks_for_them(page_of):
    page = page_of(FULL, TRUST_PARTS)
    parts = [
        "The audience 40 members together count as 35",
        "30 count in full",
        "10 follow so many accounts that one follow more says little together as 5.0",
        "Your own account @northbean: Answers 4.0 % (2.0–7.0 %) of what members write to it: 12 of 300",
        "What is said of brands Members start 14 % of the talk.",
        "trails and dogs 30 members, – cleaned · holds together well",
        "night runs 5 members, – cleaned · small group · dissolves when its ties vary",
        "@Voice9 no. 310 overall",
        "Also hidden by the whole list: @Voice11 (no. 999).",
        "Voices that join groups @Voice2 no. 3 : trails and dogs; night runs",
        "The best of each size",
        "nano @Voice0 recommended no. 1 overall",
        "mega @Voice3 recommended no. 4 overall",
        "Who names a brand unpaid, of their own accord",
        "@Voice30",
        "@Voice1 no. 2 2026-02-01",
        "paid or labelled post first seen 2026-01-05",
        "What moved Over the runs",
        "@Voice1 reach, cleaned ↘ falling -1.2 pp",
    ]
    places = []
    for part in parts:
        places.append(page.text.find(part, places[-1] if places else 0))
        assert places[-1] >= 0, part
    second = page.candidates()[1]
    assert (second["conversation"], second["answer_rate"], second["momentum"]) == (0.6, 0.35, "rising")
    assert page.carried["groups"] == {"0": "trails and dogs", "1": "night runs"}
    more = {account: dict(page.carried["cards"][account]["more"]) for account in ("id1", "id2")}
    talk = more["id1"]["Does it converse?"]
    assert talk.startswith("Answers 35.0 % of what members write to it: 70 of 200")
    assert "Tone, coarsely: mostly friendly; 90 of 225 messages (40.0 %) could be read." in talk
    assert more["id1"]["Over the runs."].startswith("Rising: trust +0.03 per 30 days over 5 runs.")
    assert more["id1"]["What would change this rank?"].startswith("It would be first")
    assert more["id2"]["Joins groups."].startswith("It is followed about evenly in 2 groups")


def test_whom_the_list_places_low_for_its_risk_is_no_voice_that_it_hides(page_of):
    avoid = """
    UPDATE partner_rankings SET status = 'avoid', status_reason = 'shill_probability_low'
        WHERE account_id IN ('id9', 'id11');
    """
    text = page_of(FULL, TRUST_PARTS, avoid).text
    assert "@Voice9 avoid: risk 80.0 %" in text
    assert "@Voice9 no. 310 overall" not in text
    assert "Also hidden by the whole list" not in text
    watch = "UPDATE partner_rankings SET status = 'watch', status_reason = '{}' WHERE account_id = 'id11';"
    risky = page_of(FULL, TRUST_PARTS, watch.format("shill_probability_high")).text
    assert "Also hidden by the whole list: @Voice11 watch: risk (no. 999)." in risky
    mild = page_of(FULL, TRUST_PARTS, watch.format("lift_low")).text
    assert "Also hidden by the whole list: @Voice11 (no. 999)." in mild


def test_a_group_that_is_hollow_after_cleaning_is_told_as_such_and_praises_nobody(page_of):
    hollow = """
    ALTER TABLE audience_members ADD COLUMN stated_weight DOUBLE;
    ALTER TABLE audience_members ADD COLUMN community INTEGER;
    UPDATE audience_members SET stated_weight = 1, community = 0;
    UPDATE audience_members SET community = 1, weight = 0.1,
        reason = if(account_id = 'id20', 'empty_profile', 'suspicious_profile')
    WHERE account_id IN ('id20', 'id21', 'id22', 'id23', 'id24');
    """
    text = page_of(FULL, TRUST_PARTS, hollow).text
    said = "Next to nothing of its weight is left after cleaning (10.0 %). 5 of its 5 members"
    assert text.count("left after cleaning (") == 1
    assert text.find("night runs 5 members") < text.find(said)
    assert "Also hidden by the whole list" not in text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE communities SET name = NULL WHERE community = 1;", "trails and dogs; Group 2"),
        (
            "DELETE FROM communities WHERE community = 1; DELETE FROM community_voices WHERE community = 1;",
            "2 groups",
        ),
        ("UPDATE partner_rankings SET covered_communities = NULL;", "2 groups"),
    ],
)
def test_a_voice_that_joins_groups_names_all_of_them_or_says_how_many(page_of, change, told):
    assert f"@Voice2 no. 3 : {told} " in page_of(FULL, TRUST_PARTS, change).text


def test_every_figure_of_the_page_is_written_as_the_command_line_writes_it(publish_small, tmp_path):
    awkward = """
    INSERT INTO partner_rankings BY NAME
    SELECT * EXCLUDE (n) REPLACE (n::INTEGER AS rank, 'x' || n AS account_id)
    FROM partner_rankings, range(21, 1221) AS t(n) WHERE rank = 1;
    UPDATE partner_rankings SET trust = (rank * 7919 % 10007) / 10007, trust_low = trust * 0.9,
        shill_probability = (rank * 104729 % 10009) / 10009, reach_share = rank / 1733, lift_low = rank / 97;
    """
    shown = {
        "trust": numbers.score, "trust_low": numbers.score, "score": numbers.score,
        "shill_probability": numbers.risk, "reach_share": numbers.share, "lift_low": numbers.ratio,
    }  # fmt: skip
    published = publish_small(change=FULL + awkward)
    with open_published(published) as file:
        whole = file.table("ranked_partners").order("rank").project(", ".join(shown)).fetchall()
    page = Page(write_report(published, AUDIENCE, tmp_path / "r.html").path.read_text(encoding="utf-8"))
    carried = [tuple(row[name] for name in shown) for row in page.candidates()]
    assert len(carried) == len(whole) == 1220
    for name, ours, theirs in zip(shown, zip(*carried, strict=True), zip(*whole, strict=True), strict=True):
        assert [shown[name](value) for value in ours] == [shown[name](value) for value in theirs], name
        for bar in (0.05, 0.1, 0.3, 0.6):  # what a slider lets through
            assert sum(value >= bar for value in ours) == sum(value >= bar for value in theirs), name


def test_parts_that_a_run_does_not_have_leave_no_trace(page_of):
    page = page_of(FULL)
    text = page.text
    for words in ("Your own account", "What moved", "of their own accord"):
        assert words not in text
    assert page.carried["left_out"] == ["converses", "voices"]
    assert page.carried["cards"]["id1"]["more"] == []
    assert "The best of each size" not in text  # everybody is of one size


def test_a_report_is_made_from_a_file_of_an_earlier_schema(file_of_schema_1, tmp_path):
    report = write_report(file_of_schema_1, AUDIENCE, tmp_path / "report.html")
    page = Page(report.path.read_text(encoding="utf-8"))
    assert "Runners Partners as of" in page.text
    assert page.candidates()[19]["handle"] == "Voice19"
    assert page.carried["posts"] == {}


def test_nobody_on_the_list_is_named_for_being_on_it(page_of):
    text = page_of(FULL, TRUST_PARTS).text
    assert "@Voice30" in text  # speaks for the brand
    assert not [i for i in range(20, 60) if i != 30 and f"@Voice{i}" in text]


def test_what_was_written_is_what_is_reported(publish_small, tmp_path):
    out = tmp_path / "reports" / "runners.html"
    report = write_report(publish_small(change=FULL), AUDIENCE, out)
    assert report.path == out
    assert report.bytes == out.stat().st_size
    assert report.candidates == 20
    assert [path.name for path in out.parent.iterdir()] == ["runners.html"]


def test_unknown_is_a_dash_with_a_title(page_of):
    page = page_of(FULL, "UPDATE portfolio SET new_members = NULL")
    assert page.all("span", title="not known")
    assert not re.search(r"\b(None|nan|NaN|null)\b", page.text)


def test_rows_without_a_measured_signal_have_no_risk(page_of):
    page = page_of(FULL, "UPDATE partner_rankings SET signals_measured = 0 WHERE rank = 1")
    assert page.candidates()[0]["signals_measured"] == 0
    assert "Not known for 1 of 20 candidates: the risk that influence is bought." in page.text


def test_the_card_gives_reasons_with_the_typical_value_and_the_posts_behind(page_of):
    page = page_of(FULL, "ALTER TABLE partner_rankings ADD COLUMN platform VARCHAR DEFAULT 'X';")
    card = page.carried["cards"]["id0"]
    assert card["lines"] == [
        {
            "direction": "for", "is_risk": False, "signal": "reach", "words": "Half of the audience follows.",
            "value": "estimated 0.5", "typical": "typical 0.1", "threshold": "", "weight": 0.7,
            "posts": ["p1"], "accounts": [],
        }
    ]  # fmt: skip
    assert page.carried["posts"]["p1"] == {
        "text": "Ten miles before breakfast.", "at": "2026-10-30", "by": "id0",
        "url": "https://x.com/i/status/p1",
    }  # fmt: skip
    assert card["profile"] == "https://x.com/Voice0"
    assert card["about"][0] == "23 of 40 members reached: 57.5 %, cleaned –."
    assert card["because"].startswith("at least 5 members follow it")
    assert card["history"][0] == ["2026-08-01", 0]
    assert card["types"][0]["words"] == "look unusual"


def test_a_card_knows_who_is_around_and_alike(page_of):
    ties = """
    CREATE TABLE "graph.more" AS SELECT * FROM "graph.adjacency";
    DROP TABLE "graph.adjacency";
    CREATE TABLE "graph.adjacency" AS FROM "graph.more" UNION ALL
        SELECT 1::UINTEGER AS source, 0::UINTEGER AS target, true AS is_following, false AS is_follower
        UNION ALL SELECT 0::UINTEGER, 1::UINTEGER, false, true;
    DROP TABLE "graph.more";
    CREATE TABLE audience_overlap AS SELECT 'r1' AS run_id, 'Runners' AS audience, 'id1' AS account_id_a,
        'id0' AS account_id_b, 7 AS shared_followers, 0.375 AS share_of_smaller, 0.2 AS jaccard;
    """
    carried = page_of(FULL, ties).carried
    assert carried["ties"] == {"kind": "follows", "edges": [[0, 1, 2]]}
    assert carried["shared"] == {"0-1": 0.375}
    assert carried["cards"]["id0"]["similar"] == [["id1", 0.375]]


def test_generated_worlds_say_so(page_of):
    assert "This world is generated." not in page_of().text
    assert "This world is generated." in page_of("UPDATE runs SET is_generated = true").text


def test_every_heading_cell_has_a_scope(page_of):
    page = page_of(FULL)
    assert page.all("th")
    assert not [attributes for attributes in page.all("th") if not attributes.get("scope")]
    assert page.all("html", lang="en")


def test_links_inside_the_page_have_their_targets(page_of):
    page = page_of(FULL, TRUST_PARTS, FILLED_CHANGES)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [str(attributes["href"]).removeprefix("#") for attributes in page.all("a")]
    opened = {link.removeprefix("open=") for link in links if "=" in link}
    assert opened
    assert opened <= {row["account_id"] for row in page.candidates()}
    assert {link for link in links if "=" not in link} <= set(ids)


def test_the_page_asks_for_nothing(page_of):
    page = page_of(FULL)
    policies = [
        attributes["content"] for attributes in page.all("meta", **{"http-equiv": "Content-Security-Policy"})
    ]
    assert policies
    assert str(policies[0]).startswith("default-src 'none';")
    loads = [
        value
        for _, attributes in page.elements
        for name, value in attributes.items()
        if name in {"src", "href", "srcset", "action", "data", "poster"} and not str(value).startswith("#")
    ]
    assert loads == ["data:,"]
    assert "://" not in page.html
    assert "url(" not in page.html
    assert "@import" not in page.html


def test_where_nobody_scores_the_page_says_so_and_what_would_help_as_the_terminal_does(page_of, tmp_path):
    nothing = "UPDATE partner_rankings SET score = 0.0, trust = 0.0, trust_low = 0.0, lift_low = 0.8;"
    said = page_of(FULL, nothing).text
    assert "Nobody can be told apart: every score is 0.00, so that the order says nothing." in said
    assert "Nobody is surely more followed here than elsewhere: list more members" in said
    assert "add interactions (who mentions" in said
    terminal = CliRunner().invoke(vouch, ["--home", str(tmp_path / "home"), "top"])
    (line,) = [line for line in terminal.stderr.splitlines() if "told apart" in line]
    assert line in said
    assert "told apart" not in page_of(FULL).text


def test_an_audience_without_candidates_says_why(page_of):
    text = page_of(EMPTY, audience="Nobody").text
    assert "There are no candidates" in text
    assert "12 members are known, but no account is followed" in text
    assert "Signals, not verdicts." in text
    assert "Ranked candidates" not in text


def test_an_audience_without_known_members_says_why(page_of):
    text = page_of(EMPTY, "UPDATE runs SET audience_size = 0", audience="Nobody").text
    assert "No member of this audience is known to the network" in text


def test_an_unknown_audience_is_named_with_its_likeliest_correction(publish_small, tmp_path):
    out = tmp_path / "report.html"
    with pytest.raises(UnknownAudienceError) as raised:
        write_report(publish_small(), "Runers", out)
    assert raised.value.message == "There is no audience “Runers”."
    assert raised.value.remedy == "Did you mean “Runners”? There are: Runners."
    assert not out.exists()


def test_a_file_without_any_audience_says_so(publish_small, tmp_path):
    change = "DELETE FROM runs; DELETE FROM partner_rankings; DELETE FROM evidence; DELETE FROM portfolio"
    with pytest.raises(UnknownAudienceError, match="holds no audience yet"):
        write_report(publish_small(change=change), AUDIENCE, tmp_path / "report.html")


def test_without_a_published_file_nothing_is_written(tmp_path):
    with pytest.raises(PublishedFileMissingError):
        write_report(tmp_path / "none.duckdb", AUDIENCE, tmp_path / "report.html")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", ["page", "rename"])
def test_a_crash_leaves_the_old_report_whole(publish_small, tmp_path, monkeypatch, where):
    published, out = publish_small(), tmp_path / "reports" / "runners.html"
    write_report(published, AUDIENCE, out)
    old = out.read_bytes()

    def crash(*_):
        raise OSError(28, "No space left on device")

    if where == "page":
        monkeypatch.setattr(builder, "page_html", crash)
    else:
        monkeypatch.setattr(type(out), "replace", crash)
    with pytest.raises(OSError, match="No space left"):
        write_report(published, AUDIENCE, out)
    assert out.read_bytes() == old
    assert [path.name for path in out.parent.iterdir()] == ["runners.html"]


def test_five_thousand_candidates_stay_under_three_megabytes(publish_small, tmp_path):
    published = publish_small(change=FULL + THOUSANDS)
    started = time.process_time()
    report = write_report(published, AUDIENCE, tmp_path / "report.html")
    assert report.candidates == 5000
    assert report.bytes < 3_000_000
    assert time.process_time() - started < 10
    page = Page(report.path.read_text(encoding="utf-8"))
    assert len(page.candidates()) == 5000
    assert len(page.carried["cards"]) == 150


def test_a_pick_far_down_has_a_card(page_of):
    page = page_of(FULL, THOUSANDS, FAR_PICK)
    assert "a_rather_long_handle_4321" in page.text
    assert "x4321" in page.carried["cards"]
    assert "1 partner within a budget of 2,500" in page.text


BUDGET = """ALTER TABLE runs ADD COLUMN configuration VARCHAR;
UPDATE runs SET configuration = '{"partner_portfolio": {"config": {"budget": 900.0}}}';
ALTER TABLE partner_rankings ADD COLUMN price DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN currency VARCHAR;
ALTER TABLE partner_rankings ADD COLUMN other_price DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN other_currency VARCHAR;
UPDATE partner_rankings SET other_price = 90.5, other_currency = 'USD' WHERE rank <= 2;
UPDATE partner_rankings SET price = 70, currency = 'EUR' WHERE rank = 3;
"""


def test_a_budget_without_a_plan_says_whom_the_currency_left_out(page_of):
    text = page_of(BUDGET, "UPDATE partner_rankings SET status = if(rank <= 2, 'recommended', 'watch')").text
    assert "No plan within the budget of 900 EUR: no recommended candidate has a price in EUR" in text
    assert "has a price in EUR; 2 have one in USD." in text
    assert "Priced only in another currency than most, and so in no budget and no sum: 2 of" in text


def test_a_portfolio_of_nobody_says_why(page_of):
    text = page_of("DELETE FROM portfolio; UPDATE partner_rankings SET status = 'avoid'").text
    assert "Nobody is picked, because nobody is recommended: of the candidates" in text


def test_those_whom_the_risk_keeps_out_have_cards_too(page_of):
    risky = """UPDATE partner_rankings SET status = 'avoid', status_reason = 'shill_probability_low'
        WHERE rank BETWEEN 4900 AND 5000; UPDATE partner_rankings SET reach_share = 0.9 WHERE rank = 4950;"""
    cards = page_of(FULL, THOUSANDS, risky).carried["cards"]
    assert len(cards) == 190
    assert "x4950" in cards


LABELLED = """ALTER TABLE partner_rankings ADD COLUMN review VARCHAR;
UPDATE partner_rankings SET status = 'watch', status_reason = 'lift_low', shill_probability_high = 0.35
    WHERE rank IN (4800, 4801);
UPDATE partner_rankings SET review = 'genuine' WHERE rank = 4800;
INSERT INTO evidence BY NAME SELECT 'r1' AS run_id, 'Runners' AS audience, 'x4800' AS account_id,
    'review' AS signal, 'shill' AS side, 'for' AS direction, 'Labelled as genuine by reviewer-b.' AS sentence;
"""


def test_a_person_s_label_is_told_and_the_count_and_the_legend_know_of_it(page_of):
    page = page_of(FULL, THOUSANDS, LABELLED)
    assert page.carried["reviews"] == {"x4800": "Labelled as genuine by reviewer-b."}
    told = page.carried["cards"]["x4800"]["lines"]
    assert "review" not in {line["signal"] for line in told}  # told once, above what was measured
    assert "x4801" not in page.carried["cards"]
    assert (
        "(1 only because it is not special here; 1 not special here and labelled genuine by a person, so "
        "that a risk that may be 25.0 % or more does not count)"
    ) in page.text
    assert "Against who has the first neither the risk counts, however high" in page.text
    assert "watch: resembles another: its name resembles" in page.text


def test_without_labels_the_count_is_that_of_the_reason(page_of):
    assert page_of(FULL, STANDINGS).carried["reviews"] == {}
    low = "UPDATE partner_rankings SET status = 'watch', status_reason = 'lift_low'"
    assert "20 watch (all only because they are not special here)" in page_of(FULL, low).text


def test_published_tables_that_are_filled_are_shown(page_of):
    text = page_of(FULL, FILLED).text
    assert "around @Voice1 30 members, 20 cleaned" in text
    assert "@Voice1 40.0 % 2.50" in text
    assert "37.5 %" in text
    assert "1 account entered (0), left (0) or moved (1) since run r0" in text
    assert "word of mouth +0.25" in text
    assert "Coverage 42.0 % of the followers are in the data." in text
    assert "@Voice1 pick ▲ 7 within its range 9 2 0.30 0.60 word of mouth +0.25" in text
    assert "follows 100 90 4 6" in text
    assert "follows.followed_at is a time 6 someday5 follows.csv, line 15" in text


PICKS = """
CREATE TABLE audience_members AS SELECT 'r1' AS run_id, 'Runners' AS audience, account_id
    FROM "graph.accounts" WHERE is_in_audience;
CREATE TABLE followed AS SELECT (pick - 1)::UINTEGER AS pick, (20 + i)::UINTEGER AS member
    FROM portfolio, range(40) AS t(i) WHERE i BETWEEN 8 * (pick - 1) AND 8 * pick - (pick > 1)::INT;
DROP TABLE "graph.adjacency";
CREATE TABLE "graph.adjacency" AS
    SELECT pick AS source, member AS target, false AS is_following, true AS is_follower FROM followed
    UNION ALL SELECT member, pick, true, false FROM followed;
DROP TABLE followed;
INSERT INTO runs BY NAME SELECT * REPLACE ('r0' AS run_id, DATE '2026-10-01' AS as_of) FROM runs;
INSERT INTO partner_rankings BY NAME
    SELECT * REPLACE ('r0' AS run_id, DATE '2026-10-01' AS as_of, rank IN (2, 20) AS is_pick)
    FROM partner_rankings;
"""
"""Members whose follows are known: eight for each pick, one of them for the first two; and a run before."""


def test_who_could_not_be_looked_at_and_would_add_most_is_named_beside_the_plan(page_of):
    lacking = """
    ALTER TABLE partner_rankings ADD COLUMN attention_basis VARCHAR;
    UPDATE partner_rankings SET attention_basis = 'follows';
    UPDATE partner_rankings SET status = 'not_enough_data', status_reason = 'n_signals' WHERE rank = 15;
    """
    told = "one candidate who lacks nothing else. Of them @Voice14 would add most, 6 members (15.0 %)"
    assert told in page_of(FULL, TRUST_PARTS, lacking).text
    assert "Left out" not in page_of(FULL, TRUST_PARTS).text


def test_the_portfolio_says_whom_only_one_pick_reaches_and_who_was_a_pick_before(page_of):
    page = page_of(FULL, FILLED_CHANGES, PICKS)
    assert "@Voice0 new pick recommended 8 20.0 % 88.9 %" in page.text
    assert "@Voice1 recommended 8 40.0 % 87.5 %" in page.text
    assert "@Voice2 new pick recommended 8 60.0 % 100.0 %" in page.text
    assert "1 of 3 was a pick in the run of 2026-10-01 as well." in page.text
    assert "Picks of the last run that are none now: @Voice19 (no. 20, now 20)." in page.text
    assert "@Voice1 pick, as before ▲ 7" in page.text
    assert "Coverage 60.0 % of the members have follows in the data, 1 at the median" in page.text


def test_what_the_follows_do_not_give_is_left_out_of_the_portfolio(page_of):
    other = page_of(FULL, PICKS, "UPDATE portfolio SET cumulative_members = cumulative_members + 1;").text
    for text in (page_of(FULL).text, other):
        assert "Only here" not in text
        assert "new pick" not in text
