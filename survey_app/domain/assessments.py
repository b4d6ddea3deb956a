"""民主测评: counts of votes inside a body, typed by two people, and the rules that a year's counts may fire.

The rules are those of the discipline office (S8), exact at their thresholds: fractions of whole votes, never rounded.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from survey_app.domain.errors import N_, Refusal, Translate, fill
from survey_app.domain.typed import require_plain, tidy_text
from survey_app.domain.words import require_nobody_named

TEAM, UNIT = "team", "unit"
BODIES: Mapping[str, str] = {TEAM: N_("领导班子"), UNIT: N_("单位整体")}
GOOD, FAIR, PLAIN, POOR = "good", "fair", "plain", "poor"
GRADES: Mapping[str, str] = {GOOD: N_("好"), FAIR: N_("较好"), PLAIN: N_("一般"), POOR: N_("差")}
COUNTS: Mapping[str, str] = {
    "sent": N_("发出票数"),
    "returned": N_("收回票数"),
    "excellent": N_("优秀"),
    "competent": N_("称职"),
    "basic": N_("基本称职"),
    "incompetent": N_("不称职"),
    "invalid": N_("弃权和无效"),
}
GRADE, BASIS = "grade", "basis"
MOST_BASIS = 200
THIRD, FIFTH = Fraction(1, 3), Fraction(1, 5)
FIRST_YEAR, MOST = 2000, 100_000


class CountWrong(Refusal):
    code, status = "assessment-count", 422
    message = N_("“%(name)s”请填0到%(most)s的整数。")


class CountsCross(Refusal):
    code, status = "assessment-sum", 422
    message = N_("各项合起来是%(sum)s票，收回的是%(returned)s票，应当一样多。请对照票再数一遍。")


class MoreBackThanSent(Refusal):
    code, status = "assessment-returned", 422
    message = N_("收回%(returned)s票，比发出的%(sent)s票还多。请核对。")


class NobodyVoted(Refusal):
    code, status = "assessment-empty", 422
    message = N_("没有一张有效票，不能录入。")


class YearWrong(Refusal):
    code, status = "assessment-year", 422
    message = N_("年份请填%(first)s到%(last)s。")


class ChoiceMissing(Refusal):
    code, status = "assessment-choice", 422
    message = N_("请选%(what)s。")


class BasisMissing(Refusal):
    code, status = "assessment-basis", 422
    message = N_("选了总评等次，请写依据：按哪次会议、哪份文件或哪条办法定的。")


class BasisOfNothing(Refusal):
    code, status = "assessment-basis-alone", 422
    message = N_("写了总评的依据，没有选总评等次。请选等次，或删去依据。")


class ReasonMissing(Refusal):
    code, status = "assessment-reason", 422
    message = N_("这一年已经录好了。要更正，请写明理由，并由两个人各录一遍。")


@dataclass(frozen=True)
class Reading:
    """One person's reading of the counted votes of a body in a year.

    `grade` is the overall one that was announced, `basis` what it rests on; empty in readings of before it was asked.
    """

    sent: int
    returned: int
    excellent: int
    competent: int
    basic: int
    incompetent: int
    invalid: int
    grade: str = ""
    basis: str = ""

    @property
    def valid(self) -> int:
        """Votes that say something."""
        return self.excellent + self.competent + self.basic + self.incompetent

    def differs(self, other: "Reading") -> list[str]:
        """The names of what the two do not agree on, in words."""
        names = {**COUNTS, GRADE: N_("总评等次")}
        found = [words for name, words in names.items() if getattr(self, name) != getattr(other, name)]
        return found if _letters(self.basis) == _letters(other.basis) else [*found, N_("总评的依据")]


@dataclass(frozen=True)
class Fired:
    """A rule that a year's counts fire, and the arithmetic that shows it; both are for the reader's language."""

    rule: str
    shown: str
    params: Mapping[str, object]

    @property
    def words(self) -> str:
        """What the rule says."""
        return RULES[self.rule]

    def arithmetic(self, translate: Translate) -> str:
        """The numbers behind it."""
        return fill(self.shown, self.params, translate)


RULES: Mapping[str, str] = {
    "third": N_("基本称职和不称职合起来达到三分之一"),
    "fifth": N_("不称职连续两年达到20%"),
    "poor": N_("总评为差"),
    "plain": N_("总评连续两年为一般"),
}


def typed_reading(form: Mapping[str, str]) -> Reading:
    """What somebody typed. Raises CountWrong, CountsCross, MoreBackThanSent, NobodyVoted, what `_typed_grade` does."""
    counts = {name: _count(form.get(name, "") or ("0" if name == "excellent" else ""), name) for name in COUNTS}
    grade, basis = _typed_grade(form)
    reading = Reading(**counts, grade=grade, basis=basis)
    if (total := reading.valid + reading.invalid) != reading.returned:
        raise CountsCross(sum=total, returned=reading.returned)
    if reading.returned > reading.sent:
        raise MoreBackThanSent(sent=reading.sent, returned=reading.returned)
    if not reading.valid:
        raise NobodyVoted
    return reading


def _typed_grade(form: Mapping[str, str]) -> tuple[str, str]:
    """Grade and its basis, both or neither. Raises ChoiceMissing, BasisMissing, BasisOfNothing, Unseen, TooLong and
    WordsNameSomeone."""
    grade, basis = form.get(GRADE, ""), tidy_text(form.get(BASIS, ""))
    if grade and grade not in GRADES:
        raise ChoiceMissing(what=N_("总评等次"))
    if grade and not _letters(basis):
        raise BasisMissing
    if basis and not grade:
        raise BasisOfNothing
    require_plain(basis, most=MOST_BASIS)
    return grade, require_nobody_named(basis)


def typed_year(typed: str, today: date) -> int:
    """A year that has begun. Raises YearWrong."""
    text = typed.strip()
    if not (text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= today.year):
        raise YearWrong(first=FIRST_YEAR, last=today.year)
    return int(text)


def typed_reason(typed: str) -> str:
    """Why something settled is corrected; may be empty. Raises Unseen, TooLong."""
    said = tidy_text(typed)
    require_plain(said, most=500)
    return said


def settled(readings: Sequence[tuple[str, Reading]]) -> tuple[Reading | None, list[tuple[str, Reading]]]:
    """The reading on which two different people agreed last, and the later ones that still wait, one a person.

    `readings`: who typed what, in order. Whoever types again replaces their own waiting reading.
    """
    agreed: Reading | None = None
    waiting: dict[str, Reading] = {}
    for who, reading in readings:
        if any(not other.differs(reading) for name, other in waiting.items() if name != who):
            agreed, waiting = reading, {}
        else:
            waiting[who] = reading
    return agreed, list(waiting.items())


def fired(this: Reading, before: Reading | None) -> list[Fired]:
    """The rules that this year's counts fire, with last year's beside them where there are any."""
    found = []
    weak = this.basic + this.incompetent
    if Fraction(weak, this.valid) >= THIRD:
        shown = N_(
            "基本称职%(basic)s票加不称职%(incompetent)s票是%(weak)s票，有效%(valid)s票，%(weak)s/%(valid)s不小于1/3"
        )
        told = {"basic": this.basic, "incompetent": this.incompetent, "weak": weak, "valid": this.valid}
        found.append(Fired("third", shown, told))
    if before is not None and _bad(this) >= FIFTH and _bad(before) >= FIFTH:
        shown = N_("不称职：上一年%(was)s/%(of)s，这一年%(now)s/%(now_of)s，都不小于20%%")
        told = {"was": before.incompetent, "of": before.valid, "now": this.incompetent, "now_of": this.valid}
        found.append(Fired("fifth", shown, told))
    if this.grade == POOR:
        shown = N_("这一年总评：%(grade)s，依据：%(basis)s") if this.basis else N_("这一年总评：%(grade)s")
        found.append(Fired("poor", shown, {"grade": GRADES[POOR], "basis": this.basis}))
    if before is not None and this.grade == before.grade == PLAIN:
        found.append(Fired("plain", N_("上一年和这一年总评都是：%(grade)s"), {"grade": GRADES[PLAIN]}))
    return found


def _bad(reading: Reading) -> Fraction:
    return Fraction(reading.incompetent, reading.valid)


def _letters(words: str) -> str:
    """Letters and digits alone: a blank, or a comma of the other width, is no difference between two people."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", words) if sign.isalnum())


def _count(typed: str, name: str) -> int:
    text = typed.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and int(text) <= MOST):
        raise CountWrong(name=COUNTS[name], most=MOST)
    return int(text)
