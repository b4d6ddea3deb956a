"""Versions of a round's result: the first stands in the round's folder, every correction whole in v2/, v3/ … in it."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from survey_app.config import Settings
from survey_app.domain.errors import N_, Refusal
from survey_app.exports.frozen import PRIVATE
from survey_app.files import put_folder
from survey_app.store import drafts
from survey_app.store.rounds import get_round

LATER = re.compile(r"v[0-9]+")


class NotComputed(Refusal):
    code, status = "not-computed", 409
    message = N_("这一轮还没有算出结果，请先运行 pingyi round compute %(round)s。")


def folders(code: str, settings: Settings) -> list[Path]:
    """The folder of every computed version, oldest first. Raises NotComputed where there is none."""
    base = settings.rounds / code
    later = [folder for folder in base.glob("v*") if LATER.fullmatch(folder.name)]
    found = [base, *sorted(later, key=lambda folder: int(folder.name[1:]))]
    computed = [folder for folder in found if (folder / "release" / "manifest.json").is_file()]
    if not computed:
        raise NotComputed(round=code)
    return computed


def published(code: str, settings: Settings) -> Path | None:
    """The version that stands on the pages; None where none of them does."""
    page = settings.pages / "results" / code
    digest = _digest(page) if (page / "manifest.json").is_file() else None
    return next((f for f in folders(code, settings) if _digest(f / "release") == digest), None)


def shown(code: str, settings: Settings) -> list[Path]:
    """The versions that somebody may have seen: up to the last that is public or was sent to the units, else all."""
    found, public = folders(code, settings), published(code, settings)
    sent = {draft.digest for draft in drafts.shown(get_round(code))}
    seen = [place for place, folder in enumerate(found) if folder == public or _digest(folder / "release") in sent]
    return found[: seen[-1] + 1] if seen else found


def before(folder: Path, code: str, settings: Settings) -> list[Path]:
    """The versions that came before this one, oldest first."""
    found = folders(code, settings)
    return found[: found.index(folder)]


def compared_with(folder: Path, candidates: list[Path]) -> list[Path]:
    """Those of the candidates that the release in `folder` says it was set beside."""
    inputs = json.loads((folder / "release" / "release.json").read_bytes())["inputs"]
    named = {entry["release_digest"] for entry in inputs["previous"]}
    return [candidate for candidate in candidates if _digest(candidate / "release") in named]


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `target` in one step at the end, or leaves no trace where something is raised."""
    draft = target.with_name(f".{target.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=PRIVATE)
    try:
        yield draft
        put_folder(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def put_back_on_failure(folder: Path) -> Iterator[None]:
    """Results that could not be put on the site must not slip out with the next build."""
    with TemporaryDirectory(prefix="pingyi-before-") as kept:
        before = Path(kept) / "before"
        shutil.copytree(folder, before)
        try:
            yield
        except BaseException:
            shutil.rmtree(folder)
            shutil.copytree(before, folder)
            raise


def _digest(release: Path) -> str | None:
    """What names a release; None for a round's page before its results."""
    found: str | None = json.loads((release / "manifest.json").read_bytes()).get("release_digest")
    return found
