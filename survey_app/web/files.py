"""The built site and the style sheets, when one process serves all. In production a web server does this.

Two things a plain web server leaves to the pages' own script or to a page that leads on: elderly mode without any
script, and the permanent redirect from a unit's former address.
"""

import hashlib
import json
import os
from pathlib import Path

from flask import Blueprint, Response, abort, redirect, request, send_file, send_from_directory
from flask.typing import ResponseReturnValue
from werkzeug.security import safe_join

from survey_app.web.context import settings
from survey_app.web.doors import door
from survey_app.web.sheet import page_sheet

site = Blueprint("site", __name__)
STYLE_FOLDERS = ("site/overrides/assets/css", "site/overrides/assets", "survey_app/static")
POLICY_FILE, REDIRECTS = "csp.txt", "redirects.json"
ROOT, ELDER_ROOT = b'<html lang="zh" class="no-js">', b'<html lang="zh" class="no-js" data-mode="elder">'


@site.get("/static/pages.css")
@door("public")
def sheet() -> Response:
    """The one style sheet of the app's public pages (web/sheet)."""
    response = Response(page_sheet(settings().home), mimetype="text/css")
    response.add_etag()
    response.make_conditional(request)
    return _cached(response)


@site.get("/static/<path:name>")
@door("public")
def static_file(name: str) -> ResponseReturnValue:
    """A style sheet or picture: one copy, shared by site and app."""
    for folder in STYLE_FOLDERS:
        if os.path.isfile(settings().home / folder / name):
            return _cached(send_from_directory(settings().home / folder, name))
    return abort(404)


@site.get("/")
@site.get("/<path:path>")
@door("public")
def page(path: str = "") -> ResponseReturnValue:
    """A file of the current release, resolved per request so that a swap shows at once and whole."""
    release = settings().live_site.resolve()
    found = safe_join(str(release), path) if path else str(release)
    if found is None:
        abort(404)
    if new := _moved(release, path):
        return redirect(f"{request.script_root}/{new}", 308)
    target = Path(found)
    if os.path.isdir(target) and path and not path.endswith("/"):
        return redirect(f"{request.script_root}{request.path}/", 308)
    target = target / "index.html" if os.path.isdir(target) else target
    if not os.path.isfile(target) or target.name == POLICY_FILE:  # os.path: a name too long is no file, and no fault
        return _not_found(release)
    return _with_policy(_cached(_sent(target)), release)


def _sent(target: Path) -> Response:
    """The file; a page in the look that the reader has chosen, so that it does not hang on a script."""
    if target.suffix != ".html":
        return send_file(target, conditional=True)
    if request.cookies.get("look") != "elder":
        response = send_file(target, conditional=True)
    else:
        response = Response(target.read_bytes().replace(ROOT, ELDER_ROOT, 1), mimetype="text/html")
        response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
        response.make_conditional(request)
    response.vary.add("Cookie")
    return response


def _moved(release: Path, path: str) -> str:
    """Where a page of a renamed unit stands now; empty when it did not move."""
    parts = path.split("/")
    file = release / REDIRECTS
    if parts[0] != "units" or len(parts) < 2 or not file.is_file():
        return ""
    new = json.loads(file.read_text("utf-8")).get(parts[1], "")
    address = "/".join(["units", new, *parts[2:]]) if new else ""
    if address and not os.path.exists(release / address):  # os.path: a name too long is no file, and no fault
        address = f"units/{new}/"
    return address if not address or address.endswith("/") or "." in parts[-1] else f"{address}/"


def _not_found(release: Path) -> ResponseReturnValue:
    own = release / "404.html"
    if not own.is_file():
        abort(404)
    return _with_policy(_sent(own), release), 404


def _cached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-cache"  # keep, but ask whether it changed
    return response


def _with_policy(response: Response, release: Path) -> Response:
    """The site's own policy, written at build time with the digests of the theme's inline scripts.

    For every file, not only pages: a worker, such as the search's, obeys the policy of its own answer.
    """
    policy = release / POLICY_FILE
    if policy.is_file():
        response.headers["Content-Security-Policy"] = policy.read_text().strip()
    return response
