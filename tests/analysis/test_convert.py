"""Foreign ratings become a frozen folder; nothing is guessed and nothing is dropped in silence."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.messages import MESSAGES, ZH

from .conftest import Folder, ballots, results_of, run

METHOD = """
[method]
format = 1
[[method.dimension]]
code = "attitude"
zh = "服务态度"
weight = "1/2"
[[method.dimension]]
code = "speed"
zh = "办事效率"
weight = "1/2"
[[method.group]]
code = "citizen"
zh = "群众"
weight = "1"
[[method.class]]
code = "window"
zh = "窗口服务"
"""
WIDE = (
    """
format = 1
file = "in.csv"
day_format = "%d/%m/%Y %H:%M"
duplicates = ["when", "office", "polite", "fast"]
[columns]
unit = "office"
day = "when"
[constants]
group = "citizen"
channel = "web"
[dimensions]
attitude = "polite"
speed = "fast"
[values]
"Very good" = 5
"Poor" = 2
"?" = 0
"-" = ""
[values_of.speed]
1 = 5
3 = 3
[round]
code = "feb"
name = "二月"
instrument = "campaign"
"""
    + METHOD
)
WIDE_ROWS = """office,when,polite,fast
Office A,26/02/2024 09:30,Very good,1
Office A,26/02/2024 09:30,Very good,1
O'Neil & Co,01/03/2024 10:00,?,3
Office A,29/02/2024 11:00,-,
政务中心,25/02/2024 00:00,Poor,3
"""
Convert = Callable[..., Path]


@pytest.fixture
def convert(tmp_path: Path) -> Convert:
    """Write MAP.toml and its source, convert, and return the folder; a refusal is returned as its output."""

    def do(text: str = WIDE, rows: str | bytes = WIDE_ROWS, expect: int = 0):
        (tmp_path / "map.toml").write_text(text, encoding="utf-8")
        (tmp_path / "in.csv").write_bytes(rows if isinstance(rows, bytes) else rows.encode())
        result = run("convert", tmp_path / "map.toml")
        assert result.exit_code == expect, result.output
        return tmp_path / "map" if expect == 0 else result.output

    return do


def snapshot_rows(folder: Path) -> list[str]:
    """The lines of ballots.csv below its header."""
    return (folder / "snapshot" / "ballots.csv").read_text(encoding="utf-8").splitlines()[1:]


def report(folder: Path) -> dict:
    """convert.json."""
    return json.loads((folder / "convert.json").read_bytes())


def test_a_wide_file_becomes_sorted_ballots_with_the_monday_only(convert: Convert):
    assert snapshot_rows(convert()) == [
        "office-a,citizen,web,2024-02-26,5,5",
        "office-a,citizen,web,2024-02-26,5,5",
        "oneil-co,citizen,web,2024-02-26,0,3",
        "u003,citizen,web,2024-02-19,2,3",
    ]


def test_duplicates_are_kept_and_named_by_row(convert: Convert):
    found = report(convert())
    assert (found["duplicates"]["rows"], found["duplicates"]["sets"]) == (1, [[1, 2]])
    assert (found["source"]["rows"], found["ballots"]) == (5, 4)


def test_rows_without_any_answer_are_left_out_and_named(convert: Convert):
    assert report(convert())["left_out_without_answer"] == [4]


def test_every_value_seen_is_reported_with_what_it_became(convert: Convert):
    found = report(convert())["values"]
    assert found["attitude"]["?"] == {"to": 0, "rows": 1}
    assert found["attitude"]["-"] == {"to": None, "rows": 1}
    assert found["speed"] == {"": {"to": None, "rows": 1}, "1": {"to": 5, "rows": 2}, "3": {"to": 3, "rows": 2}}


def test_the_frozen_folder_can_be_computed_and_says_its_days(convert: Convert):
    folder = convert()
    assert set(results_of(folder)) == {"office-a", "oneil-co", "u003"}
    text = (folder / "snapshot" / "round.toml").read_text(encoding="utf-8")
    assert 'opens_on = "2024-02-25"' in text
    assert 'closes_on = "2024-03-01"' in text


def test_converting_twice_gives_the_same_bytes(convert: Convert):
    first = {p: p.read_bytes() for p in convert().rglob("*") if p.is_file()}
    assert {p: p.read_bytes() for p in convert().rglob("*") if p.is_file()} == first


def test_another_encoding_is_read(convert: Convert):
    folder = convert('encoding = "gb18030"\n' + WIDE.lstrip(), WIDE_ROWS.encode("gb18030"))
    assert "政务中心" in report(folder)["units"]


LONG = (
    """
