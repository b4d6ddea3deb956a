"""The geometry of charts, worked out by hand: what is twice as much is twice as long, and no gap is drawn over."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from survey_app.web import charts
from survey_app.web.charts import PER_CENT, Point


def points(*values, joined=()):
    """Months 1, 2, … with these figures; those of `joined` may be compared with the one before."""
    return [Point(str(at), value, str(value), joined=not joined or at in joined) for at, value in enumerate(values, 1)]


# Bars


def test_five_used_of_twelve_issued_of_forty_planned_lie_over_one_another():
    bar = charts.overlaid("tax", [("planned", 40), ("issued", 12), ("used", 5)], 40)
    assert [(part.kind, part.x, part.width) for part in bar.parts] == [
        ("planned", "0", "100"),
        ("issued", "0", "30"),
        ("used", "0", "12.5"),
    ]


def test_what_is_zero_is_not_drawn_and_a_whole_of_zero_draws_nothing():
    assert [part.kind for part in charts.overlaid("tax", [("issued", 12), ("used", 0)], 12).parts] == ["issued"]
    assert charts.overlaid("tax", [("issued", 0), ("used", 0)], 0).parts == ()
    assert charts.stacked("tax", [("odd", 0)], 0).parts == ()


def test_parts_of_a_sum_follow_one_another_and_keep_their_numbers():
    bar = charts.stacked("tax", [("odd", Fraction(85, 2)), ("even", 0), ("odd", 17.5)], 100)
    assert [(part.number, part.x, part.width, part.middle) for part in bar.parts] == [
        (1, "0", "42.5", "21.25"),
        (3, "42.5", "17.5", "51.25"),
    ]


def test_the_whole_lies_behind_the_parts_of_a_sum():
    bar = charts.stacked("tax", [("odd", 40)], 100, ground="planned")
    assert [(part.kind, part.width, part.number) for part in bar.parts] == [("planned", "100", 0), ("odd", "40", 1)]


def test_a_third_is_rounded_once_and_a_half_goes_up():
    assert charts.share(1, 3) == "33.33"
    assert charts.share(2, 3) == "66.67"
    assert charts.share(Fraction(1, 8), 100) == "0.13"  # 0.125
    assert charts.share(0.1, 100) == "0.1"  # as the decimal that is read


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=9).filter(any))
def test_parts_of_a_whole_fill_it_to_the_edge(figures):
    last = charts.stacked("", [("odd", figure) for figure in figures], sum(figures)).parts[-1]
    assert abs(float(last.x) + float(last.width) - 100) <= 0.01


def test_all_rows_are_drawn_up_to_thirty_and_of_more_the_ten_furthest_behind():
    assert charts.worst(range(30), key=lambda row: -row) == list(range(30))
    assert charts.worst(range(31), key=lambda row: -row) == [30, 29, 28, 27, 26, 25, 24, 23, 22, 21]


def test_levels_go_from_best_to_worst_without_those_who_do_not_know():
    assert charts.levels({0: 50, 1: 1, 3: 0, 4: 40, 5: 159}) == [(5, 159, 80), (4, 40, 20), (1, 1, 1)]
    assert charts.levels({0: 7, 5: 0}) == []


# Trends


def test_three_months_of_rates_lie_at_even_steps_and_at_their_height():
    found = charts.trend({"": points(80.0, 50, 100)}, PER_CENT)
    [line] = found.lines
    # From 15 to 95 across; down from 12 (all) to 82 (none): 80% lies at 82 - 0.8 · 70 = 26.
    assert [(dot.x, dot.y) for dot in line.dots] == [("15", "26"), ("55", "47"), ("95", "12")]
    assert line.strokes == (("15", "26", "55", "47"), ("55", "47", "95", "12"))
    assert found.ticks == ((0, "82"), (50, "47"), (100, "12"))


def test_no_line_crosses_a_month_without_a_figure():
    [line] = charts.trend({"": points(80, None, 90, 85)}, PER_CENT).lines
    assert [dot.point.label for dot in line.dots] == ["1", "3", "4"]
    assert [(x1, x2) for x1, _y1, x2, _y2 in line.strokes] == [("68.33", "95")]


def test_a_changed_method_breaks_the_line_and_the_break_is_drawn_between_the_two():
    found = charts.trend({"": points(70, 71, 90, joined=(2,))}, PER_CENT)
    assert [(x1, x2) for x1, _y1, x2, _y2 in found.lines[0].strokes] == [("15", "55")]
    assert found.breaks == ("75",)


def test_an_interval_is_drawn_from_its_low_to_its_high_end():
    whiskers = [Point("a", 75, "75.00", low=70, high=80), Point("b", 65, "65.00", low=60.0, high=70.0)]
    found = charts.trend({"": whiskers}, charts.scoring(whiskers))
    # From 60 at 82 to 100 at 12: a point is 1.75 high.
    assert [(dot.low, dot.y, dot.high) for dot in found.lines[0].dots] == [
        ("64.5", "55.75", "47"),
        ("82", "73.25", "64.5"),
    ]
    assert found.cut


def test_one_bound_below_sixty_begins_the_axis_at_zero():
    axis = charts.scoring([Point("a", 75, low=59.9, high=80), Point("b", None)])
    assert (axis.low, axis.ticks) == (0, (0, 20, 40, 60, 80, 100))
    assert not charts.trend({"": points(75, 80)}, axis).cut


def test_counts_have_an_axis_whose_middle_is_a_whole_number():
    assert [charts.counting([points(most)]).high for most in (0, 2, 3, 9, 11, 21, 41, 101, 50_000)] == [
        *(2, 2, 4, 10, 20, 40, 100, 200, 100_000),
    ]
    assert charts.counting([points(3), points(7)]).ticks == (0, 5, 10)


def test_equal_counts_stand_beside_one_another_and_none_hides_another():
    found = charts.columns({"came": points(2, 1), "closed": points(2, 0)})
    # Two places of 46.5 from 7 to 100, four fifths of each filled by two columns of 18.6; the whole height is 70.
    assert [[(one.number, one.x, one.y, one.width, one.height) for one in group] for group in found.groups] == [
        [(1, "11.65", "12", "18.6", "70"), (2, "30.25", "12", "18.6", "70")],
        [(1, "58.15", "47", "18.6", "35")],
    ]
    assert [label.x for label in found.labels] == ["30.25", "76.75"]
    assert found.ticks == ((0, "82"), (1, "47"), (2, "12"))


def test_nothing_at_all_has_no_columns():
    assert charts.columns({"came": points(0, 0), "closed": points(0, 0)}) is None
    assert charts.columns({}) is None


def test_one_figure_alone_is_no_trend():
    assert charts.trend({"": points(80)}, PER_CENT) is None
    assert charts.trend({"": points(80, None, None)}, PER_CENT) is None
    assert charts.trend({}, PER_CENT) is None
    assert charts.trend({"a": points(1, None), "b": points(1, 2)}, PER_CENT) is not None


def test_twelve_months_have_four_labels_on_a_phone_at_most_and_the_last_is_one_of_them():
    labels = charts.trend({"": points(*range(12))}, PER_CENT).labels
    assert len(labels) == 12
    assert [label.text for label in labels if not label.wide] == ["4", "8", "12"]


def test_twenty_four_months_leave_out_labels_at_a_desk_too():
    labels = charts.trend({"": points(*range(24))}, PER_CENT).labels
    assert [label.text for label in labels] == ["3", "6", "9", "12", "15", "18", "21", "24"]
    assert [label.text for label in labels if not label.wide] == ["6", "15", "24"]


def test_up_to_six_figures_are_all_said_and_of_more_the_first_and_the_last():
    six, seven = (charts.trend({"": points(*range(1, count))}, PER_CENT).lines[0].dots for count in (7, 8))
    assert [dot.point.text for dot in six if dot.said] == ["1", "2", "3", "4", "5", "6"]
    assert [dot.point.text for dot in seven if dot.said] == ["1", "7"]
