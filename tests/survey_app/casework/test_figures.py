"""Figures of handling, worked out by hand: nobody's silence is satisfaction, nothing small can be subtracted out."""

import csv
import io
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.casework import figures as module
from survey_app.casework.figures import as_cells, decimal, handled_in, lines, public_exclusions
from survey_app.domain.cases import steps
from survey_app.domain.cases.figures import OTHERS, Handled, by, figures, pooled, ruled_out
from survey_app.store.case_histories import histories
from survey_app.store.models import CaseRecord
from tests.survey_app.casework.test_desks import answer_of
from tests.survey_app.unit.pages import give_desk_pages


def case(unit="tax", kind="question", days=3, on_time=True, reopened=False, satisfied="yes"):
    return Handled(unit, kind, days, on_time, reopened, satisfied)


FIVE = [
    case(days=1),
    case(days=2, satisfied="silent"),
    case(days=4, on_time=False, satisfied="no", reopened=True),
    case(days=9, on_time=False, satisfied="silent"),
    case(days=None, on_time=False, satisfied=""),
]


def test_five_cases_counted_by_hand():
    found = figures(FIVE)

    assert (found.closed, found.on_time, found.on_time_pct) == (5, 2, 40)
    assert found.days == 3  # of 1, 2, 4, 9
    assert (found.satisfied, found.unsatisfied, found.silent, found.reopened) == (1, 1, 2, 1)


def test_ratings_ruled_out_are_counted_by_level_and_those_that_count_are_not():
    out = [Handled("tax", "bad_rating", 3, True, False, "yes", level) for level in (1, 1, 2, 0)]

    assert ruled_out([*out, *FIVE]) == {2: 1, 1: 2}
    assert ruled_out(FIVE) == {2: 0, 1: 0}
    assert public_exclusions(out) == [{"level": "不满意", "ruled_out": 1}, {"level": "非常不满意", "ruled_out": 2}]


def test_no_case_has_no_median_and_no_rate_of_its_own():
    assert (figures([]).days, figures([]).on_time_pct) == (None, 0)


@pytest.mark.parametrize(
    ("value", "shown"), [(Fraction(200, 3), "66.7"), (Fraction(7, 2), "3.5"), (4, "4.0"), (Fraction(1, 20), "0.1")]
)
def test_one_decimal_with_a_half_rounded_up(value, shown):
    assert decimal(Fraction(value)) == shown


def of_sizes(**sizes):
    return {name: [case(unit=name)] * count for name, count in sizes.items()}


def sizes(groups):
    return {name: len(cases) for name, cases in groups.items()}


def test_what_is_too_small_goes_together_and_takes_the_smallest_with_it_until_it_is_large_enough():
    assert sizes(pooled(of_sizes(a=30, b=12, c=11, d=4), 10)) == {"a": 30, "b": 12, OTHERS: 15}
    assert sizes(pooled(of_sizes(a=30, b=7, c=6), 10)) == {"a": 30, OTHERS: 13}
    assert sizes(pooled(of_sizes(a=30, b=12), 10)) == {"a": 30, "b": 12}
    assert sizes(pooled(of_sizes(a=12, b=3), 10)) == {OTHERS: 15}
    assert pooled(of_sizes(a=5, b=4), 10) == {}


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 40), max_size=12), st.integers(1, 20))
def test_no_row_is_ever_below_the_minimum_and_no_case_is_lost(counts, least):
    groups = of_sizes(**counts)
    made = pooled(groups, least)

    assert all(count >= least for count in sizes(made).values())
    assert sum(sizes(made).values()) in (sum(counts.values()), 0)
    assert made or sum(counts.values()) < least


def test_a_late_answer_and_a_second_one_in_time_are_told_from_the_events(desk, clock, settings):
    give_desk_pages(settings.pages)
    prompt, late = desk.receive("question").number, desk.receive("question").number
    open_one = desk.receive("question").number
    desk.take(prompt, steps.ANSWERED)
    desk.take(prompt, steps.SATISFIED, steps.CITIZEN)
    clock.at += timedelta(days=8)  # Wednesday 11 November: six working days after Tuesday 3, one too many
    desk.take(late, steps.ANSWERED)
    desk.take(late, steps.DISSATISFIED, steps.CITIZEN)
    desk.take(late, steps.ANSWERED)
    desk.take(late, steps.SATISFIED, steps.CITIZEN)

    found = handled_in("2026-11", settings)
    assert [(one.days, one.on_time, one.reopened, one.satisfied) for one in found] == [
        (0, True, False, "yes"),
        (6, False, True, "yes"),
    ]
    assert handled_in("2026-10", settings) == []
    assert open_one


def test_a_closed_case_is_read_once_until_something_more_is_done_with_it(desk, clock, settings, monkeypatch):
    give_desk_pages(settings.pages)
    read = []
    monkeypatch.setattr(
        module, "histories", lambda closed: histories([read.append(one.number) or one for one in closed])
    )
    first, second = desk.receive("question").number, desk.receive("question").number
    close(desk, first)
    assert len(handled_in("2026-11", settings)) == 1
    close(desk, second)
    assert [one.days for one in handled_in("2026-11", settings)] == [0, 0]
    assert read == [first, second]

    CaseRecord.update(version=CaseRecord.version + 1).where(CaseRecord.number == first).execute()
    assert len(handled_in("2026-11", settings)) == 2
    assert read == [first, second, first]


def close(desk, number):
    desk.take(number, steps.ANSWERED)
    desk.take(number, steps.SATISFIED, steps.CITIZEN)


def test_the_table_has_a_line_for_all_for_kinds_for_units_and_for_both():
    found = lines([case(), case(unit="water"), case(kind="complaint")])

    assert [(line.unit, line.kind, line.figures.closed) for line in found] == [
        ("", "", 3),
        ("", "complaint", 1),
        ("", "question", 2),
        ("tax", "", 2),
        ("water", "", 1),
        ("tax", "complaint", 1),
        ("tax", "question", 1),
        ("water", "question", 1),
    ]
    cells = as_cells("2026-11", found[0], str, str)
    assert cells == ["2026-11", "全部单位", "全部类别", "3", "3", "100.0", "3.0", "0", "3", "0", "0"]


def test_the_office_reads_the_figures_and_takes_them_as_csv(desk, settings, signed_in):
    give_desk_pages(settings.pages)
    for kind in ("question", "suggestion"):
        number = desk.receive(kind).number
        desk.take(number, steps.ANSWERED)
        desk.take(number, steps.SATISFIED, steps.CITIZEN)
    reviewer = signed_in("reviewer")

    page = answer_of(reviewer.get("/office/cases/figures?month=2026-11"))
    assert "办税服务厅" in page
    assert "100.0" in page
    file = reviewer.get("/office/cases/figures.csv?month=2026-11")
    rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert rows[0][:4] == ["月份", "单位", "类别", "办结"]
    assert rows[1] == ["2026-11", "全部单位", "全部类别", "2", "2", "100.0", "0.0", "0", "2", "0", "0"]
    assert "没有办结的办件" in answer_of(reviewer.get("/office/cases/figures?month=2026-02"))
    assert reviewer.get("/office/cases/figures?month=9999-99'--").status_code == 200


def test_cases_of_one_unit_are_grouped_under_its_name():
    assert list(by(lambda one: one.unit, [case(unit="b"), case(unit="a")])) == ["a", "b"]
