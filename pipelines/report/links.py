"""Addresses on well-known platforms: a profile by its handle, a post by its id; nothing where it is a guess.

A link is only offered to be clicked; the page itself asks for none of them.
"""

from __future__ import annotations

import re

# A name or id of another form could lead anywhere.
_NAME = re.compile(r"[\w.-]{1,100}", re.ASCII)

_PROFILES = {
    "bluesky": "https://bsky.app/profile/{}",
    "github": "https://github.com/{}",
    "instagram": "https://www.instagram.com/{}/",
    "reddit": "https://www.reddit.com/user/{}",
    "tiktok": "https://www.tiktok.com/@{}",
    "twitch": "https://www.twitch.tv/{}",
    "twitter": "https://x.com/{}",
    "x": "https://x.com/{}",
    "youtube": "https://www.youtube.com/@{}",
}
_POSTS = {
    "twitter": "https://x.com/i/status/{}",
    "x": "https://x.com/i/status/{}",
    "youtube": "https://www.youtube.com/watch?v={}",
}


def profile(platform: str | None, handle: str | None) -> str | None:
    """Where the account can be looked at, if the platform is known to put it there."""
    return _address(_PROFILES, platform, handle)


def post(platform: str | None, post_id: str | None) -> str | None:
    """Where the post can be read, if the platform is known to put it there."""
    return _address(_POSTS, platform, post_id)


def _address(patterns: dict[str, str], platform: str | None, name: str | None) -> str | None:
    pattern = patterns.get((platform or "").strip().casefold())
    return pattern.format(name) if pattern and name and _NAME.fullmatch(name) else None
