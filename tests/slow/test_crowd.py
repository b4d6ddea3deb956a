"""Many processes at one database: nobody waits long, nobody is turned away, no code counts twice."""

import pytest

from survey_app.store import ballots, batches
from survey_app.store.database import database
from tests.factories import make_codes
from tests.slow.crowd import race, saturate, together

pytestmark = [pytest.mark.slow, pytest.mark.alone]
SECONDS, RACES, STORM = 8, 1000, 200
LONGEST_WAIT_MS = 500


def is_sound() -> bool:
    return database.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_four_processes_saturate_the_box_for_eight_seconds_and_everybody_is_served(open_round, settings, keys, clock):
    issued = make_codes(keys, clock, count=40_000)

    loads = together(saturate, settings, [(issued[i::4], SECONDS) for i in range(4)])

    assert [load.refused for load in loads] == [()] * 4
    stored = [load.stored for load in loads]
    assert sum(stored) == ballots.count_ballots("2026-h2") == batches.ledger("2026-h2")[0].used
    assert min(stored) > max(stored) / 4, stored
    assert max(load.longest_ms for load in loads) < LONGEST_WAIT_MS, loads
    assert is_sound()
    print(f"\nstored {stored} in {SECONDS} s, longest wait {max(load.longest_ms for load in loads):.0f} ms")


def test_a_thousand_races_for_one_code_each_have_exactly_one_winner(open_round, settings, keys, clock):
    issued = make_codes(keys, clock, count=RACES)
    forms = [[(code, f"form-number-of-process-{i}") for code in issued] for i in range(2)]

    first, second = together(race, settings, [(tries,) for tries in forms])

    won = [[not answer.startswith("-") for answer in pair] for pair in zip(first, second, strict=True)]
    assert [sum(pair) for pair in won] == [1] * RACES
    assert {answer for answer in first + second if answer.startswith("-")} == {"-code-used"}
    assert ballots.count_ballots("2026-h2") == RACES == batches.ledger("2026-h2")[0].used
    print(f"\n{RACES} races, won by the first process {sum(a for a, _ in won)}, by the second {sum(b for _, b in won)}")


def test_in_a_storm_of_retries_each_form_is_one_ballot_with_one_receipt(open_round, settings, keys, clock):
    issued = make_codes(keys, clock, count=STORM)
    tries = [(code, f"form-number-{i:012}") for i, code in enumerate(issued) for _ in range(3)]

    storms = together(race, settings, [(tries,)] * 4)

    assert storms[1:] == storms[:1] * 3
    receipts = storms[0]
    assert [answer for answer in receipts if answer.startswith("-")] == []
    assert receipts[::3] == receipts[1::3] == receipts[2::3]
    assert len(set(receipts)) == ballots.count_ballots("2026-h2") == STORM == batches.ledger("2026-h2")[0].used
