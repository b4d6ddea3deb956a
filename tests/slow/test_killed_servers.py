"""kill -9 of whole server workers while citizens post: whoever saw a receipt is in the box, nobody is in it twice."""

import random
import threading
import time
from collections.abc import Iterator
from http.client import HTTPException
from queue import Empty, Queue

import pytest

from survey_app.domain.receipts import ReceiptUnknown, parse_receipt
from survey_app.store import ballots, batches, boxweeks
from survey_app.store.database import database
from tests.factories import make_codes
from tests.serving import ANSWERS, FORM, Served, hidden_fields, portal, post

pytestmark = pytest.mark.slow
WORKERS, CITIZENS, KILLS = 3, 6, 20


@pytest.fixture
def served(open_round, settings) -> Iterator[Served]:
    database.close()
    running = portal(settings, WORKERS)
    yield running
    running.stop()


class Crowd:
    """Citizens with a code each; a broken connection is answered by sending the same form again."""

    def __init__(self, port: int, issued: list[str], hidden: dict[str, str]):
        self.port, self.hidden = port, hidden
        self.waiting: Queue[str] = Queue()
        for code in issued:
            self.waiting.put(code)
        self.receipts: dict[str, str] = {}
        self.strange: list[tuple[int, str]] = []
        self.retries = 0
        self.enough = threading.Event()
        self.threads = [threading.Thread(target=self._rate) for _ in range(CITIZENS)]
        for thread in self.threads:
            thread.start()

    def _rate(self) -> None:
        while not self.enough.is_set():
            try:
                code = self.waiting.get_nowait()
            except Empty:
                return
            self._until_answered({**self.hidden, **ANSWERS, "code": code})

    def _until_answered(self, fields: dict[str, str]) -> None:
        while True:
            try:
                status, receipt = post(self.port, fields, FORM)
                break
            except (OSError, HTTPException):
                self.retries += 1
                time.sleep(0.05)
        if status == 200 and receipt:
            self.receipts[fields["code"]] = receipt
        else:
            self.strange.append((status, receipt))

    def stop(self) -> None:
        self.enough.set()
        for thread in self.threads:
            thread.join(120)


def waits_for_receipts(crowd: Crowd, more: int) -> None:
    wanted, deadline = len(crowd.receipts) + more, time.monotonic() + 120
    while len(crowd.receipts) < wanted and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(crowd.receipts) >= wanted, crowd.strange[:3]


def missing(receipts: list[str]) -> list[str]:
    lost = []
    for receipt in receipts:
        try:
            ballots.find_by_receipt(parse_receipt(receipt))
        except ReceiptUnknown:
            lost.append(receipt)
    return lost


def test_twenty_workers_are_killed_under_load_and_every_acknowledged_ballot_is_there_once(served, keys, clock):
    issued = make_codes(keys, clock, count=20_000)
    database.close()
    chance = random.Random(20261125)
    hidden = hidden_fields(served.port)
    time.sleep(3.1)  # a form sent sooner than a person can read it is not taken for a person's
    crowd = Crowd(served.port, issued, hidden)
    try:
        for _ in range(KILLS):
            waits_for_receipts(crowd, 10)
            assert served.replace(chance.randrange(WORKERS)) == -9
        waits_for_receipts(crowd, 10)
    finally:
        crowd.stop()

    assert crowd.strange == []
    assert crowd.retries >= 1, "no connection was ever cut: the kills hit nothing"
    receipts = list(crowd.receipts.values())
    assert missing(receipts) == []
    assert len(set(receipts)) == len(receipts) == ballots.count_ballots("2026-h2") == batches.ledger("2026-h2")[0].used
    assert boxweeks.differing() == []
    assert database.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute_sql("PRAGMA foreign_key_check").fetchall() == []
    print(f"\n{KILLS} kills, {len(receipts)} acknowledged, 0 missing, 0 twice, {crowd.retries} cut off and sent again")
