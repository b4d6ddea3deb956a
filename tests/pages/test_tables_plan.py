"""The dry run says what every row would do, and lets no refused row in."""

from pathlib import Path

import pytest

from survey_app.domain.errors import BadInput
from survey_app.publishing.book import Book
from survey_app.publishing.pages import new_page
from survey_app.publishing.tables.plan import Change
from tests.pages.page_trees import PROCEDURE, small_tree
from tests.pages.tables import plan_of, said, workbook

BARE = {"kind": "procedure", "imported": True}
CODE = str(PROCEDURE["code"])


@pytest.fixture
def book() -> Book:
    """The small tree, and a second unit with an imported procedure that nobody may touch by accident."""
    noise = {
        "units/noise/index.md": {"kind": "unit", "title": "旁边局", "updated_on": "2026-11-01", "imported": True},
        "units/noise/procedures/same.md": {**BARE, "title": "二手房过户", "code": "000000000009"},
    }
    return Book([new_page(path, data) for path, data in {**small_tree(), **noise}.items()])


def unit_of(book: Book) -> str:
    return next(page.unit for page in book.kind("procedure") if page.data["code"] == CODE)


def rows(*values: list[object], header: str = "单位 事项名称 事项编码 在哪里办") -> list[list[object]]:
    return [list(header.split()), *values]


