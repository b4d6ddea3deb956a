"""Annexes on what the figures rest on: the checks of the process, who answered, what is not shown and why."""

import math
from collections.abc import Iterable

from ..columns.results import LEVEL_ZH
from ..sentences import BALANCE, TESTS, inside_words, integrity_words, reason, tested
from ..view import ALL, Model, Row, names_of, shown_classes, shown_units, words_of
from ..words import day, esc, share, thousands
from .annexes import pct
from .frame import Release, part_page
from .parts import paragraph, section, table

MOST_TIMES = 80  # per cent of simulations in which a test must find the added ballots


def integrity_page(release: Release) -> bytes | None:
    """Tests, what they can find, who answered."""
    model = release.model
    tests, answered = _tests(model), _composition(model)
    if not tests and not answered:
        return None
    lines = [
        "<p>检验只提请复核，不是结论：一次集体办理、一次村民会，也会让票数集中。被提请复核的单位可以说明，说明和复核结论都公开。</p>",
        *section("words", "一句话", [f"<ul>{''.join(f'<li>{esc(t)}</li>' for t in integrity_words(model))}</ul>"]),
        *section("tests", "查了什么", tests),
        *section("flags", "提请复核的", _flagged(model)),
        *section("excluded", "剔除的票", _excluded(model)),
        *section("power", "查得出多少", _power(model)),
        *section("answered", "谁回答了", answered),
        "<p>检验用到没有公布的评议票，外人不能重算；审计人员可以。</p>" if tests else "",
    ]
    return part_page(release, "integrity", lines)


def _tests(model: Model) -> list[str]:
    rows = []
    for test in dict.fromkeys(row["test"] for row in model["integrity"]):
        found = [row for row in model["integrity"] if row["test"] == test]
        flagged = sum(row["verdict"] == "flagged" for row in found)
        few = sum(row["verdict"] == "too_few" for row in found)
        rows.append((esc(TESTS.get(test, test)), str(tested(found)), str(flagged), str(few)))
    return table("各项检验", ("检验", "查了几个单位", "提请复核", "票数太少没有查"), rows)


def _flagged(model: Model) -> list[str]:
    names = names_of(model)
    rows = [
        (
            esc(names[row["unit"]]),
            esc(TESTS.get(row["test"], row["test"])),
            _detail(row["test"], row["detail"]),
            "" if row["observed"] is None else thousands(row["observed"]),
            "" if row["of"] is None else thousands(row["of"]),
            pct(row["expected_pct"]),
        )
        for row in model["integrity"]
        if row["verdict"] == "flagged"
    ]
    columns = ("单位", "检验", "哪一周", "张数", "共", "应有比例")
    return table("提请复核的单位", columns, rows) or ["<p>没有单位被提请复核。</p>"]


def _excluded(model: Model) -> list[str]:
    """By unit, how many ballots were left out and what they say: leaving out the bad ones alone would show."""
    names = words_of(model, "flags")
    rows = [
        (
            esc(unit["zh"]),
            "、".join(f"{esc(names[code])}{esc(number)}张" for code, number in told.items() if number),
            *(thousands(unit["not_counted"]["answers"][str(level)]) for level in (*LEVEL_ZH, 0)),
        )
        for unit in model["units"]
        if any((told := unit["not_counted"]["flags"]).values())
    ]
    return table("剔除的票给了什么等级（各项回答合计）", ("单位", "剔除", *LEVEL_ZH.values(), "不了解"), rows)


def _detail(test: str, text: str | None) -> str:
    weeks = "起的最后两周" if test == "T4" else "起的一周"
    return f"{day(text)}{weeks}" if text and text[:4].isdigit() and text.count("-") == 2 else esc(text or "")


