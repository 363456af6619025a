"""The pictures of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.explore.reading import Row

YOURS, PUBLISHED = "this choice", "published plan"
_COLOURS = ("#0f766e", "#94a3b8")


def reach_curve(rows: Sequence[Row], published: Sequence[Row]) -> alt.Chart:
    """Reach by trust over the number of partners, of this choice and of the published plan."""
    points = [
        {"partners": place, "reach": row["cumulative_share"], "whose": whose}
        for whose, picks in ((PUBLISHED, published), (YOURS, rows))
        for place, row in enumerate([{"cumulative_share": 0.0}, *picks])
        if row["cumulative_share"] is not None
    ]
    shades = alt.Scale(domain=[YOURS, PUBLISHED], range=list(_COLOURS))
    return alt.Chart(
        alt.Data(values=points),
        mark=alt.MarkDef(type="line", point=alt.OverlayMarkDef(filled=True, size=45)),
        width="container",
        height=220,
    ).encode(
        x=alt.X("partners:Q", title="partners", axis=alt.Axis(tickMinStep=1, format="d", grid=False)),
        y=alt.Y("reach:Q", title="reached by trust", axis=alt.Axis(format="%", tickCount=5)),
        color=alt.Color("whose:N", title=None, scale=shades, legend=alt.Legend(orient="top")),
        strokeDash=alt.StrokeDash(
            "whose:N", legend=None, scale=alt.Scale(domain=[YOURS, PUBLISHED], range=[[1, 0], [5, 4]])
        ),
        tooltip=[
            alt.Tooltip("whose:N", title="whose"),
            alt.Tooltip("partners:Q", title="partners"),
            alt.Tooltip("reach:Q", title="reached by trust", format=".1%"),
        ],
    )