format = 1
file = "in.csv"
shape = "long"
[columns]
unit = "office"
dimension = "item"
value = "mark"
respondent = "who"
group = "part"
[constants]
channel = "web"
day = "2024-02-28"
[dimensions]
attitude = "q1"
speed = "q2"
[values]
5 = 5
4 = 4
9 = 0
[groups]
North = "citizen"
[[unit]]
source = "A"
slug = "alpha"
zh = "甲"
[[unit]]
source = "B"
slug = "beta"
zh = "乙"
[round]
code = "long"
name = "长表"
instrument = "campaign"
opens_on = 2024-02-01
closes_on = 2024-02-29
"""
    + METHOD
)
LONG_ROWS = "office,item,mark,who,part\nA,q1,5,7,North\nB,q1,4,7,North\nA,q2,9,7,North\nA,q2,4,8,North\n"


def test_a_long_file_joins_the_answers_of_one_respondent_about_one_unit(convert: Convert):
    folder = convert(LONG, LONG_ROWS)
    assert snapshot_rows(folder) == [
        "alpha,citizen,web,2024-02-26,,4",
        "alpha,citizen,web,2024-02-26,5,0",
        "beta,citizen,web,2024-02-26,4,",
    ]


def test_a_long_file_without_respondents_makes_one_ballot_a_row(convert: Convert):
    folder = convert(LONG.replace('respondent = "who"\n', ""), LONG_ROWS)
    assert len(snapshot_rows(folder)) == 4


def test_two_answers_of_one_respondent_to_one_question_are_refused(convert: Convert):
    said = convert(LONG, LONG_ROWS + "A,q1,4,7,North\n", expect=2)
    assert "第6行" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"Poor" = 2\n', "", "第6行“polite”：'Poor' 没有对应的值"),
        ('day_format = "%d/%m/%Y %H:%M"\n', "", "第2行“when”"),
        ('unit = "office"', 'unit = "bureau"', "“bureau”：缺少这一列"),
        ('group = "citizen"', 'group = "people"', "“group”"),
        ('"?" = 0', '"?" = 9', "9 不是等级"),
        ('instrument = "campaign"', 'instrument = "vote"', "instrument"),
        ('weight = "1/2"', "weight = 0.5", "不精确"),
        ("[columns]", "[colours]\n[columns]", "“colours”：不认识这一项"),
    ],
)
def test_what_the_map_does_not_say_is_refused_with_its_place(old, new, said, convert: Convert, tmp_path):
    assert said in convert(WIDE.replace(old, new, 1), expect=2)
    assert not (tmp_path / "map").exists()


def test_a_wrong_encoding_is_said(convert: Convert):
    assert "encoding" in convert('encoding = "ascii"\n' + WIDE.lstrip(), expect=2)


def test_a_units_file_brings_units_without_ballots_and_their_numbers(convert: Convert, tmp_path):
    (tmp_path / "units.csv").write_text('name,people\nOffice A,"6,817"\nO\'Neil & Co,\n政务中心,5\nShut,9\n', "utf-8")
    extra = '[units]\nfile = "units.csv"\nname = "name"\n[units.population]\ncitizen = "people"\n[round]\n'
    folder = convert(WIDE.replace("[round]\n", extra))
    found = {slug: dict(result.unit.population) for slug, result in results_of(folder).items()}
    assert found == {"office-a": {"citizen": 6817}, "oneil-co": {}, "shut": {"citizen": 9}, "u004": {"citizen": 5}}


def test_a_frozen_round_that_convert_did_not_write_is_never_replaced(convert: Convert, folder: Folder, tmp_path):
    portal = folder(ballots({("hall", "citizen", "5", "4"): 12}), name="map")
    (portal / "snapshot" / "manifest.json").write_text("{}", encoding="utf-8")
    before = {p: p.read_bytes() for p in portal.rglob("*") if p.is_file()}
    assert MESSAGES["not_converted"][ZH] in convert(expect=2)
    assert {p: p.read_bytes() for p in portal.rglob("*") if p.is_file()} == before


def test_a_release_beside_a_converted_snapshot_does_not_stop_another_conversion(convert: Convert):
    made = convert()
    assert run("compute", made).exit_code == 0
    convert(rows=WIDE_ROWS + "Office A,26/02/2024 09:30,Poor,1\n")
    assert len(snapshot_rows(made)) == 5
