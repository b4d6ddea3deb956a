"""What templates may call besides filters: pictures and lists made from the pages."""

from collections.abc import Callable
from typing import Any

from survey_app.publishing import book
from survey_app.publishing.outputs import built, flow, officemap, opendata, qr


def page_qr(pages: "book.Book", url: str, label: str) -> str:
    """The QR code of a page of this site; nothing when the district has not said its address."""
    root = built.address_of(pages)
    return qr.qr_svg(root + url, label) if root else ""


GLOBALS: dict[str, Callable[..., Any]] = {
    "flow_svg": flow.flow_svg,
    "page_qr": page_qr,
    "site_address": built.address_of,
    "data_lists": opendata.described,
    "office_map": officemap.office_map,
}
