"""Everyday ratings in the database: once, final, apart, unreadable; visit codes that admit one rating."""

import threading
from datetime import UTC, date, datetime

import pytest

from survey_app.domain.codes import new_code
from survey_app.store import everyday as store
from survey_app.store import visits
from survey_app.store.database import StorageUnavailable, checkpoint, database
from survey_app.store.models import CaseRecord, CodeUse, KeptAnswer, ServiceRating, ServiceWords, VisitBatch, VisitCode
from tests.everyday import rate, visit_codes

TODAY = date(2026, 11, 3)
ANONYMOUS = {
    "visit_code": {"code_tag", "batch"},
    "service_rating": {"rating_key", "unit", "channel", "period", "sealed"},
    "kept_answer": {"kept_key", "unit", "procedure", "commitment", "verified", "period", "sealed"},
    "service_words": {"words_key", "unit", "sealed"},
    "answer_wish": {"wish_key", "unit", "month", "sealed"},
}


@pytest.fixture(autouse=True)
def noise(store, keys):
    """Another unit's rating without a code, with words, and a batch of its own."""
    visit_codes(keys, unit="water")
    rate(keys, unit="water", procedure="", nonce="noise", level=1, words="水压太小", kept={"tongshui": "broken"})


def mine(keys):
    return [one for one in store.ratings_of("2026-11", keys) if one.unit == "tax"]


class TestARating:
    def test_with_a_code_counts_and_without_one_stays_apart(self, keys):
        code, other, *_ = visit_codes(keys)

        assert rate(keys, code=code, nonce="a")
        assert rate(keys, code=other, nonce="b", prompted=True)
        assert not rate(keys, nonce="c")
        assert not rate(keys, nonce="d", prompted=True)
        assert sorted(one.channel for one in mine(keys)) == ["open", "open", "web", "window"]

    def test_keeps_the_week_and_never_the_day(self, keys):
        rate(keys, today=date(2026, 11, 6))

        assert [one.period for one in mine(keys)] == [date(2026, 11, 2)]

    def test_with_last_month_s_slip_counts_for_last_month(self, keys):
        code, *_ = visit_codes(keys, month="2026-10", today=date(2026, 10, 20))

        assert rate(keys, code=code, today=date(2026, 11, 3))
        assert [one.period for one in store.ratings_of("2026-10", keys)] == [date(2026, 10, 26)]
        assert mine(keys) == []

    def test_sent_twice_is_stored_once_with_all_that_belongs_to_it(self, keys):
        code, *_ = visit_codes(keys)
        for _ in range(3):
            assert rate(keys, code=code, words="等太久", kept={"chuzheng": "broken"})

        assert len(mine(keys)) == 1
        assert len([one for one in store.kept_of("2026-11", keys) if one.unit == "tax"]) == 1
        assert len(store.words_by_unit(keys)["tax"]) == 1
        assert visits.ledger("2026-11")[1].used == 1

    def test_sent_twice_without_a_code_is_one_too(self, keys):
        rate(keys, nonce="same")
        rate(keys, nonce="same")
        rate(keys, nonce="another form")

        assert len(mine(keys)) == 2

    def test_is_final_and_says_so_when_the_same_form_says_something_else(self, keys):
        rate(keys, level=2)
        with pytest.raises(store.RatingIsFinal):
            rate(keys, level=5)

        assert [one.level for one in mine(keys)] == [2]

    def test_a_code_is_good_once(self, keys):
        code, *_ = visit_codes(keys)
        rate(keys, code=code, nonce="a", level=1)
        with pytest.raises(visits.VisitCodeUsed):
            rate(keys, code=code, nonce="b", level=5)

        assert [one.level for one in mine(keys)] == [1]

    def test_thirty_two_at_once_with_one_code_are_one(self, keys):
        code, *_ = visit_codes(keys)
        outcomes = []

        def send(number):
            try:
                outcomes.append(rate(keys, code=code, nonce=f"form {number}"))
            except visits.VisitCodeUsed:
                outcomes.append("used")
            finally:
                database.close()

        threads = [threading.Thread(target=send, args=(number,)) for number in range(32)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]

        assert sorted(outcomes, key=str) == [True] + ["used"] * 31
        assert len(mine(keys)) == 1

    def test_that_cannot_be_written_leaves_nothing_and_its_code_unused(self, keys):
        code, *_ = visit_codes(keys)
        database.execute_sql("PRAGMA query_only = 1")
        with pytest.raises(StorageUnavailable):
            rate(keys, code=code, words="等太久")
        database.execute_sql("PRAGMA query_only = 0")

        assert mine(keys) == []
        assert "tax" not in store.words_by_unit(keys)
        assert rate(keys, code=code)


