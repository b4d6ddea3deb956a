"""A citizen rates a unit: the form, its errors, its dates, the way in."""

import re

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from survey_app.domain.codes import spoken
from survey_app.store import ballots
from survey_app.store import rounds as round_store
from survey_app.store.database import StorageUnavailable
from tests.factories import cast, make_codes
from tests.survey_app.citizen.sending import ANSWERS, FORM, nonce_of, receipt_of, send


class TestTheForm:
    def test_offers_six_equal_answers_to_each_question_and_chooses_none(self, citizen):
        page = citizen.get(FORM)

        assert page.status_code == 200
        assert page.text.count('type="radio"') == 3 * 6
        assert "checked" not in page.text

    def test_needs_no_script(self, citizen):
        assert "<script" not in citizen.get(FORM).text

    def test_is_never_kept_by_a_browser_or_proxy(self, citizen):
        page = citizen.get(FORM)

        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert 'autocomplete="off"' in page.text

    def test_is_filled_with_the_code_of_a_link_which_leaves_the_address_at_once(self, citizen, code):
        first = citizen.get(f"{FORM}?code={code}")

        assert first.status_code == 303
        assert first.headers["Location"] == FORM
        assert f'value="{spoken(code)}"' in citizen.get(FORM).text

    def test_says_404_for_a_unit_that_is_not_rated(self, citizen):
        assert citizen.get("/rate/2026-h2/nobody").status_code == 404

    def test_says_404_for_an_unknown_round(self, citizen):
        assert citizen.get("/rate/1999-h1/tax").status_code == 404

    def test_shows_what_an_english_reader_reads(self, citizen):
        citizen.get("/r?lang=en")

        page = citizen.get(FORM)

        assert '<html lang="en"' in page.text
        assert "Very satisfied" in page.text

    def test_grows_for_an_old_reader(self, citizen):
        citizen.get(f"{FORM}?look=elder")

        assert 'data-mode="elder"' in citizen.get(FORM).text

    def test_takes_a_style_choice_out_of_the_address(self, citizen):
        assert citizen.get(f"{FORM}?look=elder").headers["Location"] == FORM

    def test_a_style_choice_never_leads_to_another_site_nor_keeps_a_code_in_the_address(self, citizen):
        environ = EnvironBuilder(path="/", query_string="look=elder&code=23456789AA").get_environ()
        environ["PATH_INFO"] = "//evil.example/"
        _body, status, headers = run_wsgi_app(citizen.application, environ, buffered=True)

        assert status == "303 SEE OTHER"
        assert headers["Location"] == "/evil.example/"


class TestSending:
    def test_a_valid_ballot_is_stored_and_answered_with_a_redirect_to_its_receipt(self, citizen, code):
        sent = send(citizen, code)
        page = citizen.get(sent.headers["Location"])

        assert sent.status_code == 303
        assert sent.headers["Location"] == "/receipt"
        assert "评议已经存好" in page.text
        assert ballots.count_ballots("2026-h2") == 2

    def test_the_receipt_page_shows_no_choice(self, citizen, code):
        send(citizen, code)

        page = citizen.get("/receipt").text

        assert not re.search(r"非常满意|基本满意|不满意|checked", page)

    def test_a_reload_of_the_receipt_stores_nothing(self, citizen, code):
        send(citizen, code)
        citizen.get("/receipt")
        citizen.get("/receipt")

        assert ballots.count_ballots("2026-h2") == 2

    def test_a_second_click_on_the_same_form_is_one_ballot_with_one_receipt(self, citizen, code):
        nonce = nonce_of(citizen.get(FORM))
        send(citizen, code, nonce=nonce)
        first = receipt_of(citizen.get("/receipt"))
        again = send(citizen, code, nonce=nonce)

        assert again.status_code == 303
        assert receipt_of(citizen.get("/receipt")) == first
        assert ballots.count_ballots("2026-h2") == 2

    def test_a_browser_without_cookies_gets_the_receipt_at_once_and_a_reload_is_harmless(self, citizen, code):
        nonce = nonce_of(citizen.get(FORM))
        bare = citizen.application.test_client(use_cookies=False)
        first = send(bare, code, nonce=nonce)
        again = send(bare, code, nonce=nonce)

        assert first.status_code == 200
        assert receipt_of(first) == receipt_of(again)
        assert ballots.count_ballots("2026-h2") == 2

    def test_a_code_typed_in_small_letters_with_spaces_and_full_width_signs_is_taken(self, citizen, code):
        wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code[:5])
        sent = send(citizen, f" {wide} - {code[5:].lower()} ")

        assert sent.status_code == 303

    def test_one_answer_is_enough(self, citizen, code):
        assert send(citizen, code, **{"q-overall": "4"}).status_code == 303

    def test_a_code_that_has_rated_this_unit_is_told_to_use_its_receipt(self, citizen, code):
        send(citizen, code)
        again = send(citizen, code)

        assert again.status_code == 409
        assert "已经评过这个单位" in again.text
        assert ballots.count_ballots("2026-h2") == 2

    def test_a_code_for_any_unit_rates_a_second_unit(self, citizen, code):
        send(citizen, code)

        assert send(citizen, code, form="/rate/2026-h2/noise").status_code == 303
        assert ballots.count_ballots("2026-h2") == 3


