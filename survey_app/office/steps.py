"""The steps of a round that outlive a request: shut at its time, unsealed, computed, published.

Shutting, computing and publishing are jobs: they find out themselves what there is to do. Unsealing needs the private
key, which must never lie on a disk here; so it runs in the process that was given the key, and is asked for anew if
that process dies.
"""

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from nacl.public import PrivateKey

from survey_app import jobs
from survey_app.config import Settings
from survey_app.domain import rounds as rules
from survey_app.domain.errors import N_, Refusal
from survey_app.jobs.steadyclock import SteadyClock, running
from survey_app.office import rounds
from survey_app.office.standing import newest
from survey_app.store import rounds as store
from survey_app.store import steps
from survey_app.store.database import database
from survey_app.store.rounds import Round
from survey_app.store.steps import COMPUTE, FAILED, OK, PUBLISH, SHUT, UNSEAL, Step

KIND, PORTAL = "rounds", "portal"
WAIT_S = 5.0  # how long a browser waits for a box that opens quickly
AT_ONCE = timedelta(minutes=1)
DONE = {
    SHUT: N_("票箱已关，没有人再能交票。"),
    UNSEAL: N_("票箱已打开，数据已冻结，密文已删除。"),
    COMPUTE: N_("结果算好了。"),
    PUBLISH: N_("已公布，网站已更新。"),
}
BROKEN_OFF = N_("没有做完就中断了，请再做一次。开箱的要再交一次私钥。")
OUR_FAULT = N_("程序出了差错，没有做成：%(error)s。请把这句话交给运行维护人员，然后再做一次。")
UNSEALING, COMPUTING = N_("正在打开票箱"), N_("正在计算")
_one_at_a_time = threading.Lock()
_clock = SteadyClock()  # threat: a clock set forward shuts a box for good
_log = logging.getLogger("pingyi.rounds")


def local(settings: Settings, now: datetime) -> datetime:
    """The time on the wall clock of the district."""
    return now.astimezone(ZoneInfo(settings.timezone))


def advance(settings: Settings, now: datetime | None = None) -> None:
    """Do whatever waits: rounds whose last day is over, computations and publications asked for or broken off.

    Without `now` it is the machine's clock that says what is over, and a box is shut only while that can be believed.

    Whoever finds another at it leaves: that one goes on until nothing waits, and a minute later somebody looks again.
    """
    if not _one_at_a_time.acquire(blocking=False):
        return
    try:
        at = local(settings, now or datetime.now(UTC))
        if now is not None or _clock.settled(at, running()):
            shut_due(settings, at)
        _mark_broken_unsealings(settings, at)
        while waiting := steps.unfinished((COMPUTE, PUBLISH)):
            _run(waiting[0], settings, at)
    finally:
        _one_at_a_time.release()


def shut_due(settings: Settings, now: datetime) -> list[str]:
    """Shut every open round whose last day is over; returns their codes. One that cannot be shut is tried again."""
    due = [one for one in store.list_rounds() if one.status == rules.OPEN and one.closes_on < now.date()]
    shut = [one.code for one in due if _shut(one, settings, now)]
    if shut:
        jobs.publish_soon(settings)  # the round's page says that it is over
    return shut


def shut(round_: Round, *, reason: str, by: str, settings: Settings, now: datetime) -> None:
    """The office shuts a round by hand; what is refused is noted nowhere. Raises as `rounds.shut_round`."""
    rounds.shut_round(round_.code, reason=reason, settings=settings, now=now)
    step = steps.ask(round_.code, SHUT, by=by, now=now)
    steps.end(step.number, outcome=OK, words=DONE[SHUT], now=now)
    jobs.publish_soon(settings)


def ask(round_: Round, step: str, *, by: str, settings: Settings, now: datetime) -> None:
    """Ask for a computation or a publication. Raises StepRunning."""
    steps.ask(round_.code, step, by=by, now=now)
    jobs.ask_soon(settings, KIND)


