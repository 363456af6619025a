"""Stage 5, partners: the few candidates who together reach the most, and who shares an audience with whom.

The choice itself is `graph.partners.portfolio`; this makes the published tables of it, by count and by
budget.
"""

from functools import partial

import dagster as dg
import numpy as np
import polars as pl

from assets.audience import read_audience
from assets.columns import floats
from assets.display import rows_table, table_metadata
from assets.partitions import audience_and_day
from assets.partners import ID_AND_HANDLE, partner_ranking
from assets.plots import curves
from assets.ports import Lake
from assets.stages import PARTNERS_STAGE
from graph.network.followers import open_follower_graph
from graph.partners.overlap import pair_overlap
from graph.partners.portfolio import Portfolio, PortfolioRules, select_portfolio, who_may_be_picked
from graph.trust.communities import follow_matrix

OVERLAP_CANDIDATES = 100


class PortfolioConfig(dg.Config):
    """How large the portfolios may be.

    Attributes:
        picks: Partners in the portfolio by count.
        budget: Money of the portfolio by budget, in the currency of the rates; 0 leaves that plan out.
    """

    picks: int = 10
    budget: float = 0.0


@PARTNERS_STAGE.asset(
    deps=[partner_ranking],
    kinds={"numpy"},
)
def partner_portfolio(
    context: dg.AssetExecutionContext, config: PortfolioConfig, lake: dg.ResourceParam[Lake]
) -> dg.MaterializeResult:
    """Which few candidates together reach the most of the cleaned audience, by count and by budget."""
    audience, day = audience_and_day(context)
    folder = lake.audience(day, audience)
    ranked = pl.read_parquet(folder / "ranked_candidates.parquet")
    members = read_audience(folder)
    follows = follow_matrix(
        open_follower_graph(lake.graph(day)), members.members, ranked["node"].to_numpy()
    ).tocsc()
    offsets, reached = follows.indptr, follows.indices
    eligible, is_vetted = who_may_be_picked(
        *(ranked[name].fill_null("").to_numpy().astype(np.str_) for name in ("status", "status_reason")),
        floats(ranked["lift_low"]),
    )
    rules = PortfolioRules(eligible=eligible)
    worth = np.clip(np.nan_to_num(floats(ranked["score"])), 0, 1)
    choose = partial(select_portfolio, offsets, reached, members.weight, worth, rules=rules)
    chosen = {"count": choose(count=config.picks)}
    if config.budget > 0:
        chosen["budget"] = choose(budget=config.budget, price=floats(ranked["price"]))
    base = {"run_id": ranked["run_id"].first(), "audience": audience}
    frame = pl.concat(
        [
            _portfolio_rows(portfolio, ranked, plan, config.budget, len(members.members))
            for plan, portfolio in chosen.items()
        ]
    ).with_columns(
        **{name: pl.lit(value, pl.String) for name, value in base.items()}, is_vetted=pl.lit(is_vetted)
    )
    lake.write_frame(folder / "portfolio.parquet", frame)
    final = ranked.with_columns(is_pick=pl.col("account_id").is_in(frame["account_id"].implode()))
    lake.write_frame(folder / "ranking.parquet", final)
    overlap = _overlap_rows(ranked, offsets, reached, len(members.members))
    lake.write_frame(
        folder / "overlap.parquet",
        overlap.with_columns(**{name: pl.lit(value, pl.String) for name, value in base.items()}),
    )
    shown = frame.select("plan", "pick", "handle", "new_members", "cumulative_members_share", "price")
    return dg.MaterializeResult(
        metadata={
            **table_metadata(frame, folder / "portfolio.parquet", preview_rows=0),
            "picks": rows_table(shown, most=50),
            "reached by the picks": curves(
                {
                    plan: picks.select("pick", "cumulative_members_share").rows()
                    for (plan,), picks in frame.group_by("plan", maintain_order=True)
                },
                "picks",
                "share of the members reached",
            ),
            **{
                f"at least this share of the best possible ({plan})": float(
                    np.nan_to_num(found.share_of_best)
                )
                for plan, found in chosen.items()
            },
        }
    )


def _portfolio_rows(
    found: Portfolio, ranked: pl.DataFrame, plan: str, budget: float, n_members: int
) -> pl.DataFrame:
    """Rows of `portfolio` for one plan, in the order of the picks."""
    picks = ranked[found.picks.tolist()].select(*ID_AND_HANDLE, "price", "currency")
    has_backup = found.backup >= 0
    backups = ranked[np.where(has_backup, found.backup, 0).tolist()] if len(found.picks) else ranked.clear()
    total = max(found.audience_weight, 1e-12)
    return picks.with_columns(
        plan=pl.lit(plan),
        pick=pl.int_range(1, pl.len() + 1, dtype=pl.Int32),
        adds=pl.Series(found.gain),
        adds_share=pl.Series(found.gain / total),
        cumulative_reach=pl.Series(found.cumulative),
        cumulative_share=pl.Series(found.cumulative / total),
        bound_share=pl.lit(found.bound / total),
        new_members=pl.Series(found.new_members),
        cumulative_members=pl.Series(np.cumsum(found.new_members)),
        cumulative_members_share=pl.Series(np.cumsum(found.new_members) / max(n_members, 1)),
        # From the first unknown price on, what the picks cost together is unknown.
        cumulative_price=pl.when(pl.col("price").is_null().cum_sum() == 0).then(pl.col("price").cum_sum()),
        budget=pl.lit(budget if plan == "budget" else None, pl.Float64),
        backup_account_id=pl.when(pl.Series(has_backup)).then(backups["account_id"]),
        backup_handle=pl.when(pl.Series(has_backup)).then(backups["handle"]),
    )


def _overlap_rows(
    ranked: pl.DataFrame, offsets: np.ndarray, reached: np.ndarray, n_members: int
) -> pl.DataFrame:
    """Rows of `audience_overlap` for every pair among the first candidates."""
    k = min(ranked.height, OVERLAP_CANDIDATES)
    found = pair_overlap(offsets[: k + 1], reached[: offsets[k]], n_members)
    a, b = ranked[found.first.tolist()], ranked[found.second.tolist()]
    return pl.DataFrame(
        {
            "account_id_a": a["account_id"],
            "handle_a": a["handle"],
            "account_id_b": b["account_id"],
            "handle_b": b["handle"],
            "shared_followers": found.shared.astype(np.int64),
            "share_of_smaller": found.share_of_smaller,
            "jaccard": found.jaccard,
            "exclusive_share_a": 1.0 - found.shared / found.reach[found.first],
            "exclusive_share_b": 1.0 - found.shared / found.reach[found.second],
        }
    )
