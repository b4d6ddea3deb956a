"""A person asks, complains or suggests: the form, what is refused, the sealed way, the code."""

import re

import pytest

from survey_app.domain.cases import steps
from survey_app.store import case_papers
from survey_app.store import cases as store
from survey_app.store.models import CaseContact, CaseRecord, SealedReport
from tests.hostile.nasty import OWN, big_list
from tests.sealing import install_key
from tests.survey_app.citizen.casing import WORDS, code_of, follow, hand_in, main_of, messages, new_case
from tests.survey_app.citizen.sending import nonce_of


@pytest.fixture
def visitor(app):
    """A browser; a noise case of another unit lies in the database."""
    new_case(app.test_client(), "question", unit="noise")
    return app.test_client()


def cases() -> list[store.Case]:
    """All cases but the noise."""
    numbers = [row.number for row in CaseRecord.select().where(CaseRecord.unit_slug != "noise")]
    return [store.case(number) for number in sorted(numbers)]


def written(keys) -> list[str]:
    return [case_papers.written(case.number, keys)[1] for case in cases()]


class TestTheForm:
    @pytest.mark.parametrize(
        ("name", "title"),
        [("question", "提问"), ("complaint", "投诉"), ("suggestion", "建议"), ("objection", "对评议办法或结果有异议")],
    )
    def test_is_one_plain_page_for_each_way_in(self, visitor, name, title):
        page = visitor.get(f"/case/new/{name}")

        assert page.status_code == 200
        assert f"<h1>{title}</h1>" in page.text
        assert "不用登录，不用留姓名" in page.text
        assert page.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("name", ["bad_rating", "", "QUESTION", "a" * 300, "%00"])
    def test_of_no_other_way_in_there_is_none(self, visitor, name):
        assert visitor.get(f"/case/new/{name}").status_code == 404
        assert visitor.post(f"/case/new/{name}").status_code in (404, 405)

    def test_from_a_unit_s_page_knows_the_unit(self, visitor):
        page = visitor.get("/case/new/complaint?unit=water")

        assert re.search(r'<option value="water" selected>供水服务厅<', page.text)

    def test_offers_not_to_know_the_unit(self, visitor):
        assert '<option value="">不知道是哪个单位</option>' in visitor.get("/case/new/complaint").text

    def test_an_objection_goes_to_the_office_and_asks_for_no_unit(self, visitor):
        assert 'name="unit"' not in visitor.get("/case/new/objection").text

    def test_says_what_is_kept_how_long_and_who_sees_it(self, visitor):
        page = main_of(visitor.get("/case/new/complaint"))

        assert "没有网络地址" in page
        assert "联系方式90天、文件90天、您写的话365天后删去" in page
        assert "谁看得到：承办单位" in page

    def test_names_12388_beside_the_tick_for_wrongdoing(self, visitor):
        page = visitor.get("/case/new/suggestion").text

        assert re.search(r'name="sealed" value="1" aria', page)
        assert "请打12388" in page

    def test_is_whole_in_english(self, visitor):
        visitor.get("/case/new/complaint?lang=en")
        page = main_of(visitor.get("/case/new/complaint"))
        for title in ("办税服务厅", "供水服务厅", "无关单位"):
            page = page.replace(title, "")

        assert "Complaint" in page
        assert re.findall(r"[\u4e00-\u9fff]+", page) == []


class TestSending:
    def test_an_anonymous_complaint_is_kept_and_its_code_given(self, visitor, keys):
        sent = hand_in(visitor, unit="tax")
        page = visitor.get(sent.headers["Location"])
        [case] = cases()

        assert (sent.status_code, sent.headers["Location"]) == (303, "/case/kept")
        assert (case.kind, case.unit, case.channel, case.state) == ("complaint", "tax", "web", steps.TAKEN)
        assert not case.has_contact
        assert written(keys) == [WORDS]
        assert case.number in page.text
        assert re.fullmatch(r"\w{4}-\w{4}-\w{4}-\w{5}", code_of(page))

    def test_the_code_stands_in_no_address_and_opens_the_case_however_it_is_typed(self, visitor, app):
        code = new_case(visitor, unit="tax")
        typed = code.replace("-", " ").lower()
        other = app.test_client()

        assert "昨天在3号窗口" in follow(other, f" {typed}　").text
        other.get("/case")
        assert other.post("/case", data={"code": code}).headers["Location"] == "/case/view"

    def test_a_contact_lies_apart_and_sealed(self, visitor, keys):
        new_case(visitor, unit="tax", contact="王 13800000000")
        [row] = CaseContact.select()

        assert b"13800000000" not in bytes(row.sealed)
        assert cases()[0].has_contact

    def test_a_unit_nobody_knows_is_the_office_s_to_find(self, visitor):
        code = new_case(visitor, unit="")

        assert cases()[0].state == steps.NEW
        assert "主管办公室最晚" in main_of(follow(visitor, code))

    def test_an_objection_to_a_round_names_it_and_goes_to_no_unit(self, open_round, app, keys):
        visitor = app.test_client()
        new_case(visitor, "objection", unit="tax", round="2026-h2", words="第3个数不对")

        assert cases()[0].unit == ""
        assert written(keys) == ["【对评议办法或结果有异议：2026-h2群众评议】\n第3个数不对"]

    @pytest.mark.parametrize("told", ["2026-none", "<b>", "\x00"])
    def test_an_objection_to_no_round_there_is_names_none(self, visitor, keys, told):
        new_case(visitor, "objection", round=told)

        assert written(keys) == [f"【对评议办法或结果有异议】\n{WORDS}"]

    def test_the_same_form_again_is_the_same_case_and_code(self, visitor):
        nonce = nonce_of(visitor.get("/case/new/complaint"))
        codes = {code_of(visitor.get(hand_in(visitor, nonce=nonce, unit="tax").headers["Location"])) for _ in "12"}

        assert len(codes) == 1
        assert len(cases()) == 1

    def test_a_browser_without_cookies_gets_its_code_at_once(self, app):
        page = hand_in(app.test_client(use_cookies=False), unit="tax")

        assert page.status_code == 200
        assert code_of(page)

    def test_the_page_of_the_code_is_not_shown_to_whoever_has_none(self, app):
        for cookie in ("", "nonsense", "2222-2222-2222-22222", "a" * 4000):
            visitor = app.test_client()
            visitor.set_cookie("case", cookie)
            assert visitor.get("/case/kept").headers["Location"] == "/case"
            assert visitor.get("/case/view").headers["Location"] == "/case"

    def test_one_button_leaves_nothing_on_a_shared_computer(self, visitor):
        new_case(visitor, unit="tax")
        visitor.post("/receipt/forget")

        assert visitor.get("/case/view").headers["Location"] == "/case"


