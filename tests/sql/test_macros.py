"""The macros of the published file, against networkx on random graphs and with hostile names."""

from __future__ import annotations

from contextlib import closing

import duckdb
import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.partners.status import STATUSES
from graph.statistics.size_tiers import SIZE_TIERS
from pipelines.cli.commands.portfolio import PLANS
from pipelines.engine import connect
from pipelines.publish.build import create_schema
from pipelines.published import open_published
from pipelines.statements import sql_text

SETTINGS = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

HOSTILE = [
    "o'brien",
    "'); DROP TABLE runs; --",
    '"quoted"',
    "50%_off",
    "emoji🔥",
    "ÅSA",
    "الرياضي",
    "a b",
    "back\\slash",
    "$h",
    "{x}",
    "null",
    "-",
    "42",
]


@pytest.fixture(scope="module")
def empty():
    with closing(connect()) as connection:
        create_schema(connection)
        yield connection


def fill(connection, graph: nx.DiGraph, handles: dict[int, str] | None = None) -> None:
    """Put a graph into the published tables, as publishing does."""
    names = handles or {}
    for table in ("accounts", "adjacency", "names", "degrees"):
        connection.execute(f"TRUNCATE graph.{table}")
    connection.execute("CREATE OR REPLACE TEMP TABLE follows (follower UINTEGER, followee UINTEGER)")
    connection.executemany(
        "INSERT INTO graph.accounts BY NAME SELECT $1::UINTEGER AS node, $2 AS account_id, $3 AS handle",
        [[node, f"id{node}", names.get(node, f"User{node}")] for node in graph],
    )
    if graph.number_of_edges():
        connection.executemany("INSERT INTO follows VALUES ($1, $2)", [list(edge) for edge in graph.edges])
    for table in ("adjacency", "names", "degrees"):
        connection.sql(sql_text(f"published/{table}")).insert_into(f"graph.{table}")


@st.composite
def graphs(draw) -> nx.DiGraph:
    n = draw(st.integers(2, 14))
    p = draw(st.sampled_from([0.05, 0.15, 0.3, 0.6]))
    return nx.gnp_random_graph(n, p, seed=draw(st.integers(0, 10_000)), directed=True)


def ids(nodes) -> set[str]:
    return {f"id{node}" for node in nodes}


@SETTINGS
@given(graph=graphs())
@pytest.mark.parametrize("ways", ["both", "following", "followers"])
def test_neighbours_are_those_of_networkx(empty, graph, ways):
    fill(empty, graph)
    walked = {"both": graph.to_undirected(), "following": graph, "followers": graph.reverse()}[ways]
    for hops in (1, 2, 3):
        reached = nx.single_source_shortest_path_length(walked, 0, cutoff=hops)
        expected = {(hop, f"id{node}") for node, hop in reached.items() if hop > 0}
        rows = empty.execute(
            "SELECT hop, account_id FROM neighbours('@user0', hops := $hops, ways := $ways)",
            {"hops": hops, "ways": ways},
        ).fetchall()
        assert len(rows) == len(expected)
        assert set(rows) == expected


@SETTINGS
@given(graph=graphs())
def test_similar_accounts_share_the_most_followers(empty, graph):
    fill(empty, graph)
    own = set(graph.predecessors(0))
    expected = {}
    for other in graph:
        shared = own & set(graph.predecessors(other))
        if other != 0 and shared:
            either = own | set(graph.predecessors(other))
            smaller = min(len(own), graph.in_degree(other))
            expected[f"id{other}"] = (len(shared), len(shared) / len(either), len(shared) / smaller)
    rows = empty.execute(
        "SELECT account_id, shared_followers, jaccard, share_of_smaller FROM similar_to('id0', n := 100)"
    ).fetchall()
    assert {row[0]: pytest.approx(row[1:]) for row in rows} == expected
    assert [row[2] for row in rows] == sorted((row[2] for row in rows), reverse=True)
    assert empty.execute("SELECT account_id FROM similar_to('id0', n := 2)").fetchall() == [
        (row[0],) for row in rows[:2]
    ]


@SETTINGS
@given(graph=graphs())
def test_shared_followers_follow_both(empty, graph):
    fill(empty, graph)
    rows = empty.execute("SELECT account_id FROM shared_followers('User0', 'User1')").fetchall()
    assert len(rows) == len(set(rows))
    assert {row[0] for row in rows} == ids(set(graph.predecessors(0)) & set(graph.predecessors(1)))


