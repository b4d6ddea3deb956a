"""A clerk's computer whose decimals are commas gives the same release, byte by byte."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Folder, run, vector_method, vector_round, vector_rows

CHILD = (
    "import locale; locale.setlocale(locale.LC_ALL, ''); assert locale.localeconv()['decimal_point'] == ','; "
    "from analysis.cli import main; main()"
)


@pytest.fixture
def commas(tmp_path: Path) -> dict[str, str]:
    """An environment with a German locale, compiled for this test."""
    if not shutil.which("localedef") or not Path("/usr/share/i18n/locales/de_DE").exists():
        pytest.skip("this system cannot compile a locale (package locales)")
    target = tmp_path / "locales" / "de_DE.UTF-8"
    target.parent.mkdir()
    subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", str(target)], check=True, capture_output=True)
    return os.environ | {"LOCPATH": str(target.parent), "LC_ALL": "de_DE.UTF-8"}


@pytest.mark.slow
def test_a_locale_with_comma_decimals_changes_no_byte(folder: Folder, commas):
    here = folder(vector_rows(), vector_method(), vector_round(), name="here")
    there = folder(vector_rows(), vector_method(), vector_round(), name="there")
    assert run("compute", here).exit_code == 0

    done = subprocess.run(
        [sys.executable, "-c", CHILD, "compute", str(there)], env=commas, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    files = sorted(p.relative_to(here) for p in (here / "release").rglob("*") if p.is_file())
    assert len(files) > 10
    assert [name for name in files if (here / name).read_bytes() != (there / name).read_bytes()] == []
