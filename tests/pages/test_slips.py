"""Slips with visit codes: each code once, on paper that can be cut; and the sheet at the window."""

import re

from survey_app.config import Settings
from survey_app.domain.codes import new_code, spoken
from survey_app.publishing.book import Book
from survey_app.publishing.outputs import slips
from survey_app.publishing.outputs.built import Built
from survey_app.publishing.outputs.prints import rating_address, rating_poster_of
from survey_app.publishing.outputs.slips import PER_SHEET, Slip, slips_pdf
from survey_app.publishing.pages import new_page
from tests.everyday import codes_on, drawn_on
from tests.pages.page_trees import PROCEDURE_PATH, UNIT_PATH

SLIP = Slip("试验区登记中心", "二手房过户", "2026年12月13日", "https://a.example/rate/service/dengji/guohu")


def codes(count):
    return [spoken(new_code()) for _ in range(count)]


def test_every_code_stands_on_exactly_one_slip_in_the_order_given():
    mine = codes(PER_SHEET + 3)

    assert codes_on(slips_pdf(SLIP, mine)) == mine


def test_a_sheet_is_full_before_the_next_begins():
    assert b"/Count 1" in slips_pdf(SLIP, codes(PER_SHEET))
    assert b"/Count 2" in slips_pdf(SLIP, codes(PER_SHEET + 1))


def test_the_qr_code_leads_to_the_form_with_the_code_where_no_server_sees_it(monkeypatch):
    drawn = []
    real = slips.strokes
    monkeypatch.setattr(slips, "strokes", lambda address: drawn.append(address) or real(address))
    [code] = codes(1)
    slips_pdf(SLIP, [code])

    assert drawn == [f"https://a.example/rate/service/dengji/guohu#{code.replace('-', '')}"]


def test_a_portal_without_an_address_prints_slips_without_a_qr_code(monkeypatch):
    monkeypatch.setattr(slips, "strokes", lambda _address: 1 / 0)
    mine = codes(2)

    assert codes_on(slips_pdf(Slip("登记中心", "过户", "12月13日", ""), mine)) == mine


def test_nothing_runs_over_the_edge_of_a_slip_however_long_the_names_are():
    long = Slip(
        "试验区" * 20, "国有建设用地使用权及房屋所有权转移登记（买卖、赠与、继承）" * 2, "2026年12月13日", SLIP.address
    )
    lines = [float(y) for y in re.findall(r"1 0 0 1 [\d.]+ ([\d.]+) Tm", drawn_on(slips_pdf(long, codes(1))))]
    top, bottom = (slips.HIGH - slips.EDGE) * slips.MM, (slips.HIGH - slips.EDGE - slips.TALL) * slips.MM

    assert len(lines) == 7  # owner, two lines of title, code, three of instruction
    assert lines == sorted(lines, reverse=True)
    assert bottom + slips.MM < lines[-1] < lines[0] < top - 3 * slips.MM


def test_the_sheet_at_the_window_leads_to_the_form_and_says_that_it_hangs_there(tree):
    tree["index.md"]["address"] = "https://a.example/"
    book = Book(new_page(path, data) for path, data in tree.items())
    built = Built(Settings(), book, None)
    of_unit, of_procedure = (rating_poster_of(built, book.by_path[path]) for path in (UNIT_PATH, PROCEDURE_PATH))

    assert of_unit.address == "https://a.example/rate/service/dengji?from=window"
    assert of_procedure.address == "https://a.example/rate/service/dengji/guohu?from=window"
    assert rating_address("https://a.example/", "dengji") in of_unit.address
