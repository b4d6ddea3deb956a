"""A unit's way over the rounds, beside its scores: as it was tested and published, and a changed method is said."""

import io

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
