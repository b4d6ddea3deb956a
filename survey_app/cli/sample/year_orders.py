"""Orders in several states, an assessment that fires a rule, findings, notes, a settled year: by their own verbs."""

from datetime import date, timedelta

from survey_app.cli.sample.days import noon
from survey_app.config import Settings
from survey_app.domain import yearend as year_rules
from survey_app.domain.assessments import Reading
from survey_app.domain.inspections import Heard, Seen
from survey_app.domain.orders import rules, steps
from survey_app.domain.orders.rules import Text, Wish
from survey_app.domain.workdays import read_calendar
from survey_app.store import assessments, inspections, orders, yearend
from survey_app.store.assessments import Entry
from survey_app.store.orders import Drawn, Step

OFFICER, SECOND, HEAD, INSPECTOR = "demo-ji", "demo-lu", "demo-qin", "demo-guo"
CLERKS = ("demo-he", "demo-xu")
LATE_UNIT, OTHER_UNIT = "shebao", "budongchan"
ISSUER = "清河示范区作风办（演练）"
TEXT = "查明的问题：群众反映办理超期。\n请你单位限期整改，并书面回复整改情况。"


def live(settings: Settings, today: date) -> None:
    """Make what is absent."""
    if not orders.listed():
        _orders(settings, today)
    if not assessments.standings():
        _assessments(today)
    if not inspections.findings():
        _inspections(today)
    if not yearend.plans(today.year):
        usual = {f"weight-{name}": str(weight) for name, weight in year_rules.DEFAULTS.items()}
        missing = {f"missing-{name}": year_rules.OTHERS for name in year_rules.COMPONENTS}
        points = {f"points-{name}": str(value) for name, (_words, value) in year_rules.POINTS.items()}
        plan = year_rules.typed_plan({**usual, **missing, **points})
        yearend.settle(today.year, plan, reason="", by=OFFICER, mark="sample-year", now=noon(today), today=today)


def _orders(settings: Settings, today: date) -> None:
    """One closed, one whose reply waits, one late and escalated, one that waits, one draft."""
    closed = _issue(settings, steps.RECTIFY, OTHER_UNIT, today - timedelta(days=90), 1)
    _take(closed, steps.REPLY, HEAD, steps.UNIT, today - timedelta(days=84), "已增开两个窗口，等候降到15分钟。")
    _take(closed, steps.VERIFY, SECOND, steps.OFFICE, today - timedelta(days=80), "到现场看过三次，属实。")
    late = _issue(settings, steps.RECTIFY, LATE_UNIT, today - timedelta(days=50), 2)
    orders.note_overdue(late, now=noon(today - timedelta(days=20)), today=today - timedelta(days=20))
    again = _issue(settings, steps.SUPERVISE, LATE_UNIT, today - timedelta(days=18), 3)
    orders.note_overdue(again, now=noon(today - timedelta(days=3)), today=today - timedelta(days=3))
    replied = _issue(settings, steps.RECTIFY, OTHER_UNIT, today - timedelta(days=9), 4)
    _take(replied, steps.REPLY, HEAD, steps.UNIT, today - timedelta(days=2), "已整改，材料随后补。")
    _issue(settings, steps.RECTIFY, OTHER_UNIT, today - timedelta(days=1), 5)
    _draw(steps.RECTIFY, OTHER_UNIT, today, 6)


def _draw(kind: str, unit: str, on: date, number: int) -> str:
    title = f"关于办理超期的{steps.KINDS[kind].words}（演练）"
    text = Text(ISSUER, title, f"清作督〔{on.year}〕{number}号", TEXT, steps.KINDS[kind].days)
    drawn = Drawn(kind, unit, steps.OWN, "办件清单显示办理超期（演练）", text, f"sample-order-{number}", OFFICER)
    return orders.draw(drawn, now=noon(on), today=on).number


def _issue(settings: Settings, kind: str, unit: str, on: date, number: int) -> str:
    drawn, days = _draw(kind, unit, on, number), steps.KINDS[kind].days
    due = rules.due_on(read_calendar(settings.holidays), on, days)
    _take(drawn, steps.ISSUE, OFFICER, steps.OFFICE, on, "", {"days": days, "due_on": due})
    return drawn


def _take(
    number: str, step: str, actor: str, role: str, on: date, words: str, detail: dict[str, object] | None = None
) -> None:
    wish = Wish(step, actor, role, words, detail or {})
    orders.take(number, Step(wish, f"sample-{number}-{step}"), now=noon(on), today=on)


def _assessments(today: date) -> None:
    """A body that a third of its people find wanting, and one that is well."""
    for unit, reading in (
        (LATE_UNIT, Reading(41, 40, 0, 26, 10, 3, 1, "plain", "年度考核会议纪要")),
        (OTHER_UNIT, Reading(36, 36, 6, 28, 2, 0, 0, "good", "年度考核会议纪要")),
    ):
        for clerk in CLERKS:
            mark = f"sample-{unit}-{clerk}"
            assessments.enter(Entry(unit, "team", today.year - 1, reading, clerk, mark), noon(today))


def _inspections(today: date) -> None:
    for number, (unit, days, kind, words) in enumerate(
        (
            (LATE_UNIT, 12, "absent", "九点二十分，四个窗口开了一个，排队十一人。（演练）"),
            (OTHER_UNIT, 40, "good", "导办员主动帮老人填表。（演练）"),
            (LATE_UNIT, 70, "told", "一次性告知单没有放在窗口。（演练）"),
        )
    ):
        on = today - timedelta(days=days)
        seen = Seen(unit, on, "09:20", "一楼办事大厅", number != 1, kind, words)
        inspections.keep_finding(seen, by=INSPECTOR, mark=f"sample-finding-{number}", files=(), now=noon(on))
    heard = Heard(OTHER_UNIT, today - timedelta(days=6), "走访时老人问能不能代办。（演练）", "老人 代办")
    inspections.keep_note(heard, by=INSPECTOR, mark="sample-note", now=noon(today))
