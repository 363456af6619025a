"""The public data sets, where they are on this machine: VOUCH_REAL_DATA names their folder."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines.ingest import ingest_dataset

FOLDER = Path(os.environ.get("VOUCH_REAL_DATA") or "no such folder")
MAPPINGS = Path(__file__).parents[2] / "real"

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="VOUCH_REAL_DATA names no folder of public data sets"),
]


@pytest.mark.parametrize(
    ("name", "as_of", "balances", "audience"),
    [
        (
            "twitter-datascience",
            date(2021, 6, 1),
            {
                "accounts": (3603, 3594, 9, 0),
                "follows": (24888, 24888, 0, 0),
                "posts": (12060, 12060, 0, 0),
                "interactions": (21651, 21270, 222, 159),
                "audience_members": (301, 301, 0, 0),
            },
            ("Andrew Ng followers", 301, 301),
        ),
        (
            "nostr",
            date(2024, 10, 1),
            {
                "accounts": (17403, 17403, 0, 0),
                "follows": (123299, 123299, 0, 0),
                "audience_members": (217, 217, 0, 0),
            },
            ("Edward Snowden followers", 217, 217),
        ),
        (
            "sanremo2016",
            date(2016, 2, 14),
            {"interactions": (466678, 466678, 0, 0), "audience_members": (3417, 3417, 0, 0)},
            ("engaged with account 402", 3417, 3417),
        ),
    ],
)
def test_a_public_data_set(tmp_path, name, as_of, balances, audience):
    report = ingest_dataset(
        FOLDER / name,
        tmp_path / "inputs",
        now=datetime.now(UTC),
        as_of=as_of,
        config=MAPPINGS / f"{name}.toml",
    )
    found = {
        table.table: (table.rows_in, table.rows_kept, table.rows_merged, table.rows_rejected)
        for table in report.tables
    }
    assert found == balances
    (only,) = report.audiences
    assert (only.audience, only.members, only.members_known) == audience
