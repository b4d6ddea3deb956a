"""The number of ballots by week, kept beside a box, is always that of the ballots in it."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as some
from playhouse.migrations import Runner

from survey_app.domain import ballot_box
from survey_app.domain.rounds import PAPER
from survey_app.office import rounds as office
from survey_app.office.progress import progress
from survey_app.store import ballots, boxweeks, paper
from survey_app.store import rounds as round_store
from survey_app.store.database import close_database, database, open_database
from survey_app.store.models import Ballot, BoxWeek, EvaluationRound, RoundUnit
from tests.factories import METHOD_WITH_OPEN, UNITS, cast, make_codes, make_round

ROUND, ALL_ONE = "2026-open", {"attitude": 1, "efficiency": 1, "overall": 1}
FIRST, SECOND, THIRD = date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)
METHOD = METHOD_WITH_OPEN + '\n[[channel]]\ncode = "paper"\nzh = "纸质征求意见卡"\ncounted = true\n'
MIGRATIONS = "survey_app/store/migrations"
REST = {"proof": b"p", "commitment": b"c", "sealed": b"s"}


@pytest.fixture
def citizens(store, settings, keys, clock):
    """People who rate in a round with the open channel; in a round beside it one ballot lies already."""
    make_round(settings, "2026-h2", clock=clock)
    cast(keys, clock, make_codes(keys, clock)[0])
    make_round(settings, ROUND, clock=clock, method=METHOD)
    return Citizens(keys, clock)


class Citizens:
    """Whatever can be done to a box, once more with every call; `week` is how many weeks after the first."""

    def __init__(self, keys, clock):
        self.keys, self.clock, self.monday = keys, clock, clock.at
        self.codes, self.receipts, self.sent = [], [], []

    def in_week(self, week):
        self.clock.at = self.monday + timedelta(weeks=week)
        return self

    def rate(self):
        if not self.codes:
            self.codes = make_codes(self.keys, self.clock, round_code=ROUND, count=20)
        self.sent.append(self.codes.pop())
        self.receipts.append(cast(self.keys, self.clock, self.sent[-1], round_code=ROUND))

    def send_the_same_form_again(self):
        if self.sent:
            cast(self.keys, self.clock, self.sent[0], round_code=ROUND, answers=ALL_ONE)

    def change_the_first(self):
        if self.receipts:
            where = {"round_": round_store.get_round(ROUND), "unit_slug": "tax", "today": self.clock.today}
            ballots.replace_ballot(receipt=self.receipts[0], answers=ALL_ONE, **where)

    def rate_without_a_code(self, nonce="n" * 32, round_code=ROUND):
        return ballots.cast_open_ballot(
            round_=round_store.get_round(round_code), unit_slug="water", group="citizen", form_nonce=nonce,
            answers=ALL_ONE, keys=self.keys, today=self.clock.today,
        )  # fmt: skip

    def hand_in_ten_cards(self):
        of = {"round_": round_store.get_round(ROUND), "keys": self.keys, "today": self.clock.today}
        for code in make_codes(self.keys, self.clock, round_code=ROUND, channel=PAPER, unit_slug="noise"):
            for by in ("zhou", "wu"):
                paper.enter_card(code=code, unit_slug="", answers=ALL_ONE, by=by, **of)
        paper.cast_full_lot(lot=10, now=self.clock(), **of)

    def be_cut_off(self):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(boxweeks, "add", _killed)
            with pytest.raises(KeyboardInterrupt):
                self.rate()


def _killed(*_numbers):
    raise KeyboardInterrupt


DEEDS = sorted(name for name, deed in vars(Citizens).items() if name[0] != "_" and name != "in_week" and callable(deed))


def in_the_box(round_code):
    """Counted anew, row by row: the other way to the same figure."""
    rows = Ballot.select(Ballot.period).join(RoundUnit).join(EvaluationRound).where(EvaluationRound.code == round_code)
    weeks = [week for (week,) in rows.tuples()]
    return [(week, weeks.count(week)) for week in sorted(set(weeks))]


@tried(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=some.lists(some.tuples(some.sampled_from(DEEDS), some.integers(0, 3)), max_size=8))
def test_whatever_is_done_to_a_box_in_whatever_week_its_number_is_that_of_its_ballots(citizens, deeds):
    for deed, week in deeds:
        getattr(citizens.in_week(week), deed)()

    assert boxweeks.count_by_week(ROUND) == in_the_box(ROUND)
    assert boxweeks.count_by_week("2026-h2") == [(FIRST, 1)]
    assert boxweeks.differing() == []


def test_a_ballot_changed_a_week_later_counts_in_that_week_and_no_more_in_the_first(citizens):
    citizens.rate()
    citizens.rate()
    assert boxweeks.count_by_week(ROUND) == [(FIRST, 2)]

    citizens.in_week(1).change_the_first()
    assert boxweeks.count_by_week(ROUND) == [(FIRST, 1), (SECOND, 1)]

    citizens.in_week(2).send_the_same_form_again()
    assert boxweeks.count_by_week(ROUND) == [(FIRST, 1), (THIRD, 1)]


def test_a_lot_of_ten_cards_and_an_open_ballot_sent_twice_are_eleven(citizens):
    citizens.hand_in_ten_cards()
    citizens.rate_without_a_code()
    citizens.rate_without_a_code()

    assert boxweeks.count_by_week(ROUND) == [(FIRST, 11)]
    assert progress(round_store.get_round(ROUND)).by_week == [(FIRST, 11)]


def test_a_person_cut_off_while_the_number_is_written_has_cast_nothing_and_can_go_on(citizens):
    citizens.rate()
    citizens.be_cut_off()
    assert (ballots.count_ballots(ROUND), boxweeks.count_by_week(ROUND)) == (1, [(FIRST, 1)])

    cast(citizens.keys, citizens.clock, citizens.sent[-1], round_code=ROUND)
    assert (ballots.count_ballots(ROUND), boxweeks.count_by_week(ROUND)) == (2, [(FIRST, 2)])


def test_cards_cast_as_the_box_is_shut_are_counted_and_opening_the_box_changes_no_number(citizens, settings):
    citizens.rate()
    office.shut_round(ROUND, reason="试", settings=settings, now=citizens.clock())
    ballots.delete_sealed(ROUND)

    assert boxweeks.count_by_week(ROUND) == [(FIRST, 1)]
    assert boxweeks.differing() == []


def test_one_open_form_sent_to_two_rounds_is_a_ballot_in_each_and_changes_neither(citizens, settings):
    make_round(settings, "2026-beside", clock=citizens.clock, method=METHOD)
    first = citizens.rate_without_a_code()
    before = Ballot.get_by_id(ballot_box.ballot_key(first)).sealed

    second = citizens.in_week(1).rate_without_a_code(round_code="2026-beside")

    assert ballots.find_by_receipt(second).round_code == "2026-beside"
    assert Ballot.get_by_id(ballot_box.ballot_key(first)).sealed == before  # else its round could never be opened
    assert (boxweeks.count_by_week(ROUND), boxweeks.count_by_week("2026-beside")) == ([(FIRST, 1)], [(SECOND, 1)])


def test_a_ballot_put_in_or_taken_out_past_the_portal_is_found_with_its_week(citizens):
    citizens.rate()
    citizens.in_week(1).rate()
    Ballot.insert(**{**Ballot.get(period=SECOND).__data__, "ballot_key": b"\x07" * 32}).execute()
    Ballot.delete().where(Ballot.period == FIRST, Ballot.unit.in_(units_of(ROUND))).execute()

    assert boxweeks.differing() == [
        boxweeks.Differing(ROUND, FIRST, held=0, counted=1),
        boxweeks.Differing(ROUND, SECOND, held=2, counted=1),
    ]


def test_a_number_that_somebody_has_made_wrong_refuses_nobodys_ballot(citizens):
    citizens.rate()
    BoxWeek.delete().execute()

    citizens.in_week(1).change_the_first()

    assert [(one.held, one.counted) for one in boxweeks.differing() if one.round_code == ROUND] == [(0, -1)]
    assert ballots.count_ballots(ROUND) == 1


def test_a_database_from_before_the_numbers_opens_with_those_of_its_ballots(settings):
    """Two rounds of two units; three ballots in one week, one in another, one in the other round."""
    settings.database.parent.mkdir(parents=True, exist_ok=True)
    database.init(str(settings.database), pragmas={"foreign_keys": 1})
    Runner(database, MIGRATIONS).up(target="0014_year_end")
    lay_ballots([("2026-h1", FIRST)], [("2026-h2", FIRST)] * 3, [("2026-h2", SECOND)])
    database.close()

    open_database(settings.database)

    assert boxweeks.count_by_week("2026-h1") == [(FIRST, 1)]
    assert boxweeks.count_by_week("2026-h2") == [(FIRST, 3), (SECOND, 1)]
    assert boxweeks.differing() == []
    close_database()


def lay_ballots(*lots):
    """As an older version laid them, turn by turn into the two units of their round."""
    days = {"opens_on": date(2026, 10, 9), "closes_on": date(2026, 11, 30), "method_toml": b"", "method_sha256": ""}
    rounds = {
        code: EvaluationRound.create(code=code, name=code, instrument="campaign", **days)
        for code in ("2026-h1", "2026-h2")
    }
    units = {
        code: [RoundUnit.create(round=row, slug=u.slug, zh=u.zh, class_code=u.class_code) for u in UNITS[:2]]
        for code, row in rounds.items()
    }
    for number, (code, week) in enumerate(one for lot in lots for one in lot):
        place = {"unit": units[code][number % 2], "group": "citizen", "channel": "web", "period": week}
        Ballot.insert(ballot_key=bytes([number]) * 32, **place, **REST).execute()


def units_of(round_code):
    return [unit.row for unit in round_store.get_round(round_code).units]
