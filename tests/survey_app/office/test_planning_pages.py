"""The officer writes a plan page by page, is told what it cannot show, and settles it into a draft round."""

import re
import tomllib

import pytest
from werkzeug.datastructures import MultiDict

from survey_app.domain.plans import Draft, read_draft
from survey_app.office import plan_rules, plan_shown, plan_steps, planning
from survey_app.office.methods import TEMPLATES
from survey_app.office.plan_shown import SHOWN
from survey_app.store import audit, plans, rounds
from tests.factories import METHOD, make_codes, make_round

FACTS = {"name": "2026年群众评议（䶮䲜）", "code": "2026-z", "opens_on": "2026-12-01", "closes_on": "2026-12-31"}
CODES = {
    "class": "window",
    "codes-citizen-*": "40",
    "codes-enterprise-*": "20",
    "panel-deputy-tax": "15",
    "codes-deputy-tax": "12",
}
RULE = {
    "id": "bad",
    "zh": "不满意达到三分之一",
    "basis": "清纪发〔2026〕1号第三条",
    "kind": "share",
    "min_n": 10,
    "left": {"count": ["level_2", "level_1"]},
    "over": {"count": ["level_5", "level_4", "level_3", "level_2", "level_1"]},
    "op": ">=",
    "value": "1/3",
    "years": 1,
    "dimension": "overall",
}


@pytest.fixture
def officer(store, signed_in):
    return signed_in("round_officer")


@pytest.fixture
def number(officer):
    """A plan begun from the standard method."""
    answer = officer.post("/office/plans/new", data={"from": "standard", "mark": "a"})
    return int(re.search(r"/office/plans/(\d+)", answer.headers["Location"])[1])


def save(client, number, step, **data):
    version = plans.get_plan(number).version
    return client.post(f"/office/plans/{number}/{step}", data={"version": version, **data})


def draft(number):
    return plans.get_plan(number).draft


@pytest.fixture
def whole(officer, number):
    """The same with name, days, units and codes."""
    for step, data in (("facts", FACTS), ("units", {"class": "window"}), ("people", CODES)):
        assert save(officer, number, step, **data).status_code == 303
    return number


def settle(client, number):
    return client.post(f"/office/plans/{number}", data={"version": plans.get_plan(number).version})


def test_an_empty_calendar_says_how_to_begin_and_the_auditor_who_begins(officer, signed_in):
    assert "按“新的一轮”" in officer.get("/office/rounds").text
    auditor = signed_in("auditor").get("/office/rounds").text
    assert "评议专员建好以后" in auditor
    assert "/office/plans/new" not in auditor


def test_the_same_form_sent_twice_begins_one_plan(officer, number):
    officer.post("/office/plans/new", data={"from": "standard", "mark": "a"})
    officer.post("/office/plans/new", data={"from": "three", "mark": "b"})

    assert sorted(len(plan.draft.method["dimension"]) for plan in plans.list_plans()) == [3, 8]
    assert officer.post("/office/plans/new", data={"mark": "c"}).status_code == 422


def test_the_list_of_steps_says_of_codes_too_how_many_are_planned(officer, number):
    save(officer, number, "facts", **FACTS)
    save(officer, number, "units", **{"class": "window"})
    assert "2026年12月1日至2026年12月31日" in officer.get(f"/office/plans/{number}").text
    sixth = re.compile(r"6　多少人、发多少码</a>　<span class=\"p-quiet\">([^<]*)<")
    assert sixth.search(officer.get(f"/office/plans/{number}").text)[1] == "还没有填"

    save(officer, number, "people", **CODES)
    assert sixth.search(officer.get(f"/office/plans/{number}").text)[1] == "计划发192个码"  # 3 units of 40 + 20, and 12


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_form_sent_back_as_it_was_shown_changes_nothing(name):
    method = {**tomllib.loads((planning.method_text(name)).decode()), "rule": [RULE]}
    codes = {"tax": {"codes": {method["group"][0]["code"]: 30}}, "water": {}}
    before = Draft("c", "名", "2026-12-01", "2026-12-31", method, codes)
    classes = {"tax": "window", "water": "window"}

    for step, reader in plan_steps.READERS.items():
        assert reader(before, SHOWN[step](before)) == before, step
    assert plan_steps.units(before, SHOWN["units"](before), classes, {}) == before
    assert plan_steps.people(before, SHOWN["people"](before), {"tax": "税", "water": "水"}) == before
    rules = {**RULE, "dimension": method["dimension"][0]["code"]}
    ruled = Draft("c", "名", "2026-12-01", "2026-12-31", {**method, "rule": [rules]}, codes)
    assert plan_rules.rules(ruled, SHOWN["rules"](ruled)) == ruled
    assert read_draft(ruled.text()) == ruled
    assert tomllib.loads(ruled.method_toml().decode()) == ruled.method


