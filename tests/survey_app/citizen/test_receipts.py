"""After rating: the receipt page, a change of mind, words of one's own."""

from survey_app.store import ballots
from tests.factories import cast
from tests.survey_app.citizen.sending import FORM, receipt_of, send


class TestChangingMyMind:
    def test_the_receipt_in_the_place_of_the_code_replaces_the_ballot(self, citizen, code):
        send(citizen, code)
        receipt = receipt_of(citizen.get("/receipt"))
        changed = send(citizen, receipt.lower(), **{"q-attitude": "1"})

        assert changed.status_code == 303
        assert receipt_of(citizen.get("/receipt")) == receipt
        assert ballots.count_ballots("2026-h2") == 2

    def test_the_button_on_the_receipt_page_leads_to_a_form_that_holds_the_receipt(self, citizen, code):
        send(citizen, code)
        receipt = receipt_of(citizen.get("/receipt"))
        moved = citizen.post("/receipt/change", data={"receipt": receipt})

        assert moved.headers["Location"] == FORM
        assert receipt not in moved.headers["Location"]
        assert f'value="{receipt}"' in citizen.get(FORM).text

    def test_a_mistyped_receipt_is_told_apart_from_a_mistyped_code(self, citizen, code):
        page = send(citizen, "2345-6789-ABCD-EFGHJ")

        assert page.status_code == 422
        assert "回执码对不上" in page.text

    def test_a_receipt_of_another_unit_names_that_unit(self, citizen, keys, clock, code):
        receipt = cast(keys, clock, code, unit="noise")
        page = send(citizen, receipt)

        assert page.status_code == 422
        assert "无关单位" in page.text


class TestTheReceiptPage:
    def test_a_receipt_typed_later_finds_its_ballot(self, citizen, keys, clock, code):
        receipt = cast(keys, clock, code)
        citizen.get(FORM)
        citizen.post("/receipt", data={"receipt": f" {receipt.lower()} "})

        assert receipt_of(citizen.get("/receipt")).replace("-", "") == receipt

    def test_an_unknown_receipt_is_said_to_be_unknown(self, citizen):
        page = citizen.post("/receipt", data={"receipt": "22222222222222222"})

        assert page.status_code == 422
        assert "没有找到" in page.text

    def test_one_button_clears_a_shared_computer(self, citizen, code):
        send(citizen, code)
        citizen.post("/receipt/forget")

        assert 'id="receipt-code"' not in citizen.get("/receipt").text
        assert code not in citizen.get(FORM).text

    def test_an_old_receipt_cookie_of_a_ballot_that_is_gone_does_not_lock_the_page(self, citizen):
        citizen.set_cookie("receipt", "22222222222222222")

        page = citizen.get("/receipt")

        assert page.status_code == 200
        assert "查我的评议" in page.text


class TestWords:
    def receipt(self, citizen, code):
        send(citizen, code)
        return receipt_of(citizen.get("/receipt"))

    def test_are_a_second_form_after_the_receipt(self, citizen, code):
        assert "<textarea" not in citizen.get(FORM).text
        receipt = self.receipt(citizen, code)
        sent = citizen.post("/receipt/words", data={"receipt": receipt, "words": "窗口等了很久"})

        assert sent.status_code == 303
        assert "您写的话已经存好" in citizen.get(sent.headers["Location"]).text

    def test_with_a_telephone_number_are_given_back(self, citizen, code):
        receipt = self.receipt(citizen, code)
        page = citizen.post("/receipt/words", data={"receipt": receipt, "words": "有事打13800000000"})

        assert page.status_code == 422
        assert "138开头" in page.text
        assert "有事打13800000000" in page.text

    def test_of_301_characters_are_given_back_with_the_count(self, citizen, code):
        receipt = self.receipt(citizen, code)
        page = citizen.post("/receipt/words", data={"receipt": receipt, "words": "慢" * 301})

        assert page.status_code == 422
        assert "请删去1个" in page.text

    def test_cannot_be_given_twice(self, citizen, code):
        receipt = self.receipt(citizen, code)
        citizen.post("/receipt/words", data={"receipt": receipt, "words": "一"})
        page = citizen.post("/receipt/words", data={"receipt": receipt, "words": "二"})

        assert page.status_code == 409
        assert "已经留过话了" in page.text

    def test_full_of_markup_come_back_as_text(self, citizen, code):
        receipt = self.receipt(citizen, code)
        page = citizen.post("/receipt/words", data={"receipt": receipt, "words": "<script>1</script>" * 20})

        assert "<script>1" not in page.text
