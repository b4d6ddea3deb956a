"""One's own saved views of lists."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from survey_app.account.pages import blueprint, here
from survey_app.account.signing_in import safe_next
from survey_app.domain.errors import N_, Refusal, fill
from survey_app.store import saved_views
from survey_app.web.context import now
from survey_app.web.doors import door
from survey_app.web.language import say

SAVED, DROPPED = N_("已存下视图“%(name)s”，在表的上面点它就回到这里。"), N_("视图“%(name)s”已删去。")


class NoSuchList(Refusal):
    code, status = "no-such-list", 422
    message = N_("没有这张表，视图没有存。请回到表上再存一次。")


@blueprint.post("/views")
@door("signed_in")
def save_view() -> ResponseReturnValue:
    """Keep what is asked of a list under a name, and go back to the list. Raises NoSuchList."""
    place, query = request.form.get("place", ""), request.form.get("query", "")
    back = _address(place, query)
    try:
        kept = saved_views.save_view(
            here().username, place=place, name=request.form.get("name", ""), query=query, now=now()
        )
        flash(fill(SAVED, {"name": kept.name}, say), "good")
    except Refusal as refusal:
        flash(refusal.text(say), "bad")
    return redirect(back, 303)


@blueprint.post("/views/<int:number>/drop")
@door("signed_in")
def drop_view(number: int) -> ResponseReturnValue:
    """Forget a view of one's own. Raises NoSuchList for one that is gone or somebody else's."""
    gone = saved_views.drop_view(here().username, number)
    if gone is None:
        raise NoSuchList
    flash(fill(DROPPED, {"name": gone.name}, say), "good")
    return redirect(_address(gone.place, gone.query), 303)


def _address(place: str, query: str) -> str:
    """Where the list stands. Threat: a form that leads on to another site; only our own work addresses are taken."""
    back = safe_next(f"{request.script_root}{place}" + (f"?{query}" if query else ""))
    if back is None or len(place) > saved_views.LONGEST_QUERY:
        raise NoSuchList
    return back
