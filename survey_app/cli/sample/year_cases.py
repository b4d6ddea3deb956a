"""Cases of a year in every state: answered and closed, refused, transferred, overdue; one unit is always late."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from survey_app.casework import ticking, verbs
from survey_app.casework.verbs import Said
from survey_app.cli.sample.days import noon
from survey_app.config import Keys, Settings
from survey_app.domain.cases import steps
from survey_app.domain.cases.kinds import COMPLAINT, QUESTION, SUGGESTION
from survey_app.publishing.revisions import revising
from survey_app.store import cases as store
from survey_app.store.case_lists import Wanted, count_cases
from survey_app.store.cases import NewCase

LATE_UNIT = "shebao"
WHO = {steps.UNIT: "demo-kong", steps.HEAD: "demo-qin", steps.OFFICE: "demo-shen", steps.CITIZEN: store.BY_CODE}
PUBLIC, INSIDE = "已经核实并办好，欢迎监督。（演练）", "已联系核实。（演练）"
SOLVED: Mapping[str, Any] = {"outcome": "solved", "evidence": "办结单（演练）"}


@dataclass(frozen=True)
class Told:
    """A case of the story: `way` are the steps, each with who takes it and so many days after it came in."""

    kind: str
    unit: str
    words: str
    days_ago: int
    way: tuple[tuple[str, str, int], ...] = ()
    detail: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


ANSWER = ((steps.ANSWERED, steps.UNIT, 2),)
SOLVE = (
    (steps.CONTACTED, steps.UNIT, 1),
    (steps.ANSWERED, steps.UNIT, 3),
    (steps.VERIFIED, steps.HEAD, 3),
    (steps.RESPONSIBILITY_STATED, steps.UNIT, 4),
    (steps.RESPONSIBILITY_CONFIRMED, steps.OFFICE, 5),
)
YES, NO = ((steps.SATISFIED, steps.CITIZEN, 6),), ((steps.DISSATISFIED, steps.CITIZEN, 6),)


def story(units: list[str]) -> list[Told]:
    """What happened, oldest first; `units` are those of the district."""
    other = [unit for unit in units if unit != LATE_UNIT]
    past = [
        Told(kind, other[number % len(other)], f"{words}（演练第{number + 1}件）", 330 - 25 * number, way)
        for number, (kind, words, way) in enumerate(
            (
                (QUESTION, "周六能不能办？", (*ANSWER, (steps.SATISFIED, steps.CITIZEN, 4))),
                (COMPLAINT, "材料交了两遍。", (*SOLVE, *YES)),
                (SUGGESTION, "叫号屏的字请放大。", (*ANSWER, (steps.SATISFIED, steps.CITIZEN, 5))),
                (COMPLAINT, "窗口没有人。", (*SOLVE, *NO)),
                (QUESTION, "要带户口本吗？", ANSWER),
                (COMPLAINT, "电话打不通。", (*SOLVE, *YES)),
            )
            * 2
        )
    ]
    now = [
        Told(COMPLAINT, LATE_UNIT, "等了一个月没有回音。（演练）", 60),
        Told(COMPLAINT, LATE_UNIT, "说好三天，过了十天。（演练）", 30, ((steps.CONTACTED, steps.UNIT, 2),)),
        Told(QUESTION, LATE_UNIT, "补缴要带什么？（演练）", 20),
        Told(QUESTION, other[0], "今天能取证吗？（演练）", 1),
        Told(SUGGESTION, other[1], "请多放几把椅子。（演练）", 1, ((steps.ANSWERED, steps.UNIT, 1),)),
        Told(COMPLAINT, "", "不知道该哪个单位管。（演练）", 1),
    ]
    return [*past, *now]


def live(settings: Settings, keys: Keys, today: date) -> None:
    """Take in what is absent, step by step as it happened; then let the clocks run."""
    units = [page.unit for page in revising.book_of(settings).live_units if page.data.get("class") == "window"]
    told = story(units)
    for number, one in enumerate(told):
        if number >= count_cases(Wanted()):
            _happen(one, f"sample-case-{number}", settings, keys, today)
            ticking.tick(settings, keys, noon(today - timedelta(days=one.days_ago)))
    ticking.tick(settings, keys, noon(today))


def _happen(one: Told, nonce: str, settings: Settings, keys: Keys, today: date) -> None:
    came = today - timedelta(days=one.days_ago)
    new = NewCase(one.kind, {"words": one.words}, unit=one.unit)
    received = verbs.receive(new, form_nonce=nonce, keys=keys, settings=settings, now=noon(came))
    for step, role, days in one.way:
        when = min(came + timedelta(days=days), today)
        if not _is_open(received.number, step):
            return
        said = Said(PUBLIC, INSIDE, SOLVED if step == steps.ANSWERED else {})
        verbs.take_step(
            received.number,
            step,
            said,
            by=WHO[role],
            role=role,
            unit=one.unit if role in (steps.UNIT, steps.HEAD) else "",
            seen=store.case(received.number).version,
            mark=secrets.token_urlsafe(12),
            keys=keys,
            settings=settings,
            now=noon(when),
        )


def _is_open(number: str, step: str) -> bool:
    """A question that nobody disputes is done once its person is satisfied."""
    case = store.case(number)
    return case.closed_at is None and any(case.state in states for states in steps.ALLOWED[step].values())
