"""`vouch label`: a reviewer's decision about one account, kept with who, when and because of what."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from pipelines.cli.names import HANDLE
from pipelines.cli.options import format_options
from pipelines.cli.output import (
    HANDLE_WIDTH,
    Column,
    Row,
    draw_table,
    handle_label,
    safe_text,
    write_rows,
)
from pipelines.cli.reading import published
from pipelines.cli.session import Session, pass_session, shared_options
from pipelines.reviews import (
    LABELS,
    WITHDRAWN,
    Decision,
    ReviewsError,
    current,
    keep_decision,
    newest,
    read_decisions,
)
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.cli.output import Format

_LONGEST_REASON = 500
_LONGEST_NAME = 80
_TIMES = ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ")
_NAMES = ("network", "account_id", "handle", "label", "because", "reviewer", "reviewed_at", "is_current")
_TABLE = (
    Column("handle", handle_label, is_number=False, widest=HANDLE_WIDTH),
    Column("decision", lambda row: safe_text(row["label"]), is_number=False),
    Column("stands", lambda row: "yes" if row["is_current"] else "no", importance=3, is_number=False),
    Column("by", lambda row: safe_text(row["reviewer"], 24), importance=2, is_number=False),
    Column("at", lambda row: f"{row['reviewed_at']:%Y-%m-%d %H:%M}", importance=1, is_number=False),
    Column("because", lambda row: safe_text(row["because"]), importance=4, is_number=False, widest=60),
)


@click.command("label", short_help="Keep a reviewer's decision about an account, or list them.")
@click.argument("handle", required=False, type=HANDLE)
@click.argument("label", required=False, type=click.Choice(LABELS))
@click.option("--because", metavar="TEXT", help="The reason, in the reviewer's words; always needed.")
@click.option("--by", metavar="NAME", help="Who decided.  [default: your user name on this machine]")
@click.option(
    "--at", type=click.DateTime(_TIMES), metavar="TIME", help="When it was decided, UTC.  [default: now]"
)
@click.option(
    "--withdraw",
    "is_withdrawn",
    is_flag=True,
    help="The decision about HANDLE no longer stands; needs --because too.",
)
@click.option(
    "--list", "is_list", is_flag=True, help="Every decision, the newest first; of HANDLE, if given."
)
@format_options()
@shared_options
@pass_session
def command(  # noqa: PLR0913 - one parameter per option
    session: Session,
    *,
    handle: str | None,
    label: str | None,
    because: str | None,
    by: str | None,
    at: datetime | None,
    is_withdrawn: bool,
    is_list: bool,
    output: Format,
) -> None:
    """Keep the decision that the influence of HANDLE (or an account id) is genuine or a shill's.

    The decision is kept in the home and joined at the next run: the account's status follows it, and what was
    measured stays as it is beside it. Nothing is overwritten: a later decision, or --withdraw, takes its
    place and the earlier one stays listed.
    """
    if is_list:
        if label or is_withdrawn or because:
            raise click.UsageError("--list shows decisions and makes none: leave out the rest.")
        _show(session, handle, output)
        return
    if handle is None or (label is None) == (not is_withdrawn):
        raise click.UsageError(
            f"Give HANDLE and one of {', '.join(LABELS)} or --withdraw; or --list to see what was decided."
        )
    decision = Decision(
        **_account(session, handle),
        label=WITHDRAWN if is_withdrawn else str(label),
        because=_reason(because),
        reviewer=_reviewer(by),
        reviewed_at=_moment(at),
    )
    before = newest(read_decisions(session.home), decision.network, decision.account_id)
    if is_withdrawn and (before is None or before.label == WITHDRAWN):
        raise ReviewsError(
            f"No decision about {_called(decision)} stands, so none can be withdrawn.",
            remedy="What was decided: vouch label --list",
        )
    keep_decision(session.home, decision)
    _say_what_follows(session, decision, before)


def _account(session: Session, handle: str) -> dict[str, str]:
    """Network, id and handle of the account meant."""
    with published(session) as file:
        found = file.account(handle)
    return {name: found[name] for name in ("network", "account_id", "handle")}


def _reason(because: str | None) -> str:
    reason = plain(because or "", _LONGEST_REASON)
    if not reason:
        raise click.UsageError("A decision needs its reason: --because TEXT.")
    return reason


def _reviewer(by: str | None) -> str:
    if by is None:
        try:
            by = getpass.getuser()
        except (OSError, KeyError, ImportError):  # no user name, as in some containers
            raise click.UsageError("This machine has no user name: give --by NAME.") from None
    name = plain(by, _LONGEST_NAME)
    if not name:
        raise click.UsageError("--by needs a name.")
    return name


def _moment(at: datetime | None) -> datetime:
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    if at is not None and at > now:
        raise click.UsageError(f"--at {at.isoformat()} has not come yet; it is {now.isoformat()} UTC.")
    return at or now


def _say_what_follows(session: Session, decision: Decision, before: Decision | None) -> None:
    called = _called(decision)
    if before is not None and before.reviewed_at > decision.reviewed_at:
        session.say(
            f"Kept. A decision of {before.reviewed_at:%Y-%m-%d %H:%M}, by {plain(before.reviewer)}, is newer "
            "than this one and stands."
        )
        return
    if decision.label == WITHDRAWN:
        session.say(f"Kept: the decision about {called} no longer stands. The next run leaves it out.")
        return
    instead = "" if before is None else f" in place of {before.label} by {plain(before.reviewer)}"
    session.say(f"Kept: {called} is reviewed as {decision.label}{instead}. The next run takes it in.")


def _called(decision: Decision) -> str:
    return handle_label({"handle": decision.handle, "account_id": decision.account_id})


def _show(session: Session, handle: str | None, output_format: Format) -> None:
    decisions = read_decisions(session.home)
    if handle is not None:
        account = _account(session, handle)
        key = account["network"], account["account_id"]
        decisions = [one for one in decisions if (one.network, one.account_id) == key]
    rows = _rows(decisions)
    if output_format == "table" and rows:
        draw_table(rows, _TABLE)
    elif output_format != "table":
        write_rows(rows, _NAMES, output_format)
    if not rows:
        session.say('Nothing was decided yet: vouch label HANDLE genuine --because "..."')


def _rows(decisions: Sequence[Decision]) -> list[Row]:
    """Decisions as rows, the newest first."""
    standing = set(map(id, current(decisions).values()))
    ordered = sorted(enumerate(decisions), key=lambda pair: (pair[1].reviewed_at, pair[0]), reverse=True)
    return [
        {
            **{name: getattr(decision, name) for name in _NAMES if name != "is_current"},
            "is_current": id(decision) in standing and decision.label != WITHDRAWN,
        }
        for _, decision in ordered
    ]
