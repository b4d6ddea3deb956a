"""Roles, passwords and the price of guessing, as plain rules."""

from datetime import timedelta

import pytest

from survey_app.domain import guessing, passwords, roles


def test_every_role_of_the_terms_has_its_chinese_name():
    assert set(roles.ROLES) == {
        "unit_editor",
        "unit_head",
        "publicity",
        "issuer",
        "round_officer",
        "reviewer",
        "entry_clerk",
        "interviewer",
        "case_handler",
        "discipline_officer",
        "inspector",
        "auditor",
        "administrator",
    }
    assert all("\u4e00" <= words[0] <= "\u9fff" for words in roles.ROLES.values())


@pytest.mark.parametrize(
    ("held", "needs"),
    [
        ({"publicity"}, True),
        ({"round_officer"}, True),
        ({"issuer"}, True),
        ({"entry_clerk", "reviewer"}, True),
        ({"discipline_officer"}, True),
        ({"entry_clerk", "interviewer", "case_handler"}, False),
        ({"unit_editor", "administrator"}, True),
        ({"unit_editor", "unit_head", "auditor", "inspector"}, False),
        (set(), False),
    ],
)
def test_who_decides_what_the_public_reads_or_who_may_write_needs_a_second_factor(held, needs):
    assert roles.needs_second_factor(held) is needs


@pytest.mark.parametrize(
    ("held", "pair"),
    [
        ({"issuer", "round_officer"}, "发码人和评议专员"),
        ({"issuer", "round_officer", "entry_clerk"}, "发码人和评议专员"),
        ({"auditor", "inspector"}, "督查员和审计监督员"),
        ({"auditor", "administrator"}, "审计监督员和系统管理员"),
        ({"administrator", "publicity"}, "政务公开办公室和系统管理员"),
        ({"administrator", "unit_editor"}, "单位编辑和系统管理员"),
    ],
)
def test_duties_that_would_let_one_person_cheat_stand_in_different_accounts(held, pair):
    with pytest.raises(roles.RolesApart) as refusal:
        roles.require_roles(held, unit_slug="tax")
    assert pair in refusal.value.text()


@pytest.mark.parametrize(
    "held",
    [{"issuer"}, {"round_officer", "discipline_officer"}, {"issuer", "entry_clerk"}, {"auditor"}, {"administrator"}],
)
def test_other_duties_may_lie_in_one_hand(held):
    assert roles.require_roles(held, unit_slug="") == held


@pytest.mark.parametrize(
    ("failed", "seconds"),
    [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (11, 1920), (12, 3600), (13, 3600), (10_000, 3600)],
)
def test_waiting_begins_at_the_fifth_wrong_try_and_doubles_to_an_hour(failed, seconds):
    assert guessing.wait_after(failed, free=5) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "typed", ["四只蓝鲸在打算盘呢呢", "correct horse battery", "zhoujing's own cat 7", "密" * 3 + "abcdefgh"]
)
def test_a_long_sentence_is_a_good_password(typed):
    assert passwords.parse_password(typed, username="zhoujing", name="周静") == typed


@pytest.mark.parametrize(
    "typed",
    [
        "1234567890",
        "9876543210",
        "abcdefghijk",
        "aaaaaaaaaaaaa",
        "ababababab",
        "zhoujing12",
        "ZhouJing!!",
        "周静周静周静周静周静",
    ],
)
def test_what_anybody_would_try_first_is_refused(typed):
    with pytest.raises(passwords.PasswordGuessable):
        passwords.parse_password(typed, username="zhoujing", name="周静")


def test_full_width_and_half_width_typing_are_one_password():
    hashed = passwords.hash_password("Ａ long sentence，7")

    assert passwords.matches(hashed, "A long sentence,7")
    assert not passwords.matches(hashed, "a long sentence,7")


@pytest.mark.parametrize("hashed", [None, "", "nonsense", "$argon2id$none"])
def test_without_a_hash_nothing_matches_not_even_the_stand_in(hashed):
    for typed in ("", "x", "nobody"):
        assert passwords.matches(hashed, typed) is False


def test_hashes_are_argon2id_with_a_salt_of_their_own():
    one, two = passwords.hash_password("same same same"), passwords.hash_password("same same same")

    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert one != two


def test_start_passwords_are_sixteen_clear_signs_and_never_the_same():
    made = {passwords.start_password() for _ in range(200)}

    assert len(made) == 200
    assert all(len(start) == 19 and not set(start) & set("01ILOUZ") for start in made)
    assert all(passwords.parse_password(start) for start in made)
