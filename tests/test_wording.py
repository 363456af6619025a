"""Signals, never verdicts, on every surface: sentences, command line, report, published comments and pages.

A word that calls a person something may stand only where it is on the list below, with the reason why it is
no verdict there. Names of columns, tables and options are no sentences and are not looked at.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
VERDICT = re.compile(
    r"\b(fraud\w*|fakes?|faked|scam\w*|cheat\w*|liars?|lying|guilty|bots?|crimin\w*|crimes?|dishonest\w*|"
    r"deceiv\w*|deceit\w*|deception|corrupt\w*|crooks?|shills?|culprits?|offenders?|swindl\w*|"
    r"(?:bought|buys|buying|purchased) (?:its|their|his|her) \w+|(?:bought|buys) followers|"
    r"paid for (?:its|their|followers|likes))\b",
    re.IGNORECASE,
)
# Phrases that call nobody anything, with the reason; every one must still be needed.
ALLOWED = {
    "shill probability": "the name of a figure",
    "Shill signals": "the name of a kind of signal",
    "trust or shill": "the two sides of the evidence, by name",
    "assets.shill": "the name of a module",
    "trust, shill,": "the name of a stage",
    "genuine or shill": "the two labels that a reviewer may give",
    "genuine, shill": "the same",
    "genuine or a shill's": "the same, in the help of vouch label",
    "[shill|genuine]": "the same, in the usage of vouch label",
    "labelled as shills": "what people said, counted",
    "say shill": "the same",
    "A review as a shill": "what a reviewer decided, in the page on reviews",
    "Unusual is not guilty": "says that it is none",
    "several kinds of paid shills": "accounts of the generated world",
    "planted fraud": "the same",
    "hard to fake": "what somebody can hardly do",
    "| shills |": "the name of a column",
}
PYTHON = (
    "assets/*sentences*.py",
    "assets/shill/*.py",
    "assets/*evidence*.py",
    "pipelines/cli/**/*.py",
    "pipelines/report/*.py",
    "pipelines/explore/*.py",
    "pipelines/standing.py",
    "pipelines/reviews.py",
)
PAGES = (
    "docs/EVIDENCE.md",
    "docs/LIMITS.md",
    "docs/OPERATIONS.md",
    "docs/PRIVACY.md",
    "docs/TUTORIAL.md",
    "docs/CLI.md",
    "docs/SCHEMA.md",
    "docs/INPUTS.md",
    "README.md",
)


def spoken(source):
    """Texts of a module that a person may read: strings with a blank in them, without docstrings."""
    tree = ast.parse(source)
    silent = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    # The docstring of a command is its help.
    silent -= {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and node.name in {"command", "vouch"}
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield from re.split(r"\n\s*\n", node.value) if " " in node.value else ()


def report_texts():
    """What the pages say: their templates without markup, and the texts of the report's script."""
    templates = ROOT / "pipelines" / "report" / "templates"
    for path in sorted((ROOT / "pipelines").glob("*/templates/*.j2")):
        written = re.sub(r"\{[{%#].*?[}%#]\}|<[^>]*>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for line in written.splitlines():
            yield path.relative_to(ROOT), line
    for path in sorted((templates / "script").glob("*.js")):
        for text in re.findall(r"""(?s)"[^"\n]* [^"\n]*"|`[^`]* [^`]*`""", path.read_text(encoding="utf-8")):
            yield path.relative_to(ROOT), text


def texts():
    """Every user-facing text with where it stands."""
    for pattern in PYTHON:
        for path in sorted(ROOT.glob(pattern)):
            for text in spoken(path.read_text(encoding="utf-8")):
                yield path.relative_to(ROOT), text
    yield from report_texts()
    for path in sorted((ROOT / "sql" / "published").glob("comments*.sql")):
        for text in re.findall(r"IS\s+'((?:[^']|'')*)'", path.read_text(encoding="utf-8")):
            yield path.relative_to(ROOT), text
    for name in PAGES:
        page = re.sub(r"`[^`\n]*`", " ", (ROOT / name).read_text(encoding="utf-8"))
        for paragraph in re.split(r"\n\s*\n", page):
            yield Path(name), " ".join(paragraph.split())


ALLOWED_PHRASES = re.compile("|".join(map(re.escape, ALLOWED)))
FOUND = [(str(path), " ".join(text.split())) for path, text in texts() if VERDICT.search(text)]


@pytest.mark.parametrize("path", sorted({path for path, _ in FOUND}))
def test_no_surface_calls_anybody_anything(path):
    wrong = []
    for where, text in FOUND:
        if where == path:
            rest = ALLOWED_PHRASES.sub(" ", text)
            wrong += [rest[max(0, found.start() - 60) : found.end() + 40] for found in VERDICT.finditer(rest)]
    assert wrong == []


@pytest.mark.parametrize("phrase", ALLOWED)
def test_what_is_allowed_is_still_said(phrase):
    assert any(phrase in text for _, text in FOUND)


@pytest.mark.parametrize(
    "text", ["He bought his followers", "a FAKE account", "these bots", "fraudulent", "a shill"]
)
def test_a_verdict_is_found(text):
    assert VERDICT.search(text)


def test_every_surface_is_walked():
    walked = {str(path) for path, _ in texts()}
    assert {
        "assets/shill/sentences.py",
        "pipelines/cli/words/clauses.py",
        "sql/published/comments.sql",
    } <= walked
    assert any(path.endswith(".j2") for path in walked)
    assert any(path.endswith("card.js") for path in walked)
