"""Without a code: taken, shown beside, never counted; and never by mistake."""

import re

import pytest

from survey_app.store import ballots
from tests.factories import make_codes
from tests.survey_app.citizen.sending import ANSWERS, nonce_of, receipt_of

OPEN_FORM = "/rate/2026-open/tax"


@pytest.fixture
def visitor(open_channel, app):
    return app.test_client()


def send_open(visitor, clock, *, wait=20, form=OPEN_FORM, nonce=None, **typed):
    """Open the form, read it for `wait` seconds, send it without a code."""
    nonce = nonce or nonce_of(visitor.get(form))
    clock.later(seconds=wait)
    return visitor.post(form, data={"nonce": nonce, "code": "", "open": "1", "group": "citizen", **ANSWERS, **typed})


def count():
    return ballots.count_ballots("2026-open")


class TestTaking:
    def test_a_ballot_without_a_code_lands_in_the_open_channel_and_says_that_it_does_not_count(
        self, visitor, clock, opened
    ):
        sent = send_open(visitor, clock)
        page = visitor.get(sent.headers["Location"]).text

        assert sent.status_code == 303
        assert "单独列出，不计入得分" in page
        assert opened("2026-open") == [("tax", "open", "5,2,0", ())]

    def test_the_form_says_so_before(self, visitor):
        page = visitor.get(OPEN_FORM).text

        assert "我没有评议码" in page
        assert "单独列出，不计入得分" in page

    def test_its_receipt_replaces_it_like_any_other(self, visitor, clock, opened):
        send_open(visitor, clock)
        receipt = receipt_of(visitor.get("/receipt"))
        visitor.post(OPEN_FORM, data={"nonce": nonce_of(visitor.get(OPEN_FORM)), "code": receipt, "q-attitude": "1"})

        assert opened("2026-open") == [("tax", "open", "1,,", ())]
        assert receipt_of(visitor.get("/receipt")) == receipt

    def test_the_same_form_sent_twice_is_one_ballot_with_the_answers_sent_last(self, visitor, clock, opened):
        nonce = nonce_of(visitor.get(OPEN_FORM))
        send_open(visitor, clock, nonce=nonce)
        first = receipt_of(visitor.get("/receipt"))
        send_open(visitor, clock, nonce=nonce, **{"q-attitude": "3"})

        assert receipt_of(visitor.get("/receipt")) == first
        assert opened("2026-open") == [("tax", "open", "3,2,0", ())]


class TestNotByMistake:
    def test_a_code_that_was_forgotten_is_asked_for(self, visitor, clock):
        page = send_open(visitor, clock, open="")

        assert page.status_code == 422
        assert "没有评议码的，请勾选" in page.text
        assert 'value="5" checked' in page.text
        assert count() == 0

    def test_a_code_counts_even_where_the_box_was_ticked_besides(self, visitor, clock, keys, opened):
        code = make_codes(keys, clock, round_code="2026-open")[0]
        sent = send_open(visitor, clock, code=code)

        assert sent.status_code == 303
        assert opened("2026-open") == [("tax", "invited", "5,2,0", ())]

    def test_a_mistyped_code_is_not_taken_for_none(self, visitor, clock):
        assert send_open(visitor, clock, code="23456-789AB").status_code == 422
        assert count() == 0

    @pytest.mark.parametrize("group", ["", "nobody", "两代表一委员"])
    def test_a_group_that_the_round_does_not_have_is_asked_for_again(self, visitor, clock, group):
        page = send_open(visitor, clock, group=group)

        assert page.status_code == 422
        assert "请选您以什么身份评" in page.text
        assert count() == 0

    def test_a_round_whose_method_names_no_open_channel_takes_nothing_without_a_code(self, visitor, clock):
        form = "/rate/2026-noise/tax"
        page = send_open(visitor, clock, form=form)

        assert page.status_code == 422
        assert "我没有评议码" not in page.text
        assert ballots.count_ballots("2026-noise") == 0


class TestMachines:
    def test_a_form_sent_within_three_seconds_is_given_back_and_a_second_press_is_taken(self, visitor, clock):
        first = send_open(visitor, clock, wait=2)
        assert first.status_code == 422
        assert "不到3秒" in first.text
        assert 'value="5" checked' in first.text

        again = send_open(visitor, clock, wait=2, nonce=nonce_of(first))
        assert again.status_code == 303
        assert count() == 1

    def test_the_field_that_nobody_sees_gives_a_machine_away_and_loses_no_persons_ballot(self, visitor, clock):
        page = send_open(visitor, clock, homepage="http://a.example")
        assert page.status_code == 422
        assert "http://a.example" not in page.text

        kept = dict(re.findall(r'name="(q-[a-z]+)" value="(\d)" checked', page.text))
        assert kept == ANSWERS
        assert send_open(visitor, clock, nonce=nonce_of(page)).status_code == 303

    def test_the_unseen_field_is_out_of_the_way_of_keyboard_and_screen_reader(self, visitor):
        page = visitor.get(OPEN_FORM).text

        assert re.search(r'<div class="p-hide" aria-hidden="true">.*?tabindex="-1"', page)

    def test_whoever_has_a_code_is_not_asked_how_long_they_read(self, visitor, clock, keys):
        code = make_codes(keys, clock, round_code="2026-open")[0]

        assert send_open(visitor, clock, wait=0, code=code, open="").status_code == 303
