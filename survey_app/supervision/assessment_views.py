"""民主测评 at the desk: two people type the counted votes, neither seeing the other's; rules fire."""

from collections.abc import Iterator
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.casework import showing
from survey_app.domain import assessments as rules
from survey_app.domain.assessments import BODIES, COUNTS, GRADES, Fired
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.domain.orders.steps import ASSESSMENT
from survey_app.domain.roles import AUDITOR, DISCIPLINE_OFFICER, ENTRY_CLERK
from survey_app.store import assessments as store
from survey_app.store.assessments import Entry, Standing
from survey_app.supervision import origins
from survey_app.supervision.desk import blueprint
from survey_app.supervision.origins import Origin, OriginUnknown
from survey_app.web import lists, waiting
from survey_app.web.context import now, settings, today
from survey_app.web.doors import door, here
from survey_app.web.language import say
from survey_app.web.lists import Column, List
from survey_app.web.marks import page_mark, sent_mark
from survey_app.web.people import Person
from survey_app.web.waiting import Line

SAID = {
    store.FIRST: N_("第一遍录好了。请另一位同事对照票再录一遍，不要告诉他您录的数。"),
    store.AGREED: N_("两个人录的一致，录好了。"),
    store.DIFFER: N_("两个人录的不同：%(fields)s。请两个人一起对照票核对，再由录错的人重录。"),
}
WAITS, DIFFERS, SETTLED = "waits", "differs", "settled"
STATES = {WAITS: N_("等第二个人录"), DIFFERS: N_("两遍不同，等核对"), SETTLED: N_("录好了")}


class BodyUnknown(Refusal):
    code, status = "assessment-unknown", 404
    message = N_("这个单位还没有录过这样的民主测评。请从“民主测评”里选。")


waiting.place(
    N_("民主测评"),
    "supervision.assessments",
    N_("录入测评票数，看触发的规则"),
    DISCIPLINE_OFFICER,
    ENTRY_CLERK,
    AUDITOR,
)


@waiting.lines(ENTRY_CLERK, DISCIPLINE_OFFICER)
def _waits(who: Person) -> Iterator[Line]:
    found = [one for one in store.standings() if one.waiting]
    second = [one for one in found if not one.differs and one.waiting[0][0] != who.username]
    if second:
        yield Line(len(second), N_("份民主测评等第二个人录"), url_for("supervision.assessments", state=WAITS))
    if differ := [one for one in found if one.differs]:
        yield Line(
            len(differ),
            N_("份民主测评两遍不同，要核对"),
            url_for("supervision.assessments", state=DIFFERS),
            urgent=True,
        )


@blueprint.get("/assessments")
@door("assessments")
def assessments() -> ResponseReturnValue:
    """All bodies and years: what holds, what waits, which rules fire."""
    shown = made()
    more = {"fired": _all_fired(), "unit_title": showing.names(settings()).unit}
    may = {"types": bool({ENTRY_CLERK, DISCIPLINE_OFFICER} & here().roles), "draws": DISCIPLINE_OFFICER in here().roles}
    return lists.answer(shown, lists.in_memory(shown, store.standings()), "supervision/assessments.html", **more, **may)


@blueprint.get("/assessments/<unit_slug>/<name>")
@door("assessments")
def assessed_body(unit_slug: str, name: str) -> ResponseReturnValue:
    """One body (`name`) with all its years, the latest first, and the rules each year fires."""
    names, asked = showing.names(settings()), (unit_slug, name)
    found = [one for one in store.standings() if (one.unit, one.body) == asked]
    if not found:
        raise BodyUnknown
    shown = replace(
        made(whole=True), title=fill(N_("%(unit)s（%(body)s）历年民主测评"), _told(*asked), say), filters=()
    )
    fired = [(one, rule) for one, rule in _all_fired() if (one.unit, one.body) == asked]
    more = {"fired": fired, "unit_title": names.unit, "types": False, "draws": DISCIPLINE_OFFICER in here().roles}
    return lists.answer(shown, lists.in_memory(shown, found), "supervision/assessments.html", back=True, **more)


@blueprint.get("/assessments/enter")
@door("assessment_entry")
def enter_assessment() -> ResponseReturnValue:
    """An empty form."""
    return _form()


@blueprint.post("/assessments/enter")
@door("assessment_entry")
def keep_reading() -> ResponseReturnValue:
    """Keep one person's reading, or say what is wrong with it."""
    try:
        said, fields = store.enter(_entry(), now())
    except Refusal as refusal:
        return _form(refusal), refusal.status
    names = "、".join(say(name) for name in fields)
    flash(fill(SAID[said], {"fields": names}, say), "good" if said != store.DIFFER else "bad")
    return redirect(url_for(".assessments"), 303)


