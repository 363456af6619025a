"""What the examples of a line of evidence are: posts or accounts, which only its signal tells.

A post may bear the number of an account that did not write it, so that the ids themselves do not say.
"""

from __future__ import annotations

EXAMPLES, EXAMPLES_OF = "example_ids", "signal"
"""The column of the examples, and the one that says of which signal."""

EXAMPLES_ARE_ACCOUNTS = ("affinity", "endorsement", "resembles_another", "resembled_by_others")
EXAMPLES_ARE_POSTS = (
    "answers", "brand_hopping", "conversation", "copied_text", "undisclosed_promotion", "word_of_mouth",
)  # fmt: skip
"""Signals by what their examples are; those of any other are taken for either."""

VOICES, EXAMPLE_POSTS = "top_voices", "example_post_ids"
"""Lists of handles, and of posts."""
