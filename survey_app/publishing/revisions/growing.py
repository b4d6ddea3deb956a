"""Pages that grow from cases: an answered question, something mended. Always a draft; approval follows as for any page.

A person's own words are never put into a page or its draft: whoever writes the entry sees them beside it and says them
anew in the place left blank, which the checks let nobody forget.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from survey_app.config import Settings
from survey_app.domain import revisions as rules
from survey_app.domain.blanks import blank
from survey_app.publishing.checks.persons import traces
from survey_app.publishing.pages import new_page
from survey_app.publishing.revisions import revising
from survey_app.store import revisions as store
from survey_app.store.revisions import Revision

QUESTION = blank("用自己的话写这个问题，不写是谁问的")
SAID = blank("用自己的话概括反映的问题，不写是谁反映的")
Entry = Mapping[str, str]


def grow_faq(
    settings: Settings, *, unit: str, procedure: str, answer: str, by: str, now: datetime, note: str
) -> Revision:
    """The procedure's page with one more question, as a draft of its own or in the one that is being written.

    Raises PageUnknown, RevisionOpen where the page's draft waits for approval.
    """
    path, entry = f"units/{unit}/procedures/{procedure}.md", {"q": QUESTION, "a": without_traces(answer)}
    revising.require_page(settings, path, now)
    return _grow(settings, path, {}, ("faq", entry), by, now, note)


def add_question(
    settings: Settings, *, unit: str, answer: str, today: date, by: str, now: datetime, note: str
) -> Revision:
    """The unit's page of answers with one more question; begun where there is none. Raises RevisionOpen."""
    entry = {"month": f"{today:%Y-%m}", "q": QUESTION, "a": without_traces(answer)}
    return _grow(settings, *_answers(settings, unit, today), ("questions", entry), by, now, note)


def add_mended(
    settings: Settings, *, unit: str, source: str, done: str, today: date, by: str, now: datetime, note: str
) -> Revision:
    """The same with what was mended. `source`: rating, complaint or suggestion. Raises RevisionOpen."""
    entry = {"month": f"{today:%Y-%m}", "from": source, "said": SAID, "done": without_traces(done)}
    return _grow(settings, *_answers(settings, unit, today), ("mended", entry), by, now, note)


def without_traces(text: str) -> str:
    """The words with a place to be written wherever they say who it was."""
    for trace in sorted(traces(text), key=len, reverse=True):
        text = text.replace(trace, blank("改写，这里看得出是谁"))
    return text


def _answers(settings: Settings, unit: str, today: date) -> tuple[str, dict[str, Any]]:
    title = revising.book_of(settings).unit_title(unit)
    data = {"kind": "answers", "title": f"{title}答问和整改", "updated_on": today.isoformat()}
    return f"units/{unit}/answers.md", data


def _grow(
    settings: Settings,
    path: str,
    fresh: dict[str, Any],
    entry: tuple[str, Entry],
    by: str,
    now: datetime,
    note: str,
) -> Revision:
    """`fresh`: what a page begins with that is not there yet, and what changes on one that is (its day)."""
    standing = store.open_of(path)
    if standing and standing.state in rules.EDITABLE and standing.action == rules.PUBLISH:
        return _into(standing, _with(standing.data, entry), by, now, note)
    page = revising.look(settings, path, now)
    if page is None:
        proposal = revising.new_proposal(new_page(path, _with(fresh, entry)), note=note)
        return store.draft(proposal=proposal, by=by, now=now)
    dated = {**page.data, **{key: fresh[key] for key in ("updated_on",) if key in fresh}}
    return revising.begin(page=page, data=_with(dated, entry), by=by, now=now, note=note)


def _into(standing: Revision, data: dict[str, Any], by: str, now: datetime, note: str) -> Revision:
    if data == standing.data:
        return standing  # pressed twice
    notes = "\n".join(filter(None, (standing.note, note)))
    return store.save(
        number=standing.number,
        version=standing.version,
        data=data,
        title=standing.title,
        note=notes,
        by=by,
        now=now,
    )


def _with(data: Mapping[str, Any], entry: tuple[str, Entry]) -> dict[str, Any]:
    """The newest first; the same entry once."""
    name, row = entry
    rows = list(data.get(name) or [])
    return dict(data) if dict(row) in rows else {**data, name: [dict(row), *rows]}
