"""The search index, made anew beside the live site and exchanged in one rename; it is never half there."""

import fcntl
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from survey_app.config import Settings
from survey_app.publishing.building import releases
from survey_app.publishing.building.engine import build_index
from survey_app.publishing.building.site import NOTHING, PART, BuildReport, report

INDEXING = ".indexing-"


def refresh_search(settings: Settings) -> BuildReport | None:
    """Index the live site anew unless its index is current. Raises BuildFailed; then the old index stays in use.

    Building goes on meanwhile: where a newer site went live, it gets this index, and the next refresh the rest.
    None where no site is live.
    """
    started = time.monotonic()
    with _one_index_at_a_time(settings.releases) as lock:
        old = releases.live(settings)
        if old is None:
            return None
        current = old.search_is_current
        if not current:
            work = settings.releases / f"{INDEXING}{old.folder.name}"
            build_index(old.folder, work, lock)
            _exchange(settings, old.folder, work)
        with releases.one_build_at_a_time(settings.releases):
            releases.prepare_copy(settings)
    return report(old, 0, started, NOTHING if current else PART)


@contextmanager
def _one_index_at_a_time(folder: Path) -> Iterator[IO[str]]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".index.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in folder.glob(f"{INDEXING}*"):
            shutil.rmtree(left)
        yield lock


def _exchange(settings: Settings, indexed: Path, work: Path) -> None:
    """Let the live site lead to the new index, unless it has one of a later site; then remove what nobody reads."""
    with releases.one_build_at_a_time(settings.releases):
        index = settings.releases / releases.index_name(indexed)
        if index.exists():
            shutil.rmtree(index)
        work.rename(index)
        site = settings.live_site.resolve()
        if (site / releases.SEARCH).resolve().name < index.name:
            releases.use_index(site, index.name)
        releases.remove_old(settings)
