"""One portal, built once and copied for each test."""

import shutil
from pathlib import Path

import pytest

from survey_app.config import HOME, Settings
from survey_app.publishing.building.site import build_site
from survey_app.publishing.shelf import shelf
from tests.pages.incremental.portal import Portal, district
from tests.pages.page_trees import (
    write_tree,
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The theme and the settings of MkDocs, in a copy that nobody edits while these tests run."""
    copied = tmp_path_factory.mktemp("home")
    for part in ("templates", "schemas", "overrides"):
        shutil.copytree(HOME / "site" / part, copied / "site" / part)
    for file in (HOME / "mkdocs.yml", *(HOME / "site").glob("*.yaml")):
        shutil.copy(file, copied / file.relative_to(HOME))
    return copied


@pytest.fixture(scope="module")
def first_built(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = tmp_path_factory.mktemp("first")
    build_site(Settings(home=home, var=var, pages=write_tree(var / "pages", district())))
    return var


@pytest.fixture
def portal(home: Path, first_built: Path, tmp_path: Path) -> Portal:
    """A portal of one's own whose site is live and whose process has read its pages."""
    var = tmp_path / "var"
    shutil.copytree(first_built, var, symlinks=True)
    settings = Settings(home=home, var=var, pages=var / "pages")
    shelf(settings.pages)
    return Portal(settings)
