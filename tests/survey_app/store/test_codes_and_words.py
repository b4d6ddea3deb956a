"""Batches of codes and their ledger; words once per receipt."""

from datetime import date

import pytest

from survey_app.domain import ballot_box
from survey_app.domain import batches as rules
from survey_app.domain import codes as code_words
from survey_app.domain.receipts import ReceiptUnknown
from survey_app.domain.rounds import RoundClosed, UnitNotRated
from survey_app.domain.words import WordsAlreadyGiven, WordsMissing, WordsNameSomeone, WordsTooLong
from survey_app.store import batches, codes, words
from survey_app.store import rounds as round_store
from survey_app.store.models import Code, CodeBatch, Words
from tests.factories import cast, make_codes

# Codes


def test_issued_codes_are_all_different_and_check_out_and_stand_in_the_database_as_tags_alone(open_round, keys, clock):
    issued = make_codes(keys, clock, count=1000)
    assert len(set(issued)) == 1000
    assert all(code_words.parse_code(code) == code for code in issued)
    issue_key = code_words.issue_key(keys.admit, round_code="2026-h2")
    tags = {code_words.code_tag(issue_key, round_code="2026-h2", code=code) for code in issued}
    assert {bytes(row.code_tag) for row in Code.select()} == tags


def test_a_batch_never_gets_the_number_of_another_one_of_its_round(open_round, keys, clock, monkeypatch):
    numbers = iter(["AAAA", "AAAA", "BBBB"])
    monkeypatch.setattr(rules, "new_label", lambda: next(numbers))
    make_codes(keys, clock, count=10)
    make_codes(keys, clock, count=10)
    assert sorted(batch.label for batch in batches.ledger("2026-h2")) == ["AAAA", "BBBB"]


@pytest.mark.parametrize("count", [-1, 0, 1, 9])
def test_nine_codes_are_too_few_to_hide_their_holders_and_ten_are_enough(open_round, keys, clock, count):
    for unit in (None, "tax"):
        with pytest.raises(rules.BatchTooSmall, match=f"至少10个.*{count}个"):
            make_codes(keys, clock, count=count, unit_slug=unit)
    assert (CodeBatch.select().count(), Code.select().count()) == (0, 0)
    assert len(make_codes(keys, clock, count=10, unit_slug="tax")) == 10


@pytest.mark.parametrize(
    ("asked", "refusal", "named"),
    [
        ({"group": "villager"}, rules.GroupUnknown, "citizen、enterprise"),
        ({"channel": "open"}, rules.ChannelUnknown, "invited、paper、phone、web、window"),
        ({"channel": "telepathy"}, rules.ChannelUnknown, "telepathy"),
        ({"unit_slug": "library"}, UnitNotRated, "library"),
    ],
)
def test_codes_for_a_group_channel_or_unit_the_round_does_not_have_are_refused(
    open_round, keys, clock, asked, refusal, named
):
    with pytest.raises(refusal, match=named):
        make_codes(keys, clock, **asked)
    assert (CodeBatch.select().count(), Code.select().count()) == (0, 0)


def test_a_draft_round_gives_codes_for_the_printer_and_a_closed_one_gives_none(open_round, keys, clock):
    assert len(make_codes(keys, clock, round_code="2027-h1")) == 10
    round_store.mark_closed("2026-h2", amendments=[], now=clock())
    with pytest.raises(batches.RoundTakesNoCodes):
        make_codes(keys, clock)


def test_the_ledger_shows_issued_and_used_by_batch_and_no_code(open_round, keys, clock):
    make_codes(keys, clock, round_code="2027-h1")  # noise
    anywhere = make_codes(keys, clock, count=30)
    at_water = make_codes(keys, clock, count=12, group="enterprise", unit_slug="water", channel="window")
    for code in anywhere[:4]:
        cast(keys, clock, code, unit="tax")
    cast(keys, clock, anywhere[0], unit="water")
    cast(keys, clock, at_water[0], unit="water")
    rows = [(b.group, b.unit_slug, b.channel, b.issued, b.used, b.issued_on) for b in batches.ledger("2026-h2")]
    assert rows == [
        ("citizen", None, "invited", 30, 4, date(2026, 11, 3)),
        ("enterprise", "water", "window", 12, 1, date(2026, 11, 3)),
    ]


def test_codes_issued_per_unit_count_only_those_bound_to_it(open_round, keys, clock):
    make_codes(keys, clock, count=12, unit_slug="water", group="enterprise")
    make_codes(keys, clock, count=11, unit_slug="water", group="enterprise")
    make_codes(keys, clock, count=10, unit_slug="water")
    make_codes(keys, clock, count=15, unit_slug="tax")
    make_codes(keys, clock, count=99, unit_slug="tax", round_code="2027-h1")  # noise
    assert batches.issued_by_unit("2026-h2") == {"water": {"citizen": 10, "enterprise": 23}, "tax": {"citizen": 15}}


def test_a_group_that_also_holds_codes_for_any_unit_has_no_number_of_codes_per_unit(open_round, keys, clock):
    make_codes(keys, clock, count=10, unit_slug="water", group="enterprise")
    make_codes(keys, clock, count=10, unit_slug="water")
    make_codes(keys, clock, count=25)
    assert batches.issued_by_unit("2026-h2") == {"water": {"enterprise": 10}}


