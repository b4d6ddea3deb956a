"""Steps of a round that outlive a request: asked for once, begun, ended. The one place where their progress stands."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from survey_app.domain.errors import N_, Refusal
from survey_app.store import audit
from survey_app.store.database import write
from survey_app.store.models import EvaluationRound, RoundStep
from survey_app.store.rounds import Round, get_round

SHUT, UNSEAL, COMPUTE, PUBLISH = "shut", "unseal", "compute", "publish"
STEP_WORDS = {SHUT: N_("关箱"), UNSEAL: N_("开箱冻结"), COMPUTE: N_("计算"), PUBLISH: N_("公布")}
OK, FAILED = "ok", "failed"
WAITING = N_("排队等着办")


class StepRunning(Refusal):
    code, status = "step-running", 409
    message = N_("这一轮正在%(step)s，请等它办完。")


@dataclass(frozen=True)
class Step:
    """One step. Times are UTC without an offset; `ended_at` is empty while it waits or runs."""

    number: int
    round_code: str
    step: str
    asked_by: str
    asked_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None
    said: str
    outcome: str

    @property
    def words(self) -> str:
        """What is being done, in Chinese source text."""
        return STEP_WORDS[self.step]


def ask(round_code: str, step: str, *, by: str, now: datetime) -> Step:
    """Ask for a step. Raises StepRunning while another of this round is not at its end."""
    round_ = get_round(round_code)
    with write():
        if running := _running(round_):
            raise StepRunning(step=STEP_WORDS[running.step])
        row = RoundStep.create(round=round_.row, step=step, asked_by=by, asked_at=_utc(now), said=WAITING)
        audit.record(actor=by, action=f"round.{step}", subject=f"rounds/{round_code}", now=now)
    return _step(row)


def begin(number: int, now: datetime) -> None:
    """Note that somebody works on it; again after a kill."""
    _change(number, begun_at=_utc(now))


def say(number: int, words: str) -> None:
    """Where it is, for whoever watches."""
    _change(number, said=words)


def end(number: int, *, outcome: str, words: str, now: datetime) -> None:
    """Note how it went."""
    _change(number, ended_at=_utc(now), outcome=outcome, said=words)


def unfinished(steps: Collection[str]) -> list[Step]:
    """Steps of these kinds that wait, run or were broken off, oldest first."""
    rows = RoundStep.select().where(RoundStep.step.in_(list(steps)), RoundStep.ended_at.is_null())
    return [_step(row) for row in rows.order_by(RoundStep.id)]


def last(round_: Round) -> Step | None:
    """The last step asked for in this round."""
    row = RoundStep.select().where(RoundStep.round == round_.row).order_by(RoundStep.id.desc()).first()
    return _step(row) if row else None


def _running(round_: Round) -> RoundStep | None:
    found = RoundStep.select().where(RoundStep.round == round_.row, RoundStep.ended_at.is_null()).first()
    return found if isinstance(found, RoundStep) else None


def _change(number: int, **fields: object) -> None:
    with write():
        RoundStep.update(**fields).where(RoundStep.id == number).execute()


def _utc(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(tzinfo=None)


def _step(row: RoundStep) -> Step:
    code = EvaluationRound.get_by_id(row.round_id).code
    return Step(row.id, code, row.step, row.asked_by, row.asked_at, row.begun_at, row.ended_at, row.said, row.outcome)
