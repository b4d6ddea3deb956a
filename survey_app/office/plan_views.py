"""Planning a round in the browser: begun from a template or a round, one plain page a step, settled at the end."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from survey_app.domain.errors import N_, BadInput, Refusal, fill
from survey_app.domain.plans import Draft
from survey_app.domain.roles import ROUND_OFFICER
from survey_app.domain.rounds import CHANNEL_WORDS
from survey_app.domain.scale import CLASSES, LEVELS
from survey_app.office import plan_rules, plan_steps, planning
from survey_app.office.desk import blueprint
from survey_app.office.foresight import told
from survey_app.office.methods import TEMPLATES
from survey_app.office.plan_shown import SHOWN
from survey_app.publishing.pages import Page
from survey_app.publishing.shelf import shelf
from survey_app.store import plans, rounds
from survey_app.store.plans import Plan, PlanUnknown
from survey_app.web.context import now, settings, today
from survey_app.web.doors import door, here
from survey_app.web.language import say

STEPS = {
    "facts": N_("名称和日期"),
    "units": N_("评哪些单位"),
    "groups": N_("谁来评"),
    "questions": N_("评哪些方面"),
    "counting": N_("怎么计分、哪些渠道"),
    "people": N_("多少人、发多少码"),
    "rules": N_("有后果的规则"),
}
ON_METHOD = ("groups", "questions", "counting", "rules")  # analysis reads the whole method after these
SAVED = N_("“%(step)s”存好了。")
SETTLED = N_("计划定稿了。下一步：请发码人发评议码，再公布办法。")
DISCARDED = N_("计划已删除。")


class ConfirmMissing(Refusal):
    code, status = "confirm-missing", 422
    message = N_("没有做。请先勾上“我确认”，再按一次。")


@blueprint.get("/plans/new")
@door("round_officer")
def choose_begin() -> ResponseReturnValue:
    """What a new plan may begin from."""
    return _begin_page()


@blueprint.post("/plans/new")
@door("round_officer")
def begin_plan() -> ResponseReturnValue:
    """A new plan; the same form sent twice is one."""
    try:
        number = planning.begin(
            request.form.get("from", ""),
            mark=request.form.get("mark", "") or plan_steps.new_mark(),
            actor=here().username,
            now=now(),
            today=today(),
        )
    except Refusal as refusal:
        return _begin_page(refusal), refusal.status
    return redirect(url_for(".plan", number=number), 303)


@blueprint.get("/plans/<int:number>")
@door("rounds")
def plan(number: int) -> ResponseReturnValue:
    """The plan as a whole: its steps, and what it can and cannot show."""
    return _plan_page(plans.get_plan(number))


@blueprint.get("/plans/<int:number>/<name>")
@door("rounds")
def plan_step(number: int, name: str) -> ResponseReturnValue:
    """One step of a plan."""
    found = plans.get_plan(number)
    return _step_page(found, _known(name), SHOWN[name](found.draft))


@blueprint.post("/plans/<int:number>/<name>")
@door("round_officer")
def save_step(number: int, name: str) -> ResponseReturnValue:
    """Keep a step. A refusal gives the page back with what was typed."""
    found = plans.get_plan(number)
    try:
        changed = _read(_known(name), found.draft)
        if name in ON_METHOD:
            planning.require_method(changed)
        plans.save_plan(number, changed, version=_version(), step=name, actor=here().username, now=now())
    except Refusal as refusal:
        return _step_page(found, name, request.form, refusal), refusal.status
    flash(fill(SAVED, {"step": STEPS[name]}, say), "good")
    return redirect(_after(number, name), 303)


@blueprint.post("/plans/<int:number>")
@door("round_officer")
def settle_plan(number: int) -> ResponseReturnValue:
    """The plan becomes a draft round."""
    found = plans.get_plan(number)
    try:
        code = planning.settle(found, version=_version(), settings=settings(), actor=here().username, now=now())
    except (Refusal, BadInput) as refusal:
        return _plan_page(found, refusal), refusal.status
    flash(say(SETTLED), "good")
    return redirect(url_for(".show_round", round_code=code), 303)


@blueprint.post("/plans/<int:number>/discard")
@door("round_officer")
def discard_plan(number: int) -> ResponseReturnValue:
    """Delete a plan, once that is confirmed."""
    found = plans.get_plan(number)
    try:
        require_confirmed()
        plans.discard_plan(number, version=_version(), actor=here().username, now=now())
    except Refusal as refusal:
        return _plan_page(found, refusal), refusal.status
    flash(say(DISCARDED), "good")
    return redirect(url_for(".list_rounds"), 303)


def require_confirmed() -> None:
    """Raises ConfirmMissing unless the box beside the button is ticked."""
    if request.form.get("confirmed") != "y":
        raise ConfirmMissing


def _read(name: str, draft: Draft) -> Draft:
    form = request.form
    if name == "units":
        return plan_steps.units(draft, form, planning.classes_of(_pages()), CLASSES)
    if name == "people":
        return plan_steps.people(draft, form, _of_class(draft, form.get("class", "")))
    if name == "rules":
        return plan_rules.rules(draft, form)
    return plan_steps.READERS[name](draft, form)


def _known(name: str) -> str:
    if name not in STEPS:
        raise PlanUnknown
    return name


def _version() -> int:
    typed = request.form.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _after(number: int, name: str) -> str:
    """On to the next step, or back to the same one where another row or class is to be typed."""
    if request.form.get("go") == "stay":
        own: dict[str, Any] = {"class": request.form.get("class") or None}
        return url_for(".plan_step", number=number, name=name, **own)
    names = list(STEPS)
    following = names[names.index(name) + 1 :]
    return url_for(".plan_step", number=number, name=following[0]) if following else url_for(".plan", number=number)


def _pages() -> list[Page]:
    """The published units, kept parsed in memory."""
    kept = shelf(settings().pages).pages.values()
    return [one.page for one in kept if isinstance(one.page, Page) and one.page.kind == "unit"]


def _titles() -> dict[str, str]:
    return {page.slug: str(page.data["title"]) for page in _pages()}


def _of_class(draft: Draft, code: str) -> dict[str, str]:
    """The draft's units of one class: slug -> name."""
    classes, titles = planning.classes_of(_pages()), _titles()
    return {slug: titles.get(slug, slug) for slug in draft.units if classes.get(slug) == code}


