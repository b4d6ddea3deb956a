"""From files to a plan, and from a plan to pages: straight into the folder, or as a new folder."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from survey_app.domain.errors import N_, Refusal
from survey_app.files import alone_in
from survey_app.publishing.book import Book, read_book
from survey_app.publishing.imports import carried_pages, refuse_used_folder, write_folder
from survey_app.publishing.pages import Page, digest, is_as_read
from survey_app.publishing.render import RENDERED, render_bodies
from survey_app.publishing.tables.journal import finish_interrupted, write_together
from survey_app.publishing.tables.mapping import Mapped, map_table
from survey_app.publishing.tables.plan import Plan
from survey_app.publishing.tables.planning import Bounds, make_plan
from survey_app.publishing.tables.reading import read_file

Progress = Callable[[str], None]


class PagesMoved(Refusal):
    """The pages or the file are no longer what the dry run was made of."""

    code, status = "pages-moved", 409
    message = N_("核对之后，网页或文件有了变化，没有导入。请重新核对一遍。")


class RowsRefused(Refusal):
    """Some rows cannot go in, and nobody has said to take the others."""

    code, status = "rows-refused", 422
    message = N_("有%(count)s行不能收，一行也没有导入。请改好再来，或加上 --take-good 只收好的。")


class NothingToTake(Refusal):
    """The tables change nothing."""

    code, status = "nothing-to-take", 422
    message = N_("没有可以导入的内容。")


def read_files(files: Sequence[tuple[Path, str]], wishes: Mapping[str, str], encoding: str = "") -> list[Mapped]:
    """All tables of these files (path and the name it was given), understood. Raises BadInput."""
    return [map_table(table, wishes) for path, name in files for table in read_file(path, name, encoding)]


def make_plan_for(
    pages_dir: Path, tables: list[Mapped], *, today: date, bounds: Bounds | None = None, progress: Progress
) -> tuple[Plan, Book]:
    """The dry run over the pages as they stand. Raises PagesUnsound where one cannot be read."""
    finish_interrupted(pages_dir)
    progress(N_("读页面"))
    book = read_book(pages_dir)
    return make_plan(tables, book, today=today, bounds=bounds, progress=progress), book


def apply_to_folder(pages_dir: Path, plan: Plan, book: Book, progress: Progress) -> int:
    """Write the good pages and every body that depends on them, all or none; return how many files changed.

    Another page that was written meanwhile keeps what was written; the next build brings its body up to date.
    Raises PagesMoved where a page is no longer what the plan was made of.
    """
    progress(N_("生成正文"))
    together = book.with_pages(plan.pages)
    rendered = render_bodies(together, [page for page in together.pages if page.kind in RENDERED])
    with alone_in(pages_dir):
        _require_base(pages_dir, plan)
        planned = {page.path for page in plan.pages}
        sound = [(page, body) for page, body in rendered if page.path in planned or is_as_read(pages_dir, page)]
        files = {page.path: page.text(body).encode() for page, body in sound}
        changed = {path: data for path, data in files.items() if not _same(pages_dir / path, data)}
        progress(N_("写页面"))
        write_together(pages_dir, changed)
    return len(changed)


def _same(file: Path, data: bytes) -> bool:
    return file.is_file() and file.read_bytes() == data


def _require_base(pages_dir: Path, plan: Plan) -> None:
    for entry in plan.good:
        file = pages_dir / entry.path
        if (digest(file.read_bytes()) if file.is_file() else "") != entry.base:
            raise PagesMoved


def require_same(plan: Plan, expected: str) -> None:
    """Raises PagesMoved where this plan is not the one a person has read; 16 signs of its digest are enough."""
    if expected and (len(expected) < 16 or not plan.digest.startswith(expected)):
        raise PagesMoved


def take_good(plan: Plan, good_only: bool) -> None:
    """Raises RowsRefused or NothingToTake."""
    refused = plan.counts["refuse"]
    if refused and not good_only:
        raise RowsRefused(count=refused)
    if not plan.good:
        raise NothingToTake


# ---- a new folder


def make_plan_for_new(into: Path, tables: list[Mapped], district: str, *, today: date, progress: Progress) -> Plan:
    """The dry run for a folder that is to be made. Raises BadInput where the folder holds somebody's work."""
    refuse_used_folder(into)
    return make_plan(tables, Book(carried_pages(district)), today=today, progress=progress)


def write_new_folder(into: Path, plan: Plan, district: str) -> int:
    """Make the folder whole; return how many pages it has."""
    made: list[Page] = plan.pages
    return write_folder(into, district, made)
