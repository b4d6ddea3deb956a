"""Days that exist and stand in their order. What only the passing of time makes wrong is told by `fresh`."""

import re
from collections.abc import Iterator
from datetime import date

from survey_app.domain.errors import N_, Finding
from survey_app.publishing.checks.looks import At, Check, Look

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DAY_KEY = re.compile(r"(?:.*_)?(?:on|by|from|to|at)")
ORDERED = (
    ("version_on", "review_by"),
    ("valid_from", "valid_to"),
    ("issued_on", "published_on"),
    ("published_on", "expires_on"),
    ("published_on", "repealed_on"),
    ("opens_on", "closes_on"),
)
FILE_WHY = N_("公告的网址以发布日期开头，两处一样才找得到。")


def real_days(look: Look) -> Iterator[Finding]:
    """Each day exists in the calendar. Goes before all other checks, which reckon with the days."""
    for at, day in _days(look):
        if not is_day(day):
            yield look.error(at, N_("日历里没有%(day)s这一天。"), day=day)


def _days(look: Look) -> Iterator[tuple[At, str]]:
    for at, key, text in look.texts:
        if len(text) in (10, 16) and DAY.fullmatch(text[:10]) and DAY_KEY.fullmatch(key):
            yield at, text[:10]


def is_day(text: str) -> bool:
    """Whether the calendar has this day."""
    try:
        return date.fromisoformat(text) is not None
    except ValueError:
        return False


def days_in_order(look: Look) -> Iterator[Finding]:
    """A later day does not stand before an earlier one."""
    data = look.data
    pairs = [(first, second, data.get(first), data.get(second)) for first, second in ORDERED]
    if look.page.kind == "notice" and "withdrawn" in data:
        pairs.append(("published_on", "withdrawn", data["published_on"], data["withdrawn"]["on"]))
    for _first, second, before, after in pairs:
        if isinstance(before, str) and isinstance(after, str) and before > after:
            message = N_("%(second)s早于%(first)s，请核对两个日期。")
            yield look.error((second,), message, first=before, second=after)


def day_in_file_name(look: Look) -> Iterator[Finding]:
    """A notice's file name begins with the day of publication, a report's with its year."""
    data, slug = look.data, look.page.slug
    if look.page.kind == "notice" and not slug.startswith(data["published_on"] + "-"):
        message = N_("发布日期%(day)s与文件名开头的日期不同，请改成一样。")
        yield look.error(("published_on",), message, FILE_WHY, day=data["published_on"])
    if look.page.kind == "annual_report" and slug[:11] != f"annual-{data['year']}":
        yield look.error(("year",), N_("%(year)s年与文件名里的年份不同，请改成一样。"), year=data["year"])


CHECKS: tuple[Check, ...] = (days_in_order, day_in_file_name)
