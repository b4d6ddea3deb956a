"""Files handed in for import: under a random name, for a day, readable by the one who sent them."""

import json
import secrets
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from survey_app.config import Settings
from survey_app.domain.errors import N_, BadInput, Refusal
from survey_app.files import write_atomically
from survey_app.publishing.tables.reading import MOST_BYTES

KEPT = timedelta(days=1)
MOST_FILES = 12
NOTE = "upload.json"
_BLOCK = 1 << 16


class UploadGone(Refusal):
    """Nothing is kept under this name for this person."""

    code, status = "upload-gone", 404
    message = N_("这次导入的文件已经不在了：过了一天，或已经导入、取消。请重新上传。")


@dataclass(frozen=True)
class Upload:
    """One hand-in: its random name, whose it is, the files' own names, and how unknown columns are to be read."""

    name: str
    owner: str
    files: tuple[str, ...]
    at: str
    wishes: dict[str, str] = field(default_factory=dict)
    asked: bool = False  # the columns that led nowhere have been shown


def folder_of(settings: Settings) -> Path:
    """Where they lie."""
    return settings.var / "uploads"


def keep(settings: Settings, files: Iterable[tuple[str, IO[bytes]]], *, owner: str, now: datetime) -> Upload:
    """Store files. Raises BadInput where one is too large, and keeps none then."""
    sweep(settings, now)
    given = [(_plain(name), stream) for name, stream in files]
    if not given:
        raise BadInput(file=N_("上传"), problem=N_("没有选文件。"))
    if len(given) > MOST_FILES:
        raise BadInput(file=N_("上传"), problem=N_("一次最多%(most)s个文件。"), most=MOST_FILES)
    upload = Upload(secrets.token_hex(16), owner, tuple(name for name, _stream in given), now.isoformat())
    place = folder_of(settings) / upload.name
    place.mkdir(mode=0o700, parents=True)
    try:
        for number, (name, stream) in enumerate(given):
            _store(place / str(number), name, stream)
        _note(place, upload)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return upload


def _plain(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2][:120] or "?"


def _store(file: Path, name: str, stream: IO[bytes]) -> None:
    size = 0
    with file.open("wb") as out:
        while block := stream.read(_BLOCK):
            size += len(block)
            if size > MOST_BYTES:
                raise BadInput(file=name, problem=N_("文件超过%(most)s MB。请按单位分开。"), most=MOST_BYTES // 1024**2)
            out.write(block)
    file.chmod(0o600)


def _note(place: Path, upload: Upload) -> None:
    write_atomically(place / NOTE, json.dumps(upload.__dict__, ensure_ascii=False).encode(), mode=0o600)


def find(settings: Settings, name: str, *, owner: str, now: datetime) -> Upload:
    """One's own upload. Raises UploadGone."""
    place = folder_of(settings) / name
    known = len(name) == 32 and all(sign in "0123456789abcdef" for sign in name) and (place / NOTE).is_file()
    if not known:
        raise UploadGone
    told = json.loads((place / NOTE).read_text("utf-8"))
    upload = Upload(**{**told, "files": tuple(told["files"])})
    if upload.owner != owner or _is_old(upload, now):
        raise UploadGone
    return upload


def paths(settings: Settings, upload: Upload) -> list[tuple[Path, str]]:
    """Each file with the name it was given."""
    return [(folder_of(settings) / upload.name / str(number), name) for number, name in enumerate(upload.files)]


def remember(settings: Settings, upload: Upload, wishes: Mapping[str, str]) -> None:
    """Note how columns are to be read."""
    _note(folder_of(settings) / upload.name, Upload(**{**upload.__dict__, "wishes": dict(wishes), "asked": True}))


def drop(settings: Settings, upload: Upload) -> None:
    """Delete it."""
    shutil.rmtree(folder_of(settings) / upload.name, ignore_errors=True)


def sweep(settings: Settings, now: datetime) -> int:
    """Delete what is older than a day; return how many."""
    gone = 0
    for place in sorted(folder_of(settings).glob("*")):
        if _is_stale(place, now):
            shutil.rmtree(place, ignore_errors=True)
            gone += 1
    return gone


def _is_stale(place: Path, now: datetime) -> bool:
    """A hand-in without a note was cut off; it is judged by the age of its folder."""
    if (place / NOTE).is_file():
        told = json.loads((place / NOTE).read_text("utf-8"))
        return _is_old(Upload(**{**told, "files": tuple(told["files"])}), now)
    return now.timestamp() - place.stat().st_mtime > KEPT.total_seconds()


def _is_old(upload: Upload, now: datetime) -> bool:
    return now - datetime.fromisoformat(upload.at) > KEPT
