"""A small published file for the commands: two audiences, every status, and names that mean harm."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from pipelines.cli import vouch
from pipelines.published import SCHEMA_VERSION
from pipelines.statements import sql_text

REPOSITORY = Path(__file__).resolve().parents[3]
PARTS = ("schema", "views", "name_macros")
RUN = "20260301T020000Z-ab12"
EARLIER = "20260201T020000Z-cd34"
CONFIGURATION = '{"partner_portfolio": {"config": {"budget": 900.0}}}'
RUNNERS, POTS = "trail runners", "pottery, glaze & \x1b[31mkiln"

ESCAPE = "evil\x1b[2J\x1b]0;owned\x07name"
OVERRIDE = "abc\u202etxt.exe"
FORMULA = '=HYPERLINK("http://evil.example","click")'
MARKUP = '<img src=x onerror="alert(1)">'
EMOJI = "🌸.ceramics"
MESSY = 'quote"comma,\nline'

# account id, handle, status, rank, trust, risk (None: unknown), lift
PEOPLE = [
    ("100", "maria.runs", "recommended", 1, 0.87, 0.03, 14.2),
    ("101", EMOJI, "recommended", 2, 0.80, 0.05, 9.5),
    ("102", ESCAPE, "recommended", 3, 0.71, 0.10, 5.0),
    ("103", OVERRIDE, "watch", 4, 0.66, 0.40, 3.2),
    ("104", FORMULA, "watch", 5, 0.61, 0.45, 2.4),
    ("105", MARKUP, "avoid", 6, 0.55, 0.93, 1.4),
    ("106", MESSY, "recommended", 7, 0.50, 0.02, 1.3),
    ("107", "[bold]markup[/bold]", "recommended", 8, 0.49, 0.02, 1.3),
    ("108", None, "not_enough_data", None, None, None, None),
    ("109", "a_handle_that_is_really_quite_long_for_a_table_of_eighty", "recommended", 9, 0.4, 0.01, 1.2),
]

REASONS = {
    "100": "Trusted here, and nothing unusual was measured.",
    "103": "shill_probability_high",
    "104": "lift_low",
    "105": "shill_probability_low",
}


def insert(connection, table, **values):
    names = ", ".join(values)
    marks = ", ".join("?" for _ in values)
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))  # noqa: S608 - names from this file


def ranking_row(audience, size, person):
    account, handle, status, rank, trust, risk, lift = person
    return {
        "run_id": RUN,
        "network": "demo",
        "audience": audience,
        "as_of": date(2026, 3, 1),
        "rank": rank,
        "rank_low": rank and max(1, rank - 1),
        "rank_high": rank and (60 if account == "109" else rank + 2),
        "account_id": account,
        "handle": handle,
        "display_name": "Maria Lopez \u202e" if account == "100" else None,
        "platform": "photos",
        "language": "pt",
        "status": status,
        "status_reason": REASONS.get(account),
        "score": None if trust is None else trust * (1 - risk),
        "followers_count": 12_400 if rank else None,
        "size_tier": ("nano" if account == "109" else "micro") if rank else None,
        "rank_in_tier": 1 if account == "109" else rank,
        "audience_size": size,
        "audience_followers": 1_204 if rank else None,
        "reach_share": 0.1505 if rank else None,
        "reach_share_low": 0.142 if rank else None,
        "reach_share_high": 0.159 if rank else None,
        "reach_share_cleaned": 0.14 if rank else None,
        "baseline_share": 0.0106 if rank else None,
        "lift": lift,
        "lift_low": lift and lift * 0.9,
        "lift_high": lift and lift * 1.1,
        "word_of_mouth_voices": 37 if rank == 1 else None,
        "word_of_mouth_weeks": 12 if rank == 1 else None,
        "trust": trust,
        "endorsement_part": trust and trust / 4,
        "word_of_mouth_part": trust and 3 * trust / 4,
        "trust_low": trust and trust - 0.02,
        "trust_high": trust and trust + 0.02,
        "shill_probability": risk,
        "shill_probability_low": risk and risk / 2,
        "shill_probability_high": risk and min(1.0, risk * 1.5),
        "signals_measured": 4 if rank else 0,
        "is_pick": rank in {1, 2, 3},
        "price": 250.0 if rank == 1 else None,
        "currency": "EUR" if rank == 1 else None,
        "other_price": 90.5 if audience == POTS else None,
        "other_currency": "USD" if audience == POTS else None,
    }


def build_published(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(duckdb.connect(str(path), config={"storage_compatibility_version": "v1.4.0"})) as connection:
        for part in PARTS:
            connection.execute(sql_text(f"published/{part}"))
        insert(
            connection,
            "about",
            schema_version=SCHEMA_VERSION,
            vouch_version="0.1.0",
            duckdb_version=duckdb.__version__,
            published_at=datetime(2026, 3, 1, 2, 5),  # noqa: DTZ001 - the column is UTC without a zone
        )
        for audience, size in ((RUNNERS, 8_000), (POTS, 300)):
            insert(
                connection,
                "runs",
                run_id=RUN,
                network="demo",
                as_of=date(2026, 3, 1),
                audience=audience,
                audience_size=size,
                candidates=len(PEOPLE),
                weights_version="1",
                is_generated=True,
                configuration=CONFIGURATION if audience == POTS else None,
            )
            for person in PEOPLE if audience == RUNNERS else PEOPLE[1:3]:
                insert(connection, "partner_rankings", **ranking_row(audience, size, person))
        _earlier_run(connection)
        _evidence(connection)
        _portfolio(connection)
        _groups_and_advocates(connection)
        insert(
            connection,
            "bios",
            account_id="100",
            bio="Trails, filter coff\u00e9e \x1b[2J and \u202e dogs, " * 4,
        )
        insert(
            connection,
            "graph.accounts",
            node=1,
            account_id="500",
            handle="just.a.member",
            display_name="Ana Lopes",
            is_in_audience=True,
            is_candidate=False,
        )
    return path


# account id, handle, status, rank, trust, risk, lift of the run a month before
PEOPLE_BEFORE = {
    RUNNERS: [
        ("101", EMOJI, "recommended", 1, 0.82, 0.05, 9.5),
        ("100", "maria.runs", "watch", 2, 0.70, 0.03, 14.2),
        ("110", "gone.by", "recommended", 3, 0.60, 0.03, 2.0),
    ],
    POTS: [
        ("102", ESCAPE, "recommended", 1, 0.90, 0.10, 5.0),
        ("101", EMOJI, "recommended", 2, 0.80, 0.05, 9.5),
    ],
}


def _earlier_run(connection):
    """A run of a month before; only of the runners the later one was compared with it."""
    for audience, people in PEOPLE_BEFORE.items():
        of_run = {"run_id": EARLIER, "audience": audience, "as_of": date(2026, 2, 1)}
        insert(
            connection, "runs", **of_run, network="demo", audience_size=300, candidates=3, weights_version="1"
        )
        for person in people:
            insert(connection, "partner_rankings", **ranking_row(audience, 300, person) | of_run)
    between = {"run_id": RUN, "previous_run_id": EARLIER, "audience": RUNNERS}
    for account, change, rank_before, rank_after, cause, by in (
        ("100", "moved", 2, 1, "word_of_mouth", 0.13),
        ("101", "moved", 1, 2, "others", None),
        ("102", "entered", None, 3, None, None),
        ("110", "left", 3, None, None, None),
    ):
        insert(
            connection,
            "rank_changes",
            **between,
            account_id=account,
            change=change,
            rank_before=rank_before,
            rank_after=rank_after,
            cause=cause,
            cause_change=by,
        )


def _groups_and_advocates(connection):
    formula = '=HYPERLINK("http://evil.example","click")'
    about = {"run_id": RUN, "audience": RUNNERS}
    insert(
        connection,
        "communities",
        **about,
        community=0,
        members=40,
        members_cleaned=31.5,
        name="trail shoes, الجبل · around @maria.runs",
        terms=["trail shoes", formula],
        stability=0.9,
        is_small=True,
    )
    for position, (account, handle) in enumerate((("100", "maria.runs"), ("104", formula)), 1):
        insert(
            connection,
            "community_voices",
            **about,
            community=0,
            account_id=account,
            handle=handle,
            position=position,
            is_hidden_by_the_list=account == "104",
        )
    insert(
        connection,
        "advocates",
        **about,
        account_id="104",
        handle=formula,
        brand="+brand",
        is_member=True,
        first_at=datetime(2026, 1, 5, 8),  # noqa: DTZ001 - UTC, naive
        posts=3,
        is_before_paid=True,
        example_post_ids=["-1", "p2"],
    )


def _evidence(connection):
    reasons = [
        ("trust", "for", "reach_share", 0.15, 0.01, 0.6, "Many of the audience follow it.", None),
        ("shill", "for", "suspicious_share", 0.04, 0.06, -1.2, "Few empty \x1b[31mfollowers.", None),
        (
            "shill",
            "against",
            "brand_entropy",
            12.0,
            5.0,
            0.4,
            "It promotes many brands.",
            [f"post{i}" for i in range(8)],
        ),
    ]
    for side, direction, signal, value, typical, weight, sentence, ids in reasons:
        insert(
            connection,
            "evidence",
            run_id=RUN,
            audience=RUNNERS,
            account_id="100",
            handle="maria.runs",
            signal=signal,
            side=side,
            direction=direction,
            value=value,
            typical_value=typical,
            weight=weight,
            sentence=sentence,
            example_ids=ids,
        )
    insert(connection, "account_signals", account_id="100", signal="growth", state="not_enough_data")


def _portfolio(connection):
    total = 0.0
    for pick, (adds, person) in enumerate(zip((0.5, 0.2, 0.01), PEOPLE, strict=False), start=1):
        total += adds
        insert(
            connection,
            "portfolio",
            run_id=RUN,
            audience=RUNNERS,
            plan="count",
            pick=pick,
            account_id=person[0],
            handle=person[1],
            adds=adds * 8_000,
            adds_share=adds,
            cumulative_reach=total * 8_000,
            cumulative_share=total,
            new_members=int(adds * 8_000),
            cumulative_members=int(total * 8_000),
            cumulative_members_share=total,
            bound_share=0.75,
            price=250.0 if pick == 1 else None,
            currency="EUR" if pick == 1 else None,
            backup_account_id="106" if pick == 1 else None,
            backup_handle=MESSY if pick == 1 else None,
        )
    insert(
        connection,
        "audience_overlap",
        run_id=RUN,
        audience=RUNNERS,
        account_id_a="100",
        handle_a="maria.runs",
        account_id_b="104",
        handle_b=FORMULA,
        shared_followers=300,
        share_of_smaller=0.25,
        jaccard=0.1,
    )


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    """A home with a published file; tests only read it."""
    root = tmp_path_factory.mktemp("home")
    build_published(root / "partners.duckdb")
    return root


@pytest.fixture
def call(home):
    """Call `vouch` in this process, as in a pipe."""

    def run(*arguments, at=home):
        return CliRunner().invoke(vouch, ["--home", str(at), *map(str, arguments)], catch_exceptions=False)

    return run


@pytest.fixture
def process(home):
    """Call `vouch` as a process of its own."""

    def run(*arguments, at=home, timeout=60, **options):
        command = [sys.executable, "-m", "pipelines.cli", "--home", str(at), *map(str, arguments)]
        return subprocess.run(
            command,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            encoding="utf-8",
            env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
            **options,
        )

    return run
