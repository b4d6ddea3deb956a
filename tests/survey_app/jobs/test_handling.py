"""The public page of handling figures: every month once it is over, none of its rows too small to show."""

from datetime import UTC, datetime

import pytest

from survey_app.casework.figures import public_rows
from survey_app.domain.cases import steps
from survey_app.jobs import handling
from survey_app.publishing.checks import check_pages, errors
from survey_app.publishing.pages import parse_page
from tests.survey_app.casework.test_figures import case
from tests.survey_app.unit.pages import give_desk_pages

PAGE = "disclosure/handling-2026-11.md"
DECEMBER = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)  # midnight of 1 December in China


@pytest.fixture
def pages(settings):
    give_desk_pages(settings.pages)
    return settings.pages


def close(desk, count):
    for _ in range(count):
        number = desk.receive("question").number
        desk.take(number, steps.ANSWERED)
        desk.take(number, steps.SATISFIED, steps.CITIZEN)


def test_a_month_is_published_when_it_is_over_and_not_again(desk, pages, settings):
    close(desk, 10)

    assert handling.publish_due(settings, desk.clock()) == []
    assert handling.publish_due(settings, DECEMBER) == ["2026-11"]
    assert handling.publish_due(settings, DECEMBER) == []
    page = parse_page(PAGE, (pages / PAGE).read_bytes())
    assert [(row["name"], row["closed"], row["satisfied"]) for row in page.data["units"]] == [("办税服务厅", 10, 10)]
    assert "不计入的：“不满意”0份，“非常不满意”0份。" in page.body
    assert '<td role="cell" data-label="按时率" class="p-nowrap"><div>100.0%（10件）</div></td>' in page.body
    assert [finding for finding in errors(check_pages(pages)) if finding.path == PAGE] == []


def test_a_month_with_too_few_says_so_and_shows_no_figure(desk, pages, settings):
    close(desk, 3)

    assert handling.publish_due(settings, DECEMBER) == ["2026-11"]
    page = parse_page(PAGE, (pages / PAGE).read_bytes())
    assert (page.data["units"], page.data["kinds"]) == ([], [])
    assert "不到10件，不公布" in page.body
    assert errors(check_pages(pages)) == [] or PAGE not in {finding.path for finding in errors(check_pages(pages))}


def test_nothing_is_written_before_the_first_case_is_closed(desk, pages, settings):
    assert handling.publish_due(settings, DECEMBER) == []
    assert not (pages / PAGE).exists()


def test_small_units_stand_together_and_a_case_of_no_unit_is_the_offices():
    units, kinds = public_rows([case()] * 12 + [case("water")] * 4 + [case("~")] * 7, 10, str.upper)

    assert [(row["name"], row.get("code"), row["closed"]) for row in units] == [
        ("TAX", "tax", 12),
        ("其余合计", None, 11),
    ]
    assert [(row["name"], row["closed"]) for row in kinds] == [("咨询", 23)]
