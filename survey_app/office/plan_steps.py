"""The steps of a plan: what each form says, read into the draft. Every reader refuses with one message, or returns."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from werkzeug.datastructures import MultiDict

from survey_app.domain.errors import N_, Refusal
from survey_app.domain.plans import CODES, PANEL, SIZES, Draft
from survey_app.domain.rounds import CHANNEL_WORDS, OPEN_CHANNEL
from survey_app.domain.scale import LEVELS
from survey_app.domain.typed import require_plain
from survey_app.domain.weights import read_weight, require_whole
from survey_app.domain.workdays import YearUnknown, read_calendar
from survey_app.office.plan import CODE, CODE_LENGTH, TAKEN

MOST_ROWS, SPARE, MOST_NAME = 40, 3, 60
SURGE, REVIEWED, INSIDER = "surge", "upheld", "insider"
_EXACT = re.compile(r"-?[0-9]{1,6}(/0*[1-9][0-9]{0,5}|\.[0-9]{1,6})")


Form = MultiDict[str, str]  # what a browser sent


class NameMissing(Refusal):
    code, status = "name-missing", 422
    message = N_("请写这一轮的名称，例如：2026年下半年群众评议。")


class CodeWrong(Refusal):
    code, status = "code-wrong", 422
    message = N_(
        "代号“%(code)s”不能用：只能有小写字母、数字和短横，最多%(most)s个，不能以everyday-开头。例如：2026-h2。"
    )


class DaysWrong(Refusal):
    code, status = "days-wrong", 422
    message = N_("“%(field)s”要写成2026-11-30这样的日期。")


class DaysCrossed(Refusal):
    code, status = "days-crossed", 422
    message = N_("截止日期%(closes_on)s早于开始日期%(opens_on)s，没有存。请把两个日期对调或改好。")


class NumberWrong(Refusal):
    code, status = "number-wrong", 422
    message = N_("“%(what)s”要填%(least)s到%(most)s的整数，现在是“%(typed)s”。")


class NothingTicked(Refusal):
    code, status = "nothing-ticked", 422
    message = N_("“%(what)s”至少要选一个。")


class CodeTwice(Refusal):
    code, status = "code-twice", 422
    message = N_("代号“%(code)s”用了两次，没有存。每一行的代号都要不同。")


class PanelSmaller(Refusal):
    code, status = "panel-smaller", 422
    message = N_("“%(unit)s”的%(group)s名册只有%(people)s人，计划发码%(codes)s个，没有存。一人最多一个。")


def facts(draft: Draft, form: Form) -> Draft:
    """Name, code and days. Raises NameMissing, CodeWrong, Unseen, TooLong, DaysWrong, DaysCrossed."""
    name, code = " ".join(form.get("name", "").split()), form.get("code", "").strip()
    if not name:
        raise NameMissing
    require_plain(name, most=MOST_NAME)
    if not re.fullmatch(CODE, code) or TAKEN.fullmatch(code):
        raise CodeWrong(code=code, most=CODE_LENGTH)
    opens_on, closes_on = read_day(form, "opens_on", N_("开始日期")), read_day(form, "closes_on", N_("截止日期"))
    if closes_on < opens_on:
        raise DaysCrossed(opens_on=opens_on, closes_on=closes_on)
    return replace(draft, name=name, code=code, opens_on=opens_on.isoformat(), closes_on=closes_on.isoformat())


def units(draft: Draft, form: Form, published: Mapping[str, str], class_names: Mapping[str, str]) -> Draft:
    """Units ticked one by one or class by class; sizes of those kept stay. `published`: slug -> class code."""
    whole = set(form.getlist("class"))
    ticked = {slug for slug in form.getlist("unit") if slug in published}
    ticked |= {slug for slug, code in published.items() if code in whole}
    if not ticked:
        raise NothingTicked(what=N_("单位"))
    known = [one["code"] for one in draft.method["class"]]
    missing = sorted({published[slug] for slug in ticked} - set(known))
    added = [{"code": code, "zh": class_names.get(code, code)} for code in missing]
    method = {**draft.method, "class": [*draft.method["class"], *added]}
    return replace(draft, method=method, units={slug: draft.units.get(slug, {}) for slug in sorted(ticked)})


def groups(draft: Draft, form: Form) -> Draft:
    """Who rates, with weights, and classes that weigh otherwise. Raises WeightsShort, WeightsOver and others."""
    rows = [_told(form, *row) for row in _numbered(form, draft.method["group"], "g", N_("评议主体"))]
    kept = {row["code"] for row in rows}
    classes = [_class(one, form, rows) for one in draft.method["class"]]
    sizes = {
        slug: {kind: {g: n for g, n in by.items() if g in kept} for kind, by in sized.items()}
        for slug, sized in draft.units.items()
    }
    return replace(draft, method={**draft.method, "group": rows, "class": classes}, units=sizes)


def _class(one: Mapping[str, Any], form: Form, rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    typed = {row["code"]: form.get(f"own-{one['code']}-{row['code']}", "").strip() for row in rows}
    before = one.get("weights", {})
    bare = {key: value for key, value in one.items() if key != "weights"}
    if not any(typed.values()):
        return bare
    own = {code: read_weight(text, one["zh"]) for code, text in typed.items() if text}
    require_whole(own.values(), one["zh"])
    return {**bare, "weights": {code: as_written(share, before.get(code)) for code, share in own.items()}}


def questions(draft: Draft, form: Form) -> Draft:
    """What is asked, with weights; a weight of 0 is shown and not scored."""
    return replace(draft, method={**draft.method, "dimension": _rows(form, draft.method["dimension"], "d", N_("方面"))})


def counting(draft: Draft, form: Form) -> Draft:
    """Points, satisfied levels, minimums, channels and what happens to floods."""
    method = dict(draft.method)
    method["scale"] = {str(level): _points(form, level, word) for level, word in LEVELS.items() if level}
    satisfied = sorted(level for level in range(1, 6) if str(level) in form.getlist("satisfied"))
    if not satisfied:
        raise NothingTicked(what=N_("算满意的等级"))
    method["satisfied_levels"] = satisfied
    method["min_n"] = whole_number(form, "min_n", N_("最少人数"), 2, 1000)
    for key, what, preset in (("min_weight", N_("最少权重"), "7/10"), ("confidence", N_("把握程度"), "0.95")):
        method[key] = as_written(read_weight(form.get(key, ""), what), method.get(key, preset))
    method["channel"] = _channels(method.get("channel", []), form.getlist("channel"))
    method["flag"] = _flags(form, method.get("flag", []))
    return replace(draft, method={key: value for key, value in method.items() if value != []})


def _flags(form: Form, stood: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What happens to floods, and to weeks that two people find doubtful."""
    others = [flag for flag in stood if flag["code"] not in (SURGE, REVIEWED)]
    surge = {"code": SURGE, "zh": "短时间内大量提交", "excluded": form.get("surge", "") == "excluded"}
    upheld = {"code": REVIEWED, "zh": "复核认定的可疑周", "excluded": True, "by_review": True}
    return [*others, *([surge] if form.get("surge", "") else []), *([upheld] if form.get("upheld", "") else [])]


