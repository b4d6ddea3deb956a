"""The sealed inbox: reports are put in, listed by week, handed to the officer, and deleted once somebody has read them.

Of a report that comes in no event is recorded: its time, beside a window's camera, would name the person.
"""

from dataclasses import dataclass
from datetime import date, datetime

from peewee import fn

from survey_app.domain import sealed as rules
from survey_app.domain.errors import N_, NothingAnswers, Refusal
from survey_app.pingyi_sealed import sealed_to
from survey_app.store import audit
from survey_app.store.database import write
from survey_app.store.models import SealedReport

MOST_REPORTS, MOST_BYTES = 10_000, 2 * 2**30  # a flood may fill the inbox, never the disk
_LABEL_SIGNS = 16


class InboxFull(Refusal):
    code, status = "sealed-full", 503
    message = N_("没有收下：密封信箱满了，在等纪检人员来取。您写的还在这一页。急事请打12388，或过一天再交。")


class ReportUnknown(NothingAnswers):
    code, status = "sealed-unknown", 404
    message = N_("信箱里没有这个编号的举报：纪检人员已经读过并取走，或编号抄错了。")


@dataclass(frozen=True)
class Waiting:
    """A report in the inbox, as far as anybody without the key can tell. `label` names it; `size` in bytes."""

    label: str
    week: date
    size: int
    sealed_to: str


def put_in(code: str, bundle: bytes, *, week: date) -> None:
    """Keep a sealed report; the same form sent again is kept once. Raises InboxFull, StorageUnavailable."""
    key = rules.report_key(code)
    with write():
        if SealedReport.select().where(SealedReport.report_key == key).exists():
            return
        count, total = _filled()
        if count >= MOST_REPORTS or total + len(bundle) > MOST_BYTES:
            raise InboxFull
        row = {"report_key": key, "week": week, "sealed_to": sealed_to(bundle), "sealed": bundle}
        SealedReport.insert(**row).execute()


def list_waiting() -> list[Waiting]:
    """What lies in the inbox, by week; within a week in the order of random keys."""
    row = SealedReport
    chosen = row.select(row.report_key, row.week, fn.LENGTH(row.sealed), row.sealed_to)
    found = chosen.order_by(row.week, row.report_key).tuples()
    return [Waiting(_label(bytes(key)), week, size, mark) for key, week, size, mark in found]


def still_waits(code: str) -> date:
    """The week in which the report with this code came in. Raises ReportUnknown."""
    return _by_code(code).week


def hand_out(label: str, *, actor: str, now: datetime) -> bytes:
    """The sealed bytes of one report, for the officer's PC. It stays in the inbox. Raises ReportUnknown."""
    with write():
        row = next((row for row in _named(label)), None)
        if row is None:
            raise ReportUnknown
        audit.record(actor=actor, action="sealed.download", subject=label, now=now)
    return bytes(row.sealed)


def confirm_received(code: str, *, actor: str, now: datetime) -> str:
    """Delete the report with this code, which only somebody who opened it can know; returns its label.

    Threat: a report confirmed before anybody could open it, by mistake or by whoever took over the officer's account.
    Raises ReportUnknown.
    """
    with write():
        key = bytes(_by_code(code).report_key)
        SealedReport.delete().where(SealedReport.report_key == key).execute()
        audit.record(actor=actor, action="sealed.received", subject=_label(key), now=now)
    return _label(key)


def record_install(mark: str, *, actor: str, now: datetime) -> None:
    """Note that the server seals to the key with this fingerprint from now on."""
    with write():
        audit.record(actor=actor, action="sealed.install", subject=mark, now=now)


def _by_code(code: str) -> SealedReport:
    row = SealedReport
    found = row.select(row.report_key, row.week).where(row.report_key == rules.report_key(code)).first()
    if found is None:
        raise ReportUnknown
    return found


def _named(label: str) -> list[SealedReport]:
    """The one report whose key begins so; an empty or broken label names none."""
    wanted = SealedReport.select().where(
        fn.LOWER(fn.HEX(fn.SUBSTR(SealedReport.report_key, 1, _LABEL_SIGNS // 2))) == label
    )
    return list(wanted.limit(1))


def _label(key: bytes) -> str:
    return key.hex()[:_LABEL_SIGNS]


def _filled() -> tuple[int, int]:
    count, total = SealedReport.select(fn.COUNT(1), fn.SUM(fn.LENGTH(SealedReport.sealed))).tuples().get()
    return count, total or 0
