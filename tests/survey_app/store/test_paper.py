"""Paper cards: two clerks, one ballot; nothing left that could join them."""

import pytest

from survey_app.domain import ballot_box
from survey_app.domain import codes as code_words
from survey_app.domain import paper as rules
from survey_app.domain.reasons import ReasonMissing
from survey_app.domain.rounds import RoundClosed
from survey_app.office.rounds import close_round
from survey_app.store import audit, ballots, batches, codes, paper
from survey_app.store import rounds as round_store
from survey_app.store.models import Ballot, CodeUse, PaperCard
from tests.factories import cast, make_codes

GOOD = {"attitude": 5, "efficiency": 4, "overall": None}


pytestmark = pytest.mark.usefixtures("analysis_at_hand")


@pytest.fixture
def cards(open_round, keys, clock):
    """Thirty paper cards for one unit; ten invited citizens as noise, one of whom has rated."""
    invited = make_codes(keys, clock)
    cast(keys, clock, invited[0], unit="water")
    return make_codes(keys, clock, count=30, channel="paper", unit_slug="tax")


@pytest.fixture
def clerk(open_round, keys, clock):
    """`clerk("zhou", code, answers)`: one person's reading of a card."""

    def enter(by, code, answers=GOOD, unit=""):
        return paper.enter_card(
            round_=open_round, code=code, unit_slug=unit, answers=answers, keys=keys, by=by, today=clock.today
        )

    return enter


@pytest.fixture
def settle(open_round, keys, clock):
    def choose(by, number, answers, unit="", is_reviewer=False):
        return paper.settle_card(
            round_=open_round, number=number, answers=answers, unit_slug=unit, keys=keys, by=by,
            is_reviewer=is_reviewer, now=clock(),
        )  # fmt: skip

    return choose


def lot(round_, keys, clock, size=10):
    return paper.cast_full_lot(round_, lot=size, keys=keys, now=clock(), today=clock.today)


def opened(settings):
    """(unit, group, channel, answers) of every ballot in the box."""
    public = round_store.get_round("2026-h2").public_key
    key = ballot_box.read_key(settings.keys / "2026-h2.key", round_code="2026-h2", public_key=public)
    return sorted(
        (b.unit_slug, b.group, b.channel, ballot_box.open_ballot(key, b.sealed).answers)
        for b in ballots.sealed_ballots("2026-h2")
    )


def test_two_clerks_who_read_the_same_finish_a_card(cards, clerk, open_round):
    first, second = clerk("zhou", cards[0]), clerk("wu", cards[0])
    assert (first.number, first.state) == (1, "entered")
    assert (second.number, second.state) == (1, "settled")
    assert [card.state for card in paper.list_staged(open_round)] == ["settled"]


def test_the_same_clerk_cannot_be_both_and_a_third_reading_is_refused(cards, clerk):
    clerk("zhou", cards[0])
    with pytest.raises(rules.SameClerk, match="编号1"):
        clerk("zhou", cards[0])
    clerk("wu", cards[0], {**GOOD, "overall": 1})
    with pytest.raises(rules.CardTwice, match="编号1"):
        clerk("li", cards[0])


def test_a_card_typed_again_after_it_was_cast_is_refused(cards, clerk, open_round, keys, clock):
    for code in cards[:10]:
        clerk("zhou", code)
        clerk("wu", code)
    assert lot(open_round, keys, clock) == 10
    for by in ("zhou", "li"):
        with pytest.raises(rules.CardCounted):
            clerk(by, cards[3])
    assert clerk("zhou", cards[10]).number == 11  # no two cards of a round ever get one number


def test_a_card_whose_code_was_used_on_the_web_is_refused_and_the_web_ballot_counts_as_web(
    cards, clerk, keys, clock, settings
):
    cast(keys, clock, cards[0], answers={"attitude": 2})
    with pytest.raises(rules.CardUsedElsewhere, match="已经在网上或电话里评过"):
        clerk("zhou", cards[0])
    assert PaperCard.select().count() == 0
    assert opened(settings) == [("tax", "citizen", "web", "2,,"), ("water", "citizen", "invited", "5,5,5")]


