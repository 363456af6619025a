"""`vouch portfolio`: the few partners who together reach the most of an audience, and where to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pipelines import numbers
from pipelines.cli.options import audience_option, format_options
from pipelines.cli.output import (
    HANDLE_WIDTH,
    Column,
    Row,
    draw_table,
    handle_label,
    safe_text,
    write_rows,
)
from pipelines.cli.ranking import audience_title
from pipelines.cli.reading import UnknownNameError, published
from pipelines.cli.results import left_out, no_plan_within_budget
from pipelines.cli.session import Session, pass_session, shared_options
from pipelines.cli.words import story
from pipelines.standing import UNVETTED_PICKS, status_and_reason, why_nobody_is_picked

if TYPE_CHECKING:
    from pipelines.cli.output import Format

PLANS = ("count", "budget")
_SAME_CURRENCY = "Prices count in the one currency that most of them are in (docs/INPUTS.md)."


def _backup(row: Row) -> str:
    if row["backup_account_id"] is None:
        return numbers.UNKNOWN
    return handle_label(row, handle="backup_handle", account="backup_account_id")


_TABLE = (
    Column("#", lambda row: numbers.count(row["pick"])),
    Column("handle", handle_label, is_number=False, widest=HANDLE_WIDTH),
    Column("adds by trust", lambda row: numbers.share(row["adds_share"]), importance=1),
    Column("new members", lambda row: numbers.count(row["new_members"]), importance=1),
    Column("together", lambda row: numbers.share(row["cumulative_members_share"]), importance=2),
    Column("price", numbers.price, importance=3),
    Column("backup", _backup, importance=4, is_number=False, widest=HANDLE_WIDTH),
    Column(
        "prices so far", lambda row: numbers.money(row["cumulative_price"], row["currency"]), importance=5
    ),
    Column("status", lambda row: safe_text(status_and_reason(row)), importance=6, is_number=False),
    Column("trust", lambda row: numbers.score(row["trust"]), importance=7),
    Column("risk", lambda row: numbers.risk(row["shill_probability"]), importance=8),
    Column("rank", lambda row: numbers.count(row["rank"]), importance=9),
)


@click.command("portfolio", short_help="The few partners who together reach the most.")
@audience_option()
@click.option(
    "--plan",
    type=click.Choice(PLANS),
    help="The plan for a number of partners, or for a budget.  [default: budget where one was given]",
)
@format_options()
@shared_options
@pass_session
def command(session: Session, *, audience: str | None, plan: str | None, output: Format) -> None:
    """The few partners who together reach the most of an audience.

    In order: what each adds that the ones before do not reach, how far they come together, what they cost,
    and who could step in. The choice, and where to stop, go by cleaned reach weighted by trust (“adds by
    trust”); “new members” and “together” count every member alike.
    """
    with published(session) as file:
        about = file.audience(session, audience)
        keys = {"run_id": about["run_id"], "audience": about["audience"]}
        plans = [str(row["plan"]) for row in file.read("portfolio_plans", **keys).rows]
        used = plan or ("budget" if "budget" in plans else "count")
        found = file.read("portfolio", **keys, plan=used)
        statuses = file.read("statuses", audience=about["audience"], tiers=None).rows
        unmet = no_plan_within_budget(file, about)
        is_vetted = bool(found.rows) and found.rows[0]["is_vetted"] is not False
        unlooked_at = left_out(file, about, used) if is_vetted else ""
    if plan == "budget" and "budget" not in plans:
        if unmet:
            raise UnknownNameError(unmet, remedy=f"{_SAME_CURRENCY} The other plan: vouch portfolio")
        raise UnknownNameError(
            "No portfolio under a budget was made.",
            remedy="Run with a budget and a table of prices (rates): vouch run --data DIR --budget AMOUNT",
        )
    if output != "table":
        write_rows(found.rows, found.names, output, found.types)
    elif found.rows:
        session.say(audience_title(about))
        draw_table(found.rows, _TABLE)
    session.say(
        story.plan_advice(found.rows)
        or f"{why_nobody_is_picked({row['status']: row['candidates'] for row in statuses})} "
        "vouch top shows why."
    )
    if any(row["is_vetted"] is False for row in found.rows):
        session.say(UNVETTED_PICKS)
    if unlooked_at:
        session.say(unlooked_at)
    if unmet and plan is None:
        session.say(f"{unmet} This is the plan for a number of partners." if found.rows else unmet)
    if output == "table" and plan is None and len(plans) > 1:
        session.say("This is the plan for a budget; --plan count shows the one for a number of partners.")
