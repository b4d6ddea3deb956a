"""An attacker holds everything that was ever written: the database, its log, every nightly copy, the app's own log, the
issuer's list of who got which code, and the admit key. He still joins no ballot to a code, and no rater to an address.

Four days of rating through the whole app; each night the file is put in order and copied, as the operator would.
"""

import logging
import random
import shutil
import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from survey_app import create_app
from survey_app.domain import ballot_box, receipts
from survey_app.domain import codes as code_words
from survey_app.office.rounds import close_round
from survey_app.store.database import checkpoint, database, rewrite
from tests.factories import make_codes
from tests.survey_app.citizen.sending import receipt_of, send

DAYS, A_DAY, MIN_N = 4, 12, 10
BROWSER = "Pingyi-Test-Browser/7.4 (Handset of one particular person)"
HEADER = 100  # bytes of SQLite's own: counters of changes
MARK = "a line that the log must hold"
COLUMNS = {
    "ballot": {"ballot_key", "unit", "group", "channel", "period", "proof", "commitment", "sealed"},
    "words": {"words_key", "unit", "sealed"},
    "code_use": {"use_tag"},
    "code": {"code_tag", "batch"},
}


pytestmark = pytest.mark.usefixtures("analysis_at_hand")


@dataclass
class Visit:
    """What really happened, for the test alone."""

    code: str
    at: datetime
    address: str
    receipt: str


@dataclass
class Loot:
    """What the attacker has: copies by night, the last one after close, and all bytes of all files and logs."""

    copies: list[Path]
    files: dict[str, bytes]


def night(settings, number) -> Path:
    """Upkeep at midnight and the operator's copy."""
    checkpoint()
    rewrite()
    copy = settings.var / "backups" / f"night-{number}.sqlite3"
    copy.parent.mkdir(exist_ok=True)
    database.execute_sql("VACUUM INTO ?", (str(copy),))
    return copy


@pytest.fixture
def plundered(open_round, settings, keys, clock):
    """Visits in their order, and the loot."""
    log = logging.FileHandler(settings.var / "app.log")
    logging.getLogger().addHandler(log)
    before, logging.getLogger().level = logging.getLogger().level, logging.DEBUG
    app = create_app(settings, keys, clock)
    issued = make_codes(keys, clock, count=DAYS * A_DAY + 5)
    visits, copies = [], []
    for day in range(DAYS):
        for i in range(A_DAY):
            clock.later(minutes=7, seconds=13)
            visits.append(rate(app, clock, issued[(day * A_DAY + i) * 5 % len(issued)], len(visits)))
        copies.append(night(settings, day))
        clock.later(days=1)
    clock.later(days=40, hours=-5, minutes=-3, seconds=-1)  # no moment of closing is a moment of rating
    close_round("2026-h2", key_copy=settings.keys / "2026-h2.key", reason=None, settings=settings, now=clock())
    copies.append(night(settings, DAYS))
    logging.getLogger("pingyi").warning(MARK)
    logging.getLogger().removeHandler(log)
    logging.getLogger().setLevel(before)
    log.close()
    files = {str(f.relative_to(settings.var)): f.read_bytes() for f in settings.var.rglob("*") if f.is_file()}
    return visits, Loot(copies, files)


def rate(app, clock, code, number) -> Visit:
    """One person with an address and a browser of their own; one in four changes their mind."""
    address = f"198.51.100.{number + 1}"
    person = app.test_client()
    person.environ_base |= {"REMOTE_ADDR": address, "HTTP_USER_AGENT": BROWSER}
    person.get("/rate/2026-h2/tax")
    at = clock()
    answered = send(person, code)
    assert answered.status_code == 303, answered.text
    receipt = receipt_of(person.get("/receipt"))
    if number % 4 == 0:
        assert send(person, receipt).status_code == 303
    return Visit(code, at, address, receipts.parse_receipt(receipt))


def rows(copy: Path, sql: str) -> list[tuple]:
    connection = sqlite3.connect(copy)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def test_the_tables_have_no_column_that_could_carry_a_time_a_place_or_a_person(plundered):
    _, loot = plundered
    for copy in loot.copies:
        for table, columns in COLUMNS.items():
            assert {row[1] for row in rows(copy, f"PRAGMA table_info({table})")} == columns
            [(sql,)] = rows(copy, f"SELECT sql FROM sqlite_master WHERE name = '{table}'")  # noqa: S608  # our own names
            assert "WITHOUT ROWID" in sql
        weeks = {week for (week,) in rows(copy, "SELECT period FROM ballot")}
        assert all(datetime.fromisoformat(week).weekday() == 0 for week in weeks)


