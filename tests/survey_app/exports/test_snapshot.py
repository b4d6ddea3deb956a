"""The frozen folder of a closed round: exact bytes, checked by hand; words in lots."""

import csv
import json
import stat
import subprocess
import sys
import tomllib
from datetime import date, timedelta
from hashlib import sha256

import pytest
from nacl.public import PrivateKey

from survey_app.config import HOME
from survey_app.domain import ballot_box
from survey_app.exports.snapshot import write_snapshot, write_words
from survey_app.store import rounds as round_store
from survey_app.store import words
from survey_app.store.rounds import RatedUnit
from tests.factories import METHOD, cast, make_codes, make_round

BALLOTS = """unit,group,channel,period,attitude,efficiency,overall,flags
tax,citizen,invited,2026-11-02,,,0,
tax,citizen,invited,2026-11-02,0,0,0,
tax,citizen,invited,2026-11-02,5,,4,
tax,citizen,invited,2026-11-09,5,5,5,
tax,enterprise,window,2026-11-02,1,2,3,
tax,enterprise,window,2026-11-02,5,,4,
water,citizen,invited,2026-11-02,5,,4,
"""


@pytest.fixture
def round_key(settings, open_round):
    return PrivateKey(bytes.fromhex((settings.keys / "2026-h2.key").read_text().split()[2]))


@pytest.fixture
def noise(open_round, settings, keys, clock):
    """Another round that runs at the same time, with ballots and words of its own."""
    make_round(settings, "2026-x", opens_on="2026-11-01", closes_on="2026-11-30", clock=clock)
    for i, code in enumerate(make_codes(keys, clock, round_code="2026-x", unit_slug="tax")):
        receipt = cast(keys, clock, code, round_code="2026-x", answers=vector(1, 1, 1))
        words.add_words(receipt=receipt, typed=f"别轮的话{i}", keys=keys, today=clock.today)


@pytest.fixture
def small_round(noise, keys, clock):
    """Seven ballots, cast in no order: blanks, 不了解, two groups, two weeks, two units."""
    anyone = make_codes(keys, clock, count=30)
    firms = make_codes(keys, clock, group="enterprise", channel="window", unit_slug="tax", count=12)
    make_codes(keys, clock, group="enterprise", channel="window", unit_slug="water", count=11)
    make_codes(keys, clock, unit_slug="water", count=10)
    cast(keys, clock, anyone[0], unit="water", answers=vector(5, None, 4))
    cast(keys, clock, firms[0], answers=vector(5, None, 4))
    cast(keys, clock, anyone[0], answers=vector(5, None, 4))
    cast(keys, clock, anyone[1], answers=vector(0, 0, 0))
    cast(keys, clock, firms[1], answers=vector(1, 2, 3))
    cast(keys, clock, anyone[2], answers=vector(None, None, 0))
    clock.later(days=6)  # Monday the ninth
    cast(keys, clock, anyone[3], answers=vector(5, 5, 5))
    return round_store.get_round("2026-h2")


def vector(attitude, efficiency, overall):
    return {"attitude": attitude, "efficiency": efficiency, "overall": overall}


def facts(target):
    return tomllib.loads((target / "round.toml").read_text("utf-8"))


def test_ballots_stand_in_the_file_byte_for_byte_as_written_by_hand(small_round, round_key, tmp_path):
    target = write_snapshot(small_round, round_key, tmp_path / "out")
    assert target == tmp_path / "out" / "snapshot"
    assert (target / "ballots.csv").read_bytes() == BALLOTS.encode()


def test_rows_are_sorted_bytewise_and_hold_only_the_mondays_of_weeks(small_round, round_key, tmp_path):
    _header, *rows = (write_snapshot(small_round, round_key, tmp_path) / "ballots.csv").read_bytes().splitlines()
    assert rows == sorted(rows)
    assert {date.fromisoformat(row.decode().split(",")[3]).isoweekday() for row in rows} == {1}


def test_the_facts_of_the_round_read_back_as_they_were_planned(small_round, round_key, tmp_path):
    read = facts(write_snapshot(small_round, round_key, tmp_path))
    units = read.pop("unit")
    assert read == {
        "format": 1,
        "code": "2026-h2",
        "name": "2026-h2群众评议",
        "instrument": "campaign",
        "opens_on": date(2026, 10, 9),
        "closes_on": date(2026, 11, 30),
        "method_sha256": sha256(METHOD.encode()).hexdigest(),
    }
    assert units == [
        {"slug": "noise", "zh": "无关单位", "class": "window"},
        {"slug": "tax", "zh": "办税服务厅", "class": "window", "codes_issued": {"enterprise": 12}},
        {
            "slug": "water",
            "zh": "供水服务厅",
            "class": "window",
            "codes_issued": {"enterprise": 11},  # citizens also hold codes for any unit
            "panel": {"enterprise": 40},
        },
    ]