class TestTheSealedWay:
    def test_where_no_inbox_is_open_12388_is_named_and_nothing_is_kept(self, visitor):
        page = hand_in(visitor, unit="tax", sealed="1", words="有人收钱")

        assert page.status_code == 422
        assert "还没有开密封信箱，请打12388" in main_of(page)
        assert "formaction" not in page.text
        assert "有人收钱</textarea>" in page.text
        assert cases() == []

    def test_a_tick_is_led_to_the_sealed_inbox_with_what_was_typed_and_nothing_is_kept(self, visitor, settings):
        install_key(settings)
        page = hand_in(visitor, unit="tax", sealed="1", words="有人收钱")

        assert page.status_code == 422
        assert re.search(r'name="carry" value="1" formaction="/report"', page.text)
        assert "有人收钱</textarea>" in page.text
        assert "按普通办件提交" not in page.text
        assert "12388" in main_of(page)
        assert cases() == []

    def test_words_that_allege_wrongdoing_are_only_offered_it(self, visitor, keys, settings):
        install_key(settings)
        words = "窗口的人收红包才给办"
        page = hand_in(visitor, unit="tax", words=words)
        nonce = nonce_of(page)

        assert page.status_code == 422
        assert "由您自己定" in page.text
        assert cases() == []
        assert hand_in(visitor, nonce=nonce, unit="tax", words=words, plain="1").status_code == 303
        assert written(keys) == [words]

    def test_the_words_are_carried_to_the_sealed_inbox_and_are_not_sent_by_that(self, visitor, settings):
        install_key(settings)
        page = visitor.post("/report", data={"carry": "1", "words": "有人收钱", "contact": "", "nonce": "x"})

        assert page.status_code == 200
        assert "有人收钱</textarea>" in page.text
        assert SealedReport.select().count() == 0
        assert cases() == []


WRONG = [
    ({"words": ""}, "words", "还没有写"),
    ({"words": " \u3000\n"}, "words", "还没有写"),
    ({"words": "字" * 2001}, "words", "写了2001个字，最多2000个"),
    ({"words": "看\u202e不见"}, "words", "控制符"),
    ({"unit": "nobody"}, "unit", "没有这个单位"),
    ({"contact": "1" * 101}, "contact", "最多100个"),
    ({"contact": "\x00"}, "contact", "控制符"),
    ({"homepage": "http://a.example"}, "homepage", "再按一次提交"),
]


class TestWrongInput:
    @pytest.mark.parametrize(("wrong", "field", "says"), WRONG)
    def test_one_wrong_value_is_one_message_beside_its_field_and_nothing_is_kept(self, visitor, wrong, field, says):
        page = hand_in(visitor, **{"unit": "tax", **wrong})

        assert page.status_code == 422
        assert list(messages(page)) == [field]
        assert says in messages(page)[field]
        assert f'id="{field}"' in page.text
        assert cases() == []

    def test_what_was_typed_is_kept(self, visitor):
        page = hand_in(visitor, unit="nobody", contact="0000-8110000").text

        assert f"{WORDS}</textarea>" in page
        assert 'value="0000-8110000"' in page
        assert "刚才选的文件没有留下" in page

    def test_a_form_that_is_too_old_or_foreign_is_given_back_with_a_new_mark(self, visitor):
        nonce = nonce_of(visitor.get("/case/new/complaint"))
        visitor.application.config["CLOCK"].later(hours=25)
        pages = [hand_in(visitor, nonce=nonce), hand_in(visitor, nonce="invented")]

        assert [page.status_code for page in pages] == [400, 400]
        assert hand_in(visitor, nonce=nonce_of(pages[0])).status_code == 303

    def test_another_site_cannot_send_it(self, visitor):
        page = visitor.post("/case/new/complaint", data={"words": WORDS}, headers={"Sec-Fetch-Site": "cross-site"})

        assert page.status_code == 403

    @pytest.mark.parametrize("field", ["words", "unit", "procedure", "contact", "nonce", "round", "plain", "sealed"])
    def test_texts_that_break_careless_programs_are_kept_or_refused_in_words(self, visitor, field):
        for text in [*OWN, *big_list()[::9]] if field == "words" else OWN[::4]:
            page = hand_in(visitor, **{field: text}) if field != "nonce" else hand_in(visitor, nonce=text or "x")
            assert page.status_code in (303, 400, 422), (field, text)
            assert "Traceback" not in page.text
            assert "<script>alert" not in page.text
