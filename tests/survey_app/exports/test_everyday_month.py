"""A month is frozen: the folder that analysis reads, by hand; what stands beside it; what a kill in between leaves."""

import csv
import hashlib
import json
import tomllib
from datetime import UTC, date, datetime

import pytest

from survey_app.config import HOME
from survey_app.exports.everyday import NamedUnit, write_month, write_words
from survey_app.store import everyday
from tests.everyday import rate, visit_codes

METHOD = (HOME / "site/pages/about/everyday-method.toml").read_bytes()
UNITS = {"tax": NamedUnit("办税服务厅", "window"), "water": NamedUnit("供水服务厅", "", "tax")}


@pytest.fixture
def november(store, keys):
    """Three with a code for tax, one at the window; one without; one for water; noise in other months."""
    first, second, third, *_ = visit_codes(keys, count=12)
    visit_codes(keys, unit="silent")
    rate(keys, code=first, nonce="1", level=5, kept={"chuzheng": "kept"})
    rate(keys, code=second, nonce="2", level=2, ticks=("late",), kept={"chuzheng": "broken", "dengdai": "unknown"})
    rate(keys, code=third, nonce="3", level=4, prompted=True, today=date(2026, 11, 12))
    rate(keys, nonce="4", level=5, kept={"chuzheng": "kept"})
    rate(keys, nonce="5", level=3, unit="water", procedure="", flags=("surge",))
    rate(keys, nonce="6", level=1, today=date(2026, 11, 1))
    rate(keys, nonce="7", level=1, today=date(2026, 12, 7))


def freeze(settings, keys, accept=lambda _draft: None, units=UNITS):
    folder = settings.rounds / "everyday-2026-11"
    return write_month("2026-11", folder, method=METHOD, units=units, keys=keys, accept=accept)


def test_the_ballots_are_the_month_s_ratings_sorted_bytewise_with_channel_and_week(november, settings, keys):
    snapshot = freeze(settings, keys)

    assert (snapshot / "ballots.csv").read_text() == (
        "unit,group,channel,period,service,flags\n"
        "tax,service_user,open,2026-11-02,5,\n"
        "tax,service_user,web,2026-11-02,2,\n"
        "tax,service_user,web,2026-11-02,5,\n"
        "tax,service_user,window,2026-11-09,4,\n"
        "water,service_user,open,2026-11-02,3,surge\n"
    )


def test_kept_answers_with_a_code_alone_make_a_rate_those_without_stand_beside(november, settings, keys):
    snapshot = freeze(settings, keys)

    assert (snapshot / "kept.csv").read_text() == (
        "unit,procedure,commitment,kept,period\n"
        "tax,,dengdai,unknown,2026-11-02\n"
        "tax,wanshui,chuzheng,broken,2026-11-02\n"
        "tax,wanshui,chuzheng,kept,2026-11-02\n"
    )
    assert (snapshot.parent / "kept-open.csv").read_text().splitlines()[1:] == ["tax,wanshui,chuzheng,kept,2026-11-02"]


def test_the_facts_name_units_as_they_are_called_and_every_code_issued(november, settings, keys):
    facts = tomllib.loads((freeze(settings, keys) / "round.toml").read_text())

    assert (facts["code"], facts["instrument"]) == ("everyday-2026-11", "everyday")
    assert (facts["opens_on"], facts["closes_on"]) == (date(2026, 11, 2), date(2026, 12, 6))
    assert facts["method_sha256"] == hashlib.sha256(METHOD).hexdigest()
    assert facts["unit"] == [
        {"slug": "silent", "zh": "silent", "class": "unclassified", "codes_issued": {"service_user": 10}},
        {"slug": "tax", "zh": "办税服务厅", "class": "window", "codes_issued": {"service_user": 12}},
        {"slug": "water", "zh": "供水服务厅", "class": "unclassified", "parent": "tax"},
    ]


def test_the_manifest_lists_every_file_and_nobody_else_can_read_them(november, settings, keys):
    snapshot = freeze(settings, keys)
    listed = {entry["name"]: entry["sha256"] for entry in json.loads((snapshot / "manifest.json").read_text())["files"]}

    assert sorted(listed) == ["ballots.csv", "kept.csv", "method.toml", "round.toml"]
    assert all(hashlib.sha256((snapshot / name).read_bytes()).hexdigest() == sha for name, sha in listed.items())
    assert {file.stat().st_mode & 0o777 for file in snapshot.iterdir()} == {0o400}
    assert {(snapshot.parent / name).stat().st_mode & 0o777 for name in ("reasons.csv", "kept-open.csv")} == {0o400}


