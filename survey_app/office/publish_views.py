"""Publishing: what is still missing, the pages as they will be, one button; and the versions that were."""

from flask import Response, abort, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain.errors import Refusal
from survey_app.office.closing_views import ask_for_publication, frame
from survey_app.office.desk import blueprint
from survey_app.office.files import round_file, round_files
from survey_app.office.preview import release_file
from survey_app.office.standing import ReleaseMissing, newest, standing_of
from survey_app.store import drafts, rounds
from survey_app.store.rounds import Round
from survey_app.web.context import settings, today
from survey_app.web.doors import door
from survey_app.web.language import say
from survey_app.web.sending import send_download

SHOWN_DIFFERENCES = 200


@blueprint.get("/rounds/<round_code>/publish")
@door("closing")
def publishing(round_code: str) -> ResponseReturnValue:
    """Preview, documents, what is missing, and the button."""
    return _page(rounds.get_round(round_code))


@blueprint.post("/rounds/<round_code>/publish")
@door("round_officer")
def publish(round_code: str) -> ResponseReturnValue:
    """Put the release on the site, once nothing is missing."""
    round_ = rounds.get_round(round_code)
    try:
        ask_for_publication(round_)
    except Refusal as refusal:
        return _page(round_, refusal), refusal.status
    return redirect(url_for(".publishing", round_code=round_code), 303)


@blueprint.get("/rounds/<round_code>/preview/")
@blueprint.get("/rounds/<round_code>/preview/<path:path>")
@door("closing")
def preview(round_code: str, path: str = "") -> ResponseReturnValue:
    """The site as it will be with this release."""
    round_ = rounds.get_round(round_code)
    release = newest(round_.code, settings())
    if release is None:
        raise ReleaseMissing
    found = release_file(round_, release, path, settings(), today())
    return abort(404) if found is None else _shown(send_file(found[0]), found[1])


@blueprint.get("/rounds/<round_code>/files/<name>")
@door("closing")
def release_download(round_code: str, name: str) -> ResponseReturnValue:
    """A document of the release; who took it stands in the audit log."""
    file = round_file(rounds.get_round(round_code), settings(), name)
    return send_download(file.path.read_bytes(), file.name, file.mimetype, round=round_code)


@blueprint.get("/rounds/<round_code>/versions")
@door("closing")
def versions(round_code: str) -> ResponseReturnValue:
    """What units were shown and when, what the last version says otherwise, and the files."""
    round_ = rounds.get_round(round_code)
    found = standing_of(round_, settings())
    differing = found.release.rows("differences") if found.release else []
    return render_template(
        "office/versions.html",
        **frame(found, "versions"),
        drafts=drafts.shown(round_),
        differing=differing[:SHOWN_DIFFERENCES],
        more=max(0, len(differing) - SHOWN_DIFFERENCES),
        files=round_files(round_, settings()),
    )


def _page(round_: Round, refusal: Refusal | None = None) -> str:
    found = standing_of(round_, settings())
    return render_template(
        "office/publish.html",
        **frame(found, "publishing"),
        problem=refusal.text(say) if refusal else "",
        files=round_files(round_, settings()),
        start=f"results/{round_.code}/",
    )


def _shown(answer: Response, policy: str) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    if policy:
        answer.headers["Content-Security-Policy"] = policy
    return answer
