"""The chain of events: it grows, it is never changed, and whoever changes the file all the same is found."""

import sqlite3
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from peewee import DatabaseError

from survey_app.domain import audit as rules
from survey_app.domain.audit import Event
from survey_app.store import audit
from survey_app.store.database import close_database, database, open_database, write

NOON = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)
EVENTS = (
    ("zhou", "revision.submit", "units/tax/procedures/a.md", {"note": "时限缩短"}),
    ("li", "revision.approve", "units/tax/procedures/a.md", {}),
    ("boss", "account.reset", "zhou", {}),
    ("li", "revision.approve", "units/tax/procedures/b.md", {"n": 3, "of": ["x", None]}),
)


@pytest.fixture
def recorded(store):
    """Four events."""
    for actor, action, subject, detail in EVENTS:
        with write():
            audit.record(actor=actor, action=action, subject=subject, detail=detail, now=NOON)


def test_the_digests_are_those_of_the_formula():
    # By hand: SHA-256("audit-v1" | 32 zero bytes | canonical JSON), written out here without the code under test.
    first = Event(1, "2026-11-03T04:00:00.000000Z", "周", "sign_in", "周", {"b": 1, "a": "评"})
    line = (
        '{"action":"sign_in","actor":"周","at":"2026-11-03T04:00:00.000000Z",'
        '"detail":{"a":"评","b":1},"number":1,"subject":"周"}'
    ).encode()
    digest = sha256(b"audit-v1|" + bytes(32) + b"|" + line).digest()

    assert rules.canonical(first) == line
    assert rules.chain(rules.START, first) == digest
    assert digest.hex() == "abbf39677e3e6304d373a86afb722b58bdc58ab4d58ef5d93d9ab2e321e69bb6"


def test_events_are_kept_in_order_and_the_chain_holds(recorded):
    assert [event.actor for event in audit.list_events()] == ["li", "boss", "li", "zhou"]
    assert audit.list_events()[0].detail == {"n": 3, "of": ["x", None]}
    assert audit.verify() == []
    assert audit.head() == (4, audit.digest_of(4))


def test_an_empty_list_is_whole(store):
    assert audit.verify() == []
    assert audit.head() is None


def test_an_event_outside_the_transaction_of_its_change_is_refused(store):
    with pytest.raises(audit.OutsideTransaction):
        audit.record(actor="a", action="b", subject="c", now=NOON)


def record_and_fail():
    audit.record(actor="a", action="b", subject="c", now=NOON)
    raise ZeroDivisionError


def test_a_change_that_fails_leaves_no_event(recorded):
    with pytest.raises(ZeroDivisionError), write():
        record_and_fail()

    assert audit.count_events() == 4
    assert audit.verify() == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_event SET actor = 'x' WHERE number = 2",
        "DELETE FROM audit_event WHERE number = 2",
        "DELETE FROM audit_event",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET number = 2",
        "REPLACE INTO audit_head VALUES (1, 4, zeroblob(32))",
        "INSERT INTO audit_event SELECT 0, at, actor, action, subject, detail, digest FROM audit_event LIMIT 1",
        "REPLACE INTO audit_event SELECT number, at, 'x', action, subject, detail, digest FROM audit_event",
    ],
)
def test_the_database_itself_refuses_to_change_or_delete_an_event(recorded, sql):
    with pytest.raises(DatabaseError), write():
        database.execute_sql(sql)

    assert audit.verify() == []


SWAP = (
    "UPDATE audit_event SET number = -2 WHERE number = 2",
    "UPDATE audit_event SET number = 2 WHERE number = 3",
    "UPDATE audit_event SET number = 3 WHERE number = -2",
)
TAMPERED = [
    *[((f"UPDATE audit_event SET {column} = 'x' WHERE number = {n}",), n)  # noqa: S608  # our own words
      for column in ("actor", "action", "subject", "at") for n in (1, 2, 4)],
    (("UPDATE audit_event SET detail = '{\"note\":\"x\"}' WHERE number = 1",), 1),
    (("UPDATE audit_event SET digest = zeroblob(32) WHERE number = 3",), 3),
    (("DELETE FROM audit_event WHERE number = 1",), 1),
    (("DELETE FROM audit_event WHERE number = 3",), 3),
    (("DELETE FROM audit_event WHERE number = 4",), 4),
    (("DELETE FROM audit_event WHERE number > 1",), 4),
    (("DELETE FROM audit_event",), 4),
    ((*SWAP,), 2),
    (("DELETE FROM audit_event WHERE number = 2", "UPDATE audit_event SET number = number - 1 WHERE number > 2"), 2),
    (("DELETE FROM audit_head",), 4),
    (("DELETE FROM audit_event WHERE number = 4", "UPDATE audit_head SET number = 3"), 3),
]  # fmt: skip


def drop_triggers(file):
    for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        file.execute(f"DROP TRIGGER {name}")


@pytest.mark.parametrize(("statements", "number"), TAMPERED)
def test_whoever_alters_deletes_or_reorders_in_the_file_is_found_at_the_first_place(
    recorded, settings, statements, number
):
    close_database()
    with sqlite3.connect(settings.database) as file:
        drop_triggers(file)
        for statement in statements:
            assert file.execute(statement).rowcount
    file.close()
    open_database(settings.database)
    [fault] = audit.verify()

    assert fault.number == number
    assert str(number) in fault.text()


def test_a_chain_rewritten_whole_holds_in_itself_but_not_against_a_noted_head(recorded, settings):
    # What a chain alone cannot show: who has the file can compute it anew. A digest noted elsewhere shows it.
    noted = audit.head()
    close_database()
    with sqlite3.connect(settings.database) as file:
        drop_triggers(file)
        file.execute("DELETE FROM audit_event")
        file.execute("DELETE FROM audit_head")
    file.close()
    open_database(settings.database)
    for actor, action, subject, detail in (*EVENTS[:2], ("boss", "account.reset", "li", {}), EVENTS[3]):
        with write():
            audit.record(actor=actor, action=action, subject=subject, detail=detail, now=NOON)

    assert audit.verify() == []
    assert audit.digest_of(noted[0]) != noted[1]


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, b"x"])
def test_what_json_cannot_hold_exactly_is_refused_and_nothing_is_stored(store, value):
    with pytest.raises((TypeError, ValueError)), write():
        audit.record(actor="a", action="b", subject="c", detail={"x": value}, now=NOON)

    assert audit.count_events() == 0
