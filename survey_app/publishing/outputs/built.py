"""A built site that is being completed: what is written into it, what is taken out, what a change touches."""

import os
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey_app.config import Settings
from survey_app.domain.training import marked
from survey_app.publishing.book import Book
from survey_app.publishing.pages import Page

HOME_PAGE = "index.md"


@dataclass(frozen=True)
class Built:
    """One build: the pages, the folder of the site, and the paths of pages that changed (None: all)."""

    settings: Settings
    book: Book
    into: Path
    changed: frozenset[str] | None = None

    @property
    def home(self) -> dict[str, Any]:
        """The district's own words."""
        return marked(self.book.home, self.settings.training)

    @property
    def root(self) -> str:
        """The absolute address of the site with a slash at its end; empty when the district has not said it."""
        return address_of(self.book)

    @property
    def everything(self) -> bool:
        """Whether all is to be written: a full build, or the home page, which every output quotes."""
        return self.changed is None or HOME_PAGE in self.changed

    def touches(self, page: Page) -> bool:
        """Whether what is made from this page may differ: it changed, or its unit did."""
        own = self.changed or frozenset()
        return self.everything or page.path in own or f"units/{page.unit}/index.md" in own

    def touches_kind(self, *kinds: str) -> bool:
        """Whether a list of these kinds of page may differ; a removed page is known by its place."""
        return self.everything or any(self._kind_at(path) in kinds for path in self.changed or ())

    def _kind_at(self, path: str) -> str:
        page = self.book.by_path.get(path)
        return page.kind if page else kind_by_place(path)

    def put(self, path: str, data: bytes | str) -> None:
        """Write one file beside the pages. Never in place: the file may be a second name of one that is live."""
        raw = data.encode() if isinstance(data, str) else data
        target = self.into / path
        if target.is_file() and target.read_bytes() == raw:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        part.write_bytes(raw)
        part.replace(target)

    def drop(self, path: str) -> None:
        """Take a file or a folder out of the site, if it is there."""
        target = self.into / path
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)

    def gone(self) -> Collection[str]:
        """Paths of changed pages that are no more."""
        return [path for path in self.changed or () if path not in self.book.by_path]


def address_of(book: Book) -> str:
    """The district's absolute address with a slash at its end, or nothing."""
    address = str(book.home.get("address", ""))
    return address and address.rstrip("/") + "/"


def kind_by_place(path: str) -> str:
    """What a page that is no more was, by its place."""
    first, _slash, rest = path.partition("/")
    if first == "units" and "/" in rest:
        return {"procedures": "procedure", "commitments": "commitment", "answers.md": "answers"}.get(
            rest.split("/")[1], "unit"
        )
    return {"notices": "notice", "results": "round", "disclosure": "disclosure_item"}.get(first, "page")
