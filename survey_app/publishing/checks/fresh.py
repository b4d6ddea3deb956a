"""What time has made wrong: overdue checks, columns nobody feeds, cadences not kept. Warnings only.

A column that inspection looks at (国办秘函〔2019〕19号; norms.md §1.3) is declared on its page with `column`; that of
policy documents is the notices of their category. Villages publish their affairs every quarter (S1).
"""

from collections.abc import Iterator
from datetime import date

from survey_app.domain.errors import N_, Finding
from survey_app.domain.workdays import add_months
from survey_app.publishing.checks.days import is_day
from survey_app.publishing.checks.looks import Check, Look

COLUMN_MONTHS = {"policy": 6, "statistics": 3, "replies": 2}
COLUMNS = {"policy": N_("政策文件"), "statistics": N_("办事统计"), "replies": N_("留言答复")}
CADENCE_MONTHS = {"每月": 1, "每季度": 3, "每半年": 6, "每年": 12}
QUARTERS = (N_("第一季度"), N_("第二季度"), N_("第三季度"), N_("第四季度"))
DAYS_INTO_QUARTER = 30
COLUMN_WHY = N_("网站检查指标：政策文件6个月、办事统计3个月、留言答复2个月不更新要扣分。")
CADENCE_WHY = N_("公开事项按目录写的周期更新。")
VILLAGE_WHY = N_("村务公开每季度核对一次。")
REVIEW_WHY = N_("办事指南到期要核对一遍，错了的群众会白跑。")


def review_is_due(look: Look) -> Iterator[Finding]:
    """A guide that was to be looked at again by a day that has passed."""
    day = look.data.get("review_by")
    if day and (late := _late(look.today, day)):
        message = N_("应在%(day)s前核对，超了%(late)s天。请核对一遍，改版本日期和下次核对日期。")
        yield look.warning(("review_by",), message, REVIEW_WHY, day=date.fromisoformat(day), late=late)


def _late(today: date, day: str) -> int:
    return max(0, (today - date.fromisoformat(day)).days)


def promise_has_run_out(look: Look) -> Iterator[Finding]:
    """A commitment past its last day promises nothing."""
    day = look.data.get("valid_to") if look.page.kind == "commitment" else None
    if day and (late := _late(look.today, day)):
        message = N_("承诺到%(day)s为止，已经过了%(late)s天。请续期、改写，或撤下。")
        yield look.warning(("valid_to",), message, day=date.fromisoformat(day), late=late)


def policy_has_run_out(look: Look) -> Iterator[Finding]:
    """A policy document past its last day that nothing has replaced; that a call for papers ends is no news."""
    data, book = look.data, look.book
    if look.page.kind != "notice" or data["category"] != COLUMNS["policy"] or data["validity"] != "有效":
        return
    day = data.get("expires_on", "")
    if day and _late(look.today, day) and not book.superseded_by(look.page.slug) and "withdrawn" not in data:
        message = N_("写着有效，可是%(day)s已经失效。请另发一条，说明废止、延期或由哪一条替代。")
        yield look.warning(("validity",), message, COLUMN_WHY, day=date.fromisoformat(day))


def day_to_come(look: Look) -> Iterator[Finding]:
    """Something dated later than today says it has happened."""
    for key in ("published_on", "updated_on", "last_on"):
        day = look.data.get(key)
        if day and look.page.kind not in ("round", "result") and date.fromisoformat(day) > look.today:
            yield look.warning((key,), N_("%(day)s还没有到。请核对日期。"), day=date.fromisoformat(day))


def column_is_fed(look: Look) -> Iterator[Finding]:
    """A column that inspection looks at has been updated in its time."""
    column, at, newest = look.data.get("column", ""), "updated_on", look.data.get("updated_on", "")
    if look.page.kind == "listing" and look.data["of"] == "notices":
        policies = [notice for notice in look.book.notices if notice.data.get("category") == COLUMNS["policy"]]
        column, at, newest = "policy", "of", str(policies[0].data.get("published_on", "")) if policies else ""
    if column in COLUMN_MONTHS and is_day(newest):
        due = add_months(date.fromisoformat(newest), COLUMN_MONTHS[column])
        if late := (look.today - due).days if look.today > due else 0:
            message = N_("“%(column)s”最近一次更新是%(day)s，%(months)s个月内要更新，超了%(late)s天。")
            params = {"column": COLUMNS[column], "day": date.fromisoformat(newest), "months": COLUMN_MONTHS[column]}
            yield look.warning((at,), message, COLUMN_WHY, late=late, **params)


def cadence_is_kept(look: Look) -> Iterator[Finding]:
    """A row of the catalogue is published as often as it says."""
    if look.page.kind != "disclosure_item" or look.data["cadence"] not in CADENCE_MONTHS:
        return
    cadence, last = look.data["cadence"], look.data.get("last_on")
    if not last:
        message = N_("按目录%(cadence)s更新，没有写最近更新的日期。请补上，才看得出有没有到期。")
        yield look.warning(("last_on",), message, CADENCE_WHY, cadence=cadence)
        return
    due = add_months(date.fromisoformat(last), CADENCE_MONTHS[cadence])
    if look.today > due:
        message = N_("按目录%(cadence)s更新，应在%(due)s前更新，超了%(late)s天。请公开后改最近更新的日期。")
        yield look.warning(("last_on",), message, CADENCE_WHY, cadence=cadence, due=due, late=(look.today - due).days)


def village_publishes_every_quarter(look: Look) -> Iterator[Finding]:
    """A village tells its affairs every quarter: within 30 days after a quarter's end there is a notice on it."""
    page, data = look.page, look.data
    if page.kind == "disclosure_item" and data["levels"] == ["村"] and data["cadence"] in ("每半年", "每年"):
        yield look.warning(("cadence",), N_("村务至少每季度公开一次。请改成每季度或每月。"), VILLAGE_WHY)
    if page.kind != "unit" or data.get("class") != "village" or "merged_into" in data:
        return
    since, number = told_since(look.today)
    told = (
        n for n in look.book.notices_of(page.unit) if n.data.get("category") == "村务公开" and "withdrawn" not in n.data
    )
    newest = next(told, None)
    if newest is None or str(newest.data.get("published_on", "")) < since.isoformat():
        message = N_("%(year)s年%(quarter)s的村务还没有公开：%(since)s以来没有村务公开的公告。")
        year = since.year - 1 if number == 4 else since.year
        yield look.warning(("title",), message, VILLAGE_WHY, year=year, quarter=QUARTERS[number - 1], since=since)


def told_since(today: date) -> tuple[date, int]:
    """First day since which a village must have published, and the number of the quarter that has to be told."""
    quarter = (today.month - 1) // 3  # quarters that have ended this year
    start = date(today.year, quarter * 3 + 1, 1)
    if (today - start).days >= DAYS_INTO_QUARTER:
        return start, quarter or 4
    before = add_months(start, -3)
    return before, ((before.month - 1) // 3) or 4


CHECKS: tuple[Check, ...] = (
    review_is_due,
    promise_has_run_out,
    policy_has_run_out,
    day_to_come,
    column_is_fed,
    cadence_is_kept,
    village_publishes_every_quarter,
)
