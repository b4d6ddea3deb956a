"""Briefs (简报): a period's numbers, counted and never typed, as sentences on official paper.

They name units and counts alone: no words of citizens, no person, nothing of a ballot that is not published.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from official_paper.parts import brief_head
from survey_app.casework import figures
from survey_app.config import Settings
from survey_app.domain.blanks import blank
from survey_app.domain.cases.figures import Handled
from survey_app.domain.cases.figures import figures as handled_figures
from survey_app.domain.cases.steps import TRANSFERRED
from survey_app.domain.inspections import KINDS as FINDINGS
from survey_app.domain.orders import steps
from survey_app.domain.periods import Period
from survey_app.exports.everyday import min_n_of
from survey_app.jobs.everyday import method_of
from survey_app.publishing.book import Book
from survey_app.publishing.findings import late_findings
from survey_app.publishing.revisions import revising
from survey_app.store import inspections, orders
from survey_app.store.case_histories import count_steps
from survey_app.store.case_lists import Wanted, count_cases
from survey_app.store.orders import Order
from survey_app.supervision import components, ledger
from survey_app.supervision.sheets import new_sheet

Title = Callable[[str], str]
Table = tuple[tuple[str, ...], list[tuple[str, ...]], tuple[int, ...]]


@dataclass(frozen=True)
class Section:
    """A heading, its sentences, and a table where there is something to list."""

    heading: str
    lines: tuple[str, ...]
    table: Table | None = None


def sections(period: Period, book: Book, settings: Settings, today: date) -> list[Section]:
    """What a brief says, in order. Raises YearUnknown where a deadline cannot be counted."""
    return [
        Section("群众评价", (*_rounds(period, book), *_months(period, book, settings))),
        Section("办件", tuple(_cases(period, settings, today))),
        _orders(period, book),
        Section("督查发现", tuple(_findings(period, book.unit_title))),
        _pages(period, book, settings, today),
    ]


def document(period: Period, found: list[Section], today: date, opening: str = "") -> bytes:
    """The brief in Word; the same sections and opening words give the same bytes."""
    paper = new_sheet(f"{period.words}作风建设简报")
    brief_head(paper, blank("写期号"), blank("写编印单位"), _day(min(period.last, today)))
    paper.title(f"{period.words}作风建设简报")
    paper.line()
    for line in opening.splitlines():
        paper.text(line)
    for number, section in enumerate(found):
        paper.heading(f"{'一二三四五'[number]}、{section.heading}")
        for line in section.lines:
            paper.text(line)
        if section.table:
            paper.table(*section.table)
    return paper.save()


def _rounds(period: Period, book: Book) -> Iterator[str]:
    published = [p for p in (*book.rounds("published"), *book.months()) if _within(period, p.data.get("published_on"))]
    yield f"公布评议结果{len(published)}期。" if published else "没有公布评议结果。"
    for page in sorted(published, key=lambda page: str(page.data["published_on"])):
        yield f"{_day(date.fromisoformat(str(page.data['published_on'])))}公布：{page.title}。"


def _months(period: Period, book: Book, settings: Settings) -> Iterator[str]:
    """Everyday ratings of the months that were published in the period: sums of published cells."""
    for page in book.months():
        if page.data.get("status") == "published" and _within(period, page.data.get("published_on")):
            rated = list(components.rated_in(settings.pages, page))
            whole, good = sum(one[2] for one in rated), sum(one[1] for one in rated)
            if whole:
                pct = figures.decimal(Fraction(100 * good, whole))
                yield f"{page.title}：{len(rated)}个单位的评价可以公布，共{whole}次，满意{good}次，占{pct}%。"


def _cases(period: Period, settings: Settings, today: date) -> Iterator[str]:
    received = count_cases(Wanted(received_from=period.first, received_to=period.last))
    moved = count_steps(TRANSFERRED, period.first, period.last + timedelta(days=1))
    yield f"收到办件{received}件，转给别的单位{moved}次。"
    yield from _handled(figures.handled_between(period.first, period.last + timedelta(days=1), settings), settings)
    day = min(period.last, today)
    yield f"没有办结的办件里，到{_day(day)}过了期限的{count_cases(Wanted(overdue_on=day))}件。"


def _handled(handled: list[Handled], settings: Settings) -> Iterator[str]:
    """What people said of how they were answered is told of min_n of them or more, as on the public page."""
    if not handled:
        yield "没有办结的办件。"
        return
    found, min_n = handled_figures(handled), min_n_of(method_of(settings))
    on_time = f"按时{found.on_time}件，占{figures.decimal(found.on_time_pct)}%"
    yield f"办结{found.closed}件，其中{on_time}；重办{found.reopened}件。"
    if found.closed < min_n:
        yield f"办结的不足{min_n}件，本人满意不满意不列。"
    else:
        yield f"本人满意{found.satisfied}件，不满意{found.unsatisfied}件，没有回音{found.silent}件。"


def _orders(period: Period, book: Book) -> Section:
    issued = orders.orders_in(period.first, period.last)
    kinds = Counter(one.kind for one in issued)
    told = "、".join(f"{kind.words}{kinds[code]}份" for code, kind in steps.KINDS.items() if kinds[code])
    everything = [one for one in orders.listed() if one.issued_on]
    closed = sum(_within(period, one.closed_on) and one.state == steps.CLOSED for one in everything)
    due = [one for one in everything if _within(period, one.due_on)]
    late = sum(one.overdue for one in due)
    lines = (
        f"发出督查件{len(issued)}份{f'：{told}' if told else ''}。",
        f"本期到期{len(due)}份，其中过期没有回复{late}份；办结{closed}份。",
    )
    return Section("督查件", lines, _by_unit(issued, due, book))


def _by_unit(issued: list[Order], due: list[Order], book: Book) -> Table | None:
    """Units that were told something, each with its subordinate units counted in."""
    rows, late = [], [one for one in due if one.overdue]
    by_unit = [Counter(one.unit for one in some) for some in (issued, due, late)]
    for page in book.live_units:
        family = ledger.with_children(book, page.unit)
        counts = [sum(some[unit] for unit in family) for some in by_unit]
        if any(counts):
            rows.append((page.title, *map(str, counts)))
    head = ("单位（含下属）", "发出", "到期", "过期没有回复")
    return (head, rows, (75, 27, 27, 27)) if rows else None


def _findings(period: Period, title: Title) -> Iterator[str]:
    found = inspections.findings_in(period.first, period.last)
    if not found:
        yield "没有督查发现。"
        return
    kinds = Counter(one.kind for one in found)
    told = "、".join(f"{words}{kinds[code]}条" for code, words in FINDINGS.items() if kinds[code])
    units = "、".join(title(unit) for unit in sorted({one.unit for one in found if one.kind != "good"}))
    yield f"督查发现{len(found)}条：{told}。"
    if units:
        yield f"涉及：{units}。"


def _pages(period: Period, book: Book, settings: Settings, today: date) -> Section:
    day = min(period.last, today)
    pages = {page.path: page for page, _finding in late_findings(settings.pages, book, day)}
    late = Counter(revising.unit_of(page) for page in pages.values())
    lines = (f"到{_day(day)}，过期没有更新的页面{sum(late.values())}个，涉及{len(late)}个单位。",)
    rows: list[tuple[str, ...]] = [
        (book.unit_title(unit) if unit else "区级页面", str(count)) for unit, count in late.most_common(10)
    ]
    table: Table = (("单位", "过期页面"), rows, (120, 36))
    return Section("公开时效", lines, table if rows else None)


def _within(period: Period, day: object) -> bool:
    return day is not None and str(period.first) <= str(day) <= str(period.last)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
