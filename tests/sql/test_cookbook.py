"""docs/COOKBOOK.md: every statement runs, also where tables are empty, and answers for each audience."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from pipelines.published import open_published
from tests.conftest import publish_small_world

PAGE = Path(__file__).resolve().parents[2] / "docs" / "COOKBOOK.md"
QUESTION = re.compile(r"^### (\d+)\. (.+?)\n(.*?)```sql\n(.*?)```", re.MULTILINE | re.DOTALL)
QUESTIONS = [(int(number), asked, sql) for number, asked, _, sql in QUESTION.findall(PAGE.read_text("utf-8"))]

OF_ALL_AUDIENCES = {5, 9, 11, 12}
"""Questions that compare the audiences, or speak of the network whatever the audience."""
OF_ONE_AUDIENCE = {19}
"""Questions whose macro takes two accounts, and so the first pick of one audience."""

TWO_AUDIENCES = """
INSERT INTO runs SELECT * REPLACE ('Walkers' AS audience) FROM runs;
ALTER TABLE partner_rankings ADD COLUMN rank_in_tier INTEGER;
ALTER TABLE partner_rankings ADD COLUMN audience_followers BIGINT;
ALTER TABLE partner_rankings ADD COLUMN word_of_mouth_weeks BIGINT;
ALTER TABLE partner_rankings ADD COLUMN word_of_mouth_voices_cleaned DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN replies_received BIGINT;
ALTER TABLE partner_rankings ADD COLUMN answer_delay_hours DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN conversation_low DOUBLE;
INSERT INTO partner_rankings BY NAME
    SELECT first.* REPLACE (
        node + 1 AS rank, node + 1 AS rank_low, node + 5 AS rank_high, accounts.account_id AS account_id,
        accounts.handle AS handle, false AS is_pick)
    FROM "graph.accounts" AS accounts, (FROM partner_rankings WHERE rank = 1) AS first
    WHERE node BETWEEN 20 AND 39;
UPDATE partner_rankings SET
    audience_followers = 10, word_of_mouth_weeks = 9, word_of_mouth_voices_cleaned = rank,
    replies_received = 40,
    answer_delay_hours = if(rank < 5, 90, 2), conversation_low = if(rank < 19, 0.1 * (rank % 3), NULL),
    size_tier = if(rank <= 20, 'macro', 'nano'), rank_in_tier = if(rank <= 20, rank, rank - 20);
INSERT INTO partner_rankings SELECT * REPLACE ('Walkers' AS audience, rank IN (2, 4, 6) AS is_pick)
    FROM partner_rankings;
DELETE FROM portfolio;
INSERT INTO portfolio (run_id, audience, plan, pick, account_id, handle) VALUES
    ('r1', 'Runners', 'count', 1, 'id1', 'Voice1'), ('r1', 'Runners', 'count', 2, 'id0', 'Voice0'),
    ('r1', 'Runners', 'count', 3, 'id2', 'Voice2'), ('r1', 'Runners', 'budget', 1, 'id9', 'Voice9'),
    ('r1', 'Walkers', 'count', 1, 'id5', 'Voice5'), ('r1', 'Walkers', 'count', 2, 'id3', 'Voice3'),
    ('r1', 'Walkers', 'count', 3, 'id1', 'Voice1');
CREATE TABLE audience_members AS
    SELECT 'r1' AS run_id, if(node < 45, 'Runners', 'Walkers') AS audience, account_id, handle, 1.0 AS weight
    FROM "graph.accounts" WHERE is_in_audience;
CREATE TABLE audience_overlap AS
    SELECT a.run_id, a.audience, a.account_id AS account_id_a, b.account_id AS account_id_b,
        a.handle AS handle_a, b.handle AS handle_b, 5 AS shared_followers, 0.6 AS share_of_smaller,
        (a.rank + b.rank) / 200 AS jaccard
    FROM partner_rankings AS a JOIN partner_rankings AS b ON b.audience = a.audience AND a.rank < b.rank;
