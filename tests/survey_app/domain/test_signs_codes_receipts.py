"""Signs that catch a slip of the pen, codes that admit, receipts that find a ballot again."""

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain import checksign, codes, receipts
from survey_app.domain.errors import Refusal

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXY"  # method.md, decision 4
BODIES = ("23456789A", "222222222", "YYYYYYYYY", "Y2Y2Y2Y2Y", "KM7HQ3WXT", "98765432A")
RECEIPT_BODIES = ("23456789ABCDEFGH", "YYYYYYYYYYYYYYYY", "7KM3WXTQ9HC2D5FA")
KEY = bytes([0x11]) * 32
DASHES = "".join(c for c in map(chr, range(0x110000)) if unicodedata.category(c) == "Pd")

body_texts = st.text(SIGNS, min_size=9, max_size=9)
printable = st.text(st.characters(exclude_categories=("Cs",)), max_size=24)


def sign_by_hand(body: str) -> str:
    """1·index of the first sign + 2·index of the second and so on, modulo 29."""
    total = 0
    for place, sign in enumerate(body, start=1):
        total += place * SIGNS.index(sign)
    return SIGNS[total % 29]


def hmac_by_hand(key: bytes, text: str) -> bytes:
    """RFC 2104 from the hash alone: H(key xor opad, H(key xor ipad, text))."""
    block = key.ljust(64, b"\x00")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in block) + text.encode()).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in block) + inner).digest()


# Check sign


def test_the_code_2345_6789_a_ends_in_the_check_sign_a():
    assert 1 * 0 + 2 * 1 + 3 * 2 + 4 * 3 + 5 * 4 + 6 * 5 + 7 * 6 + 8 * 7 + 9 * 8 == 240
    assert 240 % 29 == 8
    assert checksign.check_sign("23456789A") == "A" == SIGNS[8]


def test_no_code_holds_a_sign_that_looks_like_another():
    assert checksign.ALPHABET == SIGNS
    assert len(set(SIGNS)) == 29
    assert not set(SIGNS) & set("01ILOUZ")


@pytest.mark.parametrize("body", [*BODIES, *RECEIPT_BODIES])
def test_every_single_wrong_sign_is_found(body):
    whole = body + sign_by_hand(body)
    assert checksign.checks_out(whole)
    slips = [whole[:i] + wrong + whole[i + 1 :] for i in range(len(whole)) for wrong in SIGNS if wrong != whole[i]]
    assert len(slips) == 28 * len(whole)
    assert [slip for slip in slips if checksign.checks_out(slip)] == []


@pytest.mark.parametrize("body", [*BODIES, *RECEIPT_BODIES])
def test_every_swap_of_neighbours_is_found(body):
    whole = body + sign_by_hand(body)
    swaps = [whole[:i] + whole[i + 1] + whole[i] + whole[i + 2 :] for i in range(len(whole) - 1)]
    assert [swap for swap in swaps if swap != whole and checksign.checks_out(swap)] == []


@given(body_texts, st.integers(0, 9), st.sampled_from(SIGNS))
def test_a_slip_in_any_code_is_found(body, place, sign):
    whole = checksign.with_check_sign(body)
    assert whole == body + sign_by_hand(body)
    slip = whole[:place] + sign + whole[place + 1 :]
    assert checksign.checks_out(slip) == (slip == whole)


@given(st.text(SIGNS, min_size=9, max_size=16), st.data())
def test_a_swap_in_any_code_or_receipt_is_found(body, data):
    whole = checksign.with_check_sign(body)
    i = data.draw(st.integers(0, len(whole) - 2))
    swap = whole[:i] + whole[i + 1] + whole[i] + whole[i + 2 :]
    assert checksign.checks_out(swap) == (swap == whole)


def test_a_lone_sign_or_nothing_is_no_code():
    assert not checksign.checks_out("")
    assert not checksign.checks_out("2")


# Codes as people type them


def test_a_fresh_code_has_ten_signs_that_check_out_and_none_comes_twice():
    fresh = [codes.new_code() for _ in range(500)]
    assert len(set(fresh)) == 500
    assert all(len(code) == 10 and code[-1] == sign_by_hand(code[:9]) for code in fresh)


@pytest.mark.parametrize(
    "typed",
    [
        "23456789AA",
        "23456789aa",
        "23456-789AA",
        "23456 789AA",
        "  23456789AA\r\n",
        "２３４５６７８９ＡＡ",
        "２３４５６－７８９ａａ",
        "2 3 4 5 6 7 8 9 A A",
        "23456\u3000789AA",
        "23456——789AA",
        "23456_789AA",
        "23456·789AA",
        "23456.789AA",
        "\ufeff23456789AA\u200b",
    ],
)
def test_a_code_is_understood_however_the_person_typed_it(typed):
    assert codes.parse_code(typed) == "23456789AA"


def test_every_dash_that_unicode_knows_is_forgiven_between_the_groups():
    assert [f"U+{ord(dash):04X}" for dash in [*DASHES, "\u2212"] if not understood(f"23456{dash}789AA")] == []


