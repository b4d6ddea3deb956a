"""Personal data are told by their check digits: found however they are written, and codes are left alone."""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.config import HOME
from survey_app.publishing.book import Book
from survey_app.publishing.checks.looks import Look
from survey_app.publishing.checks.privacy import (
    PROVINCES,
    citizen_check,
    home_beside_a_name,
    is_bank_card,
    is_citizen_id,
    luhn,
    no_personal_numbers,
)
from survey_app.publishing.pages import new_page, read_pages
from tests.pages.page_trees import NOTICE, NOTICE_PATH, PROCEDURE, PROCEDURE_PATH, TODAY

BIRTHDAYS = st.dates(date(1900, 1, 1), date(2026, 11, 24))
FIRST17 = st.builds(
    lambda province, place, day, order: f"{province}{place:04d}{day:%Y%m%d}{order:03d}",
    st.sampled_from(sorted(PROVINCES)),
    st.integers(0, 9999),
    BIRTHDAYS,
    st.integers(0, 999),
)


def numbers_in(text: str, key: str = "text") -> list[str]:
    page = new_page(NOTICE_PATH, {**NOTICE, key: text})
    return [finding.text() for finding in no_personal_numbers(Look(page, Book([page]), TODAY))]


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014", "110101199003071233"])
def test_known_numbers_of_the_standard_are_valid(number: str) -> None:
    """The first two are the examples printed in GB 11643-1999."""
    assert is_citizen_id(number)


@given(FIRST17)
def test_every_number_made_by_the_rule_is_found_in_a_sentence(first17: str) -> None:
    number = first17 + citizen_check(first17)
    assert is_citizen_id(number)
    assert numbers_in(f"申请人张某，身份证号{number}，已受理。") == ["有一串像身份证号的数字。请删去。"]


@given(FIRST17, st.sampled_from("0123456789X"))
def test_a_wrong_check_digit_is_no_identity_number(first17: str, last: str) -> None:
    assert is_citizen_id(first17 + last) == (last == citizen_check(first17))


@given(FIRST17, st.integers(0, 16), st.sampled_from(string.digits))
def test_one_digit_changed_is_noticed(first17: str, place: int, digit: str) -> None:
    number = first17 + citizen_check(first17)
    changed = number[:place] + digit + number[place + 1 :]
    assert is_citizen_id(changed) == (changed == number)


def test_a_number_of_a_day_that_never_was_or_a_province_that_is_not_is_none() -> None:
    for first17 in ("11010119900230123", "99010119900307123", "11010119901307123"):
        assert not is_citizen_id(first17 + citizen_check(first17))


@pytest.mark.parametrize(
    "written",
    [
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105 19491231 002X",
        "110105-1949-1231-002X",
        "|张某|11010519491231002X|",
    ],
)
def test_an_identity_number_is_found_however_it_is_typed(written: str) -> None:
    assert numbers_in(written)


# Numbers that Luhn accepts, from the published test numbers of card schemes and made with the rule.
CARDS = ["6222021234567890128", "4111111111111111", "5555555555554444", "6212345678901232"]


@pytest.mark.parametrize("card", CARDS)
def test_bank_cards_are_found_in_a_sentence(card: str) -> None:
    assert is_bank_card(card)
    spaced = " ".join(card[start : start + 4] for start in range(0, len(card), 4))
    for written in (card, spaced):
        assert "银行卡号" in numbers_in(f"补贴打到卡号{written}里。")[0]


@given(st.text(string.digits, min_size=13, max_size=16))
def test_a_card_with_one_digit_changed_is_none(middle: str) -> None:
    body = "62" + middle
    card = next(body + digit for digit in string.digits if luhn(body + digit))
    assert is_bank_card(card) == (16 <= len(card) <= 19)
    other = card[:-1] + str((int(card[-1]) + 1) % 10)
    assert not is_bank_card(other)


@pytest.mark.parametrize(
    "text",
    [
        "索引号000QH101/2026-00027，见附件。",
        "事项编码6222021234567890128，请在系统里查。",
        "实施编码11440100MB2C12345644401010230000。",
        "基本编码115101000086742318451013701900012345。",
        "统一社会信用代码91110000600007156N。",
        "受理号4111111111111111已登记。",
        "2026-11-24 09:52至2026-11-30 17:00",
        "咨询电话0000-8110101，监督电话0000-8110109。",
        "全年支出1286000000元，收入138000011110元。",
        "见https://example.com/notice/13800001111/6222021234567890128.html",
        "证号110105********002X，号码138****1111。",
        "编号从GZF2026-0301到GZF2026-0426。",
    ],
)
def test_codes_dates_sums_and_masked_numbers_raise_no_alarm(text: str) -> None:
    assert numbers_in(text) == []


@pytest.mark.parametrize(
    "text", ["打13800001111", "联系1380000 1111", "＋86 138 0000 1111", "138-0000-1111", "手机１３８００００１１１１"]
)
def test_private_mobiles_are_found_however_they_are_typed(text: str) -> None:
    assert numbers_in(text) == ["有一串像手机号的数字（138开头）。请删去，或写进电话一栏。"]


def test_a_mobile_in_the_field_for_numbers_to_call_is_meant() -> None:
    points = [{"name": "服务站", "place": "村委会", "agent": "何秀兰", "phone": "13800001111"}]
    page = new_page(PROCEDURE_PATH, {**PROCEDURE, "agency_points": points})
    assert list(no_personal_numbers(Look(page, Book([page]), TODAY))) == []
    page.data["agency_points"][0]["name"] = "服务站13800001111"
    assert len(list(no_personal_numbers(Look(page, Book([page]), TODAY)))) == 1


HOMES = [
    "| 1 | 张三丰 | 幸福小区3栋2单元501室 | 低保 |",
    "户主：李某某，住址：春晖里小区8号楼1单元302。",
    "补助对象王秀英，石桥村三组12号。",
    "刘大勇，住阳光花园B12栋1203室",
    "居民陈小明（康宁家园5幢602室）",
    "村民赵铁柱 清源镇北坡村2组15号",
]
OFFICES = [
    "政务服务大厅一楼1号窗口，政和路18号。",
    "春晖社区居委会在春晖里小区8号楼1单元101室。",
    "张建国（主任），办公室在机关3号楼2单元401室。",
    "石桥村三组12号是村委会，王秀英在那里接待。",
    "青年之家设在阳光花园3栋101室，负责人刘洋。",
    "幸福小区3栋2单元加装电梯，工期60天。",
    "村民代表会议在石桥村召开，一组到五组12户参加。",
    "本工程涉及5号楼2单元管道更换。",
]


@pytest.mark.parametrize("text", HOMES)
def test_a_home_beside_a_name_is_noticed(text: str) -> None:
    assert home_beside_a_name(text)


@pytest.mark.parametrize("text", OFFICES)
def test_an_office_and_a_building_without_a_person_are_left_alone(text: str) -> None:
    assert home_beside_a_name(text) == ""


def test_no_sample_page_raises_a_false_alarm() -> None:
    pages = read_pages(HOME / "site" / "pages")
    assert len(pages) > 200
    texts = [text for page in pages for _at, _key, text in Look(page, Book([]), TODAY).texts]
    assert [text for text in texts if home_beside_a_name(text)] == []