def test_a_changed_cell_is_told_with_before_and_after_and_all_else_stays(book: Book, tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", 办事指南=rows(["登记中心", "二手房过户", CODE, "二楼9号窗口"]))

    plan = plan_of(book, file)

    (entry,) = plan.entries
    assert (entry.verdict, entry.row) == ("change", 2)
    assert entry.changes == [Change("在哪里办", "一楼1号窗口", "二楼9号窗口")]
    (page,) = plan.pages
    assert {k: v for k, v in page.data.items() if k != "place"} == {k: v for k, v in PROCEDURE.items() if k != "place"}


def test_a_row_is_matched_by_code_then_by_title_and_else_is_new(book: Book, tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "a.xlsx",
        办事指南=rows(
            ["登记中心", "换了叫法的过户", CODE, "一楼1号窗口"],
            ["旁边局", "二手房过户", "", "三楼"],
            ["旁边局", "没有过的事", "000000000010", "四楼"],
        ),
    )

    plan = plan_of(book, file)

    assert [(e.verdict, e.path.rpartition("/")[2]) for e in plan.entries] == [
        ("change", Path(next(p.path for p in book.kind("procedure") if p.data["code"] == CODE)).name),
        ("change", "same.md"),
        ("add", "mei-you-guo-de-shi.md"),
    ]


def test_a_new_page_with_gaps_is_taken_as_imported_and_says_what_is_missing(book: Book, tmp_path: Path) -> None:
    plan = plan_of(book, workbook(tmp_path / "a.xlsx", 办事指南=rows(["旁边局", "新事", "000000000010", "四楼"])))

    assert plan.pages[0].data == {
        "kind": "procedure", "title": "新事", "code": "000000000010", "place": "四楼", "imported": True
    }  # fmt: skip
    assert "还缺" in plan.entries[0].remarks[0].text()


def test_the_mark_of_gaps_goes_when_the_last_gap_is_filled(book: Book, tmp_path: Path) -> None:
    from survey_app.publishing.tables.exporting import one_file

    unit = unit_of(book)
    gap = {key: value for key, value in PROCEDURE.items() if key != "place"} | {"imported": True}
    path = next(p.path for p in book.kind("procedure") if p.unit == unit and p.data["code"] == CODE)
    holed = book.with_pages([new_page(path, gap)])
    (tmp_path / "x.xlsx").write_bytes(one_file(holed, [holed.by_path[path]]))
    assert plan_of(holed, tmp_path / "x.xlsx").counts["same"] == 1
    filled = workbook(tmp_path / "y.xlsx", 办事指南=rows(["登记中心", "二手房过户", CODE, "一楼1号窗口"]))

    (page,) = plan_of(holed, filled).pages

    assert page.data == PROCEDURE


def test_an_emptied_cell_takes_the_field_away_where_the_schema_lets_it(book: Book, tmp_path: Path) -> None:
    header = "单位 事项名称 事项编码 收费：说明 在哪里办"
    note = plan_of(
        book,
        workbook(
            tmp_path / "a.xlsx", 办事指南=rows(["登记中心", "二手房过户", CODE, None, "一楼1号窗口"], header=header)
        ),
    )
    place = plan_of(
        book,
        workbook(tmp_path / "b.xlsx", 办事指南=rows(["登记中心", "二手房过户", CODE, "住宅每件", ""], header=header)),
    )

    assert note.pages[0].data["fee"] == {"amount": "80元", "basis": "发改价格规〔2016〕2559号"}
    assert [(row, column) for row, column, _words in said(place)] == [(2, "在哪里办")]
    assert place.pages == []


def test_rows_of_a_list_replace_it_and_name_the_place_of_a_fault(book: Book, tmp_path: Path) -> None:
    head = ["单位", "事项编码", "材料", "份数", "原件或复印件", "从哪里来"]
    good = ["登记中心", CODE, "户口簿", "1份", "原件核验", "公安机关"]
    lacks = ["登记中心", CODE, "合同", "", "原件", "自备"]

    taken = plan_of(book, workbook(tmp_path / "a.xlsx", **{"办事指南·材料": [head, good]}))
    refused = plan_of(book, workbook(tmp_path / "b.xlsx", **{"办事指南·材料": [head, good, lacks]}))

    assert taken.pages[0].data["materials"] == [
        {"name": "户口簿", "copies": "1份", "form": "原件核验", "source": "公安机关"}
    ]
    assert [(row, column) for row, column, _words in said(refused)] == [(3, "份数")]
    assert refused.pages == []


def test_none_in_a_list_means_that_there_is_none(book: Book, tmp_path: Path) -> None:
    head = ["单位", "事项编码", "材料", "份数", "原件或复印件", "从哪里来"]
    file = workbook(tmp_path / "a.xlsx", **{"办事指南·材料": [head, ["登记中心", CODE, "无", None, None, None]]})

    assert plan_of(book, file).pages[0].data["materials"] == []


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (["登记中心", "过户", "=1+1", "x"], "事项编码", "公式"),
        (["登记中心", "过户", 12345678901234567890, "x"], "事项编码", "末几位"),
        (["登记中心", "过户", "5.11602E+11", "x"], "事项编码", "科学记数"),
        (["登记中心", "过户", "五一", "x"], "事项编码", "写法不对"),
        (["没有的局", "过户", "000000000011", "x"], "单位", "没有叫“没有的局”的单位"),
        ([None, "过户", "000000000011", "x"], "单位", "空着"),
        (["旁边局", None, "000000000011", "x"], "事项名称", "空着"),
        (["旁边局", "过户", "000000000011", True], "在哪里办", "TRUE"),
        (["旁边局", "过户", "000000000011", "a\u2028b"], "在哪里办", "U+2028"),
    ],
)
def test_a_bad_cell_is_refused_by_row_and_column_with_the_reason(
    book: Book, tmp_path: Path, row: list[object], column: str, words: str
) -> None:
    good = ["旁边局", "别的事", "000000000012", "一楼"]
    plan = plan_of(book, workbook(tmp_path / "a.xlsx", 办事指南=rows(good, row)))

    (told,) = said(plan)
    assert told[:2] == (3, column)
    assert words in told[2]
    assert [page.title for page in plan.pages] == ["别的事"]


def test_numbers_and_days_typed_as_such_are_read_where_a_number_or_a_day_is_wanted(book: Book, tmp_path: Path) -> None:
    from datetime import datetime

    header = "单位 事项名称 事项编码 跑几趟 版本日期 法定办结时限（工作日）"
    row: list[object] = ["登记中心", "二手房过户", CODE, 2, datetime(2026, 11, 3), "２０"]

    plan = plan_of(book, workbook(tmp_path / "a.xlsx", 办事指南=rows(row, header=header)))

    data = plan.pages[0].data
    assert (data["visits"], data["version_on"], data["legal_limit_days"]) == (2, "2026-11-03", 20)


