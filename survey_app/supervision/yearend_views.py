"""The year's end at the desk: how it is summed is settled first; then the sheet, each component beside the sum."""

from collections.abc import Mapping
from datetime import UTC
from fractions import Fraction
from itertools import pairwise
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.casework import showing
from survey_app.domain import yearend as rules
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.roles import AUDITOR, DISCIPLINE_OFFICER, REVIEWER
from survey_app.domain.scale import CLASSES
from survey_app.domain.typed import require_plain
from survey_app.domain.yearend import COMPONENTS, FORMULAS, MISSING_WORDS, POINTS
from survey_app.jobs.everyday import local_day
from survey_app.publishing.revisions import revising
from survey_app.store import yearend as store
from survey_app.store.yearend import Settled
from survey_app.supervision import sheet, sheet_drawn, yearend_files
from survey_app.supervision.desk import blueprint
from survey_app.web import waiting
from survey_app.web.context import now, settings, today
from survey_app.web.doors import door, here
from survey_app.web.downloads import DOCX
from survey_app.web.language import say
from survey_app.web.marks import page_mark, sent_mark
from survey_app.web.sending import XLSX, send_download

SETTLED = N_("办法定下了。以后的改动会作为新的一版列出来。")
KEPT = N_("考核表定稿了。再定稿会成为新的一版，前一版不动。")
FIRST_YEAR = 2020

waiting.place(
    N_("年终考核"), "supervision.year_ends", N_("各项和权重、每个单位的合计"), DISCIPLINE_OFFICER, REVIEWER, AUDITOR
)


class YearUnknown(Refusal):
    code, status = "year-end-year", 404
    message = N_("没有这一年的年终考核。")


@blueprint.get("/year-end")
@door("orders")
def year_ends() -> ResponseReturnValue:
    """This year's sheet."""
    return redirect(url_for(".year_end", number=today().year), 303)


@blueprint.get("/year-end/<int:number>")
@door("orders")
def year_end(number: int) -> ResponseReturnValue:
    """The sheet of a year, or how to begin."""
    plans = store.plans(known_year(number))
    if not plans:
        return render_template("supervision/year_begin.html", year=number, draws=_draws(), years=_years())
    return _sheet_page(number, plans)


@blueprint.post("/year-end/<int:number>")
@door("discipline")
def keep_year_end(number: int) -> ResponseReturnValue:
    """Keep the sheet as it is now, as a version."""
    plan, reason = store.plan_of(known_year(number)), request.form.get("reason", "")
    try:
        require_plain(reason, most=500)
        told = {"reason": reason, "by": here().username, "mark": sent_mark()}
        store.keep(number, _rows(plan), plan_version=plan.version, now=now(), **told)
    except Refusal as refusal:
        return _sheet_page(number, store.plans(number), refusal), refusal.status
    flash(say(KEPT), "good")
    return redirect(url_for(".year_end", number=number), 303)


@blueprint.get("/year-end/<int:number>/plan")
@door("discipline")
def year_plan(number: int) -> ResponseReturnValue:
    """How the year is summed, to settle or to change."""
    return _plan_page(known_year(number))


@blueprint.post("/year-end/<int:number>/plan")
@door("discipline")
def settle_year_plan(number: int) -> ResponseReturnValue:
    """Settle the plan, or say what is wrong with it."""
    try:
        plan, reason = _typed_plan(), request.form.get("reason", "")
        require_plain(reason, most=500)
        store.settle(
            known_year(number), plan, reason=reason, by=here().username, mark=sent_mark(), now=now(), today=today()
        )
    except Refusal as refusal:
        return _plan_page(number, refusal), refusal.status
    flash(say(SETTLED), "good")
    return redirect(url_for(".year_end", number=number), 303)


@blueprint.get("/year-end/<int:number>/units/<unit_slug>")
@door("orders")
def unit_year_end(number: int, unit_slug: str) -> ResponseReturnValue:
    """One unit's year with the arithmetic in words."""
    plan = store.plan_of(known_year(number))
    row = _standing(plan).get(unit_slug)
    if row is None:
        raise YearUnknown
    return render_template("supervision/year_unit.html", year=number, unit=unit_slug, row=row, **_worked(plan, row))


def unit_part(number: int, unit: str) -> dict[str, Any]:
    """What a unit sees of a year at its own desk: its row as last kept, or as it is now; `row` is None where it has
    none. Raises YearUnknown."""
    plans, kept = store.plans(known_year(number)), store.sheets(number)
    row = _standing(plans[-1]).get(unit) if plans else None
    told = {"year": number, "years": _years(), "unit": unit, "row": row, "settled": bool(plans)}
    return {**told, "kept": kept[-1] if kept else None, **(_worked(plans[-1], row) if row else {})}


def _worked(plan: Settled, row: Mapping[str, Any]) -> dict[str, Any]:
    """A unit's row with its arithmetic in words."""
    return {
        "drawn": sheet_drawn.parts(plan.plan, row),
        "pieces": {one.component: one.words for one in sheet_drawn.pieces(plan.plan, row)},
        "working": list(sheet.working(plan.plan, row, say)),
        "formulas": FORMULAS,
        **_shared(plan),
    }