def _points(form: Form, level: int, word: str) -> int | str:
    """Points as a whole number, or as exact text where they are none."""
    text = form.get(f"points-{level}", "").strip()
    if _EXACT.fullmatch(text):
        return text
    return _number(text, word, -1000, 1000)


def _channels(before: Sequence[Mapping[str, Any]], ticked: Sequence[str]) -> list[dict[str, Any]]:
    """The portal's own channels as ticked; any other the method names stays."""
    names = {one["code"]: one["zh"] for one in before}
    own = [code for code in CHANNEL_WORDS if code in ticked]
    if not own:
        raise NothingTicked(what=N_("渠道"))
    rows = [{"code": code, "zh": names.get(code, CHANNEL_WORDS[code]), "counted": True} for code in own]
    rows += [dict(one) for one in before if one["code"] not in (*CHANNEL_WORDS, OPEN_CHANNEL)]
    if OPEN_CHANNEL in ticked:
        rows.append({"code": OPEN_CHANNEL, "zh": names.get(OPEN_CHANNEL, "公开渠道"), "counted": False})
    return rows


def people(draft: Draft, form: Form, slugs: Mapping[str, str]) -> Draft:
    """Sizes of the units of one page (slug -> name): an empty box takes the number typed for all of them."""
    changed = {slug: _sizes(draft, form, slug, zh) for slug, zh in slugs.items()}
    return replace(draft, units={**draft.units, **changed})


