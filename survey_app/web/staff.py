"""What pages of signed-in people share: names instead of usernames, local times, days waited, long forms."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, g, request

from survey_app.domain.errors import N_, fill
from survey_app.domain.revisions import ACTION_WORDS, STATE_WORDS
from survey_app.domain.workdays import YearUnknown, read_calendar
from survey_app.store.accounts import names
from survey_app.store.page_versions import SOURCE_WORDS
from survey_app.web.context import settings, today
from survey_app.web.language import say

_DAY, _CLOCK = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d\d:\d\d")
WITH_KEYS = frozenset({"office.give_key", "office.prove_copy"})
KEY_LIMIT = 16 * 1024  # an upload that small stays in memory: a private key must touch no disk here
PORTAL, FILE = "portal", "file"
WITH_FILES = frozenset(
    {
        "desk.hand_in",
        "desk.object_to_draft",
        "desk.reply_to_order",
        "desk.take_case",
        "desk.take_step",
        "office.take_case",
        "supervision.add_to_finding",
        "supervision.keep_finding",
        "office.take_case_step",
    }
)
_NOT_PEOPLE = {PORTAL: N_("网站"), FILE: N_("直接改文件的人")}


def equip(blueprint: Blueprint) -> None:
    """Give a blueprint of the work side its filters and let its forms be long."""
    blueprint.url_value_preprocessor(_let_forms_be_long)
    blueprint.app_template_filter("called")(called)
    blueprint.app_template_filter("moment")(moment)
    blueprint.app_template_filter("instant")(lambda text: moment(datetime.fromisoformat(text).replace(tzinfo=None)))
    blueprint.app_template_filter("waited")(waited)
    blueprint.app_template_test("iso_day")(lambda text: bool(_DAY.fullmatch(str(text))))
    blueprint.app_template_test("clock_time")(lambda text: bool(_CLOCK.fullmatch(str(text))))
    blueprint.app_context_processor(_words)


def _words() -> dict[str, object]:
    return {"state_words": STATE_WORDS, "action_words": ACTION_WORDS, "source_words": SOURCE_WORDS}


def called(username: str) -> str:
    """The person's name; the username where there is no such account any more."""
    if "names_of_people" not in g:
        g.names_of_people = names()
    if username in _NOT_PEOPLE:
        return say(_NOT_PEOPLE[username])
    return str(g.names_of_people.get(username, username))


def moment(at: datetime | None) -> str:
    """An instant kept in UTC as people here say it: 11月3日10:26, with the year where it is another."""
    if at is None:
        return ""
    here = at.replace(tzinfo=UTC).astimezone(ZoneInfo(settings().timezone))
    parts = {"year": here.year, "month": here.month, "day": here.day, "time": here.strftime("%H:%M")}
    if here.year == today().year:
        return fill(N_("%(month)s月%(day)s日%(time)s"), parts, say)
    return fill(N_("%(year)s年%(month)s月%(day)s日%(time)s"), parts, say)


def waited(at: datetime) -> str:
    """How long something has been waiting, in working days where the calendar knows them."""
    since = at.replace(tzinfo=UTC).astimezone(ZoneInfo(settings().timezone)).date()
    return days_waited(since, today())


def days_waited(since: date, until: date) -> str:
    """The same for two days."""
    if since == until:
        return say(N_("今天"))
    try:
        count = read_calendar(settings().holidays).workdays_between(since, until)
    except YearUnknown:
        return fill(N_("等了%(count)s天"), {"count": (until - since).days}, say)
    return fill(N_("等了%(count)s个工作日"), {"count": count}, say)


def _let_forms_be_long(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Before anything reads the form: a page of a unit may weigh more than a ballot, and a file more than a page."""
    limit = settings().desk_limit_kib * 1024
    request.max_content_length = request.max_form_memory_size = limit
    if endpoint in WITH_FILES:
        request.max_content_length = settings().file_limit_mib * 1024 * 1024
    if endpoint in WITH_KEYS:
        request.max_content_length = KEY_LIMIT