class TestAVisitCode:
    @pytest.mark.parametrize("procedure", ["", "wanshui", "fapiao"])
    def test_of_the_unit_rates_any_of_its_services(self, keys, procedure):
        assert rate(keys, code=visit_codes(keys)[0], procedure=procedure)

    def test_of_one_service_rates_it_or_the_unit_but_no_other_service(self, keys):
        first, second, third, *_ = visit_codes(keys, procedure="wanshui")

        assert rate(keys, code=first, procedure="wanshui", nonce="1")
        assert rate(keys, code=second, procedure="", nonce="2")
        with pytest.raises(visits.VisitCodeElsewhere):
            rate(keys, code=third, procedure="fapiao", nonce="3")

    def test_of_another_unit_is_refused(self, keys):
        with pytest.raises(visits.VisitCodeElsewhere):
            rate(keys, code=visit_codes(keys, unit="water")[0])

    def test_nobody_issued_is_unknown(self, keys):
        with pytest.raises(visits.VisitCodeUnknown):
            rate(keys, code=new_code())

    def test_runs_out_a_week_after_its_month_and_says_until_when(self, keys):
        code, *_ = visit_codes(keys, month="2026-10", today=date(2026, 10, 20))
        with pytest.raises(visits.VisitCodeExpired, match="2026年11月8日"):
            rate(keys, code=code, today=date(2026, 11, 9))

        assert rate(keys, code=code, today=date(2026, 11, 8))

    def test_comes_in_batches_of_at_least_ten(self, keys):
        with pytest.raises(visits.VisitBatchTooSmall):
            visit_codes(keys, count=9)
        with pytest.raises(visits.VisitBatchTooLarge):
            visit_codes(keys, count=visits.MOST + 1)

        assert len(set(visit_codes(keys))) == 10

    def test_is_not_issued_for_a_month_that_is_over(self, keys):
        with pytest.raises(visits.MonthGone):
            visit_codes(keys, month="2026-10")

    def test_the_ledger_and_the_sum_by_unit_hold_numbers_only(self, keys):
        code, *_ = visit_codes(keys)
        visit_codes(keys, procedure="wanshui", count=20)
        rate(keys, code=code)

        assert [(row.unit, row.procedure, row.issued, row.used) for row in visits.ledger()] == [
            ("water", "", 10, 0),
            ("tax", "", 10, 1),
            ("tax", "wanshui", 20, 0),
        ]
        assert visits.issued_by_unit("2026-11") == {"tax": 30, "water": 10}
        assert visits.issued_by_unit("2026-12") == {}


class TestWhatStandsInTheDatabase:
    def test_is_these_columns_without_any_running_number(self):
        for table, columns in ANONYMOUS.items():
            told = database.execute_sql(f"PRAGMA table_info('{table}')").fetchall()
            [(sql,)] = database.execute_sql("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchall()
            assert {name for _, name, *_ in told} == columns
            assert sql.endswith("WITHOUT ROWID")

    def test_no_level_word_tick_contact_or_code_can_be_read_from_any_file_of_it(self, keys, settings):
        code, *_ = visit_codes(keys)
        rate(keys, code=code, level=2, ticks=("late",), kept={"chuzheng": "broken"}, words="等了三天", nonce="1")
        rate(keys, level=1, words="请回电话", contact="0000-8110000", nonce="2")
        looked_for = [text.encode() for text in ("level", "late", "broken", "等了三天", "请回电话", "8110000", code)]

        for step in (lambda: None, checkpoint):
            step()
            files = [file.read_bytes() for file in settings.var.glob("pingyi.sqlite3*")]
            assert any(b"service_rating" in content for content in files)
            assert [text for text in looked_for if any(text in content for content in files)] == []

    def test_no_value_of_one_table_stands_in_another_but_where_an_answer_is_wanted_nothing_at_all_leads_on(self, keys):
        codes = visit_codes(keys)
        for number, code in enumerate(codes):
            wish = {"contact": f"0000-81100{number:02}"} if number % 2 else {}
            rate(keys, code=code, nonce=f"{number}", kept={"chuzheng": "kept"}, words=f"话{number}", **wish)
        tables = (VisitCode, CodeUse, ServiceRating, KeptAnswer, ServiceWords, CaseRecord)
        held = [{v for row in table.select().tuples() for v in row if isinstance(v, bytes)} for table in tables]

        assert [len(values) > 0 for values in held] == [True] * 6
        for at, values in enumerate(held):
            assert all(values.isdisjoint(other) for other in held[at + 1 :])

    def test_answers_about_promises_keep_the_month_alone(self, keys):
        rate(keys, kept={"chuzheng": "broken", "dengdai": "kept"}, today=date(2026, 11, 20))
        told = {(one.commitment, one.procedure, one.kept, one.period) for one in store.kept_of("2026-11", keys)}

        assert told >= {
            ("chuzheng", "wanshui", "broken", date(2026, 11, 2)),
            ("dengdai", "", "kept", date(2026, 11, 2)),
        }

    def test_deleting_a_month_leaves_the_next_one_and_the_ledger(self, keys):
        rate(keys, nonce="november")
        rate(keys, nonce="december", today=date(2026, 12, 8))
        store.delete_month("2026-11", [], by="night", now=datetime(2026, 12, 14, tzinfo=UTC))

        assert store.months_with_ratings() == ["2026-12"]
        assert VisitBatch.select().count() == 1
