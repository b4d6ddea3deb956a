"""Everyday ratings for the office: months, a unit's course over them, and where promises and ratings disagree."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from survey_app.domain.errors import N_
from survey_app.exports import releases
from survey_app.exports.releases import Released
from survey_app.office.course import Course, course_of
from survey_app.office.desk import blueprint
from survey_app.web.context import settings
from survey_app.web.doors import door

MONTHS = 24  # on one page
VERDICT_WORDS = {
    "kept_but_disliked": N_("承诺做到的多，满意的少"),
    "liked_but_broken": N_("满意的多，承诺做到的少"),
}


@blueprint.get("/everyday")
@door("everyday_results")
def everyday() -> ResponseReturnValue:
    """The months that were counted; of one unit its course; the disagreements of the last month."""
    months = _months()
    units = {slug: name for month in months for slug, name in month.units.items()}
    asked = request.args.get("unit", "")
    unit = asked if asked in units else ""
    return render_template(
        "office/everyday.html",
        months=[(month, _shown(month)) for month in reversed(months)],
        units=sorted(units.items(), key=lambda item: item[1]),
        unit=unit,
        course=_course(months, unit) if unit else None,
        disagreeing=_disagreeing(months),
        names=units,
        verdict_words=VERDICT_WORDS,
    )


def _months() -> list[Released]:
    """Released months, oldest first. What they hold back for too few answers is not in them."""
    folders = sorted(settings().rounds.glob("everyday-*"))[-MONTHS:]
    return [found for folder in folders if (found := releases.computed(folder))]


def _shown(month: Released) -> int:
    """Units with a rate that may be shown."""
    return sum(row["favourable_pct"] is not None for row in month.rows("everyday"))


def _course(months: list[Released], unit: str) -> Course:
    rows = [(month.model["round"]["code"].removeprefix("everyday-"), month.rows("everyday", unit)) for month in months]
    return course_of([(code, found[0] if found else None) for code, found in rows])


def _disagreeing(months: list[Released]) -> list[releases.Row]:
    """Units of the last month whose promises and ratings point different ways."""
    return [row for row in months[-1].rows("disagreement") if row["verdict"] != "agree"] if months else []
