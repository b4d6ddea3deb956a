"""Ready methods: each can be made a round as it stands, and asks what it says it asks."""

import tomllib
from datetime import date
from fractions import Fraction

import pytest

from survey_app.domain.errors import FileTaken
from survey_app.domain.rounds import read_questionnaire
from survey_app.domain.scale import CLASSES, DIMENSIONS, GROUPS, HINTS
from survey_app.office import rounds as office
from survey_app.office.methods import TEMPLATES, method_text, plan_text, write_template
from survey_app.store import rounds as round_store

TODAY = date(2026, 11, 3)
SEVEN = ["attitude", "efficiency", "lawful", "openness", "integrity", "style", "promise"]
ASKED = {
    "standard": [*SEVEN, "overall"],
    "enterprise": [*SEVEN, "fees", "policy", "inspection", "overall"],
    "three": ["agree", "satisfied", "recognise"],
}


def asked(name):
    return [named.code for named in read_questionnaire(method_text(name)).dimensions]


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_becomes_a_draft_round_without_a_word_changed(store, settings, tmp_path, name):
    plan, _method = write_template(name, tmp_path / name, TODAY)
    made = office.create_round(plan, settings)

    assert (made.code, made.opens_on, made.closes_on) == (f"2026-h2-{name}", date(2026, 11, 17), date(2027, 1, 16))
    assert len(round_store.get_round(made.code).units) == 3
    assert asked(name) == ASKED[name]


@pytest.mark.parametrize("name", TEMPLATES)
def test_weights_sum_to_one_and_the_overall_view_weighs_nothing(name):
    method = tomllib.loads(method_text(name).decode())

    assert sum(Fraction(d["weight"]) for d in method["dimension"]) == 1
    assert {d["weight"] for d in method["dimension"] if d["code"] == "overall"} <= {"0"}


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_takes_open_ballots_apart_and_declares_the_mark_of_a_flood(name):
    questionnaire = read_questionnaire(method_text(name))

    assert questionnaire.takes_open
    assert "open" not in questionnaire.counted_channels
    assert questionnaire.flags == {"surge"}


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_word_of_it_has_an_explanation_and_an_english(name):
    questionnaire = read_questionnaire(method_text(name))

    assert [d for d in questionnaire.dimensions if DIMENSIONS.get(d.code) != d.zh or not HINTS.get(d.code)] == []
    assert [g for g in questionnaire.groups if GROUPS.get(g.code) != g.zh] == []
    assert [c for c in questionnaire.classes if CLASSES.get(c.code) != c.zh] == []


def test_only_enterprises_rate_by_the_method_for_enterprises():
    assert [g.code for g in read_questionnaire(method_text("enterprise")).groups] == ["enterprise"]


def test_in_spring_it_is_the_first_half_of_the_year():
    assert "2026年上半年企业评议" in plan_text("enterprise", date(2026, 6, 30))
    assert "2026年下半年企业评议" in plan_text("enterprise", date(2026, 7, 1))


def test_nothing_is_overwritten_and_nothing_half_written(tmp_path):
    (tmp_path / "plan.toml").write_text("mine")
    with pytest.raises(FileTaken, match=r"plan\.toml"):
        write_template("three", tmp_path, TODAY)

    assert [file.name for file in tmp_path.iterdir()] == ["plan.toml"]
    assert (tmp_path / "plan.toml").read_text() == "mine"
