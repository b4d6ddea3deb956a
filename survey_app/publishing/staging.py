"""Files a unit hands in (samples, forms, attachments): public only with the approved page that names them."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from survey_app.config import Settings
from survey_app.domain.errors import N_, Refusal
from survey_app.files import write_atomically, write_new
from survey_app.publishing.book import Book
from survey_app.publishing.imports import slug

DISTRICT = "disclosure"  # the folder of pages that belong to no unit
_handing_in = threading.Lock()
PLACE = re.compile(r"files/(?:[a-z0-9-]+/)*[a-z0-9-]+\.[a-z]+")
ZIPPED, OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
# How a file of each kind begins; a name alone proves nothing. None: words, which must be readable as such.
BEGINNINGS: dict[str, tuple[bytes, ...] | None] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    **dict.fromkeys(("docx", "xlsx", "odt", "ods", "ofd", "zip"), (ZIPPED,)),
    **dict.fromkeys(("doc", "xls"), (OLE,)),
    **dict.fromkeys(("wps", "et"), (OLE, ZIPPED)),
    **dict.fromkeys(("csv", "txt"), None),
}


class FileKind(Refusal):
    code, status = "file-kind", 422
    message = N_("这一种文件不收。可以传：%(kinds)s。")


class FileBroken(Refusal):
    code, status = "file-broken", 422
    message = N_("“%(name)s”的内容不是%(kind)s文件，多半是改过扩展名。请另存为后再传。")


class FileEmpty(Refusal):
    code, status = "file-empty", 422
    message = N_("没有选文件，或文件是空的。")


def folder(settings: Settings) -> Path:
    """Where handed-in files wait; below it they have the paths they will have on the site."""
    return settings.var / "handed-in"


def hand_in(settings: Settings, *, unit: str, name: str, content: bytes) -> str:
    """Keep a file for a unit; returns its path on the site to be. Raises FileKind, FileBroken, FileEmpty."""
    stem, kind = require_kind(name, content)
    with _handing_in:  # threads of one process; another process is met by write_new
        return _keep(settings, unit, stem, kind, content)


def require_kind(name: str, content: bytes) -> tuple[str, str]:
    """Stem and ending of a file whose content is what its name says. Raises FileKind, FileBroken, FileEmpty."""
    stem, _, kind = name.rpartition(".")
    kind = kind.lower()
    if not content or not stem:
        raise FileEmpty
    if kind not in BEGINNINGS:
        raise FileKind(kinds="、".join(BEGINNINGS))
    if not _is_of_kind(content, BEGINNINGS[kind]):
        raise FileBroken(name=name[-60:], kind=kind)
    return stem, kind


def _keep(settings: Settings, unit: str, stem: str, kind: str, content: bytes) -> str:
    """Under the first name that is free, also where another process has just taken one. Nothing is written over."""
    taken = {Path(path).stem for path in files_of(settings, unit)}
    while True:
        name = slug(stem, taken)
        path = f"files/{unit}/{name}.{kind}"
        target = folder(settings) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            write_new(target, content, 0o644)
        except FileExistsError:
            taken.add(name)
        else:
            return path


def _is_of_kind(content: bytes, beginnings: tuple[bytes, ...] | None) -> bool:
    if beginnings is not None:
        return content.startswith(beginnings)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return "\0" not in content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return False


def files_of(settings: Settings, unit: str) -> list[str]:
    """Paths of a unit's files, public or waiting."""
    found = (_below(base, f"files/{unit}") for base in (settings.pages, folder(settings)))
    return sorted({path for paths in found for path in paths})


def waiting_files(settings: Settings) -> frozenset[str]:
    """Paths of all files that wait for their page."""
    return frozenset(_below(folder(settings), "files"))


def own_folders(book: Book, unit_slug: str) -> frozenset[str]:
    """Whose handed-in files a page of this unit may name: its own, and those of units that became part of it.

    Asked of the pages as they are public: what a draft says of its unit opens nothing.
    """
    if not unit_slug:
        return frozenset({DISTRICT}) if book.unit(DISTRICT) is None else frozenset()
    found = book.united(unit_slug)
    former = {old for old, unit in book.former_slugs.items() if unit.unit in found and book.unit(old) is None}
    return found | former


def _below(base: Path, where: str) -> Iterator[str]:
    files = (base / where).rglob("*") if (base / where).is_dir() else ()
    paths = (file.relative_to(base).as_posix() for file in files if file.is_file())
    return (path for path in paths if PLACE.fullmatch(path))


def named_in(data: Any) -> Iterator[str]:
    """Every file a page's data name."""
    if isinstance(data, str):
        yield from (data,) if PLACE.fullmatch(data) else ()
    elif isinstance(data, dict | list):
        for part in data.values() if isinstance(data, dict) else data:
            yield from named_in(part)


def along_with(settings: Settings, book: Book, data: Any, unit_slug: str) -> list[str]:
    """The handed-in files that go public together with a page of this unit.

    Threat: a draft that names another unit's file, to read it in its preview or to let it out.
    """
    own = own_folders(book, unit_slug)
    named = [path for path in dict.fromkeys(named_in(data)) if path.split("/")[1] in own]
    return [path for path in named if not (settings.pages / path).exists() and (folder(settings) / path).is_file()]


def let_out(settings: Settings, book: Book, data: Any, unit_slug: str) -> list[str]:
    """Put the files an approved page names where the public reads, if they are its own; one there stays as it is."""
    made = along_with(settings, book, data, unit_slug)
    for path in made:
        target = settings.pages / path
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, (folder(settings) / path).read_bytes())
    return made