def test_a_card_that_was_typed_is_closed_to_the_web_before_and_after_it_is_cast(cards, clerk, open_round, keys, clock):
    for code in cards[:10]:
        clerk("zhou", code)
    with pytest.raises(codes.CardHandedIn, match="以纸上填的为准"):
        cast(keys, clock, cards[0])
    for code in cards[:10]:
        clerk("wu", code)
    lot(open_round, keys, clock)
    with pytest.raises(codes.CardHandedIn):
        cast(keys, clock, cards[0])
    assert ballots.count_ballots("2026-h2") == 11


def test_only_codes_of_paper_cards_are_typed_as_paper_cards(cards, clerk, keys, clock):
    invited = make_codes(keys, clock)
    with pytest.raises(rules.CardNotForPaper):
        clerk("zhou", invited[0])
    with pytest.raises(codes.CodeUnknown):
        clerk("zhou", "23456789AA")
    with pytest.raises(rules.CardBlank):
        clerk("zhou", cards[0], {"attitude": None, "efficiency": None})
    with pytest.raises(codes.CodeForAnotherUnit, match="办税服务厅"):
        clerk("zhou", cards[0], unit="water")
    batches.void_batch(
        "2026-h2", batches.ledger("2026-h2")[1].label, reason="外泄", actor="fama", now=clock(), today=clock.today
    )
    with pytest.raises(codes.CodeVoid):
        clerk("zhou", cards[0])
    assert PaperCard.select().count() == 0
    assert batches.ledger("2026-h2")[1].used == 0


def test_a_card_typed_once_before_its_batch_was_voided_can_be_finished_and_no_other_can_begin(
    cards, clerk, keys, clock
):
    clerk("zhou", cards[0])
    label = batches.ledger("2026-h2")[1].label
    batches.void_batch("2026-h2", label, reason="外泄", actor="fama", now=clock(), today=clock.today)
    assert clerk("wu", cards[0]).state == "settled"
    with pytest.raises(codes.CodeVoid):
        clerk("zhou", cards[1])
    row = batches.batch_of("2026-h2", label)
    assert (row.used, row.void, PaperCard.select().count()) == (1, 29, 1)


def test_a_card_without_a_printed_unit_takes_the_unit_written_on_it_and_clerks_may_differ_in_it(
    open_round, clerk, settle, keys, clock
):
    roaming = make_codes(keys, clock, channel="paper")
    with pytest.raises(rules.CardNamesNoUnit):
        clerk("zhou", roaming[0])
    clerk("zhou", roaming[0], unit="tax")
    clerk("wu", roaming[0], unit="water")
    assert paper.compare(open_round, 1, keys).fields == (("unit", "tax", "water"),)
    assert settle("shen", 1, {}, unit="water", is_reviewer=True) is True
    for code in roaming[1:]:
        for by in ("zhou", "wu"):
            clerk(by, code, unit="tax")
    lot(open_round, keys, clock)
    assert sorted(b.unit_slug for b in ballots.sealed_ballots("2026-h2")) == ["tax"] * 9 + ["water"]


def test_differences_are_settled_by_both_clerks_choosing_alike(cards, clerk, settle, open_round, keys, clock):
    clerk("zhou", cards[0])
    assert clerk("wu", cards[0], {"attitude": 5, "efficiency": 2, "overall": 1}).state == "differing"
    found = paper.compare(open_round, 1, keys)
    assert found.fields == (("efficiency", 4, 2), ("overall", None, 1))

    assert settle("zhou", 1, {"efficiency": 4, "overall": 1}) is False
    assert settle("zhou", 1, {"efficiency": 4, "overall": 1}) is False  # saying it twice is not two people
    assert settle("wu", 1, {"efficiency": 2, "overall": 1}) is False
    assert settle("zhou", 1, {"efficiency": 2, "overall": 1}) is True
    with pytest.raises(rules.CardGone):
        settle("zhou", 1, {"efficiency": 2, "overall": 1})
    [event] = audit.list_events(audit.Wanted(action="paper.settle"))
    assert (event.actor, event.detail) == (
        "zhou",
        {"card": 1, "first": "zhou", "second": "wu", "agreed_with": "wu"},
    )


