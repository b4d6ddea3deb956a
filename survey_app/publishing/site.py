"""The public site: checked, rendered, built, indexed, swapped in with one rename. A failed build changes nothing."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from survey_app.config import Settings
from survey_app.domain.errors import N_, BuildFailed, PagesUnsound
from survey_app.files import sync_folder, write_atomically
from survey_app.publishing.book import Book
from survey_app.publishing.checks import check_pages
from survey_app.publishing.csp import policy
from survey_app.publishing.pages import read_pages, seed_pages
from survey_app.publishing.render import render_pages

KEPT_RELEASES = 2
Progress = Callable[[str], None]


@dataclass(frozen=True)
class BuildReport:
    """What one build did: pages on the site, bodies rewritten, seconds on the clock, the folder now live."""

    pages: int
    rewritten: int
    seconds: float
    release: Path


def build_site(settings: Settings, progress: Progress = lambda _step: None) -> BuildReport:
    """Check, render, build, index and swap in. Raises PagesUnsound or BuildFailed; then the old site stays up."""
    started = time.monotonic()
    seed_pages(settings)
    with one_build_at_a_time(settings.releases):
        rewritten = prepare_pages(settings.pages, progress)
        release = _next_release(settings.releases)
        pages = _build(settings, release, progress)
        swap_in(settings, release)
        remove_old(settings)
    return BuildReport(pages, rewritten, time.monotonic() - started, release)


def prepare_pages(pages_dir: Path, progress: Progress) -> int:
    """Check the pages and bring their bodies up to date; return how many changed."""
    progress(N_("检查页面"))
    findings = check_pages(pages_dir)
    if findings:
        raise PagesUnsound(count=len(findings))
    progress(N_("生成正文"))
    return len(render_pages(pages_dir))


@contextmanager
def one_build_at_a_time(releases: Path) -> Iterator[None]:
    """Wait for another build to end, whichever process runs it."""
    releases.mkdir(parents=True, exist_ok=True)
    with (releases / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _next_release(releases: Path) -> Path:
    # A crash leaves a folder with a dot; the lock is ours, so it belongs to nobody.
    for left in releases.glob(".building-*"):
        shutil.rmtree(left, ignore_errors=True)
    numbers = [int(folder.name) for folder in releases.iterdir() if folder.name.isdigit()]
    return releases / f"{max(numbers, default=0) + 1:06d}"


def _build(settings: Settings, release: Path, progress: Progress) -> int:
    work = release.with_name(f".building-{release.name}")
    try:
        progress(N_("生成网页"))
        _run_mkdocs(settings, work)
        progress(N_("建立搜索"))
        _run([sys.executable, "-m", "pagefind", "--site", str(work), "--silent"], work)
        write_atomically(work / "csp.txt", (policy(work) + "\n").encode())
        work.rename(release)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return sum(1 for _page in release.rglob("index.html"))


def _run_mkdocs(settings: Settings, into: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="pingyi-build-") as folder:
        config = Path(folder) / "mkdocs.yml"
        config.write_text(child_config(settings, into), "utf-8")
        _run([sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", str(config)], settings.home)


def child_config(settings: Settings, into: Path) -> str:
    """mkdocs.yml with this portal's folders and name; everything else is inherited."""
    home = Book(read_pages(settings.pages)).home
    own = {
        "INHERIT": str(settings.home / "mkdocs.yml"),
        "site_name": str(home.get("site_name", "政务公开与群众评议")),
        "docs_dir": str(settings.pages),
        "site_dir": str(into),
        "theme": {"custom_dir": str(settings.home / "site" / "overrides")},
    }
    return yaml.safe_dump(own, allow_unicode=True)


def _run(command: list[str], folder: Path) -> None:
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildFailed(reason=first_useful_line(done.stderr + done.stdout))


def first_useful_line(output: str) -> str:
    """The first line that names a fault; tools print their greetings before it."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    faults = [line for line in lines if line.startswith(("WARNING", "ERROR", "Error", "error"))]
    return (faults or lines[-1:] or [N_("没有说明")])[0]


def swap_in(settings: Settings, release: Path) -> None:
    """Point the live link at the release in one rename; the plain folder of a bare `mkdocs build` is moved away."""
    live = settings.live_site
    if live.is_dir() and not live.is_symlink():
        live.rename(Path(tempfile.mkdtemp(dir=settings.releases, prefix=".plain-")) / "site")
    link = live.with_name(f".{live.name}.next")
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.relpath(release, live.parent), target_is_directory=True)
    link.replace(live)
    sync_folder(live.parent)


def remove_old(settings: Settings) -> None:
    """Keep the live release and the one before it, for readers in the middle of a page and for going back."""
    folders = sorted(folder for folder in settings.releases.iterdir() if folder.name.isdigit())
    for folder in [*folders[:-KEPT_RELEASES], *settings.releases.glob(".plain-*")]:
        shutil.rmtree(folder, ignore_errors=True)