def test_parents_populations_and_amendments_stand_in_the_facts(open_round, settings, tmp_path, clock):
    family = (
        RatedUnit("town", "某镇", "window"),
        RatedUnit("village", "某村", "window", "town", {"population": {"citizen": 812}}),
    )
    make_round(settings, "2026-v", opens_on="2026-11-01", closes_on="2026-11-30", clock=clock, units=family)
    round_store.mark_closed("2026-v", amendments=[{"on": "2026-11-03", "text": "汛情，提前截止"}], now=clock())
    key = PrivateKey(bytes.fromhex((settings.keys / "2026-v.key").read_text().split()[2]))
    read = facts(write_snapshot(round_store.get_round("2026-v"), key, tmp_path))
    assert read["amendment"] == [{"on": "2026-11-03", "text": "汛情，提前截止"}]
    assert read["unit"][1] == {
        "slug": "village", "zh": "某村", "class": "window", "parent": "town", "population": {"citizen": 812}
    }  # fmt: skip


def test_the_method_is_the_published_one_byte_for_byte(small_round, round_key, tmp_path):
    method = (write_snapshot(small_round, round_key, tmp_path) / "method.toml").read_bytes()
    assert method == METHOD.encode()
    assert sha256(method).hexdigest() == small_round.method_sha256


def test_the_manifest_names_every_file_with_its_size_and_hash(small_round, round_key, tmp_path):
    target = write_snapshot(small_round, round_key, tmp_path)
    manifest = json.loads((target / "manifest.json").read_text())
    assert sorted(f.name for f in target.iterdir()) == ["ballots.csv", "manifest.json", "method.toml", "round.toml"]
    assert manifest["format"] == 1
    assert [(e["name"], e["bytes"], e["sha256"]) for e in manifest["files"]] == [
        (name, len((target / name).read_bytes()), sha256((target / name).read_bytes()).hexdigest())
        for name in ("ballots.csv", "method.toml", "round.toml")
    ]


def test_nobody_may_write_into_the_frozen_files(small_round, round_key, tmp_path):
    target = write_snapshot(small_round, round_key, tmp_path)
    assert {stat.S_IMODE(f.stat().st_mode) for f in target.iterdir()} == {0o400}


def test_freezing_again_leaves_the_frozen_files_as_they_are_and_no_draft_beside_them(small_round, round_key, tmp_path):
    target = write_snapshot(small_round, round_key, tmp_path)
    before = {f.name: (f.read_bytes(), f.stat().st_mtime_ns, f.stat().st_ino) for f in target.iterdir()}
    assert write_snapshot(small_round, round_key, tmp_path) == target
    assert {f.name: (f.read_bytes(), f.stat().st_mtime_ns, f.stat().st_ino) for f in target.iterdir()} == before
    assert [f.name for f in tmp_path.iterdir() if f.name.startswith("snapshot")] == ["snapshot"]


def test_two_freezings_into_two_folders_give_the_same_bytes(small_round, round_key, tmp_path):
    first, second = (write_snapshot(small_round, round_key, tmp_path / name) for name in "ab")
    assert {f.name: f.read_bytes() for f in first.iterdir()} == {f.name: f.read_bytes() for f in second.iterdir()}


def test_another_rounds_key_freezes_nothing(small_round, settings, tmp_path):
    other = PrivateKey(bytes.fromhex((settings.keys / "2026-h1.key").read_text().split()[2]))
    with pytest.raises(Exception, match="decrypt"):
        write_snapshot(small_round, other, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_round_without_a_ballot_is_a_header_alone(open_round, round_key, tmp_path):
    target = write_snapshot(open_round, round_key, tmp_path)
    assert (target / "ballots.csv").read_text() == BALLOTS.splitlines()[0] + "\n"


def test_analysis_accepts_the_frozen_folder_and_counts_the_seven_ballots(small_round, round_key, tmp_path):
    write_snapshot(small_round, round_key, tmp_path / "2026-h2")
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "compute", "--allow-no-ballots", str(tmp_path / "2026-h2")],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    with (tmp_path / "2026-h2" / "release" / "scores.csv").open(encoding="utf-8-sig") as file:
        scores = {row["unit"]: row for row in csv.DictReader(file)}
    assert {unit: row["status"] for unit, row in scores.items()} == {
        "noise": "no_ballots", "tax": "insufficient_n", "water": "insufficient_n"
    }  # fmt: skip


