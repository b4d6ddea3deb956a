"""What may be done to a running round: longer, paused, void; every step with a reason that the public reads."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypedDict

from survey_app.domain import rounds as rules
from survey_app.domain.errors import N_, Refusal, day_words
from survey_app.domain.publicreasons import require_public_reason
from survey_app.store import audit, rounds
from survey_app.store.database import write
from survey_app.store.models import EvaluationRound, RoundPause, VoidUnit
from survey_app.store.rounds import Round, get_round


class Said(TypedDict):
    """Who does a step, when, and the reason the public reads."""

    reason: str
    actor: str
    now: datetime
    today: date


class NotRunning(Refusal):
    code, status = "round-not-running", 409
    message = N_("这一轮现在是“%(status)s”，不在评议中，这一步没有做。")


class NotLater(Refusal):
    code, status = "not-later", 422
    message = N_("新的截止日期要晚于现在的%(closes_on)s，也不能早于今天。要提前截止，请到截止的页面。")


class AlreadyPaused(Refusal):
    code, status = "already-paused", 409
    message = N_("这一轮已经暂停了，没有再做一次。")


class NotPaused(Refusal):
    code, status = "not-paused", 409
    message = N_("这一轮没有暂停，不用恢复。")


class LastUnit(Refusal):
    code, status = "last-unit", 409
    message = N_("这是这一轮剩下的最后一个单位。要全部不评，请把这一轮作废。")


def extend_round(code: str, until: date, *, reason: str, actor: str, now: datetime, today: date) -> None:
    """Let the round take ballots until a later day. Raises NotRunning, NotLater and what a reason may."""
    said = require_public_reason(reason)
    with write():
        round_ = _running(code)
        if until <= round_.closes_on or until < today:
            raise NotLater(closes_on=round_.closes_on)
        EvaluationRound.update(closes_on=until).where(EvaluationRound.id == round_.row).execute()
        text = f"截止日期由{day_words(round_.closes_on)}延长到{day_words(until)}。原因：{said}"
        _say(round_, text, "extend", {"until": until.isoformat(), "reason": said}, actor, now, today)


def pause_round(code: str, *, reason: str, actor: str, now: datetime, today: date) -> None:
    """Take no ballots until `resume_round`. Raises NotRunning, AlreadyPaused and what a reason may."""
    said = require_public_reason(reason)
    with write():
        round_ = _running(code)
        if round_.paused:
            raise AlreadyPaused
        RoundPause.create(round=round_.row, reason=said, since_on=today)
        _say(round_, f"暂停评议。原因：{said}", "pause", {"reason": said}, actor, now, today)


def resume_round(code: str, *, reason: str, actor: str, now: datetime, today: date) -> None:
    """Take ballots again. Raises NotRunning, NotPaused and what a reason may."""
    said = require_public_reason(reason)
    with write():
        round_ = _running(code)
        if not RoundPause.delete().where(RoundPause.round == round_.row).execute():
            raise NotPaused
        _say(round_, f"恢复评议。说明：{said}", "resume", {"reason": said}, actor, now, today)


def void_unit(code: str, slug: str, *, reason: str, actor: str, now: datetime, today: date) -> None:
    """Take a wrongly listed unit out: it is rated no more, and its ballots are never opened.

    Raises NotRunning, UnitNotRated, LastUnit and what a reason may.
    """
    said = require_public_reason(reason)
    with write():
        round_ = _running(code)
        unit = round_.unit(slug)
        if len(round_.units) == 1:
            raise LastUnit
        VoidUnit.create(unit=unit.row, reason=said, voided_on=today)
        text = f"“{unit.zh}”列错了，这一轮不评，已经收到的票不打开、不计入。原因：{said}"
        _say(round_, text, "void_unit", {"unit": slug, "reason": said}, actor, now, today)


def void_round(code: str, *, reason: str, actor: str, now: datetime, today: date) -> None:
    """End the round without a result, for good. Raises IllegalMove and what a reason may."""
    said = require_public_reason(reason)
    with write():
        round_ = get_round(code)
        rules.require_move(round_.status, rules.VOID)
        EvaluationRound.update(status=rules.VOID).where(EvaluationRound.id == round_.row).execute()
        RoundPause.delete().where(RoundPause.round == round_.row).execute()
        text = f"这一轮作废，收到的票不打开，不出结果。原因：{said}"
        _say(round_, text, "void", {"reason": said}, actor, now, today)


def _running(code: str) -> Round:
    round_ = get_round(code)
    if round_.status != rules.OPEN:
        raise NotRunning(status=rules.STATUS_WORDS[round_.status])
    return round_


def _say(
    round_: Round, text: str, step: str, detail: Mapping[str, object], actor: str, now: datetime, today: date
) -> None:
    """The amendment the public reads and the event of the audit list, in the transaction of the change."""
    rounds.amend(round_.code, {"on": today.isoformat(), "text": text})
    audit.record(actor=actor, action=f"round.{step}", subject=f"rounds/{round_.code}", detail=detail, now=now)