def test_a_reviewer_settles_alone_unless_they_typed_the_card_and_a_stranger_never(cards, clerk, settle):
    clerk("zhou", cards[0])
    clerk("wu", cards[0], {**GOOD, "attitude": 1})
    with pytest.raises(rules.NotBetweenTheSame):
        settle("li", 1, {"attitude": 1})
    assert settle("wu", 1, {"attitude": 1}, is_reviewer=True) is False
    assert settle("shen", 1, {"attitude": 3}, is_reviewer=True) is True  # both had misread it
    [event] = audit.list_events(audit.Wanted(action="paper.settle"))
    assert (event.actor, event.detail["first"], event.detail["second"]) == ("shen", "zhou", "wu")


def test_what_was_settled_is_what_is_counted_and_only_in_a_full_lot(
    cards, clerk, settle, open_round, keys, clock, settings
):
    for code in cards[:9]:
        clerk("zhou", code, {"attitude": 5, "efficiency": 5, "overall": 5})
        clerk("wu", code, {"attitude": 5, "efficiency": 5, "overall": 5})
    clerk("zhou", cards[9])
    clerk("wu", cards[9], {**GOOD, "attitude": 1})
    assert lot(open_round, keys, clock, size=1) == 0  # nine: never fewer than min_n
    settle("shen", 10, {"attitude": 2}, is_reviewer=True)
    assert lot(open_round, keys, clock, size=20) == 0
    assert lot(open_round, keys, clock, size=10) == 10
    assert PaperCard.select().count() == 0
    expected = [("tax", "citizen", "paper", "2,4,")] + [("tax", "citizen", "paper", "5,5,5")] * 9
    assert opened(settings) == [*expected, ("water", "citizen", "invited", "5,5,5")]
    assert batches.ledger("2026-h2")[1].used == 10


def test_a_card_set_aside_is_not_counted_needs_a_reason_and_is_recorded(cards, clerk, open_round, clock):
    clerk("zhou", cards[0])
    with pytest.raises(ReasonMissing):
        paper.set_aside(open_round, 1, reason=" ", by="shen", now=clock())
    paper.set_aside(open_round, 1, reason="卡遗失", by="shen", now=clock())
    assert paper.list_staged(open_round) == []
    [event] = audit.list_events(audit.Wanted(action="paper.set_aside"))
    assert event.detail == {"card": 1, "first": "zhou", "second": "", "reason": "卡遗失"}
    with pytest.raises(rules.CardGone):
        paper.set_aside(open_round, 1, reason="卡遗失", by="shen", now=clock())


# Closing


def close(settings, clock):
    clock.at = clock.at.replace(month=12, day=3)
    return close_round("2026-h2", key_copy=settings.keys / "2026-h2.key", reason=None, settings=settings, now=clock())


def test_the_round_does_not_close_over_cards_that_are_not_finished(cards, clerk, settings, clock):
    clerk("zhou", cards[0])
    clerk("zhou", cards[1])
    clerk("wu", cards[1], {**GOOD, "attitude": 1})
    with pytest.raises(rules.CardsUnfinished, match="1张纸卡只录了一遍，1张有不同"):
        close(settings, clock)
    assert round_store.get_round("2026-h2").status == "open"
    assert PaperCard.select().count() == 2