# Words


def say(unit, texts, keys, clock):
    for text, code in zip(texts, make_codes(keys, clock, count=max(10, len(texts))), strict=False):
        words.add_words(receipt=cast(keys, clock, code, unit=unit), typed=text, keys=keys, today=clock.today)


def lots(folder):
    with (folder / "words.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["unit", "words"]
    return rows


def test_ten_words_about_a_unit_are_a_lot_of_their_own_and_fewer_join_a_lot_without_a_name(
    noise, round_key, keys, clock, tmp_path
):
    say("tax", [f"税{i}" for i in range(10)], keys, clock)
    say("water", [f"水{i}" for i in range(4)], keys, clock)
    say("noise", [f"噪{i}" for i in range(6)], keys, clock)
    assert write_words(round_store.get_round("2026-h2"), round_key, tmp_path)
    rows = lots(tmp_path)
    assert [lot for lot, _ in rows] == ["tax"] * 10 + ["~rest"] * 10
    assert {text for lot, text in rows if lot == "tax"} == {f"税{i}" for i in range(10)}
    assert {text for lot, text in rows if lot == "~rest"} == {f"水{i}" for i in range(4)} | {f"噪{i}" for i in range(6)}


def test_words_are_shuffled_within_their_lot(noise, round_key, keys, clock, tmp_path):
    said = [f"税{i:02}" for i in range(40)]
    say("tax", said, keys, clock)
    orders = []
    for name in "abc":
        (tmp_path / name).mkdir()
        write_words(round_store.get_round("2026-h2"), round_key, tmp_path / name)
        orders.append([text for _, text in lots(tmp_path / name)])
    assert len({tuple(order) for order in [*orders, said]}) == 4  # an accident once in 40! tries
    assert {tuple(sorted(order)) for order in orders} == {tuple(said)}


@pytest.mark.parametrize(("at_tax", "at_water"), [(0, 1), (0, 9), (10, 9), (4, 5)])
def test_where_the_rest_is_too_few_to_hide_anyone_all_words_stay_sealed(
    noise, round_key, keys, clock, tmp_path, at_tax, at_water
):
    say("tax", [f"税{i}" for i in range(at_tax)], keys, clock)
    say("water", [f"水{i}" for i in range(at_water)], keys, clock)
    assert not write_words(round_store.get_round("2026-h2"), round_key, tmp_path)
    assert list(tmp_path.glob("words*")) == []
    assert len(words.sealed_words("2026-h2")) == at_tax + at_water


def test_words_come_back_sign_for_sign_through_commas_quotes_and_line_ends(noise, round_key, keys, clock, tmp_path):
    said = ['他说"行"，', "一,二,三", "第一行\n第二行", "'单引号", "𠮷", "a\tb", "；", "1", "~rest", "完"]
    say("tax", said, keys, clock)
    write_words(round_store.get_round("2026-h2"), round_key, tmp_path)
    assert sorted(text for _, text in lots(tmp_path)) == sorted(said)


def test_a_folder_whose_words_are_out_keeps_them_when_no_sealed_words_are_left(noise, round_key, keys, clock, tmp_path):
    say("tax", [f"税{i}" for i in range(10)], keys, clock)
    round_ = round_store.get_round("2026-h2")
    write_words(round_, round_key, tmp_path)
    words.delete_words("2026-h2")
    write_words(round_, round_key, tmp_path)
    assert len(lots(tmp_path)) == 10


def test_the_box_of_words_opens_with_the_rounds_key_only(noise, round_key, keys, clock):
    say("tax", ["话"], keys, clock)
    [(unit, sealed)] = words.sealed_words("2026-h2")
    assert (unit, ballot_box.open_words(round_key, sealed)) == ("tax", "话")
    with pytest.raises(Exception, match="decrypt"):
        ballot_box.open_words(ballot_box.new_round_key(), sealed)


def test_no_row_tells_the_day_a_citizen_came(small_round, round_key, clock, tmp_path):
    target = write_snapshot(small_round, round_key, tmp_path)
    days = {(clock.today - timedelta(days=n)).isoformat() for n in range(8)} - {"2026-11-02", "2026-11-09"}
    content = b"".join(f.read_bytes() for f in target.iterdir()).decode()
    assert [day for day in days if day in content] == []
