"""The district's own name and words, from the front matter of its home page."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from survey_app.domain.training import marked
from survey_app.publishing.pages import Page, parse_page
from survey_app.web.context import settings


def portal() -> dict[str, Any]:
    """District, site name, sponsors, sample note; read again when the file changes."""
    home = settings().pages / "index.md"
    stamp = home.stat().st_mtime_ns if home.is_file() else 0
    return marked(_read(home, stamp), settings().training)


@lru_cache(maxsize=4)
def _read(home: Path, stamp: int) -> dict[str, Any]:
    page = parse_page("index.md", home.read_bytes()) if stamp else None
    return page.data if isinstance(page, Page) else {"district": "", "site_name": ""}
