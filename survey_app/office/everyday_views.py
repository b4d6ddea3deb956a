"""Everyday ratings for the office: months, a unit's course over them, and where promises and ratings disagree."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from survey_app.domain.errors import N_
from survey_app.domain.scale import LEVELS
from survey_app.exports import releases
from survey_app.exports.releases import Released
from survey_app.office import course
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
        **_course(months, unit),
        ratings=course.ratings(months),
        disagreeing=_disagreeing(months),
        names=units,
        verdict_words=VERDICT_WORDS,
    )


def _months() -> list[Released]:
    """Published months, oldest first. What they hold back for too few answers is not in them."""
    folders = [folder for folder in sorted(settings().rounds.glob("everyday-*")) if _is_published(folder.name)]
    return [found for folder in folders[-MONTHS:] if (found := releases.computed(folder))]


def _is_published(code: str) -> bool:
    return (settings().pages / "results" / code / "manifest.json").is_file()


def _shown(month: Released) -> int:
    """Units with a rate that may be shown."""
    return sum(row["favourable_pct"] is not None for row in month.rows("everyday"))


def _course(months: list[Released], unit: str) -> dict[str, Any]:
    """The months of the chosen unit, and their drawing; nothing where none is chosen."""
    found = course.course_of(months, unit) if unit else []
    return {"course": found, "drawn": course.drawn(found), "level_words": LEVELS}


def _disagreeing(months: list[Released]) -> list[releases.Row]:
    """Units of the last month whose promises and ratings point different ways."""
    return [row for row in months[-1].rows("disagreement") if row["verdict"] != "agree"] if months else []
