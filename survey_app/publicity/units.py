"""All units: who writes for them, and what only the office changes: name, class, superior, address, merger."""

import re
from collections import Counter
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain import revisions as rules
from survey_app.domain.errors import N_, Finding, Refusal
from survey_app.domain.roles import OF_A_UNIT
from survey_app.domain.typed import require_plain, tidy_text
from survey_app.publicity import worklists
from survey_app.publicity.office import blueprint, here
from survey_app.publicity.reviewing import published_or_going
from survey_app.publicity.worklists import Unit
from survey_app.publishing.book import Book
from survey_app.publishing.checks import errors
from survey_app.publishing.pages import Page
from survey_app.publishing.revisions import revising
from survey_app.publishing.words import CLASSES
from survey_app.store import revisions as store
from survey_app.store import rounds
from survey_app.store.accounts import Listed, list_accounts
from survey_app.store.revisions import Proposal, Revision
from survey_app.web import lists
from survey_app.web.context import now, settings, today
from survey_app.web.doors import door
from survey_app.web.language import say

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
TO_SECOND = N_("已送另一位审核人复审，通过以后生效。")
RENAME, PLACE, MOVE, MERGE = "rename", "place", "move", "merge"


class UnitBusy(Refusal):
    code, status = "unit-busy", 409
    message = N_("%(unit)s还有%(count)s份没办完的修订稿。请先审完或退回，再换网址或合并。")


class UnitBeingRated(Refusal):
    code, status = "unit-being-rated", 409
    message = N_("%(unit)s正在“%(round)s”里接受评议，网址和评议码连着。请等这一轮截止后再换。")


class SlugWrong(Refusal):
    code, status = "slug-wrong", 422
    message = N_("网址名用小写字母、数字和短横线，例如budongchan。")


class SlugTaken(Refusal):
    code, status = "slug-taken", 409
    message = N_("网址名“%(slug)s”已经有单位在用或用过，请换一个。")


class TargetWrong(Refusal):
    code, status = "merge-target", 422
    message = N_("请选要并入的单位，不能是它自己。")


class NothingChanged(Refusal):
    code, status = "nothing-changed", 422
    message = N_("没有改动，所以没有保存。")


@blueprint.get("/units")
@door("publicity")
def units() -> ResponseReturnValue:
    """Every unit by class, with its people."""
    book = revising.book_of(settings())
    made, rows = worklists.units(), _rows(book)
    merged = [unit for unit in book.kind("unit") if unit.data.get("merged_into")]
    return lists.answer(made, lists.in_memory(made, rows), "review/units.html", merged=merged, book=book)


def _rows(book: Book) -> list[Unit]:
    people, pages = _people(), Counter(revising.unit_of(page) for page in book.pages)
    open_papers = Counter(revision.unit_slug for revision in store.listed(states=rules.OPEN, limit=5000))
    members = [unit for _code, units_of_class in book.units_by_class() for unit in units_of_class]
    return [Unit(one, people.get(one.unit, []), pages[one.unit], open_papers[one.unit]) for one in members]


def _people() -> dict[str, list[Listed]]:
    found: dict[str, list[Listed]] = {}
    for account in list_accounts():
        if account.active and account.roles & OF_A_UNIT:
            found.setdefault(account.unit_slug, []).append(account)
    return found


@blueprint.get("/units/<unit_slug>")
@door("publicity")
def unit(unit_slug: str) -> ResponseReturnValue:
    """One unit and what the office may change."""
    return _page(_unit(unit_slug))


@blueprint.post("/units/<unit_slug>")
@door("publicity")
def change_unit(unit_slug: str) -> ResponseReturnValue:
    """Rename, another class or superior, another address, or a merger."""
    page, book = _unit(unit_slug), revising.book_of(settings())
    try:
        made = _proposal(page, book)
        return _carry_out(made)
    except revising.HasErrors as refusal:
        return _page(page, problem=refusal.text(say), findings=refusal.findings), refusal.status
    except Refusal as refusal:
        return _page(page, problem=refusal.text(say)), refusal.status


