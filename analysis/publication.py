"""publish: a release becomes a folder of the site's pages; versions published before stay beside it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import manifest
from .documents import with_pages
from .errors import BadInput
from .folder import write_folder
from .publish import release_folder
from .tomlfile import is_slug
from .versions import read_version

# What stands at a round's address before its results.
ROUND_PAGE = ("index.md", "method.toml")
OBJECTIONS = "about/objections/{code}"
OLDER = re.compile(r"v\d+/")


def publish(folder: Path, pages: Path, published_on: str | None = None) -> Path:
    """Copy a release into PAGES/results/<round>/, in place of an older publication. Raises BadInput."""
    source = release_folder(folder)
    if not (source / manifest.NAME).is_file():
        raise BadInput("missing_release", file=source)
    if not pages.is_dir():
        raise BadInput("missing_pages", file=pages)
    listed = manifest.verify(source)
    files = {entry["name"]: (source / entry["name"]).read_bytes() for entry in listed["files"]}
    model = manifest.load_json(source / "release.json")
    target = pages / "results" / _code(source, model)
    _refuse_others(target, files)
    files |= _older(target, model, str(listed["release_digest"]))
    on = published_on or model["round"]["closes_on"]
    known, said = _unit_pages(pages, model), _objections(pages, model)
    write_folder(target, with_pages(files, model, published_on=on, unit_pages=known, objections=said))
    return target


def _objections(pages: Path, model: Mapping[str, Any]) -> str:
    """Where the office has published objections and rulings of the round; empty where it has not."""
    path = OBJECTIONS.format(code=model["round"]["code"])
    return path if (pages / f"{path}.md").is_file() else ""


def _older(target: Path, model: Mapping[str, Any], digest: str) -> dict[str, bytes]:
    """The data of versions published before, kept below v1/, v2/ …; {} for a first one. Raises BadInput.

    A correction is never silent: what stands there must be the version that the new release names.
    """
    known = _listed(target)
    if not known:
        return {}
    kept = {name: (target / name).read_bytes() for name in known if OLDER.match(name)}
    before = read_version(target)
    if before.digest == digest:
        return kept
    if before.digest != model.get("replaces"):
        raise BadInput("version_unnamed", file=target, value=before.digest[:12])
    data = {name: (target / name).read_bytes() for name in sorted(known) if manifest.is_data(name)}
    data |= {manifest.NAME: manifest.describe(data)}
    return kept | {f"v{before.number}/{name}": content for name, content in data.items()}


def _code(source: Path, model: Mapping[str, Any]) -> str:
    """The round's code: a folder below results/, so nothing but a slug."""
    try:
        code = str(model["round"]["code"])
    except (KeyError, TypeError) as error:
        raise BadInput("broken_json", file=source / "release.json", value="round.code") from error
    if not is_slug(code):
        raise BadInput("bad_slug", file=source / "release.json", field="round.code", value=repr(code))
    return code


def _refuse_others(target: Path, files: Mapping[str, bytes]) -> None:
    """Refuse to replace files that neither a release nor a round's page before its results has."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise BadInput("publish_over", file=target)
    own = {*files, *ROUND_PAGE, manifest.NAME, *_listed(target)}
    for path in sorted(target.rglob("*")):
        if path.relative_to(target).as_posix() not in own and (path.is_symlink() or not path.is_dir()):
            raise BadInput("publish_over", file=path)


def _listed(target: Path) -> set[str]:
    """The files of an older publication, by its own manifest; a snapshot's names no digest."""
    if not (target / manifest.NAME).is_file():
        return set()
    listed = manifest.load_json(target / manifest.NAME)
    return set(manifest.entries(target / manifest.NAME, listed)) if "release_digest" in listed else set()


def _unit_pages(pages: Path, model: Mapping[str, Any]) -> frozenset[str]:
    slugs = (str(unit["slug"]) for unit in model["units"])
    return frozenset(slug for slug in slugs if is_slug(slug) and (pages / "units" / slug / "index.md").is_file())
