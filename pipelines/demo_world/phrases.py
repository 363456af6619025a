"""The words of the demo world, read once from `phrases.toml`, as lists that arrays of numbers can index.

The texts themselves belong in the TOML file, where a speaker of a language mends them without reading code.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "es", "de", "fr", "pt", "ar")
TOPICS = (
    "coffee",
    "running",
    "outdoor",
    "cycling",
    "baking",
    "climbing",
    "gardening",
    "photography",
    "gaming",
    "music",
    "parenting",
    "tech",
)


@cache
def phrases() -> dict[str, Any]:
    """The whole file as nested dictionaries and lists."""
    return tomllib.loads((Path(__file__).parent / "phrases.toml").read_text(encoding="utf-8"))


def wordings(language: str, kind: str) -> list[str]:
    """The templates for one kind of text, in English where the language has none."""
    words = phrases()
    return words[language].get(kind) or words["en"][kind]
