"""One ballot per code and unit; the receipt replaces it; the code list overwrites nothing."""

import secrets
from datetime import date

import pytest

from survey_app.domain import ballot_box
from survey_app.domain.receipts import ReceiptUnknown
from survey_app.domain.rounds import RoundClosed, RoundNotYetOpen, UnitNotRated
from survey_app.store import ballots, batches, codes
from survey_app.store import rounds as round_store
from survey_app.store.models import Ballot, CodeUse
from tests.factories import METHOD, UNITS, cast, make_codes, make_round

ALL_FIVE = {"attitude": 5, "efficiency": 5, "overall": 5}
ALL_ONE = {"attitude": 1, "efficiency": 1, "overall": 1}


@pytest.fixture
def someone(open_round, keys, clock):
    """A code in the hands of one citizen; a neighbour has rated two units already."""
    mine, neighbours, *_rest = make_codes(keys, clock, count=12)
    cast(keys, clock, neighbours, unit="noise")
    cast(keys, clock, neighbours, unit="tax", answers=ALL_ONE)
    return mine


@pytest.fixture
def box(settings):
    """What the auditor would see with the key: receipt -> answers."""

    def look(receipt, round_code="2026-h2"):
        row = Ballot.get_by_id(ballot_box.ballot_key(receipt))
        public = round_store.get_round(round_code).public_key
        key = ballot_box.read_key(settings.keys / f"{round_code}.key", round_code=round_code, public_key=public)
        return ballot_box.open_ballot(key, bytes(row.sealed))

    return look


def everything():
    """Every row of ballots and uses, to see that nothing changed."""
    return [list(table.select().order_by(table._meta.primary_key).tuples()) for table in (Ballot, CodeUse)]


def replace(receipt, clock, unit="tax", answers=ALL_ONE, round_code="2026-h2"):
    round_ = round_store.get_round(round_code)
    return ballots.replace_ballot(round_=round_, unit_slug=unit, receipt=receipt, answers=answers, today=clock.today)


# Casting


def test_a_citizens_ballot_lies_in_the_box_under_its_receipt_with_group_channel_and_week_only(
    someone, keys, clock, box
):
    receipt = cast(keys, clock, someone, answers={"attitude": 4, "efficiency": None, "overall": 0})
    row = Ballot.get_by_id(ballot_box.ballot_key(receipt))
    opened = box(receipt)
    assert (row.unit.slug, row.group, row.channel, row.period) == ("tax", "citizen", "invited", date(2026, 11, 2))
    assert (opened.answers, opened.flags) == ("4,,0", ())
    assert row.proof == ballot_box.proof(receipt)
    assert row.commitment == ballot_box.commitment(opened.nonce, {"attitude": 4, "efficiency": None, "overall": 0})
    assert ballots.count_ballots("2026-h2") == 3


def test_answers_land_in_their_own_columns_whatever_order_they_come_in(someone, keys, clock, box):
    receipt = cast(keys, clock, someone, answers={"overall": 3, "efficiency": None, "attitude": 5})
    assert box(receipt).answers == "5,,3"


def test_the_same_form_sent_twice_is_one_ballot_with_one_receipt_and_the_answers_sent_last(someone, keys, clock, box):
    first = cast(keys, clock, someone, nonce="n" * 32, answers=ALL_FIVE)
    again = cast(keys, clock, someone, nonce="n" * 32, answers=ALL_ONE)
    assert again == first
    assert ballots.count_ballots("2026-h2") == 3
    assert box(first).answers == "1,1,1"
    assert [batch.used for batch in batches.ledger("2026-h2")] == [2]


def test_another_form_with_a_spent_code_is_refused_and_changes_nothing(someone, keys, clock):
    cast(keys, clock, someone, nonce="n" * 32)
    before = everything()
    with pytest.raises(ballots.CodeUsed, match="回执码"):
        cast(keys, clock, someone, nonce="m" * 32, answers=ALL_ONE)
    assert everything() == before


def test_one_code_rates_every_unit_of_the_round_once_and_counts_as_one_used(someone, keys, clock):
    receipts = {cast(keys, clock, someone, unit=unit) for unit in ("tax", "water", "noise")}
    assert len(receipts) == 3
    assert sorted(ballots.find_by_receipt(r).unit_slug for r in receipts) == ["noise", "tax", "water"]
    assert [(b.issued, b.used) for b in batches.ledger("2026-h2")] == [(12, 2)]
    for unit in ("tax", "water", "noise"):
        with pytest.raises(ballots.CodeUsed):
            cast(keys, clock, someone, unit=unit, nonce="m" * 32)


def test_a_code_printed_for_one_unit_rates_that_unit_and_no_other(open_round, keys, clock):
    code, *_ = make_codes(keys, clock, unit_slug="water", group="enterprise", channel="window")
    before = everything()
    with pytest.raises(codes.CodeForAnotherUnit, match="供水服务厅"):
        cast(keys, clock, code, unit="tax")
    assert everything() == before
    row = Ballot.get_by_id(ballot_box.ballot_key(cast(keys, clock, code, unit="water")))
    assert (row.group, row.channel) == ("enterprise", "window")