def test_invisible_marks_copied_along_from_a_message_are_forgiven():
    marks = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
    assert [f"U+{ord(mark):04X}" for mark in marks if not understood(f"{mark}23456{mark}789AA{mark}")] == []


def understood(typed: str) -> bool:
    try:
        return codes.parse_code(typed) == "23456789AA"
    except Refusal:
        return False


@given(
    body_texts, st.lists(st.tuples(st.integers(0, 10), st.sampled_from(" -－—\u3000\t.·")), max_size=8), st.booleans()
)
def test_any_code_survives_lower_case_full_width_spaces_and_dashes(body, marks, wide):
    code = checksign.with_check_sign(body)
    typed = code.lower()
    for place, mark in marks:
        typed = typed[:place] + mark + typed[place:]
    if wide:
        typed = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in typed)
    assert codes.parse_code(typed) == code


@pytest.mark.parametrize("typed", ["", "   ", "——", "\u3000\n"])
def test_an_empty_field_asks_for_the_code(typed):
    with pytest.raises(codes.CodeMissing, match="请填评议码"):
        codes.parse_code(typed)


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("0O3456789A", "0、O"),
        ("z3456789il", "Z、I、L"),
        ("23456789A好", "好"),
        ("uu456789AU", "U"),
        ("１3456789AA", "1"),
    ],
)
def test_a_sign_that_no_code_contains_is_named_once(typed, named):
    with pytest.raises(codes.CodeImpossibleSign) as refused:
        codes.parse_code(typed)
    assert f"没有“{named}”" in str(refused.value)


@pytest.mark.parametrize("typed", ["23456789A", "23456789AAA", "2"])
def test_a_code_of_another_length_is_told_how_many_signs_it_has(typed):
    with pytest.raises(codes.CodeWrongLength, match=f"您填了{len(typed)}位"):
        codes.parse_code(typed)


def test_a_code_with_one_sign_misread_is_sent_back_to_the_card():
    with pytest.raises(codes.CodeMistyped):
        codes.parse_code("23456789BA")


@given(printable)
def test_whatever_is_typed_gives_a_code_that_checks_out_or_one_refusal(typed):
    try:
        code, refused = codes.parse_code(typed), None
    except Refusal as refusal:
        code, refused = None, refusal
    if refused:
        assert (refused.status, "%(" in str(refused)) == (422, False)
    else:
        assert len(code) == 10
        assert code[9] == sign_by_hand(code[:9])


def test_a_code_is_printed_in_two_groups_of_five_and_read_back():
    assert codes.spoken("23456789AA") == "23456-789AA"
    assert codes.parse_code(codes.spoken("23456789AA")) == "23456789AA"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("7KQ2M-9XB4O", "D、Q"), ("7KQ2M-9XB4l", "J、E"), ("7KQ2M-9XBZ0", "2、D、Q"), ("7UQ2M-9XB41", "V、7、T")],
)
def test_a_sign_that_never_occurs_is_named_with_those_it_was_perhaps_meant_for(typed, meant):
    with pytest.raises(codes.CodeImpossibleSign, match=f"看看是不是{meant}。"):
        codes.parse_code(typed)


def test_a_sign_of_another_kind_is_named_without_a_guess():
    with pytest.raises(codes.CodeImpossibleSign) as refused:
        codes.parse_code("7KQ2M-9XB4好")
    assert "没有“好”。" in str(refused.value)
    assert "看看" not in str(refused.value)


# Tags


def test_the_tags_of_a_code_are_those_that_openssl_computes():
    # printf '%s' 'issue-v1|2026-h2' | openssl dgst -sha256 -mac HMAC -macopt hexkey:1111…11
    # printf '%s' 'admit-v1|2026-h2|23456789AA' | openssl dgst -sha256 -mac HMAC -macopt hexkey:3042…584a
    issue_key = codes.issue_key(KEY, round_code="2026-h2")
    admitted = codes.code_tag(issue_key, round_code="2026-h2", code="23456789AA")
    used = codes.use_tag(KEY, round_code="2026-h2", code="23456789AA", unit_slug="tax")
    assert issue_key.hex() == "3042a7c5f35d4888bb945c7184fc8268e20feb73d1a83934a9925e44b5af584a"
    assert admitted.hex() == "1ed321724dc9ac4fa3d360405b18ae649ca9814990d32737ff7258e1e1cbca65"
    assert used.hex() == "04d860739d6a2deb85f5aa8b56bc90b5f48411f275367b982fc48ae8951f371b"


@given(st.binary(min_size=32, max_size=32), body_texts, st.sampled_from(["2026-h1", "2026-h2"]))
def test_the_tags_of_any_code_are_those_of_the_hmac_written_out(key, code, round_code):
    issue_key = codes.issue_key(key, round_code=round_code)
    admitted = codes.code_tag(issue_key, round_code=round_code, code=code)
    used = codes.use_tag(key, round_code=round_code, code=code, unit_slug="water")
    assert issue_key == hmac_by_hand(key, f"issue-v1|{round_code}")
    assert admitted == hmac_by_hand(issue_key, f"admit-v1|{round_code}|{code}")
    assert used == hmac_by_hand(key, f"use-v1|{round_code}|{code}|water")


