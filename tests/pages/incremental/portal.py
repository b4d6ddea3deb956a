"""A district, its built site, and what a person does to a page in one verb each."""

import copy
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from survey_app.config import Settings
from survey_app.publishing.building.site import build_site
from survey_app.publishing.pages import parse_page, remove_page
from survey_app.publishing.shelf import _shelves
from tests.pages.page_trees import (
    NOTICE,
    PROCEDURE,
    UNIT,
    Tree,
    small_tree,
    write_tree,
)

OLDER_NOTICE = "notices/2026-10-08-guoqing.md"
NOISE_UNIT = "units/shuiwu/index.md"
NOISE_PROCEDURE = "units/shuiwu/procedures/fapiao.md"


def district() -> Tree:
    """Two units, two procedures, two notices, one page of every other kind, and an address of its own."""
    tree = small_tree()
    tree["index.md"] |= {"address": "https://pingyi.shiyan.example/"}
    tree[NOISE_UNIT] = {**UNIT, "title": "税务所", "class": "enforcement"}
    tree[NOISE_PROCEDURE] = {**PROCEDURE, "title": "领用发票", "theme": "税费", "code": "000000000002"}
    tree[OLDER_NOTICE] = {
        **NOTICE,
        "title": "关于国庆办公的公告",
        "unit": "shuiwu",
        "index_no": "000QH002/2026-00001",
        "issued_on": "2026-10-08",
        "published_on": "2026-10-08",
    }
    return copy.deepcopy(tree)


@dataclass
class Portal:
    """Pages and a live site; what a person does to a page in one verb each."""

    settings: Settings

    def write(self, path: str, data: dict[str, Any]) -> None:
        write_tree(self.settings.pages, {path: data})

    def change(self, path: str, without: tuple[str, ...] = (), **fields: Any) -> None:
        read = parse_page(path, (self.settings.pages / path).read_bytes())
        kept = {key: value for key, value in read.data.items() if key not in without}  # type: ignore[union-attr]
        self.write(path, {**kept, **fields})

    def remove(self, *paths: str) -> None:
        for path in paths:
            assert remove_page(self.settings.pages, path)

    def html(self, path: str) -> str:
        return (self.settings.live_site / path / "index.html").read_text("utf-8")


def site_of(settings: Settings) -> dict[str, bytes | None]:
    """Every file and folder of the live site but the search index."""
    root = settings.live_site.resolve()
    found = {path.relative_to(root).as_posix(): path for path in root.rglob("*")}
    return {
        name: path.read_bytes() if path.is_file() else None for name, path in found.items() if path.name != "pagefind"
    }


def built_fresh(portal: Portal, folder: Path) -> dict[str, bytes | None]:
    """What a full build of the same pages gives."""
    settings = replace(portal.settings, var=folder, pages=folder / "pages")
    shutil.copytree(portal.settings.pages, settings.pages)
    build_site(settings)
    return site_of(settings)


def shelves_forgotten() -> None:
    """As after a kill: a new process has read no page."""
    _shelves.clear()
