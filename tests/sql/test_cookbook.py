"""docs/COOKBOOK.md: every statement runs as it stands, also on a file in which many tables are empty."""

from __future__ import annotations

import re
from pathlib import Path

from pipelines.published import open_published

PAGE = Path(__file__).resolve().parents[2] / "docs" / "COOKBOOK.md"
QUESTION = re.compile(r"^### (\d+)\. (.+?)\n(.*?)```sql\n(.*?)```", re.MULTILINE | re.DOTALL)
QUESTIONS = [(int(number), asked, sql) for number, asked, _, sql in QUESTION.findall(PAGE.read_text("utf-8"))]


def test_there_are_twenty_questions():
    assert [number for number, _, _ in QUESTIONS] == list(range(1, 21))
    assert all(asked.endswith("?") for _, asked, _ in QUESTIONS)


def test_each_statement_runs_as_it_stands(publish_small):
    with open_published(publish_small()) as file:
        for _, asked, sql in QUESTIONS:
            answer = file.execute(sql)
            assert answer.description, asked
            answer.fetchall()
