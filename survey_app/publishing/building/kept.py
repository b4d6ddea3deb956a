"""The text of every page the live site was made from, so that a page can stay as it was, whoever has read it since.

One file for each text, under the SHA-256 of its bytes, beside the releases. What a power cut spoiled does not answer
to its name: it counts as absent, and the next full build writes it again. So nothing here waits for the disk.
"""

import hashlib
import os
from collections.abc import Mapping

from survey_app.config import Settings
from survey_app.domain.errors import Finding
from survey_app.publishing.pages import Page, parse_page

FOLDER, PART = ".sources", ".part"


def keep(settings: Settings, pages: Mapping[str, str], *, verified: bool = False) -> None:
    """Put by the text of each of these pages (path -> digest); one that has been changed since is left out.

    `verified`: what is there already is read, and written again where it is spoiled.
    """
    folder = settings.releases / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    present = {name for name in os.listdir(folder) if not verified or _name((folder / name).read_bytes()) == name}
    for path, sha256 in pages.items():
        if sha256 not in present and (settings.pages / path).is_file():
            raw = (settings.pages / path).read_bytes()
            if _name(raw) == sha256:
                part = folder / PART
                part.write_bytes(raw)
                part.replace(folder / sha256)


def recall(settings: Settings, path: str, sha256: str) -> Page | None:
    """The page as it was when its file had this digest; None when its text was not put by or is spoiled."""
    try:
        raw = (settings.releases / FOLDER / sha256).read_bytes()
    except OSError:
        return None
    read = parse_page(path, raw) if _name(raw) == sha256 else None
    return None if isinstance(read, Finding) else read


def tidy(settings: Settings, pages: Mapping[str, str]) -> None:
    """Remove every text that is not of these pages."""
    folder, wanted = settings.releases / FOLDER, set(pages.values())
    for name in set(os.listdir(folder)) - wanted:
        (folder / name).unlink()


def _name(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
