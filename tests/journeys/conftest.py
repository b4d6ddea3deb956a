"""A real portal: the command `pingyi` in processes of its own, on the sample district."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browsing import chromium_path


@dataclass
class Portal:
    """A portal folder, its commands, and where it answers."""

    folder: Path
    address: str

    def run(self, *arguments: str, code: int = 0, lang: str = "zh_CN.UTF-8") -> str:
        """`pingyi …`; its output, after its exit code is as expected."""
        done = subprocess.run(
            [sys.executable, "-m", "survey_app.cli", *arguments],
            env=self.environment(LANG=lang),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def environment(self, **more: str) -> dict[str, str]:
        mine = {"PINGYI_VAR": str(self.folder / "var"), "PINGYI_KEYS": str(self.folder / "keys")}
        mine["PINGYI_MEMORY"] = str(self.folder / "memory")
        mine["PINGYI_SECOND_FACTOR"] = "optional"  # it has tests of its own; clerks here come with a password alone
        dropped = ("LC_ALL", "LC_MESSAGES", "PINGYI_PAGES")
        return {**{k: v for k, v in os.environ.items() if k not in dropped}, **mine, **more}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Initialised and serving; the site is built by the server's first start."""
    chromium_path()
    port = free_port()
    portal = Portal(tmp_path_factory.mktemp("portal"), f"http://127.0.0.1:{port}")
    portal.run("init")
    log = (portal.folder / "serve.log").open("w")
    serve = [sys.executable, "-m", "survey_app.cli", "serve", "--port", str(port)]
    server = subprocess.Popen(serve, env=portal.environment(), stdout=log, stderr=log)
    try:
        wait_until_it_answers(portal.address, server)
        yield portal
    finally:
        server.terminate()
        assert server.wait(20) == 0
        log.close()
        assert list((portal.folder / "memory").glob("*")) == []  # the limits' numbers and their salt went with it
        assert re.search("数据都在", (portal.folder / "serve.log").read_text())


def wait_until_it_answers(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        assert server.poll() is None, "the portal stopped"
        try:
            urllib.request.urlopen(f"{address}/health", timeout=5)  # noqa: S310  # our own address
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError("the portal did not answer within two minutes")
