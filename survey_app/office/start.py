"""The start page: what waits for me, by role, and where I work."""

from collections.abc import Iterator

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain import paper as cards
from survey_app.domain.errors import N_
from survey_app.domain.roles import AUDITOR, ENTRY_CLERK, INTERVIEWER, ISSUER, REVIEWER, ROUND_OFFICER
from survey_app.domain.rounds import PHONE
from survey_app.office.desk import blueprint, running
from survey_app.store import batches, paper
from survey_app.store.paper import Staged
from survey_app.web import downloads, waiting
from survey_app.web.context import today
from survey_app.web.doors import door, here
from survey_app.web.downloads import BRIEF, KINDS, NOTICE, WORKBOOK, Offer
from survey_app.web.people import Person
from survey_app.web.waiting import Line

SHOWN = (WORKBOOK, NOTICE, BRIEF)

waiting.place(N_("评议轮次"), "office.list_rounds", N_("计划、开始、进展"), ROUND_OFFICER, AUDITOR, REVIEWER)
waiting.place(N_("评议码"), "office.choose_codes", N_("发码、作废、台账"), ISSUER)
waiting.place(N_("评议码台账"), "office.choose_codes", N_("每批发了多少、用了多少"), ROUND_OFFICER, AUDITOR)
waiting.place(
    N_("纸卡录入"), "office.choose_paper", N_("两遍录入，不同的核对"), ENTRY_CLERK, REVIEWER, ROUND_OFFICER, AUDITOR
)
waiting.place(N_("电话访问"), "office.choose_phone", N_("照着屏幕上的话问"), INTERVIEWER)


@blueprint.get("/")
@door("signed_in")
def start() -> ResponseReturnValue:
    """What waits for this person, whatever their roles."""
    who = here()
    return render_template(
        "office/start.html",
        lines=waiting.waits_for(who),
        places=waiting.places_of(who),
        latest=_latest(who),
        kinds=KINDS,
    )


def _latest(who: Person) -> list[Offer]:
    """Workbook, notice and brief of the round published last: nobody should have to look for them."""
    papers = [offer for offer in downloads.offers_for(who) if offer.round_title and offer.kind in SHOWN]
    rounds_ = [offer for offer in papers if offer.instrument == "campaign"] or papers  # months come and go beside them
    return [offer for offer in rounds_ if offer.round_title == rounds_[0].round_title]


@waiting.lines(ROUND_OFFICER)
def _to_open_or_close(_who: Person) -> Iterator[Line]:
    for round_ in running():
        href = url_for("office.show_round", round_code=round_.code)
        if round_.status == "open" and round_.closes_on < today():
            yield Line(1, N_("轮评议过了截止日，还没有截止"), href, urgent=True, note=round_.name)
        elif round_.status == "draft" and round_.opens_on <= today():
            yield Line(1, N_("轮评议到了开始日，还没有开始"), href, urgent=True, note=round_.name)


@waiting.lines(ISSUER)
def _without_codes(_who: Person) -> Iterator[Line]:
    for round_ in running():
        if not batches.ledger(round_.code):
            href = url_for("office.codes", round_code=round_.code)
            yield Line(1, N_("轮评议还没有发码"), href, urgent=round_.status == "open", note=round_.name)


@waiting.lines(ENTRY_CLERK, REVIEWER)
def _cards(who: Person) -> Iterator[Line]:
    for round_ in running():
        staged, href = paper.list_staged(round_), url_for("office.paper_cards", round_code=round_.code)
        second = sum(card.state == cards.ENTERED and card.first_by != who.username for card in staged)
        if second and ENTRY_CLERK in who.roles:
            yield Line(second, N_("张纸卡等第二遍录入"), href, note=round_.name)
        if differing := sum(_waits_for(who, card) for card in staged):
            yield Line(differing, N_("张纸卡两遍不同，等核对"), href, urgent=True, note=round_.name)


def _waits_for(who: Person, card: Staged) -> bool:
    """Whether this person may settle the card and has not chosen yet."""
    mine = REVIEWER in who.roles or who.username in (card.first_by, card.second_by)
    return card.state == cards.DIFFERING and mine and card.chosen_by != who.username


@waiting.lines(INTERVIEWER)
def _to_ask(_who: Person) -> Iterator[Line]:
    for round_ in running():
        if round_.status == "open" and PHONE in round_.questionnaire.counted_channels:
            href = url_for("office.phone_units", round_code=round_.code)
            yield Line(1, N_("轮评议正在电话访问"), href, note=round_.name)
