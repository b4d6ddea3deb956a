"""A file that leaves the portal for somebody's computer: who took what, and its digest, stand in the audit log."""

from hashlib import sha256
from pathlib import PurePath
from urllib.parse import quote

from flask import Response

from survey_app.store import audit
from survey_app.store.database import write
from survey_app.web.context import now
from survey_app.web.people import person

DOWNLOAD = "download"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def send_download(content: bytes, name: str, mimetype: str, **detail: object) -> Response:
    """The file as an attachment, once the event of its download is written. Raises StorageUnavailable."""
    note_download(name, sha256(content).hexdigest(), **detail)
    return attachment(content, name, mimetype)


def note_download(name: str, digest: str, **detail: object) -> None:
    """Write down that the person of this request takes this file."""
    here = person()
    with write():
        audit.record(
            actor=here.username if here else "",
            action=DOWNLOAD,
            subject=name,
            detail={"sha256": digest, **detail},
            now=now(),
        )


def disposition(name: str) -> str:
    """How the file is called: Chinese as RFC 6266 has it, with the bare ending for browsers that know no better."""
    if name.isascii() and '"' not in name:
        return f'attachment; filename="{name}"'
    return f"attachment; filename=\"download{PurePath(name).suffix}\"; filename*=UTF-8''{quote(name, safe='')}"


def attachment(content: bytes, name: str, mimetype: str) -> Response:
    """A file that the browser keeps instead of showing it."""
    answer = Response(content, content_type=mimetype)
    answer.headers["Content-Disposition"] = disposition(name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
