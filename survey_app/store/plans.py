"""Plans: begun, saved step by step, put away or turned into a draft round."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from peewee import IntegrityError

from survey_app.domain import rounds as rules
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.plans import Draft, read_draft
from survey_app.store import audit
from survey_app.store.database import write
from survey_app.store.models import Code, CodeBatch, EvaluationRound, RoundKey, RoundPlan, RoundUnit
from survey_app.store.rounds import as_utc, get_round, row_of


class PlanUnknown(Refusal):
    code, status = "plan-unknown", 404
    message = N_("没有这份计划。可能已经定稿成了一轮评议，或已被删除。请到“评议轮次”看一看。")


class PlanChanged(Refusal):
    code, status = "plan-changed", 409
    message = N_(
        "没有存：您打开这一页以后，%(who)s改过这份计划。您填的还在下面；请在新窗口打开这份计划看一看，再存一次。"
    )


class CodesIssued(Refusal):
    code, status = "codes-issued", 409
    message = N_(
        "这一轮已经发过%(count)s个评议码，计划不能再改。要改，请先照它新建一份计划，再删除这一轮；发出的码都会作废。"
    )


@dataclass(frozen=True)
class Plan:
    """A plan with its number; `version` goes with every form, so that nobody's change is overwritten."""

    number: int
    version: int
    draft: Draft
    changed_by: str
    changed_at: datetime


def begin_plan(draft: Draft, *, mark: str, actor: str, now: datetime) -> int:
    """Keep a new plan and return its number; the same form sent twice is one plan."""
    with write():
        row = RoundPlan.get_or_none(mark=mark)
        if row is None:
            row = _insert(draft, mark, actor, now)
    return int(row.id)


def get_plan(number: int) -> Plan:
    """A plan by its number. Raises PlanUnknown."""
    return _plan(_plan_row(number))


def list_plans() -> list[Plan]:
    """All plans, the one changed last first."""
    return [_plan(row) for row in RoundPlan.select().order_by(RoundPlan.changed_at.desc(), RoundPlan.id)]


def save_plan(number: int, draft: Draft, *, version: int, step: str, actor: str, now: datetime) -> None:
    """Keep the changed plan. What is kept already is not kept again. Raises PlanUnknown, PlanChanged."""
    with write():
        row = _plan_row(number)
        if row.content == draft.text():
            return
        _require_version(row, version)
        changes = {"content": draft.text(), "name": draft.name, "changed_by": actor, "changed_at": as_utc(now)}
        RoundPlan.update(version=version + 1, **changes).where(RoundPlan.id == number).execute()
        _record(actor, "plan.save", f"plans/{number}", {"step": step}, now)


def discard_plan(number: int, *, version: int, actor: str, now: datetime) -> None:
    """Delete a plan. Raises PlanUnknown, PlanChanged."""
    with write():
        delete_plan(number, version=version, actor=actor, now=now, action="plan.discard")


def delete_plan(number: int, *, version: int, actor: str, now: datetime, action: str = "plan.settle") -> None:
    """The same inside a write: what becomes a round is no plan any more."""
    row = _plan_row(number)
    _require_version(row, version)
    RoundPlan.delete().where(RoundPlan.id == number).execute()
    _record(actor, action, f"plans/{number}", {"name": row.name}, now)


def take_back(code: str, draft: Draft, *, mark: str, actor: str, now: datetime) -> int:
    """A draft round becomes a plan again. Raises IllegalMove once it is open, CodesIssued once it has codes."""
    with write():
        _require_draft(code, rules.STEP_WORDS[rules.DRAFT])
        issued = sum(row.issued for row in CodeBatch.select().join(EvaluationRound).where(EvaluationRound.code == code))
        if issued:
            raise CodesIssued(count=issued)
        _delete_round(code)
        row = _insert(draft, mark, actor, now)
        _record(actor, "round.take_back", f"rounds/{code}", {"plan": row.id}, now)
    return int(row.id)


def discard_round(code: str, *, actor: str, now: datetime) -> None:
    """Delete a draft round with the codes issued for it. Raises IllegalMove once it is open."""
    with write():
        _require_draft(code, N_("删除"))
        _delete_round(code)
        _record(actor, "round.discard", f"rounds/{code}", {}, now)


def _delete_round(code: str) -> None:
    row = row_of(code)
    batches = CodeBatch.select(CodeBatch.id).where(CodeBatch.round == row.id)
    Code.delete().where(Code.batch.in_(batches)).execute()
    for table in (CodeBatch, RoundKey, RoundUnit):
        table.delete().where(table.round == row.id).execute()
    EvaluationRound.delete().where(EvaluationRound.id == row.id).execute()


def _require_draft(code: str, step: str) -> None:
    status = get_round(code).status
    if status != rules.DRAFT:
        raise rules.IllegalMove(status=rules.STATUS_WORDS[status], step=step)


def _insert(draft: Draft, mark: str, actor: str, now: datetime) -> RoundPlan:
    try:
        row = RoundPlan.create(
            mark=mark, name=draft.name, content=draft.text(), changed_by=actor, changed_at=as_utc(now)
        )
    except IntegrityError as error:
        raise PlanUnknown from error
    _record(actor, "plan.begin", f"plans/{row.id}", {"name": draft.name}, now)
    return row


def _require_version(row: RoundPlan, version: int) -> None:
    if row.version != version:
        raise PlanChanged(who=row.changed_by)


def _plan_row(number: int) -> RoundPlan:
    row = RoundPlan.get_or_none(id=number)
    if row is None:
        raise PlanUnknown
    return row


def _plan(row: RoundPlan) -> Plan:
    return Plan(row.id, row.version, read_draft(row.content), row.changed_by, row.changed_at)


def _record(actor: str, action: str, subject: str, detail: Mapping[str, object], now: datetime) -> None:
    audit.record(actor=actor, action=action, subject=subject, detail=detail, now=now)