@blueprint.get("/year-end/<int:number>/<name>")
@door("orders")
def year_end_file(number: int, name: str) -> ResponseReturnValue:
    """The sheet as Excel or Word; what was kept last, or as it is now."""
    plan = store.plan_of(known_year(number))
    makers = {"sheet.xlsx": (yearend_files.workbook, XLSX), "sheet.docx": (yearend_files.document, DOCX)}
    if name not in makers:
        raise YearUnknown
    make, mimetype = makers[name]
    kept = store.sheets(number)
    content = make(plan, kept, _standing(plan), showing.names(settings()).unit, now())
    return send_download(content, f"{number}-{name}", mimetype, version=kept[-1].version if kept else 0)


def _sheet_page(year: int, plans: list[Settled], refusal: Refusal | None = None) -> str:
    plan, kept = plans[-1], store.sheets(year)
    live = _rows(plan)
    rows = kept[-1].rows if kept else live
    return render_template(
        "supervision/year_sheet.html",
        year=year,
        years=_years(),
        plans=plans,
        kept=kept,
        classes=[(words, units, sheet_drawn.sums(plan.plan, units)) for words, units in _classes(rows)],
        numbered=sheet_drawn.numbered(plan.plan),
        moved=sheet.differences(kept[-1].rows, live) if kept else [],
        versions=[(after, sheet.differences(before.rows, after.rows)) for before, after in pairwise(kept)],
        who=sheet.who(plan.plan, showing.names(settings()).unit, say),
        draws=_draws(),
        problem=refusal.text(say) if refusal else "",
        typed=request.form,
        mark=page_mark(),
        **_shared(plan),
    )


def _typed_plan() -> rules.Plan:
    """The plan with its units. Raises what `typed_plan` and `with_units` raise."""
    way, book = request.form.get("way", rules.EVERYBODY), revising.book_of(settings())
    known = CLASSES if way == rules.CLASSES else [page.unit for page in book.live_units]
    chosen = {rules.CLASSES: "class", rules.LISTED: "unit"}.get(way, "")
    return rules.with_units(rules.typed_plan(request.form), way, request.form.getlist(chosen), known)


def _classes(rows: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, Any]]]]:
    return sheet.by_class(rows, showing.names(settings()).unit)


def _plan_page(year: int, refusal: Refusal | None = None) -> str:
    plans = store.plans(year)
    return render_template(
        "supervision/year_plan.html",
        year=year,
        components=COMPONENTS,
        formulas=FORMULAS,
        missing_words=MISSING_WORDS,
        points=POINTS,
        typed=request.form if refusal else _begun(plans),
        **_choosing(plans, refusal),
        changes=bool(plans),
        problem=refusal.text(say) if refusal else "",
        mark=page_mark(),
    )


def _choosing(plans: list[Settled], refusal: Refusal | None) -> dict[str, Any]:
    """Which units take part, as the form asks it: the ways, and the working units by class."""
    held = plans[-1].plan if plans else None
    typed = {"way": request.form.get("way"), "chosen": [*request.form.getlist("class"), *request.form.getlist("unit")]}
    begun = {"way": held.way, "chosen": held.chosen} if held else {"way": rules.EVERYBODY, "chosen": ()}
    groups = revising.book_of(settings()).units_by_class()
    return {**(typed if refusal else begun), "ways": rules.WAYS, "classes": CLASSES, "groups": groups}


def _begun(plans: list[Settled]) -> Mapping[str, object]:
    """The plan that holds, or the usual one."""
    if not plans:
        usual = {f"weight-{name}": weight for name, weight in rules.DEFAULTS.items()}
        return {**usual, **{f"points-{name}": value for name, (_words, value) in POINTS.items()}}
    plan = plans[-1].plan
    weights = {f"weight-{name}": rules.shown(100 * weight) for name, weight in plan.weights.items()}
    missing = {f"missing-{name}": value for name, value in plan.missing.items()}
    return {**weights, **missing, **{f"points-{name}": value for name, value in plan.points.items()}}


def _shared(plan: Settled) -> dict[str, Any]:
    return {
        "plan": plan,
        "late_plan": local_day(settings(), plan.settled_at.replace(tzinfo=UTC)).year > plan.year,
        "fixed": today().year > plan.year or bool(store.sheets(plan.year)),
        "components": COMPONENTS,
        "shown": sheet.shown,
        "percent": lambda weight: rules.shown(100 * weight),
        "weight": lambda row: rules.shown(100 * Fraction(row["share"])),
        "unit_title": showing.names(settings()).unit,
    }


def _standing(plan: Settled) -> Mapping[str, Any]:
    kept = store.sheets(plan.year)
    return kept[-1].rows if kept else _rows(plan)


def _rows(plan: Settled) -> dict[str, Any]:
    return sheet.rows(plan.year, plan.plan, revising.book_of(settings()), settings(), say)


def _draws() -> bool:
    return DISCIPLINE_OFFICER in here().roles


def known_year(number: int) -> int:
    """A year that has a page. Raises YearUnknown."""
    if not FIRST_YEAR <= number <= today().year + 1:
        raise YearUnknown
    return number


def _years() -> list[int]:
    return list(range(today().year, today().year - 4, -1))
