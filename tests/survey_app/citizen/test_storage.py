"""The disk is full, the file cannot be written, somebody holds it: said plainly, nothing of the form lost, and over."""

import re
import sqlite3

import pytest
from peewee import OperationalError

from survey_app.citizen import health
from survey_app.store import ballots
from survey_app.store import database as store
from survey_app.store.database import close_database, database, open_database
from tests.factories import make_codes
from tests.survey_app.citizen.sending import FORM, nonce_of, send


def sql(text):
    return database.execute_sql(text).fetchall()


@pytest.fixture
def read_only(code):
    sql("PRAGMA query_only = 1")
    yield
    sql("PRAGMA query_only = 0")


@pytest.fixture
def held(settings, code, monkeypatch):
    """Another program holds the file and does not let go."""
    monkeypatch.setattr(store, "BUSY_TIMEOUT_S", 0.2)
    close_database()
    open_database(settings.database)
    holder = sqlite3.connect(settings.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    yield
    holder.execute("ROLLBACK")
    holder.close()


def is_said_and_kept(page, code, stored=1):
    assert page.status_code == 503
    assert "没有保存" in page.text
    assert dict(re.findall(r'name="(q-[a-z]+)" value="(\d)" checked', page.text)) == {
        "q-attitude": "5", "q-efficiency": "2", "q-overall": "0",
    }  # fmt: skip
    assert code in page.text.replace("-", "")
    assert ballots.count_ballots("2026-h2") == stored


class TestABallot:
    def test_meets_a_full_disk_and_is_taken_by_the_same_server_when_there_is_room(self, citizen, keys, clock, code):
        fresh = make_codes(keys, clock, count=100)
        [(pages,)] = sql("PRAGMA page_count")
        sql(f"PRAGMA max_page_count = {pages}")
        sent = [(one, send(citizen, one)) for one in fresh]
        taken = [page.status_code for _, page in sent].count(303)
        [(refused, page), *_others] = [(one, page) for one, page in sent if page.status_code != 303]

        assert 0 < taken < 100
        is_said_and_kept(page, refused, stored=1 + taken)
        sql("PRAGMA max_page_count = 1000000")
        assert send(citizen, refused, nonce=nonce_of(page)).status_code == 303
        assert ballots.count_ballots("2026-h2") == 2 + taken
        assert sql("PRAGMA integrity_check") == [("ok",)]

    def test_meets_a_file_that_cannot_be_written(self, citizen, code, read_only):
        page = send(citizen, code)
        is_said_and_kept(page, code)

        sql("PRAGMA query_only = 0")
        assert send(citizen, code, nonce=nonce_of(page)).status_code == 303

    def test_meets_a_database_that_somebody_holds(self, citizen, code, held):
        is_said_and_kept(send(citizen, code), code)

    def test_that_was_not_stored_has_not_used_its_code(self, citizen, code, read_only):
        send(citizen, code)
        sql("PRAGMA query_only = 0")

        assert send(citizen, code).status_code == 303


class TestWhereNotEvenReadingWorks:
    def test_what_was_typed_stands_in_the_page_and_can_be_sent_again(self, citizen, code, settings, monkeypatch):
        nonce = nonce_of(citizen.get(FORM))
        typed = {"code": code, "nonce": nonce, "q-attitude": "5", "q-overall": "3"}
        monkeypatch.setattr(database, "execute_sql", unreadable)
        page = citizen.post(FORM, data=typed)

        assert page.status_code == 503
        assert dict(re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\s([^<]*)</textarea>', page.text)) == typed
        assert f'action="{FORM}"' in page.text

        monkeypatch.undo()
        assert citizen.post(FORM, data=typed).status_code == 303

    def test_a_password_is_never_written_into_that_page(self, citizen, code, monkeypatch):
        monkeypatch.setattr(database, "execute_sql", unreadable)
        page = citizen.post("/account/login", data={"username": "zhou", "password": "my-own-secret"})

        assert page.status_code in (400, 503)
        assert "my-own-secret" not in page.text

    def test_a_page_that_is_only_looked_at_says_so(self, citizen, code, monkeypatch):
        monkeypatch.setattr(database, "execute_sql", unreadable)

        assert citizen.get(FORM).status_code == 503

    def test_a_fault_of_ours_is_not_called_a_full_disk(self, citizen, code, monkeypatch):
        citizen.application.testing = False
        monkeypatch.setattr(database, "execute_sql", lambda *_a, **_k: real_error("SELECT nothing FROM nowhere"))

        assert citizen.get(FORM).status_code == 500


def real_error(text):
    try:
        sqlite3.connect(":memory:").execute(text)
    except sqlite3.OperationalError as error:
        raise OperationalError(str(error)) from error


def unreadable(*_arguments, **_named):
    """As peewee passes on what SQLite says of a file that is gone."""
    try:
        sqlite3.connect("/nowhere/at/all/x.sqlite3")
    except sqlite3.OperationalError as error:
        raise OperationalError(str(error)) from error


class TestHealth:
    @pytest.fixture(autouse=True)
    def _asked_each_time(self, monkeypatch):
        monkeypatch.setattr(health, "TRUSTED_S", -1.0)

    def test_is_ok_after_a_write_that_was_really_committed(self, citizen, code, settings):
        before = settings.database.with_name(settings.database.name + "-wal").stat().st_size
        answer = citizen.get("/health")

        assert (answer.status_code, answer.json["status"]) == (200, "ok")
        assert settings.database.with_name(settings.database.name + "-wal").stat().st_size > before

    def test_is_not_ok_where_nothing_can_be_written_and_is_again_when_it_can(self, citizen, read_only):
        answer = citizen.get("/health")
        assert (answer.status_code, answer.json["status"]) == (503, "not-stored")

        sql("PRAGMA query_only = 0")
        assert citizen.get("/health").status_code == 200

    def test_is_not_ok_while_somebody_holds_the_database(self, citizen, held):
        assert citizen.get("/health").json["status"] == "not-stored"

    def test_asked_by_a_flood_writes_once(self, citizen, code, settings, monkeypatch):
        monkeypatch.setattr(health, "TRUSTED_S", 60.0)
        for _ in range(50):
            assert citizen.get("/health").status_code == 200
        [(beats,)] = sql("PRAGMA user_version")

        assert beats == 1
