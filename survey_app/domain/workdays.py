"""Working days with 调休: which days count, and when a limit ends. A year nobody has announced is refused, not guessed.

The calendar is the State Council's yearly announcement as `chinesecalendar` holds it. A district may know more than
the installed version does: the CSV file named by PINGYI_HOLIDAYS (default var/holidays.csv) has a line `date,work` or
`date,rest` for each day that differs from an ordinary week. Its lines go before the announcement. For a year that is
not installed it must be whole: that is, name 1 January and 1 October as rest, which they always are.
"""

import calendar
import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path

import chinese_calendar

from survey_app.domain.errors import N_, BadInput, Refusal

SATURDAY = 5


class YearUnknown(Refusal):
    """A year whose holidays have not been announced, or not been installed yet."""

    code, status = "year-unknown", 422
    message = N_(
        "%(year)s年的放假安排还不知道，算不出工作日。请升级程序，或把这一年的调休写进节假日文件（holidays.csv）。"
    )


@dataclass(frozen=True)
class Calendar:
    """Working days of the announced years, and what the district's own file says: True = work, False = rest."""

    own: Mapping[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """Whether this day counts. Raises YearUnknown."""
        if day in self.own:
            return self.own[day]
        if day.year in _announced():
            return _announced_workday(day)
        if day.year in self._own_years:
            return day.weekday() < SATURDAY
        raise YearUnknown(year=day.year)

    @cached_property
    def _own_years(self) -> frozenset[int]:
        years = {day.year for day in self.own}
        return frozenset(y for y in years if all(self.own.get(date(y, month, 1)) is False for month in (1, 10)))

    def add_workdays(self, start: date, count: int) -> date:
        """The day on which `count` working days after `start` are full; the first counted is the one after it.

        With 0 the day itself, whether or not it is worked: what is done at once is done at once.
        """
        if count < 0:
            raise ValueError("count is not negative")
        day = start
        while count:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` is the earlier. 0 for the same day."""
        if end < start:
            return -self.workdays_between(end, start)
        days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
        return sum(self.is_workday(day) for day in days)


@cache
def _announced_workday(day: date) -> bool:
    # The library looks through all its days for the first and the last, every time it is asked.
    return bool(chinese_calendar.is_workday(day))


@cache
def _announced() -> frozenset[int]:
    return frozenset(day.year for day in chinese_calendar.holidays)


def read_calendar(file: Path | None) -> Calendar:
    """The calendar with the district's own file, if it has one. Raises BadInput with the line that is wrong."""
    if file is None or not file.is_file():
        return Calendar()
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise BadInput(file=file.name, problem=N_("不是UTF-8编码。请另存为UTF-8。")) from None
    own: dict[date, bool] = {}
    for number, row in enumerate(csv.reader(lines), 1):
        if row and row[0].strip() != "date" and not row[0].startswith("#"):
            day, works = _line(file, number, row)
            if own.setdefault(day, works) != works:
                problem = N_("第%(line)s行：%(day)s前面写过另一种。请留一行。")
                raise BadInput(file=file.name, problem=problem, line=number, day=day.isoformat())
    return Calendar(own)


def _line(file: Path, number: int, row: list[str]) -> tuple[date, bool]:
    words = [cell.strip() for cell in row]
    try:
        day = date.fromisoformat(words[0])
    except ValueError:
        day = None
    if day is None or len(words) != 2 or words[1] not in ("work", "rest"):
        problem = N_("第%(line)s行写法不对。每行写成：2027-02-06,work 或 2027-02-08,rest。")
        raise BadInput(file=file.name, problem=problem, line=number)
    return day, words[1] == "work"


def last_months(today: date, count: int) -> list[date]:
    """The first days of so many months, oldest first, the present one included."""
    return [add_months(today.replace(day=1), -back) for back in range(count - 1, -1, -1)]


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