def test_a_plan_settled_and_taken_back_is_the_same_plan(officer, whole):
    before = draft(whole)
    answer = settle(officer, whole)
    assert answer.headers["Location"].endswith("/office/rounds/2026-z")
    round_ = rounds.get_round("2026-z")
    assert (round_.name, round_.status, len(round_.units)) == (FACTS["name"], "draft", 3)
    assert round_.unit("tax").sizes == {
        "codes": {"citizen": 40, "enterprise": 20, "deputy": 12},
        "panel": {"deputy": 15},
    }
    assert tomllib.loads(round_.method_toml.decode()) == before.method
    assert plans.list_plans() == []

    back = officer.post("/office/rounds/2026-z/back")
    assert draft(int(back.headers["Location"].rsplit("/", 1)[1])) == before
    assert rounds.list_rounds() == []


def test_a_round_with_codes_is_not_taken_back_but_discarded_once_that_is_confirmed(officer, whole, keys, clock):
    settle(officer, whole)
    make_codes(keys, clock, round_code="2026-z")

    refused = officer.post("/office/rounds/2026-z/back")
    assert refused.status_code == 409
    assert "已经发过10个评议码" in refused.text
    assert officer.post("/office/rounds/2026-z/discard").status_code == 422
    officer.post("/office/rounds/2026-z/discard", data={"confirmed": "y"})
    assert rounds.list_rounds() == []
    assert [event.action for event in audit.list_events(audit.Wanted(action="round"))] == ["round.discard"]


@pytest.mark.parametrize(
    ("step", "wrong", "words"),
    [
        ("facts", {**FACTS, "closes_on": "2026-11-30"}, "早于开始日期"),
        ("facts", {**FACTS, "opens_on": "明天"}, "要写成2026-11-30这样的日期"),
        ("facts", {**FACTS, "code": "二零二六"}, "不能用"),
        ("facts", {**FACTS, "code": "everyday-2026-01"}, "不能用"),
        ("facts", {**FACTS, "name": ""}, "请写这一轮的名称"),
        ("facts", {**FACTS, "name": "名\u202e称"}, "看不见的控制符"),
        ("units", {"unit": "library"}, "至少要选一个"),
        ("groups", {"zh-0": "群众", "weight-0": "50%", "zh-1": "企业", "weight-1": "9/20"}, "还差5%"),
        ("groups", {"zh-0": "群众", "weight-0": "70%", "zh-1": "企业", "weight-1": "1/3"}, "多了1/30"),
        ("groups", {"zh-0": "群众", "weight-0": "一半"}, "看不懂"),
        (
            "groups",
            {"zh-0": "甲", "weight-0": "50%", "code-0": "a", "zh-1": "乙", "weight-1": "50%", "code-1": "a"},
            "用了两次",
        ),
        ("groups", {"zh-0": "甲", "weight-0": "100%", "code-0": "1a"}, "code"),
        ("questions", {}, "至少要选一个"),
        ("people", {"class": "window", "codes-citizen-tax": "-3"}, "的整数"),
        ("people", {"class": "window", "panel-citizen-tax": "5", "codes-citizen-tax": "6"}, "名册只有5人"),
        ("rules", {"zh-0": "约谈", "value-0": "1/3"}, "没有写依据"),
    ],
)
def test_a_wrong_step_is_refused_once_in_words_and_keeps_what_was_typed(officer, whole, step, wrong, words):
    before = plans.get_plan(whole)
    answer = save(officer, whole, step, **wrong)

    assert answer.status_code == 422
    [said] = re.findall(r'role="alert" id="problem"[^>]*><p>(.*?)</p>', answer.text, re.DOTALL)
    assert words in said
    assert plans.get_plan(whole) == before
    typed = [value for name, value in wrong.items() if name.startswith(("zh-", "weight-", "name", "closes"))]
    assert [value for value in typed if value and value not in answer.text] == []


def test_two_people_at_one_plan_do_not_overwrite_each_other(officer, whole, signed_in):
    opened = plans.get_plan(whole).version
    other = signed_in("round_officer", username="second")
    assert save(other, whole, "facts", **{**FACTS, "name": "另一个名称"}).status_code == 303

    late = officer.post(f"/office/plans/{whole}/facts", data={"version": opened, **FACTS, "name": "我的名称"})
    assert late.status_code == 409
    assert "second改过这份计划" in late.text
    assert 'value="我的名称"' in late.text
    assert draft(whole).name == "另一个名称"
    again = other.post(f"/office/plans/{whole}/facts", data={"version": opened, **FACTS, "name": "另一个名称"})
    assert again.status_code == 303  # the same form sent twice


def test_the_plan_says_at_once_that_forty_answers_make_no_ranking(officer, whole):
    page = officer.get(f"/office/plans/{whole}").text

    assert "窗口服务不要排名次" in page
    assert re.search(r"±\d+\.\d", page)
    save(officer, whole, "people", **{"class": "window"})
    assert "还没有写计划发多少码" in officer.get(f"/office/plans/{whole}").text


