"""How many cases came, were closed and are still late, by month: counted by indexes, without reading what was done."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from survey_app.domain.workdays import add_months
from survey_app.store.case_lists import Wanted, count_cases, midnight
from survey_app.store.models import CaseRecord


@dataclass(frozen=True)
class MonthCount:
    """A month by its first day. `late`: their day was in this month and is over, and they are still open."""

    first: date
    received: int
    closed: int
    late: int


def by_month(firsts: Sequence[date], kinds: Collection[str], *, today: date) -> list[MonthCount]:
    """The months that begin on these days, for cases of these kinds; no kind: all."""
    return [_count(first, add_months(first, 1), kinds, today) for first in firsts]


def _count(first: date, until: date, kinds: Collection[str], today: date) -> MonthCount:
    received = Wanted(kinds=kinds, received_from=first, received_to=until - timedelta(days=1))
    closed = (CaseRecord.closed_at >= midnight(first), CaseRecord.closed_at < midnight(until))
    late = (CaseRecord.closed_at.is_null(), CaseRecord.due_on >= first, CaseRecord.due_on < min(until, today))
    return MonthCount(first, count_cases(received), _number(closed, kinds), _number(late, kinds))


def _number(conditions: tuple[Any, ...], kinds: Collection[str]) -> int:
    of_kind = (CaseRecord.kind.in_(list(kinds)),) if kinds else ()
    return int(CaseRecord.select().where(*conditions, *of_kind).count())
