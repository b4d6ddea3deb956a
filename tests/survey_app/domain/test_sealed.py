"""Sealing a report: only the officer's key opens it, and its size tells one of five things."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey, SealedBox

from survey_app import pingyi_sealed
from survey_app.domain import sealed, sealed_key
from survey_app.domain.cases.alleging import alleges
from survey_app.domain.errors import Refusal
from survey_app.pingyi_sealed import Enclosed
from tests.sealing import PASSPHRASE, WORDS, a_report, cheap_passphrases

KEY = PrivateKey(bytes(range(32)))
PUBLIC = bytes(KEY.public_key)
COST = (pingyi_sealed.OPS, pingyi_sealed.MEMORY)


def opened(bundle, key=KEY):
    return pingyi_sealed.open_report(key, bundle, file="a.sealed")


class TestAReport:
    def test_comes_out_as_it_went_in_with_its_files(self):
        files = (
            Enclosed("证据.jpg", "image/jpeg", b"\xff\xd8picture"),
            Enclosed("收据.pdf", "application/pdf", b"%PDF-"),
        )
        report = a_report(about="办税服务厅 王某", contact="0000-8110000", files=files)

        assert opened(sealed.seal(PUBLIC, report)) == report

    @settings(max_examples=60, deadline=None)
    @given(
        st.text(st.characters(exclude_categories=["C", "Z", "M"]), min_size=1, max_size=300),
        st.lists(st.binary(max_size=3000), max_size=3),
    )
    def test_of_any_words_and_bytes_comes_out_as_it_went_in(self, words, contents):
        report = a_report(words=words, files=tuple(Enclosed("a.jpg", "image/jpeg", one) for one in contents))

        assert opened(sealed.seal(PUBLIC, report)) == report

    def test_shows_nothing_of_itself_and_two_of_the_same_share_nothing(self):
        first, second = (sealed.seal(PUBLIC, a_report()) for _ in range(2))

        assert WORDS.encode() not in first
        assert len(first) == len(second)
        assert first[:26] == second[:26]  # the magic and the fingerprint
        assert first[26:58] != second[26:58]

    @pytest.mark.parametrize(
        ("length", "size"), [(1, 4), (3900, 4), (4200, 64), (70_000, 1024), (1_100_000, 4096), (5_000_000, 16_384)]
    )
    def test_has_one_of_five_sizes(self, length, size):
        bundle = sealed.seal(PUBLIC, a_report(words="a", files=(Enclosed("a.pdf", "application/pdf", b"x" * length),)))

        assert len(bundle) == size * 1024 + 16 + 10 + 48  # magic, fingerprint, what a sealed box adds

    def test_heavier_than_the_largest_size_is_refused_in_words(self):
        with pytest.raises(sealed.ReportTooHeavy, match="15兆"):
            sealed.seal(PUBLIC, a_report(files=(Enclosed("a.pdf", "application/pdf", b"x" * 16_777_216),)))

    @pytest.mark.parametrize(
        "change", [lambda b: b[:-1], lambda b: b[:-1] + b"\0", lambda b: b[:40] + b"x" + b[41:], lambda b: b[:27]]
    )
    def test_cut_off_or_altered_is_said_to_be(self, change):
        with pytest.raises(pingyi_sealed.Trouble, match="打不开"):
            opened(change(sealed.seal(PUBLIC, a_report())))

    @pytest.mark.parametrize("content", [b"", b"%PDF-1.4", pingyi_sealed.MAGIC, b"x" * 5000])
    def test_that_is_none_is_said_to_be_none(self, content):
        with pytest.raises(pingyi_sealed.Trouble, match="不是密封举报"):
            opened(content)

    def test_for_another_key_names_both_fingerprints(self):
        with pytest.raises(pingyi_sealed.Trouble) as refused:
            opened(sealed.seal(PUBLIC, a_report()), PrivateKey.generate())

        assert pingyi_sealed.spoken(pingyi_sealed.fingerprint(PUBLIC)) in str(refused.value)

    @pytest.mark.parametrize(
        "head",
        [
            {},
            {"code": "x", "words": "a", "about": "", "contact": "", "files": []},
            {"code": "\x1b[2J", "words": "a", "about": "", "contact": "", "files": []},
            {"code": a_report().code, "words": "a", "about": "", "contact": "", "files": 3},
            {"code": a_report().code, "words": "a", "about": "", "contact": "", "files": [{"name": "a", "size": "b"}]},
            [],
        ],
    )
    def test_put_into_the_database_by_hand_harms_nobody(self, head):
        text = json.dumps(head).encode()
        packed = len(text).to_bytes(4, "big") + text + b"\x80"
        forged = (
            pingyi_sealed.MAGIC + pingyi_sealed.fingerprint(PUBLIC) + bytes(SealedBox(KEY.public_key).encrypt(packed))
        )

        with pytest.raises(pingyi_sealed.Trouble, match="打不开"):
            opened(forged)

    @pytest.mark.parametrize(
        ("words", "reason"),
        [("", sealed.ReportEmpty), (" \n ", sealed.ReportEmpty), ("字" * 5001, Refusal), ("a\u202eb", Refusal)],
    )
    def test_without_words_or_with_unseen_ones_is_none(self, words, reason):
        with pytest.raises(reason):
            a_report(words=words)


class TestCodes:
    def test_the_same_form_gives_the_same_code_and_another_another(self):
        assert a_report("a" * 32).code == a_report("a" * 32).code != a_report("b" * 32).code

    def test_are_read_forgivingly_and_a_slip_is_noticed(self):
        code = a_report().code

        assert sealed.parse_code(f" {code[:4].lower()}-{code[4:]} ") == code
        with pytest.raises(sealed.ReportCodeMistyped, match="举报编号"):
            sealed.parse_code(code[:-1] + ("2" if code[-1] != "2" else "3"))


class TestTheKey:
    @pytest.fixture(autouse=True)
    def cheap(self):
        with cheap_passphrases():
            yield

    def test_costs_whoever_tries_passphrases_libsodium_s_moderate_price(self):
        assert COST == (3, 256 * 2**20)  # passes and bytes, from libsodium's own documentation of argon2id

    def test_opens_with_its_passphrase_typed_on_any_keyboard_and_with_no_other(self):
        locked = pingyi_sealed.read_key(pingyi_sealed.key_text(pingyi_sealed.lock(KEY, PASSPHRASE)), file="a.key")

        assert bytes(pingyi_sealed.unlock(locked, "ｆｏｕｒ unrelated words here ", file="a.key")) == bytes(KEY)
        with pytest.raises(pingyi_sealed.Trouble, match=r"口令不对.*a\.key"):
            pingyi_sealed.unlock(locked, PASSPHRASE + "!", file="a.key")

    def test_stands_nowhere_in_its_file(self):
        text = pingyi_sealed.key_text(pingyi_sealed.lock(KEY, PASSPHRASE))

        assert bytes(KEY).hex() not in text
        assert PASSPHRASE not in text

    @pytest.mark.parametrize("short", ["", "short", "           x", "十一个字不够长的口令吗"])
    def test_is_not_locked_by_a_short_passphrase(self, short):
        with pytest.raises(pingyi_sealed.Trouble, match="至少12个字"):
            pingyi_sealed.lock(KEY, short)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "{}",
            "[1]",
            "null",
            "not json",
            '{"format": "pingyi-sealed-key-v1", "public": "00", "salt": "00", "locked": "00"}',
            "[" * 100_000,
        ],
    )
    def test_file_that_is_none_is_said_to_be_none(self, text):
        with pytest.raises(pingyi_sealed.Trouble, match=r"b\.key"):
            pingyi_sealed.read_key(text, file="b.key")

    def test_public_half_is_read_back_and_a_slip_in_it_is_noticed(self):
        text = pingyi_sealed.public_text(PUBLIC)

        assert sealed_key.read_public(text, file="sealed.pub") == PUBLIC
        for broken in ("", text.replace("v1", "v2"), text.replace(PUBLIC.hex()[:4], "0000", 1), "a b c", text + "more"):
            with pytest.raises(sealed_key.PublicKeyWrong):
                sealed_key.read_public(broken, file="sealed.pub")

    def test_fingerprint_is_five_groups_of_four_of_its_digest(self):
        # printf 'sealed-fingerprint-v1|' and the key's 32 bytes, through sha256sum
        assert pingyi_sealed.spoken(pingyi_sealed.fingerprint(PUBLIC)) == "339B 754E 305A 66AF 6394"


class TestWordsThatAllege:
    @pytest.mark.parametrize(
        "text", ["窗口的人收了红包", "他 受 贿 了", "要「好处费」", "吃拿卡要", "挪用公款", "回-扣"]
    )
    def test_are_noticed(self, text):
        assert alleges(text)

    @pytest.mark.parametrize("text", ["", "排队太久，态度不好", "证书什么时候能拿到？", "发票开错了，请重开", "\u202e"])
    def test_of_everyday_trouble_are_not(self, text):
        assert not alleges(text)
