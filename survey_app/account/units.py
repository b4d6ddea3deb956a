"""Units as accounts know them: by the pages that are published."""

import re
from functools import lru_cache
from pathlib import Path

from survey_app.domain.errors import N_, Refusal
from survey_app.publishing.pages import Page, parse_page

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class UnitUnknown(Refusal):
    code, status = "unit-unknown", 422
    message = N_("没有代号为%(unit)s的单位。代号是 units 文件夹里的文件夹名。")


def unit_title(pages: Path, slug: str) -> str:
    """The unit's name from its page, the slug where there is none; read again when the file changes."""
    file = pages / "units" / slug / "index.md"
    return _title(file, file.stat().st_mtime_ns if file.is_file() else 0) or slug


def list_units(pages: Path) -> list[tuple[str, str]]:
    """(slug, name) of every unit with a page, by name."""
    slugs = [file.parent.name for file in (pages / "units").glob("*/index.md")]
    return sorted(((slug, unit_title(pages, slug)) for slug in slugs), key=lambda pair: (pair[1], pair[0]))


def require_unit(pages: Path, slug: str) -> None:
    """An account's unit has a page, or the account has none. Raises UnitUnknown."""
    if slug and not (_SLUG.fullmatch(slug) and (pages / "units" / slug / "index.md").is_file()):
        raise UnitUnknown(unit=slug)


@lru_cache(maxsize=512)
def _title(file: Path, stamp: int) -> str:
    page = parse_page(f"units/{file.parent.name}/index.md", file.read_bytes()) if stamp else None
    return str(page.data.get("title", "")) if isinstance(page, Page) else ""
