"""Built sites side by side: one is live, the one before it stays; a record beside each says what it was made from.

A release is never written to once it is live, but for the link to its search index, which is exchanged as a whole.
"""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from survey_app.config import Settings
from survey_app.files import sync_folder, write_atomically
from survey_app.publishing.building.mirror import mirror

FORMAT = 1
SEARCH = "pagefind"
UNFINISHED, INDEX, LEAVING, SPARE = ".building-", ".index-", ".leaving-", ".spare"


@dataclass(frozen=True)
class Record:
    """What a release was made from, and what it would be dear to find out again. Not public: it stands beside it."""

    fingerprint: str  # of the templates, the theme, the programs, the home page's data
    full_at: str  # when the last full build ended, in UTC
    pages: dict[str, str]  # source path -> SHA-256 of the page's file
    files: dict[str, list[int]]  # source path of what is no page -> its stamp
    html: dict[str, list[Any]] = field(default_factory=dict)  # built page -> size, time of writing, inline scripts
    format: int = FORMAT


@dataclass(frozen=True)
class Release:
    """One built site and its record."""

    folder: Path
    record: Record

    @property
    def search_is_current(self) -> bool:
        """Whether the index was made from these very pages."""
        link = self.folder / SEARCH
        return link.is_symlink() and link.resolve().name == index_name(self.folder)


@contextmanager
def one_build_at_a_time(releases: Path) -> Iterator[IO[str]]:
    """Wait for another build to end, whichever process runs it."""
    releases.mkdir(parents=True, exist_ok=True)
    with (releases / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock


@contextmanager
def work_folder(releases: Path) -> Iterator[tuple[Path, Path]]:
    """Where the next release is made, and where it will stand; what is not renamed by the end becomes the spare."""
    clear_away(releases)  # what a crash left: the lock is ours, so it belongs to nobody
    release = releases / f"{max(numbers(releases), default=0) + 1:06d}"
    work = release.with_name(f"{UNFINISHED}{release.name}")
    try:
        yield work, release
    finally:
        clear_away(releases)


def copy_of(old: Path, work: Path) -> None:
    """A real copy of a release, made from the spare where there is one. Never hard links: MkDocs writes in place."""
    spare = work.with_name(SPARE)
    if spare.is_dir():
        spare.rename(work)
    mirror(old, work)


def prepare_copy(settings: Settings) -> None:
    """Have the spare folder ready for the next approval, so that it waits for what differs only."""
    if settings.live_site.is_symlink():
        mirror(settings.live_site.resolve(), settings.releases / SPARE)


def clear_away(releases: Path) -> None:
    """One folder that is not used any more is kept as the next copy's beginning; the others are removed."""
    for left in [*releases.glob(f"{UNFINISHED}*"), *releases.glob(f"{LEAVING}[0-9]*")]:
        if not (releases / SPARE).exists():
            left.rename(releases / SPARE)
    for left in [*releases.glob(f"{UNFINISHED}*"), *releases.glob(f"{LEAVING}*")]:
        shutil.rmtree(left, ignore_errors=True)


def numbers(releases: Path) -> list[int]:
    """Numbers of all finished releases, smallest first."""
    return sorted(int(folder.name) for folder in releases.iterdir() if folder.name.isdigit())


def live(settings: Settings) -> Release | None:
    """The release the public sees; None where there is none or its record cannot be used."""
    if not settings.live_site.is_symlink():
        return None
    folder = settings.live_site.resolve()
    try:
        record = Record(**json.loads(record_of(folder).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    return Release(folder, record) if folder.is_dir() and record.format == FORMAT else None


def record_of(folder: Path) -> Path:
    """The file of a release's record."""
    return folder.with_name(f"{folder.name}.json")


def index_name(folder: Path) -> str:
    """The folder of the index made from this release."""
    return INDEX + folder.name.removeprefix(UNFINISHED)


def go_live(settings: Settings, work: Path, release: Path, record: Record) -> Release:
    """Put the record down, the finished folder in its place, and the live link on it."""
    write_record(release, record)
    work.rename(release)
    swap_in(settings, release)
    return Release(release, record)


def write_record(release: Path, record: Record) -> None:
    """Put the record of a release beside it."""
    write_atomically(record_of(release), json.dumps(vars(record), ensure_ascii=False).encode())


def swap_in(settings: Settings, release: Path) -> None:
    """Point the live link at the release in one rename; the plain folder of a bare `mkdocs build` is moved away."""
    site = settings.live_site
    if site.is_dir() and not site.is_symlink():
        site.rename(Path(tempfile.mkdtemp(dir=settings.releases, prefix=LEAVING)) / "site")
    point(site, os.path.relpath(release, site.parent))
    sync_folder(site.parent)


def point(link: Path, target: str) -> None:
    """Let the link lead elsewhere, in one rename."""
    fresh = link.with_name(f".{link.name}.next")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target, target_is_directory=True)
    fresh.replace(link)


def use_index(release: Path, index: str) -> None:
    """Give a release, live or not, the search index of this name."""
    point(release / SEARCH, f"../{index}")


def remove_old(settings: Settings) -> None:
    """Keep the live release and the one before it, for readers in the middle of a page and for going back."""
    releases, site = settings.releases, settings.live_site.resolve()
    before = [number for number in numbers(releases) if site.name.isdigit() and number < int(site.name)]
    kept = {site.name, *(f"{number:06d}" for number in before[-1:])}
    used = {(releases / name / SEARCH).resolve().name for name in kept}
    for folder in releases.iterdir():
        if (folder.name.isdigit() and folder.name not in kept) or (
            folder.name.startswith(INDEX) and folder.name not in used
        ):
            folder = folder.rename(folder.with_name(LEAVING + folder.name))  # never half a release under its number
    clear_away(releases)
    for record in releases.glob("*.json"):
        if record.stem not in kept:
            record.unlink()