def test_cards_typed_after_the_last_day_count_in_its_week_and_all_that_remain_are_cast_at_close(
    cards, clerk, settings, keys, clock
):
    clerk("zhou", cards[0])
    clock.at = clock.at.replace(month=12, day=2)  # the round ended on 30 November, a Monday
    with pytest.raises(RoundClosed):
        cast(keys, clock, cards[5])
    clerk("wu", cards[0])
    for by in ("zhou", "wu"):
        clerk(by, cards[1], {"attitude": 1, "efficiency": 0, "overall": 2})
    folder = close(settings, clock)
    rows = (folder / "snapshot" / "ballots.csv").read_text().splitlines()
    assert [row for row in rows if ",paper," in row] == [
        "tax,citizen,paper,2026-11-30,1,0,2,",
        "tax,citizen,paper,2026-11-30,5,4,,",
    ]
    assert PaperCard.select().count() == 0
    with pytest.raises(RoundClosed):
        clerk("zhou", cards[2])


# Anonymity


def test_while_cards_wait_the_disk_holds_no_serial_no_answer_and_no_unit_beside_them(cards, clerk, settings):
    for code in cards[:3]:
        clerk("zhou", code, {"attitude": 4, "efficiency": 2, "overall": 1})
    kept = b"".join(f.read_bytes() for f in settings.var.rglob("*") if f.is_file())
    assert b"zhou" in kept  # the search does find what is there
    spoken = {code_words.spoken(code).encode() for code in cards[:3]}
    assert [secret for secret in {*spoken, *(c.encode() for c in cards[:3])} if secret in kept] == []
    assert b'"attitude":' not in kept
    assert b'"answers"' not in kept
    sealed = {len(bytes(row.first)) for row in PaperCard.select()}
    assert len(sealed) == 1
    assert set(PaperCard._meta.columns) == {
        "card_tag", "round", "number", "state", "first", "first_by", "second", "second_by", "chosen", "chosen_by",
    }  # fmt: skip


def test_with_every_server_key_and_copies_from_before_and_after_no_column_joins_a_card_to_its_ballot(
    cards, clerk, open_round, keys, clock
):
    """All ten cards say the same of one unit, so only a column, an order or a time could tell them apart."""
    for code in cards[:10]:
        clerk("zhou", code)
        clerk("wu", code)
    staged = [(bytes(row.card_tag), row.number, bytes(row.chosen)) for row in PaperCard.select()]
    before = {bytes(row.ballot_key) for row in Ballot.select()}
    lot(open_round, keys, clock)
    fresh = [row for row in Ballot.select().dicts() if bytes(row["ballot_key"]) not in before]
    assert len(fresh) == 10
    values = {bytes(row[c]) for row in fresh for c in ("ballot_key", "proof", "commitment", "sealed")}
    assert not values & {tag for tag, _number, _sealed in staged}
    assert not values & {bytes(row.use_tag) for row in CodeUse.select()}
    assert not values & {sealed for _tag, _number, sealed in staged}
    assert {(row["group"], row["channel"], row["period"].isoformat()) for row in fresh} == {
        ("citizen", "paper", "2026-11-02")
    }
    receipts = {ballot_box.ballot_key(code) for code in cards}
    receipts |= {ballot_box.ballot_key(tag.hex()) for tag, _n, _s in staged}
    assert not receipts & {bytes(row["ballot_key"]) for row in fresh}


def test_a_lot_goes_in_by_chance_and_not_in_the_order_in_which_cards_were_typed(
    open_round, keys, clock, clerk, cards, monkeypatch
):
    cast_as, seal = [], ballot_box.seal_ballot

    def watched(public_key, *, answers, **how):
        cast_as.append(answers["attitude"])
        return seal(public_key, answers=answers, **how)

    for at, code in enumerate(cards):
        for by in ("zhou", "wu"):
            clerk(by, code, {"attitude": 5 if at < 15 else 1})
    monkeypatch.setattr(ballot_box, "seal_ballot", watched)
    lot(open_round, keys, clock)
    assert sorted(cast_as) == [1] * 15 + [5] * 15
    assert cast_as != sorted(cast_as)  # by chance: once in 155 million runs
    assert cast_as != sorted(cast_as, reverse=True)
