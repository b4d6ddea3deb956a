"""Simulated citizens: seeded, so that every machine shows the same sample district; never shown as real."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from survey_app.config import Keys
from survey_app.domain.ballot_box import Answers
from survey_app.domain.errors import N_
from survey_app.domain.rounds import PAPER, WEB
from survey_app.store import ballots, batches, codes
from survey_app.store.rounds import RatedUnit, Round

SEED = 20260630  # the latest closed round ends on this day
WEEKS = 12
LEVELS = (5, 4, 3, 2, 1)
BASE = (0.34, 0.36, 0.18, 0.08, 0.04)  # shares of the levels for a unit of average quality
DONT_KNOW_SHARE = 0.07
BLANK_SHARE = 0.02
SHARED_MOOD = 0.6  # how much of a respondent's answers is one mood rather than the dimension's own
ISSUED = {"citizen": (80, 150), "enterprise": (40, 70), "deputy": (20, 20)}
CHANNELS = {"citizen": "window", "enterprise": "invited", "deputy": PAPER}
SILENT = {"tuanwei": 0.08, "yangwan": 0.12}  # units too few people rated, to show that they get no score


@dataclass(frozen=True)
class Vote:
    """One simulated respondent on one day."""

    code: str
    answers: Answers
    day: date


def simulate_ballots(
    round_: Round, keys: Keys, progress: Callable[[str], None], *, scale: float = 1.0, until: date | None = None
) -> None:
    """Issue codes for every unit and group and cast ballots with about half of them, through the ordinary verbs.

    A unit and group that already has its codes is left as it stands, so that an interrupted run can go on. `until`: the
    last day that has been, for a round that still runs.
    """
    progress(N_("模拟评议票"))
    done = {(batch.unit_slug, batch.group) for batch in batches.ledger(round_.code)}
    for number, unit in enumerate(round_.units, 1):
        progress(f"{number}/{len(round_.units)} {unit.zh}")
        quality = random.Random(f"{SEED}|{unit.slug}").gauss(0, 0.35) + _drift(round_, unit)
        for group in _groups(round_, unit):
            if (unit.slug, group) not in done:
                _cast_group(round_, unit, group, quality, keys, scale, until)


def _seed(round_: Round) -> int:
    return int(f"{round_.closes_on:%Y%m%d}")


def _drift(round_: Round, unit: RatedUnit) -> float:
    """How much worse a unit was in an earlier round; some were better."""
    if _seed(round_) >= SEED:
        return 0.0
    return random.Random(f"{_seed(round_)}|{unit.slug}").gauss(-0.15, 0.3)


def _cast_group(
    round_: Round, unit: RatedUnit, group: str, quality: float, keys: Keys, scale: float, until: date | None
) -> None:
    chance = random.Random(f"{_seed(round_)}|{unit.slug}|{group}")
    for vote in _votes(round_, unit, group, quality, keys, chance, scale, until):
        ballots.cast_ballot(
            round_=round_,
            unit_slug=unit.slug,
            code=vote.code,
            form_nonce=f"{chance.getrandbits(128):032x}",
            answers=vote.answers,
            keys=keys,
            today=vote.day,
            way=PAPER if CHANNELS[group] == PAPER else WEB,
        )


def _groups(round_: Round, unit: RatedUnit) -> list[str]:
    groups = [named.code for named in round_.questionnaire.groups]
    return [group for group in groups if not (unit.class_code == "village" and group == "enterprise")]


def _votes(
    round_: Round,
    unit: RatedUnit,
    group: str,
    quality: float,
    keys: Keys,
    chance: random.Random,
    scale: float,
    until: date | None,
) -> Iterator[Vote]:
    least = round_.questionnaire.min_n
    issued = max(least, round(chance.randint(*ISSUED[group]) * (scale if group != "deputy" else 1)))
    fresh = codes.issue_codes(
        round_code=round_.code,
        group=group,
        count=issued,
        channel=CHANNELS[group],
        unit_slug=unit.slug,
        keys=keys,
        today=round_.opens_on,
    )
    turnout = SILENT.get(unit.slug, chance.uniform(0.45, 0.8))
    days = min(7 * WEEKS - 1, (until - round_.opens_on).days + 1) if until else 7 * WEEKS - 1
    for code in fresh[: round(issued * turnout)]:
        day = round_.opens_on + timedelta(days=chance.randrange(days))
        yield Vote(code, _answers(round_, quality, chance), min(day, round_.closes_on))


def _answers(round_: Round, quality: float, chance: random.Random) -> Answers:
    mood = chance.random()
    answers: Answers = {named.code: _answer(quality, mood, chance) for named in round_.questionnaire.dimensions}
    return answers if any(level is not None for level in answers.values()) else {**answers, "overall": 3}


def _answer(quality: float, mood: float, chance: random.Random) -> int | None:
    kind = chance.random()
    if kind < BLANK_SHARE:
        return None
    if kind < BLANK_SHARE + DONT_KNOW_SHARE:
        return 0
    place = mood if chance.random() < SHARED_MOOD else chance.random()
    place = min(max(place ** (2.718**quality), 0.0), 0.999999)
    for level, share in zip(LEVELS, BASE, strict=True):
        if place < share:
            return level
        place -= share
    return LEVELS[-1]
