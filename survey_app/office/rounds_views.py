"""The rounds of the office: the calendar, and the page of each from its preparation to its end."""

from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain import rounds as rules
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.roles import AUDITOR, ROUND_OFFICER
from survey_app.office import opening, planning
from survey_app.office.desk import blueprint
from survey_app.office.plan_steps import new_mark
from survey_app.office.plan_views import require_confirmed
from survey_app.office.progress import progress, reminders
from survey_app.office.progress_drawn import drawn
from survey_app.store import plans, roundkeys, rounds
from survey_app.store.rounds import Round
from survey_app.web.context import now, settings, today
from survey_app.web.doors import door, here
from survey_app.web.language import say

DISCARDED = N_("这一轮草稿已删除，发过的评议码不能再用。")
TAKEN_BACK = N_("退回成计划了，可以接着改。")
STATES = (rules.OPEN, rules.DRAFT, rules.CLOSED, rules.PUBLISHED, rules.VOID)


@dataclass(frozen=True)
class Year:
    """A year with its rounds; each with the months it runs in."""

    year: int
    rows: list[tuple[Round, frozenset[int]]]


@blueprint.get("/rounds")
@door("rounds")
def list_rounds() -> ResponseReturnValue:
    """Plans and rounds by state, and the year in months."""
    found = rounds.list_rounds()
    return render_template(
        "office/rounds.html",
        plans=plans.list_plans(),
        states=[(state, [one for one in found if one.status == state]) for state in STATES],
        words=rules.STATUS_WORDS,
        years=_years(found),
        today=today(),
        can_change=ROUND_OFFICER in here().roles,
    )


@blueprint.get("/rounds/<round_code>")
@door("rounds")
def show_round(round_code: str) -> ResponseReturnValue:
    """A draft with what is missing, or a round with its counts."""
    return round_page(rounds.get_round(round_code))


@blueprint.post("/rounds/<round_code>/back")
@door("round_officer")
def take_back(round_code: str) -> ResponseReturnValue:
    """A draft round becomes a plan again."""
    try:
        number = planning.take_back(round_code, mark=new_mark(), actor=here().username, now=now())
    except Refusal as refusal:
        return round_page(rounds.get_round(round_code), refusal), refusal.status
    opening.withdraw(round_code, settings())
    flash(say(TAKEN_BACK), "good")
    return redirect(url_for(".plan", number=number), 303)


@blueprint.post("/rounds/<round_code>/discard")
@door("round_officer")
def discard_round(round_code: str) -> ResponseReturnValue:
    """Delete a draft round, once that is confirmed."""
    try:
        require_confirmed()
        plans.discard_round(round_code, actor=here().username, now=now())
    except Refusal as refusal:
        return round_page(rounds.get_round(round_code), refusal), refusal.status
    opening.withdraw(round_code, settings())
    flash(say(DISCARDED), "good")
    return redirect(url_for(".list_rounds"), 303)


def round_page(round_: Round, refusal: Refusal | None = None, handover: str = "") -> str:
    """The page of a round; `handover` is shown on this one answer and never again."""
    shown = {"round": round_, "problem": refusal.text(say) if refusal else "", "handover": handover}
    roles = {"can_change": ROUND_OFFICER in here().roles, "is_auditor": AUDITOR in here().roles, "today": today()}
    word = rules.STATUS_WORDS[round_.status]
    if round_.status == rules.DRAFT:
        key, ready = roundkeys.key_state(round_.code), opening.readiness(round_, settings())
        return render_template("office/round_draft.html", **shown, **roles, word=word, key=key, ready=ready)
    counts = progress(round_)
    return render_template(
        "office/round_running.html",
        **shown,
        **roles,
        word=word,
        counts=counts,
        bars=drawn(counts),
        behind=reminders(round_, counts),
        received=sum(count for _week, count in counts.by_week),
    )


def _years(found: list[Round]) -> list[Year]:
    years = sorted({year for one in found for year in range(one.opens_on.year, one.closes_on.year + 1)}, reverse=True)
    return [Year(year, [(one, months) for one in found if (months := _months(one, year))]) for year in years]


def _months(round_: Round, year: int) -> frozenset[int]:
    """Months of the year in which the round takes ballots."""
    first, last = max(round_.opens_on, date(year, 1, 1)), min(round_.closes_on, date(year, 12, 31))
    return frozenset(range(first.month, last.month + 1)) if first <= last else frozenset()
