"""A training district says so on every page, in every Excel and every Word; a real portal says nothing of it."""

import io

import pytest
import yaml
from docx import Document
from openpyxl import load_workbook

from survey_app.cli.sample import CLOSED, training, year_rounds
from survey_app.jobs import preparing
from survey_app.publishing.book import read_book
from survey_app.publishing.building.engine import child_config
from survey_app.publishing.outputs.built import Built
from tests.survey_app.supervision.conftest import TEXT, office
from tests.survey_app.supervision.test_year_end import AT, PLAN

__all__ = ["office"]

PAGE = "演练：这个网站的单位、人名、电话、数字和结果都是模拟的，不是真实结果。"
PAPER = "演练数据，不是真实结果"


@pytest.fixture
def learning(open_round, settings):
    """This portal bears the mark of a training district."""
    (settings.var / training.MARK).write_text("{}")


def first_rows(content, sheet=0):
    rows = load_workbook(io.BytesIO(content)).worksheets[sheet].iter_rows(values_only=True)
    return [next(rows)[0] for _time in range(2)]


def above(content):
    """What stands above the text on odd and on even pages."""
    section = Document(io.BytesIO(content)).sections[0]
    return [header.paragraphs[0].text for header in (section.header, section.even_page_header)]


def test_every_page_of_both_sides_says_it(learning, citizen, signed_in):
    for client, address in ((citizen, "/r"), (citizen, "/report"), (signed_in("issuer"), "/office/")):
        assert PAGE in client.get(address).text
    english = signed_in("issuer", username="sun").get("/office/?lang=en", follow_redirects=True).text
    assert "Training: the units" in english


def test_a_real_portal_says_nothing_of_training(open_round, settings, citizen, office):
    office.issue()
    assert "演练" not in citizen.get("/r").text
    assert first_rows(office.ji.get("/office/orders?as=xlsx").data)[0] == "编号"
    assert above(office.ji.get("/office/orders/2026-0001/paper.docx").data) == ["", ""]
    assert "sample_note" not in child_config(settings, {"district": "清河区"}, settings.var)


def test_the_site_says_it_whatever_the_home_page_says(learning, settings):
    extra = yaml.safe_load(child_config(settings, {"sample_note": "别的话"}, settings.var))["extra"]
    built = Built(settings, read_book(settings.pages), settings.var)

    assert extra["portal"]["sample_note"] == PAGE
    assert built.home["sample_note"] == PAGE  # notices to print


def test_every_excel_begins_with_it(learning, settings, office, signed_in):
    office.ji.post(f"{AT}/plan", data=PLAN)
    reviewer = signed_in("reviewer")
    reviewer.post("/office/downloads/cases-20261103.xlsx")
    preparing.prepare_all(settings)

    assert first_rows(office.ji.get("/office/orders?as=xlsx").data) == [PAPER, "编号"]
    assert first_rows(office.ji.get(f"{AT}/sheet.xlsx").data) == [PAPER, "类别"]
    prepared = reviewer.get("/office/downloads/cases-20261103.xlsx/file", buffered=True).data
    assert first_rows(prepared) == [PAPER, "编号"]
    assert first_rows(signed_in("unit_editor").get("/desk/tables/template").data)[0] == PAPER


def test_every_word_says_it_above_the_text(learning, office):
    office.ji.post(f"{AT}/plan", data=PLAN)
    number = office.issue(**TEXT)
    for address in (f"/office/orders/{number}/paper.docx", "/office/briefs/2026-10.docx", f"{AT}/sheet.docx"):
        assert above(office.ji.get(address).data) == [PAPER, PAPER]


def test_the_rounds_of_a_training_district_have_it_in_their_names():
    """What analysis writes of a round begins with the round's name."""
    names = [closed.name for closed in CLOSED] + [year_rounds.MARK, year_rounds.SAMPLE]
    assert [name for name in names if "演练" not in name] == []