def test_no_address_browser_or_time_of_day_stands_in_any_byte(plundered):
    visits, loot = plundered
    wanted = {BROWSER.encode(), BROWSER[:20].encode()}
    for visit in visits:
        seconds = int(visit.at.timestamp())
        local = visit.at + timedelta(hours=8)
        wanted |= {visit.address.encode(), str(seconds).encode(), str(seconds // 60).encode()}
        wanted |= {f"{moment:%H:%M:%S}".encode() for moment in (visit.at, local)}
        wanted |= {f"{moment:%Y-%m-%d}{gap}{moment:%H:%M}".encode() for moment in (visit.at, local) for gap in " T"}
    # Four bytes alone stand in a megabyte of random bytes by chance, so the packed address is looked for in the log.
    packed = {ip_address(visit.address).packed for visit in visits}
    assert [(n, w) for n, content in loot.files.items() for w in wanted if w in content] == []
    assert [w for w in packed if w in loot.files["app.log"]] == []
    assert "backups/night-0.sqlite3" in loot.files
    assert "pingyi.sqlite3" in loot.files


def test_every_copy_would_be_the_same_to_the_byte_had_people_come_in_another_order(plundered, tmp_path):
    visits, loot = plundered
    chance = random.Random(20261125)
    for copy in loot.copies:
        other = rearranged(copy, tmp_path / f"other-{copy.name}", chance)
        assert other.read_bytes()[HEADER:] == copy.read_bytes()[HEADER:]
    assert len(visits) == DAYS * A_DAY == len(rows(loot.copies[-1], "SELECT 1 FROM ballot"))


def rearranged(copy: Path, target: Path, chance: random.Random) -> Path:
    """The same rows of ballots and uses, written in an order drawn by lot, and copied as a night copies."""
    clone = target.with_suffix(".clone")
    shutil.copy(copy, clone)
    connection = sqlite3.connect(clone, isolation_level=None)
    for table in ("ballot", "code_use"):
        found = connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608  # our own names
        connection.execute(f"DELETE FROM {table}")  # noqa: S608  # our own names
        chance.shuffle(found)
        marks = ",".join("?" * len(found[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", found)  # noqa: S608  # our own names
    connection.execute("VACUUM INTO ?", (str(target),))
    connection.close()
    return target


def test_comparing_two_copies_leaves_every_ballot_among_all_the_codes_of_that_day(plundered, keys):
    """With the admit key and the list he knows who rated between two copies; that is as near as he comes."""
    visits, loot = plundered
    tags = {code_words.use_tag(keys.admit, round_code="2026-h2", code=v.code, unit_slug="tax"): v.code for v in visits}
    known_ballots: set[bytes] = set()
    known_uses: set[bytes] = set()
    for copy in loot.copies[:DAYS]:
        ballots = {bytes(key): place for key, *place in rows(copy, 'SELECT ballot_key, "group", channel FROM ballot')}
        uses = {bytes(tag) for (tag,) in rows(copy, "SELECT use_tag FROM code_use")}
        new_ballots, new_uses = set(ballots) - known_ballots, (uses - known_uses) & set(tags)
        kinds = Counter(tuple(ballots[key]) for key in new_ballots)
        assert (len(new_ballots), len(new_uses), len(kinds)) == (A_DAY, A_DAY, 1)
        assert min(kinds.values()) >= MIN_N
        known_ballots, known_uses = set(ballots), uses


def test_no_value_of_a_ballot_stands_in_the_log_or_beside_a_code_or_its_tags(plundered, keys):
    visits, loot = plundered
    [last] = [c for c in loot.copies if c.name == f"night-{DAYS - 1}.sqlite3"]
    values = {bytes(v) for row in rows(last, "SELECT ballot_key, proof, commitment FROM ballot") for v in row}
    assert values >= {ballot_box.ballot_key(v.receipt) for v in visits}
    outside = {name: content for name, content in loot.files.items() if not name.endswith(".sqlite3")}
    for value in values:
        assert [n for n, content in outside.items() if value in content or value.hex().encode() in content] == []
    tags = {bytes(tag) for (tag,) in rows(last, "SELECT use_tag FROM code_use UNION SELECT code_tag FROM code")}
    assert values & tags == set()
    written = {v.code for v in visits} | {v.receipt for v in visits} | {code_words.spoken(v.code) for v in visits}
    written |= {receipts.spoken(v.receipt) for v in visits}
    assert [(n, w) for n, content in loot.files.items() for w in written if w.encode() in content] == []


def test_the_log_was_really_kept(plundered):
    """Noise for the tests above: a log that nobody writes to would have nothing to hide."""
    _, loot = plundered
    assert MARK.encode() in loot.files["app.log"]