@SETTINGS
@given(graph=graphs())
def test_ways_between_two_are_the_shortest(empty, graph):
    fill(empty, graph)
    either_way = graph.to_undirected()
    goal = max(graph)
    rows = empty.execute(
        "SELECT steps, account_ids FROM between_two('user0', $goal, n := 1000)", {"goal": f"id{goal}"}
    ).fetchall()
    if not nx.has_path(either_way, 0, goal) or nx.shortest_path_length(either_way, 0, goal) > 4:
        assert rows == []
        return
    shortest = {tuple(f"id{node}" for node in path) for path in nx.all_shortest_paths(either_way, 0, goal)}
    found = {tuple(path) for _, path in rows}
    assert {steps for steps, _ in rows} == {nx.shortest_path_length(either_way, 0, goal)}
    assert len(found) == len(rows)
    if rows[0][0] <= 3:
        assert found == shortest
    else:
        assert found <= shortest
        assert {path[2] for path in found} == {path[2] for path in shortest}


@SETTINGS
@given(graph=graphs())
def test_an_ego_network_is_that_of_networkx(empty, graph):
    fill(empty, graph)
    expected = nx.ego_graph(graph, 0, undirected=True)
    rows = empty.execute("SELECT follower_id, followee_id, is_mutual FROM ego('user0', n := 100)").fetchall()
    assert {row[:2] for row in rows} == {(f"id{a}", f"id{b}") for a, b in expected.edges}
    assert len(rows) == expected.number_of_edges()
    for follower, followee, is_mutual in rows:
        assert is_mutual == graph.has_edge(int(followee[2:]), int(follower[2:]))


def test_a_long_chain_is_connected_up_to_four_steps(empty):
    fill(empty, nx.path_graph(7, create_using=nx.DiGraph))
    ways = "SELECT way FROM between_two('id0', $goal)"
    assert empty.execute(ways, {"goal": "id4"}).fetchall() == [([f"User{i}" for i in range(5)],)]
    assert empty.execute(ways, {"goal": "id5"}).fetchall() == []
    assert empty.execute(ways, {"goal": "id0"}).fetchall() == []


@pytest.mark.parametrize("handle", HOSTILE)
def test_hostile_handles_are_only_names(empty, handle):
    graph = nx.DiGraph([(0, 1), (2, 1), (2, 0)])
    fill(empty, graph, {0: handle, 1: "plain"})
    assert empty.execute("SELECT account_of($h)", {"h": "@" + handle.upper()}).fetchall() == [("id0",)]
    assert empty.execute("SELECT account_id FROM neighbours($h)", {"h": handle}).fetchall() == [
        ("id1",),
        ("id2",),
    ]
    assert ("id0",) in empty.execute("SELECT account_id FROM find($h)", {"h": handle}).fetchall()
    assert empty.execute("SELECT way FROM between_two($h, 'plain')", {"h": handle}).fetchall() == [
        ([handle, "plain"],)
    ]
    assert empty.execute("SELECT count(*) FROM runs").fetchall() == [(0,)]


@pytest.mark.parametrize("name", ["nobody", *HOSTILE])
def test_an_unknown_account_is_an_error_with_the_next_step(empty, name):
    fill(empty, nx.DiGraph([(0, 1)]))
    with pytest.raises(duckdb.InvalidInputException) as failure:
        empty.execute("FROM neighbours($name)", {"name": name}).fetchall()
    said = str(failure.value)
    assert f"No account called {name} in this file." in said
    suggestion = said[said.index("FROM find(") :]
    assert empty.execute(suggestion).fetchall() == []


def test_an_exact_id_wins_over_a_handle_and_an_exact_handle_over_another_case(empty):
    fill(empty, nx.DiGraph([(0, 1), (1, 2), (2, 3)]), {0: "id1", 1: "Sam", 2: "sam", 3: "@SAM"})
    account = "SELECT account_of($h)"
    assert empty.execute(account, {"h": "id1"}).fetchall() == [("id1",)]
    assert empty.execute(account, {"h": "@Sam"}).fetchall() == [("id1",)]
    assert empty.execute(account, {"h": " @sam "}).fetchall() == [("id2",)]
    assert empty.execute(account, {"h": "SAM"}).fetchall() == [("id3",)]
    with pytest.raises(duckdb.InvalidInputException, match="3 accounts are called sAm"):
        empty.execute(account, {"h": "sAm"}).fetchall()


