"""Word documents of a release that already stands in a folder: written with the office's facts, or checked."""

from pathlib import Path
from typing import Any

from . import manifest
from .errors import BadInput
from .folder import write_file
from .publish import release_folder


def _open(folder: Path) -> tuple[dict[str, Any], str]:
    """release.json and the digest of a release that is true to its manifest. Raises BadInput."""
    target = release_folder(folder)
    if not (target / manifest.NAME).is_file():
        raise BadInput("missing_release", file=target)
    listed = manifest.verify(target)
    return manifest.load_json(target / "release.json"), str(listed["release_digest"])


def write_notice(folder: Path, facts: Path | None, out: Path, *, brief: bool) -> None:
    """Write the notice or brief of a release to `out`. Raises BadInput; then nothing is written."""
    from .notice import Issue, load_issue, render_brief, render_notice

    issue = load_issue(facts) if facts else Issue()
    model, digest = _open(folder)
    write_file(out, (render_brief if brief else render_notice)(model, digest, issue))


def check_notice(folder: Path, file: Path) -> Any:
    """Compare a .docx with the release of a folder; see notice.compare. Raises BadInput."""
    from .notice import compare

    if not file.is_file():
        raise BadInput("missing_file", file=file)
    model, digest = _open(folder)
    return compare(file, file.read_bytes(), model, digest)
