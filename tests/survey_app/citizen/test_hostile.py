"""Whatever is sent to the citizen's pages: the right status, words instead of a traceback, nothing stored."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from survey_app.domain.checksign import ALPHABET, checks_out, tidy, with_check_sign
from survey_app.domain.codes import parse_code
from survey_app.domain.errors import Refusal
from survey_app.store import ballots
from tests.factories import cast, make_codes
from tests.hostile.nasty import OWN, big_list
from tests.survey_app.citizen.sending import ANSWERS, FORM, nonce_of, send

REFUSALS = {400, 404, 405, 409, 413, 422, 429}
FIELDS = ("code", "nonce", "q-attitude", "q-efficiency", "q-overall", "open", "group", "homepage", "puzzle")
POSTS = (
    ("/r", ("code",)),
    ("/rate/2026-h2", ("unit",)),
    (FORM, FIELDS),
    ("/receipt", ("receipt",)),
    ("/receipt/change", ("receipt",)),
    ("/receipt/words", ("receipt", "words")),
)
SLOW_SETUP = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def nasty():
    """Our own list, and a sample of the public one where it lies beside the project."""
    return [*OWN, *random.Random(7).sample(big_list(), min(60, len(big_list())))]


def is_a_refusal(page, what):
    assert page.status_code in REFUSALS, (page.status_code, what)
    assert "Traceback" not in page.text, what
    assert 'lang="zh-Hans"' in page.text, what


@pytest.fixture
def box(citizen, code):
    """One noise ballot; what is sent here must leave the box as it is."""
    yield citizen
    assert ballots.count_ballots("2026-h2") == 1


class TestNastyTexts:
    @pytest.mark.parametrize(("address", "fields"), POSTS, ids=[address for address, _ in POSTS])
    def test_in_every_field_of_every_form_are_refused_in_words(self, box, address, fields):
        for text in nasty():
            is_a_refusal(box.post(address, data=dict.fromkeys(fields, text)), text)

    def test_in_the_code_of_a_form_that_is_otherwise_right_come_back_as_text(self, box, clock):
        nonce = nonce_of(box.get(FORM))
        for text in nasty():
            clock.later(minutes=10)  # the ten minutes in which wrong codes of one network are counted
            page = send(box, text, nonce=nonce)
            assert page.status_code in {400, 422}
            assert "<script>alert" not in page.text

    def test_in_an_answer_earn_one_message_at_that_question_and_keep_the_others(self, box):
        nonce = nonce_of(box.get(FORM))
        for text in nasty():
            if text not in {"", "0", "1", "2", "3", "4", "5"}:
                page = send(box, "", nonce=nonce, **{**ANSWERS, "q-attitude": text})
                assert page.status_code == 422
                assert "“服务态度”请从六个选项里选一项" in page.text
                assert page.text.count('class="p-err"') == 2  # this question, and the code that is missing
                assert page.text.count(" checked") == 2

    def test_in_the_words_after_rating_are_kept_as_text_or_given_back(self, citizen, keys, clock, code):
        receipts = [cast(keys, clock, one, unit="noise") for one in make_codes(keys, clock, count=len(nasty()))]
        for text, receipt in zip(nasty(), receipts, strict=True):
            page = citizen.post("/receipt/words", data={"receipt": receipt, "words": text})
            assert page.status_code in {200, 422}, text
            assert "<script>alert" not in page.text

    @pytest.mark.parametrize("address", ["/r?code=", "/r?unit=", "/rate/2026-h2/tax?code=", "/r?look=", "/r?lang="])
    def test_in_an_address_never_break_a_page(self, box, address):
        for text in nasty():
            page = box.get(address.split("?")[0], query_string={address.split("?")[1][:-1]: text})
            assert page.status_code in {200, 303, 409}, text

    @pytest.mark.parametrize("place", ["/rate/{}", "/rate/{}/tax", "/rate/2026-h2/{}"])
    def test_as_rounds_and_units_are_not_found(self, box, place):
        for text in nasty():
            part = text.replace("/", "").replace("\\", "").strip(".") or "x"
            page = box.get(place.format(part))
            assert page.status_code in {303, 308, 404}, text

    @pytest.mark.parametrize("name", ["code", "receipt", "sitting", "look", "lang", "probe"])
    def test_in_a_cookie_never_break_a_page(self, box, name):
        for text in nasty()[::3]:
            box.set_cookie(name, text.encode("unicode_escape").decode()[:3000])
            for address in ("/r", "/rate/2026-h2", FORM, "/receipt"):
                assert box.get(address).status_code == 200, text


class TestWrongShapes:
    @pytest.mark.parametrize("address", [address for address, _ in POSTS])
    def test_a_body_that_is_no_form_is_refused_in_words(self, box, address):
        for kind, body in (("application/json", b'{"code": 1}'), ("text/plain", b"code=1"), ("", b"\xff\x00\xfe")):
            is_a_refusal(box.post(address, data=body, content_type=kind), kind)

    def test_a_broken_multipart_body_is_refused_in_words(self, box):
        is_a_refusal(
            box.post(FORM, data=b"--x\r\nnothing", content_type="multipart/form-data; boundary=x"), "multipart"
        )

    @pytest.mark.parametrize("address", [address for address, _ in POSTS])
    def test_a_megabyte_is_a_413_before_it_is_read(self, box, address):
        page = box.post(address, data={"words": "字" * 350_000, "code": "x"})

        assert page.status_code == 413
        assert "太长" in page.text

    def test_three_thousand_units_are_refused(self, box):
        page = box.post("/rate/2026-h2", data=MultiDict(("unit", f"u{i}") for i in range(3000)))

        is_a_refusal(page, "fields")

    def test_a_field_sent_twice_counts_once_and_an_extra_one_not_at_all(self, citizen, code):
        nonce = nonce_of(citizen.get(FORM))
        typed = [("code", code), ("nonce", nonce), ("q-attitude", "5"), ("q-attitude", "1"), ("channel", "paper")]
        more = [("flags", "x"), ("group", "enterprise"), ("q-invented", "5")]
        sent = citizen.post(FORM, data=MultiDict([*typed, *more]))

        assert sent.status_code == 303
        assert ballots.count_ballots("2026-h2") == 2

    def test_a_form_without_any_field_is_asked_for_all_of_it(self, box):
        assert box.post(FORM).status_code == 400
        page = box.post(FORM, data={"nonce": nonce_of(box.get(FORM))})
        assert page.status_code == 422
        assert page.text.count('class="p-err"') == 2

    @pytest.mark.parametrize("method", ["put", "delete", "patch"])
    def test_another_method_is_a_405_in_words(self, box, method):
        page = getattr(box, method)(FORM)

        assert page.status_code == 405
        assert "不能这样打开" in page.text


levels = st.sampled_from(["", "0", "1", "2", "3", "4", "5"])
anything = st.text(max_size=60) | st.integers().map(str) | st.sampled_from(["6", "05", "５", " 5", "5 ", "-1", "五"])


@SLOW_SETUP
@given(typed=st.fixed_dictionaries({"code": anything, **dict.fromkeys(ANSWERS, levels | anything)}))
def test_no_form_without_an_issued_code_is_ever_stored(box_of_the_property, typed):
    citizen, nonce, clock = box_of_the_property
    clock.later(minutes=10)
    clock.at = clock.at if clock.at.month == 11 and clock.at.day < 28 else clock.at.replace(day=3)
    page = citizen.post(FORM, data={**typed, "nonce": nonce()})

    is_a_refusal(page, typed)
    assert ballots.count_ballots("2026-h2") == 1


@SLOW_SETUP
@given(answers=st.fixed_dictionaries(dict.fromkeys(ANSWERS, levels)))
def test_whatever_of_the_six_is_chosen_is_stored_and_nothing_chosen_is_not(fresh_codes, answers):
    citizen, code, before = fresh_codes()
    page = send(citizen, code, **answers)

    assert page.status_code == (303 if any(answers.values()) else 422)
    assert ballots.count_ballots("2026-h2") == before + bool(any(answers.values()))


@pytest.fixture
def box_of_the_property(citizen, code, clock):
    return citizen, lambda: nonce_of(citizen.get(FORM)), clock


@pytest.fixture
def fresh_codes(citizen, keys, clock, code):
    waiting = iter(make_codes(keys, clock, count=300))
    return lambda: (citizen, next(waiting), ballots.count_ballots("2026-h2"))


def parsed(text):
    """The code, or None where the text is refused."""
    try:
        return parse_code(text)
    except Refusal:
        return None


@given(st.text(max_size=40) | st.text(ALPHABET, min_size=9, max_size=9).map(with_check_sign))
def test_a_text_is_a_code_exactly_when_its_signs_and_its_check_sign_are_right(text):
    tidied = tidy(text)

    assert parsed(text) == (tidied if len(tidied) == 10 and checks_out(tidied) else None)