def test_a_code_leaves_another_tag_in_every_round_and_at_every_unit_and_under_every_key():
    tags = [
        tag
        for key in (KEY, bytes([0x12]) * 32)
        for round_code in ("2026-h1", "2026-h2")
        for tag in (
            codes.code_tag(codes.issue_key(key, round_code=round_code), round_code=round_code, code="23456789AA"),
            codes.use_tag(key, round_code=round_code, code="23456789AA", unit_slug="tax"),
            codes.use_tag(key, round_code=round_code, code="23456789AA", unit_slug="water"),
        )
    ]
    assert len(set(tags)) == len(tags) == 12


# Receipts


def test_the_receipt_is_base_29_of_the_hmac_that_openssl_computes():
    # HMAC 2db0923624b0345afbeb1cabdf23b01864cc5d8f413b7acb902cdddc688ac3aa by openssl, divided by 29 in Perl's bigint.
    receipt = receipts.make_receipt(KEY, form_nonce="nonce-of-the-form", code="23456789AA", unit_slug="tax")
    assert receipt == "8J6CM7GEAY2BGDD9X"


@given(st.binary(min_size=32, max_size=32), st.text("abcdef0123456789_-", min_size=16, max_size=32), body_texts)
def test_any_receipt_read_as_a_number_is_the_hmac_modulo_29_to_the_16(key, nonce, code):
    receipt = receipts.make_receipt(key, form_nonce=nonce, code=code, unit_slug="tax")
    number = sum(SIGNS.index(sign) * 29**place for place, sign in enumerate(receipt[:16]))
    assert number == int(hmac_by_hand(key, f"receipt-v1|{nonce}|{code}|tax").hex(), 16) % 29**16
    assert receipt[16] == sign_by_hand(receipt[:16])


def test_the_same_form_gives_the_same_receipt_and_any_other_form_code_unit_or_key_another():
    made = {"form_nonce": "a" * 32, "code": "23456789AA", "unit_slug": "tax"}
    first = receipts.make_receipt(KEY, **made)
    others = [
        receipts.make_receipt(KEY, **(made | change))
        for change in ({"form_nonce": "b" * 32}, {"code": "KM7HQ3WXTA"}, {"unit_slug": "water"})
    ]
    others.append(receipts.make_receipt(bytes([0x12]) * 32, **made))
    assert receipts.make_receipt(KEY, **made) == first
    assert len({first, *others}) == 5


def test_a_form_number_with_a_stroke_in_it_imitates_no_other_form():
    honest = receipts.make_receipt(KEY, form_nonce="n", code="23456789AA", unit_slug="tax")
    tricks = [
        receipts.make_receipt(KEY, form_nonce="n|23456789AA", code="23456789AA", unit_slug="tax"),
        receipts.make_receipt(KEY, form_nonce="n|23456789AA|tax", code="23456789AA", unit_slug="tax"),
        receipts.make_receipt(KEY, form_nonce="", code="23456789AA", unit_slug="tax"),
    ]
    assert honest not in tricks


@pytest.mark.parametrize(
    "typed",
    [
        "8J6CM7GEAY2BGDD9X",
        "8j6c-m7ge-ay2b-gdd9x",
        " 8J6C M7GE AY2B GDD9X ",
        "８Ｊ６Ｃ－Ｍ７ＧＥ－ＡＹ２Ｂ－ＧＤＤ９Ｘ",
        "8J6C—M7GE—AY2B—GDD9X",
    ],
)
def test_a_receipt_copied_by_hand_is_understood(typed):
    assert receipts.parse_receipt(typed) == "8J6CM7GEAY2BGDD9X"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "8J6CM7GEAY2BGDD9",
        "8J6CM7GEAY2BGDD9XX",
        "8J6CM7GEAY2BGDD9Y",
        "J86CM7GEAY2BGDD9X",
        "0J6CM7GEAY2BGDD9X",
        "评议",
    ],
)
def test_a_receipt_that_does_not_check_out_is_refused_with_the_way_to_correct_it(typed):
    with pytest.raises(receipts.ReceiptMistyped, match="回执码是17位"):
        receipts.parse_receipt(typed)


def test_a_receipt_is_shown_in_four_groups_and_read_back():
    assert receipts.spoken("8J6CM7GEAY2BGDD9X") == "8J6C-M7GE-AY2B-GDD9X"
    assert receipts.parse_receipt(receipts.spoken("8J6CM7GEAY2BGDD9X")) == "8J6CM7GEAY2BGDD9X"


def test_a_receipt_in_the_field_for_codes_is_recognised_even_two_signs_short_and_a_code_is_not():
    assert receipts.looks_like_receipt("8J6C-M7GE-AY2B-GDD9X")
    assert receipts.looks_like_receipt("8J6CM7GEAY2BGDD")
    assert not receipts.looks_like_receipt("23456-789AA")
    assert not receipts.looks_like_receipt("")
