"""The ledger of cases to download: where each stands, nobody's words and nobody's contact; as Excel and as CSV."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import IO

from survey_app.casework import showing
from survey_app.casework.showing import Names
from survey_app.config import Settings
from survey_app.domain.cases import kinds, steps
from survey_app.domain.cases.state import NO, TO_HEAD, TO_OFFICE, YES, day_of
from survey_app.domain.errors import N_
from survey_app.domain.roles import AUDITOR, CASE_HANDLER, DISCIPLINE_OFFICER, REVIEWER, UNIT_HEAD
from survey_app.domain.training import PAPER
from survey_app.jobs import preparing
from survey_app.jobs.preparing import Progress
from survey_app.publishing.tables.csvfile import write_csv
from survey_app.store.case_lists import OLDEST, Wanted, count_cases, list_cases
from survey_app.store.cases import Case
from survey_app.web import downloads, ledgers
from survey_app.web.context import today
from survey_app.web.doors import here
from survey_app.web.downloads import Offer
from survey_app.web.ledgers import CSV, XLSX, Ledger, Narrowed
from survey_app.web.workbook import write_table

CASES, COMPLAINTS, LOT = "cases", "complaints", 5_000
KINDS_OF = {CASES: (), COMPLAINTS: (kinds.COMPLAINT,)}
CSV_HEADER = (
    *("number", "kind", "channel", "unit", "procedure", "state"),
    *("received_on", "due_on", "closed_on", "raised", "reopened", "satisfied"),
)
HEADER = (
    *(N_("编号"), N_("种类"), N_("怎么来的"), N_("单位"), N_("事项"), N_("情况")),
    *(N_("收到"), N_("最后一日"), N_("办结"), N_("报到哪里"), N_("重办次数"), N_("本人是否满意")),
)
RAISED = {TO_HEAD: N_("负责人"), TO_OFFICE: N_("办公室")}
SATISFIED = {YES: N_("满意"), NO: N_("不满意")}

_READ = frozenset({REVIEWER, AUDITOR})
_OF_UNIT = frozenset({CASE_HANDLER, UNIT_HEAD})
_FROM_RATINGS = ("everyday",)
_BOTH = (XLSX, CSV)
ledgers.add(Ledger(CASES, N_("办件台账"), _READ, None, CASES, _FROM_RATINGS, _BOTH))
ledgers.add(Ledger(COMPLAINTS, N_("投诉台账"), frozenset({DISCIPLINE_OFFICER}), None, CASES, (), _BOTH))  # all it reads
ledgers.add(Ledger(CASES, N_("本单位办件台账"), _OF_UNIT, None, CASES, _FROM_RATINGS, _BOTH, own_unit=True))


@downloads.source(REVIEWER, AUDITOR, DISCIPLINE_OFFICER, CASE_HANDLER, UNIT_HEAD)
def _by_year() -> Iterator[Offer]:
    """One file a year and kind of file, from the year of the first case."""
    first = list_cases(Wanted(), sort=OLDEST, limit=1).cases
    open_to = [one for one in ledgers.open_to(here()) if one.prepared == CASES]
    for year in range(day_of(first[0].received_at).year if first else today().year + 1, today().year + 1):
        for ledger in open_to:
            wanted = Narrowed(ledger.code, *ledgers.whole_year(year), unit=here().unit_slug if ledger.own_unit else "")
            yield from (ledgers.offer(ledger, wanted, ending) for ending in ledger.endings)


@preparing.maker(CASES)
def _write_cases(settings: Settings, name: str, out: IO[bytes], progress: Progress) -> None:
    """One line a case received in the period, oldest first; the name says which (web/ledgers)."""
    asked, names = ledgers.narrowed(name), showing.names(settings)
    lots = _lots(_wanted(asked, names), progress)
    if name.endswith(f".{CSV}"):
        _write_csv(lots, out)
        return
    rows = (_cells(case, names) for lot in lots for case in lot)
    note = PAPER if settings.training else ""
    out.write(write_table("办件台账", HEADER, rows, datetime.combine(asked.on, time(), UTC), note=note))


def _wanted(asked: Narrowed, names: Names) -> Wanted:
    units = names.of_class(asked.unit_class) if asked.unit_class else None
    chosen = (kinds.BAD_RATING,) if asked.instrument else KINDS_OF[asked.ledger]
    return Wanted(asked.unit, units, chosen, received_from=asked.since, received_to=asked.until)


def _lots(wanted: Wanted, progress: Progress) -> Iterator[list[Case]]:
    """The cases in lots, so that no more than one is held; how far it is is told after each."""
    total = count_cases(wanted)
    for offset in range(0, max(total, 1), LOT):
        yield list_cases(wanted, sort=OLDEST, offset=offset, limit=LOT).cases
        progress(min(offset + LOT, total), total)


def _write_csv(lots: Iterable[list[Case]], out: IO[bytes]) -> None:
    """Codes instead of words, for programs; one header, one mark of byte order."""
    for number, lot in enumerate(lots):
        written = write_csv(CSV_HEADER, [[str(cell or "") for cell in _codes(case)] for case in lot])
        out.write(written.split(b"\n", 1)[1] if number else written)


def _codes(case: Case) -> list[object]:
    named = (case.number, case.kind, case.channel, case.unit, case.procedure, case.state)
    return [*named, *_days(case), case.raised, str(case.reopened), case.satisfied]


def _days(case: Case) -> tuple[date | None, ...]:
    return day_of(case.received_at), case.due_on, case.closed_at and day_of(case.closed_at)


def _cells(case: Case, names: Names) -> list[object]:
    """The same in words: the job that writes them has no reader whose language it could ask for."""
    words = (kinds.KIND_WORDS[case.kind], kinds.CHANNEL_WORDS[case.channel], names.unit(case.unit))
    told = (RAISED.get(case.raised, ""), case.reopened, SATISFIED.get(case.satisfied, ""))
    return [case.number, *words, names.procedure(case), steps.STATE_WORDS[case.state], *_days(case), *told]
