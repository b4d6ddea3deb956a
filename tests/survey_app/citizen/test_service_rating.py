"""A person rates the service just used: the form, what is asked, what is refused, what is said afterwards."""

import re
from datetime import timedelta

import pytest

from survey_app.domain.codes import new_code, spoken
from survey_app.domain.everyday import LEVELS
from survey_app.domain.formmark import new_mark
from survey_app.publishing.keptrates import COLUMNS, publish_kept_rates
from survey_app.store import case_private
from survey_app.store import everyday as store
from survey_app.store.database import StorageUnavailable
from tests.everyday import FORM, UNIT_FORM, make_promises, rate, visit_codes
from tests.hostile.nasty import OWN, big_list
from tests.survey_app.citizen.casing import code_of, follow, main_of
from tests.survey_app.citizen.sending import nonce_of

LOW = {"level": "2", "ticks": ["late"], "k-chuzheng": "broken", "words": "等了三天"}


@pytest.fixture
def browser_of(app, settings):
    make_promises(settings.pages)
    return app.test_client


@pytest.fixture
def visitor(browser_of):
    return browser_of()


def send(visitor, form=FORM, nonce=None, **typed):
    """Whoever sends the form has had time to read it."""
    nonce = nonce or nonce_of(visitor.get(form))
    visitor.application.config["CLOCK"].later(seconds=20)
    return visitor.post(form, data={"nonce": nonce, **typed})


def messages(page):
    return dict(re.findall(r'<li><a href="#([\w-]+)">([^<]+)</a></li>', page.text.split('id="errors-head"')[-1]))


def ratings(keys):
    return list(store.ratings_of("2026-11", keys))


class TestTheForm:
    def test_asks_five_levels_and_chooses_none(self, visitor):
        page = visitor.get(FORM)

        assert page.status_code == 200
        assert len(re.findall(r'name="level" value="[1-5]"', page.text)) == len(LEVELS)
        assert "checked" not in page.text
        assert page.headers["Cache-Control"] == "no-store"

    def test_of_a_service_asks_about_its_promises_and_the_unit_s_general_ones(self, visitor):
        page = visitor.get(FORM).text

        assert "当场出证" in page
        assert "排队不超过20分钟" in page
        assert "去年的承诺" not in page
        assert "当天通水" not in page

    def test_of_another_service_asks_about_the_general_ones_alone(self, visitor):
        page = visitor.get("/rate/service/tax/fapiao").text

        assert "排队不超过20分钟" in page
        assert "当场出证" not in page

    def test_of_the_unit_asks_about_all_of_its_promises(self, visitor):
        page = visitor.get(UNIT_FORM).text

        assert "排队不超过20分钟" in page
        assert "当场出证" in page

    def test_of_a_unit_without_promises_asks_about_none(self, visitor):
        page = visitor.get("/rate/service/noise")

        assert page.status_code == 200
        assert "单位的承诺" not in page.text

    def test_shows_beside_each_promise_what_others_saw_of_it_last_month(self, visitor, settings):
        folder = settings.pages / "results" / "everyday-2026-10"
        folder.mkdir(parents=True)
        rows = ["tax,wanshui,chuzheng,35,33,2,4,94.3,81.4,98.4,ok", "tax,,dengdai,,,,,,,,insufficient_n"]
        (folder / "kept_rates.csv").write_text("\n".join([",".join(COLUMNS), *rows]) + "\n")
        before = visitor.get(FORM).text
        publish_kept_rates(settings.pages, "2026-10")
        page = visitor.get(FORM).text

        assert before.count("兑现率：暂无数据") == 2
        assert "兑现率：94.3%，35人回答" in page
        assert "兑现率：回答的人太少，不公布" in page
        assert "旁边是2026年10月办过事的人的回答" in page

    def test_follows_the_pages_as_they_change(self, visitor, settings):
        file = settings.pages / "units/tax/commitments/dengdai.md"
        visitor.get(FORM)
        file.write_text(file.read_text().replace("排队不超过20分钟", "排队不超过10分钟"))

        assert "排队不超过10分钟" in visitor.get(FORM).text

    @pytest.mark.parametrize(
        "address",
        ["nobody", "tax/nothing", "../tax", "TAX", "a" * 300, "tax/" + "b" * 300, "%00", "tax/%0a"],
    )
    def test_says_404_for_what_is_not_published(self, visitor, address):
        assert visitor.get(f"/rate/service/{address}").status_code == 404
        assert visitor.post(f"/rate/service/{address}", data={"level": "5"}).status_code == 404

    def test_of_a_unit_that_became_part_of_another_is_no_more(self, visitor, settings):
        file = settings.pages / "units/noise/index.md"
        file.write_text(file.read_text().replace("class: window", "class: window\nmerged_into: tax"))

        assert visitor.get("/rate/service/noise").status_code == 404

    def test_moves_a_code_of_a_link_out_of_the_address_and_keeps_how_the_person_came(self, visitor):
        code = new_code()
        first = visitor.get(f"{FORM}?from=window&code={code}")

        assert (first.status_code, first.headers["Location"]) == (303, f"{FORM}?from=window")
        assert f'value="{spoken(code)}"' in visitor.get(FORM).text

    def test_says_in_three_sentences_what_is_kept_how_long_and_who_sees_it(self, visitor):
        [notice] = re.findall(r'id="privacy">.*?<p>(.*?)</p>', visitor.get(FORM).text, re.DOTALL)

        assert notice.count("。") == 3
        assert all(word in notice for word in ("那一周", "24个月", "90天", "单位和群众"))

    def test_is_whole_in_english(self, visitor):
        visitor.get(f"{FORM}?lang=en")
        page = visitor.get(FORM).text
        own = page.split("<main")[1].split("</main>")[0]
        from_pages = ("开具完税证明", "办税服务厅", "当场出证", "排队不超过20分钟", "20分钟")

        for title in from_pages:
            own = own.replace(title, "")
        assert "Not done within the promised time" in own
        assert re.findall(r"[\u4e00-\u9fff]+", own) == []