INSERT INTO evidence BY NAME SELECT * REPLACE ('Walkers' AS audience) FROM evidence;
INSERT INTO evidence (run_id, audience, account_id, signal, side, direction, weight, sentence) VALUES
    ('r0', 'Runners', 'id1', 'reach', 'trust', 'for', 0.9, 'Of an earlier run.'),
    ('r1', 'Runners', 'id1', 'conversation', 'trust', 'against', 0.1, 'Gives a little.'),
    ('r1', 'Runners', 'id1', 'endorsement', 'trust', 'against', 0.0, 'Gives nothing.'),
    ('r1', 'Runners', 'id0', 'automation', 'trust', 'against', NULL, 'Has no weight.'),
    ('r1', 'Runners', 'id2', 'endorsement', 'trust', 'against', 9.0, 'Of trust.'),
    ('r1', 'Runners', 'id2', 'brand_hopping', 'shill', 'against', 0.5, 'Of bought influence.');
UPDATE account_signals SET low = 0.3, value = 0.4, high = 0.5 WHERE account_id IN ('id3', 'id8');
INSERT INTO account_signals (account_id, signal, state)
    SELECT account_id, 'brand_hopping', 'not_enough_data' FROM account_signals;
CREATE TABLE growth AS
    SELECT account_id, handle, 'snapshots' AS source, class, DATE '2026-10-01' + day AS burst_day,
        0.5 AS share_of_followers
    FROM "graph.accounts", (VALUES ('unusual', 1), ('explained', 9)) AS t(class, day) WHERE node IN (3, 50);
CREATE TABLE brand_history AS
    SELECT account_id, handle, brand, 'tea' AS category, paid AS paid_posts, 0 AS disclosed_posts
    FROM "graph.accounts", (VALUES ('Leaf', 1, 4), ('Bud', 2, 4), ('Root', 0, 5)) AS t(brand, paid, node_at)
    WHERE node IN (4, node_at);
CREATE TABLE signal_groups AS
    SELECT * FROM (VALUES ('g1', 'coordination', 3, 5.0), ('g2', 'copied_text', 2, 90.0))
    AS t(group_id, kind, members, score);
CREATE TABLE signal_group_members AS
    SELECT * FROM (VALUES ('g1', 'id3', NULL), ('g1', 'id2', 'Voice2'), ('g1', 'id59', 'Voice59'),
        ('g2', 'id58', 'Voice58'), ('g2', 'id57', NULL)) AS t(group_id, account_id, handle),
        (SELECT 'member' AS role);
CREATE TABLE communities AS
    SELECT run_id, audience, 0 AS community, 'trails' AS name, 20 AS members FROM runs;
CREATE TABLE "quality.coverage" AS
    SELECT network, DATE '2026-11-01' AS as_of, subject, measure, value
    FROM (VALUES ('tiny', 'accounts', 'private_share', 0.002), ('tiny', 'accounts', 'listed_share', 0.4),
        ('tiny', 'follows', 'delivered_share_of_claimed', NULL), ('tiny', 'profiles', 'profiled_share', 1.0),
        ('tiny', 'rows', 'follows_rejected_share', 0.1), ('tiny', 'withheld', 'groups_share', 0.1),
        ('other', 'accounts', 'listed_share', 0.3)) AS t(network, subject, measure, value);
CREATE TABLE rank_changes AS
    SELECT 'r1' AS run_id, 'r0' AS previous_run_id, audience, account_id, handle, 'moved' AS change,
        1 AS rank_before, rank AS rank_after
    FROM partner_rankings WHERE account_id IN ('id1', 'id16', 'id17');
INSERT INTO runs SELECT * REPLACE ('r0' AS run_id, DATE '2026-10-01' AS as_of) FROM runs;
INSERT INTO partner_rankings (run_id, network, audience, as_of, rank, account_id, status)
    SELECT 'r0', 'tiny', audience, DATE '2026-10-01',
        row_number() OVER (PARTITION BY audience ORDER BY account_id), account_id, 'recommended'
    FROM rank_changes
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory) -> dict[int, list[dict]]:
    """The rows of every answer on a file with two audiences, by the number of the question."""
    path = publish_small_world(tmp_path_factory.mktemp("cookbook"), change=TWO_AUDIENCES)
    with open_published(path) as file:
        found = {}
        for number, _, sql in QUESTIONS:
            answer = file.execute(sql)
            columns = [column[0] for column in answer.description or ()]
            found[number] = [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]
    return found


