"""Lists of the work side: what the address asks, saved views, Excel, and what a wrong address is told."""

import hashlib
import io
from dataclasses import replace
from datetime import date
from urllib.parse import quote

import pytest
from flask import Blueprint
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from survey_app.domain.audit import ACTION_WORDS
from survey_app.store import audit
from survey_app.web import lists
from survey_app.web.doors import door
from survey_app.web.lists import Column, Found, List
from survey_app.web.workbook import write_table

PLACE = "/desk/fruit/"
FRUIT = [("pear", 3, date(2026, 1, 5)), ("=1+1", 20, None), ("apple", 100, date(2025, 12, 31)), ("fig", 3, None)]
NAMES = List(
    title="果子",
    empty="还没有果子。去种一棵。",
    columns=(
        Column("name", "名称", lambda row: row[0], href=lambda row: f"/desk/fruit/{quote(row[0])}"),
        Column("count", "数量", lambda row: row[1], number=True),
        Column("on", "日期", lambda row: row[2]),
        Column("state", "情况", lambda row: "多" if row[1] > 10 else "少", tag=lambda row: "good", sort=False),
        Column("secret", "备注", lambda row: "只在表里", on_page=False, sort=False),
    ),
    filters=(
        lists.words("q", "找什么", lambda row, typed: typed in row[0]),
        lists.choice("state", "多少", (("many", "多"), ("few", "少")), lambda row, s: (row[1] > 10) == (s == "many")),
        lists.day("since", "从哪天", lambda row, day: bool(row[2]) and row[2].isoformat() >= day),
    ),
    a_page=2,
)


@pytest.fixture
def desk(app, signed_in):
    """A list of four fruits, one list without any, and a clerk before them."""
    room = Blueprint("fruit", __name__, url_prefix="/desk")
    room.add_url_rule("/fruit/", "fruit", door("desk")(lambda: lists.answer(NAMES, lists.in_memory(NAMES, FRUIT))))
    room.add_url_rule("/none/", "none", door("desk")(lambda: lists.answer(NAMES, lists.in_memory(NAMES, []))))
    app.register_blueprint(room)
    return signed_in("publicity", "")


def names_on(answer):
    return [name for name, *_ in FRUIT if f">{name}</a>" in answer.text]


def order_on(answer):
    return sorted(names_on(answer), key=lambda name: answer.text.index(f">{name}</a>"))


def book_of(answer):
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(answer.data)).active.iter_rows()]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["pear", "=1+1"]),
        ("page=2", ["apple", "fig"]),
        ("sort=name", ["=1+1", "apple"]),
        ("sort=-name", ["pear", "fig"]),
        ("sort=-count", ["apple", "=1+1"]),
        ("sort=count", ["pear", "fig"]),  # equal ones stay as they were
        ("sort=on", ["apple", "pear"]),
        ("sort=-on", ["pear", "apple"]),
        ("sort=on&page=2", ["=1+1", "fig"]),  # without a day: at the end either way
        ("q=p", ["pear", "apple"]),
        ("state=few", ["pear", "fig"]),
        ("state=many&q=p", ["apple"]),
        ("since=2026-01-01", ["pear"]),
        ("q=nothing", []),
        ("page=999999999999999999999999", ["apple", "fig"]),
        ("page=-4", ["pear", "=1+1"]),
        ("page=x&sort=secret&colour=red", ["pear", "=1+1"]),
    ],
)
def test_the_address_says_what_is_shown(desk, query, names):
    assert order_on(desk.get(f"{PLACE}?{query}")) == names


def test_what_people_typed_never_becomes_markup_and_may_hold_a_percent_sign(app, signed_in):
    room = Blueprint("nasty", __name__, url_prefix="/desk")
    rows = [("<b>x</b>", 1, None), ("5.0%", 2, None), ("%(count)s", 3, None)]
    room.add_url_rule("/nasty/", "nasty", door("desk")(lambda: lists.answer(NAMES, lists.in_memory(NAMES, rows))))
    app.register_blueprint(room)
    desk = signed_in("publicity", "")

    assert "&lt;b&gt;x&lt;/b&gt;" in desk.get("/desk/nasty/").text
    assert ">5.0%</a>" in desk.get("/desk/nasty/").text
    assert ">%(count)s</a>" in desk.get("/desk/nasty/?page=2").text
    assert "<script>" not in desk.get("/desk/nasty/?q=<script>&since=<script>").text


def test_the_count_is_said_and_what_to_do_when_there_is_nothing(desk):
    assert "共4条" in desk.get(PLACE).text
    assert "符合条件的有2条" in desk.get(f"{PLACE}?state=few").text
    assert "少写几个条件再找" in desk.get(f"{PLACE}?q=nothing").text
    nothing = desk.get("/desk/none/")
    assert "还没有果子。去种一棵。" in nothing.text
    assert "下载Excel" not in nothing.text


@pytest.mark.parametrize(
    ("query", "title"), [("since=2026-02-30", "从哪天"), ("state=rotten", "多少"), ("q=" + "p" * 201, "找什么")]
)
def test_a_condition_nothing_can_be_is_named_and_not_applied(desk, query, title):
    answer = desk.get(f"{PLACE}?{query}")

    assert answer.status_code == 200
    assert f"“{title}”写得不对，没有按它找。" in answer.text
    assert "共4条" in answer.text


def test_what_was_asked_goes_along_to_the_next_page_and_into_the_order(desk):
    page = desk.get(f"{PLACE}?state=few&sort=-name").text

    assert f'href="{PLACE}?state=few&amp;sort=name"' in page  # a second click turns the order round
    assert f'href="{PLACE}?state=few&amp;sort=-name&amp;as=xlsx"' in page
    assert f'href="{PLACE}?sort=count&amp;page=2"' in desk.get(f"{PLACE}?sort=count").text
    assert 'aria-sort="descending"' in page


