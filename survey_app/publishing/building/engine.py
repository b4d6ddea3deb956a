"""Running MkDocs and Pagefind: two programs that know only folders, given this portal's."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import yaml

from survey_app.config import Settings
from survey_app.domain.errors import N_, BuildFailed
from survey_app.domain.training import marked
from survey_app.publishing.building import vocabulary

GREETING = "A 'dirty' build is being performed"
WIDE = "100000"  # MkDocs folds its lines to the width of the screen; a folded line loses the name of the page
FAULT = re.compile(r"(WARNING|ERROR|CRITICAL|Error|error)\b")
MKDOCS_TIMESTAMPED = "sitemap.xml.gz"
SITE_NAME = "政务公开与群众评议"


def build_all(settings: Settings, home: dict[str, Any], into: Path, lock: IO[str]) -> None:
    """Every page, strictly: any warning fails the build."""
    _mkdocs(settings, child_config(settings, home, into), lock, "--strict")
    (into / MKDOCS_TIMESTAMPED).unlink(missing_ok=True)


def build_missing(
    settings: Settings, home: dict[str, Any], into: Path, lock: IO[str], left_out: Collection[str] = ()
) -> None:
    """Pages whose output is not in `into` or older than its source. Raises BuildFailed at any warning.

    `--strict` cannot be used: the greeting of `--dirty` is a warning itself, so the others are counted here.
    """
    said = _mkdocs(settings, child_config(settings, home, into, left_out), lock, "--dirty")
    if faults := [line for line in faults_in(said) if GREETING not in line]:
        raise BuildFailed(reason=faults[0])
    (into / MKDOCS_TIMESTAMPED).unlink(missing_ok=True)


def build_index(site_dir: Path, into: Path, lock: IO[str]) -> None:
    """Pagefind's index of a built site, in a folder of its own. Nobody waits for it, so it yields to those who do."""
    pagefind = [sys.executable, "-m", "pagefind", "--site", str(site_dir), "--output-path", str(into), "--silent"]
    _run(["nice", "-n", "5", *pagefind], site_dir, lock)
    vocabulary.write(into)


def child_config(settings: Settings, home: dict[str, Any], into: Path, left_out: Collection[str] = ()) -> str:
    """mkdocs.yml with this portal's folders and name; everything else is inherited.

    The home page's data go to every page's header by way of `extra`: a build of some pages does not read the home page.
    """
    own: dict[str, Any] = {
        "INHERIT": str(settings.home / "mkdocs.yml"),
        "site_name": str(home.get("site_name", SITE_NAME)),
        "docs_dir": str(settings.pages),
        "site_dir": str(into),
        "theme": {"custom_dir": str(settings.home / "site" / "overrides")},
        "extra": {"portal": marked(home, settings.training)},
        "strict": False,  # asked for by `build_all`; the greeting of `--dirty` would already break it
    }
    if settings.prefix:
        # Only the page for what is not there needs it: it is shown at any depth, so its links begin at the root.
        own["site_url"] = f"https://portal.invalid{settings.prefix}/"
    if path := settings.prefix or urlsplit(str(home.get("address", ""))).path.rstrip("/"):
        own["site_url"] = f"https://site.invalid{path}/"  # only its path is used: by the page that says "not found"
    if left_out:
        own["exclude_docs"] = "\n".join(f"/{path}" for path in sorted(left_out))
    return yaml.safe_dump(own, allow_unicode=True)


def _mkdocs(settings: Settings, config: str, lock: IO[str], how: str) -> str:
    with config_file(config) as file:
        command = [sys.executable, "-m", "mkdocs", "build", how, "--config-file", str(file)]
        return _run(command, settings.home, lock)


@contextmanager
def config_file(config: str) -> Iterator[Path]:
    """The settings as a file, for as long as MkDocs needs it."""
    with tempfile.TemporaryDirectory(prefix="pingyi-build-") as folder:
        file = Path(folder) / "mkdocs.yml"
        file.write_text(config, "utf-8")
        yield file


def _run(command: list[str], folder: Path, lock: IO[str]) -> str:
    """What the program said. It holds the lock too: should we be killed, nobody builds before it has ended."""
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1", "COLUMNS": WIDE}
    done = subprocess.run(
        command,
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        pass_fds=(lock.fileno(),),
    )
    if done.returncode:
        raise BuildFailed(reason=first_useful_line(done.stderr + done.stdout))
    return done.stderr + done.stdout


def faults_in(output: str) -> list[str]:
    """The lines that name a fault."""
    lines = [line.strip() for line in output.splitlines()]
    return [line for line in lines if FAULT.match(line)]


def first_useful_line(output: str) -> str:
    """The first line that names a fault; tools print their greetings before it."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    faults = [line for line in faults_in(output) if GREETING not in line]
    return (faults or lines[-1:] or [N_("没有说明")])[0]
