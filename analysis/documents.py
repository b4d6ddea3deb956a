"""What of a release people read: workbook, charts, Word documents, pages. All made from its data, none counted anew."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import manifest, pages
from .stages import stage

PRIVACY = "privacy.json"
VERIFY = Path(__file__).parent / "verify"
# A .md would become a page of the site.
VERIFIER = {"verify.py": "verify.py", "verify.html": "verify.html", "README.md": "README.txt"}


def documents(files: Mapping[str, bytes], model: Mapping[str, Any], jobs: int = 1) -> dict[str, bytes]:
    """File name -> bytes of workbook, charts, notice and brief; `files` are the data files, `jobs` processes draw."""
    # Drawing libraries take over a second to load; publishing a release needs none of them.
    from . import charts, notice, workbook

    digest = digest_of(files)
    # What a stranger needs to recompute it all.
    made = {f"verify/{name}": (VERIFY / source).read_bytes() for source, name in VERIFIER.items()}
    with stage("工作簿", "workbook"):
        made["results.xlsx"] = workbook.render(model, digest)
    with stage("通报和简报", "notice and brief"):
        made["notice.docx"] = notice.render_notice(model, digest, notice.Issue())
        made["brief.docx"] = notice.render_brief(model, digest, notice.Issue())
    with stage("图", "charts"):
        return made | charts.render(model, jobs)


def digest_of(files: Mapping[str, bytes]) -> str:
    """The release digest; it covers the data files alone."""
    return manifest.load_digest(manifest.describe(files))


def with_pages(
    files: Mapping[str, bytes],
    model: Mapping[str, Any],
    *,
    published_on: str,
    unit_pages: frozenset[str],
    objections: str = "",
) -> dict[str, bytes]:
    """The files with all pages and manifest.json written anew."""
    kept = {n: content for n, content in files.items() if n != manifest.NAME and not n.endswith(".md")}
    release = pages.Release(
        model=model,
        digest=digest_of(kept),
        published_on=published_on,
        unit_pages=unit_pages,
        objections=objections,
        method_toml=kept["method.toml"],
        privacy=json.loads(kept[PRIVACY]) if PRIVACY in kept else {},
    )
    whole = kept | pages.render(release, frozenset(kept) | {manifest.NAME})
    return whole | {manifest.NAME: manifest.describe(whole)}
