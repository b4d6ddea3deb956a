"""What the office keeps an eye on: how publishing goes, what is out of date anywhere, and the history of any page."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from survey_app import jobs
from survey_app.domain import revisions as rules
from survey_app.publicity.office import blueprint
from survey_app.publishing.book import Book
from survey_app.publishing.findings import Found, all_findings
from survey_app.publishing.revisions import history as past
from survey_app.publishing.revisions import revising
from survey_app.publishing.revisions.diff import names_in
from survey_app.publishing.revisions.fields import kind_title
from survey_app.store import revisions as store
from survey_app.web.context import now, settings, today
from survey_app.web.doors import door

SHOWN_RUNS, PER_UNIT = 20, 12


@blueprint.get("/builds")
@door("publicity")
def builds() -> ResponseReturnValue:
    """The last publications, what failed and why, and what is approved and not yet live."""
    state = jobs.state(settings())
    return render_template(
        "review/builds.html",
        runs=list(reversed(state.runs))[:SHOWN_RUNS],
        going=store.approved(),
        done=store.listed(states=[rules.PUBLISHED], limit=20),
        conflicts=store.listed(states=[rules.CONFLICT]),
    )


@blueprint.get("/reminders")
@door("publicity")
def reminders() -> ResponseReturnValue:
    """Findings of the whole site by unit; level and kind narrow them."""
    level, kind, unit = (request.args.get(name, "") for name in ("level", "kind", "unit"))
    book = revising.book_of(settings())
    everything = all_findings(settings().pages, book, today())
    chosen = [
        (page, finding)
        for page, finding in everything
        if (not level or finding.level == level)
        and (not kind or page.kind == kind)
        and (not unit or revising.unit_of(page) == unit)
    ]
    return render_template(
        "review/reminders.html",
        groups=_by_unit(chosen, book),
        shown=None if unit else PER_UNIT,
        level=level,
        kind=kind,
        unit=unit,
        kinds=sorted({page.kind for page, _finding in everything}),
        kind_title=kind_title,
        counts={name: sum(f.level == name for _p, f in everything) for name in ("error", "warning")},
        book=book,
    )


def _by_unit(found: list[Found], book: Book) -> list[tuple[str, str, list[Found]]]:
    """(slug, title, findings) of each unit, the one with most to mend first; errors before warnings."""
    groups: dict[str, list[Found]] = {}
    for page, finding in found:
        groups.setdefault(revising.unit_of(page), []).append((page, finding))
    for rows in groups.values():
        rows.sort(key=lambda one: (one[1].level != "error", one[0].path))
    named = [(slug, book.unit_title(slug) if slug else "", rows) for slug, rows in groups.items()]
    return sorted(named, key=lambda one: (-sum(f.level == "error" for _p, f in one[2]), -len(one[2]), one[0]))


@blueprint.get("/history/<path:path>")
@door("publicity")
def history(path: str) -> ResponseReturnValue:
    """Every text a page has had, whoever's it is."""
    page = revising.require_page(settings(), f"{path}.md", now())
    names = names_in(revising.book_of(settings()), revising.unit_of(page))
    steps = past.steps(settings(), page.path, page.kind, now(), names)
    return render_template("review/history.html", page=page, steps=steps, standing=store.open_of(page.path))
