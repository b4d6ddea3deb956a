"""Every box of every form against texts that break things: stored and shown exactly, or refused with a reason."""

import json
from datetime import UTC, datetime
from pathlib import Path

import html5lib
import pytest

from survey_app.domain.typed import MAX_ROWS, MAX_TEXT, Unseen, require_plain, tidy_text
from survey_app.publishing.building.preview import build_preview
from survey_app.publishing.pages import new_page, parse_page
from survey_app.publishing.revisions import fields
from survey_app.publishing.revisions.diff import compare
from survey_app.store import revisions as store
from survey_app.unit import forms
from tests.survey_app.unit.pages import PROCEDURE, PROCEDURE_PATH, form_of, put

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "hostile_strings_blns"
OWN = [
    "𠮷野家𡘙𪚥鿫㐂",  # GB18030, extensions A and B
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</textarea></form><h1>插入</h1>",
    "{{ 7*7 }}{% for x in y %}",
    "${7*7} #{7*7} %(name)s %s {0}",
    "--- \nkind: home\n---",
    "- a: b\n? c\n! d: [",
    "null",
    "0x1F",
    "1e309",
    "yes",
    "2026-02-31",
    "‮反过来",
    "零​宽",
    "响\x07铃",
    "空\x00字",
    "👨‍👩‍👧‍👦 🇨🇳 e\u0301",
    "مرحبا ᠮᠣᠩᠭᠣᠯ བོད་",
    "=1+1",
    "../../keys/admit.key",
    "[链](javascript:alert(1))",
    "# 标题\n\n| a | b |\n|---|---|",
    "字" * 3000,
]
FORM = "/desk/page/units/tax/procedures/wanshui"


def strings() -> list[str]:
    found = list(OWN)
    for file in sorted(SHARED.glob("*.json")) if SHARED.is_dir() else []:
        data = json.loads(file.read_text("utf-8"))
        found += [one for one in (data if isinstance(data, list) else []) if isinstance(one, str)]
    for file in sorted(SHARED.glob("*.txt")) if SHARED.is_dir() else []:
        found += [line for line in file.read_text("utf-8").split("\n") if line and not line.startswith("#")]
    return list(dict.fromkeys(found))


def is_plain(text: str) -> bool:
    try:
        require_plain(text)
    except Unseen:
        return False
    return True


def text_boxes(sent: dict, kind: str) -> list[str]:
    """Boxes that take any text: no choice, no number, no day."""
    free = {
        f.name for f in fields.all_fields(kind) if f.shape in ("text", "lines") and f.widget not in ("date", "unit")
    }
    return [name for name in sent if name in free] + [
        name for name in sent if name.startswith(("steps-", "faq-", "materials-"))
    ]


@pytest.mark.parametrize("hostile", OWN, ids=range(len(OWN)))
def test_every_box_keeps_it_exactly_or_refuses_it_with_a_reason(editor, hostile):
    sent = form_of(editor.get(FORM))
    boxes = text_boxes(sent, "procedure")
    assert len(boxes) > 25

    answer = editor.post(FORM, data={**sent, **dict.fromkeys(boxes, hostile), "do": "save"})

    if not is_plain(tidy_text(hostile)):
        assert answer.status_code == 422
        assert "看不见的控制符" in answer.text
        assert store.listed(states=["draft"]) == []
        return
    assert answer.status_code == 303
    [draft] = store.listed(states=["draft"])
    kept = tidy_text(hostile)
    assert draft.data["place"] == kept
    assert draft.data["steps"][0]["text"] == kept
    assert draft.data["basis"] == [line.strip() for line in kept.split("\n") if line.strip()]
    shown = form_of(editor.get(f"/desk/revision/{draft.number}"))
    assert tidy_text(shown["steps-0-text"][0]) == kept


def test_many_hostile_texts_survive_form_file_and_difference():
    for hostile in strings():
        kept = tidy_text(hostile)
        if not kept or not is_plain(kept):
            continue
        page = new_page("units/tax/procedures/x.md", {**PROCEDURE, "place": kept, "conditions": [kept]})
        read = parse_page(page.path, page.text("").encode())
        assert read.data["place"] == kept
        shown = forms.as_typed(fields.form_fields("procedure"), read.data)
        assert forms.cleaned(fields.form_fields("procedure"), shown)["place"] == kept
        [change] = [one for one in compare("procedure", PROCEDURE, page.data).changes if one.label == "在哪里办"]
        if not any(piece.mark == "gap" for piece in change.new):
            assert "".join(piece.text for piece in change.new) == kept


@pytest.mark.parametrize("hostile", [one for one in OWN if is_plain(one)], ids=range(sum(map(is_plain, OWN))))
def test_no_markup_gets_into_the_desk_the_review_the_history_or_the_preview(
    editor, office, desk_pages, settings, hostile, tmp_path
):
    put(desk_pages, "units/tax/procedures/wanshui.md", {**PROCEDURE, "delivery": hostile})
    sent = form_of(editor.get(FORM))
    data = {**sent, "place": hostile, "title": hostile[:100], "note": hostile[:400], "faq-0-a": hostile, "do": "save"}
    editor.post(FORM, data=data)
    [draft] = store.listed(states=["draft"])
    store.submit(number=draft.number, version=draft.version, by="zhou", now=datetime(2026, 11, 3, tzinfo=UTC))
    looked_at = [
        editor.get("/desk/"),
        editor.get("/desk/list/procedure"),
        editor.get(f"/desk/revision/{draft.number}"),
        editor.get("/desk/history/units/tax/procedures/wanshui"),
        office.get("/desk/review/"),
        office.get(f"/desk/review/revision/{draft.number}"),
    ]
    for answer in looked_at:
        assert answer.status_code == 200
        _require_tame(answer.text)
    made = build_preview(settings, new_page(draft.page, draft.data), tmp_path / "preview")
    _require_tame(made.read_text("utf-8"), own_scripts=True)


