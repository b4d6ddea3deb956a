"""Two texts of one page: another saved the draft, or the published page changed under it. Nobody is overwritten."""

import json
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain import revisions as rules
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.typed import require_all_plain
from survey_app.publishing.pages import Page
from survey_app.publishing.revisions import revising
from survey_app.publishing.revisions.diff import names_in
from survey_app.publishing.revisions.fields import merged
from survey_app.publishing.revisions.threeway import Side, put_together, three_way
from survey_app.store import revisions as store
from survey_app.store.revisions import Revision
from survey_app.unit import forms
from survey_app.unit.desk import blueprint, fields_for, here, own_text
from survey_app.web.context import now, settings
from survey_app.web.doors import door
from survey_app.web.language import say

CARRIED = N_("两边的改动已经合在一起，请再看一遍后送审。")


class TextLost(Refusal):
    code, status = "typed-text-lost", 400
    message = N_("这张表没有带上您写的内容，没有保存。请退回上一页再提交。")


def both_texts(standing: Revision, mine: Mapping[str, Any], why: str) -> str:
    """What this person typed beside what another saved in the same draft."""
    names = names_in(revising.book_of(settings()), standing.unit_slug)
    return render_template(
        "desk/clash.html",
        revision=standing,
        why=why,
        clashes=three_way(standing.kind, standing.base, mine, standing.data, names),
        mine=json.dumps(mine, ensure_ascii=False),
        action=url_for(".merge", number=standing.number),
        theirs_title=N_("已经保存的"),
    )


def rescued(page: Page, mine: Mapping[str, Any], why: str) -> str:
    """The draft went on without this text (it was submitted, say): it is shown, so that nothing typed is lost."""
    standing = store.open_of(page.path)
    names = names_in(revising.book_of(settings()), page.unit)
    theirs = standing.data if standing else page.data
    return render_template(
        "desk/clash.html",
        revision=standing,
        why=why,
        clashes=three_way(page.kind, theirs, mine, theirs, names),
        mine="",
        action="",
        theirs_title=N_("已经送出的"),
    )


@blueprint.post("/revision/<int:number>/merge")
@door("desk")
def merge(number: int) -> ResponseReturnValue:
    """Save both texts as one, field by field as chosen."""
    standing = own_text(number)
    mine = _typed(standing)
    data = put_together(standing.kind, standing.base, mine, standing.data, _chosen(standing.kind))
    try:
        store.save(
            number=number,
            version=request.form.get("version", 0, int),
            data=data,
            title=str(data.get("title") or standing.title),
            note=standing.note,
            by=here().username,
            now=now(),
        )
    except rules.SavedByOther as refusal:
        return both_texts(standing, mine, refusal.text(say)), 409
    flash(say(CARRIED), "good")
    return redirect(url_for(".edit_revision", number=number), 303)


@blueprint.route("/revision/<int:number>/conflict", methods=["GET", "POST"])
@door("desk")
def conflict(number: int) -> ResponseReturnValue:
    """The published page changed after the draft was begun: three texts, and the editor carries over what stands."""
    revision = own_text(number)
    page = revising.look(settings(), revision.page, now())
    if revision.state not in rules.EDITABLE or not revising.is_outdated(settings(), revision, now()):
        return redirect(url_for(".edit_revision", number=number), 303)
    theirs = page.data if page else {}
    if request.method == "POST":
        return _rebase(revision, theirs)
    names = names_in(revising.book_of(settings()), revision.unit_slug)
    asked = {field.name for field in fields_for(revision.kind)}
    clashes = three_way(revision.kind, revision.base, revision.data, theirs, names)
    return render_template(
        "desk/clash.html",
        revision=revision,
        why="",
        clashes=[clash for clash in clashes if clash.name in asked],
        mine="",
        action=url_for(".conflict", number=number),
        seen=revising.file_digest(settings(), revision.page),
        gone=page is None,
        unreadable=page is None and bool(revising.file_digest(settings(), revision.page)),
        theirs_title=N_("现在公布的"),
    )


def _rebase(revision: Revision, theirs: Mapping[str, Any]) -> ResponseReturnValue:
    seen = request.form.get("seen", "")
    live = revising.file_digest(settings(), revision.page)
    if live and seen != live:
        return redirect(url_for(".conflict", number=revision.number), 303)  # it changed once more: look again
    if live and not theirs:
        raise revising.PageUnknown  # the file cannot be read: nobody may write over it
    chosen = _chosen(revision.kind)
    data = put_together(revision.kind, revision.base, revision.data, theirs, chosen) if theirs else revision.data
    store.rebase(
        number=revision.number,
        version=request.form.get("version", 0, int),
        data=data,
        base=theirs or None,
        base_digest=live,
        by=here().username,
        now=now(),
    )
    flash(say(CARRIED), "good")
    return redirect(url_for(".edit_revision", number=revision.number), 303)


def _chosen(kind: str) -> dict[str, Side]:
    """What this person decided, of what is theirs to decide; the rest goes to whichever side changed it."""
    sides: dict[str, Side] = {}
    for field in fields_for(kind):
        value = request.form.get(f"side-{field.name}")
        if value in ("mine", "theirs"):
            sides[field.name] = "mine" if value == "mine" else "theirs"
    return sides


def _typed(standing: Revision) -> dict[str, Any]:
    """The text that travelled through the page, taken apart as the form would; what no form asks stays as saved.

    Raises TextLost.
    """
    found, shown = _sent(standing.kind), fields_for(standing.kind)
    form = forms.draw(shown, found)
    if not form.validate():
        raise TextLost
    typed = forms.as_before(shown, found, forms.cleaned(shown, form.data))
    return merged(standing.kind, standing.data, typed, shown)


def _sent(kind: str) -> dict[str, Any]:
    try:
        found = json.loads(request.form.get("mine", ""))
    except ValueError as error:
        raise TextLost from error
    if not isinstance(found, dict) or found.get("kind") != kind:
        raise TextLost
    require_all_plain(found)
    return found
