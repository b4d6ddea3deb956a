"""A portal with a small live site, and approvals as the desk leaves them."""

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from survey_app import jobs
from survey_app.config import Settings
from survey_app.domain.roles import PUBLICITY
from survey_app.publishing.building.site import build_site
from survey_app.publishing.pages import digest, new_page, parse_page
from survey_app.publishing.shelf import shelf
from survey_app.store import revisions
from survey_app.store.database import close_database, open_database
from survey_app.store.revisions import Proposal, Revision
from tests.pages.page_trees import small_tree, write_tree

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = tmp_path_factory.mktemp("built")
    build_site(Settings(var=var, pages=write_tree(var / "pages", small_tree())))
    return var


@pytest.fixture
def portal(built_once: Path, tmp_path: Path) -> Iterator[Settings]:
    """A live site, a database, pages that this process has read."""
    shutil.copytree(built_once, tmp_path / "var", symlinks=True)
    settings = Settings(var=tmp_path / "var", pages=tmp_path / "var" / "pages", keys=tmp_path / "keys")
    open_database(settings.database)
    shelf(settings.pages)
    yield settings
    close_database()


@pytest.fixture
def approve(portal: Settings) -> Callable[..., Revision]:
    """A page changed and approved: the desk's verbs, by two people."""

    def approved(path: str, **fields: Any) -> Revision:
        page = parse_page(path, (portal.pages / path).read_bytes())
        data = {**page.data, **fields}
        proposal = Proposal(page.path, page.kind, page.unit, page.title, data, page.data, digest(page))
        draft = revisions.draft(proposal=proposal, by="li", now=NOW)
        sent = revisions.submit(number=draft.number, version=draft.version, by="li", now=NOW)
        return revisions.approve(
            number=sent.number,
            version=sent.version,
            words="",
            second_wanted=False,
            target_digest=digest(new_page(path, data)),
            by="wang",
            roles={PUBLICITY},
            now=NOW,
        )

    return approved


@pytest.fixture
def worker(portal: Settings) -> Iterator[None]:
    """Somebody works on the queue."""
    working = jobs.start(portal)
    yield
    working.stop()
    assert threading.active_count() < 20
