"""Numbers that live in memory for a day: how often a network did something, under a salt that dies at midnight.

Threat: an address kept anywhere, or a digest of one that can be tried out (all IPv4 addresses take an hour and a half).
So nothing but HMACs truncated to 80 bits is kept, under a random salt; salt and numbers stand in a small SQLite file on
a file system in memory (PINGYI_MEMORY, /dev/shm), outside `var/`, the database and every backup. All processes of one
account that serve one portal share the file. At midnight everything in it is deleted and a new salt is drawn.

What cannot be counted is let through, with a line in the log: a ballot never hangs on this.
"""

import hashlib
import hmac
import logging
import os
import secrets
import shutil
import sqlite3
import stat
import threading
import time
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from survey_app.config import Settings

TAG_BYTES, SALT_BYTES = 10, 32
TIMEOUT_S = 1.0  # longer than any statement here takes; a ballot does not wait for it
_SCHEMA = """
CREATE TABLE IF NOT EXISTS day (day TEXT PRIMARY KEY, salt BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS tally (tag BLOB PRIMARY KEY, n INTEGER NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
"""
_PRAGMAS = ("journal_mode=wal", "synchronous=off", "secure_delete=on")
_COUNT = (
    "INSERT INTO tally VALUES (:tag, max(:step, 0), :until) "
    "ON CONFLICT (tag) DO UPDATE SET n = max(n + :step, 0) RETURNING n"
)
_log = logging.getLogger("pingyi.limits")


class DayMemory:
    """One file in memory; every thread of this process takes its turn at one connection."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = threading.Lock()
        self._opened: tuple[int, sqlite3.Connection] | None = None  # process, connection: none survives a fork
        self._day, self._salt = "", b""
        self._said_at = 0.0

    def count(self, name: str, *, seconds: int, now: datetime, today: date, step: int = 1) -> int:
        """Add `step` to the number of `name` in the present window of `seconds`; returns it, 0 if it is not known."""
        window = int(now.timestamp()) // seconds
        return self._try(lambda: self._count(f"{name}|{seconds}|{window}", step, (window + 1) * seconds, now, today))

    def count_once(self, name: str, *, until: datetime, now: datetime, today: date) -> bool:
        """True the first time `name` is told, until `until` or midnight; True as well where nothing can be kept."""
        return self._try(lambda: self._count(name, 1, int(until.timestamp()), now, today)) <= 1

    def roll(self, today: date) -> None:
        """Forget another day's salt and numbers, also while nobody asks, and what the log still holds of them."""
        self._try(lambda: len(self._salt_of(today)) and self._empty_log())

    def forget(self) -> None:
        """Close and remove the file: with a server that stops, its salt is gone at once."""
        with self._turn:
            self._close()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _count(self, name: str, step: int, until: int, now: datetime, today: date) -> int:
        tag = hmac.digest(self._salt_of(today), name.encode(), "sha256")[:TAG_BYTES]
        if tag[0] == 0:  # one time in 256 the windows that are over are swept out
            self._connection().execute("DELETE FROM tally WHERE until < ?", (int(now.timestamp()),))
        [(n,)] = self._connection().execute(_COUNT, {"tag": tag, "step": step, "until": until}).fetchall()
        return int(n)

    def _salt_of(self, today: date) -> bytes:
        day = today.isoformat()
        if self._day != day or self._opened is None:
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                self._salt = self._kept_salt(connection, day)
            self._day = day
            self._empty_log()
        return self._salt

    def _empty_log(self) -> int:
        """Deleted pages stand in SQLite's log until it is written back; a busy reader makes it wait a minute."""
        [(busy, _pages, _moved)] = self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return int(busy)

    def _kept_salt(self, connection: sqlite3.Connection, day: str) -> bytes:
        """The day's salt that another process drew, or a new one in the place of all that was."""
        if row := connection.execute("SELECT salt FROM day WHERE day = ?", (day,)).fetchone():
            return bytes(row[0])
        salt = secrets.token_bytes(SALT_BYTES)
        for table in ("day", "tally"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608  # our own table names
        connection.execute("INSERT INTO day VALUES (?, ?)", (day, salt))
        return salt

    def _connection(self) -> sqlite3.Connection:
        if self._opened is None or self._opened[0] != os.getpid():
            self._opened = os.getpid(), _open(self._folder)
        return self._opened[1]

    def _try(self, work: Callable[[], int]) -> int:
        with self._turn:
            try:
                return work()
            except (sqlite3.Error, OSError) as error:
                self._say(error)
                self._close()
                if not isinstance(error, (sqlite3.OperationalError, OSError)):  # the file itself is broken: a new one
                    shutil.rmtree(self._folder, ignore_errors=True)
                return 0

    def _close(self) -> None:
        if self._opened and self._opened[0] == os.getpid():
            self._opened[1].close()
        self._opened = None

    def _say(self, error: Exception) -> None:
        """Once a minute: a flood must not fill the log."""
        if time.monotonic() - self._said_at >= 60 or not self._said_at:
            self._said_at = time.monotonic()
            _log.warning("the limits are not counted, ratings are taken without them: %s", error)


@lru_cache(maxsize=8)
def _memory_in(folder: Path) -> DayMemory:
    return DayMemory(folder)


def day_memory(settings: Settings) -> DayMemory:
    """The memory of this portal, the same for every process of this account that serves it."""
    portal = hashlib.sha256(str(settings.var).encode()).hexdigest()[:16]
    return _memory_in(settings.memory / f"pingyi-{os.geteuid()}-{portal}")


def _open(folder: Path) -> sqlite3.Connection:
    """Threat: another account on the server lays a file of its own where ours should be."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} is not ours alone")
    file = folder / "limits.sqlite3"
    connection = sqlite3.connect(file, timeout=TIMEOUT_S, isolation_level=None, check_same_thread=False)
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.executescript(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection
