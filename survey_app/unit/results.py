"""A unit's own draft: its figures and no other unit's, an objection with words and files, and what was ruled."""

from collections.abc import Iterator

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.casework import scorecourse
from survey_app.domain import objections as rules
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.domain.roles import UNIT_EDITOR, UNIT_HEAD
from survey_app.exports import releases
from survey_app.exports.releases import Released
from survey_app.publishing import scores
from survey_app.publishing.revisions import revising
from survey_app.publishing.staging import BEGINNINGS, require_kind
from survey_app.store import drafts, handed_in, objections, rounds
from survey_app.store.objections import Filing
from survey_app.store.rounds import Round
from survey_app.unit.desk import blueprint, here, require_unit
from survey_app.web import waiting
from survey_app.web.context import now, settings, today
from survey_app.web.doors import door
from survey_app.web.language import say
from survey_app.web.marks import page_mark, sent_mark
from survey_app.web.people import Person
from survey_app.web.waiting import Line

TAKING = ("closed", "published")  # a corrected version is checked by the units like the first
FILED = N_("异议收到了。裁定以后在这一页看得到，并随结果公布。")


# Why a unit has no score, by the status that the analysis gives it.
NO_SCORE = {
    "no_ballots": N_("没有收到有效票。"),
    "insufficient_n": N_("没有一组满%(min_n)s张。"),
    "insufficient_weight": N_("一组人评一个方面满%(min_n)s张才计入，计入的权重还不够。"),
    "under_review": N_("有存疑的票，其中有的组不到%(min_n)s张、没有剔除，所以待核。"),
}


class DraftUnknown(Refusal):
    code, status = "draft-unknown", 404
    message = N_("这一轮现在没有送您单位核对的结果。")


@waiting.lines(UNIT_EDITOR, UNIT_HEAD)
def _to_check(who: Person) -> Iterator[Line]:
    """Drafts that the unit may still object to."""
    found = [(one, last) for one in rounds.list_rounds() for last in drafts.shown(one)[-1:]]
    for round_, last in found:
        if _rates(round_, who.unit_slug) and last.shown_on <= today() <= last.until_on:
            yield Line(1, N_("轮评议的结果请核对"), url_for("desk.own_draft", round_code=round_.code), note=round_.name)


@blueprint.get("/results")
@door("unit_editor")
def results() -> ResponseReturnValue:
    """Rounds in which this unit was shown a draft, and its way over the rounds that were published."""
    unit = require_unit()
    rows = [(one, last) for one in rounds.list_rounds() if _rates(one, unit) for last in drafts.shown(one)[-1:]]
    return render_template("desk/results.html", rows=rows, today=today(), **_published(unit))


def _published(unit: str) -> dict[str, object]:
    book = revising.book_of(settings())
    found = [row for row in scores.published(book, settings().pages, unit) if row.instrument == scores.CAMPAIGN]
    words = {"tier_words": scores.TIERS, "change_words": scores.CHANGES}
    return {"scored": found, "course": scorecourse.course(found), "unit_title": book.unit_title(unit), **words}


@blueprint.get("/results/<round_code>")
@door("unit_editor")
def own_draft(round_code: str) -> ResponseReturnValue:
    """The unit's figures in the draft it was shown last."""
    return _page(_round(round_code))


@blueprint.post("/results/<round_code>")
@door("unit_editor")
def object_to_draft(round_code: str) -> ResponseReturnValue:
    """An objection: kept whole with its files, or refused with what was typed."""
    round_ = _round(round_code)
    try:
        _file(round_)
    except Refusal as refusal:
        return _page(round_, refusal), refusal.status
    flash(say(FILED), "good")
    return redirect(url_for(".own_draft", round_code=round_code), 303)


def _file(round_: Round) -> None:
    sent = [(file.filename or "", file.read()) for file in request.files.getlist("files") if file.filename]
    for name, content in sent:
        require_kind(name, content)
    most, adding = settings().unit_files_mib * 2**20, sum(len(content) for _name, content in sent)
    handed_in.require_room(require_unit(), adding, most=most, today=today())
    mark = sent_mark()
    named = [(name[-100:], content) for name, content in sent]
    filing = Filing(require_unit(), request.form.get("words", ""), mark, here().username, named)
    objections.file_objection(round_, filing, now=now(), today=today())


def _round(code: str) -> Round:
    """The round, if it shows this unit a draft. Raises DraftUnknown."""
    found = rounds.get_round(code)
    if not _rates(found, require_unit()) or not drafts.shown(found):
        raise DraftUnknown
    return found


def _rates(round_: Round, unit: str) -> bool:
    return unit in {one.slug for one in round_.units}


def _page(round_: Round, refusal: Refusal | None = None) -> str:
    unit, draft = require_unit(), drafts.shown(round_)[-1]
    release = releases.named(settings().rounds / round_.code, draft.digest)
    if release is None:
        raise DraftUnknown
    return render_template(
        "desk/own_draft.html",
        round=round_,
        draft=draft,
        **_figures(release, unit),
        filed=objections.of_round(round_, unit),
        takes=round_.status in TAKING and today() <= draft.until_on,
        problem=refusal.text(say) if refusal else "",
        words=request.form.get("words", ""),
        mark=page_mark(),
        decisions=rules.DECISION_WORDS,
        states=rules.STATE_WORDS,
        most=settings().file_limit_mib,
        most_files=rules.MOST_FILES,
        kinds=tuple(BEGINNINGS),
    )


def _figures(release: Released, unit: str) -> dict[str, object]:
    found, min_n = release.rows("scores", unit), release.model["method"]["min_n"]
    return {
        "score": found[0] if found else None,
        "no_score": fill(NO_SCORE.get(str(found[0]["status"]), ""), {"min_n": min_n}, say) if found else "",
        "groups": release.rows("groups", unit),
        "dimensions": release.rows("dimensions", unit),
        "fired": [row for row in release.rows("rules", unit) if row["verdict"] == "fires"],
        "rule_words": {rule["id"]: rule["zh"] for rule in release.model["method"]["rules"]},
        "group_names": release.names("groups"),
        "dimension_names": release.names("dimensions"),
        "min_n": min_n,
    }