def test_a_unit_that_is_not_rated_in_this_round_takes_no_ballot(someone, keys, clock):
    before = everything()
    with pytest.raises(UnitNotRated, match="library"):
        cast(keys, clock, someone, unit="library")
    assert everything() == before


def test_a_made_up_code_and_a_code_of_another_round_are_refused_alike(someone, keys, clock):
    other, *_ = make_codes(keys, clock, round_code="2027-h1")
    before = everything()
    for code in ("23456789AA", other):
        with pytest.raises(codes.CodeUnknown):
            cast(keys, clock, code)
    assert everything() == before


def test_no_two_ballots_with_the_same_answers_share_a_byte_string(open_round, keys, clock):
    for code in make_codes(keys, clock):
        cast(keys, clock, code)
    for column in (Ballot.ballot_key, Ballot.proof, Ballot.commitment, Ballot.sealed):
        assert len({bytes(value) for (value,) in Ballot.select(column).tuples()}) == 10
    assert {len(bytes(sealed)) for (sealed,) in Ballot.select(Ballot.sealed).tuples()} == {560}


# Replacing


def test_a_receipt_replaces_its_ballot_and_the_last_one_counts(someone, keys, clock, box):
    receipt = cast(keys, clock, someone)
    clock.later(days=7)
    assert replace(receipt, clock) == receipt
    assert box(receipt).answers == "1,1,1"
    assert Ballot.get_by_id(ballot_box.ballot_key(receipt)).period == date(2026, 11, 9)
    assert ballots.count_ballots("2026-h2") == 3
    replace(receipt, clock, answers={"attitude": 3, "efficiency": 3, "overall": 3})
    assert box(receipt).answers == "3,3,3"


def test_a_replaced_ballot_keeps_its_place_and_proof_and_gets_a_fresh_commitment(someone, keys, clock):
    receipt = cast(keys, clock, someone)
    before = Ballot.get_by_id(ballot_box.ballot_key(receipt))
    replace(receipt, clock, answers=ALL_FIVE)
    after = Ballot.get_by_id(ballot_box.ballot_key(receipt))
    assert (after.proof, after.group, after.channel) == (before.proof, before.group, before.channel)
    assert after.commitment != before.commitment
    assert after.sealed != before.sealed


def test_a_receipt_replaces_on_the_last_day_and_not_the_day_after(someone, keys, clock):
    receipt = cast(keys, clock, someone)
    clock.later(days=27)
    assert clock.today == date(2026, 11, 30)
    replace(receipt, clock)
    clock.later(days=1)
    before = everything()
    with pytest.raises(RoundClosed):
        replace(receipt, clock, answers=ALL_FIVE)
    assert everything() == before


def test_a_receipt_is_refused_at_another_unit_and_in_another_round_and_named_its_own(someone, keys, clock):
    receipt = cast(keys, clock, someone)
    make_round_that_runs_too(clock, keys)
    before = everything()
    with pytest.raises(ballots.ReceiptForAnotherUnit, match="办税服务厅"):
        replace(receipt, clock, unit="water")
    with pytest.raises(ballots.ReceiptForAnotherUnit):
        replace(receipt, clock, round_code="2026-x")
    assert everything() == before


def make_round_that_runs_too(clock, keys):
    round_store.create_round(
        code="2026-x", name="同时进行的另一轮", instrument="campaign", opens_on=date(2026, 11, 1),
        closes_on=date(2026, 11, 30), method_toml=METHOD.encode(), units=UNITS,
    )  # fmt: skip
    round_store.mark_open("2026-x", public_key=bytes(ballot_box.new_round_key().public_key), now=clock())


def test_a_receipt_nobody_was_given_finds_nothing(someone, keys, clock):
    with pytest.raises(ReceiptUnknown):
        ballots.find_by_receipt("8J6CM7GEAY2BGDD9X")
    with pytest.raises(ReceiptUnknown):
        replace("8J6CM7GEAY2BGDD9X", clock)


def test_a_receipt_says_where_its_ballot_is_and_nothing_of_what_it_says(someone, keys, clock):
    found = ballots.find_by_receipt(cast(keys, clock, someone, unit="water"))
    assert found == ballots.Found(
        "2026-h2", "2026-h2群众评议", "water", "供水服务厅", date(2026, 11, 30), "open", "invited"
    )


def test_the_clerk_who_holds_the_whole_list_of_codes_overwrites_nothing(open_round, keys, clock):
    issued = make_codes(keys, clock)
    for code in issued:
        cast(keys, clock, code, nonce=secrets.token_hex(16))
    before = everything()
    for code in issued:
        for attempt in (code, secrets.token_hex(16), ""):
            with pytest.raises(ballots.CodeUsed):
                cast(keys, clock, code, nonce=attempt or "0" * 32, answers=ALL_ONE)
        with pytest.raises(ReceiptUnknown):
            replace(code, clock)
    assert everything() == before