def test_a_folder_that_analysis_refuses_is_not_made_and_the_ratings_stay(november, settings, keys):
    def refuse(_draft):
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        freeze(settings, keys, accept=refuse)

    assert not (settings.rounds / "everyday-2026-11" / "snapshot").exists()
    assert everyday.count_ratings("2026-11") == 5


def test_a_folder_that_stands_is_never_written_again(november, settings, keys):
    before = (freeze(settings, keys) / "ballots.csv").read_bytes()
    rate(keys, nonce="late", level=1)

    assert (freeze(settings, keys) / "ballots.csv").read_bytes() == before


def test_ticks_are_counted_by_unit_where_enough_people_rated_and_the_open_stratum_stays_apart(store, keys, settings):
    for number, code in enumerate(visit_codes(keys, count=10)):
        rate(keys, code=code, nonce=f"{number}", level=2, ticks=("late", "no-list") if number < 4 else ("late",))
    for number in range(9):
        rate(keys, nonce=f"open {number}", level=2, ticks=("late",))
    snapshot = freeze(settings, keys)

    assert (snapshot.parent / "reasons.csv").read_text() == (
        "unit,counted,tick,ratings\ntax,1,late,10\ntax,1,no-list,4\n"
    )


class TestWords:
    def test_of_ten_leave_shuffled_and_of_a_smaller_unit_only_without_its_name(self, store, keys, tmp_path):
        for number in range(10):
            rate(keys, nonce=f"t{number}", words=f"话{number}")
        for number in range(10):
            rate(keys, nonce=f"w{number}", unit=f"u{number}", procedure="", words=f"别的{number}")
        out = write_words(tmp_path, min_n=10, keys=keys)
        rows = list(csv.DictReader((tmp_path / "words.csv").read_text().splitlines()))

        assert len(out) == 20
        assert {row["words"] for row in rows if row["unit"] == "tax"} == {f"话{number}" for number in range(10)}
        assert {row["words"] for row in rows if row["unit"] == "~rest"} == {f"别的{number}" for number in range(10)}

    def test_of_nine_wait(self, store, keys, tmp_path):
        for number in range(9):
            rate(keys, nonce=f"{number}", words=f"话{number}")

        assert write_words(tmp_path, min_n=10, keys=keys) == []
        assert not (tmp_path / "words.csv").exists()

    def test_a_kill_before_they_are_deleted_lets_none_out_twice_and_none_that_came_later_go(
        self, store, keys, tmp_path
    ):
        for number in range(10):
            rate(keys, nonce=f"{number}", words=f"话{number}")
        out = write_words(tmp_path, min_n=10, keys=keys)
        rate(keys, nonce="later", words="话0")

        assert sorted(write_words(tmp_path, min_n=10, keys=keys)) == sorted(out)
        everyday.delete_month("2026-11", out, by="night", now=datetime(2026, 12, 14, tzinfo=UTC))
        assert [text for _key, text in everyday.words_by_unit(keys)["tax"]] == ["话0"]


def test_a_script_without_codes_moves_nothing_that_counts(november, settings, keys):
    """Three hundred forms that praise and swear that every promise was kept: all of them stay in the open stratum."""
    for number in range(300):
        rate(keys, nonce=f"script {number}", level=5, ticks=("nearby",), kept={"chuzheng": "kept", "dengdai": "kept"})
    snapshot = freeze(settings, keys)
    rows = (snapshot / "ballots.csv").read_text().splitlines()

    assert sum(",open," in row for row in rows) == 302
    assert [row for row in rows if ",web," in row or ",window," in row] == [
        "tax,service_user,web,2026-11-02,2,",
        "tax,service_user,web,2026-11-02,5,",
        "tax,service_user,window,2026-11-09,4,",
    ]
    assert (snapshot / "kept.csv").read_text().count("\n") == 4
    assert "1,nearby" not in (snapshot.parent / "reasons.csv").read_text()
