"""Texts of posts from their plan: one template per post, its slots filled column by column.

Only text is made here. Which kind of post somebody writes, and why, was decided in `posts.py` and
`engagement.py`; the templates stand in `phrases.toml`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.demo_world.hostile import HOSTILE_POSTS
from pipelines.demo_world.phrases import LANGUAGES, TOPICS, phrases, wordings
from pipelines.demo_world.posts import PostKind, tags_brand

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipelines.demo_world.population import Population
    from pipelines.demo_world.posts import Posts

_TEMPLATE_OF_KIND = {
    PostKind.DISCLOSED_AD: "promo",
    PostKind.LABELLED_AD: "promo",
    PostKind.HIDDEN_AD: "promo",
    PostKind.COPIED_AD: "copied",
    PostKind.VIRAL: "topic",
    PostKind.GENERIC_COMMENT: "generic",
}
_NOUNS_PER_TOPIC = 6
_TAGS_PER_TOPIC = 3
_DISCOUNTS = np.array([10, 15, 20, 25, 30])
_SELLING = (PostKind.DISCLOSED_AD, PostKind.LABELLED_AD, PostKind.HIDDEN_AD, PostKind.COPIED_AD)


def languages_of(people: Population, posts: Posts) -> NDArray[np.int8]:
    """The language of each post; int8[posts].

    An answer keeps the language of what it answers, and a copied text that of its campaign.
    """
    campaign = (posts.wording >> 30) % len(LANGUAGES)
    language = np.where(posts.kind == PostKind.COPIED_AD, campaign, people.language[posts.author]).astype(
        np.int8
    )
    # An answer is at most two steps from a post of its own: reply, then answer to the reply.
    for _ in range(2):
        answers = posts.reply_to >= 0
        language[answers] = language[posts.reply_to[answers]]
    return language


def texts_of(people: Population, posts: Posts, handles: pl.Series, brands: list[str]) -> pl.Series:
    """The text of each post.

    Args:
        people: The authors.
        posts: In any order.
        handles: Of all accounts.
        brands: Names that `posts.brand` indexes.

    Returns:
        One string per post.
    """
    if not len(posts):
        return pl.Series("text", [], dtype=pl.String)
    frame = _slots(people, posts, handles, brands)
    text = pl.col("template")
    for slot in ("brand", "code", "link", "tag", "a", "b", "n", "handle"):
        text = text.str.replace_all("{" + slot + "}", pl.col(slot), literal=True)
    words = pl.concat_str(text, pl.col("at_brand"), pl.col("emoji"))
    return _with_hostile(people, posts, frame.select(text=words).to_series())


def _slots(people: Population, posts: Posts, handles: pl.Series, brands: list[str]) -> pl.DataFrame:
    language = languages_of(people, posts).astype(np.int64)
    wording, topic = posts.wording, people.topic[posts.author]
    root = posts.reply_to >= 0
    topic = np.where(root, topic[posts.reply_to], topic)  # people answer on the subject
    noun_row = (language * len(TOPICS) + topic) * _NOUNS_PER_TOPIC
    first = wording // 64 % _NOUNS_PER_TOPIC
    second = (first + 1 + wording // 1_024 % (_NOUNS_PER_TOPIC - 1)) % _NOUNS_PER_TOPIC
    number = 2 + wording // 8_192 % 47
    selling = np.isin(posts.kind, _SELLING)
    number = np.where(selling, _DISCOUNTS[number % len(_DISCOUNTS)], number)
    brand = np.maximum(posts.brand, 0)
    brand_handles = [entry["handle"] for entry in phrases()["brands"]]
    slugs = pl.Series([name.lower().replace(" ", "") for name in brands])
    # A ring shares its code; everybody else has one of their own.
    shared = posts.kind == PostKind.COPIED_AD
    owner = np.where(shared, wording % 97, posts.author % 9_973)
    emoji = phrases()["emoji"]
    icon = np.where(wording // 65_536 % 5 < 2, wording // 1_048_576 % len(emoji), len(emoji))
    tagged = np.where(tags_brand(posts), np.minimum(brand, len(brand_handles) - 1), len(brand_handles))
    return pl.DataFrame(
        {
            "template": _templates(language, posts),
            "brand": pl.Series(brands).gather(brand),
            "slug": slugs.gather(brand),
            "owner": owner,
            "n": pl.Series(number).cast(pl.String),
            "tag": _taken(_all_tags(), topic * _TAGS_PER_TOPIC + wording // 4_096 % _TAGS_PER_TOPIC),
            "a": _taken(_all_nouns(), noun_row + first),
            "b": _taken(_all_nouns(), noun_row + second),
            "handle": handles.gather(np.maximum(posts.target, 0)),
            "at_brand": _taken([*(f" @{handle}" for handle in brand_handles), ""], tagged),
            "emoji": _taken([*(f" {icon}" for icon in emoji), ""], icon),
        }
    ).with_columns(
        code=pl.concat_str(
            pl.col("slug").str.slice(0, 4).str.to_uppercase(), pl.col("owner").cast(pl.String), pl.col("n")
        ),
        link=pl.format("https://{}.example/r?ref={}", "slug", "owner"),
    )


def _templates(language: NDArray[np.int64], posts: Posts) -> pl.Series:
    """The template of each post; ads that are disclosed start with a marker of their language."""
    flat: list[str] = []
    starts = np.zeros((len(LANGUAGES), len(PostKind)), dtype=np.int64)
    counts = np.zeros_like(starts)
    for row, name in enumerate(LANGUAGES):
        for kind in PostKind:
            options = wordings(name, _TEMPLATE_OF_KIND.get(kind, kind.name.lower()))
            if kind is PostKind.DISCLOSED_AD:
                options = [marker + body for body in options for marker in wordings(name, "marker")]
            starts[row, kind], counts[row, kind] = len(flat), len(options)
            flat.extend(options)
    pick = starts[language, posts.kind] + posts.wording % (2**31 - 1) % counts[language, posts.kind]
    return _taken(flat, pick)


def _all_nouns() -> list[str]:
    topics = phrases()["topics"]
    return [noun for language in LANGUAGES for topic in TOPICS for noun in topics[topic][language]]


def _all_tags() -> list[str]:
    return [tag for topic in TOPICS for tag in phrases()["topics"][topic]["tags"]]


def _taken(options: list[str], index: NDArray[np.integer]) -> pl.Series:
    return pl.Series(options, dtype=pl.String).gather(index)


def _with_hostile(people: Population, posts: Posts, texts: pl.Series) -> pl.Series:
    """Replace the first own posts of somebody in the first community by texts that try to break things."""
    plain = (posts.kind == PostKind.TOPIC) & (people.community[posts.author] == 0)
    chosen = np.flatnonzero(plain)[: len(HOSTILE_POSTS)]
    return texts.scatter(chosen, list(HOSTILE_POSTS[: len(chosen)]))
