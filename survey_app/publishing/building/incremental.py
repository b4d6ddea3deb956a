"""The fast path: what an approval changed is built into a copy of the live site, and the copy swapped in.

It wraps `mkdocs build --dirty` and survives its five traps (measured): search is not MkDocs's; every entry of the
navigation has a title, and the home page's data come by the settings; the output of removed pages is removed here;
warnings are counted here; pages are real files. A page whose checks fail is held back: the public keeps reading its
last good version, and nobody else's page waits for it.
"""

import os
import time
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from survey_app.config import Settings
from survey_app.domain.errors import N_, BuildFailed
from survey_app.publishing.building import kept, releases
from survey_app.publishing.building.change import Change, hold_back, what_changed
from survey_app.publishing.building.engine import build_missing
from survey_app.publishing.building.holding import build_sound
from survey_app.publishing.building.releases import Record, Release
from survey_app.publishing.building.site import (
    NOTHING,
    PART,
    BuildReport,
    Progress,
    finish,
    report,
    silent,
)
from survey_app.publishing.outputs import extras
from survey_app.publishing.pages import Page, rewrite_body, seed_pages
from survey_app.publishing.render import RENDERED, render_bodies
from survey_app.publishing.shelf import Shelf, shelf
from survey_app.publishing.tables.journal import finish_interrupted

TRIES = 3
STILL_WRITTEN = N_("生成网页时又有页面被改动，请稍后再发布。")
PILLARS = ("home", "listing")  # every change shows on them: the fast path cannot leave one as it was


class _Overtaken(Exception):
    """A page was written while the site was being built from it: nothing unchecked goes public."""


def publish_changes(
    settings: Settings, paths: Collection[str] = (), progress: Progress = silent, today: date | None = None
) -> BuildReport:
    """Make live whatever differs from the live site; pages named in `paths` are built again even if they do not.

    Builds everything where the fast path cannot be trusted. Pages that fail their checks are held back and named in
    the report. Raises PagesUnsound where that is no way out, or BuildFailed; the old site stays up.
    """
    seed_pages(settings)
    with releases.one_build_at_a_time(settings.releases) as lock:
        for _try in range(TRIES):
            try:
                return _publish(settings, paths, lock, progress, today or local_day(settings))
            except _Overtaken:
                progress(STILL_WRITTEN)
    raise BuildFailed(reason=STILL_WRITTEN)


def publish_everything(settings: Settings, progress: Progress = silent, today: date | None = None) -> BuildReport:
    """Make the whole site anew and strictly; pages that changed and fail their checks are held back, as above."""
    seed_pages(settings)
    with releases.one_build_at_a_time(settings.releases) as lock:
        finish_interrupted(settings.pages)
        old = releases.live(settings)
        change = what_changed(settings, old.record, shelf(settings.pages), ()) if old else None
        return build_sound(settings, lock, change, progress, today or local_day(settings))


def local_day(settings: Settings) -> date:
    """Today where the portal stands."""
    return datetime.now(ZoneInfo(settings.timezone)).date()


def _publish(settings: Settings, paths: Collection[str], lock: IO[str], progress: Progress, today: date) -> BuildReport:
    started = time.monotonic()
    finish_interrupted(settings.pages)
    old, known = releases.live(settings), shelf(settings.pages)
    change = what_changed(settings, old.record, known, paths) if old else None
    if old is None or change is None or change.whole:
        return build_sound(settings, lock, change, progress, today)
    change = hold_back(change, today)
    if _holds_a_pillar(change):
        return build_sound(settings, lock, change, progress, today)
    if change.is_empty:
        return replace(report(old, 0, started, NOTHING), held=change.held)
    made, rewritten = _build(settings, old, known, change, lock)
    known.forget(made.record.pages)
    releases.remove_old(settings)
    done = report(made, len(rewritten), started, PART)
    return replace(done, remarks=extras.remarks(change.after), held=change.held)


def _holds_a_pillar(change: Change) -> bool:
    return any(change.before.by_path[path].kind in PILLARS for path in change.held if path in change.before.by_path)


