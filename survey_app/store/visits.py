"""Visit codes: issued by unit, procedure and month; in clear with the caller alone, in the database as tags."""

from dataclasses import dataclass
from datetime import date, datetime

from peewee import fn

from survey_app.config import Keys
from survey_app.domain import codes, everyday
from survey_app.domain.errors import N_, NothingAnswers, Refusal
from survey_app.domain.visit_codes import visit_tag, visit_use_tag
from survey_app.store import audit
from survey_app.store.database import write
from survey_app.store.models import CodeUse, VisitBatch, VisitCode

MOST = 5000  # a sheet holds two dozen slips; a typing slip must not fill the disk


class VisitBatchTooSmall(Refusal):
    code, status = "visit-batch-small", 422
    message = N_("一批至少%(min_n)s个办事码，这次只要了%(count)s个。太少了会让人猜出是谁评的。")


class VisitBatchTooLarge(Refusal):
    code, status = "visit-batch-large", 422
    message = N_("一次最多发%(most)s个办事码，这次要了%(count)s个。请分几次发。")


class MonthGone(Refusal):
    code, status = "month-gone", 409
    message = N_("%(month)s已经过去，不能再发那个月的办事码。")


class VisitCodeUnknown(NothingAnswers):
    code, status = "visit-unknown", 422
    message = N_("没有这个办事码。请对照小票再看一遍；没有小票的可以空着。")


class VisitCodeElsewhere(Refusal):
    code, status = "visit-elsewhere", 422
    message = N_("这个办事码是办别的事时给的，不能用来评这里。请从小票上的二维码进，或把办事码空着。")


class VisitCodeExpired(Refusal):
    code, status = "visit-expired", 422
    message = N_("这个办事码用到%(until)s为止，已经过期。把办事码空着也可以评。")


class VisitCodeUsed(Refusal):
    code, status = "visit-used", 409
    message = N_("这个办事码已经评过一次。一个办事码只能用一次，评过不能再改。")


@dataclass(frozen=True)
class Visit:
    """What a valid visit code stands for."""

    batch_id: int
    month: str


@dataclass(frozen=True)
class VisitCount:
    """A row of the ledger of visit codes."""

    batch: int
    unit: str
    procedure: str
    month: str
    issued: int
    used: int
    issued_on: date


def issue_visit_codes(
    *, service: tuple[str, str], month: str, count: int, min_n: int, keys: Keys, today: date, by: str, now: datetime
) -> list[str]:
    """Issue `count` codes for a unit and procedure (or none) and return them in clear: they are in clear nowhere else.

    Raises VisitBatchTooSmall, VisitBatchTooLarge, MonthGone.
    """
    _require_issuable(month, count, min_n, today)
    fresh: set[str] = set()
    while len(fresh) < count:
        fresh.add(codes.new_code())
    tags = sorted(visit_tag(keys.admit, code) for code in fresh)  # in their own order: that of issue is nowhere kept
    unit, procedure = service
    with write():
        batch = VisitBatch.create(unit=unit, procedure=procedure, month=month, issued=count, issued_on=today)
        for start in range(0, count, 400):
            rows = [{"code_tag": tag, "batch": batch.id} for tag in tags[start : start + 400]]
            VisitCode.insert_many(rows).execute()
        detail = {"procedure": procedure, "month": month, "count": count}
        audit.record(actor=by, action="everyday.codes", subject=unit, detail=detail, now=now)
    return list(fresh)


def require_visit(*, code: str, unit: str, procedure: str, keys: Keys, today: date) -> Visit:
    """What `code` (canonical) stands for. Raises VisitCodeUnknown, VisitCodeElsewhere, VisitCodeExpired.

    A form for the unit as a whole takes the codes of its services too.
    """
    row = VisitCode.get_or_none(VisitCode.code_tag == visit_tag(keys.admit, code))
    if row is None:
        raise VisitCodeUnknown
    batch = row.batch
    if batch.unit != unit or (procedure and batch.procedure not in ("", procedure)):
        raise VisitCodeElsewhere
    if everyday.is_over(batch.month, today):
        raise VisitCodeExpired(until=everyday.codes_until(batch.month))
    return Visit(batch.id, batch.month)


def spend(visit: Visit, code: str, keys: Keys) -> bool:
    """Inside a write: True the first time, False ever after."""
    tag = visit_use_tag(keys.admit, code)
    first = bool(CodeUse.insert(use_tag=tag).on_conflict_ignore().as_rowcount().execute())
    if first:
        VisitBatch.update(used=VisitBatch.used + 1).where(VisitBatch.id == visit.batch_id).execute()
    return first


def ledger(month: str = "") -> list[VisitCount]:
    """Issued and used, by batch, newest month first."""
    rows = VisitBatch.select().order_by(VisitBatch.month.desc(), VisitBatch.id)
    rows = rows.where(VisitBatch.month == month) if month else rows
    return [VisitCount(b.id, b.unit, b.procedure, b.month, b.issued, b.used, b.issued_on) for b in rows]


def issued_by_unit(month: str) -> dict[str, int]:
    """Unit slug -> visit codes issued for the month."""
    rows = VisitBatch.select(VisitBatch.unit, fn.SUM(VisitBatch.issued)).where(VisitBatch.month == month)
    return dict(rows.group_by(VisitBatch.unit).order_by(VisitBatch.unit).tuples())


def _require_issuable(month: str, count: int, min_n: int, today: date) -> None:
    if count < min_n:
        raise VisitBatchTooSmall(min_n=min_n, count=count)
    if count > MOST:
        raise VisitBatchTooLarge(most=MOST, count=count)
    if today > everyday.ends_on(month):
        raise MonthGone(month=month)
