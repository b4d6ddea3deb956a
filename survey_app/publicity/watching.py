"""What the office keeps an eye on: how publishing goes, what is out of date anywhere, and the history of any page."""

from collections import Counter
from collections.abc import Iterable

from flask import render_template
from flask.typing import ResponseReturnValue

from survey_app import jobs
from survey_app.domain import revisions as rules
from survey_app.publicity import worklists
from survey_app.publicity.office import blueprint
from survey_app.publishing.findings import Found, all_findings
from survey_app.publishing.revisions import history as past
from survey_app.publishing.revisions import revising
from survey_app.publishing.revisions.diff import names_in
from survey_app.store import revisions as store
from survey_app.web import lists
from survey_app.web.context import now, settings, today
from survey_app.web.doors import door

SHOWN_RUNS = 20


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
    """Findings of the whole site: the unit with most to mend first, unless asked otherwise."""
    book = revising.book_of(settings())
    made, everything = worklists.findings(book), all_findings(settings().pages, book, today())
    counts = Counter(finding.level for _page, finding in everything)
    return lists.answer(made, lists.in_memory(made, _by_unit(everything)), "review/reminders.html", counts=counts)


def _by_unit(found: Iterable[Found]) -> list[Found]:
    """Unit by unit, the one with most errors first, then most findings; in it errors before warnings."""
    groups: dict[str, list[Found]] = {}
    for page, finding in found:
        groups.setdefault(revising.unit_of(page), []).append((page, finding))
    for rows in groups.values():
        rows.sort(key=lambda one: (one[1].level != "error", one[0].path))
    by_need = sorted(groups.items(), key=lambda one: (-_errors(one[1]), -len(one[1]), one[0]))
    return [one for _slug, rows in by_need for one in rows]


def _errors(found: Iterable[Found]) -> int:
    return sum(finding.level == "error" for _page, finding in found)


@blueprint.get("/history/<path:path>")
@door("publicity")
def history(path: str) -> ResponseReturnValue:
    """Every text a page has had, whoever's it is."""
    page = revising.require_page(settings(), f"{path}.md", now())
    names = names_in(revising.book_of(settings()), revising.unit_of(page))
    steps = past.steps(settings(), page.path, page.kind, now(), names)
    return render_template("review/history.html", page=page, steps=steps, standing=store.open_of(page.path))
