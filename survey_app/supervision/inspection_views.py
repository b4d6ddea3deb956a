"""明查暗访 on a phone: what was seen, where and when, with a photo; never a score. The office draws orders from it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.casework import attachments, showing
from survey_app.domain import inspections as rules
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.domain.inspections import KINDS, FindingUnknown, Seen
from survey_app.domain.orders.steps import FINDING
from survey_app.domain.roles import AUDITOR, DISCIPLINE_OFFICER, INSPECTOR
from survey_app.store import inspections as store
from survey_app.store import orders
from survey_app.store.inspections import Finding
from survey_app.supervision import origins
from survey_app.supervision.desk import blueprint
from survey_app.supervision.naming import PersonSeems, require_asked
from survey_app.supervision.origins import Origin
from survey_app.web import lists, waiting
from survey_app.web.context import keys, now, settings, today
from survey_app.web.doors import door, here
from survey_app.web.language import say
from survey_app.web.lists import Column, List
from survey_app.web.marks import page_mark, sent_mark
from survey_app.web.people import Person
from survey_app.web.waiting import Line

KEPT = N_("记好了，编号%(number)s。可以接着记下一条。")
ADDED = N_("补充好了。")
WAYS = {"open": N_("明查"), "covert": N_("暗访")}

waiting.place(
    N_("督查发现"), "supervision.inspections", N_("明查暗访看到了什么，不打分"), INSPECTOR, DISCIPLINE_OFFICER, AUDITOR
)


@waiting.lines(DISCIPLINE_OFFICER)
def _waits(_who: Person) -> Iterator[Line]:
    drawn = {ref for ref, _unit in orders.drawn_from(FINDING)}
    recent = store.findings_in(today() - timedelta(days=31), today())
    new = [one for one in recent if one.kind != "good" and str(one.id) not in drawn]
    if new:
        yield Line(len(new), N_("条近一个月的督查发现还没有起草督查件"), url_for("supervision.inspections"))


@blueprint.get("/inspections")
@door("inspections")
def inspections() -> ResponseReturnValue:
    """Findings: an inspector's own, or all."""
    own = here().username if not {DISCIPLINE_OFFICER, AUDITOR} & here().roles else ""
    shown = made()
    found = lists.in_memory(shown, store.findings(by=own))
    return lists.answer(shown, found, "supervision/inspections.html", inspects=INSPECTOR in here().roles)


@blueprint.get("/inspections/new")
@door("inspector")
def new_finding() -> ResponseReturnValue:
    """An empty form, for a phone."""
    return _form()


@blueprint.post("/inspections/new")
@door("inspector")
def keep_finding() -> ResponseReturnValue:
    """Keep what was seen with its photos, or nothing of it."""
    try:
        seen = rules.typed_finding(request.form, dict(showing.names(settings()).units()), today())
        require_asked(f"{seen.place}。{seen.words}", request.form)
        number = store.keep_finding(seen, by=here().username, mark=sent_mark(), files=_files(), now=now())
    except Refusal as refusal:
        return _form(refusal), refusal.status
    flash(fill(KEPT, {"number": number}, say), "good")
    return redirect(url_for(".finding", number=number), 303)


@blueprint.get("/inspections/<int:number>")
@door("inspections")
def finding(number: int) -> ResponseReturnValue:
    """One finding with what was added later."""
    return _page(_readable(number))


@blueprint.post("/inspections/<int:number>")
@door("inspector")
def add_to_finding(number: int) -> ResponseReturnValue:
    """Words and photos added to one's own finding; what was written before stays as it is."""
    found = _readable(number)
    try:
        words = rules.typed_words(request.form.get("words", ""))
        require_asked(words, request.form)
        same = (found.unit, today(), "", found.place, found.covert, found.kind, words)
        store.keep_finding(Seen(*same), by=here().username, mark=sent_mark(), files=_files(), now=now(), to=number)
    except Refusal as refusal:
        return _page(found, refusal), refusal.status
    flash(say(ADDED), "good")
    return redirect(url_for(".finding", number=number), 303)


