"""A Word file read as plain paragraphs and tables, whatever program saved it."""

import io
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from ..errors import BadInput

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MOST_BYTES = 64 * 2**20  # of the text part unpacked; a notice of 2,000 units has 4 MB
GONE = (f"{W}del", f"{W}moveFrom")  # struck out while changes are tracked


@dataclass(frozen=True)
class Written:
    """Paragraphs outside tables, and tables as rows of cells; signs in their plain width, no white space."""

    paragraphs: list[str]
    tables: list[list[list[str]]]

    @property
    def whole(self) -> str:
        """All words in one."""
        return "".join(self.paragraphs) + "".join(cell for table in self.tables for row in table for cell in row)


def read_docx(name: object, content: bytes) -> Written:
    """Read a .docx; `name` is what the refusal calls it. Raises BadInput."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            part = archive.getinfo("word/document.xml")
            if part.file_size > MOST_BYTES:
                raise BadInput("not_docx", file=name)
            # lxml fetches nothing and expands no entity here: the file comes from anybody.
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            root = etree.fromstring(archive.read(part), parser)
    except (zipfile.BadZipFile, KeyError, RuntimeError, etree.XMLSyntaxError) as error:
        raise BadInput("not_docx", file=name) from error
    return Written(list(_paragraphs(root)), [list(_rows(table)) for table in root.iter(f"{W}tbl")])


def plain(text: str) -> str:
    """Text for comparing: signs in their plain width, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _paragraphs(root: Any) -> Iterator[str]:
    for paragraph in root.iter(f"{W}p"):
        if next(paragraph.iterancestors(f"{W}tbl"), None) is None:
            yield plain(_text(paragraph))


def _rows(table: Any) -> Iterator[list[str]]:
    for row in table.iterchildren(f"{W}tr"):
        yield [plain(_text(cell)) for cell in row.iter(f"{W}tc")]


def _text(element: Any) -> str:
    return "".join(
        node.text or "" for node in element.iter(f"{W}t") if not any(a.tag in GONE for a in node.iterancestors())
    )
