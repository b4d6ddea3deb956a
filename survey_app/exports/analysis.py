"""Running analysis: a process of its own over files, so that the web never loads pandas."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from survey_app.domain.errors import N_, Refusal

SAME, DIFFERS = 0, 1  # how analysis leaves


class AnalysisRefused(Refusal):
    """Analysis did not accept the files; its own message says file, line and field."""

    code, status = "analysis", 422
    message = N_("没有算出结果：%(reason)s")


class PaperRefused(Refusal):
    """A Word document could not be written or read."""

    code, status = "paper", 422
    message = N_("这份文件没有处理：%(reason)s")


def check_method(method_file: Path) -> None:
    """Whether analysis accepts the method file. Raises AnalysisRefused."""
    _run("method", str(method_file))


def foresee(folder: Path) -> str:
    """What the plan in `folder` (method.toml, round.toml) could show, as JSON. Raises AnalysisRefused."""
    return _run("foresee", str(folder))


def read(folder: Path) -> str:
    """Whether analysis can count these frozen files. Raises AnalysisRefused; nothing is written."""
    return _run("read", str(folder))


def compute(folder: Path, previous: Sequence[Path] = (), released: Sequence[Path] = ()) -> str:
    """Compute the release of the frozen round in `folder`, beside those of earlier rounds and versions shown before.

    Raises AnalysisRefused; an earlier release stands then. The ballot box is whole by construction, so a unit
    without ballots is one that nobody rated.
    """
    return _run("compute", str(folder), "--allow-no-ballots", *_beside(previous, released))


def check(folder: Path, previous: Sequence[Path] = (), released: Sequence[Path] = ()) -> str:
    """Recompute and compare with the release that stands. Raises AnalysisRefused where they differ."""
    return _run("check", str(folder), *_beside(previous, released))


def _beside(previous: Sequence[Path], released: Sequence[Path]) -> list[str]:
    named = {"--previous": previous, "--released": released}
    return [part for option, folders in named.items() for folder in folders for part in (option, str(folder))]


def publish(folder: Path, pages: Path, published_on: str) -> str:
    """Copy the release to the pages. Raises AnalysisRefused; the pages are as before then."""
    return _run("publish", str(folder), "--into", str(pages), "--published-on", published_on)


def write_notice(folder: Path, out: Path, facts: Path | None = None, *, brief: bool = False) -> str:
    """Write the notice or brief of a release with the office's facts; all or nothing. Raises PaperRefused."""
    options = [*(["--facts", str(facts)] if facts else []), *(["--brief"] if brief else [])]
    done = _ran("notice", str(folder), "--out", str(out), *options)
    if done.returncode != SAME:
        raise PaperRefused(reason=done.stderr.strip())
    return done.stdout.strip()


def check_notice(folder: Path, file: Path) -> tuple[bool, str]:
    """Whether the figures of a Word file are those of the release, and what is not. Raises PaperRefused."""
    done = _ran("check", str(folder), "--notice", str(file))
    if done.returncode not in (SAME, DIFFERS):
        raise PaperRefused(reason=done.stderr.strip())
    return done.returncode == SAME, done.stdout.strip()


def _run(*arguments: str) -> str:
    done = _ran(*arguments)
    if done.returncode != SAME:
        raise AnalysisRefused(reason=done.stderr.strip() or done.stdout.strip())
    return done.stdout.strip()


def _ran(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "analysis", *arguments], capture_output=True, text=True, check=False)