def test_a_promise_longer_than_the_law_keeps_its_row_out(book: Book, tmp_path: Path) -> None:
    header = "单位 事项名称 事项编码 承诺办结时限（工作日）"
    plan = plan_of(
        book, workbook(tmp_path / "a.xlsx", 办事指南=rows(["登记中心", "二手房过户", CODE, 31], header=header))
    )

    (told,) = said(plan)
    assert told[:2] == (2, "承诺办结时限（工作日）")
    assert plan.pages == []


def test_a_row_that_leans_on_a_refused_one_is_refused_too(book: Book, tmp_path: Path) -> None:
    units: list[list[object]] = [["单位名称", "统一社会信用代码"], ["新建局", "不是代码"]]
    plan = plan_of(
        book, workbook(tmp_path / "a.xlsx", 单位=units, 办事指南=rows(["新建局", "新事", "000000000010", "一楼"]))
    )

    assert plan.counts == {"add": 0, "change": 0, "same": 0, "refuse": 2}


def test_two_rows_for_one_page_are_both_refused_and_twins_with_other_codes_both_kept(
    book: Book, tmp_path: Path
) -> None:
    same = plan_of(
        book,
        workbook(tmp_path / "a.xlsx", 办事指南=rows(["登记中心", "过户", CODE, "a"], ["登记中心", "过户", CODE, "b"])),
    )
    twins = plan_of(
        book,
        workbook(
            tmp_path / "b.xlsx",
            办事指南=rows(["旁边局", "双胞胎", "000000000021", "a"], ["旁边局", "双胞胎", "000000000022", "b"]),
        ),
    )

    assert same.counts["refuse"] == 2
    assert [page.slug for page in twins.pages] == ["shuang-bao-tai", "shuang-bao-tai-2"]
    assert any("重名" in remark.text() for remark in twins.entries[1].remarks)


def test_merged_cells_are_refused_by_their_name(book: Book, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    file = workbook(
        tmp_path / "a.xlsx", 办事指南=rows(["旁边局", "甲事", "000000000021", "a"], [None, "乙事", "000000000022", "b"])
    )
    made = load_workbook(file)
    made["办事指南"].merge_cells("A2:A3")
    made.save(file)

    plan = plan_of(book, file)

    assert plan.pages == []
    assert "A2:A3" in said(plan)[0][2]


def test_an_editor_brings_in_rows_of_their_own_unit_only(book: Book, tmp_path: Path) -> None:
    units: list[list[object]] = [["单位名称"], ["另起的局"]]
    file = workbook(
        tmp_path / "a.xlsx",
        单位=units,
        办事指南=rows(["旁边局", "新事", "000000000010", "一楼"], ["登记中心", "新事", "000000000010", "一楼"]),
    )

    plan = plan_of(book, file, unit="noise")

    assert [page.path for page in plan.pages] == ["units/noise/procedures/xin-shi.md"]
    assert plan.counts["refuse"] == 2


def test_columns_are_known_by_other_names_and_unknown_ones_are_told_or_led(book: Book, tmp_path: Path) -> None:
    file = tmp_path / "items.csv"
    file.write_text("unit,item,item_code,受理处,备用\n旁边局,新事,000000000010,一楼,z\n", "utf-8")

    plan = plan_of(book, file)
    led = plan_of(book, file, wishes={"受理处": "在哪里办", "备用": "-"})

    assert plan.sheets[0].unknown == ("受理处", "备用")
    assert "受理处、备用" in plan.remarks[1].text()
    assert led.sheets[0].unknown == ()
    assert led.sheets[0].skipped == ("备用",)
    assert led.pages[0].data["place"] == "一楼"
    with pytest.raises(BadInput, match="没有“没有的项”这一项"):
        plan_of(book, file, wishes={"受理处": "没有的项"})


def test_the_same_tables_over_the_same_pages_give_the_same_digest(book: Book, tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", 办事指南=rows(["登记中心", "二手房过户", CODE, "二楼"]))
    other = book.with_pages(
        [
            new_page(
                "units/noise/procedures/same.md",
                {"kind": "procedure", "title": "改了", "code": "000000000009", "imported": True},
            )
        ]
    )

    assert plan_of(book, file).digest == plan_of(book, file).digest == plan_of(other, file).digest
    changed = dict(PROCEDURE, place="三楼")
    path = plan_of(book, file).entries[0].path
    assert plan_of(book.with_pages([new_page(path, changed)]), file).digest != plan_of(book, file).digest
