"""Running analysis: a process of its own over files, so that the web never loads pandas."""

import subprocess
import sys
from pathlib import Path

from survey_app.domain.errors import N_, Refusal


class AnalysisRefused(Refusal):
    """Analysis did not accept the files; its own message says file, line and field."""

    code, status = "analysis", 422
    message = N_("没有算出结果：%(reason)s")


def check_method(method_file: Path) -> None:
    """Whether analysis accepts the method file. Raises AnalysisRefused."""
    _run("method", str(method_file))


def read(folder: Path) -> str:
    """Whether analysis can count these frozen files. Raises AnalysisRefused; nothing is written."""
    return _run("read", str(folder))


def compute(folder: Path) -> str:
    """Compute the release of the frozen round in `folder`. Raises AnalysisRefused; an earlier release stands then.

    The ballot box is whole by construction, so a unit without ballots is one that nobody rated.
    """
    return _run("compute", str(folder), "--allow-no-ballots")


def check(folder: Path) -> str:
    """Recompute and compare with the release that stands. Raises AnalysisRefused where they differ."""
    return _run("check", str(folder))


def publish(folder: Path, pages: Path, published_on: str) -> str:
    """Copy the release to the pages. Raises AnalysisRefused; the pages are as before then."""
    return _run("publish", str(folder), "--into", str(pages), "--published-on", published_on)


def _run(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "analysis", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AnalysisRefused(reason=done.stderr.strip() or done.stdout.strip())
    return done.stdout.strip()
