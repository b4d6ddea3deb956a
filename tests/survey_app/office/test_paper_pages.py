"""Two clerks and a reviewer at their pages."""

import pytest

from survey_app.domain import codes as code_words
from survey_app.store import ballots, paper
from survey_app.store.models import PaperCard
from tests.factories import cast, make_codes
from tests.survey_app.citizen.sending import send

PAGE = "/office/paper/2026-h2"
CARD = {"q-attitude": "5", "q-efficiency": "4", "q-overall": ""}


@pytest.fixture
def cards(open_round, keys, clock):
    make_codes(keys, clock)  # noise
    return make_codes(keys, clock, count=25, channel="paper", unit_slug="tax")


@pytest.fixture
def zhou(cards, signed_in):
    return signed_in("entry_clerk", username="zhou")


@pytest.fixture
def wu(cards, signed_in):
    return signed_in("entry_clerk", username="wu")


def enter(clerk, serial, **changes):
    return clerk.post(f"{PAGE}/card", data={"code": serial, "unit": "", **CARD, **changes})


def said(clerk):
    return clerk.get(f"{PAGE}/card").text


def test_two_clerks_type_a_card_and_each_hears_what_to_do_with_the_paper(zhou, wu, cards):
    assert enter(zhou, code_words.spoken(cards[0]).lower()).status_code == 303
    assert "编号1。请用铅笔在卡角写上1" in said(zhou)
    enter(wu, f" {cards[0]} ", **{"q-attitude": "５"})
    assert "1号卡两遍一致" in said(wu)


def test_the_second_clerk_sees_nothing_of_what_the_first_typed(zhou, wu, cards, open_round):
    enter(zhou, cards[0], **{"q-attitude": "1"})
    for page in (wu.get(PAGE).text, said(wu)):
        assert cards[0] not in page
        assert "非常不满意</span>" not in page
        assert 'value="1"' not in page
    assert wu.get(f"{PAGE}/settle/1").status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"code": "7KQ2M-9XB4O"}, "没有“O”，看看是不是D、Q"),
        ({"code": "23456789AB"}, "评议码对不上"),
        ({"code": ""}, "请填评议码"),
        ({"q-attitude": "6"}, "“服务态度”只能填5、4、3、2、1或0"),
        ({"q-attitude": "满意"}, "“服务态度”只能填"),
        ({"q-attitude": "", "q-efficiency": ""}, "一题也没有填"),
        ({"unit": "water"}, "这个评议码是评“办税服务厅”的"),
        ({"unit": "library"}, "这个评议码是评“办税服务厅”的"),
    ],
)
def test_a_slip_is_said_once_beside_its_field_and_the_rest_is_kept(zhou, cards, changes, words):
    answer = enter(zhou, cards[0], **{"q-efficiency": "3", **changes})

    assert answer.status_code == 422
    assert answer.text.count(words) == 2  # in the list above, which leads to the field, and beside it
    assert 'name="q-efficiency" value="3"' in answer.text or "q-efficiency" in changes
    assert PaperCard.select().count() == 0


def test_a_card_already_rated_on_the_web_is_refused_at_the_desk_and_a_typed_one_on_the_web(
    zhou, citizen, cards, keys, clock
):
    cast(keys, clock, cards[0])
    answer = enter(zhou, cards[0])
    assert (answer.status_code, "已经在网上或电话里评过" in answer.text) == (409, True)

    enter(zhou, cards[1])
    page = send(citizen, cards[1], **{"q-attitude": "1"})
    assert page.status_code == 409
    assert "以纸上填的为准" in page.text
    assert ballots.count_ballots("2026-h2") == 1


def test_the_two_clerks_settle_a_difference_together(zhou, wu, cards, open_round):
    enter(zhou, cards[0])
    enter(wu, cards[0], **{"q-attitude": "2"})
    assert "两遍有不同" in said(wu)
    page = zhou.get(f"{PAGE}/settle/1").text
    assert page.count("<fieldset") == 1  # the one question that differs
    assert "第一遍：非常满意" in page
    assert "第二遍：不满意" in page

    assert "“服务态度”还没有选" in zhou.post(f"{PAGE}/settle/1", data={}).text
    zhou.post(f"{PAGE}/settle/1", data={"c-attitude": "2"})
    assert "请另一位录入员也来核对一次" in zhou.get(PAGE).text
    assert "已经选过" in wu.get(f"{PAGE}/settle/1").text
    wu.post(f"{PAGE}/settle/1", data={"c-attitude": "2"})
    assert "1号卡核对好了" in wu.get(PAGE).text
    assert [card.state for card in paper.list_staged(open_round)] == ["settled"]


def test_another_clerk_neither_sees_nor_settles_a_card_that_is_not_theirs(zhou, wu, cards, signed_in):
    enter(zhou, cards[0])
    enter(wu, cards[0], **{"q-attitude": "2"})
    li = signed_in("entry_clerk", username="li")

    assert "核对<span" not in li.get(PAGE).text
    assert li.get(f"{PAGE}/settle/1").status_code == 403
    assert li.post(f"{PAGE}/settle/1", data={"c-attitude": "5"}).status_code == 403
    assert zhou.post(f"{PAGE}/aside/1", data={"reason": "不想核对"}).status_code == 403


def test_a_reviewer_settles_or_sets_aside_with_a_reason(zhou, wu, cards, signed_in, open_round):
    for code in cards[:2]:
        enter(zhou, code)
        enter(wu, code, **{"q-overall": "1"})
    shen = signed_in("reviewer", username="shen")
    shen.post(f"{PAGE}/settle/1", data={"c-overall": "none"})
    assert shen.post(f"{PAGE}/aside/2", data={"reason": ""}).status_code == 422
    shen.post(f"{PAGE}/aside/2", data={"reason": "看不清"})

    assert [(c.number, c.state) for c in paper.list_staged(open_round)] == [(1, "settled")]
    assert "2号卡已剔出" in shen.get(PAGE).text


def test_a_reviewer_sets_a_card_aside_that_was_lost_before_its_second_reading(zhou, cards, signed_in, open_round):
    enter(zhou, cards[0])
    enter(zhou, cards[1])
    shen = signed_in("reviewer", username="shen")
    assert "2号卡为什么剔出" in shen.get(PAGE).text
    assert "为什么剔出" not in zhou.get(PAGE).text
    shen.post(f"{PAGE}/aside/2", data={"reason": "卡遗失"})
    assert [card.number for card in paper.list_staged(open_round)] == [1]


def test_twenty_finished_cards_go_into_the_box_by_themselves(zhou, wu, cards, open_round):
    for code in cards[:20]:
        enter(zhou, code)
    for code in cards[:19]:
        enter(wu, code)
    assert ballots.count_ballots("2026-h2") == 0
    enter(wu, cards[19])
    assert ballots.count_ballots("2026-h2") == 20
    assert paper.list_staged(open_round) == []


def test_the_round_officer_sees_how_many_wait_and_cannot_type(zhou, cards, signed_in):
    enter(zhou, cards[0])
    officer = signed_in("round_officer")
    page = officer.get(PAGE).text

    assert "等第二遍（1）" in page
    assert "录卡</a>" not in page
    assert officer.get(f"{PAGE}/card").status_code == 403
    assert enter(officer, cards[1]).status_code == 403
