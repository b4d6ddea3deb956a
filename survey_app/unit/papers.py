"""What is done with a page besides writing it: taken back, put away, restored, withdrawn, taken down; its history."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain import revisions as rules
from survey_app.domain.errors import N_, fill
from survey_app.domain.typed import require_plain, tidy_text
from survey_app.publishing.pages import Page
from survey_app.publishing.revisions import history as past
from survey_app.publishing.revisions import revising, rights
from survey_app.publishing.revisions.diff import names_in
from survey_app.store import page_versions
from survey_app.store import revisions as store
from survey_app.unit.desk import blueprint, here, own_page, own_paper
from survey_app.web.context import now, settings, today
from survey_app.web.doors import door
from survey_app.web.language import say

BACK = N_("已收回，可以接着改。")
ACT_BACK = N_("已收回，没有生效。不办了就放弃它，单位才能再改这一页。")
AWAY = N_("已放弃这份草稿。")
AGAIN = N_("草稿取回来了。")
RESTORED = N_("旧版已放进草稿。请核对日期和数字，再送审。")
ASKED = N_("申请已送审，通过以后生效。")
RESTORED_NOTE = N_("恢复%(day)s的版本。")


@blueprint.post("/revision/<int:number>/take-back")
@door("desk")
def take_back(number: int) -> ResponseReturnValue:
    """A submitted revision comes back to go on writing."""
    act = own_paper(number).is_office_act
    store.take_back(number=number, by=here().username, now=now())
    flash(say(ACT_BACK if act else BACK), "good")
    return redirect(url_for(".edit_revision", number=number), 303)


@blueprint.post("/revision/<int:number>/discard")
@door("desk")
def discard(number: int) -> ResponseReturnValue:
    """Put a draft away; the next page offers it back."""
    own_paper(number)
    store.discard(number=number, by=here().username, now=now())
    flash(say(AWAY), "good")
    return redirect(url_for(".edit_revision", number=number), 303)


@blueprint.post("/revision/<int:number>/bring-back")
@door("desk")
def bring_back(number: int) -> ResponseReturnValue:
    """Take it out again."""
    own_paper(number)
    store.bring_back(number=number, by=here().username, now=now())
    flash(say(AGAIN), "good")
    return redirect(url_for(".edit_revision", number=number), 303)


@blueprint.get("/history/<path:path>")
@door("desk")
def history(path: str) -> ResponseReturnValue:
    """Every text the page has had, what each changed and who let it through."""
    page = own_page(path)
    names = names_in(revising.book_of(settings()), revising.unit_of(page))
    return render_template(
        "desk/history.html",
        page=page,
        steps=past.steps(settings(), page.path, page.kind, now(), names),
        standing=store.open_of(page.path),
        restorable=page.kind in rules.RESTORABLE,
        removable=page.kind in rules.REMOVABLE,
        dated=page.kind in rules.DATED,
        withdrawn="withdrawn" in page.data,
    )


@blueprint.post("/restore/<int:number>")
@door("desk")
def restore(number: int) -> ResponseReturnValue:
    """An older text becomes a draft on top of what is published now."""
    version = page_versions.get(number)
    own_page(version.page.removesuffix(".md"))
    note = fill(RESTORED_NOTE, {"day": version.seen_at.date()}, say)
    draft = past.restore(settings(), version=version, by=here().username, now=now(), note=note)
    flash(say(RESTORED), "good")
    return redirect(url_for(".edit_revision", number=draft.number), 303)


@blueprint.route("/withdraw/<path:path>", methods=["GET", "POST"])
@door("desk")
def withdraw(path: str) -> ResponseReturnValue:
    """Ask that a notice be withdrawn: its address stays and says that it was, when and why."""
    page = own_page(path)
    if page.kind not in rules.DATED or "withdrawn" in page.data:
        raise rules.NotRemovable
    return _ask(page, rules.WITHDRAW)


@blueprint.route("/take-down/<path:path>", methods=["GET", "POST"])
@door("desk")
def take_down(path: str) -> ResponseReturnValue:
    """Ask that a page be taken off the site for good; its history stays."""
    page = own_page(path)
    if page.kind not in rules.REMOVABLE:
        raise rules.NotRemovable
    return _ask(page, rules.REMOVE)


def _ask(page: Page, action: str) -> ResponseReturnValue:
    reason = tidy_text(request.form.get("reason", ""))
    if request.method == "GET":
        return render_template("desk/ask.html", page=page, action=action, reason="", problem="")
    try:
        require_plain(reason, most=500)
        if not reason:
            raise rules.ReasonMissing
        return _send(page, action, reason)
    except revising.HasErrors as refusal:
        words = {"page": page, "action": action, "reason": reason, "findings": refusal.findings}
        return render_template("desk/ask.html", problem=refusal.text(say), **words), 422
    except rules.ReasonMissing as refusal:
        return render_template("desk/ask.html", page=page, action=action, reason="", problem=refusal.text(say)), 422


def _send(page: Page, action: str, reason: str) -> ResponseReturnValue:
    who, by = here().username, here().unit_title or here().name
    data = rights.tombstone(page.data, on=today(), reason=reason, by=by) if action == rules.WITHDRAW else page.data
    draft = revising.begin(page=page, data=data, by=who, now=now(), note=reason, action=action)
    try:
        revising.submit(settings(), revision=draft, by=who, now=now(), today=today())
    except revising.HasErrors:
        store.discard(number=draft.number, by=who, now=now())
        raise
    flash(say(ASKED), "good")
    return redirect(url_for(".edit_revision", number=draft.number), 303)