def test_impossible_arguments_are_errors(empty):
    fill(empty, nx.DiGraph([(0, 1)]))
    with pytest.raises(duckdb.InvalidInputException, match="hops is 1, 2 or 3"):
        empty.execute("FROM neighbours('id0', hops := 4)").fetchall()
    with pytest.raises(duckdb.InvalidInputException, match="ways is 'both'"):
        empty.execute("FROM neighbours('id0', ways := 'sideways')").fetchall()
    with pytest.raises(duckdb.InvalidInputException, match="hops is 1, 2 or 3"):
        empty.execute("FROM neighbours('id0', hops := NULL)").fetchall()
    with pytest.raises(duckdb.InvalidInputException, match="ways is 'both'"):
        empty.execute("FROM neighbours('id0', ways := $ways)", {"ways": None}).fetchall()
    with pytest.raises(duckdb.InvalidInputException, match="No account called"):
        empty.execute("FROM why(NULL)").fetchall()


def test_find_puts_the_closest_first(empty):
    fill(empty, nx.DiGraph([(0, 1), (1, 2), (2, 3)]), {0: "runs1", 1: "vikruns", 2: "Runs", 3: "walks"})
    assert empty.execute("SELECT handle FROM find('@RUNS')").fetchall() == [
        ("Runs",),
        ("runs1",),
        ("vikruns",),
    ]
    assert empty.execute("SELECT handle FROM find('runs', n := 1)").fetchall() == [("Runs",)]


LANGUAGES = """
    ALTER TABLE partner_rankings ADD COLUMN language VARCHAR;
    UPDATE partner_rankings SET language = CASE rank WHEN 1 THEN 'en' WHEN 2 THEN 'EN' WHEN 3 THEN 'pt BR' END
"""


@pytest.mark.parametrize(
    ("call", "there"),
    [
        ("top_partners(in_status := 'recomended')", STATUSES),
        ("top_partners(in_tier := 'big')", SIZE_TIERS),
        ("portfolio_of(in_plan := 'bugdet')", PLANS),
        ("top_partners(in_language := 'klingon')", ["en", "pt_br"]),
        ("top_partners(in_platform := 'letters')", ["none"]),
        ("top_partners(min_trust := 2, in_status := 'recomended')", STATUSES),
        ("top_partners(min_trust := 2, in_language := 'klingon')", ["en", "pt_br"]),
    ],
)
def test_a_word_that_is_none_of_the_few_is_an_error_that_names_them(publish_small, call, there):
    wrong = rf"No [a-z ]+ called \w+\. There is: {', '.join(there)}$"
    with (
        open_published(publish_small(change=LANGUAGES)) as file,
        pytest.raises(duckdb.InvalidInputException, match=wrong),
    ):
        file.execute(f"FROM {call}").fetchall()


def test_a_status_may_be_written_as_it_is_said(publish_small):
    with open_published(publish_small()) as file:
        said, coded = (
            file.execute("FROM top_partners(in_status := $status)", {"status": status}).fetchall()
            for status in ("Not enough data", "not_enough_data")
        )
    assert said == coded


def test_a_language_is_taken_in_any_case_and_unknown_ones_are_left_out(publish_small):
    with open_published(publish_small(change=LANGUAGES)) as file:

        def ranks(language: str | None) -> list[int]:
            asked = {"language": language}
            rows = file.execute("SELECT rank FROM top_partners(in_language := $language)", asked).fetchall()
            return [rank for (rank,) in rows]

        assert ranks("en") == ranks(" En") == [1, 2]
        assert ranks("PT_br") == [3]
        assert ranks(None) == list(range(1, 11))


def test_every_example_of_help_runs_as_it_stands(publish_small):
    with open_published(publish_small()) as file:
        examples = file.execute("FROM help()").fetchall()
        assert len(examples) >= 13
        for macro, answers, example in examples:
            assert macro in example
            assert answers.endswith("?")
            assert "@handle" not in example
            file.execute(example).fetchall()