def unseal(
    round_: Round, key: PrivateKey, *, by: str, settings: Settings, now: datetime, wait_s: float = WAIT_S
) -> None:
    """Open the box with a key that lives in this process's memory alone, then have the result computed.

    Raises StepRunning. Waits a little, so that a small box is open when the page is answered.
    """
    _mark_broken_unsealings(settings, now)
    step = steps.ask(round_.code, UNSEAL, by=by, now=now)
    worker = threading.Thread(target=_unseal, args=(step, key, settings, now), name="unseal")
    worker.start()
    worker.join(wait_s)


def _unseal(step: Step, key: PrivateKey, settings: Settings, now: datetime) -> None:
    try:
        with _holding_box(settings, step.round_code) as ours:
            if ours and _carry_out(step, lambda: _open_box(step, key, settings), now):
                ask(store.get_round(step.round_code), COMPUTE, by=step.asked_by, settings=settings, now=now)
    finally:
        database.close()


def _open_box(step: Step, key: PrivateKey, settings: Settings) -> None:
    steps.say(step.number, UNSEALING)
    rounds.unseal_round(step.round_code, key, settings)


def _mark_broken_unsealings(settings: Settings, now: datetime) -> None:
    """A box that nobody holds open any more was left by a process that died."""
    for step in steps.unfinished((UNSEAL,)):
        with _holding_box(settings, step.round_code) as nobody_else:
            if nobody_else and (step.begun_at or _asked_long_ago(step, now)):
                steps.end(step.number, outcome=FAILED, words=BROKEN_OFF, now=now)


def _asked_long_ago(step: Step, now: datetime) -> bool:
    """A thread that was to begin at once has not: its process died between the two."""
    return now.astimezone(UTC).replace(tzinfo=None) - step.asked_at > AT_ONCE


@contextmanager
def _holding_box(settings: Settings, code: str) -> Iterator[bool]:
    """Whether this thread alone works on the box; freed by the kernel when the process dies."""
    settings.rounds.mkdir(parents=True, exist_ok=True)
    handle = os.open(settings.rounds / f".{code}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)


def _shut(round_: Round, settings: Settings, now: datetime) -> bool:
    """By itself: no step is written down twice for the same obstacle."""
    before = steps.last(round_)
    try:
        rounds.shut_round(round_.code, reason=None, settings=settings, now=now)
    except Refusal as refusal:
        if before is None or before.said != refusal.text():
            _note(round_, FAILED, refusal.text(), now)
        return False
    _note(round_, OK, DONE[SHUT], now)
    return True


def _note(round_: Round, outcome: str, words: str, now: datetime) -> None:
    step = steps.ask(round_.code, SHUT, by=PORTAL, now=now)
    steps.end(step.number, outcome=outcome, words=words, now=now)


def _run(step: Step, settings: Settings, now: datetime) -> None:
    work = {COMPUTE: lambda: _compute(step, settings), PUBLISH: lambda: _publish(step, settings, now)}
    _carry_out(step, work[step.step], now)


def _compute(step: Step, settings: Settings) -> None:
    """First the release itself, then a version with what was ruled since; what stands is not computed anew."""
    steps.say(step.number, COMPUTING)
    if newest(step.round_code, settings) is None:
        rounds.compute_round(step.round_code, settings)
    rounds.amend_round(step.round_code, settings)


def _publish(step: Step, settings: Settings, now: datetime) -> None:
    rounds.publish_round(step.round_code, settings, now, lambda words: steps.say(step.number, words))


def _carry_out(step: Step, work: Callable[[], None], now: datetime) -> bool:
    """Do it and write down how it went; whether it went well. A fault of ours is written down, too, and logged."""
    steps.begin(step.number, now)
    try:
        work()
    except Refusal as refusal:
        steps.end(step.number, outcome=FAILED, words=refusal.text(), now=now)
        return False
    except Exception as error:  # the page that waits must say so, whatever it was; it is raised again for the log
        steps.end(step.number, outcome=FAILED, words=OUR_FAULT % {"error": f"{type(error).__name__}: {error}"}, now=now)
        _log.exception("%s of %s failed", step.step, step.round_code)
        raise
    steps.end(step.number, outcome=OK, words=DONE[step.step], now=now)
    return True


jobs.offer(KIND, advance)
