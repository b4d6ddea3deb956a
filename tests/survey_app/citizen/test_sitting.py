"""An enterprise rates the units it dealt with, one after the other, and stops where it likes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.citizen.sitting import MOST_UNITS, NothingChosen, Sitting, TooManyChosen, choose, read_sitting
from survey_app.domain.receipts import make_receipt
from survey_app.store import ballots
from tests.survey_app.citizen.sending import receipt_of, send

LIST = "/rate/2026-h2"


def begin(citizen, *units):
    return citizen.post(LIST, data={"unit": list(units)})


def shown_receipts(page):
    return re.findall(r"[2-9A-Y]{4}-[2-9A-Y]{4}-[2-9A-Y]{4}-[2-9A-Y]{5}(?=<)", page.text)


class TestChoosing:
    def test_the_units_are_ticked_and_none_is_ticked_beforehand(self, citizen):
        page = citizen.get(LIST).text

        assert page.count('type="checkbox"') == 3
        assert "checked" not in page

    def test_the_first_unit_of_the_page_comes_first_and_says_how_many_there_are(self, citizen):
        moved = begin(citizen, "water", "noise")

        assert moved.headers["Location"] == "/rate/2026-h2/noise"
        assert "第1个单位，共2个" in citizen.get(moved.headers["Location"]).text

    def test_one_unit_alone_has_no_number(self, citizen):
        begin(citizen, "tax")

        assert "p-step" not in citizen.get("/rate/2026-h2/tax").text

    def test_nothing_ticked_is_said_on_the_page(self, citizen):
        page = begin(citizen)

        assert page.status_code == 422
        assert "还没有勾选单位" in page.text

    def test_a_unit_that_is_not_rated_is_a_404_and_nothing_is_begun(self, citizen):
        page = begin(citizen, "tax", "nobody")

        assert page.status_code == 404
        assert "sitting" not in page.headers.get("Set-Cookie", "")

    def test_after_the_last_day_nothing_is_begun(self, citizen, clock):
        clock.later(days=28)

        assert begin(citizen, "tax").status_code == 409


class TestRatingSeveral:
    def test_each_receipt_leads_to_the_next_unit_and_the_last_page_shows_all_of_them(self, citizen, code):
        begin(citizen, "tax", "water", "noise")
        seen = []
        for place, unit in enumerate(("noise", "tax", "water"), 1):
            form = f"/rate/2026-h2/{unit}"
            assert f"第{place}个单位，共3个" in citizen.get(form).text
            send(citizen, code, form=form)
            page = citizen.get("/receipt")
            seen.append(receipt_of(page))
            assert ("还有" in page.text) == (place < 3)

        assert "3个单位都评完了" in page.text
        assert sorted(shown_receipts(page)) == sorted(seen)
        assert len(set(seen)) == 3
        assert ballots.count_ballots("2026-h2") == 4

    def test_the_code_typed_once_fills_every_form(self, citizen, code):
        begin(citizen, "tax", "water")
        send(citizen, code)

        assert f'value="{code[:5]}-{code[5:]}"' in citizen.get("/rate/2026-h2/water").text

    def test_stopping_early_loses_nothing_and_one_can_go_on_later(self, citizen, code):
        begin(citizen, "tax", "water", "noise")
        send(citizen, code)

        assert "还有2个单位没评" in citizen.get("/receipt").text
        assert ballots.count_ballots("2026-h2") == 2
        assert "这次评过了" in citizen.get(LIST).text
        begin(citizen, "water")
        assert "第2个单位，共2个" in citizen.get("/rate/2026-h2/water").text

    def test_a_unit_found_on_its_own_page_joins_those_chosen(self, citizen, code):
        begin(citizen, "tax", "water")
        send(citizen, code, form="/rate/2026-h2/noise")

        page = citizen.get("/receipt").text
        assert "还有2个单位没评" in page

    def test_changing_one_rating_of_the_sitting_keeps_its_receipt(self, citizen, code):
        begin(citizen, "tax", "noise")
        send(citizen, code, form="/rate/2026-h2/noise")
        send(citizen, code)
        before = shown_receipts(citizen.get("/receipt"))
        send(citizen, receipt_of(citizen.get("/receipt")), **{"q-attitude": "1"})

        assert shown_receipts(citizen.get("/receipt")) == before
        assert ballots.count_ballots("2026-h2") == 3

    def test_no_cookie_holds_an_answer(self, citizen, code):
        begin(citizen, "tax", "noise")
        sent = send(citizen, code, **{"q-attitude": "1", "q-efficiency": "3", "q-overall": "4"})
        told = {c.split("=")[0]: c.split("=", 1)[1].split(";")[0] for c in sent.headers.getlist("Set-Cookie")}

        assert set(told) == {"receipt", "sitting", "code"}
        receipt = receipt_of(citizen.get("/receipt")).replace("-", "")
        assert told["sitting"] == f"2026-h2|noise|tax:{receipt}"

    def test_the_button_for_shared_computers_forgets_the_whole_sitting(self, citizen, code):
        begin(citizen, "tax", "noise")
        send(citizen, code)
        citizen.post("/receipt/forget")

        assert citizen.get_cookie("sitting") is None
        assert "p-step" not in citizen.get("/rate/2026-h2/noise").text

    def test_a_receipt_that_somebody_wrote_into_the_cookie_is_not_shown(self, citizen, code, keys):
        send(citizen, code)
        mine, invented = (
            receipt_of(citizen.get("/receipt")).replace("-", ""),
            make_receipt(b"x", form_nonce="", code="", unit_slug=""),
        )
        citizen.set_cookie("sitting", f"2026-h2|tax:{mine}|water:{invented}")

        assert invented not in citizen.get("/receipt").text.replace("-", "")


class TestTheCookie:
    RECEIPT = make_receipt(b"k", form_nonce="n", code="c", unit_slug="tax")

    def test_says_again_what_it_was_told(self, open_round):
        sitting = Sitting("2026-h2", ("noise", "tax"), {"tax": self.RECEIPT})

        assert read_sitting(sitting.text(), open_round) == sitting

    def test_of_another_round_says_nothing_of_this_one(self, open_round):
        assert read_sitting(f"2026-h1|tax:{self.RECEIPT}", open_round) == Sitting("2026-h2")

    def test_fits_into_a_cookie_with_as_many_units_as_may_be_chosen(self):
        slugs = [f"{'x' * 90}{i:02}" for i in range(MOST_UNITS)]
        full = Sitting("r" * 100, tuple(slugs), dict.fromkeys(slugs, self.RECEIPT))

        assert len(full.text()) < 3900

    def test_one_unit_too_many_and_none_are_refused(self):
        slugs = [f"u{i}" for i in range(MOST_UNITS + 1)]
        with pytest.raises(TooManyChosen, match=f"您勾选了{MOST_UNITS + 1}个"):
            choose(Sitting("r"), slugs)
        with pytest.raises(NothingChosen):
            choose(Sitting("r", ("tax",), {"tax": self.RECEIPT}), ["tax"])
        assert len(choose(Sitting("r"), slugs[:-1]).chosen) == MOST_UNITS


class FakeRound:
    code = "2026-h2"
    units = (type("U", (), {"slug": "tax"}), type("U", (), {"slug": "noise"}))


@given(st.lists(st.text(max_size=40), max_size=40).map(lambda parts: "|".join(["2026-h2", *parts])) | st.text())
def test_whatever_stands_in_the_cookie_only_units_of_the_round_and_whole_receipts_come_out(text):
    sitting = read_sitting(text, FakeRound())

    assert set(sitting.chosen) <= {"tax", "noise"}
    assert all(len(receipt) == 17 for receipt in sitting.receipts.values())
