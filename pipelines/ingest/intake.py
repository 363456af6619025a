"""One pass over a dataset: the order of its steps, and the account of it all.

Files become piles of staged rows in `gathering`, piles become the lake's tables in `finishing`, audiences are
derived in `audiences`, refused values are listed in `rejects`; what is worth a warning stands in
`worth_knowing`.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.engine import sql_text
from pipelines.ingest import audiences, worth_knowing
from pipelines.ingest.contract import TABLE_BY_NAME, TABLES
from pipelines.ingest.errors import Fault
from pipelines.ingest.files import SPREADSHEETS, list_names, stem_of
from pipelines.ingest.finishing import finish, write_empty
from pipelines.ingest.gathering import Gathered, gather
from pipelines.ingest.numbered import follows_of
from pipelines.ingest.piles import FOLLOWS, MEMBERS, Pile
from pipelines.ingest.rejects import worst_rejects, write_rejects
from pipelines.ingest.report import IngestReport

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pipelines.ingest.job import IntakeJob
    from pipelines.ingest.report import AudienceReport, TableReport

_NO_EVENTS = ("accounts", MEMBERS)  # their times say when something began to exist, not that it was observed


def take_in(job: IntakeJob) -> IngestReport:
    """Read everything and write the lake's tables; the faults found are in the report."""
    gathered = gather(job)
    gathered.faults.extend(_missing_tables(job, gathered))
    reports = {
        name: finish(job, pile, gathered.refusals) for name, pile in gathered.piles.items() if name != MEMBERS
    }
    for table in TABLES:
        if table.name not in reports and table.name != MEMBERS:
            write_empty(job, table)
    audience_reports = _audiences(job, gathered, reports)
    tables = tuple(reports[table.name] for table in TABLES if table.name in reports)
    write_rejects(gathered.refusals, gathered.piles.values(), job.out)
    reject_limit = job.options.reject_limit
    stopping = [table.table for table in tables if table.rejected_share > reject_limit]
    worst = worst_rejects(job.connection, stopping)
    unused_files = _unused_files(job, gathered)
    report = IngestReport(
        data_dir=job.data_dir,
        network=job.config.network,
        is_generated=job.config.is_generated,
        as_of=job.clock.as_of,
        fingerprint=_fingerprint(job, gathered.piles),
        observed_until=_observed_until(job, gathered.piles, tables),
        tables=tables,
        audiences=audience_reports,
        worst_rejects=worst,
        warnings=(
            *gathered.warnings,
            *_worth_knowing(job, gathered, tables, audience_reports),
            *_set_aside(unused_files),
        ),
        faults=tuple(gathered.faults),
        reject_limit=reject_limit,
        unused_files=unused_files,
        follows_are_plain=FOLLOWS in gathered.piles and gathered.piles[FOLLOWS].is_plain,
        not_read_again=tuple(gathered.not_read_again),
    )
    report.balance.write_parquet(job.out / "balance.parquet")
    return report


def _missing_tables(job: IntakeJob, gathered: Gathered) -> list[Fault]:
    """A fault for each table without which nothing can be said."""
    supplied, mapped = gathered.piles, job.config.sources
    names = list_names(job.data_dir)
    there = f"There are: {', '.join(names)}.{_spreadsheet_advice(*names)}"
    faults = []
    if MEMBERS not in supplied and not job.config.audiences and MEMBERS not in mapped:
        faults.append(
            Fault(
                MEMBERS,
                "No audience is named: there is no table audience_members "
                "(audience_members.csv, .jsonl or .parquet) and no [audiences] in a dataset.toml.",
                f"{there} Add the table, or derive an audience: "
                '[audiences."my audience"] followers_of = ["@handle"].',
            )
        )
    if not {"follows", "interactions"} & ({*supplied} | {*mapped}):
        faults.append(
            Fault(
                "follows, interactions",
                "Neither table is there, and one of them is needed "
                "(looked for follows.* and interactions.*, as .csv, .jsonl or .parquet).",
                f"{there} If a file holds them under another name, map it in a dataset.toml; "
                "`vouch init DIR` drafts one.",
            )
        )
    return faults


