"""Periods of briefs: half a month (半月), a month, a quarter."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from survey_app.domain.errors import N_, Refusal

_HALF, _MONTH, _QUARTER = (
    re.compile(r"(20\d\d)-(0[1-9]|1[0-2])-([ab])"),
    re.compile(r"(20\d\d)-(0[1-9]|1[0-2])"),
    re.compile(r"(20\d\d)-q([1-4])"),
)


class PeriodUnknown(Refusal):
    code, status = "period-unknown", 404
    message = N_("没有这一期。请从清单里选一期。")


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both with them; `code` such as 2026-11-a, 2026-11, 2026-q4; `words` are on paper."""

    code: str
    first: date
    last: date
    words: str


def period(code: str) -> Period:
    """The period of this code. Raises PeriodUnknown."""
    if found := _HALF.fullmatch(code):
        year, month = int(found[1]), int(found[2])
        end = monthrange(year, month)[1]
        first, last, half = (1, 15, "上") if found[3] == "a" else (16, end, "下")
        return Period(code, date(year, month, first), date(year, month, last), f"{year}年{month}月{half}半月")
    if found := _MONTH.fullmatch(code):
        year, month = int(found[1]), int(found[2])
        return Period(code, date(year, month, 1), date(year, month, monthrange(year, month)[1]), f"{year}年{month}月")
    if found := _QUARTER.fullmatch(code):
        year, quarter = int(found[1]), int(found[2])
        end = monthrange(year, 3 * quarter)[1]
        words = f"{year}年第{'一二三四'[quarter - 1]}季度"
        return Period(code, date(year, 3 * quarter - 2, 1), date(year, 3 * quarter, end), words)
    raise PeriodUnknown


def recent(today: date, months: int = 6) -> list[Period]:
    """Periods that have begun, of the last months, the newest first: halves and months, then quarters."""
    found = []
    for back in range(months):
        number = today.year * 12 + today.month - 1 - back
        year, month = divmod(number, 12)
        found += [f"{year}-{month + 1:02d}-b", f"{year}-{month + 1:02d}-a", f"{year}-{month + 1:02d}"]
    quarter = today.year * 4 + (today.month - 1) // 3
    found += [f"{(quarter - back) // 4}-q{(quarter - back) % 4 + 1}" for back in range(4)]
    return [one for code in found if (one := period(code)).first <= today]
