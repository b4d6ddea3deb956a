"""The shape of the database: what each table may hold, and the promises it was opened with."""

import sqlite3
import threading

import pytest
from peewee import SqliteDatabase

from survey_app.store import models
from survey_app.store.database import (
    StorageUnavailable,
    checkpoint,
    close_database,
    database,
    open_database,
    write,
)
from survey_app.store.models import CodeUse
from tests.factories import cast, make_codes

COLUMNS = {  # design.md, section 4: nothing more may ever stand here
    "code": {"code_tag", "batch"},
    "code_use": {"use_tag"},
    "ballot": {"ballot_key", "unit", "group", "channel", "period", "proof", "commitment", "sealed"},
    "words": {"words_key", "unit", "sealed"},
}


def rows(sql):
    return database.execute_sql(sql).fetchall()


def shape(connection):
    """Columns, indexes and foreign keys of every table of ours, as SQLite itself tells them."""

    def ask(sql, *values):
        return connection.execute_sql(sql, values).fetchall()

    def columns_of(index):
        return tuple(row[2] for row in ask(f"PRAGMA index_info('{index}')"))

    told = {}
    for table in sorted(model._meta.table_name for model in models.TABLES):
        columns = ask(f"PRAGMA table_xinfo('{table}')")
        indexes = ask(f"PRAGMA index_list('{table}')")
        told[table] = {
            "columns": {(name, kind, notnull, pk) for _, name, kind, notnull, _, pk, _ in columns},
            "indexes": {(unique, origin, columns_of(name)) for _, name, unique, origin, _ in indexes},
            "keys": {row[2:7] for row in ask(f"PRAGMA foreign_key_list('{table}')")},
            "without rowid": ask("SELECT wr FROM pragma_table_list WHERE name = ?", table),
            "checks": [sql.count("CHECK") for (sql,) in ask("SELECT sql FROM sqlite_master WHERE name = ?", table)],
        }
    return told


def test_the_migrations_make_exactly_the_tables_that_the_models_describe(store):
    fresh = SqliteDatabase(":memory:")
    with fresh.bind_ctx(models.TABLES):
        fresh.create_tables(models.TABLES)
        described = shape(fresh)
    fresh.close()
    assert set(described) == {model._meta.table_name for model in models.TABLES}
    assert shape(database) == described


def test_what_is_written_in_one_step_has_no_running_number(store):
    for table in COLUMNS:
        [(sql,)] = database.execute_sql("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchall()
        assert sql.endswith("WITHOUT ROWID")
        with pytest.raises(sqlite3.OperationalError, match="rowid"):
            database.connection().execute(f'SELECT rowid FROM "{table}"')  # noqa: S608 (our own table names)


def test_codes_uses_ballots_and_words_hold_these_columns_and_no_other(store):
    for table, columns in COLUMNS.items():
        assert {name for _, name, *_ in rows(f"PRAGMA table_info('{table}')")} == columns


def test_no_index_trigger_or_view_stands_beside_the_anonymous_tables(store):
    beside = rows("SELECT type, name, tbl_name FROM sqlite_master WHERE sql IS NOT NULL AND type<>'table'")
    assert [row for row in beside if row[2] in COLUMNS] == []


def test_no_table_points_from_a_ballot_to_a_code_or_back(store):
    points_to = {t: {row[2] for row in rows(f"PRAGMA foreign_key_list('{t}')")} for t in COLUMNS}
    assert points_to == {"code": {"code_batch"}, "code_use": set(), "ballot": {"round_unit"}, "words": {"round_unit"}}


def test_no_table_but_these_exists(store):
    names = {name for (name,) in rows("SELECT name FROM sqlite_master WHERE type='table'")}
    ours = {model._meta.table_name for model in models.TABLES}
    assert {*COLUMNS, "evaluation_round", "round_unit", "code_batch", "box_week"} == {
        model._meta.table_name for model in models.COLLECTING
    }
    assert ours <= names
    assert len(names - ours) == 1  # the migrations' own list
    assert "sqlite_sequence" not in names


PROMISES = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 30_000}


