"""What the page's script works on: candidates, cards, ties and texts, packed into one block of the page.

Compressed and written in an alphabet without markup, a stranger's text can neither end the block nor be read
as anything but text; it is a quarter of the size as well.
"""

from __future__ import annotations

import base64
import gzip
import json
from typing import TYPE_CHECKING, Any

from pipelines import numbers, standing
from pipelines.cli.output import handle_label
from pipelines.report import cards, links, wording
from pipelines.report.reading import THIN_BELOW
from pipelines.text import plain

if TYPE_CHECKING:
    from graph.partners.status import StatusBars
    from pipelines.report.reading import ReportData, Row

_OPTIONAL = {
    "converses": "conversation",
    "voices": "word_of_mouth_voices",
    "price": "price",
    "lift": "lift_low",
}
"""Columns of the table that are left out where nobody has a figure, and the figure."""
_SIZES = ("nano", "micro", "mid", "macro", "mega")
_STATUSES = ("recommended", "watch", "avoid", "not_enough_data")
_LONGEST_REVIEW = 1_000
_LONGEST_NAME = 80
_LONGEST_POST = 320


def packed(content: Row) -> str:
    """JSON, gzip and base64; the same content gives the same text."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode("utf-8", "replace"), 6, mtime=0)).decode("ascii")


def content(data: ReportData, bars: StatusBars, file_name: str) -> Row:
    """Everything the script draws.

    Args:
        data: What was read.
        bars: Cut-offs of the run.
        file_name: Name of a file that is saved from the page, without its ending.
    """
    columns, rows = _candidates(data)
    places = {row[0]: place for place, row in enumerate(rows)}
    status_reason = columns.index("status_reason")
    reasons = sorted({row[status_reason] for row in rows if row[status_reason]})
    return {
        "columns": columns,
        "candidates": rows,
        "left_out": [
            name
            for name, column in _OPTIONAL.items()
            if all(row[columns.index(column)] is None for row in rows)
        ],
        "audience_size": data.run["audience_size"],
        "thin_below": THIN_BELOW,
        "surest": numbers.SUREST,
        "bars": {"avoid_from": bars.avoid_from, "watch_from": bars.watch_from},
        "file_name": file_name,
        "order": {"size_tier": _SIZES, "status": _STATUSES},
        "groups": {str(group["community"]): _group_name(group) for group in data.communities},
        "reasons": {
            code: {"short": standing.short_reason(code), "long": plain(wording.reason_words(code, bars), 300)}
            for code in reasons
        },
        "cards": _cards(data, bars, places),
        "reviews": {
            account_id: plain(said, _LONGEST_REVIEW)
            for account_id, said in data.reviews.items()
            if account_id in places
        },
        "posts": _posts(data),
        "ties": {
            "kind": data.ties[0]["kind"] if data.ties else "follows",
            "edges": [
                [places[tie["account_id_a"]], places[tie["account_id_b"]], tie["way"]]
                for tie in data.ties
                if tie["account_id_a"] in places and tie["account_id_b"] in places
            ],
        },
        "shared": {
            f"{places[pair['account_id_a']]}-{places[pair['account_id_b']]}": pair["share_of_smaller"]
            for pair in data.overlap
            if -1 < places.get(pair["account_id_a"], -1) < places.get(pair["account_id_b"], -1)
        },
    }


def _candidates(data: ReportData) -> tuple[list[str], list[list[Any]]]:
    """Column names, and a row per candidate; texts are plain, what is no number is unknown."""
    columns = [*data.candidates.columns, "label", "is_unsettled"]
    rows = []
    for found in data.candidates.rows:
        row = dict(zip(data.candidates.columns, found, strict=True))
        values = [found[0], *(_clean(value) for value in found[1:])]
        name = handle_label(row)
        rows.append([*values, None if name == f"@{row['handle']}" else name, standing.is_unsettled(row)])
    return columns, rows


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value, _LONGEST_NAME)
    return None if isinstance(value, float) and numbers.is_unknown(value) else value


def _cards(data: ReportData, bars: StatusBars, places: Row) -> Row:
    posts = {post["post_id"] for post in data.posts}
    similar: dict[str, list[list[Any]]] = {}
    for pair in data.overlap:
        if pair["is_similar"]:
            similar.setdefault(pair["account_id_a"], []).append(
                [pair["account_id_b"], pair["share_of_smaller"]]
            )
    return {
        account_id: cards.card(found, bars, posts, places) | {"similar": similar.get(account_id, [])}
        for account_id, found in data.cards.items()
        if account_id in places
    }


def _posts(data: ReportData) -> Row:
    """Texts of example posts by id; who wrote one is told where it is a candidate, and no member is named."""
    return {
        post["post_id"]: {
            "text": plain(post["text"] or "", _LONGEST_POST),
            "at": post["posted_at"].strftime("%Y-%m-%d") if post["posted_at"] else "",
            "by": post["account_id"] if post["is_candidate"] else None,
            "url": links.post(post["platform"], post["post_id"]),
        }
        for post in data.posts
    }


def _group_name(group: Row) -> str:
    if group["community"] < 0:
        return "Everybody else"
    name = (group["name"] or "").split(" · ")[0]
    return plain(name or f"Group {group['community'] + 1}", _LONGEST_NAME)