class TestMistakes:
    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("", "请填评议码"),
            ("7KQ2M", "您填了5位"),
            ("7KQ2M-9XB4O", "没有“O”"),
            ("23456-789AB", "对不上"),
            ("23456-789AA", "没有这个评议码"),
        ],
    )
    def test_a_wrong_code_earns_one_message_beside_its_field_and_keeps_what_was_chosen(
        self, citizen, code, typed, words
    ):
        page = send(citizen, typed)

        assert page.status_code == 422
        assert words in page.text
        assert page.text.count('class="p-err"') == 1
        assert 'value="5" checked' in page.text
        assert 'value="2" checked' in page.text
        assert "<title>请改1处：" in page.text
        assert ballots.count_ballots("2026-h2") == 1

    def test_a_level_that_does_not_exist_is_refused_beside_its_question(self, citizen, code):
        page = send(citizen, code, **{"q-attitude": "7", "q-efficiency": "4"})

        assert page.status_code == 422
        assert "“服务态度”请从六个选项里选一项" in page.text
        assert 'value="4" checked' in page.text

    def test_an_empty_ballot_is_refused_at_the_first_question(self, citizen, code):
        page = send(citizen, code, **{"q-attitude": ""})

        assert page.status_code == 422
        assert "还没有选" in page.text
        assert 'href="#q-attitude"' in page.text

    def test_open_questions_are_a_remark_not_an_error(self, citizen):
        page = send(citizen, "", **{"q-attitude": "5"})

        assert "第2题没有选" in page.text
        assert "请改1处" in page.text

    def test_a_form_posted_from_another_site_is_refused(self, citizen, code):
        page = citizen.post(FORM, data={"code": code, **ANSWERS}, headers={"Sec-Fetch-Site": "cross-site"})

        assert page.status_code == 403
        assert ballots.count_ballots("2026-h2") == 1

    def test_a_flood_of_bytes_is_refused_before_it_is_read(self, citizen):
        page = citizen.post(FORM, data={"code": "x" * 70_000})

        assert page.status_code == 413
        assert "太长" in page.text

    def test_a_full_disk_is_said_plainly_and_loses_nothing_of_the_form(self, citizen, code, monkeypatch):
        def refuse(**_):
            raise StorageUnavailable

        monkeypatch.setattr(ballots, "cast_ballot", refuse)
        page = send(citizen, code)

        assert page.status_code == 503
        assert "没有保存" in page.text
        assert 'value="5" checked' in page.text
        assert spoken(code) in page.text or code in page.text


class TestOutsideTheDates:
    def test_after_the_last_day_the_page_says_so_and_counts_nothing(self, citizen, code, clock):
        nonce = nonce_of(citizen.get(FORM))
        clock.later(days=28)
        page = send(citizen, code, nonce=nonce)

        assert page.status_code == 409
        assert "2026年11月30日已经结束" in page.text
        assert ballots.count_ballots("2026-h2") == 1

    def test_the_last_day_itself_still_counts_until_midnight_in_the_district(self, citizen, code, clock):
        clock.later(days=27, hours=11, minutes=59)  # 2026-11-30 23:59 in China

        assert send(citizen, code).status_code == 303

    def test_a_round_closed_by_the_office_refuses_even_before_its_last_day(self, citizen, code, clock):
        nonce = nonce_of(citizen.get(FORM))
        round_store.mark_closed("2026-h2", amendments=[], now=clock())

        assert send(citizen, code, nonce=nonce).status_code == 409

    def test_before_the_first_day_the_page_names_it(self, citizen, clock):
        clock.later(days=-60)
        page = citizen.get(FORM)

        assert page.status_code == 409
        assert "2026年10月9日才开始" in page.text

    def test_a_draft_takes_nothing(self, citizen, clock):
        clock.later(days=200)

        assert citizen.get("/rate/2027-h1/tax").status_code == 409


class TestTheWayIn:
    def test_a_code_for_one_unit_leads_to_that_unit(self, citizen, keys, clock):
        [code, *_] = make_codes(keys, clock, unit_slug="tax", channel="window")

        assert citizen.post("/r", data={"code": code}).headers["Location"] == FORM

    def test_a_code_for_any_unit_leads_to_the_list(self, citizen, code):
        moved = citizen.post("/r", data={"code": code})

        assert moved.headers["Location"] == "/rate/2026-h2"
        assert "供水服务厅" in citizen.get("/rate/2026-h2").text

    def test_a_code_in_the_address_is_taken_out_of_it_and_fills_the_field(self, citizen, code):
        assert citizen.get(f"/r?code={code}").headers["Location"] == "/r"
        assert f'value="{spoken(code)}"' in citizen.get("/r").text

    def test_a_receipt_does_not_fill_the_field_for_codes(self, citizen, keys, clock, code):
        receipt = cast(keys, clock, code)
        citizen.post("/receipt/change", data={"receipt": receipt})

        assert 'value=""' in citizen.get("/r").text

    def test_a_unit_page_leads_to_the_round_that_is_open(self, citizen):
        assert citizen.get("/r?unit=tax").headers["Location"] == FORM

    def test_a_unit_page_says_when_no_round_is_open(self, citizen, clock):
        clock.later(days=60)
        page = citizen.get("/r?unit=tax")

        assert page.status_code == 409
        assert "没有正在进行的评议" in page.text

    def test_an_unknown_code_is_said_so(self, citizen, code):
        page = citizen.post("/r", data={"code": "23456789AA"})

        assert page.status_code == 422
        assert "没有这个评议码" in page.text
