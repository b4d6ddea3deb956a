"""The contracts of the pages: whoever fills in a form learns from them what a good answer looks like."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from survey_app.publishing.pages import PLACES
from survey_app.publishing.render import RENDERED, TEMPLATES
from survey_app.publishing.schemas import SCHEMAS, field_name, kinds, validator
from survey_app.publishing.words import CATEGORIES, CLASSES, KINDS, STATES, THEMES

WIDGETS = {"textarea", "markdown", "date", "time", "datetime", "tel", "url", "email", "number", "checkbox", "checks"}
WIDGETS |= {"file", "text", "unit", "procedure", "notice"}
KEYWORDS = {"x-widget", "x-group", "x-labels", "x-row", "x-empty", "x-hidden", "x-system"}
CHINESE = re.compile("[\u4e00-\u9fff]")
ALL = sorted(kinds())


def fields(schema: dict[str, Any], at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every named field and every kind of row below it."""
    for name, field in schema.get("properties", {}).items():
        yield f"{at}.{name}", field
        yield from fields(field, f"{at}.{name}")
    items = schema.get("items")
    if isinstance(items, dict) and items.get("type"):
        yield f"{at}[]", items
        yield from fields(items, f"{at}[]")


@pytest.mark.parametrize("kind", ALL)
def test_every_field_has_a_chinese_name_and_says_what_a_good_answer_looks_like(kind: str) -> None:
    schema = validator(kind).schema
    found = list(fields(schema, kind))
    assert len(found) >= 3
    assert [at for at, field in found if not CHINESE.search(field.get("title", ""))] == []
    assert [at for at, field in found if len(field.get("description", "")) < 3] == []


@pytest.mark.parametrize("kind", ALL)
def test_a_contract_is_itself_sound_and_closed(kind: str) -> None:
    schema = json.loads((SCHEMAS / f"{kind}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    objects = [field for _at, field in [(kind, schema), *fields(schema, kind)] if field.get("type") == "object"]
    assert [field["title"] for field in objects if field.get("additionalProperties") is not False] == []
    assert schema["properties"]["kind"]["const"] == kind


@pytest.mark.parametrize("kind", ALL)
def test_what_forms_read_is_written_as_the_room_says(kind: str) -> None:
    for at, field in fields(validator(kind).schema, kind):
        assert {key for key in field if key.startswith("x-")} <= KEYWORDS, at
        assert field.get("x-widget", "text") in WIDGETS, at
        if "x-labels" in field:
            assert list(field["x-labels"]) == field["enum"], at
        if "x-row" in field:
            assert field["x-row"] in field["items"]["properties"], at


def test_every_kind_has_a_place_a_name_and_a_template() -> None:
    assert set(PLACES) == set(ALL) == set(KINDS)
    assert {f"{kind}.md.j2" for kind in RENDERED} <= {file.name for file in TEMPLATES.iterdir()}
    assert set(ALL) - set(RENDERED) == {"page", "result", "round"}  # written by hand, by analysis, by the app


def test_contracts_and_words_name_the_same_things() -> None:
    assert validator("notice").schema["properties"]["category"]["enum"] == CATEGORIES
    assert validator("procedure").schema["properties"]["theme"]["enum"] == THEMES
    labels = validator("unit").schema["properties"]["class"]["x-labels"]
    assert labels == {code: name for code, name in CLASSES.items() if code}
    states = validator("unit").schema["properties"]["windows"]["items"]["properties"]["state"]["x-labels"]
    assert states == {code: word for code, (_sign, word) in STATES.items()}


def test_a_place_in_the_data_has_words() -> None:
    assert field_name("procedure", ("materials", 2, "note")) == "要带什么，第3项，说明"
    assert field_name("unit", ("map", "x")) == "在地图上的位置，从左往右"
    assert field_name("nothing", ("a", 1)) == "a，1"
    assert field_name("unit", ()) == "数据"