def promises():
    return {name: rows(f"PRAGMA {name}")[0][0] for name in PROMISES}


def test_the_promises_hold_in_the_thread_that_opened_the_database_and_in_any_other(store):
    seen = [promises()]

    def elsewhere():
        seen.append(promises())
        database.close()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert seen == [PROMISES, PROMISES]


def test_the_promises_hold_after_closing_and_opening_again(store, settings):
    close_database()
    open_database(settings.database)
    assert promises() == PROMISES


def test_opening_an_old_database_again_changes_no_row(open_round, settings, keys, clock):
    receipt = cast(keys, clock, make_codes(keys, clock)[0])
    before = shape(database), rows("SELECT * FROM ballot"), rows("SELECT * FROM evaluation_round")
    close_database()
    open_database(settings.database)
    assert (shape(database), rows("SELECT * FROM ballot"), rows("SELECT * FROM evaluation_round")) == before
    assert receipt


def test_a_checkpoint_and_a_close_leave_an_empty_log(open_round, settings, keys, clock):
    log = settings.database.with_name(settings.database.name + "-wal")
    cast(keys, clock, make_codes(keys, clock)[0])
    assert log.stat().st_size > 0
    checkpoint()
    assert log.stat().st_size == 0
    cast(keys, clock, make_codes(keys, clock)[0])
    close_database()
    assert not log.exists() or log.stat().st_size == 0


def test_a_write_that_breaks_halfway_leaves_nothing(store):
    def half():
        with write():
            CodeUse.insert(use_tag=b"half").execute()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert CodeUse.select().count() == 0
    with write():
        CodeUse.insert(use_tag=b"whole").execute()
    assert [bytes(row.use_tag) for row in CodeUse.select()] == [b"whole"]


def test_a_full_disk_is_one_refusal_that_says_nothing_was_saved_and_passes(open_round, keys, clock):
    first, *others = make_codes(keys, clock, count=200)
    cast(keys, clock, first)
    [(pages,)] = rows("PRAGMA page_count")
    rows(f"PRAGMA max_page_count = {pages}")
    stored = []
    with pytest.raises(StorageUnavailable, match="没有保存") as refused:
        stored.extend(cast(keys, clock, code) for code in others)
    assert refused.value.status == 503
    [(after,)] = rows("SELECT count(*) FROM ballot")
    [(uses,)] = rows("SELECT count(*) FROM code_use")
    assert uses == 2 * after
    rows("PRAGMA max_page_count = 1000000")
    for code in others:
        cast(keys, clock, code)
    assert rows("SELECT count(*) FROM ballot") == [(200,)]
    assert rows("PRAGMA integrity_check") == [("ok",)]


def test_a_read_only_disk_is_the_same_refusal(open_round, keys, clock):
    code, *_ = make_codes(keys, clock)
    rows("PRAGMA query_only = 1")
    with pytest.raises(StorageUnavailable):
        cast(keys, clock, code)
    rows("PRAGMA query_only = 0")
    assert cast(keys, clock, code)


def test_a_lock_file_that_cannot_be_opened_is_the_same_refusal(open_round, settings, keys, clock):
    code, *_ = make_codes(keys, clock)
    lock = settings.database.with_name(settings.database.name + ".lock")
    lock.unlink()
    lock.mkdir()  # stands for a disk without a free inode, or one mounted read-only
    try:
        with pytest.raises(StorageUnavailable):
            cast(keys, clock, code)
    finally:
        lock.rmdir()
    assert cast(keys, clock, code)


def test_no_other_account_on_the_server_can_read_the_database(open_round, settings, keys, clock):
    cast(keys, clock, make_codes(keys, clock)[0])
    modes = {
        file.name: file.stat().st_mode & 0o077
        for file in settings.var.glob("pingyi.sqlite3*")
        if file.suffix != ".lock"
    }

    assert len(modes) >= 2  # the file and its log
    assert set(modes.values()) == {0}
