"""A portal copied whole into one folder, each file with its digest, and put back where there is nothing; never a key.

Threat: whoever has a backup and the keys reads what is sealed. The keys lie elsewhere and are kept elsewhere; a backup
holds only digests of them, by which the wrong ones are told before anything is written (they are random: a digest of
256 random bits gives nothing away).
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from survey_app.config import KEY_FILES, Settings
from survey_app.domain.errors import N_, FileTaken, Refusal
from survey_app.files import alone_in, digest_of_file, put_folder, write_atomically
from survey_app.store import audit
from survey_app.store.database import copy_into, write

MANIFEST, FORMAT = "backup.json", 1
VAR, PAGES, HOLIDAYS = "var", "pages", "holidays.csv"
# Made again from the rest at the next start, or of this machine alone.
LEFT_OUT = frozenset({"site", "releases", "previews", "cache", "plain-site", "screenshots", "builds.json"})
DATABASES = ("pingyi.sqlite3", "jobs.sqlite3")  # with what SQLite lays beside them; ours is copied by SQLite itself


class PlaceInside(Refusal):
    code, status = "backup-inside", 422
    message = N_("备份不能放在%(place)s里面：它会备份自己，或和密钥放在一起。请换一个文件夹，最好在另一块盘上。")


class BackupBroken(Refusal):
    code, status = "backup-broken", 422
    message = N_("这不是一份完整的备份：%(file)s不对。什么也没有恢复，请换另一份备份。")


class PlaceTaken(Refusal):
    code, status = "place-taken", 409
    message = N_("%(place)s里已经有东西，没有恢复。请先把它移到别处，或用另一个文件夹：PINGYI_VAR=…。")


class KeysDiffer(Refusal):
    code, status = "keys-differ", 409
    message = N_("%(place)s里的密钥不是这份备份的（%(file)s），没有恢复。请放回做备份时的密钥。")


@dataclass(frozen=True)
class Backup:
    """What a backup says of itself. `files`: path below it -> SHA-256 in hex; `keys`: the same of each key file."""

    made_at: str
    files: Mapping[str, str]
    keys: Mapping[str, str]
    head: str  # "number:digest" of the last event of the audit log, as `pingyi audit verify --expect` takes it


def back_up(settings: Settings, into: Path, *, actor: str, now: datetime) -> Backup:
    """Copy the portal into a folder that is not there yet; the database is open, and may be in use.

    The database goes first: a file is on the disk before any row names it. Raises FileTaken, PlaceInside.
    """
    into = into.resolve()
    _require_apart(settings, into)
    if into.exists():
        raise FileTaken(file=into)
    part = into.with_name(f".{into.name}.part")
    shutil.rmtree(part, ignore_errors=True)  # left by a run that was killed
    (part / VAR).mkdir(mode=0o700, parents=True)
    part.chmod(0o700)  # hashes of passwords and raw answers of closed rounds are in it
    with write():
        audit.record(actor=actor, action="portal.backup", subject=into.name, now=now)
    with alone_in(settings.pages):
        head = _head()  # before the copy: whatever is added meanwhile, this event is in it
        copy_into(part / VAR / settings.database.name)
        (part / VAR / settings.database.name).chmod(0o600)
        _copy_files(settings, part)
    made = Backup(now.isoformat(timespec="seconds"), _digests(part), _key_digests(settings), head)
    write_atomically(part / MANIFEST, json.dumps({"format": FORMAT, **vars(made)}, indent=1).encode(), mode=0o600)
    put_folder(part, into)
    return made


def restore(settings: Settings, source: Path) -> Backup:
    """Put a backup where there is nothing. Everything is checked before a file is written, and again once it is copied.

    Raises BackupBroken, PlaceTaken, KeysDiffer.
    """
    told = read_backup(source)
    _require_same_keys(settings, told)
    targets = {VAR: settings.var, PAGES: settings.pages, HOLIDAYS: settings.holidays}
    for target in targets.values():
        if target.is_file() or (target.is_dir() and any(target.iterdir())):
            raise PlaceTaken(place=target)
    part = settings.var.with_name(f".{settings.var.name}.restoring")
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(source, part)
    read_backup(part)
    for name in (PAGES, HOLIDAYS):  # into var/ first where they belong there, so that var/ comes whole or not at all
        if (part / name).exists() and targets[name].is_relative_to(settings.var):
            inside = part / VAR / targets[name].relative_to(settings.var)
            inside.parent.mkdir(parents=True, exist_ok=True)
            (part / name).rename(inside)
    for name in (PAGES, HOLIDAYS, VAR):
        if (part / name).exists():
            _put(part / name, targets[name])
    shutil.rmtree(part)
    return told


def read_backup(folder: Path) -> Backup:
    """What the backup says of itself, once every file has been read and is as it says. Raises BackupBroken."""
    try:
        told = json.loads((folder / MANIFEST).read_bytes())
        made = Backup(**{name: told[name] for name in ("made_at", "files", "keys", "head")})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BackupBroken(file=MANIFEST) from error
    if told.get("format") != FORMAT:
        raise BackupBroken(file=MANIFEST)
    found = _digests(folder)
    wrong = sorted(path for path in found.keys() | made.files.keys() if found.get(path) != made.files.get(path))
    if wrong:
        raise BackupBroken(file=wrong[0])
    return made


def lacking_keys(settings: Settings, told: Backup) -> list[str]:
    """The key files that this backup needs and that are not in their folder."""
    return [name for name in told.keys if not (settings.keys / name).is_file()]


def _require_apart(settings: Settings, into: Path) -> None:
    for place in (settings.var, settings.pages, settings.keys):
        if into.is_relative_to(place):
            raise PlaceInside(place=place)


def _require_same_keys(settings: Settings, told: Backup) -> None:
    for name, digest in told.keys.items():
        file = settings.keys / name
        if file.is_file() and digest_of_file(file) != digest:
            raise KeysDiffer(place=settings.keys, file=name)


def _head() -> str:
    head = audit.head()
    return f"{head[0]}:{head[1].hex()}" if head else ""


def _copy_files(settings: Settings, part: Path) -> None:
    for file in _walk(settings.var, lambda place: _is_left_out(place, settings)):
        _copy(file, part / VAR / file.relative_to(settings.var))
    for file in _walk(settings.pages, lambda place: place == settings.keys):
        _copy(file, part / PAGES / file.relative_to(settings.pages))
    if settings.holidays.is_file():
        _copy(settings.holidays, part / HOLIDAYS)


def _is_left_out(place: Path, settings: Settings) -> bool:
    if place in (settings.keys, settings.pages, settings.holidays):
        return True
    if place.name.startswith(".") and place.name.endswith(".part"):  # half-written at this moment
        return True
    at_top = place.parent == settings.var
    return at_top and (place.name in LEFT_OUT or place.name.startswith(DATABASES) or place.name.endswith(".lock"))


def _walk(folder: Path, left_out: Callable[[Path], bool]) -> Iterator[Path]:
    for name in sorted(os.listdir(folder)):
        place = folder / name
        if left_out(place):
            continue
        if place.is_dir():
            yield from _walk(place, left_out)
        elif place.is_file():
            yield place


def _copy(file: Path, target: Path) -> None:
    """One file with its times and mode; one that went meanwhile (a case's picture, its time over) stays gone."""
    if not target.parent.is_dir():
        target.parent.mkdir(parents=True)
        shutil.copymode(file.parent, target.parent)
    try:
        shutil.copy2(file, target)
    except FileNotFoundError:
        if file.exists():
            raise


def _digests(folder: Path) -> dict[str, str]:
    files = _walk(folder, lambda place: place == folder / MANIFEST)
    return {file.relative_to(folder).as_posix(): digest_of_file(file) for file in files}


def _key_digests(settings: Settings) -> dict[str, str]:
    found = (settings.keys / name for name in KEY_FILES)
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in found if file.is_file()}


def _put(made: Path, target: Path) -> None:
    """Into place, also where that is another disk; an empty folder may stand there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir():
        target.rmdir()
    shutil.move(made, target)
