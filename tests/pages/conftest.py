"""The sample site built and served once for all tests that look at it."""

import functools
import http.server
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from survey_app.config import HOME, Settings
from survey_app.publishing.rounds import write_round_page
from survey_app.publishing.site import build_site
from tests.pages.page_trees import METHOD, ROUND, Tree, small_tree, write_tree


@pytest.fixture
def tree() -> Tree:
    """A sound small tree of pages as data."""
    return small_tree()


@pytest.fixture
def put(tmp_path: Path) -> Callable[[Tree], Path]:
    """Write a tree below a fresh folder and return the folder."""
    return lambda tree: write_tree(tmp_path / "pages", tree)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The sample pages with an open round, built once; tests only read it."""
    var = tmp_path_factory.mktemp("sample")
    settings = Settings(var=var, pages=var / "pages")
    shutil.copytree(HOME / "site" / "pages", settings.pages)
    write_round_page(settings.pages, ROUND, METHOD)
    build_site(settings)
    return settings


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a built site below a prefix, under its own Content-Security-Policy."""

    csp = ""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/portal"))

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.csp)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture(scope="session")
def address(sample: Settings) -> Iterator[str]:
    """The sample site under a sub-path, as a county portal would mount it."""
    Quiet.csp = (sample.live_site / "csp.txt").read_text().strip()
    handler = functools.partial(Quiet, directory=str(sample.live_site.resolve()))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/portal/"
    server.shutdown()
    server.server_close()
