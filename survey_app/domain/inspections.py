"""明查暗访: what an inspector writes down on the spot, and 民情日记; never a score, never a person's name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from survey_app.domain.errors import N_, Refusal
from survey_app.domain.typed import require_plain, tidy_text
from survey_app.domain.words import require_nobody_named

KINDS: Mapping[str, str] = {
    "manner": N_("服务态度"),
    "waiting": N_("排队和效率"),
    "absent": N_("在岗纪律"),
    "told": N_("公开和一次告知"),
    "fees": N_("收费"),
    "place": N_("环境设施"),
    "good": N_("做得好的"),
    "other": N_("其他"),
}
MOST_WORDS, MOST_PLACE, MOST_TAGS = 2_000, 60, 60
KEPT_YEARS = 3


class FindingUnknown(Refusal):
    code, status = "finding-unknown", 404
    message = N_("没有这条督查发现，或它不是您记的。")


class FieldMissing(Refusal):
    code, status = "finding-field", 422
    message = N_("请写%(what)s。")


class DayWrong(Refusal):
    code, status = "finding-day", 422
    message = N_("日期请写成2026-11-03这样，不能是以后的日子。")


class TimeWrong(Refusal):
    code, status = "finding-time", 422
    message = N_("时间请写成09:30这样。")


@dataclass(frozen=True)
class Seen:
    """What was seen, as typed."""

    unit: str
    on: date
    at_time: str
    place: str
    covert: bool
    kind: str
    words: str


@dataclass(frozen=True)
class Heard:
    """A field note, as typed; `tags` are parted by one blank."""

    unit: str
    on: date
    words: str
    tags: str


def typed_finding(form: Mapping[str, str], units: Mapping[str, str], today: date) -> Seen:
    """A finding from a form. Raises FieldMissing, DayWrong, TimeWrong, WordsNameSomeone, Unseen, TooLong."""
    if form.get("kind", "") not in KINDS:
        raise FieldMissing(what=N_("看到的是哪一类"))
    if form.get("way", "") not in ("open", "covert"):
        raise FieldMissing(what=N_("是明查还是暗访"))
    return Seen(
        unit=_unit(form, units),
        on=typed_day(form.get("on", ""), today),
        at_time=_time(form.get("at_time", "")),
        place=_line(form.get("place", ""), MOST_PLACE, N_("地点")),
        covert=form["way"] == "covert",
        kind=form["kind"],
        words=typed_words(form.get("words", "")),
    )


def typed_note(form: Mapping[str, str], units: Mapping[str, str], today: date) -> Heard:
    """A field note from a form. Raises the same."""
    tags = " ".join(dict.fromkeys(form.get("tags", "").replace("，", " ").replace(",", " ").split()))
    require_plain(tags, most=MOST_TAGS)
    words = typed_words(form.get("words", ""))
    return Heard(_unit(form, units), typed_day(form.get("on", ""), today), words, tags)


def typed_words(typed: str) -> str:
    """Words that name nobody by number. Raises FieldMissing, WordsNameSomeone, Unseen, TooLong."""
    return require_nobody_named(_line(typed, MOST_WORDS, N_("看到或听到了什么")))


def typed_day(typed: str, today: date) -> date:
    """A day that has come. Raises DayWrong."""
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        raise DayWrong from None
    if day > today:
        raise DayWrong
    return day


def _unit(form: Mapping[str, str], units: Mapping[str, str]) -> str:
    unit = form.get("unit", "")
    if unit not in units:
        raise FieldMissing(what=N_("哪个单位"))
    return unit


def _line(typed: str, most: int, what: str) -> str:
    said = tidy_text(typed)
    if not said:
        raise FieldMissing(what=what)
    require_plain(said, most=most)
    return said


def _time(typed: str) -> str:
    text = typed.strip()
    if not text:
        return ""
    try:
        return datetime.strptime(text, "%H:%M").strftime("%H:%M")  # a time of the wall, of no day
    except ValueError:
        raise TimeWrong from None
