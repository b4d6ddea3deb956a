"""The verbs of a case: take it in, take a step, read it. Every page goes through these, whoever it is for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from survey_app.casework.rules import clocks_of
from survey_app.config import Keys, Settings
from survey_app.domain.cases import rules
from survey_app.domain.cases.state import CaseState
from survey_app.store import cases as store
from survey_app.store.case_papers import Kept
from survey_app.store.cases import NewCase, Received, Step


@dataclass(frozen=True)
class Said:
    """What is said with a step: `public` for the person and for everybody, `internal` for those who work on it.

    `detail` holds what the step needs (see domain.cases.rules); `words` is what the person wrote, kept sealed.
    `files` already lie on the disk.
    """

    public: str = ""
    internal: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""
    files: Sequence[Kept] = ()


def receive(new: NewCase, *, form_nonce: str, keys: Keys, settings: Settings, now: datetime) -> Received:
    """Take a case in; the same form sent again is the same case, with the same code."""
    return store.receive(new, form_nonce=form_nonce, keys=keys, clocks=clocks_of(settings), now=now)


def take_step(
    number: str,
    step: str,
    said: Said | None = None,
    *,
    by: str,
    role: str,
    unit: str = "",
    seen: int,
    mark: str,
    keys: Keys,
    settings: Settings,
    now: datetime,
) -> CaseState:
    """Take one step, and whatever follows of itself: a first "no" reopens, a second goes to the office, a case whose
    three gates are open is closed.

    `by`: username, or store.cases.BY_CODE; `role`: one of domain.cases.steps; `unit`: whose a unit's person is.
    `seen`: the version the page showed. `mark`: of the form (its nonce); sent again it changes nothing.
    Raises CaseUnknown, StaleCase and the refusals of domain.cases.rules; nothing is kept then.
    """
    told = said or Said()
    words = {"words": told.words} if told.words else {}
    wish = rules.Wish(step, by, role, told.public, told.internal, told.detail, unit)
    asked = Step(wish, seen, mark, words, told.files)
    return store.append(number, asked, clocks=clocks_of(settings), keys=keys, now=now)
