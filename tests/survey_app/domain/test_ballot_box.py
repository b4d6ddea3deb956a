"""A sealed ballot: one size, one key, and hashes that anyone can recompute."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey

from survey_app.domain import ballot_box

RECEIPT = "23456789ABCDEFGHT"
KEY = ballot_box.new_round_key()
OTHER_KEY = ballot_box.new_round_key()
PUBLIC = bytes(KEY.public_key)
NONCE = bytes([7]) * 32
SEALED_BYTES = 512 + 32 + 16  # padded content, the box's fresh public key, its authenticator (libsodium)

levels = st.one_of(st.none(), st.integers(0, 5))
all_answers = st.lists(levels, min_size=1, max_size=12).map(lambda given: {f"d{i}": v for i, v in enumerate(given)})


@given(
    all_answers,
    st.lists(st.sampled_from(["test", "same_network", "check"]), max_size=3),
    st.binary(min_size=32, max_size=32),
)
def test_every_ballot_is_the_same_size_and_opens_to_what_went_in(answers, flags, nonce):
    sealed = ballot_box.seal_ballot(PUBLIC, answers=answers, nonce=nonce, flags=tuple(flags))
    opened = ballot_box.open_ballot(KEY, sealed)
    assert len(sealed) == SEALED_BYTES == 560
    assert opened.answers.split(",") == ["" if v is None else str(v) for v in answers.values()]
    assert (opened.nonce, opened.flags) == (nonce, tuple(flags))


def test_the_same_answers_sealed_twice_look_entirely_different():
    first, second = (ballot_box.seal_ballot(PUBLIC, answers={"attitude": 5}, nonce=NONCE) for _ in range(2))
    assert len({first[i : i + 8] for i in range(0, 560, 8)} & {second[i : i + 8] for i in range(0, 560, 8)}) == 0


def test_no_other_rounds_key_opens_a_ballot():
    sealed = ballot_box.seal_ballot(PUBLIC, answers={"attitude": 5}, nonce=NONCE)
    with pytest.raises(CryptoError):
        ballot_box.open_ballot(OTHER_KEY, sealed)


@pytest.mark.parametrize("place", [0, 31, 32, 48, 300, 559])
def test_a_ballot_changed_in_one_bit_does_not_open(place):
    sealed = bytearray(ballot_box.seal_ballot(PUBLIC, answers={"attitude": 5}, nonce=NONCE))
    sealed[place] ^= 1
    with pytest.raises(CryptoError):
        ballot_box.open_ballot(KEY, bytes(sealed))


def test_a_ballot_too_long_for_its_envelope_is_never_cut():
    with pytest.raises(ValueError, match="does not fit 512"):
        ballot_box.seal_ballot(PUBLIC, answers={f"d{i}": 5 for i in range(300)}, nonce=NONCE)


@given(st.text(max_size=300))
def test_words_of_300_signs_are_all_one_size_and_come_back_as_written(words):
    sealed = ballot_box.seal_words(PUBLIC, words)
    assert len(sealed) == 2048 + 32 + 16
    assert ballot_box.open_words(KEY, sealed) == words


@pytest.mark.parametrize("words", ["𠮷" * 300, "窗口\x00", "尾\x00\x00", "", "ê\u0080", "很好。\n下次再来"])
def test_words_at_the_edge_of_the_padding_come_back_as_written(words):
    assert ballot_box.open_words(KEY, ballot_box.seal_words(PUBLIC, words)) == words


def test_a_ballots_place_and_proof_are_those_that_openssl_computes():
    # printf 'ballot-v1|23456789ABCDEFGHT' | openssl dgst -sha256
    assert ballot_box.ballot_key(RECEIPT).hex() == "80ab4334ab97bceeb3d07bb7fef514703810cc484b7ca08160484d79fe02fcaf"
    assert ballot_box.proof(RECEIPT).hex() == "773c6531bc56dd476e3e53c189b5b354acb6b6f57118f33d0225c1893ccd6d28"


def test_the_commitment_to_very_satisfied_blank_dont_know_is_the_one_that_openssl_computes():
    # printf 'rating-v1|'; 32 bytes of 07; printf '|5,,0'
    answers = {"attitude": 5, "efficiency": None, "overall": 0}
    assert ballot_box.canonical(answers) == "5,,0"
    assert (
        ballot_box.commitment(NONCE, answers).hex()
        == "cba777b93d4756ab1a6479c83c33ae34d8c6b6031cb929c15a655b7e70127834"
    )


@given(
    st.text("23456789ABCDEFGHJKMNPQRSTVWXY", min_size=17, max_size=17), all_answers, st.binary(min_size=32, max_size=32)
)
def test_place_proof_and_commitment_of_any_ballot_are_plain_sha_256(receipt, answers, nonce):
    line = ",".join("" if v is None else str(v) for v in answers.values())
    assert ballot_box.ballot_key(receipt) == sha256(b"ballot-v1|" + receipt.encode()).digest()
    assert ballot_box.proof(receipt) == sha256(b"proof-v1|" + receipt.encode()).digest()
    assert ballot_box.commitment(nonce, answers) == sha256(b"rating-v1|" + nonce + b"|" + line.encode()).digest()


def test_dont_know_and_blank_and_their_order_bind_differently():
    vectors = [{"a": 0, "b": 5}, {"a": None, "b": 5}, {"a": 5, "b": 0}, {"a": 5, "b": None}, {"a": 5, "b": 5}]
    assert len({ballot_box.commitment(NONCE, vector) for vector in vectors}) == 5


def test_a_nonce_is_256_fresh_bits():
    assert len({ballot_box.new_nonce() for _ in range(200)}) == 200
    assert len(ballot_box.new_nonce()) == 32


# The key's copies


def put(tmp_path, content):
    copy = tmp_path / "office.key"
    copy.write_bytes(content if isinstance(content, bytes) else content.encode())
    return copy


def read(copy, round_code="2026-h2"):
    return ballot_box.read_key(copy, round_code=round_code, public_key=PUBLIC)


def test_a_copy_of_the_key_is_three_lines_and_is_read_back(tmp_path):
    text = ballot_box.key_text("2026-h2", KEY)
    assert text.splitlines() == ["pingyi-round-key-v1", "2026-h2", bytes(KEY).hex()]
    assert bytes(read(put(tmp_path, text))) == bytes(KEY)


def test_a_copy_that_a_windows_editor_saved_is_read_too(tmp_path):
    assert bytes(read(put(tmp_path, ballot_box.key_text("2026-h2", KEY).replace("\n", "\r\n")))) == bytes(KEY)


def test_the_key_of_another_round_is_refused(tmp_path):
    with pytest.raises(ballot_box.WrongKey, match=r"office\.key"):
        read(put(tmp_path, ballot_box.key_text("2026-h1", OTHER_KEY)))


def test_another_key_with_this_rounds_name_on_it_is_refused(tmp_path):
    with pytest.raises(ballot_box.WrongKey):
        read(put(tmp_path, ballot_box.key_text("2026-h2", OTHER_KEY)))


def test_the_right_key_under_another_rounds_name_is_refused(tmp_path):
    with pytest.raises(ballot_box.WrongKey):
        read(put(tmp_path, ballot_box.key_text("2026-h1", KEY)))


DAMAGED = {
    "empty": b"",
    "header only": b"pingyi-round-key-v1\n",
    "no header": bytes(KEY).hex().encode(),
    "other header": ballot_box.key_text("2026-h2", KEY).replace("v1", "v2").encode(),
    "one digit short": ballot_box.key_text("2026-h2", KEY).rstrip("\n")[:-1].encode(),
    "one byte short": ballot_box.key_text("2026-h2", KEY).rstrip("\n")[:-2].encode(),
    "two bytes long": ballot_box.key_text("2026-h2", KEY).rstrip("\n").encode() + b"0000",
    "not hex": ballot_box.key_text("2026-h2", KEY).rstrip("\n")[:-1].encode() + b"g",
    "one digit changed": ballot_box.key_text(
        "2026-h2", PrivateKey(bytes(KEY)[:16] + bytes([bytes(KEY)[16] ^ 1]) + bytes(KEY)[17:])
    ).encode(),
    "not text": b"\xff\xfe\x00\x01" * 40,
    "written twice": ballot_box.key_text("2026-h2", KEY).encode() * 2,
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_copy_is_refused_by_name(tmp_path, content):
    with pytest.raises(ballot_box.WrongKey, match=r"office\.key"):
        read(put(tmp_path, content))


def test_a_copy_that_is_not_there_is_refused_by_name(tmp_path):
    with pytest.raises(ballot_box.WrongKey, match=r"lost\.key"):
        read(tmp_path / "lost.key")
    with pytest.raises(ballot_box.WrongKey):
        read(tmp_path)  # the stick's folder instead of the file on it
