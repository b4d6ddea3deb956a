"""A release as the public will see it, before anybody does: its pages made as the site makes them, behind the door."""

import shutil
from datetime import date
from pathlib import Path

from werkzeug.security import safe_join

from survey_app.config import Settings
from survey_app.exports import analysis
from survey_app.exports.releases import Released
from survey_app.publishing.building.csp import policy, scripts_in
from survey_app.publishing.building.preview import build_preview
from survey_app.publishing.building.previewing import live_file
from survey_app.publishing.pages import Page, parse_page
from survey_app.store.rounds import Round


def release_file(
    round_: Round, release: Released, path: str, settings: Settings, today: date
) -> tuple[Path, str] | None:
    """The file to show at this address of the site to be, and its policy; around the results the site as it is."""
    inside = path.strip("/").removeprefix(f"results/{round_.code}")
    if inside == path.strip("/"):
        return live_file(settings, path)
    pages = _pages(round_, release, settings, today)
    source = safe_join(str(pages / "results" / round_.code), inside.strip("/") or "index.md")
    if source is None:
        return None
    if Path(source).is_file() and not source.endswith(".md"):
        return Path(source), ""
    return _made(pages, Path(source), settings)


def _pages(round_: Round, release: Released, settings: Settings, today: date) -> Path:
    """The release as a folder of pages, made once for each day and digest."""
    folder = settings.var / "previews" / f"{round_.code}-{release.digest[:16]}-{today:%Y%m%d}"
    if not (folder / "results").is_dir():
        part = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        analysis.publish(release.folder, part, published_on=today.isoformat())
        part.rename(folder)
    return folder


def _made(pages: Path, source: Path, settings: Settings) -> tuple[Path, str] | None:
    file = source if source.suffix == ".md" else source.with_name(f"{source.name}.md")
    if not file.is_file():
        return None
    page = parse_page(file.relative_to(pages).as_posix(), file.read_bytes())
    if not isinstance(page, Page):
        return None
    made = pages / "made" / page.url / "index.html"
    if not made.is_file():
        made = build_preview(settings, page, pages / "made")
    return made, policy(set(scripts_in(made)))
