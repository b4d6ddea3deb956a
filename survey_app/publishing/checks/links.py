"""Links lead somewhere, files are there, and nothing is fetched from another host."""

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote

from survey_app.domain.errors import N_, Finding
from survey_app.publishing.checks.looks import At, Check, Look
from survey_app.publishing.checks.markup import seen_in

FOREIGN = re.compile(r"<(?:script|iframe|img|link|video|audio|embed|object)\b[^>]*(?:https?:)?//", re.I)
OUTSIDE = ("https://", "http://", "tel:", "mailto:", "#")
FILE_KEYS = {"file", "sample", "result_sample"}
# What the portal itself answers or makes at build time: forms, printed sheets, codes, open data, feeds.
MADE = re.compile(
    r"(?:r|receipt|case|report)$|(?:rate|case/new|desk|account|results|data|feeds?)/|(?:atom|sitemap)\.xml"
    r"|.*\.(?:csv|json|xml|pdf|svg)$"
)
FOREIGN_WHY = N_("网站自己放齐所有文件：内网打得开，也不把谁在看告诉别人。")
LINK_WHY = N_("检查指标：链接打不开要扣分，群众也会白跑。")
FILE_WHY = N_("样表和附件要能下载。")


def nothing_from_elsewhere(look: Look) -> Iterator[Finding]:
    """A page fetches nothing from another host, whoever wrote its text."""
    message = N_("引用了别的网站的图片或程序：%(link)s。请把文件放到本站，再改成站内地址。")
    made = [(at, ref.address) for at, seen in seen_in(look) for ref in seen.refs if ref.loaded and ref.is_foreign]
    typed = ((at, FOREIGN.search(text)) for at, _key, text in look.texts if "//" in text)
    for at, link in [*made, *((at, found[0]) for at, found in typed if found)][:1]:
        yield look.error(at, message, FOREIGN_WHY, link=link[:120])


def links_lead_somewhere(look: Look) -> Iterator[Finding]:
    """A link goes to a page or file of this site, written from its root, or to a whole address elsewhere."""
    for at, link in _links(look):
        path = _path(link)
        if not link.startswith(OUTSIDE) and (path[:1] != "/" or path[:2] == "//" or not _is_there(look, path[1:])):
            message = N_("链接“%(link)s”打不开。站内链接从/写起，例如/units/；站外链接写全https://。")
            yield look.error(at, message, LINK_WHY, link=link)


def _links(look: Look) -> Iterator[tuple[At, str]]:
    kind, data = look.page.kind, look.data
    if kind != "page":
        yield from ((at, ref.address) for at, seen in seen_in(look) for ref in seen.refs)
    if kind == "disclosure_item":
        yield from ((("links", n, "href"), row["href"]) for n, row in enumerate(data.get("links", [])))
    if kind == "home":
        yield from ((("hot", n, "href"), f"/{row['href'].lstrip('/')}") for n, row in enumerate(data["hot"]))


def _is_there(look: Look, path: str) -> bool:
    addresses, files = look.book.addresses, look.book.files
    if path in addresses or (path and f"{path}/" in addresses):
        return True
    if path.startswith("files/"):
        return files is None or path in files
    return MADE.match(path) is not None


def links_of_a_handwritten_page(look: Look) -> Iterator[Finding]:
    """A handwritten page links as MkDocs does, from file to file, and in HTML from address to address."""
    if look.page.kind != "page":
        return
    for ref in (ref for _at, seen in seen_in(look) for ref in seen.refs if not ref.address.startswith(OUTSIDE)):
        if ref.loaded and ref.is_foreign:
            continue
        if ref.by_markdown and not _from(look, posixpath.dirname(look.page.path), ref.address):
            message = N_("链接“%(link)s”打不开。从这个文件写起，写到对方的.md文件，例如../units/index.md。")
            yield look.error((), message, LINK_WHY, link=ref.address)
        elif not ref.by_markdown and not _from_address(look, ref.address):
            message = N_("链接“%(link)s”打不开。HTML里的链接从本页的网址写起，例如../units/。")
            yield look.error((), message, LINK_WHY, link=ref.address)


def _from_address(look: Look, link: str) -> bool:
    target = posixpath.join(f"/{look.page.url}", _path(link))
    return link.startswith("data:") or _is_there(look, _tidy(target).lstrip("/"))


def _from(look: Look, folder: str, link: str) -> bool:
    path = _path(link)
    if not path:
        return True
    return not path.startswith("/") and _file_is_there(look, posixpath.normpath(posixpath.join(folder, path)))


def _path(link: str) -> str:
    return unquote(link.split("#")[0].split("?")[0])


def _tidy(path: str) -> str:
    made = posixpath.normpath(path)
    return made + "/" if path.endswith("/") and made != "/" else made


def _file_is_there(look: Look, target: str) -> bool:
    if target in look.book.by_path or f"{target}/" in look.book.addresses:
        return True
    return look.book.files is None or target in look.book.files or MADE.match(target) is not None


def files_are_there(look: Look) -> Iterator[Finding]:
    """Every sample, form and attachment lies below the pages folder."""
    if look.book.files is None:
        return
    for at, key, text in look.texts:
        if key in FILE_KEYS and text not in look.book.files:
            message = N_("没有“%(file)s”这个文件。请先把文件放进去，或改成已有的文件。")
            yield look.error(at, message, FILE_WHY, file=text)


CHECKS: tuple[Check, ...] = (
    nothing_from_elsewhere,
    links_lead_somewhere,
    links_of_a_handwritten_page,
    files_are_there,
)