def test_a_panel_gets_no_more_codes_than_it_has_members(open_round, keys, clock):
    make_codes(keys, clock, count=20, unit_slug="water", group="enterprise")  # of a panel of 40
    make_codes(keys, clock, count=15, group="enterprise")  # for any unit, so for water too
    for unit in ("water", None):
        with pytest.raises(batches.PanelTooSmall, match="供水服务厅"):
            make_codes(keys, clock, count=10, unit_slug=unit, group="enterprise")
    make_codes(keys, clock, count=50, unit_slug="tax", group="enterprise")  # no panel there


def test_a_code_leads_to_its_open_round_and_is_unknown_once_that_round_is_over(open_round, keys, clock):
    code, other, *_ = make_codes(keys, clock)
    draft_code, *_ = make_codes(keys, clock, round_code="2027-h1")
    round_, admission = codes.find_admission(code=code, keys=keys, today=clock.today)
    assert (round_.code, admission.group, admission.unit_slug) == ("2026-h2", "citizen", None)
    for unknown, day in ((draft_code, clock.today), ("23456789AA", clock.today), (code, date(2026, 12, 1))):
        with pytest.raises(codes.CodeUnknown):
            codes.find_admission(code=unknown, keys=keys, today=day)
    cast(keys, clock, code)
    used = {c: codes.is_used(round_code="2026-h2", code=c, keys=keys) for c in (code, other)}
    assert used == {code: True, other: False}


# Words


@pytest.fixture
def rated(open_round, keys, clock):
    """Two receipts; the second citizen has already said something."""
    mine, neighbours, *_ = make_codes(keys, clock)
    receipt = cast(keys, clock, mine, unit="water")
    theirs = cast(keys, clock, neighbours, unit="tax")
    words.add_words(receipt=theirs, typed="无关的话", keys=keys, today=clock.today)
    return receipt


def say(receipt, typed, keys, clock):
    words.add_words(receipt=receipt, typed=typed, keys=keys, today=clock.today)


def test_a_citizens_words_are_kept_for_their_unit_sealed_and_all_of_one_size(rated, settings, keys, clock):
    say(rated, "  窗口很耐心。\r\n谢谢  ", keys, clock)
    public = round_store.get_round("2026-h2").public_key
    key = ballot_box.read_key(settings.keys / "2026-h2.key", round_code="2026-h2", public_key=public)
    kept = words.sealed_words("2026-h2")
    assert {(unit, ballot_box.open_words(key, sealed)) for unit, sealed in kept} == {
        ("water", "窗口很耐心。\n谢谢"),
        ("tax", "无关的话"),
    }
    assert {len(sealed) for _, sealed in kept} == {2096}


def test_words_are_taken_once_per_receipt(rated, keys, clock):
    say(rated, "第一次", keys, clock)
    with pytest.raises(WordsAlreadyGiven):
        say(rated, "第二次", keys, clock)
    assert len(words.sealed_words("2026-h2")) == 2


def test_refused_words_leave_the_citizen_free_to_write_again(rated, keys, clock):
    for typed, refusal in (("", WordsMissing), ("字" * 301, WordsTooLong), ("打13800138000", WordsNameSomeone)):
        with pytest.raises(refusal):
            say(rated, typed, keys, clock)
    assert len(words.sealed_words("2026-h2")) == 1
    say(rated, "电话已删去", keys, clock)
    assert len(words.sealed_words("2026-h2")) == 2


def test_words_need_a_receipt_that_is_in_the_box(rated, keys, clock):
    with pytest.raises(ReceiptUnknown):
        say("8J6CM7GEAY2BGDD9X", "没有评过", keys, clock)
    assert len(words.sealed_words("2026-h2")) == 1


def test_words_are_taken_until_the_last_day_and_not_after(rated, keys, clock):
    clock.later(days=28)
    with pytest.raises(RoundClosed):
        say(rated, "太晚了", keys, clock)
    clock.later(days=-1)
    say(rated, "最后一天", keys, clock)
    assert len(words.sealed_words("2026-h2")) == 2


def test_words_of_a_round_closed_between_reading_and_writing_are_refused_and_not_lost(rated, keys, clock, monkeypatch):
    # Words that slip in after the close would be deleted unread with the others, or stay sealed for ever.
    seal = ballot_box.seal_words

    def seal_while_the_office_closes(public_key, text):
        round_store.mark_closed("2026-h2", amendments=[], now=clock())
        return seal(public_key, text)

    monkeypatch.setattr(ballot_box, "seal_words", seal_while_the_office_closes)
    with pytest.raises(RoundClosed):
        say(rated, "刚好截止", keys, clock)
    assert len(words.sealed_words("2026-h2")) == 1


def test_words_carry_nothing_that_leads_to_their_ballot(rated, keys, clock):
    say(rated, "话", keys, clock)
    columns = set(Words._meta.columns)
    assert columns == {"words_key", "unit", "sealed"}
    known = {ballot_box.ballot_key(rated), ballot_box.proof(rated)}
    assert not known & {bytes(row.words_key) for row in Words.select()}
    assert len({bytes(row.words_key) for row in Words.select()}) == 2


def test_deleting_the_words_of_one_round_leaves_those_of_another(rated, keys, clock):
    clock.at = clock.at.replace(month=5)
    code, *_ = make_codes(keys, clock, round_code="2026-h1")
    say(cast(keys, clock, code, round_code="2026-h1"), "上半年的话", keys, clock)
    words.delete_words("2026-h2")
    assert words.sealed_words("2026-h2") == []
    assert len(words.sealed_words("2026-h1")) == 1