def _proposal(page: Page, book: Book) -> Proposal:
    reason = tidy_text(request.form.get("reason", ""))
    require_plain(reason, most=500)
    if not reason:
        raise rules.ReasonMissing
    step = request.form.get("step", "")
    if step == RENAME:
        return revising.proposal(page, _renamed(page), note=reason)
    if step == PLACE:
        return revising.proposal(page, _placed(page), note=reason)
    _require_free(page, book)
    action, data = (rules.MERGE, _merged(page, book)) if step == MERGE else (rules.RENAME, _moved(page, book))
    return revising.proposal(page, data, note=reason, action=action)


def _renamed(page: Page) -> dict[str, Any]:
    title = tidy_text(request.form.get("title", ""))
    require_plain(title, most=60)
    if not title or title == page.title:
        raise NothingChanged
    former = {"name": page.title, "until_on": (today() - timedelta(days=1)).isoformat()}
    return {**page.data, "title": title, "former_names": [former, *page.data.get("former_names", [])]}


def _placed(page: Page) -> dict[str, Any]:
    data = dict(page.data)
    for key in ("class", "parent"):
        value = request.form.get(key, "")
        if value:
            data[key] = value
        else:
            data.pop(key, None)
    if data == page.data:
        raise NothingChanged
    return data


def _moved(page: Page, book: Book) -> dict[str, Any]:
    slug = request.form.get("slug", "").strip()
    if not SLUG.fullmatch(slug) or len(slug) > 60:
        raise SlugWrong
    if slug == "map" or book.unit(slug) or slug in book.former_slugs:
        raise SlugTaken(slug=slug)
    former = [page.unit, *(old for old in page.data.get("former_slugs", []) if old != slug)]
    return {"from": page.unit, "to": slug, "unit": {**page.data, "former_slugs": former}}


def _merged(page: Page, book: Book) -> dict[str, Any]:
    into = request.form.get("into", "")
    target = book.unit(into)
    if target is None or into == page.unit or target.data.get("merged_into"):
        raise TargetWrong
    ended = {**page.data, "merged_into": into, "ended_on": today().isoformat()}
    return {"from": page.unit, "to": into, "unit": ended}


def _require_free(page: Page, book: Book) -> None:
    """Nothing of the unit is under way, and no round that is open knows it by this address."""
    open_papers = store.listed(states=rules.OPEN, unit_slug=page.unit)
    if open_papers:
        raise UnitBusy(unit=page.title, count=len(open_papers))
    for round_ in rounds.list_rounds():
        if round_.status in ("draft", "open") and any(rated.slug == page.unit for rated in round_.units):
            raise UnitBeingRated(unit=book.unit_title(page.unit), round=round_.name)


def _carry_out(made: Proposal) -> ResponseReturnValue:
    """The office's own act is approved by whoever does it; with 三审三校 a second person has to agree."""
    second = settings().second_approval
    trial = Revision(**_as_if(made))
    if wrong := errors(revising.findings(settings(), trial, today())):
        raise revising.HasErrors(wrong)
    target = revising.target_digest(trial)
    revision = store.act(proposal=made, target_digest=target, second_wanted=second, by=here().username, now=now())
    if second:
        flash(say(TO_SECOND), "good")
        return redirect(url_for(".review", number=revision.number), 303)
    return published_or_going(revision)


def _as_if(made: Proposal) -> dict[str, Any]:
    """A revision that is nowhere stored, for the checks."""
    empty = {name: None for name in ("submitted_at", "decided_at", "published_at")}
    words = dict.fromkeys(
        ("author", "saved_by", "first_approver", "second_approver", "decision", "target_digest", "failure"), ""
    )
    return {
        **vars(made),
        **empty,
        **words,
        "number": 0,
        "version": 1,
        "state": rules.DRAFT,
        "created_at": now(),
        "saved_at": now(),
    }


def _unit(unit_slug: str) -> Page:
    return revising.require_page(settings(), f"units/{unit_slug}/index.md", now())


def _page(page: Page, *, problem: str = "", findings: list[Finding] | None = None) -> str:
    book = revising.book_of(settings())
    return render_template(
        "review/unit.html",
        page=page,
        people=_people().get(page.unit, []),
        procedures=len(book.procedures_of(page.unit)),
        commitments=len(book.commitments_of(page.unit)),
        classes=CLASSES,
        live=[other for other in book.live_units if other.unit != page.unit],
        merged_into=book.unit(str(page.data.get("merged_into", ""))),
        standing=store.listed(states=rules.OPEN, unit_slug=page.unit),
        problem=problem,
        findings=findings or [],
        typed=request.form,
    )
