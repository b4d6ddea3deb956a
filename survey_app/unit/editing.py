"""The form of a page: opened from what is published, saved as a draft, submitted."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from survey_app.domain import revisions as rules
from survey_app.domain.errors import N_, Finding
from survey_app.domain.typed import TooLong, Unseen, require_plain, tidy_text
from survey_app.publishing import staging
from survey_app.publishing.book import ANSWERED, Book
from survey_app.publishing.checks import check_page
from survey_app.publishing.pages import Page, digest
from survey_app.publishing.revisions import fields, newpages, revising
from survey_app.store import page_versions
from survey_app.store import revisions as store
from survey_app.store.revisions import Proposal, Revision
from survey_app.unit import clashes, forms
from survey_app.unit.desk import KINDS, blueprint, fields_for, here, own_page, own_revision, own_text, require_reach
from survey_app.unit.rowmoves import moved
from survey_app.web.context import now, settings, today
from survey_app.web.doors import door
from survey_app.web.language import say

# Written in the file, or by the portal: the desk has no form for their words.
BY_HAND = ("page", "listing", "round", "result")
SAVE, SUBMIT, PREVIEW = "save", "submit", "preview"
SAVED, SENT = N_("已保存草稿。"), N_("已送审，审核结果会出现在“待办”里。")
LONGEST_NOTE, LONGEST_TITLE = 500, 120


@blueprint.route("/new/<name>", methods=["GET", "POST"])
@door("desk")
def new_page(name: str) -> ResponseReturnValue:
    """A title is enough to begin; the rest is asked in the form."""
    if name not in KINDS:
        raise revising.PageUnknown
    book, unit = revising.book_of(settings()), here().unit_slug
    require_reach(book, unit)
    newpages.require_home(name, unit)
    how = next((key for key in ANSWERED if request.values.get(key)), "")
    answers, problem = request.values.get(how, ""), ""
    former = newpages.answered(book, unit, answers) if how and name == "notice" else None
    if request.method == "POST":
        try:
            return _begin_new(name, book, unit, how, answers)
        except (newpages.TitleMissing, newpages.YearWrong, newpages.YearTaken, Unseen, TooLong) as refusal:
            problem = refusal.text(say)
    words = {"kind": name, "kind_title": say(KINDS[name]), "how": how, "answers": answers, "former": former}
    return render_template("desk/new.html", problem=problem, **words), 422 if problem else 200


def _begin_new(kind: str, book: Book, unit: str, how: str, answers: str) -> ResponseReturnValue:
    title = tidy_text(request.form.get("title", ""))
    require_plain(title, most=LONGEST_TITLE)
    made = newpages.new_data(kind, title=title, unit=unit, book=book, today=today(), answers=answers, how=how)
    revision = store.draft(proposal=revising.new_proposal(made), by=here().username, now=now())
    return redirect(url_for(".edit_revision", number=revision.number), 303)


@blueprint.route("/page/<path:path>", methods=["GET", "POST"])
@door("desk")
def edit_page(path: str) -> ResponseReturnValue:
    """The form of a published page. Nothing is stored before the first save."""
    page = own_page(path)
    if page.kind in BY_HAND:
        raise revising.PageUnknown
    if page.kind in rules.DATED:
        return redirect(url_for(".history", path=path), 303)
    standing = store.open_of(page.path)
    if request.method == "GET":
        if standing:
            return redirect(url_for(".edit_revision", number=standing.number), 303)
        return _form_page(page, page.data, "", base=digest(page))
    return _posted(page, page.data, None)


@blueprint.route("/revision/<int:number>", methods=["GET", "POST"])
@door("desk")
def edit_revision(number: int) -> ResponseReturnValue:
    """The form of a draft; a revision that is under way shows where it stands."""
    revision = own_text(number) if request.method == "POST" else own_revision(number)
    if revision.state in rules.EDITABLE:
        revision = revising.current(settings(), revision, now())
    page = revising.proposed(revision)
    if request.method == "POST":
        return _posted(page, revision.data, revision)
    if revision.state not in rules.EDITABLE or revision.is_office_act or revision.action != rules.PUBLISH:
        return render_template("desk/standing.html", revision=revision, page=page, public=_public(revision))
    if revising.is_outdated(settings(), revision, now()):
        return redirect(url_for(".conflict", number=number), 303)
    return _form_page(page, revision.data, revision.note, revision=revision)


def _posted(page: Page, data: Mapping[str, Any], revision: Revision | None) -> ResponseReturnValue:
    """A button of the form: a row, or save, submit, preview. What was typed survives every answer."""
    shown = fields_for(page.kind)
    form = forms.draw(shown, {}, request.form)
    if button := request.form.get("row"):
        return _form_page(
            page, data, _note(), form=forms.draw(shown, moved(shown, form.data, button)), revision=revision
        )
    fine = form.validate()
    unkept = forms.errors_of(form) | _note_errors()
    if unkept or not fine:
        return _form_page(page, data, _note(), form=form, kept=unkept, revision=revision), 422
    typed = forms.as_before(shown, data, forms.cleaned(shown, form.data))
    return _keep(page, fields.merged(page.kind, data, typed, shown), revision)


def _keep(page: Page, data: dict[str, Any], revision: Revision | None) -> ResponseReturnValue:
    """Save; where somebody else saved meanwhile, both texts are shown and nothing is overwritten."""
    try:
        kept = _save(revision, data) if revision else _begin(page, data)
    except (rules.SavedByOther, rules.RevisionOpen) as refusal:
        standing = store.open_of(page.path)
        if standing is None or standing.state not in rules.EDITABLE:
            return clashes.rescued(page, data, refusal.text(say)), 409
        return clashes.both_texts(standing, data, refusal.text(say)), 409
    except rules.RevisionMoved as refusal:
        return clashes.rescued(page, data, refusal.text(say)), 409
    return _after_save(kept)


def _save(revision: Revision, data: dict[str, Any]) -> Revision:
    return store.save(
        number=revision.number,
        version=request.form.get("version", 0, int),
        data=data,
        title=str(data.get("title") or revision.title),
        note=_note(),
        by=here().username,
        now=now(),
    )


def _begin(page: Page, data: dict[str, Any]) -> Revision:
    """A first save is based on the text the form was opened with, even if the file has changed since."""
    made = revising.proposal(page, data, note=_note())
    opened = request.form.get("base", "")
    if opened != made.base_digest:
        former = next((v for v in page_versions.of_page(page.path) if v.digest == opened), None)
        made = Proposal(**{**vars(made), "base": former.data if former else None, "base_digest": opened})
    return store.draft(proposal=made, by=here().username, now=now())


def _after_save(revision: Revision) -> ResponseReturnValue:
    wanted = request.form.get("do", SAVE)
    if wanted == SUBMIT:
        return _submit(revision)
    flash(say(SAVED), "good")
    if wanted == PREVIEW:
        return redirect(url_for(".preview", number=revision.number, path=revising.proposed(revision).url), 303)
    return redirect(url_for(".edit_revision", number=revision.number), 303)


def _submit(revision: Revision) -> ResponseReturnValue:
    try:
        revising.submit(settings(), revision=revision, by=here().username, now=now(), today=today())
    except revising.HasErrors as refusal:
        page = revising.proposed(revision)
        return _form_page(page, revision.data, revision.note, revision=revision, refused=refusal.findings), 422
    except rules.PageChanged:
        return redirect(url_for(".conflict", number=revision.number), 303)
    flash(say(SENT), "good")
    return redirect(url_for(".home"), 303)


def _form_page(
    page: Page,
    data: Mapping[str, Any],
    note: str,
    *,
    form: Form | None = None,
    kept: forms.Errors | None = None,
    revision: Revision | None = None,
    refused: Sequence[Finding] | None = None,
    base: str = "",
) -> str:
    """The form with what the checks say of what is saved; `kept`: what could not be saved at all."""
    shown = fields_for(page.kind)
    book = revising.book_of(settings())
    found = refused if refused is not None else _found(page, revision, book)
    errors, findings = forms.by_place(shown, found)
    return render_template(
        "desk/edit.html",
        page=page,
        revision=revision,
        base=base or request.form.get("base", ""),
        note=note,
        groups=fields.by_group(shown),
        form=form if form is not None else forms.draw(shown, data),
        errors=kept or (errors if refused is not None else {}),
        refused=refused is not None,
        unkept=kept or {},
        findings=[] if kept else findings,
        choices=partial(_choices, book, revising.unit_of(page) or here().unit_slug),
        public=_public(revision) if revision else page,
    )


def _choices(book: Book, unit: str, chooser: str) -> Collection[tuple[str, str]]:
    if chooser == "file":
        return [(path, path.rsplit("/", 1)[-1]) for path in staging.files_of(settings(), unit)]
    return newpages.titles(book, chooser, unit)


def _found(page: Page, revision: Revision | None, book: Book) -> Sequence[Finding]:
    if revision:
        return revising.findings(settings(), revision, today(), book)
    return check_page(page, book, today())


def _public(revision: Revision) -> Page | None:
    """The page as everybody sees it now; None where it is not there yet."""
    return revising.book_of(settings()).by_path.get(revision.page)


def _note() -> str:
    return tidy_text(request.form.get("note", ""))


def _note_errors() -> forms.Errors:
    try:
        require_plain(_note(), most=LONGEST_NOTE)
    except (Unseen, TooLong) as refusal:
        return {"note": [refusal.text(say)]}
    return {}
