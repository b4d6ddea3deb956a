"""From close to publication in the browser's forms: who may, what is refused in which words, what each person sees."""

import io
import json
import re
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe

from survey_app.store import audit, drafts, objections
from survey_app.store import rounds as store
from survey_app.store import steps as step_store
from survey_app.store.objections import Filing
from tests.browsing import DESK, PHONE, person, picture, served, sideways
from tests.survey_app.office.conftest import AT, FLAG, PAGES, model, text

pytestmark = pytest.mark.usefixtures("quiet_jobs")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


# Who may


@pytest.mark.parametrize("page", PAGES)
def test_the_office_and_the_auditor_read_every_page_and_others_do_not(at_units, signed_in, page):
    for role in ("round_officer", "reviewer", "auditor"):
        assert signed_in(role).get(f"{AT}/{page}").status_code == 200
    for role in ("issuer", "entry_clerk", "administrator", "publicity", "unit_head"):
        assert signed_in(role).get(f"{AT}/{page}").status_code == 403


@pytest.mark.parametrize("page", ["close", "close/key", "compute", "draft", "publish"])
def test_only_the_round_officer_moves_a_round(at_units, signed_in, page):
    for role in ("reviewer", "auditor", "administrator", "unit_head"):
        assert signed_in(role).post(f"{AT}/{page}").status_code == 403


@pytest.mark.parametrize("page", ["flags", "objections/1"])
def test_the_auditor_decides_nothing(at_units, signed_in, page):
    assert signed_in("auditor").post(f"{AT}/{page}").status_code == 403


def test_while_ballots_come_in_no_page_has_a_figure_made_of_answers(officer, signed_in):
    for role in ("round_officer", "reviewer", "auditor"):
        person = signed_in(role)
        for page in PAGES:
            said = text(person.get(f"{AT}/{page}"))
            assert "得分 " not in said
            assert "满意率" not in said


# Shutting and the key


def test_shutting_early_without_a_reason_says_what_is_missing_and_shuts_nothing(officer):
    refused = officer.post(f"{AT}/close")
    assert refused.status_code == 422
    assert "请写明理由" in refused.text
    assert store.get_round("2026-h2").status == "open"


def test_a_box_shut_early_says_on_which_day_and_why_under_its_own_tab(officer):
    officer.post(f"{AT}/close", data={"reason": "停电"})
    page = officer.get(f"{AT}/close")
    assert "2026年11月3日 停电" in text(page)
    assert '<a href="/office/closing" aria-current="page">' in page.text


def test_shutting_twice_is_refused_in_words(officer):
    assert officer.post(f"{AT}/close", data={"reason": "停电"}).status_code == 303
    again = officer.post(f"{AT}/close", data={"reason": "停电"})
    assert again.status_code == 409
    assert "已截止" in again.text


def test_a_box_that_is_not_shut_takes_no_key(officer):
    refused = officer.post(f"{AT}/close/key", data={"key": (io.BytesIO(b"x"), "a.key")})
    assert refused.status_code == 409
    assert "还没有截止" in refused.text


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"", 422, "这把私钥不是这一轮的"),
        (b"\xff\xfe\x00 not a key", 422, "请换另一份私钥再试，数据没有变动"),
        (b"k" * 20_000, 413, "这个文件太大，不是私钥"),
    ],
)
def test_what_is_no_key_of_this_round_opens_nothing(closed, signed_in, settings, content, status, words):
    refused = signed_in("round_officer").post(f"{AT}/close/key", data={"key": (io.BytesIO(content), "主办.key")})
    assert refused.status_code == status
    assert words in refused.text
    assert not (settings.rounds / "2026-h2" / "snapshot").exists()


def test_the_key_of_another_round_is_refused_and_no_file_asks_for_one(closed, signed_in, settings):
    officer = signed_in("round_officer")
    other = (settings.keys / "2026-h1.key").read_bytes()
    assert officer.post(f"{AT}/close/key", data={"key": (io.BytesIO(other), "h1.key")}).status_code == 422
    assert "请先选私钥文件" in officer.post(f"{AT}/close/key").text