def _audiences(
    job: IntakeJob, gathered: Gathered, reports: dict[str, TableReport]
) -> tuple[AudienceReport, ...]:
    """Derive audiences, finish the table of members (`reports` grows by it), and size them.

    One that cannot be ranked costs the others nothing; where none can be, there is nothing to do.
    """
    connection, derived = job.connection, job.config.audiences
    connection.sql(sql_text("ingest/known_accounts")).create("known_accounts")
    owners = audiences.resolve_owners(connection, derived)
    if owners.rows:
        _show_follows_of(job, [account for _, account, relation in owners.rows if relation == "followers_of"])
        pile = gathered.piles.setdefault(MEMBERS, Pile(TABLE_BY_NAME[MEMBERS]))
        path = job.scratch / f"{MEMBERS}-derived.parquet"
        pile.rows_taken += audiences.write_derived(connection, path)
        pile.staged.append(path)
        pile.present.update(("audience", "account_id", "since"))
    if MEMBERS in gathered.piles:
        reports[MEMBERS] = finish(job, gathered.piles[MEMBERS], gathered.refusals)
    else:
        write_empty(job, TABLE_BY_NAME[MEMBERS])
    owners_file = job.out / "audience_owners.parquet"
    connection.sql(sql_text("ingest/audience_owners")).write_parquet(str(owners_file))
    baselines = job.config.settings.baselines
    found = audiences.sizes(connection, owners, derived, gathered.sources)
    found = audiences.compared(connection, baselines, found)
    faults = audiences.baseline_faults(baselines, found)
    if not found:
        faults.append(Fault(MEMBERS, "There is no member in it.", "List the members."))
    if all(audience.why_unranked for audience in found):
        faults += [
            Fault(f"audience {one.audience!r}", one.why_unranked, one.remedy, one.member_unranked)
            for one in found
        ]
    if not gathered.faults:  # after a fault elsewhere, unknown members follow from it and would only distract
        gathered.faults.extend(faults)
    return found


def _show_follows_of(job: IntakeJob, accounts: Sequence[str]) -> None:
    """Make the view `follows` of those of some accounts, as text."""
    path = job.scratch / "owned-follows.parquet"
    follows_of(job.out, accounts).write_parquet(path)
    job.connection.read_parquet(str(path)).create_view("follows", replace=True)


def _fingerprint(job: IntakeJob, piles: Mapping[str, Pile]) -> str:
    digest = hashlib.sha256()
    for name in sorted(piles):
        for file in piles[name].files:
            digest.update(f"{name}\0{file.name}\0{file.sha256}\n".encode())
    if job.config.path is not None:
        digest.update(job.config.path.read_bytes())
    return digest.hexdigest()


def _observed_until(
    job: IntakeJob, piles: Mapping[str, Pile], tables: Sequence[TableReport]
) -> datetime | None:
    """The newest time of any event in the lake."""
    newest = []
    for report in tables:
        happens_at = TABLE_BY_NAME[report.table].happens_at
        if report.table == FOLLOWS:
            numbered = piles[FOLLOWS].numbered
            newest.append(None if numbered is None else numbered.latest)
        elif happens_at is not None and report.table not in _NO_EVENTS:
            newest += job.connection.view(report.table).aggregate(f"max({happens_at}) AS t").fetchall()[0]
    return max((moment for moment in newest if moment is not None), default=None)


def _unused_files(job: IntakeJob, gathered: Gathered) -> tuple[str, ...]:
    used = gathered.used_files
    folders = {name.split("/")[0] + "/" for name in used if "/" in name}
    return tuple(name for name in list_names(job.data_dir) if name not in used and name not in folders)


def _worth_knowing(
    job: IntakeJob,
    gathered: Gathered,
    tables: Sequence[TableReport],
    found: Sequence[AudienceReport],
) -> list[str]:
    """What is worth knowing of the tables, the most important first."""
    connection, sources = job.connection, gathered.sources
    numbered = gathered.piles[FOLLOWS].numbered if FOLLOWS in gathered.piles else None
    strangers, thin = worth_knowing.coverage(connection, tables, sources)
    return [
        *worth_knowing.spelled_apart(connection, tables, sources),
        *strangers,
        *worth_knowing.other_names(connection, tables, sources),
        *worth_knowing.refused(connection, tables, job.options.reject_limit),
        *worth_knowing.unknown_members(connection, found, sources),
        *worth_knowing.unknown_owners(connection, found),
        *worth_knowing.shared_handles(connection),
        *worth_knowing.left_out(tables, job.clock.as_of),
        *thin,
        *worth_knowing.follows_of_oneself(0 if numbered is None else numbered.to_oneself),
        *worth_knowing.unused(tables),
    ]


def _set_aside(unused_files: Sequence[str]) -> list[str]:
    """A sentence for each file that feeds no table and should perhaps feed one."""
    return [
        f"{name} is not used by any table.{_spreadsheet_advice(name)}"
        for name in unused_files
        if Path(stem_of(Path(name))).stem.upper() not in {"README", "LICENSE"}
    ]


def _spreadsheet_advice(*names: str) -> str:
    has_sheets = any(name.lower().endswith(SPREADSHEETS) for name in names)
    return " Excel is not read; save each sheet as CSV." if has_sheets else ""