def _build(settings: Settings, old: Release, known: Shelf, change: Change, lock: IO[str]) -> tuple[Release, set[str]]:
    with releases.work_folder(settings.releases) as (work, release):
        rewritten = _render(settings, known, change)
        made_from = _sources(old.record, known.look(), change)
        releases.copy_of(old.folder, work)
        _take_out(work, change, rewritten)
        _leave_alone(settings, work, change)
        new = [path for path in change.held if path not in change.before.by_path]
        build_missing(settings, change.after.home, work, lock, new)
        extras.write_extras(settings, change.after, work, change.paths)
        _prune(work, change)
        _refuse_overtaking(known, made_from, change)
        kept.keep(settings, made_from.pages)
        return releases.go_live(settings, work, release, finish(work, made_from, old.record)), rewritten


def _render(settings: Settings, known: Shelf, change: Change) -> set[str]:
    """Bring the bodies up to date that hang on the change; return the paths of those that were rewritten."""
    seen, pages = known.digests(), [page for page in change.affected() if page.kind in RENDERED]
    made = render_bodies(change.after, pages)
    if any(now != seen.get(path) for path, now in known.look().digests().items()):
        raise _Overtaken
    return {page.path for page, body in made if rewrite_body(settings.pages, page, body)}


def _sources(old: Record, known: Shelf, change: Change) -> Record:
    """What the new release is made from. A page held back counts as it was, so that it is tried again."""
    pages = {path: digest for path, digest in known.digests().items() if path not in change.held}
    kept = {path: old.pages[path] for path in change.held if path in old.pages}
    files = {path: list(stamp) for path, stamp in known.files.items()}
    return replace(old, pages=pages | kept, files=files, html={})


def _refuse_overtaking(known: Shelf, made_from: Record, change: Change) -> None:
    """Raises _Overtaken when a page was written after its checks: MkDocs may have read it unchecked."""
    if _sources(made_from, known.look(), change).pages != made_from.pages:
        raise _Overtaken


def _take_out(work: Path, change: Change, rewritten: set[str]) -> None:
    """Remove the output of all that is to be built again, so that no clock decides, and of all that is no more."""
    for path in change.paths | rewritten | _mentioning(change):
        folder = Page(path, {}, "", "").url
        _remove(work, f"{folder}index.html")
        if path not in change.after.by_path:
            _remove_beside(work, folder, change.after.files or frozenset())
    for path in change.files:
        _remove(work, path)


def _leave_alone(settings: Settings, work: Path, change: Change) -> None:
    """The output of a page held back is as young as its source, so that MkDocs does not build it again."""
    for path in change.held.keys() & change.before.by_path.keys():
        source, built = settings.pages / path, work / change.before.by_path[path].url / "index.html"
        if source.is_file():
            stat = source.stat()
            os.utime(built, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def _mentioning(change: Change) -> set[str]:
    """Hand-written pages that name a changed one: MkDocs is to look at their links again."""
    names = {path.removesuffix(".md").removesuffix("/index").rsplit("/", 1)[-1] for path in change.paths}
    by_hand = (page for page in change.after.pages if page.kind not in RENDERED and page.path not in change.held)
    return {page.path for page in by_hand if any(name in page.body for name in names)}


def _remove_beside(work: Path, folder: str, files: frozenset[str]) -> None:
    """What was made from a page that is no more goes with it; what an author put into the same folder stays."""
    if (work / folder).is_dir():
        for file in sorted((work / folder).iterdir()):
            if file.is_file() and folder + file.name not in files:
                _remove(work, folder + file.name)


def _remove(work: Path, path: str) -> None:
    """Remove one file of the copy, and the folders that it leaves empty."""
    (work / path).unlink(missing_ok=True)
    _fold(work, (work / path).parent)


def _prune(work: Path, change: Change) -> None:
    """Folders of pages that are no more, once all that was made from them is gone."""
    for path in change.paths - change.after.by_path.keys():
        _fold(work, work / Page(path, {}, "", "").url)


def _fold(work: Path, innermost: Path) -> None:
    for folder in (innermost, *innermost.parents):
        if folder == work or not folder.is_dir() or any(folder.iterdir()):
            break
        folder.rmdir()
