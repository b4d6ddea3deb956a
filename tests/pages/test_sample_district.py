"""The sample district is whole: what a newcomer sees must look like a district, and say that it is a sample."""

from collections import Counter

import pytest

from survey_app.config import HOME
from survey_app.domain.scale import CLASSES
from survey_app.publishing.book import Book
from survey_app.publishing.pages import read_pages
from survey_app.publishing.schemas import kinds
from survey_app.publishing.words import CATEGORIES


@pytest.fixture(scope="module")
def pages():
    return read_pages(HOME / "site" / "pages")


def of(pages, kind):
    return [page for page in pages if page.kind == kind]


def test_there_are_units_procedures_commitments_and_notices_enough_to_look_finished(pages):
    count = Counter(page.kind for page in pages)

    assert count["unit"] >= 14
    assert count["procedure"] >= 60
    assert count["commitment"] >= 35
    assert count["notice"] >= 25


def test_the_catalogue_has_forty_items_or_more_and_one_page_each(pages):
    numbers = sorted(item.data["number"] for item in of(pages, "disclosure_item"))

    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 40
    assert {"每月", "每季度", "每半年", "每年"} <= {item.data["cadence"] for item in of(pages, "disclosure_item")}


def test_every_kind_of_page_but_results_is_in_the_sample(pages):
    made = {"round", "result", "kept_rates", "handling"}  # from the app and from analysis
    assert {page.kind for page in pages} == kinds() - made


def test_duty_boards_show_all_three_states_and_when_they_were_changed(pages):
    boards = [unit.data for unit in of(pages, "unit") if unit.data.get("windows")]
    states = {window["state"] for board in boards for window in board["windows"]}

    assert states == {"on", "away", "out"}
    assert all("duty_at" in board for board in boards)


def test_notices_show_every_way_to_answer_a_notice(pages):
    notices = of(pages, "notice")

    assert [n.slug for n in notices if "corrects" in n.data]
    assert [n.slug for n in notices if "supersedes" in n.data]
    [withdrawn] = [n for n in notices if "withdrawn" in n.data]
    assert "text" not in withdrawn.data
    assert {n.data["category"] for n in notices} == set(CATEGORIES)


def test_every_unit_stands_on_the_map_unless_it_is_part_of_another(pages):
    [home] = of(pages, "home")

    assert [unit.path for unit in of(pages, "unit") if "map" not in unit.data and "merged_into" not in unit.data] == []
    assert [unit.path for unit in of(pages, "unit") if "merged_into" in unit.data] == ["units/rexian/index.md"]
    assert len(home.data["map"]["roads"]) >= 8
    assert home.data["address"] == "https://pingyi.qinghe.example/"
    assert {"say": "社保卡", "means": "社会保障卡"} in home.data["synonyms"]
    assert {"say": "要多久", "means": "承诺时限"} in home.data["synonyms"]


def test_files_to_download_are_real_and_small(pages):
    files = sorted((HOME / "site" / "pages" / "files").rglob("*.*"))

    assert len(files) >= 6
    assert [file.name for file in files if file.stat().st_size > 30_000] == []
    starts = {".pdf": b"%PDF-", ".xlsx": b"PK\x03\x04"}
    assert [file.name for file in files if not file.read_bytes().startswith(starts[file.suffix])] == []


def test_all_four_villages_have_told_the_third_quarter(pages):
    book, told = Book(pages), {}
    for unit in of(pages, "unit"):
        if unit.data["class"] == "village":
            of_unit = book.notices_of(unit.slug)
            told[unit.slug] = any(n.data["category"] == "村务公开" and n.slug >= "2026-10" for n in of_unit)

    assert told == {"beipo": True, "chunhui": True, "shiqiao": True, "yangwan": True}


def test_units_stand_in_all_seven_classes_and_two_towns_have_villages_below_them(pages):
    units = [unit for unit in of(pages, "unit") if "merged_into" not in unit.data]
    towns = {unit.slug for unit in units if unit.data["class"] == "township"}
    parents = {unit.data.get("parent") for unit in units if unit.data["class"] == "village"}

    assert {unit.data["class"] for unit in units} == set(CLASSES)
    assert len(parents & towns) >= 2


def test_no_page_of_the_sample_lacks_an_element(pages):
    assert [page.path for page in pages if page.data.get("imported")] == []


def test_every_telephone_number_of_the_sample_is_made_up(pages):
    numbers = {
        str(value) for page in pages for name, value in page.data.items() if name in ("phone", "complaint_phone")
    }

    assert len(numbers) > 40
    assert [number for number in numbers if not number.startswith("0000-")] == []


def test_the_home_page_says_that_all_is_a_sample(pages):
    [home] = of(pages, "home")

    assert "虚构" in home.data["sample_note"]