def test_a_key_opens_an_empty_box_and_the_page_goes_on_by_itself(closed, signed_in, settings):
    officer = signed_in("round_officer")
    key = (settings.keys / "2026-h2.key").read_bytes()
    assert officer.post(f"{AT}/close/key", data={"key": (io.BytesIO(key), "主办.key")}).status_code == 303

    page = officer.get(f"{AT}/close")
    assert "✓ 已打开" in page.text
    assert page.headers["Refresh"] == "5"
    assert step_store.last(closed).step == "compute"
    assert [e.actor for e in audit.list_events(audit.Wanted(action="round.unseal"))] == [officer.person]


def test_a_step_that_failed_says_why_and_offers_to_go_on(closed, signed_in, clock, settings):
    (settings.rounds / "2026-h2" / "snapshot").mkdir(parents=True)
    (settings.rounds / "2026-h2" / "snapshot" / "round.toml").write_text("")
    step = step_store.ask("2026-h2", step_store.COMPUTE, by="zhou", now=clock())
    step_store.end(step.number, outcome="failed", words="没有算出结果：第7行", now=clock())
    page = text(signed_in("round_officer").get(f"{AT}/close"))
    assert "计算没有做成 没有算出结果：第7行" in page
    assert "冻结数据没有动，重算不会改票" in page


# Publishing


def test_publishing_too_early_says_until_when_and_what_else_is_missing(at_units, signed_in, clock):
    objections.file_objection(at_units, Filing("water", "人数不对", "m1", "hong"), now=clock(), today=clock.today)
    officer = signed_in("round_officer")
    page = text(officer.get(f"{AT}/publish"))
    assert "核对期到2026年12月8日为止" in page
    assert "还有1条异议没有裁定" in page
    assert "还有1处提请复核的情况没有处理完" in page
    assert officer.post(f"{AT}/publish").status_code == 409
    assert step_store.last(at_units) is None


def test_when_nothing_is_missing_publication_is_asked_for_once(at_units, signed_in, clock):
    drafts.review(
        at_units, tuple(FLAG.values()), decision="stands", reason="庙会", by="wu", now=clock(), today=clock.today
    )
    clock.later(days=8)
    officer = signed_in("round_officer")
    assert officer.post(f"{AT}/publish").status_code == 303
    assert step_store.last(at_units).step == "publish"
    again = officer.post(f"{AT}/publish")
    assert again.status_code == 409
    assert "正在公布" in again.text


def test_a_workbook_goes_out_under_a_lasting_name_and_is_written_down(computed, signed_in):
    answer = signed_in("auditor").get(f"{AT}/files/results.xlsx")
    assert answer.data.startswith(b"PK")
    assert 'filename="2026-h2-v1-results-20261130.xlsx"' in answer.headers["Content-Disposition"]
    [event] = audit.list_events(audit.Wanted(action="download"))
    assert (event.actor, event.subject) == ("auditor", "2026-h2-v1-results-20261130.xlsx")
    assert signed_in("auditor").get(f"{AT}/files/release.json").status_code == 404


# Everyday ratings


def level_counts(*found):
    """Counts of the only question, from 非常满意 down to 不了解."""
    names = ("level_5", "level_4", "level_3", "level_2", "level_1", "dont_know")
    return {"unit": "water", "group": "citizen", "dimension": "attitude", **dict(zip(names, found, strict=True))}


