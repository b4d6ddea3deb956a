"""Scores of all published rounds in one list, by year, class, unit and way of rating: to look at, and as Excel."""

from typing import Any

from flask.typing import ResponseReturnValue

from survey_app.casework import scorecourse
from survey_app.domain.errors import N_
from survey_app.domain.roles import ADMINISTRATOR, ROLES
from survey_app.office.desk import blueprint
from survey_app.publishing.revisions import revising
from survey_app.publishing.scores import CHANGES, FIGURES, TIERS, TRENDS, Scored, published
from survey_app.publishing.words import CLASSES
from survey_app.web import lists, waiting
from survey_app.web.context import settings
from survey_app.web.doors import door
from survey_app.web.downloads import INSTRUMENTS
from survey_app.web.lists import Column, Found, List

waiting.place(N_("历次得分"), "office.scores", N_("按年份、类别、单位找，可以下载"), *(set(ROLES) - {ADMINISTRATOR}))


@blueprint.get("/scores")
@door("results")
def scores() -> ResponseReturnValue:
    """The figures as they were published, with their intervals; nothing is computed here."""
    book = revising.book_of(settings())
    rows = list(published(book, settings().pages))
    made = _list_of(rows)
    find = lists.in_memory(made, rows)
    return lists.answer(made, find, "office/scores.html", **_course(find(lists.ask(made)), lists.ask(made)["unit"]))


def _course(found: Found, unit: str) -> dict[str, Any]:
    """What the list shows of one unit, drawn."""
    rows: list[Scored] = list(found.fetch(found.count, 0)) if unit else []
    return {"course": scorecourse.course(rows), "unit_title": rows[0].unit_title if rows else ""}


def _list_of(rows: list[Scored]) -> List:
    years = sorted({row.period for row in rows}, reverse=True)
    units = sorted({(row.unit, row.unit_title) for row in rows}, key=lambda pair: pair[1].encode("gb18030"))
    classes = {code: words for code, words in CLASSES.items() if any(row.class_code == code for row in rows)}
    return List(
        title=N_("历次得分"),
        empty=N_("还没有公布过结果。第一轮结果公布以后，各单位的得分列在这里。"),
        columns=(
            Column("unit", N_("单位"), lambda row: row.unit_title, key=lambda row: row.unit_title.encode("gb18030")),
            Column("round", N_("轮次"), lambda row: row.round_title, key=lambda row: row.round_code),
            Column("class", N_("类别"), lambda row: CLASSES.get(row.class_code, row.class_code)),
            Column("tier", N_("档次"), lambda row: TIERS.get(row.tier, row.tier)),
            *(_column(name, title) for name, title in FIGURES.items()),
            Column("change", N_("与前一轮比"), lambda row: CHANGES.get(row.change, row.change)),
            Column("trend", N_("逐轮趋势"), lambda row: TRENDS.get(row.trend, row.trend)),
        ),
        filters=(
            lists.choice("period", N_("年份"), ((year, year) for year in years), lambda row, year: row.period == year),
            lists.choice("class", N_("类别"), classes.items(), lambda row, code: row.class_code == code),
            lists.choice("unit", N_("单位"), units, lambda row, unit: row.unit == unit),
            lists.choice("instrument", N_("评议方式"), INSTRUMENTS.items(), lambda row, one: row.instrument == one),
        ),
    )


def _column(name: str, title: str) -> Column:
    return Column(
        name,
        title,
        lambda row: row.figures[name],
        text=lambda row: row.published[name],
        number=True,
        on_page=name not in ("satisfied_pct", "unrated_pct"),
    )