def _sizes(draft: Draft, form: Form, slug: str, zh: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for group in draft.method["group"]:
        for kind in SIZES:
            name = f"{kind}-{group['code']}"
            text = form.get(f"{name}-{slug}", "").strip() or form.get(f"{name}-*", "").strip()
            if text:
                found.setdefault(kind, {})[group["code"]] = _number(text, zh, 1, 10**7)
        planned, panel = (found.get(kind, {}).get(group["code"], 0) for kind in (CODES, PANEL))
        if panel and planned > panel:
            raise PanelSmaller(unit=zh, group=group["zh"], people=panel, codes=planned)
    return found


def _told(form: Form, number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """A group as its row of the form says it: whether its people are of the system itself."""
    bare = {key: value for key, value in row.items() if key != INSIDER}
    return {**bare, INSIDER: True} if form.get(f"{INSIDER}-{number}") else bare


def _rows(form: Form, before: Sequence[Mapping[str, Any]], letter: str, what: str) -> list[dict[str, Any]]:
    return [row for _number, row in _numbered(form, before, letter, what)]


def _numbered(
    form: Form, before: Sequence[Mapping[str, Any]], letter: str, what: str
) -> list[tuple[int, dict[str, Any]]]:
    """Name and weight by row, with its number; a row whose name is emptied goes, a new one gets the next free code."""
    rows: dict[int, dict[str, Any]] = {}
    known = {one["code"]: one for one in before}
    for number in range(MOST_ROWS):
        zh = " ".join(form.get(f"zh-{number}", "").split())
        if not zh:
            continue
        require_plain(zh, most=MOST_NAME)
        taken = {row["code"] for row in rows.values()}
        code = form.get(f"code-{number}", "").strip() or _free(letter, taken | set(known))
        if code in taken:
            raise CodeTwice(code=code)
        share = read_weight(form.get(f"weight-{number}", ""), zh)
        old = known.get(code, {})  # what the form does not ask stays
        rows[number] = {**old, "code": code, "zh": zh, "weight": as_written(share, old.get("weight"))}
    if not rows:
        raise NothingTicked(what=what)
    require_whole((Fraction(row["weight"]) for row in rows.values()), what)
    return list(rows.items())


def as_written(share: Fraction, before: object = None) -> str:
    """An exact share as text; where it is the one that stood there, the text that stood there."""
    return str(before) if before is not None and Fraction(str(before)) == share else str(share)


def _free(letter: str, taken: set[str]) -> str:
    return next(f"{letter}{number}" for number in range(1, MOST_ROWS * 3) if f"{letter}{number}" not in taken)


def read_day(form: Form, name: str, field: str) -> date:
    """A day of a form. Raises DaysWrong."""
    text = form.get(name, "").strip()
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as error:
        raise DaysWrong(field=field) from error


def whole_number(form: Form, name: str, what: str, least: int, most: int) -> int:
    """A whole number of a form. Raises NumberWrong."""
    return _number(form.get(name, "").strip(), what, least, most)


def _number(text: str, what: str, least: int, most: int) -> int:
    if not re.fullmatch(r"-?[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise NumberWrong(what=what, least=least, most=most, typed=text)
    return int(text)


def new_mark() -> str:
    """Goes with a form that makes something new, so that the form sent twice makes it once."""
    return secrets.token_urlsafe(18)


def rows_shown(given: Form) -> int:
    """How many rows a form shows: those that are filled, and three more to fill."""
    filled = [number for number in range(MOST_ROWS) if given.get(f"zh-{number}", "").strip()]
    return min(MOST_ROWS, (filled[-1] + 1 if filled else 0) + SPARE)


def workdays_of(draft: Draft, holidays: Path | None) -> int | None:
    """Working days of the round, both ends included; None while they cannot be told."""
    if not draft.opens_on or not draft.closes_on:
        return None
    before = date.fromisoformat(draft.opens_on) - timedelta(days=1)
    try:
        return read_calendar(holidays).workdays_between(before, date.fromisoformat(draft.closes_on))
    except YearUnknown:
        return None


READERS: Mapping[str, Callable[[Draft, Form], Draft]] = {
    "facts": facts,
    "groups": groups,
    "questions": questions,
    "counting": counting,
}
