"""Large files made in the background: what is wanted, how far it is, and the file when it is ready.

Everything lies in var/downloads/, one small JSON file for each file wanted, so that a kill loses nothing: whoever works
next finds what was wanted or half-made and makes it. A room names its makers by `maker`; a file is kept for a day.
"""

import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO

from survey_app.config import Settings
from survey_app.domain.errors import N_, Refusal
from survey_app.files import write_atomically

WANTED, RUNNING, READY, FAILED = "wanted", "running", "ready", "failed"
KEPT_S = 24 * 3600
TELL_EVERY_S = 0.5
WENT_WRONG = N_("没有做成，网站出了差错。请再做一次；再不行请找运维，日志里有原因。")
Progress = Callable[[int, int], None]  # done, of how many
Maker = Callable[[Settings, str, IO[bytes], Progress], None]
_makers: dict[str, Maker] = {}
_log = logging.getLogger("pingyi.jobs")


@dataclass(frozen=True)
class Preparation:
    """A file that is wanted: who makes it, from what, and how far it is."""

    name: str
    maker: str
    argument: str
    state: str = WANTED
    done: int = 0
    total: int = 0
    reason: str = ""


def maker(kind: str) -> Callable[[Maker], Maker]:
    """Mark what makes files of a kind: `make(settings, argument, out, progress)`."""

    def mark(make: Maker) -> Maker:
        _makers[kind] = make
        return make

    return mark


def want(settings: Settings, name: str, *, kind: str, argument: str) -> Preparation:
    """Have a file made, unless it is ready or on its way. Ask the queue for PREPARE afterwards."""
    known = preparation(settings, name)
    if known is not None and known.state != FAILED:
        return known
    made = Preparation(name, kind, argument)
    _folder(settings).mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(settings, made)
    return made


def preparation(settings: Settings, name: str) -> Preparation | None:
    """How far a file is; None where nobody wanted it, or its day is over."""
    file = _note(settings, name)
    try:
        kept = file.stat().st_mtime > time.time() - KEPT_S
        return Preparation(**json.loads(file.read_bytes())) if kept else None
    except FileNotFoundError:
        return None


def ready_file(settings: Settings, name: str) -> Path | None:
    """The file, when it is ready."""
    known, file = preparation(settings, name), _folder(settings) / name
    return file if known is not None and known.state == READY and file.is_file() else None


def prepare_all(settings: Settings) -> None:
    """Make everything that is wanted or was interrupted, and put away what is older than a day."""
    _sweep(settings)
    for one in _open(settings):
        _prepare(settings, one)


def _prepare(settings: Settings, one: Preparation) -> None:
    """One file, whole or not at all; a failure is written down, and raised where it is a fault of ours."""
    part = _folder(settings) / f".{one.name}.part"
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            _makers[one.maker](settings, one.argument, out, _teller(settings, one))
            out.flush()
            os.fsync(out.fileno())
        part.replace(_folder(settings) / one.name)
        _write(settings, replace(one, state=READY))
    except Refusal as refusal:
        _log.warning("%s was not made: %s", one.name, refusal)
        _write(settings, replace(one, state=FAILED, reason=refusal.text()))
    except Exception:  # whoever waits must read that it failed, whatever it was; it is raised again for the log
        _write(settings, replace(one, state=FAILED, reason=WENT_WRONG))
        raise
    finally:
        part.unlink(missing_ok=True)


def _teller(settings: Settings, one: Preparation) -> Progress:
    told = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= TELL_EVERY_S:
            told = time.monotonic()
            _write(settings, replace(one, state=RUNNING, done=done, total=total))

    return tell


def _open(settings: Settings) -> Iterator[Preparation]:
    for file in sorted(_folder(settings).glob("*.json")):
        known = preparation(settings, file.name.removesuffix(".json"))
        if known is not None and known.state in (WANTED, RUNNING):
            yield known


def _sweep(settings: Settings) -> None:
    for file in _folder(settings).glob("*"):
        if file.stat().st_mtime <= time.time() - KEPT_S:
            file.unlink(missing_ok=True)


def _write(settings: Settings, one: Preparation) -> None:
    write_atomically(_note(settings, one.name), json.dumps(asdict(one), ensure_ascii=False).encode(), mode=0o600)


def _note(settings: Settings, name: str) -> Path:
    return _folder(settings) / f"{name}.json"


def _folder(settings: Settings) -> Path:
    return settings.var / "downloads"
