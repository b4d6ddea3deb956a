"""What every page of the site hangs on, in one digest: when it changes, nothing of the live site can be kept."""

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from survey_app.config import HOME, Settings

PROGRAMS = ("mkdocs", "mkdocs-material", "Markdown", "Jinja2", "PyYAML", "segno", "reportlab")
OUR_CODE = ("publishing", "domain")


def fingerprint(settings: Settings, home: dict[str, Any]) -> str:
    """SHA-256 over templates, schemas, theme, settings of MkDocs, our programs and theirs, and the home page's data."""
    digest = hashlib.sha256(
        json.dumps(
            [_CODE, _versions(), str(settings.home), settings.prefix, home], default=str, sort_keys=True
        ).encode()
    )
    for file in sorted(_inputs(settings)):
        digest.update(f"\0{file}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _inputs(settings: Settings) -> Iterator[Path]:
    yield settings.home / "mkdocs.yml"
    yield from (settings.home / "site").glob("*.yaml")
    for folder in ("templates", "schemas", "overrides"):
        yield from (file for file in (settings.home / "site" / folder).rglob("*") if file.is_file())


def _our_code() -> str:
    digest = hashlib.sha256()
    for file in sorted(file for room in OUR_CODE for file in (HOME / "survey_app" / room).rglob("*.py")):
        digest.update(f"\0{file}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


_CODE = _our_code()  # as this process loaded it: files put there since do not yet build anything


@cache
def _versions() -> list[str]:
    return [f"{name} {version(name)}" for name in PROGRAMS]
