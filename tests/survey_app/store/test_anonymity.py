"""Who holds the whole disk learns who was admitted, never who said what.

Thirty codes are issued, twenty citizens rate, five say something, one changes her mind; then the disk is read.
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from pathlib import Path

import pytest
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from survey_app.domain import ballot_box
from survey_app.domain import codes as code_words
from survey_app.domain.receipts import spoken
from survey_app.office.rounds import close_round
from survey_app.store import ballots, words
from survey_app.store import rounds as round_store
from survey_app.store.database import checkpoint
from survey_app.store.models import Ballot, Code, CodeUse, Words
from tests.factories import cast, make_codes

SAID = [f"第{i}位的话：窗口{i}号等了很久" for i in range(5)]
PAGE_BYTES = 4096


@dataclass
class Voter:
    """What one citizen knows of her own ballot."""

    code: str
    nonce: str
    receipt: str
    answers: dict[str, int | None]

    @property
    def line(self) -> str:
        return ",".join("" if v is None else str(v) for v in self.answers.values())


@dataclass
class Election:
    issued: list[str]
    voters: list[Voter]  # in the order of arrival


def answers_of(i):
    """Vectors of which no two in a row are alike, with blanks and 不了解 among them."""
    return {"attitude": (5, 4, 0, 1)[i % 4], "efficiency": (None, 2, 3)[i % 3], "overall": 1 + i % 5}


def vote(i, code, keys, clock):
    nonce = sha256(f"form {i}".encode()).hexdigest()[:32]
    receipt = cast(keys, clock, code, nonce=nonce, answers=answers_of(i))
    return Voter(code, nonce, receipt, answers_of(i))


@pytest.fixture
def election(open_round, keys, clock):
    issued = make_codes(keys, clock, count=30)
    order = [issued[(7 * i) % 30] for i in range(20)]
    voters = [vote(i, code, keys, clock) for i, code in enumerate(order)]
    for voter, said in zip(voters, SAID, strict=False):
        words.add_words(receipt=voter.receipt, typed=said, keys=keys, today=clock.today)
    round_ = round_store.get_round("2026-h2")
    voters[3].answers = {"attitude": 1, "efficiency": 1, "overall": None}
    ballots.replace_ballot(
        round_=round_, unit_slug="tax", receipt=voters[3].receipt, answers=voters[3].answers, today=clock.today
    )
    return Election(issued, voters)


def close(settings, clock):
    clock.later(days=40)
    return close_round("2026-h2", key_copy=settings.keys / "2026-h2.key", reason=None, settings=settings, now=clock())


def disk(settings, *, without: Path | None = None):
    """Every file below var/ with its bytes."""
    files = [f for f in settings.var.rglob("*") if f.is_file() and not (without and without in f.parents)]
    return {f.relative_to(settings.var).as_posix(): f.read_bytes() for f in files}


def found_in(files, secrets):
    return [(name, secret) for name, content in files.items() for secret in secrets if secret in content]


def codes_and_receipts(election):
    """Codes, receipts and form numbers in every writing a careless line of code could leave behind."""
    texts = (
        {code for code in election.issued} | {v.receipt for v in election.voters} | {v.nonce for v in election.voters}
    )
    texts |= {code[:9] for code in election.issued} | {code_words.spoken(code) for code in election.issued}
    texts |= {v.receipt[:16] for v in election.voters} | {spoken(v.receipt) for v in election.voters}
    texts |= {text.lower() for text in texts}
    return {text.encode() for text in texts} | {text.encode("utf-16-le") for text in texts}


def answers_and_words(election):
    texts = {v.line for v in election.voters} | {'"answers"', *SAID, *(said[:4] for said in SAID)}
    return {text.encode() for text in texts} | {text.encode("utf-16-le") for text in texts}


def server_secrets(settings, keys):
    round_key = bytes.fromhex((settings.keys / "2026-h2.key").read_text().split()[2])
    return {s for key in (keys.admit, keys.receipt, round_key) for s in (key, key.hex().encode())}


def test_while_the_round_runs_no_code_receipt_answer_word_or_key_stands_anywhere_on_the_disk(election, settings, keys):
    looked_for = codes_and_receipts(election) | answers_and_words(election) | server_secrets(settings, keys)
    files = disk(settings)
    assert {"pingyi.sqlite3", "pingyi.sqlite3-wal", "pingyi.sqlite3-shm", "pingyi.sqlite3.lock"} <= set(files)
    assert len(files["pingyi.sqlite3-wal"]) > 20 * PAGE_BYTES  # the log does hold the twenty ballots
    assert found_in(files, looked_for) == []
    checkpoint()
    files = disk(settings)
    assert len(files["pingyi.sqlite3-wal"]) == 0
    assert found_in(files, looked_for) == []


def test_after_close_answers_stand_in_the_frozen_folder_alone_and_codes_and_receipts_nowhere(
    election, settings, keys, clock
):
    folder = close(settings, clock)
    files = disk(settings)
    assert len(files.get("pingyi.sqlite3-wal", b"")) == 0
    assert found_in(files, codes_and_receipts(election) | server_secrets(settings, keys)) == []
    assert found_in(disk(settings, without=folder), answers_and_words(election)) == []
    opened = (folder / "snapshot" / "ballots.csv").read_text().splitlines()[1:]
    assert sorted(row.split(",", 4)[4] for row in opened) == sorted(f"{v.line}," for v in election.voters)


def test_the_search_would_find_a_code_that_was_written_down(election, settings):
    """Noise for the two tests above: a leak of any kind is seen."""
    (settings.var / "access.log").write_text(f"GET /r?code={code_words.spoken(election.issued[0]).lower()}")
    assert found_in(disk(settings), codes_and_receipts(election))


def test_no_column_of_a_ballot_or_of_words_is_made_from_a_code_or_its_tags(election, keys):
    made, issue_key = set(), code_words.issue_key(keys.admit, round_code="2026-h2")
    for code in election.issued:
        tags = [code_words.code_tag(issue_key, round_code="2026-h2", code=code)]
        tags += [
            code_words.use_tag(keys.admit, round_code="2026-h2", code=code, unit_slug=unit)
            for unit in ("tax", "water", "noise", "*")
        ]
        for seed in [code.encode(), *tags]:
            made |= {seed, sha256(seed).digest()}
            made |= {hmac.digest(key, seed, "sha256") for key in (keys.admit, keys.receipt)}
            for prefix in (b"ballot-v1|", b"proof-v1|", b"rating-v1|", b"words-v1|"):
                made |= {sha256(prefix + seed).digest(), sha256(prefix + seed.hex().encode()).digest()}
    stored = {bytes(row[c]) for row in Ballot.select().dicts() for c in ("ballot_key", "proof", "commitment", "sealed")}
    stored |= {bytes(row[c]) for row in Words.select().dicts() for c in ("words_key", "sealed")}
    tags = {bytes(row.code_tag) for row in Code.select()} | {bytes(row.use_tag) for row in CodeUse.select()}
    assert len(tags & made) == 30 + 2 * 20  # the tags of codes and uses are indeed among what was made
    assert stored & made == set()
    assert stored & tags == set()
    assert [value for value in stored if any(tag in value for tag in made if len(tag) >= 16)] == []


def test_the_ten_unused_codes_and_the_twenty_used_look_alike_without_the_admit_key(election, keys):
    rows = [(len(bytes(row.code_tag)), row.batch_id) for row in Code.select()]
    assert len(set(rows)) == 1
    uses = {bytes(row.use_tag) for row in CodeUse.select()}
    assert uses & {bytes(row.code_tag) for row in Code.select()} == set()
    other = bytes(32)
    guesses = {
        code_words.use_tag(other, round_code="2026-h2", code=code, unit_slug=unit)
        for code in election.issued
        for unit in ("tax", "*")
    }
    assert uses & guesses == set()


def test_with_the_database_and_both_server_keys_nobody_reads_an_answer(election, settings, keys):
    """All that a thief of the server can try: every known secret as key, every answer against every known nonce."""
    rows = list(Ballot.select())
    known = {bytes(32), b"", keys.admit, keys.receipt, sha256(keys.admit).digest(), sha256(keys.receipt).digest()}
    known |= {bytes(getattr(row, name)) for row in rows for name in ("ballot_key", "proof", "commitment")}
    known |= {bytes.fromhex(v.nonce) for v in election.voters} | {v.nonce.encode() for v in election.voters}
    known |= {v.receipt.encode() for v in election.voters} | {bytes(row.use_tag) for row in CodeUse.select()}
    known.add(bytes(round_store.get_round("2026-h2").public_key))
    vectors = [",".join(v) for v in product(["", *"012345"], repeat=3)]
    tried = {sha256(b"rating-v1|" + nonce + b"|" + line.encode()).digest() for nonce in known for line in vectors}
    assert not tried & {bytes(row.commitment) for row in rows}
    for secret in (s for s in known if len(s) == 32):
        with pytest.raises(CryptoError):
            SealedBox(PrivateKey(secret)).decrypt(bytes(rows[0].sealed))
    # The round's key, and only it, opens all twenty.
    round_key = PrivateKey(bytes.fromhex((settings.keys / "2026-h2.key").read_text().split()[2]))
    lines = sorted(ballot_box.open_ballot(round_key, bytes(row.sealed)).answers for row in rows)
    assert lines == sorted(v.line for v in election.voters)


def test_after_close_no_piece_of_a_ciphertext_is_left_in_the_bytes_of_the_file(open_round, settings, keys, clock):
    """150 ballots split many pages of the file: what a split leaves behind must be gone too."""
    receipts = [cast(keys, clock, code) for code in make_codes(keys, clock, count=150)]
    for receipt in receipts[:10]:
        words.add_words(receipt=receipt, typed="一句话", keys=keys, today=clock.today)
    pieces = set()
    for table in (Ballot, Words):
        for (sealed,) in table.select(table.sealed).tuples():
            pieces |= {bytes(sealed)[i : i + 40] for i in (0, 40, 200, 400, 520)}
    checkpoint()
    before = settings.database.read_bytes()
    assert sum(piece in before for piece in pieces) >= 5 * 150  # the search finds them while they are there
    close(settings, clock)
    after = disk(settings)
    assert found_in(after, pieces) == []
    assert ballots.count_ballots("2026-h2") == 150


def inside_pages(raw, keys_in_order_of_arrival):
    """For each page of the file, the arrival numbers of the keys in it, in the order in which they lie there."""
    pages: dict[int, list[tuple[int, int]]] = {}
    for arrived, key in enumerate(keys_in_order_of_arrival):
        assert raw.count(key) == 1
        place = raw.find(key)
        pages.setdefault(place // PAGE_BYTES, []).append((place, arrived))
    return [[arrived for _, arrived in sorted(page, reverse=True)] for page in pages.values()]


def test_queries_see_ballots_and_uses_in_the_order_of_their_keys(election):
    for table in (Ballot, CodeUse, Code, Words):
        seen = [bytes(value) for (value,) in table.select(table._meta.primary_key).tuples()]
        assert seen == sorted(seen)
        assert len(seen) > 1


def test_after_close_the_bytes_of_the_file_lie_in_the_order_of_the_keys_and_not_of_arrival(
    election, settings, keys, clock
):
    """SQLite fills a page in the order of arrival, whatever the order of the keys (measured: 19 of 19 neighbours).

    Codes and ballots read off the disk in that order would join each code to its ballot, as the log does.
    """
    use_tags = [
        code_words.use_tag(keys.admit, round_code="2026-h2", code=v.code, unit_slug="tax") for v in election.voters
    ]
    ballot_keys = [ballot_box.ballot_key(v.receipt) for v in election.voters]
    close(settings, clock)
    raw = settings.database.read_bytes()
    for keys_by_arrival in (use_tags, ballot_keys):
        for page in inside_pages(raw, keys_by_arrival):
            by_key = sorted(page, key=lambda arrived: keys_by_arrival[arrived])
            assert page in (by_key, by_key[::-1])
