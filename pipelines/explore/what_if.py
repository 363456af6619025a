"""Another choice of partners: computed with the kernels that made the published one, on the published lists.

Belongs here: what a person may wish, whether it can be met, the choice, and how it differs from the published
plan. An untouched wish gives the published plan to the last digit; a test holds that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graph.partners.portfolio import PortfolioRules, select_portfolio, who_may_be_picked
from graph.partners.repetition import added_reach, select_for_repetition, times_reached
from pipelines import numbers
from pipelines.errors import VouchError
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from pipelines.explore.reading import AudienceView, ReachLists, Row

MOST_PICKS = 50
MOST_TIMES = 3
_LONGEST_NAME = 60


class WishError(VouchError):
    """No choice can meet the wish."""


@dataclass(frozen=True)
class Wish:
    """What a person asks for.

    Attributes:
        times: How often a member is to hear it: 1 is reach, more is repetition.
        picks: The most picks; None for no limit.
        budget: The most money; None for no limit.
        locked: Ids of accounts that are picked in any case, also where nobody would recommend them.
        dropped: Ids of accounts that are not picked.
    """

    times: int = 1
    picks: int | None = None
    budget: float | None = None
    locked: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """The partners chosen.

    Attributes:
        rows: One per pick in order, with the columns of the published `portfolio` and `again_members`
            (members who heard it already from an earlier pick), `is_locked` and `published_pick` (its place
            in the published plan).
        heard: Members who hear it from at least one, two … picks.
        n_members: Size of the audience.
        reach_share: Share of the audience's weight, trust-weighted, that the picks reach.
        members_reached: Members that at least one pick reaches.
        spent: Sum of the known prices.
        n_unpriced: Picks without a known price.
        share_of_best: At least this share of the best possible; None where no bound was computed.
        is_vetted: Whether the picks could be looked at for enough kinds of bought influence.
    """

    rows: list[Row]
    heard: list[int]
    n_members: int
    reach_share: float
    members_reached: int
    spent: float
    n_unpriced: int
    share_of_best: float | None
    is_vetted: bool


@dataclass(frozen=True)
class Difference:
    """How a choice differs from a published plan.

    Attributes:
        entered: Rows of the choice that the plan does not hold.
        left: Rows of the plan that the choice does not hold.
        reach_change: Change of the trust-weighted reach, in shares of the audience's weight.
        members_change: Change of the number of members reached; None where the plan does not say it.
    """

    entered: list[Row]
    left: list[Row]
    reach_change: float | None
    members_change: int | None


def published_wish(view: AudienceView, plan: str) -> Wish:
    """The wish that a published plan answers."""
    picks = view.plans.get(plan, [])
    if plan == "budget" and picks and picks[0]["budget"] is not None:
        return Wish(budget=float(picks[0]["budget"]))
    return Wish(picks=len(picks) or 10)


def wish_from_address(
    values_of: Callable[[str], list[str]], view: AudienceView, plan: str
) -> tuple[Wish, list[str]]:
    """The wish in an address, the published plan's where it says nothing, and what in it is no wish.

    Args:
        values_of: Every value that the address gives a name.
        view: The audience.
        plan: The published plan to start from.
    """
    known = {row["account_id"] for row in view.candidates}
    start = published_wish(view, plan)
    strange = []
    numbers_found: dict[str, float | None] = {
        "goal": start.times,
        "number": start.picks,
        "budget": start.budget,
    }
    limits = {"goal": (1, MOST_TIMES), "number": (1, MOST_PICKS), "budget": (0, math.inf)}
    for name, (low, high) in limits.items():
        for value in values_of(name)[:1]:
            number = _number(value)
            if number is None or not low <= number <= high:
                strange.append(f"{name} “{plain(value, _LONGEST_NAME)}”")
            else:
                numbers_found[name] = number
    accounts: dict[str, tuple[str, ...]] = {}
    for name in ("keep", "drop"):
        asked = dict.fromkeys(values_of(name))
        accounts[name] = tuple(account for account in asked if account in known)
        strange += [f"{name} “{plain(account, _LONGEST_NAME)}”" for account in asked if account not in known]
    picks = numbers_found["number"]
    return Wish(
        times=int(numbers_found["goal"] or 1),
        picks=None if picks is None else int(picks),
        budget=numbers_found["budget"],
        locked=accounts["keep"],
        dropped=accounts["drop"],
    ), strange


def written_count(text: str) -> int | None:
    """A number of partners as somebody wrote it; None where nothing is written.

    Raises:
        WishError: It is no number of partners.
    """
    number = _number(text) if text.strip() else None
    if text.strip() and (number is None or number % 1 or not 1 <= number <= MOST_PICKS):
        raise WishError(
            f"“{plain(text, _LONGEST_NAME)}” is no number of partners.",
            remedy=f"Write a whole number from 1 to {MOST_PICKS}, or nothing for no limit.",
        )
    return None if number is None else int(number)


def written_money(text: str) -> float | None:
    """A budget as somebody wrote it, with or without commas; None where nothing is written.

    Raises:
        WishError: It is no amount of money.
    """
    number = _number(text.replace(",", "").replace("\N{NO-BREAK SPACE}", "")) if text.strip() else None
    if text.strip() and (number is None or number < 0):
        raise WishError(
            f"“{plain(text, _LONGEST_NAME)}” is no budget.",
            remedy="Write an amount such as 2500, or nothing for no limit.",
        )
    return number


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def choose(view: AudienceView, wish: Wish, plan: str) -> Choice:
    """The partners who meet the wish best.

    Args:
        view: The audience.
        wish: What is asked for.
        plan: The published plan that the rows are compared with.

    Raises:
        WishError: Nothing can meet it, with everything that stands in the way.
    """
    lists = view.lists
    if lists is None:
        raise WishError(
            "The published file does not say how much each member of this audience counts.",
            remedy="Publish it again with this Vouch: vouch run --data DIR",
        )
    ranked = view.candidates
    place = {row["account_id"]: at for at, row in enumerate(ranked)}
    _check(wish, ranked, place)
    eligible, is_vetted = _eligible(ranked)
    locked = [place[account] for account in wish.locked]
    eligible[[place[account] for account in wish.dropped if account in place]] = False
    eligible[locked] = True
    rules = PortfolioRules(eligible=eligible, locked=locked)
    worth = np.clip(np.nan_to_num(_column(ranked, "score")), 0.0, 1.0)
    prices = _column(ranked, "price")
    share_of_best: float | None = None
    backups: NDArray[np.int64] | None = None
    if wish.times == 1:
        found = select_portfolio(
            lists.offsets,
            lists.members,
            lists.weight,
            worth,
            count=wish.picks,
            budget=wish.budget,
            price=prices if wish.budget is not None else None,
            rules=rules,
        )
        picks, gain, new_members = found.picks, found.gain, found.new_members
        backups, share_of_best = found.backup, found.share_of_best
    else:
        repeated = select_for_repetition(
            lists.offsets,
            lists.members,
            lists.weight,
            worth,
            wish.times,
            limits=(wish.picks, wish.budget),
            price=prices,
            rules=rules,
        )
        picks = repeated.picks
        gain, new_members = added_reach(lists.offsets, lists.members, lists.weight, worth, picks)
    rows = _pick_rows(view, plan, picks, (gain, new_members), backups, frozenset(wish.locked))
    heard = times_reached(lists.offsets, lists.members, lists.weight.size, picks)
    known = prices[picks][~np.isnan(prices[picks])]
    return Choice(
        rows=rows,
        heard=[int(np.count_nonzero(heard >= times)) for times in range(1, MOST_TIMES + 1)],
        n_members=lists.weight.size,
        reach_share=rows[-1]["cumulative_share"] if rows else 0.0,
        members_reached=rows[-1]["cumulative_members"] if rows else 0,
        spent=float(known.sum()),
        n_unpriced=int(picks.size - known.size),
        share_of_best=None if numbers.is_unknown(share_of_best) else share_of_best,
        is_vetted=is_vetted,
    )


def difference(choice: Choice, published: Sequence[Row]) -> Difference:
    """How the choice differs from the published picks of a plan."""
    chosen = {row["account_id"] for row in choice.rows}
    before = {row["account_id"] for row in published}
    reach = published[-1]["cumulative_share"] if published else None
    members = published[-1]["cumulative_members"] if published else None
    return Difference(
        entered=[row for row in choice.rows if row["account_id"] not in before],
        left=[row for row in published if row["account_id"] not in chosen],
        reach_change=None if reach is None else choice.reach_share - reach,
        members_change=None if members is None else choice.members_reached - members,
    )


def account_labels(rows: Iterable[Row]) -> dict[str, str]:
    """What a person chooses an account by → its id, the published picks first.

    An id is added where a label would stand for two accounts.
    """
    labels: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: not row["is_pick"]):
        place = "" if row.get("rank") is None else f" · {row['rank']}"
        label = f"{handle_of(row)}{place}"
        if label in labels:
            label = f"{label} · {plain(str(row['account_id']), _LONGEST_NAME)}"
        labels[label] = row["account_id"]
    return labels


def handle_of(row: Row) -> str:
    """`@handle`, or the id where there is none, on one line."""
    handle = str(row["handle"] or "").strip().removeprefix("@")
    return plain(f"@{handle}" if handle else str(row["account_id"]), _LONGEST_NAME)


def _eligible(ranked: Sequence[Row]) -> tuple[NDArray[np.bool_], bool]:
    texts = ([str(row[name] or "") for row in ranked] for name in ("status", "status_reason"))
    eligible, is_vetted = who_may_be_picked(*texts, _column(ranked, "lift_low"))
    return eligible.copy(), is_vetted


def _column(rows: Sequence[Row], name: str) -> NDArray[np.float64]:
    return np.asarray([np.nan if row[name] is None else row[name] for row in rows], dtype=np.float64)


def _check(wish: Wish, ranked: Sequence[Row], place: dict[str, int]) -> None:
    """Raise when the wish contradicts itself or the ranking; everything that is wrong is named at once."""
    faults = []
    if wish.picks is None and wish.budget is None:
        faults.append("Neither a number of partners nor a budget is given.")
    unknown = [account for account in wish.locked if account not in place]
    faults += [f"{plain(account, _LONGEST_NAME)} is no candidate of this audience." for account in unknown]
    locked = [ranked[place[account]] for account in wish.locked if account in place]
    faults += [
        f"{handle_of(row)} is both to be kept and to be left out."
        for row in locked
        if row["account_id"] in wish.dropped
    ]
    if wish.picks is not None and len(locked) > wish.picks:
        faults.append(f"{len(locked)} accounts are to be kept, and only {wish.picks} may be picked.")
    if wish.budget is not None:
        faults += [
            f"{handle_of(row)} is to be kept, but has no price in the currency of budgets, so none can hold "
            "it."
            for row in locked
            if row["price"] is None
        ]
        cost = sum(row["price"] for row in locked if row["price"] is not None)
        if cost > wish.budget:
            faults.append(
                f"The accounts to be kept cost {numbers.money(cost)} together, the budget is "
                f"{numbers.money(wish.budget)}."
            )
    if faults:
        raise WishError("This cannot be met.", details=faults, remedy="Change one of these wishes.")


def _total(lists: ReachLists) -> float:
    return max(float(lists.weight.sum()), 1e-12)


def _pick_rows(
    view: AudienceView,
    plan: str,
    picks: NDArray[np.int64],
    adds: tuple[NDArray[np.float64], NDArray[np.int64]],
    backups: NDArray[np.int64] | None,
    locked: frozenset[str],
) -> list[Row]:
    lists: Any = view.lists
    gain, new_members = adds
    total = _total(lists)
    published = {row["account_id"]: row["pick"] for row in view.plans.get(plan, [])}
    reached = lists.offsets[picks + 1] - lists.offsets[picks]
    cumulative, members = np.cumsum(gain), np.cumsum(new_members)
    rows = []
    for at, candidate in enumerate(picks):
        row = view.candidates[candidate]
        backup = None if backups is None or backups[at] < 0 else view.candidates[backups[at]]
        rows.append(
            {
                **row,
                "pick": at + 1,
                "adds": float(gain[at]),
                "adds_share": float(gain[at] / total),
                "cumulative_reach": float(cumulative[at]),
                "cumulative_share": float(cumulative[at] / total),
                "new_members": int(new_members[at]),
                "again_members": int(reached[at] - new_members[at]),
                "cumulative_members": int(members[at]),
                "cumulative_members_share": float(members[at] / max(lists.weight.size, 1)),
                "backup_account_id": None if backup is None else backup["account_id"],
                "backup_handle": None if backup is None else handle_of(backup),
                "is_locked": row["account_id"] in locked,
                "published_pick": published.get(row["account_id"]),
            }
        )
    return rows