def _require_tame(text: str, *, own_scripts: bool = False) -> None:
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert not [name for name in element.attrib if name.startswith("on")], element.attrib
        assert not str(element.get("href", "")).lower().startswith("javascript:")
        assert element.tag != "script" or own_scripts
        assert element.tag != "script" or "alert(1)" not in "".join(element.itertext())
        assert element.tag != "img" or element.get("src") != "x"
    assert [h for h in tree.iter("h1") if "".join(h.itertext()) == "插入"] == []
    assert "49" not in "".join(tree.find("head/title").itertext())


def test_a_thousand_rows_are_said_and_not_cut(editor):
    sent = form_of(editor.get(FORM))
    many = {f"materials-{n}-{part}": "一" for n in range(1000) for part in ("name", "copies", "form", "source")}

    answer = editor.post(FORM, data={**sent, **many, "do": "save"})

    assert answer.status_code == 422
    assert f"有1000行，最多{MAX_ROWS}行" in answer.text
    assert form_of(answer)["materials-999-name"] == ["一"]
    assert store.listed(states=["draft"]) == []


def test_a_text_too_long_is_said_with_its_number_and_kept(editor):
    sent = form_of(editor.get(FORM))

    answer = editor.post(FORM, data={**sent, "delivery": "字" * (MAX_TEXT + 7), "do": "save"})

    assert answer.status_code == 422
    assert f"写了{MAX_TEXT + 7}个字，最多{MAX_TEXT}个，请删去7个。" in answer.text
    assert len(form_of(answer)["delivery"][0]) == MAX_TEXT + 7


def test_a_form_heavier_than_the_limit_is_refused_and_the_public_side_keeps_its_own(editor, settings):
    heavy = {"delivery": "a" * (settings.desk_limit_kib * 1024 + 1), "do": "save"}

    assert editor.post(FORM, data=heavy).status_code == 413
    assert editor.application.test_client().post("/r", data={"code": "a" * 70_000}).status_code == 413


@pytest.mark.parametrize("field", ["title", "reason", "words", "stand_in", "note"])
def test_the_short_boxes_refuse_what_nobody_sees(editor, office, field, desk_pages):
    bad = {field: "甲\x08乙", "corrects": "", "window": "0", "name": "1号", "state": "out", "verdict": "back"}
    where = {
        "note": (editor, FORM),
        "title": (editor, "/desk/new/procedure"),
        "reason": (editor, "/desk/withdraw/notices/2026-10-09-tingshui"),
        "stand_in": (editor, "/desk/duty"),
        "words": (office, "/desk/review/revision/1"),
    }
    editor.post("/desk/withdraw/notices/2026-10-09-tingshui", data={"reason": "发错了"})
    client, address = where[field]

    answer = client.post(address, data={**bad, "version": str(store.get(1).version)})

    assert answer.status_code == 422
    assert "看不见的控制符" in answer.text


def test_numbers_are_taken_in_any_digits_and_nothing_else_is_made_into_one():
    assert [forms.number(text, whole=True) for text in ("５", "1,200", "-3", "3.5", "三", "1e3", "9" * 30)] == [
        5,
        1200,
        -3,
        "3.5",
        "三",
        "1e3",
        "9" * 30,
    ]
    assert forms.number("2.5", whole=False) == 2.5


@pytest.fixture
def drawn(monkeypatch):
    """Every form that was made."""
    made, real = [], forms.form_class

    def noted(fields):
        made.append(fields)
        return real(fields)

    monkeypatch.setattr(forms, "form_class", noted)
    return made


@pytest.mark.parametrize("name", ["materials-{}-name", "steps-{}-name", "basis-{}", "nothing-{}-at-{}"])
def test_thousands_of_rows_are_refused_before_one_is_drawn_and_nothing_is_kept(editor, drawn, name):
    rows = {name.format(n, n): "身份证" for n in range(1_201)}

    answer = editor.post(
        "/desk/page/units/tax/procedures/wanshui", data={"title": "开具完税证明", **rows, "do": "save"}
    )

    assert answer.status_code == 422
    assert "有1201行，最多1200行。请合并或删去一些。" in answer.text
    assert drawn == []
    assert store.count(states=["draft"]) == 0


def test_a_page_written_by_hand_with_thousands_of_rows_is_refused_too(editor, desk_pages, drawn):
    rows = [{"name": f"材料{n}"} for n in range(1_198)]
    put(desk_pages, PROCEDURE_PATH, {**PROCEDURE, "materials": rows})
    answer = editor.get("/desk/page/units/tax/procedures/wanshui")
    assert answer.status_code == 422
    assert "有1201行" in answer.text  # two steps and one question stand beside the materials
    assert drawn == []


def test_more_rows_than_a_list_may_have_are_shown_again_with_what_is_wrong(editor):
    rows = {f"materials-{n}-name": "身份证" for n in range(201)}

    answer = editor.post(
        "/desk/page/units/tax/procedures/wanshui", data={"title": "开具完税证明", **rows, "do": "save"}
    )

    assert answer.status_code == 422
    assert "有201行，最多200行" in answer.text
    assert answer.text.count('name="materials-200-name"') == 1
