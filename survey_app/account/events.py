"""The list of what was done, for the administrator and whoever watches them."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask.typing import ResponseReturnValue

from survey_app.account.pages import blueprint
from survey_app.domain.audit import ACTION_WORDS, Event, canonical_json
from survey_app.domain.errors import N_
from survey_app.domain.roles import ROLES
from survey_app.publishing.tables.csvfile import write_csv
from survey_app.store import audit
from survey_app.store.audit import Wanted
from survey_app.web import lists
from survey_app.web.context import settings, today
from survey_app.web.doors import door
from survey_app.web.language import say
from survey_app.web.lists import Asked, Column, Found, List
from survey_app.web.sending import CSV, send_download

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


@blueprint.get("/events/")
@door("auditor")
def events() -> ResponseReturnValue:
    """Events, newest first; with `check`, whether the chain holds (25 µs an event, so not with every click)."""
    shown = lists.look(EVENTS, _find)
    if lists.wants_workbook():
        return shown.workbook()
    head, checked = audit.head(), "check" in request.args
    return render_template(
        "account/events.html",
        shown=shown,
        checked=checked,
        faults=[say(fault.message) % {"number": fault.number} for fault in audit.verify()] if checked else [],
        head=(head[0], head[1].hex()) if head else None,
    )


@blueprint.get("/events.csv")
@door("auditor")
def events_csv() -> ResponseReturnValue:
    """The same events as a table, with their full text; cells that a spreadsheet would compute are quoted."""
    rows = [
        (str(event.number), event.at, event.actor, event.action, event.subject, canonical_json(event.detail))
        for event in audit.list_events(_wanted(lists.ask(EVENTS)))
    ]
    content = write_csv(("number", "at_utc", "actor", "action", "subject", "detail"), rows)
    return send_download(content, f"events-{today()}.csv", CSV, rows=len(rows))


def _find(asked: Asked) -> Found:
    wanted, oldest_first = _wanted(asked), asked.sort == "number"
    return Found(
        audit.count_events(wanted),
        lambda limit, offset: audit.list_events(wanted, limit=limit, offset=offset, oldest_first=oldest_first),
    )


def _wanted(asked: Asked) -> Wanted:
    return Wanted(
        actor=asked["actor"],
        action=asked["action"],
        subject=asked["subject"],
        since=asked.day("since"),
        until=asked.day("until"),
    )


def _at(event: Event) -> str:
    return datetime.fromisoformat(event.at).astimezone(ZoneInfo(settings().timezone)).strftime("%Y-%m-%d %H:%M")


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


EVENTS = List(
    title=N_("操作记录"),
    empty=N_("还没有记录。有人登录、修改或下载，就记在这里。"),
    columns=(
        Column("number", N_("序号"), lambda event: event.number),
        Column("at", N_("时间"), _at, sort=False),
        Column("actor", N_("谁"), lambda event: event.actor, sort=False),
        Column("action", N_("做了什么"), lambda event: ACTION_WORDS.get(event.action, event.action), sort=False),
        Column("subject", N_("对什么"), lambda event: event.subject, sort=False),
        Column("detail", N_("细节"), lambda event: _words(event.detail), sort=False),
    ),
    filters=(
        lists.words("actor", N_("谁做的（用户名）")),
        lists.words("subject", N_("对什么（用户名或页面）")),
        lists.choice("action", N_("做了什么"), ACTION_WORDS.items()),
        lists.day("since", N_("从哪天")),
        lists.day("until", N_("到哪天")),
    ),
    order="-number",
    a_page=100,
)