class TestSending:
    def test_a_low_rating_with_a_broken_promise_is_stored_and_thanked_for_without_its_choices(self, visitor, keys):
        code, *_ = visit_codes(keys)
        sent = send(visitor, code=spoken(code), **LOW)
        page = visitor.get(sent.headers["Location"])

        assert (sent.status_code, sent.headers["Location"]) == (303, "/rated")
        assert "评价已经存好" in page.text
        assert "计入得分" in page.text
        assert not re.search("等了三天|没在承诺|不满意", page.text)
        assert [(one.level, one.ticks, one.channel) for one in ratings(keys)] == [(2, ("late",), "web")]

    def test_from_the_window_counts_as_asked_for(self, visitor, keys):
        code, *_ = visit_codes(keys)
        send(visitor, level="5", code=code, **{"from": "window"})
        send(visitor, level="5", **{"from": "window"})

        assert sorted(one.channel for one in ratings(keys)) == ["open", "window"]

    def test_without_a_code_says_that_it_does_not_count(self, visitor, keys):
        send(visitor, level="5")

        assert "不计入得分" in visitor.get("/rated").text
        assert [one.channel for one in ratings(keys)] == ["open"]

    def test_a_second_click_is_one_rating_and_the_same_thanks(self, visitor, keys):
        nonce = nonce_of(visitor.get(FORM))
        first, again = send(visitor, nonce=nonce, **LOW), send(visitor, nonce=nonce, **LOW)

        assert (first.status_code, again.status_code) == (303, 303)
        assert len(ratings(keys)) == 1

    def test_back_and_another_level_is_told_that_the_rating_is_final(self, visitor, keys):
        nonce = nonce_of(visitor.get(FORM))
        send(visitor, nonce=nonce, **LOW)
        again = send(visitor, nonce=nonce, **{**LOW, "level": "5"})

        assert again.status_code == 409
        assert "不能再改" in again.text
        assert [one.level for one in ratings(keys)] == [2]

    def test_a_browser_without_cookies_gets_its_thanks_at_once(self, browser_of, keys):
        page = send(browser_of(use_cookies=False), **LOW)

        assert page.status_code == 200
        assert "评价已经存好" in page.text

    def test_thanks_are_not_shown_to_whoever_has_not_rated(self, browser_of):
        assert browser_of().get("/rated").status_code == 303

    @pytest.mark.parametrize("cookie", ["tax", "nobody.1.1", "../x.1.0", "tax.2.0", "", "a" * 4000])
    def test_an_invented_cookie_leads_nowhere(self, browser_of, cookie):
        visitor = browser_of()
        visitor.set_cookie("rated", cookie)

        assert visitor.get("/rated").status_code in (303, 404)

    def test_ticks_of_another_level_are_not_kept(self, visitor, keys):
        send(visitor, level="5", ticks=["late", "rude", "nearby"])

        assert [one.ticks for one in ratings(keys)] == [("nearby",)]

    def test_a_wish_for_an_answer_gives_a_code_that_leads_to_it(self, visitor):
        send(visitor, **LOW, wish="1", contact="0000-8110000")
        code = code_of(visitor.get("/rated"))
        page = main_of(follow(visitor, code))

        assert case_private.count_contacts() == 1
        assert "差评" in page
        assert "等了三天" in page
        assert "单位最晚2026年11月4日核实情况" in page

    def test_a_wish_may_go_without_a_contact_and_without_a_cookie(self, browser_of):
        page = send(browser_of(use_cookies=False), **LOW, wish="1")

        assert "差评" in main_of(follow(browser_of(), code_of(page)))
        assert case_private.count_contacts() == 0

    def test_without_the_wish_there_is_no_code_whatever_the_browser_keeps(self, visitor):
        visitor.set_cookie("case", "nonsense")
        send(visitor, **LOW)

        assert "查询码" not in visitor.get("/rated").text

    def test_promises_that_are_none_of_the_unit_s_are_ignored(self, visitor, keys):
        send(visitor, level="5", **{"k-tongshui": "kept", "k-jiuban": "kept", "k-dengdai": "kept", "extra": "x"})

        assert [one.commitment for one in store.kept_of("2026-11", keys)] == ["dengdai"]


