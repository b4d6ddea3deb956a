"""Threads and processes cast at the same moment: none lost, none twice, one winner for a code."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from survey_app.config import HOME
from survey_app.domain.errors import Refusal
from survey_app.store import ballots, batches
from survey_app.store.database import database
from tests.factories import cast, make_codes

CASTER = Path(__file__).with_name("caster.py")


def in_threads(jobs):
    """Run the jobs at the same moment; what they return or raise, in their order."""
    barrier, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(i, job):
        barrier.wait()
        try:
            results[i] = job()
        except Exception as error:
            results[i] = error
        finally:
            database.close()

    threads = [threading.Thread(target=run, args=(i, job)) for i, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def start_casters(settings, how_many):
    """Worker processes that have opened the database and wait for their first code."""
    command = [sys.executable, str(CASTER), str(settings.database), str(settings.keys), "2026-h2", "tax"]
    workers = [
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(HOME)},
        )
        for _ in range(how_many)
    ]
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    return workers


def feed(workers, lists):
    """Give each worker its lines at the same moment; (code, receipt or -refusal) of all of them."""
    answers = in_threads(
        [
            lambda w=w, lines=lines: w.communicate("\n".join(lines) + "\n", 60)[0]
            for w, lines in zip(workers, lists, strict=True)
        ]
    )
    assert [w.returncode for w in workers] == [0] * len(workers)
    return [tuple(line.split()) for text in answers for line in text.splitlines()]


def nothing_lost_and_nothing_twice(receipts, unit="tax"):
    assert len(set(receipts)) == len(receipts) == ballots.count_ballots("2026-h2")
    assert {ballots.find_by_receipt(receipt).unit_slug for receipt in receipts} == {unit}
    assert sum(batch.used for batch in batches.ledger("2026-h2")) == len(receipts)
    assert database.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_eight_threads_cast_at_once_and_every_ballot_is_there_once(open_round, keys, clock):
    issued = make_codes(keys, clock, count=80)

    def citizens(part):
        return lambda: [cast(keys, clock, code) for code in part]

    results = in_threads([citizens(issued[i::8]) for i in range(8)])
    assert [type(result) for result in results] == [list] * 8
    nothing_lost_and_nothing_twice([receipt for part in results for receipt in part])


def test_four_processes_cast_at_once_and_every_ballot_is_there_once(open_round, settings, keys, clock):
    issued = make_codes(keys, clock, count=100)
    answers = feed(start_casters(settings, 4), [issued[i::4] for i in range(4)])
    assert {code for code, _ in answers} == set(issued)
    nothing_lost_and_nothing_twice([receipt for _, receipt in answers])


def test_four_processes_race_for_the_same_codes_and_each_code_has_one_winner(open_round, settings, keys, clock):
    issued = make_codes(keys, clock, count=25)
    lists = [[f"{code} form-number-of-worker-{worker}" for code in issued] for worker in range(4)]
    answers = feed(start_casters(settings, 4), lists)
    winners = [code for code, answer in answers if not answer.startswith("-")]
    assert sorted(winners) == sorted(issued)
    assert {answer for _, answer in answers if answer.startswith("-")} == {"-code-used"}
    nothing_lost_and_nothing_twice([answer for _, answer in answers if not answer.startswith("-")])


def test_two_threads_race_for_one_code_and_one_wins_every_time(open_round, keys, clock):
    for code in make_codes(keys, clock, count=20):
        first, second = in_threads(
            [lambda c=code, n=nonce: cast(keys, clock, c, nonce=n) for nonce in ("a" * 32, "b" * 32)]
        )
        won = [result for result in (first, second) if isinstance(result, str)]
        lost = [result for result in (first, second) if isinstance(result, ballots.CodeUsed)]
        assert (len(won), len(lost)) == (1, 1)
    assert ballots.count_ballots("2026-h2") == 20


def test_one_form_sent_by_two_threads_at_once_is_one_ballot_with_one_receipt(open_round, keys, clock):
    for code in make_codes(keys, clock, count=10):
        first, second = in_threads([lambda c=code: cast(keys, clock, c, nonce="n" * 32)] * 2)
        assert first == second
        assert not isinstance(first, Refusal)
    assert ballots.count_ballots("2026-h2") == 10


@pytest.mark.parametrize("unit", ["water", "noise"])
def test_one_code_races_to_two_units_and_rates_both_and_counts_as_one(open_round, keys, clock, unit):
    code, *_ = make_codes(keys, clock)
    results = in_threads([lambda u=u: cast(keys, clock, code, unit=u) for u in ("tax", unit)])
    assert sorted(ballots.find_by_receipt(r).unit_slug for r in results) == sorted(["tax", unit])
    assert batches.ledger("2026-h2")[0].used == 1
