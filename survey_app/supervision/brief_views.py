"""Briefs at the desk: a period is chosen, read on the page, taken in Word; among the downloads, too."""

from collections.abc import Iterator
from functools import partial

from flask import render_template, request
from flask.typing import ResponseReturnValue

from survey_app.domain.errors import N_, Refusal
from survey_app.domain.periods import Period, period, recent
from survey_app.domain.roles import AUDITOR, DISCIPLINE_OFFICER, REVIEWER
from survey_app.domain.typed import require_plain, tidy_text
from survey_app.domain.words import require_nobody_named
from survey_app.publishing.revisions import revising
from survey_app.supervision import briefs
from survey_app.supervision.briefs import Section
from survey_app.supervision.desk import blueprint
from survey_app.web import downloads, waiting
from survey_app.web.context import settings, today
from survey_app.web.doors import door, here
from survey_app.web.downloads import BRIEF, DOCX, Offer
from survey_app.web.language import say
from survey_app.web.sending import send_download

MOST_OPENING = 500

waiting.place(
    N_("简报"), "supervision.brief_periods", N_("半月、一月、一季的数，做成Word"), DISCIPLINE_OFFICER, REVIEWER, AUDITOR
)


@downloads.source(DISCIPLINE_OFFICER, REVIEWER, AUDITOR)
def _offers() -> Iterator[Offer]:
    for one in recent(today(), months=3):
        name, on = f"brief-{one.code}-{today():%Y%m%d}.docx", min(one.last, today())
        title = f"{one.words}作风建设简报"
        yield Offer(name, title, BRIEF, str(one.last.year), on, make=partial(_document, one))


@blueprint.get("/briefs")
@door("orders")
def brief_periods() -> ResponseReturnValue:
    """The periods that have begun."""
    return render_template("supervision/briefs.html", periods=recent(today()), today=today())


@blueprint.get("/briefs/<name>")
@door("orders")
def brief(name: str) -> ResponseReturnValue:
    """A period's brief, to read; with .docx behind it, to take."""
    one = period(name.removesuffix(".docx"))
    if name.endswith(".docx"):
        return send_download(_document(one), f"brief-{one.code}-{today():%Y%m%d}.docx", DOCX)
    return _page(one)


@blueprint.post("/briefs/<name>")
@door("discipline")
def take_brief(name: str) -> ResponseReturnValue:
    """The brief in Word with an opening of one's own; its numbers cannot be typed."""
    one, opening = period(name), tidy_text(request.form.get("opening", ""))
    try:
        require_plain(opening, most=MOST_OPENING)
        require_nobody_named(opening)
    except Refusal as refusal:
        return _page(one, opening, refusal.text(say)), refusal.status
    return send_download(
        _document(one, opening), f"brief-{one.code}-{today():%Y%m%d}.docx", DOCX, opening=bool(opening)
    )


def _page(one: Period, opening: str = "", problem: str = "") -> str:
    told = {"opening": opening, "problem": problem, "most": MOST_OPENING}
    writes = DISCIPLINE_OFFICER in here().roles
    return render_template(
        "supervision/brief.html", period=one, sections=_sections(one), today=today(), writes=writes, **told
    )


def _document(one: Period, opening: str = "") -> bytes:
    return briefs.document(one, _sections(one), today(), opening)


def _sections(one: Period) -> list[Section]:
    return briefs.sections(one, revising.book_of(settings()), settings(), today())