def _power(model: Model) -> list[str]:
    """For each test and size of a unit: from how many added ballots on it finds them most times."""
    sizes = sorted({row["n"] for row in model["power"]})
    rows = []
    for test in dict.fromkeys(row["test"] for row in model["power"]):
        own = [row for row in model["power"] if row["test"] == test]
        found = [_least(row for row in own if row["n"] == n) for n in sizes]
        wrong = max(row["false_pct"] or 0 for row in own)
        rows.append((esc(TESTS.get(test, test)), *found, f"不到{max(math.ceil(wrong), 1)}%"))
    columns = ("检验", *(f"{thousands(n)}张票的单位" for n in sizes), "错怪没塞的")
    made = table(f"塞进多少张，十次里能查出{MOST_TIMES // 10}次", columns, rows)
    words = "<p>这是用模拟的票试出来的。塞得越散越查不出，所以主要靠一码一票来防，检验是第二道。"
    return [*made, f'{words}试的全部情形：<a href="../power.csv" download>检验能力</a>。</p>'] if made else []


def _least(rows: Iterable[Row]) -> str:
    added = [row["added"] for row in rows if row["detected_pct"] >= MOST_TIMES]
    return f"{thousands(min(added))}张" if added else "查不出"


def _composition(model: Model) -> list[str]:
    """Who answered against who was asked, for all units together; then units far from the plan."""
    groups, names = words_of(model, "groups"), names_of(model)
    whole = [row for row in model["composition"] if row["channel"] == ALL]
    rows = [
        (esc(groups[r["group"]]), *_asked(r), BALANCE.get(r["status"] or "", "")) for r in whole if r["unit"] == ALL
    ]
    far = [
        (
            esc(names[r["unit"]]),
            esc(groups[r["group"]]),
            pct(r["share_pct"]),
            pct(r["planned_pct"]),
            BALANCE[r["status"]],
        )
        for r in whole
        if r["unit"] != ALL and r["status"] in ("over", "under")
    ]
    told = "评议票里没有姓名、年龄和住址，所以只知道是哪一类人、从哪个渠道来的，别的都不知道。"
    made = table("全部单位合在一起", ("评议主体", "张数", "实际占比", "计划占比", "回应率", "比计划"), rows)
    wide = table("与计划差得多的", ("单位", "评议主体", "实际占比", "计划占比", "比计划"), far)
    return [*made, *wide, paragraph(inside_words(model)), paragraph(told)] if made else []


def _asked(row: Row) -> tuple[str, str, str, str]:
    return thousands(row["n"]), pct(row["share_pct"]), pct(row["planned_pct"]), pct(row["response_pct"])


def withheld_page(release: Release) -> bytes:
    """What is not shown and why, and what the privacy test of the release found."""
    model, method = release.model, release.model["method"]
    units = [u for c in shown_classes(model) for u in shown_units(model, c["code"])]
    short = [(esc(u["zh"]), esc(reason(model, u))) for u in units if u["score"] is None]
    kept = [(esc(u["zh"]), thousands(u["withheld"])) for u in units if u["withheld"]]
    silent = [(esc(u["zh"]),) for u in units if u["withheld"] is None]
    lines = [
        f"<p>一个单位、一组人、一个方面不满{method['min_n']}个回答的，不公布也不计入：人太少，容易认出是谁评的，也说明不了什么。"
        f"算得出的部分不到权重{share(method['min_weight'])}的单位不计分。</p>",
        *section("short", "没有得分的单位", table("没有得分的原因", ("单位", "原因"), short)),
        *section("kept", "不公布的票", table("所在组不满最少张数", ("单位", "张数"), kept, kind="fit")),
        *section("silent", "连张数也不公布的", table("没有公布的组总共只有一人", ("单位",), silent, kind="fit")),
        *section("privacy", "隐私检查", _privacy(release)),
        "" if short or kept or silent else "<p>这一轮没有因为票数太少而不公布的。</p>",
    ]
    return part_page(release, "withheld", lines)


def _privacy(release: Release) -> list[str]:
    """The checks of privacy.json that ran on this release, each with what it found."""
    rows = [
        (esc(c["zh"]), "✓ 通过" if c["ok"] else "! 没有通过", _found(c["found"]))
        for c in release.privacy.get("checks", [])
    ]
    made = table("公布前逐项检查", ("检查", "结果", "查到"), rows)
    return [*made, '<p>完整的报告：<a href="../privacy.json" download>隐私检查报告</a>。</p>'] if made else []


def _found(value: object) -> str:
    """What a check found: a number, or how many."""
    if value is None:
        return "没有可查的"
    return f"{len(value)}处" if isinstance(value, list) else esc(value)
