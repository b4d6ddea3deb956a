"""A unit's way over the rounds, beside its scores: as it was tested and published, and a changed method is said."""

import io
import re

from openpyxl import load_workbook

from tests.survey_app.office.test_downloads import SCORES, results

__all__ = ["results"]

CHANGES = "unit,round_before,verdict\n"
CHANGES += "tax,2025-h2,no_difference\ntax,2025-h1,up\nwater,2025-h2,incomparable\nwater,2025-h1,down\n"
TREND = "unit,rounds,verdict\ntax,3,up\n"


def test_change_and_trend_stand_beside_the_score(open_round, results, settings, signed_in):
    for code, closes_on in (("2025-h1", "2025-06-30"), ("2025-h2", "2025-12-20")):
        earlier = settings.pages / "results" / code
        earlier.mkdir()
        page = (
            (results / "index.md")
            .read_text()
            .replace("2026-06-30", closes_on)
            .replace("code: 2026-h1", f"code: {code}")
        )
        (earlier / "index.md").write_text(page)
        (earlier / "scores.csv").write_text(SCORES)
    (results / "changes.csv").write_text(CHANGES)
    (results / "trend.csv").write_text(TREND)
    answer = signed_in("discipline_officer").get("/office/scores?as=xlsx&period=2026")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.values)
    told = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    assert (told["办税服务厅"]["与前一轮比"], told["办税服务厅"]["逐轮趋势"]) == ("未见显著变化", "逐轮上升")
    assert (told["供水服务厅"]["与前一轮比"], told["供水服务厅"]["逐轮趋势"]) == ("口径变化，不可比", None)


def test_a_round_that_was_compared_with_none_says_nothing(open_round, results, signed_in):
    answer = signed_in("discipline_officer").get("/office/scores?as=xlsx")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.values)
    at = rows[0].index("与前一轮比")
    assert {row[at] for row in rows[1:]} == {None}


HEAD = "unit,class,n,score,low,high,tier\n"
# unit, score and interval, tier of each round; the last round's method is another one's.
ROUNDS = {
    "2024-h2": ("2024-12-20", "tax,window,90,70.00,65.00,75.00,below\nwater,window,60,88.00,85.00,91.00,average\n"),
    "2025-h1": ("2025-06-30", "tax,window,91,75.50,70.00,80.00,average\n"),
    "2026-h1": ("2026-06-30", "tax,window,92,90.00,85.00,95.00,above\nwater,window,,,,,\n"),
}
SERIES = "unit,round,comparable\n"
COMPARABLE = {
    "2024-h2": "tax,2024-h2,yes\nwater,2024-h2,yes\n",
    "2025-h1": "tax,2024-h2,yes\ntax,2025-h1,yes\n",
    "2026-h1": "tax,2024-h2,no\ntax,2025-h1,no\ntax,2026-h1,yes\n",
}


def three_rounds(results, settings):
    """The tax hall scored in three rounds, the water works in one; nothing of it compares with the last."""
    page = (results / "index.md").read_text()
    for code, (closes_on, rows) in ROUNDS.items():
        folder = settings.pages / "results" / code
        folder.mkdir(exist_ok=True)
        text = page.replace("2026-06-30", closes_on).replace("code: 2026-h1", f"code: {code}")
        (folder / "index.md").write_text(text)
        (folder / "scores.csv").write_text(HEAD + rows)
        (folder / "series.csv").write_text(SERIES + COMPARABLE[code])


def test_a_units_rounds_are_drawn_with_intervals_and_a_changed_method_breaks_the_line(
    open_round, results, settings, signed_in
):
    three_rounds(results, settings)
    page = signed_in("discipline_officer").get("/office/scores?unit=tax").text
    [told] = re.findall(r'<svg class="p-trend" role="img" aria-label="([^"]*)"', page)
    assert told == "办税服务厅历次得分: 2024-12 70.00; 2025-06 75.50; 2026-06 90.00"
    # Places across 15, 55, 95; down from 12 (100) to 82 (60), 1.75 a point.
    lines = re.findall(r'<line class="c-line c-line-1" ([^/]+)/>', page)
    assert lines == ['x1="15%" y1="64.5%" x2="55%" y2="54.88%"']
    assert re.findall(r'<line class="c-break" x1="([^"]+)"', page) == ["75%"]
    assert re.findall(r'<line class="c-range" x1="([^"]+)" x2="[^"]+" y1="([^"]+)" y2="([^"]+)"', page) == [
        ("15%", "73.25%", "55.75%"),
        ("55%", "64.5%", "47%"),
        ("95%", "38.25%", "20.75%"),
    ]
    assert [kind for kind in re.findall(r"c-dot-(\w+)", page.split("p-trend")[1])] == ["below", "n1", "above"]
    assert "纵轴从60分起。" in page
    for figure in ("70.00", "75.50", "90.00"):  # and each stands in the list below
        assert re.search(rf'p-num-end">\s*{figure}\s*</td>', page)


def test_a_unit_with_one_score_has_no_line_and_all_units_together_have_none(open_round, results, settings, signed_in):
    three_rounds(results, settings)
    officer = signed_in("discipline_officer")
    assert "公布过得分的轮次不到两轮" in officer.get("/office/scores?unit=water").text
    every = officer.get("/office/scores").text
    assert "p-trend" not in every
    assert "选一个单位，可以看它历次得分的走势" in every


def test_months_of_everyday_ratings_are_never_drawn_as_rounds(open_round, results, settings, signed_in):
    three_rounds(results, settings)
    page = signed_in("discipline_officer").get("/office/scores?unit=tax").text
    assert "2025年12月好差评" in page
    assert "2025-12" not in re.findall(r'aria-label="([^"]*)"', page.split("p-trend")[1])[0]


def test_a_unit_sees_its_own_way_and_no_other_units(open_round, results, settings, signed_in):
    three_rounds(results, settings)
    page = signed_in("unit_editor", "tax").get("/desk/results").text
    [told] = re.findall(r'<svg class="p-trend" role="img" aria-label="([^"]*)"', page)
    assert told == "办税服务厅历次得分: 2024-12 70.00; 2025-06 75.50; 2026-06 90.00"
    rows = re.findall(r'data-label="得分" class="p-num-end">([^<]*)</td><td[^>]*>([^<]*)</td>', page)
    assert rows == [("90.00", "85.00–95.00"), ("75.50", "70.00–80.00"), ("70.00", "65.00–75.00")]
    assert "88.00" not in page
    water = signed_in("unit_editor", "water").get("/desk/results").text
    assert "不公布" in water
    assert "75.50" not in water
