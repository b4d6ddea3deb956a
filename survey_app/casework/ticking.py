"""The clocks of all cases, looked at: what is due by itself is done, each once, and what is old is deleted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from survey_app.casework import attachments
from survey_app.casework.rules import clocks_of
from survey_app.config import Keys, Settings
from survey_app.domain.cases.clocks import Clocks
from survey_app.domain.cases.overdue import own_steps
from survey_app.domain.cases.state import day_of
from survey_app.domain.workdays import YearUnknown
from survey_app.store import case_lists, case_papers, case_private, cases, objections, wishes

LOOK_AHEAD = timedelta(days=14)  # longer than the longest holiday: a reminder of working days lies within


@dataclass(frozen=True)
class Ticked:
    """What the clocks did: steps taken, by name; and why some deadline cannot be counted, or None."""

    steps: Mapping[str, int] = field(default_factory=dict)
    missing: YearUnknown | None = None


def tick(settings: Settings, keys: Keys, now: datetime) -> Ticked:
    """Take every step that is due by itself. Safe to repeat, to kill, and to run in several processes.

    A case whose year has no calendar is left as it is, and the file to fill is named in what is returned.
    Raises BadInput where a settings file is wrong.
    """
    clocks, today = clocks_of(settings), day_of(now)
    most = max(limits.remind for limits in clocks.limits.values())
    done: Counter[str] = Counter()
    missing = None
    for number in case_lists.due_cases(today + LOOK_AHEAD + timedelta(days=2 * most)):
        try:
            done.update(_ticked(number, clocks, keys, now))
        except YearUnknown as unknown:
            missing = unknown
    return Ticked(done, missing)


def _ticked(number: str, clocks: Clocks, keys: Keys, now: datetime) -> list[str]:
    """A step may start another clock that is over too, after a long downtime; so look until nothing is left."""
    taken: list[str] = []
    while step := _next(number, clocks, keys, now):
        taken.append(step)
    return taken


def _next(number: str, clocks: Clocks, keys: Keys, now: datetime) -> str | None:
    """The next step of this case that is due and was not taken before."""
    state = cases.state(number)
    for step, mark in own_steps(state, clocks, day_of(now)):
        if cases.append_own(number, step, mark, seen=state.version, clocks=clocks, keys=keys, now=now):
            return step
    return None


def recount(settings: Settings, keys: Keys, now: datetime) -> int:
    """Every night: deadlines by today's calendar and settings, and wishes from before cases; how many changed."""
    clocks = clocks_of(settings)
    turned = wishes.turn_into_cases(keys, clocks, now)
    return turned + sum(cases.refresh(number, clocks) for number in case_lists.open_cases())


def forget(settings: Settings, now: datetime) -> int:
    """Delete contacts, words and files of cases closed long enough, and files of objections ruled long enough, with
    proof in the audit list; how many.

    A file goes before its row says so: a kill between the two leaves a row that the next night finds again.
    """
    keeping = clocks_of(settings).keeping
    gone = len(case_private.forget_contacts(now - timedelta(days=keeping.contact), now))
    gone += len(case_private.forget_words(now - timedelta(days=keeping.words), now))
    for file in case_papers.files_to_forget(now - timedelta(days=keeping.files)):
        attachments.delete_attachment(file, settings)
        case_papers.mark_file_deleted(file.digest, now)
        gone += 1
    return gone + objections.forget_files(day_of(now) - timedelta(days=keeping.objections), now)
