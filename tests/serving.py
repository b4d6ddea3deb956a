"""A portal served by several processes that share one listening socket, as behind a service manager.

python -m tests.serving FD VAR KEYS    one worker on the socket it inherits
"""

import logging
import os
import re
import socket
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import waitress

from survey_app import create_app
from survey_app.config import HOME, Settings, load_keys
from tests.factories import Clock

LONGEST_S = 60
NOON = datetime(2026, 11, 3, 4, tzinfo=UTC)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
RECEIPT = re.compile(r'id="receipt-code">([^<]+)<')
FORM = "/rate/2026-h2/tax"
ANSWERS = {"q-attitude": "5", "q-efficiency": "4", "q-overall": "0"}


class Served:
    """Workers of one portal that can be killed and started anew while the port stays."""

    def __init__(self, command: list[str], how_many: int):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.command = command
        self.workers = [self.start() for _ in range(how_many)]

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])

    def start(self) -> subprocess.Popen[bytes]:
        """One more worker; it takes requests as soon as it is up."""
        descriptor = self.socket.fileno()
        command = [sys.executable, "-m", self.command[0], str(descriptor), *self.command[1:]]
        return subprocess.Popen(command, pass_fds=[descriptor], cwd=HOME, env={**os.environ, "PYTHONPATH": str(HOME)})

    def replace(self, number: int) -> int:
        """kill -9 one worker and start its successor; what the killed one ended with."""
        self.workers[number].kill()
        ended = self.workers[number].wait(30)
        self.workers[number] = self.start()
        return ended

    def stop(self) -> None:
        """End every worker and give the port back."""
        for worker in self.workers:
            worker.kill()
            worker.wait(30)
        self.socket.close()


def portal(settings: Settings, how_many: int) -> Served:
    """The whole app over a portal folder, by so many workers."""
    return Served(["tests.serving", str(settings.var), str(settings.keys)], how_many)


def hidden_fields(port: int, form: str = FORM) -> dict[str, str]:
    """What the form brings along: its nonce, and whatever else it was signed with."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=LONGEST_S)) as connection:
        connection.request("GET", form)
        answer = connection.getresponse()
        text = answer.read().decode()
    assert answer.status == 200, text
    return dict(HIDDEN.findall(text))


def post(port: int, fields: dict[str, str], form: str = FORM) -> tuple[int, str]:
    """Send a form as a browser without cookies; the status, and the receipt that the page shows."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=LONGEST_S)) as connection:
        connection.request("POST", form, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        found = RECEIPT.search(answer.read().decode())
    return answer.status, found[1] if found else ""


def _serve(descriptor: str, var: str, keys: str) -> None:
    settings = Settings(var=Path(var), pages=Path(var) / "pages", keys=Path(keys))
    app = create_app(settings, load_keys(settings.keys), Clock(NOON))
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    waitress.serve(app, sockets=[socket.socket(fileno=int(descriptor))], threads=8, ident=None, _quiet=True)


if __name__ == "__main__":
    _serve(*sys.argv[1:])