def test_there_are_twenty_questions():
    assert [number for number, _, _ in QUESTIONS] == list(range(1, 21))
    assert all(asked.endswith("?") for _, asked, _ in QUESTIONS)


def test_each_statement_runs_as_it_stands(publish_small):
    with open_published(publish_small()) as file:
        for _, asked, sql in QUESTIONS:
            answer = file.execute(sql)
            assert answer.description, asked
            answer.fetchall()


@pytest.mark.parametrize("number", range(1, 21))
def test_an_answer_shows_every_audience_and_says_which_row_is_whose(answers, number):
    assert answers[number]
    if number in OF_ALL_AUDIENCES:
        assert "audience" not in answers[number][0]
    else:
        whose = [row["audience"] for row in answers[number]]
        assert whose == sorted(whose)
        assert set(whose) == ({"Runners"} if number in OF_ONE_AUDIENCE else {"Runners", "Walkers"})


@pytest.mark.parametrize("number", range(1, 21))
def test_no_row_comes_twice(answers, number):
    rows = [str(row) for row in answers[number]]
    assert len(rows) == len(set(rows))


def test_whom_one_would_overlook_stands_far_down_in_the_whole_list(answers):
    assert all(row["rank"] > 25 >= row["rank_in_tier"] for row in answers[2])
    of_runners = [row["times_further_down"] for row in answers[2] if row["audience"] == "Runners"]
    assert len(of_runners) > 1
    assert all(one >= another for one, another in pairwise(of_runners))


def test_who_answers_slowly_or_is_not_known_to_converse_is_not_first(answers):
    assert all(row["answer_delay_hours"] == 2 for row in answers[4])
    assert answers[4][0]["conversation_low"] == pytest.approx(0.2)


def test_what_speaks_against_a_pick_may_have_no_weight(answers):
    of_runners = {row["handle"]: row for row in answers[6] if row["audience"] == "Runners"}
    assert {row["most_for"] for row in of_runners.values()} == {"Half of the audience follows."}
    assert {handle: row["most_against"] for handle, row in of_runners.items()} == {
        "Voice1": "Gives nothing.",
        "Voice0": "Has no weight.",
        "Voice2": "Of bought influence.",
    }


def test_of_what_is_not_told_the_unknown_comes_first_and_good_news_not_at_all(answers):
    assert [row["measure"] for row in answers[9]] == ["delivered_share_of_claimed", "listed_share"]


def test_unusual_followers_are_compared_with_those_of_the_same_size(answers):
    assert {row["handle"] for row in answers[10]} == {"Voice3", "Voice8"}


def test_a_group_without_a_candidate_is_named_too_and_a_member_without_a_handle_by_its_id(answers):
    assert [(row["kind"], row["candidates"]) for row in answers[11]] == [
        ("coordination", ["Voice2 (member)", "id3 (member)"]),
        ("copied_text", []),
    ]


def test_a_burst_of_a_candidate_of_two_audiences_is_told_once(answers):
    assert [row["handle"] for row in answers[12]] == ["Voice3"]


def test_several_brands_are_those_that_paid(answers):
    assert {(row["handle"], tuple(row["which"])) for row in answers[13]} == {("Voice4", ("Bud", "Leaf"))}


def test_the_first_pick_is_that_of_the_plan_and_not_the_best_ranked(answers):
    assert {(row["audience"], row["first_pick"]) for row in answers[17]} == {
        ("Runners", "Voice1"),
        ("Walkers", "Voice5"),
    }
    assert all(row["handle"] != row["first_pick"] for row in answers[17])
    assert {row["account_ids"][-1] for row in answers[19]} == {"id1"}


def test_members_whom_only_the_first_two_picks_reach(answers):
    picks = {"Runners": {1: 1, 2: 0, 3: 2}, "Walkers": {1: 5, 2: 3, 3: 1}}
    expected = set()
    for member in range(20, 60):
        audience = "Runners" if member < 45 else "Walkers"
        followed = {(member * 7 + candidate**2) % 20 for candidate in range(6)}
        reached = tuple(pick for pick, node in picks[audience].items() if node in followed)
        if reached and max(reached) <= 2:
            expected.add((audience, f"id{member}", reached))
    found = {(row["audience"], row["account_id"], tuple(row["picks"])) for row in answers[18]}
    assert found == expected