# Dates


def test_the_first_and_the_last_day_count_and_the_days_beside_them_do_not(open_round, keys, clock):
    early, first, last, late, *_ = make_codes(keys, clock)
    at_noon = clock.at
    for day, code, refusal in (
        (date(2026, 10, 8), early, RoundNotYetOpen),
        (date(2026, 10, 9), first, None),
        (date(2026, 11, 30), last, None),
        (date(2026, 12, 1), late, RoundClosed),
    ):
        clock.at = at_noon.replace(year=day.year, month=day.month, day=day.day)
        if refusal:
            with pytest.raises(refusal):
                cast(keys, clock, code)
        else:
            cast(keys, clock, code)
    assert ballots.count_ballots("2026-h2") == 2
    assert batches.ledger("2026-h2")[0].used == 2


def test_a_draft_takes_no_ballot_even_on_its_days(open_round, keys, clock):
    code, *_ = make_codes(keys, clock, round_code="2027-h1")
    clock.at = clock.at.replace(year=2027, month=5)
    with pytest.raises(RoundNotYetOpen):
        cast(keys, clock, code, round_code="2027-h1")
    assert ballots.count_ballots("2027-h1") == 0


def test_a_round_closed_between_reading_and_writing_counts_nothing_more(someone, keys, clock):
    receipt = cast(keys, clock, someone, unit="water")
    stale = round_store.get_round("2026-h2")
    round_store.mark_closed("2026-h2", amendments=[], now=clock())
    before = everything()
    with pytest.raises(RoundClosed):
        ballots.cast_ballot(
            round_=stale,
            unit_slug="tax",
            code=someone,
            form_nonce="n" * 32,
            answers=ALL_FIVE,
            keys=keys,
            today=clock.today,
        )
    with pytest.raises(RoundClosed):
        ballots.replace_ballot(round_=stale, unit_slug="water", receipt=receipt, answers=ALL_ONE, today=clock.today)
    assert everything() == before


def test_a_closed_round_still_shows_the_receipts_ballot(someone, keys, clock):
    receipt = cast(keys, clock, someone)
    round_store.mark_closed("2026-h2", amendments=[], now=clock())
    assert ballots.find_by_receipt(receipt).status == "closed"


# Sealed ballots leave the box


def test_ballots_leave_the_box_in_the_order_of_their_random_keys_and_of_their_round_alone(
    open_round, settings, keys, clock
):
    make_round_that_runs_too(clock, keys)
    cast(keys, clock, make_codes(keys, clock, round_code="2026-x")[0], round_code="2026-x")
    receipts = [cast(keys, clock, code) for code in make_codes(keys, clock, count=20)]
    out = [ballot.sealed for ballot in ballots.sealed_ballots("2026-h2")]
    by_key = {ballot_box.ballot_key(r): bytes(Ballot.get_by_id(ballot_box.ballot_key(r)).sealed) for r in receipts}
    assert out == [by_key[key] for key in sorted(by_key)]


def test_deleting_the_ciphertexts_of_one_round_keeps_its_proofs_and_the_other_round(open_round, keys, clock):
    make_round_that_runs_too(clock, keys)
    other = cast(keys, clock, make_codes(keys, clock, round_code="2026-x")[0], round_code="2026-x")
    receipts = [cast(keys, clock, code) for code in make_codes(keys, clock)]
    assert not ballots.is_unsealed("2026-h2")
    assert (ballots.delete_sealed("2026-h2"), ballots.delete_sealed("2026-h2")) == (10, 0)
    assert ballots.is_unsealed("2026-h2")
    assert not ballots.is_unsealed("2026-x")
    assert ballots.find_by_receipt(other).round_code == "2026-x"
    assert {bytes(Ballot.get_by_id(ballot_box.ballot_key(r)).proof) for r in receipts} == {
        ballot_box.proof(r) for r in receipts
    }


def test_rounds_are_listed_newest_first_and_only_those_of_today_are_open(settings, open_round, clock):
    make_round(settings, "2026-h3", opens_on="2026-11-01", closes_on="2026-11-30", clock=clock)
    assert [r.code for r in round_store.list_rounds()] == ["2027-h1", "2026-h3", "2026-h2", "2026-h1"]
    assert [r.code for r in round_store.open_rounds(clock.today)] == ["2026-h3", "2026-h2"]


def test_a_second_round_of_the_same_name_is_refused_and_leaves_the_first(open_round, settings, clock):
    with pytest.raises(round_store.RoundExists, match="2026-h2"):
        make_round(settings, "2026-h2", clock=clock, units=UNITS[:1])
    assert len(round_store.get_round("2026-h2").units) == 3
