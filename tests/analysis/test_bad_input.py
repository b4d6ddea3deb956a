"""Bad input is refused as a whole: one message with file, line and field, in both languages, code 2."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.errors import BadInput
from analysis.messages import EN, MESSAGES, ZH

from .conftest import Folder, ballots, method_data, round_data, run, weighted

GOOD = ballots({("hall", "citizen", "5", "4"): 12})
Spoil = Callable[[Path], object]


def put(name: str, content: str | bytes) -> Spoil:
    """Replace a file of the snapshot."""
    raw = content if isinstance(content, bytes) else content.encode()
    return lambda snapshot: (snapshot / name).write_bytes(raw)


def edit(name: str, old: str, new: str) -> Spoil:
    """Replace a text in a file of the snapshot, which must be there."""

    def change(snapshot: Path) -> None:
        text = (snapshot / name).read_text(encoding="utf-8")
        assert old in text
        (snapshot / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def remove(name: str) -> Spoil:
    """Take a file away."""
    return lambda snapshot: (snapshot / name).unlink()


KEPT = "unit,procedure,commitment,kept,period\n"
RULE = """[[rule]]
id = "x"
basis = "y"
dimension = "attitude"
left = { count = ["level_1"] }
over = { count = ["level_1", "level_5"] }
op = ">="
value = "1/3"
"""


def spoil_rule(old: str, new: str) -> Spoil:
    """A method with one rule, in which a text is replaced."""
    assert old in RULE
    return edit("method.toml", "[scale]", RULE.replace(old, new, 1) + "[scale]")


HEADER = "unit,group,channel,period,attitude,openness"
ROW = "hall,citizen,web,2026-05-04,5,4"

CASES: dict[str, tuple[Spoil, str, str, int | None, str]] = {
    # name: (spoil, code, file, line, field)
    "a missing method": (remove("method.toml"), "missing_file", "method.toml", None, ""),
    "a missing round": (remove("round.toml"), "missing_file", "round.toml", None, ""),
    "missing ballots": (remove("ballots.csv"), "missing_file", "ballots.csv", None, ""),
    "two ballot files": (put("ballots.parquet", b""), "two_ballot_files", "snapshot", None, ""),
    "a missing column": (
        put("ballots.csv", HEADER.replace(",openness", "") + "\n"),
        "missing_column",
        "ballots.csv",
        1,
        "openness",
    ),
    "an extra column": (put("ballots.csv", HEADER + ",phone\n"), "extra_column", "ballots.csv", 1, "phone"),
    "a misspelt column": (
        put("ballots.csv", HEADER.replace("openness", "opennes") + "\n"),
        "missing_column",
        "ballots.csv",
        1,
        "openness",
    ),
    "a column twice": (put("ballots.csv", HEADER + ",attitude\n"), "duplicate_column", "ballots.csv", 1, "attitude"),
    "an empty file": (put("ballots.csv", ""), "missing_column", "ballots.csv", 1, "unit"),
    "an empty round": (put("ballots.csv", HEADER + "\n"), "empty_round", "ballots.csv", None, ""),
    "level 7": (
        put("ballots.csv", f"{HEADER}\n{ROW}\nhall,citizen,web,2026-05-04,7,4\n"),
        "bad_level",
        "ballots.csv",
        3,
        "attitude",
    ),
    "level 6": (
        put("ballots.csv", f"{HEADER}\nhall,citizen,web,2026-05-04,6,4\n"),
        "bad_level",
        "ballots.csv",
        2,
        "attitude",
    ),
    "a level with a space": (
        put("ballots.csv", f"{HEADER}\nhall,citizen,web,2026-05-04,5, 4\n"),
        "bad_level",
        "ballots.csv",
        2,
        "openness",
    ),
    "an unknown unit": (
        put("ballots.csv", f"{HEADER}\n{ROW}\n\nhull,citizen,web,2026-05-04,5,4\n"),
        "unknown_unit",
        "ballots.csv",
        4,
        "unit",
    ),
    "an unknown group": (
        put("ballots.csv", f"{HEADER}\nhall,people,web,2026-05-04,5,4\n"),
        "unknown_group",
        "ballots.csv",
        2,
        "group",
    ),
    "an unknown channel": (
        put("ballots.csv", f"{HEADER}\nhall,citizen,fax,2026-05-04,5,4\n"),
        "unknown_channel",
        "ballots.csv",
        2,
        "channel",
    ),
    "an unknown flag": (
        put("ballots.csv", f"{HEADER},flags\n{ROW},burst\n"),
        "unknown_flag",
        "ballots.csv",
        2,
        "flags",
    ),
    "a day that is none": (
        put("ballots.csv", f"{HEADER}\nhall,citizen,web,2026-02-30,5,4\n"),
        "bad_date",
        "ballots.csv",
        2,
        "period",
    ),
    "a row without answers": (
        put("ballots.csv", f"{HEADER}\n{ROW}\nhall,citizen,web,2026-05-04,,\n"),
        "empty_row",
        "ballots.csv",
        3,
        "",
    ),
    "a short row": (put("ballots.csv", f"{HEADER}\n{ROW}\nhall,citizen\n"), "row_width", "ballots.csv", 3, ""),
    "ballots not in UTF-8": (
        put("ballots.csv", f"{HEADER}\n{ROW}\n".encode() + "政务,citizen\n".encode("gb18030")),
        "not_utf8",
        "ballots.csv",
        3,
        "",
    ),
    "a method not in UTF-8": (
        put("method.toml", b"format = 1\n# " + "办法".encode("gb18030")),
        "not_utf8",
        "method.toml",
        2,
        "",
    ),
    "broken TOML": (put("method.toml", "format = 1\nmin_n = \n"), "broken_toml", "method.toml", 2, ""),
    "weights that do not sum to 1": (
        edit("method.toml", 'weight = "1/2"', 'weight = "1/3"'),
        "weight_sum",
        "method.toml",
        None,
        "dimension.weight",
    ),
    "a float where a fraction is due": (
        edit("method.toml", 'weight = "1/2"', "weight = 0.5"),
        "float_weight",
        "method.toml",
        None,
        "dimension.weight",
    ),
    "a weight in words": (
        edit("method.toml", 'weight = "1/2"', 'weight = "half"'),
        "bad_fraction",
        "method.toml",
        None,
        "dimension.weight",
    ),
    "a negative weight": (
        edit("method.toml", 'weight = "1/2"', 'weight = "-1/2"'),
        "bad_fraction",
        "method.toml",
        None,
        "dimension.weight",
    ),
    "an unknown key": (edit("method.toml", "min_n = 10", "minn = 10"), "unknown_key", "method.toml", 2, "minn"),
    "an unknown key of a unit": (
        edit("round.toml", 'slug = "hall"', 'slug = "hall"\nphone = "12345"'),
        "unknown_key",
        "round.toml",
        None,
        "unit.phone",
    ),
    "format 2": (edit("method.toml", "format = 1", "format = 2"), "bad_format", "method.toml", 1, "format"),
    "a bad slug": (edit("round.toml", '"hall"', '"Hall 1"'), "bad_slug", "round.toml", None, "unit.slug"),
    "a name over two lines": (edit("round.toml", "单位hall", "单位\\nhall"), "bad_name", "round.toml", None, "unit.zh"),
    "an unknown class": (edit("round.toml", '"window"', '"shop"'), "unknown_class", "round.toml", None, "unit.class"),
    "closing before opening": (
        edit("round.toml", "2026-06-30", "2026-03-30"),
        "dates_order",
        "round.toml",
        None,
        "closes_on",
    ),
    "a changed method": (
        edit("round.toml", "format = 1", f'format = 1\nmethod_sha256 = "{"0" * 64}"'),
        "method_changed",
        "round.toml",
        2,
        "method_sha256",
    ),
    "a rule without a basis": (spoil_rule('basis = "y"\n', ""), "missing_key", "method.toml", 4, "rule.basis"),
    "a rule whose limit is a float": (spoil_rule('"1/3"', "0.33"), "float_weight", "method.toml", 11, "rule.value"),
    "a rule that says neither >= nor >": (spoil_rule('">="', '"=>"'), "bad_choice", "method.toml", 10, "rule.op"),
    "a rule over several dimensions": (
        spoil_rule('dimension = "attitude"\n', ""),
        "missing_key",
        "method.toml",
        4,
        "rule.dimension",
    ),
    "a rule that counts what is no column": (
        spoil_rule('["level_1"]', '["poor"]'),
        "bad_choice",
        "method.toml",
        8,
        "rule.left",
    ),
    "a rule with an unknown key": (
        spoil_rule('op = ">="', 'op = ">="\nwhy = "y"'),
        "unknown_key",
        "method.toml",
        11,
        "rule.why",
    ),
    "a day before the round": (
        put("ballots.csv", f"{HEADER}\n{ROW}\n{ROW.replace('2026-05-04', '2026-04-05')}\n"),
        "day_outside",
        "ballots.csv",
        3,
        "period",
    ),
    "a commitment of no unit": (
        put("kept.csv", f"{KEPT}mars,a,b,kept,2026-05-04\n"),
        "unknown_unit",
        "kept.csv",
        2,
        "unit",
    ),
    "a commitment half kept": (
        put("kept.csv", f"{KEPT}hall,a,b,kept,2026-05-04\nhall,a,b,half,2026-05-04\n"),
        "bad_choice",
        "kept.csv",
        3,
        "kept",
    ),
    "a commitment without a name": (
        put("kept.csv", f"{KEPT}hall,a,,kept,2026-05-04\n"),
        "bad_slug",
        "kept.csv",
        2,
        "commitment",
    ),
    "a commitment on no day": (
        put("kept.csv", f"{KEPT}hall,a,b,kept,2026-02-30\n"),
        "bad_date",
        "kept.csv",
        2,
        "period",
    ),
    "a scale that falls upwards": (
        edit("method.toml", "4 = 75", "4 = 101"),
        "scale_order",
        "method.toml",
        None,
        "scale",
    ),
    "min_n of 1": (edit("method.toml", "min_n = 10", "min_n = 1"), "bad_range", "method.toml", 2, "min_n"),
    "a broken manifest": (put("manifest.json", "{"), "broken_json", "manifest.json", 1, ""),
    "a file outside the manifest": (
        put("manifest.json", '{"format": 1, "files": []}'),
        "manifest_lists",
        "ballots.csv",
        None,
        "",
    ),
}


@pytest.fixture
def spoilt(folder: Folder, request: pytest.FixtureRequest):
    """A good folder with one thing wrong, and what is to be said about it."""
    spoil, *expected = CASES[request.param]
    made = folder(GOOD)
    spoil(made / "snapshot")
    return made, expected


@pytest.mark.parametrize("spoilt", CASES, indirect=True)
@pytest.mark.parametrize(("lang", "language"), [("zh_CN.UTF-8", ZH), ("en_US.UTF-8", EN)])
def test_bad_input_is_refused_in_the_readers_language_and_nothing_is_written(
    spoilt, lang, language, monkeypatch, tmp_path
):
    made, (code, file, line, field) = spoilt
    monkeypatch.setenv("LC_ALL", lang)
    before = sorted(tmp_path.rglob("*"))
    result = run("compute", made)
    assert result.exit_code == 2, result.output
    assert sorted(tmp_path.rglob("*")) == before
    assert code_of(result.output, language) == code
    assert file in result.output
    assert field in result.output
    if line:
        assert (f"第{line}行" if language == ZH else f"line {line}") in result.output


def code_of(output: str, language: int) -> str:
    """Which message an output is, found by its fixed parts."""

    def fits(template: str) -> bool:
        return all(part in output for part in re.split(r"\{\w+\}", template) if part)

    found = [code for code, texts in MESSAGES.items() if fits(texts[language])]
    assert len(output.strip().splitlines()) == 1, output
    return max(found, key=lambda code: len(MESSAGES[code][language]))


@pytest.mark.parametrize(
    "name", [n for n, case in CASES.items() if case[2] == "method.toml" and n != "a missing method"]
)
def test_every_refusal_about_the_method_names_a_line(name, folder):
    made = folder(GOOD)
    CASES[name][0](made / "snapshot")
    result = run("compute", made)
    assert re.search(r"第\d+行", result.output), result.output


def test_two_units_with_one_slug_are_refused_with_the_line_of_the_second(folder: Folder):
    made = folder(GOOD, facts=round_data(["hall", "hall"]))
    text = (made / "snapshot" / "round.toml").read_text(encoding="utf-8")
    line = [i for i, row in enumerate(text.splitlines(), 1) if 'slug = "hall"' in row][1]
    result = run("compute", made)
    assert result.exit_code == 2
    assert f"第{line}行" in result.output
    assert "同一个代号" in result.output


def test_a_changed_file_of_the_snapshot_is_refused(folder: Folder):
    made = folder(GOOD)
    entries = '[{"name": "ballots.csv", "bytes": 1, "sha256": ""}, {"name": "method.toml", "bytes": 1, "sha256": ""},'
    entries += ' {"name": "round.toml", "bytes": 1, "sha256": ""}]'
    put("manifest.json", f'{{"format": 1, "files": {entries}}}')(made / "snapshot")
    result = run("compute", made)
    assert result.exit_code == 2
    assert "文件被改过" in result.output


def test_a_missing_folder_is_refused(tmp_path):
    result = run("compute", tmp_path / "nowhere")
    assert (result.exit_code, "snapshot/" in result.output) == (2, True)


def test_a_panel_smaller_than_its_ballots_is_refused(folder: Folder):
    unit = {"slug": "hall", "zh": "大厅", "class": "window", "panel": {"citizen": 11}}
    result = run("compute", folder(GOOD, facts=round_data([unit])))
    assert result.exit_code == 2
    assert "11" in result.output
    assert "12" in result.output


def test_class_weights_must_sum_to_one(folder: Folder):
    classes = [{"code": "window", "zh": "窗口", "weights": {"citizen": "1/2"}}]
    result = run("compute", folder(GOOD, method_data(**{"class": classes})))
    assert result.exit_code == 2
    assert "class.weights" in result.output
    assert "1/2" in result.output


def test_a_dimension_cannot_be_called_like_another_column(folder: Folder):
    result = run("compute", folder(GOOD, method_data(dimension=weighted(unit="1"))))
    assert (result.exit_code, "bad" in result.output or "代码" in result.output) == (2, True)


def test_a_failed_run_leaves_the_old_release_standing(folder: Folder):
    made = folder(GOOD)
    assert run("compute", made).exit_code == 0
    old = {p: p.read_bytes() for p in (made / "release").rglob("*") if p.is_file()}
    put("ballots.csv", HEADER + "\n")(made / "snapshot")
    assert run("compute", made).exit_code == 2
    assert {p: p.read_bytes() for p in (made / "release").rglob("*") if p.is_file()} == old
    assert sorted(p.name for p in made.iterdir()) == ["release", "snapshot"]


def test_a_folder_of_something_else_is_never_replaced(folder: Folder, tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.doc").write_text("years of work")
    result = run("compute", folder(GOOD), "--out", precious)
    assert result.exit_code == 2
    assert (precious / "thesis.doc").read_text() == "years of work"


@pytest.mark.parametrize("code", MESSAGES)
def test_every_message_has_both_languages_with_the_same_blanks(code):
    zh, en = MESSAGES[code]
    blanks = [sorted(re.sub("_(zh|en)$", "", b) for b in re.findall(r"\{(\w+)\}", text)) for text in (zh, en)]
    assert zh
    assert en
    assert en.isascii()
    assert blanks[0] == blanks[1]


def test_the_place_is_said_in_both_languages():
    error = BadInput("bad_level", file="ballots.csv", line=3, field="attitude", value="'7'")
    assert error.text(ZH).startswith("ballots.csv 第3行“attitude”：'7' 不是等级")
    assert error.text(EN).startswith("ballots.csv, line 3, attitude: '7' is not a level")


def test_the_method_command_prints_the_digest_or_says_what_is_wrong(folder: Folder):
    made = folder(GOOD)
    good = run("method", made / "snapshot" / "method.toml")
    assert (good.exit_code, len(good.output.strip())) == (0, 64)
    edit("method.toml", 'weight = "1/2"', "weight = 0.5")(made / "snapshot")
    bad = run("method", made / "snapshot" / "method.toml")
    assert bad.exit_code == 2
    assert "不精确" in bad.output


@pytest.mark.parametrize(
    ("lang", "words"), [("zh_CN.UTF-8", "一张票也没有：library"), ("en_US.UTF-8", "no ballot at all: library")]
)
def test_a_unit_without_ballots_is_refused_until_it_is_said_that_nobody_rated_it(folder, lang, words, monkeypatch):
    made = folder(GOOD, facts=round_data(["hall", "library"]))
    monkeypatch.setenv("LC_ALL", lang)

    refused = run("compute", made)
    assert (refused.exit_code, (made / "release").exists()) == (2, False)
    assert words in refused.output
    assert len(refused.output.strip().splitlines()) == 1

    assert run("compute", made, "--allow-no-ballots").exit_code == 0
    assert run("check", made).exit_code == 0


def test_reading_a_folder_says_whether_it_can_be_counted_and_writes_nothing(folder):
    made = folder(GOOD)
    before = sorted(made.rglob("*"))
    assert run("read", made).exit_code == 0

    (made / "snapshot" / "ballots.csv").write_text("unit\n", encoding="utf-8")
    assert run("read", made).exit_code == 2
    assert sorted(made.rglob("*")) == before
