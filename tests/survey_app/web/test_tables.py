"""Any table of a page leaves as Excel: what its reader sees, with numbers as numbers, and an entry in the log."""

import hashlib
import io
import re
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Blueprint, render_template_string
from openpyxl import load_workbook

from survey_app.store import audit
from survey_app.store.database import StorageUnavailable
from survey_app.web import sending
from survey_app.web.doors import door

PLACE = "/desk/fruit/"
PAGE = """<h1>果园</h1><h2>{{ request.args.get("year", "今年") }}的果子</h2>
<div class="p-scroll"><table><thead>
<tr><th rowspan="2">名称</th><th colspan="2">收成</th><th rowspan="2">记在</th></tr>
<tr><th>斤</th><th>好果率</th></tr></thead>
<tbody><tr><th>=1+1</th><td class="p-num">3,400</td><td class="p-num-end">71.4%</td><td>2026年11月3日</td></tr>
<tr><th>007<br><small>早熟</small></th><td class="p-num">–</td><td class="p-num">不显示</td><td>2026-10-31</td></tr>
<tr><th>12</th><td class="p-num">0.25</td><td class="p-num">100%</td><td>2026-02-30</td></tr>
</tbody></table></div>{{ table_link() }}
<table><caption>填的/表</caption><thead><tr><th>谁</th><th>几个</th><th>在吗</th></tr></thead><tbody><tr>
<td><input name="a" value="梨"><label><input type="radio">选</label></td><td><input inputmode="numeric" value="12"></td>
<td><span aria-hidden="true">●</span><span>在</span><select><option>无<option selected>有</option></select></td></tr>
</tbody></table>{{ table_link() }}"""


@pytest.fixture
def desk(app, signed_in):
    """A page with two tables and somebody who may read it."""
    room = Blueprint("fruit", __name__, url_prefix="/desk")
    read = door("desk")(lambda: render_template_string(PAGE))
    room.add_url_rule("/fruit/", "fruit", read, methods=["GET", "POST"])
    app.register_blueprint(room)
    return signed_in("publicity", "")


def book_of(answer):
    return load_workbook(io.BytesIO(answer.data)).active


def rows_of(answer):
    return [[cell.value for cell in row] for row in book_of(answer).iter_rows()]


def test_a_table_is_what_its_reader_sees_with_numbers_days_and_shares_to_count_with(desk):
    answer = desk.get(f"{PLACE}?as=xlsx&table=1")

    head, formula, early, twelve = rows_of(answer)
    assert head == ["名称", "收成 斤", "收成 好果率", "记在"]
    assert formula[:3] == ["=1+1", 3400, 0.714]
    assert formula[3].date() == date(2026, 11, 3)
    assert early[:3] == ["007 早熟", None, "不显示"]
    assert early[3].date() == date(2026, 10, 31)
    assert twelve == ["12", 0.25, 1, "2026-02-30"]  # text that looks like a number or a day stays text
    assert book_of(answer)["A2"].data_type in ("s", "inlineStr")
    assert book_of(answer)["C2"].number_format == "0.0%"


def test_what_is_typed_and_chosen_in_a_table_goes_along_and_what_asks_for_it_does_not(desk):
    assert rows_of(desk.get(f"{PLACE}?as=xlsx&table=2")) == [["谁", "几个", "在吗"], ["梨", 12, "在有"]]


def test_the_link_keeps_what_the_page_was_asked_and_the_file_is_called_as_the_table(desk):
    page = desk.get(f"{PLACE}?year=2025年").text
    [first, second] = re.findall(r'<a href="([^"]+)" data-table', page)
    answer = desk.get(first.replace("&amp;", "&"))

    assert first == f"{PLACE}?year={quote('2025年')}&amp;as=xlsx&amp;table=1"
    assert quote("2025年的果子-2026-11-03.xlsx") in answer.headers["Content-Disposition"]
    assert quote("填的_表-2026-11-03.xlsx") in desk.get(second.replace("&amp;", "&")).headers["Content-Disposition"]


def test_who_took_a_table_stands_in_the_audit_log_with_its_digest(desk):
    answer = desk.get(f"{PLACE}?as=xlsx&table=2")
    [event] = audit.list_events(audit.Wanted(action="download"))

    assert (event.actor, event.subject) == (desk.person, "填的_表-2026-11-03.xlsx")
    assert event.detail == {"sha256": hashlib.sha256(answer.data).hexdigest(), "rows": 1, "page": PLACE}


@pytest.mark.parametrize("query", ["as=xlsx", "as=xlsx&table=3", "as=xlsx&table=x", "table=1", "as=xlsx&table=0"])
def test_a_table_that_the_page_does_not_have_is_the_page_itself(desk, query):
    assert "<h1>果园</h1>" in desk.get(f"{PLACE}?{query}").text
    assert audit.count_events(audit.Wanted(action="download")) == 0


def test_a_page_drawn_after_a_form_was_sent_offers_nothing_that_an_address_could_not_bring_back(desk):
    assert "data-table" not in desk.post(PLACE).text


def test_whoever_may_not_see_the_page_gets_no_table_of_it(desk, app, signed_in):
    refused = signed_in("administrator").get(f"{PLACE}?as=xlsx&table=1")
    assert (refused.status_code, refused.mimetype) == (403, "text/html")
    assert app.test_client().get(f"{PLACE}?as=xlsx&table=1").status_code == 303
    assert audit.count_events(audit.Wanted(action="download")) == 0


def test_nothing_leaves_that_could_not_be_written_down(desk, monkeypatch):
    @contextmanager
    def full():
        raise StorageUnavailable
        yield

    monkeypatch.setattr(sending, "write", full)
    answer = desk.get(f"{PLACE}?as=xlsx&table=1")

    assert (answer.status_code, answer.mimetype) == (503, "text/html")


def test_a_table_of_a_real_page_is_offered_and_taken(open_round, signed_in):
    officer = signed_in("round_officer")

    assert 'data-table="2"' in officer.get("/office/rounds").text  # 2027 stands above 2026
    head, *rounds = rows_of(officer.get("/office/rounds?as=xlsx&table=2"))
    assert (head[0], head[10]) == ("评议轮次", "10月")
    running = next(row for row in rounds if row[0].startswith("2026-h2"))
    assert (running[9], running[10]) == (None, "在评")  # from 12 October


def test_every_table_of_the_work_side_can_be_taken():
    rooms = Path(__file__).resolve().parents[3] / "survey_app"
    texts = {file: file.read_text("utf-8") for file in rooms.rglob("templates/**/*.html") if file.name != "lists.html"}
    with_tables = {file: text for file, text in texts.items() if "<table" in text}

    assert len(with_tables) > 15
    assert [f.name for f, text in with_tables.items() if text.count("<table") != text.count("table_link()")] == []
