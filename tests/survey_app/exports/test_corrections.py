"""A version put right by rulings: its facts alone differ, unit by unit; ballots and method stay byte for byte."""

import json
import tomllib
from datetime import date
from hashlib import sha256

import pytest
import tomli_w

from survey_app.domain.objections import CLASS, PANEL, Correction
from survey_app.exports.corrections import Amendment, facts_with, write_amended

FACTS = tomli_w.dumps(
    {
        "format": 1,
        "amendment": [{"on": "2026-11-03", "text": "提前截止"}],
        "unit": [
            {"slug": "tax", "zh": "办税服务厅", "class": "window", "panel": {"deputy": 9}},
            {"slug": "water", "zh": "供水服务厅", "class": "window"},
        ],
    }
).encode()


def ruled(unit, kind, **values):
    return Amendment(date(2026, 12, 2), f"{unit}的异议成立", unit, Correction(kind, values))


def test_a_panel_and_a_class_change_for_their_unit_and_no_other():
    panel, kind = ruled("water", PANEL, group="deputy", people=30), ruled("water", CLASS, **{"class": "village"})
    found = tomllib.loads(facts_with(FACTS, [panel, kind]).decode())
    assert found["unit"] == [
        {"slug": "tax", "zh": "办税服务厅", "class": "window", "panel": {"deputy": 9}},
        {"slug": "water", "zh": "供水服务厅", "class": "village", "panel": {"deputy": 30}},
    ]
    assert [said["text"] for said in found["amendment"]] == ["提前截止", "water的异议成立", "water的异议成立"]


def test_of_a_unit_that_was_voided_since_only_the_words_are_kept():
    found = tomllib.loads(facts_with(FACTS, [ruled("gone", CLASS, **{"class": "village"})]).decode())
    assert [unit["class"] for unit in found["unit"]] == ["window", "window"]
    assert len(found["amendment"]) == 2


@pytest.fixture
def before(tmp_path):
    folder = tmp_path / "2026-h2"
    (folder / "snapshot").mkdir(parents=True)
    for name, content in {"ballots.csv": b"unit\ntax\n", "method.toml": b"format = 1\n", "round.toml": FACTS}.items():
        (folder / "snapshot" / name).write_bytes(content)
    return folder


def test_a_corrected_version_stands_beside_the_first_whole_and_read_only(before):
    kept = {file.name: file.read_bytes() for file in (before / "snapshot").iterdir()}
    write_amended(before, before / "v2", [ruled("tax", PANEL, group="deputy", people=8)])

    assert {file.name: file.read_bytes() for file in (before / "snapshot").iterdir()} == kept
    made = {file.name: file.read_bytes() for file in (before / "v2" / "snapshot").iterdir()}
    assert (made["ballots.csv"], made["method.toml"]) == (kept["ballots.csv"], kept["method.toml"])
    listed = {one["name"]: one["sha256"] for one in json.loads(made.pop("manifest.json"))["files"]}
    assert listed == {name: sha256(content).hexdigest() for name, content in made.items()}
    assert all(file.stat().st_mode & 0o777 == 0o400 for file in (before / "v2" / "snapshot").iterdir())
