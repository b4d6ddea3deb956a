"""The list of what was done, for the administrator and whoever watches them."""

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from survey_app.account.pages import blueprint
from survey_app.domain.audit import ACTION_WORDS, Event, canonical_json
from survey_app.domain.errors import N_
from survey_app.domain.roles import ROLES
from survey_app.store import audit
from survey_app.store.audit import Wanted
from survey_app.web.context import settings
from survey_app.web.doors import door
from survey_app.web.language import say

A_PAGE = 100
WORDS = {
    "name": N_("姓名"),
    "roles": N_("角色"),
    "unit": N_("单位"),
    "before": N_("原来"),
    "to": N_("交给"),
    "left": N_("剩余恢复码"),
    "note": N_("说明"),
    "reason": N_("理由"),
    "title": N_("标题"),
    "path": N_("页面"),
    "file": N_("文件"),
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@blueprint.get("/events/")
@door("auditor")
def events() -> ResponseReturnValue:
    """Events, newest first; with `check`, whether the chain holds (25 µs an event, so not with every click)."""
    wanted, page = _wanted(), max(request.args.get("page", 1, type=int), 1)
    count = audit.count_events(wanted)
    found = audit.list_events(wanted, limit=A_PAGE, offset=(page - 1) * A_PAGE)
    head, checked = audit.head(), "check" in request.args
    return render_template(
        "account/events.html",
        rows=[_row(event) for event in found],
        count=count,
        page=page,
        pages=-(-count // A_PAGE),
        asked=request.args,
        others={name: value for name, value in request.args.items() if name not in ("page", "check")},
        actions=[(code, say(words)) for code, words in ACTION_WORDS.items()],
        checked=checked,
        faults=[say(fault.message) % {"number": fault.number} for fault in audit.verify()] if checked else [],
        head=(head[0], head[1].hex()) if head else None,
    )


@blueprint.get("/events.csv")
@door("auditor")
def events_csv() -> ResponseReturnValue:
    """The same events as a table, with their full text; cells that a spreadsheet would compute are quoted."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("number", "at_utc", "actor", "action", "subject", "detail"))
    for event in audit.list_events(_wanted()):
        cells = (event.at, event.actor, event.action, event.subject, canonical_json(event.detail))
        rows.writerow((event.number, *(_inert(cell) for cell in cells)))
    headers = {"Content-Disposition": 'attachment; filename="events.csv"'}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=headers)


def _wanted() -> Wanted:
    asked = request.args
    return Wanted(
        actor=asked.get("actor", "").strip(),
        action=asked.get("action", ""),
        subject=asked.get("subject", "").strip(),
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
    )


def _day(typed: str) -> date | None:
    """The day typed; what is no day asks for nothing."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


def _row(event: Event) -> dict[str, object]:
    at = datetime.fromisoformat(event.at).astimezone(ZoneInfo(settings().timezone))
    return {
        "number": event.number,
        "at": at.strftime("%Y-%m-%d %H:%M"),
        "actor": event.actor,
        "action": say(ACTION_WORDS.get(event.action, event.action)),
        "subject": event.subject,
        "detail": _words(event.detail),
    }


def _words(detail: Mapping[str, object]) -> str:
    """The detail as people read it; what has no words of its own stands as it was recorded."""
    return say(N_("；")).join(
        say(N_("%(name)s：%(value)s")) % {"name": say(WORDS.get(name, name)), "value": _value(value)}
        for name, value in detail.items()
        if value not in ("", [], {}, None)
    )


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return say(N_("（%(words)s）")) % {"words": _words(value)}
    if isinstance(value, list):
        return say(N_("、")).join(_value(one) for one in value)
    return say(ROLES.get(str(value), str(value)))


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
