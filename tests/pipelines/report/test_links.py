"""Addresses are offered only where they are no guess."""

from __future__ import annotations

import pytest

from pipelines.report import links


@pytest.mark.parametrize(
    ("platform", "handle", "address"),
    [
        ("X", "north.bean", "https://x.com/north.bean"),
        (" Instagram ", "a_b", "https://www.instagram.com/a_b/"),
        ("youtube", "voice-1", "https://www.youtube.com/@voice-1"),
        ("demo", "voice1", None),
        (None, "voice1", None),
        ("x", None, None),
        ("x", "", None),
        ("x", "../evil", None),
        ("x", "a b", None),
        ("x", "javascript:alert(1)", None),
        ("x", "جود", None),
    ],
)
def test_a_profile_has_the_address_that_its_platform_gives(platform, handle, address):
    assert links.profile(platform, handle) == address


def test_a_post_has_an_address_where_its_id_is_enough():
    assert links.post("twitter", "1399075314366619648") == "https://x.com/i/status/1399075314366619648"
    assert links.post("youtube", "dQw4w9WgXcQ") == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    assert links.post("instagram", "17895695668004550") is None
    assert links.post("x", "1?x=<script>") is None
