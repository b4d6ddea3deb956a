"""What of the cases waits for whom, on the start page."""

from datetime import timedelta

from survey_app.domain.cases import steps
from tests.survey_app.unit.pages import give_desk_pages


def test_a_late_case_stands_on_the_start_page_of_its_handler_and_of_nobody_else(desk, clock, settings, signed_in):
    give_desk_pages(settings.pages)
    desk.receive("complaint")
    desk.receive("complaint")
    noise = desk.receive("question").number
    desk.take(noise, steps.ANSWERED)
    handler, other = signed_in("case_handler", "tax"), signed_in("case_handler", "water", username="other")

    assert "2件办件要办" in handler.get("/office/").text
    assert "已经逾期" not in handler.get("/office/").text
    clock.at += timedelta(days=40)
    handler, other = signed_in("case_handler", "tax"), signed_in("case_handler", "water", username="other")
    assert "2件办件已经逾期" in handler.get("/office/").text
    assert "2件办件" not in other.get("/office/").text


def test_a_reviewer_is_told_of_an_extension_that_is_asked_for(desk, settings, signed_in):
    give_desk_pages(settings.pages)
    number = desk.receive("complaint").number
    reviewer = signed_in("reviewer")
    assert "等批延期" not in reviewer.get("/office/").text

    desk.take(number, steps.EXTENSION_ASKED)

    page = reviewer.get("/office/").text
    assert "件办件等批延期" in page
    assert "/office/cases?show=extension" in page
