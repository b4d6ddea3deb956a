"""The public site: checked, rendered, built, indexed, swapped in with one rename. A failed build changes nothing."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

from survey_app.config import Settings
from survey_app.domain.errors import N_, Finding, PagesUnsound
from survey_app.files import write_atomically
from survey_app.publishing.book import Book
from survey_app.publishing.building import kept, releases
from survey_app.publishing.building.csp import POLICY_FILE, policy, scripts_in
from survey_app.publishing.building.engine import build_all, build_index
from survey_app.publishing.building.fingerprint import fingerprint
from survey_app.publishing.building.releases import Record, Release
from survey_app.publishing.checks import check_pages, errors
from survey_app.publishing.outputs import extras
from survey_app.publishing.pages import seed_pages
from survey_app.publishing.render import render_pages
from survey_app.publishing.shelf import Shelf, shelf
from survey_app.publishing.tables.journal import finish_interrupted

Progress = Callable[[str], None]
WHOLE, PART, NOTHING = "full", "changes", "nothing"


class FaultyPages(PagesUnsound):
    """The same refusal with what was found, for whoever shows it page by page."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__(count=len(findings))


def silent(_step: str) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class BuildReport:
    """What one build did: pages on the site, bodies rewritten, seconds on the clock, the folder now live.

    `kind` is "full", "changes" or "nothing"; `remarks` are Chinese source texts about what the site lacks; `held` are
    the pages that failed their checks and stay as the public knows them.
    """

    pages: int
    rewritten: int
    seconds: float
    release: Path
    kind: str = WHOLE
    remarks: list[str] = field(default_factory=list)
    held: Mapping[str, list[Finding]] = field(default_factory=dict)


def build_site(settings: Settings, progress: Progress = silent, today: date | None = None) -> BuildReport:
    """Check, render, build, index and swap in. Raises PagesUnsound or BuildFailed; then the old site stays up."""
    seed_pages(settings)
    with releases.one_build_at_a_time(settings.releases) as lock:
        return build_whole(settings, lock, progress, today)


def build_whole(settings: Settings, lock: IO[str], progress: Progress, today: date | None = None) -> BuildReport:
    """The same for whoever holds the lock."""
    started = time.monotonic()
    rewritten = prepare_pages(settings.pages, progress, today)
    known = shelf(settings.pages)
    book = Book(known.sound(), frozenset(known.files))
    made_from = sources(settings, known, book, datetime.now(UTC).isoformat(timespec="seconds"))
    made = make_live(settings, lock, book, made_from, progress)
    known.forget(made.record.pages)
    done = report(made, rewritten, started, WHOLE)
    return replace(done, remarks=extras.remarks(book))


def make_live(settings: Settings, lock: IO[str], book: Book, made_from: Record, progress: Progress) -> Release:
    """Build all of these pages, which are checked and rendered, index them and swap them in."""
    with releases.work_folder(settings.releases) as (work, release):
        progress(N_("生成网页"))
        build_all(settings, book.home, work, lock)
        extras.write_extras(settings, book, work)
        progress(N_("建立搜索"))
        index_into(settings, work, lock)
        kept.keep(settings, made_from.pages, verified=True)
        made = releases.go_live(settings, work, release, finish(work, made_from))
    kept.tidy(settings, made.record.pages)
    releases.remove_old(settings)
    return made


def prepare_pages(pages_dir: Path, progress: Progress, today: date | None = None) -> int:
    """Check the pages and bring their bodies up to date; return how many changed."""
    finish_interrupted(pages_dir)
    progress(N_("检查页面"))
    if findings := errors(check_pages(pages_dir, today)):
        raise FaultyPages(findings)
    progress(N_("生成正文"))
    return len(render_pages(pages_dir))


def index_into(settings: Settings, work: Path, lock: IO[str]) -> None:
    """Make the search index of a release that is not yet live."""
    index = settings.releases / releases.index_name(work)
    build_index(work, index, lock)
    releases.use_index(work, index.name)


def sources(settings: Settings, known: Shelf, book: Book, full_at: str) -> Record:
    """What the release to be built is made from; its pages are not known yet.

    Taken before MkDocs reads: what is written meanwhile differs from it and is built next time.
    """
    files = {path: list(stamp) for path, stamp in known.files.items()}
    return Record(fingerprint(settings, book.home), full_at, known.digests(), files)


def finish(work: Path, made_from: Record, old: Record | None = None) -> Record:
    """Write the site's policy, and complete the record by what was built."""
    html = built_pages(work, old.html if old else {})
    hashes = {script for _size, _time, scripts in html.values() for script in scripts}
    write_atomically(work / POLICY_FILE, (policy(hashes) + "\n").encode())
    return replace(made_from, html=html)


def built_pages(work: Path, known: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Size, time of writing and inline scripts of every built page; what did not change is not read again."""
    found = {}
    for folder, _folders, files in os.walk(work):
        for file in (os.path.join(folder, name) for name in files if name.endswith(".html")):
            stat = os.stat(file)
            path, stamp = file[len(str(work)) + 1 :], [stat.st_size, stat.st_mtime_ns]
            seen = known.get(path)
            found[path] = seen if seen and seen[:2] == stamp else [*stamp, scripts_in(Path(file))]
    return found


def report(made: Release, rewritten: int, started: float, kind: str) -> BuildReport:
    """What has been done, counted from the record."""
    return BuildReport(len(made.record.pages), rewritten, time.monotonic() - started, made.folder, kind)