WRONG = [
    ({"level": ""}, "level", "还没有选"),
    ({"level": "0"}, "level", "五个等级"),
    ({"level": "６"}, "level", "五个等级"),
    ({"ticks": ["nothing"]}, "ticks", "不在这张表里"),
    ({"k-chuzheng": "maybe"}, "k-chuzheng", "“当场出证”请从三个选项里选一项"),
    ({"words": "字" * 301}, "words", "写了301个字"),
    ({"words": "打13812345678"}, "words", "像手机号"),
    ({"words": "看\u202e不见"}, "words", "控制符"),
    ({"contact": "0000-8110000"}, "contact", "没有勾"),
    ({"wish": "1", "contact": "1" * 101}, "contact", "最多100个"),
    ({"wish": "1", "contact": "\x00"}, "contact", "控制符"),
    ({"code": "23456789AB"}, "code", "办事码对不上"),
    ({"code": "O"}, "code", "没有“O”"),
    ({"code": "234"}, "code", "您填了3位"),
]


class TestWrongInput:
    @pytest.mark.parametrize(("wrong", "field", "says"), WRONG)
    def test_one_wrong_value_is_one_message_beside_its_field_and_nothing_is_stored(
        self, visitor, keys, wrong, field, says
    ):
        page = send(visitor, **{**LOW, **wrong})

        assert page.status_code == 422
        assert list(messages(page)) == [field]
        assert says in messages(page)[field]
        assert f'id="{field}"' in page.text
        assert ratings(keys) == []

    def test_what_was_entered_is_kept(self, visitor):
        page = send(visitor, **LOW, wish="1", code="234").text

        assert re.search(r'value="2" checked', page)
        assert re.search(r'value="late" checked', page)
        assert re.search(r'value="broken" checked', page)
        assert "等了三天</textarea>" in page
        assert re.search(r'name="wish" value="1" checked', page)
        assert 'value="234"' in page

    def test_messages_stand_in_the_order_of_the_page(self, visitor):
        page = send(visitor, level="9", words="字" * 301, code="234", contact="0000", **{"k-chuzheng": "x"})

        assert list(messages(page)) == ["level", "k-chuzheng", "words", "contact", "code"]

    def test_a_code_that_is_used_unknown_or_another_unit_s_is_said_beside_its_field(self, visitor, keys):
        code, *_ = visit_codes(keys)
        [elsewhere, *_] = visit_codes(keys, unit="water")
        rate(keys, code=code)
        said = {typed: send(visitor, level="5", code=typed) for typed in (code, new_code(), elsewhere)}

        assert [page.status_code for page in said.values()] == [409, 422, 422]
        assert [list(messages(page)) for page in said.values()] == [["code"]] * 3
        assert len(ratings(keys)) == 1

    def test_a_full_disk_says_so_and_keeps_what_was_entered(self, visitor, keys, monkeypatch):
        def refuse(*_args, **_how):
            raise StorageUnavailable

        nonce = nonce_of(visitor.get(FORM))
        with monkeypatch.context() as patch:
            patch.setattr("survey_app.citizen.everyday.rate_service", refuse)
            page = send(visitor, nonce=nonce, **LOW)

        assert page.status_code == 503
        assert "没有保存" in page.text
        assert "等了三天</textarea>" in page.text
        assert send(visitor, nonce=nonce, **LOW).status_code == 303

    def test_a_megabyte_is_refused_before_it_is_read(self, visitor, keys):
        assert visitor.post(FORM, data={"level": "5", "words": "字" * 350_000}).status_code == 413
        assert ratings(keys) == []

    def test_another_site_cannot_send_it(self, visitor):
        page = visitor.post(FORM, data={"level": "5"}, headers={"Sec-Fetch-Site": "cross-site"})

        assert page.status_code == 403

    @pytest.mark.parametrize("field", ["level", "ticks", "k-chuzheng", "words", "contact", "code", "nonce", "from"])
    def test_texts_that_break_careless_programs_are_stored_or_refused_in_words(self, visitor, keys, field):
        for text in [*OWN, *big_list()[::7]]:
            drawn = new_mark(keys.receipt, visitor.application.config["CLOCK"]() - timedelta(minutes=1))
            more = {"wish": "1"} if field == "contact" else {}
            page = visitor.post(FORM, data={"level": "3", "nonce": drawn, **more, field: text})
            refused = 400 if field == "nonce" else 422
            assert page.status_code == refused or "评价已经存好" in page.text, (field, text)
            assert "Traceback" not in page.text
            assert "<script>alert" not in page.text
