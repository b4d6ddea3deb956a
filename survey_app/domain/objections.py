"""Between close and publication: what a unit may object to and until when, how it is ruled, how flags are reviewed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from survey_app.domain.errors import N_, Refusal
from survey_app.domain.typed import require_plain, tidy_text
from survey_app.domain.workdays import Calendar

FILED, PROPOSED, RULED = "filed", "proposed", "ruled"
UPHELD, REJECTED = "upheld", "rejected"
UNIT, OFFICE = "unit", "office"
STANDS, DOUBTFUL = "stands", "doubtful"
NOTE, PANEL, CLASS, WEEKS = "note", "panel", "class", "weeks"
WEEK_TESTS = ("T1", "T4")  # tests that point at weeks, which a method may say are left out once a review upholds them
MOST_WORDS, MOST_REASON, MOST_FILES = 2_000, 1_000, 5

STATE_WORDS = {FILED: N_("等裁定"), PROPOSED: N_("等第二人确认"), RULED: N_("已裁定")}
ORIGIN_WORDS = {UNIT: N_("单位提出"), OFFICE: N_("评议办公室登记")}
DECISION_WORDS = {UPHELD: N_("成立"), REJECTED: N_("不成立")}
REVIEW_WORDS = {STANDS: N_("没有问题，照计"), DOUBTFUL: N_("存疑，随结果注明")}
LEFT_OUT_WORDS = {**REVIEW_WORDS, DOUBTFUL: N_("存疑，这几周的票不计入")}
CORRECTION_WORDS = {
    NOTE: N_("只在结果里写明更正，数不变"),
    PANEL: N_("改应评人数"),
    CLASS: N_("改评议类别"),
}
TEST_WORDS = {
    "T1": N_("一周内的票特别集中"),
    "T3": N_("带标记的票"),
    "T4": N_("末期的票特别多"),
    "T5": N_("有码和无码的评价差得多"),
    "T6": N_("各项全选一样的票特别多"),
}


class WordsMissing(Refusal):
    code, status = "objection-words", 422
    message = N_("请写明哪个数不对、为什么。")


class ReasonNeeded(Refusal):
    code, status = "ruling-reason", 422
    message = N_("请写明理由，理由会随结果公布。")


class DecisionMissing(Refusal):
    code, status = "ruling-decision", 422
    message = N_("请先选一项决定。")


class CorrectionWrong(Refusal):
    code, status = "ruling-correction", 422
    message = N_("要改应评人数，请选评议主体，填1到1000000的整数；要改类别，请选另一类。")


class SameHand(Refusal):
    code, status = "same-hand", 409
    message = N_("这一步要由另一个人确认，提出的人自己不能确认。")


class AlreadyDone(Refusal):
    code, status = "already-done", 409
    message = N_("这一条已经有人处理过了，您看到的是旧页面。请刷新后再看。")


class FileForgotten(Refusal):
    code, status = "objection-file-forgotten", 410
    message = N_("这份材料裁定后存满期限，已经删除；异议、理由和裁定都在。")


class ObjectionUnknown(Refusal):
    code, status = "objection-unknown", 404
    message = N_("没有这一条异议。")


class NotOpenToObjections(Refusal):
    code, status = "objections-closed", 409
    message = N_("现在不收异议：这一轮没有送单位核对的草稿，或核对期已过。")


class TooManyFiles(Refusal):
    code, status = "objection-files", 422
    message = N_("一次最多附%(most)s个文件。")


@dataclass(frozen=True)
class Correction:
    """What a ruling changes in round.toml: nothing but a note, a panel's size, the unit's class, weeks left out."""

    kind: str = NOTE
    values: Mapping[str, object] = field(default_factory=dict)

    def as_data(self) -> dict[str, object]:
        """As it is stored."""
        return {"kind": self.kind, **self.values}


def read_correction(data: Mapping[str, object]) -> Correction:
    """The inverse of `as_data`."""
    return Correction(str(data.get("kind", NOTE)), {name: value for name, value in data.items() if name != "kind"})


def typed_correction(
    kind: str, *, group: str, people: str, class_code: str, groups: frozenset[str], classes: frozenset[str]
) -> Correction:
    """From a form. Raises CorrectionWrong."""
    if kind == NOTE:
        return Correction()
    if kind == PANEL and group in groups and people.isascii() and people.isdigit() and 0 < int(people[:8]) <= 1_000_000:
        return Correction(PANEL, {"group": group, "people": int(people)})
    if kind == CLASS and class_code in classes:
        return Correction(CLASS, {"class": class_code})
    raise CorrectionWrong


def require_words(typed: str) -> str:
    """An objection's words. Raises WordsMissing, Unseen, TooLong."""
    said = tidy_text(typed)
    if not said:
        raise WordsMissing
    require_plain(said, most=MOST_WORDS)
    return said


def require_ruling(decision: str, typed: str, allowed: Mapping[str, str]) -> str:
    """The reason of a decision as one line. Raises DecisionMissing, ReasonNeeded, Unseen, TooLong."""
    if decision not in allowed:
        raise DecisionMissing
    said = " ".join(typed.split())
    if not said:
        raise ReasonNeeded
    require_plain(said, most=MOST_REASON)
    return said


def require_other_hand(first: str, second: str) -> None:
    """Raises SameHand: what two people decide, one cannot."""
    if first == second:
        raise SameHand


def last_day(shown_on: date, days: int, calendar: Calendar) -> date:
    """The last day for objections: `days` working days after the draft was shown. Raises YearUnknown."""
    return calendar.add_workdays(shown_on, days)
