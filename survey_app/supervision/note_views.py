"""民情日记: what staff heard and saw on the spot, found again by words and tags; never public, deleted in time."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.casework import showing
from survey_app.domain import inspections as rules
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.roles import (
    AUDITOR,
    CASE_HANDLER,
    DISCIPLINE_OFFICER,
    INSPECTOR,
    OF_A_UNIT,
    UNIT_EDITOR,
    UNIT_HEAD,
)
from survey_app.store import inspections as store
from survey_app.store.inspections import Note
from survey_app.supervision.desk import blueprint
from survey_app.supervision.naming import PersonSeems, require_asked
from survey_app.web import lists, waiting
from survey_app.web.context import now, settings, today
from survey_app.web.doors import door, here
from survey_app.web.language import say
from survey_app.web.lists import Column, List
from survey_app.web.marks import page_mark, sent_mark

KEPT = N_("记好了。")

waiting.place(
    N_("民情日记"),
    "supervision.notes",
    N_("走访时听到、看到的，只在内部看"),
    *(UNIT_EDITOR, UNIT_HEAD, CASE_HANDLER, INSPECTOR, DISCIPLINE_OFFICER, AUDITOR),
)


@blueprint.get("/notes")
@door("notes")
def notes() -> ResponseReturnValue:
    """The notes this person may read: those of the own unit, one's own, or all."""
    made = _list()
    writes = AUDITOR not in here().roles
    return lists.answer(made, lists.in_memory(made, _readable()), "supervision/notes.html", writes=writes)


@blueprint.get("/notes/new")
@door("notes_write")
def new_note() -> ResponseReturnValue:
    """An empty form."""
    return _form()


@blueprint.post("/notes/new")
@door("notes_write")
def keep_note() -> ResponseReturnValue:
    """Keep a note, or say what is wrong with it."""
    try:
        heard = rules.typed_note(request.form, dict(_units()), today())
        require_asked(f"{heard.words}。{heard.tags}", request.form)
        mark = sent_mark()
        store.keep_note(heard, by=here().username, mark=mark, now=now())
    except Refusal as refusal:
        return _form(refusal), refusal.status
    flash(say(KEPT), "good")
    return redirect(url_for(".notes"), 303)


def _readable() -> list[Note]:
    """Staff of a unit read what its staff wrote about it; everybody their own; office and auditors all."""
    who = here()
    if {DISCIPLINE_OFFICER, AUDITOR} & who.roles:
        return store.notes()
    return store.notes(staff_of=who.unit_slug if OF_A_UNIT & who.roles else "", by=who.username)


def _units() -> list[tuple[str, str]]:
    """The units this person may write about: the own one, or all."""
    who, units = here(), showing.names(settings()).units()
    return [pair for pair in units if pair[0] == who.unit_slug] if OF_A_UNIT & who.roles else units


def _form(refusal: Refusal | None = None) -> str:
    units = _units()
    begun = {"on": str(today()), "unit": units[0][0] if len(units) == 1 else ""}
    return render_template(
        "supervision/note_new.html",
        units=units,
        typed=request.form if refusal else begun,
        problem=refusal.text(say) if refusal else "",
        asks=isinstance(refusal, PersonSeems),
        years=rules.KEPT_YEARS,
        mark=page_mark(),
    )


def _list() -> List:
    names = showing.names(settings())
    return List(
        title=N_("民情日记"),
        empty=N_("还没有民情日记。单位的人、督查员和纪检人员走访、值班时听到看到的，按“写一条”记下来。"),
        columns=(
            Column("on", N_("哪天"), lambda one: one.on),
            Column("unit", N_("单位"), lambda one: names.unit(one.unit)),
            Column("words", N_("内容"), lambda one: one.words, sort=False),
            Column("tags", N_("标签"), lambda one: one.tags, sort=False),
        ),
        filters=(
            lists.words("q", N_("内容或标签"), lambda one, words: words in one.words or words in one.tags.split()),
            lists.choice("unit", N_("单位"), names.units(), lambda one, unit: one.unit == unit),
            lists.day("since", N_("从哪天"), lambda one, day: str(one.on) >= day),
        ),
        order="-on",
    )
