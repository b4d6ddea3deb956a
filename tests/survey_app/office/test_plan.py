"""A plan is read whole or refused in one message that names file and field; nothing is stored then."""

from datetime import date

import pytest

from survey_app.domain.errors import Refusal
from survey_app.office import rounds as office
from survey_app.office.plan import read_plan
from survey_app.publishing import read_pages
from survey_app.store import rounds as round_store
from tests.factories import METHOD

PLAN = """format = 1
code = "2026-h2"
name = "下半年群众评议"
opens_on = 2026-10-09
closes_on = 2026-11-30
method = "method.toml"
"""
LINES = dict(zip(("format", "code", "name", "opens_on", "closes_on", "method"), PLAN.splitlines(), strict=True))
VILLAGE = "---\nkind: unit\ntitle: 某村\nclass: village\nimported: true\nupdated_on: 2026-01-05\n---\n"


@pytest.fixture
def desk(store, settings, tmp_path):
    """The office's folder with a sound method; among the pages a village, whose class the method does not know."""
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "method.toml").write_text(METHOD, "utf-8")
    (settings.pages / "units" / "village").mkdir()
    (settings.pages / "units" / "village" / "index.md").write_text(VILLAGE, "utf-8")
    return folder


def write_plan(desk, text=PLAN):
    (desk / "plan.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return desk / "plan.toml"


def instead(field, line):
    """The sound plan with one line written otherwise."""
    return PLAN.replace(LINES[field], line)


def refusal_of(file, settings):
    """The one refusal; afterwards no round stands in the database."""
    with pytest.raises(Refusal) as refused:
        office.create_round(file, settings)
    assert round_store.list_rounds() == []
    assert "%(" not in str(refused.value)
    return str(refused.value)


# Sound plans


def test_a_plan_without_units_takes_every_published_unit_of_the_methods_classes(desk, settings):
    plan = read_plan(write_plan(desk), read_pages(settings.pages))
    assert [(u.slug, u.zh, u.class_code) for u in plan.units] == [
        ("noise", "无关单位", "window"),
        ("tax", "办税服务厅", "window"),
        ("water", "供水服务厅", "window"),
    ]
    assert (plan.opens_on, plan.closes_on, plan.instrument) == (date(2026, 10, 9), date(2026, 11, 30), "campaign")
    assert plan.method_toml == METHOD.encode()


def test_a_plan_with_units_takes_these_with_their_panels_and_populations(desk, settings):
    text = PLAN + '[[unit]]\nslug = "water"\n[unit.panel]\nenterprise = 40\n[unit.population]\ncitizen = 9000\n'
    [unit] = read_plan(write_plan(desk, text), read_pages(settings.pages)).units
    assert (unit.slug, unit.zh) == ("water", "供水服务厅")
    assert unit.sizes == {"panel": {"enterprise": 40}, "population": {"citizen": 9000}}


def test_days_may_be_written_with_or_without_quotes_and_a_round_may_last_one_day(desk, settings):
    text = instead("opens_on", 'opens_on = "2026-11-30"')
    plan = read_plan(write_plan(desk, text), read_pages(settings.pages))
    assert plan.opens_on == plan.closes_on == date(2026, 11, 30)


def test_a_sound_plan_is_stored_as_a_draft_with_its_method_hashed(desk, settings):
    office.create_round(write_plan(desk), settings)
    round_ = round_store.get_round("2026-h2")
    assert (round_.status, round_.name, len(round_.units)) == ("draft", "下半年群众评议", 3)
    assert round_.method_toml == METHOD.encode()
    assert round_.public_key is None


def test_a_plan_for_a_code_that_is_taken_is_refused_and_the_first_round_stands(desk, settings):
    office.create_round(write_plan(desk), settings)
    other = write_plan(desk, instead("name", 'name = "另一轮"'))
    with pytest.raises(round_store.RoundExists, match="2026-h2"):
        office.create_round(other, settings)
    assert [r.name for r in round_store.list_rounds()] == ["下半年群众评议"]


# Bad plans


def test_a_plan_that_is_not_there_is_named(desk, settings):
    assert "nowhere.toml：没有这个文件" in refusal_of(desk / "nowhere.toml", settings)


def test_a_folder_in_the_place_of_the_plan_is_named(desk, settings):
    assert "desk" in refusal_of(desk, settings)


def test_a_plan_in_another_encoding_is_told_to_be_saved_as_utf_8(desk, settings):
    assert refusal_of(write_plan(desk, PLAN.encode("gb18030")), settings) == "plan.toml：不是UTF-8编码，请另存为UTF-8。"


def test_a_plan_that_is_no_toml_is_told_where(desk, settings):
    said = refusal_of(write_plan(desk, instead("name", 'name = "没有收尾')), settings)
    assert said.startswith("plan.toml：不是合格的TOML")
    assert "line 3" in said


@pytest.mark.parametrize("field", LINES)
def test_a_plan_without_a_field_is_told_which(desk, settings, field):
    assert refusal_of(write_plan(desk, instead(field, "")), settings) == f"plan.toml：缺少“{field}”这一项。"


BAD = {
    "an address of everyday ratings": (instead("code", 'code = "service"'), "留给好差评用"),
    "a folder of everyday ratings": (instead("code", 'code = "everyday-2026-11"'), "留给好差评用"),
    "an unknown field": (PLAN + 'closing = "x"\n', "closing"),
    "an unknown field of a unit": (PLAN + '[[unit]]\nslug = "tax"\nweight = 3\n', "unit.weight"),
    "another format": (instead("format", "format = 2"), "format"),
    "a format in words": (instead("format", 'format = "1"'), "format"),
    "a code with capitals": (instead("code", 'code = "2026-H2"'), "code"),
    "a code with a stroke": (instead("code", 'code = "../2026"'), "code"),
    "an empty code": (instead("code", 'code = ""'), "code"),
    "a code that is a number": (instead("code", "code = 2026"), "code"),
    "a code in Chinese": (instead("code", 'code = "下半年"'), "code"),
    "a blank name": (instead("name", 'name = " "'), "name"),
    "a name that is a number": (instead("name", "name = 5"), "name"),
    "another instrument": (PLAN + 'instrument = "everyday"\n', "instrument"),
    "a day that does not exist": (instead("opens_on", 'opens_on = "2026-02-30"'), "opens_on"),
    "a day in words": (instead("closes_on", 'closes_on = "11月30日"'), "closes_on"),
    "a day with a time": (instead("closes_on", "closes_on = 2026-11-30T10:00:00"), "closes_on"),
    "a day that is a number": (instead("opens_on", "opens_on = 20261009"), "opens_on"),
    "days reversed": (instead("closes_on", "closes_on = 2026-10-08"), "closes_on"),
    "a method that is not there": (instead("method", 'method = "other.toml"'), "other.toml"),
    "a method that is a folder": (instead("method", 'method = "."'), "评议办法"),
    "an unknown unit": (PLAN + '[[unit]]\nslug = "tax"\n[[unit]]\nslug = "library"\n', "library"),
    "a unit without a slug": (PLAN + "[[unit]]\n[unit.panel]\nenterprise = 40\n", "slug"),
    "a unit twice": (PLAN + '[[unit]]\nslug = "tax"\n' * 2, "tax"),
    "a class not in the method": (PLAN + '[[unit]]\nslug = "village"\n', "village"),
    "units as a plain list": (PLAN + 'unit = ["tax", "water"]\n', "unit"),
    "units as one word": (PLAN + 'unit = "tax"\n', "unit"),
    "a panel that is a number": (PLAN + '[[unit]]\nslug = "tax"\npanel = 40\n', "panel"),
    "a panel in words": (PLAN + '[[unit]]\nslug = "tax"\n[unit.panel]\nenterprise = "many"\n', "panel"),
    "a panel of nobody": (PLAN + '[[unit]]\nslug = "tax"\n[unit.panel]\nenterprise = -3\n', "panel"),
    "a panel of an unknown group": (PLAN + '[[unit]]\nslug = "tax"\n[unit.panel]\nvillager = 40\n', "villager"),
}


@pytest.mark.parametrize(("text", "named"), BAD.values(), ids=BAD)
def test_a_plan_with_one_mistake_is_refused_by_file_and_field(desk, settings, text, named):
    said = refusal_of(write_plan(desk, text), settings)
    assert said.startswith("plan.toml")
    assert named in said


BAD_METHODS = {
    "weights that make 9/10": (METHOD.replace('weight = "3/10"', 'weight = "2/10"'), "weight"),
    "a weight as a decimal": (METHOD.replace('weight = "3/10"', "weight = 0.3"), "weight"),
    "a missing class": (METHOD.replace('[[class]]\ncode = "window"\nzh = "窗口服务"\n', ""), "class"),
    "an unknown item": ("colour = 3\n" + METHOD, "colour"),
    "broken TOML": (METHOD + "[[", "TOML"),
}


@pytest.mark.parametrize(("method", "named"), BAD_METHODS.values(), ids=BAD_METHODS)
def test_a_method_that_analysis_refuses_is_refused_in_its_words(desk, settings, method, named):
    (desk / "method.toml").write_text(method, "utf-8")
    said = refusal_of(write_plan(desk), settings)
    assert "method.toml" in said
    assert named in said


def test_a_portal_without_a_unit_of_the_methods_class_has_nothing_to_rate(desk, settings):
    (desk / "method.toml").write_text(METHOD.replace('code = "window"', 'code = "town"'), "utf-8")
    assert "没有可评的单位" in refusal_of(write_plan(desk), settings)