def test_a_plan_without_units_is_not_settled_and_a_taken_code_is_said(officer, number, whole, settings, clock):
    empty = planning.begin("three", mark="z", actor="x", now=clock(), today=clock.today)
    refused = settle(officer, empty)
    assert (refused.status_code, "计划还缺：单位" in refused.text) == (409, True)

    make_round(settings, "2026-z", clock=clock, opened=False)
    taken = settle(officer, whole)
    assert (taken.status_code, "已经有代号为2026-z的一轮" in taken.text) == (409, True)
    assert len(plans.list_plans()) == 2


def test_a_round_of_last_year_gives_its_method_and_units_without_name_and_days(officer, settings, clock):
    make_round(settings, "2026-h1", clock=clock)
    officer.post("/office/plans/new", data={"from": "round:2026-h1", "mark": "q"})

    [plan] = plans.list_plans()
    assert (plan.draft.name, plan.draft.code, plan.draft.opens_on) == ("", "", "")
    assert plan.draft.method == tomllib.loads(METHOD)
    assert plan.draft.units["water"] == {"panel": {"enterprise": 40}}


@pytest.mark.parametrize("role", ["auditor", "reviewer", "issuer", "publicity", "unit_editor", "administrator"])
def test_who_is_no_round_officer_changes_no_plan(officer, whole, signed_in, role):
    before = plans.get_plan(whole)
    client = signed_in(role)

    for address in (f"/office/plans/{whole}/facts", f"/office/plans/{whole}", f"/office/plans/{whole}/discard"):
        assert client.post(address, data={"version": before.version, "confirmed": "y", **FACTS}).status_code == 403
    assert client.get(f"/office/plans/{whole}/facts").status_code == (200 if role in ("auditor", "reviewer") else 403)
    assert plans.get_plan(whole) == before


STAFF = {"code": "staff", "zh": "干部", "weight": "1/2", "insider": True, "note": "kept"}
INSIDE = Draft(method={"group": [STAFF, {"code": "c", "zh": "群众", "weight": "1/2"}], "class": []})
TYPED = {"code-0": "staff", "zh-0": "干部职工", "weight-0": "40%", "code-1": "c", "zh-1": "群众", "weight-1": "60%"}


@pytest.mark.parametrize(
    ("ticked", "inside"),
    [({"insider-0": "y"}, ["干部职工"]), ({}, []), ({"insider-1": "y"}, ["群众"])],
)
def test_whose_people_are_of_the_system_itself_is_as_ticked_and_the_rest_stays(ticked, inside):
    """The warning beside a result hangs on it."""
    saved = plan_steps.groups(INSIDE, MultiDict({**TYPED, **ticked})).method["group"]
    assert [one["zh"] for one in saved if one.get("insider")] == inside
    assert [(one["zh"], one["weight"]) for one in saved] == [("干部职工", "2/5"), ("群众", "3/5")]
    assert saved[0]["note"] == "kept"  # what the form does not ask


def test_a_form_of_groups_sent_back_unchanged_changes_nothing():
    assert plan_steps.groups(INSIDE, plan_shown.groups(INSIDE)) == INSIDE


def test_a_tick_at_a_row_behind_one_that_was_emptied_stays_with_its_row():
    typed = {**TYPED, "zh-0": "", "weight-1": "100%", "insider-1": "y"}
    assert plan_steps.groups(INSIDE, MultiDict(typed)).method["group"] == [
        {"code": "c", "zh": "群众", "weight": "1", "insider": True}
    ]


def test_weeks_found_doubtful_are_left_out_only_where_the_plan_says_so(officer, whole):
    shown = SHOWN["counting"](draft(whole))
    assert shown["upheld"] == "on"
    unticked = MultiDict((name, value) for name, value in shown.items(multi=True) if name != "upheld")
    before, after = (plan_steps.counting(draft(whole), form).method["flag"] for form in (shown, unticked))
    assert [flag["code"] for flag in before] == ["surge", "upheld"]
    assert before[1] == {"code": "upheld", "zh": "复核认定的可疑周", "excluded": True, "by_review": True}
    assert [flag["code"] for flag in after] == ["surge"]


def test_the_box_of_the_page_reaches_the_method_file(officer, whole):
    page = officer.get(f"/office/plans/{whole}/groups").text
    assert "系统内的人" in page
    fields = plan_shown.groups(plans.get_plan(whole).draft)
    sent = {**fields.to_dict(), "insider-1": "y", "version": plans.get_plan(whole).version}
    assert officer.post(f"/office/plans/{whole}/groups", data=sent).status_code == 303
    draft = plans.get_plan(whole).draft
    assert [bool(one.get("insider")) for one in draft.method["group"]][:3] == [False, True, False]
    assert 'name="insider-1" value="y" checked' in officer.get(f"/office/plans/{whole}/groups").text
    assert [group.get("insider") for group in tomllib.loads(draft.method_toml().decode())["group"]][1] is True
