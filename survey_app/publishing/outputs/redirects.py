"""Former addresses of a renamed unit lead to the new ones: a page for any web server, a list for the portal's own."""

import html
import json
from collections.abc import Iterator

from survey_app.publishing.outputs.built import Built
from survey_app.publishing.pages import Page

MAP_FILE = "redirects.json"


def write(built: Built) -> None:
    """Rewrite all redirects when a unit, or a page of a unit, may have changed; take out those that ended."""
    if not built.touches_kind("unit", "procedure", "commitment"):
        return
    moved = moves(built)
    for old, page in moved.items():
        built.put(f"{old}index.html", redirect_page(old, page, built.root))
    folders = {old.split("/")[1]: page.unit for old, page in moved.items()}
    built.put(MAP_FILE, json.dumps(folders, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    _drop_ended(built, set(moved))


def moves(built: Built) -> dict[str, Page]:
    """Every former address below the site's root, and the page that stands there now."""
    taken = {unit.unit for unit in built.book.kind("unit")}
    found: dict[str, Page] = {}
    for former, unit in built.book.former_slugs.items():
        if former not in taken:
            found.update((_old_address(page, former), page) for page in _pages_of(built, unit))
    return found


def _pages_of(built: Built, unit: Page) -> list[Page]:
    slug = unit.unit
    return [unit, *built.book.procedures_of(slug), *built.book.commitments_of(slug)]


def _old_address(page: Page, former: str) -> str:
    return page.url.replace(f"units/{page.unit}/", f"units/{former}/", 1)


def _drop_ended(built: Built, old: set[str]) -> None:
    """Folders below units/ that belong to no unit, and pages of a former name that lead nowhere any more."""
    known = {unit.unit for unit in built.book.kind("unit")} | {"map"}
    former = {address.split("/")[1] for address in old}
    for folder in sorted((built.into / "units").glob("*/")):
        if folder.name in known:
            continue
        if folder.name not in former:
            built.drop(f"units/{folder.name}")
            continue
        for page in _redirects_in(built, folder.name):
            if page not in old:
                built.drop(page)


def _redirects_in(built: Built, former: str) -> Iterator[str]:
    for file in sorted((built.into / "units" / former).rglob("index.html"), reverse=True):
        yield file.relative_to(built.into).as_posix().removesuffix("index.html")


def redirect_page(old: str, page: Page, root: str) -> str:
    """A page that leads on by itself, and by a link where that is switched off."""
    way = "../" * old.count("/") + page.url
    canonical = f'<link rel="canonical" href="{html.escape(root + page.url)}">' if root else ""
    name = html.escape(page.title)
    head = '<meta charset="utf-8"><meta name="robots" content="noindex">'
    head += f'<meta name="viewport" content="width=device-width,initial-scale=1">{canonical}'
    return (
        f'<!doctype html>\n<html lang="zh"><head>{head}<meta http-equiv="refresh" content="0;url={way}">'
        f"<title>{name}</title></head>"
        f'<body><main><h1>这一页搬家了</h1><p>现在的地址：<a href="{way}">{name}</a></p></main></body></html>\n'
    )
