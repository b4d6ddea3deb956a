"""The history of a page: what was proposed and decided, and every text it has had, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey_app.config import Settings
from survey_app.domain import revisions as rules
from survey_app.publishing.revisions import revising
from survey_app.publishing.revisions.diff import Difference, Names, compare, slug_itself
from survey_app.publishing.revisions.dutyboard import AT, WINDOWS
from survey_app.publishing.revisions.fields import OFFICE_ONLY
from survey_app.store import page_versions
from survey_app.store import revisions as store
from survey_app.store.page_versions import Version
from survey_app.store.revisions import Revision

BOARD = frozenset({WINDOWS, AT})


@dataclass(frozen=True)
class Step:
    """One text of the page, what it changed, and the revision that brought it, if one did."""

    version: Version
    difference: Difference
    revision: Revision | None
    is_live: bool


def steps(settings: Settings, path: str, kind: str, now: datetime, names: Names = slug_itself) -> list[Step]:
    """Every text of the page, newest first; what the file has now is noted before."""
    revising.look(settings, path, now)
    versions = page_versions.of_page(path)
    live = revising.file_digest(settings, path)
    found = []
    for number, version in enumerate(versions):
        before = versions[number + 1].data if number + 1 < len(versions) else None
        revision = store.get(version.revision) if version.revision else None
        current = number == 0 and version.digest == live
        found.append(Step(version, compare(kind, before, version.data, names), revision, current))
    return found


def restore(settings: Settings, *, version: Version, by: str, now: datetime, note: str) -> Revision:
    """An older text as a new draft on what the page says now. Raises NotRestorable, PageUnknown, RevisionOpen."""
    page = revising.require_page(settings, version.page, now)
    if page.kind not in rules.RESTORABLE or version.data is None:
        raise rules.NotRestorable
    return revising.begin(page=page, data=_as_of_today(page.data, version.data), by=by, now=now, note=note)


def _as_of_today(current: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    """The older text, but for what only the office writes and who is at which window: that is not the text's to say."""
    kind = str(current["kind"])
    kept = OFFICE_ONLY.get(kind, frozenset()) | (BOARD if kind == "unit" else frozenset())
    order = [*current, *(key for key in old if key not in current)]
    source = {key: current if key in kept else old for key in order}
    return {key: where[key] for key, where in source.items() if key in where}
