"""What waits for approval; one revision as a readable difference; the decision and what became of it."""

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from survey_app import jobs
from survey_app.domain import revisions as rules
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.domain.typed import require_plain, tidy_text
from survey_app.publicity import worklists
from survey_app.publicity.office import blueprint, here
from survey_app.publicity.worklists import Waiting
from survey_app.publishing import staging
from survey_app.publishing.book import Book
from survey_app.publishing.building.previewing import preview_file
from survey_app.publishing.checks import errors
from survey_app.publishing.revisions import moving, revising
from survey_app.publishing.revisions.diff import Difference, compare, names_in
from survey_app.publishing.revisions.fields import kind_title
from survey_app.store import revisions as store
from survey_app.store.revisions import Revision
from survey_app.web import lists
from survey_app.web.context import now, settings, today
from survey_app.web.doors import door
from survey_app.web.language import say

WAIT_S = 5.0
OK, PASS, BACK = "ok", "pass", "back"
LIVE = N_("已公布，网站上已经是新的。")
GOING = N_("已通过，正在公布。这一页会写明公布好了没有。")
SECOND = N_("初审已通过，转另一位审核人复审。")
RETURNED = N_("已退回，单位的“待办”里看得到您写的话。")
CHANGED = N_("没有审：您打开以后这一份又变过。请再看一遍。")
NO_CHOICE = N_("请选通过、转复审或退回。")
MANY = N_("通过了%(count)s份。")
SOME_LEFT = N_("有%(count)s份没有通过，请逐份打开看原因。")


@blueprint.get("/")
@door("publicity")
def queue() -> ResponseReturnValue:
    """Everything that waits, oldest first unless asked otherwise."""
    book = revising.book_of(settings())
    made, waiting = worklists.queue(book), [_waiting(revision, book) for revision in store.waiting()]
    return lists.answer(made, lists.in_memory(made, waiting), "review/queue.html", kind_title=kind_title)


def _waiting(revision: Revision, book: Book) -> Waiting:
    unit = book.unit_title(revision.unit_slug) if revision.unit_slug else ""
    return Waiting(revision, unit, errors(revising.findings(settings(), revision, today(), book)))


@blueprint.post("/approve-many")
@door("publicity")
def approve_many() -> ResponseReturnValue:
    """Approve the ticked ones as they were shown; whatever is in doubt stays in the queue."""
    fine = left = 0
    for ticked in request.form.getlist("revision"):
        number, _, version = ticked.partition(":")
        try:
            revision = store.get(int(number)) if number.isdecimal() else None
            if revision is None or str(revision.version) != version:
                raise rules.RevisionUnknown
            _approve(revision, "", pass_on=False)
            fine += 1
        except Refusal:
            left += 1
    if fine:
        jobs.publish_soon(settings())
    flash(fill(MANY, {"count": fine}, say), "good")
    if left:
        flash(fill(SOME_LEFT, {"count": left}, say), "bad")
    return redirect(url_for(".queue"), 303)


@blueprint.get("/revision/<int:number>")
@door("publicity")
def review(number: int) -> ResponseReturnValue:
    """One revision: what changes, what the checks say, and the decision."""
    return _page(store.get(number))


@blueprint.post("/revision/<int:number>")
@door("publicity")
def decide(number: int) -> ResponseReturnValue:
    """Approve, pass on or return."""
    revision = store.get(number)
    words, verdict = tidy_text(request.form.get("words", "")), request.form.get("verdict", "")
    try:
        require_plain(words, most=2000)
        if str(revision.version) != request.form.get("version"):
            return _page(revision, problem=say(CHANGED)), 409
        return _decided(revision, verdict, words)
    except Refusal as refusal:
        problem = refusal.text(say)
        return _page(store.get(number), problem=problem, words=words, verdict=verdict), refusal.status


def _decided(revision: Revision, verdict: str, words: str) -> ResponseReturnValue:
    if verdict == BACK:
        store.give_back(number=revision.number, version=revision.version, reason=words, by=here().username, now=now())
        flash(say(RETURNED), "good")
        return redirect(url_for(".queue"), 303)
    if verdict not in (OK, PASS):
        return _page(revision, problem=say(NO_CHOICE), words=words), 422
    approved = _approve(revision, words, pass_on=verdict == PASS)
    if approved.state == rules.SECOND:
        flash(say(SECOND), "good")
        return redirect(url_for(".queue"), 303)
    return published_or_going(approved)


def _approve(revision: Revision, words: str, *, pass_on: bool) -> Revision:
    who = here()
    return revising.approve(
        settings(),
        revision=revision,
        by=who.username,
        roles=who.roles,
        words=words,
        pass_on=pass_on,
        now=now(),
        today=today(),
    )


def published_or_going(revision: Revision) -> ResponseReturnValue:
    """Say truthfully whether everybody can see it already; wait a little for that."""
    jobs.publish_soon(settings())
    said = jobs.wait_published(settings(), WAIT_S, path=revision.page)
    if said == jobs.PUBLISHED:
        flash(say(LIVE), "good")
    elif said == jobs.WAITING:
        flash(say(GOING), "good")
    else:
        flash(said, "bad")
    return redirect(url_for(".review", number=revision.number), 303)


def _page(revision: Revision, *, problem: str = "", words: str = "", verdict: str = "") -> str:
    book = revising.book_of(settings())
    findings = revising.findings(settings(), revision, today(), book) if revision.state in rules.WAITING else []
    return render_template(
        "review/review.html",
        revision=revision,
        difference=difference_of(revision, book),
        findings=findings,
        errors=errors(findings),
        public=book.by_path.get(revision.page),
        unit=book.unit(revision.unit_slug),
        plan=moving.plan(book, revision)
        if revision.action in rules.MOVES and revision.state in rules.WAITING
        else None,
        kind_title=kind_title(revision.kind),
        second=settings().second_approval and revision.state == rules.SUBMITTED,
        own=here().username in store.writers(revision),
        same=here().username == revision.first_approver,
        files=staging.along_with(settings(), book, revision.data, revision.unit_slug),
        problem=problem,
        words=words,
        verdict=verdict,
        preview_path=revising.proposed(revision).url if revision.action in (rules.PUBLISH, rules.WITHDRAW) else None,
    )


def difference_of(revision: Revision, book: Book) -> Difference:
    """What the revision changes, in the words of the form."""
    names = names_in(book, revision.unit_slug)
    if revision.action == rules.REMOVE:
        return compare(revision.kind, revision.base, None, names)
    data = revision.data["unit"] if revision.action in rules.MOVES else revision.data
    return compare(revision.kind, revision.base, data, names)


@blueprint.get("/revision/<int:number>/preview/")
@blueprint.get("/revision/<int:number>/preview/<path:path>")
@door("publicity")
def preview(number: int, path: str = "") -> ResponseReturnValue:
    """The page as it will look."""
    found = preview_file(settings(), store.get(number), path)
    if found is None:
        abort(404)
    file, policy = found
    response = send_file(file)
    response.headers["Cache-Control"] = "no-store"
    if policy:
        response.headers["Content-Security-Policy"] = policy
    return response
