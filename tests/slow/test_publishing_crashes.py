"""kill -9 while approvals go live, and a full disk: the public sees the old site or the new one, never a mixture."""

import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from survey_app import jobs
from survey_app.config import HOME, Settings
from survey_app.domain.errors import BuildFailed
from survey_app.domain.roles import PUBLICITY
from survey_app.publishing.building import releases
from survey_app.publishing.building.incremental import publish_changes
from survey_app.publishing.building.searching import refresh_search
from survey_app.publishing.building.site import build_site
from survey_app.publishing.pages import digest, new_page, parse_page
from survey_app.publishing.shelf import shelf
from survey_app.store import audit, revisions
from survey_app.store.database import close_database, open_database
from survey_app.store.revisions import Proposal
from tests.pages.incremental.portal import district, site_of
from tests.pages.page_trees import NOTICE_PATH, PROCEDURE_PATH, UNIT_PATH, write_tree
from tests.slow.test_crashes import mount

PUBLISHER = HOME / "tests" / "survey_app" / "jobs" / "publisher.py"
KILLS = 20
LONGEST_S = 2.4  # from an approval to the end of its search index, on an idle machine

pytestmark = pytest.mark.slow


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Settings]:
    var = tmp_path / "var"
    settings = Settings(var=var, pages=write_tree(var / "pages", district()))
    build_site(settings)
    open_database(settings.database)
    yield settings
    close_database()


def approve(settings: Settings, path: str, **fields: object) -> int:
    page = parse_page(path, (settings.pages / path).read_bytes())
    data, now = {**page.data, **fields}, datetime.now(UTC)  # type: ignore[union-attr]
    proposal = Proposal(path, page.kind, page.unit, page.title, data, page.data, digest(page))  # type: ignore[union-attr]
    draft = revisions.draft(proposal=proposal, by="li", now=now)
    sent = revisions.submit(number=draft.number, version=draft.version, by="li", now=now)
    target = digest(new_page(path, data))
    decision = {"words": "", "second_wanted": False, "target_digest": target, "by": "wang", "roles": {PUBLICITY}}
    return revisions.approve(number=sent.number, version=sent.version, now=now, **decision).number


def approve_three(settings: Settings, turn: int) -> list[int]:
    """Three pages that share lists, so that a mixture would show in many files."""
    return [
        approve(settings, PROCEDURE_PATH, scope=f"第{turn}次修改的范围", title=f"二手房过户{turn}"),
        approve(settings, UNIT_PATH, hours=f"第{turn}次修改的时间"),
        approve(settings, NOTICE_PATH, summary=f"第{turn}次修改的摘要。"),
    ]


def reference(settings: Settings, folder: Path) -> dict[str, bytes | None]:
    """The whole site as the pages would have it when everything approved is written: built elsewhere, from a copy."""
    shutil.rmtree(folder, ignore_errors=True)
    made = Settings(var=folder, pages=folder / "pages")
    shutil.copytree(settings.pages, made.pages)
    for revision in revisions.approved():
        read = parse_page(revision.page, (made.pages / revision.page).read_bytes())
        write_tree(made.pages, {revision.page: {**read.data, **revision.data}})  # type: ignore[union-attr]
    build_site(made)
    return site_of(made)


def start(settings: Settings) -> subprocess.Popen[str]:
    command = [sys.executable, str(PUBLISHER), str(settings.var), str(settings.pages)]
    env = {**os.environ, "PYTHONPATH": str(HOME)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait(60)
    assert process.stdout is not None
    process.stdout.close()


def states(numbers: list[int]) -> set[str]:
    return {revisions.get(number).state for number in numbers}


def test_a_worker_killed_at_any_point_leaves_the_old_site_or_the_new_and_all_is_live_in_the_end(
    portal: Settings, tmp_path: Path
) -> None:
    chance, seen_old, seen_new, longest = random.Random(20261124), 0, 0, LONGEST_S
    for turn in range(KILLS):
        before = site_of(portal)
        numbers = approve_three(portal, turn)
        after = reference(portal, tmp_path / "reference")
        jobs.publish_soon(portal)
        worker = start(portal)
        time.sleep(chance.uniform(0, longest))
        kill(worker)
        now = site_of(portal)
        assert now in (before, after), [path for path in after if now.get(path) not in (before.get(path), after[path])]
        index = portal.live_site / "pagefind"
        assert (index / "pagefind-entry.json").is_file(), "the index is whole at any time"
        seen_old, seen_new = seen_old + (now == before), seen_new + (now == after)
        worker, began = start(portal), time.monotonic()
        while states(numbers) != {"published"} and time.monotonic() < began + 60:
            time.sleep(0.05)
        longest = max(LONGEST_S, 1.5 * (time.monotonic() - began))  # on a busy machine the new site takes longer
        kill(worker)
        assert states(numbers) == {"published"}
        assert site_of(portal) == after
    events = audit.list_events(audit.Wanted(action="revision.published"))
    once_each = dict.fromkeys((PROCEDURE_PATH, UNIT_PATH, NOTICE_PATH), KILLS)
    assert Counter(event.subject for event in events) == once_each
    print(f"\n{KILLS} kills: {seen_old} left the old site, {seen_new} the new")
    assert seen_old
    assert seen_new


# A full disk


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Settings]:
    """A portal on a file system of its own, of 24 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    if not mount(place, "24m"):
        message = "no file system of one's own could be had here: mounting takes root"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    try:
        settings = Settings(var=place / "var", pages=write_tree(place / "pages", district()))
        build_site(settings)
        refresh_search(settings)
        yield settings
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_on_a_full_disk_the_old_site_stays_up_and_the_new_follows_when_there_is_room(
    small: Settings, tmp_path: Path
) -> None:
    before = site_of(small)
    shutil.rmtree(small.releases / releases.SPARE)
    shelf(small.pages)
    read = parse_page(PROCEDURE_PATH, (small.pages / PROCEDURE_PATH).read_bytes())
    write_tree(small.pages, {PROCEDURE_PATH: {**read.data, "scope": "买卖、赠与双方"}})  # type: ignore[union-attr]
    free = os.statvfs(small.var)
    (small.var / "ballast").write_bytes(b"\0" * max(free.f_bavail * free.f_frsize - 512 * 1024, 0))
    with pytest.raises((BuildFailed, OSError)):
        publish_changes(small)
    assert site_of(small) == before
    (small.var / "ballast").unlink()
    publish_changes(small)
    made = Settings(var=tmp_path / "full", pages=tmp_path / "full" / "pages")
    shutil.copytree(small.pages, made.pages)
    build_site(made)
    assert site_of(small) == site_of(made)