@blueprint.get("/inspections/<int:number>/files/<name>")
@door("inspections")
def finding_file(number: int, name: str) -> ResponseReturnValue:
    """A photo, to be saved."""
    numbers = [_readable(number).id, *(one.id for one in store.added_to(number))]
    return attachments.hand_out(store.files_of(numbers), name, of=str(number), keys=keys(), settings=settings())


@origins.of(FINDING)
def _origin(ref: str) -> Origin:
    found = store.finding(int(ref) if ref.isascii() and ref.isdigit() else 0)
    way = say(WAYS[found.way])
    told = {"on": found.on, "place": found.place, "way": way, "kind": say(KINDS[found.kind]), "words": found.words}
    basis = fill(N_("%(on)s在%(place)s%(way)s，%(kind)s：%(words)s"), told, say)
    return Origin(FINDING, ref, found.unit, basis[:1_900])


def _readable(number: int) -> Finding:
    """A finding of one's own; the office and auditors read all. Raises FindingUnknown."""
    found = store.finding(number)
    if found.found_by != here().username and not {DISCIPLINE_OFFICER, AUDITOR} & here().roles:
        raise FindingUnknown
    return found


def _files() -> Sequence[attachments.Stored]:
    return attachments.take(request.files.getlist("files"), keys=keys(), settings=settings())


def _form(refusal: Refusal | None = None) -> str:
    return render_template(
        "supervision/finding_new.html",
        kinds=KINDS,
        ways=WAYS,
        units=showing.names(settings()).units(),
        typed=request.form if refusal else {"on": str(today()), "unit": request.args.get("unit", "")},
        problem=refusal.text(say) if refusal else "",
        asks=isinstance(refusal, PersonSeems),
        mark=page_mark(),
    )


def _page(found: Finding, refusal: Refusal | None = None) -> str:
    added = store.added_to(found.id)
    return render_template(
        "supervision/finding.html",
        finding=found,
        added=added,
        files=store.files_of([found.id, *(one.id for one in added)]),
        unit_title=showing.names(settings()).unit,
        kinds=KINDS,
        ways=WAYS,
        own=found.found_by == here().username and INSPECTOR in here().roles,
        draws=DISCIPLINE_OFFICER in here().roles,
        typed=request.form if refusal else {},
        problem=refusal.text(say) if refusal else "",
        asks=isinstance(refusal, PersonSeems),
        mark=page_mark(),
    )


def made() -> List:
    """The list, for the page and the file to download."""
    names = showing.names(settings())
    return List(
        title=N_("督查发现"),
        empty=N_("还没有督查发现。督查员在手机上按“记一条”，写清时间、地点、单位和看到的事。"),
        columns=(
            Column("id", N_("编号"), lambda one: one.id, text=lambda one: str(one.id), href=_href),
            Column("on", N_("哪天"), lambda one: one.on),
            Column("unit", N_("单位"), lambda one: names.unit(one.unit)),
            Column("place", N_("地点"), lambda one: one.place, sort=False),
            Column("way", N_("方式"), lambda one: WAYS[one.way]),
            Column("kind", N_("哪一类"), lambda one: KINDS[one.kind]),
            Column("words", N_("看到了什么"), lambda one: one.words, on_page=False, sort=False),
        ),
        filters=(
            lists.choice("unit", N_("单位"), names.units(), lambda one, unit: one.unit == unit),
            lists.choice("kind", N_("哪一类"), KINDS.items(), lambda one, kind: one.kind == kind),
            lists.words("q", N_("地点或内容"), lambda one, words: words in one.place or words in one.words),
            lists.day("since", N_("从哪天"), lambda one, day: str(one.on) >= day),
        ),
        order="-on",
    )


def _href(one: Finding) -> str:
    return url_for("supervision.finding", number=one.id)
