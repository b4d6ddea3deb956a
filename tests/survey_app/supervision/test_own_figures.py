"""A unit's own year and its own promises at its desk, and nothing of another unit."""

import io

import pytest
from openpyxl import load_workbook

from tests.survey_app.supervision.conftest import text
from tests.survey_app.supervision.test_promises_and_timeliness import KEPT, promise, site
from tests.survey_app.supervision.test_year_end import AT, PLAN, assess, page, write

__all__ = ["site"]

OWN = "/desk/year-end/2026"


def test_a_unit_sees_each_component_of_its_year_with_where_it_comes_from(office, clock):
    office.ji.post(f"{AT}/plan", data=PLAN)
    assess(clock, 9, 1)
    office.issue()
    assert office.head.get("/desk/year-end").location == OWN
    told = text(office.head.get(OWN))
    # 90 of 15 %, 98 of 10 % (one rectification notice takes 2): (13.5 + 9.8) / 0.25 = 93.20
    assert "合计 93.20" in told
    assert "10张有效票，优秀和称职9张" in told
    assert "督查件1份，扣2分" in told
    assert "还没有定稿" in told
    assert "供水服务厅" not in told
    other = text(office.signed_in("unit_head", "water").get(OWN))
    assert "93.20" not in other
    assert "督查件0份，扣0分" in other


def test_what_was_kept_is_what_the_unit_sees(office, clock):
    office.ji.post(f"{AT}/plan", data=PLAN)
    assess(clock, 9, 1)
    office.ji.post(AT, data={"mark": "first"})
    assess(clock, 8, 2)
    told = text(office.head.get(OWN))
    assert "第1版" in told
    assert "合计 94.00" in told  # (13.5 + 10) / 0.25


def test_a_unit_is_told_where_there_is_nothing_for_it(office):
    assert "考核办法还没有定" in text(office.head.get(OWN))
    office.ji.post(f"{AT}/plan", data={**PLAN, "way": "units", "unit": ["water"]})
    assert "不参加这一年" in text(office.head.get(OWN))
    assert office.head.get("/desk/year-end/1999").status_code == 404


def test_a_unit_sees_its_own_promises_and_how_often_they_were_kept(office, settings, site):
    promise(site, "tax", "dangtian", "当天答复")
    promise(site, "water", "lingshi", "零时答复")
    page(settings.pages / "results", "everyday-2026-09", "2026-09-28", "2026-10-15")
    row = ("tax", "", "dangtian", 20, 15, 5, 0, "75.0", "53.1", "88.8", "ok")
    theirs = ("water", "", "lingshi", 20, 1, 19, 0, "5.0", "0.9", "23.6", "ok")
    write(
        settings.pages / "results" / "everyday-2026-09" / "kept_rates.csv",
        [dict(zip(KEPT, one, strict=True)) for one in (row, theirs)],
    )
    told = text(office.head.get("/desk/commitments"))
    assert "当天答复" in told
    assert "75.00" in told
    assert "零时答复" not in told
    rows = list(load_workbook(io.BytesIO(office.head.get("/desk/commitments?as=xlsx").data)).active.values)
    assert [(one[0], one[2], one[3]) for one in rows[1:]] == [("当天答复", 20, 15)]


def test_both_stand_on_the_start_pages_under_the_tabs_of_the_desk(office):
    for start in ("/desk/", "/office/"):
        page_ = office.head.get(start).text
        assert 'href="/desk/year-end"' in page_
        assert 'href="/desk/commitments"' in page_
    assert 'href="/desk/list/procedure"' in office.head.get(OWN).text


@pytest.mark.parametrize("role", ["administrator", "auditor", "publicity", "issuer", "inspector"])
def test_others_have_no_unit_to_see(office, signed_in, role):
    client = signed_in(role)
    assert [client.get(place).status_code for place in (OWN, "/desk/commitments")] == [403, 403]