def test_top_partners_filters_by_bounds(publish_small):
    with open_published(publish_small()) as file:

        def ranks(call: str) -> list[int]:
            return [row[0] for row in file.sql(f"FROM {call}").project("rank").fetchall()]

        assert ranks("top_partners()") == list(range(1, 11))
        assert ranks("top_partners(3)") == [1, 2, 3]
        assert ranks("top_partners(NULL)") == list(range(1, 21))
        assert ranks("top_partners(100, in_status := 'Watch')") == [16, 17, 18, 19, 20]
        assert ranks("top_partners(100, min_trust := 0.85)") == [1, 2]
        assert ranks("top_partners(100, max_shill := 0.05)") == [1, 2]
        assert ranks("top_partners(2, in_audience := 'runners')") == [1, 2]
        with pytest.raises(duckdb.InvalidInputException, match=r"No audience called nobody .* Runners"):
            ranks("top_partners(in_audience := 'nobody')")


def test_why_portfolio_and_history_speak_of_the_newest_run(publish_small):
    with open_published(publish_small()) as file:
        assert file.execute("SELECT sentence, example_ids FROM why('@VOICE2')").fetchall() == [
            ("Half of the audience follows.", ["p1", "p2"])
        ]
        assert file.execute("SELECT pick, handle FROM portfolio_of('Runners')").fetchall() == [
            (1, "Voice0"),
            (2, "Voice1"),
            (3, "Voice2"),
        ]
        assert file.execute("SELECT run_id, rank FROM history('voice4')").fetchall() == [("r1", 5)]


def test_the_views_show_the_newest_day_of_the_network_that_ran_last(publish_small):
    earlier_and_other = """
        INSERT INTO runs (run_id, network, as_of, audience, started_at)
        VALUES
            ('old', 'tiny', DATE '2026-10-01', 'Runners', TIMESTAMP '2026-11-03'),
            ('demo', 'demo world', DATE '2026-12-01', 'Runners', TIMESTAMP '2026-10-01')
    """
    with open_published(publish_small(change=earlier_and_other)) as file:
        assert file.execute("SELECT run_id, network FROM latest_runs").fetchall() == [("r1", "tiny")]
        assert file.execute("SELECT rank FROM ranked_partners").fetchmany(2) == [(1,), (2,)]


NEW_PARTS = """
    CREATE TABLE audience_members AS SELECT * FROM (VALUES
        ('r1', 'Runners', 'id20', 'Voice20', 1.0, 1.0, 'full_weight', 0),
        ('r1', 'Runners', 'id21', 'Voice21', 0.4, 1.0, 'mass_following', 0),
        ('r1', 'Runners', 'id22', NULL, NULL, NULL, NULL, NULL)
    ) AS t(run_id, audience, account_id, handle, weight, stated_weight, reason, community);
    CREATE TABLE communities AS SELECT * FROM (VALUES
        ('r1', 'Runners', 0, 30, 'trails and dogs', ['trail', 'dog'], false),
        ('r1', 'Runners', 1, 5, 'night runs', NULL, true)
    ) AS t(run_id, audience, community, members, name, terms, is_small);
    CREATE TABLE community_voices AS SELECT * FROM (VALUES
        ('r1', 'Runners', 0, 'id1', 'Voice1', 1, 2, false),
        ('r1', 'Runners', 1, 'id1', 'Voice1', 2, 2, false),
        ('r1', 'Runners', 1, 'id9', 'Voice9', 1, 10, true),
        ('r1', 'Runners', 1, 'id3', 'Voice3', 3, 4, true)
    ) AS t(run_id, audience, community, account_id, handle, position, rank_overall, is_hidden_by_the_list);
    ALTER TABLE partner_rankings ADD COLUMN is_bridge BOOLEAN;
    ALTER TABLE partner_rankings ADD COLUMN bridge_score DOUBLE;
    ALTER TABLE partner_rankings ADD COLUMN rank_in_tier INTEGER;
    UPDATE partner_rankings SET rank_in_tier = rank;
    ALTER TABLE partner_rankings ADD COLUMN covered_communities INTEGER[];
    UPDATE partner_rankings SET is_bridge = true, bridge_score = 0.5 + rank / 100 WHERE rank IN (2, 3, 4);
    UPDATE partner_rankings SET status = 'avoid' WHERE rank = 4;
    UPDATE partner_rankings SET covered_communities = CASE rank WHEN 2 THEN [1, 0] ELSE [1, 7] END
    WHERE rank IN (2, 3, 4);
    CREATE TABLE advocates AS SELECT * FROM (VALUES
        ('r1', 'Runners', 'id1', 'Voice1', 'North Bean', TIMESTAMP '2026-02-01', 2, false),
        ('r1', 'Runners', 'id30', 'Voice30', 'North Bean', TIMESTAMP '2026-03-01', 3, true),
        ('r1', 'Runners', 'id31', 'Voice31', 'South', NULL, NULL, NULL)
    ) AS t(run_id, audience, account_id, handle, brand, first_at, weeks, is_before_paid);
    CREATE TABLE momentum AS SELECT * FROM (VALUES
        ('r1', 'Runners', 'id1', 'trust', 'rising', 0.1),
        ('r1', 'Runners', 'id1', 'answer_rate', 'steady', NULL),
        ('r1', 'Runners', 'id2', 'trust', 'falling', -0.1)
    ) AS t(run_id, audience, account_id, quantity, direction, change_per_30_days)
"""


