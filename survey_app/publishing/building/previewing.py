"""Previews of drafts: one page made as the site would make it, everything around it from the live release."""

import shutil
from pathlib import Path

from werkzeug.security import safe_join

from survey_app.config import Settings
from survey_app.domain import revisions as rules
from survey_app.publishing import staging
from survey_app.publishing.book import Book
from survey_app.publishing.building.csp import POLICY_FILE, policy, scripts_in
from survey_app.publishing.building.preview import build_preview
from survey_app.publishing.pages import new_page
from survey_app.publishing.shelf import shelf
from survey_app.store.revisions import Revision

KEPT = 40  # folders of previews; the oldest go first


def preview_file(settings: Settings, revision: Revision, path: str) -> tuple[Path, str] | None:
    """The file to show below a preview's address and the policy it goes out with; None where there is none."""
    made = _made(settings, revision) if revision.action not in (*rules.MOVES, rules.REMOVE) else None
    if made and path.rstrip("/") == new_page(revision.page, revision.data).url.rstrip("/"):
        return made, policy(set(scripts_in(made)))
    if path.startswith("files/") and path in _own_waiting(settings, revision):
        return staging.folder(settings) / path, ""
    return live_file(settings, path)


def live_file(settings: Settings, path: str) -> tuple[Path, str] | None:
    """The same for what stands around a preview: the live site."""
    release = settings.live_site.resolve()
    found = safe_join(str(release), path) if path else str(release)
    if found is None:
        return None
    target = Path(found) / "index.html" if Path(found).is_dir() else Path(found)
    if not target.is_file() or target.name == POLICY_FILE:
        return None
    return target, (release / POLICY_FILE).read_text("utf-8").strip() if (release / POLICY_FILE).is_file() else ""


def _own_waiting(settings: Settings, revision: Revision) -> list[str]:
    """Files that would go public with it. Threat: a draft that names another unit's file to read it here."""
    book = Book(shelf(settings.pages).sound())
    return staging.along_with(settings, book, revision.data, revision.unit_slug)


def _made(settings: Settings, revision: Revision) -> Path:
    """The preview of this version, made once."""
    folder = settings.var / "previews"
    into = folder / f"{revision.number}-{revision.version}"
    page = new_page(revision.page, revision.data)
    target = into / page.url / "index.html"
    if target.is_file():
        return target
    into.mkdir(parents=True, exist_ok=True)
    made = build_preview(settings, page, into)
    for old in sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return made
