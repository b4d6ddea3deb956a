"""How cases were handled, one page a month: written by the portal, from figures of which none is too small to show."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from survey_app.files import write_if_changed
from survey_app.publishing.book import Book
from survey_app.publishing.pages import new_page, read_pages
from survey_app.publishing.render import environment, render_body
from survey_app.publishing.words import month as month_words

Row = Mapping[str, Any]


def handling_path(month: str) -> str:
    """Where the page of a month (2026-11) stands."""
    return f"disclosure/handling-{month}.md"


def publish_handling(
    pages_dir: Path,
    *,
    month: str,
    min_n: int,
    units: Sequence[Row],
    kinds: Sequence[Row],
    excluded: Sequence[Row] = (),
) -> bool:
    """Write the month's page; False where it says the same already. Rows: see site/schemas/handling.json."""
    data = {"kind": "handling", "title": f"提问和投诉办得怎么样：{month_words(month)}", "month": month, "min_n": min_n}
    rows = {"units": [*map(dict, units)], "kinds": [*map(dict, kinds)], "excluded": [*map(dict, excluded)]}
    page = new_page(handling_path(month), {**data, **rows})
    body = render_body(environment(), Book(read_pages(pages_dir)).with_pages([page]), page)
    return write_if_changed(pages_dir / page.path, page.text(body).encode())