def test_what_is_asked_about_an_audience(publish_small):
    with open_published(publish_small(change=NEW_PARTS)) as file:

        def rows(columns: str, call: str) -> list:
            return file.sql(f"FROM {call}").project(columns).fetchall()

        assert rows("account_id, weight, community_name", "members_of('RUNNERS')") == [
            ("id21", pytest.approx(0.4), "trails and dogs"),
            ("id20", 1, "trails and dogs"),
            ("id22", None, None),
        ]
        assert rows("name, hidden_voices, is_small", "communities_of()") == [
            ("trails and dogs", None, False),
            ("night runs", ["Voice9"], True),
        ]
        assert rows("handle, trusted_by", "bridge_voices('Runners')") == [
            ("Voice2", ["night runs", "7"]),
            ("Voice1", ["trails and dogs", "night runs"]),
        ]
        assert rows("handle", "bridge_voices(n := 1)") == [("Voice2",)]
        assert rows("handle", "bridge_voices(n := NULL)") == [("Voice2",), ("Voice1",)]
        assert rows("account_id, rank", "advocates_of()") == [("id30", None), ("id1", 2), ("id31", None)]
        assert rows("account_id", "advocates_of('Runners', of_brand := '@SOUTH')") == [("id31",)]
        assert rows("quantity, direction", "momentum_of('@voice1')") == [
            ("answer_rate", "steady"),
            ("trust", "rising"),
        ]
        assert rows("rank_in_tier", "top_partners(2)") == [(1,), (2,)]


@pytest.mark.parametrize("macro", ["members_of", "communities_of", "bridge_voices", "advocates_of"])
def test_an_unknown_audience_is_an_error_that_lists_those_there_are(publish_small, macro):
    with open_published(publish_small(change=NEW_PARTS)) as file:
        for name in ("", *HOSTILE):
            with pytest.raises(
                duckdb.InvalidInputException, match=r"No audience called .* There is: Runners"
            ):
                file.execute(f"FROM {macro}($name)", {"name": name}).fetchall()
        assert file.execute(f"FROM {macro}(NULL)").fetchall()


def test_hostile_brands_and_accounts_are_only_names(publish_small):
    hostile = "'); DROP TABLE advocates; --"
    change = "; UPDATE advocates SET brand = '''); DROP TABLE advocates; --'"
    with open_published(publish_small(change=NEW_PARTS + change)) as file:
        asked = {"name": hostile}
        assert len(file.execute("FROM advocates_of(of_brand := $name)", asked).fetchall()) == 3
        for name in HOSTILE:
            assert file.execute("FROM advocates_of(of_brand := $name)", {"name": name}).fetchall() == []
            with pytest.raises(duckdb.InvalidInputException, match="No account called"):
                file.execute("FROM momentum_of($name)", {"name": name}).fetchall()


def test_an_audience_with_a_quote_in_its_name_has_examples_that_run(publish_small):
    with open_published(
        publish_small(
            change="UPDATE runs SET audience = 'o''brien''s'; "
            "UPDATE partner_rankings SET audience = 'o''brien''s'; "
            "UPDATE evidence SET audience = 'o''brien''s'; "
            "UPDATE portfolio SET audience = 'o''brien''s'"
        )
    ) as file:
        for _, _, example in file.execute("FROM help()").fetchall():
            file.execute(example).fetchall()
