"""The office's files to download: results of published rounds, ledgers of codes, the audit log by month."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import IO

from survey_app.config import Settings
from survey_app.domain.audit import canonical_json
from survey_app.domain.errors import N_, fill
from survey_app.domain.roles import ADMINISTRATOR, AUDITOR, ISSUER, ROLES, ROUND_OFFICER
from survey_app.jobs import preparing
from survey_app.jobs.preparing import Progress
from survey_app.office import ledger
from survey_app.publishing.pages import Page
from survey_app.publishing.revisions import revising
from survey_app.publishing.tables.csvfile import write_csv
from survey_app.store import audit, batches, rounds
from survey_app.store.audit import Wanted as WantedEvents
from survey_app.store.rounds import Round
from survey_app.web import downloads, lists
from survey_app.web.context import now, settings, today
from survey_app.web.downloads import BRIEF, DATA, LEDGER, LOG, NOTICE, WORKBOOK, Offer
from survey_app.web.language import say

RESULTS = (
    (WORKBOOK, "results.xlsx", "results.xlsx", N_("%(round)s，结果工作簿")),
    (NOTICE, "notice.docx", "notice.docx", N_("%(round)s，通报（Word）")),
    (BRIEF, "brief.docx", "brief.docx", N_("%(round)s，简报（Word）")),
    (DATA, "manifest.json", "data.zip", N_("%(round)s，全部数据（CSV压缩包）")),
)
AUDIT_LOG, LOT = "audit-log", 5_000
HEADER = ("number", "at_utc", "actor", "action", "subject", "detail")
EVERYDAY = "everyday-"


@downloads.source(*(set(ROLES) - {ADMINISTRATOR}))
def _results() -> Iterator[Offer]:
    """Of each published round: workbook, notice, brief, and its data, in the version that stands."""
    for page in revising.book_of(settings()).kind("round"):
        if page.data.get("status") == "published":
            yield from _of_round(page, settings().pages / "results" / page.slug)


def _of_round(page: Page, folder: Path) -> Iterator[Offer]:
    on = date.fromisoformat(str(page.data["published_on"]))
    version = 1 + sum(older.is_dir() for older in folder.glob("v[0-9]*"))
    for kind, file, ending, title in RESULTS:
        if (folder / file).is_file():
            yield Offer(
                f"{page.slug}-v{version}-{on:%Y%m%d}-{ending}",
                fill(title, {"round": page.title}, say),
                kind,
                str(page.data["closes_on"])[:4],
                on,
                make=(lambda: _zipped(folder)) if kind == DATA else (folder / file).read_bytes,
                instrument="everyday" if page.slug.startswith(EVERYDAY) else "campaign",
                round_title=page.title,
            )


def _zipped(folder: Path) -> bytes:
    """The data files as published, with the manifest by which they are checked; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted([*folder.glob("*.csv"), *folder.glob("*.json"), *folder.glob("*.toml")]):
            archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


@downloads.source(ISSUER, ROUND_OFFICER, AUDITOR)
def _ledgers() -> Iterator[Offer]:
    for round_ in rounds.list_rounds():
        if batches.ledger(round_.code):
            yield Offer(
                f"{round_.code}-codes-{today():%Y%m%d}.xlsx",
                fill(N_("%(round)s，评议码台账"), {"round": round_.name}, say),
                LEDGER,
                str(round_.closes_on.year),
                today(),
                make=_ledger_of(round_),
                instrument=round_.instrument,
            )


def _ledger_of(round_: Round) -> Callable[[], bytes]:
    made = ledger.list_of(round_)
    return lambda: lists.table(made, batches.ledger(round_.code))


@downloads.source(AUDITOR, ADMINISTRATOR)
def _log_by_month() -> Iterator[Offer]:
    """One file a month (UTC), from the first event on; the month that is not over says until which day."""
    first = audit.list_events(limit=1, oldest_first=True)
    month = date.fromisoformat(first[0].at[:7] + "-01") if first else None
    while month is not None and month <= today():
        last = _end_of(month)
        over = last < now().astimezone(UTC).date()
        name = f"audit-log-{month:%Y-%m}" + ("" if over else f"-until-{today():%Y%m%d}")
        yield Offer(
            f"{name}.csv",
            fill(N_("操作记录，%(year)s年%(month)s月"), {"year": month.year, "month": month.month}, say),
            LOG,
            str(month.year),
            last if over else today(),
            prepared=(AUDIT_LOG, f"{month:%Y-%m}"),
        )
        month = last + timedelta(days=1)


def _end_of(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@preparing.maker(AUDIT_LOG)
def _write_log(_settings: Settings, month: str, out: IO[bytes], progress: Progress) -> None:
    """The events of a month, oldest first, with their full detail; `pingyi audit verify` proves them."""
    since = date.fromisoformat(f"{month}-01")
    wanted = WantedEvents(since=since, until=_end_of(since))
    total = audit.count_events(wanted)
    for offset in range(0, max(total, 1), LOT):
        events = audit.list_events(wanted, limit=LOT, offset=offset, oldest_first=True)
        rows = [(str(e.number), e.at, e.actor, e.action, e.subject, canonical_json(e.detail)) for e in events]
        written = write_csv(HEADER, rows)
        out.write(written if not offset else written.split(b"\r\n", 1)[1])  # one header, one mark of byte order
        progress(min(offset + LOT, total), total)
