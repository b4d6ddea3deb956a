"""The sample site built and served once for all tests that look at it."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from survey_app.config import HOME, Settings
from survey_app.publishing.building.site import build_site
from survey_app.publishing.rounds import write_round_page
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
    settings = Settings(var=var, pages=var / "pages", prefix=PREFIX)
    shutil.copytree(HOME / "site" / "pages", settings.pages)
    write_round_page(settings.pages, ROUND, METHOD)
    build_site(settings)
    return settings


PREFIX = "/zwgk/pingyi"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a built site below a prefix, under its own Content-Security-Policy."""

    csp = ""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix(PREFIX))

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.csp)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


def serve(site: Path) -> http.server.ThreadingHTTPServer:
    """A built site on a free port, under its own policy; the caller shuts it down."""
    policy = (site / "csp.txt").read_text().strip()
    handler = functools.partial(type("Own", (Quiet,), {"csp": policy}), directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="session")
def address(sample: Settings) -> Iterator[str]:
    """The sample site under a sub-path, as a county portal would mount it."""
    server = serve(sample.live_site.resolve())
    yield f"http://127.0.0.1:{server.server_port}{PREFIX}/"
    server.shutdown()
    server.server_close()


REAL = HOME.parent / "shared" / "data" / "district_services_guangan"


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """1,135 items of a real district, imported and built by the commands an operator types; skipped where absent."""
    if not REAL.is_dir():
        pytest.skip("the list of a real district is not beside this folder")
    var = tmp_path_factory.mktemp("district")
    settings = Settings(var=var, pages=var / "pages", prefix=PREFIX)
    env = {**os.environ, "PINGYI_VAR": str(var), "PINGYI_PAGES": str(settings.pages), "PINGYI_PREFIX": PREFIX}
    pingyi = [sys.executable, "-m", "survey_app.cli"]
    lists = [str(REAL / "units.csv"), str(REAL / "items.csv")]
    subprocess.run([*pingyi, "import", *lists, "--into", str(settings.pages)], env=env, check=True, capture_output=True)
    subprocess.run([*pingyi, "site", "build"], env=env, check=True, capture_output=True)
    return settings


@pytest.fixture(scope="session")
def district_address(district: Settings) -> Iterator[str]:
    """The real district's site under a sub-path."""
    server = serve(district.live_site.resolve())
    yield f"http://127.0.0.1:{server.server_port}{PREFIX}/"
    server.shutdown()
    server.server_close()
