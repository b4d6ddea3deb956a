"""Files attached to a case: checked, drawn anew or held apart, sealed, and on the disk before any row speaks of them.

A file lies under the digest of its sealed bytes, so the row needs no other place and the disk tells nothing of the
case. A kill between file and row leaves a file nobody knows, which `sweep` removes; never a row without a file.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from os import SEEK_END
from pathlib import Path
from typing import Protocol

from flask import Response
from werkzeug.datastructures import FileStorage

from survey_app.casework.pictures import redraw
from survey_app.config import Keys, Settings
from survey_app.domain import attached
from survey_app.domain.attached import DELETED, JPEG, OK, PICTURES, QUARANTINED
from survey_app.domain.cases.box import WrongCaseKey, seal_file, unseal_file
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.pdf_scan import require_still
from survey_app.files import write_atomically
from survey_app.pingyi_sealed import name_of, stem_of
from survey_app.store.database import StorageUnavailable
from survey_app.web.sending import attachment, note_download

FOLDER = "case-files"
UNKNOWN_AFTER = timedelta(days=1)  # longer than any form takes from its files to its row
_SANDBOX = "default-src 'none'; sandbox"


class AttachmentGone(Refusal):
    code, status = "attachment-gone", 410
    message = N_("这个附件已经到期删除，或在磁盘上找不到、打不开。办件的文字不受影响。")


@dataclass(frozen=True)
class Checked:
    """One file that passed: what is to be kept of it."""

    name: str
    media_type: str
    state: str
    content: bytes


@dataclass(frozen=True)
class Stored:
    """What a row says of a kept file: `size` in bytes before sealing, `digest` of the sealed bytes, in hex."""

    name: str
    media_type: str
    size: int
    digest: str
    state: str


class Row(Protocol):
    """What opening and deleting ask of a row, whichever class shows it."""

    @property
    def digest(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def media_type(self) -> str: ...


def checked(files: Iterable[FileStorage]) -> list[Checked]:
    """All files of a form, or none: the first that is refused refuses the form. An empty box is no file.

    Raises TooManyFiles, what `kind_of`, `redraw` and `require_still` raise.
    """
    chosen = [file for file in files if file.filename]
    attached.require_few(len(chosen))
    return [_checked(file) for file in chosen]


def weight(files: Iterable[FileStorage]) -> int:
    """How many bytes these files have together, before anything of them is kept."""
    total = 0
    for file in files:
        total += file.stream.seek(0, SEEK_END)
        file.stream.seek(0)
    return total


def take(files: Iterable[FileStorage], *, keys: Keys, settings: Settings) -> list[Stored]:
    """Check, seal and write; what is returned is on the disk. Raises what `checked` raises, and StorageUnavailable.

    Where one cannot be written the others are gone again.
    """
    found, written = checked(files), []
    try:
        for file in found:
            written.append(_store(file, keys, settings))
    except OSError as error:
        _remove(written, settings)
        raise StorageUnavailable from error
    return written


def open_attachment(row: Row, *, keys: Keys, settings: Settings) -> bytes:
    """The file's content. Raises AttachmentGone: deleted, missing, or altered on the disk."""
    if row.state == DELETED:
        raise AttachmentGone
    try:
        return unseal_file(keys.case, _file(row.digest, settings).read_bytes())
    except (OSError, ValueError, WrongCaseKey) as error:
        raise AttachmentGone from error


def hand_out(rows: Iterable[Row], digest: str, *, of: str, keys: Keys, settings: Settings) -> Response:
    """At a desk: the one of these files that has this digest, to be saved; who took it of what is written down.

    `of`: the number of the case, order or finding. The file's name is somebody's word and stays out of the log.
    Raises AttachmentGone.
    """
    row = next((one for one in rows if one.digest == digest), None)
    if row is None:
        raise AttachmentGone
    content = open_attachment(row, keys=keys, settings=settings)
    note_download(of, row.digest)
    return download(row, content)


def download(row: Row, content: bytes) -> Response:
    """An answer that saves the file and shows it nowhere: whatever it is, it never runs in a page of ours."""
    response = attachment(content, row.name, row.media_type)
    response.headers["Content-Security-Policy"] = _SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def delete_attachment(row: Row, settings: Settings) -> None:
    """The file is gone from the disk; the caller says so in its row. Deleting again does no harm."""
    _file(row.digest, settings).unlink(missing_ok=True)


def sweep(settings: Settings, known: Callable[[Sequence[str]], set[str]], now: datetime) -> int:
    """Remove files older than a day that no row names, and what a kill left half-written; returns how many.

    `known`: of these digests, the ones that some row names.
    """
    folder = settings.var / FOLDER
    old = [file for file in folder.glob("*") if _age(file, now) > UNKNOWN_AFTER] if folder.is_dir() else []
    named = known([file.name for file in old])
    orphans = [file for file in old if file.name not in named]
    for file in orphans:
        file.unlink(missing_ok=True)
    return len(orphans)


def _checked(file: FileStorage) -> Checked:
    shown = stem_of(file.filename or "")
    content = file.stream.read(attached.MOST_BYTES + 1)
    kind = attached.kind_of(content, name=shown)
    if kind in PICTURES:
        return Checked(name_of(file.filename or "", JPEG), JPEG, OK, redraw(content, name=shown))
    require_still(content, name=shown)
    return Checked(name_of(file.filename or "", kind), kind, QUARANTINED, content)


def _store(file: Checked, keys: Keys, settings: Settings) -> Stored:
    sealed = seal_file(keys.case, file.content)
    digest = sha256(sealed).hexdigest()
    target = _file(digest, settings)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomically(target, sealed, mode=0o600)
    return Stored(file.name, file.media_type, len(file.content), digest, file.state)


def _remove(written: Iterable[Stored], settings: Settings) -> None:
    for file in written:
        delete_attachment(file, settings)


def _file(digest: str, settings: Settings) -> Path:
    return settings.var / FOLDER / digest


def _age(file: Path, now: datetime) -> timedelta:
    return now - datetime.fromtimestamp(file.stat().st_mtime, now.tzinfo)
