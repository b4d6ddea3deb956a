"""What an everyday rating is about: a unit or one of its procedures, as published, with the promises to ask about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from survey_app.config import Settings
from survey_app.domain.errors import N_, Refusal
from survey_app.publishing.book import grouped, kept_by_commitment
from survey_app.publishing.keptrates import KEPT_PAGE
from survey_app.publishing.pages import SLUG, Page, parse_page
from survey_app.publishing.words import CLASSES, limit


class ServiceUnknown(Refusal):
    code, status = "service-unknown", 404
    message = N_("没有这个单位或这件事，可能已经改名、合并或取消。请从首页重新找。")


@dataclass(frozen=True)
class Promise:
    """One commitment to ask about, with what others saw of it last month."""

    slug: str
    title: str
    limit: str
    procedure: str
    kept: dict[str, Any] | None  # as in Book.kept


@dataclass(frozen=True)
class Service:
    """What is rated. `procedure` is empty for the unit as a whole."""

    unit: str
    unit_title: str
    unit_class: str
    procedure: str
    title: str
    promises: tuple[Promise, ...]

    @property
    def procedures(self) -> dict[str, str]:
        """Commitment slug -> the procedure it is for, or empty."""
        return {promise.slug: promise.procedure for promise in self.promises}


def find_service(settings: Settings, unit: str, procedure: str, today: date) -> Service:
    """The service at this address, from the published pages. Raises ServiceUnknown.

    A procedure is asked about with its own commitments and those for the whole unit, a unit with all of its own.
    """
    unit_page = _page(settings, f"units/{unit}/index.md") if _is_slug(unit) else None
    about = unit_page
    if procedure:
        about = _page(settings, f"units/{unit}/procedures/{procedure}.md") if _is_slug(procedure) else None
    if unit_page is None or about is None or unit_page.data.get("merged_into"):
        raise ServiceUnknown
    promises = tuple(_promises(settings, unit, procedure, today))
    unit_class = str(unit_page.data.get("class", ""))
    return Service(unit, unit_page.title, unit_class, procedure, about.title, promises)


def promises_of(settings: Settings, unit: str, today: date) -> tuple[Promise, ...]:
    """All that a unit has promised and that holds today; none where it has no pages."""
    return tuple(_promises(settings, unit, "", today)) if _is_slug(unit) else ()


def unit_choices(settings: Settings) -> list[tuple[str, list[tuple[str, str]]]]:
    """Class title and its units (slug, title), for a list to choose from; merged units are not among them."""
    slugs = sorted(file.parent.name for file in (settings.pages / "units").glob("*/index.md"))
    pages = [page for slug in slugs if (page := _page(settings, f"units/{slug}/index.md"))]
    live = [page for page in pages if not page.data.get("merged_into")]
    classes = grouped(live, lambda page: str(page.data.get("class", "")), CLASSES)
    return [(CLASSES.get(code, code), [(page.unit, page.title) for page in units]) for code, units in classes]


def kept_month(promises: tuple[Promise, ...]) -> str:
    """The month (2026-11) that the kept-rates beside these promises speak of; empty where there are none."""
    return next((str(promise.kept["month"]) for promise in promises if promise.kept), "")


def _promises(settings: Settings, unit: str, procedure: str, today: date) -> Iterator[Promise]:
    rates = _rates(settings)
    for file in sorted((settings.pages / "units" / unit / "commitments").glob("*.md")):
        page = _page(settings, file.relative_to(settings.pages).as_posix())
        if page is None or not _holds(page, today):
            continue
        own = str(page.data.get("procedure", ""))
        if not procedure or own in ("", procedure):
            yield Promise(page.slug, page.title, limit(page.data["limit"]), own, rates.get((unit, page.slug)))


def _holds(page: Page, today: date) -> bool:
    return str(page.data["valid_from"]) <= today.isoformat() <= str(page.data["valid_to"])


def _rates(settings: Settings) -> dict[tuple[str, str], dict[str, Any]]:
    page = _page(settings, KEPT_PAGE)
    return kept_by_commitment(page.data) if page else {}


def _is_slug(text: str) -> bool:
    return re.fullmatch(SLUG, text) is not None


def _page(settings: Settings, path: str) -> Page | None:
    """One page, read again when its file changes; None where there is none or it cannot be read."""
    file = settings.pages / path
    try:
        stat = file.stat()
    except OSError:  # absent, or a name that is too long for a file
        return None
    return _read(path, file, (stat.st_mtime_ns, stat.st_size, stat.st_ino))


@lru_cache(maxsize=2048)
def _read(path: str, file: Path, _stamp: tuple[int, ...]) -> Page | None:
    read: Any = parse_page(path, file.read_bytes())
    return read if isinstance(read, Page) else None
