"""The links and pictures of the page that a text becomes: read from what Markdown makes, never from what was typed.

Markdown has five spellings of a link and two of a picture, and HTML has more; a check of the source would miss some.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from typing import NamedTuple
from xml.etree.ElementTree import Element

import markdown
from markdown.treeprocessors import Treeprocessor

from survey_app.publishing.checks.looks import BODY, At, Look
from survey_app.publishing.words import is_tangled, markup

MARKDOWN = {
    "notice": {"text"},
    "disclosure_block": {"text"},
    "annual_report": {"overview", "other"},
}
OWN = "data-own"  # marks what Markdown made itself: MkDocs resolves its addresses from file to file
EXTENSIONS = ["tables", "admonition", "attr_list", "toc"]  # those of mkdocs.yml
LOADED = {"src", "poster", "data", "background", "xlink:href"}
LOADED_BY_HREF = {"link", "image", "use", "base"}
LISTS = {"srcset": re.compile(r"(?:^|,)\s*([^\s,]+)"), "style": re.compile(r"url\(([^)]+)\)")}
_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//|(?!data:)[a-z][a-z0-9+.-]*:", re.I)
_BLANK = re.compile(r"[\t\n\r]|^[\x00- \"']+")


class Ref(NamedTuple):
    """One address in a page: the element that names it, whether it is fetched with the page, who wrote the element."""

    tag: str
    address: str
    loaded: bool
    by_markdown: bool

    @property
    def is_foreign(self) -> bool:
        """Whether a browser that fetches it would ask another host. It takes \\ for / and leaves out line breaks."""
        return _HOST.match(_BLANK.sub("", self.address).replace("\\", "/")) is not None


class Seen(NamedTuple):
    """What stands in the page: its addresses, and how many pictures have no words."""

    refs: tuple[Ref, ...] = ()
    silent_pictures: int = 0


def seen_in(look: Look) -> Iterator[tuple[At, Seen]]:
    """What stands in the page for each of its texts that are Markdown."""
    kind = look.page.kind
    for at, key, text in look.texts:
        if kind == "page" and at == BODY:
            yield at, of_body(text)
        elif key in MARKDOWN.get(kind, ()):
            yield at, of_prose(text)


@lru_cache(maxsize=4096)
def of_prose(text: str) -> Seen:
    """An author's text in a field of a page."""
    return _read(markup(text)) if "[" in text and not is_tangled(text) else Seen()


@lru_cache(maxsize=256)
def of_body(body: str) -> Seen:
    """A page written by hand, as MkDocs makes it: Markdown with HTML in it."""
    if is_tangled(body):
        return Seen()
    maker = markdown.Markdown(extensions=EXTENSIONS)
    maker.treeprocessors.register(_Marker(maker), "own", -1)
    return _read(maker.convert(body))


class _Marker(Treeprocessor):
    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.tag in ("a", "img"):
                element.set(OWN, "")


def _read(html: str) -> Seen:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Seen(tuple(reader.refs), reader.silent)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.refs: list[Ref] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Every address of one element. Of two attributes of one name a browser takes the first."""
        found = {name: value or "" for name, value in reversed(attrs)}
        self.silent += tag == "img" and not found.get("alt", "").strip()
        for name, value in found.items():
            if name in LISTS:
                self.refs += [Ref(tag, one, True, False) for one in LISTS[name].findall(value)]
            elif name in LOADED or (name == "href" and tag in LOADED_BY_HREF):
                self.refs.append(Ref(tag, value, True, OWN in found))
            elif name == "href" and tag in ("a", "area"):
                self.refs.append(Ref(tag, value, False, OWN in found))
