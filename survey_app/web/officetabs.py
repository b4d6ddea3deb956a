"""The tabs above the pages under /office/, which several rooms draw."""

import re

from flask import Blueprint, request, url_for

from survey_app.domain.errors import N_
from survey_app.domain.roles import (
    AUDITOR,
    DISCIPLINE_OFFICER,
    ENTRY_CLERK,
    INSPECTOR,
    INTERVIEWER,
    ISSUER,
    REVIEWER,
    ROLES,
    ROUND_OFFICER,
)
from survey_app.web.language import say
from survey_app.web.people import person

TABS = (
    (N_("首页"), "office.start", set(ROLES)),
    (N_("评议轮次"), "office.list_rounds", {ROUND_OFFICER, AUDITOR, REVIEWER}),
    (N_("办件"), "office.cases", {REVIEWER, DISCIPLINE_OFFICER, AUDITOR}),
    (N_("替人录入办件"), "office.new_case", {INTERVIEWER, ENTRY_CLERK, REVIEWER}),
    (N_("评议码"), "office.choose_codes", {ISSUER, ROUND_OFFICER, AUDITOR}),
    (N_("纸卡录入"), "office.choose_paper", {ENTRY_CLERK, REVIEWER, ROUND_OFFICER, AUDITOR}),
    (N_("电话访问"), "office.choose_phone", {INTERVIEWER}),
    (N_("截止和公布"), "office.choose_closing", {ROUND_OFFICER, REVIEWER, AUDITOR}),
    (N_("好差评"), "office.everyday", {ROUND_OFFICER, REVIEWER, AUDITOR, DISCIPLINE_OFFICER}),
    (N_("督查件"), "supervision.orders", {DISCIPLINE_OFFICER, REVIEWER, AUDITOR}),
    (N_("民主测评"), "supervision.assessments", {DISCIPLINE_OFFICER, ENTRY_CLERK, AUDITOR}),
    (N_("督查发现"), "supervision.inspections", {INSPECTOR, DISCIPLINE_OFFICER, AUDITOR}),
    (N_("年终考核"), "supervision.year_ends", {DISCIPLINE_OFFICER, REVIEWER, AUDITOR}),
    (N_("密封信箱"), "office.sealed_inbox", {DISCIPLINE_OFFICER}),
    (N_("下载"), "office.all_downloads", set(ROLES)),
)
BELOW = {"/office/plans": "/office/rounds", "/office/ledgers": "/office/downloads"}  # a page -> the tab it belongs to

# Pages of a round on its way from its last day to its publication.
CLOSING = re.compile(r"/office/rounds/[^/]+/(close|draft|flags|objections|publish|versions)(/.*)?$")


def equip(blueprint: Blueprint) -> None:
    """Draw the tabs above every page of this blueprint."""
    blueprint.context_processor(_tabs)


def _tabs() -> dict[str, object]:
    someone = person()
    if someone is None:
        return {}
    shown = {url_for(endpoint): title for title, endpoint, roles in TABS if roles & someone.roles}
    here = f"{request.script_root}{request.path}"
    for below, above in BELOW.items():
        here = here.replace(below, above)
    here = CLOSING.sub("/office/closing", here)
    nearest = max((href for href in shown if here.startswith(href)), key=len, default="")
    return {"tabs": [{"title": say(title), "href": href, "here": href == nearest} for href, title in shown.items()]}