@origins.of(ASSESSMENT)
def _origin(ref: str) -> Origin:
    """`ref`: unit/body/year/rule."""
    for standing, fired in _all_fired():
        if f"{standing.unit}/{standing.body}/{standing.year}/{fired.rule}" == ref:
            unit = showing.names(settings()).unit(standing.unit)
            told = {"year": standing.year, "unit": unit, "body": say(BODIES[standing.body]), "rule": say(fired.words)}
            shown = {**told, "how": fired.arithmetic(say)}
            basis = fill(N_("%(year)s年民主测评，%(unit)s（%(body)s）触发规则“%(rule)s”：%(how)s"), shown, say)
            return Origin(ASSESSMENT, ref, standing.unit, basis)
    raise OriginUnknown


def _told(unit: str, body: str) -> dict[str, str]:
    return {"unit": showing.names(settings()).unit(unit), "body": say(BODIES[body])}


def _all_fired() -> list[tuple[Standing, Fired]]:
    """Every settled year with each rule it fires, the latest year first."""
    found = store.standings()
    held = {(one.unit, one.body, one.year): one.reading for one in found}
    return [
        (one, fired)
        for one in found
        if one.reading
        for fired in rules.fired(one.reading, held.get((one.unit, one.body, one.year - 1)))
    ]


def _entry() -> Entry:
    form, units = request.form, dict(showing.names(settings()).units())
    if form.get("unit", "") not in units:
        raise rules.ChoiceMissing(what=N_("单位"))
    if form.get("body", "") not in BODIES:
        raise rules.ChoiceMissing(what=N_("测评对象"))
    year, reason = rules.typed_year(form.get("year", ""), today()), rules.typed_reason(form.get("reason", ""))
    mark = sent_mark()
    return Entry(form["unit"], form["body"], year, rules.typed_reading(form), here().username, mark, reason)


def _form(refusal: Refusal | None = None) -> str:
    return render_template(
        "supervision/assessment_enter.html",
        counts=COUNTS,
        grades=GRADES,
        bodies=BODIES,
        units=showing.names(settings()).units(),
        typed=request.form if refusal else {**request.args, "year": request.args.get("year", str(today().year))},
        problem=refusal.text(say) if refusal else "",
        mark=page_mark(),
    )


def made(*, whole: bool = False) -> List:
    """The list, for the page and the file to download; `whole`: with the basis of the grade also on the page."""
    names = showing.names(settings())
    years = sorted({one.year for one in store.standings()}, reverse=True)
    return List(
        title=N_("民主测评"),
        empty=N_("还没有录过民主测评。录入员或纪检人员按“录入”，对照票填上各项票数，再请另一位同事录一遍。"),
        columns=(
            Column("unit", N_("单位"), lambda one: names.unit(one.unit), href=_href),
            Column("body", N_("测评对象"), lambda one: BODIES[one.body]),
            Column("year", N_("年份"), lambda one: one.year, text=lambda one: str(one.year), number=True),
            Column("state", N_("情况"), lambda one: STATES[_state(one)], tag=lambda one: _TAGS[_state(one)]),
            *(_count_column(name, title) for name, title in COUNTS.items()),
            Column("grade", N_("总评等次"), lambda one: GRADES.get(one.reading.grade) if one.reading else None),
            Column("basis", N_("总评的依据"), lambda one: one.reading and one.reading.basis, sort=False, on_page=whole),
        ),
        filters=(
            lists.choice("year", N_("年份"), ((str(year), str(year)) for year in years), _in_year),
            lists.choice("unit", N_("单位"), names.units(), lambda one, unit: one.unit == unit),
            lists.choice("state", N_("情况"), STATES.items(), lambda one, state: _state(one) == state),
        ),
    )


def _href(one: Standing) -> str:
    return url_for("supervision.assessed_body", unit_slug=one.unit, name=one.body)


_TAGS = {WAITS: "warn", DIFFERS: "bad", SETTLED: "good"}


def _count_column(name: str, title: str) -> Column:
    """Counts that only one person has typed are shown to nobody: the second types blind."""
    return Column(name, title, lambda one: getattr(one.reading, name) if one.reading else None, number=True)


def _in_year(one: Standing, year: str) -> bool:
    return str(one.year) == year


def _state(one: Standing) -> str:
    return DIFFERS if one.differs else WAITS if one.waiting else SETTLED
