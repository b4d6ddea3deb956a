"""The sample district is whole: what a newcomer sees must look like a district, and say that it is a sample."""

from collections import Counter

import pytest

from survey_app.config import HOME
from survey_app.domain.scale import CLASSES
from survey_app.publishing.pages import read_pages


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


def test_the_catalogue_has_forty_items(pages):
    [catalogue] = of(pages, "catalogue")

    assert [item["number"] for item in catalogue.data["items"]] == list(range(1, 41))


def test_units_stand_in_all_seven_classes_and_two_towns_have_villages_below_them(pages):
    units = of(pages, "unit")
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
