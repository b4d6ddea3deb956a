"""The bound for a served rating: a WSGI app that reads a form and inserts one row of a ballot's size, and nothing else.

python -m tests.bare FD DATABASE    one worker on the socket it inherits
"""

import logging
import os
import socket
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import waitress

ROW_BYTES = 560 + 3 * 32  # a sealed ballot, its key, proof and commitment
_thread = threading.local()


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """One row for each request, with the same promises as a ballot: WAL, synchronous FULL, IMMEDIATE."""
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    connection = _connection()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO ballot VALUES (?, ?)", (os.urandom(32), os.urandom(ROW_BYTES - 32)))
    connection.execute("COMMIT")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"stored"]


def make(path: Path) -> None:
    """The table, before the workers come."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=wal")
    connection.execute("CREATE TABLE ballot (key BLOB PRIMARY KEY, content BLOB) WITHOUT ROWID")
    connection.close()


def _connection() -> sqlite3.Connection:
    if not hasattr(_thread, "connection"):
        _thread.connection = sqlite3.connect(sys.argv[2], isolation_level=None, timeout=30)
        _thread.connection.execute("PRAGMA synchronous=full")
    return _thread.connection


if __name__ == "__main__":
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    waitress.serve(app, sockets=[socket.socket(fileno=int(sys.argv[1]))], threads=8, ident=None, _quiet=True)
