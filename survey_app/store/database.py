"""Opening the database, and the one way to write to it."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from peewee import OperationalError, SqliteDatabase
from playhouse.migrations import Runner

from survey_app.domain.errors import N_, Refusal

# FULL: a receipt given to a citizen survives a power cut. secure_delete: a deleted ciphertext is gone from the file.
PRAGMAS = {"journal_mode": "wal", "synchronous": "full", "foreign_keys": 1, "secure_delete": 1}
BUSY_TIMEOUT_S = 30

database = SqliteDatabase(None, lock_type="IMMEDIATE")
_write_lock = threading.Lock()
_STORAGE_ERRORS = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_BUSY", "SQLITE_READONLY", "SQLITE_CANTOPEN")


class StorageUnavailable(Refusal):
    code, status = "storage", 503
    message = N_("没有保存：网站正在维护，请10分钟后再试。您填的内容还在。")


def open_database(path: Path) -> None:
    """Use the database at `path`, created and brought to the current schema if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)  # the log and the index beside it take the same mode
    if not database.is_closed():
        database.close()
    database.init(str(path), pragmas=PRAGMAS, timeout=BUSY_TIMEOUT_S)
    with _alone():
        Runner(database, str(Path(__file__).parent / "migrations")).up()


@contextmanager
def write() -> Iterator[None]:
    """One write transaction, one writer at a time.

    SQLite's busy handler is unfair (measured: some writers starve for seconds); waiting in line at a lock of our own
    gave 0 errors and at most 88 ms with four saturating processes. Raises StorageUnavailable when the disk refuses.
    """
    with _storage_refusals(), _alone(), database.atomic():
        yield


@contextmanager
def _storage_refusals() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if refusal := as_refusal(error):
            raise refusal from error
        raise


def as_refusal(error: OperationalError) -> StorageUnavailable | None:
    """What to tell people where the disk, or a lock that does not pass, is the reason."""
    return StorageUnavailable() if _is_storage_error(error) else None


def try_write() -> None:
    """Write and commit as a ballot would, leaving nothing behind but a number. Raises StorageUnavailable."""
    with write():
        [(beats,)] = database.execute_sql("PRAGMA user_version").fetchall()
        database.execute_sql(f"PRAGMA user_version = {(beats + 1) % 1_000_000}")  # a page of the file, like any other


def checkpoint() -> bool:
    """Empty the write-ahead log: its order of frames could join a code to a ballot. False while a reader holds it."""
    with _storage_refusals(), _alone():
        busy, _pages, _moved = database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def rewrite() -> None:
    """Write the file anew in the order of its keys, which is random.

    Threat: within a page SQLite lays rows down as they arrive, also in tables without rowid, so the bytes of `code_use`
    and `ballot` lie in one order until this has been run. Nightly, at close and at stop.
    """
    with _storage_refusals(), _alone():
        database.execute_sql("VACUUM")
    checkpoint()


def copy_into(target: Path) -> None:
    """Write a whole copy of the database as it is at this moment, rows in the order of their keys. `target` is new."""
    with _storage_refusals():
        database.execute_sql("VACUUM INTO ?", (str(target),))


def close_database() -> None:
    """Leave the files tidy: no order of arrival, empty log, no open handle of this thread."""
    if not database.is_closed():
        rewrite()
        database.close()


def close_thread() -> None:
    """Give back the connection of a thread that ends while others go on."""
    if not database.is_closed():
        database.close()


@contextmanager
def _alone() -> Iterator[None]:
    with _write_lock, _open_lock() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # freed by the kernel if this process dies
        yield


def _open_lock() -> IO[str]:
    try:
        return Path(f"{database.database}.lock").open("w")
    except OSError as error:
        raise StorageUnavailable from error


def _is_storage_error(error: BaseException | None) -> bool:
    """peewee's atomic() can hide the reason: "disk full" then stands only in the chain of contexts (measured)."""
    while error is not None:
        if getattr(error, "sqlite_errorname", "").startswith(_STORAGE_ERRORS):
            return True
        error = error.__cause__ or error.__context__
    return False