def test_excel_holds_every_row_that_fits_and_a_formula_stays_text(desk):
    answer = desk.get(f"{PLACE}?as=xlsx&sort=count&page=2")

    assert book_of(answer)[0] == ["名称", "数量", "日期", "情况", "备注"]
    assert [row[:2] for row in book_of(answer)[1:]] == [["pear", 3], ["fig", 3], ["=1+1", 20], ["apple", 100]]
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet["A4"].data_type in ("s", "inlineStr")
    assert sheet["C2"].value.date() == date(2026, 1, 5)
    assert sheet["C3"].value is None
    assert "filename*=UTF-8''" + quote("果子-2026-11-03.xlsx") in answer.headers["Content-Disposition"]


def test_who_took_the_table_stands_in_the_audit_log_with_its_digest(desk):
    answer = desk.get(f"{PLACE}?as=xlsx&state=few")
    [event] = audit.list_events(audit.Wanted(action="download"))

    assert (event.actor, event.subject) == (desk.person, "果子-2026-11-03.xlsx")
    assert event.detail["sha256"] == hashlib.sha256(answer.data).hexdigest()
    assert (event.detail["rows"], event.detail["asked"]) == (2, {"state": "few"})
    assert "download" in ACTION_WORDS


def test_a_table_too_long_for_a_browser_is_refused_in_words(desk, app, monkeypatch):
    monkeypatch.setattr(lists, "MOST_ROWS", 3)
    answer = desk.get(f"{PLACE}?as=xlsx")

    assert answer.status_code == 422
    assert "这张表有4行，一次最多下载3行" in answer.text
    assert audit.count_events(audit.Wanted(action="download")) == 0
    assert desk.get(f"{PLACE}?as=xlsx&q=p").status_code == 200


@pytest.mark.parametrize(
    "text", ["_x0041_", "\x07bell", "𠮷野家", "a\nb", "'=1", "\ufffe", "x" * 40_000, "http://a.example/", "007"]
)
def test_any_text_reads_back_as_text(clock, text):
    data = write_table("表[1]", ["一"], [[text]], clock())
    cell = load_workbook(io.BytesIO(data)).active["A2"]

    assert cell.data_type in ("s", "inlineStr")
    kept = "�" if text == "\ufffe" else f"{text[:32_766]}…" if len(text) > 32_767 else text
    assert unescape(cell.value) == kept


# ---- saved views


def save(desk, name, query, place=PLACE):
    return desk.post("/account/views", data={"place": place, "name": name, "query": query}, follow_redirects=True)


def test_a_view_is_saved_under_a_name_and_is_ones_own(desk, signed_in):
    page = save(desk, "少的", "state=few").text
    other = signed_in("publicity", "", "other").get(PLACE).text

    assert "已存下视图“少的”" in page
    assert f'<a href="{PLACE}?state=few" aria-current="page">少的</a>' in page
    assert "少的" not in other
    assert "少的" not in desk.get("/desk/none/").text


def test_a_view_of_the_same_name_is_replaced_and_can_be_dropped(desk):
    save(desk, "我的", "state=few")
    page = save(desk, "我的", "sort=-name").text
    assert page.count(">我的</a>") == 1
    [number] = {part.split("/")[0] for part in page.split("/account/views/")[1:]}

    gone = desk.post(f"/account/views/{number}/drop", follow_redirects=True).text
    assert "视图“我的”已删去" in gone
    assert ">我的</a>" not in gone


def test_nobody_drops_the_view_of_another(desk, signed_in):
    page = save(desk, "我的", "sort=name").text
    number = page.split("/account/views/")[1].split("/")[0]
    answer = signed_in("publicity", "", "other").post(f"/account/views/{number}/drop")

    assert answer.status_code == 422
    assert ">我的</a>" in desk.get(PLACE).text


@pytest.mark.parametrize(
    ("name", "words"), [("  ", "起个名字"), ("名" * 21, "最多20个"), ("a\u202eb", "看不见的控制符")]
)
def test_a_name_that_cannot_be_kept_is_refused_on_the_list_itself(desk, name, words):
    page = save(desk, name, "state=few").text

    assert words in page
    assert "符合条件的有2条" in page


def test_the_thirteenth_view_of_a_list_is_refused_in_words(desk):
    for number in range(12):
        save(desk, f"第{number}", "state=few")

    assert "已经存了12个视图" in save(desk, "第12", "state=few").text


@pytest.mark.parametrize(
    "place", ["//evil.example/", "https://evil.example/", "/r", "/desk\\..", "", "/desk/" + "x" * 2000]
)
def test_a_view_never_leads_away_from_the_work_side(desk, place):
    answer = desk.post("/account/views", data={"place": place, "name": "坏", "query": ""})

    assert answer.status_code == 422
    assert "没有这张表" in answer.text


def test_a_list_from_the_database_fetches_one_page_alone(app, signed_in):
    asked_for = []

    def find(asked):
        return Found(10_000, lambda limit, offset: asked_for.append((limit, offset, asked.sort)) or FRUIT[:limit])

    room = Blueprint("many", __name__, url_prefix="/desk")
    made = replace(NAMES, order="-name")
    room.add_url_rule("/many/", "many", door("desk")(lambda: lists.answer(made, find)))
    app.register_blueprint(room)
    signed_in("publicity", "").get("/desk/many/?page=5000")

    assert asked_for == [(2, 9998, "-name")]