@pytest.fixture
def months(computed, settings):
    """Four published months of one unit, the second with too few ratings to show; a fifth is not published yet."""
    rates = {"2026-08": 80.0, "2026-09": None, "2026-10": 90.0, "2026-11": 85.0, "2026-12": 64.0}
    for month, pct in rates.items():
        folder = settings.rounds / f"everyday-{month}"
        shutil.copytree(settings.rounds / "2026-h2", folder)
        row = {"unit": "water", "favourable_pct": pct, "rated": 20, "unrated_pct": 40.0}
        odd = {"unit": "tax", "verdict": "liked_but_broken", "kept_pct": 55.5, "satisfied_pct": 95.0}
        score = {"unit": "water", "satisfied_pct": pct, "satisfied_low": 70.5, "satisfied_high": 96.5}
        counts = [level_counts(12, 5, 1, 1, 1, 3), {**level_counts(9, 9, 9, 9, 9, 9), "group": "~rest"}]
        told = {"everyday": [row], "disagreement": [odd], "scores": [score], "counts": counts}
        counted = {**model(), **told, "round": {"code": f"everyday-{month}"}}
        (folder / "release" / "release.json").write_text(json.dumps(counted))
        (folder / "release" / "manifest.json").write_text(json.dumps({"release_digest": month, "files": []}))
        if month != "2026-12":
            page = settings.pages / "results" / folder.name
            page.mkdir(parents=True)
            (page / "manifest.json").write_text("{}")


def test_a_months_course_leaves_gaps_where_too_few_rated(months, signed_in):
    page = signed_in("discipline_officer").get("/office/everyday?unit=water")
    # Across from 15 to 95 in three steps of 26.67; down from 12 (all) to 82 (none), 0.7 a per cent.
    assert re.findall(r'<line class="c-line c-line-1" ([^/]+)/>', page.text) == [
        'x1="68.33%" y1="19%" x2="95%" y2="22.5%"'
    ]
    assert "人太少，不显示" in page.text
    assert "满意的多，承诺做到的少" in page.text
    assert signed_in("issuer").get("/office/everyday").status_code == 403


def test_what_a_months_chart_says_stands_in_its_table(months, signed_in):
    page = signed_in("discipline_officer").get("/office/everyday?unit=water").text
    told, *_ = re.findall(r'<svg class="p-trend" role="img" aria-label="([^"]*)"', page)
    assert told == "供水服务厅各月好评率: 2026-08 80.0%; 2026-10 90.0%; 2026-11 85.0%"
    rows = re.findall(r'<th scope="row" class="p-nowrap">(2026-\d\d)</th>((?:<td.*?</td>)+)', page)
    cells = {month: re.findall(r">([^<]*)</td>", tail) for month, tail in rows}
    assert cells["2026-10"] == ["90.0%", "70.5–96.5%", "20", "40.0%", "12", "5", "1", "1", "1", "3"]
    assert cells["2026-09"] == ["人太少，不显示", "–", "20", "40.0%", "–", "–", "–", "–", "–", "–"]
    assert '<span class="l5 w60">12</span><span class="l4 w25"></span>' in page  # of 20 who gave a level
    assert "给出等级的20，不了解3" in page


def test_a_month_that_is_counted_and_not_published_is_nowhere(months, signed_in):
    page = signed_in("discipline_officer").get("/office/everyday?unit=water").text
    assert "2026-11" in page
    assert "2026-12" not in page
    assert "64.0" not in page


def test_before_the_first_month_the_page_says_when_there_will_be_one(open_round, signed_in):
    assert "还没有结算过的月份" in signed_in("auditor").get("/office/everyday?unit=nobody").text


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize(("size", "look"), [(PHONE, "standard"), (PHONE, "elder"), (DESK, "standard")])
def test_flags_and_months_stand_on_every_screen(months, at_units, app, signed_in, browser, size, look):
    officer = signed_in("round_officer")
    with served(app) as address, person(browser, viewport=size) as context:
        session = officer.get_cookie("session", path="/account/") or next(iter(officer._cookies.values()))
        context.add_cookies([{"name": session.key, "value": session.value, "url": address}])
        context.add_cookies([{"name": "look", "value": look, "url": address}])
        page = context.new_page()
        for name, path in {"flags": f"{AT}/flags", "everyday": "/office/everyday?unit=water"}.items():
            page.goto(f"{address}{path}")
            assert page.get_by_role("heading", level=1).count() == 1
            picture(page, f"round-{name}-{size['width']}-{look}")
            assert sideways(page) == 0
            found = Axe().run(page, options=RULES).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
