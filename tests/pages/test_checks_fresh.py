"""What time makes wrong is a warning, told with the days it is late, and the same for the same today."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from survey_app.config import HOME
from survey_app.publishing.checks import check_pages, errors
from survey_app.publishing.checks.fresh import told_since
from tests.pages.page_trees import (
    COMMITMENT_PATH,
    ITEM_PATH,
    NOTICE,
    NOTICE_PATH,
    PROCEDURE_PATH,
    TODAY,
    UNIT,
    UNIT_PATH,
    Tree,
)

Put = Callable[[Tree], Path]


def warnings(pages: Path, today: date) -> dict[str, list[str]]:
    """Texts by path; there is no error among them."""
    found = check_pages(pages, today)
    assert errors(found) == []
    made: dict[str, list[str]] = {}
    for finding in found:
        made.setdefault(finding.path, []).append(finding.text())
    return made


def only(pages: Path, today: date, path: str) -> str:
    [text] = warnings(pages, today)[path]
    return text


def test_nothing_is_late_on_the_day_and_one_day_late_the_day_after(put: Put, tree: Tree) -> None:
    pages = put(tree)
    assert PROCEDURE_PATH not in warnings(pages, date(2027, 4, 8))
    assert "应在2027年4月8日前核对，超了1天" in only(pages, date(2027, 4, 9), PROCEDURE_PATH)


def test_a_commitment_past_its_last_day_is_named(put: Put, tree: Tree) -> None:
    pages = put(tree)
    assert COMMITMENT_PATH not in warnings(pages, date(2026, 12, 31))
    assert "承诺到2026年12月31日为止，已经过了31天" in only(pages, date(2027, 1, 31), COMMITMENT_PATH)


@pytest.mark.parametrize(
    ("cadence", "due"),
    [
        ("每月", date(2026, 11, 23)),
        ("每季度", date(2027, 1, 23)),
        ("每半年", date(2027, 4, 23)),
        ("每年", date(2027, 10, 23)),
    ],
)
def test_each_cadence_has_its_day(put: Put, tree: Tree, cadence: str, due: date) -> None:
    tree[ITEM_PATH] |= {"cadence": cadence, "last_on": "2026-10-23"}
    pages = put(tree)
    assert ITEM_PATH not in warnings(pages, due)
    text = only(pages, due + timedelta(days=1), ITEM_PATH)
    assert f"按目录{cadence}更新，应在{due.year}年{due.month}月{due.day}日前更新，超了1天" in text


@pytest.mark.parametrize("cadence", ["长期公开", "及时更新"])
def test_what_has_no_cadence_is_never_late(put: Put, tree: Tree, cadence: str) -> None:
    tree[ITEM_PATH] |= {"cadence": cadence, "last_on": "2020-01-01"}
    assert ITEM_PATH not in warnings(put(tree), TODAY)


def test_a_cadence_without_a_last_day_says_what_is_missing(put: Put, tree: Tree) -> None:
    del tree[ITEM_PATH]["last_on"]
    assert "没有写最近更新的日期" in only(put(tree), TODAY, ITEM_PATH)


@pytest.mark.parametrize(
    ("column", "name", "due"),
    [
        ("policy", "政策文件", date(2027, 2, 28)),  # six months after 31 August: that month has no 31st
        ("statistics", "办事统计", date(2026, 11, 30)),
        ("replies", "留言答复", date(2026, 10, 31)),
    ],
)
def test_each_column_of_the_inspection_has_its_months(put: Put, tree: Tree, column: str, name: str, due: date) -> None:
    path = "about/lan.md"
    tree[path] = {"kind": "page", "title": "栏目", "updated_on": "2026-08-31", "column": column}
    pages = put(tree)
    assert path not in warnings(pages, due)
    assert f"“{name}”最近一次更新是2026年8月31日" in only(pages, due + timedelta(days=1), path)


def test_the_column_of_policies_is_the_newest_notice_of_that_category(put: Put, tree: Tree) -> None:
    tree[NOTICE_PATH]["category"] = "政策文件"
    pages = put(tree)
    assert "notices/index.md" not in warnings(pages, date(2027, 5, 3))
    assert "6个月内要更新，超了1天" in only(pages, date(2027, 5, 4), "notices/index.md")


def test_a_policy_that_has_run_out_needs_a_word_and_a_call_for_papers_does_not(put: Put, tree: Tree) -> None:
    tree[NOTICE_PATH] |= {"category": "政策文件", "expires_on": "2026-11-20"}
    assert "写着有效，可是2026年11月20日已经失效" in only(put(tree), TODAY, NOTICE_PATH)
    newer: dict[str, Any] = {**NOTICE, "index_no": "2", "supersedes": "2026-11-03-zhouliu"}
    tree["notices/2026-11-21-b.md"] = newer | {"issued_on": "2026-11-21", "published_on": "2026-11-21"}
    assert NOTICE_PATH not in warnings(put(tree), TODAY)
    del tree["notices/2026-11-21-b.md"]
    (Path(put(tree)) / "notices/2026-11-21-b.md").unlink()
    tree[NOTICE_PATH]["category"] = "征求意见"
    assert NOTICE_PATH not in warnings(put(tree), TODAY)


def test_a_day_that_has_not_come_is_asked_about(put: Put, tree: Tree) -> None:
    assert "2026年11月3日还没有到" in only(put(tree), date(2026, 11, 2), NOTICE_PATH)


@pytest.mark.parametrize(
    ("today", "since", "quarter"),
    [
        (date(2026, 11, 24), date(2026, 10, 1), 3),
        (date(2026, 10, 31), date(2026, 10, 1), 3),
        (date(2026, 10, 30), date(2026, 7, 1), 2),
        (date(2027, 1, 5), date(2026, 10, 1), 3),
        (date(2027, 1, 31), date(2027, 1, 1), 4),
        (date(2027, 4, 10), date(2027, 1, 1), 4),
        (date(2027, 5, 1), date(2027, 4, 1), 1),
    ],
)
def test_a_quarter_is_to_be_told_within_thirty_days_of_its_end(today: date, since: date, quarter: int) -> None:
    assert told_since(today) == (since, quarter)


def village(tree: Tree, published: str) -> Tree:
    notice: dict[str, Any] = {**NOTICE, "unit": "cun", "index_no": "9", "category": "村务公开", "issued_on": published}
    tree["units/cun/index.md"] = {**UNIT, "class": "village", "title": "石桥村"}
    tree[f"notices/{published}-cunwu.md"] = notice | {"published_on": published}
    return tree


def test_a_village_that_told_the_quarter_is_left_alone(put: Put, tree: Tree) -> None:
    assert "units/cun/index.md" not in warnings(put(village(tree, "2026-10-23")), TODAY)


def test_a_village_that_is_late_is_named_with_the_quarter_and_an_office_is_not(put: Put, tree: Tree) -> None:
    found = warnings(put(village(tree, "2026-09-30")), TODAY)
    assert found["units/cun/index.md"] == ["2026年第三季度的村务还没有公开：2026年10月1日以来没有村务公开的公告。"]
    assert UNIT_PATH not in found


def test_the_last_quarter_of_a_year_belongs_to_that_year(put: Put, tree: Tree) -> None:
    pages = put(village(tree, "2026-10-23"))
    assert "2026年第四季度的村务还没有公开" in only(pages, date(2027, 2, 1), "units/cun/index.md")


def test_a_village_matter_published_once_a_year_is_asked_about(put: Put, tree: Tree) -> None:
    tree[ITEM_PATH] |= {"levels": ["村"], "cadence": "每年"}
    assert "村务至少每季度公开一次" in only(put(tree), TODAY, ITEM_PATH)


def test_absence_on_the_duty_board_says_when_or_who(put: Put, tree: Tree) -> None:
    away = {"number": "1号", "business": "登记", "person": "周静", "state": "away"}
    out = {"number": "2号", "business": "抵押", "person": "马文涛", "state": "out"}
    tree[UNIT_PATH] |= {"windows": [away, out]}
    assert len(warnings(put(tree), TODAY)[UNIT_PATH]) == 3
    tree[UNIT_PATH] |= {"windows": [{**away, "back_at": "10:40"}, {**out, "stand_in": "周静"}]}
    tree[UNIT_PATH]["duty_at"] = "2026-11-24 09:52"
    assert UNIT_PATH not in warnings(put(tree), TODAY)


def test_a_fee_without_its_basis_is_asked_about(put: Put, tree: Tree) -> None:
    tree[PROCEDURE_PATH]["fee"] = {"amount": "80元"}
    assert "没有写收费依据" in only(put(tree), TODAY, PROCEDURE_PATH)
    tree[PROCEDURE_PATH]["fee"] = {"amount": "不收费"}
    assert PROCEDURE_PATH not in warnings(put(tree), TODAY)


def test_time_alone_never_stops_a_build(put: Put, tree: Tree) -> None:
    late = check_pages(HOME / "site" / "pages", date(2031, 1, 1))
    assert len(late) > 100
    assert errors(late) == []


def test_the_same_day_gives_the_same_findings(put: Put, tree: Tree) -> None:
    pages = put(village(tree, "2026-09-30"))
    assert check_pages(pages, date(2027, 6, 1)) == check_pages(pages, date(2027, 6, 1))
