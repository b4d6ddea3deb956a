"""Everything anew although pages fail their checks: those stay as the public knows them, all others go on."""

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO

from survey_app.config import Settings
from survey_app.files import alone_in, write_atomically
from survey_app.publishing.book import Book
from survey_app.publishing.building import site
from survey_app.publishing.building.change import Change, hold_back
from survey_app.publishing.building.releases import Record
from survey_app.publishing.building.site import BuildReport, FaultyPages, Progress
from survey_app.publishing.outputs import extras
from survey_app.publishing.shelf import Shelf, shelf


def build_sound(
    settings: Settings, lock: IO[str], change: Change | None, progress: Progress, today: date
) -> BuildReport:
    """Build everything; a page that changed since the live site and fails its checks is held back.

    Raises FaultyPages when that is not the cause: nothing is live, or a page fails that was not touched.
    """
    try:
        return site.build_whole(settings, lock, progress, today)
    except FaultyPages:
        held = hold_back(replace(change, whole=True), today) if change else None
        if held is None or not held.held:
            raise
    return _build_but(settings, lock, held, progress, today)


def _build_but(settings: Settings, lock: IO[str], change: Change, progress: Progress, today: date) -> BuildReport:
    """The strict build of a copy of the pages in which those held back are as they were."""
    started, known = time.monotonic(), shelf(settings.pages)
    now, files = known.digests(), {path: list(stamp) for path, stamp in known.files.items()}
    with _copy(settings.pages, change) as pages:
        copied = replace(settings, pages=pages)
        rewritten = site.prepare_pages(pages, progress, today)
        made = Shelf(pages).look()
        _bring_bodies(pages, settings.pages, made, now, change)
        book = Book(made.sound(), frozenset(made.files))
        full_at = datetime.now(UTC).isoformat(timespec="seconds")
        made_from = replace(site.sources(copied, made, book, full_at), files=files)
        release = site.make_live(copied, lock, book, _as_recorded(made_from, change), progress)
    done = site.report(release, rewritten, started, site.WHOLE)
    return replace(done, remarks=extras.remarks(book), held=change.held)


def _as_recorded(made_from: Record, change: Change) -> Record:
    """A page held back counts as the live site had it, so that it is tried again and can be held again."""
    pages = {path: digest for path, digest in made_from.pages.items() if path not in change.held}
    kept = {path: change.then[path] for path in change.held if path in change.then}
    return replace(made_from, pages=pages | kept)


@contextmanager
def _copy(pages_dir: Path, change: Change) -> Iterator[Path]:
    """The pages as they are to be published, for as long as the build takes; what is no page is linked, not copied."""
    with tempfile.TemporaryDirectory(prefix="pingyi-pages-") as folder:
        copied = Path(folder) / "pages"
        shutil.copytree(pages_dir, copied, ignore=shutil.ignore_patterns(".*"), copy_function=_bring)
        for path in change.held:
            page = change.before.by_path.get(path)
            if page is None:
                (copied / path).unlink(missing_ok=True)
            else:
                (copied / path).parent.mkdir(parents=True, exist_ok=True)
                write_atomically(copied / path, page.text(page.body).encode())
        yield copied


def _bring(source: str, target: str) -> None:
    if source.endswith(".md"):
        shutil.copy2(source, target)
    else:
        Path(target).symlink_to(Path(source).resolve())


def _bring_bodies(made_in: Path, pages_dir: Path, made: Shelf, seen: Mapping[str, str], change: Change) -> None:
    """Give the pages the bodies made in the copy; one that was written meanwhile is left for the next build."""
    with alone_in(pages_dir):
        now = shelf(pages_dir).digests()
        for path, digest in made.digests().items():
            if path not in change.held and now.get(path) == seen.get(path) != digest and path in now:
                write_atomically(pages_dir / path, (made_in / path).read_bytes())
