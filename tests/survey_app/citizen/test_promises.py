"""What a unit promised stands beside the questions, with how often those who could judge saw it kept."""

import re

import pytest

from survey_app.publishing.keptrates import publish_kept_rates
from tests.factories import METHOD, make_round
from tests.survey_app.citizen.sending import FORM

KEPT = """unit,procedure,commitment,judged,kept,broken,unknown,kept_pct,low,high,status
tax,,wait,40,35,5,2,87.5,73.9,94.5,ok
tax,,answer,30,20,10,0,66.7,48.8,80.8,ok
tax,,quiet,,,,,,,,insufficient_n
water,,wait,12,1,11,0,8.3,1.5,35.4,ok
"""


@pytest.fixture
def promised(settings):
    """Three promises of the tax hall and one that is over; the water works promise something of the same name."""
    write(settings, "tax", "wait", "取号后等候不超过20分钟")
    write(settings, "tax", "answer", "5个工作日答复")
    write(settings, "tax", "quiet", "窗口不空岗")
    write(settings, "tax", "old", "旧的承诺", valid_to="2025-12-31")
    write(settings, "water", "wait", "1小时到现场")
    return settings


def write(settings, unit, slug, title, valid_to="2027-12-31"):
    folder = settings.pages / "units" / unit / "commitments"
    folder.mkdir(parents=True, exist_ok=True)
    head = f"kind: commitment\ntitle: {title}\nvalid_from: 2026-01-01\nvalid_to: {valid_to}\n"
    head += (
        "what: 说到做到。\nmeasure: 从取号起算。\nlimit: {value: 20, unit: 分钟}\nremedy: 当天道歉。\nphone: '12345'\n"
    )
    (folder / f"{slug}.md").write_text(f"---\n{head}---\n", "utf-8")


def publish_rates(settings, month, text):
    folder = settings.pages / "results" / f"everyday-{month}"
    folder.mkdir(parents=True)
    (folder / "kept_rates.csv").write_text(text, "utf-8")
    assert publish_kept_rates(settings.pages, month)


def beside(page, title):
    """What stands beside a promise on the form."""
    return re.search(rf"<li>{title} <small>([^<]*)</small></li>", page)[1].strip()


def test_those_in_force_stand_on_the_form_and_say_that_nobody_has_judged_them(citizen, promised):
    page = citizen.get(FORM).text

    assert "取号后等候不超过20分钟" in page
    assert "旧的承诺" not in page
    assert "1小时到现场" not in page
    assert page.count("兑现率：暂无数据") == 3


def test_the_newest_month_says_how_often_each_was_kept_and_by_how_many(citizen, promised):
    publish_rates(promised, "2026-09", KEPT.replace("87.5", "1.0").replace("40,35", "40,1"))
    publish_rates(promised, "2026-10", KEPT)

    page = citizen.get(FORM).text
    assert "旁边是2026年10月办过事的人的回答" in page
    assert beside(page, "取号后等候不超过20分钟") == "兑现率：87.5%，40人回答"
    assert beside(page, "5个工作日答复") == "兑现率：66.7%，30人回答"
    assert beside(page, "窗口不空岗") == "兑现率：回答的人太少，不公布"


def test_a_promise_made_today_is_there_at_the_next_look(citizen, promised):
    assert "新的承诺" not in citizen.get(FORM).text
    write(promised, "tax", "new", "新的承诺")

    assert "新的承诺" in citizen.get(FORM).text


def test_a_round_that_asks_about_promises_has_them_at_that_question(citizen, promised, clock):
    asks = METHOD.replace('code = "efficiency"\nzh = "办事效率"', 'code = "promise"\nzh = "承诺兑现"')
    make_round(promised, "2026-promise", clock=clock, method=asks)
    page = citizen.get("/rate/2026-promise/tax").text

    assert page.index('id="q-promise"') < page.index("窗口不空岗") < page.index('id="q-overall"')


def test_a_unit_without_promises_has_no_empty_heading(citizen, promised):
    assert "公开承诺过" not in citizen.get("/rate/2026-h2/noise").text