def _by_class() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Class code, its name, its units as (slug, name)."""
    classes, titles = planning.classes_of(_pages()), _titles()
    found = [
        (code, zh, [(slug, titles[slug]) for slug, own in classes.items() if own == code])
        for code, zh in CLASSES.items()
    ]
    return [(code, zh, units) for code, zh, units in found if units]


def _begin_page(refusal: Refusal | None = None) -> str:
    return render_template(
        "office/plan_new.html",
        templates=TEMPLATES,
        rounds=rounds.list_rounds(),
        mark=plan_steps.new_mark(),
        given=request.form.get("from", ""),
        problem=refusal.text(say) if refusal else "",
    )


def _plan_page(found: Plan, refusal: Refusal | None = None) -> str:
    return render_template(
        "office/plan.html",
        plan=found,
        steps=STEPS,
        lacking=planning.lacking(found.draft),
        told=told(found.draft, planning.classes_of(_pages())),
        can_change=ROUND_OFFICER in here().roles,
        problem=refusal.text(say) if refusal else "",
    )


def _step_page(found: Plan, name: str, given: MultiDict[str, str], refusal: Refusal | None = None) -> str:
    code = request.values.get("class", "")
    classes = [one for one in _by_class() if any(slug in found.draft.units for slug, _zh in one[2])]
    chosen = code if code in [one[0] for one in classes] else classes[0][0] if classes else ""
    return render_template(
        f"office/plan_{name}.html",
        plan=found,
        name=name,
        step=STEPS[name],
        number_of_step=list(STEPS).index(name) + 1,
        steps=STEPS,
        given=given,
        rows=plan_steps.rows_shown(given),
        classes=_by_class(),
        planned_classes=classes,
        chosen=chosen,
        units=_of_class(found.draft, chosen),
        levels=[(level, word) for level, word in LEVELS.items() if level],
        channels=CHANNEL_WORDS,
        columns=plan_rules.COLUMN_WORDS,
        workdays=plan_steps.workdays_of(found.draft, settings().holidays),
        can_change=ROUND_OFFICER in here().roles,
        problem=refusal.text(say) if refusal else "",
    )
