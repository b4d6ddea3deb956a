"""Bad input is refused as a whole: one message with file, line and field, in both languages, code 2."""

import re

import pytest

from analysis.errors import BadInput
from analysis.messages import EN, MESSAGES, ZH

from .conftest import Folder, method_data, round_data, run, weighted
from .spoilt import CASES, GOOD, HEADER, edit, put


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
